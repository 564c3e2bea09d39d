"""What a form is: sheets of rows, tables, statements and pictures, each field with its key, label and whether the
country asks for it. A description holds no value: the same one makes the blank, the PDF and the Excel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

WIDTH = 12
"""Columns of a sheet; the widths of a row's fields come to this."""


@dataclass(frozen=True)
class Field:
    """One box of a form. `lines`: room to write by hand; `facet`: of whom what must be seen to fill it."""

    key: str
    label: str
    wide: int = WIDTH
    national: bool = False
    lines: int = 1
    facet: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Choice(Field):
    """Boxes to tick: of a code list (`list_key`) or of `options`; `other` leaves room for words behind them."""

    list_key: str = ""
    group: str = ""
    """Only the codes of this group of the list."""
    options: tuple[str, ...] = ()
    many: bool = False
    signs: bool = False
    """○ and ◎ instead of a tick, as the 相談受付・申込票 asks."""
    other: str = ""


@dataclass(frozen=True)
class Row:
    """Boxes side by side."""

    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` is its part of the width."""

    label: str
    share: int = 1
    national: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of the same kind; `blanks` are the lines of the form that is filled by hand."""

    key: str
    label: str
    columns: tuple[Column, ...]
    blanks: int = 5
    facet: str = ""
    national: bool = False
    line: int = 1


@dataclass(frozen=True)
class Head:
    """The heading of a part."""

    words: str


@dataclass(frozen=True)
class Statement:
    """A text of the form itself: what is applied for, what is agreed to."""

    words: str


@dataclass(frozen=True)
class Sign:
    """A line for a day and a signature. `key` fills in what is on record (「署名 令和8年6月1日」), else a blank line."""

    key: str
    label: str


@dataclass(frozen=True)
class Picture:
    """A drawing; a blank frame where there is none."""

    key: str
    label: str
    tall: int = 90
    """Millimetres."""


Block = Row | Table | Head | Statement | Sign | Picture


@dataclass(frozen=True)
class Sheet:
    """One sheet of paper (it may run over when much was written)."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Form:
    """One of the city's forms. `code` is what the command line and the journal call it."""

    code: str
    name: str
    source: str
    sheets: tuple[Sheet, ...]
    landscape: bool = False
    note: str = ""
    masks: tuple[str, ...] = ("real", "initial", "relation")
    size: float = 9.5
    """Points of the written text."""
    of_case: bool = True
    """False for a list over many files."""

    def fields(self) -> Iterator[Field | Table]:
        """Everything that is filled, in the order of the paper."""
        for sheet in self.sheets:
            for block in sheet.blocks:
                if isinstance(block, Row):
                    yield from block.fields
                elif isinstance(block, Table):
                    yield block

    def keys(self) -> set[str]:
        """Every key a filling may give."""
        more = {
            block.key for sheet in self.sheets for block in sheet.blocks if isinstance(block, Sign | Picture)
        }
        return {each.key for each in self.fields()} | more


# -- what fills a form ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """Which options are ticked, and words beside them; `signs` where an option carries ○ or ◎."""

    options: tuple[str, ...] = ()
    words: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.options or self.words.strip())


@dataclass(frozen=True)
class Drawn:
    """A picture and what it shows in words."""

    svg: str
    words: str

    def __bool__(self) -> bool:
        return bool(self.svg)


Value = str | Chosen | Drawn | tuple[tuple[str, ...], ...]
Filling = dict[str, Value]

UNSEEN = "（見える範囲の外のため載せません）"
"""Stands where this office does not see what the box asks for: not blank, not asked again."""


def missing(form: Form, filling: Filling) -> tuple[str, ...]:
    """Labels of the national report items nobody has written yet, in the order of the paper: said, never refused."""
    return tuple(
        each.label for each in form.fields() if each.national and not _written(filling.get(each.key, ""))
    )


def _written(value: Value) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)
