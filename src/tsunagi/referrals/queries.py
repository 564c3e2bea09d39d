"""What screens ask of referrals: inbox, outbox, one referral with its rows and thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from tsunagi.accounts.queries import CalendarBook
from tsunagi.holding.queries import party_label
from tsunagi.holding.rules import Lateness, Urgency, board_dates
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose

from .models import Referral
from .rules import OPEN_STATES, ReferralResult, ReferralState

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class ReferralCard:
    """A referral as a list shows it."""

    id: int
    number: str
    party_id: int
    party_label: str
    from_office: str
    from_worker: str
    to_office: str
    to_signs_in: bool
    state: str
    state_label: str
    urgency: str
    reason: str
    concerns: int
    sent_at: datetime
    seen_at: datetime | None
    answer_due_on: date
    considering_until: date | None
    oral_yes_at: datetime | None
    answered_at: datetime | None
    first_contact_at: datetime | None
    result_label: str
    lateness: Lateness
    is_open: bool


def inbox(worker: Worker) -> QuerySet[Referral]:
    """Referrals the worker's offices received, newest first."""
    return _rows(Referral.objects.filter(to_office_id__in=offices_for(worker, Purpose.REFER)))


def outbox(worker: Worker) -> QuerySet[Referral]:
    """Referrals the worker's offices sent, newest first."""
    return _rows(Referral.objects.filter(from_office_id__in=offices_for(worker, Purpose.REFER)))


def waiting_for_us(worker: Worker) -> QuerySet[Referral]:
    """Received and not answered yet, the earliest answer first."""
    return inbox(worker).filter(state__in=OPEN_STATES).order_by("answer_due_on", "id")


def waiting_for_them(worker: Worker) -> QuerySet[Referral]:
    """Sent by this worker and not answered yet."""
    return (
        outbox(worker).filter(state__in=OPEN_STATES, from_worker_id=worker.pk).order_by("answer_due_on", "id")
    )


def not_met_yet(worker: Worker) -> QuerySet[Referral]:
    """Accepted by our offices, first contact still open."""
    return inbox(worker).filter(
        Q(state=ReferralState.ACCEPTED) | Q(state=ReferralState.PARTLY), first_contact_at__isnull=True, result=""
    )


def of_parties(worker: Worker, party_ids: Iterable[int]) -> QuerySet[Referral]:
    """Referrals of these parties that the worker's offices sent or received."""
    mine = offices_for(worker, Purpose.REFER)
    return _rows(
        Referral.objects.filter(party_id__in=list(party_ids)).filter(
            Q(from_office_id__in=mine) | Q(to_office_id__in=mine)
        )
    )


def cards(rows: Iterable[Referral], *, on: date, book: CalendarBook | None = None) -> list[ReferralCard]:
    """Rows of a list with the colour of the answer that is due."""
    book = book or CalendarBook()
    return [_card(row, on, book) for row in rows]


def _rows(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    return (
        rows.select_related(
            "from_office", "to_office", "from_worker", "party__person", "party__household", "party__unknown"
        )
        .annotate(concern_count=Count("rows"))
        .order_by("-sent_at", "-id")
    )


def _card(row: Referral, on: date, book: CalendarBook) -> ReferralCard:
    is_open = row.state in OPEN_STATES
    due = max(row.answer_due_on, row.considering_until or row.answer_due_on)
    colour = Lateness.GREEN
    if is_open:
        colour = board_dates(on, book.of(row.from_office_id)).colour(due, Urgency(row.urgency or Urgency.LOW))
    return ReferralCard(
        id=row.pk,
        number=row.number or str(row.pk),
        party_id=row.party_id,
        party_label=party_label(row.party),
        from_office=row.from_office.label,
        from_worker=row.from_worker.name,
        to_office=row.to_office.label,
        to_signs_in=row.to_office.signs_in,
        state=row.state,
        state_label=ReferralState(row.state).label,
        urgency=row.urgency,
        reason=row.reason,
        concerns=row.concern_count,  # type: ignore[attr-defined]
        sent_at=row.sent_at,
        seen_at=row.seen_at,
        answer_due_on=row.answer_due_on,
        considering_until=row.considering_until,
        oral_yes_at=row.oral_yes_at,
        answered_at=row.answered_at,
        first_contact_at=row.first_contact_at,
        result_label=ReferralResult(row.result).label if row.result else "",
        lateness=colour,
        is_open=is_open,
    )
