"""From a form's description and what fills it to bytes: the PDF, the Excel. Blank without a filling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tsunagi.codes.queries import city_name, codes
from tsunagi.paperwork.rules import (
    Block,
    Choice,
    Chosen,
    Drawn,
    Field,
    Filling,
    Form,
    Format,
    Head,
    Picture,
    Row,
    Sheet,
    Sign,
    Statement,
    Table,
    missing,
)
from tsunagi.press import grids
from tsunagi.press.pdf import drawn, typeset
from tsunagi.shared.days import day_of
from tsunagi.shared.wareki import show

STAMPS = ("所属長", "係長", "係", "担当")
CAREFUL = "取扱注意"
BOLD_IS = "太枠は国への報告事項です。"
_LINE_MM, _FIRST_MM = 4.7, 7.0


@dataclass(frozen=True)
class Cover:
    """What stands around a form: the copy's number, for whom, how masked, who printed it and when."""

    at: datetime
    printed_by: str = ""
    number: str = ""
    document_number: str = ""
    for_whom: str = ""
    mask_words: str = ""
    about: str = ""
    found: tuple[tuple[str, int], ...] = ()
    """What was blacked in the texts, and how often."""


@dataclass(frozen=True)
class Paper:
    """A form with what fills it (None: to be filled by hand) and what stands around."""

    form: Form
    filling: Filling | None
    cover: Cover

    @property
    def missing(self) -> tuple[str, ...]:
        """National report items nobody has written yet."""
        return () if self.filling is None else missing(self.form, self.filling)

    def foot(self) -> list[str]:
        """What is said below the last sheet."""
        lines = []
        if self.missing:
            lines.append(
                f"下書きの確認：国への報告事項（太枠）で、まだ書かれていない項目があります（{'・'.join(self.missing)}）。"
            )
        # Not what it was: that somebody told us is itself on no paper.
        blacked = sum(count for _why, count in self.cover.found)
        if blacked:
            lines.append(f"文中の ■■■■ は、紙に載せない言葉を消したところです（{blacked}か所）。")
        return lines

    def footer(self) -> str:
        """One line at the foot of every sheet."""
        printed = (
            f"{show(day_of(self.cover.at))} {self.cover.at.astimezone():%H:%M} 印刷"
            if self.filling is not None
            else ""
        )
        careful = CAREFUL if self.filling is not None else ""
        return "　".join(filter(None, (careful, BOLD_IS, printed, self.cover.printed_by, self.cover.number)))

    def values(self) -> dict[str, Any]:
        """As the typst paper reads them."""
        form, cover = self.form, self.cover
        return {
            "title": form.name, "source": form.source, "city": city_name(), "landscape": form.landscape,
            "number": cover.number, "document_number": cover.document_number, "for_whom": cover.for_whom,
            "mask_words": cover.mask_words, "size": form.size, "about": cover.about, "stamps": list(STAMPS), "footer": self.footer(),
            "foot": self.foot(), "sheets": [_sheet(sheet, self.filling) for sheet in form.sheets],
        }  # fmt: skip


def made(paper: Paper, fmt: str) -> bytes:
    """The paper's bytes, as PDF or as Excel."""
    return as_pdf(paper) if fmt == Format.PDF else as_xlsx(paper)


def as_pdf(paper: Paper) -> bytes:
    """PDF/UA-1: text that can be selected and read aloud, the font inside, letters it lacks named at the foot."""
    return still_to_make(paper, Format.PDF)()


def still_to_make(paper: Paper, fmt: str) -> Callable[[], bytes]:
    """`made` in two halves: what asks the database is done, what is left may be done beside other work (a PDF on a thread)."""
    if fmt != Format.PDF:
        content = as_xlsx(paper)
        return lambda: content
    values = paper.values()
    return lambda: typeset("paperwork/papers/form.typ", values, at=paper.cover.at, accessible=True)


# -- the typst values ------------------------------------------------------------------------------------------------


def _sheet(sheet: Sheet, filling: Filling | None) -> dict[str, Any]:
    return {"title": sheet.title, "blocks": [_block(block, filling) for block in standing(sheet, filling)]}


def standing(sheet: Sheet, filling: Filling | None) -> list[Block]:
    """The parts that stand on the paper: a list that has no room on the blank stands only when there is something in it."""
    return [
        block
        for block in sheet.blocks
        if not isinstance(block, Table) or block.blanks or (filling is not None and filling.get(block.key))
    ]


def _block(block: Block, filling: Filling | None) -> dict[str, Any]:
    if isinstance(block, Row):
        return {
            "kind": "row",
            "cells": [_cell(field, (filling or {}).get(field.key, "")) for field in block.fields],
        }
    if isinstance(block, Table):
        return {
            "kind": "table", "label": block.label, "national": block.national, "rows": table_rows(block, filling),
            "columns": [{"label": column.label, "share": column.share} for column in block.columns],
            "tall": 5.2 * block.line if filling is None else 3.2,
        }  # fmt: skip
    if isinstance(block, Head):
        return {"kind": "head", "words": block.words}
    if isinstance(block, Statement):
        return {"kind": "statement", "words": block.words}
    if isinstance(block, Sign):
        return {"kind": "sign", "label": block.label, "text": str((filling or {}).get(block.key, ""))}
    drawn = (filling or {}).get(block.key)
    svg, words = (drawn.svg, drawn.words) if isinstance(drawn, Drawn) else ("", "")
    return {
        "kind": "picture",
        "label": block.label,
        "tall": block.tall,
        "svg": svg,
        "alt": words or block.label,
    }


def _cell(field: Field, value: Any) -> dict[str, Any]:
    cell = {
        "label": field.label, "wide": field.wide, "national": field.national, "options": [], "words": "", "other": "",
        "text": "", "tall": _FIRST_MM + (field.lines - 1) * _LINE_MM,
    }  # fmt: skip
    if not isinstance(field, Choice) or (isinstance(value, str) and value):
        return cell | {"text": value if isinstance(value, str) else ""}
    chosen = value if isinstance(value, Chosen) else Chosen()
    return cell | {"options": option_marks(field, chosen), "words": chosen.words, "other": field.other}


def options_of(field: Choice) -> list[str]:
    """The labels that can be ticked, in the order of the paper."""
    if not field.list_key:
        return list(field.options)
    return [
        code.label
        for code in codes(field.list_key)
        if not field.group or code.attributes.get("group") == field.group
    ]


def option_marks(field: Choice, chosen: Chosen) -> list[dict[str, str]]:
    """Each option with its sign; what was chosen and is no longer on the list stands behind it, so that nothing is lost."""
    labels = options_of(field)
    labels += [label for label in chosen.options if label not in labels]
    if field.signs:
        return [
            {
                "sign": f"（{chosen.signs.get(label, '○') if label in chosen.options else '　'}）",
                "label": f"{place} {label}",
            }
            for place, label in enumerate(labels, start=1)
        ]
    return [{"sign": "■" if label in chosen.options else "□", "label": label} for label in labels]


def table_rows(table: Table, filling: Filling | None) -> list[list[str]]:
    """The table's rows, or empty ones to write by hand."""
    width = len(table.columns)
    found = (filling or {}).get(table.key, ())
    if isinstance(found, str) and found:
        return [[found, *[""] * (width - 1)]]
    rows = [[*row[:width], *[""] * (width - len(row))] for row in found] if isinstance(found, tuple) else []
    least = table.blanks if filling is None else 1 - len(rows)
    return (
        rows + [[""] * width for _ in range(max(0, least))]
        if filling is not None
        else [[""] * width for _ in range(least)]
    )


# -- Excel -----------------------------------------------------------------------------------------------------------

_WIDE = grids.COLUMNS // 12


def as_xlsx(paper: Paper) -> bytes:
    """The same form as Excel: a worksheet a sheet, laid out for A4."""
    pages = [
        grids.Page(
            sheet.title,
            (
                *_top(paper, sheet),
                *_lines(sheet, paper.filling, paper.cover.at),
                *(_foot(paper) if place + 1 == len(paper.form.sheets) else ()),
            ),
        )
        for place, sheet in enumerate(paper.form.sheets)
    ]
    return grids.form_book(
        pages, landscape=paper.form.landscape, head=paper.cover.number, foot=paper.footer()
    )


def _top(paper: Paper, sheet: Sheet) -> tuple[tuple[grids.Box, ...], ...]:
    cover = paper.cover
    stamps = (grids.Box("", 5, label=f"供覧・決裁 {name}", lines=2) for name in STAMPS)
    return (
        (
            grids.Box(sheet.title, 34, size=14, plain=True),
            grids.Box(f"{city_name()}　{cover.number}", 14, plain=True),
        ),
        (grids.Box(paper.form.source, 48, size=8, plain=True),),
        (
            grids.Box(cover.document_number, 12, label="文書番号"),
            grids.Box(cover.for_whom, 9, label="渡す先"),
            grids.Box(cover.mask_words, 7, label="秘匿"),
            *stamps,
        ),
    )


def _foot(paper: Paper) -> list[tuple[grids.Box, ...]]:
    return [(grids.Box(line, 48, size=8.5),) for line in paper.foot()]


def _lines(
    sheet: Sheet, filling: Filling | None, at: datetime
) -> list[tuple[grids.Box, ...] | grids.Picture]:
    lines: list[tuple[grids.Box, ...] | grids.Picture] = []
    for block in standing(sheet, filling):
        if isinstance(block, Row):
            lines.append(tuple(_box(field, (filling or {}).get(field.key, "")) for field in block.fields))
        elif isinstance(block, Table):
            lines += _table(block, filling)
        elif isinstance(block, Head):
            lines.append((grids.Box(f"■ {block.words}", 48, plain=True, size=10),))
        elif isinstance(block, Statement):
            lines.append((grids.Box(block.words, 48),))
        elif isinstance(block, Sign):
            told = str((filling or {}).get(block.key, "")) or "令和　　　年　　　月　　　日"
            lines.append((grids.Box(told, 24, lines=2), grids.Box("", 24, label=block.label, lines=2)))
        else:
            lines += _picture(block, filling, at)
    return lines


def _box(field: Field, value: Any) -> grids.Box:
    cell = _cell(field, value)
    text = (
        cell["text"]
        if not cell["options"]
        else "　".join(f"{one['sign']}{one['label']}" for one in cell["options"])
    )
    if cell["options"] and (cell["other"] or cell["words"]):
        text += f"\n{cell['other']}：{cell['words']}" if cell["other"] else f"\n{cell['words']}"
    return grids.Box(text, field.wide * _WIDE, label=field.label, heavy=field.national, lines=field.lines)


def _table(table: Table, filling: Filling | None) -> list[tuple[grids.Box, ...]]:
    widths = _shares([column.share for column in table.columns])
    head = tuple(
        grids.Box(column.label, wide, grey=True, size=8, heavy=table.national or column.national)
        for column, wide in zip(table.columns, widths, strict=True)
    )
    body = [
        tuple(
            grids.Box(cell, wide, lines=table.line, heavy=table.national, size=9)
            for cell, wide in zip(row, widths, strict=True)
        )
        for row in table_rows(table, filling)
    ]
    return [(grids.Box(table.label, 48, plain=True, size=8),), head, *body]


def _shares(shares: list[int]) -> list[int]:
    """Columns of 48 in these shares; what rounding leaves over goes to the widest."""
    whole = sum(shares)
    widths = [max(1, share * grids.COLUMNS // whole) for share in shares]
    widths[widths.index(max(widths))] += grids.COLUMNS - sum(widths)
    return widths


def _picture(
    block: Picture, filling: Filling | None, at: datetime
) -> list[tuple[grids.Box, ...] | grids.Picture]:
    picture = (filling or {}).get(block.key)
    if not isinstance(picture, Drawn) or not picture.svg:
        return [(grids.Box("", 48, label=block.label, lines=block.tall // 5),)]
    return [
        (grids.Box(block.label, 48, plain=True, size=8),), grids.Picture(drawn("press/papers/picture.typ", {"svg": picture.svg}, at=at), block.tall),
        *([(grids.Box(picture.words, 48, size=8.5),)] if picture.words else []),
    ]  # fmt: skip
