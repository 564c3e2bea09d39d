"""Finding texts by their words. Whoever asks brings, in SQL, the keys they hold: they stand in the same statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from .models import Due
from .rules import PARTY_KEYS, Key, Question, TextKind

TOTAL_AT_MOST = 1_000
COUNTED = TOTAL_AT_MOST + 1
FEW_KEYS = 2_000
"""Up to so many keys are looked up in the index beside the words; more are compared with what the words found."""


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
    with connection.cursor() as cursor:
        sql, keys = _statement(cursor, held, " AND ".join(conditions))
        cursor.execute(sql, values | keys)
        rows = cursor.fetchall()
    # A visit to three of a household stands there three times and is one hit.
    hits: dict[tuple[str, int], Hit] = {}
    for number, kind, source_id, party_id, at in rows:
        hits.setdefault((kind, source_id), Hit(number, TextKind(kind), source_id, party_id, at))
    return Found(tuple(hits.values())[:size], min(len(hits), TOTAL_AT_MOST + 1), len(hits) > size)


_COLUMNS = "SELECT p.id, p.kind, p.source_id, p.party, p.at FROM search_passage p"
_NEWEST = "ORDER BY at DESC, id DESC LIMIT %(counted)s"


def _statement(cursor: Any, held: Held | None, conditions: str) -> tuple[str, dict[str, Any]]:
    """Few keys are part of the index's own question; with many, what the words found is compared with them.

    (One array of 40,000 keys makes the index slow; newest first, what everybody writes is found at once.)
    """
    if held is None:
        return f"{_COLUMNS} WHERE {conditions} {_NEWEST}", {}
    params = {**held.params, "offices": list(held.offices)}
    by_party = [
        f"SELECT '{key.value}:' || seen.party FROM ({sql}) AS seen(party)"
        for key, sql in held.parties.items()
    ]
    keys = " UNION ALL ".join(["SELECT unnest(%(offices)s::text[])", *by_party])
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM ({keys}) AS held LIMIT {FEW_KEYS + 1}) AS few", params
    )
    if cursor.fetchone()[0] <= FEW_KEYS:
        among = f"p.keys && (SELECT array_agg(held.key) FROM ({keys}) AS held(key))"
        # Materialised, or the planner walks through all texts newest first and finds none of somebody's few.
        return (
            f"WITH found AS MATERIALIZED ({_COLUMNS} WHERE {conditions} AND {among}) SELECT * FROM found {_NEWEST}",
            params,
        )
    ways = ["p.keys && %(offices)s::text[]"]
    for key, sql in held.parties.items():
        kinds = ", ".join(f"'{kind.value}'" for kind, opens in PARTY_KEYS.items() if opens is key)
        ways.append(f"p.kind IN ({kinds}) AND p.party IN ({sql})")
    return f"{_COLUMNS} WHERE {conditions} AND ({' OR '.join(ways)}) {_NEWEST}", params


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
