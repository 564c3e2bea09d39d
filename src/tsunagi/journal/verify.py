"""Is the journal what was written? `tsunagi verify-journal` recomputes every digest and the whole chain.

Digests are recomputed by the database (one canonical form, in one place), the chain here, row by row, without holding
the journal in memory. Somebody who owns the database can switch off triggers and rebuild the chain from a row on; what
they cannot rebuild are the heads written each night outside the database, or one that was written down on paper.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from .actions import HEADS

_SEALED = """
    SELECT s.seq, s.entry_id, s.chain, e.digest, e.digest = journal_digest(e)
      FROM journal_seal s LEFT JOIN journal_entry e ON e.id = s.entry_id
     ORDER BY s.seq
"""
_UNSEALED = """
    SELECT e.id, e.digest = journal_digest(e), EXISTS (SELECT 1 FROM journal_waiting w WHERE w.entry_id = e.id)
      FROM journal_entry e
     WHERE NOT EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id)
     ORDER BY e.id
"""
_SHOWN = 20
_AT_ONCE = 5_000
_COMPARED = 1_000
"""Above so many broken links nobody asks which of them merely changed places: all are called altered."""


@dataclass(frozen=True)
class _Break:
    """A seal whose value does not follow from the one before it."""

    seq: int
    entry_id: int
    chain: bytes
    digest: bytes
    before: bytes
    content_is_whole: bool


@dataclass
class Report:
    """What was found. Entries are named by number, seals by their place in the chain."""

    entries: int = 0
    sealed: int = 0
    unsealed: int = 0
    altered: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    missing_seals: list[int] = field(default_factory=list)
    reordered: list[int] = field(default_factory=list)
    inserted: list[int] = field(default_factory=list)
    head: str = ""
    head_found: bool | None = None
    heads_kept: int = 0
    heads_broken: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Nothing was changed, as far as can be told."""
        found = (
            self.altered,
            self.missing,
            self.missing_seals,
            self.reordered,
            self.inserted,
            self.heads_broken,
        )
        return not any(found) and self.head_found is not False

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "entries": self.entries,
            "sealed": self.sealed,
            "unsealed": self.unsealed,
            "altered": self.altered,
            "missing": self.missing,
            "missing_seals": self.missing_seals,
            "reordered": self.reordered,
            "inserted": self.inserted,
            "head": self.head,
            "head_found": self.head_found,
            "heads_kept": self.heads_kept,
            "heads_broken": self.heads_broken,
        }


def main(connection: Any, *, head: str | None = None, as_json: bool = False) -> int:
    """Verify, print, and answer 0 when the journal is whole, 1 when anything was changed.

    `connection` is Django's, signed in as the database's owner. `head` is a value written down earlier: it must stand
    somewhere in the chain. The heads kept under TSUNAGI_VAR are compared without being asked.
    """
    report = verify(connection, head=head, kept=kept_heads(Path(settings.VAR) / HEADS))
    _say(json.dumps(report.as_dict()) if as_json else "\n".join(_words(report)))
    return 0 if report.whole else 1


def verify(connection: Any, *, head: str | None = None, kept: Sequence[tuple[str, int, str]] = ()) -> Report:
    """Read the whole journal once, in one snapshot."""
    report = Report(heads_kept=len(kept))
    with _snapshot(connection):
        breaks = _read_chain(connection, report, wanted=(head or "").strip().lower(), kept=kept)
        for number, whole, waits in _rows(connection, _UNSEALED):
            report.unsealed += 1
            report.entries += 1
            if not whole:
                report.altered.append(number)
            elif not waits:
                report.inserted.append(number)
    _judge(breaks, report)
    report.altered = sorted(set(report.altered))
    return report


def kept_heads(home: Path) -> list[tuple[str, int, str]]:
    """(moment, place in the chain, value) of every head that was written outside the database, oldest first.

    A line that cannot be read is given the place 0, which no seal has, so that it is reported.
    """
    found = []
    for path in sorted(home.glob("*.txt")):
        for line in path.read_text().splitlines():
            parts = line.split()
            fits = len(parts) == 3 and parts[1].isdigit()
            found.append(
                (parts[0], int(parts[1]), parts[2].lower()) if fits else (f"{path.name}:{line[:40]}", 0, "")
            )
    return found


def _read_chain(
    connection: Any, report: Report, *, wanted: str, kept: Sequence[tuple[str, int, str]]
) -> list[_Break]:
    by_place: dict[int, list[tuple[str, str]]] = {}
    for moment, place, value in kept:
        by_place.setdefault(place, []).append((moment, value))
    breaks: list[_Break] = []
    before, expected = b"", 1
    if wanted:
        report.head_found = False
    for seq, entry_id, stored, digest, whole in _rows(connection, _SEALED):
        chain = bytes(stored)
        report.sealed += 1
        report.missing_seals.extend(range(expected, seq))
        expected = seq + 1
        if digest is None:
            report.missing.append(entry_id)
        else:
            report.entries += 1
            if not whole:
                report.altered.append(entry_id)
            if sha256(before + bytes(digest)).digest() != chain:
                breaks.append(_Break(seq, entry_id, chain, bytes(digest), before, whole))
        value = chain.hex()
        if wanted == value:
            report.head_found = True
        report.heads_broken.extend(moment for moment, was in by_place.pop(seq, ()) if was != value)
        before = chain
    report.head = before.hex()
    report.heads_broken.extend(moment for places in by_place.values() for moment, _ in places)
    return breaks


def _judge(breaks: list[_Break], report: Report) -> None:
    """Say of each broken link whether the row was altered or only stands in another place.

    A link after a missing seal is broken by that alone: it is not counted again.
    """
    after_a_gap = {place + 1 for place in report.missing_seals}
    if len(breaks) > _COMPARED:
        report.altered.extend(one.entry_id for one in breaks if one.seq not in after_a_gap)
        return
    by_before = {one.before: one.seq for one in breaks} | {one.chain: one.seq + 1 for one in breaks}
    digests = {one.digest for one in breaks}
    followed = _true_places(breaks, by_before)
    for one in breaks:
        if not one.content_is_whole or one.seq in after_a_gap:
            continue
        exchanged = any(sha256(one.before + digest).digest() == one.chain for digest in digests)
        moved = one.seq in followed
        if exchanged or (moved and followed[one.seq] != one.seq):
            report.reordered.append(one.entry_id)
        elif not moved:
            report.altered.append(one.entry_id)


def _true_places(breaks: list[_Break], by_before: dict[bytes, int]) -> dict[int, int]:
    """Place of a seal → the place it was made for, for those whose true predecessor is among the broken links."""
    stands_at = {one.chain: one.seq for one in breaks}
    truly_after: dict[int, bytes] = {}
    for one in breaks:
        for before in by_before:
            if sha256(before + one.digest).digest() == one.chain:
                truly_after[one.seq] = before
                break
    places: dict[int, int] = {}

    def place_of(seq: int, seen: frozenset[int]) -> int:
        if seq in places or seq not in truly_after or seq in seen:
            return places.get(seq, seq)
        before = truly_after[seq]
        origin = stands_at.get(before)
        places[seq] = by_before[before] if origin is None else place_of(origin, seen | {seq}) + 1
        return places[seq]

    for seq in truly_after:
        place_of(seq, frozenset())
    return places


@contextmanager
def _snapshot(connection: Any) -> Iterator[None]:
    """One picture of the whole journal, however long the reading takes."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(using=connection.alias):
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
        yield


def _rows(connection: Any, query: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def _words(report: Report) -> Iterator[str]:
    yield f"記録 {report.entries}件(封をしたもの {report.sealed}件、これから封をするもの {report.unsealed}件)を調べました。"
    yield f"鎖の先頭: {report.head or 'まだありません'}"
    for words, numbers in (
        ("書き換えられた記録", report.altered),
        ("消えた記録", report.missing),
        ("消えた封(鎖の番号)", report.missing_seals),
        ("順序の変わった記録", report.reordered),
        ("あとから差し込まれた記録", report.inserted),
    ):
        if numbers:
            shown = "、".join(f"#{number}" for number in numbers[:_SHOWN])
            rest = f" ほか{len(numbers) - _SHOWN}件" if len(numbers) > _SHOWN else ""
            yield f"× {words} {len(numbers)}件: {shown}{rest}"
    if report.head_found is not None:
        yield "○ 控えの値は鎖の中にあります。" if report.head_found else "× 控えの値が鎖の中にありません。"
    if report.heads_kept:
        broken = "、".join(report.heads_broken[:_SHOWN])
        yield (
            f"× 外に書いた控えと合わない日: {broken}"
            if broken
            else f"○ 外に書いた控え {report.heads_kept}件と合っています。"
        )
    yield (
        "改変は見つかりませんでした。"
        if report.whole
        else "改変があります。システム管理者と監査に伝えてください。"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
