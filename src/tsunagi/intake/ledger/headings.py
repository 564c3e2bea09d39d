"""What each column means: by its heading, its upper heading, its neighbours and what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from tsunagi.shared.labels import Labelled

from . import looks
from .aliases import PLAIN_WORDS, field_by_piece, field_named, field_under
from .fields import SEVERAL, Field, field_of_worry, worry_in
from .my_numbers import holds_my_number
from .sheets import UNREAD_FORMULA, Cell
from .words import as_text, bare, folded, key
from .worries import worries_in, worry_of

FEW = 3  # cells below a heading that may overrule what it says


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: from the upper storey to the lower. `index` counts from 0."""

    index: int
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        """As shown: 「電話 › 携帯」, 「(見出しなし 列14)」."""
        return _label(self.path) or f"(見出しなし 列{self.index + 1})"

    @property
    def key(self) -> str:
        """The lowest heading, folded; the same column keeps it wherever it stands."""
        return key(self.path[-1]) if self.path else ""


@lru_cache(maxsize=1024)
def _label(path: tuple[str, ...]) -> str:
    return " › ".join(" ".join(part.split()) for part in path)


class Confidence(Labelled):
    """How sure the reading of a column is."""

    CHOSEN = "chosen", "職員が選んだ"
    SURE = "sure", "確か"
    LIKELY = "likely", "おそらく"
    GUESS = "guess", "推測"
    KEPT = "kept", "文字のまま残す"


_RANK = {
    Confidence.CHOSEN: 0,
    Confidence.SURE: 1,
    Confidence.LIKELY: 2,
    Confidence.GUESS: 3,
    Confidence.KEPT: 4,
}


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """How one column is read, how sure that is, and why, in a sentence for the worker who may correct it."""

    index: int
    heading: Heading
    field: Field
    confidence: Confidence
    why: str
    samples: tuple[str, ...] = ()
    filled: int = 0  # of the rows looked at

    @property
    def label(self) -> str:
        """The heading as shown."""
        return self.heading.label


@dataclass(frozen=True, slots=True)
class _Guess:
    field: Field
    confidence: Confidence
    why: str


def by_heading(heading: Heading) -> _Guess | None:
    """What the heading alone says, or None. `Confidence.GUESS` marks a name that needs company to be believed."""
    return _by_path(heading.path) if heading.path else None


@lru_cache(maxsize=4096)
def _by_path(path: tuple[str, ...]) -> _Guess | None:
    heading = Heading(0, path)
    child, parents = path[-1], path[:-1]
    if "〒" in child and len(folded(child)) <= 2:
        return _Guess(Field.POSTAL_CODE, Confidence.SURE, "見出し「〒」")
    shown = f"見出し「{heading.label}」"
    names = dict.fromkeys([key(child), bare(child)])
    for parent in map(key, reversed(parents)):
        for name in names:
            if field := field_under(parent, name):
                return _Guess(field, Confidence.SURE, shown)
    if parents:
        own = field_named(key(child))
        if (found := field_named(key("".join(path)))) and (
            key(child) in PLAIN_WORDS or own is None or not own[1]
        ):
            return _Guess(found[0], Confidence.SURE, shown)
        if any(_names_worries(parent) for parent in parents) and (worry := worry_of(child)):
            return _Guess(field_of_worry(worry[0]), Confidence.SURE, shown)
    weak: _Guess | None = None
    for name in names:
        if found := field_named(name):
            if found[1]:
                return _Guess(found[0], Confidence.SURE, shown)
            weak = weak or _Guess(found[0], Confidence.GUESS, shown)
    if worry := worry_of(child):
        guess = _Guess(field_of_worry(worry[0]), Confidence.SURE if worry[1] else Confidence.GUESS, shown)
        return guess if worry[1] or weak is None else weak
    if weak:
        return weak
    # 「①受付日」「相談_氏名」: numbers before and prefixes on all columns say nothing.
    last = re.sub(r"^(?:no)?\d{1,2}(?=\D)", "", key(re.split(r"[_.:：＿．/／]", child)[-1]))
    if last not in names and last and (found := field_named(last)) and found[1]:
        return _Guess(found[0], Confidence.LIKELY, f"{shown}の終わりのことば")
    if field := field_by_piece(key(child)):
        return _Guess(field, Confidence.LIKELY, f"{shown}に「{field.label}」と読めることばがある")
    return None


def _names_worries(parent: str) -> bool:
    guess = by_heading(Heading(0, (parent,)))
    return guess is not None and guess.field in (Field.WORRIES, Field.TEXT)


def map_columns(
    headings: Sequence[Heading],
    sample_rows: Sequence[Sequence[Cell]],
    overrides: Mapping[int, Field] | None = None,
) -> list[ColumnReading]:
    """Read every column; none is dropped, what has no meaning is kept as text.

    `sample_rows` are rows below the headings (a hundred are plenty). `overrides` are a worker's corrections:
    column index → field; where only one column may carry a field, the worker's wins.
    """
    columns = [_first_reading(heading, _sample(sample_rows, heading.index)) for heading in headings]
    columns = _believe_in_company(columns, sample_rows)
    columns = _fill_gaps(columns, sample_rows)
    for place, column in enumerate(columns):
        if overrides and column.index in overrides:
            columns[place] = replace(
                column,
                field=Field(overrides[column.index]),
                confidence=Confidence.CHOSEN,
                why="職員が選びました",
            )
    return _one_each(columns)


def _sample(rows: Sequence[Sequence[Cell]], index: int) -> list[Cell]:
    return [
        row[index]
        for row in rows
        if index < len(row) and row[index] != UNREAD_FORMULA and as_text(row[index])
    ]


def _first_reading(heading: Heading, cells: list[Cell]) -> ColumnReading:
    guess = by_heading(heading)
    told = dict.fromkeys(as_text(cell) for cell in cells[:50])
    samples = tuple(islice((text for text in told if not holds_my_number(text)), 5))
    if guess is None:
        guess = _Guess(Field.EXTRA, Confidence.KEPT, "見出しから意味が分からないので、文字のまま残します")
    return ColumnReading(
        heading.index, heading, guess.field, guess.confidence, guess.why, samples, len(cells)
    )


def _share(cells: Sequence[Cell], test: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if test(as_text(cell))) / len(cells) if cells else 0.0


def _day_share(cells: Sequence[Cell]) -> float:
    return sum(1 for cell in cells if looks.is_day(cell)) / len(cells) if cells else 0.0


def _believe_in_company(columns: list[ColumnReading], rows: Sequence[Sequence[Cell]]) -> list[ColumnReading]:
    """Names that mean nothing alone (月, 男, 家族, 相談者) are believed by what stands in them and beside them."""
    has = Counter(column.field for column in columns)
    sure_worries = sum(
        1 for column in columns if worry_in(column.field) and column.confidence == Confidence.SURE
    )
    named = any(
        column.field == Field.NAME and column.confidence != Confidence.GUESS for column in columns
    ) or (Field.FAMILY_NAME in has or Field.KANA in has)
    believed = []
    for column in columns:
        cells = _sample(rows, column.index)
        if worry_in(column.field):
            column = _worry_or_text(column, cells, sure_worries)
        elif (
            column.field == Field.NAME
            and _says_reading(column)
            and cells
            and _share(cells, looks.is_kana) >= 0.8
        ):
            column = replace(
                column, field=Field.KANA, confidence=Confidence.LIKELY, why=f"{column.why}にカナだけが並ぶ"
            )
        elif column.field == Field.CALLER and not named and _share(cells, looks.is_name) >= 0.6:
            column = replace(
                column,
                field=Field.NAME,
                confidence=Confidence.LIKELY,
                why=f"{column.why}に氏名が並び、ほかに氏名の列がない",
            )
            named = True
        elif column.field == Field.TEXT and len(cells) >= FEW and _share(cells, _names_only_worries) >= 0.8:
            column = replace(
                column,
                field=Field.WORRIES,
                confidence=Confidence.LIKELY,
                why=f"{column.why}に困りごとの項目名だけが並ぶ",
            )
        elif column.field == Field.WORRIES and len(cells) >= FEW and _share(cells, _is_prose) >= 0.4:
            column = replace(
                column, field=Field.TEXT, confidence=Confidence.LIKELY, why=f"{column.why}に文章が並ぶ"
            )
        elif column.field == Field.WORKER and len(cells) >= FEW and _day_share(cells) >= 0.6:
            column = _kept(column, "担当の名ではなく日付が並ぶので、文字のまま残します")
        elif column.confidence == Confidence.GUESS:
            column = _weak_name(column, cells, has)
        believed.append(column)
    return believed


def _says_reading(column: ColumnReading) -> bool:
    return any(
        word in column.heading.key for word in ("フリガナ", "ふりがな", "カナ", "かな", "よみ", "ヨミ")
    )


def _weak_name(column: ColumnReading, cells: list[Cell], has: Counter[Field]) -> ColumnReading:
    believable = {
        Field.NAME: _share(cells, looks.is_name) >= 0.5,
        Field.CAME_MONTH: Field.CAME_DAY in has and _share(cells, str.isdigit) >= 0.5,
        Field.CAME_DAY: _share(cells, lambda text: text.rstrip("日").isdigit()) >= 0.5
        or _day_share(cells) >= 0.5,
        Field.CAME_YEAR: Field.CAME_MONTH in has and Field.CAME_DAY in has,
        Field.SEX_MALE: Field.SEX_FEMALE in has and _share(cells, looks.is_mark) >= 0.8,
        Field.SEX_FEMALE: Field.SEX_MALE in has and _share(cells, looks.is_mark) >= 0.8,
        Field.PHONE: _share(cells, looks.is_phone) >= 0.5,
        Field.ROUTE: _share(cells, _names_route) >= 0.5,
        Field.OUTCOME: bool(cells) and _share(cells, looks.is_mark) < 0.5,
        Field.TEXT: bool(cells) and _share(cells, _is_prose) >= 0.3,
        Field.ADDRESS: Field.ADDRESS not in {f for f, n in has.items() if n > 1}
        and _share(cells, looks.is_place) >= 0.5,
    }
    if not cells and column.field in (Field.SEX_MALE, Field.SEX_FEMALE):
        believable[column.field] = has[Field.SEX_MALE] > 0 and has[Field.SEX_FEMALE] > 0
    if believable.get(column.field, False):
        if column.field == Field.CAME_DAY and _day_share(cells) >= 0.5:
            return replace(
                column, field=Field.CAME_ON, confidence=Confidence.LIKELY, why=f"{column.why}に日付が並ぶ"
            )
        return replace(column, confidence=Confidence.LIKELY, why=f"{column.why}と、中身が合う")
    return _kept(column, f"{column.why}だけでは意味が決められないので、文字のまま残します")


def _kept(column: ColumnReading, why: str) -> ColumnReading:
    return replace(column, field=Field.EXTRA, confidence=Confidence.KEPT, why=why)


def _worry_or_text(column: ColumnReading, cells: list[Cell], sure_worries: int) -> ColumnReading:
    marks = _share(cells, looks.is_mark)
    if cells and marks < 0.5 and column.field != Field.WORRY_OTHER:
        if column.confidence == Confidence.SURE and len(column.heading.path) > 1:
            return column
        return _kept(column, f"{column.why}は困りごとの名だが、○などの印でないので、文字のまま残します")
    if column.confidence == Confidence.SURE:
        return replace(column, why=f"{column.why}は困りごと{'で、印が入っている' if cells else 'の名'}")
    if sure_worries >= 2 or (cells and marks >= 0.8 and sure_worries):
        return replace(column, confidence=Confidence.LIKELY, why=f"{column.why}が困りごとの列と並んでいる")
    return _kept(column, f"{column.why}だけでは困りごとと決められないので、文字のまま残します")


def _names_only_worries(text: str) -> bool:
    found, unknown = worries_in(text)
    return bool(found) and not unknown and len(text) < 120 and not text.endswith("。")


def _is_prose(text: str) -> bool:
    return len(text) >= 15 and ("。" in text or len(text) >= 30) and not _names_only_worries(text)


def _names_route(text: str) -> bool:
    from .routes import route_of

    return route_of(text) is not None


_BY_CONTENT: tuple[tuple[Field, Callable[[str], bool], float, str], ...] = (
    (Field.PHONE, looks.is_phone, 0.8, "電話番号が並ぶ"),
    (Field.MAIL, looks.is_mail, 0.8, "メールアドレスが並ぶ"),
    (Field.POSTAL_CODE, looks.is_postal_code, 0.9, "郵便番号が並ぶ"),
    (Field.KANA, looks.is_kana, 0.8, "カナが並ぶ"),
    (Field.SEX, lambda text: looks.is_sex(text) and not text.isdigit(), 0.9, "男女の別が並ぶ"),
    (Field.RELATION, looks.is_relation, 0.8, "続柄や立場が並ぶ"),
    (Field.TEXT, _is_prose, 0.6, "文章が並ぶ"),
    (Field.ADDRESS, looks.is_place, 0.8, "住所が並ぶ"),
    (Field.NAME, looks.is_name, 0.8, "氏名のような語が並ぶ"),
)
# Content alone may speak for a column whose heading says nothing; a heading that says something unknown is respected,
# except for what a ledger cannot do without.
_NEEDED = (Field.CAME_ON, Field.NAME, Field.TEXT)


def _fill_gaps(columns: list[ColumnReading], rows: Sequence[Sequence[Cell]]) -> list[ColumnReading]:
    """A column without a telling heading is read by what stands in it, when no other column carries that meaning."""
    taken = {column.field for column in columns}
    filled = []
    for column in columns:
        cells = _sample(rows, column.index)
        says_nothing = not column.heading.path or _is_generic(column.heading)
        if column.field == Field.EXTRA and len(cells) >= 2:
            if Field.CAME_ON not in taken and Field.CAME_DAY not in taken and _day_share(cells) >= 0.8:
                column = _by_content(column, Field.CAME_ON, "日付が並び、ほかに受付日の列がない")
            else:
                for field, test, least, why in _BY_CONTENT:
                    allowed = says_nothing or (field in _NEEDED and column.confidence == Confidence.KEPT)
                    if allowed and field not in taken and _share(cells, test) >= least:
                        column = _by_content(column, field, why)
                        break
            taken.add(column.field)
        filled.append(column)
    return filled


def _is_generic(heading: Heading) -> bool:
    name = heading.key
    return not name or name.startswith(("列", "column", "unnamed", "項目", "field")) or name.isdigit()


def _by_content(column: ColumnReading, field: Field, why: str) -> ColumnReading:
    return replace(
        column, field=field, confidence=Confidence.GUESS, why=f"{why}ので、「{field.label}」と推測しました"
    )


def _one_each(columns: list[ColumnReading]) -> list[ColumnReading]:
    """Where only one column may carry a field, the surest and fullest does; the others are kept as text."""
    best: dict[Field, ColumnReading] = {}
    for column in columns:
        if column.field in SEVERAL or worry_in(column.field):
            continue
        held = best.get(column.field)
        if held is None or _claim(column) < _claim(held):
            best[column.field] = column
    return [
        column
        if column.field in SEVERAL or worry_in(column.field) or best[column.field] is column
        else _kept(
            column,
            f"「{column.field.label}」は列「{best[column.field].label}」から読むので、文字のまま残します",
        )
        for column in columns
    ]


def _claim(column: ColumnReading) -> tuple[int, int, int]:
    prefers = column.field == Field.WORKER and "担当" in column.label
    return (
        _RANK[column.confidence],
        0 if prefers or column.field != Field.WORKER else 1,
        -min(column.filled, 1),
    )
