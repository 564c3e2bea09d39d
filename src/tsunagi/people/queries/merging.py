"""統合: who may be one person written down twice, what stands on both, and what a merge was."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from tsunagi.people.access import protected_persons, visible_to
from tsunagi.people.models import Involvement, Merge, NotSame, Person
from tsunagi.people.rules import score

from .lookup import keys_of
from .persons import person_card

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

    from .cards import PersonCard

SHOWN = 50
CANDIDATES = 400


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person, and why."""

    one: PersonCard
    other: PersonCard
    points: int
    certain: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class MergeCard:
    """A merge as its page tells it. `parted_at` is None while it stands."""

    id: int
    kept_id: int
    joined_id: int
    reason: str
    evidence: tuple[str, ...]
    at: datetime
    by: str
    offices: tuple[str, ...]
    parted_at: datetime | None
    parted_by: str
    parted_reason: str


# Whole keys only, and never a number or an address that many share: a door or a telephone without the name is family.
_PAIRS = """
    WITH mine AS MATERIALIZED (SELECT unnest(%s::bigint[]) AS id),
    k AS MATERIALIZED (
        SELECT s.person_id, s.kind, s.key FROM people_searchkey s JOIN mine ON mine.id = s.person_id
         WHERE NOT s.shared_by_many AND s.kind IN ('name', 'kana', 'loose', 'birth', 'phone', 'address')
    )
    SELECT a.person_id, b.person_id
      FROM k a JOIN k b ON b.kind = a.kind AND b.key = a.key AND b.person_id > a.person_id
     GROUP BY 1, 2
    HAVING bool_or(a.kind IN ('name', 'kana', 'loose'))
       AND (bool_or(a.kind IN ('phone', 'address', 'birth')) OR bool_or(a.kind = 'name') AND bool_or(a.kind = 'kana'))
     ORDER BY count(DISTINCT a.kind) DESC, 1, 2
     LIMIT %s
"""


def duplicates(worker: Worker, *, on: date) -> list[Pair]:
    """同じ人かもしれない: pairs among the persons this worker sees, most alike first, at most `SHOWN`.

    Protected persons, records that are joined already and pairs somebody called two people are not among them.
    """
    mine = list(
        visible_to(worker, on=on)
        .filter(party__same_as__isnull=True, party__out_of_search=False)
        .exclude(party_id__in=protected_persons())
        .order_by()
        .values_list("party_id", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, [mine, CANDIDATES])
        pairs = [(int(one), int(other)) for one, other in cursor.fetchall()]
    ids = {pk for pair in pairs for pk in pair}
    two = set(
        NotSame.objects.filter(one_id__in=ids, other_id__in=ids, ended_at__isnull=True).values_list(
            "one_id", "other_id"
        )
    )
    known = keys_of(ids)
    scored = [
        (score(other, known[one], known[other]), one, other)
        for one, other in pairs
        if (one, other) not in two
    ]
    likely = sorted(
        (row for row in scored if row[0].likely), key=lambda row: (-row[0].points, row[1], row[2])
    )
    likely = likely[:SHOWN]
    cards = _cards(worker, {pk for _match, one, other in likely for pk in (one, other)}, on)
    return [
        Pair(cards[one], cards[other], match.points, match.certain, match.reasons)
        for match, one, other in likely
    ]


def why_alike(one_id: int, other_id: int) -> tuple[str, ...]:
    """The reasons for which two records may be one person; empty when nothing speaks for it."""
    known = keys_of({one_id, other_id})
    return score(other_id, known[one_id], known[other_id]).reasons


def _cards(worker: Worker, ids: set[int], on: date) -> dict[int, PersonCard]:
    persons = Person.objects.filter(pk__in=ids).select_related("party").order_by("pk")
    return {person.pk: person_card(worker, person, on=on) for person in persons}


def offices_of_one(one_id: int, other_id: int) -> list[tuple[int, str]]:
    """Offices that are involved with one of the two only: (number, whom they see), for whoever sees both."""
    seen: defaultdict[int, set[int]] = defaultdict(set)
    labels: dict[int, str] = {}
    for row in (
        Involvement.objects.filter(party_id__in=(one_id, other_id), ended_at__isnull=True)
        .select_related("office")
        .order_by("office__code", "id")
    ):
        seen[row.office_id].add(row.party_id)
        labels[row.office_id] = row.office.label
    return [(office, labels[office]) for office, parties in seen.items() if len(parties) == 1]


def merge_between(party_ids: set[int]) -> dict[int, int]:
    """The merges that stand among these records: joined record → merge."""
    rows = Merge.objects.filter(parted_at__isnull=True, joined_id__in=party_ids, kept_id__in=party_ids)
    return dict(rows.order_by("id").values_list("joined_id", "id"))


def merge_card(merge: Merge) -> MergeCard:
    """A merge, for whoever came through both doors."""
    offices = (
        Involvement.objects.filter(pk__in=merge.opened)
        .select_related("office")
        .order_by("office__code", "id")
    )
    return MergeCard(
        merge.pk, merge.kept_id, merge.joined_id, merge.reason, tuple(merge.evidence), merge.at, merge.by.name,
        tuple(dict.fromkeys(row.office.label for row in offices)), merge.parted_at,
        merge.parted_by.name if merge.parted_by else "", merge.parted_reason,
    )  # fmt: skip


def merges_of(party_id: int) -> list[Merge]:
    """Every merge this record was ever part of, newest first."""
    return list(
        Merge.objects.filter(Q(kept_id=party_id) | Q(joined_id=party_id))
        .select_related("by", "parted_by")
        .order_by("-id")
    )
