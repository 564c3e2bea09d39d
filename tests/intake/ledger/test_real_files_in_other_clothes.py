"""The city's own ledger with its columns moved, its headings renamed, lines slipped in: the same 620 rows."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from typing import Any

import openpyxl
import pytest

from tsunagi.intake.ledger.endings import EndingKind
from tsunagi.intake.ledger.identities import identity
from tsunagi.intake.ledger.rows import LedgerRow, ending_of

from .making import R5, a_book, a_text, read

SHORT = {
    "病気や健康、障害のこと": "健康・障がい",
    "住まいについて": "住居",
    "収入・生活費のこと": "生活費",
    "家賃やローンの支払いのこと": "家賃・ローン",
    "税金や公共料金等の支払いについて": "税・公共料金",
    "債務について": "借金",
    "仕事探し、就職について": "就職",
    "仕事上の不安やトラブル": "職場",
    "地域との関係について": "近隣",
    "家族との関係について": "家族",
    "子育てのこと": "育児",
    "介護のこと": "介護",
    "ひきこもり・不登校": "引きこもり",
    "DV・虐待": "虐待",
    "食べるものがない": "食料",
    "受付日": "相談年月日",
    "氏名": "対象者\n氏名",
    "フリガナ": "よみがな",
    "生年月日\n(年齢)": "生年月日又は年齢",
    "相談者\n(続柄)": "本人との関係",
    "相談内容": "主訴",
    "つなぎ先": "引継先",
    "結果": "転帰",
    "担当": "受付担当者",
}


@cache
def sheet() -> tuple[tuple[Any, ...], ...]:
    book = openpyxl.load_workbook(R5, data_only=True)
    return tuple(book.worksheets[0].iter_rows(min_row=4, values_only=True))


@cache
def plain() -> list[LedgerRow]:
    return read(R5)[1]


def as_words(cell: Any) -> str:
    return f"{cell:%Y/%-m/%-d}" if hasattr(cell, "year") else "" if cell is None else str(cell)


def disguised(seed: int) -> list[list[Any]]:
    chance = random.Random(seed)
    order = list(range(30))
    chance.shuffle(order)
    heading, *rows = ([row[place] for place in order] for row in sheet())
    out = [[SHORT.get(name, name) for name in heading]]
    for row in rows:
        if chance.random() < 0.03:
            out.append(chance.choice([[None] * 30, list(out[0])]))
        out.append(row)
    return out


def essence(row: LedgerRow) -> tuple[Any, ...]:
    return (row.came_on, row.name, row.kana, row.sex, row.birth, row.address, row.phones, tuple(row.worries.items()), row.text,
            row.destination, row.outcome, row.worker, row.relation)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["xlsx", "cp932", "utf-8-sig", "utf-16"])
def test_moved_columns_other_names_and_lines_slipped_in_change_nothing(seed, kind):
    rows = disguised(seed)
    if kind == "xlsx":
        data = a_book({"記録": [["福祉なんでも相談室 令和5年度"], [], *rows]})
    else:
        words = [[as_words(cell).replace("𠮷", "吉") for cell in row] for row in rows]
        data = a_text(words, separator="\t" if kind == "utf-16" else ",", encoding=kind)
    ledger, stored, rejected = read(data, "R5.xlsx" if kind == "xlsx" else "R5.csv")
    assert (len(stored), rejected) == (620, [])
    assert not [column.label for column in ledger.columns if column.field.value == "extra"]
    if kind == "xlsx":
        assert [essence(row) for row in stored] == [essence(row) for row in plain()]
    assert Counter(ending_of(row).kind for row in stored) == {
        EndingKind.CLOSED_HISTORY: 168,
        EndingKind.FOLLOWING_THROUGH: 70,
        EndingKind.STOCKTAKING: 382,
    }
    assert len({identity(row) for row in stored}) == 620


@pytest.mark.parametrize("seed", range(3))
def test_any_half_of_the_rows_keeps_its_identities(seed):
    heading, *rows = [list(row) for row in sheet()]
    chance = random.Random(seed)
    half = [row for row in rows if row[1] is not None and chance.random() < 0.5]
    _, stored, _ = read(a_book({"R5": [["令和5年度"], heading, *half]}))
    assert {identity(row) for row in stored} < {identity(row) for row in plain()}
