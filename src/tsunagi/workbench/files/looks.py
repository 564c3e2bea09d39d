"""What a file really is, by its content and its name, and whether it may be kept. Plain Python over a seekable stream.

Kept: pictures, PDF, Word, Excel, PowerPoint, OpenDocument, plain text and CSV. Nothing that runs by itself: macros,
scripts, programs behind a document. Nothing is unpacked to the disk, no picture is decoded, and what is unpacked to be
looked at is counted, so that a small file that becomes enormous is refused and does no harm.
"""

from __future__ import annotations

import contextlib
import io
import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from tsunagi.shared.labels import Labelled
from tsunagi.shared.my_number import find
from tsunagi.shared.refusal import Refused

from .names import safe_name, split

MOST_PIXELS = 120_000_000
"""A picture of more dots is not drawn by an office's computer (a scanned A3 page at 600 dpi has 70 million)."""
MOST_UNPACKED = 300 * 2**20
MOST_ENTRIES = 5_000
STEEPEST = 150
"""How many times its packed size a large part of a document may unpack to (an ordinary sheet reaches 30)."""
_READ = 8 * 2**20

KINDS = "画像(JPEG・PNG・HEICなど)・PDF・Word・Excel・PowerPoint・テキスト・CSV"


class Mark(Labelled):
    """What whoever opens the file should know."""

    PASSWORD = "password", "パスワードつき・中は未確認"
    EMBEDDED = "embedded", "中に別のファイルが入っています"
    LINKED = "linked", "ほかのファイルを参照しています"


@dataclass(frozen=True)
class Look:
    """What a file is: media type, the ending it should have, the name to keep, and its marks."""

    media_type: str
    extension: str
    name: str
    marks: tuple[Mark, ...] = ()


TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".tif": "image/tiff",
    ".bmp": "image/bmp",
    ".heic": "image/heic",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
}
ACCEPT = ",".join((*TYPES, ".jpeg", ".tiff", ".heif"))
"""For the `accept` of an input."""

_PICTURES = (".jpg", ".png", ".gif", ".webp", ".tif", ".bmp", ".heic")
_SPELLED = {
    ".jpeg": ".jpg",
    ".jpe": ".jpg",
    ".jfif": ".jpg",
    ".tiff": ".tif",
    ".heif": ".heic",
    ".dib": ".bmp",
}
_MACRO_ENDINGS = {
    ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm", ".ppam", ".ppsm", ".sldm", ".xla",
}  # fmt: skip

MACRO = "マクロ(自動で動くプログラム)が入っているファイルは預かれません。マクロのない形で保存し直すか、PDFにしてください。"
ACTIVE = "開くと自動で動くものが入っているPDFは預かれません。印刷してPDFに保存し直したものを選んでください。"
OUTSIDE = "開くと外のファイルを読み込む文書は預かれません。PDFにして保存し直したものを選んでください。"
BOMB = "ひらくと極端に大きくなるファイルは預かれません。作った人に、別の形で保存し直してもらってください。"
BROKEN = "ファイルが途中で切れているか、壊れています。もとのファイルを開けるか確かめて、選び直してください。"
EMPTY = "中身のないファイルです。もとのファイルを確かめて、選び直してください。"
NUMBER_IN_TEXT = "ファイルの中に個人番号(マイナンバー)と思われる12桁の番号があります。その番号を消して、選び直してください。"
NUMBER_IN_NAME = (
    "ファイルの名前に個人番号(マイナンバー)と思われる番号があります。名前を変えて、選び直してください。"
)
PICTURE_TOO_LARGE = "画像の縦横が大きすぎます。小さくして保存し直すか、PDFにしてください。"


def look_at(stream: IO[bytes], raw_name: str, size: int) -> Look:
    """Say what this is, or raise Refused with what to do instead. The stream is left at its beginning."""
    if size == 0:
        raise Refused(EMPTY)
    if find(raw_name) is not None:
        raise Refused(NUMBER_IN_NAME)
    ending = split(safe_name(raw_name))[1].lower()
    ending = _SPELLED.get(ending, ending)
    if ending in _MACRO_ENDINGS:
        raise Refused(MACRO)
    stream.seek(0)
    with _bytes_of(stream) as data:
        found, marks = _what(stream, data, ending)
    stream.seek(0)
    if found != ending and not (found in _PICTURES and ending in (*_PICTURES, "")):
        raise Refused(_differs(ending, found))
    return Look(TYPES[found], found, safe_name(raw_name, found), tuple(dict.fromkeys(marks)))


def _differs(ending: str, found: str) -> str:
    if ending not in TYPES:
        return f"預かれるのは、{KINDS}です。ほかの形のものは、PDFにして選び直してください。"
    return f"名前は「{ending}」ですが、中身は「{found}」です。もとのソフトで開き、保存し直してから選んでください。"


@contextlib.contextmanager
def _bytes_of(stream: IO[bytes]) -> Iterator[Any]:
    """The content without a copy in memory where the stream is a file on the disk."""
    try:
        number = stream.fileno()
    except (AttributeError, OSError, io.UnsupportedOperation):
        yield stream.read()
        return
    with mmap.mmap(number, 0, access=mmap.ACCESS_READ) as mapped:
        yield mapped


def _what(stream: IO[bytes], data: Any, ending: str) -> tuple[str, list[Mark]]:
    head = bytes(data[:64])
    if head.startswith(b"%PDF-"):
        return ".pdf", _pdf(data)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(stream)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(data)
    picture = _picture(head)
    if picture:
        width, height = _dots(picture, data)
        if width * height > MOST_PIXELS:
            raise Refused(PICTURE_TOO_LARGE)
        return picture, []
    if ending in (".txt", ".csv"):
        return ending, _text(bytes(data[:]))
    raise Refused(_unknown(head))


def _unknown(head: bytes) -> str:
    """What else it seems to be, so that whoever chose it recognises the mistake."""
    import puremagic

    try:
        seems = str(puremagic.from_string(head)).lstrip(".")
    except (puremagic.PureError, ValueError):
        seems = ""
    said = f"(中身は {seems} のようです)" if re.fullmatch(r"[a-z0-9]{1,5}", seems) else ""
    return f"預かれるのは、{KINDS}です{said}。ほかの形のものは、PDFにして選び直してください。"


# -- PDF ------------------------------------------------------------------------------------------------------

_NAME = re.compile(rb"/((?:[A-Za-z0-9_]|#[0-9A-Fa-f]{2}){1,40})")
_RUNS = {b"JavaScript", b"JS", b"Launch", b"RichMedia", b"SubmitForm", b"ImportData", b"XFA"}
_STREAM = re.compile(
    rb"<<((?:(?!<<|endobj).){0,2000}?/ObjStm(?:(?!endobj|stream).){0,2000}?)>>\s*stream\r?\n", re.DOTALL
)


def _pdf(data: Any) -> list[Mark]:
    """PDF names that make a viewer run or fetch something, also when written as #4a#53 or packed into object streams."""
    tail = data[max(0, len(data) - 2048) :]
    if b"%%EOF" not in tail and b"startxref" not in tail:
        raise Refused(BROKEN)
    names = _names_in(data)
    budget = 64 * 2**20
    for found in _STREAM.finditer(data):
        unpacked = _inflated(bytes(data[found.end() : found.end() + _READ]), budget)
        budget -= len(unpacked)
        if budget <= 0:
            raise Refused(BOMB)
        names |= _names_in(unpacked)
    if names & _RUNS:
        raise Refused(ACTIVE)
    marks = []
    if b"Encrypt" in names:
        marks.append(Mark.PASSWORD)
    if names & {b"EmbeddedFile", b"EmbeddedFiles"}:
        marks.append(Mark.EMBEDDED)
    return marks


def _names_in(data: Any) -> set[bytes]:
    return {
        re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), found[1])
        for found in _NAME.finditer(data)
    }


def _inflated(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        return unpacker.decompress(packed, most + 1)
    except zlib.error:
        return b""


# -- Office, OpenDocument ---------------------------------------------------------------------------------------

_MAIN_PART = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
_MACRO_PART = re.compile(
    r"(^|/)(vbaproject\.bin|vbadata\.xml|macrosheets/|activex/|basic/|scripts/)", re.IGNORECASE
)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_FETCHES = (b"/attachedtemplate", b"/oleobject", b"/frame", b"/subdocument", b"/externallinkpath\x00")


def _zipped(stream: IO[bytes]) -> tuple[str, list[Mark]]:
    try:
        with zipfile.ZipFile(stream) as archive:
            return _document(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        struct.error,
    ) as error:
        raise Refused(BROKEN) from error


def _document(archive: zipfile.ZipFile) -> tuple[str, list[Mark]]:
    parts = archive.infolist()
    _weigh(parts)
    names = {part.filename for part in parts}
    if any(_MACRO_PART.search(name) for name in names):
        raise Refused(MACRO)
    found = next((ending for part, ending in _MAIN_PART.items() if part in names), "")
    if found and "[Content_Types].xml" in names:
        if b"macroenabled" in _part(archive, "[Content_Types].xml").lower():
            raise Refused(MACRO)
        return found, _relations(archive, names)
    if "mimetype" in names and "content.xml" in names:
        media_type = _part(archive, "mimetype").decode("ascii", "replace").strip()
        for ending in (".odt", ".ods", ".odp"):
            if TYPES[ending] == media_type:
                return ending, _open_document(archive)
    raise Refused("ZIPにまとめたものは預かれません。中のファイルを取り出して、ひとつずつ選んでください。")


def _weigh(parts: list[zipfile.ZipInfo]) -> None:
    """Refuse what would unpack to far more than it is (also parts that lie over one another)."""
    if len(parts) > MOST_ENTRIES or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(BOMB)
    if any(part.file_size > 2 * 2**20 and part.file_size > STEEPEST * part.compress_size for part in parts):
        raise Refused(BOMB)
    ends = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < ends:
            raise Refused(BOMB)
        ends = part.header_offset + part.compress_size
    if any(
        part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename) for part in parts
    ):
        raise Refused(BROKEN)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(BROKEN)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_READ)


def _relations(archive: zipfile.ZipFile, names: set[str]) -> list[Mark]:
    marks = []
    for name in sorted(name for name in names if name.endswith(".rels")):
        for found in _RELATION.finditer(_part(archive, name)):
            words = found[0].lower()
            if b'targetmode="external"' not in words and b"targetmode='external'" not in words:
                continue
            if any(kind in words for kind in _FETCHES):
                raise Refused(OUTSIDE)
            if b"/externallinkpath" in words:
                marks.append(Mark.LINKED)
    if any(re.search(r"/embeddings/[^/]+\.bin$", name) for name in names):
        marks.append(Mark.EMBEDDED)
    return marks


def _open_document(archive: zipfile.ZipFile) -> list[Mark]:
    with contextlib.suppress(KeyError):
        manifest = _part(archive, "META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            return [Mark.PASSWORD]
    if b"<script:event-listener" in _part(archive, "content.xml"):
        raise Refused(MACRO)
    return []


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


# A sheet of Excel 4 macros: BOUNDSHEET, hidden or not, of type 1.
_MACRO_SHEET = re.compile(rb"\x85\x00[\x09-\x50]\x00.{4}[\x00-\x02]\x01[\x01-\x1f]", re.DOTALL)


def _compound(data: Any) -> tuple[str, list[Mark]]:
    """Word, Excel, PowerPoint of before 2007, and the new ones behind a password: a container of named streams."""
    if data.find(_wide("EncryptedPackage")) >= 0:
        # Which of the three it is stands behind the password; the name is believed.
        raise Refused(
            "パスワードのかかったWord・Excel・PowerPointは、ウイルスの検査ができません。パスワードを外して保存し直してください。"
        )
    if data.find(_wide("_VBA_PROJECT")) >= 0 or data.find(_wide("Macros\0")) >= 0:
        raise Refused(MACRO)
    if data.find(_wide("\x01Ole10Native")) >= 0:
        raise Refused(MACRO)
    for stream, ending in (
        ("WordDocument", ".doc"),
        ("PowerPoint Document", ".ppt"),
        ("Workbook", ".xls"),
        ("Book\0", ".xls"),
    ):
        if data.find(_wide(stream)) >= 0:
            if ending == ".xls" and _MACRO_SHEET.search(data):
                raise Refused(MACRO)
            return ending, [Mark.EMBEDDED] if data.find(_wide("ObjectPool")) >= 0 else []
    raise Refused(f"預かれるのは、{KINDS}です。ほかの形のものは、PDFにして選び直してください。")


# -- text ---------------------------------------------------------------------------------------------------------

_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|script|svg|\?xml|\?php|iframe|meta)\b", re.IGNORECASE)


def _text(data: bytes) -> list[Mark]:
    words = _decoded(data)
    if _MARKUP.match(words[:2000]):
        raise Refused(f"ウェブページなどの形です。預かれるのは、{KINDS}です。PDFにして選び直してください。")
    if find(words) is not None:
        raise Refused(NUMBER_IN_TEXT)
    return []


def _decoded(data: bytes) -> str:
    """UTF-8, CP932 (with 外字) or UTF-16: what Japanese offices save text as."""
    codes = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp932")
    for code in codes:
        with contextlib.suppress(UnicodeDecodeError):
            words = data.decode(code)
            if "\0" not in words:
                return words
    raise Refused("文字として読めないファイルです。メモ帳などで開けるか確かめて、保存し直してください。")


# -- pictures: only their first bytes are read ----------------------------------------------------------------------


def _picture(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return ".gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return ".webp"
    if head.startswith((b"II*\0", b"MM\0*")):
        return ".tif"
    if head.startswith(b"BM") and head[14:18] in (b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0", b"\x0c\0\0\0"):
        return ".bmp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"):
        return ".heic"
    return ""


def _dots(ending: str, data: Any) -> tuple[int, int]:
    """Width and height as the header says them; Refused when it says none."""
    try:
        found = _SIZES[ending](data)
    except (struct.error, IndexError, ValueError) as error:
        raise Refused(BROKEN) from error
    if not found or not all(found):
        raise Refused(BROKEN)
    return found


def _jpeg(data: Any) -> tuple[int, int]:
    at = 2
    while at < len(data) - 9:
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        elif marker == 0x01 or 0xD0 <= marker <= 0xD9:
            at += 2
        else:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    raise ValueError


def _webp(data: Any) -> tuple[int, int]:
    form = bytes(data[12:16])
    if form == b"VP8X":
        wide, high = int.from_bytes(data[24:27], "little"), int.from_bytes(data[27:30], "little")
        return wide + 1, high + 1
    if form == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError


def _tiff(data: Any) -> tuple[int, int]:
    order = "<" if data[:2] == b"II" else ">"
    at = struct.unpack(f"{order}I", data[4:8])[0]
    sizes: dict[int, int] = {}
    for entry in range(struct.unpack(f"{order}H", data[at : at + 2])[0]):
        start = at + 2 + 12 * entry
        tag, kind = struct.unpack(f"{order}HH", data[start : start + 4])
        if tag in (256, 257):
            form = f"{order}H" if kind == 3 else f"{order}I"
            sizes[tag] = struct.unpack(form, data[start + 8 : start + 8 + struct.calcsize(form)])[0]
    return sizes[256], sizes[257]


def _heic(data: Any) -> tuple[int, int]:
    head = bytes(data[: 256 * 1024])
    found = [struct.unpack(">II", head[at.end() + 4 : at.end() + 12]) for at in re.finditer(b"ispe", head)]
    return max(found, key=lambda pair: pair[0] * pair[1])


def _bmp(data: Any) -> tuple[int, int]:
    if data[14] == 12:
        width, height = struct.unpack("<HH", data[18:22])
        return width, height
    width, height = struct.unpack("<ii", data[18:26])
    return abs(width), abs(height)


def _pair(form: str, start: int) -> Any:
    return lambda data: struct.unpack(form, data[start : start + struct.calcsize(form)])


_SIZES: dict[str, Any] = {
    ".png": _pair(">II", 16),
    ".gif": _pair("<HH", 6),
    ".jpg": _jpeg,
    ".webp": _webp,
    ".tif": _tiff,
    ".bmp": _bmp,
    ".heic": _heic,
}
