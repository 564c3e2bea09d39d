"""Parties by number: how lists call them, their root, their district, their members."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from tsunagi.accounts.models import Worker
from tsunagi.people.models import Address, Membership, Party, Protection
from tsunagi.people.rules import AddressKind, PartyKind
from tsunagi.places.queries import district

from .cards import UnknownCard
from .persons import shown_name


def party_names(worker: Worker, party_ids: Iterable[int]) -> dict[int, str]:
    """How lists call these parties, by number: one answer for cards of concerns, promises and referrals.

    Only for rows the worker may see already (`visible_parties`); a merged record is called by its root.
    """
    wanted = set(party_ids)
    found: dict[int, str] = {}
    rows = Party.objects.filter(pk__in=wanted).select_related(
        "person", "household", "unknown", "same_as__person", "same_as__household"
    )
    for row in rows.order_by("pk"):
        found[row.pk] = name_of(row.same_as or row)
    return found


def name_of(party: Party) -> str:
    """How a list calls one party (its person, household or unknown must be loaded)."""
    if party.kind == PartyKind.PERSON:
        return shown_name(party.person)
    if party.kind == PartyKind.HOUSEHOLD:
        return party.household.label or f"世帯 {party.pk}"
    place = party.unknown.place or party.unknown.looks
    return f"まだ分からない人({place[:20]})" if place else "まだ分からない人"


def unknown_card(worker: Worker, party: Party) -> UnknownCard:
    """Someone not yet known. Ask through an open door (`access.unknown_for`)."""
    row = party.unknown
    where = district(row.district_id)
    return UnknownCard(row.pk, row.place, row.looks, row.words, where.name if where else "")


def is_protected(party_id: int) -> bool:
    """Whether this person is protected now (by the root, or by a record that turned out to be them)."""
    root = root_of(party_id)
    return Protection.objects.filter(
        Q(person_id=root) | Q(person__party__same_as_id=root), ended_at__isnull=True
    ).exists()


def root_of(party_id: int) -> int:
    """The party a number stands for: itself, or the one it turned out to be."""
    same_as = Party.objects.filter(pk=party_id).values_list("same_as_id", flat=True).first()
    return same_as or party_id


def district_id_of(party_id: int) -> int | None:
    """The school district a party lives in, for counts and gaps; None when unknown, or when protected."""
    root = root_of(party_id)
    if is_protected(root):
        return None
    own = (
        Address.objects.filter(person_id=root, until_on__isnull=True, district__isnull=False)
        .order_by("kind", "-id")
        .values_list("kind", "district_id")
    )
    rows = list(own) or list(
        Address.objects.filter(
            person__memberships__household_id=root,
            person__memberships__ended_at__isnull=True,
            until_on__isnull=True,
            district__isnull=False,
        )
        .exclude(person_id__in=Protection.objects.filter(ended_at__isnull=True).values("person_id"))
        .order_by("kind", "-id")
        .values_list("kind", "district_id")
    )
    living = [number for kind, number in rows if kind == AddressKind.LIVING]
    if living or rows:
        return (living or [rows[0][1]])[0]
    return (
        Party.objects.filter(pk=root, kind=PartyKind.UNKNOWN)
        .values_list("unknown__district_id", flat=True)
        .first()
    )


def members_of(party_id: int) -> list[int]:
    """The persons in a household now (their numbers), for deeds that concern them all."""
    return list(
        Membership.objects.filter(household_id=party_id, ended_at__isnull=True)
        .order_by("id")
        .values_list("person_id", flat=True)
    )


def household_ids_of(party_id: int) -> list[int]:
    """The households a person is in now."""
    return list(
        Membership.objects.filter(person_id=party_id, ended_at__isnull=True)
        .order_by("id")
        .values_list("household_id", flat=True)
    )
