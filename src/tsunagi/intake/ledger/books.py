"""Excel books (.xlsx, .xlsm): the zip is weighed before it is opened, and what openpyxl hides is read beside it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.etree import ElementTree

from tsunagi.shared.excel import RESAVE, damaged, weigh
from tsunagi.shared.refusal import Refused

from .sheets import MAX_COLUMNS, MAX_LINES, MAX_SHEETS, UNREAD_FORMULA, Line, Merge, Sheet

HEADINGS_END = 200  # no heading stands further down
MAX_MERGED_CELLS = 100_000
MAX_MERGES = 50_000
MAX_UNREAD = 100_000  # formulas without a value: beyond this the book was never calculated at all

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_book(data: bytes, name: str) -> list[Sheet]:
    """Bytes of a zip → the sheets of the Excel book in it. Raises Refused."""
    weigh(data)
    import openpyxl  # heavy: only where a book is read

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        if len(book.worksheets) > MAX_SHEETS:
            raise Refused(
                f"シートが{len(book.worksheets)}枚もあります。台帳のシートだけを残して保存してください。"
            )
        shapes = [_shape_of(data, sheet._worksheet_path) for sheet in book.worksheets]
        epoch_1904 = book.epoch.year == 1904
        sheets = [
            Sheet(
                name=sheet.title,
                lines=_reader(data, index, shape),
                hidden=sheet.sheet_state != "visible",
                merges=tuple(shape.merges),
                hidden_rows=frozenset(shape.hidden_rows),
                unread_formulas=len(shape.unread),
                epoch_1904=epoch_1904,
                notes=tuple(_notes(shape)),
                file_name=name,
                merged_from=shape.merged_from(),
            )
            for index, (sheet, shape) in enumerate(zip(book.worksheets, shapes, strict=True))
        ]
        book.close()
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part makes it raise
        raise damaged() from error
    if not sheets:
        raise Refused(
            "表のあるシートがありません(グラフだけのブックかもしれません)。台帳のファイルを選んでください。"
        )
    return sheets


@dataclass
class _Shape:
    """What openpyxl's fast reader does not tell: merges, hidden lines, formulas saved without a value."""

    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: int = 0
    unread: set[tuple[int, int]] = field(default_factory=set)  # (line from 1, column from 0)
    last_filled: int = 0
    widest: int = 0

    def merged_from(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Each covered cell near the top → the cell that holds its text: headings are read by it."""
        covered: dict[tuple[int, int], tuple[int, int]] = {}
        for merge in self.merges:
            for row in range(merge.top, min(merge.bottom, HEADINGS_END) + 1):
                for column in range(merge.left, min(merge.right, MAX_COLUMNS) + 1):
                    if (row, column) != (merge.top, merge.left):
                        covered[row, column] = (merge.top, merge.left)
            if len(covered) > MAX_MERGED_CELLS:
                break
        return covered


def _shape_of(data: bytes, path: str) -> _Shape:
    shape = _Shape()
    with zipfile.ZipFile(io.BytesIO(data)) as parcel, parcel.open(path.lstrip("/")) as stream:
        _walk(stream, shape)
    return shape


def _walk(stream: IO[bytes], shape: _Shape) -> None:
    filled = number = 0
    widest = 0
    has_value = False
    rows: ElementTree.Element | None = None
    # Parts that declare a document type were refused, so nothing can grow while it is read.
    for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # noqa: S314
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            rows = element if tag == "sheetData" else rows
        elif tag == "c":
            if _note_cell(element, shape, number + 1):
                place = _place(element.get("r") or "")
                widest = max(widest, place[1] + 1) if place else MAX_COLUMNS
                has_value = True
            element.clear()
        elif tag == "row":
            number = int(element.get("r") or number + 1)
            if has_value:
                filled += 1
                shape.last_filled = number
                shape.widest = max(shape.widest, widest)
                if element.get("hidden") in ("1", "true"):
                    shape.hidden_rows.add(number)
                if widest > MAX_COLUMNS:
                    raise Refused(
                        f"列が{widest}もあります。台帳の列だけを新しいブックに写して保存してください。"
                    )
                if filled > MAX_LINES:
                    raise Refused("10万行をこえています。年度で分けて保存し、1つずつ取り込んでください。")
            has_value, widest = False, 0
            element.clear()
            if rows is not None and len(rows) > 1000:
                rows.clear()  # a million empty lines with borders must not lie in memory
        elif tag == "mergeCell":
            if len(shape.merges) < MAX_MERGES and (merge := _merge(element.get("ref") or "")):
                shape.merges.append(merge)
        elif tag == "col" and element.get("hidden") in ("1", "true"):
            first, last = int(element.get("min") or 1), int(element.get("max") or 1)
            if last < MAX_COLUMNS:  # everything to the right of the table is often hidden
                shape.hidden_columns += last - first + 1


def _note_cell(cell: ElementTree.Element, shape: _Shape, next_line: int) -> bool:
    """Whether the cell holds something; a formula without a value is noted."""
    value = formula = False
    for child in cell:
        tag = child.tag.rpartition("}")[2]
        if tag in ("v", "t"):
            value = bool(child.text)
        elif tag == "is":
            value = any(part.text for part in child.iter())
        elif tag == "f":
            formula = True
    if formula and not value and cell.get("t") != "str":
        # t="str" with an empty value is a formula that honestly gave an empty text.
        shape.unread.add(_place(cell.get("r") or "") or (next_line, 0))
        if len(shape.unread) > MAX_UNREAD:
            raise Refused(f"計算式ばかりで、値の入っていないブックです。{RESAVE}")
        return True
    return value


def _place(reference: str) -> tuple[int, int] | None:
    parts = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+)", reference)
    if not parts:
        return None
    column = 0
    for letter in parts[1]:
        column = column * 26 + ord(letter) - 64
    return int(parts[2]), column - 1


def _merge(reference: str) -> Merge | None:
    first, _, last = reference.partition(":")
    start, end = _place(first), _place(last or first)
    return Merge(start[0], start[1], end[0], end[1]) if start and end else None


def _notes(shape: _Shape) -> Iterator[str]:
    if shape.hidden_rows:
        yield (
            f"隠れている行(フィルターなど)が{len(shape.hidden_rows)}行あります。台帳の行なら、隠れていても読みます。"
        )
    if shape.hidden_columns:
        yield f"隠れている列が{shape.hidden_columns}列あります。隠れていても読みます。"
    if shape.unread:
        yield (
            f"計算式だけで値の入っていないセルが{len(shape.unread)}個あります。"
            "Excelで開いて保存し直すと、値が入って読めるようになります。"
        )


def _reader(data: bytes, index: int, shape: _Shape) -> Any:
    def lines() -> Iterator[Line]:
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[index]
            sheet.reset_dimensions()  # some programs write <dimension ref="A1"/>, and all but A1 would be lost
            for number, cells in enumerate(
                sheet.iter_rows(max_col=max(shape.widest, 1), max_row=shape.last_filled, values_only=True), 1
            ):
                yield Line(number, _with_unread(number, cells, shape.unread))
        except (Refused, GeneratorExit):
            raise
        except Exception as error:  # a part that is torn in the middle
            raise damaged() from error
        finally:
            book.close()

    return lines


def _with_unread(number: int, cells: tuple[Any, ...], unread: set[tuple[int, int]]) -> tuple[Any, ...]:
    if not unread:
        return cells
    return tuple(
        UNREAD_FORMULA if value is None and (number, column) in unread else value
        for column, value in enumerate(cells)
    )
