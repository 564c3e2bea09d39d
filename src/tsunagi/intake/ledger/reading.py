"""A whole ledger, from the file to its rows and the preview of what an import would store."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .cleaning import cleaned
from .endings import EndingKind
from .fields import Field
from .files import read_tables
from .headings import ColumnReading, map_columns
from .identities import Occurrences, digest_of, names_of
from .repairs import Repair, RepairKind
from .rows import LedgerRow, Rejected, ending_of, read_row
from .tables import DataLine, Passed, Skipped, Table, find_tables
from .words import key


@dataclass(frozen=True)
class Part:
    """One table of the file with the readings of its columns."""

    table: Table
    columns: tuple[ColumnReading, ...]


@dataclass(frozen=True)
class Ledger:
    """An opened ledger: its tables, how their columns are read, what was left out."""

    parts: tuple[Part, ...]
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    area_code: str = ""

    @property
    def columns(self) -> tuple[ColumnReading, ...]:
        """The columns of the first table, which stand for all sheets of the same form."""
        return self.parts[0].columns

    def rows(self) -> Iterator[LedgerRow | Rejected]:
        """Every row of the ledger, stored or rejected, in the file's order. Reads the file anew each time."""
        return (one for one in self.lines() if not isinstance(one, Passed))

    def lines(self) -> Iterator[LedgerRow | Rejected | Passed]:
        """As `rows`, with the lines that are no rows and why."""
        counted = Occurrences()
        for part in self.parts:
            names = names_of(part.table.headings)
            near = part.table.frame.first_day
            for line in part.table.walk():
                if isinstance(line, Passed):
                    yield line
                    continue
                clean = cleaned(line, part.columns)
                digest = digest_of(names, clean[0])
                row = read_row(
                    line,
                    part.table,
                    part.columns,
                    digest=digest,
                    occurrence=counted.of(digest),
                    area_code=self.area_code,
                    clean=clean,
                )
                if isinstance(row, LedgerRow):
                    if row.came_on is None:
                        told = row.came_partial.earliest if row.came_partial else None
                        row = replace(row, came_near=told or near)
                    near = row.came_on or near
                yield row


@dataclass(frozen=True)
class Summary:
    """What an import would do, for the preview. rows == stored + rejected, always."""

    rows: int
    stored: int
    rejected: tuple[Rejected, ...]
    first_rows: tuple[LedgerRow, ...]
    columns: tuple[ColumnReading, ...]
    repairs: Mapping[RepairKind, int]
    endings: Mapping[EndingKind, int]
    passed: Mapping[str, int]
    passed_lines: tuple[Passed, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    worth_a_look: tuple[Repair, ...] = field(default=(), repr=False)

    def figures(self) -> dict[str, int | dict[str, int]]:
        """The counts alone, without a word of anybody's: for the command line, the journal, the import's record."""
        return {
            "rows": self.rows,
            "stored": self.stored,
            "rejected": len(self.rejected),
            "endings": {kind.value: count for kind, count in self.endings.items()},
            "repairs": {kind.value: count for kind, count in self.repairs.items()},
            "passed": dict(self.passed),
        }


# Repairs a clerk should look at one by one; the others are only counted.
_WORTH_A_LOOK = frozenset(
    {
        RepairKind.MY_NUMBER,
        RepairKind.LOST_CHARACTER,
        RepairKind.IMPOSSIBLE_DATE,
        RepairKind.VAGUE_DATE,
        RepairKind.MISREAD_ERA,
        RepairKind.OUTSIDE_YEAR,
        RepairKind.AGE_DISAGREES,
        RepairKind.SHIFTED,
        RepairKind.BROKEN_QUOTE,
        RepairKind.UNREAD_FORMULA,
    }
)
LISTED = 500  # lines listed in a preview; beyond that the counts tell


def open_ledger(
    source: str | Path | bytes,
    filename: str = "",
    *,
    overrides: Mapping[int, Field | str] | None = None,
    only: Sequence[str] = (),
    area_code: str = "",
) -> Ledger:
    """Open a file, find its ledgers and read their columns.

    `overrides`: a worker's corrections for the first table, column index → field; other sheets follow where a
    column has the same heading. `only`: the names of the sheets to read. `area_code`: the city's 市外局番, for
    numbers written without one. Raises Refused with a sentence.
    """
    sheets = read_tables(source, filename)
    tables, skipped = find_tables(sheets, only)
    corrections = {index: Field(name) for index, name in (overrides or {}).items()}
    by_name = {
        key(table_heading.label): corrections[table_heading.index]
        for table_heading in tables[0].headings
        if table_heading.index in corrections
    }
    parts = []
    for place, table in enumerate(tables):
        mine = (
            corrections
            if place == 0
            else {one.index: by_name[key(one.label)] for one in table.headings if key(one.label) in by_name}
        )
        parts.append(Part(table, tuple(map_columns(table.headings, table.sample(), mine))))
    parts, copies = _without_copies(parts)
    notes = [
        f"「{part.table.sheet.name}」: {note}" if len(sheets) > 1 else note
        for part in parts
        for note in part.table.sheet.notes
    ]
    return Ledger(tuple(parts), (*skipped, *copies), tuple(notes), area_code)


_NAMED_A_COPY = re.compile(r"[(（]\d+[)）]$|コピー|写し|控え|バックアップ|backup|copy", re.IGNORECASE)


def _without_copies(parts: list[Part]) -> tuple[list[Part], list[Skipped]]:
    """A sheet whose every row stands in an earlier sheet is somebody's safety copy, not more consultations."""
    if len(parts) < 2:
        return parts, []
    kept: list[tuple[Part, Counter[str]]] = []
    copies: list[Skipped] = []
    for part in parts:
        names = names_of(part.table.headings)
        digests = Counter(
            digest_of(names, cleaned(line, part.columns)[0])
            for line in part.table.walk()
            if isinstance(line, DataLine)
        )
        least = 1 if _NAMED_A_COPY.search(part.table.sheet.name) else 3
        original = next((one for one, theirs in kept if digests.total() >= least and digests <= theirs), None)
        if original:
            copies.append(
                Skipped(
                    part.table.sheet.name,
                    f"すべての行が「{original.table.sheet.name}」にもあるので、写しとみて読みません。",
                )
            )
        else:
            kept.append((part, digests))
    return [part for part, _ in kept], copies


def summarise(ledger: Ledger, first: int = 20) -> Summary:
    """Read the whole ledger once and count."""
    rejected: list[Rejected] = []
    first_rows: list[LedgerRow] = []
    passed_lines: list[Passed] = []
    look: list[Repair] = []
    repairs: Counter[RepairKind] = Counter()
    endings: Counter[EndingKind] = Counter(dict.fromkeys(EndingKind, 0))
    passed: Counter[str] = Counter()
    stored = 0
    for one in ledger.lines():
        if isinstance(one, Passed):
            passed[one.reason] += 1
            if len(passed_lines) < LISTED:
                passed_lines.append(one)
        elif isinstance(one, Rejected):
            rejected.append(one)
        else:
            stored += 1
            if len(first_rows) < first:
                first_rows.append(one)
            repairs.update(each.kind for each in one.repairs)
            if len(look) < LISTED:
                look += [each for each in one.repairs if each.kind in _WORTH_A_LOOK]
            endings[ending_of(one).kind] += 1
    return Summary(
        rows=stored + len(rejected),
        stored=stored,
        rejected=tuple(rejected),
        first_rows=tuple(first_rows),
        columns=ledger.columns,
        repairs=dict(repairs.most_common()),
        endings=dict(endings),
        passed=dict(passed),
        passed_lines=tuple(passed_lines),
        skipped=ledger.skipped,
        notes=ledger.notes,
        worth_a_look=tuple(look),
    )
