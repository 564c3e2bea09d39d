"""The one-time link: forwarded, opened twice, after eight days, guessed, withdrawn; each a sentence that tells nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, a_concern, a_person, a_worker, an_office, an_outside_agency
from tests.strictness import StrictClient
from tsunagi.accounts.models import Office, Worker
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.referrals import actions
from tsunagi.referrals.actions.links import MOST_WRONG, OVERALL_WRONG, MadeLink, make_link
from tsunagi.referrals.models import AnswerLink, LinkTry, Referral
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db
NAME = "架空 花"
SECRETS = (NAME, "眠れない", "家賃")


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any, settings: Any) -> None:
    settings.ANSWER_LINKS = True
    set_clock(NOW)


@pytest.fixture
def sender() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"))


def sent(by: Worker, to: Office | None = None) -> Referral:
    with opened_trail(None, "test"):
        referral = actions.send_referral(
            [a_concern(held_by=by, of=a_person(NAME)).pk], to_office=to or an_outside_agency(),
            reason="眠れない日が続く", person_told="agreed", by=by, at=NOW,
        )  # fmt: skip
        connection.check_constraints()
    return referral


def linked(referral: Referral, by: Worker) -> MadeLink:
    with opened_trail(None, "test"):
        return make_link(referral, by=by, at=NOW)


def at(token: str, name: str = "link") -> str:
    return reverse(f"referrals:{name}", args=[token])


def tells_nothing(page: Any) -> str:
    words = page.content.decode()
    assert not [secret for secret in SECRETS if secret in words]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    return words


@pytest.mark.visits("referrals:make_link", "referrals:end_link")
def test_only_the_sender_makes_a_link_and_sees_it_once(client_of: Any, sender: Worker, settings: Any) -> None:
    referral = sent(sender)
    for name in ("make_link", "end_link"):
        url = reverse(f"referrals:{name}", args=[referral.pk])
        assert client_of(a_worker()).post(url, {}).status_code == 404
        assert StrictClient().get(url).status_code == 302
        assert client_of(sender).get(url).status_code == 302
    made = client_of(sender).post(reverse("referrals:make_link", args=[referral.pk]), {})
    token, pin = made.context["address"].rsplit("/", 2)[1], made.context["pin"].replace(" ", "")
    link = AnswerLink.objects.get()
    assert token not in repr(vars(link))
    assert pin not in link.pin_hash
    client_of(sender).post(reverse("referrals:end_link", args=[referral.pk]), {})
    assert "使えません" in tells_nothing(StrictClient().get(at(token)))
    settings.ANSWER_LINKS = False
    assert client_of(sender).post(reverse("referrals:make_link", args=[referral.pk]), {}).status_code == 404


@pytest.mark.visits("referrals:link", "referrals:link_answer")
def test_the_agency_opens_it_with_the_pin_and_answers(client_of: Any, sender: Worker) -> None:
    referral = sent(sender)
    made = linked(referral, sender)
    assert client_of(sender).get(at(made.token)).status_code == 200
    assert client_of(sender).get(at(made.token, "link_answer")).status_code == 302
    nurse = StrictClient()
    tells_nothing(nurse.get(at(made.token)))
    assert nurse.post(at(made.token), {"pin": f" {made.pin[:3]} {made.pin[3:]} "}).status_code == 302
    page = nurse.get(at(made.token))
    assert all(secret in page.content.decode() for secret in SECRETS)
    assert page.headers["Cache-Control"] == "no-store"
    assert Notice.objects.filter(worker=sender, sentence__contains="開かれました").count() == 1
    refused = nurse.post(at(made.token, "link_answer"), {"answer": "yes"})
    assert refused.status_code == 422
    assert "お名前" in refused.content.decode()
    done = nurse.post(
        at(made.token, "link_answer"), {"answer": "yes", "who": "相談員 架空", "words": "来週に会います"}
    )
    assert done.status_code == 302
    assert "届いています" in tells_nothing(nurse.get(at(made.token)))
    assert Notice.objects.filter(worker=sender, sentence__contains="リンクから届きました").count() == 1
    # Nothing moved yet: the sender records it, with what came already typed.
    assert Referral.objects.get(pk=referral.pk).state == "sent"
    form = client_of(sender).get(reverse("referrals:reply", args=[referral.pk])).context["form"]
    assert (form["answer"].value(), form["who"].value()) == ("yes", "相談員 架空")
    body = {"draft": str(uuid.uuid4()), "answer": "yes", "who": "相談員 架空"}
    client_of(sender).post(reverse("referrals:reply", args=[referral.pk]), body)
    assert Referral.objects.get(pk=referral.pk).state == "accepted"
    trail = Entry.objects.filter(subject_kind="referral_link", subject_id=made.id)
    assert {
        "referral_link.made",
        "referral_link.looked",
        "referral_link.opened",
        "referral_link.answered",
    } <= set(trail.values_list("action", flat=True))


def test_a_forwarded_link_opens_on_one_device_only_and_the_sender_hears_of_it(sender: Worker) -> None:
    made = linked(sent(sender), sender)
    first, second = StrictClient(), StrictClient()
    first.post(at(made.token), {"pin": made.pin})
    tells_nothing(second.get(at(made.token)))
    words = tells_nothing(second.post(at(made.token), {"pin": made.pin}))
    assert "はじめに開いた端末" in words
    assert second.post(at(made.token, "link_answer"), {"answer": "yes", "who": "別人"}).status_code == 302
    assert AnswerLink.objects.get().answered_at is None
    assert Notice.objects.filter(worker=sender, sentence__contains="違う端末").exists()
    assert NAME in first.get(at(made.token)).content.decode()


def test_the_page_closes_after_half_an_hour_and_the_same_device_opens_it_again(
    sender: Worker, set_clock: Any
) -> None:
    made = linked(sent(sender), sender)
    nurse = StrictClient()
    nurse.post(at(made.token), {"pin": made.pin})
    set_clock(NOW + timedelta(minutes=31))
    tells_nothing(nurse.get(at(made.token)))
    nurse.post(at(made.token), {"pin": made.pin})
    assert NAME in nurse.get(at(made.token)).content.decode()


def test_wrong_pins_lock_the_link_and_the_sender_is_told(sender: Worker) -> None:
    made = linked(sent(sender), sender)
    wrong = f"{(int(made.pin) + 1) % 10**6:06d}"
    guesser = StrictClient()
    for _ in range(MOST_WRONG - 1):
        assert "番号が違います" in tells_nothing(guesser.post(at(made.token), {"pin": wrong}))
    assert "使えなくなりました" in tells_nothing(guesser.post(at(made.token), {"pin": wrong}))
    assert "使えなくなりました" in tells_nothing(guesser.post(at(made.token), {"pin": made.pin}))
    assert AnswerLink.objects.get().locked_at == NOW
    assert Notice.objects.filter(worker=sender, sentence__contains="止めました").count() == 1


def test_guessing_over_all_links_is_slowed(sender: Worker, set_clock: Any) -> None:
    made = linked(sent(sender), sender)
    LinkTry.objects.bulk_create(LinkTry(link_id=made.id, at=NOW) for _ in range(OVERALL_WRONG))
    assert "休んでいます" in tells_nothing(StrictClient().post(at(made.token), {"pin": made.pin}))
    set_clock(NOW + timedelta(minutes=11))
    assert StrictClient().post(at(made.token), {"pin": made.pin}).status_code == 302


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("unknown", "使えません"),
        ("expired", "期限(8日)"),
        ("withdrawn", "取り消しました"),
        ("remade", "使えません"),
        ("switched off", "使えません"),
    ],
)
def test_a_dead_link_says_so_and_nothing_else(
    sender: Worker, set_clock: Any, settings: Any, case: str, words: str
) -> None:
    referral = sent(sender)
    made = linked(referral, sender)
    nurse, token = StrictClient(), made.token
    nurse.post(at(token), {"pin": made.pin})
    if case == "unknown":
        token = "x" * 43
    if case == "expired":
        set_clock(NOW + timedelta(days=8))
    if case == "withdrawn":
        with opened_trail(None, "test"):
            actions.withdraw(referral, reason="入院した", by=sender, at=NOW)
    if case == "remade":
        linked(referral, sender)
    settings.ANSWER_LINKS = case != "switched off"
    for answer in (
        nurse.get(at(token)), nurse.post(at(token), {"pin": made.pin}),
        nurse.post(at(token, "link_answer"), {"answer": "yes", "who": "a"}),
    ):  # fmt: skip
        assert words in tells_nothing(answer)
    assert not AnswerLink.objects.filter(answered_at__isnull=False).exists()


def test_an_answer_is_given_once_and_holds_no_number_that_may_not_be_kept(sender: Worker) -> None:
    made = linked(sent(sender), sender)
    nurse = StrictClient()
    nurse.post(at(made.token), {"pin": made.pin})
    refused = nurse.post(
        at(made.token, "link_answer"), {"answer": "yes", "who": "a", "words": "123456789018"}
    )
    assert refused.status_code == 422
    assert "個人番号" in refused.content.decode()
    nurse.post(at(made.token, "link_answer"), {"answer": "no", "reason": "age"})
    again = nurse.post(at(made.token, "link_answer"), {"answer": "yes", "who": "a"})
    assert "届いています" in again.content.decode()
    assert AnswerLink.objects.get().accepted is False
