"""Doors to a family: the door of the party, and 世帯・関係 among what the worker sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.people.access import party_for
from tsunagi.people.queries import hidden_from
from tsunagi.people.rules import Facet
from tsunagi.permissions.rules import Purpose

from .models import Tie

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.people.models import Party


def family_for(worker: Worker, party_id: int, purpose: Purpose = Purpose.READ_PERSON) -> Party:
    """The party whose family is drawn (its root), or Http404 when absent, not yours, or without 世帯・関係."""
    party = party_for(worker, party_id, purpose)
    if Facet.HOUSEHOLD.value not in party.sight.facets:  # type: ignore[attr-defined]  # the door leaves it there
        raise Http404
    return party


def ground_of(party: Party) -> str:
    """On what ground a party that came through the door is seen."""
    return str(party.sight.ground)  # type: ignore[attr-defined]


def tie_for(worker: Worker, party_id: int, tie_id: int) -> Tie:
    """A tie of this party that still stands, to be ended: who may write at either of its ends; else Http404."""
    party = family_for(worker, party_id, Purpose.WRITE_PERSON)
    tie = Tie.objects.select_related("office").filter(pk=tie_id, ended_at__isnull=True).first()
    if tie is None or party.pk not in (tie.party_id, tie.other_id):
        raise Http404
    for other in {tie.party_id, tie.other_id} - {party.pk, None}:
        _shown(worker, other or 0)
    if tie.untold and Facet.SEXUALITY_UNTOLD.value not in party.sight.facets:  # type: ignore[attr-defined]
        raise Http404
    return tie


def _shown(worker: Worker, party_id: int) -> None:
    """Whoever is hidden from this worker hides the tie with them."""
    if party_id in hidden_from(worker, [party_id]):
        raise Http404
