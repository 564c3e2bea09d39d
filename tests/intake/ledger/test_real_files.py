"""The two ledgers a city really handed over, with exact figures: no row is lost (H11)."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import asdict
from datetime import date
from functools import cache

import pytest

from tsunagi.intake.ledger.endings import EndingKind
from tsunagi.intake.ledger.identities import identity
from tsunagi.intake.ledger.reading import Summary, open_ledger, summarise
from tsunagi.intake.ledger.rows import LedgerRow, Rejected, ending_of
from tsunagi.shared import my_number

from . import making
from .making import R4, R5, kinds

read = cache(making.read)


@pytest.fixture(scope="module")
def r5() -> Summary:
    return summarise(open_ledger(R5))


@pytest.fixture(scope="module")
def r4() -> Summary:
    return summarise(open_ledger(R4))


def test_the_excel_ledger_has_620_rows_and_loses_none(r5):
    assert (r5.rows, r5.stored, len(r5.rejected)) == (620, 620, 0)
    assert r5.passed == {"合計の行": 1}
    assert [one.sheet for one in r5.skipped] == ["集計"]


def test_the_csv_ledger_has_410_rows_and_loses_none(r4):
    assert (r4.rows, r4.stored, len(r4.rejected)) == (410, 410, 0)
    assert r4.passed == {}
    assert r4.notes == ("文字コードはCP932(シフトJIS)として読みました。",)


def test_every_column_of_the_excel_ledger_is_read_for_sure(r5):
    assert [column.field.value for column in r5.columns] == [
        *["number", "came_on", "name", "kana", "sex", "birth", "address", "phone", "caller", "text"],
        *[f"worry_{code:02}" for code in range(1, 17)],
        *["destination", "outcome", "worker", "note"],
    ]
    assert {column.confidence.value for column in r5.columns} == {"sure"}


def test_every_column_of_the_csv_ledger_is_read_for_sure(r4):
    assert [column.field.value for column in r4.columns] == [
        *[
            "came_on",
            "name",
            "kana",
            "sex",
            "birth",
            "address",
            "phone",
            "caller",
            "worries",
            "text",
            "response",
            "worker",
        ]
    ]
    assert {column.confidence.value for column in r4.columns} == {"sure"}


def test_repairs_of_the_excel_ledger(r5):
    assert {kind.value: count for kind, count in r5.repairs.items()} == {
        "mark": 546,
        "sex_word": 169,
        "wide_figures": 153,
        "half_width_kana": 141,
        "age_only": 130,
        "anonymous": 47,
        "my_number": 7,
        "impossible_date": 3,
    }


def test_repairs_of_the_csv_ledger(r4):
    assert {kind.value: count for kind, count in r4.repairs.items()} == {
        "worries_split": 398,
        "half_width_kana": 390,
        "response_split": 333,
        "age_only": 100,
        "sex_word": 98,
        "wide_figures": 91,
        "anonymous": 20,
        "impossible_date": 3,
        "vague_date": 2,
        "lost_character": 1,
        "my_number": 1,
    }


def test_endings_are_those_the_clerk_wrote(r5, r4):
    # 終結 77 + 情報提供のみで終了 91; つなぎ済 70; the rest is open or blank
    assert r5.endings == {
        EndingKind.CLOSED_HISTORY: 168,
        EndingKind.FOLLOWING_THROUGH: 70,
        EndingKind.STOCKTAKING: 382,
    }
    # 終結 47 + 情報提供のみで終了 60; つなぎ済 45
    assert r4.endings == {
        EndingKind.CLOSED_HISTORY: 107,
        EndingKind.FOLLOWING_THROUGH: 45,
        EndingKind.STOCKTAKING: 258,
    }


@pytest.mark.parametrize("file", [R5, R4], ids=["xlsx", "csv"])
def test_no_my_number_survives_anywhere(file):
    _, stored, rejected = read(file)
    everything = json.dumps([asdict(row) for row in stored + rejected], ensure_ascii=False, default=str)
    assert my_number.find(everything) is None
    for number in ("587601532973", "962969843664"):
        assert number not in everything


@pytest.mark.parametrize("file", [R5, R4], ids=["xlsx", "csv"])
def test_identities_are_all_different_and_the_same_at_every_reading(file):
    first, second = ([identity(row) for row in making.read(file)[1]] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first)


def test_the_figures_hold_no_word_of_anybodys(r4):
    figures = r4.figures()
    assert (figures["rows"], figures["stored"], figures["rejected"]) == (410, 410, 0)
    assert json.dumps(figures).isascii()


def test_a_row_of_the_excel_ledger_is_read_whole():
    row = read(R5)[1][6]
    assert (row.line, row.number, row.came_on, row.came_as_written) == (
        11,
        "7",
        date(2023, 4, 4),
        "2023-04-04",
    )
    assert (row.name, row.kana, row.sex, row.phones) == (
        "松田明美",
        "マツダ　アケミ",
        "female",
        ("090-7034-3655",),
    )
    assert row.birth is not None
    assert (row.birth.ages, row.birth.about, row.birth_as_written) == ((79, 79), True, "79歳位")
    assert row.birth.span == (date(1943, 4, 5), date(1944, 4, 4))
    assert (row.relation, row.caller_kind, row.worker) == ("夫", "family", "保健師 森")
    assert row.worries == {"05": "circle", "06": "double", "15": "circle"}
    assert (row.destination, row.outcome) == ("市営住宅担当", "情報提供のみで終了")


def test_a_row_with_a_line_break_in_a_cell_keeps_its_number_and_loses_only_that_cell():
    row = next(row for row in read(R4)[1] if "my_number" in kinds(row))
    assert (row.line, row.text, row.name, row.came_on) == (397, "", "長谷川幹", date(2022, 11, 18))
    assert (row.destination, row.outcome, row.worker) == ("生活保護担当", "訪問予定", "保健師 森")
    assert [(repair.column, repair.line) for repair in row.repairs if repair.kind == "my_number"] == [
        ("内容", 397)
    ]


def test_impossible_and_vague_dates_keep_their_words():
    unread = [row for row in (*read(R5)[1], *read(R4)[1]) if row.came_on is None]
    assert [(row.line, row.came_as_written) for row in unread] == [
        *[(189, "R5.13.4"), (288, "R5.13.4"), (304, "R5.13.4")],
        *[(223, "R5.13.4"), (287, "昨年末"), (320, "昨年末"), (350, "R5.13.4"), (410, "R5.13.4")],
    ]


def test_a_row_without_a_day_stands_beside_the_row_above():
    rows = read(R5)[1]
    unread = [place for place, row in enumerate(rows) if row.came_on is None]
    assert [rows[place].came_near for place in unread] == [rows[place - 1].came_on for place in unread]
    assert all(row.came_near is None for row in rows if row.came_on)


def test_every_day_that_was_read_lies_in_the_ledgers_year():
    for file, year in ((R5, 2023), (R4, 2022)):
        days = [row.came_on for row in read(file)[1] if row.came_on]
        assert date(year, 4, 1) <= min(days)
        assert max(days) <= date(year + 1, 3, 31)


def test_a_lost_letter_is_reported_and_the_name_stands_as_it_came():
    row = next(row for row in read(R4)[1] if "lost_character" in kinds(row))
    assert (row.line, row.name, row.kana) == (139, "?田　亮介", "ヨシダ　リョウスケ")


def test_old_form_letters_are_untouched():
    names = [row.name for row in read(R5)[1]]
    assert sum("𠮷" in name for name in names) == 4
    assert any(name.startswith("髙橋") for name in names)


def test_every_anonymous_row_has_no_name_and_says_so():
    for file, many in ((R5, 47), (R4, 20)):
        rows = [row for row in read(file)[1] if row.anonymous]
        assert len(rows) == many
        assert {(row.name, row.caller_kind) for row in rows} == {("", "anonymous")}


def test_heavy_rows_come_first():
    rows = [row for row in read(R5)[1] if ending_of(row).kind is EndingKind.STOCKTAKING]
    heaviest = sorted(rows, key=lambda row: -ending_of(row).weight)[:40]
    assert all("暴力" in row.text or "死にたい" in row.text for row in heaviest)


def test_620_rows_in_about_a_second():
    started = time.perf_counter()
    summarise(open_ledger(R5))
    assert time.perf_counter() - started < 5  # generous: the machine is shared


def test_the_same_ledger_saved_as_csv_has_the_same_identities():
    """Excel's own 「CSV UTF-8」: days as 2023/4/1, one line per record, the upper heading over its first column."""
    import openpyxl

    sheet = openpyxl.load_workbook(R5, data_only=True).worksheets[0]
    out = io.StringIO()
    writer = csv.writer(out)
    for cells in sheet.iter_rows(values_only=True):
        writer.writerow(
            [f"{cell.year}/{cell.month}/{cell.day}" if hasattr(cell, "year") else cell for cell in cells]
        )
    _, stored, rejected = making.read(out.getvalue().encode("utf-8-sig"), "R5.csv")
    assert (len(stored), len(rejected)) == (620, 0)
    assert [identity(row) for row in stored] == [identity(row) for row in read(R5)[1]]


def test_rows_are_of_two_kinds_only():
    assert {type(row) for row in open_ledger(R4).rows()} <= {LedgerRow, Rejected}
