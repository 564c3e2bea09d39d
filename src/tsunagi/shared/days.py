"""City days and open days (開庁日): what is counted when a promise says "in five days"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import jpholiday

TOKYO = ZoneInfo("Asia/Tokyo")
_DAY = timedelta(days=1)
_WEEK = frozenset({0, 1, 2, 3, 4})
_LONGEST_CLOSURE = 400


def day_of(at: datetime) -> date:
    """The city's day of a moment. Raises ValueError for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("day_of needs an aware datetime")
    return at.astimezone(TOKYO).date()


@lru_cache(maxsize=20_000)
def _is_holiday(day: date) -> bool:
    return bool(jpholiday.is_holiday(day)) or (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


@dataclass(frozen=True)
class Calendar:
    """On which days an office or a worker is there. Hashable: equal calendars are one."""

    weekdays: frozenset[int] = _WEEK
    extra_closed: frozenset[date] = frozenset()
    extra_open: frozenset[date] = frozenset()

    @classmethod
    def city(cls, extra_closed: Iterable[date] = (), extra_open: Iterable[date] = ()) -> Calendar:
        """Weekends, national holidays and 12/29–1/3 are closed, besides what the city says itself."""
        return cls(extra_closed=frozenset(extra_closed), extra_open=frozenset(extra_open))

    def with_weekdays(self, weekdays: frozenset[int]) -> Calendar:
        """The same calendar for somebody who works on these weekdays (Monday = 0)."""
        return replace(self, weekdays=frozenset(weekdays))

    def is_open(self, day: date) -> bool:
        """Whether this is an open day."""
        if day in self.extra_open:
            return True
        return day not in self.extra_closed and day.weekday() in self.weekdays and not _is_holiday(day)

    def on_or_after(self, day: date) -> date:
        """The day itself if open, else the next open day. Raises ValueError if none comes in a year."""
        return self._seek(day, _DAY)

    def on_or_before(self, day: date) -> date:
        """The day itself if open, else the last open day before it."""
        return self._seek(day, -_DAY)

    def _seek(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE):
            if self.is_open(day):
                return day
            day += step
        raise ValueError("this calendar has no open day within a year")

    def add(self, day: date, n: int) -> date:
        """n open days after the day; 0: itself if open else the next; negative: back."""
        if n == 0:
            return self.on_or_after(day)
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day = self._seek(day + step, step)
        return day

    def count(self, start: date, end: date) -> int:
        """Open days in (start, end]; negative when end is before start."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_open(start + _DAY * i) for i in range(1, (end - start).days + 1))

    def closed_run_after(self, day: date) -> list[date]:
        """The closed days in a row that follow this day, in order."""
        run: list[date] = []
        day += _DAY
        while not self.is_open(day) and len(run) < _LONGEST_CLOSURE:
            run.append(day)
            day += _DAY
        return run
