"""What is written about a family, as far as this worker may see and as far as it was written by a day.

Who is not seen is drawn by their relation alone; who is hidden (protected, or closed to this worker) is not there at all,
and nothing that hangs on them alone. What 本人 or a child has not been told is left out of everything but the screen of a
worker who may see it; then nothing of that child's coming into the family is told either.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from tsunagi.journal.models import Entry
from tsunagi.people.access import closed_to, parties_seen_by
from tsunagi.people.models import Household, Membership, Party, Person, PersonChange, Protection, Relation
from tsunagi.people.queries import hidden_from, same_person
from tsunagi.people.rules import Facet, PartyKind, RelationKind
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole

from ..models import Tie
from ..rules.kinds import TieKind

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

DRAWN = frozenset(
    {
        RelationKind.PARENT, RelationKind.SPOUSE, RelationKind.PARTNER, RelationKind.FORMER_SPOUSE, RelationKind.SIBLING,
        RelationKind.GRANDPARENT,
    }
)  # fmt: skip
FARTHEST = 8
MOST = 120


@dataclass
class Gathered:
    """The rows a picture is made of. `seen` may be opened; `untold` are children of whom something is not told.

    `outside` are persons of ties and relations that are no kinship, for the ecomap.
    """

    party: Party
    seeds: list[int]
    persons: dict[int, Any] = field(default_factory=dict)
    relations: list[Any] = field(default_factory=list)
    memberships: list[Any] = field(default_factory=list)
    households: dict[int, Any] = field(default_factory=dict)
    ties: list[Any] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    untold: set[int] = field(default_factory=set)
    protected: set[int] = field(default_factory=set)
    outside: dict[int, Any] = field(default_factory=dict)


@sees_whole("who may not be opened is drawn by relation and age, the hidden not at all")
def gather(worker: Worker, party: Party, *, on: date, with_untold: bool) -> Gathered:
    """Everything around a party by the day `on`. Ask through an open door."""
    seeds = _seeds(party, on)
    relations = _reached(seeds, on)
    persons = {pk for row in relations for pk in (row.person_id, row.other_id)} | set(seeds)
    ties = _standing(_TIES.named(sorted({*persons, party.pk})), on)
    persons |= {pk for row in ties for pk in (row.party_id, row.other_id) if pk}
    rows = {
        row.party_id: row for row in _PERSONS.named(sorted(persons)) if day_of(row.party__created_at) <= on
    }
    hidden = hidden_from(worker, rows) if rows else set()
    seen = _seen(worker, sorted(rows), None) - hidden
    told = _seen(worker, sorted(rows), Facet.SEXUALITY_UNTOLD) if with_untold else set()
    # Another record of the same person counts for who sees both (decision 0011).
    apart = set(same_person(party.pk)) - seen if party.kind == PartyKind.PERSON else set()
    found = Gathered(party, [pk for pk in seeds if pk in rows and pk not in hidden and pk not in apart])
    found.untold = {row.other_id for row in relations if row.untold} | {
        pk for row in ties if row.untold for pk in (row.party_id, row.other_id) if pk
    }
    if told:
        found.untold -= {pk for pk in found.untold if pk in told}
    relations = [row for row in relations if not row.untold or {row.person_id, row.other_id} & told]
    ties = [row for row in ties if not row.untold or {row.party_id, row.other_id} & told]
    found.seen = seen
    kept = _kept(found.seeds, relations, ties, seen, hidden, rows)
    twins = {
        pk: rows[pk].party__same_as_id
        for pk in kept
        if rows[pk].party__same_as_id in kept and {pk, rows[pk].party__same_as_id} <= seen
    }
    found.persons = _as_written({pk: rows[pk] for pk in kept if pk not in twins}, on)
    # How two who are both in the picture are related belongs to the picture, or it would show them wrongly.
    found.relations = [
        _on_root(row, twins, ("person_id", "other_id"))
        for row in relations
        if {row.person_id, row.other_id} <= kept
        or (row.kind not in DRAWN and {row.person_id, row.other_id} <= kept | seen)
    ]
    found.outside = {pk: row for pk, row in rows.items() if pk in seen and pk not in kept}
    found.ties = [
        _on_root(row, twins, ("party_id", "other_id")) for row in ties if _is_shown(row, party.pk, kept, seen)
    ]
    found.memberships = [
        _on_root(row, twins, ("person_id",)) for row in _homes_of(kept, on) if row.person_id in kept
    ]
    found.households = {
        row.party_id: row
        for row in _HOUSEHOLDS.named(sorted({row.household_id for row in found.memberships}))
    }
    found.protected = {pk for (pk,) in _PROTECTED.rows(sorted(found.persons))}
    return found


def _is_shown(row: Any, party_id: int, kept: set[int], seen: set[int]) -> bool:
    """Whether a tie is in the picture: of somebody in it whom the worker may open (or of the household itself)."""
    if row.party_id == party_id and row.kind == TieKind.SUPPORT:
        return True
    ends = {pk for pk in (row.party_id, row.other_id) if pk}
    if row.kind == TieKind.SUPPORT:
        return row.party_id in kept & seen
    if row.kind == TieKind.KEY:
        return row.party_id in kept
    return ends <= kept and bool(ends & seen)


def _seeds(party: Party, on: date) -> list[int]:
    """The persons the picture begins with: the person and who lives with them, or the members of the household."""
    if party.kind == PartyKind.UNKNOWN:
        return []
    households = [party.pk]
    first: list[int] = []
    if party.kind == PartyKind.PERSON:
        first = [party.pk, *same_person(party.pk)]
        households = sorted({row.household_id for row in _written(_living(_HOMES.named(first), on), on)})
    rows = _written(_living(_MEMBERS.named(households), on), on)
    return list(dict.fromkeys([*first, *(row.person_id for row in rows)]))


def _homes_of(persons: set[int], on: date) -> list[Any]:
    """Who of these live together. Members of other homes who are not in the picture stay out of it."""
    return _written(_living(_HOMES.named(sorted(persons)), on), on)


def _living(rows: Iterable[Any], on: date) -> list[Any]:
    return [
        row
        for row in rows
        if (row.ended_at is None or day_of(row.ended_at) > on) and (row.from_on is None or row.from_on <= on)
    ]


def _written(rows: list[Any], on: date) -> list[Any]:
    """Memberships written by then: the journal knows when; those of an import came with their household."""
    if not rows:
        return rows
    at = {}
    for at_moment, detail in _JOINED.rows(sorted({row.household_id for row in rows}), "household.joined"):
        at[_json(detail).get("membership")] = day_of(at_moment)
    return [row for row in rows if at.get(row.id, day_of(row.household__party__created_at)) <= on]


def _standing(rows: Iterable[Any], on: date) -> list[Any]:
    """Rows written by the day and not ended by then."""
    return [
        row
        for row in rows
        if day_of(row.written_at) <= on and (row.ended_at is None or day_of(row.ended_at) > on)
    ]


def _reached(seeds: list[int], on: date) -> list[Any]:
    """The relations that lead on from the first persons, step by step."""
    asked: set[int] = set()
    todo = set(seeds)
    found: dict[int, Any] = {}
    for _step in range(FARTHEST):
        if not todo or len(asked) > MOST:
            break
        rows = _standing(_RELATIONS.named(sorted(todo)), on)
        asked |= todo
        todo = set()
        for row in rows:
            found[row.id] = row
            if row.kind in DRAWN:
                todo |= {row.person_id, row.other_id} - asked
    return [found[pk] for pk in sorted(found)]


def _seen(worker: Worker, ids: list[int], facet: Facet | None) -> set[int]:
    """Of these persons, those of whom this worker may see relations (or this facet)."""
    who = (worker.pk, list(offices_for(worker, Purpose.READ_PERSON)), sorted(closed_to(worker)))
    kept = _SEEN_UNTOLD if facet is Facet.SEXUALITY_UNTOLD else _SEEN_HOUSEHOLD
    return {pk for (pk,) in kept.rows(*who, ids)}


def _kept(
    seeds: list[int],
    relations: list[Any],
    ties: list[Any],
    seen: set[int],
    hidden: set[int],
    rows: dict[int, Any],
) -> set[int]:
    """Who is in the picture: reached over somebody who is seen. Nobody is reached through who is not seen."""
    beside: dict[int, set[int]] = {}
    pairs = [(row.person_id, row.other_id) for row in relations if row.kind in DRAWN]
    pairs += [
        (row.party_id, row.other_id)
        for row in ties
        if row.other_id and row.kind not in (TieKind.SUPPORT, TieKind.KEY)
    ]
    for one, other in pairs:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    kept = set(seeds)
    todo = [pk for pk in seeds if pk in seen]
    while todo:
        here = todo.pop()
        for there in beside.get(here, ()):
            if there in kept or there in hidden or there not in rows:
                continue
            kept.add(there)
            if there in seen:
                todo.append(there)
    return kept


def _as_written(rows: dict[int, Any], on: date) -> dict[int, Any]:
    """What the records said on that day: later corrections are taken back."""
    changes = _CHANGES.named(sorted(rows))
    for change in changes:
        if day_of(change.at) <= on or change.person_id not in rows:
            continue
        row = rows[change.person_id]
        before = _json(change.before)
        wanted = {name: _value(name, before[name]) for name in before if name in row._fields}
        rows[change.person_id] = row._replace(**wanted)
    return rows


def _json(told: Any) -> dict[str, Any]:
    """What a kept statement brings of a JSON column: its text."""
    found: dict[str, Any] = json.loads(told) if isinstance(told, str) else told
    return found or {}


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name in ("birth_on", "died_on") else value


def _on_root(row: Any, twins: dict[int, int], names: tuple[str, ...]) -> Any:
    """Two records of one person that this worker both sees are one symbol."""
    moved = {name: twins[getattr(row, name)] for name in names if getattr(row, name) in twins}
    return row._replace(**moved) if moved else row


_RELATIONS = Kept(
    lambda ids: (
        Relation.objects.filter(Q(person__party__id__any=ids) | Q(other__party__id__any=ids))
        .order_by("id")
        .values_list(
            "id",
            "person_id",
            "other_id",
            "kind",
            "words",
            "untold",
            "from_on",
            "until_on",
            "written_at",
            "ended_at",
        )
    )
)
_TIES = Kept(
    lambda ids: (
        Tie.objects.filter(Q(party__id__any=ids) | Q(other__id__any=ids))
        .order_by("id")
        .values_list(
            "id", "kind", "party_id", "other_id", "office_id", "office__name", "office__short_name", "office__field",
            "place", "manner", "custody", "stress", "flow", "untold", "words", "since", "written_at", "ended_at",
            "written_by__name",
        )
    )
)  # fmt: skip
_HOMES = Kept(
    lambda ids: (
        Membership.objects.filter(person__party__id__any=ids)
        .order_by("id")
        .values_list(
            "id", "household_id", "person_id", "relation", "lives_here", "from_on", "ended_at",
            "household__party__created_at",
        )
    )
)  # fmt: skip
_MEMBERS = Kept(
    lambda ids: (
        Membership.objects.filter(household__party__id__any=ids)
        .order_by("id")
        .values_list(
            "id", "household_id", "person_id", "relation", "lives_here", "from_on", "ended_at",
            "household__party__created_at",
        )
    )
)  # fmt: skip
_HOUSEHOLDS = Kept(
    lambda ids: Household.objects.filter(party__id__any=ids).order_by().values_list("party_id", "label")
)
_PERSONS = Kept(
    lambda ids: (
        Person.objects.filter(party__id__any=ids)
        .order_by("party_id")
        .values_list(
            "party_id", "name", "kana", "sex", "birth_on", "birth_year", "birth_month", "birth_about", "birth_text",
            "died_on", "party__created_at", "party__same_as_id",
        )
    )
)  # fmt: skip
_CHANGES = Kept(
    lambda ids: (
        PersonChange.objects.filter(person__party__id__any=ids)
        .order_by("-at", "-id")
        .values_list("person_id", "at", "before")
    )
)
_PROTECTED = Kept(
    lambda ids: (
        Protection.objects.filter(person__party__id__any=ids, ended_at__isnull=True)
        .order_by()
        .values_list("person_id")
    )
)
_JOINED = Kept(
    lambda ids, action: (
        Entry.objects.filter(subject_kind="household", subject_id__any=ids, action=action)
        .order_by("at", "id")
        .values_list("at", "detail")
    )
)
_SEEN_HOUSEHOLD = Kept(
    lambda who, offices, closed, ids: (
        Party.objects.filter(id__any=ids)
        .filter(pk__in=parties_seen_by(who, offices, closed, facet=Facet.HOUSEHOLD))
        .order_by()
        .values_list("id")
    )
)
_SEEN_UNTOLD = Kept(
    lambda who, offices, closed, ids: (
        Party.objects.filter(id__any=ids)
        .filter(pk__in=parties_seen_by(who, offices, closed, facet=Facet.SEXUALITY_UNTOLD))
        .order_by()
        .values_list("id")
    )
)
