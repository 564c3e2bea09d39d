"""Cells made safe before anybody reads them: no 個人番号, no invisible characters, no formula leftovers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tsunagi.shared import my_number
from tsunagi.shared.names import may_be_name_lost

from .fields import Field
from .headings import ColumnReading
from .my_numbers import holds_my_number
from .repairs import Repair, RepairKind, repair
from .sheets import ERRORS, UNREAD_FORMULA, Cell
from .tables import DataLine
from .words import as_text

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufffe\uffff]|[\ud800-\udfff]"
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOST = re.compile(r"[〓\ufffd\ue000-\uf8ff]")
# In prose a question mark is a question mark, unless it stands where only a letter can: before or between kanji.
_LOST_MARK_IN_PROSE = re.compile(r"(?:^|(?<=[一-鿿]))\?(?=[一-鿿])")
_NAMES = frozenset(
    {
        Field.NAME,
        Field.FAMILY_NAME,
        Field.GIVEN_NAME,
        Field.KANA,
        Field.ADDRESS,
        Field.WORKER,
        Field.CALLER_NAME,
        Field.CALLER,
    }
)


def cleaned(line: DataLine, columns: Sequence[ColumnReading]) -> tuple[list[Cell], list[Repair]]:
    """The cells of a row without what must not be kept, and what was done to them."""
    cells: list[Cell] = []
    repairs: list[Repair] = []
    for place, cell in enumerate(line.cells):
        if cell is None:
            cells.append(None)
            continue
        column = columns[place] if place < len(columns) else None
        kept, kinds = _clean(cell, column.field if column else Field.EXTRA)
        cells.append(kept)
        label = column.label if column else f"(見出しなし 列{place + 1})"
        repairs += [repair(line.sheet, line.line, label, kind) for kind in kinds]
    return cells, repairs


def _clean(cell: Cell, field: Field) -> tuple[Cell, list[RepairKind]]:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        figures = as_text(cell)
        # Excel eats the leading zero of a number: eleven figures under this heading are twelve.
        if (field == Field.MY_NUMBER and len(figures) >= 4) or (
            len(figures) == 12 and my_number.find(figures) is not None
        ):
            return None, [RepairKind.MY_NUMBER]
        return cell, []
    if not isinstance(cell, str):
        return cell, []
    if cell == UNREAD_FORMULA:
        return None, [RepairKind.UNREAD_FORMULA]
    if cell in ERRORS:
        return None, [RepairKind.ERROR_VALUE]
    kinds: list[RepairKind] = []
    text = cell
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
        kinds.append(RepairKind.CONTROL_CHARACTER)
    if (field == Field.MY_NUMBER and sum(map(str.isdigit, text)) >= 4) or holds_my_number(text):
        return None, [*kinds, RepairKind.MY_NUMBER]
    if _lost_letters(text, field):
        kinds.append(RepairKind.LOST_CHARACTER)
    return text, kinds


def _lost_letters(text: str, field: Field) -> bool:
    if field in _NAMES:
        return may_be_name_lost(text) and bool(re.search(r"\w", text))
    return bool(_LOST.search(text)) or ("?" in text and bool(_LOST_MARK_IN_PROSE.search(text)))
