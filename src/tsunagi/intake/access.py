"""Doors to consultations: those of the worker's own offices, and those about people they are involved with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from tsunagi.people.access import visible_parties
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail

from .models import Consultation, Informant

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tsunagi.accounts.models import Worker


def visible_to(worker: Worker) -> QuerySet[Consultation]:
    """Consultations this worker may see: their desk's own, and those about a party they are involved with."""
    return Consultation.objects.filter(
        Q(office_id__in=offices_for(worker, Purpose.CONSULT)) | Q(party_id__in=visible_parties(worker))
    )


def consultation_for(worker: Worker, consultation_id: int, purpose: Purpose = Purpose.CONSULT) -> Consultation:
    """A consultation the worker may see, or Http404."""
    require(worker, purpose)
    found = (
        visible_to(worker)
        .filter(pk=consultation_id)
        .select_related("office", "written_by", "party__person", "party__household", "party__unknown")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("consultation.seen", subject_kind="consultation", subject_id=found.pk, purpose=purpose, ground="01")
    return found


def own_consultation_for(worker: Worker, consultation_id: int) -> Consultation:
    """A consultation of the worker's own desk: the one that may correct, sort out and end it."""
    found = consultation_for(worker, consultation_id)
    if found.office_id not in offices_for(worker, Purpose.CONSULT):
        raise Http404
    return found


def informant_for(worker: Worker, consultation: Consultation) -> Informant | None:
    """Who told us: for the desk that heard it; for a later holder only if the informant said so."""
    told = Informant.objects.filter(pk=consultation.pk).first()
    if told is None:
        return None
    at_desk = consultation.office_id in offices_for(worker, Purpose.CONSULT)
    if not at_desk and told.reach != "successors":
        return None
    leave_trail("informant.seen", subject_kind="consultation", subject_id=consultation.pk, purpose=Purpose.CONSULT)
    return told
