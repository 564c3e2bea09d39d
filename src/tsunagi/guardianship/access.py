"""Doors to powers and applications. Reading: 世帯・関係 of the person; writing: an office that supports them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from tsunagi.accounts.queries import office_ids
from tsunagi.holding.models import Promise
from tsunagi.people.access import party_for, sight_of
from tsunagi.people.models import Person
from tsunagi.people.rules import Facet, PartyKind
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail

from .models import Petition, Power

if TYPE_CHECKING:
    from datetime import date

    from tsunagi.accounts.models import Worker
    from tsunagi.people.access import Sight
    from tsunagi.people.models import Party

POWER, PETITION = "power", "petition"


def shown_party_for(worker: Worker, party_id: int, *, on: date) -> Party:
    """A person or household whose powers this worker may read, or Http404."""
    party = party_for(worker, party_id, Purpose.READ_PERSON, on=on)
    if not reads_powers(party.sight):  # type: ignore[attr-defined]
        raise Http404
    return party


def supported_person_for(worker: Worker, party_id: int, *, on: date) -> Person:
    """A person whose powers and applications this worker may write, or Http404."""
    party = party_for(worker, party_id, Purpose.WRITE_PERSON, on=on)
    if party.kind != PartyKind.PERSON or not writes(party.sight):  # type: ignore[attr-defined]
        raise Http404
    return party.person


def power_for(worker: Worker, power_id: int, *, on: date, write: bool = False) -> Power:
    """A power of a person this worker may see (`write`: support), or Http404. Who answers for its end may always."""
    found = (
        Power.objects.filter(pk=power_id)
        .select_related("person__party", "holder", "holder_office", "stated_by", "stated_for")
        .first()
    )
    if found is None:
        raise Http404
    _enter(worker, found.person_id, POWER, found.pk, on=on, write=write)
    leave_trail("power.seen", subject_kind=POWER, subject_id=found.pk, purpose=_purpose(write), ground="01")
    return found


def petition_for(worker: Worker, petition_id: int, *, on: date, write: bool = False) -> Petition:
    """An application this worker may see (`write`: carry on), or Http404. Who answers for its open step may always."""
    found = (
        Petition.objects.filter(pk=petition_id)
        .select_related("person__party", "office", "opened_by", "ended_by", "power")
        .first()
    )
    if found is None:
        raise Http404
    _enter(worker, found.person_id, PETITION, found.pk, on=on, write=write, progress=True)
    leave_trail(
        "petition.seen", subject_kind=PETITION, subject_id=found.pk, purpose=_purpose(write), ground="01"
    )
    return found


def reads_powers(sight: Sight) -> bool:
    """Whether this sight of a person shows who may act for them."""
    return Facet.HOUSEHOLD in sight.facets


def reads_money(sight: Sight) -> bool:
    """Whether it shows what a guardian costs and who pays."""
    return Facet.MONEY in sight.facets


def writes(sight: Sight) -> bool:
    """Whether powers and applications of this person may be written: by an office that supports them."""
    return Facet.PROGRESS in sight.facets


def _enter(
    worker: Worker,
    person_id: int,
    subject: str,
    subject_id: int,
    *,
    on: date,
    write: bool,
    progress: bool = False,
) -> None:
    party_for(worker, person_id, _purpose(write), on=on)
    # By the record itself: another record of the same person opens by its own reasons (decision 0011).
    sight = sight_of(worker, person_id, _purpose(write), on=on)
    enough = sight is not None and (writes(sight) if write or progress else reads_powers(sight))
    if not enough and not _answers(worker, subject, subject_id):
        raise Http404


def _answers(worker: Worker, subject: str, subject_id: int) -> bool:
    return (
        Promise.objects.filter(subject_kind=subject, subject_id=subject_id, is_open=True)
        .filter(Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=office_ids(worker)))
        .exists()
    )


def _purpose(write: bool) -> Purpose:
    return Purpose.WRITE_PERSON if write else Purpose.READ_PERSON
