"""Letters: asked for beside the notice in the deed's transaction, sent by a job after the commit, tried again, given up.

A mail server can neither stop a deed nor lose it: a letter is one row, and the deed does not wait for it. Sending takes
a letter for ten minutes in a transaction of its own, talks without one, and writes down what came of it in a third.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from tsunagi.accounts.models import Absence
from tsunagi.accounts.queries import CalendarBook, calendar_of, main_office_id
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.jobs import enqueue

from ..models import Letter, MailAddress, Notice
from ..post import Answer, Server, letter, send
from ..queries import mail_is_on
from ..rules import (
    APART,
    BODY,
    CODE_BODY,
    MOST_REFUSALS,
    MOST_TRIES,
    MailWish,
    kinds_with,
    may_send_at,
    named_kinds,
    next_try,
    wish_for,
)

LEASE = timedelta(minutes=10)
"""So long a letter belongs to the job that sends it; when that was killed, another one takes it up."""


def server() -> Server:
    """The mail server of the settings."""
    return Server(
        settings.MAIL_HOST, settings.MAIL_TLS, settings.MAIL_CA, settings.MAIL_USER, settings.MAIL_PASSWORD_FILE,
        settings.MAIL_FROM, settings.MAIL_SECONDS,
    )  # fmt: skip


# -- asking for a letter ------------------------------------------------------------------------------------------------


def want_letters(workers: Sequence[int], kind: str, *, at: datetime) -> None:
    """Ask for a letter to those of these workers (or to who acts for them) who want such a notice at once."""
    if not mail_is_on() or not workers:
        return
    readers = {_reader(worker, at) for worker in workers}
    for row in _usable().filter(worker__in=readers).order_by("worker_id"):
        if wish_for(row.choices, kind) is MailWish.NOW:
            _ask(row.worker_id, "waits", at)


def digest(at: datetime) -> int:
    """Ask for the day's one letter to everybody for whom something new waits that they want once a day; how many."""
    if not mail_is_on():
        return 0
    asked = 0
    for row in _usable().order_by("worker_id"):
        if _something_waits(row, at, MailWish.DAILY):
            asked += _ask(row.worker_id, "waits", at)
    return asked


def _ask(worker_id: int, purpose: str, at: datetime) -> bool:
    """One letter that waits says whatever else happens meanwhile, too; whether a new one was asked for.

    No unique index says so: two deeds at once would wait for one another. The second letter of the two finds nothing
    that the first did not say, and is not sent.
    """
    if Letter.objects.filter(worker_id=worker_id, purpose=purpose, state="waiting").exists():
        return False
    Letter.objects.create(worker_id=worker_id, purpose=purpose, asked_at=at, next_at=at)
    enqueue("notices.send_now")
    return True


def _reader(worker_id: int, at: datetime) -> int:
    """Who reads for a worker who is away: who acts for them, until they are back."""
    acting = (
        Absence.objects.filter(
            worker_id=worker_id, acting__isnull=False, returned_at__isnull=True, from_on__lte=day_of(at)
        )
        .order_by("-from_on", "-id")
        .values_list("acting_id", flat=True)
        .first()
    )
    return acting or worker_id


def _reads_for(worker_id: int, at: datetime) -> list[int]:
    """The worker, and those they act for today."""
    acts_for = Absence.objects.filter(acting_id=worker_id, returned_at__isnull=True, from_on__lte=day_of(at))
    return [worker_id, *acts_for.order_by("id").values_list("worker_id", flat=True)]


def _usable() -> QuerySet[MailAddress]:
    return MailAddress.objects.filter(
        confirmed_at__isnull=False, switched_off_at__isnull=True, worker__is_active=True
    )


def _something_waits(row: MailAddress, at: datetime, *wishes: MailWish) -> bool:
    """Whether a notice is unread that the worker wants in one of these ways and no letter has spoken of yet."""
    unread = Notice.objects.filter(worker__in=_reads_for(row.worker_id, at), read_at__isnull=True)
    if row.last_sent_at is not None:
        unread = unread.filter(told_at__gt=row.last_sent_at)
    about = Q(pk__in=[])
    for wish in wishes:
        kinds, others = kinds_with(row.choices, wish)
        about |= Q(kind__in=kinds)
        if others:
            about |= ~Q(kind__in=named_kinds())
    return unread.filter(about).exists()


# -- sending --------------------------------------------------------------------------------------------------------


def send_due(at: datetime, *, at_most: int = 200) -> int:
    """Send the letters whose time has come; how many were taken. Stops when the server does not answer at all."""
    taken = 0
    if not mail_is_on():
        return 0
    for _ in range(at_most):
        leased = _lease(at)
        if leased is None:
            break
        row, to, body = leased
        answer = send(letter(to, body, row.number, sender=settings.MAIL_FROM, at=at), server())
        with transaction.atomic():
            _write_down(row, to, answer, at)
        taken += answer.taken
        if not answer.taken and not answer.code.startswith("rcpt"):
            break  # the server itself: the others would fare the same
    return taken


def _lease(at: datetime) -> tuple[Letter, str, str] | None:
    """Take the next letter that may go now: (letter, to whom, what it says); those that may not are put off or ended."""
    while True:
        with transaction.atomic():
            row = (
                Letter.objects.select_for_update(skip_locked=True)
                .filter(state="waiting", next_at__lte=at)
                .order_by("next_at", "id")
                .first()
            )
            if row is None:
                return None
            address = MailAddress.objects.select_for_update().filter(worker_id=row.worker_id).first()
            body = _body(row, address, at)
            if body and address is not None:
                row.tries, row.next_at = row.tries + 1, at + LEASE
                row.save(update_fields=["tries", "next_at"])
                return row, address.address, body


def _body(row: Letter, address: MailAddress | None, at: datetime) -> str:
    """What the letter says; empty when it is not to be sent now, and then the row says why."""
    if address is None or address.switched_off_at is not None or not address.worker.is_active:
        return _end(row, "needless", at)
    if row.tries >= MOST_TRIES:
        return _end(row, "given_up", at)
    if row.purpose == "code":
        return CODE_BODY.format(code=_new_code(address, at))
    if address.confirmed_at is None or not _something_waits(address, at, MailWish.NOW, MailWish.DAILY):
        return _end(row, "needless", at)
    first = _may_go(address, at)
    if first > at:
        row.next_at = first
        row.save(update_fields=["next_at"])
        return ""
    return BODY.format(address=f"{settings.ADDRESS}{reverse('account_login')}")


def _may_go(address: MailAddress, at: datetime) -> datetime:
    """The first moment at which a letter may go to this worker: their office is open, they work, the last one is a while ago."""
    office = main_office_id(address.worker)
    closes = CalendarBook().closes_at(office) if office is not None else None
    earliest = at
    if address.last_sent_at is not None:
        earliest = max(at, address.last_sent_at + APART)
    return may_send_at(earliest, calendar_of(office, address.worker_id), closes)


def _new_code(address: MailAddress, at: datetime) -> str:
    code = f"{secrets.randbelow(10**6):06d}"
    address.code_hash, address.code_sent_at, address.code_tries = code_hash(address.worker_id, code), at, 0
    address.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
    return code


def code_hash(worker_id: int, code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(f"{settings.SECRET_KEY}.{worker_id}.{code}".encode()).hexdigest()


def _write_down(row: Letter, to: str, answer: Answer, at: datetime) -> None:
    locked = Letter.objects.select_for_update().get(pk=row.pk)
    if locked.state != "waiting":
        return
    locked.answer = answer.code[:20]
    address = MailAddress.objects.select_for_update().filter(worker_id=row.worker_id, address=to).first()
    if answer.taken:
        locked.state, locked.ended_at = "sent", at
        if address is not None and row.purpose == "waits":
            address.last_sent_at, address.refusals = at, 0
            address.save(update_fields=["last_sent_at", "refusals"])
    elif answer.refused:
        locked.state, locked.ended_at = "given_up", at
        if address is not None:
            _refused(address, at)
    else:
        locked.next_at = next_try(locked.tries, at)
    locked.save(update_fields=["state", "ended_at", "answer", "next_at"])


def _refused(address: MailAddress, at: datetime) -> None:
    """The server said for good that there is no such address; after so many times in a row it is switched off."""
    address.refusals += 1
    if address.refusals >= MOST_REFUSALS:
        address.switched_off_at = at
        record("mail.switched_off", subject_kind="worker", subject_id=address.worker_id, by=None, at=at)
    address.save(update_fields=["refusals", "switched_off_at"])


def _end(row: Letter, state: str, at: datetime) -> str:
    row.state, row.ended_at = state, at
    row.save(update_fields=["state", "ended_at"])
    return ""


def purge_letters(before: datetime) -> int:
    """Delete letters that ended before this moment; how many."""
    return Letter.objects.filter(ended_at__lt=before).delete()[0]
