"""Files nobody can read are answered with one sentence that says what to do."""

from __future__ import annotations

import io
import os
import random
import zipfile
from functools import cache

import msoffcrypto
import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from tsunagi.intake.ledger.files import read_tables
from tsunagi.intake.ledger.reading import open_ledger
from tsunagi.shared.refusal import Refused

from .making import a_book, a_text, with_part

HEADING = ["受付日", "氏名", "相談内容", "結果"]
ROW = ["R5.4.3", "山田花子", "家賃が払えない。", "継続"]


@cache
def a_ledger() -> bytes:
    return a_book({"台帳": [HEADING, ROW]})


def locked() -> bytes:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(a_ledger())).encrypt("himitsu", out)
    return out.getvalue()


def a_bomb(ratio: int = 2000) -> bytes:
    """A book whose sheet unpacks to a gigabyte by its directory and by its bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_ledger())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if not part.filename.startswith("xl/worksheets"):
                new.writestr(part.filename, old.read(part))
        with new.open("xl/worksheets/sheet1.xml", "w") as sheet:
            block = b" " * (1 << 20)
            for _ in range(ratio // 20):
                sheet.write(block)
    return out.getvalue()


def many_parts() -> bytes:
    out = io.BytesIO(a_ledger())
    with zipfile.ZipFile(out, "a") as parcel:
        for number in range(5001):
            parcel.writestr(f"x/{number}", "")
    return out.getvalue()


def with_entities() -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    return with_part(a_ledger(), "xl/worksheets/sheet1.xml", lambda xml: bomb + xml.partition(b"?>")[2])


def a_zip(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parcel:
        for name, text in parts.items():
            parcel.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return out.getvalue()


def encrypted_flag() -> bytes:
    data = bytearray(a_zip(daicho_dot_xlsx="abc"))
    data[6] |= 1
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "台帳.xlsx", "空です"),
        (b"\xef\xbb\xbf", "台帳.csv", "空です"),
        (b"\r\n\r\n  \r\n", "台帳.csv", "空です"),
        (b"\x00" * 100, "台帳.csv", "空です"),
        (OLE + b"\x00" * 2000, "台帳.xlsx", "パスワード"),
        (locked, "台帳.xlsx", "パスワードを外して"),
        (locked, "台帳", "パスワードを外して"),
        (OLE + b"\x00" * 2000 + "Workbook".encode("utf-16-le"), "台帳.xls", r"Excelブック\(\*\.xlsx\)"),
        (b"\x09\x08\x10\x00" + b"\x00" * 100, "台帳.xls", "古い形"),
        (OLE + b"\x00" * 500 + "WordDocument".encode("utf-16-le"), "台帳.doc", "Word"),
        (lambda: a_ledger()[:-400], "台帳.xlsx", "こわれて"),
        (lambda: a_ledger()[:200], "台帳.xlsx", "こわれて"),
        (lambda: with_part(a_ledger(), "xl/workbook.xml", lambda xml: xml[:80]), "台帳.xlsx", "こわれて"),
        (
            lambda: with_part(a_ledger(), "xl/worksheets/sheet1.xml", lambda xml: xml[:-90]),
            "台帳.xlsx",
            "こわれて",
        ),
        (lambda: with_part(a_ledger(), "xl/styles.xml", lambda xml: b"\x00\x01"), "台帳.xlsx", "こわれて"),
        (with_entities, "台帳.xlsx", "こわれて"),
        (a_bomb, "台帳.xlsx", "異常に大きくなる"),
        (many_parts, "台帳.xlsx", "異常に大きくなる"),
        (encrypted_flag, "台帳.xlsx", "パスワード"),
        (lambda: a_zip(word__document_dot_xml="x"), "台帳.docx", "Word"),
        (lambda: a_zip(xl__workbook_dot_bin="x"), "台帳.xlsb", "xlsb"),
        (
            lambda: a_zip(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
            "台帳.ods",
            "OpenDocument",
        ),
        (lambda: a_zip(daicho_dot_xlsx="x"), "台帳.zip", "取り出して"),
        (lambda: a_zip(readme_dot_md="x"), "台帳.zip", "Excelの表ではない"),
        (b"%PDF-1.7 \x00", "台帳.pdf", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "台帳.png", "画像"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "台帳.xls", "ウェブページ"),
        (b"just words", "台帳.xlsx", "Excelファイルとして読めません"),
        (lambda: random.Random(1).randbytes(5000), "台帳.csv", "文字コードが分からず"),
    ],
)
def test_a_file_nobody_can_read_is_refused(data, name, words):
    with pytest.raises(Refused, match=words) as caught:
        read_tables(data() if callable(data) else data, name)
    assert str(caught.value).endswith("。")
    assert "Error" not in str(caught.value)


def test_a_locked_book_is_really_locked():
    assert msoffcrypto.OfficeFile(io.BytesIO(locked())).is_encrypted()


def test_a_bomb_is_refused_before_it_is_opened(monkeypatch):
    opened = []
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *args, **kwargs: opened.append(args))
    with pytest.raises(Refused):
        read_tables(a_bomb(), "台帳.xlsx")
    assert opened == []


def test_a_missing_file_is_said_so(tmp_path):
    with pytest.raises(Refused, match="見つかりません"):
        read_tables(tmp_path / "ない.xlsx")


def test_a_file_too_large_is_refused_unread(tmp_path):
    path = tmp_path / "台帳.csv"
    with path.open("wb") as stream:
        os.truncate(stream.fileno(), 51 * 1024 * 1024)
    with pytest.raises(Refused, match="大きすぎます"):
        read_tables(path)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["これは手紙です。"], ["どうぞよろしく。"]], "1つしかありません"),
        ([["品名", "数量", "単価"], ["りんご", "3", "100"]], "見出しが見つかりません"),
        ([["氏名", "住所", "電話番号"], ["山田花子", "東町1-2", "075-000-1111"]], "台帳ではなさそう"),
        ([["月", "件数", "前年"], ["4", "52", "49"], ["5", "61", "55"]], "見出しが見つかりません"),
    ],
    ids=["a letter", "a shop", "a list of names", "figures"],
)
def test_what_is_no_ledger_is_refused(rows, words):
    with pytest.raises(Refused, match=words):
        open_ledger(a_text(rows), "表.csv")
    with pytest.raises(Refused, match=words):
        open_ledger(a_book({"表": rows}), "表.xlsx")


def test_more_than_100_000_rows_are_refused():
    data = a_text([HEADING]) + a_text([ROW]) * 100_051
    with pytest.raises(Refused, match="10万行"):
        read_tables(data, "台帳.csv")


def test_an_empty_sheet_and_a_sheet_of_charts_are_refused():
    with pytest.raises(Refused, match="何も書かれていません"):
        open_ledger(a_book({"Sheet1": []}), "台帳.xlsx")


def test_too_many_columns_are_refused():
    with pytest.raises(Refused, match="列が"):
        read_tables(a_text([["あ"] * 600]), "台帳.csv")
    with pytest.raises(Refused, match="列が"):
        read_tables(a_book({"台帳": [["あ"] * 600]}), "台帳.xlsx")


def test_merges_over_the_whole_sheet_cost_nothing():
    """A book may claim merges of sixteen billion cells; reading stays small."""
    merges = "".join(f'<mergeCell ref="A{row}:XFD1048576"/>' for row in range(3, 300)).encode()
    book = with_part(
        a_ledger(),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + merges + b"</mergeCells>"),
    )
    assert len(list(open_ledger(book, "台帳.xlsx").rows())) == 1


def test_a_book_of_formulas_never_calculated_is_refused():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台帳")
    sheet.append(HEADING)
    for _ in range(3400):
        sheet.append(["=A1"] * 30)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refused, match="計算式ばかり"):
        read_tables(out.getvalue(), "台帳.xlsx")


def test_a_story_as_long_as_a_book_in_one_cell_is_read_at_once():
    data = a_text(
        [
            ["受付日", "困りごと", "対応", "氏名"],
            *[["R5.4.1", "介護 " * 200_000, "電話した。" * 100_000, "谷" * 100_000]] * 2,
        ]
    )
    assert len(list(open_ledger(data, "台帳.csv").rows())) == 2
