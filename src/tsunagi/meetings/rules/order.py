"""The running order: who comes for some items only (police, school, doctor) comes once and leaves.

What is made small, in this order: the minutes members for some items sit through items that are not theirs; how often the
legal basis changes; how far items move from where they were. Items with the same such members always stay together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

EXACT = 7
"""Up to so many groups every order is tried (5,040); above, the order is made by insertion and exchange."""


@dataclass(frozen=True)
class Slot:
    """An item as the order needs it: its number, its minutes, which members come for it alone, its basis."""

    id: int
    minutes: int
    comes_for: frozenset[int] = frozenset()
    mode: str = ""


@dataclass(frozen=True)
class Stay:
    """From which minute to which (counted from the beginning) a member is needed, and how long they wait meanwhile."""

    member_id: int
    comes: int
    leaves: int
    waits: int


Cost = tuple[int, int, int]


def running_order(slots: Sequence[Slot]) -> list[int]:
    """The numbers of the items in the order that costs least; equal orders keep the one the items came in."""
    groups = _groups(slots)
    place = {slot.id: number for number, slot in enumerate(slots)}
    best = _exact(groups, place) if len(groups) <= EXACT else _nearly(groups, place)
    computed = [slot for group in best for slot in group]
    # The order somebody wrote is never made worse.
    return [slot.id for slot in min([list(slots), computed], key=lambda order: _cost(order, place))]


def stays(order: Sequence[Slot]) -> list[Stay]:
    """When each member who comes for some items comes and leaves in this order, by the time they come."""
    found: dict[int, list[int]] = {}
    minute = 0
    for slot in order:
        for member in slot.comes_for:
            known = found.setdefault(member, [minute, minute, 0])
            known[1] = minute + slot.minutes
            known[2] += slot.minutes
        minute += slot.minutes
    rows = [
        Stay(member, comes, leaves, leaves - comes - own) for member, (comes, leaves, own) in found.items()
    ]
    return sorted(rows, key=lambda stay: (stay.comes, stay.leaves, stay.member_id))


def waiting(order: Sequence[Slot]) -> int:
    """Minutes that members wait altogether in this order."""
    return sum(stay.waits for stay in stays(order))


def costs_of_moving(before: Sequence[Slot], after: Sequence[Slot]) -> dict[int, int]:
    """Member → how many minutes more (or less) they wait in the second order; those without a change are left out."""
    then = {stay.member_id: stay.waits for stay in stays(before)}
    now = {stay.member_id: stay.waits for stay in stays(after)}
    return {
        member: now.get(member, 0) - then.get(member, 0)
        for member in sorted(then | now)
        if now.get(member, 0) != then.get(member, 0)
    }


def in_order(slots: Iterable[Slot], ids: Sequence[int]) -> list[Slot]:
    """The slots in the order of these numbers."""
    by_id = {slot.id: slot for slot in slots}
    return [by_id[number] for number in ids]


def _groups(slots: Sequence[Slot]) -> list[tuple[Slot, ...]]:
    """Items with the same members and basis, together, by where the first of them stands."""
    found: dict[tuple[frozenset[int], str], list[Slot]] = {}
    for slot in slots:
        found.setdefault((slot.comes_for, slot.mode), []).append(slot)
    return [tuple(group) for group in found.values()]


def _cost(order: Sequence[Slot], place: Mapping[int, int]) -> Cost:
    changes = sum(one.mode != next_.mode for one, next_ in pairwise(order))
    moved = sum(abs(place[slot.id] - number) for number, slot in enumerate(order))
    return waiting(order), changes, moved


def _cost_of(groups: Iterable[tuple[Slot, ...]], place: Mapping[int, int]) -> Cost:
    return _cost([slot for group in groups for slot in group], place)


def _exact(groups: Sequence[tuple[Slot, ...]], place: Mapping[int, int]) -> Sequence[tuple[Slot, ...]]:
    return min(permutations(groups), key=lambda order: _cost_of(order, place))


def _nearly(groups: Sequence[tuple[Slot, ...]], place: Mapping[int, int]) -> Sequence[tuple[Slot, ...]]:
    """Each group where it costs least, then moved one by one as long as that helps."""
    order: list[tuple[Slot, ...]] = []
    for group in groups:
        order = min(
            (_with(order, group, at) for at in range(len(order) + 1)), key=lambda o: _cost_of(o, place)
        )
    best = _cost_of(order, place)
    better = True
    while better:
        better = False
        for group in list(order):
            rest = [one for one in order if one is not group]
            tried = min(
                (_with(rest, group, at) for at in range(len(rest) + 1)), key=lambda o: _cost_of(o, place)
            )
            cost = _cost_of(tried, place)
            if cost < best:
                order, best, better = tried, cost, True
    return order


def _with(order: Sequence[tuple[Slot, ...]], group: tuple[Slot, ...], at: int) -> list[tuple[Slot, ...]]:
    return [*order[:at], group, *order[at:]]
