"""CSV and TSV as Japanese offices write them: five encodings, three separators, quotes, line breaks in cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from tsunagi.shared.refusal import Refused

from .sheets import MAX_COLUMNS, MAX_LINES, Cell, Line, Sheet

SEPARATORS = (",", "\t", ";", "|")
# A cell may hold a long story, but not half the file: beyond this a quote was simply never closed.
MAX_LINES_IN_A_CELL = 500
FAULTY_SHARE = 0.005  # as many unreadable characters as this, and the encoding is a guess
NAMES = {
    "utf-8": "UTF-8",
    "cp932": "CP932(シフトJIS)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "JIS",
}

csv.field_size_limit(10 * 1024 * 1024)


def read_text(data: bytes, name: str) -> Sheet:
    """Bytes of a CSV or TSV → its one sheet. Raises Refused."""
    text, encoding, notes = decode(data)
    if "\x00" in text:
        text = text.replace("\x00", "")
        notes = (*notes, "文字でない記号(NUL)が入っていたので、取り除いて読みました。")
    text, told = _told_separator(text)
    separator = told or _separator(text)

    def lines() -> Iterator[Line]:
        return _lines(text, separator)

    count = widest = broken = 0
    for line in lines():
        if line.cells:
            count += 1
            widest = max(widest, len(line.cells))
            broken += line.broken
            if count > MAX_LINES:
                raise Refused("10万行をこえています。年度で分けて保存し、1つずつ取り込んでください。")
    if widest > MAX_COLUMNS:
        raise Refused(
            f"列が{widest}もあります。区切りの記号がこわれているかもしれません。Excelで開いて確かめてください。"
        )
    if broken:
        notes = (
            *notes,
            f'引用符(")が閉じていないところが{broken}行ありました。区切りの記号だけで読みました。',
        )
    if encoding != "utf-8":
        notes = (f"文字コードは{NAMES[encoding]}として読みました。", *notes)
    return Sheet(name=name or "CSV", lines=lines, is_text=True, notes=notes, file_name=name)


def decode(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """Bytes → (text, encoding, notes). A byte order mark decides; else the encoding that fits without a fault.

    Raises Refused when nothing fits.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _with_few_faults(data[len(mark) :], encoding, surely_text=True)
    if data[:4096].count(0) > len(data[:4096]) // 20:
        return _utf_16_without_mark(data)
    if b"\x1b$" in data:
        text = _strictly(data, "iso2022_jp")
        if text is not None:
            return text, "iso2022_jp", ()
    text = _strictly(data, "utf-8")
    if text is not None:
        return text, "utf-8", ()
    fits = [
        (text, encoding)
        for encoding in ("cp932", "euc_jp")
        if (text := _strictly(data, encoding)) is not None
    ]
    if fits:
        text, encoding = min(fits, key=lambda one: _oddness(one[0]))
        if _is_noise(text) or (_oddness(text) > 0.35 and len(data) > 1000):
            raise _unknown_encoding()
        return text, encoding, ()
    tries = []
    for encoding in ("utf-8", "cp932"):
        try:
            tries.append(_with_few_faults(data, encoding))
        except Refused:
            continue
    if not tries:
        raise _unknown_encoding()
    return min(tries, key=lambda one: one[0].count("\ufffd"))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _with_few_faults(
    data: bytes, encoding: str, *, surely_text: bool = False
) -> tuple[str, str, tuple[str, ...]]:
    text = data.decode(encoding, errors="replace")
    faults = text.count("\ufffd")
    if (
        (not surely_text and _is_noise(text))
        or faults > max(3, len(text) * FAULTY_SHARE)
        or faults * 4 > len(text)
    ):
        raise _unknown_encoding()
    notes = (f"読めない文字が{faults}か所あり、「�」のまま残しました。",) if faults else ()
    return text, encoding, notes


def _utf_16_without_mark(data: bytes) -> tuple[str, str, tuple[str, ...]]:
    zeros_at = Counter(index % 2 for index, byte in enumerate(data[:4096]) if byte == 0)
    encoding = "utf-16-le" if zeros_at[1] >= zeros_at[0] else "utf-16-be"
    return _with_few_faults(data, encoding)


def _unknown_encoding() -> Refused:
    return Refused(
        "文字コードが分からず、文字として読めません。Excelで開き、「CSV UTF-8(コンマ区切り)」か"
        "「Excelブック(*.xlsx)」で保存し直してから、もう一度選んでください。"
    )


def _oddness(text: str) -> float:
    """How little a text looks like Japanese prose: the share of half-width kana and rare letters among its non-ASCII.

    EUC-JP read as CP932 turns into rows of half-width kana; CP932 read as EUC-JP into rare kanji.
    """
    letters = [letter for letter in text[:20000] if ord(letter) > 0x7F]
    if not letters:
        return 0.0
    plain = sum(1 for letter in letters if _is_plain(letter))
    kana = sum(1 for letter in letters if "\uff61" <= letter <= "\uff9f")
    # A ledger's フリガナ column is honestly half-width: half of its letters may be.
    return max(0.0, (len(letters) - plain - kana * 0.5) / len(letters))


def _is_plain(letter: str) -> bool:
    return (
        "\u3000" <= letter <= "\u30ff"
        or "\uff01" <= letter <= "\uff5e"
        or "\u4e00" <= letter <= "\u9fff"
        or letter in "―−○◎〇●△×※“”‘’…‥→←↑↓①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯￥§°′″ⅠⅡⅢ㈱〓�"
    )


def _is_noise(text: str) -> bool:
    """Control characters in numbers: a program or a picture, not a text."""
    head = text[:20000]
    controls = sum(
        1
        for letter in head
        if (letter < " " and letter not in "\t\r\n\x00\x0b\x0c\x1a\x1b") or letter == "\x7f"
    )
    return controls > max(20, len(head) // 20)


def _told_separator(text: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;` names the separator and is no line of the sheet."""
    told = re.match(r'"?sep=(.)"?\r?\n', text, flags=re.IGNORECASE)
    return (text[told.end() :], told[1]) if told else (text, None)


def _separator(text: str) -> str:
    """The separator that cuts the first hundred lines into the most even columns."""
    head = text[:200_000]
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        widths: Counter[int] = Counter()
        for line in _lines(head, separator):
            if line.number > 100:
                break
            if any(cell for cell in line.cells):
                widths[len(line.cells)] += 1
        if not widths:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        score = (width - 1) * times / widths.total()
        if score > best_score * 1.2:
            best, best_score = separator, score
    return best


def _lines(text: str, separator: str) -> Iterator[Line]:
    """Records with the numbers Excel would show. A quote that never closes costs its own line, not the rest."""
    waiting: list[str] = []
    number = 0
    width = 0
    physical = iter(io.StringIO(text, newline=""))
    queue: list[str] = []
    while True:
        raw = queue.pop(0) if queue else next(physical, None)
        if raw is None:
            if not waiting:
                return
            # The quote opened at waiting[0] never closed: give that line up as it stands, read the rest anew.
            number += 1
            yield Line(number, _cells_as_they_stand(waiting[0], separator), broken=True)
            queue, waiting = waiting[1:], []
            continue
        if not waiting and '"' not in raw:
            number += 1
            yield Line(number, _plain_cells(raw, separator))
            width = max(width, raw.count(separator) + 1)
            continue
        waiting.append(raw)
        if _is_open(waiting, separator) and len(waiting) < MAX_LINES_IN_A_CELL:
            continue
        cells = _quoted_cells("".join(waiting), separator)
        number += 1
        if len(waiting) > 1 and (
            len(waiting) >= MAX_LINES_IN_A_CELL or _has_swallowed(cells, separator, width)
        ):
            yield Line(number, _cells_as_they_stand(waiting[0], separator), broken=True)
            queue[:0] = waiting[1:]
        else:
            yield Line(number, cells)
            width = max(width, len(cells))
        waiting = []


def _plain_cells(raw: str, separator: str) -> tuple[Cell, ...]:
    raw = raw.rstrip("\r\n")
    return tuple(raw.split(separator)) if raw else ()


def _cells_as_they_stand(raw: str, separator: str) -> tuple[Cell, ...]:
    return tuple(cell.strip('"') for cell in raw.rstrip("\r\n").split(separator))


def _quoted_cells(chunk: str, separator: str) -> tuple[Cell, ...]:
    for row in csv.reader(io.StringIO(chunk, newline=""), delimiter=separator):
        return tuple(row)
    return ()


def _is_open(waiting: list[str], separator: str) -> bool:
    """Whether a quoted cell goes on in the next line: quotes count only where a cell begins."""
    if "".join(waiting).count('"') % 2 == 0:
        return False
    try:
        list(csv.reader(io.StringIO("".join(waiting), newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _has_swallowed(cells: tuple[Cell, ...], separator: str, width: int) -> bool:
    """Whether one cell holds whole records: a stray quote that met another stray quote further down."""
    if width < 3:
        return False
    return any(
        isinstance(cell, str)
        and "\n" in cell
        and any(part.count(separator) >= width - 1 for part in cell.split("\n"))
        for cell in cells
    )
