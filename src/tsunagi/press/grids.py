"""Excel that looks like a form: boxes side by side over the width of an A4, to be printed or filled on the screen.

A box has its label in a line of its own and its value below, so that what is typed over a value leaves the label alone.
A text never becomes a formula.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from .sheets import cell_text

COLUMNS = 48
_LETTERS = {False: 94.0, True: 138.0}  # letters of half width that fit an A4, upright and flipped
_LINE = 13.5  # points of a line of text
_HIGHEST = 390.0  # a row of Excel is never higher than 409 points


@dataclass(frozen=True)
class Box:
    """A box `wide` of 48 columns. `heavy`: in a bold frame; `lines`: room at least; `plain`: without a frame."""

    text: str
    wide: int
    label: str = ""
    heavy: bool = False
    lines: int = 1
    grey: bool = False
    plain: bool = False
    size: float = 9.5


@dataclass(frozen=True)
class Picture:
    """A PNG over the whole width, `tall` millimetres high."""

    png: bytes
    tall: int


@dataclass(frozen=True)
class Page:
    """One worksheet: lines of boxes, and pictures, from above."""

    title: str
    lines: tuple[tuple[Box, ...] | Picture, ...]


def form_book(pages: Sequence[Page], *, landscape: bool = False, head: str = "", foot: str = "") -> bytes:
    """The pages as xlsx bytes; `head` and `foot` stand on every printed sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    names: set[str] = set()
    for page in pages:
        sheet: Any = book.create_sheet(_named(page.title, names))
        _set_up(sheet, landscape, head, foot)
        at = 1
        for line in page.lines:
            at = (
                _drawn(sheet, line, at, landscape)
                if isinstance(line, Picture)
                else _line(sheet, line, at, landscape)
            )
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _named(title: str, names: set[str]) -> str:
    plain = cell_text(title).translate(str.maketrans("[]:*?/\\", "       "))[:28] or "票"
    name, count = plain, 2
    while name in names:
        name, count = f"{plain} {count}", count + 1
    names.add(name)
    return name


def _set_up(sheet: Any, landscape: bool, head: str, foot: str) -> None:
    from openpyxl.utils import get_column_letter

    for column in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _LETTERS[landscape] / COLUMNS
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    sheet.sheet_view.showGridLines = False
    sheet.oddHeader.right.text = _marked(head)
    sheet.oddFooter.left.text = _marked(foot)
    sheet.oddFooter.right.text = "&P / &N"


def _marked(text: str) -> str | None:
    """A header's text: & is Excel's own sign there."""
    return cell_text(text).replace("&", "＆")[:250] or None


def _line(sheet: Any, boxes: tuple[Box, ...], at: int, landscape: bool) -> int:
    """Draw boxes side by side from row `at`: labels, then values; the row after them."""
    labelled = any(box.label for box in boxes)
    per_letter = _LETTERS[landscape] / COLUMNS
    parts = [_pieces(box, per_letter) for box in boxes]
    count = max(len(pieces) for pieces in parts)
    first = at
    if labelled:
        column = 1
        for box in boxes:
            _put(sheet, at, column, box.wide, box.label, size=7.5, grey=True)
            column += box.wide
        sheet.row_dimensions[at].height = 11
        at += 1
    for piece in range(count):
        column, high = 1, 0
        for box, pieces in zip(boxes, parts, strict=True):
            text, lines = pieces[piece] if piece < len(pieces) else ("", 1)
            _put(sheet, at, column, box.wide, text, size=box.size, grey=box.grey)
            high = max(high, lines)
            column += box.wide
        sheet.row_dimensions[at].height = min(_HIGHEST, 4 + high * _LINE)
        at += 1
    column = 1
    for box in boxes:
        if not box.plain:
            _frame(sheet, first, at - 1, column, column + box.wide - 1, heavy=box.heavy)
        column += box.wide
    return at


def _put(sheet: Any, row: int, column: int, wide: int, text: str, *, size: float, grey: bool) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    if wide > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + wide - 1)
    cell = sheet.cell(row=row, column=column)
    cell.value = cell_text(text) or None
    if isinstance(cell.value, str):
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(name="ＭＳ ゴシック", size=size)
    if grey:
        for place in range(column, column + wide):
            sheet.cell(row=row, column=place).fill = PatternFill("solid", fgColor="F0F0F0")


def _frame(sheet: Any, top: int, bottom: int, left: int, right: int, *, heavy: bool) -> None:
    """A frame around merged cells; a bold one is never thinned by a neighbour drawn later."""
    from openpyxl.styles import Border, Side

    line = Side(style="medium" if heavy else "thin")
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if row not in (top, bottom) and column not in (left, right):
                continue
            cell = sheet.cell(row=row, column=column)
            kept = cell.border
            cell.border = Border(
                left=_heavier(kept.left, line) if column == left else kept.left,
                right=_heavier(kept.right, line) if column == right else kept.right,
                top=_heavier(kept.top, line) if row == top else kept.top,
                bottom=_heavier(kept.bottom, line) if row == bottom else kept.bottom,
            )


def _heavier(kept: Any, line: Any) -> Any:
    return kept if kept is not None and kept.style == "medium" else line


def _pieces(box: Box, per_letter: float) -> list[tuple[str, int]]:
    """The text in pieces that fit the highest row, each with its number of lines."""
    fit = max(2.0, box.wide * per_letter * 9.5 / box.size - 1)
    most = int(_HIGHEST // _LINE) - 1
    pieces: list[tuple[str, int]] = []
    kept: list[str] = []
    high = 0
    for part, lines in _parts(cell_text(box.text), fit, most):
        if kept and high + lines > most:
            pieces.append(("\n".join(kept), high))
            kept, high = [], 0
        kept.append(part)
        high += lines
    pieces.append(("\n".join(kept), high))
    text, lines = pieces[-1]
    pieces[-1] = (text, max(lines, box.lines))
    return pieces


def _parts(text: str, fit: float, most: int) -> Iterator[tuple[str, int]]:
    """Lines as typed, with how high each stands; one that is higher than a row is cut where the row ends."""
    for line in text.split("\n"):
        rest = line
        while _width(rest) > fit * most:
            cut = int(fit * most // 2)
            yield rest[:cut], most
            rest = rest[cut:]
        yield rest, max(1, math.ceil(_width(rest) / fit))


def _width(text: str) -> float:
    return sum(2.0 if unicodedata.east_asian_width(letter) in "WFA" else 1.0 for letter in text)


def _drawn(sheet: Any, picture: Picture, at: int, landscape: bool) -> int:
    from openpyxl.drawing.image import Image

    tall = picture.tall * 72 / 25.4
    rows = max(1, math.ceil(tall / 60))
    for row in range(at, at + rows):
        sheet.row_dimensions[row].height = tall / rows
    drawn: Any = Image(BytesIO(picture.png))
    widest = _LETTERS[landscape] * 7.2
    scale = min(widest / drawn.width, tall * 96 / 72 / drawn.height)
    drawn.width, drawn.height = drawn.width * scale, drawn.height * scale
    sheet.add_image(drawn, f"A{at}")
    _frame(sheet, at, at + rows - 1, 1, COLUMNS, heavy=False)
    return at + rows
