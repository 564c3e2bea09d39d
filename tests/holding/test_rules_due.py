"""By which day: defaults, horizons, urgency, successors, stocktaking (H2, H3, H10, H11)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagi.holding.rules import (
    KINDS,
    HoldingSettings,
    HoldKind,
    KindRule,
    PassedRow,
    Urgency,
    bd,
    calendar_bound_days,
    check_due,
    days,
    first_due,
    longest_due,
    next_due,
    spread_due_days,
    successor_due_days,
    third_working_day,
)
from tsunagi.shared.days import TOKYO, Calendar
from tsunagi.shared.refusal import Refused

CITY = Calendar.city()
ON = date(2023, 7, 11)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("kind", "due_on", "longest"),
    [
        (HoldKind.STOCKTAKING, date(2023, 9, 7), date(2023, 10, 6)),
        (HoldKind.TRIAGE, date(2023, 7, 14), date(2023, 7, 26)),
        (HoldKind.ASSESSING, date(2023, 7, 26), date(2023, 8, 24)),
        (HoldKind.SUPPORTING, date(2023, 8, 10), date(2023, 10, 19)),
        (HoldKind.HANDING_OVER, date(2023, 7, 19), date(2023, 8, 2)),
        (HoldKind.FOLLOWING_THROUGH, date(2023, 7, 25), date(2024, 1, 17)),
        (HoldKind.COORDINATING, date(2023, 7, 19), date(2023, 8, 9)),
        (HoldKind.REACHING_OUT, date(2023, 7, 25), date(2023, 9, 9)),
        (HoldKind.PARTICIPATING, date(2023, 8, 10), date(2023, 10, 19)),
        (HoldKind.WATCHING, date(2023, 9, 9), date(2024, 1, 17)),
    ],
)
def test_H3_each_kind_has_its_default_and_its_horizon(kind: HoldKind, due_on: date, longest: date) -> None:
    assert first_due(kind, Urgency.LOW, on=ON, calendar=CITY) == due_on
    assert longest_due(kind, ON, CITY) == longest


def test_H3_a_review_in_three_calendar_months_is_within_the_horizon_of_support() -> None:
    three_months_later = date(2023, 10, 11)
    check_due(HoldKind.SUPPORTING, three_months_later, on=ON, calendar=CITY)
    check_due(HoldKind.COORDINATING, three_months_later, on=ON, calendar=CITY, agreed=True)
    with pytest.raises(Refused, match="2023年8月9日まで"):
        check_due(HoldKind.COORDINATING, three_months_later, on=ON, calendar=CITY)


def test_H3_a_past_day_is_no_due_day() -> None:
    with pytest.raises(Refused, match="これからの日"):
        check_due(HoldKind.SUPPORTING, ON - timedelta(days=1), on=ON, calendar=CITY)


ODD_CALENDARS = [CITY, CITY.with_weekdays(frozenset({2})), Calendar(weekdays=frozenset(range(7)))]


@settings(max_examples=200, deadline=None)
@given(
    on=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    kind=st.sampled_from(list(HoldKind)),
    urgency=st.sampled_from(list(Urgency)),
    calendar=st.sampled_from(ODD_CALENDARS),
    seen=st.booleans(),
)
def test_H3_no_due_day_lies_beyond_the_horizon_nor_beyond_what_the_database_checks(
    on: date, kind: HoldKind, urgency: Urgency, calendar: Calendar, seen: bool
) -> None:
    longest = longest_due(kind, on, calendar)
    assert longest <= on + timedelta(days=calendar_bound_days(kind))
    assert on <= first_due(kind, urgency, on=on, calendar=calendar) <= longest
    assert on < next_due(kind, urgency, seen=seen, on=on, calendar=calendar) <= longest


@pytest.mark.parametrize(
    ("urgency", "came_at", "due_on"),
    [
        (Urgency.HIGH, at(date(2023, 7, 11), 16, 50), date(2023, 7, 11)),
        (Urgency.HIGH, at(date(2023, 7, 15), 22), date(2023, 7, 15)),
        (Urgency.UNCLEAR, at(date(2023, 7, 11), 9), date(2023, 7, 12)),
        (Urgency.UNCLEAR, at(date(2023, 7, 14), 18), date(2023, 7, 18)),
        (Urgency.MIDDLE, at(date(2023, 7, 11), 9), date(2023, 7, 19)),
        (Urgency.LOW, at(date(2023, 7, 11), 9), date(2023, 8, 10)),
    ],
    ids=[
        "高 today",
        "高 on a Saturday night",
        "要見極め the next day",
        "要見極め before a long weekend",
        "中 5 bd",
        "低",
    ],
)
def test_urgency_promises_the_first_action(urgency: Urgency, came_at: datetime, due_on: date) -> None:
    on = date(2023, 7, 18)
    assert first_due(HoldKind.SUPPORTING, urgency, on=on, came_at=came_at, calendar=CITY) == due_on


def test_H10_due_counts_from_the_hour_it_came_not_from_the_hour_it_was_written() -> None:
    slip_of_friday_night, written_on = at(date(2023, 7, 7), 21), date(2023, 7, 11)
    due_on = first_due(
        HoldKind.TRIAGE, Urgency.LOW, on=written_on, came_at=slip_of_friday_night, calendar=CITY
    )
    assert due_on == date(2023, 7, 12)


def test_H11_what_an_import_stores_is_not_overdue_by_being_stored() -> None:
    years_ago = at(date(2019, 4, 1), 9)
    due_on = first_due(HoldKind.STOCKTAKING, Urgency.HIGH, on=ON, came_at=years_ago, calendar=CITY)
    assert due_on > ON


@pytest.mark.parametrize(
    ("urgency", "seen", "due_on"),
    [
        (Urgency.HIGH, False, date(2023, 7, 12)),
        (Urgency.MIDDLE, False, date(2023, 7, 19)),
        (Urgency.LOW, False, date(2023, 8, 10)),
        (Urgency.HIGH, True, date(2023, 8, 10)),
    ],
    ids=["高 unseen", "中 unseen", "低 unseen", "after the first A or B the kind's interval applies"],
)
def test_after_a_deed_urgency_holds_until_the_person_is_seen(
    urgency: Urgency, seen: bool, due_on: date
) -> None:
    assert next_due(HoldKind.SUPPORTING, urgency, seen=seen, on=ON, calendar=CITY) == due_on


def test_a_city_sets_its_own_days_but_not_beyond_what_the_database_checks() -> None:
    quick = HoldingSettings(kinds={HoldKind.TRIAGE: KindRule(due=bd(1), horizon=bd(5))})
    assert first_due(HoldKind.TRIAGE, Urgency.LOW, on=ON, calendar=CITY, settings=quick) == date(2023, 7, 12)
    with pytest.raises(Refused, match="最長の期日が長すぎます"):
        HoldingSettings(kinds={HoldKind.WATCHING: KindRule(due=days(60), horizon=days(400))})
    with pytest.raises(Refused, match="最長の期日を超えています"):
        HoldingSettings(kinds={HoldKind.WATCHING: KindRule(due=days(90), horizon=days(60))})
    assert {kind for kind in HoldKind if KINDS[kind].due == KINDS[kind].horizon} == set()


def test_H2_a_successors_rows_keep_their_days_but_none_before_the_third_working_day() -> None:
    tue_thu = CITY.with_weekdays(frozenset({1, 3}))
    assert third_working_day(ON, tue_thu) == date(2023, 7, 18)
    rows = [PassedRow(date(2023, 7, 3)), PassedRow(date(2023, 7, 12)), PassedRow(date(2023, 9, 1))]
    assert successor_due_days(rows, ON, tue_thu) == [
        date(2023, 7, 18),
        date(2023, 7, 18),
        date(2023, 9, 1),
    ]


def test_H2_more_than_ten_are_spread_over_ten_days_with_the_red_ones_first() -> None:
    light = [PassedRow(ON, weight=number) for number in range(35)]
    red = [PassedRow(ON, comes_first=True) for _ in range(5)]
    due = successor_due_days([*light, *red], ON, CITY)
    per_day = Counter(due)
    assert len(per_day) == 10
    assert max(per_day.values()) <= 5
    assert min(due) == third_working_day(ON, CITY)
    assert set(due[35:]) == {min(due)}
    assert due[34] < due[0]


def test_H2_spreading_never_leaves_the_horizon_of_a_kind() -> None:
    latest = longest_due(HoldKind.TRIAGE, ON, CITY)
    rows = [PassedRow(ON, latest_on=latest) for _ in range(40)]
    assert max(successor_due_days(rows, ON, CITY)) <= latest


def test_H11_stocktaking_is_spread_over_forty_business_days_heaviest_first() -> None:
    due = spread_due_days([1] * 410 + [9], ON, CITY)
    assert due[-1] == CITY.add(ON, 1)
    assert max(due) == CITY.add(ON, 40) <= longest_due(HoldKind.STOCKTAKING, ON, CITY)
    assert max(Counter(due).values()) <= 11
    assert spread_due_days([], ON, CITY) == []


@pytest.mark.parametrize("count", [0, 1, 10, 11, 40, 200])
@pytest.mark.parametrize("weekdays", [{0, 1, 2, 3, 4}, {1, 3}, {2}], ids=["full time", "two days", "one day"])
def test_H2_no_successor_meets_more_than_ten_in_the_first_week(count: int, weekdays: set[int]) -> None:
    start = date(2026, 4, 1)
    calendar = Calendar.city().with_weekdays(frozenset(weekdays))
    rows = [
        PassedRow(start + timedelta(days=number % 25 - 9), number % 7, comes_first=number % 9 == 0)
        for number in range(count)
    ]
    days = successor_due_days(rows, start, calendar)
    third = third_working_day(start, calendar)
    assert all(day >= max(row.due_on, third) for row, day in zip(rows, days, strict=True))
    assert sum(day < start + timedelta(days=7) for day in days) <= 10
    last = calendar.add(third, 9)
    assert all(day <= max(last, row.due_on) for row, day in zip(rows, days, strict=True))


def test_H2_what_is_high_or_late_stays_on_the_first_day() -> None:
    start = date(2026, 4, 1)
    rows = [PassedRow(start, 1, comes_first=number < 4) for number in range(40)]
    days = successor_due_days(rows, start, Calendar.city())
    assert set(days[:4]) == {date(2026, 4, 3)}
    # What another hand-over of the day gave counts too.
    again = successor_due_days(rows, start, Calendar.city(), already=10)
    assert sum(day < date(2026, 4, 8) for day in again) == 0
