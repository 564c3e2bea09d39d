"""Who works where; calendars of cities, offices and workers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.factories import NOW, a_post, a_worker, an_office, an_outside_agency
from tsunagi.accounts import queries
from tsunagi.accounts.models import Absence, CalendarDay, Office, Posting, Worker
from tsunagi.accounts.queries import CalendarBook
from tsunagi.accounts.rules import Role

pytestmark = pytest.mark.django_db

SATURDAY, SUNDAY, MONDAY = date(2026, 6, 13), date(2026, 6, 14), date(2026, 6, 15)
HOLIDAY = date(2026, 7, 20)  # 海の日, a Monday


def test_posts_are_read_once_and_only_the_living_ones(queries: Any) -> None:
    from tsunagi.accounts.queries import office_ids, posts_of, roles_of

    closed = an_office()
    worker = a_worker(name="架空 花子")
    a_post(worker, closed)
    a_post(worker, an_office(), Role.MANAGER, ended_at=NOW)
    Office.objects.filter(pk=closed.pk).update(is_active=False)
    fresh = Worker.objects.get(pk=worker.pk)
    with queries() as seen:
        assert [post.is_main for post in posts_of(fresh)] == [True]
        assert len(office_ids(fresh)) == 1
        assert roles_of(fresh) == {Role.COUNSELLOR}
    assert seen.count == 1


@pytest.mark.parametrize(
    ("change", "may"),
    [
        ({}, True),
        ({"role": Role.AUDITOR}, False),
        ({"ended_at": NOW}, False),
    ],
)
def test_who_may_hold(change: dict[str, Any], may: bool) -> None:
    office = an_office()
    worker = a_worker(office)
    Posting.objects.filter(worker=worker).update(**change)
    assert queries.may_hold_in(worker.pk, office.pk) is may


def test_who_left_or_whose_office_closed_may_not_hold() -> None:
    office = an_office()
    worker, other = a_worker(office), a_worker(office)
    Worker.objects.filter(pk=worker.pk).update(is_active=False)
    assert not queries.may_hold_in(worker.pk, office.pk)
    assert [card.id for card in queries.workers_of([office.pk]) if card.id in (worker.pk, other.pk)] == [
        other.pk
    ]
    Office.objects.filter(pk=office.pk).update(is_active=False)
    assert not queries.may_hold_in(other.pk, office.pk)
    assert queries.workers_of([office.pk]) == []


def test_every_open_office_has_somebody_to_turn_to() -> None:
    office = an_office()
    duty = office.duty_worker_id
    assert queries.managers_of(office.pk) == [duty]
    Posting.objects.filter(office=office).update(role=Role.COUNSELLOR)
    assert queries.managers_of(office.pk) == [duty]


def test_the_office_of_those_who_coordinate() -> None:
    assert queries.coordination_office() is None
    office = an_office()
    a_worker(office, Role.COORDINATOR)
    assert queries.coordination_office() == office


def test_an_outside_agency_is_listed_apart() -> None:
    office, agency = an_office(), an_outside_agency()
    assert office in queries.offices(signing_in=True)
    assert agency not in queries.offices(signing_in=True)
    assert agency in queries.offices(signing_in=False)


def test_an_office_that_opens_on_saturdays() -> None:
    office = an_office(open_weekdays=[1, 2, 3, 4, 5])
    calendar = queries.calendar_of(office.pk)
    assert calendar.is_open(SATURDAY)
    assert not calendar.is_open(SUNDAY)
    assert not calendar.is_open(MONDAY)
    assert not queries.city_calendar().is_open(SATURDAY)


def test_a_worker_s_week_narrows_the_office_s() -> None:
    office = an_office()
    tuesdays = a_worker(office, weekdays=[1])
    weekends = a_worker(office, weekdays=[5, 6])
    assert queries.calendar_of(office.pk, tuesdays.pk).add(MONDAY, 1) == date(2026, 6, 16)
    assert queries.calendar_of(office.pk, tuesdays.pk).add(date(2026, 6, 16), 1) == date(2026, 6, 23)
    # Never meeting the office's week would leave no day at all: then the office's own counts.
    assert queries.calendar_of(office.pk, weekends.pk) == queries.calendar_of(office.pk)


def test_an_office_s_own_days_win_over_the_city_s() -> None:
    office = an_office()
    CalendarDay.objects.create(office=None, day=MONDAY, is_open=False)
    CalendarDay.objects.create(office=office, day=MONDAY, is_open=True)
    CalendarDay.objects.create(office=office, day=HOLIDAY, is_open=True)
    calendar = queries.calendar_of(office.pk)
    assert calendar.is_open(MONDAY)
    assert calendar.is_open(HOLIDAY)
    other = queries.calendar_of(an_office().pk)
    assert not other.is_open(MONDAY)
    assert not other.is_open(HOLIDAY)


def test_the_book_says_the_same_in_four_queries(queries: Any) -> None:
    from tsunagi.accounts.queries import calendar_of

    pairs: list[tuple[int | None, int | None]] = [(None, None)]
    for weekdays in ([0, 1, 2, 3, 4], [1, 2, 3, 4, 5]):
        office = an_office(open_weekdays=weekdays)
        CalendarDay.objects.create(office=office, day=MONDAY, is_open=False)
        pairs += [(office.pk, None), (office.pk, a_worker(office, weekdays=[1, 3]).pk)]
    CalendarDay.objects.create(office=None, day=HOLIDAY, is_open=True)
    with queries() as seen:
        book = CalendarBook()
        found = [book.of(*pair) for pair in pairs]
    assert seen.count == 4
    assert found == [calendar_of(*pair) for pair in pairs]
    assert book.of(*pairs[1]) is book.of(*pairs[1])


def test_an_absence_covers_its_days() -> None:
    worker = a_worker()
    Absence.objects.create(
        worker=worker, from_on=MONDAY, until_on=HOLIDAY, business_days=25, recorded_at=NOW, recorded_by=worker
    )
    assert queries.absence_on(worker.pk, SUNDAY) is None
    assert queries.absence_on(worker.pk, MONDAY) is not None
    assert queries.absence_on(worker.pk, HOLIDAY) is not None
    Absence.objects.update(returned_at=NOW)
    assert queries.absence_on(worker.pk, MONDAY) is None
