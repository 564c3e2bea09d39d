"""Telling workers something, and taking a message for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from .models import Message, Notice

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def tell(workers: Iterable[int], sentence: str, link: str, *, kind: str = "", at: datetime) -> None:
    """One notice for each of these workers."""
    Notice.objects.bulk_create(
        Notice(worker_id=worker, sentence=sentence, link=link, kind=kind, told_at=at) for worker in set(workers)
    )


def write_message(
    *,
    for_worker_id: int,
    for_office_id: int,
    caller: str,
    number: str,
    words: str,
    came_at: datetime,
    by: Worker,
    at: datetime,
) -> Message:
    """Store the words of a message; the promise to answer it is made by holding.leave_message."""
    return Message.objects.create(
        for_worker_id=for_worker_id,
        for_office_id=for_office_id,
        left_by=by,
        caller=caller.strip()[:100],
        number=number.strip()[:60],
        words=words.strip(),
        came_at=came_at,
        written_at=at,
    )
