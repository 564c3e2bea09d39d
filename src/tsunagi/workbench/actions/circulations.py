"""供覧・決裁: a record shown round to named workers; who read it, and what was decided. Who may see it is not decided here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.models import Circulation, Reader
from tsunagi.workbench.rules import ShownKind, check_decision, check_mark

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "circulation"


def circulate(
    kind: str, subject_id: int, worker_ids: Iterable[int], *, words: str = "", by: Worker, at: datetime
) -> Circulation:
    """Show a record round. The caller has asked whether each of these workers may open it. Raises Refused."""
    refuse_my_number(words, "ひとこと", "words")
    named = _named(worker_ids, by)
    made = Circulation.objects.create(
        kind=ShownKind(kind), subject_id=subject_id, words=words.strip()[:300], asked_by=by, asked_at=at
    )
    Reader.objects.bulk_create(Reader(circulation=made, worker_id=pk, named_at=at) for pk in named)
    record(
        "circulation.sent",
        subject_kind=SUBJECT,
        subject_id=made.pk,
        by=by.pk,
        at=at,
        detail={"of": str(kind), "number": subject_id, "readers": named},
    )
    return made


def show_to_more(
    circulation: Circulation, worker_ids: Iterable[int], *, by: Worker, at: datetime
) -> list[int]:
    """Name further readers; those it went to already are left as they are. The numbers of the new ones."""
    known = set(circulation.readers.order_by().values_list("worker_id", flat=True))
    named = [pk for pk in _named(worker_ids, by) if pk not in known]
    if not named:
        raise Refused("選んだ職員には、もう回っています。", field="workers")
    if circulation.ended_at is not None:
        raise Refused("この供覧は、もう終わっています。新しく回してください。")
    Reader.objects.bulk_create(Reader(circulation=circulation, worker_id=pk, named_at=at) for pk in named)
    record(
        "circulation.sent",
        subject_kind=SUBJECT,
        subject_id=circulation.pk,
        by=by.pk,
        at=at,
        detail={"of": circulation.kind, "number": circulation.subject_id, "readers": named},
    )
    return named


def mark_read(circulation: Circulation, *, by: Worker, at: datetime) -> None:
    """「読みました」. A second press changes nothing; the first day counts."""
    mark = Reader.objects.select_for_update().filter(circulation=circulation, worker=by).first()
    check_mark(
        ended=circulation.ended_at is not None,
        is_reader=mark is not None,
        read=mark is not None and mark.read_at is not None,
    )
    if mark is not None and mark.read_at is None:
        mark.read_at, mark.lapsed_at = at, None
        mark.save(update_fields=["read_at", "lapsed_at"])
        record("circulation.read", subject_kind=SUBJECT, subject_id=circulation.pk, by=by.pk, at=at)


def let_lapse(circulation: Circulation, *, by: Worker, at: datetime) -> None:
    """The record closed for this reader meanwhile: it leaves their 今日 unread, and whoever asked sees that."""
    Reader.objects.filter(
        circulation=circulation, worker=by, read_at__isnull=True, lapsed_at__isnull=True
    ).update(lapsed_at=at)
    record("circulation.lapsed", subject_kind=SUBJECT, subject_id=circulation.pk, by=by.pk, at=at)


def decide_circulation(
    circulation: Circulation, *, decided_on: date, document_number: str = "", by: Worker, at: datetime
) -> None:
    """決裁: this worker decides it on this day; the number is that of the city's document system. Raises Refused."""
    refuse_my_number(document_number, "文書番号", "document_number")
    locked = Circulation.objects.select_for_update().get(pk=circulation.pk)
    check_decision(
        decided=locked.decided_on is not None,
        decided_on=decided_on,
        asked_on=day_of(locked.asked_at),
        on=day_of(at),
    )
    locked.decided_on, locked.decided_by, locked.document_number = (
        decided_on,
        by,
        document_number.strip()[:60],
    )
    locked.save(update_fields=["decided_on", "decided_by", "document_number"])
    record("circulation.decided", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)


def _named(worker_ids: Iterable[int], by: Worker) -> list[int]:
    named = [pk for pk in dict.fromkeys(worker_ids) if pk != by.pk]
    if not named:
        raise Refused("回す職員を選んでください。自分には回せません。", field="workers")
    return named
