"""The journal is written here and nowhere else: lines, seals, and the head kept outside the database."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.types.json import Json

from tsunagi.shared.edges import Entry as TrailEntry

from .models import Entry, Seal
from .rules import check_line

HEADS = "journal-heads"
"""The directory under TSUNAGI_VAR where the day's head of the chain is written, a file a year."""


def record(
    action: str,
    *,
    subject_kind: str,
    subject_id: int | None,
    by: int | None,
    at: datetime,
    purpose: str = "",
    ground: str = "",
    detail: dict[str, Any] | None = None,
    channel: str = "web",
) -> None:
    """Write one line about a deed into the current transaction. Raises NotACode for anything but numbers and codes."""
    check_line(action, subject_kind=subject_kind, purpose=purpose, ground=ground, detail=detail)
    Entry.objects.create(
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        worker_id=by,
        at=at,
        purpose=purpose,
        ground=ground,
        detail=detail or {},
        channel=channel,
        digest=b"",  # the database fills it in
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line for `record_many`: the same words as `record` takes."""

    action: str
    subject_kind: str
    subject_id: int | None
    by: int | None
    at: datetime
    detail: dict[str, Any] = field(default_factory=dict)


_COPY = (
    "COPY journal_entry (action, subject_kind, subject_id, worker_id, at, detail, channel, purpose, ground, digest)"
    " FROM STDIN"
)


def record_many(lines: Iterable[Line], *, channel: str = "cli") -> int:
    """Write the lines of many deeds at once (imports, the demo), in the order given; how many. As `record` refuses."""
    count = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line in lines:
            check_line(line.action, subject_kind=line.subject_kind, purpose="", ground="", detail=line.detail)
            copy.write_row(
                (
                    line.action,
                    line.subject_kind,
                    line.subject_id,
                    line.by,
                    line.at,
                    Json(line.detail),
                    channel,
                    "",
                    "",
                    b"",
                )
            )
            count += 1
    return count


def store_trail(entries: Sequence[TrailEntry], worker_id: int | None, at: datetime, channel: str) -> None:
    """Write what the doors noted, in one statement. Raises NotACode as `record` does."""
    for entry in entries:
        check_line(
            entry.action,
            subject_kind=entry.subject_kind,
            purpose=entry.purpose,
            ground=entry.ground,
            detail=entry.detail,
        )
    Entry.objects.bulk_create(
        Entry(
            action=entry.action,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            worker_id=worker_id,
            at=at,
            purpose=entry.purpose,
            ground=entry.ground,
            detail=entry.detail or {},
            channel=channel,
            digest=b"",
        )
        for entry in entries
    )


def seal(at_most: int = 10_000) -> int:
    """Seal what is visible and unsealed, oldest first; how many rows were sealed (0 while somebody else seals).

    Rows that commit late are sealed later: what waits is listed by the database, never guessed from the last number.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_seal_waiting(%s)", [at_most])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def write_head(at: datetime) -> Path | None:
    """Append the chain's head (moment, number, value) to this year's file outside the database; its path.

    Whoever owns the database could rebuild the whole chain; they cannot rebuild what was written elsewhere.
    None while nothing is sealed.
    """
    last = Seal.objects.order_by("-seq").values_list("seq", "chain").first()
    if last is None:
        return None
    home = Path(settings.VAR) / HEADS
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / f"{at:%Y}.txt"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{at.isoformat(timespec='seconds')} {last[0]} {bytes(last[1]).hex()}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    return path
