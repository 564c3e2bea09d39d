"""Doors to people: who may see whom, by living involvement alone. 404 for absent and for not-yours alike.

`visible_parties` and `visible_to` are what every list, search and join of this and the higher modules is built on;
`person_for`, `household_for`, `unknown_for` and `party_for` open one and leave the trail with the ground.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404

from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.kept import Kept

from .models import Household, Involvement, Membership, Party, Person, Protection, UnknownPerson
from .rules import SUPPORTING_GROUND, PartyKind, shows_address

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


def living(
    worker: Worker, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> QuerySet[Involvement]:
    """The living involvements of the worker's offices for a purpose; `on` leaves out those past their last day."""
    return _living(worker.pk, list(offices_for(worker, purpose)), on)


def _living(worker_id: int, office_ids: list[int], on: date | None) -> QuerySet[Involvement]:
    rows = Involvement.objects.filter(
        Q(worker__isnull=True) | Q(worker_id=worker_id), office__id__any=office_ids, ended_at__isnull=True
    )
    return rows.filter(Q(until_on__isnull=True) | Q(until_on__gte=on)) if on else rows


def protected_persons() -> QuerySet[Any, Any]:
    """A subquery of the roots that are protected now: themselves, or through a record that turned out to be them."""
    return (
        Protection.objects.filter(ended_at__isnull=True)
        .annotate(root=Coalesce("person__party__same_as_id", "person_id"))
        .order_by()
        .values("root")
    )


def visible_parties(
    worker: Worker, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> QuerySet[Any, Any]:
    """A subquery of party ids this worker may see: `Concern.objects.filter(party_id__in=visible_parties(worker))`.

    Parties their offices are involved with; members of a household they are involved with under ground 01 (a
    protected member only by an involvement of her own); what turned out to be somebody they are involved with.
    """
    return parties_seen_by(worker.pk, list(offices_for(worker, purpose)), on)


def parties_seen_by(worker_id: int, office_ids: list[int], on: date | None = None) -> QuerySet[Any, Any]:
    """`visible_parties` by plain numbers, for statements that are kept."""
    involved = _living(worker_id, office_ids, on).order_by()
    direct = involved.values("party_id")
    households = involved.filter(ground=SUPPORTING_GROUND, party__kind=PartyKind.HOUSEHOLD).values("party_id")
    members = (
        Membership.objects.filter(household_id__in=households, ended_at__isnull=True)
        .exclude(_protected("person_id"))
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


def visible_to(
    worker: Worker, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> QuerySet[Person]:
    """The persons this worker may see, each once, by its root. Protected persons only by a direct involvement."""
    return Person.objects.filter(
        party_id__in=visible_parties(worker, purpose, on=on), party__same_as__isnull=True
    ).select_related("party")


def _protected(person: str) -> Exists:
    return Exists(Protection.objects.filter(person_id=OuterRef(person), ended_at__isnull=True))


def sight_of(
    worker: Worker, party_id: int, purpose: Purpose = Purpose.READ_PERSON, *, on: date | None = None
) -> Sight | None:
    """How this worker sees the party (its root), or None when not at all. Leaves no trail: ask inside an open door."""
    found = root_of(party_id)
    if found is None:
        return None
    root_id, protected = found
    who = (worker.pk, list(offices_for(worker, purpose)))
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
        shows_address=shows_address(protected=protected, reasons={row.reason_kind for row in rows}),
    )


def root_of(party_id: int) -> tuple[int, bool] | None:
    """The party a number stands for (itself, or whom it turned out to be), and whether it is protected now."""
    found = _ROOT.rows(party_id)
    return (int(found[0][0]), bool(found[0][1])) if found else None


def _root(party_id: int) -> QuerySet[Party, tuple[int, bool]]:
    root = Coalesce("same_as_id", "id")
    guarded = Protection.objects.filter(ended_at__isnull=True).filter(
        Q(person_id=Coalesce(OuterRef("same_as_id"), OuterRef("id")))
        | Q(person__party__same_as_id=Coalesce(OuterRef("same_as_id"), OuterRef("id")))
    )
    return (
        Party.objects.filter(pk=party_id)
        .order_by()
        .annotate(root=root, guarded=Exists(guarded))
        .values_list("root", "guarded")
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
    lambda who, offices, root: (
        _living(who, offices, None).filter(party_id=root).order_by("id").values_list(*_SEEN_BY)
    )
)
_DIRECT_ON = Kept(
    lambda who, offices, on, root: (
        _living(who, offices, on).filter(party_id=root).order_by("id").values_list(*_SEEN_BY)
    )
)
_THROUGH = Kept(lambda who, offices, root: _through(_living(who, offices, None), root))
_THROUGH_ON = Kept(lambda who, offices, on, root: _through(_living(who, offices, on), root))


def seen_among(worker: Worker, party_ids: Iterable[int], purpose: Purpose = Purpose.READ_PERSON) -> set[int]:
    """Those of these parties this worker may see (`visible_parties`)."""
    return {pk for (pk,) in _SEEN_AMONG.rows(worker.pk, list(offices_for(worker, purpose)), list(party_ids))}


_SEEN_AMONG = Kept(
    lambda who, offices, ids: (
        Party.objects.filter(id__any=ids)
        .filter(pk__in=parties_seen_by(who, offices, None))
        .order_by()
        .values_list("id")
    )
)


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
