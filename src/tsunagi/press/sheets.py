"""Excel laid out for A4: a title, a cover line, headers, rows. A text never becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_000


@dataclass(frozen=True)
class Column:
    """A header with its width in letters; `wrap` lets long text run over several lines."""

    header: str
    width: float = 18
    wrap: bool = False


def workbook(
    title: str,
    cover: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    landscape: bool = False,
    head: str = "",
) -> bytes:
    """One sheet as xlsx bytes: line 1 the cover line, line 2 the headers, then the rows; prints on A4 width.

    `head` stands on every printed page.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page: Any = book.active
    page.title = cell_text(title)[:31].translate(str.maketrans("[]:*?/\\", "       ")) or "一覧"
    page.append([cell_text(cover)])
    page.append([cell_text(column.header) for column in columns])
    for row in rows:
        page.append([cell_value(value) for value in row])
    for line in page.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for cell in (page["A1"], *page[2]):
        cell.font = Font(bold=True)
    for place, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
        if column.wrap:
            for (cell,) in page.iter_rows(min_row=3, min_col=place, max_col=place):
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A3"
    page.print_title_rows = "2:2"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if landscape else "portrait"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddHeader.center.text = head or None
    page.oddFooter.center.text = "&P / &N"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell_value(value: Any) -> Any:
    """A value as Excel keeps it: numbers and days as such, everything else as text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)  # Excel knows no time zones; the city has one
    if isinstance(value, date):
        return value
    return cell_text(str(value))


def cell_text(text: str) -> str:
    """The text without what a cell cannot hold, no longer than a cell is."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")[:LONGEST]
