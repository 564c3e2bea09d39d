"""What a worker was told and has not read yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .models import Notice

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PAGE = 50


@dataclass(frozen=True)
class NoticeCard:
    """One notice on a list."""

    id: int
    kind: str
    sentence: str
    link: str
    told_at: datetime
    is_read: bool


@dataclass(frozen=True)
class Notices:
    """One page of notices, newest first. `next_before` is the number to go on from; None on the last page."""

    notices: tuple[NoticeCard, ...]
    total: int
    unread: int
    next_before: int | None


def unread_count(worker: Worker) -> int:
    """How many the worker has not read: one query over the index of unread ones, for the frame of every page."""
    return Notice.objects.filter(worker_id=worker.pk, read_at__isnull=True).count()


def latest(worker: Worker, *, limit: int = 8) -> list[NoticeCard]:
    """The newest unread ones."""
    rows = Notice.objects.filter(worker_id=worker.pk, read_at__isnull=True).order_by("-id")[:limit]
    return [_card(row) for row in rows]


def notices_of(
    worker: Worker, *, only_unread: bool = False, before: int | None = None, page: int = PAGE
) -> Notices:
    """One page of what the worker was told."""
    mine = Notice.objects.filter(worker_id=worker.pk)
    unread = unread_count(worker)
    fitting = mine.filter(read_at__isnull=True) if only_unread else mine
    total = unread if only_unread else mine.count()
    rows = list((fitting.filter(pk__lt=before) if before else fitting).order_by("-id")[: page + 1])
    shown = rows[:page]
    return Notices(
        tuple(_card(row) for row in shown), total, unread, shown[-1].pk if len(rows) > page else None
    )


def _card(row: Notice) -> NoticeCard:
    return NoticeCard(row.pk, row.kind, row.sentence, row.link, row.told_at, row.read_at is not None)
