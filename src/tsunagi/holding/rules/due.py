"""By which day the holder must next act, at the earliest and at the longest (H2, H3).

`calendar` is the office's calendar: business days are the office's, while the row is shown and coloured on
the holder's own working day (lateness.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tsunagi.holding.rules.kinds import (
    STANDARD,
    HoldingSettings,
    HoldKind,
    Span,
    Unit,
    Urgency,
    bd,
    calendar_bound_days,
)
from tsunagi.shared.days import Calendar, day_of
from tsunagi.shared.refusal import Refused


# What urgency promises for the first action, in business days; 高 is the day itself, whatever the hour.
def first_action_bd(urgency: Urgency, settings: HoldingSettings = STANDARD) -> int | None:
    """Within how many business days the first action is promised; None where only the kind says."""
    promised = {Urgency.HIGH: 0, Urgency.UNCLEAR: 1, Urgency.MIDDLE: settings.middle_first.count}
    return promised.get(urgency)


# Until the person has been met or seen, a try or a talk moves the day no further than this.
def until_seen_bd(urgency: Urgency, settings: HoldingSettings = STANDARD) -> int | None:
    """How far a deed moves the day of somebody nobody has seen; None where only the kind says."""
    promised = {Urgency.HIGH: 1, Urgency.UNCLEAR: 1, Urgency.MIDDLE: settings.middle_first.count}
    return promised.get(urgency)


# An imported row is settled soon once somebody has spoken with the person, not after the whole stocktaking.
_AFTER_CONTACT: Mapping[HoldKind, Span] = {HoldKind.STOCKTAKING: bd(10)}

STOCKTAKING_SPREAD_BD = 40
DAYS_OF_A_WEEK = 7


def day_after(span: Span, start: date, calendar: Calendar) -> date:
    """The day that lies `span` after `start`."""
    if span.unit is Unit.DAYS:
        return start + timedelta(days=span.count)
    return calendar.add(start, span.count)


def longest_due(
    kind: HoldKind,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
    *,
    agreed: bool = False,
) -> date:
    """The last day a due day set on `on` may have (H3); never beyond what the database checks."""
    horizon = day_after(settings.rule_for(kind, agreed=agreed).horizon, on, calendar)
    return min(horizon, on + timedelta(days=calendar_bound_days(kind)))


def first_due(
    kind: HoldKind,
    urgency: Urgency,
    *,
    on: date,
    came_at: datetime | None = None,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
    agreed: bool = False,
) -> date:
    """The due day of a newly opened hold, counted from the hour it came, not from the hour it was written
    (H10).

    高 is due the day it came, closed or not. What an import stores is never overdue by being stored (H11): it
    counts from `on`.
    """
    if kind == HoldKind.STOCKTAKING:
        return min(
            day_after(settings.rule_for(kind).due, on, calendar), longest_due(kind, on, calendar, settings)
        )
    came_on = min(day_of(came_at), on) if came_at else on
    if urgency == Urgency.HIGH:
        return came_on
    standard = day_after(settings.rule_for(kind, agreed=agreed).due, came_on, calendar)
    promised = first_action_bd(urgency, settings)
    if promised is not None:
        standard = min(standard, calendar.add(came_on, promised))
    return min(standard, longest_due(kind, on, calendar, settings, agreed=agreed))


def next_due(
    kind: HoldKind,
    urgency: Urgency,
    *,
    seen: bool,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
    agreed: bool = False,
) -> date:
    """The standard due day after a deed done on `on`.

    `seen`: the person has been met or seen since the urgency was judged. Then the interval of the kind
    applies, before that the urgency's promise does.
    """
    span = _AFTER_CONTACT.get(kind, settings.rule_for(kind, agreed=agreed).due)
    standard = day_after(span, on, calendar)
    promised = until_seen_bd(urgency, settings)
    if not seen and promised is not None:
        standard = min(standard, calendar.add(on, promised))
    return min(standard, longest_due(kind, on, calendar, settings, agreed=agreed))


def check_due(
    kind: HoldKind,
    due_on: date,
    *,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
    agreed: bool = False,
) -> None:
    """Refuse a chosen due day that is past or beyond the horizon of the kind (H3)."""
    if due_on < on:
        raise Refused("過ぎた日は期日にできません。今日か、これからの日を選んでください。", field="due_on")
    longest = longest_due(kind, on, calendar, settings, agreed=agreed)
    if due_on > longest:
        raise Refused(
            f"「{kind.label}」の期日は{longest.year}年{longest.month}月{longest.day}日までです。"
            "それより前の日を選び、その日にもう一度決めてください。",
            field="due_on",
        )


def spread_due_days(
    weights: Sequence[int], start: date, calendar: Calendar, *, over: int = STOCKTAKING_SPREAD_BD
) -> list[date]:
    """Due days for many rows at once, heaviest first, spread evenly over `over` business days after `start`
    (H11).

    Returns one day per weight, in the order given. The first day is the first business day after `start`.
    """
    order = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
    open_days = [calendar.add(start, count) for count in range(1, over + 1)] if weights else []
    due = [start] * len(weights)
    for rank, place in enumerate(order):
        due[place] = open_days[rank * over // len(weights)]
    return due


@dataclass(frozen=True)
class PassedRow:
    """A row that passes to a successor: its due day, its weight, whether it is 高, red or falling, and the
    last day its kind allows."""

    due_on: date
    weight: int = 0
    comes_first: bool = False
    latest_on: date | None = None


def third_working_day(start: date, calendar: Calendar, settings: HoldingSettings = STANDARD) -> date:
    """A successor's third working day, `start` being the first if they work that day; their own calendar."""
    return calendar.add(calendar.on_or_after(start), settings.successor_first_day - 1)


def successor_due_days(
    rows: Sequence[PassedRow],
    start: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
    *,
    already: int = 0,
) -> list[date]:
    """The due days a successor's rows get (H2): their own, but none before the third working day.

    When more than ten fall due within ten business days from there, they are spread over those days by weight (高, red
    and falling ones stay on the first), and no more than ten of them fall into the first seven days: nobody can meet
    forty families in a week. A row never gets an earlier day than its own. `already` rows were given for the first
    week before (by another hand-over of the same day). `start` is the day of the deed, `calendar` the successor's
    own. Rows that come first also stand with the manager until then.
    """
    third = third_working_day(start, calendar, settings)
    window = [third, *(calendar.add(third, count) for count in range(1, settings.spread_over.count))]
    due = [max(row.due_on, third) for row in rows]
    crowd = [place for place, day in enumerate(due) if day <= window[-1]]
    if len(crowd) + already > settings.spread_more_than:
        crowd.sort(
            key=lambda place: (not rows[place].comes_first, -rows[place].weight, rows[place].due_on, place)
        )
        at_once = sum(rows[place].comes_first for place in crowd)
        slots = _slots(len(crowd), at_once, window, start, max(0, settings.spread_more_than - already))
        for place, slot in zip(crowd, slots, strict=True):
            due[place] = max(due[place], slot)
    return [
        day if row.latest_on is None else min(day, row.latest_on) for day, row in zip(due, rows, strict=True)
    ]


def _slots(count: int, at_once: int, window: Sequence[date], start: date, first_week: int) -> list[date]:
    """A day for each of `count` rows in order, evenly over the window, at most `first_week` in the first seven days.

    The first `at_once` of them stay on the first day as far as the first week has room.
    """
    early = [day for day in window if (day - start).days < DAYS_OF_A_WEEK]
    later = window[len(early) :] or window[-1:]
    at_once = min(at_once, first_week) if early else 0
    soon = max(at_once, min(first_week, -(-count * len(early) // len(window))))
    loads = [at_once] + [0] * (len(early) - 1) if early else []
    slots = [window[0]] * at_once
    for _ in range(soon - at_once):
        lightest = loads.index(min(loads))
        loads[lightest] += 1
        slots.append(early[lightest])
    slots[at_once:] = sorted(slots[at_once:])
    rest = count - soon
    return slots + [later[rank * len(later) // rest] for rank in range(rest)]
