"""Deeds that end where the rows of several modules are visible: taking a merge back, row by row (H12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection, transaction

from tsunagi.cases.actions import say_whose_file
from tsunagi.holding.actions import extend, say_whose
from tsunagi.holding.models import Hold
from tsunagi.intake.actions import say_who
from tsunagi.intake.models import Consultation
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.actions import part_persons
from tsunagi.people.models import Merge
from tsunagi.search.actions import put_due, put_many, take_due, take_out
from tsunagi.search.rules import TextKind
from tsunagi.shared.edges import sentence_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .queries import all_ids, rows_since, texts_of
from .queries.read_back import DayRow, how_it_stands

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


TOLD = "担当の方の記録の統合が、元に戻されました。書いたことが正しい方に残っているか、確かめてください。"


def part(merge: Merge, *, reason: str, belongs: Mapping[str, int], by: Worker, at: datetime) -> Merge:
    """Take a merge back. `belongs` says for every row written after it whose it is: "concern:12" → party.

    Holders on either side are told. Raises Refused when a row was written meanwhile that nobody was asked about, or
    when a row cannot go over yet; then nothing happened.
    """
    if merge.parted_at is not None:
        return merge
    ends = (merge.kept_id, merge.joined_id)
    rows = rows_since(by, merge)
    missing = [row for row in rows if belongs.get(row.key) not in ends]
    if missing:
        raise Refused(
            "統合のあとに書かれた記録が、ほかにもあります。どちらの方のことかを、すべて選んでください。"
        )
    done = part_persons(merge, reason=reason, by=by, at=at)
    for row in rows:
        whose = belongs[row.key]
        if whose == row.party_id:
            continue
        if row.kind == "concern":
            say_whose(row.id, whose, by=by, at=at)
        elif row.kind == "case":
            say_whose_file(row.id, whose, by=by, at=at)
        else:
            say_who(Consultation.objects.get(pk=row.id), whose, by=by, at=at)
    for party_id in ends:
        holders = set(
            Hold.objects.filter(concern__party_id=party_id, closed_at__isnull=True).values_list(
                "worker_id", flat=True
            )
        )
        tell(holders - {by.pk}, TOLD, f"/person/{party_id}/", kind="merge", at=at)
    return done


def read_words() -> int:
    """Read the next texts on the list into the index; returns how many were on it. One transaction for a batch."""
    due = take_due()
    for kind, ids in due.items():
        texts = texts_of(kind, ids)
        take_out(kind, set(ids) - {text.source_id for text in texts})
        put_many(texts)
    return sum(len(ids) for ids in due.values())


def read_everything_anew() -> int:
    """Put every text on the list (a new dictionary, a damaged index); returns how many."""
    count = 0
    for kind in TextKind:
        ids = list(all_ids(kind))
        put_due(kind, ids)
        count += len(ids)
    return count


class _Undo(Exception):
    """The try is over: nothing of it is kept."""


def try_days(rows: Sequence[DayRow], *, by: Worker, at: datetime) -> list[DayRow]:
    """What each row would do: done in a savepoint and undone. A row that would be refused says why."""
    return [row if row.why_not else row.refused(_tried(row, by=by, at=at, keep=False)) for row in rows]


def move_days(rows: Sequence[DayRow], *, by: Worker, at: datetime) -> tuple[int, list[DayRow]]:
    """Move the days in one transaction: how many moved, and the rows that were refused meanwhile, each with its reason."""
    refused = []
    moved = 0
    for row in rows:
        sentence = _tried(row, by=by, at=at, keep=True)
        if sentence:
            refused.append(row.refused(sentence))
        else:
            moved += 1
    record(
        "list.read_back",
        subject_kind="list",
        subject_id=None,
        by=by.pk,
        at=at,
        detail={"moved": moved, "refused": len(refused)},
    )
    return moved, refused


def _tried(row: DayRow, *, by: Worker, at: datetime, keep: bool) -> str:
    def deed() -> None:
        stands = how_it_stands(by, row.hold_id)
        if stands.why_not:
            raise Refused(stands.why_not)
        refuse_my_number(row.words, "ひとこと")
        if row.due_on is None:
            raise Refused("新しい期日が読み取れません。")
        extend(stands.concern_id, due_on=row.due_on, reason=row.words, by=by, at=at)

    return _in_a_savepoint(deed, keep=keep)


def _in_a_savepoint(deed: Callable[[], None], *, keep: bool) -> str:
    try:
        with transaction.atomic():
            deed()
            # The deferred laws speak here, so that a row they refuse takes no other row with it.
            connection.check_constraints()
            if not keep:
                raise _Undo
    except _Undo:
        return ""
    except Refused as refusal:
        return str(refusal)
    except DatabaseError as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        return sentence
    return ""
