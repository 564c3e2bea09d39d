"""CSV in every encoding and shape a Japanese office writes."""

from __future__ import annotations

import codecs
import tracemalloc
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagi.intake.ledger.files import read_tables
from tsunagi.intake.ledger.reading import open_ledger
from tsunagi.intake.ledger.tables import DITTO

from .making import a_text, kinds, only_row, read

HEADING = ["受付日", "氏名", "ﾌﾘｶﾞﾅ", "相談内容", "結果"]
ROW = ["令和5年4月3日", "髙橋　花子", "ﾀｶﾊｼ ﾊﾅｺ", "家賃が払えない。\n来月は退去と言われた。", "継続"]


@pytest.mark.parametrize("separator", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "cp932",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-16-be with mark",
        "euc_jp",
        "iso2022_jp",
    ],
)
def test_every_encoding_and_separator_is_read(encoding, separator):
    name = "高橋　花子" if encoding in ("euc_jp", "iso2022_jp") else "髙橋　花子"
    kana = "タカハシ ハナコ"
    rows = [
        [*HEADING[:2], "フリガナ", *HEADING[3:]],
        [ROW[0], name, kana if encoding == "iso2022_jp" else ROW[2], *ROW[3:]],
    ]
    if encoding == "utf-16-be with mark":
        data = codecs.BOM_UTF16_BE + a_text(rows, separator, "utf-16-be")
    else:
        data = a_text(rows, separator, encoding)
    row = only_row(data)
    assert (row.came_on, row.name, row.kana, row.outcome) == (date(2023, 4, 3), name, kana, "継続")
    assert row.text == "家賃が払えない。\n来月は退去と言われた。"


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_every_line_ending_is_read(newline):
    assert only_row(a_text([HEADING, ROW], newline=newline)).name == "髙橋　花子"


def test_excels_own_first_line_names_the_separator():
    row = only_row(b"sep=;\r\n" + a_text([HEADING, ROW], ";"))
    assert (row.name, row.line) == ("髙橋　花子", 2)


def test_lines_are_numbered_as_excel_shows_them():
    """A record with line breaks is one line of Excel's; a blank line is one too."""
    data = a_text([HEADING, ROW, [], ROW, ROW])
    assert [row.line for row in read(data, "台帳.csv")[1]] == [2, 4, 5]


def test_an_unclosed_quote_costs_its_own_line_not_the_rest():
    lines = [",".join(HEADING)] + [f"R5.4.{day},山田{day},ヤマダ,眠れない。,継続" for day in range(1, 29)]
    lines[5] = 'R5.4.5,山田5,ヤマダ,"眠れない。,継続'
    _, stored, rejected = read("\r\n".join(lines).encode(), "台帳.csv")
    assert (len(stored), rejected) == (28, [])
    assert (stored[4].text, stored[4].outcome, stored[4].line) == ("眠れない。", "継続", 6)
    assert [row.line for row in stored if "broken_quote" in kinds(row)] == [6]


def test_two_stray_quotes_do_not_swallow_the_rows_between():
    lines = [",".join(HEADING)] + [f"R5.4.{day},山田{day},ヤマダ,眠れない。,継続" for day in range(1, 29)]
    for stray in (5, 9):
        lines[stray] = lines[stray].replace(",眠れない", ',"眠れない')
    _, stored, _ = read("\r\n".join(lines).encode(), "台帳.csv")
    assert [row.came_on for row in stored] == [date(2023, 4, day) for day in range(1, 29)]


def test_a_separator_inside_a_text_is_mended():
    lines = [",".join(HEADING), "R5.4.3,山田花子,ヤマダハナコ,家賃,食費,電気代が払えない。,継続"]
    row = only_row("\r\n".join(lines).encode())
    assert (row.text, row.outcome, row.name) == ("家賃,食費,電気代が払えない。", "継続", "山田花子")
    assert "shifted" in kinds(row)


def test_a_row_whose_cells_cannot_be_told_apart_is_rejected_with_its_cells():
    heading = "受付日,氏名,性別,電話,相談内容,相談者"
    data = f"{heading}\r\nR5.4.3,山田花子,女,075-000-1111,眠れない。,本人\r\nR5.4.4,山,田,太郎,男,075-000-2222,眠れない。,母\r\n"
    _, stored, rejected = read(data.encode(), "台帳.csv")
    assert (len(stored), len(rejected)) == (1, 1)
    assert (rejected[0].line, rejected[0].cells[:4]) == (3, ("R5.4.4", "山", "田", "太郎"))
    assert "どの列か分かりません" in rejected[0].reason


def test_a_record_torn_by_an_unquoted_line_break_is_put_together():
    lines = "受付日,氏名,相談内容,結果,備考\nR5.4.3,山田花子,夜に眠れない。\n医者には行っていない。,継続,\nR5.4.4,谷,昼も眠い。,,\n"
    _, stored, rejected = read(lines.encode(), "台帳.csv")
    assert [(row.line, row.text, row.outcome) for row in stored] == [
        (2, "夜に眠れない。\n医者には行っていない。", "継続"),
        (4, "昼も眠い。", ""),
    ]
    assert rejected == []
    assert "joined_lines" in kinds(stored[0])


def test_short_records_are_whole_rows():
    assert (
        only_row("受付日,氏名,相談内容,結果,備考\r\nR5.4.3,山田花子,眠れない。\r\n".encode()).text
        == "眠れない。"
    )


def test_faulty_bytes_are_kept_as_lost_letters():
    data = bytearray(a_text([HEADING, *[ROW] * 60], encoding="cp932"))
    place = data.find("払えない".encode("cp932"))
    data[place : place + 2] = b"\xfd\xff"
    _, stored, _ = read(bytes(data), "台帳.csv")
    assert len(stored) == 60
    assert "lost_character" in kinds(stored[0])
    assert sum("lost_character" in kinds(row) for row in stored) == 1


def test_letters_outside_the_standard_are_reported():
    row = only_row(a_text([HEADING, ["R5.4.3", "山\ue001花子", *ROW[2:]]], encoding="utf-8"))
    assert "lost_character" in kinds(row)
    assert row.name == "山\ue001花子"


def test_the_note_tells_the_encoding_when_it_was_guessed():
    assert open_ledger(a_text([HEADING, ROW], encoding="cp932"), "台帳.csv").notes == (
        "文字コードはCP932(シフトJIS)として読みました。",
    )
    assert open_ledger(a_text([HEADING, ROW]), "台帳.csv").notes == ()


def test_100_000_rows_are_read_without_holding_them():
    row = "R5.4.{day},山田花子,ヤマダハナコ,カードローンが3社、合計で約72万円。毎月の返済ができず、電気が止まりそう。,継続\r\n"
    data = (
        ",".join(HEADING) + "\r\n" + "".join(row.format(day=1 + number % 28) for number in range(100_000))
    ).encode("cp932")
    lines = read_tables(data, "台帳.csv")[0].lines()
    tracemalloc.start()
    count = sum(1 for _ in lines)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_001
    assert peak < 60 * 1024 * 1024  # the text itself; the rows come and go


CELL = st.text(
    alphabet=st.characters(codec="cp932", exclude_characters="\x00\x1a¢£¬‖−〜", exclude_categories=("Cc",))
    | st.sampled_from('\n",'),
    max_size=20,
).filter(lambda text: text.strip() not in DITTO)  # a ditto mark repeats the row above


@settings(max_examples=40)
@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8), st.sampled_from(["utf-8-sig", "cp932", "utf-16"])
)
def test_well_written_csv_loses_no_row_and_no_letter(cells, encoding):
    rows = [["R5.4.1", name, text, "継続"] for name, text in cells]
    data = a_text([["受付日", "備考", "相談内容", "結果"], *rows], encoding=encoding)
    _, stored, rejected = read(data, "台帳.csv")
    assert len(stored) + len(rejected) == len(rows)
    tidy = [text.replace("\r\n", "\n").strip() for _, text in cells]
    assert [row.text for row in stored] == tidy
