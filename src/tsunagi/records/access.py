"""Doors of keeping, demands, incidents, complaints. 404 for absent and not-yours alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from tsunagi.accounts.queries import managers_of, office_ids, overseer_named
from tsunagi.people.access import closed_to
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail

from .models import Demand, Disposal, DisposalItem, Incident, IncidentParty, LegalHold, Voice

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def may_report(worker: Worker) -> bool:
    """Whether this worker may report an accident or a complaint: everybody who works here."""
    return reach_of(worker, Purpose.INCIDENT) > Reach.NONE


def may_retain(worker: Worker) -> bool:
    """Whether this worker decides about keeping."""
    return reach_of(worker, Purpose.RETAIN) >= Reach.CITY


def may_disclose(worker: Worker) -> bool:
    """Whether this worker answers demands."""
    return reach_of(worker, Purpose.DISCLOSURE) > Reach.NONE


def require_report(worker: Worker) -> None:
    """404 for whoever may not even report."""
    require(worker, Purpose.INCIDENT)


def require_retain(worker: Worker) -> None:
    """404 unless the worker decides about keeping."""
    require(worker, Purpose.RETAIN, Reach.CITY)


def require_disclose(worker: Worker) -> None:
    """404 unless the worker answers demands."""
    require(worker, Purpose.DISCLOSURE)


def require_somebody(worker: Worker) -> None:
    """404 unless there is anything here for this worker."""
    if not (may_report(worker) or may_retain(worker) or may_disclose(worker)):
        raise Http404


def require_papers(worker: Worker) -> None:
    """Papers a city signs: whoever decides about keeping, administers or leads an office."""
    if not (
        may_retain(worker)
        or reach_of(worker, Purpose.ADMINISTER) >= Reach.CITY
        or reach_of(worker, Purpose.ANSWER_FOR) > Reach.NONE
    ):
        raise Http404


def hold_for(worker: Worker, hold_id: int) -> LegalHold:
    """A stop, for whoever decides about keeping."""
    require_retain(worker)
    found = LegalHold.objects.filter(pk=hold_id).first()
    if found is None or found.party_id in closed_to(worker):
        raise Http404
    leave_trail("hold.seen", subject_kind="hold", subject_id=found.pk, purpose=Purpose.RETAIN)
    return found


def disposal_for(worker: Worker, disposal_id: int) -> Disposal:
    """A disposal, for whoever decides about keeping."""
    require_retain(worker)
    found = Disposal.objects.select_related("proposed_by", "agreed_by").filter(pk=disposal_id).first()
    if found is None:
        raise Http404
    leave_trail("disposal.seen", subject_kind="disposal", subject_id=found.pk, purpose=Purpose.RETAIN)
    return found


def item_for(worker: Worker, disposal_id: int, item_id: int) -> DisposalItem:
    """One line of a disposal."""
    disposal = disposal_for(worker, disposal_id)
    found = disposal.items.filter(pk=item_id).first()
    if found is None:
        raise Http404
    return found


def demand_for(worker: Worker, demand_id: int) -> Demand:
    """A demand, for whoever answers demands: they see what it names, nothing else. Its promise's holder sees it too."""
    require_somebody(worker)
    found = (
        demands_in_reach(worker)
        .filter(pk=demand_id)
        .select_related("office", "taken_by", "decided_by", "decided_with")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail(
        "demand.seen", subject_kind="demand", subject_id=found.pk, purpose=Purpose.DISCLOSURE, ground="23"
    )
    return found


def demands_in_reach(worker: Worker) -> QuerySet[Demand]:
    """Every demand, for whoever answers demands; nobody else's. None that names a record closed to them: who may be the other
    party, and whose own people it is, does not decide about it."""
    if not may_disclose(worker):
        return Demand.objects.none()
    return Demand.objects.filter(Q(party__isnull=True) | ~Q(party__id__any=closed_to(worker)))


def incidents_in_reach(worker: Worker) -> QuerySet[Incident]:
    """What the worker reported, what their offices answer for, and all of it for whoever answers for the city; none with the data
    of whom is closed to them."""
    if reach_of(worker, Purpose.ANSWER_FOR) >= Reach.CITY:
        return _open_to(worker)
    led = offices_for(worker, Purpose.ANSWER_FOR)
    return _open_to(worker).filter(Q(reported_by=worker) | Q(office_id__in=led))


def _open_to(worker: Worker) -> QuerySet[Incident]:
    """Incidents with nobody's data whose record is closed to the worker."""
    closed = IncidentParty.objects.filter(party__id__any=closed_to(worker)).order_by()
    return Incident.objects.exclude(pk__in=closed.values("incident_id"))


def incident_for(worker: Worker, incident_id: int) -> Incident:
    """An incident in the worker's reach."""
    require_report(worker)
    found = (
        incidents_in_reach(worker)
        .filter(pk=incident_id)
        .select_related("office", "reported_by", "finished_by", "looked_back_by")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("incident.seen", subject_kind="incident", subject_id=found.pk, purpose=Purpose.INCIDENT)
    return found


def led_incident_for(worker: Worker, incident_id: int) -> Incident:
    """An incident this worker answers for: its office's manager, or the city's. Who only reported it reads."""
    found = incident_for(worker, incident_id)
    if not answers_for(worker, found.office_id):
        raise Http404
    return found


def answers_for(worker: Worker, office_id: int) -> bool:
    """Whether this worker answers for accidents and complaints of an office."""
    if reach_of(worker, Purpose.ANSWER_FOR) >= Reach.CITY:
        return True
    return office_id in offices_for(worker, Purpose.ANSWER_FOR)


def voices_in_reach(worker: Worker) -> QuerySet[Voice]:
    """Complaints and wishes this worker answers, or that they wrote down; of their offices, for managers. Never one about
    themselves, whoever wrote it, nor about whom is closed to them."""
    led = offices_for(worker, Purpose.ANSWER_FOR)
    mine = Q(answers=worker) | Q(taken_by=worker) | Q(about_office_id__in=led)
    rows = (
        Voice.objects.all()
        if reach_of(worker, Purpose.ANSWER_FOR) >= Reach.CITY
        else Voice.objects.filter(mine)
    )
    closed = Q(party__isnull=True) | ~Q(party__id__any=closed_to(worker))
    return rows.exclude(about_worker=worker).filter(closed)


def voice_for(worker: Worker, voice_id: int) -> Voice:
    """A complaint or wish in the worker's reach; for the worker it is about it does not exist."""
    require_report(worker)
    found = (
        voices_in_reach(worker)
        .filter(pk=voice_id)
        .select_related("about_office", "about_worker", "answers", "taken_by")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("voice.seen", subject_kind="voice", subject_id=found.pk, purpose=Purpose.ANSWER_FOR)
    return found


def voice_to_answer_for(worker: Worker, voice_id: int) -> Voice:
    """A complaint this worker answers."""
    found = voice_for(worker, voice_id)
    if found.answers_id != worker.pk and not answers_for(worker, found.about_office_id):
        raise Http404
    return found


def leads(worker: Worker) -> bool:
    """Whether this worker answers for anybody's accidents and complaints."""
    return reach_of(worker, Purpose.ANSWER_FOR) > Reach.NONE


def overseer_of(office_id: int) -> int | None:
    """Who stands in for the office's manager, where the manager may not."""
    return overseer_named(office_id)


def in_charge_of(office_id: int) -> list[int]:
    """The managers of an office."""
    return managers_of(office_id)


def own_offices(worker: Worker) -> tuple[int, ...]:
    """Where this worker is posted."""
    return office_ids(worker)
