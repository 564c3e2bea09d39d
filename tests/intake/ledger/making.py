"""Ledgers made by hand for the tests: books and texts of other towns, broken ones among them. Everybody is invented."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl

from tsunagi.intake.ledger.reading import Ledger, open_ledger
from tsunagi.intake.ledger.rows import LedgerRow, Rejected
from tsunagi.shared.my_number import check_digit

DATA = Path(__file__).parents[2] / "data"
R5 = DATA / "soudan-uketsukebo-R5.xlsx"
R4 = DATA / "soudan-R4.csv"


def clock(*parts: int) -> datetime:
    """A day and hour as a cell holds it: without a zone."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


def a_book(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    merges: Mapping[str, Sequence[str]] | None = None,
    hidden: Iterable[str] = (),
) -> bytes:
    """An .xlsx of these sheets: name → rows of cells."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for merge in (merges or {}).get(name, ()):
            sheet.merge_cells(merge)
        if name in hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def a_text(
    rows: Sequence[Sequence[str]], separator: str = ",", encoding: str = "utf-8", newline: str = "\r\n"
) -> bytes:
    """A CSV of these rows; cells are quoted where they must be."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            needs = any(letter in cell for letter in (separator, '"', "\n", "\r"))
            cells.append('"' + cell.replace('"', '""') + '"' if needs else cell)
        lines.append(separator.join(cells))
    return (newline.join(lines) + newline).encode(encoding)


def with_part(book: bytes, name: str, change: Any) -> bytes:
    """The book with one part of its zip changed by `change(bytes) -> bytes`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if part.filename == name else data)
    return out.getvalue()


def a_my_number(first_eleven: str = "12345678901") -> str:
    """Twelve figures with a valid check digit. Made up."""
    return first_eleven + str(check_digit(first_eleven))


def read(
    data: bytes | Path, name: str = "台帳.xlsx", **choices: Any
) -> tuple[Ledger, list[LedgerRow], list[Rejected]]:
    """(ledger, stored rows, rejected rows)."""
    ledger = open_ledger(data, name if isinstance(data, bytes) else "", **choices)
    rows = list(ledger.rows())
    return (
        ledger,
        [row for row in rows if isinstance(row, LedgerRow)],
        [row for row in rows if isinstance(row, Rejected)],
    )


def only_row(data: bytes, name: str = "台帳.csv", **choices: Any) -> LedgerRow:
    """The one row of a ledger with one row."""
    _, stored, rejected = read(data, name, **choices)
    assert len(stored) == 1, (stored, rejected)
    return stored[0]


def a_row(**cells: str) -> LedgerRow:
    """The row a ledger of one line gives: heading → cell."""
    cells = {"受付日": "R5.6.1", "相談内容": "眠れない。"} | cells
    return only_row(a_text([list(cells), list(cells.values())]))


def kinds(row: LedgerRow) -> set[str]:
    return {repair.kind.value for repair in row.repairs}


def field_of(ledger: Ledger, label: str) -> str:
    return next(column.field.value for column in ledger.columns if re.sub(r"\s", "", column.label) == label)
