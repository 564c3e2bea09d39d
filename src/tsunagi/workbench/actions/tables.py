"""Tables to take away (書き出し): an Excel with the cover line 取扱注意, and a line in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tsunagi.press.sheets import XLSX, Column, workbook
from tsunagi.shared.edges import leave_trail

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

__all__ = ["XLSX", "table_to_take_away"]


def table_to_take_away(
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    kind: str,
    title: str,
    filter_words: str,
    by: Worker,
    at: datetime,
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
    return workbook(title, words, [Column(header) for header in headers], table, head="取扱注意")
