"""Tables to take away (書き出し): an Excel with the cover line 取扱注意, and a line in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from tsunagi.shared.edges import leave_trail

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    page.title = _clean(title)[:31].translate(str.maketrans("[]:*?/\\", "       ")) or "一覧"
    words = f"取扱注意　{by.name}　{at:%Y-%m-%d %H:%M}　{title}　条件: {filter_words or 'なし'}"
    page.append([_clean(words)])
    page["A1"].font = Font(bold=True)
    page.append([_clean(header) for header in headers])
    count = 0
    for row in rows:
        page.append([_cell(value) for value in row])
        count += 1
    for line in page.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for cell in page[2]:
        cell.font = Font(bold=True)
    page.freeze_panes = "A3"
    for place in range(1, len(headers) + 1):
        page.column_dimensions[get_column_letter(place)].width = 18
    page.oddHeader.center.text = "取扱注意"
    leave_trail(
        "table.taken_away", subject_kind="table", subject_id=None, detail={"kind": kind, "rows": count}
    )
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # Excel knows no time zones; the city has one
    if isinstance(value, date):
        return value
    return _clean(str(value))


def _clean(text: str) -> str:
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")[:32_000]
