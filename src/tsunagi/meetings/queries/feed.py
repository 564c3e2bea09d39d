"""What a calendar program is told under a secret address: body, place, time, number of items. Never a name, never a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event

from tsunagi.meetings.access import sittings_of
from tsunagi.meetings.models import FeedAddress, Sitting
from tsunagi.meetings.rules import SittingState
from tsunagi.shared.days import TOKYO, day_of

from .cards import sitting_cards

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PAST, AHEAD = timedelta(days=60), timedelta(days=400)


@dataclass(frozen=True)
class FeedCard:
    """A worker's calendar address as their page shows it: never the address itself."""

    made_at: datetime
    last_read_at: datetime | None


def feed_of(worker: Worker) -> FeedCard | None:
    """The worker's living calendar address."""
    row = FeedAddress.objects.filter(worker=worker, revoked_at__isnull=True).order_by("id").first()
    return FeedCard(row.made_at, row.last_read_at) if row else None


def calendar_file(worker: Worker, now: datetime) -> bytes:
    """The sittings of this worker's bodies as RFC 5545."""
    on = day_of(now)
    rows = list(
        sittings_of(worker, on)
        .filter(day__gte=on - PAST, day__lte=on + AHEAD)
        .select_related("body")
        .order_by("day", "begins", "id")
    )
    calendar = Calendar()
    calendar.add("prodid", "-//tsunagi//kaigi//JA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "会議")
    for row, card in zip(rows, sitting_cards(worker, rows, on), strict=True):
        calendar.add_component(_event(row, card.body, card.items, now))
    return bytes(calendar.to_ical())


def _event(row: Sitting, name: str, items: int, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"kaigi-{row.pk}@tsunagi")
    event.add("dtstamp", row.called_at or row.made_at)
    event.add("sequence", row.revision)
    event.add("summary", name)
    if row.place:
        event.add("location", row.place)
    event.add("description", f"議題 {items}件")
    event.add("status", "CANCELLED" if row.state == SittingState.CANCELLED else "CONFIRMED")
    begins, ends = _hours(row.day, row.begins, row.body.minutes)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    return event


def _hours(day: date, begins: time | None, minutes: int) -> tuple[date | datetime, date | datetime]:
    if begins is None:
        return day, day + timedelta(days=1)
    start = datetime.combine(day, begins, TOKYO)
    return start, start + timedelta(minutes=minutes)
