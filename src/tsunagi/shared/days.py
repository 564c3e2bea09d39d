"""City days and business days: the calendars of the city, of an office, of a worker.

A day is a day in Asia/Tokyo. The city is closed on Saturdays, Sundays, national holidays
(国民の祝日に関する法律, with 振替休日 and 国民の休日) and from 12/29 to 1/3 (地方自治法4条の2 and the usual
休日条例), and on days of its own. An office has its own closed and open days; a worker's weekdays narrow the
office's calendar.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

import jpholiday

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY_TO_FRIDAY = frozenset(range(5))
EVERY_WEEKDAY = frozenset(range(7))
NEW_YEAR = ((12, 29), (1, 3))

# The first year of the holidays' law, and the last year whose equinoxes the library computes.
_HOLIDAYS_KNOWN = range(1948, 2100)
# A calendar that opens on no day in this many years in a row opens on none.
_PATIENCE = 3
# A run this long holds every day of a city's work; a year typed wrong (9999) gets a run of its own.
_LONGEST_RUN = 250


class NoOpenDay(ValueError):
    """The calendar has no open day to give: the weekdays and the closed days leave none."""


def day_of(at: datetime) -> date:
    """The city's day of a moment. Raises ValueError for a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("day_of() needs an aware moment: without a time zone nobody knows which day it is.")
    return at.astimezone(TOKYO).date()


@dataclass(frozen=True)
class Calendar:
    """Which days are open. Equal calendars share one table of open days, so asking is a binary search.

    `weekdays` are those on which it opens (Monday is 0), `holidays_open` whether it opens on national
    holidays, `new_year` the first and last (month, day) closed around New Year. `extra_closed` and
    `extra_open` are single days that beat these; a day in both is closed. `narrowed_to` are a worker's
    weekdays: they only take away, except on the days of `own_open`, on which they work although it is no weekday of
    theirs (where the office opens).
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays_open: bool = False
    new_year: tuple[tuple[int, int], tuple[int, int]] | None = NEW_YEAR
    extra_closed: frozenset[date] = frozenset()
    extra_open: frozenset[date] = frozenset()
    narrowed_to: frozenset[int] = EVERY_WEEKDAY
    own_open: frozenset[date] = frozenset()

    @classmethod
    def city(cls, extra_closed: Iterable[date] = (), extra_open: Iterable[date] = ()) -> Calendar:
        """The city's calendar: closed on weekends, national holidays, 12/29–1/3 and `extra_closed`."""
        return cls(extra_closed=frozenset(extra_closed), extra_open=frozenset(extra_open))

    def with_days(self, *, extra_closed: Iterable[date] = (), extra_open: Iterable[date] = ()) -> Calendar:
        """An office's days (or a worker's absences) on top of this calendar, over which they win."""
        closed, opened = frozenset(extra_closed), frozenset(extra_open)
        return replace(
            self,
            extra_closed=(self.extra_closed - opened) | closed,
            extra_open=(self.extra_open - closed) | (opened - closed),
        )

    def with_weekdays(self, weekdays: frozenset[int]) -> Calendar:
        """This calendar narrowed to the weekdays somebody works (Monday is 0), also on extra open days.

        Raises ValueError for an empty set or a number that is no weekday.
        """
        if not weekdays or not weekdays <= EVERY_WEEKDAY:
            raise ValueError("with_weekdays() needs at least one weekday from 0 (Monday) to 6 (Sunday).")
        return replace(self, narrowed_to=self.narrowed_to & weekdays)

    def with_own_days(self, *, off: Iterable[date] = (), on: Iterable[date] = ()) -> Calendar:
        """This calendar with a worker's own days: days off, and days they work besides their weekdays."""
        away = frozenset(off)
        return replace(
            self, extra_closed=self.extra_closed | away, own_open=self.own_open | (frozenset(on) - away)
        )

    def is_open(self, day: date) -> bool:
        """Is it open on this day?"""
        if day in self.extra_closed or (day.weekday() not in self.narrowed_to and day not in self.own_open):
            return False
        if day in self.extra_open:
            return True
        return (
            day.weekday() in self.weekdays
            and not self._is_new_year(day)
            and (self.holidays_open or day not in _holidays(day.year))
        )

    def add(self, day: date, n: int) -> date:
        """The n-th open day after `day` (before it for negative n); n=0 is `day` itself if open, else the
        next.

        `count(day, add(day, n)) == n` for n > 0 from any day, and for every n from an open day.
        Raises NoOpenDay when the calendar has none to give.
        """
        if n == 0:
            return self.on_or_after(day)
        return self._open_days.nth(day, n)

    def count(self, start: date, end: date) -> int:
        """Open days in (start, end]: 0 for the same day, negative when `end` comes before `start`."""
        if end < start:
            return -self.count(end, start)
        return self._open_days.up_to(end, beside=start) - self._open_days.up_to(start, beside=end)

    def on_or_before(self, day: date) -> date:
        """`day` if open, else the last open day before it: where a holder's due day is shown and coloured."""
        return day if self.is_open(day) else self._open_days.nth(day, -1)

    def on_or_after(self, day: date) -> date:
        """`day` if open, else the next open day."""
        return day if self.is_open(day) else self._open_days.nth(day, 1)

    def closed_run_after(self, day: date) -> list[date]:
        """The closed days in a row that begin the day after `day`, in order; empty when that day is open."""
        length = (self.add(day, 1) - day).days - 1
        return [day + timedelta(days=after) for after in range(1, length + 1)]

    def _is_new_year(self, day: date) -> bool:
        if self.new_year is None:
            return False
        first, last = self.new_year
        this = (day.month, day.day)
        return this >= first or this <= last if first > last else first <= this <= last

    @cached_property
    def _open_days(self) -> _OpenDays:
        return _open_days_of(self)


class _OpenDays:
    """The ordinals of the open days of a run of whole years, widened a year at a time when a question leaves
    it.

    Never changed, only replaced whole: another thread sees the old run or the new one.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._run: tuple[int, int, list[int]] | None = None

    def nth(self, day: date, n: int) -> date:
        first, last, opens = self._covering(day.year, day.year)
        empty = 0
        while True:
            at = day.toordinal()
            place = bisect_right(opens, at) + n - 1 if n > 0 else bisect_left(opens, at) + n
            if 0 <= place < len(opens):
                return date.fromordinal(opens[place])
            known = len(opens)
            if (n > 0 and last >= date.max.year) or (n < 0 and first <= date.min.year):
                raise NoOpenDay(f"No {abs(n)} open days on this side of {day}.")
            first, last, opens = self._covering(first - (n < 0), last + (n > 0))
            empty = empty + 1 if len(opens) == known else 0
            if empty >= _PATIENCE:
                raise NoOpenDay("This calendar never opens: check its weekdays and closed days.")

    def up_to(self, day: date, *, beside: date) -> int:
        """How many open days of a run that covers both days lie on or before `day`."""
        years = sorted((day.year, beside.year))
        return bisect_right(self._covering(years[0], years[1])[2], day.toordinal())

    def _covering(self, from_year: int, to_year: int) -> tuple[int, int, list[int]]:
        run = self._run
        if run is None or max(run[1], to_year) - min(run[0], from_year) > _LONGEST_RUN:
            run = (from_year, from_year, self._of_year(from_year))
        first, last, opens = run
        if from_year < first:
            opens = [day for year in range(from_year, first) for day in self._of_year(year)] + opens
        if to_year > last:
            opens = opens + [day for year in range(last + 1, to_year + 1) for day in self._of_year(year)]
        run = (min(first, from_year), max(last, to_year), opens)
        if run[1] - run[0] <= _LONGEST_RUN:
            self._run = run
        return run

    def _of_year(self, year: int) -> list[int]:
        first = date(year, 1, 1).toordinal()
        last = date(year, 12, 31).toordinal()
        return [day for day in range(first, last + 1) if self._calendar.is_open(date.fromordinal(day))]


@lru_cache(maxsize=2048)
def _open_days_of(calendar: Calendar) -> _OpenDays:
    return _OpenDays(calendar)


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    if year not in _HOLIDAYS_KNOWN:
        return frozenset()
    return frozenset(day for day, _name in jpholiday.year_holidays(year))
