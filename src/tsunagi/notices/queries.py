"""What a worker was told and has not read yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count

from tsunagi.shared.rows import sees_whole

from .models import Letter, MailAddress, Notice
from .rules import MailKind, answer_words, wish_for

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
    rows = Notice.objects.filter(worker_id=worker.pk, read_at__isnull=True).order_by("-told_at", "-id")[
        :limit
    ]
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


# -- letters ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MailCard:
    """How a worker hears by letter; `address` is empty when they never gave one."""

    is_on: bool
    address: str
    is_confirmed: bool
    code_is_sent: bool
    is_switched_off: bool
    last_sent_at: datetime | None
    choices: dict[str, str]


@dataclass(frozen=True)
class MailState:
    """How the sending of letters stands, for the administrator."""

    is_on: bool
    server: str
    waiting: int
    waits_since: datetime | None
    answers: tuple[tuple[str, int], ...]
    sent_today: int
    given_up: int
    addresses: int
    switched_off: tuple[tuple[int, str, datetime], ...]


def mail_is_on() -> bool:
    """Whether this installation sends letters at all."""
    return bool(settings.MAIL_HOST and settings.MAIL_FROM and settings.ADDRESS)


def mail_card(worker: Worker) -> MailCard:
    """How this worker hears by letter."""
    row = MailAddress.objects.filter(worker_id=worker.pk).first()
    choices = {kind.value: wish_for(row.choices if row else {}, kind.value).value for kind in MailKind}
    if row is None:
        return MailCard(mail_is_on(), "", False, False, False, None, choices)
    return MailCard(
        mail_is_on(), row.address, row.confirmed_at is not None, bool(row.code_hash), row.switched_off_at is not None,
        row.last_sent_at, choices,
    )  # fmt: skip


def mail_is_broken(worker: Worker) -> bool:
    """Whether this worker's address was switched off; asks nothing where no letters are sent."""
    return (
        mail_is_on()
        and MailAddress.objects.filter(worker_id=worker.pk, switched_off_at__isnull=False).exists()
    )


@sees_whole("who administers the mail server reads whose address it refused, never a letter's person")
def mail_state(at: datetime) -> MailState:
    """How the sending of letters stands."""
    waiting = Letter.objects.filter(state="waiting")
    first = waiting.order_by("asked_at").values_list("asked_at", flat=True).first()
    told = (
        waiting.filter(tries__gt=0)
        .exclude(answer="")
        .values("answer")
        .annotate(n=Count("pk"))
        .order_by("-n", "answer")
    )
    ended = Letter.objects.filter(ended_at__gt=at - timedelta(days=7))
    off = (
        MailAddress.objects.filter(switched_off_at__isnull=False)
        .select_related("worker")
        .order_by("switched_off_at")
    )
    return MailState(
        mail_is_on(),
        settings.MAIL_HOST,
        waiting.count(),
        first,
        tuple((answer_words(row["answer"]), row["n"]) for row in told),
        ended.filter(state="sent", ended_at__gt=at - timedelta(days=1)).count(),
        ended.filter(state="given_up").count(),
        MailAddress.objects.filter(confirmed_at__isnull=False, switched_off_at__isnull=True).count(),
        tuple((row.worker_id, row.worker.name, row.switched_off_at) for row in off if row.switched_off_at),
    )
