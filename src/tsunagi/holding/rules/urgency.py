"""What urgency promises: the first action only, and for 高 whatever the hour (Urgency and calendars)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tsunagi.holding.rules.contacts import CONTACTS, ContactKind
from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings, Urgency
from tsunagi.shared.days import Calendar, day_of
from tsunagi.shared.refusal import Refused

TOKYO = ZoneInfo("Asia/Tokyo")
HEAVIER = (Urgency.LOW, Urgency.MIDDLE, Urgency.UNCLEAR, Urgency.HIGH)


def needs_night_handover(came_at: datetime, calendar: Calendar, closing_time: time) -> bool:
    """Must a 高 that came at this hour be handed over for the night or the closed days?

    Yes after closing, on a closed day, and at any hour before a closed day, unless the person is met or
    seen first.
    """
    came_on = day_of(came_at)
    return (
        not calendar.is_open(came_on)
        or came_at.astimezone(TOKYO).time() >= closing_time
        or not calendar.is_open(came_on + timedelta(days=1))
    )


def night_handover_by(came_at: datetime, calendar: Calendar, closing_time: time) -> datetime:
    """The hour by which it must be recorded: at once, or before the worker leaves."""
    came_on = day_of(came_at)
    closing = datetime.combine(came_on, closing_time, tzinfo=TOKYO)
    return closing if calendar.is_open(came_on) and came_at < closing else came_at


def night_open(
    urgency: Urgency,
    came_at: datetime,
    *,
    seen: bool,
    handed_over: bool,
    now: datetime,
    calendar: Calendar,
    closing_time: time,
) -> bool:
    """Is a 高 without a night hand-over falling at this hour?"""
    if urgency != Urgency.HIGH or seen or handed_over:
        return False
    return needs_night_handover(came_at, calendar, closing_time) and now >= night_handover_by(
        came_at, calendar, closing_time
    )


def check_night_handover(*, to_kind: str, to_name: str, at: datetime | None) -> None:
    """A night hand-over says to whom, by name, and at what hour."""
    if not to_kind or not to_name.strip() or at is None:
        raise Refused(
            "夜間・休日の引き継ぎには、どこへ・どなたへ・何時に伝えたかが要ります。三つとも書いてください。",
            field="to_kind" if not to_kind else "to_name" if not to_name.strip() else "clock",
        )


def high_needs_managers_word(
    high_since: date | None,
    word_on: date | None,
    *,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
) -> bool:
    """Has a 高 stood five business days without the manager's word since it was judged 高?"""
    if high_since is None or (word_on is not None and word_on >= high_since):
        return False
    return calendar.count(high_since, on) >= settings.high_review.count


def check_urgency_change(
    before: Urgency, after: Urgency, *, contact: ContactKind | None, agreed: bool
) -> None:
    """Urgency is judged again at each contact; it goes down only when the person was met or seen, or by two.

    Otherwise a letter nobody answered would turn a 高 into a 低.
    """
    lowered = HEAVIER.index(after) < HEAVIER.index(before)
    knows = contact is not None and CONTACTS[contact].resets_last_seen
    if lowered and before in (Urgency.HIGH, Urgency.UNCLEAR) and not knows and not agreed:
        raise Refused(
            f"「{before.label}」を下げられるのは、会えたとき、様子が分かったときです。"
            "まだのときは、もう一人の同意を得て下げてください。",
            field="urgency",
        )
