"""An Excel book that came from elsewhere is weighed before it is opened: bombs, passwords, other kinds of zip."""

from __future__ import annotations

import io
import zipfile

from .refusal import Refused

# A ledger of 100,000 rows unpacks to about 100 MB at 10 : 1; a bomb to gigabytes at 1,000 : 1.
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_WORDS_BYTES = 100 * 1024 * 1024  # sharedStrings.xml lies in memory whole
MAX_RATIO = 200
HARMLESS_BYTES = 2 * 1024 * 1024  # below this any ratio is harmless
MAX_PARTS = 5_000

RESAVE = "Excelで開いて「Excelブック(*.xlsx)」で保存し直してから、もう一度選んでください。"


def damaged() -> Refused:
    """For a book that cannot be read."""
    return Refused(f"Excelファイルがこわれていて読めません。{RESAVE}")


def weigh(data: bytes, what: str = "台帳") -> None:
    """Refuse by the zip's directory alone. zipfile never unpacks more of a part than the directory says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parcel:
            parts = parcel.infolist()
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise Refused(f"パスワードのかかった圧縮ファイルです。パスワードを外してください。{RESAVE}")
            unpacked = sum(part.file_size for part in parts)
            if (
                len(parts) > MAX_PARTS
                or unpacked > MAX_UNPACKED_BYTES
                or (unpacked > HARMLESS_BYTES and unpacked > MAX_RATIO * len(data))
                or any(
                    part.file_size > HARMLESS_BYTES
                    and part.file_size > MAX_RATIO * max(1, part.compress_size)
                    for part in parts
                )
                or any(
                    part.filename.lower().endswith("sharedstrings.xml") and part.file_size > MAX_WORDS_BYTES
                    for part in parts
                )
            ):
                raise Refused(
                    "開くと異常に大きくなるファイルなので、安全のため開きませんでした。"
                    f"{what}のシートだけを新しいブックに写して保存し、そのファイルを選んでください。"
                )
            if "xl/workbook.bin" in names:
                raise Refused(f"Excelバイナリブック(.xlsb)です。{RESAVE}")
            if "mimetype" in names and b"opendocument" in parcel.read("mimetype"):
                raise Refused(f"OpenDocumentの表(.ods)です。{RESAVE}")
            if "word/document.xml" in names:
                raise Refused(f"Wordの文書です。{what}のExcelかCSVのファイルを選んでください。")
            if "xl/workbook.xml" not in names:
                if any(name.lower().endswith((".xlsx", ".xls", ".csv")) for name in names):
                    raise Refused(
                        "圧縮ファイル(ZIP)です。中のファイルを取り出してから、1つずつ選んでください。"
                    )
                raise Refused(f"Excelの表ではない圧縮ファイルです。{RESAVE}")
            if any(_has_entities(parcel, part) for part in parts):
                raise damaged()
    except Refused:
        raise
    except Exception as error:  # zipfile and zlib raise many kinds for a damaged directory
        raise damaged() from error


def _has_entities(parcel: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """No honest part of a book declares a document type; only that can make XML grow while it is read."""
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with parcel.open(part) as stream:
        return b"<!DOCTYPE" in stream.read(4096).replace(b"\x00", b"").upper()
