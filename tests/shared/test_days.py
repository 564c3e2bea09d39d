"""Business days: what is open, and that adding and counting belong together."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.shared.days import TOKYO, Calendar, NoOpenDay, day_of

CITY = Calendar.city()

days = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))
several = st.frozensets(days, max_size=6)
calendars = st.builds(
    lambda closed, opened, weekdays: Calendar.city(closed, opened).with_weekdays(weekdays),
    several,
    several,
    st.frozensets(st.integers(0, 4), min_size=1),
)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 4, 1, 8, 59, tzinfo=TOKYO), date(2026, 4, 1)),
        (datetime(2026, 3, 31, 14, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), date(2026, 4, 1)),
    ],
    ids=["morning in Tokyo", "a minute before midnight in Tokyo", "midnight in Tokyo"],
)
def test_a_moment_belongs_to_the_day_in_tokyo(at, day):
    assert day_of(at) == day


def test_a_moment_without_time_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 4, 1, 9, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), False),
        (date(2026, 9, 22), False),
        (date(2025, 2, 24), False),
        (date(2019, 5, 1), False),
        (date(2019, 4, 30), False),
        (date(2021, 7, 23), False),
        (date(2021, 10, 11), True),
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), False),
        (date(2028, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
    ids=lambda value: str(value),
)
def test_the_city_is_open_on(day, is_open):
    assert CITY.is_open(day) is is_open


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
        (date(2026, 11, 21), 0, date(2026, 11, 24)),
        (date(2026, 11, 20), 1, date(2026, 11, 24)),
        (date(2026, 11, 21), 1, date(2026, 11, 24)),
        (date(2026, 11, 24), -1, date(2026, 11, 20)),
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 12, 28), 3, date(2027, 1, 6)),
        (date(2027, 1, 4), -1, date(2026, 12, 28)),
        (date(2026, 11, 24), 20, date(2026, 12, 22)),
    ],
)
def test_adding_open_days(day, n, expected):
    assert CITY.add(day, n) == expected


@pytest.mark.parametrize(
    ("start", "end", "open_days"),
    [
        (date(2026, 11, 20), date(2026, 11, 20), 0),
        (date(2026, 11, 20), date(2026, 11, 23), 0),
        (date(2026, 11, 20), date(2026, 11, 24), 1),
        (date(2026, 11, 24), date(2026, 11, 20), -1),
        (date(2026, 12, 25), date(2027, 1, 5), 3),
    ],
)
def test_counting_open_days(start, end, open_days):
    assert CITY.count(start, end) == open_days


def test_a_due_day_is_shown_on_the_holders_last_working_day_before_it():
    tuesdays_and_thursdays = CITY.with_weekdays(frozenset({1, 3}))
    assert tuesdays_and_thursdays.on_or_before(date(2026, 11, 25)) == date(2026, 11, 24)
    assert tuesdays_and_thursdays.on_or_before(date(2026, 11, 24)) == date(2026, 11, 24)
    assert tuesdays_and_thursdays.on_or_before(date(2027, 1, 4)) == date(2026, 12, 24)
    assert tuesdays_and_thursdays.on_or_after(date(2026, 12, 25)) == date(2027, 1, 5)


def test_an_office_closes_and_opens_on_days_of_its_own():
    facility = CITY.with_days(extra_closed=[date(2026, 12, 28)], extra_open=[date(2026, 11, 21)])
    assert facility.is_open(date(2026, 11, 21))
    assert not facility.is_open(date(2026, 12, 28))
    assert facility.add(date(2026, 12, 25), 1) == date(2027, 1, 4)


def test_the_offices_own_days_win_over_the_citys():
    city = Calendar.city(extra_closed=[date(2026, 11, 10)], extra_open=[date(2026, 11, 21)])
    office = city.with_days(extra_closed=[date(2026, 11, 21)], extra_open=[date(2026, 11, 10)])
    assert office.is_open(date(2026, 11, 10))
    assert not office.is_open(date(2026, 11, 21))


def test_an_office_may_open_every_saturday_and_on_holidays():
    saturday_office = Calendar(weekdays=frozenset({1, 2, 3, 4, 5}), holidays_open=True)
    assert saturday_office.is_open(date(2026, 11, 21))
    assert saturday_office.is_open(date(2026, 11, 3))
    assert not saturday_office.is_open(date(2026, 11, 24) - timedelta(days=1))


def test_weekdays_only_take_away():
    office = CITY.with_days(extra_open=[date(2026, 11, 21)])
    assert not office.with_weekdays(frozenset({0, 1})).is_open(date(2026, 11, 21))
    assert office.with_weekdays(frozenset({5})).is_open(date(2026, 11, 21))


@pytest.mark.parametrize(
    ("day", "run"),
    [
        (date(2026, 11, 18), []),
        (date(2026, 11, 20), [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]),
        (date(2026, 11, 21), [date(2026, 11, 22), date(2026, 11, 23)]),
        (date(2026, 12, 28), [date(2026, 12, 29) + timedelta(days=n) for n in range(6)]),
    ],
)
def test_the_closed_days_that_follow(day, run):
    assert CITY.closed_run_after(day) == run


def test_a_calendar_that_never_opens_says_so():
    with pytest.raises(NoOpenDay):
        CITY.with_weekdays(frozenset({6})).add(date(2026, 11, 20), 1)
    with pytest.raises(ValueError, match="weekday"):
        CITY.with_weekdays(frozenset())


def test_the_ends_of_time_are_not_a_crash():
    assert CITY.on_or_before(date(2200, 1, 5)) == date(2199, 12, 27)
    assert CITY.on_or_before(date.max) == date(9999, 12, 28)
    with pytest.raises(NoOpenDay):
        CITY.add(date.min, -1)
    assert CITY.add(date(2026, 11, 20), 1) == date(2026, 11, 24)


def test_equal_calendars_are_one():
    closed = date(2026, 11, 10)
    assert Calendar.city([closed]) == Calendar.city(iter([closed]))
    assert len({Calendar.city([closed]), Calendar.city({closed}), CITY}) == 2


@given(calendar=calendars, day=days, n=st.integers(1, 120))
def test_counting_undoes_adding(calendar, day, n):
    assert calendar.count(day, calendar.add(day, n)) == n


@given(calendar=calendars, day=days, n=st.integers(-120, 120))
def test_from_an_open_day_adding_can_be_undone(calendar, day, n):
    start = calendar.on_or_after(day)
    assert calendar.add(calendar.add(start, n), -n) == start
    assert calendar.count(start, calendar.add(start, n)) == n


@given(calendar=calendars, start=days, length=st.integers(0, 500))
def test_counting_is_looking_at_every_day(calendar, start, length):
    end = start + timedelta(days=length)
    looked_at = sum(calendar.is_open(start + timedelta(days=n)) for n in range(1, length + 1))
    assert calendar.count(start, end) == looked_at
    assert calendar.count(end, start) == -looked_at


@given(calendar=calendars, day=days)
def test_the_nearest_open_days_enclose_a_day(calendar, day):
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.is_open(before)
    assert calendar.is_open(after)
    assert (before == after == day) is calendar.is_open(day)
    assert calendar.count(before, day) == 0
    run = calendar.closed_run_after(day)
    assert not any(calendar.is_open(closed) for closed in run)
    assert calendar.add(day, 1) == day + timedelta(days=len(run) + 1)


def test_a_hundred_thousand_rows_are_quick():
    CITY.count(date(2025, 1, 1), date(2027, 1, 1))
    start = time.perf_counter()
    for row in range(100_000):
        CITY.count(date(2026, 1, 1) + timedelta(days=row % 300), date(2026, 11, 24))
    assert time.perf_counter() - start < 3
