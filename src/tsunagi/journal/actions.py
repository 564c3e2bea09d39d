"""The journal is written here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tsunagi.shared.edges import Entry as TrailEntry

from .models import Entry


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
    """Write one line. Numbers and codes only."""
    Entry.objects.create(
        action=action, subject_kind=subject_kind, subject_id=subject_id, worker_id=by, at=at, purpose=purpose,
        ground=ground, detail=detail or {}, channel=channel, digest=b"",
    )


def store_trail(entries: Sequence[TrailEntry], worker_id: int | None, at: datetime, channel: str) -> None:
    """Store what doors noted."""
    Entry.objects.bulk_create(
        Entry(action=e.action, subject_kind=e.subject_kind, subject_id=e.subject_id, worker_id=worker_id, at=at,
              purpose=e.purpose, ground=e.ground, detail=e.detail or {}, channel=channel, digest=b"")
        for e in entries
    )
