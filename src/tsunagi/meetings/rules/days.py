"""年度, and the days on which a body sits: the n-th weekday of a month, and where a closed day moves it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tsunagi.shared.days import Calendar
from tsunagi.shared.refusal import Refused

from .kinds import HolidayRule

LAST = -1
WEEKS = {1: "第1", 2: "第2", 3: "第3", 4: "第4", LAST: "最終"}
WEEKDAYS = "月火水木金土日"
FURTHEST = 400
"""Days ahead a sitting may lie; what is typed further away is a slip of the year."""


def fiscal_year(day: date) -> int:
    """The 年度 of a day: the calendar year in which it begins (地方自治法208条: 4月1日から翌年3月31日)."""
    return day.year if day.month >= 4 else day.year - 1


def last_day_of(year: int) -> date:
    """The last day of a 年度."""
    return date(year + 1, 3, 31)


def nth_weekday(year: int, month: int, week: int, weekday: int) -> date:
    """The n-th (1–4; -1 = the last) weekday (Monday is 0) of a month."""
    if week == LAST:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))


@dataclass(frozen=True)
class Planned:
    """A day a body would sit by its rule: `regular` as the rule says, `day` where it goes; None: not that month."""

    regular: date
    day: date | None

    @property
    def moved(self) -> bool:
        """Whether a closed day moved it."""
        return self.day is not None and self.day != self.regular


def days_ahead(
    *, week: int, weekday: int, holiday_rule: str, calendar: Calendar, after: date, months: int = 12
) -> tuple[Planned, ...]:
    """The sittings of the months ahead, later than `after`, in order; one for each of `months` months."""
    found: list[Planned] = []
    for year, month in _months(after, months):
        regular = nth_weekday(year, month, week, weekday)
        planned = Planned(regular, _moved(regular, HolidayRule(holiday_rule), calendar))
        if (planned.day or regular) > after:
            found.append(planned)
    return tuple(found)


def _months(after: date, count: int) -> Iterator[tuple[int, int]]:
    year, month = after.year, after.month
    # One more than asked: this month's may be over already.
    for _ in range(count + 1):
        yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _moved(day: date, rule: HolidayRule, calendar: Calendar) -> date | None:
    if calendar.is_open(day):
        return day
    if rule == HolidayRule.SKIP:
        return None
    return calendar.on_or_before(day) if rule == HolidayRule.BEFORE else calendar.on_or_after(day)


def rule_words(week: int | None, weekday: int | None) -> str:
    """「第3水曜」; 「定例日なし」 where there is none."""
    if week is None or weekday is None:
        return "定例日なし"
    return f"{WEEKS[week]}{WEEKDAYS[weekday]}曜"


def check_day(day: date, *, today: date) -> None:
    """Raise Refused for a day that has passed or lies too far away."""
    if day < today:
        raise Refused("過ぎた日です。会議の日を確かめてください。", field="day")
    if (day - today).days > FURTHEST:
        raise Refused("1年より先の日です。年を確かめてください。", field="day")


def clock(at: datetime, minutes: int) -> datetime:
    """So many minutes later."""
    return at + timedelta(minutes=minutes)
