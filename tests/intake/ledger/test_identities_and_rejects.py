"""A file read twice adds nothing; with a row slipped in, only that row. Rejected rows come back as a book to mend."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tsunagi.intake.ledger.identities import identity
from tsunagi.intake.ledger.rejects import rejects_workbook

from .making import R5, a_book, a_my_number, a_text, clock, read

HEADING = ["No.", "受付日", "氏名", "相談内容", "結果"]
ROWS = [
    ["1", "R5.4.1", "谷 一夫", "眠れない。", "継続"],
    ["2", "R5.4.2", "森 夏", "腰が痛い。", "終結"],
    ["3", "R5.4.2", "森 夏", "腰が痛い。", "終結"],
]


def identities(rows: list[list[str]], heading: list[str] | None = None, name: str = "R5.csv") -> list[str]:
    return [identity(row) for row in read(a_text([heading or HEADING, *rows]), name)[1]]


def test_two_equal_rows_are_two_rows():
    assert len(set(identities(ROWS))) == 3


def test_a_row_slipped_in_adds_only_itself_though_all_numbers_move():
    slipped = [ROWS[0], ["2", "R5.4.1", "谷 二三", "寒い。", ""], ["3", *ROWS[1][1:]], ["4", *ROWS[2][1:]]]
    before, after = identities(ROWS), identities(slipped)
    assert set(before) < set(after)
    assert len(set(after) - set(before)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        lambda row: [row[0], row[1], row[2].replace(" ", "　"), row[3], row[4]],
        lambda row: [row[0], row[1].replace("R", "Ｒ"), *row[2:]],
        lambda row: [row[0], *(f" {cell} " for cell in row[1:])],
    ],
    ids=["width of a space", "width of a letter", "spaces around"],
)
def test_how_a_cell_is_typed_does_not_change_who_it_is(changed):
    assert identities([changed(row) for row in ROWS]) == identities(ROWS)


def test_the_order_of_columns_a_new_empty_one_and_the_files_name_do_not_count():
    moved = [[*row[::-1], ""] for row in ROWS]
    assert identities(moved, [*HEADING[::-1], "来年の欄"], "写し.csv") == identities(ROWS)


def test_a_changed_word_is_another_row():
    assert identities([[*ROWS[0][:4], "終結"]])[0] not in identities(ROWS)


def test_excel_and_csv_of_the_same_rows_agree():
    day = clock(2023, 4, 1)
    book = a_book({"台帳": [HEADING, [1, day, "谷 一夫", "眠れない。", None]]})
    csv = a_text([HEADING, ["1", "2023/4/1", "谷 一夫", "眠れない。", ""]])
    assert [identity(row) for row in read(book)[1]] == [identity(row) for row in read(csv, "R5.csv")[1]]


def test_an_identity_is_64_letters_without_a_figure():
    for one in identities(ROWS):
        assert len(one) == 64
        assert one.isalpha()
        assert one.isascii()


def broken() -> bytes:
    return a_text(
        [
            HEADING,
            ROWS[0],
            ["2", "-", "…", "", ""],
            ["3", "-", "", "#REF!", ""],
            ["4", "R5.4.9", "谷", "a", "b", "c", "d", "継続", f"{a_my_number()}"],
        ]
    )


def test_rejected_rows_come_back_as_a_book_with_reasons():
    ledger, _, rejected = read(broken(), "R5.csv")
    book = openpyxl.load_workbook(io.BytesIO(rejects_workbook(rejected, ledger.parts[0].table.headings)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:5] == tuple(HEADING)
    assert rows[0][-3:] == ("取り込めなかった理由", "元の行", "元のシート")
    assert [row[-2] for row in rows[1:]] == [one.line for one in rejected] == [3, 4]
    assert all("。" in row[-3] for row in rows[1:])


def test_a_mended_row_reads_back_as_the_row_it_is():
    ledger, _, rejected = read(broken(), "R5.csv")
    book = openpyxl.load_workbook(io.BytesIO(rejects_workbook(rejected, ledger.parts[0].table.headings)))
    sheet = book.active
    for column, value in enumerate(ROWS[1], 1):
        sheet.cell(2, column, value)
    sheet.delete_rows(3, 5)
    out = io.BytesIO()
    book.save(out)
    _, stored, rejected = read(out.getvalue(), "直したもの.xlsx")
    assert rejected == []
    assert [identity(row) for row in stored] == [identities(ROWS)[1]]
    assert stored[0].extra == {}


def test_two_storeys_of_headings_come_back_as_two():
    ledger, _, _ = read(R5)
    headings = ledger.parts[0].table.headings
    rejected = read(broken(), "R5.csv")[2]
    back, _, still_rejected = read(rejects_workbook(rejected, headings))
    assert [heading.path for heading in back.parts[0].table.headings[: len(headings)]] == [
        heading.path for heading in headings
    ]
    assert [column.field for column in back.columns[: len(headings)]] == [
        column.field for column in ledger.columns
    ]
    assert len(still_rejected) == len(rejected)


def test_no_cell_of_ours_ever_calculates():
    _, _, rejected = read("受付日,氏名,電話,相談者\r\nR5.4.1,谷,本人,=1+1,@x,-y,z\r\n".encode(), "R5.csv")
    book = openpyxl.load_workbook(io.BytesIO(rejects_workbook(rejected, [])))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)
