"""Tables to take away (書き出し): an Excel with the cover line 取扱注意, and a line in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.queries import main_office_id
from tsunagi.journal.actions import record
from tsunagi.press.sheets import XLSX, Column, workbook
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.workbench.models import TakenAway
from tsunagi.workbench.rules import ListPlace, check_taking_away

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

__all__ = ["XLSX", "note_taken_away", "see_taken_away", "table_to_take_away"]


def table_to_take_away(
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    kind: str,
    title: str,
    filter_words: str,
    by: Worker,
    at: datetime,
    widths: Sequence[float] = (),
) -> bytes:
    """The table as xlsx: first line 取扱注意 with who, when and the filter, then the headers, then the rows.

    Texts stay texts, whatever they begin with: a cell never becomes a formula. Leaves `<kind>` and the number of rows
    in the trail. Protected persons, informants and narrow facets are the caller's to leave out.
    """
    table = list(rows)
    leave_trail(
        "table.taken_away", subject_kind="table", subject_id=None, detail={"kind": kind, "rows": len(table)}
    )
    words = f"取扱注意　{by.name}　{at:%Y-%m-%d %H:%M}　{title}　条件: {filter_words or 'なし'}"
    columns = [
        Column(header, width=widths[place] if place < len(widths) else 18)
        for place, header in enumerate(headers)
    ]
    return workbook(title, words, columns, table, landscape=len(columns) > 8, head="取扱注意")


def note_taken_away(
    place: str,
    *,
    rows: int,
    persons: int,
    others_rows: bool,
    filter_words: str,
    reason: str,
    by: Worker,
    at: datetime,
) -> TakenAway:
    """Write down that a list leaves the office; more than fifty persons and rows of others need a reason. Raises Refused.

    The office's managers see it on their list; nothing of the list itself is kept.
    """
    refuse_my_number(reason, "わけ", "reason")
    check_taking_away(persons=persons, others_rows=others_rows, reason=reason)
    made = TakenAway.objects.create(
        worker=by,
        office_id=main_office_id(by),
        place=ListPlace(place),
        filter_words=filter_words[:200],
        rows=rows,
        persons=persons,
        others_rows=others_rows,
        reason=reason.strip()[:300],
        at=at,
    )
    record(
        "list.taken_away",
        subject_kind="taken_away",
        subject_id=made.pk,
        by=by.pk,
        at=at,
        detail={"of": str(place), "rows": rows, "persons": persons, "others": others_rows},
    )
    return made


def see_taken_away(numbers: Sequence[int], *, by: Worker, at: datetime) -> int:
    """The manager has seen these; the first look counts. The caller has asked whether they are of the manager's offices."""
    return TakenAway.objects.filter(pk__in=list(numbers), seen_at__isnull=True).update(seen_by=by, seen_at=at)
