"""The closed loop on the real database: who holds, who sees and what is left after each answer (H4, H5, H15)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404

from tests.factories import (
    NOW,
    TODAY,
    a_concern,
    a_household,
    a_person,
    a_worker,
    an_office,
    an_outside_agency,
    office_of,
)
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Field, Role
from tsunagi.holding import actions as holding
from tsunagi.holding.access import concern_for
from tsunagi.holding.actions import Served, record_contact
from tsunagi.holding.models import Concern, Gap, Hold, Promise
from tsunagi.holding.queries import RowMaker, holds
from tsunagi.holding.rules import DeclineReason, Deed, GapKind, HoldKind, Lateness, PromiseKind
from tsunagi.notices.models import Notice
from tsunagi.people.access import sight_of
from tsunagi.people.models import Involvement
from tsunagi.people.rules import REFERRAL_FACETS, Facet
from tsunagi.referrals import actions, laws
from tsunagi.referrals.models import Referral
from tsunagi.referrals.queries import (
    cards,
    first_late,
    first_unmet,
    inbox,
    not_met_yet,
    outbox,
    waiting_for_them,
)
from tsunagi.referrals.rules import ReferralState
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def sender() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"))


@pytest.fixture
def receiver() -> Worker:
    return a_worker(an_office("障がい福祉課"))


@pytest.fixture
def coordination() -> Office:
    office = an_office("くらし連携担当", field=Field.COORDINATION)
    a_worker(office, role=Role.COORDINATOR)
    return office


@pytest.fixture(autouse=True)
def _a_trail() -> Any:
    with opened_trail(None, "test"):
        yield


def now_held(concern: Concern) -> Hold:
    connection.check_constraints()
    return Hold.objects.get(concern=concern, closed_at__isnull=True)


def sent(by: Worker, to: Worker | Office, *concerns: Concern, **fields: Any) -> Referral:
    office = to if isinstance(to, Office) else office_of(to)
    told = {"reason": "手帳の相談", "person_told": "agreed", "by": by, "at": NOW} | fields
    referral = actions.send_referral([c.pk for c in concerns], to_office=office, **told)
    connection.check_constraints()
    return referral


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def broken_laws() -> list[tuple[str, Any]]:
    """What the laws of this module find, as the net would."""
    connection.check_constraints()
    found = []
    with connection.cursor() as cursor:
        for law in laws.LAWS:
            cursor.execute(law.violations, {"today": TODAY})
            found += [(law.number, row) for row in cursor.fetchall()]
    return found


def test_sending_moves_nothing_and_tells_the_receiver(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    hold = now_held(concern)
    assert (hold.worker, hold.kind, hold.due_on) == (sender, HoldKind.HANDING_OVER, date(2026, 6, 16))
    assert (referral.state, referral.answer_due_on) == (ReferralState.SENT, date(2026, 6, 16))
    assert referral.number.startswith("つ8-")
    assert Notice.objects.filter(worker_id=office_of(receiver).duty_worker_id, kind="referral").exists()
    assert broken_laws() == []


def test_no_answer_by_the_day_moves_nothing_and_turns_the_senders_row_red(
    sender: Worker, receiver: Worker
) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    late = NOW + timedelta(days=10)
    row = RowMaker(late).of_hold(holds().get(concern=concern))
    assert (row.worker_id, row.lateness) == (sender.pk, Lateness.RED)
    (card,) = cards(waiting_for_them(sender), on=late.date())
    assert (card.id, card.lateness, card.is_open) == (referral.pk, Lateness.RED, True)
    assert [r.id for r in first_late([office_of(sender).pk], on=late.date()).rows] == [referral.pk]
    assert now_held(concern).worker == sender


def test_seen_is_written_once(sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver, a_concern(held_by=sender))
    actions.note_seen(referral, by=receiver, at=NOW)
    actions.note_seen(referral, by=a_worker(office_of(receiver)), at=TOMORROW)
    seen = fresh(referral)
    assert (seen.seen_at, seen.seen_by) == (NOW, receiver)


def test_considering_names_a_day_and_leaves_the_sender_holding(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    with pytest.raises(Refused, match="これからの日"):
        actions.consider(referral, until=TODAY - timedelta(days=1), by=receiver, at=NOW)
    actions.consider(referral, until=TODAY + timedelta(days=9), words="空きを確かめます", by=receiver, at=NOW)
    kept = fresh(referral)
    assert (kept.state, kept.considering_until) == (ReferralState.CONSIDERING, TODAY + timedelta(days=9))
    assert kept.messages.get().words == "空きを確かめます"
    assert now_held(concern).worker == sender
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=TOMORROW)
    assert now_held(concern).worker == receiver


def test_both_sides_ask_back_and_the_other_is_told(sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver, a_concern(held_by=sender))
    actions.write_message(referral, words="手帳は何級ですか", by=receiver, at=NOW)
    actions.write_message(referral, words="まだ申請していません", by=sender, at=TOMORROW)
    assert [m.office_id for m in fresh(referral).messages.all()] == [
        office_of(receiver).pk,
        office_of(sender).pk,
    ]
    assert Notice.objects.filter(worker=sender, sentence__contains="やりとり").exists()
    with pytest.raises(Refused, match="書いてください"):
        actions.write_message(referral, words=" ", by=sender, at=NOW)
    with pytest.raises(Refused, match="個人番号"):
        actions.write_message(referral, words="番号は123456789018です", by=sender, at=NOW)
    with pytest.raises(Refused, match="所属"):
        actions.write_message(referral, words="横から", by=a_worker(), at=NOW)


def test_an_oral_yes_keeps_the_row_green_for_three_days_and_moves_nothing(
    sender: Worker, receiver: Worker
) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    with pytest.raises(Refused, match="だれが") as refusal:
        actions.confirm_oral(referral, who=" ", by=sender, at=NOW)
    assert refusal.value.field == "oral_by"
    late = NOW + timedelta(days=8)
    until = actions.confirm_oral(referral, who="係長の田村さん", by=sender, at=late)
    assert until == date(2026, 6, 22)
    row = RowMaker(late).of_hold(holds().get(concern=concern))
    assert (row.worker_id, row.lateness) == (sender.pk, Lateness.GREEN)
    after = RowMaker(late + timedelta(days=6)).of_hold(holds().get(concern=concern))
    assert after.lateness in (Lateness.RED, Lateness.FALLING)
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=late)
    assert now_held(concern).worker == receiver


def test_acceptance_passes_the_concern_in_one_step(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=TOMORROW, words="来週うかがいます")
    hold = now_held(concern)
    assert (hold.worker, hold.office, hold.kind) == (receiver, office_of(receiver), HoldKind.ASSESSING)
    assert hold.previous is not None
    assert hold.previous.closed_at == hold.opened_at
    kept = fresh(referral)
    assert (kept.state, kept.answered_at, kept.answered_by) == (ReferralState.ACCEPTED, TOMORROW, receiver)
    first = Promise.objects.get(kind=PromiseKind.FIRST_CONTACT, is_open=True)
    assert (first.worker, first.subject_kind, first.subject_id) == (receiver, "referral", referral.pk)
    assert not Promise.objects.filter(kind=PromiseKind.NAME_HOLDER).exists()
    assert [r.id for r in not_met_yet(receiver)] == [referral.pk]
    assert [r.id for r in first_unmet([office_of(receiver).pk]).rows] == [referral.pk]
    assert Notice.objects.filter(worker=sender, sentence__contains="受けました").exists()
    assert broken_laws() == []


def test_some_are_accepted_and_the_rest_stay_with_the_sender(sender: Worker, receiver: Worker) -> None:
    who = a_person()
    mine, theirs = a_concern(held_by=sender, of=who), a_concern(held_by=sender, of=who)
    referral = sent(sender, receiver, mine, theirs)
    actions.accept(referral, concern_ids=[theirs.pk], worker_id=receiver.pk, by=receiver, at=TOMORROW)
    assert (now_held(theirs).worker, now_held(mine).worker) == (receiver, sender)
    assert now_held(mine).kind == HoldKind.TRIAGE
    kept = fresh(referral)
    assert kept.state == ReferralState.PARTLY
    assert {row.concern_id: row.state for row in kept.rows.all()} == {
        mine.pk: "declined",
        theirs.pk: "accepted",
    }
    assert broken_laws() == []


def test_an_office_may_accept_by_its_duty_worker_and_name_the_holder_later(
    sender: Worker, receiver: Worker
) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    actions.accept(referral, by=receiver, at=NOW)
    duty = office_of(receiver).duty_worker
    assert now_held(concern).worker == duty
    name = Promise.objects.get(kind=PromiseKind.NAME_HOLDER)
    assert (name.worker, name.due_on) == (duty, date(2026, 6, 11))


@pytest.mark.parametrize("chosen", [[], [0]], ids=["none", "one that was not sent"])
def test_what_was_not_sent_cannot_be_accepted(sender: Worker, receiver: Worker, chosen: list[int]) -> None:
    referral = sent(sender, receiver, a_concern(held_by=sender))
    with pytest.raises(Refused):
        actions.accept(referral, concern_ids=chosen, worker_id=receiver.pk, by=receiver, at=NOW)
    assert fresh(referral).state == ReferralState.SENT


def test_a_worker_of_another_office_cannot_be_named(sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver, a_concern(held_by=sender))
    with pytest.raises(Refused, match="この機関に今いる職員") as refusal:
        actions.accept(referral, worker_id=sender.pk, by=receiver, at=NOW)
    assert refusal.value.field == "worker"


NO_SERVICE = {
    DeclineReason.AGE: GapKind.OUT_OF_SCOPE,
    DeclineReason.CERTIFICATE: GapKind.OUT_OF_SCOPE,
    DeclineReason.DIAGNOSIS: GapKind.UNDIAGNOSED,
    DeclineReason.INCOME: GapKind.OUT_OF_SCOPE,
    DeclineReason.NO_RESOURCE: GapKind.NO_RESOURCE,
}


@pytest.mark.parametrize("reason", list(DeclineReason))
def test_each_decline_gives_it_back_and_those_without_a_service_leave_a_gap(
    sender: Worker, receiver: Worker, coordination: Office, reason: DeclineReason
) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    actions.decline(referral, reason=reason, words="対象になりません", by=receiver, at=TOMORROW)
    hold = now_held(concern)
    assert (hold.worker, hold.kind, hold.deed) == (sender, HoldKind.TRIAGE, "decline")
    assert hold.due_on > TOMORROW.date()
    kept = fresh(referral)
    assert (kept.state, kept.decline_reason) == (ReferralState.DECLINED, reason)
    leaves_a_gap = reason in NO_SERVICE
    assert Gap.objects.filter(concern=concern).exists() == leaves_a_gap
    requests = Promise.objects.filter(kind=PromiseKind.COORDINATION_REQUEST, is_open=True)
    assert requests.exists() == leaves_a_gap
    if leaves_a_gap:
        assert requests.get().office == coordination
        assert Gap.objects.get(concern=concern).kind == NO_SERVICE[reason]
    assert broken_laws() == []


def test_a_request_that_came_of_a_decline_can_only_be_taken(
    sender: Worker, receiver: Worker, coordination: Office
) -> None:
    coordinator = a_worker(coordination, role=Role.COORDINATOR)
    concern = a_concern(held_by=sender)
    actions.decline(sent(sender, receiver, concern), reason="age", by=receiver, at=NOW)
    request = Promise.objects.get(kind=PromiseKind.COORDINATION_REQUEST)
    with pytest.raises(Refused, match="断れません"):
        holding.keep_plain_promise(request, by=coordinator, at=NOW)
    with pytest.raises(Refused, match="断れません"):
        holding.withdraw_promise(request, by=coordinator, at=NOW, reason="受けられない")
    assert now_held(concern).worker == sender
    holding.take_coordination(request, worker_id=coordinator.pk, by=coordinator, at=TOMORROW)
    assert (now_held(concern).worker, now_held(concern).kind) == (coordinator, HoldKind.COORDINATING)
    request.refresh_from_db()
    assert request.done_at == TOMORROW
    assert broken_laws() == []


def test_a_second_decline_leaves_a_gap_whatever_the_reason(
    sender: Worker, receiver: Worker, coordination: Office
) -> None:
    concern = a_concern(held_by=sender)
    actions.decline(sent(sender, receiver, concern), reason="jurisdiction", by=receiver, at=NOW)
    assert not Gap.objects.exists()
    other = a_worker()
    actions.decline(sent(sender, other, concern), reason="jurisdiction", by=other, at=TOMORROW)
    assert Gap.objects.get().concern == concern
    assert Promise.objects.filter(kind=PromiseKind.COORDINATION_REQUEST, is_open=True).count() == 1
    assert now_held(concern).worker == sender


def test_a_decline_says_why(sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver, a_concern(held_by=sender))
    with pytest.raises(Refused, match="わけを選んで") as refusal:
        actions.decline(referral, reason="", by=receiver, at=NOW)
    assert refusal.value.field == "decline_reason"
    with pytest.raises(Refused, match="その他"):
        actions.decline(referral, reason="other", by=receiver, at=NOW)


def test_the_sender_takes_it_back_before_an_answer(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    holding.hold_as(HoldKind.SUPPORTING, concern.pk, by=sender, at=NOW)
    referral = sent(sender, receiver, concern)
    with pytest.raises(Refused, match="取り下げるわけ"):
        actions.withdraw(referral, reason="", by=sender, at=NOW)
    actions.withdraw(referral, reason="本人が望まなくなった", by=sender, at=TOMORROW)
    assert (now_held(concern).worker, now_held(concern).kind) == (sender, HoldKind.SUPPORTING)
    assert fresh(referral).withdrawn_at == TOMORROW
    assert sight_of(receiver, concern.party_id) is None
    with pytest.raises(Refused, match="取り下げました"):
        actions.accept(referral, worker_id=receiver.pk, by=receiver, at=TOMORROW)
    assert broken_laws() == []


def test_the_yes_of_an_agency_without_an_account_turns_the_hold_into_following_through(
    sender: Worker,
) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, an_outside_agency(), concern)
    with pytest.raises(Refused, match="先方のどなたが") as refusal:
        actions.record_outside_answer(referral, accepted=True, by=sender, at=NOW)
    assert refusal.value.field == "who"
    actions.record_outside_answer(
        referral, accepted=True, who="相談員 南さん", words="木曜に会う", by=sender, at=TOMORROW
    )
    assert (now_held(concern).worker, now_held(concern).kind) == (sender, HoldKind.FOLLOWING_THROUGH)
    assert now_held(concern).due_on == date(2026, 6, 24)
    assert fresh(referral).answered_who == "相談員 南さん"
    assert broken_laws() == []


def test_the_no_of_an_agency_without_an_account_is_a_decline(sender: Worker, coordination: Office) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, an_outside_agency(), concern)
    actions.record_outside_answer(
        referral, accepted=False, reason="no_resource", words="満床", by=sender, at=NOW
    )
    assert (now_held(concern).worker, now_held(concern).kind) == (sender, HoldKind.TRIAGE)
    assert Gap.objects.filter(concern=concern).exists()
    assert broken_laws() == []


def test_an_office_of_the_system_answers_itself(sender: Worker, receiver: Worker) -> None:
    referral = sent(sender, receiver, a_concern(held_by=sender))
    with pytest.raises(Refused, match="口頭で"):
        actions.record_outside_answer(referral, accepted=True, who="田村", by=sender, at=NOW)


def test_the_first_contact_and_the_result_close_the_loop(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    with pytest.raises(Refused, match="まだ返事がありません"):
        actions.note_first_contact(referral, met_at=NOW, by=receiver, at=NOW)
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    with pytest.raises(Refused, match="まだ来ていない"):
        actions.note_first_contact(referral, met_at=TOMORROW, by=receiver, at=NOW)
    actions.note_first_contact(referral, met_at=NOW, by=receiver, at=TOMORROW)
    assert not Promise.objects.filter(kind=PromiseKind.FIRST_CONTACT, is_open=True).exists()
    assert sight_of(sender, concern.party_id) is not None
    actions.report_result(
        referral, result="connected", words="手帳を申請した", by=receiver, at=NOW + timedelta(days=9)
    )
    connection.check_constraints()
    assert sight_of(sender, concern.party_id) is None
    assert sight_of(receiver, concern.party_id) is not None
    assert [r.pk for r in outbox(sender)] == [referral.pk]
    assert broken_laws() == []


def test_the_senders_sight_stays_while_they_hold_something_else(sender: Worker, receiver: Worker) -> None:
    who = a_person()
    given, kept = a_concern(held_by=sender, of=who), a_concern(held_by=sender, of=who)
    referral = sent(sender, receiver, given)
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    actions.report_result(referral, result="connected", by=receiver, at=TOMORROW)
    assert sight_of(sender, who.pk) is not None
    assert now_held(kept).worker == sender


def test_a_meeting_written_as_a_contact_is_the_first_contact(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    record_contact("met", [Served(concern.pk)], by=sender, at=NOW)
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    assert fresh(referral).first_contact_at is None
    record_contact("met", [Served(concern.pk)], by=receiver, at=TOMORROW)
    connection.check_constraints()
    assert fresh(referral).first_contact_at == TOMORROW
    assert not Promise.objects.filter(kind=PromiseKind.FIRST_CONTACT, is_open=True).exists()


def test_an_open_request_ends_when_an_office_takes_it_or_the_concern_ends(
    sender: Worker, receiver: Worker, coordination: Office
) -> None:
    who = a_person()
    taken, ended = a_concern(held_by=sender), a_concern(held_by=sender, of=who)
    for concern in (taken, ended):
        actions.decline(sent(sender, receiver, concern), reason="age", by=receiver, at=NOW)
    other = a_worker()
    actions.accept(sent(sender, other, taken), worker_id=other.pk, by=other, at=TOMORROW)
    holding.die(who.pk, died_on=TODAY, left_behind="なし", by=sender, at=TOMORROW)
    connection.check_constraints()
    assert not Promise.objects.filter(kind=PromiseKind.COORDINATION_REQUEST, is_open=True).exists()


def test_ongoing_is_no_end(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    actions.report_result(referral, result="ongoing", by=receiver, at=NOW)
    assert sight_of(sender, concern.party_id) is not None


def test_the_receiver_sees_what_the_referral_carries_and_the_file_after_accepting(
    sender: Worker, receiver: Worker
) -> None:
    who = a_person()
    given, other = a_concern(held_by=sender, of=who), a_concern(held_by=sender, of=who)
    record_contact("met", [Served(other.pk)], by=sender, at=NOW, words="ほかの課題のこと")
    referral = sent(sender, receiver, given)
    sight = sight_of(receiver, who.pk)
    assert sight is not None
    assert sight.facets == frozenset(REFERRAL_FACETS)
    for concern in (given, other):
        with pytest.raises(Http404):
            concern_for(receiver, concern.pk)
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    connection.check_constraints()
    sight = sight_of(receiver, who.pk)
    assert sight is not None
    assert Facet.PROGRESS in sight.facets
    assert concern_for(receiver, given.pk) == given


def test_a_decline_ends_the_receivers_sight(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    actions.decline(referral, reason="jurisdiction", by=receiver, at=NOW)
    assert sight_of(receiver, concern.party_id) is None
    assert [r.pk for r in inbox(receiver)] == [referral.pk]


def test_a_suspicion_nobody_was_told_of_is_not_handed_over(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender, danger="child")
    with pytest.raises(Refused, match="通告") as refusal:
        sent(sender, receiver, concern)
    assert "記録" in str(refusal.value)
    assert now_held(concern).kind == HoldKind.TRIAGE
    holding.report_abuse(concern, to_whom="児童相談所", reported_at=NOW, by=sender, at=NOW)
    sent(sender, receiver, concern)
    assert now_held(concern).kind == HoldKind.HANDING_OVER


def test_a_suspicion_that_comes_up_while_waiting_takes_it_back(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    holding.suspect_abuse(concern, danger="child", by=sender, at=NOW)
    assert now_held(concern).kind == HoldKind.ASSESSING
    kept = fresh(referral)
    assert (kept.state, kept.rows.get().state) == (ReferralState.WITHDRAWN, "withdrawn")
    assert sight_of(receiver, concern.party_id) is None
    with pytest.raises(Refused, match="取り下げました"):
        actions.accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    assert broken_laws() == []


def test_the_person_dies_while_the_referral_waits(sender: Worker, receiver: Worker) -> None:
    who = a_person()
    concern = a_concern(held_by=sender, of=who)
    referral = sent(sender, receiver, concern)
    holding.die(who.pk, died_on=TODAY, left_behind="なし", by=sender, at=NOW)
    connection.check_constraints()
    assert fresh(referral).state == ReferralState.WITHDRAWN
    assert broken_laws() == []


def test_one_concern_moves_on_and_the_rest_of_the_sheet_still_waits(sender: Worker, receiver: Worker) -> None:
    who = a_person()
    gone, still = a_concern(held_by=sender, of=who), a_concern(held_by=sender, of=who)
    referral = sent(sender, receiver, gone, still)
    holding.hold_as(HoldKind.FOLLOWING_THROUGH, gone.pk, by=sender, at=NOW, reason="本人が自分で行った")
    assert fresh(referral).state == ReferralState.SENT
    actions.accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    assert (now_held(gone).worker, now_held(still).worker) == (sender, receiver)
    assert broken_laws() == []


def test_the_senders_office_closes_into_the_receivers(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    holding.close_office(office_of(sender), to_office=office_of(receiver), by=sender, at=NOW)
    assert now_held(concern).office == office_of(receiver)
    assert fresh(referral).state == ReferralState.WITHDRAWN
    assert broken_laws() == []


def test_an_offered_concern_is_not_sent_twice(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    sent(sender, receiver, concern)
    with pytest.raises(Refused):
        sent(sender, a_worker(), concern)
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words", "field"),
    [
        ({"reason": "番号 123456789018"}, "個人番号", None),
        ({"person_told": "without"}, "わけを書いて", "person_told_words"),
    ],
    ids=["a my number", "without telling the person"],
)
def test_a_sheet_is_refused_with_what_to_do(
    sender: Worker, receiver: Worker, changed: dict[str, Any], words: str, field: str | None
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        sent(sender, receiver, a_concern(held_by=sender), **changed)
    assert field is None or refusal.value.field == field


def test_a_sheet_goes_to_another_open_office(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    with pytest.raises(Refused, match="ほかの機関"):
        sent(sender, office_of(sender), concern)
    with pytest.raises(Refused, match="ひとつ以上"):
        sent(sender, receiver)
    closed = an_outside_agency(is_active=False)
    with pytest.raises(Refused, match="閉じて"):
        sent(sender, closed, concern)


def test_one_sheet_carries_a_household_but_not_two_strangers(sender: Worker, receiver: Worker) -> None:
    mother, son = a_person(), a_person()
    home = a_household(mother, son)
    of_home, of_son = a_concern(held_by=sender, of=home), a_concern(held_by=sender, of=son)
    with pytest.raises(Refused, match="別々の方"):
        sent(sender, receiver, of_son, a_concern(held_by=sender))
    assert sent(sender, receiver, of_home, of_son).party_id == home.pk
    again = [a_concern(held_by=sender, of=who) for who in (mother, son)]
    assert sent(sender, receiver, *again).party_id == home.pk


def test_a_stranger_cannot_send_what_they_do_not_hold(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    with pytest.raises(Refused, match="受け持ちではありません"):
        actions.send_referral([concern.pk], to_office=office_of(receiver), by=a_worker(), at=NOW)


def test_h5_is_a_request_that_stands_beside_a_deed_of_its_own(
    sender: Worker, receiver: Worker, coordination: Office
) -> None:
    """What くらし連携担当 was asked cannot be declined through a referral either (H5)."""
    concern = a_concern(held_by=sender)
    actions.decline(sent(sender, receiver, concern), reason="age", by=receiver, at=NOW)
    referral = sent(sender, coordination, concern)
    coordinator = a_worker(coordination, role=Role.COORDINATOR)
    with pytest.raises(Refused, match="断らずに"):
        actions.decline(referral, reason="jurisdiction", by=coordinator, at=NOW)
    assert now_held(concern).worker == sender


def test_involvements_of_a_referral_are_the_two_offices(sender: Worker, receiver: Worker) -> None:
    concern = a_concern(held_by=sender)
    referral = sent(sender, receiver, concern)
    rows = Involvement.objects.filter(reason_kind="referral", reason_id=referral.pk, ended_at=None)
    assert {row.office_id for row in rows} == {office_of(sender).pk, office_of(receiver).pk}
    assert set(rows.get(office=office_of(receiver)).facets) == set(REFERRAL_FACETS)
    assert Hold.objects.get(concern=concern, closed_at=None).deed == Deed.REFER
