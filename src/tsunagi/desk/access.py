"""Doors to what is shown round (供覧). Showing round never widens who may see: the record's own door decides, each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.cases.access import case_for, may_open_case
from tsunagi.holding.access import concern_for, may_open_concern
from tsunagi.intake.access import consultation_for, may_open_consultation, may_open_meeting, meeting_for
from tsunagi.shared.edges import leave_trail
from tsunagi.workbench.models import Circulation
from tsunagi.workbench.rules import ShownKind

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

_MAY: dict[str, Callable[[Worker, int], bool]] = {
    ShownKind.CONSULTATION: may_open_consultation,
    ShownKind.CONCERN: may_open_concern,
    ShownKind.CASE: may_open_case,
    ShownKind.MEETING: may_open_meeting,
}
_DOORS: dict[str, Callable[[Worker, int], object]] = {
    ShownKind.CONSULTATION: consultation_for,
    ShownKind.CONCERN: concern_for,
    ShownKind.CASE: case_for,
    ShownKind.MEETING: meeting_for,
}


def record_for(worker: Worker, kind: str, subject_id: int) -> object:
    """The record itself, by its own door; or Http404."""
    if kind not in _DOORS:
        raise Http404
    return _DOORS[kind](worker, subject_id)


def may_open(worker: Worker, kind: str, subject_id: int) -> bool:
    """Whether this worker could open the record now."""
    return kind in _MAY and _MAY[kind](worker, subject_id)


def among_who_may_open(worker_ids: list[int], kind: str, subject_id: int) -> set[int]:
    """Of these workers, who could open the record now. No trail is left: nobody is shown anything by asking."""
    found = WorkerModel.objects.filter(pk__in=worker_ids, is_active=True).order_by("pk")
    return {worker.pk for worker in found if may_open(worker, kind, subject_id)}


def circulation_for(worker: Worker, circulation_id: int) -> Circulation:
    """A 供覧 this worker asked for, is a reader of, or whose record they may open; or Http404."""
    found = Circulation.objects.filter(pk=circulation_id).first()
    if found is None:
        raise Http404
    concerns_me = found.asked_by_id == worker.pk or found.readers.filter(worker=worker).exists()
    if not (concerns_me or may_open(worker, found.kind, found.subject_id)):
        raise Http404
    leave_trail("circulation.seen", subject_kind="circulation", subject_id=found.pk)
    return found
