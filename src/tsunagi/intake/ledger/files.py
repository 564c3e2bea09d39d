"""A file as it comes from a desk → its sheets, or one sentence why it cannot be read and what to do.

The kind is decided by what the bytes are, never by the name alone: ledgers arrive as 「台帳.xls」 that are web pages,
and as 「台帳.csv」 that are Excel books.
"""

from __future__ import annotations

from pathlib import Path

from tsunagi.shared.refusal import Refused

from .books import read_book
from .sheets import MAX_FILE_BYTES, Sheet
from .texts import read_text

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"
OLD_EXCEL = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00")
OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "文書(RTF)"),
    (b"\x89PNG", "画像"),
    (b"\xff\xd8\xff", "画像"),
    (b"GIF8", "画像"),
    (b"II*\x00", "画像"),
    (b"MM\x00*", "画像"),
    (b"7z\xbc\xaf", "圧縮ファイル(7z)"),
    (b"Rar!", "圧縮ファイル(RAR)"),
    (b"\x1f\x8b", "圧縮ファイル(gz)"),
    (b"MZ", "プログラム"),
)
AS_XLSX = "Excelで開き、「名前を付けて保存」で種類を「Excelブック(*.xlsx)」にして保存し、そのファイルを選び直してください。"


def read_tables(source: str | Path | bytes, filename: str = "") -> list[Sheet]:
    """Open a ledger file (.xlsx, .xlsm, .csv, .tsv, .txt).

    `source` is a path or the bytes themselves; `filename` is what the clerk called it (it may tell the year).
    Raises Refused: empty, too large, password-protected, damaged, a zip bomb, an old or foreign kind of file,
    an encoding nobody can tell, more than 100,000 rows.
    """
    if isinstance(source, bytes):
        data, name = source, filename
    else:
        path = Path(source)
        if not path.is_file():
            raise Refused("ファイルが見つかりません。場所と名前を確かめてください。")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _too_large()
        data, name = path.read_bytes(), filename or path.name
    return _read(data, name)


def _read(data: bytes, name: str) -> list[Sheet]:
    if len(data) > MAX_FILE_BYTES:
        raise _too_large()
    if not data.strip(b"\x00 \t\r\n\x1a\xef\xbb\xbf\xff\xfe"):
        raise Refused("ファイルは空です。中身が入っているか、Excelで開いて確かめてください。")
    if data.startswith(OLE):
        raise _ole_refusal(data, name)
    if data.startswith(OLD_EXCEL):
        raise _old_excel()
    if data.startswith(ZIP):
        return read_book(data, name)
    for magic, kind in OTHER_KINDS:
        if data.startswith(magic):
            raise Refused(
                f"これは{kind}で、台帳の表として読めません。元のExcelかCSVのファイルを選んでください。"
            )
    if name.lower().endswith((".xlsx", ".xlsm")):
        raise Refused(
            "Excelファイルとして読めません。途中で切れているか、壊れています。元のファイルをExcelで開いて保存し直してください。"
        )
    if _is_web_page(data):
        raise Refused(f"中身がウェブページ(HTML)の形です。{AS_XLSX}")
    return [read_text(data, name)]


def _too_large() -> Refused:
    return Refused(
        f"ファイルが大きすぎます(上限{MAX_FILE_BYTES // 1024 // 1024}MB)。"
        "年度か月で分けて保存し、1つずつ取り込んでください。"
    )


def _old_excel() -> Refused:
    return Refused(f"古い形のExcel(.xls)です。{AS_XLSX}")


def _ole_refusal(data: bytes, name: str) -> Refused:
    """Old Excel and a password-protected new Excel share one container; its directory tells them apart."""
    if "EncryptedPackage".encode("utf-16-le") in data or name.lower().endswith((".xlsx", ".xlsm")):
        return Refused(
            "パスワードのかかったExcelです。Excelで開き、「ファイル」→「情報」→「ブックの保護」で"
            "パスワードを外して保存してから、もう一度選んでください。"
        )
    if "WordDocument".encode("utf-16-le") in data:
        return Refused("Wordの文書です。台帳のExcelかCSVのファイルを選んでください。")
    return _old_excel()


def _is_web_page(data: bytes) -> bool:
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version:"))
