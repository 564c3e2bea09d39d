"""The first door: a page that a worker's roles do not open at all is absent for them (404).

And the doors of 管理: offices, workers, postings and calendars open to system administrators, the journal to auditors.
They stand here and not in accounts or journal because those lie below the table they obey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.http import Http404

from tsunagi.accounts.models import CalendarDay, Office, Posting, Proposal, Worker
from tsunagi.accounts.queries import posts_of
from tsunagi.shared.edges import leave_trail

from .rules import Purpose, Reach, reach_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row", Office, Worker, Posting, CalendarDay, Proposal)


def require(worker: Worker, purpose: Purpose, reach: Reach = Reach.NUMBERS) -> Reach:
    """The worker's reach for a purpose, or Http404 when it is less than asked."""
    reached = reach_for(((post.role, post.legal_kind) for post in posts_of(worker)), purpose)
    if reached < reach:
        raise Http404
    return reached


def office_for(worker: Worker, office_id: int) -> Office:
    """An office, for whoever administers the whole city."""
    return _administered(
        worker, Office.objects.select_related("duty_worker", "stand_in_office"), office_id, "office"
    )


def worker_for(worker: Worker, worker_id: int) -> Worker:
    """A colleague's registration, for whoever administers the whole city."""
    return _administered(worker, Worker.objects.all(), worker_id, "worker")


def posting_for(worker: Worker, posting_id: int) -> Posting:
    """A posting, for whoever administers the whole city."""
    return _administered(worker, Posting.objects.select_related("worker", "office"), posting_id, "posting")


def proposal_for(worker: Worker, proposal_id: int) -> Proposal:
    """What an administrator proposed, for whoever administers the whole city."""
    return _administered(worker, Proposal.objects.all(), proposal_id, "proposal")


def calendar_day_for(worker: Worker, day_id: int) -> CalendarDay:
    """An exception of a calendar, for whoever administers the whole city."""
    return _administered(worker, CalendarDay.objects.select_related("office"), day_id, "calendar_day")


def require_administrator(worker: Worker) -> None:
    """404 unless the worker administers the whole city."""
    require(worker, Purpose.ADMINISTER, Reach.CITY)


def require_auditor(worker: Worker, *, subject_kind: str, subject_id: int | None, about: int | None) -> None:
    """404 unless the worker may search the journal; what was searched is itself journalled."""
    require(worker, Purpose.JOURNAL)
    if subject_id is not None or about is not None:
        leave_trail(
            "journal.searched",
            subject_kind=subject_kind or "worker",
            subject_id=subject_id if subject_id is not None else about,
            purpose=Purpose.JOURNAL,
        )


def _administered(worker: Worker, rows: QuerySet[Row], number: int, kind: str) -> Row:
    require_administrator(worker)
    row = rows.filter(pk=number).first()
    if row is None:
        raise Http404
    leave_trail(f"{kind}.seen", subject_kind=kind, subject_id=row.pk, purpose=Purpose.ADMINISTER)
    return row
