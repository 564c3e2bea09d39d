"""Telling workers something, and taking a message for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ..models import Message, Notice
from ..rules import check_notice
from .letters import want_letters

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

KEPT_DAYS = 180


def tell(workers: Iterable[int | None], sentence: str, link: str, *, kind: str = "", at: datetime) -> None:
    """One notice for each of these workers, by number (None is nobody). It tells; it never decides.

    Raises NotForANotice when the sentence names a person or the link leads elsewhere.
    """
    check_notice(sentence, link)
    told = sorted({worker for worker in workers if worker is not None})
    Notice.objects.bulk_create(
        Notice(worker_id=worker, sentence=sentence, link=link, kind=kind, told_at=at) for worker in told
    )
    want_letters(told, kind, at=at)


def read(notice: Notice, at: datetime) -> None:
    """The worker has seen it; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at)


def read_all(worker: Worker, at: datetime, *, up_to: int | None = None) -> int:
    """The worker has seen everything, up to the newest one on their screen; how many that were."""
    unread = Notice.objects.filter(worker=worker, read_at__isnull=True)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return unread.update(read_at=at)


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


def purge(before: datetime) -> int:
    """Delete notices that were read and are older than this moment; how many. Messages are records: they stay."""
    return Notice.objects.filter(told_at__lt=before, read_at__isnull=False).delete()[0]
