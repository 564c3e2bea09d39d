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
FIRST_ACTION_BD: Mapping[Urgency, int] = {Urgency.HIGH: 0, Urgency.UNCLEAR: 1, Urgency.MIDDLE: 5}

# Until the person has been met or seen, a try or a talk moves the day no further than this.
UNTIL_SEEN_BD: Mapping[Urgency, int] = {Urgency.HIGH: 1, Urgency.UNCLEAR: 1, Urgency.MIDDLE: 5}

# An imported row is settled soon once somebody has spoken with the person, not after the whole stocktaking.
_AFTER_CONTACT: Mapping[HoldKind, Span] = {HoldKind.STOCKTAKING: bd(10)}

SPREAD_BD = 10
STOCKTAKING_SPREAD_BD = 40
MANY = 10


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
    if urgency in FIRST_ACTION_BD:
        standard = min(standard, calendar.add(came_on, FIRST_ACTION_BD[urgency]))
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
    if not seen and urgency in UNTIL_SEEN_BD:
        standard = min(standard, calendar.add(on, UNTIL_SEEN_BD[urgency]))
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


def third_working_day(start: date, calendar: Calendar) -> date:
    """A successor's third working day, `start` being the first if they work that day; their own calendar."""
    return calendar.add(calendar.on_or_after(start), 2)


def successor_due_days(rows: Sequence[PassedRow], start: date, calendar: Calendar) -> list[date]:
    """The due days a successor's rows get (H2): their own, but none before the third working day.

    More than ten that would pile up there are spread over ten business days, 高, red and falling first,
    then by weight. `start` is the day of the deed, `calendar` the successor's own. Rows that come first
    also stand with the manager until then.
    """
    third = third_working_day(start, calendar)
    early = [place for place, row in enumerate(rows) if row.due_on < third]
    due = [max(row.due_on, third) for row in rows]
    if len(early) > MANY:
        early.sort(key=lambda place: (not rows[place].comes_first, -rows[place].weight, rows[place].due_on))
        for rank, place in enumerate(early):
            due[place] = calendar.add(third, rank * SPREAD_BD // len(early))
    return [
        day if row.latest_on is None else min(day, row.latest_on) for day, row in zip(due, rows, strict=True)
    ]
