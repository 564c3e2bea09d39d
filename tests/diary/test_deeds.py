"""予定: planned, moved, cancelled, happened; who answers, who goes along, what is said and never refused."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.desk.queries import today_of
from tsunagi.diary.actions import Wish, bring_back, cancel, happened, move, plan, take_out
from tsunagi.diary.laws import LAWS
from tsunagi.diary.models import Appointment, TakenOut
from tsunagi.holding.actions import (
    close_concern,
    keep_plain_promise,
    leave,
    leave_message,
    prepare_leaving,
    record_absence,
)
from tsunagi.holding.models import Contact, ContactOn, Promise
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, PersonSays, WordOf
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.models import Party, UnknownPerson
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


def wish(day: Any = TODAY, begins: time | None = time(14), ends: time | None = None, **more: Any) -> Wish:
    return Wish(day, begins, ends, **more)


def planned(
    worker: Worker, *, at: Any = NOW, of: Any = None, kind: str = "visit", **more: Any
) -> Appointment:
    concern = a_concern(held_by=worker, of=of)
    made = plan(kind, [concern.pk], wish(**more), by=worker, at=at).appointment
    connection.check_constraints()
    return made


def law_is_kept() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(LAWS[0].violations)
        return not cursor.fetchall()


def test_an_appointment_is_answered_for_by_a_promise(worker: Worker) -> None:
    made = planned(worker)
    promise = Promise.objects.get(subject_kind="appointment", subject_id=made.pk)
    assert (promise.worker_id, promise.due_on, promise.kind, promise.is_open) == (
        worker.pk,
        TODAY,
        "appointment",
        True,
    )
    assert made.party.kind == "person"
    assert law_is_kept()
    with pytest.raises(Refused):
        keep_plain_promise(promise, by=worker, at=NOW)


@pytest.mark.parametrize("whose", ["person", "household", "unknown"])
def test_it_may_be_about_a_person_a_household_or_somebody_not_yet_known(worker: Worker, whose: str) -> None:
    if whose == "unknown":
        party = Party.objects.create(kind="unknown", created_at=NOW)
        of: Any = UnknownPerson.objects.create(party=party, place="駅の西口")
    else:
        of = a_person() if whose == "person" else a_household(a_person())
    assert planned(worker, of=of).party_id == of.pk
    assert [row.party_label for _day, rows in today_of(worker, NOW).appointments for row in rows]


def test_today_and_the_next_open_day_stand_on_top(worker: Worker) -> None:
    today, tomorrow, later = (
        planned(worker),
        planned(worker, day=TODAY + timedelta(days=1)),
        planned(worker, day=TODAY + timedelta(days=4)),
    )
    page = today_of(worker, NOW)
    assert [[row.id for row in rows] for _day, rows in page.appointments] == [[today.pk], [tomorrow.pk]]
    # What lies further away is a row of the week, not of the top.
    assert [row.subject_id for row in page.week if row.subject_kind == "appointment"] == [later.pk]
    # On a Friday the next open day is Monday.
    friday = NOW + timedelta(days=3)
    assert later.pk not in [row.id for _day, rows in page.appointments for row in rows]
    assert [row.id for _day, rows in today_of(worker, friday).appointments for row in rows] == [later.pk]


def test_the_second_sees_it_as_long_as_their_office_is_with_the_person(worker: Worker) -> None:
    colleague = a_worker(office_of(worker))
    made = planned(worker, second_id=colleague.pk)
    assert [row.id for _day, rows in today_of(colleague, NOW).appointments for row in rows] == [made.pk]
    assert Notice.objects.filter(worker=colleague, kind="appointment").count() == 1
    stranger = a_worker()
    concern = a_concern(held_by=worker)
    with pytest.raises(Refused) as refusal:
        plan("visit", [concern.pk], wish(second_id=stranger.pk), by=worker, at=NOW)
    assert refusal.value.field == "second"
    Appointment.objects.filter(pk=made.pk).update(second=stranger)
    assert not today_of(stranger, NOW).appointments


def test_two_at_once_are_shown_and_said_but_not_refused(worker: Worker) -> None:
    first = planned(worker, begins=time(14), ends=time(15))
    concern = a_concern(held_by=worker)
    made = plan("phone", [concern.pk], wish(begins=time(14, 30)), by=worker, at=NOW)
    assert "相田 ゆきさんは、同じ時間にほかの予定があります。" in made.said
    rows = {row.id: row.at_once for _day, rows in today_of(worker, NOW).appointments for row in rows}
    assert rows == {first.pk: True, made.appointment.pk: True}


def test_closed_days_and_absences_are_said(worker: Worker) -> None:
    concern = a_concern(held_by=worker)
    sunday = TODAY + timedelta(days=5)
    assert "機関の閉庁日です。" in plan("visit", [concern.pk], wish(day=sunday), by=worker, at=NOW).said
    record_absence(
        worker, from_on=TODAY + timedelta(days=1), until_on=TODAY + timedelta(days=2), reason="leave", by=worker, at=NOW
    )  # fmt: skip
    said = plan("visit", [concern.pk], wish(day=TODAY + timedelta(days=1)), by=worker, at=NOW).said
    assert "担当は不在の予定です。" in said


def test_moving_keeps_what_it_said_and_passes_the_promise(worker: Worker) -> None:
    colleague = a_worker(office_of(worker))
    made = planned(worker, place="3階の相談室")
    day = TODAY + timedelta(days=3)
    move(
        made,
        wish(day=day, begins=time(9), at_home=True, worker_id=colleague.pk),
        revision=1,
        reason="通院",
        by=worker,
        at=NOW,
    )
    connection.check_constraints()
    made.refresh_from_db()
    assert (made.day, made.begins, made.at_home, made.place, made.revision) == (day, time(9), True, "", 2)
    before = made.moves.get()
    assert (before.day, before.begins, before.place, before.reason) == (
        TODAY,
        time(14),
        "3階の相談室",
        "通院",
    )
    promise = Promise.objects.get(subject_kind="appointment", subject_id=made.pk, is_open=True)
    assert (promise.worker_id, promise.due_on) == (colleague.pk, day)
    assert Notice.objects.filter(worker=colleague, kind="appointment").exists()
    assert law_is_kept()
    with pytest.raises(Refused):
        move(made, wish(day=day), revision=1, by=worker, at=NOW)


def test_cancelling_needs_a_reason_and_leaves_the_concern_as_it_is(worker: Worker) -> None:
    made = planned(worker)
    due_on = made.on.get().concern.holds.get(closed_at=None).due_on
    with pytest.raises(Refused):
        cancel(made, reason=" ", revision=1, by=worker, at=NOW)
    cancel(made, reason="本人から断り", revision=1, by=worker, at=NOW)
    made.refresh_from_db()
    assert (made.state, made.reason) == ("cancelled", "本人から断り")
    assert made.on.get().concern.holds.get(closed_at=None).due_on == due_on
    assert not Contact.objects.exists()
    assert not today_of(worker, NOW).appointments
    assert law_is_kept()
    with pytest.raises(Refused):
        cancel(made, reason="もう一度", revision=2, by=worker, at=NOW)


def test_what_happened_is_one_contact_for_all_its_concerns(worker: Worker) -> None:
    mother, son = a_person(), a_person()
    household = a_household(mother, son)
    ids = [
        a_concern(held_by=worker, of=who, at=NOW - timedelta(days=9)).pk for who in (mother, son, household)
    ]
    made = plan("visit", ids, wish(begins=time(9), ends=time(9, 30)), by=worker, at=NOW).appointment
    recorded = happened(made, "met", words="玄関先で話せた", revision=1, by=worker, at=NOW)
    connection.check_constraints()
    assert recorded is not None
    contact = Contact.objects.get()
    assert (contact.means, contact.at.astimezone(NOW.tzinfo).time()) == ("visit_there", time(9))
    assert set(ContactOn.objects.values_list("concern_id", flat=True)) == set(ids)
    made.refresh_from_db()
    assert (made.state, made.contact_id) == ("happened", contact.pk)
    assert not Promise.objects.filter(subject_kind="appointment", is_open=True).exists()
    assert law_is_kept()
    with pytest.raises(Refused):
        happened(made, "met", revision=2, by=worker, at=NOW)
    assert Contact.objects.count() == 1


def test_an_hour_that_has_not_come_cannot_have_happened(worker: Worker) -> None:
    tomorrow = planned(worker, day=TODAY + timedelta(days=1))
    with pytest.raises(Refused):
        happened(tomorrow, "met", revision=1, by=worker, at=NOW)
    today = planned(worker, begins=time(17))
    with pytest.raises(Refused):
        happened(today, "met", clock=time(17), revision=1, by=worker, at=NOW)
    happened(today, "met", revision=1, by=worker, at=NOW)  # it came earlier: now


def test_concerns_that_ended_meanwhile_are_left_out(worker: Worker) -> None:
    concern, other = a_concern(held_by=worker), a_concern(held_by=worker)
    first = plan("phone", [concern.pk], wish(begins=time(9)), by=worker, at=NOW).appointment
    gone = ClosingWish(
        ClosingOutcome.RESOLVED, word_of=WordOf.PERSON, person_says=PersonSays.YES, told_return="いつでも"
    )
    close_concern(concern.pk, gone, by=worker, at=NOW)
    with pytest.raises(Refused) as refusal:
        happened(first, "met", words="ようす", revision=1, by=worker, at=NOW)
    assert refusal.value.field == "words"
    assert happened(first, "met", revision=1, by=worker, at=NOW) is None
    with pytest.raises(Refused):
        plan("visit", [concern.pk, other.pk], wish(), by=worker, at=NOW)
    assert law_is_kept()


def test_one_that_passed_without_a_word_stays_until_somebody_says(worker: Worker) -> None:
    made = planned(worker)
    later = NOW + timedelta(days=20)
    page = today_of(worker, later)
    assert [row.id for row in page.unsaid] == [made.pk]
    assert page.counts["falling"] + page.counts["red"] >= 1
    assert made.pk not in [
        row.subject_id for row in (*page.now, *page.week) if row.subject_kind == "appointment"
    ]
    cancel(made, reason="会えなかったが、別の日に電話で済んだ", revision=1, by=worker, at=later)
    assert not today_of(worker, later).unsaid


def test_a_leavers_appointments_go_to_the_successor(worker: Worker) -> None:
    successor = a_worker(office_of(worker))
    made = planned(worker, day=TODAY + timedelta(days=14))
    manager = office_of(worker).duty_worker
    assert manager is not None
    prepare_leaving(worker, leaving_on=TODAY, rows={}, by=manager, at=NOW)
    leave(worker, by=manager, at=NOW, rest_to_duty=True)
    connection.check_constraints()
    who = Promise.objects.get(subject_kind="appointment", subject_id=made.pk, is_open=True).worker_id
    assert who in (successor.pk, manager.pk)
    assert law_is_kept()


def test_refusals(worker: Worker) -> None:
    concern = a_concern(held_by=worker)
    other = a_concern(held_by=a_worker())
    for ids, said, field in (
        ([], wish(), "concerns"),
        ([other.pk], wish(), "concerns"),
        ([concern.pk], wish(day=None), "day"),
        ([concern.pk], wish(day=TODAY - timedelta(days=1)), "day"),
        ([concern.pk], wish(second_id=worker.pk), "second"),
        ([concern.pk], wish(worker_id=a_worker().pk), "worker"),
        ([concern.pk], wish(note="番号 123456789018"), "note"),
    ):
        with pytest.raises(Refused) as refusal:
            plan("visit", ids, said, by=worker, at=NOW)
        assert refusal.value.field == field


def test_the_journal_says_it_in_numbers(worker: Worker) -> None:
    made = planned(worker, place="ハローワーク", note="犬がいる")
    line = Entry.objects.filter(action="appointment.planned").get()
    assert line.subject_id == made.pk
    assert "ハローワーク" not in str(line.detail)


def test_a_paper_stays_a_row_until_it_is_back(worker: Worker) -> None:
    taken = take_out("visits", persons=3, by_number=False, by=worker, at=NOW)
    assert [row.id for row in today_of(worker, NOW).papers] == [taken.pk]
    assert not today_of(worker, NOW).papers[0].is_late
    assert today_of(worker, NOW + timedelta(days=1)).papers[0].is_late
    bring_back(taken, how="shredded", by=worker, at=NOW)
    bring_back(taken, how="lost", by=worker, at=NOW)  # a second press changes nothing
    assert TakenOut.objects.get().how == "shredded"
    assert not today_of(worker, NOW).papers
    lost = take_out("today", persons=1, by_number=False, by=worker, at=NOW)
    bring_back(lost, how="lost", by=worker, at=NOW)
    assert Notice.objects.filter(worker=office_of(worker).duty_worker, kind="paper_lost").exists()


def test_a_message_is_red_the_next_open_day_and_gone_when_done(worker: Worker) -> None:
    left = leave_message(
        worker, by=a_worker(), at=NOW, caller="大家", number="075-000-0009", words="折り返し"
    )
    assert [row.lateness for row in today_of(worker, NOW).messages] == ["amber"]
    assert [row.lateness for row in today_of(worker, NOW + timedelta(days=1)).messages] == ["red"]
    # One that came on a Saturday is red on Tuesday, not on Monday.
    saturday, monday = NOW + timedelta(days=4), NOW + timedelta(days=6)
    other = leave_message(worker, by=a_worker(), at=saturday, words="折り返し")
    assert other.due_on == monday.date()
    colours = {row.id: row.lateness for row in today_of(worker, monday).messages}
    assert (colours[left.pk], colours[other.pk]) == ("red", "amber")
    for one in (left, other):
        keep_plain_promise(one, by=worker, at=monday)
    assert not today_of(worker, monday).messages


def test_a_message_for_somebody_who_is_away_goes_to_whoever_acts(worker: Worker) -> None:
    acting = office_of(worker).duty_worker
    assert acting is not None
    record_absence(worker, from_on=TODAY, until_on=TODAY + timedelta(days=1), by=worker, at=NOW)
    left = leave_message(worker, by=a_worker(), at=NOW, words="至急")
    assert left.acting_id == acting.pk
    assert [row.id for row in today_of(acting, NOW).messages] == [left.pk]
    assert [row.id for row in today_of(worker, NOW).messages] == [left.pk]
    assert Notice.objects.filter(worker=acting, kind="message").exists()
    with pytest.raises(Refused) as refusal:
        leave_message(worker, by=acting, at=NOW, words="x", came_at=NOW + timedelta(hours=1))
    assert refusal.value.field == "clock"
    with pytest.raises(Refused) as refusal:
        leave_message(worker, by=acting, at=NOW, number="123456789018")
    assert refusal.value.field == "number"
