"""Where in a sheet the ledger stands, and which of its lines are consultations.

A line is a row of the ledger when it is none of these: blank, a total, the heading again, a month's banner, a note,
a number written ahead for a consultation that has not come. Everything set aside is told with its line and reason,
so that rows = stored + rejected can be counted by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from itertools import islice

from tsunagi.shared.refusal import Refused

from . import looks
from .fields import OF_A_CONSULTATION, Field, worry_in
from .frames import Frame, frame_of
from .headings import Confidence, Heading, by_heading
from .my_numbers import holds_my_number
from .sheets import ERRORS, UNREAD_FORMULA, Cell, Line, Sheet, is_blank
from .words import as_text, folded, key
from .worries import mark_of

LOOK_AT_LINES = 120  # a heading further down than this is nobody's heading
DEEPEST_HEADING = 3
LONGEST_MERGE = 100  # lines; a longer one groups a page, it does not fill cells

_TOTAL = re.compile(
    r"(?:\d{1,2}月分?|年間|年度)?(?:合計|総計|小計|総合計|累計|月計|年計|計|総数|件数|合計件数|件数計)"
)
_BANNER = re.compile(
    r"[\[【〔<＜(■◆●○▼◎]*(?:(?:令和|平成|昭和|[rhs])?\.?(?:\d{1,4}|元)年度?)?(?:\d{1,2}月分?|第?\d四半期|上半期|下半期|前期|後期)?"
    r"(?:分|度)?(?:相談)?[\]】〕>＞)]*"
)
_NOTE = re.compile(
    r"(?:※|\*|注[)）:意]|注$|以上$|以下余白|\(?続く|\(?続き|次ページ|p\.?\d+$|\d+/\d+ページ|作成者|作成日|更新日|最終更新|凡例|記入例|【?入力例)"
)
DITTO = frozenset({"〃", "同上", "仝", "″", "”", "“", '"', "〟", "上に同じ", "ditto", "々", "''", "同左"})


@dataclass(frozen=True, slots=True)
class Passed:
    """A line that is no row of the ledger, and why it was not read."""

    sheet: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class DataLine:
    """A row of the ledger as it stands in the file, with what merged cells and 〃 mean filled in."""

    sheet: str
    line: int
    cells: tuple[Cell, ...]
    frame: Frame
    ditto: frozenset[int] = frozenset()
    merged: frozenset[int] = frozenset()
    joined: tuple[int, ...] = ()  # further lines of the sheet that belong to the same merged row
    broken: bool = False


@dataclass(frozen=True)
class Table:
    """The ledger in a sheet: its headings and the lines below them."""

    sheet: Sheet
    headings: tuple[Heading, ...]
    first_heading_line: int
    last_heading_line: int
    titles: tuple[str, ...] = ()
    frame: Frame = field(default_factory=Frame)
    record_width: int = 0  # CSV: cells of a whole record, empty ones at its end included

    def walk(self) -> Iterator[DataLine | Passed]:
        """Every non-blank line below the heading, in order: a row of the ledger, or set aside with the reason."""
        return _walk(self)

    def sample(self, rows: int = 200) -> list[tuple[Cell, ...]]:
        """The cells of the first rows, to tell the columns by."""
        return [
            line.cells for line in islice((one for one in self.walk() if isinstance(one, DataLine)), rows)
        ]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A sheet that was not read, and why."""

    sheet: str
    reason: str


def find_tables(sheets: Sequence[Sheet], only: Sequence[str] = ()) -> tuple[list[Table], list[Skipped]]:
    """The ledgers of a book (one sheet a month is usual) and the sheets left out with the reason.

    `only` names the sheets a worker chose. Raises Refused when no sheet holds a ledger.
    """
    tables: list[Table] = []
    skipped: list[Skipped] = []
    several = len(sheets) > 1
    for sheet in sheets:
        if only and sheet.name not in only:
            skipped.append(Skipped(sheet.name, "選ばれていないシートです。"))
        elif sheet.hidden and several and sheet.name not in only:
            skipped.append(
                Skipped(
                    sheet.name,
                    "隠れているシートです。読むときは、Excelで再表示して保存してから選び直してください。",
                )
            )
        else:
            try:
                tables.append(find_table(sheet))
            except Refused as refusal:
                skipped.append(Skipped(sheet.name, str(refusal)))
    if not tables:
        raise Refused(
            skipped[0].reason
            if len(skipped) == 1
            else "どのシートにも相談の台帳が見つかりません。"
            + " ".join(f"「{one.sheet}」: {one.reason}" for one in skipped[:5])
        )
    return tables, skipped


def find_table(sheet: Sheet) -> Table:
    """Find the ledger in one sheet. Raises Refused when there is none."""
    lines = list(islice((line for line in sheet.lines() if line.number), LOOK_AT_LINES))
    filled = [line for line in lines if any(not is_blank(cell) for cell in line.cells)]
    if not filled:
        if sheet.unread_formulas:
            raise Refused(
                "計算式だけで、値が1つも入っていません。Excelで開いて保存し直してから選んでください。"
            )
        raise Refused("何も書かれていません。")
    if max(len(_trimmed(line.cells)) for line in filled) < 2:
        raise Refused(
            "表になっていません(列が1つしかありません)。見出しのある表の形で保存してから選んでください。"
        )
    block = _best_block(sheet, lines)
    if block is None:
        raise Refused(
            "相談の台帳の見出しが見つかりません。表の上に「受付日」「氏名」「相談内容」などの見出しの行がある表を選んでください。"
        )
    first, last = block
    width, record_width = _width(lines, last), _record_width(sheet, lines, last)
    headings = _headings(sheet, lines[first : last + 1], min(width, record_width) if record_width else width)
    fields = {guess.field for heading in headings if (guess := by_heading(heading))}
    if not fields & OF_A_CONSULTATION and not any(worry_in(one) for one in fields):
        raise Refused("相談の台帳ではなさそうです(受付日・相談内容・結果などの列がありません)。")
    titles = tuple(as_text(cell) for line in lines[:first] for cell in line.cells if not is_blank(cell))
    return Table(
        sheet=sheet,
        headings=headings,
        first_heading_line=lines[first].number,
        last_heading_line=lines[last].number,
        titles=titles,
        frame=frame_of(titles, sheet.name, sheet.file_name),
        record_width=record_width,
    )


# ---- headings


def _best_block(sheet: Sheet, lines: list[Line]) -> tuple[int, int] | None:
    """Places (first, last) in `lines` of the heading: the block whose lowest names are known best."""
    best: tuple[float, int, int] | None = None
    width = max(len(_trimmed(line.cells)) for line in lines)
    for last, line in enumerate(lines):
        if sum(1 for cell in line.cells if not is_blank(cell)) < 2:
            continue
        for depth in range(1, DEEPEST_HEADING + 1):
            first = last - depth + 1
            if first < 0 or not all(_may_be_storey(one) for one in lines[first:last]):
                break
            score = _score(_headings(sheet, lines[first : last + 1], width), line) - 0.4 * (depth - 1)
            if best is None or score > best[0] + 1e-9:
                best = (score, first, last)
    if best is None or best[0] < 1.7:
        return None
    return _with_upper_storey(sheet, lines, best[1]), best[2]


def _may_be_storey(line: Line) -> bool:
    cells = [cell for cell in line.cells if not is_blank(cell)]
    return len(cells) > 1 or (len(cells) == 1 and is_blank(line.cells[0]))


def _score(headings: tuple[Heading, ...], lowest: Line) -> float:
    score = 0.0
    seen: set[Field] = set()
    for heading in headings:
        guess = by_heading(heading)
        if guess is None:
            cell = lowest.cells[heading.index] if heading.index < len(lowest.cells) else None
            score -= 0.7 if _is_value(cell) else 0.0
        elif guess.field in seen:
            score += 0.1
        else:
            seen.add(guess.field)
            score += {Confidence.SURE: 1.0, Confidence.LIKELY: 0.6}.get(guess.confidence, 0.2)
    return score


def _is_value(cell: Cell) -> bool:
    """Something that stands below headings, never among them."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return False
    if not isinstance(cell, str):
        return True
    text = as_text(cell)
    return (
        looks.is_day(cell)
        or looks.is_phone(text)
        or looks.is_age(text)
        or bool(mark_of(text))
        or len(text) > 40
    )


def _with_upper_storey(sheet: Sheet, lines: list[Line], first: int) -> int:
    """Take the line above into the heading when it groups columns; a title bar groups all of them, or none."""
    while first > 0:
        line = lines[first - 1]
        number, width = line.number, max(len(_trimmed(lines[first].cells)), 2)
        groups = [
            merge
            for merge in sheet.merges
            if merge.top == number
            and (merge.bottom > merge.top or 0 < merge.right - merge.left < width - 2)
            and merge.left < width
            and any(not is_blank(cell) for cell in line.cells[merge.left : merge.left + 1])
        ]
        in_text = not sheet.merges and _groups_in_text(line, lines[first])
        if not groups and not in_text:
            break
        first -= 1
    return first


def _groups_in_text(upper: Line, lower: Line) -> bool:
    """CSV has no merged cells: the upper word stands alone over the first column of its group."""
    cells = [(place, as_text(cell)) for place, cell in enumerate(upper.cells) if not is_blank(cell)]
    if not cells or (cells[0][0] == 0 and len(cells) == 1) or any(_is_value(text) for _, text in cells):
        return False
    return any(
        place < len(lower.cells)
        and not is_blank(lower.cells[place])
        and _belongs(Heading(place, (text,)), as_text(lower.cells[place]))
        for place, text in cells
    )


def _belongs(upper: Heading, lower: str) -> bool:
    """Whether an upper word changes or explains what the lower one means."""
    alone, together = by_heading(Heading(0, (lower,))), by_heading(Heading(0, (*upper.path, lower)))
    if together is None:
        return False
    surer = alone is not None and alone.confidence == Confidence.GUESS != together.confidence
    return alone is None or surer or together.field != alone.field or worry_in(together.field) is not None


def _width(lines: list[Line], last: int) -> int:
    """Columns of the table: as far as the heading goes, and as far as anything below it does."""
    return max((len(_trimmed(line.cells)) for line in lines[max(0, last - 1) :]), default=0)


def _record_width(sheet: Sheet, lines: list[Line], last: int) -> int:
    """CSV: how many cells a record has by its heading, or by most of its rows when the heading is the shorter one."""
    if not sheet.is_text:
        return 0
    heading = len(lines[last].cells)
    below = sorted(len(_trimmed(line.cells)) for line in lines[last + 1 :] if line.cells)
    return max(heading, below[len(below) // 2] if len(below) >= 3 else 0)


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return cells[:end]


def _headings(sheet: Sheet, block: list[Line], width: int) -> tuple[Heading, ...]:
    rows = {line.number: line for line in block}
    headings = []
    carried: dict[int, str] = {}
    for column in range(width):
        path: list[str] = []
        lowest = as_text(_at(block[-1], column))
        for line in block:
            text = as_text(_at(line, column))
            if holds_my_number(text):
                text = "(個人番号)"
            if not text and (anchor := sheet.merged_from.get((line.number, column))) and anchor[0] in rows:
                text = as_text(_at(rows[anchor[0]], anchor[1]))
            if line is not block[-1] and not sheet.merges:
                if text:
                    carried[line.number] = text
                elif (
                    lowest and (above := carried.get(line.number)) and _belongs(Heading(0, (above,)), lowest)
                ):
                    text = above
                elif lowest:
                    carried.pop(line.number, None)
            if text and (not path or path[-1] != text):
                path.append(text)
        headings.append(Heading(column, tuple(path)))
    return tuple(headings)


def _at(line: Line, column: int) -> Cell:
    return line.cells[column] if column < len(line.cells) else None


# ---- rows


def _walk(table: Table) -> Iterator[DataLine | Passed]:
    state = _Walk(table)
    for line, torn in _whole_lines(table):
        cells = tuple(_trimmed(line.cells))
        if not cells:
            continue
        if state.goes_on(line):
            state.join(line)
            continue
        yield from state.settled()
        reason = state.no_row(line, cells)
        if reason:
            yield Passed(table.sheet.name, line.number, reason)
        else:
            state.begin(line, cells, torn)
    yield from state.settled()


def _whole_lines(table: Table) -> Iterator[tuple[Line, tuple[int, ...]]]:
    """Lines below the heading. CSV: a record torn by a line break that nobody quoted is put together again."""
    below = (line for line in table.sheet.lines() if line.number > table.last_heading_line)
    first = by_heading(table.headings[0]) if table.headings else None
    if not table.sheet.is_text or first is None or first.field not in (Field.CAME_ON, Field.NUMBER):
        yield from ((line, ()) for line in below)
        return
    whole: Line | None = None
    torn: list[int] = []
    for line in below:
        if whole and _continues(whole, line, table.record_width):
            seam = f"{as_text(whole.cells[-1])}\n{as_text(line.cells[0])}"
            whole = replace(whole, cells=(*whole.cells[:-1], seam, *line.cells[1:]))
            torn.append(line.number)
            continue
        if whole:
            yield whole, tuple(torn)
        whole, torn = line, []
    if whole:
        yield whole, tuple(torn)


def _continues(whole: Line, line: Line, width: int) -> bool:
    """The record above is too short, this one fills it, and it begins with words where a day or a number should be."""
    if (
        not whole.cells
        or not line.cells
        or len(whole.cells) + len(line.cells) - 1 > width
        or len(whole.cells) < 2
    ):
        return False
    begins = as_text(line.cells[0])
    starts_a_row = looks.is_day(begins) or begins.isdigit() or begins in DITTO or not begins
    return (
        not starts_a_row
        and len(begins) > 3
        and not _TOTAL.fullmatch(folded(begins))
        and not _NOTE.match(folded(begins))
    )


class _Walk:
    """What must be remembered between lines: merged cells, the row above for 〃, the month's banner, the total."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.frame = table.frame
        self.pending: DataLine | None = None
        self.above: tuple[Cell, ...] = ()
        self.totalled = False
        self.anchors: dict[tuple[int, int], Cell] = {}
        guesses = {heading.index: guess for heading in table.headings if (guess := by_heading(heading))}
        self.numbers = {
            index for index, guess in guesses.items() if guess.field in (Field.NUMBER, Field.OURS)
        }
        self.names = {
            index for index, guess in guesses.items() if guess.field in (Field.NUMBER, Field.NAME, Field.KANA)
        }
        self.lowest = {
            heading.index: {key(part) for part in heading.path} - {""} for heading in table.headings
        }
        self.downward = {
            (row, merge.left): (merge.top, merge.left)
            for merge in table.sheet.merges
            if merge.top > table.last_heading_line and merge.bottom > merge.top
            for row in range(merge.top + 1, min(merge.bottom, merge.top + LONGEST_MERGE) + 1)
        }

    def settled(self) -> Iterator[DataLine]:
        if self.pending:
            self.above = self.pending.cells
            yield self.pending
            self.pending = None

    def goes_on(self, line: Line) -> bool:
        """The number or the name is merged with the line above: one consultation on two lines."""
        return self.pending is not None and any(
            self.downward.get((line.number, column), (0, 0))[0] in (self.pending.line, *self.pending.joined)
            for column in self.names
        )

    def join(self, line: Line) -> None:
        assert self.pending is not None
        cells = list(self.pending.cells) + [None] * (len(line.cells) - len(self.pending.cells))
        for column, cell in enumerate(line.cells):
            if not is_blank(cell) and as_text(cell) != as_text(cells[column]):
                cells[column] = (
                    cell if is_blank(cells[column]) else f"{as_text(cells[column])}\n{as_text(cell)}"
                )
        self.pending = replace(self.pending, cells=tuple(cells), joined=(*self.pending.joined, line.number))

    def begin(self, line: Line, cells: tuple[Cell, ...], torn: tuple[int, ...] = ()) -> None:
        filled = list(cells)
        ditto, merged = set(), set()
        for column in range(len(self.table.headings)):
            anchor = self.downward.get((line.number, column))
            value = self.anchors.get(anchor) if anchor else None
            if not is_blank(value) and (column >= len(filled) or is_blank(filled[column])):
                filled.extend([None] * (column + 1 - len(filled)))
                filled[column] = value
                merged.add(column)
        for column, cell in enumerate(filled):
            if (
                isinstance(cell, str)
                and cell.strip() in DITTO
                and column < len(self.above)
                and not is_blank(self.above[column])
            ):
                filled[column] = self.above[column]
                ditto.add(column)
            if not is_blank(filled[column]):
                self.anchors[line.number, column] = filled[column]
        if not self.downward:
            self.anchors.clear()
        self.pending = DataLine(
            self.table.sheet.name, line.number, tuple(filled), self.frame, frozenset(ditto), frozenset(merged),
            joined=torn,
            broken=line.broken,
        )  # fmt: skip

    def no_row(self, line: Line, cells: tuple[Cell, ...]) -> str:
        """Why this line is no row of the ledger; empty when it is one."""
        there = [(column, cell) for column, cell in enumerate(cells) if not is_blank(cell)]
        first = folded(as_text(there[0][1]))
        if _TOTAL.fullmatch(first.strip("【】[]()<>-=*")) and all(_is_count(cell) for _, cell in there[1:]):
            self.totalled = True
            return "合計の行"
        if self._repeats_heading(there):
            return "見出しの繰り返し"
        if len(there) == 1 and isinstance(there[0][1], str):
            if re.search(r"\w", first) and _BANNER.fullmatch(first) and not looks.is_day(there[0][1]):
                self.frame = self.table.frame.under(as_text(there[0][1]))
                return "月などの区切り"
            if _NOTE.match(first):
                return "注記"
        told = [(column, cell) for column, cell in there if not _is_left_over(cell)]
        if (
            told
            and all(column in self.numbers for column, _ in told)
            and all(
                not isinstance(cell, str) or cell == UNREAD_FORMULA or len(as_text(cell)) <= 12
                for _, cell in told
            )
        ):
            return "番号だけの行"
        if (
            self.totalled
            and len(there) <= 3
            and all(_is_count(cell) for _, cell in there[1:])
            and not looks.is_day(there[0][1])
        ):
            return "合計より下の、件数の表"
        return ""

    def _repeats_heading(self, there: list[tuple[int, Cell]]) -> bool:
        same = sum(1 for column, cell in there if key(as_text(cell)) in self.lowest.get(column, ()))
        return (len(there) >= 2 and same >= 2 and same >= 0.6 * len(there)) or (
            len(there) == 1 and same == 1 and _is_long_label(there)
        )


def _is_long_label(there: list[tuple[int, Cell]]) -> bool:
    """A lone upper heading (「困りごと(○あり ◎最も)」) again; a lone 「本人」 or 「その他」 may be a value."""
    return len(as_text(there[0][1])) >= 8


def _is_left_over(cell: Cell) -> bool:
    """What formulas leave in a line written ahead: 0, 0:00, #VALUE!"""
    return cell in (0, time(0)) or (isinstance(cell, str) and cell in ERRORS)


def _is_count(cell: Cell) -> bool:
    if cell == UNREAD_FORMULA or (isinstance(cell, (int, float)) and not isinstance(cell, bool)):
        return True
    text = folded(as_text(cell))
    return (
        looks.is_figure(text)
        or bool(re.fullmatch(r"(?:うち)?[^\d]{0,6}\d+(?:件|人|名|世帯|回)?", text))
        or text in ("-", "#ref!")
    )
