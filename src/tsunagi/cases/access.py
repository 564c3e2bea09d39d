"""Doors to files: a file of a party that the worker's offices are involved with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from tsunagi.people.access import visible_parties
from tsunagi.people.rules import Facet
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail
from tsunagi.workbench.access import Place

from .models import Case, Note
from .rules import CaseState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tsunagi.accounts.models import Worker


def visible_to(worker: Worker) -> QuerySet[Case]:
    """Files of parties of whom this worker may see the 支援経過: an office that was only asked sees the sheet, not the file."""
    return Case.objects.filter(party_id__in=visible_parties(worker, Purpose.READ_CASE, facet=Facet.PROGRESS))


def case_for(worker: Worker, case_id: int, purpose: Purpose = Purpose.READ_CASE) -> Case:
    """A file of a party the worker may see, or Http404."""
    require(worker, purpose)
    found = (
        visible_to(worker)
        .filter(pk=case_id)
        .select_related("office", "worker", "party__person", "party__household", "party__unknown")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("case.seen", subject_kind="case", subject_id=found.pk, purpose=purpose, ground="01")
    return found


def may_open_case(worker: Worker, case_id: int) -> bool:
    """Whether this worker could open the file; asks for another (供覧) and leaves no trail."""
    return reach_of(worker, Purpose.READ_CASE) > Reach.NONE and visible_to(worker).filter(pk=case_id).exists()


def own_case_for(worker: Worker, case_id: int) -> Case:
    """A file of the worker's own office: who may write in it, close it and reopen it."""
    found = case_for(worker, case_id, Purpose.WRITE_CASE)
    if found.office_id not in offices_for(worker, Purpose.WRITE_CASE):
        raise Http404
    return found


def note_for(worker: Worker, case_id: int, note_id: int) -> Note:
    """A note of a file of the worker's own office."""
    case = own_case_for(worker, case_id)
    found = Note.objects.filter(pk=note_id, case=case).select_related("case", "worker", "office").first()
    if found is None:
        raise Http404
    return found


def note_with_files(worker: Worker, note_id: int, add: bool) -> Place:
    """The door of a note's attachments: seen with its file; brought and taken off by the file's office while it is open."""
    note = Note.objects.filter(pk=note_id).values_list("case_id", flat=True).first()
    case = (own_case_for if add else case_for)(worker, note or 0)
    if add and case.state != CaseState.OPEN:
        raise Http404
    return Place(f"支援 {case.number or f'#{case.pk}'} の記録", reverse("cases:detail", args=[case.pk]))
