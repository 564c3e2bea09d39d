"""New days from a table that was filled in elsewhere: tried and undone for the preview, then moved in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection, transaction

from tsunagi.desk.queries.read_back import DayRow, how_it_stands
from tsunagi.holding.actions import extend
from tsunagi.journal.actions import record
from tsunagi.shared.edges import sentence_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


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
