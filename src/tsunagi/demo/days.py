"""Moments of the past, always on open days and in office hours, always before the moment of loading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tsunagi.shared.days import Calendar, day_of

TOKYO = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Days:
    """The calendar of the city seen from `at`; nothing it gives lies in the future."""

    at: datetime
    calendar: Calendar
    rng: Random

    @property
    def today(self) -> date:
        """The day of loading."""
        return day_of(self.at)

    def open_on(self, days_ago: int) -> date:
        """The last open day that lies at least so many days back."""
        return self.calendar.on_or_before(self.today - timedelta(days=days_ago))

    def hour(self, day: date, hour: int | None = None, minute: int | None = None) -> datetime:
        """A moment of an open day in office hours; of the open day before where that has not come yet."""
        chosen = hour if hour is not None else self.rng.choice((9, 9, 10, 10, 11, 13, 14, 14, 15, 16))
        moment = datetime.combine(
            day, time(chosen, minute if minute is not None else self.rng.randrange(60)), TOKYO
        )
        if moment < self.at:
            return moment
        return self.hour(self.calendar.add(day, -1), chosen, moment.minute)

    def ago(self, days_ago: int, hour: int | None = None, minute: int | None = None) -> datetime:
        """A moment in office hours so many days back."""
        return self.hour(self.open_on(days_ago), hour, minute)

    def just_now(self, minutes: int) -> datetime:
        """So many minutes back, whatever the hour."""
        return self.at - timedelta(minutes=minutes)
