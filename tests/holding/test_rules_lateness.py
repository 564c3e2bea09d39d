"""Colours, ladder and closed days: derived from the due day, the calendars and today (H6, H7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagi.holding.rules import (
    Danger,
    LadderStep,
    Lateness,
    Urgency,
    board_dates,
    days_late,
    eve_of_closure,
    falling_since,
    is_resting,
    ladder_step,
    lateness,
    resting_until,
    settle_before_closure,
    weight,
)
from tsunagi.shared.days import Calendar

CITY = Calendar.city()
TUE_THU = CITY.with_weekdays(frozenset({1, 3}))
WITH_SATURDAY = CITY.with_days(extra_open=[date(2023, 7, 8), date(2023, 7, 15), date(2023, 7, 22)])
TUESDAY = date(2023, 7, 11)


@pytest.mark.parametrize(
    ("due_on", "colour"),
    [
        (date(2023, 7, 13), Lateness.GREEN),
        (date(2023, 7, 12), Lateness.AMBER),
        (date(2023, 7, 11), Lateness.AMBER),
        (date(2023, 7, 9), Lateness.RED),
        (date(2023, 7, 10), Lateness.RED),
        (date(2023, 7, 5), Lateness.RED),
        (date(2023, 7, 4), Lateness.FALLING),
    ],
    ids=["in two days", "tomorrow", "today", "last Sunday", "yesterday", "four bd ago", "five bd ago"],
)
def test_H6_a_row_is_coloured_by_its_due_day(due_on: date, colour: Lateness) -> None:
    assert lateness(due_on, Urgency.MIDDLE, TUESDAY, CITY) is colour


def test_H6_a_high_row_falls_after_one_business_day() -> None:
    assert lateness(date(2023, 7, 10), Urgency.HIGH, TUESDAY, CITY) is Lateness.FALLING


def test_H6_on_friday_the_row_of_monday_is_tomorrows() -> None:
    assert lateness(date(2023, 7, 10), Urgency.LOW, date(2023, 7, 7), CITY) is Lateness.AMBER


def test_H6_a_due_day_the_holder_does_not_work_counts_on_the_working_day_before() -> None:
    friday = date(2023, 7, 14)
    assert lateness(friday, Urgency.LOW, date(2023, 7, 13), TUE_THU, office=CITY) is Lateness.AMBER
    assert lateness(friday, Urgency.LOW, friday, TUE_THU, office=CITY) is Lateness.RED


def test_H6_overdue_days_of_a_two_day_worker_are_counted_by_the_office() -> None:
    thursday, next_thursday = date(2023, 6, 8), date(2023, 6, 15)
    assert days_late(thursday, next_thursday, TUE_THU, office=CITY) == 5
    assert lateness(thursday, Urgency.LOW, next_thursday, TUE_THU, office=CITY) is Lateness.FALLING


@pytest.mark.parametrize("missing", [{"safety_open": True}, {"night_open": True}])
def test_H15_without_a_report_or_a_night_hand_over_a_row_is_falling_whatever_its_day(
    missing: dict[str, bool],
) -> None:
    in_a_month = date(2023, 8, 10)
    promised = date(2023, 7, 14)
    assert lateness(in_a_month, Urgency.LOW, TUESDAY, CITY, **missing) is Lateness.FALLING
    said_yes = lateness(in_a_month, Urgency.LOW, TUESDAY, CITY, oral_yes_until=promised, **missing)
    assert said_yes is Lateness.FALLING


def test_H4_an_oral_yes_keeps_the_row_green_until_its_day() -> None:
    overdue, until = date(2023, 7, 7), date(2023, 7, 14)
    assert lateness(overdue, Urgency.LOW, until, CITY, oral_yes_until=until) is Lateness.GREEN
    later = until + timedelta(days=3)
    assert lateness(overdue, Urgency.LOW, later, CITY, oral_yes_until=until) is Lateness.FALLING


DAYS = st.dates(date(2022, 12, 1), date(2024, 2, 1))
CALENDARS = st.sampled_from(
    [CITY, TUE_THU, WITH_SATURDAY, CITY.with_weekdays(frozenset({4})), CITY.with_days(extra_closed=[TUESDAY])]
)


@settings(max_examples=400, deadline=None)
@given(
    on=DAYS,
    away=st.integers(-60, 60),
    urgency=st.sampled_from(list(Urgency)),
    own=CALENDARS,
    office=CALENDARS,
)
def test_H6_the_boards_dates_say_the_same_as_the_single_row(
    on: date, away: int, urgency: Urgency, own: Calendar, office: Calendar
) -> None:
    due_on = on + timedelta(days=away)
    dates = board_dates(on, own, office=office)
    assert dates.colour(due_on, urgency) is lateness(due_on, urgency, on, own, office=office)
    assert dates.climbed_before <= dates.falling_before <= dates.red_before <= dates.amber_before


@settings(max_examples=300, deadline=None)
@given(
    on=DAYS,
    away=st.integers(-60, 10),
    urgency=st.sampled_from(list(Urgency)),
    own=CALENDARS,
    office=CALENDARS,
)
def test_H7_a_row_climbs_the_day_it_falls_and_again_three_business_days_later(
    on: date, away: int, urgency: Urgency, own: Calendar, office: Calendar
) -> None:
    due_on = on + timedelta(days=away)
    colour = lateness(due_on, urgency, on, own, office=office)
    step = ladder_step(due_on, urgency, on, own, office=office)
    assert (step in (LadderStep.MANAGER, LadderStep.COORDINATOR)) == (colour is Lateness.FALLING)
    assert (step is LadderStep.HOLDER) == (colour is Lateness.RED)
    if urgency is not Urgency.HIGH:
        climbed = due_on < board_dates(on, own, office=office).climbed_before
        assert (step is LadderStep.COORDINATOR) == climbed


@pytest.mark.parametrize(
    ("on", "urgency", "step"),
    [
        (date(2023, 7, 3), Urgency.LOW, LadderStep.NONE),
        (date(2023, 7, 4), Urgency.LOW, LadderStep.HOLDER),
        (date(2023, 7, 10), Urgency.LOW, LadderStep.MANAGER),
        (date(2023, 7, 12), Urgency.LOW, LadderStep.MANAGER),
        (date(2023, 7, 13), Urgency.LOW, LadderStep.COORDINATOR),
        (date(2023, 7, 4), Urgency.HIGH, LadderStep.COORDINATOR),
    ],
    ids=["due today", "a day over", "falling", "two bd more", "three bd more", "高: at once"],
)
def test_H7_the_ladder(on: date, urgency: Urgency, step: LadderStep) -> None:
    assert ladder_step(date(2023, 7, 3), urgency, on, CITY) is step


def test_H7_an_unreported_suspicion_climbs_from_the_day_it_was_noticed() -> None:
    due_on, noticed_on = date(2023, 8, 10), date(2023, 7, 11)
    assert falling_since(due_on, Urgency.LOW, CITY, open_since=noticed_on) == noticed_on
    assert ladder_step(due_on, Urgency.LOW, noticed_on, CITY, open_since=noticed_on) is LadderStep.MANAGER
    later = CITY.add(noticed_on, 3)
    assert ladder_step(due_on, Urgency.LOW, later, CITY, open_since=noticed_on) is LadderStep.COORDINATOR


def test_H7_a_row_rests_three_business_days_on_the_board_of_who_reached_out() -> None:
    thursday = date(2023, 7, 13)
    until = resting_until(thursday, CITY)
    assert until == date(2023, 7, 19)
    assert is_resting(thursday, until, CITY)
    assert not is_resting(thursday, until + timedelta(days=1), CITY)
    assert not is_resting(None, thursday, CITY)


def test_H7_the_heaviest_ten_begin_with_what_nobody_was_told_of() -> None:
    heavy = [
        weight(Lateness.FALLING, Urgency.LOW, safety_open=True),
        weight(Lateness.FALLING, Urgency.HIGH, late_bd=1),
        weight(Lateness.FALLING, Urgency.LOW, late_bd=30),
        weight(Lateness.FALLING, Urgency.LOW, late_bd=5, unseen_days=200),
        weight(Lateness.FALLING, Urgency.LOW, late_bd=5),
        weight(Lateness.RED, Urgency.LOW),
    ]
    assert heavy == sorted(heavy, reverse=True)
    assert len(set(heavy)) == len(heavy)


LONG_HOLIDAY = [date(2023, 5, day) for day in range(3, 8)]


@pytest.mark.parametrize(
    ("on", "calendar", "closed"),
    [
        (date(2023, 5, 2), CITY, LONG_HOLIDAY),
        (date(2023, 5, 1), CITY, []),
        (date(2023, 5, 2), TUE_THU, LONG_HOLIDAY),
        (date(2023, 7, 13), TUE_THU, [date(2023, 7, 15), date(2023, 7, 16), date(2023, 7, 17)]),
        (date(2023, 7, 6), TUE_THU, []),
        (date(2023, 7, 7), CITY, []),
        (date(2023, 12, 28), CITY, [date(2023, 12, 29) + timedelta(days=days) for days in range(6)]),
        (date(2023, 5, 4), CITY, []),
    ],
    ids=[
        "before Golden Week",
        "a working day lies between",
        "a part-timer on the same day",
        "the part-timer's last day before a long weekend",
        "free weekdays are no closure",
        "an ordinary weekend",
        "New Year",
        "on a closed day",
    ],
)
def test_eve_of_closure_is_the_holders_last_working_day(
    on: date, calendar: Calendar, closed: list[date]
) -> None:
    assert eve_of_closure(on, calendar, office=CITY) == closed


def test_eve_of_closure_asks_for_what_falls_inside_and_for_what_cannot_wait() -> None:
    inside, after = date(2023, 5, 4), date(2023, 5, 20)
    assert settle_before_closure(inside, Urgency.LOW, [], LONG_HOLIDAY)
    assert settle_before_closure(after, Urgency.HIGH, [], LONG_HOLIDAY)
    assert settle_before_closure(after, Urgency.LOW, [Danger.FOOD], LONG_HOLIDAY)
    assert not settle_before_closure(after, Urgency.LOW, [], LONG_HOLIDAY)
    assert not settle_before_closure(inside, Urgency.HIGH, [Danger.VIOLENCE], [])
