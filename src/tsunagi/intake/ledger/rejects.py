"""The rows that could not be stored, as an Excel book to put right and read again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from .headings import Heading
from .rows import Rejected
from .sheets import Cell

REASON = "取り込めなかった理由"
LINE = "元の行"
SHEET = "元のシート"


def rejects_workbook(rejected: Sequence[Rejected], headings: Sequence[Heading]) -> bytes:
    """An .xlsx with the ledger's own headings and cells, and behind them the reason and the old line.

    It reads back with `open_ledger`: the three last columns are known as ours, and a mended row has the identity it
    would have had in the old file. Cells are written as they are, never as formulas.
    """
    import openpyxl  # heavy: only where a book is written
    from openpyxl.styles import Alignment, Font, PatternFill

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "取り込めなかった行"
    width = max([len(headings), *(len(one.cells) for one in rejected)], default=len(headings))
    depth = max((len(heading.path) for heading in headings), default=1) or 1
    for place in range(width):
        path = headings[place].path if place < len(headings) else ()
        for storey, text in enumerate(path):
            # A short path stands below, so that the lowest headings share one line.
            _write(sheet, depth - len(path) + storey + 1, place + 1, text)
    for storey in range(1, depth):
        _merge_equal(sheet, storey, headings)
    for offset, label in enumerate((REASON, LINE, SHEET), 1):
        _write(sheet, depth, width + offset, label)
    for row in sheet.iter_rows(min_row=1, max_row=depth):
        for cell in row:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8F1FE")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for number, one in enumerate(rejected, depth + 1):
        for place, value in enumerate(one.cells, 1):
            _write(sheet, number, place, value)
        _write(sheet, number, width + 1, f"{one.column}: {one.reason}" if one.column else one.reason)
        _write(sheet, number, width + 2, one.line)
        _write(sheet, number, width + 3, one.sheet)
    sheet.freeze_panes = f"A{depth + 1}"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _merge_equal(sheet: Any, storey: int, headings: Sequence[Heading]) -> None:
    start = 0
    while start < len(headings):
        end = start
        text = sheet.cell(storey, start + 1).value
        while text and end + 1 < len(headings) and sheet.cell(storey, end + 2).value == text:
            end += 1
        if text and end > start:
            sheet.merge_cells(start_row=storey, end_row=storey, start_column=start + 1, end_column=end + 1)
        start = end + 1


def _write(sheet: Any, row: int, column: int, value: Cell) -> None:
    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
        cell.data_type = "s"  # 「=…」 stays a text: a cell of ours never calculates
    elif isinstance(value, (bool, int, float, datetime, date, time, timedelta)):
        cell.value = value
