"""Doors to people: who may see whom, by living involvement alone. 404 for absent and for not-yours alike.

`visible_parties` and `visible_to` are what every list, search and join of this and the higher modules is built on;
`person_for`, `household_for`, `unknown_for` and `party_for` open one and leave the trail with the ground.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import Http404

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import posts_of
from tsunagi.codes import queries as codes
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole

from .models import (
    AddressGrant,
    Household,
    Involvement,
    Membership,
    Merge,
    Party,
    Person,
    Protection,
    UnknownPerson,
)
from .rules import NEAR_RELATIONS, SUPPORTING_GROUND, Facet, PartyKind, Tier, base_tier, shows_address

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class Sight:
    """On what ground this worker sees a party now, through which involvements, and how much of it.

    `directly` is False when it is seen only as a member of a household the office is involved with.
    """

    party_id: int
    ground: str
    facets: frozenset[str]
    involvement_ids: tuple[int, ...]
    directly: bool
    protected: bool
    shows_address: bool


_CLOSED = """
    WITH own AS (
        SELECT unnest(matched) AS id, relation FROM people_ownperson WHERE worker_id = %(worker)s AND ended_at IS NULL
    ), near AS (
        SELECT id FROM own WHERE relation = ANY(%(near)s)
        UNION
        SELECT other.person_id FROM people_membership mine
          JOIN people_membership other ON other.household_id = mine.household_id AND other.ended_at IS NULL
         WHERE mine.ended_at IS NULL AND mine.person_id IN (SELECT id FROM own WHERE relation = 'self')
    ), persons AS (
        SELECT id FROM own UNION SELECT id FROM near
        UNION
        SELECT person_id FROM people_protection
         WHERE ended_at IS NULL AND (%(worker)s = ANY(other_party_workers) OR other_party_id IN (SELECT id FROM near))
    ), roots AS (
        SELECT COALESCE(p.same_as_id, p.id) AS id FROM people_party p JOIN persons ON persons.id = p.id
    )
    SELECT p.id FROM people_party p JOIN roots ON roots.id IN (p.id, p.same_as_id)
    UNION
    SELECT m.household_id FROM people_membership m JOIN roots ON roots.id = m.person_id WHERE m.ended_at IS NULL
"""


def closed_to(worker: Worker) -> frozenset[int]:
    """Parties this worker may not reach by any path: their own people, and whom they may be the other party of.

    A worker who is the other party, shares the other party's household, or bears the other party's name loses every
    path at once (sharing.md "Our own people"). Read once per worker object, that is once per request.
    """
    known: frozenset[int] | None = getattr(worker, "_closed_to", None)
    if known is None:
        known = _closed_to(worker.pk)
        worker._closed_to = known  # type: ignore[attr-defined]
    return known


@sees_whole("a door must know what stands against its asker")
def _closed_to(worker_id: int) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED, {"worker": worker_id, "near": [kind.value for kind in NEAR_RELATIONS]})
        return frozenset(row[0] for row in cursor.fetchall())


def tier_of(worker: Worker) -> Tier:
    """How much of a person others know a lookup shows this worker (心当たり照会, three tiers)."""
    posts = ((post.role, post.is_front_desk, post.legal_kind) for post in posts_of(worker))
    return base_tier(posts, first_tier=codes.number("enquiry.first_tier"))


def living(
    worker: Worker, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> QuerySet[Involvement]:
    """The living involvements of the worker's offices for a purpose; `on` leaves out those past their last day."""
    return _living(worker.pk, list(offices_for(worker, purpose)), sorted(closed_to(worker)), on)


def _living(
    worker_id: int, office_ids: list[int], closed: list[int], on: date | None
) -> QuerySet[Involvement]:
    rows = Involvement.objects.filter(
        Q(worker__isnull=True) | Q(worker_id=worker_id), office__id__any=office_ids, ended_at__isnull=True
    ).exclude(party__id__any=closed)
    return rows.filter(Q(until_on__isnull=True) | Q(until_on__gte=on)) if on else rows


def protected_persons() -> QuerySet[Any, Any]:
    """A subquery of the persons protected now. Of two records of one person both carry it (H12)."""
    return Protection.objects.filter(ended_at__isnull=True).order_by().values("person_id")


def visible_parties(
    worker: Worker,
    purpose: Purpose = Purpose.READ_PERSON,
    *,
    on: date | None = None,
    facet: Facet | None = None,
) -> QuerySet[Any, Any]:
    """A subquery of party ids this worker may see: `Concern.objects.filter(party_id__in=visible_parties(worker))`.

    With `facet`, only those of whom they may see that much. Parties their offices are involved with; members of a household they are involved with under ground 01 (a
    protected member only by an involvement of her own); what turned out to be somebody they are involved with.
    """
    return parties_seen_by(
        worker.pk, list(offices_for(worker, purpose)), sorted(closed_to(worker)), on=on, facet=facet
    )


def parties_seen_by(
    worker_id: int,
    office_ids: list[int],
    closed: list[int],
    *,
    on: date | None = None,
    facet: Facet | None = None,
) -> QuerySet[Any, Any]:
    """`visible_parties` by plain numbers, for statements that are kept; `closed` is `closed_to(worker)`."""
    involved = _living(worker_id, office_ids, closed, on).order_by()
    if facet is not None:
        involved = involved.filter(facets__contains=[facet.value])
    direct = involved.values("party_id")
    households = involved.filter(ground=SUPPORTING_GROUND, party__kind=PartyKind.HOUSEHOLD).values("party_id")
    members = (
        Membership.objects.filter(household_id__in=households, ended_at__isnull=True)
        .exclude(_protected("person_id"))
        .exclude(person__party__id__any=closed)
        .order_by()
        .values("person_id")
    )
    joined = (
        Party.objects.filter(
            kind=PartyKind.UNKNOWN, same_as__isnull=False, same_as_id__in=involved.values("party_id")
        )
        .order_by()
        .values("id")
    )
    return direct.union(members, joined, all=True)


def directly_seen_by(worker_id: int, office_ids: list[int], closed: list[int]) -> QuerySet[Any, Any]:
    """A subquery of the parties these offices are involved with themselves, not through a household."""
    return _living(worker_id, office_ids, closed, None).order_by().values("party_id")


def visible_to(
    worker: Worker, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> QuerySet[Person]:
    """The persons this worker may see, each once. Protected persons only by a direct involvement.

    A record that turned out to be another one is listed for those only who do not see the other one.
    """
    seen = visible_parties(worker, purpose, on=on)
    return (
        Person.objects.filter(party_id__in=seen)
        .filter(Q(party__same_as__isnull=True) | ~Q(party__same_as_id__in=seen))
        .select_related("party")
    )


def _protected(person: str) -> Exists:
    return Exists(Protection.objects.filter(person_id=OuterRef(person), ended_at__isnull=True))


@sees_whole("a door must know what stands against its asker")
def sight_of(
    worker: Worker, party_id: int, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> Sight | None:
    """How this worker sees the party (its root), or None when not at all. Leaves no trail: ask inside an open door."""
    found = _ROOT.rows(party_id)
    if not found:
        return None
    root_id, protected, kept_id = found[0]
    sight = _sight(worker, root_id, protected, purpose, on)
    if sight is None or not kept_id:
        return sight
    # Two records of one person: who sees only this one keeps seeing only this one. They are one page for whoever sees
    # as much of the one as of the other: else a つなぎ of the one would open the file of the other, or its address.
    kept = _sight(worker, kept_id, protected, purpose, on)
    as_one = kept is not None and (kept.facets, kept.shows_address) == (sight.facets, sight.shows_address)
    return kept if as_one else sight


def _sight(worker: Worker, root_id: int, protected: bool, purpose: Purpose, on: date | None) -> Sight | None:
    closed = closed_to(worker)
    if root_id in closed:
        return None
    who = (worker.pk, list(offices_for(worker, purpose)), closed)
    day = (on,) if on else ()
    rows = (_DIRECT_ON if on else _DIRECT).named(*who, *day, root_id)
    directly = bool(rows)
    if not directly and not protected:
        rows = (_THROUGH_ON if on else _THROUGH).named(*who, *day, root_id)
    if not rows:
        return None
    # The widest ground first: the page says why it is open with one number, and 01 is the plainest reason.
    ground = min(row.ground for row in rows)
    return Sight(
        party_id=root_id,
        ground=ground,
        facets=frozenset(facet for row in rows for facet in row.facets),
        involvement_ids=tuple(row.id for row in rows),
        directly=directly,
        protected=protected,
        shows_address=_shows_address(worker, root_id, protected, {row.reason_kind for row in rows}, on),
    )


@sees_whole("a door must know what stands against its asker")
def root_of(party_id: int) -> tuple[int, bool] | None:
    """The party a number stands for (itself, or the person somebody not yet known turned out to be), and whether it
    is protected now: by its own record, or by another record of the same person."""
    found = _ROOT.rows(party_id)
    return (int(found[0][0]), bool(found[0][1])) if found else None


def standing(path: str = "") -> Case:
    """The number of the party that a party stands for, as an expression: `Party.stands_for`; `path` leads to it."""
    return Case(
        When(**{f"{path}kind": PartyKind.UNKNOWN}, then=Coalesce(f"{path}same_as_id", f"{path}id")),
        default=F(f"{path}id"),
    )


def _root(party_id: int) -> QuerySet[Party, tuple[Any, ...]]:
    guarded = Protection.objects.filter(ended_at__isnull=True).filter(
        Q(person_id=Coalesce(OuterRef("same_as_id"), OuterRef("id")))
        | Q(person__party__same_as_id=Coalesce(OuterRef("same_as_id"), OuterRef("id")))
    )
    return (
        Party.objects.filter(pk=party_id)
        .order_by()
        .annotate(
            root=standing(),
            guarded=Exists(guarded),
            kept=Case(When(kind=PartyKind.PERSON, then=F("same_as_id")), default=None),
        )
        .values_list("root", "guarded", "kept")
    )


_SEEN_BY = ("id", "ground", "facets", "reason_kind")


def _through(involved: QuerySet[Involvement], root_id: int) -> QuerySet[Involvement, tuple[Any, ...]]:
    households = (
        Membership.objects.filter(person_id=root_id, ended_at__isnull=True).order_by().values("household_id")
    )
    return (
        involved.filter(ground=SUPPORTING_GROUND, party_id__in=households)
        .order_by("id")
        .values_list(*_SEEN_BY)
    )


_ROOT = Kept(_root)
_DIRECT = Kept(
    lambda who, offices, closed, root: (
        _living(who, offices, closed, None).filter(party_id=root).order_by("id").values_list(*_SEEN_BY)
    )
)
_DIRECT_ON = Kept(
    lambda who, offices, closed, on, root: (
        _living(who, offices, closed, on).filter(party_id=root).order_by("id").values_list(*_SEEN_BY)
    )
)
_THROUGH = Kept(lambda who, offices, closed, root: _through(_living(who, offices, closed, None), root))
_THROUGH_ON = Kept(lambda who, offices, closed, on, root: _through(_living(who, offices, closed, on), root))


def seen_among(worker: Worker, party_ids: Iterable[int], purpose: Purpose = Purpose.READ_PERSON) -> set[int]:
    """Those of these parties this worker may see (`visible_parties`)."""
    offices = list(offices_for(worker, purpose))
    return {pk for (pk,) in _SEEN_AMONG.rows(worker.pk, offices, closed_to(worker), list(party_ids))}


_SEEN_AMONG = Kept(
    lambda who, offices, closed, ids: (
        Party.objects.filter(id__any=ids)
        .filter(pk__in=parties_seen_by(who, offices, closed))
        .order_by()
        .values_list("id")
    )
)


def _shows_address(
    worker: Worker, person_id: int, protected: bool, reasons: set[str], on: date | None
) -> bool:
    if not protected:
        return True
    if shows_address(protected=True, reasons=reasons) and not codes.number("protection.grant_only"):
        return True
    return (
        on is not None
        and AddressGrant.objects.filter(
            worker_id=worker.pk, person_id=person_id, ended_at__isnull=True, from_on__lte=on, until_on__gte=on
        ).exists()
    )


def address_withheld(worker: Worker, party_id: int, *, on: date) -> bool:
    """Whether what tells where this party is, or how to reach them, is 非開示 for this worker. One query for most."""
    found = root_of(party_id)
    if found is None or not found[1]:
        return False
    sight = sight_of(worker, party_id, on=on)
    return sight is None or not sight.shows_address


def party_for(
    worker: Worker, party_id: int, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> Party:
    """The party (its root) with its person, household or unknown at hand; Http404 when absent or not yours."""
    require(worker, purpose)
    sight = sight_of(worker, party_id, purpose, on=on)
    if sight is None:
        raise Http404
    party = Party.objects.select_related("person", "household", "unknown").get(pk=sight.party_id)
    party.sight = sight  # type: ignore[attr-defined]  # so that the page does not ask again
    leave_trail(
        f"{party.kind}.seen",
        subject_kind=party.kind,
        subject_id=party.pk,
        purpose=purpose,
        ground=sight.ground,
        detail={"involvements": list(sight.involvement_ids)},
    )
    return party


def person_for(
    worker: Worker, party_id: int, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> Person:
    """The person (by the root), or Http404 when absent, not yours, or not a person."""
    party = party_for(worker, party_id, purpose, on=on)
    if party.kind != PartyKind.PERSON:
        raise Http404
    return party.person


def merge_for(
    worker: Worker, merge_id: int, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> Merge:
    """A merge, for whoever sees both of its records; Http404 else, as for one that does not exist."""
    merge = Merge.objects.select_related("by", "parted_by").filter(pk=merge_id).first()
    if merge is None:
        require(worker, purpose)
        raise Http404
    for party_id in (merge.joined_id, merge.kept_id):
        person_for(worker, party_id, purpose, on=on)
    return merge


def household_for(
    worker: Worker, party_id: int, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> Household:
    """The household, or Http404 when absent, not yours, or not a household."""
    party = party_for(worker, party_id, purpose, on=on)
    if party.kind != PartyKind.HOUSEHOLD:
        raise Http404
    return party.household


def unknown_for(
    worker: Worker, party_id: int, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> UnknownPerson:
    """Someone not yet known, or Http404 when absent, not yours, already joined to a person, or not an unknown."""
    party = party_for(worker, party_id, purpose, on=on)
    if party.kind != PartyKind.UNKNOWN:
        raise Http404
    return party.unknown


def needs_second_person(party_id: int) -> bool:
    """Whether no emergency opens the place of this person to one worker alone (sharing.md): protected now, by this record
    or by another of the same person. Who opens it then signs in beside a second worker, at night the 当番 by telephone."""
    found = root_of(party_id)
    return found is not None and found[1]


def enters_measures(worker: Worker) -> int | None:
    """The worker's office that enters the measures of 市民課 (setting, by its code), or None."""
    code = codes.text("protection.list_office").strip()
    if not code:
        return None
    return (
        Office.objects.filter(
            code=code, is_active=True, signs_in=True, pk__in=offices_for(worker, Purpose.PROTECT)
        )
        .values_list("pk", flat=True)
        .first()
    )


def measure_office_for(worker: Worker) -> int:
    """The office this worker enters measures for; Http404 for everybody else. Leaves the trail: it is a strict page."""
    require(worker, Purpose.PROTECT)
    office_id = enters_measures(worker)
    if office_id is None:
        raise Http404
    leave_trail("measures.seen", subject_kind="office", subject_id=office_id, purpose=Purpose.PROTECT)
    return office_id
