"""つなぎ on the screen: both sides, strangers, nobody; what is refused keeps what was typed; a list costs the same for 20."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, an_outside_agency, office_of
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Hold, Promise
from tsunagi.referrals import actions
from tsunagi.referrals.models import Referral
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any) -> None:
    set_clock(NOW)


@pytest.fixture
def sender() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"))


@pytest.fixture
def receiver() -> Worker:
    return a_worker(an_office("障がい福祉課"))


@pytest.fixture
def stranger() -> Worker:
    return a_worker()


def sent(by: Worker, to: Worker | Office, **fields: Any) -> Referral:
    with opened_trail(None, "test"):
        referral = actions.send_referral(
            [a_concern(held_by=by, of=fields.pop("of", None)).pk],
            to_office=to if isinstance(to, Office) else office_of(to),
            **({"reason": "手帳の相談", "person_told": "agreed", "by": by, "at": NOW} | fields),
        )
        connection.check_constraints()
    return referral


def accepted(by: Worker, to: Worker) -> Referral:
    referral = sent(by, to)
    with opened_trail(None, "test"):
        actions.accept(referral, worker_id=to.pk, by=to, at=NOW)
        connection.check_constraints()
    return referral


def url(name: str, referral: Referral | None = None) -> str:
    return reverse(f"referrals:{name}", args=[referral.pk] if referral else [])


def typed(**fields: Any) -> dict[str, Any]:
    return {"draft": str(uuid.uuid4())} | fields


@pytest.mark.visits("referrals:index")
def test_the_lists_are_for_those_who_refer(three_people: Any, sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver)
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    answer = three_people(url("index"), allowed=receiver, stranger=administrator)
    assert referral.number in answer.content.decode()
    out = three_people(f"{url('index')}?box=out", allowed=sender, stranger=administrator)
    assert referral.number in out.content.decode()


def test_a_stranger_finds_nothing_in_the_lists(client_of: Any, sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver)
    for box in ("in", "out"):
        page = client_of(a_worker()).get(f"{url('index')}?box={box}&show=all").content.decode()
        assert referral.number not in page
        assert "このつなぎはありません" in page or "ありません" in page


@pytest.mark.parametrize("box", ["in", "out"])
def test_the_list_costs_the_same_for_2_and_20_rows(
    client_of: Any, queries: Any, sender: Worker, receiver: Worker, box: str
) -> None:
    client = client_of(receiver if box == "in" else sender)
    for _ in range(2):
        sent(sender, receiver)
    client.get(f"{url('index')}?box={box}")
    with queries() as few:
        client.get(f"{url('index')}?box={box}")
    for _ in range(18):
        sent(sender, receiver)
    with queries() as many:
        client.get(f"{url('index')}?box={box}")
    assert few.shape == many.shape


def test_the_list_turns_its_pages_and_survives_nonsense(
    client_of: Any, sender: Worker, receiver: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tsunagi.referrals.views import sending

    monkeypatch.setattr(sending, "PAGE", 2)
    numbers = {sent(sender, receiver).number for _ in range(5)}
    client, seen, address = client_of(receiver), set(), f"{url('index')}?show=all"
    for _ in range(3):
        page = client.get(address)
        seen |= {row.number for row in page.context["rows"]}
        address = url("index") + page.context["next_url"]
    assert seen == numbers
    for nonsense in ("?after=abc", "?show=x&box=y&after=1_2_3", "?after=9999-99-99_5"):
        assert client.get(url("index") + nonsense).status_code == 200


@pytest.mark.visits("referrals:detail")
def test_one_referral_is_for_its_two_offices(
    three_people: Any, sender: Worker, receiver: Worker, stranger: Worker
) -> None:
    referral = sent(sender, receiver)
    for worker in (sender, receiver):
        answer = three_people(url("detail", referral), allowed=worker, stranger=stranger)
        assert "手帳の相談" in answer.content.decode()


@pytest.mark.visits("referrals:paper")
def test_the_sheet_on_paper_brings_an_answer_back(
    three_people: Any, sender: Worker, stranger: Worker
) -> None:
    referral = sent(sender, an_outside_agency())
    answer = three_people(url("paper", referral), allowed=sender, stranger=stranger)
    assert "返信票" in answer.content.decode()


@pytest.mark.visits("referrals:new")
def test_a_sheet_is_sent_by_the_office_that_holds(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker, stranger: Worker
) -> None:
    concern = a_concern(held_by=sender)
    address = f"{url('new')}?concern={concern.pk}"
    three_people(address, allowed=sender, stranger=stranger)
    client = client_of(sender)
    assert client.get(url("new")).status_code == 404
    refused = client.post(address, typed(concerns=[concern.pk], reason="大家が困っている"))
    assert refused.status_code == 422
    assert "つなぎ先の機関を選んで" in refused.content.decode()
    assert "大家が困っている" in refused.content.decode()
    form = typed(
        concerns=[concern.pk], to_office=office_of(receiver).pk, reason="手帳の相談", person_told="agreed"
    )
    first, again = client.post(address, form), client.post(address, form)
    referral = Referral.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == url("detail", referral)


def test_a_suspicion_is_refused_with_the_way_out(client_of: Any, sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender, danger="child")
    refused = client_of(sender).post(
        f"{url('new')}?concern={concern.pk}",
        typed(concerns=[concern.pk], to_office=office_of(receiver).pk, person_told="agreed"),
    )
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "通告" in page
    assert reverse("holding:safety", args=[concern.pk]) in page
    assert not Referral.objects.exists()


@pytest.mark.visits("referrals:seen")
def test_opened_is_said_by_the_receiver(
    client: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = sent(sender, receiver)
    assert client.get(url("seen", referral)).status_code == 302
    assert client_of(sender).post(url("seen", referral)).status_code == 404
    assert client_of(receiver).get(url("seen", referral)).status_code == 302
    assert Referral.objects.get().seen_at is None
    client_of(receiver).post(url("seen", referral))
    assert Referral.objects.get().seen_by == receiver


@pytest.mark.visits("referrals:accept")
def test_the_receiver_accepts(three_people: Any, client_of: Any, sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver)
    three_people(url("accept", referral), allowed=receiver, stranger=sender)
    client = client_of(receiver)
    refused = client.post(url("accept", referral), typed(kind="assessing", words="うかがいます"))
    assert refused.status_code == 422
    assert "受ける課題を一つ以上" in refused.content.decode()
    assert "うかがいます" in refused.content.decode()
    concern = referral.rows.get().concern_id
    form = typed(kind="assessing", concerns=[concern], worker=receiver.pk)
    assert client.post(url("accept", referral), form).status_code == 302
    assert client.post(url("accept", referral), form).status_code == 302
    assert Hold.objects.get(concern=concern, closed_at=None).worker == receiver
    late = client.post(url("accept", referral), typed(kind="assessing", concerns=[concern]))
    assert late.status_code == 422


@pytest.mark.visits("referrals:decline")
def test_the_receiver_declines_with_a_reason(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = sent(sender, receiver)
    three_people(url("decline", referral), allowed=receiver, stranger=sender)
    client = client_of(receiver)
    none = client.post(url("decline", referral), typed(words="満員"))
    assert none.status_code == 422
    assert "受けられないわけを選んで" in none.content.decode()
    other = client.post(url("decline", referral), typed(decline_reason="other"))
    assert other.status_code == 422
    assert other.context["form"].errors["words"]
    done = client.post(url("decline", referral), typed(decline_reason="jurisdiction", words="西です"))
    assert done.status_code == 302
    assert Referral.objects.get().state == "declined"


@pytest.mark.visits("referrals:consider")
def test_the_receiver_considers_until_a_day(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = sent(sender, receiver)
    three_people(url("consider", referral), allowed=receiver, stranger=sender)
    client = client_of(receiver)
    past = client.post(url("consider", referral), typed(until="2026-06-01", words="空きを見ます"))
    assert past.status_code == 422
    assert past.context["form"].errors["until"]
    assert "空きを見ます" in past.content.decode()
    assert client.post(url("consider", referral), typed(until="R8.6.12")).status_code == 302
    assert Referral.objects.get().considering_until == TODAY + timedelta(days=3)


@pytest.mark.visits("referrals:message")
def test_both_sides_write_in_the_thread(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker, stranger: Worker
) -> None:
    referral = sent(sender, receiver)
    three_people(url("message", referral), allowed=receiver, stranger=stranger)
    form = typed(words="手帳は何級ですか")
    client = client_of(receiver)
    client.post(url("message", referral), form)
    client.post(url("message", referral), form)
    assert referral.messages.count() == 1
    assert "手帳は何級ですか" in client_of(sender).get(url("detail", referral)).content.decode()
    empty = client.post(url("message", referral), typed(words=""))
    assert empty.status_code == 422
    assert empty.context["form"].errors["words"]


@pytest.mark.visits("referrals:oral")
def test_the_sender_notes_an_oral_yes(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = sent(sender, receiver)
    three_people(url("oral", referral), allowed=sender, stranger=receiver)
    client = client_of(sender)
    unnamed = client.post(url("oral", referral), typed(who=""))
    assert unnamed.status_code == 422
    assert unnamed.context["form"].errors["who"]
    assert client.post(url("oral", referral), typed(who="田村係長")).status_code == 302
    assert Referral.objects.get().oral_yes_who == "田村係長"


@pytest.mark.visits("referrals:withdraw")
def test_the_sender_withdraws_with_a_reason(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = sent(sender, receiver)
    three_people(url("withdraw", referral), allowed=sender, stranger=receiver)
    client = client_of(sender)
    silent = client.post(url("withdraw", referral), typed(words=""))
    assert silent.status_code == 422
    assert silent.context["form"].errors["words"]
    assert client.post(url("withdraw", referral), typed(words="本人が望まない")).status_code == 302
    assert Referral.objects.get().state == "withdrawn"


@pytest.mark.visits("referrals:outside")
def test_the_sender_writes_the_answer_of_an_agency(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = sent(sender, an_outside_agency())
    three_people(url("outside", referral), allowed=sender, stranger=receiver)
    client = client_of(sender)
    unnamed = client.post(url("outside", referral), typed(accepted="yes", words="木曜に会う"))
    assert unnamed.status_code == 422
    assert unnamed.context["form"].errors["who"]
    assert "木曜に会う" in unnamed.content.decode()
    unreasoned = client.post(url("outside", referral), typed(accepted="no"))
    assert unreasoned.status_code == 422
    assert unreasoned.context["form"].errors["reason"]
    assert client.post(url("outside", referral), typed(accepted="yes", who="南さん")).status_code == 302
    assert Hold.objects.get(concern=referral.rows.get().concern, closed_at=None).kind == "following_through"


@pytest.mark.visits("referrals:first_contact")
def test_the_receiver_says_they_met(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = accepted(sender, receiver)
    three_people(url("first_contact", referral), allowed=receiver, stranger=sender)
    client = client_of(receiver)
    future = client.post(url("first_contact", referral), typed(day="2026-07-01"))
    assert future.status_code == 422
    assert future.context["form"].errors["day"]
    assert client.post(url("first_contact", referral), typed()).status_code == 302
    assert Referral.objects.get().first_contact_at == NOW
    assert not Promise.objects.filter(kind="first_contact", is_open=True).exists()


@pytest.mark.visits("referrals:result")
def test_the_receiver_tells_the_result(
    three_people: Any, client_of: Any, sender: Worker, receiver: Worker
) -> None:
    referral = accepted(sender, receiver)
    three_people(url("result", referral), allowed=receiver, stranger=sender)
    client = client_of(receiver)
    none = client.post(url("result", referral), typed(words="手帳を申請"))
    assert none.status_code == 422
    assert "結果を選んで" in none.content.decode()
    assert (
        client.post(url("result", referral), typed(result="connected", words="手帳を申請")).status_code == 302
    )
    assert "手帳を申請" in client_of(sender).get(url("detail", referral)).content.decode()


def test_the_sender_reports_for_an_agency_without_an_account(client_of: Any, sender: Worker) -> None:
    referral = sent(sender, an_outside_agency())
    with opened_trail(None, "test"):
        actions.record_outside_answer(referral, accepted=True, who="南さん", by=sender, at=NOW)
    assert client_of(sender).post(url("result", referral), typed(result="connected")).status_code == 302


def test_the_receiver_is_not_led_to_what_they_may_not_see(
    client_of: Any, sender: Worker, receiver: Worker
) -> None:
    who = a_person("森田 ハル")
    referral = sent(sender, receiver, of=who)
    concern = referral.rows.get().concern_id
    client = client_of(receiver)
    page = client.get(url("detail", referral)).content.decode()
    assert "受ける" in page
    assert reverse("referrals:withdraw", args=[referral.pk]) not in page
    assert client.get(reverse("holding:concern", args=[concern])).status_code == 404


def test_who_takes_over_a_closed_office_can_take_its_referrals_back(
    client_of: Any, sender: Worker, receiver: Worker
) -> None:
    from tsunagi.holding.actions import close_office

    referral = sent(sender, receiver)
    successor = an_office()
    with opened_trail(None, "test"):
        close_office(office_of(sender), to_office=successor, by=sender, at=NOW)
        connection.check_constraints()
    client = client_of(successor.duty_worker)
    assert client.get(url("detail", referral)).status_code == 200
    assert client.post(url("withdraw", referral), typed(words="引き継いだ")).status_code == 302


def test_concerns_chosen_together_are_ticked_together(sender: Worker, client_of: Any) -> None:
    person = a_person()
    chosen = [a_concern(held_by=sender, of=person).pk for _ in range(2)]
    left = a_concern(held_by=sender, of=person).pk
    page = client_of(sender).get(reverse("referrals:new"), {"concern": chosen})
    ticked = {int(value) for value in page.context["form"]["concerns"].value()}
    assert ticked == set(chosen)
    assert left not in ticked
