"""What a file holds once it is opened: sheets of numbered lines of cells, before anybody asks what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None

# A file may be handed over whole by a browser; beyond these it is refused before it is opened.
MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_ROWS = 100_000
MAX_LINES = MAX_ROWS + 50  # titles and headings stand above the rows
MAX_COLUMNS = 500
MAX_SHEETS = 200

# What stands in a cell whose formula was saved without its value: there is something, and nobody can read it.
UNREAD_FORMULA = "\x00formula"
ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet; `number` counts from 1 as Excel shows it."""

    number: int
    cells: tuple[Cell, ...]
    broken: bool = False  # CSV: a quote was never closed here, the cells were cut at every separator


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, borders included, counted from 1 (rows) and from 0 (columns)."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. `lines()` reads it from the start each time, so that a long file never lies in memory as objects."""

    name: str
    lines: Callable[[], Iterator[Line]] = field(repr=False)
    hidden: bool = False
    is_text: bool = False  # CSV or TSV: every cell is text, a surplus cell means a separator inside a text
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    unread_formulas: int = 0
    epoch_1904: bool = False
    notes: tuple[str, ...] = ()
    file_name: str = ""
    merged_from: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict, repr=False)


def is_blank(cell: Cell) -> bool:
    """Nothing, only white space (full-width too), or a box that was not ticked."""
    return cell is None or cell is False or (isinstance(cell, str) and not cell.strip())
