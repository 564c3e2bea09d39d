"""Finding texts by their words. Whoever asks brings, in SQL, the keys they hold: they stand in the same statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection

from tsunagi.shared.rows import whole

from .models import Due, Passage
from .rules import PARTY_KEYS, Key, Question, TextKind

TOTAL_AT_MOST = 1_000
COUNTED = TOTAL_AT_MOST + 1
FEW_PARTIES = 1_500
"""Of up to so many parties the texts are read by party; of more, those that the words found are asked whose they are."""
MANY_PARTIES = 6_000
"""Whoever sees more than so many finds a full page and total among the newest texts with the words."""
NEWEST_FIRST = 3_000
"""How many of the newest texts with the words are asked first in that case."""


@dataclass(frozen=True)
class Held:
    """The keys somebody holds, as SQL with named parameters.

    `offices` are the keys of their offices. `parties`: for a kind of key the query of the parties (one column) it is
    held of. No name of a parameter may repeat. `closed`: parties of whom nothing is found by any key.
    """

    offices: tuple[str, ...]
    parties: dict[Key, str]
    params: dict[str, Any]
    closed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Narrowed:
    """What else must hold; None and () narrow nothing. `since` and `until` are moments, `until` excluded."""

    kinds: Sequence[TextKind] = ()
    since: datetime | None = None
    until: datetime | None = None
    office_id: int | None = None
    party_ids: Sequence[int] | None = None


@dataclass(frozen=True)
class Hit:
    """A text that was found: newest first; `at` and `id` are the key of the next page."""

    id: int
    kind: TextKind
    source_id: int
    party_id: int | None
    at: datetime


@dataclass(frozen=True)
class Found:
    """A page of hits; `total` counts no further than `TOTAL_AT_MOST` + 1."""

    hits: tuple[Hit, ...]
    total: int
    more: bool


def due_count() -> int:
    """How many texts wait to be read into the index."""
    return Due.objects.count()


def find(
    question: Question,
    held: Held | None,
    *,
    narrowed: Narrowed | None = None,
    before: tuple[datetime, int] | None = None,
    size: int = 20,
) -> Found:
    """The newest texts that answer the question and lie under a key that is held; `held=None` asks of all texts.

    An empty question finds nothing.
    """
    if not question.tsquery:
        return Found((), 0, False)
    values: dict[str, Any] = {"asked": question.tsquery, "counted": COUNTED}
    conditions = _conditions(narrowed or Narrowed(), values)
    if held is not None and held.closed:
        values["closed"] = list(held.closed)
        conditions.append("(p.party IS NULL OR p.party <> ALL(%(closed)s))")
    if before is not None:
        values |= {"before_at": before[0], "before_id": before[1]}
        conditions.append("(p.at, p.id) < (%(before_at)s, %(before_id)s)")
    # The filter is in the SQL itself; a guard asked of each of 20,000 texts would cost more than the question.
    with whole("the keys that are held are the filter"), connection.cursor() as cursor:
        rows = _rows(cursor, held, " AND ".join(conditions), values)
    # A visit to three of a household stands there three times and is one hit.
    first: dict[tuple[str, int], tuple[Any, ...]] = {}
    for row in rows:
        first.setdefault(row[1:3], row)
    shown = list(islice(first.values(), size))
    # What is shown is asked for once more as the asker: should the filter ever fail, the guard shows nothing.
    guarded = set(
        Passage.objects.filter(pk__in=[row[0] for row in shown]).order_by().values_list("pk", flat=True)
        if shown
        else ()
    )
    hits = tuple(
        Hit(number, TextKind(kind), source_id, party_id, at)
        for number, kind, source_id, party_id, at in shown
        if number in guarded
    )
    return Found(hits, min(len(first), TOTAL_AT_MOST + 1), len(first) > size)


_COLUMNS = "SELECT p.id, p.kind, p.source_id, p.party, p.at FROM search_passage p"
_NEWEST = "ORDER BY at DESC, id DESC LIMIT %(counted)s"


def _rows(cursor: Any, held: Held | None, conditions: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The newest rows under a key that is held. The order of the work follows how much somebody sees."""
    if held is None:
        cursor.execute(f"{_COLUMNS} WHERE {conditions} {_NEWEST}", values)
        return list(cursor.fetchall())
    values = {**values, **held.params, "offices": list(held.offices), "newest": NEWEST_FIRST}
    cursor.execute(_parties(held), values)
    (seen,) = cursor.fetchone()
    if seen > MANY_PARTIES:
        cursor.execute(_of_the_newest(held, conditions), values)
        rows = cursor.fetchall()
        if rows[0][0] < NEWEST_FIRST or len(rows) > TOTAL_AT_MOST:
            return [row[1:] for row in rows if row[1] is not None]
    cursor.execute((_by_party if seen <= FEW_PARTIES else _of_all)(held, conditions), values)
    return list(cursor.fetchall())


def _parties(held: Held) -> str:
    """About how many parties somebody sees: those of one key, counted no further than it matters."""
    sql = next(iter(held.parties.values()), "SELECT 1 WHERE false")
    return f"SELECT count(*) FROM (SELECT 1 FROM ({sql}) AS seen(party) LIMIT {MANY_PARTIES + 1}) AS seen"


def _kinds(key: Key) -> str:
    return ", ".join(f"'{kind.value}'" for kind, opens in PARTY_KEYS.items() if opens is key)


def _opened(held: Held, row: str) -> str:
    """That a row lies under a key of its party that is held."""
    return " OR ".join(
        f"{row}.kind IN ({_kinds(key)}) AND {row}.party IN ({sql})" for key, sql in held.parties.items()
    )


def _by_party(held: Held, conditions: str) -> str:
    """All texts of the parties, of which those with the words remain; and those of the offices, by the index of keys."""
    parties = " UNION ".join(f"SELECT party FROM ({sql}) AS seen(party)" for sql in held.parties.values())
    # OFFSET 0 keeps it party by party, MATERIALIZED the order for the end: else the planner reads whatever has the
    # words, or walks through all texts newest first, and finds none of somebody's few.
    return (
        f"WITH found AS MATERIALIZED (SELECT t.* FROM ({parties}) AS whose CROSS JOIN LATERAL"
        f" ({_COLUMNS} WHERE p.party = whose.party AND {conditions} OFFSET 0) AS t WHERE {_opened(held, 't')}"
        f" UNION {_COLUMNS} WHERE {conditions} AND p.keys && %(offices)s::text[]) SELECT * FROM found {_NEWEST}"
    )


def _of_the_newest(held: Held, conditions: str) -> str:
    """Of the newest texts with the words those under a key; how many were asked stands in the first column."""
    ways = ["n.keys && %(offices)s::text[]"]
    among = "(SELECT array_agg(DISTINCT party) FROM newest)"
    for key, sql in held.parties.items():
        ways.append(
            f"n.kind IN ({_kinds(key)}) AND n.party IN (SELECT party FROM ({sql}) AS seen(party) WHERE party = ANY({among}::bigint[]))"
        )
    return (
        f"WITH newest AS MATERIALIZED (SELECT p.id, p.kind, p.source_id, p.party, p.at, p.keys FROM search_passage p"
        f" WHERE {conditions} ORDER BY p.at DESC, p.id DESC LIMIT %(newest)s),"
        f" mine AS MATERIALIZED (SELECT n.id, n.kind, n.source_id, n.party, n.at FROM newest n WHERE {' OR '.join(ways)}"
        f" {_NEWEST})"
        " SELECT asked.count, mine.* FROM (SELECT count(*) FROM newest) asked LEFT JOIN mine ON true ORDER BY at DESC, id DESC"
    )


def _of_all(held: Held, conditions: str) -> str:
    opened = f"p.keys && %(offices)s::text[] OR {_opened(held, 'p')}"
    return f"{_COLUMNS} WHERE {conditions} AND ({opened}) {_NEWEST}"


def _conditions(narrowed: Narrowed, values: dict[str, Any]) -> list[str]:
    found = ["p.words @@ %(asked)s::tsquery"]
    if narrowed.kinds:
        values["kinds"] = [kind.value for kind in narrowed.kinds]
        found.append("p.kind = ANY(%(kinds)s)")
    if narrowed.since is not None:
        values["since"] = narrowed.since
        found.append("p.at >= %(since)s")
    if narrowed.until is not None:
        values["until"] = narrowed.until
        found.append("p.at < %(until)s")
    if narrowed.office_id is not None:
        values["office"] = narrowed.office_id
        found.append("p.office = %(office)s")
    if narrowed.party_ids is not None:
        values["parties"] = list(narrowed.party_ids)
        found.append("p.party = ANY(%(parties)s)")
    return found
