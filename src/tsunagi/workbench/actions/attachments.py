"""Attachments: brought to a form, attached by its deed, taken off with a reason; nothing half-done stays.

The file is sealed and on the disk for good before its row is written: a row without its file cannot be. A file without a
row (a roll-back, a kill -9 in between) is noise whose key nobody has; `sweep` takes it away after a day.
"""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from tsunagi.accounts.queries import main_office_id
from tsunagi.journal.actions import record
from tsunagi.shared.edges import with_the_trail
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.events import FileInfected
from tsunagi.workbench.files import sealing
from tsunagi.workbench.files.looks import look_at
from tsunagi.workbench.files.scanner import Scanner, ScanState
from tsunagi.workbench.models import Attachment, Draft
from tsunagi.workbench.rules import KEPT_FOR, MOST_FILES

from .drafts import claim

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from tsunagi.accounts.models import Worker

SUBJECT = "attachment"
ORPHAN_AFTER = timedelta(days=1)
INFECTED = "ウイルスが見つかったため、預かりませんでした。そのファイルを開かず、情報システムの担当に知らせてください。"
NO_ROOM = "いまファイルを預かれません。書いた文は残ります。システム管理者に「添付の鍵と置き場所」を確かめてもらってください。"
log = logging.getLogger("tsunagi.attachments")


def scanner() -> Scanner | None:
    """The virus scanner of this installation, or None when none is configured."""
    return Scanner(settings.CLAMAV, settings.CLAMAV_SECONDS) if settings.CLAMAV else None


# -- bringing ---------------------------------------------------------------------------------------------------------


def bring(worker: Worker, file: UploadedFile, draft_id: uuid.UUID, *, at: datetime) -> Attachment:
    """Look at a file, have it scanned, seal it and keep it with the form's draft. Raises Refused with what to do instead."""
    size = file.size or 0
    if size > settings.ATTACHMENT_BYTES or getattr(file, "too_large", False):
        most = settings.ATTACHMENT_BYTES // 2**20
        raise Refused(
            f"大きすぎます。ひとつ{most}MBまでです。必要なページだけにするか、画像を小さくしてください。"
        )
    stream: IO[bytes] = file.file  # type: ignore[assignment]
    look = look_at(stream, file.name or "", size)
    scan = _scanned(stream)
    blob, key = uuid.uuid4(), secrets.token_bytes(32)
    try:
        _wrap_while_no_key_goes()
        key_id, wrapped = _keys().wrap(key, blob)
        sealed = sealing.seal(_chunks(stream), settings.ATTACHMENTS, blob, key)
    except (OSError, sealing.KeyTrouble) as trouble:
        log.error("attachments cannot be kept: %s", type(trouble).__name__)
        raise Refused(NO_ROOM) from trouble
    return Attachment.objects.create(
        blob=blob, worker=worker, office_id=main_office_id(worker), draft=draft_id, name=look.name,
        media_type=look.media_type, size=sealed.size, digest=sealed.digest, marks=[mark.value for mark in look.marks],
        key_id=key_id, wrapped_key=wrapped, scan=scan, scanned_at=None if scan in _NOT_YET else at, brought_at=at,
    )  # fmt: skip


_MISSES = 3
_NOT_YET = (ScanState.NONE, ScanState.WAITING)


def bring_all(
    worker: Worker, files: Iterable[UploadedFile], draft_id: uuid.UUID, *, at: datetime
) -> list[str]:
    """Bring each of these; what could not be kept is told, one sentence a file, and does not stop the others."""
    told = []
    there = Attachment.objects.filter(worker=worker, draft=draft_id, attached_at__isnull=True).count()
    for file in files:
        name = _called(file)
        if there >= MOST_FILES:
            told.append(
                f"{name}: 一度に添えられるのは{MOST_FILES}個までです。残りは、記録したあとで足してください。"
            )
            continue
        try:
            bring(worker, file, draft_id, at=at)
            there += 1
        except Refused as refusal:
            told.append(f"{name}: {refusal}")
    return told


def take_in(
    worker: Worker, files: list[UploadedFile], draft_id: Any, *, at: datetime, without: Iterable[str] = ()
) -> list[str]:
    """The files that came with a form being sent; refusals as `bring_all`. `without`: numbers of those no longer wanted.

    They stay with the draft also when the form is sent back (its transaction is undone, these rows are stored beside the
    trail), so that nobody chooses them twice. Raises AlreadyDone for a form that was sent before.
    """
    number, unwanted = _number(draft_id), [int(pk) for pk in without if pk.isdigit()]
    if number is None:
        told = "添付を預かれませんでした。画面を開き直して、もう一度選んでください。"
        return [told] if files else []
    if not files and not unwanted:
        return []
    claim(worker, number)
    _drop_these(worker, number, unwanted)
    before = set(_pending(worker, number).values_list("pk", flat=True))
    told_all = bring_all(worker, files, number, at=at)
    rows = [row for row in _pending(worker, number) if row.pk not in before]

    def beside(_at: datetime) -> None:
        _drop_these(worker, number, unwanted)
        _keep_beside(rows, number)

    with_the_trail(beside)
    return told_all


def _drop_these(worker: Worker, draft_id: uuid.UUID, numbers: list[int]) -> None:
    _forgotten(list(_pending(worker, draft_id).filter(pk__in=numbers)))


def _keep_beside(rows: list[Attachment], draft_id: uuid.UUID) -> None:
    """Store what a refusal undid; what the deed stored is left alone."""
    known = set(Attachment.objects.filter(blob__in=[row.blob for row in rows]).values_list("blob", flat=True))
    lost = [row for row in rows if row.blob not in known]
    if lost and Draft.objects.filter(pk=draft_id, consumed_at__isnull=False).exists():
        _forget_after_commit(lost)  # the first sending of this form brought its own copies
    elif lost:
        Attachment.objects.bulk_create(lost)


def attach(worker: Worker, draft_id: Any, kind: str, subject_id: int, *, at: datetime) -> int:
    """Hang what was brought to this form on the record its deed made; how many. In the deed's transaction."""
    number = _number(draft_id)
    if number is None:
        return 0
    rows = list(_pending(worker, number).select_for_update())
    for row in rows:
        row.subject_kind, row.subject_id, row.attached_at = kind, subject_id, at
        row.save(update_fields=["subject_kind", "subject_id", "attached_at"])
        record(
            "attachment.attached", subject_kind=SUBJECT, subject_id=row.pk, by=worker.pk, at=at,
            detail={"kind": kind, "subject": subject_id, "bytes": row.size, "scan": row.scan},
        )  # fmt: skip
    return len(rows)


def drop(pending: Attachment) -> None:
    """The writer does not want to attach it after all."""
    _forgotten([pending])


def remove(attachment: Attachment, *, reason: str, by: Worker, at: datetime) -> None:
    """Take a file off its record, with the reason. Nobody opens it any more; the row stays; its bytes go after 30 days."""
    if not reason.strip():
        raise Refused("外すわけを書いてください(例: 別の方の書類だった)。", field="reason")
    refuse_my_number(reason, "外すわけ", "reason")
    row = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if row.removed_at is not None:
        raise Refused("この添付は、すでに外されています。")
    row.removed_at, row.removed_by, row.removed_reason = at, by, reason.strip()[:300]
    row.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    record(
        "attachment.removed", subject_kind=SUBJECT, subject_id=row.pk, by=by.pk, at=at,
        detail={"kind": row.subject_kind, "subject": row.subject_id},
    )  # fmt: skip


# -- giving out -------------------------------------------------------------------------------------------------------


def opened(attachment: Attachment) -> Pieces:
    """The pieces of a file in the open. The first is read now: what is damaged or gone is a Refused, not half a file."""
    try:
        key = _keys().unwrap(attachment.key_id, bytes(attachment.wrapped_key), attachment.blob)
        file = sealing.place_of(settings.ATTACHMENTS, attachment.blob).open("rb")
        pieces = sealing.unseal(file, attachment.blob, key)
        first = next(pieces)
    except (OSError, sealing.KeyTrouble, sealing.SealBroken) as trouble:
        log.error("attachment %s cannot be opened: %s", attachment.pk, type(trouble).__name__)
        raise Refused(
            "このファイルを開けません。置き場所に見つからないか、傷んでいます。番号をシステム管理者に伝えてください"
            f"(添付 {attachment.pk})。"
        ) from trouble
    return Pieces(first, pieces)


class Pieces:
    """A file in the open, piece by piece; `close` when somebody hangs up before its end."""

    def __init__(self, first: bytes, rest: Generator[bytes]) -> None:
        self._first, self._rest = first, rest

    def __iter__(self) -> Iterator[bytes]:
        yield self._first
        yield from self._rest

    def close(self) -> None:
        """Close the file on the disk."""
        self._rest.close()


# -- keeping the house in order ---------------------------------------------------------------------------------------


def purge_pending(at: datetime) -> int:
    """Delete files whose form was thrown away, sent without them, or not touched for as long as drafts are kept."""
    alive = Draft.objects.filter(consumed_at__isnull=True).values("pk")
    rows = list(
        Attachment.objects.filter(attached_at__isnull=True, brought_at__lt=at - ORPHAN_AFTER)
        .exclude(draft__in=alive)
        .order_by("pk")
    )
    rows += list(
        Attachment.objects.filter(
            attached_at__isnull=True, brought_at__lt=at - KEPT_FOR, draft__in=alive
        ).exclude(draft__in=Draft.objects.filter(touched_at__gte=at - KEPT_FOR).values("pk"))
    )
    return _forgotten(rows)


def forget_draft(worker_id: int, draft_id: uuid.UUID) -> int:
    """Delete what was brought to a draft that is thrown away."""
    return _forgotten(
        list(Attachment.objects.filter(worker_id=worker_id, draft=draft_id, attached_at__isnull=True))
    )


def erase_removed(at: datetime) -> int:
    """Erase the bytes of files taken off 30 days ago, and their keys, so that no copy in a backup opens either."""
    rows = list(
        Attachment.objects.filter(removed_at__lt=at - KEPT_FOR, erased_at__isnull=True).select_for_update()
    )
    for row in rows:
        _erase(row, at)
    return len(rows)


def sweep(at: datetime) -> int:
    """Delete files on the disk that no row knows and nobody has been writing for a day; how many."""
    known = set(Attachment.objects.filter(erased_at__isnull=True).values_list("blob", flat=True))
    before, gone = (at - ORPHAN_AFTER).timestamp(), 0
    for blob, place, written in sealing.lying_there(settings.ATTACHMENTS):
        if written < before and (blob not in known or place.suffix == ".part"):
            place.unlink(missing_ok=True)
            gone += 1
    return gone


def rescan(at: datetime, *, at_most: int = 200) -> int:
    """Scan again what waited because the scanner did not answer; how many are settled. An infected file is erased.

    Stops after three that the scanner does not answer for; those asked for longest ago come first, so that one the
    scanner never takes (it is too large for it) does not keep the others waiting.
    """
    settled, missed, peer = 0, 0, scanner()
    if peer is None:
        return 0
    waiting = Attachment.objects.filter(scan=ScanState.WAITING, erased_at__isnull=True)
    for row in waiting.order_by(F("scanned_at").asc(nulls_first=True), "id")[:at_most]:
        try:
            state = _scan_sealed(peer, row)
        except Refused:
            continue
        row.scan, row.scanned_at = state, at
        row.save(update_fields=["scan", "scanned_at"])
        if state is ScanState.WAITING:
            missed += 1
            if missed == _MISSES:
                break
            continue
        record(
            "attachment.scanned",
            subject_kind=SUBJECT,
            subject_id=row.pk,
            by=None,
            at=at,
            detail={"scan": state.value},
        )
        settled += 1
        if state is ScanState.INFECTED:
            _erase(row, at)
            announce(FileInfected(attachment_id=row.pk, worker_id=row.worker_id, at=at))
    return settled


def rotate_key(at: datetime) -> int:
    """Make a new installation key and wrap every file's key with it; how many. The files themselves stay as they lie.

    The older keys stay in the file, for backups of before; `forget_old_keys` drops them. May be repeated after a crash.
    """
    keys = sealing.with_a_new_key(settings.ATTACHMENT_KEYS, _keys())
    count, after = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                Attachment.objects.select_for_update()
                .filter(pk__gt=after, erased_at__isnull=True)
                .exclude(key_id=keys.current)
                .order_by("pk")[:500]
            )
            for row in rows:
                key = keys.unwrap(row.key_id, bytes(row.wrapped_key), row.blob)
                row.key_id, row.wrapped_key = keys.wrap(key, row.blob)
                row.save(update_fields=["key_id", "wrapped_key"])
        if not rows:
            break
        count, after = count + len(rows), rows[-1].pk
    record(
        "attachment.key_rotated",
        subject_kind=SUBJECT,
        subject_id=None,
        by=None,
        at=at,
        detail={"files": count},
    )
    return count


def forget_old_keys() -> int:
    """Drop the keys that no row needs any more; how many. Backups of before can then not be opened."""
    with transaction.atomic():
        _keep_others_from_wrapping()
        return _forget_old_keys()


def _forget_old_keys() -> int:
    keys = _keys()
    needed = set(Attachment.objects.filter(erased_at__isnull=True).values_list("key_id", flat=True)) - {
        keys.current
    }
    if needed:
        raise Refused(
            "まだ古い鍵で包まれた添付があります。先に鍵を替えてください(tsunagi attachments rotate-key)。"
        )
    sealing.without_old_keys(settings.ATTACHMENT_KEYS, keys)
    return len(keys.known) - 1


def check_all() -> Iterator[tuple[int, str]]:
    """Every file against its row: (number, what is wrong); reads them all, a piece at a time."""
    import hashlib

    rows = Attachment.objects.filter(erased_at__isnull=True).order_by("pk")
    for row in rows.iterator(chunk_size=200):
        hashed = hashlib.sha256()
        try:
            for piece in opened(row):
                hashed.update(piece)
        except (Refused, sealing.SealBroken):
            yield row.pk, "開けません"
            continue
        if hashed.hexdigest() != row.digest:
            yield row.pk, "中身が預かったときと違います"


# -- pieces -----------------------------------------------------------------------------------------------------------


def _pending(worker: Worker, draft_id: uuid.UUID) -> Any:
    return Attachment.objects.filter(worker=worker, draft=draft_id, attached_at__isnull=True).order_by("pk")


def _keys() -> sealing.Keys:
    """The installation's keys; the first file makes them. Without them, but with files, nothing new is begun."""
    keys = sealing.read_keys(settings.ATTACHMENT_KEYS)
    if keys is not None:
        return keys
    if Attachment.objects.exists():
        raise sealing.KeyTrouble("鍵のファイルがありません。控えから戻してください。")
    return sealing.first_keys(settings.ATTACHMENT_KEYS)


_LOCK = "hashtextextended('attachment-keys', 0)"


def _wrap_while_no_key_goes() -> None:
    """Until this transaction ends no old key is dropped: one that wraps a row nobody else can see yet is needed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")


def _keep_others_from_wrapping() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _scanned(stream: IO[bytes]) -> ScanState:
    peer = scanner()
    if peer is None:
        return ScanState.NONE
    state = peer.scan(stream)
    if state is ScanState.INFECTED:
        raise Refused(INFECTED)
    return state


def _scan_sealed(peer: Scanner, row: Attachment) -> ScanState:
    import tempfile

    with tempfile.TemporaryFile(dir=settings.ATTACHMENTS) as stream:
        for piece in opened(row):
            stream.write(piece)
        return peer.scan(stream)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    stream.seek(0)
    while chunk := stream.read(sealing.PIECE):
        yield chunk


def _erase(row: Attachment, at: datetime) -> None:
    row.erased_at, row.wrapped_key, row.key_id = at, b"", ""
    row.save(update_fields=["erased_at", "wrapped_key", "key_id"])
    _forget_after_commit([row])


def _forgotten(rows: list[Attachment]) -> int:
    """Delete those of these rows that are still pending, and their files; one that was attached meanwhile stays whole."""
    if not rows:
        return 0
    still = list(
        Attachment.objects.select_for_update()
        .filter(pk__in=[row.pk for row in rows], attached_at__isnull=True)
        .order_by("pk")
    )
    Attachment.objects.filter(pk__in=[row.pk for row in still]).delete()
    _forget_after_commit(still)
    return len(still)


def _forget_after_commit(rows: Iterable[Attachment]) -> None:
    """Take the files from the disk once it is certain that no row knows them."""
    blobs = [row.blob for row in rows]

    def forget() -> None:
        for blob in blobs:
            sealing.forget(settings.ATTACHMENTS, blob)

    transaction.on_commit(forget)


def forget_blobs(blobs: Iterable[uuid.UUID]) -> None:
    """Take these files from the disk at once: their rows have lost their keys already (disposal)."""
    for blob in blobs:
        sealing.forget(settings.ATTACHMENTS, blob)


def _called(file: UploadedFile) -> str:
    """The name as the refusal shows it to whoever chose it; one with a 個人番号 is not repeated."""
    from tsunagi.shared.my_number import scrub
    from tsunagi.workbench.files.names import safe_name

    return scrub(safe_name(file.name or ""))[0][:80]


def _number(draft_id: Any) -> uuid.UUID | None:
    if isinstance(draft_id, uuid.UUID):
        return draft_id
    try:
        return uuid.UUID(str(draft_id)) if draft_id else None
    except ValueError:
        return None
