"""What powers let somebody do, when they end, and the order of the steps: without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tsunagi.guardianship.rules import (
    STEPS,
    WHAT_IT_IS,
    Acts,
    PowerKind,
    Step,
    acts_for,
    check_next_look,
    cliff_day,
    end_of,
    is_ahead,
    last_day_as_minor,
    months_before,
    needs_agency_words,
    next_step,
    ordered,
)
from tsunagi.shared.refusal import Refused

TODAY = date(2026, 6, 9)


@pytest.mark.parametrize(
    ("kind", "words", "acts"),
    [
        (PowerKind.GUARDIANSHIP, "", Acts.FULL),
        (PowerKind.PARENTAL, "", Acts.FULL),
        (PowerKind.CURATORSHIP, "", Acts.NONE),
        (PowerKind.CURATORSHIP, "預貯金の払戻し", Acts.WITHIN),
        (PowerKind.DAILY_SUPPORT, " ", Acts.NONE),
        (PowerKind.CONTRACTED, "すべて", Acts.NONE),
    ],
)
def test_who_signs(kind: PowerKind, words: str, acts: Acts) -> None:
    assert acts_for(kind, words) == acts


def test_every_kind_has_an_answer_and_every_step_its_words() -> None:
    for kind in PowerKind:
        assert acts_for(kind, "範囲") in Acts
        assert needs_agency_words(kind) == (acts_for(kind, "") != acts_for(kind, "範囲"))
    assert set(WHAT_IT_IS) == set(STEPS)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2009, 1, 20), date(2027, 1, 19)),
        (date(2008, 1, 1), date(2025, 12, 31)),
        (date(2008, 2, 29), date(2026, 2, 28)),
    ],
)
def test_eighteen_is_reached_when_the_day_before_ends(born: date, last: date) -> None:
    assert last_day_as_minor(born) == last
    assert end_of(PowerKind.MINOR, None, born) == last
    assert end_of(PowerKind.CURATORSHIP, None, born) is None
    assert end_of(PowerKind.MINOR, TODAY, born) == TODAY


@pytest.mark.parametrize(
    ("until", "day"),
    [
        (date(2027, 6, 9), date(2026, 12, 9)),
        (date(2026, 12, 9), TODAY),
        (date(2026, 12, 8), TODAY + timedelta(days=14)),
        (TODAY + timedelta(days=3), TODAY + timedelta(days=3)),
        (TODAY - timedelta(days=3), TODAY),
    ],
    ids=["a year on", "just half a year", "less", "in three days", "past"],
)
def test_the_day_to_think_of_what_comes_after(until: date, day: date) -> None:
    assert cliff_day(until, today=TODAY, months=6) == day


def test_months_back_keep_to_the_month() -> None:
    assert months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert is_ahead(date(2026, 12, 9), today=TODAY, months=6)
    assert not is_ahead(date(2026, 12, 10), today=TODAY, months=6)
    assert not is_ahead(None, today=TODAY, months=6)


def test_the_next_look_lies_before_the_end() -> None:
    until = TODAY + timedelta(days=60)
    assert check_next_look(until, until, today=TODAY) == until
    for day in (None, TODAY - timedelta(days=1), until + timedelta(days=1)):
        with pytest.raises(Refused):
            check_next_look(day, until, today=TODAY)
    # After the end somebody still has two weeks to find out.
    assert check_next_look(TODAY + timedelta(days=14), TODAY - timedelta(days=9), today=TODAY)


def test_steps_follow_one_another() -> None:
    assert next_step(Step.REQUEST) == Step.KIN
    assert next_step(Step.HANDOVER) is None
    assert ordered(["ruling", "kin"]) == ["kin", "ruling"]
