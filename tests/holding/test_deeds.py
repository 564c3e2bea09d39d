"""What a holder does, on the real database: the day moves as the table says, and the laws hold after each deed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.factories import (
    NOW,
    TODAY,
    a_concern,
    a_household,
    a_person,
    a_post,
    a_worker,
    an_office,
    office_of,
)
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.holding import actions
from tsunagi.holding.actions import Served
from tsunagi.holding.models import Closing, Concern, Contact, Gap, Hold, Promise, SecondWord
from tsunagi.holding.rules import (
    ClosingOutcome,
    ClosingWish,
    ContactKind,
    GapKind,
    HoldKind,
    PersonSays,
    PromiseKind,
    Urgency,
    WordOf,
)
from tsunagi.people.models import Involvement
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def office() -> Office:
    return an_office()


@pytest.fixture
def holder(office: Office) -> Worker:
    return a_worker(office)


@pytest.fixture
def colleague(office: Office) -> Worker:
    return a_worker(office)


def now_held(concern: Concern) -> Hold:
    connection.check_constraints()
    return Hold.objects.get(concern=concern, closed_at__isnull=True)


def contact(kind: str, *concerns: Concern, by: Worker, **fields: object) -> actions.Recorded:
    return actions.record_contact(
        kind, [Served(c.pk) for c in concerns], by=by, at=fields.pop("at", TOMORROW), **fields
    )  # type: ignore[arg-type]


def test_a_concern_is_opened_held_and_seen_by_its_office(holder: Worker) -> None:
    concern = a_concern(held_by=holder, urgency=Urgency.MIDDLE)
    hold = now_held(concern)
    assert (hold.worker, hold.kind) == (holder, HoldKind.TRIAGE)
    assert hold.due_on == date(2026, 6, 12)  # 受付整理 3 open days, before the 5 of 中
    assert Involvement.objects.filter(
        party_id=concern.party_id,
        office=hold.office,
        reason_kind="concern",
        reason_id=concern.pk,
        ended_at=None,
    ).exists()


def test_one_visit_is_recorded_once_for_four_concerns(holder: Worker) -> None:
    mother, son = a_person("母"), a_person("息子")
    household = a_household(mother, son)
    concerns = [a_concern(held_by=holder, of=who) for who in (mother, son, son, household)]
    recorded = contact(ContactKind.MET, *concerns, by=holder, words="家で三人に会えた")
    assert Contact.objects.count() == 1
    assert recorded.contact.concerns.count() == 4
    for concern in concerns:
        concern.refresh_from_db()
        assert concern.last_seen_on == TOMORROW.date()
        assert now_held(concern).deed == "met"


def test_a_try_does_not_say_that_anybody_was_seen_and_moves_the_day_once(holder: Worker) -> None:
    concern = a_concern(held_by=holder)
    actions.hold_as(HoldKind.SUPPORTING, concern.pk, by=holder, at=NOW)
    first = contact(ContactKind.TRIED, concern, by=holder, at=NOW + timedelta(days=10))
    second = contact(ContactKind.TRIED, concern, by=holder, at=NOW + timedelta(days=20))
    assert (first.decisions[0].moved, second.decisions[0].moved) == (True, False)
    assert second.hints
    concern.refresh_from_db()
    assert concern.last_seen_on is None
    assert now_held(concern).due_on == first.decisions[0].due_on


def test_a_contact_in_the_future_is_refused(holder: Worker) -> None:
    with pytest.raises(Refused, match="まだ来ていない時刻"):
        contact(ContactKind.MET, a_concern(held_by=holder), by=holder, happened_at=NOW + timedelta(days=9))


def test_my_number_is_refused_in_a_contact(holder: Worker) -> None:
    with pytest.raises(Refused):
        contact(ContactKind.MET, a_concern(held_by=holder), by=holder, words="番号は 123456789018 です")


def test_a_stranger_may_not_move_a_concern(holder: Worker) -> None:
    concern = a_concern(held_by=holder)
    with pytest.raises(Refused, match="受け持ち"):
        actions.could_not(concern.pk, by=a_worker(), at=NOW)


def test_could_not_is_one_key_once_between_two_contacts(holder: Worker) -> None:
    concern = a_concern(held_by=holder)
    before = now_held(concern).due_on
    actions.could_not(concern.pk, by=holder, at=NOW)
    assert now_held(concern).due_on > before
    with pytest.raises(Refused, match="もう一度使って"):
        actions.could_not(concern.pk, by=holder, at=NOW)


def test_the_third_extension_without_a_look_needs_another_person(holder: Worker, colleague: Worker) -> None:
    concern = a_concern(held_by=holder)
    actions.hold_as(HoldKind.SUPPORTING, concern.pk, by=holder, at=NOW)
    for days in (40, 50):
        actions.extend(concern.pk, due_on=TODAY + timedelta(days=days), reason="入院中", by=holder, at=NOW)
    with pytest.raises(Refused, match="もう一人"):
        actions.extend(concern.pk, due_on=TODAY + timedelta(days=60), reason="入院中", by=holder, at=NOW)
    word = actions.extend(
        concern.pk,
        due_on=TODAY + timedelta(days=60),
        reason="退院を待つ",
        by=holder,
        at=NOW,
        second=colleague.pk,
    )
    assert isinstance(word, SecondWord)
    assert now_held(concern).due_on == TODAY + timedelta(days=50)
    actions.answer_second(word, agreed=True, by=colleague, at=NOW)
    assert now_held(concern).due_on == TODAY + timedelta(days=60)


def test_a_colleague_takes_over_only_with_their_own_yes(holder: Worker, colleague: Worker) -> None:
    concern = a_concern(held_by=holder)
    due_on = now_held(concern).due_on
    word = actions.ask_reassign(
        concern.pk,
        to_worker=colleague.pk,
        handed_note="夕方なら出る",
        introduced_how="telephone",
        by=holder,
        at=NOW,
    )
    assert now_held(concern).worker == holder
    with pytest.raises(Refused, match="頼んだ人とは別"):
        actions.answer_second(word, agreed=True, by=holder, at=NOW)
    actions.answer_second(word, agreed=True, by=colleague, at=NOW)
    hold = now_held(concern)
    assert (hold.worker, hold.due_on, hold.handed_note) == (colleague, due_on, "夕方なら出る")


def test_somebody_else_cannot_say_yes_in_their_place(
    office: Office, holder: Worker, colleague: Worker
) -> None:
    concern = a_concern(held_by=holder)
    word = actions.ask_reassign(concern.pk, to_worker=colleague.pk, by=holder, at=NOW)
    with pytest.raises(Refused, match="頼まれた職員だけ"):
        actions.answer_second(word, agreed=True, by=a_worker(office), at=NOW)


def resolved(**fields: object) -> ClosingWish:
    wish = {
        "word_of": WordOf.PERSON,
        "person_says": PersonSays.YES,
        "told_return": "いつでもと伝えた",
    } | fields
    return ClosingWish(ClosingOutcome.RESOLVED, **wish)  # type: ignore[arg-type]


def test_a_concern_is_closed_with_the_persons_word_and_its_office_sees_no_longer(holder: Worker) -> None:
    concern = a_concern(held_by=holder)
    contact(ContactKind.MET, concern, by=holder)
    actions.close_concern(concern.pk, resolved(), by=holder, at=TOMORROW)
    connection.check_constraints()
    concern.refresh_from_db()
    assert concern.closed_at == TOMORROW
    assert Closing.objects.get(concern=concern).outcome == ClosingOutcome.RESOLVED
    assert not Involvement.objects.filter(reason_kind="concern", reason_id=concern.pk, ended_at=None).exists()


def test_contact_lost_closes_with_two_and_stays_as_a_look_back(holder: Worker, colleague: Worker) -> None:
    concern = a_concern(held_by=holder)
    wish = ClosingWish(
        ClosingOutcome.CONTACT_LOST,
        word_of=WordOf.SUPPORTER,
        told_return="手紙に書いた",
        tries="電話3回、訪問2回",
    )
    word = actions.close_concern(concern.pk, wish, by=holder, at=NOW, second=colleague.pk)
    assert isinstance(word, SecondWord)
    assert not now_held(concern).look_back
    actions.answer_second(word, agreed=True, by=colleague, at=TOMORROW)
    hold = now_held(concern)
    assert (hold.kind, hold.look_back) == (HoldKind.WATCHING, True)
    closing = Closing.objects.get(concern=concern)
    assert (closing.by, closing.second_by, closing.decided_on) == (holder, colleague, TOMORROW.date())
    later = NOW + timedelta(days=91)
    actions.look_back_done(concern.pk, by=holder, at=later, words="元気だった")
    connection.check_constraints()
    concern.refresh_from_db()
    assert concern.closed_at == later
    assert Closing.objects.filter(concern=concern).count() == 1


def test_a_look_back_that_finds_trouble_reopens(holder: Worker, colleague: Worker) -> None:
    concern = a_concern(held_by=holder)
    wish = ClosingWish(
        ClosingOutcome.CONTACT_LOST, word_of=WordOf.SUPPORTER, told_return="手紙", tries="電話3回"
    )
    word = actions.close_concern(concern.pk, wish, by=holder, at=NOW, second=colleague.pk)
    assert isinstance(word, SecondWord)
    actions.answer_second(word, agreed=True, by=colleague, at=NOW)
    actions.reopen(
        concern.pk,
        reason="隣の人から電話",
        office_id=office_of(holder).pk,
        worker_id=holder.pk,
        by=holder,
        at=TOMORROW,
    )
    assert not now_held(concern).look_back
    assert Closing.objects.filter(concern=concern, reopened_at=None).count() == 0


def test_what_is_missing_for_a_closing_is_said_before_anybody_is_asked(
    holder: Worker, colleague: Worker
) -> None:
    concern = a_concern(held_by=holder)
    with pytest.raises(Refused, match="試みたか"):
        actions.close_concern(
            concern.pk,
            ClosingWish(ClosingOutcome.CONTACT_LOST, word_of=WordOf.SUPPORTER, told_return="x"),
            by=holder,
            at=NOW,
            second=colleague.pk,
        )
    assert not SecondWord.objects.exists()


def test_no_service_leaves_a_gap_and_comes_back_when_something_is_built(
    holder: Worker, colleague: Worker
) -> None:
    concern = a_concern(held_by=holder)
    wish = ClosingWish(
        ClosingOutcome.NO_SERVICE,
        word_of=WordOf.SUPPORTER,
        told_return="また来てよいと伝えた",
        gap=GapKind.UNDIAGNOSED,
    )
    word = actions.close_concern(
        concern.pk, wish, by=holder, at=NOW, gap_needed="診断前の居場所", second=colleague.pk
    )
    assert isinstance(word, SecondWord)
    actions.answer_second(word, agreed=True, by=colleague, at=NOW)
    gap = Gap.objects.get(concern=concern)
    assert gap.needed == "診断前の居場所"
    assert actions.solve_gap(gap, words="居場所カフェ", by=holder, at=TOMORROW) == 1
    connection.check_constraints()
    row = Promise.objects.get(kind=PromiseKind.GAP_SOLVED)
    assert (row.subject_id, row.worker) == (concern.pk, holder)


def test_a_closed_concern_is_reopened_and_held_again(holder: Worker) -> None:
    concern = a_concern(held_by=holder)
    contact(ContactKind.MET, concern, by=holder)
    actions.close_concern(concern.pk, resolved(), by=holder, at=TOMORROW)
    connection.check_constraints()
    actions.reopen(
        concern.pk,
        reason="また家賃が遅れた",
        office_id=office_of(holder).pk,
        worker_id=holder.pk,
        by=holder,
        at=TOMORROW,
    )
    hold = now_held(concern)
    assert hold.worker == holder
    concern.refresh_from_db()
    assert concern.closed_at is None


def test_somebody_leaves_and_every_row_passes_in_one_deed(
    office: Office, holder: Worker, colleague: Worker
) -> None:
    concerns = [a_concern(held_by=holder) for _ in range(14)]
    row = ("hold", now_held(concerns[0]).pk)
    actions.prepare_leaving(
        holder, leaving_on=TODAY, rows={row: actions.Line(colleague.pk, "犬が好き")}, by=holder, at=NOW
    )
    assert now_held(concerns[0]).worker == holder
    passed = actions.leave(holder, by=colleague, at=NOW)
    assert passed == 14
    holder.refresh_from_db()
    assert not holder.is_active
    assert now_held(concerns[0]).worker == colleague
    assert now_held(concerns[0]).handed_note == "犬が好き"
    duty = Office.objects.get(pk=office.pk).duty_worker
    assert {now_held(c).worker for c in concerns[1:]} == {duty}
    assert min(now_held(c).due_on for c in concerns) >= date(2026, 6, 11)


def test_a_long_absence_names_who_acts_and_ends_with_the_return(holder: Worker, colleague: Worker) -> None:
    concern = a_concern(held_by=holder)
    with pytest.raises(Refused, match="代行"):
        actions.record_absence(holder, from_on=TODAY, until_on=TODAY + timedelta(days=30), by=holder, at=NOW)
    actions.record_absence(
        holder, from_on=TODAY, until_on=TODAY + timedelta(days=30), acting_id=colleague.pk, by=holder, at=NOW
    )
    assert now_held(concern).acting == colleague
    contact(ContactKind.MET, concern, by=colleague)
    assert (now_held(concern).worker, now_held(concern).acting) == (holder, colleague)
    actions.come_back(holder, by=holder, at=NOW + timedelta(days=10))
    assert now_held(concern).acting is None


def test_an_office_closes_and_its_rows_stand_with_the_next(office: Office, holder: Worker) -> None:
    concern = a_concern(held_by=holder)
    successor = an_office()
    actions.close_office(office, to_office=successor, by=holder, at=NOW)
    hold = now_held(concern)
    assert (hold.office, hold.worker) == (successor, successor.duty_worker)


def test_suspected_abuse_cannot_be_handed_over_until_somebody_was_told(holder: Worker) -> None:
    from tsunagi.holding.rules import Deed

    concern = a_concern(held_by=holder)
    actions.suspect_abuse(concern, danger="child", by=holder, at=NOW)
    connection.check_constraints()
    assert Promise.objects.filter(kind=PromiseKind.SAFETY_CHECK, is_open=True).exists()
    with pytest.raises(Refused, match="通告"):
        actions.perform(Deed.REFER, concern.pk, by=holder, at=NOW)
    actions.report_abuse(concern, to_whom="児童相談所 山田", reported_at=NOW, by=holder, at=NOW)
    actions.perform(Deed.REFER, concern.pk, by=holder, at=NOW)
    assert now_held(concern).kind == HoldKind.HANDING_OVER


def test_not_reporting_is_a_reasoned_word_of_two(holder: Worker, colleague: Worker) -> None:
    concern = a_concern(held_by=holder)
    actions.suspect_abuse(concern, danger="self_harm", by=holder, at=NOW)
    word = actions.ask_not_to_report(concern, reason="主治医と話した", by=holder, at=NOW, second=colleague.pk)
    actions.answer_second(word, agreed=True, by=colleague, at=NOW)
    connection.check_constraints()
    report = concern.safety_reports.get()
    assert (report.reported, report.by, report.second_by) == (False, holder, colleague)


def test_a_message_stands_on_the_addressees_day_until_done(holder: Worker) -> None:
    made = actions.leave_message(
        holder, by=a_worker(), at=NOW, caller="病院の相談員", words="折り返しください"
    )
    connection.check_constraints()
    assert (made.worker, made.due_on) == (holder, date(2026, 6, 9))
    actions.keep_plain_promise(made, by=holder, at=NOW)
    made.refresh_from_db()
    assert not made.is_open


def test_a_request_to_the_coordinators_cannot_be_kept_by_a_click(holder: Worker) -> None:
    coordination = an_office(field="coordination")
    coordinator = a_worker(coordination, role=Role.COORDINATOR)
    concern = a_concern(held_by=holder)
    request = actions.ask_coordination(concern, by=holder, at=NOW)
    assert request is not None
    connection.check_constraints()
    with pytest.raises(Refused, match="断れません"):
        actions.keep_plain_promise(request, by=coordinator, at=NOW)
    assert now_held(concern).worker == holder
    actions.take_coordination(request, worker_id=coordinator.pk, by=coordinator, at=NOW)
    assert (now_held(concern).worker, now_held(concern).kind) == (coordinator, HoldKind.COORDINATING)


def test_a_worker_in_two_offices_holds_by_the_posting_named(office: Office, holder: Worker) -> None:
    other = an_office()
    a_post(holder, other)
    concern = a_concern(held_by=holder)
    from tsunagi.holding.actions import end_post

    posting = holder.postings.get(office=office)
    end_post(posting, by=holder, at=NOW)
    assert now_held(concern).worker == Office.objects.get(pk=office.pk).duty_worker
