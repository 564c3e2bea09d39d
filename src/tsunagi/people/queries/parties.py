"""Parties by number: how lists call them, their root, their district, their members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from tsunagi.accounts.models import Worker
from tsunagi.people import access
from tsunagi.people.models import Address, Membership, Party, Protection
from tsunagi.people.rules import AddressKind, PartyKind
from tsunagi.places.queries import district
from tsunagi.shared.kept import Kept, asked
from tsunagi.shared.rows import sees_whole

from .cards import UnknownCard
from .persons import shown_name


def party_names(worker: Worker, party_ids: Iterable[int]) -> dict[int, str]:
    """How lists call these parties, by number: one answer for cards of concerns, promises and referrals.

    Only for rows the worker may see already (`visible_parties`); somebody not yet known is called by the person they
    turned out to be.
    """
    wanted = set(party_ids)
    found: dict[int, str] = {}
    rows = Party.objects.filter(pk__in=wanted).select_related(
        "person", "household", "unknown", "same_as__person", "same_as__household"
    )
    for row in rows.order_by("pk"):
        found[row.pk] = name_of(row.stands_for)
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


@sees_whole("numbers and truths: which records are one person, who is protected")
def is_protected(party_id: int) -> bool:
    """Whether this person is protected now (by the root, or by a record that turned out to be them)."""
    found = access.root_of(party_id)
    return found is not None and found[1]


def root_of(party_id: int) -> int:
    """The party a number stands for: itself, or the person somebody not yet known turned out to be."""
    found = access.root_of(party_id)
    return found[0] if found else party_id


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


@sees_whole("numbers and truths: which records are one person, who is protected")
def together_with(party_id: int) -> list[int]:
    """The party, other records of the same person, their households, and everybody in them now, each once: whom one
    visit serves. Not filtered by who asks: ask `access.seen_among`."""
    return records_together(party_id)[0]


@sees_whole("numbers and truths: which records are one person, who is protected")
def records_together(party_id: int) -> tuple[list[int], list[int]]:
    """(`together_with`, the other records of this person that were joined to it)."""
    rows = asked(_TOGETHER, {"party": party_id})
    return list(dict.fromkeys(pk for _, _, pk in rows)), [pk for place, _, pk in rows if place == TWIN]


TWIN = 1
_TOGETHER = """
WITH me AS (
    SELECT CASE WHEN kind = 'unknown' THEN COALESCE(same_as_id, id) ELSE id END AS id
      FROM people_party WHERE id = %(party)s
), same AS (
    SELECT 0 AS place, id FROM me
    UNION ALL SELECT 1, p.id FROM people_party p JOIN me ON p.same_as_id = me.id WHERE p.kind = 'person'
), guarded AS (
    -- Of whom is protected, nothing stands beside another member: their days and who answers for them would tell.
    SELECT person_id AS id FROM people_protection
     WHERE ended_at IS NULL AND NOT EXISTS (
           SELECT FROM people_protection own JOIN same ON same.id = own.person_id WHERE own.ended_at IS NULL)
)
SELECT place, 0::bigint, id FROM same
UNION ALL
SELECT 2, m.id, m.household_id FROM people_membership m JOIN same ON m.person_id = same.id WHERE m.ended_at IS NULL
UNION ALL
SELECT 3, they.id, they.person_id
  FROM people_membership mine JOIN same ON same.id = mine.person_id
  JOIN people_membership they ON they.household_id = mine.household_id
 WHERE mine.ended_at IS NULL AND they.ended_at IS NULL AND they.person_id NOT IN (SELECT id FROM guarded)
UNION ALL
SELECT 4, m.id, m.person_id FROM people_membership m JOIN me ON m.household_id = me.id
 WHERE m.ended_at IS NULL AND m.person_id NOT IN (SELECT id FROM guarded)
ORDER BY 1, 2, 3
"""


def standing_for(party_ids: list[int]) -> QuerySet[Any, Any]:
    """A subquery of these parties and of those not yet known who turned out to be them, for statements that are kept.

    Another record of the same person is asked for by its own number: only some who see the one see the other.
    """
    return (
        Party.objects.filter(
            Q(id__any=party_ids) | Q(same_as__id__any=party_ids, kind=PartyKind.UNKNOWN.value)
        )
        .order_by()
        .values("id")
    )


@sees_whole("numbers and truths: which records are one person, who is protected")
def same_person(party_id: int) -> list[int]:
    """The other records of this person (統合): the ones joined to it, or the one it was joined to and its others."""
    return [pk for (pk,) in _SAME_PERSON.rows(party_id) if pk != party_id]


def members_of(party_id: int) -> list[int]:
    """The persons in a household now (their numbers), for deeds that concern them all."""
    return [pk for (pk,) in _MEMBERS_OF.rows(party_id)]


def household_ids_of(party_id: int) -> list[int]:
    """The households a person is in now."""
    return [pk for (pk,) in _HOUSEHOLDS_OF.rows(party_id)]


_PERSONS = Party.objects.filter(kind=PartyKind.PERSON.value).order_by()
# Three questions by key: as one OR over joins the whole city was read through.
_SAME_PERSON = Kept(
    lambda party: (
        _PERSONS.filter(same_as_id=party)
        .values_list("id")
        .union(
            _PERSONS.filter(merged__id=party).values_list("id"),
            _PERSONS.filter(same_as__merged__id=party, same_as__kind=PartyKind.PERSON.value).values_list(
                "id"
            ),
        )
        .order_by("id")
    )
)
_MEMBERS_OF = Kept(
    lambda household: (
        Membership.objects.filter(household_id=household, ended_at__isnull=True)
        .order_by("id")
        .values_list("person_id")
    )
)
_HOUSEHOLDS_OF = Kept(
    lambda person: (
        Membership.objects.filter(person_id=person, ended_at__isnull=True)
        .order_by("id")
        .values_list("household_id")
    )
)
