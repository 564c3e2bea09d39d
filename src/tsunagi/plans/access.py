"""Doors to plans: the file's party must be seen with the facet プラン; a role also opens to those who answer for it.

404 for absent and not-yours alike; each leaves a trail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from tsunagi.accounts.queries import office_ids
from tsunagi.cases.access import own_case_for
from tsunagi.cases.models import Case
from tsunagi.holding.models import Promise
from tsunagi.people.access import closed_to, visible_parties
from tsunagi.people.rules import Facet
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.rows import sees_whole

from .models import FollowUp, Monitoring, Plan, Role, WorkEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tsunagi.accounts.models import Worker

_PARTY = ("office", "worker", "party__person", "party__household", "party__unknown")


def visible_files(worker: Worker) -> QuerySet[Case]:
    """Files of parties of whom this worker may see the plan."""
    return Case.objects.filter(party_id__in=visible_parties(worker, Purpose.READ_CASE, facet=Facet.PLAN))


def file_for(worker: Worker, case_id: int) -> Case:
    """A file whose plans this worker may read, or Http404."""
    require(worker, Purpose.READ_CASE)
    found = visible_files(worker).filter(pk=case_id).select_related(*_PARTY).first()
    if found is None:
        raise Http404
    leave_trail(
        "plans.seen", subject_kind="case", subject_id=found.pk, purpose=Purpose.READ_CASE, ground="01"
    )
    return found


def own_file_for(worker: Worker, case_id: int) -> Case:
    """A file of the worker's own office whose plans they may read: who may write in them."""
    found = own_case_for(worker, case_id)
    if not visible_files(worker).filter(pk=case_id).exists():
        raise Http404
    return found


def is_ours(worker: Worker, case: Case) -> bool:
    """Whether this worker's office keeps the file."""
    return case.office_id in offices_for(worker, Purpose.WRITE_CASE)


def plan_for(worker: Worker, plan_id: int) -> Plan:
    """A plan this worker may read, with its file at hand, or Http404."""
    require(worker, Purpose.READ_CASE)
    found = (
        Plan.objects.filter(pk=plan_id, case__in=visible_files(worker))
        .select_related("worker", "office", "previous", *(f"case__{path}" for path in _PARTY))
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("plan.seen", subject_kind="plan", subject_id=found.pk, purpose=Purpose.READ_CASE, ground="01")
    return found


def own_plan_for(worker: Worker, plan_id: int) -> Plan:
    """A plan of a file of the worker's own office: who may write it, or Http404."""
    found = plan_for(worker, plan_id)
    own_case_for(worker, found.case_id)
    return found


@sees_whole("who answers, or answered, for a row reads it and what it is about")
def role_for(worker: Worker, role_id: int) -> Role:
    """A row of a role table: for those who may read the plan, and for the office that answers (or answered) for it."""
    require(worker, Purpose.TODAY)
    answered = Promise.objects.filter(subject_kind="plan_role", subject_id=role_id).filter(
        Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=office_ids(worker))
    )
    found = (
        Role.objects.filter(pk=role_id)
        .exclude(plan__case__party_id__in=closed_to(worker))
        .filter(Q(plan__case__in=visible_files(worker)) | Q(pk__in=answered.values("subject_id")))
        .select_related("office", "worker", "goal", *(f"plan__case__{path}" for path in _PARTY))
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("plan.role_seen", subject_kind="plan_role", subject_id=found.pk, purpose=Purpose.TODAY)
    return found


def may_say_of(worker: Worker, role: Role) -> bool:
    """Whether this worker may say what became of a row: whoever answers, acts, is of their office, or keeps the file."""
    mine = set(office_ids(worker))
    if role.plan.case.office_id in mine:
        return True
    return (
        Promise.objects.filter(subject_kind="plan_role", subject_id=role.pk, is_open=True)
        .filter(Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=mine))
        .exists()
    )


def own_role_for(worker: Worker, role_id: int) -> Role:
    """A row this worker may say something of, or Http404."""
    found = role_for(worker, role_id)
    if not may_say_of(worker, found):
        raise Http404
    return found


def monitoring_for(worker: Worker, plan: Plan, monitoring_id: int) -> Monitoring:
    """An entry of a plan that came through its own door, or Http404."""
    found = Monitoring.objects.filter(pk=monitoring_id, plan=plan).first()
    if found is None:
        raise Http404
    return found


def event_for(worker: Worker, case_id: int, event_id: int) -> tuple[Case, WorkEvent]:
    """An event of a file of the worker's own office that stands, or Http404."""
    case = own_file_for(worker, case_id)
    found = WorkEvent.objects.filter(pk=event_id, case=case, taken_back_at__isnull=True).first()
    if found is None:
        raise Http404
    return case, found


@sees_whole("who answers, or answered, for a row reads it and what it is about")
def follow_up_for(worker: Worker, follow_up_id: int) -> FollowUp:
    """A look after the end: for the office that promised it, or Http404."""
    require(worker, Purpose.TODAY)
    promised = Promise.objects.filter(subject_kind="follow_up", subject_id=follow_up_id).filter(
        Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=office_ids(worker))
    )
    found = (
        FollowUp.objects.filter(pk=follow_up_id, pk__in=promised.values("subject_id"))
        .exclude(case__party_id__in=closed_to(worker))
        .select_related("made_by", "done_by", *(f"case__{path}" for path in _PARTY))
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("plan.follow_up_seen", subject_kind="follow_up", subject_id=found.pk, purpose=Purpose.TODAY)
    return found
