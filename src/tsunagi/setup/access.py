"""Doors of the map for whoever administers the whole city, and of reviews for administrators and the office's managers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.http import Http404

from tsunagi.permissions.access import require, require_administrator
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.places.models import SchoolDistrict, Town
from tsunagi.shared.edges import leave_trail

from .models import Review

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tsunagi.accounts.models import Worker

Row = TypeVar("Row", SchoolDistrict, Town)


def district_for(worker: Worker, district_id: int) -> SchoolDistrict:
    """A school district of this city, for whoever administers it."""
    rows = SchoolDistrict.objects.filter(city__is_ours=True).select_related("parent")
    return _mapped(worker, rows, district_id, "district")


def town_for(worker: Worker, town_id: int) -> Town:
    """A town of this city, for whoever administers it."""
    return _mapped(
        worker, Town.objects.filter(city__is_ours=True).select_related("district"), town_id, "town"
    )


def _mapped(worker: Worker, rows: QuerySet[Row], number: int, kind: str) -> Row:
    require_administrator(worker)
    row = rows.filter(pk=number).first()
    if row is None:
        raise Http404
    leave_trail(f"{kind}.seen", subject_kind=kind, subject_id=row.pk, purpose=Purpose.ADMINISTER)
    return row


def reviews_within_reach(worker: Worker) -> QuerySet[Review]:
    """The reviews this worker may see: all of them, or those of the offices they lead, or those given to them."""
    if reach_of(worker, Purpose.REVIEW) is Reach.CITY:
        return Review.objects.all()
    led = Review.objects.filter(office_id__in=offices_for(worker, Purpose.REVIEW))
    return led | Review.objects.filter(reviewer_id=worker.pk) if may_review(worker) else Review.objects.none()


def may_review(worker: Worker) -> bool:
    """Whether any role of theirs reviews at all."""
    return reach_of(worker, Purpose.REVIEW) > Reach.NONE


def review_for(worker: Worker, review_id: int) -> Review:
    """A review, or Http404 when it is absent or not theirs to see."""
    require(worker, Purpose.REVIEW, Reach.OFFICE)
    rows = reviews_within_reach(worker).select_related("office", "reviewer", "closed_by")
    row = rows.filter(pk=review_id).first()
    if row is None:
        raise Http404
    leave_trail("review.seen", subject_kind="review", subject_id=row.pk, purpose=Purpose.REVIEW)
    return row
