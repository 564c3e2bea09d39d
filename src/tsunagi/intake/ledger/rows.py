"""One line of a ledger → one consultation as written, or why it cannot be stored.

A row is rejected only when nothing could be stored of it: no word in it has a content, or its cells cannot be told
apart. An impossible date, an unknown word, a lost character are no reason: no field of a consultation is required
(H10), so the row is kept, the field stays empty, the words as written stay with the row, and the repair is logged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from tsunagi.shared.names import display_ok
from tsunagi.shared.wareki import PartialDate, age_on

from . import looks
from .cleaning import cleaned
from .endings import Ending, EndingKind, ending_by, heaviness
from .fields import Field, worry_in
from .frames import Frame
from .headings import ColumnReading
from .moments import Moment, age_in, birth_in, clock_in, is_nothing, moment_in
from .numbers import phones_in
from .repairs import Repair, RepairKind, repair
from .responses import caller_in, caller_kind_of, split_response
from .routes import route_of, sex_of, urgency_of
from .sheets import Cell, is_blank
from .tables import DataLine, Table
from .words import as_text, bare, folded
from .worries import OTHER, WORRIES, mark_of, stronger, worries_in


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A consultation as an old ledger tells it. Every field may be empty; `as_written` holds all cells as words."""

    sheet: str
    line: int  # as Excel shows it
    digest: str
    occurrence: int
    number: str = ""
    came_on: date | None = None
    came_partial: PartialDate | None = None  # also when only the month is known
    came_at: time | None = None
    came_near: date | None = (
        None  # when the day is unknown: the day of the row above, else the year's first day
    )
    came_as_written: str = ""
    name: str = ""
    kana: str = ""
    sex: str = ""  # male, female, other
    birth: PartialDate | None = None  # with `ages` when only an age was told
    birth_as_written: str = ""
    postal_code: str = ""
    address: str = ""
    phones: tuple[str, ...] = ()
    mail: str = ""
    caller_kind: str = ""  # intake.rules.CallerKind
    caller_name: str = ""
    relation: str = ""
    caller_phones: tuple[str, ...] = ()
    route: str = ""  # routes.route_of
    anonymous: bool = False
    worries: dict[str, str] = field(default_factory=dict)  # {code: "circle" | "double"}
    worry_words: tuple[str, ...] = ()  # words that name none of the sixteen
    text: str = ""
    response: str = ""
    destination: str = ""
    outcome: str = ""
    ended_on: date | None = None
    ended_as_written: str = ""
    worker: str = ""
    urgency: str = ""  # high, unclear, middle, low
    note: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    as_written: dict[str, str] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be stored: where, why, and its cells (without a 個人番号) to put right."""

    sheet: str
    line: int
    column: str
    reason: str
    cells: tuple[Cell, ...]


def read_row(
    line: DataLine,
    table: Table,
    columns: Sequence[ColumnReading],
    *,
    digest: str = "",
    occurrence: int = 1,
    area_code: str = "",
    clean: tuple[list[Cell], list[Repair]] | None = None,
) -> LedgerRow | Rejected:
    """Read one row by the columns' meanings. Never raises.

    `area_code` (「075」) is the city's, for telephone numbers written without one. `clean` spares cleaning the cells
    twice.
    """
    cells, repairs = clean or cleaned(line, columns)
    cells, shift = _shifted_back(line, table, columns, cells)
    if shift is not None and not shift:
        return Rejected(
            line.sheet,
            line.line,
            columns[-1].label if columns else "",
            "見出しより列が多く、どの文字がどの列か分かりません。文章の中の「,」などを直して取り込み直してください。",
            tuple(cells),
        )
    if reason := _nothing_in(cells, repairs, columns):
        first = next((place for place, cell in enumerate(line.cells) if not is_blank(cell)), 0)
        label = columns[first].label if first < len(columns) else ""
        return Rejected(line.sheet, line.line, label, reason, tuple(cells))
    reading = _Reading(line, table, columns, cells, repairs, area_code)
    if shift:
        reading.note(shift, RepairKind.SHIFTED)
    return reading.row(digest, occurrence)


def ending_of(row: LedgerRow) -> Ending:
    """What the row becomes (終わった記録, 見届け, 棚卸し), why, and how heavy it is."""
    kind, why = ending_by(
        outcome=row.outcome,
        destination=row.destination,
        response=row.response,
        ended_on=row.ended_as_written,
        note=row.note,
    )
    weight = heaviness(
        text=f"{row.text}\n{row.response}\n{row.note}",
        worries=row.worries,
        urgency=row.urgency,
        kind=kind,
        unanswered=kind is EndingKind.STOCKTAKING and bool(re.search(r"不在|連絡", row.outcome)),
    )
    return Ending(kind, why, weight)


def _nothing_in(cells: Sequence[Cell], repairs: Sequence[Repair], columns: Sequence[ColumnReading]) -> str:
    """Why nothing of the row can be stored; empty when something can."""
    kinds = {one.kind for one in repairs}
    told = [
        place
        for place, cell in enumerate(cells)
        if (text := as_text(cell)) and re.search(r"\w", text) and not is_nothing(text) and text != "0"
    ]
    own = {column.index for column in columns if column.field in (Field.NUMBER, Field.OURS)}
    if any(place not in own for place in told) or RepairKind.MY_NUMBER in kinds:
        return ""
    if any(
        mark_of(as_text(cell))
        for place, cell in enumerate(cells)
        if place not in own and isinstance(cell, str)
    ):
        return ""
    if RepairKind.UNREAD_FORMULA in kinds:
        return "計算式だけで値がなく、中身が読めません。元の台帳をExcelで開いて保存し直し、取り込み直してください。"
    if RepairKind.ERROR_VALUE in kinds:
        return "計算の誤り(#REF! など)だけで、中身がありません。元の台帳の式を直して取り込み直してください。"
    return "記号だけで、相談の中身がありません。要らない行なら、そのままで構いません。"


# ---- cells that slid to the right (an unquoted separator inside a text)

_FITS = {
    Field.SEX: looks.is_sex,
    Field.PHONE: looks.is_phone,
    Field.KANA: looks.is_kana,
    Field.RELATION: looks.is_relation,
    Field.CALLER: looks.is_relation,
    Field.POSTAL_CODE: looks.is_postal_code,
    Field.MAIL: looks.is_mail,
}
_MAY_HOLD_SEPARATORS = (Field.TEXT, Field.RESPONSE, Field.NOTE, Field.WORRIES, Field.ADDRESS, Field.EXTRA)


def _shifted_back(
    line: DataLine, table: Table, columns: Sequence[ColumnReading], cells: list[Cell]
) -> tuple[list[Cell], str | None]:
    """(cells, None) when nothing slid; (mended, column mended); (cells, "") when it cannot be told."""
    surplus = len(cells) - max(len(columns), table.record_width)
    if (
        not table.sheet.is_text
        or surplus <= 0
        or not any(not is_blank(cell) for cell in cells[len(columns) :])
    ):
        return cells, None
    best: list[tuple[int, int, list[Cell]]] = []
    for column in columns:
        if column.field not in _MAY_HOLD_SEPARATORS or column.index + surplus >= len(cells):
            continue
        joined = ",".join(as_text(cell) for cell in cells[column.index : column.index + surplus + 1])
        tried = [*cells[: column.index], joined, *cells[column.index + surplus + 1 :]]
        misfits = sum(not _fits(one, tried[one.index] if one.index < len(tried) else None) for one in columns)
        best.append((misfits, _MAY_HOLD_SEPARATORS.index(column.field), tried))
    best.sort(key=lambda one: one[:2])
    if not best or best[0][0]:
        return cells, ""
    place = next(index for index, (old, new) in enumerate(zip(cells, best[0][2], strict=False)) if old != new)
    return best[0][2], columns[place].label if place < len(columns) else columns[-1].label


def _fits(column: ColumnReading, cell: Cell) -> bool:
    if is_blank(cell):
        return True
    text = as_text(cell)
    if column.field in (Field.CAME_ON, Field.ENDED_ON):
        return looks.is_day(cell) or len(text) < 12
    if column.field == Field.BIRTH:
        return looks.is_day(cell) or looks.is_age(text)
    if worry_in(column.field):
        return looks.is_mark(text) or len(text) < 10
    if column.field == Field.WORKER:
        return len(text) <= 15 and "。" not in text
    if column.field == Field.OUTCOME:
        return len(text) <= 30
    test = _FITS.get(column.field)
    return test is None or test(text)


# ---- reading


_ANONYMOUS = re.compile(r"匿名|名乗らず|名乗りなし|名前を言わない")
_HONORIFIC = re.compile(r"(?<=\S\S)(?:様|さま|さん|殿)$")
_HALF_KANA = re.compile(r"[\uff66-\uff9f]+")
_WITH_READING = re.compile(
    r"(?P<name>[^(（\n]+?)\s*(?:[(（](?P<kana>[ァ-ヶー・\s　ぁ-ゖｦ-ﾟ]+)[)）]|\n(?P<below>[ァ-ヶー・\s　ぁ-ゖｦ-ﾟ]+))"
)
_WITH_RELATION = re.compile(r"(?P<name>[^(（]+?)\s*[(（](?P<relation>[^)）]{1,8})[)）]")
_PLAIN_MARKS = frozenset("○〇◯◎")
_ENDED_HEADINGS = frozenset({"終結", "終了", "完了", "済", "終結の有無", "終結有無", "終結済", "完結"})
_FLAG = frozenset({"circle", "double"})


class _Reading:
    """The row while it is being read: cells by field, repairs as they are found."""

    def __init__(
        self,
        line: DataLine,
        table: Table,
        columns: Sequence[ColumnReading],
        cells: list[Cell],
        repairs: list[Repair],
        area_code: str,
    ) -> None:
        self.line = line
        self.area_code = area_code
        self.epoch_1904 = table.sheet.epoch_1904
        self.repairs = repairs
        self.there: dict[Field, list[tuple[ColumnReading, Cell]]] = {}
        self.extra: dict[str, str] = {}
        self.as_written: dict[str, str] = {}
        for place, cell in enumerate(cells):
            if is_blank(cell):
                continue
            if place < len(columns):
                column = columns[place]
                self._keep(self.as_written, column.label, as_text(cell))
                if column.field == Field.EXTRA or column.field == Field.MY_NUMBER:
                    self._keep(self.extra, column.label, as_text(cell))
                else:
                    self.there.setdefault(column.field, []).append((column, cell))
            else:
                label = f"(見出しなし 列{place + 1})"
                self._keep(self.as_written, label, as_text(cell))
                self._keep(self.extra, label, as_text(cell))
                self.note(label, RepairKind.SURPLUS)
        for places, kind in ((line.ditto, RepairKind.DITTO), (line.merged, RepairKind.MERGED)):
            for place in sorted(places):
                self.note(columns[place].label if place < len(columns) else "", kind)
        if line.joined:
            self.note("", RepairKind.JOINED_LINES)
        if line.broken:
            self.note("", RepairKind.BROKEN_QUOTE)

    @staticmethod
    def _keep(shelf: dict[str, str], label: str, text: str) -> None:
        while label in shelf:
            label += "′"
        shelf[label] = text

    def note(self, column: str, kind: RepairKind) -> None:
        self.repairs.append(repair(self.line.sheet, self.line.line, column, kind))

    def cell(self, wanted: Field) -> Cell:
        found = self.there.get(wanted)
        return found[0][1] if found else None

    def label(self, wanted: Field) -> str:
        found = self.there.get(wanted)
        return found[0][0].label if found else ""

    def words(self, wanted: Field) -> str:
        """All cells of a field, as words; of several columns, each under its heading but the first."""
        found = self.there.get(wanted, [])
        texts = [as_text(cell) for _, cell in found]
        if len(texts) < 2:
            return texts[0] if texts else ""
        return "\n".join(
            [
                texts[0],
                *(f"【{one.label}】{text}" for (one, _), text in zip(found[1:], texts[1:], strict=True)),
            ]
        )

    def row(self, digest: str, occurrence: int) -> LedgerRow:
        came = self._came()
        name, kana, relation_by_name = self._name()
        caller_name, relation = self._caller(relation_by_name)
        anonymous = self._anonymous()
        name = "" if _ANONYMOUS.search(name) else name
        caller_name = "" if _ANONYMOUS.search(caller_name) else caller_name
        birth = self._birth(came.day)
        worries, worry_words = self._worries()
        destination, outcome, response = self._response()
        ended = moment_in(self.cell(Field.ENDED_ON), Frame(), epoch_1904=self.epoch_1904)
        if ended.repaired:
            self.note(self.label(Field.ENDED_ON), ended.repaired)
        kind = caller_kind_of(relation)
        return LedgerRow(
            sheet=self.line.sheet,
            line=self.line.line,
            digest=digest,
            occurrence=occurrence,
            number=self.words(Field.NUMBER),
            came_on=came.day,
            came_partial=came.partial,
            came_at=came.at,
            came_as_written=self._came_as_written(),
            name=name,
            kana=kana,
            sex=self._sex(),
            birth=birth,
            birth_as_written=" ".join(
                text for one in (Field.BIRTH, Field.AGE) if (text := as_text(self.cell(one)))
            ),
            postal_code=folded(self.words(Field.POSTAL_CODE)).strip("〒"),
            address=self._unless_nothing(
                " ".join(as_text(cell) for _, cell in self.there.get(Field.ADDRESS, []))
            ),
            phones=self._phones(Field.PHONE),
            mail=folded(self.words(Field.MAIL)),
            caller_kind="anonymous" if anonymous and kind is None else (kind.value if kind else ""),
            caller_name=caller_name,
            relation=relation,
            caller_phones=self._phones(Field.CALLER_PHONE),
            route=self._route(),
            anonymous=anonymous,
            worries=worries,
            worry_words=worry_words,
            text=self.words(Field.TEXT),
            response=response,
            destination=destination,
            outcome=outcome,
            ended_on=ended.day,
            ended_as_written=self._unless_nothing(as_text(self.cell(Field.ENDED_ON))),
            worker=self._unless_nothing(self.words(Field.WORKER)),
            urgency=self._urgency(),
            note=self.words(Field.NOTE),
            extra=self.extra,
            as_written=self.as_written,
            repairs=tuple(self.repairs),
        )

    @staticmethod
    def _unless_nothing(text: str) -> str:
        return "" if is_nothing(text) else text

    # When it came

    def _came(self) -> Moment:
        cell, label = self.cell(Field.CAME_ON), self.label(Field.CAME_ON)
        frame = self.line.frame
        month, day = (
            as_text(self.cell(Field.CAME_MONTH)).rstrip("月"),
            as_text(self.cell(Field.CAME_DAY)).rstrip("日"),
        )
        if is_blank(cell) and month and day:
            year = as_text(self.cell(Field.CAME_YEAR))
            cell, label = (
                f"{year}年{month}月{day}日" if year else f"{month}月{day}日",
                self.label(Field.CAME_MONTH),
            )
        elif is_blank(cell) and day:
            cell, label = f"{day}日", self.label(Field.CAME_DAY)
        elif (
            not is_blank(self.cell(Field.CAME_MONTH))
            and as_text(cell).isdigit()
            and len(as_text(cell)) <= 2
            and month.isdigit()
        ):
            cell = f"{month}月{as_text(cell)}日"
        moment = moment_in(cell, frame, epoch_1904=self.epoch_1904)
        if moment.repaired:
            self.note(label, moment.repaired)
        if moment.at is None and not is_blank(self.cell(Field.CAME_AT)):
            at = clock_in(self.cell(Field.CAME_AT))
            if at is None:
                self.note(self.label(Field.CAME_AT), RepairKind.VAGUE_DATE)
                self._keep(self.extra, self.label(Field.CAME_AT), as_text(self.cell(Field.CAME_AT)))
            moment = Moment(moment.day, moment.partial, at, moment.repaired)
        return moment

    def _came_as_written(self) -> str:
        parts = (Field.CAME_ON, Field.CAME_YEAR, Field.CAME_MONTH, Field.CAME_DAY, Field.CAME_AT)
        return " ".join(text for one in parts if (text := as_text(self.cell(one))))

    # Who it is about

    def _name(self) -> tuple[str, str, str]:
        """(name, kana, relation that stood beside the name)."""
        name = self.words(Field.NAME)
        if not name and (Field.FAMILY_NAME in self.there or Field.GIVEN_NAME in self.there):
            name = f"{self.words(Field.FAMILY_NAME)}　{self.words(Field.GIVEN_NAME)}".strip()
        kana = self.words(Field.KANA)
        if not kana and (Field.FAMILY_KANA in self.there or Field.GIVEN_KANA in self.there):
            kana = f"{self.words(Field.FAMILY_KANA)}　{self.words(Field.GIVEN_KANA)}".strip()
        relation = ""
        label = self.label(Field.NAME)
        if found := _WITH_READING.fullmatch(name):
            name = found["name"].strip()
            kana = kana or (found["kana"] or found["below"]).strip()
            self.note(label, RepairKind.NAME_SPLIT)
        elif (found := _WITH_RELATION.fullmatch(name)) and looks.is_relation(found["relation"]):
            name, relation = found["name"].strip(), found["relation"]
            self.note(label, RepairKind.NAME_SPLIT)
        if _HONORIFIC.search(name):
            name = _HONORIFIC.sub("", name).strip()
            self.note(label, RepairKind.HONORIFIC)
        return self._unless_nothing(display_ok(name)), self._kana(display_ok(kana)), relation

    def _kana(self, kana: str) -> str:
        if is_nothing(kana):
            return ""
        label = self.label(Field.KANA) or self.label(Field.FAMILY_KANA)
        if _HALF_KANA.search(kana):
            kana = _HALF_KANA.sub(lambda found: _wide(found[0]), kana)
            self.note(label, RepairKind.HALF_WIDTH_KANA)
        if re.search(r"[ぁ-ゖ]", kana):
            kana = re.sub(r"[ぁ-ゖ]", lambda found: chr(ord(found[0]) + 0x60), kana)
            self.note(label, RepairKind.HIRAGANA)
        return kana

    def _sex(self) -> str:
        male, female = (
            mark_of(as_text(self.cell(one))) in _FLAG if one in self.there else False
            for one in (Field.SEX_MALE, Field.SEX_FEMALE)
        )
        if male != female:
            return "male" if male else "female"
        text = self.words(Field.SEX)
        if not text:
            return ""
        sex = sex_of(text)
        label = self.label(Field.SEX)
        if sex is None:
            self.note(label, RepairKind.UNKNOWN_WORD)
            self._keep(self.extra, label, text)
        elif sex and text not in ("男", "女", "男性", "女性", "その他"):
            self.note(label, RepairKind.SEX_WORD)
        return sex or ""

    def _birth(self, said_on: date | None) -> PartialDate | None:
        birth, repaired = birth_in(self.cell(Field.BIRTH), said_on=said_on, epoch_1904=self.epoch_1904)
        if repaired:
            self.note(self.label(Field.BIRTH), repaired)
        told = as_text(self.cell(Field.AGE))
        if not told or is_nothing(told):
            return birth
        label = self.label(Field.AGE)
        aged = age_in(self.cell(Field.AGE), said_on)
        if aged is None or aged.ages is None:
            self.note(label, RepairKind.UNKNOWN_WORD)
            self._keep(self.extra, label, told)
        elif birth is None:
            self.note(label, RepairKind.AGE_ONLY)
            return aged
        elif (
            birth.exact
            and said_on
            and not aged.about
            and abs(age_on(birth.exact, said_on) - aged.ages[0]) > 1
        ):
            self.note(label, RepairKind.AGE_DISAGREES)
        return birth

    def _phones(self, wanted: Field) -> tuple[str, ...]:
        found: list[str] = []
        for column, cell in self.there.get(wanted, []):
            text = as_text(cell)
            if is_nothing(text):
                continue
            numbers, rest = phones_in(text, area_code=self.area_code)
            if not numbers:
                self.note(column.label, RepairKind.NO_PHONE)
                self._keep(self.extra, column.label, text)
                continue
            if rest:
                self._keep(self.extra, column.label, text)
            if any(number.lost_zero for number in numbers):
                self.note(column.label, RepairKind.LOST_ZERO)
            if re.search(r"[０-９]", text):
                self.note(column.label, RepairKind.WIDE_FIGURES)
            found += [number.shown for number in numbers]
        return tuple(dict.fromkeys(found))

    # Who came

    def _caller(self, relation_by_name: str) -> tuple[str, str]:
        """(name, relation) of the one who came."""
        name, relation = (
            self._unless_nothing(self.words(Field.CALLER_NAME)),
            self._unless_nothing(self.words(Field.RELATION)),
        )
        if Field.CALLER in self.there:
            words = self._unless_nothing(self.words(Field.CALLER))
            told_relation, told_name = caller_in(words)
            if told_relation and told_name:
                self.note(self.label(Field.CALLER), RepairKind.NAME_SPLIT)
            name, relation = name or told_name, relation or told_relation
        if name and not relation:
            told_relation, told_name = caller_in(name)
            if told_relation:
                name, relation = told_name, told_relation
        return name, relation or relation_by_name

    def _anonymous(self) -> bool:
        told = (Field.NAME, Field.CALLER, Field.CALLER_NAME, Field.RELATION)
        where = next((one for one in told if _ANONYMOUS.search(self.words(one))), None)
        if where is None and Field.ANONYMOUS in self.there:
            text = as_text(self.cell(Field.ANONYMOUS))
            where = Field.ANONYMOUS if mark_of(text) in _FLAG or _ANONYMOUS.search(text) else None
        if where is None:
            return False
        self.note(self.label(where), RepairKind.ANONYMOUS)
        return True

    def _route(self) -> str:
        text = self.words(Field.ROUTE)
        route = route_of(text)
        if text and route is None:
            self._keep(self.extra, self.label(Field.ROUTE), text)
        return route or ""

    def _urgency(self) -> str:
        text = self.words(Field.URGENCY)
        urgency = urgency_of(text)
        if text and urgency is None:
            self.note(self.label(Field.URGENCY), RepairKind.UNKNOWN_WORD)
            self._keep(self.extra, self.label(Field.URGENCY), text)
        return urgency or ""

    # What about

    def _worries(self) -> tuple[dict[str, str], tuple[str, ...]]:
        found: dict[str, str] = {}
        unknown: list[str] = []
        for wanted, cells in self.there.items():
            code = worry_in(wanted)
            for column, cell in cells if code else ():
                text = as_text(cell)
                mark = mark_of(text)
                if mark is None:
                    mark = "circle"
                    self._keep(self.extra, column.label, text)
                    unknown.append(text)
                    self.note(column.label, RepairKind.UNKNOWN_WORD)
                elif mark and text not in _PLAIN_MARKS:
                    self.note(column.label, RepairKind.MARK)
                if mark and code:
                    found[code] = stronger(found.get(code, "circle"), mark)
        for column, cell in self.there.get(Field.WORRIES, []):
            told, words = worries_in(as_text(cell))
            for code, mark in told.items():
                found[code] = stronger(found.get(code, "circle"), mark)
            if len(told) + len(words) > 1:
                self.note(column.label, RepairKind.WORRIES_SPLIT)
            if words:
                self.note(column.label, RepairKind.UNKNOWN_WORD)
                found.setdefault(OTHER, "circle")
                unknown += words
        ordered = {code: found[code] for code in WORRIES if code in found}
        return ordered, tuple(unknown)

    # What became of it

    def _response(self) -> tuple[str, str, str]:
        """(destination, outcome, response)."""
        destination = self._unless_nothing(self.words(Field.DESTINATION))
        outcomes: list[str] = []
        for column, cell in self.there.get(Field.OUTCOME, []):
            text = as_text(cell)
            if (
                bare(column.heading.path[-1] if column.heading.path else "") in _ENDED_HEADINGS
                and mark_of(text) is not None
            ):
                if mark_of(text):
                    outcomes.append("終結")
                    self.note(column.label, RepairKind.MARK)
                continue
            if not is_nothing(text):
                outcomes.append(text)
        outcome = "／".join(dict.fromkeys(outcomes))
        if outcome and not destination:
            place, state, rest = split_response(outcome)
            if place and state and not rest:
                destination, outcome = place, state
                self.note(self.label(Field.OUTCOME), RepairKind.RESPONSE_SPLIT)
        response = self.words(Field.RESPONSE)
        if len(self.there.get(Field.RESPONSE, [])) == 1 and (not outcome or not destination):
            place, state, rest = split_response(response)
            if (not place or not destination) and (not state or not outcome):
                if place and state:
                    self.note(self.label(Field.RESPONSE), RepairKind.RESPONSE_SPLIT)
                destination, outcome, response = destination or place, outcome or state, rest
        return destination, outcome, response


def _wide(kana: str) -> str:
    # A voiced mark without a kana to stand on keeps its own width.
    return unicodedata.normalize("NFKC", kana).replace("\u3099", "゛").replace("\u309a", "゜")
