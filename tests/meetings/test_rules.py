"""The rules of meetings: what may stand on an agenda, on which days bodies sit, in which order items come."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tsunagi.meetings.rules import (
    ItemKind,
    Mode,
    NoConsent,
    RoleDeed,
    RoleState,
    Slot,
    check_consent,
    check_decision,
    check_item,
    costs_of_moving,
    covers,
    days_ahead,
    decisions_for,
    facets_for,
    fiscal_year,
    in_order,
    kinds_for,
    next_role_state,
    nth_weekday,
    running_order,
    stays,
    waiting,
    way_out,
)
from tsunagi.shared.days import Calendar
from tsunagi.shared.refusal import Refused

CITY = Calendar.city()


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 3, 31), 2025),
        (date(2026, 4, 1), 2026),
        (date(2026, 12, 31), 2026),
        (date(2027, 1, 1), 2026),
    ],
    ids=["the last day", "the first day", "the end of the year", "the next year"],
)
def test_the_fiscal_year_begins_in_april(day: date, year: int) -> None:
    assert fiscal_year(day) == year
    assert covers(year, on=day)
    assert not covers(year - 1, on=day)
    assert not covers(None, on=day)


@pytest.mark.parametrize(
    ("week", "day"), [(1, 3), (3, 17), (4, 24), (-1, 24)], ids=["first", "third", "fourth", "last"]
)
def test_the_nth_wednesday_of_june(week: int, day: int) -> None:
    assert nth_weekday(2026, 6, week, 2) == date(2026, 6, day)


def test_twelve_months_ahead_and_a_closed_day_moves_the_sitting() -> None:
    # The third Monday of January, July, September and October 2026/27 are holidays.
    ahead = days_ahead(week=3, weekday=0, holiday_rule="after", calendar=CITY, after=date(2026, 6, 20))
    assert [(one.regular, one.day) for one in ahead][:2] == [
        (date(2026, 7, 20), date(2026, 7, 21)),
        (date(2026, 8, 17), date(2026, 8, 17)),
    ]
    before = days_ahead(week=3, weekday=0, holiday_rule="before", calendar=CITY, after=date(2026, 6, 20))
    assert before[0].day == date(2026, 7, 17)
    skipped = days_ahead(week=3, weekday=0, holiday_rule="skip", calendar=CITY, after=date(2026, 6, 20))
    assert skipped[0].day is None
    assert len(ahead) >= 12


@pytest.mark.parametrize("mode", [Mode.LAYERED, Mode.COORDINATION])
def test_without_consent_there_is_no_such_item(mode: Mode) -> None:
    with pytest.raises(NoConsent, match="支援会議"):
        check_consent(mode, has_consent=False)
    check_consent(mode, has_consent=True)


def test_a_support_item_needs_none_and_is_the_way_out() -> None:
    check_consent(Mode.SUPPORT, has_consent=False)
    assert way_out(["layered", "support"]) == Mode.SUPPORT
    assert way_out(["layered"]) is None


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"modes": ["no_persons"]}, "個人のことを話し合う会議ではありません"),
        ({"modes": ["layered"]}, "支援会議の議題を扱いません"),
        ({"about_somebody": False}, "どなたのことか"),
        ({"kind": "plan"}, "プランを決められません"),
        ({"mode": "no_persons", "modes": ["no_persons"], "kind": "progress"}, "個人の記録を付けられません"),
    ],
    ids=["no persons here", "another basis", "nobody", "a plan", "somebody in a paper"],
)
def test_an_item_is_refused_when(changed: dict[str, Any], words: str) -> None:
    ready = {
        "mode": "support",
        "kind": "person",
        "body": "会議",
        "modes": ["support"],
        "about_somebody": True,
    }
    check_item(**ready)
    with pytest.raises(Refused, match=words):
        check_item(**(ready | changed))


@pytest.mark.parametrize("mode", list(Mode))
def test_a_plan_is_decided_by_consent_only(mode: Mode) -> None:
    plans = {"plan_fit", "plan_revised", "plan_again"} & set(decisions_for(mode, has_plan=True))
    assert bool(plans) == (mode in (Mode.LAYERED, Mode.COORDINATION))
    assert not {"plan_fit"} & set(decisions_for(mode, has_plan=False))
    assert (ItemKind.PLAN in kinds_for(mode)) == (mode in (Mode.LAYERED, Mode.COORDINATION))
    if not plans:
        with pytest.raises(Refused):
            check_decision(mode, "plan_fit", has_plan=True)


FACETS = some.frozensets(some.sampled_from(["basic", "money", "plan", "justice", "informant", "health"]))


@given(FACETS, FACETS, FACETS, some.sampled_from(["support", "layered"]))
def test_no_more_is_shown_than_was_wanted_brought_and_consented_to(
    wanted: frozenset[str], giver: frozenset[str], consented: frozenset[str], mode: str
) -> None:
    shown = set(facets_for(mode, wanted, giver=giver, consented=consented))
    assert shown <= wanted & giver
    assert "informant" not in shown
    assert mode == "support" or shown <= consented


@pytest.mark.parametrize("state", list(RoleState))
@pytest.mark.parametrize("deed", list(RoleDeed))
def test_a_role_over_is_over_and_every_open_one_has_a_way_on(state: RoleState, deed: RoleDeed) -> None:
    if state in (RoleState.REVIEWED, RoleState.STOPPED):
        with pytest.raises(Refused):
            next_role_state(state, deed)
    else:
        ways = 0
        for one in RoleDeed:
            try:
                next_role_state(state, one)
            except Refused:
                continue
            ways += 1
        assert ways


# -- the order ------------------------------------------------------------------------------------------------


def slots(*rows: tuple[int, set[int]]) -> list[Slot]:
    return [
        Slot(number, minutes, frozenset(members)) for number, (minutes, members) in enumerate(rows, start=1)
    ]


def test_the_police_come_once_and_leave() -> None:
    items = slots((10, {7}), (20, set()), (15, {7}), (10, {8}), (5, {7, 8}))
    order = in_order(items, running_order(items))
    assert waiting(items) > 0
    assert [stay.waits for stay in stays(order)] == [0, 0]


def test_moving_an_item_says_what_it_costs() -> None:
    items = slots((10, {7}), (10, {7}), (20, set()))
    assert costs_of_moving(items, in_order(items, [1, 3, 2])) == {7: 20}
    assert costs_of_moving(items, items) == {}


AGENDA = some.lists(
    some.tuples(some.integers(1, 60), some.frozensets(some.integers(1, 5), max_size=3), some.sampled_from(["support", "layered"])),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(AGENDA)
def test_the_computed_order_keeps_every_item_and_never_waits_longer(
    rows: list[tuple[int, frozenset[int], str]],
) -> None:
    items = [Slot(number, minutes, members, mode) for number, (minutes, members, mode) in enumerate(rows)]
    order = running_order(items)
    assert sorted(order) == [item.id for item in items]
    assert waiting(in_order(items, order)) <= waiting(items)
    assert running_order(items) == order


@settings(deadline=None, max_examples=60)
@given(some.lists(some.tuples(some.integers(1, 60), some.integers(0, 5)), max_size=12))
def test_who_comes_alone_for_their_items_waits_for_none(rows: list[tuple[int, int]]) -> None:
    """Where no item needs two such members, everybody's items stand together."""
    items = [
        Slot(number, minutes, frozenset({member}) if member else frozenset(), "support")
        for number, (minutes, member) in enumerate(rows)
    ]
    assert waiting(in_order(items, running_order(items))) == 0


@settings(deadline=None, max_examples=40)
@given(some.lists(some.frozensets(some.integers(1, 4), max_size=3), max_size=5))
def test_a_short_agenda_gets_the_best_order_there_is(members: list[frozenset[int]]) -> None:
    items = [Slot(number, 10, who) for number, who in enumerate(members)]
    best = min((waiting(one) for one in permutations(items)), default=0)
    assert waiting(in_order(items, running_order(items))) == best
