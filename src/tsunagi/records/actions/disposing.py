"""Carrying a disposal out, as the database's owner (`tsunagi dispose`): one item, one transaction (decision 0050).

A killed job leaves whole items only: what was not reached waits for the next run, and files whose rows are gone are
taken from the disk by the next run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from tsunagi.journal.actions import record
from tsunagi.people.models import Alias, Membership, Party, Person, Relation
from tsunagi.permissions.rules import Purpose
from tsunagi.records.models import Disposal, DisposalItem
from tsunagi.records.queries.holdings import held, loose
from tsunagi.records.queries.keeping import PARTY, cluster_of, due_loose, held_by, is_due
from tsunagi.records.rules.keeping import ItemState
from tsunagi.shared.days import day_of
from tsunagi.shared.held import GONE, Held
from tsunagi.workbench.actions import forget_blobs
from tsunagi.workbench.models import Attachment

MASKED = "■■■"
"""Stands for a name in the records of the living: no longer than the shortest name that is looked for."""


@dataclass(frozen=True)
class CarriedOut:
    """What one run did."""

    done: int = 0
    held: int = 0
    not_due: int = 0
    finished: int = 0


def carry_out(at: datetime, *, at_most: int | None = None) -> CarriedOut:
    """Carry out everything that two people decided and that nothing stops. May be run again after a crash."""
    _take_files_away(DisposalItem.objects.filter(state=ItemState.DONE).exclude(files=[]))
    seen: dict[str, int] = {}
    waiting = DisposalItem.objects.filter(
        state=ItemState.WAITING, disposal__agreed_at__isnull=False, disposal__taken_back_at__isnull=True
    )
    for number in list(waiting.order_by("id").values_list("pk", flat=True)[:at_most]):
        state = _one(number, at)
        if state:
            seen[state] = seen.get(state, 0) + 1
        _take_files_away(DisposalItem.objects.filter(pk=number).exclude(files=[]))
    finished = 0
    for disposal in Disposal.objects.filter(
        agreed_at__isnull=False, taken_back_at__isnull=True, done_at__isnull=True
    ).order_by("id"):
        finished += _certify(disposal, at)
    return CarriedOut(
        seen.get(ItemState.DONE, 0), seen.get(ItemState.HELD, 0), seen.get(ItemState.NOT_DUE, 0), finished
    )


@transaction.atomic
def _one(number: int, at: datetime) -> str:
    item = (
        DisposalItem.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=number, state=ItemState.WAITING).select_related("disposal").first()
    )  # fmt: skip
    # Taking the disposal back and carrying it out wait for each other here.
    if (
        item is None
        or Disposal.objects.select_for_update()
        .filter(pk=item.disposal_id, taken_back_at__isnull=True)
        .first()
        is None
    ):
        return ""
    state = _party(item, at) if item.what == PARTY else _loose(item, at)
    item.state, item.settled_at = state, at
    item.save(update_fields=["state", "settled_at", "counts", "files"])
    record(
        "disposal.item_settled", subject_kind=item.what, subject_id=item.subject_id, by=item.disposal.agreed_by_id, at=at,
        purpose=Purpose.RETAIN, channel="cli",
        detail={"disposal": item.disposal_id, "item": item.pk, "state": state, "counts": item.counts},
    )  # fmt: skip
    return state


def _party(item: DisposalItem, at: datetime) -> str:
    ids = cluster_of(item.subject_id)
    # Whoever sets a hold, links a demand or opens an incident locks the same rows first (`keeping.lock_not_gone`).
    list(Party.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if held_by(ids):
        return ItemState.HELD
    if not is_due(item.subject_id, day_of(at)):
        return ItemState.NOT_DUE
    names, near = _names(ids), _near(ids)
    attached = [one for one in held() if one.table == "workbench_attachment"]
    item.files = [blob for one in attached for blob in _blobs(one, ids)]
    item.counts = _empty(held(), {"parties": ids})
    _erase_files(item.files, item.disposal.agreed_by_id, at)
    item.counts |= _without_names(names, [*near, *ids])
    Party.objects.filter(pk__in=ids).update(out_of_search=True)
    return ItemState.DONE


def _loose(item: DisposalItem, at: datetime) -> str:
    one = loose()[item.what]
    if not due_loose(day_of(at), only=one, ids=[item.subject_id]):
        return ItemState.NOT_DUE
    item.counts = _empty(one.held, {"ids": [item.subject_id]})
    return ItemState.DONE


def _blobs(one: Held, ids: Sequence[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT blob FROM workbench_attachment WHERE {one.where}", {"parties": list(ids)})
        return [row[0] for row in cursor.fetchall()]


def _erase_files(blobs: Sequence[Any], by_id: int | None, at: datetime) -> None:
    """Their rows say that they were taken off, by whom, and that nothing of them is left."""
    if not blobs:
        return
    with connection.cursor() as cursor:
        _switch(cursor, [("workbench_attachment", "workbench_attachment_stays")], "DISABLE")
        for row in Attachment.objects.filter(blob__in=list(blobs), erased_at__isnull=True).order_by("pk"):
            row.removed_at, row.removed_by_id = row.removed_at or at, row.removed_by_id or by_id
            row.removed_reason, row.erased_at = GONE, at
            row.save(update_fields=["removed_at", "removed_by", "removed_reason", "erased_at"])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch(cursor, [("workbench_attachment", "workbench_attachment_stays")], "ENABLE")


# -- emptying -----------------------------------------------------------------------------------------------------------


def _empty(rows: Iterable[Held], ids: dict[str, list[int]]) -> dict[str, int]:
    """Empty or delete these rows; how many of each table."""
    counts: dict[str, int] = {}
    columns = _columns()
    there = [one for one in rows if one.table in columns]
    frozen = [(one.table, trigger) for one in there for trigger in one.frozen_by]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch(cursor, frozen, "DISABLE")
        for one in there:
            if not (one.delete or one.blank):
                continue
            statement = (
                f'DELETE FROM "{one.table}" WHERE {one.where}' if one.delete
                else f'UPDATE "{one.table}" SET {", ".join(_blank(name, columns[one.table][name]) for name in one.blank)} WHERE {one.where}'
            )  # fmt: skip
            cursor.execute(statement, {**ids, "gone": GONE})
            if cursor.rowcount:
                counts[one.table] = counts.get(one.table, 0) + cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch(cursor, frozen, "ENABLE")
    return counts


def _switch(cursor: Any, triggers: Iterable[tuple[str, str]], how: str) -> None:
    for table, trigger in sorted(set(triggers)):
        cursor.execute(
            sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
                sql.Identifier(table), sql.SQL(how), sql.Identifier(trigger)
            )
        )


@dataclass(frozen=True)
class _Column:
    kind: str
    nullable: bool


def _columns() -> dict[str, dict[str, _Column]]:
    """Every column of every table with its type and whether it may be empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
        )
        found: dict[str, dict[str, _Column]] = {}
        for table, name, kind, nullable in cursor.fetchall():
            found.setdefault(table, {})[name] = _Column(kind, nullable == "YES")
    return found


def _blank(name: str, column: _Column) -> str:
    if column.kind in ("character varying", "text"):
        # That something was written stays: a reason that a law asks for is not missing now.
        return f"\"{name}\" = CASE WHEN \"{name}\" = '' THEN '' ELSE %(gone)s END"
    if column.nullable:
        return f'"{name}" = NULL'
    if column.kind == "jsonb":
        return (
            f"\"{name}\" = CASE jsonb_typeof(\"{name}\") WHEN 'array' THEN '[]'::jsonb ELSE '{{}}'::jsonb END"
        )
    if column.kind == "ARRAY":
        return f"\"{name}\" = '{{}}'"
    if column.kind == "bytea":
        return f"\"{name}\" = ''::bytea"
    raise ValueError(f"{name} ({column.kind}) cannot be emptied")


# -- names in the records of the living ---------------------------------------------------------------------------------


def _names(ids: Sequence[int]) -> list[str]:
    """Patterns for every name of these persons as it may stand in a text: gaps between letters do not count."""
    said = list(Person.objects.filter(party_id__in=ids).order_by("pk").values_list("name", "kana"))
    said += list(Alias.objects.filter(person_id__in=ids).order_by("pk").values_list("name", "kana"))
    found = {re.sub(r"[\s　・]", "", word) for pair in said for word in pair}
    return [
        "[\\s　・]*".join(re.escape(letter) for letter in word) for word in sorted(found) if len(word) >= 3
    ]


def _near(ids: Sequence[int]) -> list[int]:
    """Whose records may name them: their households ever, who lived there, who is related."""
    homes = set(
        Membership.objects.filter(person_id__in=ids).order_by().values_list("household_id", flat=True)
    )
    found = homes | set(
        Membership.objects.filter(household_id__in=homes).order_by().values_list("person_id", flat=True)
    )
    for one, other in (
        Relation.objects.filter(person_id__in=ids).order_by().values_list("person_id", "other_id")
    ):
        found |= {one, other}
    for one, other in (
        Relation.objects.filter(other_id__in=ids).order_by().values_list("person_id", "other_id")
    ):
        found |= {one, other}
    return sorted(found - set(ids))


# What is said of the living stays theirs: of their own names and places nothing is touched.
_THEIR_OWN = {
    "people_person",
    "people_alias",
    "people_phone",
    "people_address",
    "people_searchkey",
    "workbench_attachment",
}


def _without_names(names: Sequence[str], party_ids: Sequence[int]) -> dict[str, int]:
    """Take the names out of texts in the records of those near; how many rows of each table."""
    if not names:
        return {}
    counts: dict[str, int] = {}
    columns = _columns()
    pattern = "|".join(names)
    rows = [one for one in held() if one.table in columns and one.table not in _THEIR_OWN and not one.delete]
    frozen = [(one.table, trigger) for one in rows for trigger in one.frozen_by]
    with connection.cursor() as cursor:
        _switch(cursor, frozen, "DISABLE")
        for one in rows:
            texts = [
                name for name in one.blank if columns[one.table][name].kind in ("character varying", "text")
            ]
            jsons = [name for name in one.blank if columns[one.table][name].kind == "jsonb"]
            if not texts and not jsons:
                continue
            changes = [
                f'"{name}" = regexp_replace("{name}", %(pattern)s, %(masked)s, \'g\')' for name in texts
            ]
            changes += [
                f'"{name}" = regexp_replace("{name}"::text, %(pattern)s, %(masked)s, \'g\')::jsonb'
                for name in jsons
            ]
            hits = " OR ".join(
                [
                    *(f'"{name}" ~ %(pattern)s' for name in texts),
                    *(f'"{name}"::text ~ %(pattern)s' for name in jsons),
                ]
            )
            cursor.execute(
                f'UPDATE "{one.table}" SET {", ".join(changes)} WHERE ({one.where}) AND ({hits})',
                {"parties": list(party_ids), "pattern": pattern, "masked": MASKED},
            )  # fmt: skip
            if cursor.rowcount:
                counts[f"{one.table}.named"] = counts.get(f"{one.table}.named", 0) + cursor.rowcount
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch(cursor, frozen, "ENABLE")
    return counts


# -- files, certificate ---------------------------------------------------------------------------------------------------


def _take_files_away(items: Any) -> None:
    """Take the files of settled items from the disk; only then are they forgotten."""
    for item in items.order_by("id"):
        forget_blobs(item.files)
        DisposalItem.objects.filter(pk=item.pk).update(files=[])


@transaction.atomic
def _certify(disposal: Disposal, at: datetime) -> int:
    """Write the certificate when nothing waits any more: numbers, kinds, counts, digest; no names."""
    locked = Disposal.objects.select_for_update().get(pk=disposal.pk)
    rows = list(locked.items.order_by("id").values_list("what", "subject_id", "kind", "state", "counts"))
    if locked.done_at is not None or any(state == ItemState.WAITING for *_rest, state, _counts in rows):
        return 0
    counts: dict[str, int] = {}
    lines = []
    for what, number, kind, state, of_tables in rows:
        lines.append(f"{what},{number},{kind},{state},{sum(of_tables.values())}")
        for table, count in of_tables.items():
            counts[table] = counts.get(table, 0) + count
    states = {state: sum(1 for row in rows if row[3] == state) for state in sorted({row[3] for row in rows})}
    digest = sha256("\n".join(lines).encode()).hexdigest()
    Disposal.objects.filter(pk=locked.pk).update(done_at=at, counts=counts, digest=digest)
    record(
        "disposal.certified", subject_kind="disposal", subject_id=locked.pk, by=locked.agreed_by_id, at=at, purpose=Purpose.RETAIN,
        channel="cli",
        detail={"proposed_by": locked.proposed_by_id, "agreed_by": locked.agreed_by_id, "items": states, "counts": counts, "digest": digest},
    )  # fmt: skip
    return 1
