"""Hours, two things at once, what is odd about a day, passwords that can be typed on any machine."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW, TODAY
from tsunagi.diary.rules import (
    LETTERS,
    PASSWORD_LETTERS,
    Hours,
    at_once,
    check_hours,
    check_password,
    readable,
    remarks,
)
from tsunagi.shared.refusal import Refused

TEN, ELEVEN, NOON = time(10), time(11), time(12)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((TEN, ELEVEN), (ELEVEN, NOON), False),
        ((TEN, NOON), (ELEVEN, NOON), True),
        ((TEN, None), (time(10, 59), None), True),
        ((TEN, None), (ELEVEN, None), False),
        ((None, None), (TEN, NOON), False),
        ((time(23, 30), None), (time(23, 59), None), True),
    ],
)
def test_two_things_meet_when_their_hours_do(one: tuple, other: tuple, meet: bool) -> None:
    first, second = Hours(TODAY, *one), Hours(TODAY, *other)
    assert first.meets(second) is meet
    assert second.meets(first) is meet
    assert not first.meets(Hours(TODAY + timedelta(days=1), *other))


times = st.times(min_value=time(0), max_value=time(23, 59)).map(
    lambda t: t.replace(second=0, microsecond=0, fold=0)
)


@given(st.lists(st.tuples(times, st.one_of(st.none(), times)), max_size=6))
def test_at_once_names_exactly_the_pairs_that_meet(spans: list) -> None:
    rows = [
        (number, Hours(TODAY, begins, ends if ends is None or ends > begins else None))
        for number, (begins, ends) in enumerate(spans)
    ]
    expected = {a for a, one in rows for b, other in rows if a != b and one.meets(other)}
    assert at_once(rows) == expected


@pytest.mark.parametrize(
    ("hours", "over"),
    [
        (Hours(TODAY - timedelta(days=1)), True),
        (Hours(TODAY), False),
        (Hours(TODAY, time(8, 30)), True),
        (Hours(TODAY, time(9, 30)), False),
        (Hours(TODAY, time(9), TEN), True),
        (Hours(TODAY, time(9), time(10, 1)), False),
        (Hours(TODAY + timedelta(days=1), time(8)), False),
    ],
)
def test_an_hour_that_passed_asks_for_a_word(hours: Hours, over: bool) -> None:
    assert hours.is_over(NOW) is over


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (Hours(TODAY - timedelta(days=1)), "day"),
        (Hours(date(9999, 1, 1)), "day"),
        (Hours(TODAY, None, TEN), "begins"),
        (Hours(TODAY, TEN, TEN), "ends"),
        (Hours(TODAY, ELEVEN, TEN), "ends"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_what_to_do(hours: Hours, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_hours(hours, today=TODAY)
    assert refusal.value.field == field


def test_odd_days_are_said() -> None:
    assert remarks(office_open=True, worker_works=True, away=False) == ()
    assert remarks(office_open=False, worker_works=False, away=True, second_away=True) == (
        "機関の閉庁日です",
        "担当は不在の予定です",
        "もうひとりは不在の予定です",
    )
    assert remarks(office_open=True, worker_works=False, away=False) == ("担当の勤務日ではありません",)


def test_hours_in_words() -> None:
    assert Hours(TODAY).words == "時刻は未定"
    assert Hours(TODAY, TEN).words == "10:00–"
    assert Hours(TODAY, TEN, ELEVEN).words == "10:00–11:00"
    assert not Hours(TODAY, time(23, 30)).is_over(datetime.combine(TODAY, time(23, 45), NOW.tzinfo))


@pytest.mark.parametrize(
    "typed", ["short", "ふつうのことばで書いた鍵", "with a space in it", "aaaaaaaaaaaaaa"]
)
def test_a_password_that_cannot_be_typed_or_is_weak_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        check_password(typed)


def test_a_password_is_read_in_groups_of_four() -> None:
    made = LETTERS[:PASSWORD_LETTERS]
    assert check_password(f" {made} ") == made
    assert readable("abcdefgh") == "abcd efgh"
    assert not set("01ilo") & set(LETTERS)
