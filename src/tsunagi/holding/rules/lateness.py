"""How late a row is: derived from its due day, the calendars and today, never stored (H6), and who is told
(H7).

A due day on which the holder does not work counts on the holder's last working day before it. Overdue days
are counted in the office's business days, so that a counsellor of two days a week is not late for weeks
unseen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings, Urgency
from tsunagi.shared.days import Calendar
from tsunagi.shared.labels import Labelled


class Lateness(Labelled):
    """The colour of a row (期日の色)."""

    GREEN = "green", "予定どおり"
    AMBER = "amber", "今日・明日"
    RED = "red", "期日を過ぎている"
    FALLING = "falling", "こぼれそう"


class LadderStep(Labelled):
    """Who is told of a falling row, one step at a time (H7). Each step is told along with those before it."""

    NONE = "none", "まだ知らせない"
    HOLDER = "holder", "受け持ちと代わり"
    MANAGER = "manager", "管理職"
    COORDINATOR = "coordinator", "くらし連携担当"


class Danger(Labelled):
    """What a row carries that does not wait for the office to open again (休み前の点検)."""

    FOOD = "food", "食べ物"
    HEAT = "heat", "暑さ・寒さ"
    LIFELINE = "lifeline", "電気・ガス・水道"
    SELF_HARM = "self_harm", "自傷・自死"
    VIOLENCE = "violence", "暴力・虐待"


@dataclass(frozen=True, slots=True)
class BoardDates:
    """The dates that colour a board, computed once per calendar. Compare each with `due_on < date` (indexed).

    A row is at least amber before `amber_before`, red before `red_before`, falling before `falling_before`
    (高: `falling_high_before`); before `climbed_before` it has stood falling for three business days more.
    """

    amber_before: date
    red_before: date
    falling_before: date
    falling_high_before: date
    climbed_before: date

    def colour(self, due_on: date, urgency: Urgency) -> Lateness:
        """The colour by dates alone; a missing safety report or a night hand-over come on top (H15)."""
        high = urgency == Urgency.HIGH
        if due_on < (self.falling_high_before if high else self.falling_before):
            return Lateness.FALLING
        if due_on < self.red_before:
            return Lateness.RED
        return Lateness.AMBER if due_on < self.amber_before else Lateness.GREEN


def board_dates(
    on: date, calendar: Calendar, *, office: Calendar | None = None, settings: HoldingSettings = STANDARD
) -> BoardDates:
    """The dates that colour the rows of holders with this `calendar` on the day `on` (H6).

    `office` counts the overdue days (default: the same calendar).
    """
    office = office or calendar

    def overdue_by(count: int) -> date:
        counted_from = office.add(office.on_or_before(on), 1 - count)
        return calendar.on_or_after(counted_from)

    return BoardDates(
        amber_before=calendar.on_or_after(calendar.add(on, 1) + timedelta(days=1)),
        red_before=calendar.on_or_after(on),
        falling_before=overdue_by(settings.falling.count),
        falling_high_before=overdue_by(settings.falling_high.count),
        climbed_before=overdue_by(settings.falling.count + settings.to_coordination.count),
    )


def shown_on(due_on: date, calendar: Calendar) -> date:
    """The day a due day is shown and coloured: the holder's last working day on or before it."""
    return calendar.on_or_before(due_on)


def days_late(due_on: date, on: date, calendar: Calendar, *, office: Calendar | None = None) -> int:
    """Business days overdue on `on`; 0 when not overdue."""
    return max(0, (office or calendar).count(shown_on(due_on, calendar), on))


def lateness(
    due_on: date,
    urgency: Urgency,
    on: date,
    calendar: Calendar,
    *,
    safety_open: bool = False,
    night_open: bool = False,
    oral_yes_until: date | None = None,
    office: Calendar | None = None,
    settings: HoldingSettings = STANDARD,
) -> Lateness:
    """The colour of one row on `on` (H6).

    Falling at once without a safety report (H15) or a night hand-over. An oral yes keeps the row green
    until its day (H4). A row that rests on a ladder board (H7) keeps its colour: resting is only not being
    shown there.
    """
    if safety_open or night_open:
        return Lateness.FALLING
    if oral_yes_until is not None and on <= oral_yes_until:
        return Lateness.GREEN
    shown = shown_on(due_on, calendar)
    if shown >= on:
        return Lateness.AMBER if shown <= calendar.add(on, 1) else Lateness.GREEN
    overdue = days_late(due_on, on, calendar, office=office)
    return Lateness.FALLING if overdue >= _falling_after(urgency, settings) else Lateness.RED


def falling_since(
    due_on: date,
    urgency: Urgency,
    calendar: Calendar,
    *,
    open_since: date | None = None,
    office: Calendar | None = None,
    settings: HoldingSettings = STANDARD,
) -> date:
    """The first day a row with this due day is falling.

    `open_since`: since when a safety report or a night hand-over has been missing, if it is.
    """
    by_date = (office or calendar).add(shown_on(due_on, calendar), _falling_after(urgency, settings))
    return by_date if open_since is None else min(by_date, open_since)


def _falling_after(urgency: Urgency, settings: HoldingSettings) -> int:
    """After how many business days overdue a row falls."""
    return settings.falling_high.count if urgency == Urgency.HIGH else settings.falling.count


def ladder_step(
    due_on: date,
    urgency: Urgency,
    on: date,
    calendar: Calendar,
    *,
    open_since: date | None = None,
    office: Calendar | None = None,
    settings: HoldingSettings = STANDARD,
) -> LadderStep:
    """How far a row has climbed on `on` (H7).

    Overdue: the holder and who acts. Falling: the manager the same day, くらし連携担当 after three business
    days more, for 高 at once.
    """
    since = falling_since(due_on, urgency, calendar, open_since=open_since, office=office, settings=settings)
    if on < since:
        return LadderStep.HOLDER if shown_on(due_on, calendar) < on else LadderStep.NONE
    climbed = (office or calendar).count(since, on) >= settings.to_coordination.count
    if urgency == Urgency.HIGH or climbed:
        return LadderStep.COORDINATOR
    return LadderStep.MANAGER


def resting_until(pressed_on: date, calendar: Calendar, settings: HoldingSettings = STANDARD) -> date:
    """Through which day a row rests on the board of whoever pressed 「声をかけた」 (H7)."""
    return calendar.add(pressed_on, settings.rest.count)


def is_resting(
    pressed_on: date | None, on: date, calendar: Calendar, settings: HoldingSettings = STANDARD
) -> bool:
    """Does the row rest on this board today?"""
    return pressed_on is not None and pressed_on <= on <= resting_until(pressed_on, calendar, settings)


def weight(
    colour: Lateness, urgency: Urgency, *, safety_open: bool = False, late_bd: int = 0, unseen_days: int = 0
) -> int:
    """How heavy a row weighs where only ten are shown, or many are spread; heavier is larger."""
    by_colour = {Lateness.GREEN: 0, Lateness.AMBER: 1, Lateness.RED: 2, Lateness.FALLING: 4}[colour]
    by_urgency = {Urgency.LOW: 0, Urgency.MIDDLE: 1, Urgency.UNCLEAR: 2, Urgency.HIGH: 4}[urgency]
    return (
        1000 * (safety_open * 8 + by_colour + by_urgency)
        + min(late_bd, 99) * 10
        + min(unseen_days, 360) // 36
    )


def eve_of_closure(
    on: date, calendar: Calendar, *, office: Calendar | None = None, settings: HoldingSettings = STANDARD
) -> list[date]:
    """The closed days ahead for which rows must be settled today, or none (休み前の点検).

    Three or more closed days of the office in a row, before which the holder does not work again. A
    holder's own free weekdays are no closure.
    """
    office = office or calendar
    if not calendar.is_open(on):
        return []
    back_on = calendar.add(on, 1)
    day = on
    while (day := office.add(day, 1)) <= office.on_or_after(back_on):
        run = office.closed_run_after(office.add(day, -1))
        if len(run) >= settings.closed_days_ahead:
            return list(run)
    return []


def settle_before_closure(
    due_on: date, urgency: Urgency, dangers: Iterable[Danger], closed_days: list[date]
) -> bool:
    """Must this row be settled by a contact or by 「備えあり」 before these closed days?

    It falls due inside, is 高, or carries food, heat, lifeline, self-harm or violence.
    """
    if not closed_days:
        return False
    inside = closed_days[0] <= due_on <= closed_days[-1]
    return inside or urgency == Urgency.HIGH or any(dangers)
