"""Doors to appointments, to papers carried outside, to the papers of the night. 404 for absent and not-yours alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import office_ids
from tsunagi.holding.models import Promise
from tsunagi.people.access import closed_to, visible_parties
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail

from .models import Appointment, TakenOut

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "appointment"


def in_reach(worker: Worker) -> QuerySet[Appointment]:
    """The appointments of the worker, of their offices, and those they go along to. An appointment that is settled
    stays readable by the promise that was kept."""
    promised = Promise.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk")).filter(
        Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=office_ids(worker))
    )
    # Who goes along sees it as long as their office is with the person, and no longer.
    along = Q(second_id=worker.pk, party_id__in=visible_parties(worker))
    return Appointment.objects.filter(along | Exists(promised)).exclude(party_id__in=closed_to(worker))


def appointment_for(worker: Worker, appointment_id: int) -> Appointment:
    """An appointment in the worker's reach, or Http404."""
    require(worker, Purpose.TODAY)
    found = (
        in_reach(worker)
        .filter(pk=appointment_id)
        .select_related(
            "party__person", "party__household", "party__unknown", "second", "made_by", "settled_by"
        )
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("appointment.seen", subject_kind=SUBJECT, subject_id=found.pk, purpose=Purpose.TODAY)
    return found


def taken_out_for(worker: Worker, taken_id: int) -> TakenOut:
    """A paper this worker printed, or one of an office they lead; or Http404."""
    require(worker, Purpose.TODAY)
    led = offices_for(worker, Purpose.HAND_OVER) if leads(worker) else ()
    found = (
        TakenOut.objects.filter(Q(worker_id=worker.pk) | Q(office_id__in=led))
        .filter(pk=taken_id)
        .select_related("worker", "office")
        .first()
    )
    if found is None:
        raise Http404
    return found


def leads(worker: Worker) -> bool:
    """Whether this worker leads an office."""
    return reach_of(worker, Purpose.HAND_OVER) > Reach.NONE


def night_office_for(worker: Worker, office_id: int) -> Office:
    """An office this manager leads, whose night papers they keep; or Http404."""
    require(worker, Purpose.HAND_OVER)
    found = Office.objects.filter(
        pk=office_id, is_active=True, signs_in=True, pk__in=offices_for(worker, Purpose.HAND_OVER)
    ).first()
    if found is None:
        raise Http404
    return found
