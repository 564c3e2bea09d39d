"""The screens of holding: allowed, stranger, anonymous; what is refused stands at its field and nothing typed is lost."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Field, Role
from tsunagi.holding import actions
from tsunagi.holding.actions import Served
from tsunagi.holding.models import Closing, Concern, Contact, Gap, Hold, Promise, Readiness, Rest, SecondWord
from tsunagi.holding.rules import HoldKind
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any) -> Any:
    set_clock(NOW)
    with opened_trail(None, "test"):
        yield


@pytest.fixture
def holder() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def colleague(holder: Worker) -> Worker:
    return a_worker(office_of(holder), name="井上 誠")


@pytest.fixture
def manager(holder: Worker) -> Worker:
    found = office_of(holder).duty_worker
    assert found is not None
    return found


@pytest.fixture
def stranger() -> Worker:
    return a_worker()


@pytest.fixture
def concern(holder: Worker) -> Concern:
    return a_concern(held_by=holder, description="家賃を4か月ためている")


def url(name: str, *args: Any) -> str:
    return reverse(f"holding:{name}", args=args)


def typed(**fields: Any) -> dict[str, Any]:
    return {"draft": str(uuid.uuid4())} | fields


def held(concern: Concern) -> Hold:
    return Hold.objects.get(concern=concern, closed_at__isnull=True)


def refused_at(answer: Any, field: str, *kept: str) -> None:
    assert answer.status_code == 422, answer.status_code
    assert field in answer.context["form"].errors, dict(answer.context["form"].errors)
    for words in kept:
        assert words in answer.content.decode()


def done_once(client: Any, address: str, form: dict[str, Any], leads_to: str) -> None:
    """Done, and a double click leads to the same place."""
    first = client.post(address, form)
    assert first.status_code == 302, (
        dict(first.context["form"].errors) if first.context else first.status_code
    )
    again = client.post(address, form)
    assert (again.status_code, again.headers["Location"]) == (302, first.headers["Location"])
    assert first.headers["Location"] == leads_to
    connection.check_constraints()


@pytest.mark.visits("holding:concern")
def test_a_concern_is_for_those_involved(
    three_people: Any, holder: Worker, stranger: Worker, concern: Concern
) -> None:
    answer = three_people(url("concern", concern.pk), allowed=holder, stranger=stranger)
    page = answer.content.decode()
    assert "家賃を4か月ためている" in page
    assert f"{url('contact')}?concern={concern.pk}" in page


def test_who_sees_but_does_not_hold_is_offered_no_deeds(
    client_of: Any, holder: Worker, concern: Concern
) -> None:
    other = a_worker()
    a_concern(held_by=other, of=concern.party.person)
    page = client_of(other).get(url("concern", concern.pk)).content.decode()
    assert "家賃を4か月ためている" in page
    assert url("way", concern.pk) not in page
    assert "連絡を記録する" not in page


@pytest.mark.visits("holding:edit")
def test_the_words_are_corrected_and_a_stale_form_shows_both(
    three_people: Any, client_of: Any, holder: Worker, colleague: Worker, stranger: Worker, concern: Concern
) -> None:
    three_people(url("edit", concern.pk), allowed=holder, stranger=stranger)
    client = client_of(holder)
    form = typed(revision=1, description="家賃を5か月ためている")
    done_once(client, url("edit", concern.pk), form, url("concern", concern.pk))
    stale = client_of(colleague).post(
        url("edit", concern.pk), typed(revision=1, description="母が入院し、家賃が払えない")
    )
    assert stale.status_code == 409
    shown = re.sub(r"<[^>]+>", "", stale.content.decode())
    assert "家賃を5か月ためている" in shown
    assert "母が入院し、家賃が払えない" in shown
    again = client_of(colleague).post(
        url("edit", concern.pk), typed(revision=2, description="母が入院し、家賃が払えない")
    )
    assert again.status_code == 302
    refused_at(
        client.post(url("edit", concern.pk), typed(revision=3, description="番号は123456789018")),
        "description",
        "123456789018",
    )


@pytest.mark.visits("holding:contact")
def test_one_visit_is_recorded_once_for_the_household(
    three_people: Any, client_of: Any, holder: Worker, stranger: Worker
) -> None:
    mother, son = a_person("森田 ハル"), a_person("森田 健一")
    home = a_household(mother, son)
    concerns = [a_concern(held_by=holder, of=who) for who in (mother, son, son, home)]
    address = f"{url('contact')}?concern={concerns[0].pk}"
    answer = three_people(address, allowed=holder, stranger=stranger)
    assert answer.content.decode().count("checked") >= 4
    client = client_of(holder)
    ids = [c.pk for c in concerns]
    refused_at(client.post(address, typed(concerns=ids, words="母と話した")), "kind", "母と話した")
    refused_at(client.post(address, typed(kind="met", words="母と話した")), "concerns", "母と話した")
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    refused_at(client.post(address, typed(kind="met", concerns=ids, day=tomorrow)), "day")
    done_once(
        client, address, typed(kind="met", concerns=ids, words="家で会えた"), url("concern", concerns[0].pk)
    )
    assert Contact.objects.get().concerns.count() == 4
    assert client.get(f"{url('contact')}?concern=abc").status_code == 404


WAYS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("way", {"kind": "supporting"}, {"kind": ""}, "kind"),
    (
        "extend",
        {"due_on": "2026-06-16", "reason": "入院中"},
        {"due_on": "2026-06-16", "reason": ""},
        "reason",
    ),
    (
        "wait",
        {"waiting_for": "decision", "due_on": "2026-06-15"},
        {"waiting_for": "decision", "waiting_from": "年金事務所"},
        "due_on",
    ),
    (
        "stand_in",
        {"acting": "colleague", "from_on": "2026-06-10", "until_on": "2026-06-20"},
        {"acting": "colleague", "from_on": "2026-06-10"},
        "until_on",
    ),
    (
        "reassign",
        {"to_worker": "colleague", "handed_note": "夕方なら出る"},
        {"handed_note": "夕方なら出る"},
        "to_worker",
    ),
    ("ready", {"words": "妹さんに電話できる"}, {"words": ""}, "words"),
    ("managers_word", {"words": "毎日声をかける"}, {"words": ""}, "words"),
    ("gap", {"kind": "undiagnosed", "needed": "診断前の居場所"}, {"needed": "診断前の居場所"}, "kind"),
    (
        "night",
        {"to_kind": "guard", "to_name": "宿直 木下", "clock": "09:30"},
        {"to_kind": "guard", "to_name": ""},
        "to_name",
    ),
    (
        "safety",
        {"danger": "child", "to_kind": "child_center", "to_whom": "山田さん"},
        {"to_whom": "山田さん"},
        "danger",
    ),
    ("rethink", {"choice": "go_on", "reason": "続ける"}, {"reason": "続ける"}, "choice"),
]


@pytest.mark.visits(
    "holding:way", "holding:extend", "holding:wait", "holding:stand_in", "holding:reassign", "holding:ready",
    "holding:managers_word", "holding:gap", "holding:night", "holding:safety", "holding:rethink",
)  # fmt: skip
def test_every_deed_is_for_those_who_hold(
    three_people: Any, holder: Worker, stranger: Worker, concern: Concern
) -> None:
    for name, *_ in WAYS:
        three_people(url(name, concern.pk), allowed=holder, stranger=stranger)


@pytest.mark.parametrize(("name", "good", "bad", "field"), WAYS, ids=[row[0] for row in WAYS])
def test_every_deed_is_done_once_and_refused_at_its_field(
    client_of: Any,
    holder: Worker,
    colleague: Worker,
    concern: Concern,
    name: str,
    good: dict[str, Any],
    bad: dict[str, Any],
    field: str,
) -> None:
    from tsunagi.holding.rules import NightRecipient, ReportedTo, RethinkChoice

    real = {
        "colleague": colleague.pk,
        "guard": next(iter(NightRecipient)).value,
        "child_center": next(iter(ReportedTo)).value,
        "go_on": next(iter(RethinkChoice)).value,
    }

    def filled(values: dict[str, Any]) -> dict[str, Any]:
        return typed(**{key: real.get(value, value) for key, value in values.items()})

    client = client_of(holder)
    kept = [value for value in bad.values() if value and value not in real and not value[:1].isascii()]
    refused_at(client.post(url(name, concern.pk), filled(bad)), field, *kept)
    assert held(concern).kind == HoldKind.TRIAGE
    done_once(client, url(name, concern.pk), filled(good), url("concern", concern.pk))


@pytest.mark.visits("holding:could_not", "holding:together")
def test_one_key_says_that_hands_were_lacking(
    three_people: Any, client_of: Any, holder: Worker, colleague: Worker, stranger: Worker, concern: Concern
) -> None:
    for name in ("could_not", "together"):
        three_people(url(name, concern.pk), allowed=holder, stranger=stranger)
    client = client_of(holder)
    before = held(concern).due_on
    done_once(client, url("could_not", concern.pk), typed(), url("concern", concern.pk))
    assert held(concern).due_on > before
    assert client.post(url("could_not", concern.pk), typed()).status_code == 422
    done_once(client, url("together", concern.pk), typed(workers=[colleague.pk]), url("concern", concern.pk))
    assert held(concern).together_with == [colleague.pk]


@pytest.mark.visits("holding:take_back")
def test_what_did_not_connect_is_taken_back(
    three_people: Any, client_of: Any, holder: Worker, stranger: Worker, concern: Concern
) -> None:
    three_people(url("take_back", concern.pk), allowed=holder, stranger=stranger)
    client = client_of(holder)
    assert client.post(url("take_back", concern.pk), typed(words="まだ")).status_code == 422
    actions.hold_as("following_through", concern.pk, by=holder, at=NOW)
    done_once(client, url("take_back", concern.pk), typed(words="行けなかった"), url("concern", concern.pk))
    assert held(concern).kind == HoldKind.ASSESSING


@pytest.mark.visits("holding:close", "holding:reopen")
def test_a_concern_ends_and_begins_again(
    three_people: Any, client_of: Any, holder: Worker, stranger: Worker, concern: Concern
) -> None:
    three_people(url("close", concern.pk), allowed=holder, stranger=stranger)
    client = client_of(holder)
    actions.record_contact("met", [Served(concern.pk)], by=holder, at=NOW)
    refused_at(client.post(url("close", concern.pk), typed(reason="家賃を払えた")), "outcome", "家賃を払えた")
    refused_at(client.post(url("close", concern.pk), typed(outcome="resolved")), "word_of")
    form = typed(outcome="resolved", word_of="person", person_says="yes", told_return="いつでもと伝えた")
    done_once(client, url("close", concern.pk), form, url("concern", concern.pk))
    assert Closing.objects.get().outcome == "resolved"
    after = client.get(url("concern", concern.pk))
    assert after.status_code == 200
    assert "終結" in after.content.decode()
    three_people(url("reopen", concern.pk), allowed=holder, stranger=stranger)
    refused_at(client.post(url("reopen", concern.pk), typed(reason="")), "reason")
    done_once(client, url("reopen", concern.pk), typed(reason="また遅れた"), url("concern", concern.pk))
    assert held(concern).worker == holder


@pytest.mark.visits("holding:look_back", "holding:second")
def test_two_agree_and_the_look_back_ends_it(
    three_people: Any, client_of: Any, holder: Worker, colleague: Worker, stranger: Worker, concern: Concern
) -> None:
    client = client_of(holder)
    form = typed(
        outcome="contact_lost", word_of="supporter", told_return="手紙", tries="電話3回", second=colleague.pk
    )
    done_once(client, url("close", concern.pk), form, url("concern", concern.pk))
    word = SecondWord.objects.get()
    three_people(url("second", word.pk), allowed=colleague, stranger=stranger)
    helper = client_of(colleague)
    refused_at(helper.post(url("second", word.pk), typed(words="よい")), "agreed", "よい")
    refused_at(helper.post(url("second", word.pk), typed(agreed="no")), "words")
    done_once(helper, url("second", word.pk), typed(agreed="yes"), url("second", word.pk))
    assert held(concern).look_back
    three_people(url("look_back", concern.pk), allowed=holder, stranger=stranger)
    done_once(client, url("look_back", concern.pk), typed(words="元気だった"), url("concern", concern.pk))
    concern.refresh_from_db()
    assert concern.closed_at == NOW


@pytest.mark.visits("holding:promise", "holding:message")
def test_a_message_is_left_read_and_done(
    three_people: Any, client_of: Any, holder: Worker, colleague: Worker, stranger: Worker
) -> None:
    assert client_of(stranger).get(url("message")).status_code == 200
    from tests.strictness import StrictClient

    assert StrictClient().get(url("message")).status_code == 302
    sender = client_of(stranger)
    refused_at(sender.post(url("message"), typed(words="折り返しを")), "for_worker", "折り返しを")
    form = typed(for_worker=holder.pk, caller="ひがし病院", number="075-000-0000", words="折り返しをください")
    done_once(sender, url("message"), form, "/")
    promise = Promise.objects.get(subject_kind="message")
    answer = three_people(url("promise", promise.pk), allowed=holder, stranger=stranger)
    assert "075-000-0000" in answer.content.decode()
    done_once(client_of(holder), url("promise", promise.pk), typed(), url("promise", promise.pk))
    promise.refresh_from_db()
    assert promise.done_by == holder


@pytest.mark.visits("holding:coordination")
def test_the_coordinators_name_who_takes_it(
    three_people: Any, client_of: Any, holder: Worker, stranger: Worker, concern: Concern
) -> None:
    coordinator = a_worker(an_office(field=Field.COORDINATION), role=Role.COORDINATOR)
    request = actions.ask_coordination(concern, by=holder, at=NOW)
    assert request is not None
    three_people(url("coordination", request.pk), allowed=coordinator, stranger=stranger)
    client = client_of(coordinator)
    assert client.get(url("concern", concern.pk)).status_code == 200
    refused_at(client.post(url("coordination", request.pk), typed()), "worker")
    form = typed(worker=coordinator.pk)
    done_once(client, url("coordination", request.pk), form, url("concern", concern.pk))
    assert held(concern).worker == coordinator


@pytest.mark.visits("holding:reached_out")
def test_somebody_on_the_ladder_speaks_to_the_holder(
    three_people: Any, client_of: Any, manager: Worker, stranger: Worker, concern: Concern
) -> None:
    address = url("reached_out", "hold", held(concern).pk)
    three_people(address, allowed=manager, stranger=stranger)
    done_once(client_of(manager), address, typed(), reverse("safety_net:index"))
    assert Rest.objects.get().worker == manager
    assert client_of(manager).get(url("reached_out", "nonsense", 1)).status_code == 404


@pytest.mark.visits("holding:gaps", "holding:solve_gap")
def test_gaps_are_seen_and_solved(
    three_people: Any, client_of: Any, holder: Worker, concern: Concern
) -> None:
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    page = three_people(url("gaps"), allowed=holder, stranger=administrator).content.decode()
    assert "まだありません" in page
    gap = actions.record_gap(
        "undiagnosed", office_id=office_of(holder).pk, needed="居場所", concern=concern, by=holder, at=NOW
    )
    assert "居場所" in client_of(holder).get(url("gaps")).content.decode()
    three_people(url("solve_gap", gap.pk), allowed=holder, stranger=administrator)
    client = client_of(holder)
    refused_at(client.post(url("solve_gap", gap.pk), typed()), "solved_words")
    done_once(client, url("solve_gap", gap.pk), typed(solved_words="居場所カフェ"), url("gaps"))
    assert Gap.objects.get().solved_at == NOW


@pytest.mark.visits("holding:leaving", "holding:leave")
def test_a_manager_prepares_and_executes_a_leaving(
    three_people: Any, client_of: Any, holder: Worker, colleague: Worker, manager: Worker, concern: Concern
) -> None:
    stranger = a_worker(role=Role.MANAGER)
    for name in ("leaving", "leave"):
        three_people(url(name, holder.pk), allowed=manager, stranger=stranger)
    client = client_of(manager)
    row = f"hold:{held(concern).pk}"
    refused_at(
        client.post(url("leaving", holder.pk), typed(rows=[row], leaving_on="2026-06-30", handed_note="犬")),
        "successor",
        "犬",
    )
    refused_at(client.post(url("leaving", holder.pk), typed(successor=colleague.pk)), "rows")
    form = typed(rows=[row], leaving_on="2026-06-09", successor=colleague.pk, handed_note="犬が好き")
    done_once(client, url("leaving", holder.pk), form, url("leaving", holder.pk))
    first = client.post(url("leave", holder.pk), typed())
    assert first.status_code == 302
    connection.check_constraints()
    assert held(concern).worker == colleague


@pytest.mark.visits("holding:absence", "holding:back")
def test_days_away_name_who_acts(
    three_people: Any, client: Any, client_of: Any, holder: Worker, colleague: Worker, concern: Concern
) -> None:
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    three_people(url("absence"), allowed=holder, stranger=administrator)
    me = client_of(holder)
    away = {"from_on": "2026-06-09", "until_on": "2026-07-10"}
    refused_at(me.post(url("absence"), typed(**away)), "acting", "2026-07-10")
    done_once(me, url("absence"), typed(**away, acting=colleague.pk), "/")
    assert held(concern).acting == colleague
    assert client.get(url("back")).status_code == 302
    assert me.get(url("back")).status_code == 302
    me.post(url("back"))
    assert held(concern).acting is None


def test_who_stands_ready_is_kept(client_of: Any, holder: Worker, concern: Concern) -> None:
    client_of(holder).post(url("ready", concern.pk), typed(words="妹さんに電話できる"))
    assert Readiness.objects.get().words == "妹さんに電話できる"
