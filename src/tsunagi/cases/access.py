"""Doors to files: a file of a party that the worker's offices are involved with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from tsunagi.people.access import closed_to, parties_seen_by, visible_parties
from tsunagi.people.rules import Facet
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.kept import Kept
from tsunagi.workbench.access import Place

from .models import Case, Jotting, Note, NoteTemplate, OwnWords
from .rules import CaseState, TemplateOf

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from tsunagi.accounts.models import Worker


def visible_to(worker: Worker) -> QuerySet[Case]:
    """Files of parties of whom this worker may see the 支援経過: an office that was only asked sees the sheet, not the file."""
    return Case.objects.filter(party_id__in=visible_parties(worker, Purpose.READ_CASE, facet=Facet.PROGRESS))


_SEEN = Kept(
    lambda who, offices, closed, case: (
        Case.objects.filter(pk=case, party_id__in=parties_seen_by(who, offices, closed, facet=Facet.PROGRESS))
        .order_by()
        .values_list("id")
    )
)


def case_for(worker: Worker, case_id: int, purpose: Purpose = Purpose.READ_CASE) -> Case:
    """A file of a party the worker may see, or Http404."""
    require(worker, purpose)
    who = (worker.pk, list(offices_for(worker, Purpose.READ_CASE)), sorted(closed_to(worker)))
    found = (
        Case.objects.select_related(
            "office", "worker", "party__person", "party__household", "party__unknown"
        ).get(pk=case_id)
        if _SEEN.rows(*who, case_id)
        else None
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


def jotting_for(worker: Worker, case_id: int, jotting_id: int, *, on: date) -> Jotting:
    """A jotting of this very worker that is not past its day; for everybody else it does not exist."""
    case = case_for(worker, case_id)
    found = Jotting.objects.filter(pk=jotting_id, case=case, worker=worker, gone_on__gte=on).first()
    if found is None:
        raise Http404
    return found


def own_words_for(worker: Worker, case_id: int, words_id: int) -> OwnWords:
    """Own words beside a file of the worker's office, to be corrected by new ones."""
    case = own_case_for(worker, case_id)
    found = OwnWords.objects.filter(pk=words_id, case=case).select_related("case", "person", "note").first()
    if found is None:
        raise Http404
    return found


def require_templates(worker: Worker) -> None:
    """The page of templates: for who writes in files, and for who keeps the city's lists. Raises Http404."""
    if not may_see_templates(worker):
        raise Http404


def may_see_templates(worker: Worker) -> bool:
    """Whether templates are any of this worker's business."""
    return any(reach_of(worker, purpose) > Reach.NONE for purpose in (Purpose.WRITE_CASE, Purpose.ADMINISTER))


def template_for(worker: Worker, template_id: int) -> NoteTemplate:
    """A template in use that this worker may change, or Http404."""
    require_templates(worker)
    found = NoteTemplate.objects.filter(pk=template_id, retired_at__isnull=True).first()
    if found is None or not may_change_template(worker, found):
        raise Http404
    return found


def may_change_template(worker: Worker, template: NoteTemplate) -> bool:
    """Whether this worker may change a template: their own, their office's; the city's by who keeps the city's lists."""
    if template.of == TemplateOf.OWN:
        return template.worker_id == worker.pk
    if template.of == TemplateOf.OFFICE:
        return template.office_id in offices_for(worker, Purpose.WRITE_CASE)
    return keeps_the_citys(worker)


def keeps_the_citys(worker: Worker) -> bool:
    """Whether this worker keeps the city's templates (as its code lists)."""
    return reach_of(worker, Purpose.ADMINISTER) > Reach.NONE


def reads_supervision(worker: Worker, case: Case) -> bool:
    """Whether this worker belongs to the file's own office: then they read its supervisions."""
    return case.office_id in offices_for(worker, Purpose.READ_CASE)
