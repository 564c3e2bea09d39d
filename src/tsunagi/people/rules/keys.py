"""The folded keys a person is found by, and the ranges a search asks for. Same folding on both sides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from tsunagi.shared.labels import Labelled

from .matching import Birth

# A number or an address carried by so many persons is an institution's, not a family's.
SHARED_FROM = 12
LONGEST_KEY = 100


class KeyKind(Labelled):
    """What a search key is: a whole name or a part of it, as written, as read, or as loosely read; or another fact."""

    NAME = "name", "氏名"
    PART = "part", "氏名の一部"
    KANA = "kana", "読み"
    KPART = "kpart", "読みの一部"
    LOOSE = "loose", "近い読み"
    LPART = "lpart", "近い読みの一部"
    PHONE = "phone", "電話"
    ADDRESS = "address", "住所"
    BIRTH = "birth", "生年月日"


def _squeeze(text: str) -> str:
    return re.sub(r"[\s・,，、.．]+", " ", unicodedata.normalize("NFKC", text)).strip()


def fold_written(text: str) -> str:
    return _squeeze(text).casefold()


def fold_read(text: str) -> str:
    return "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in _squeeze(text)).casefold()


def fold_loosely(text: str) -> str:
    return fold_read(text).replace("ー", "")


def is_reading(text: str) -> bool:
    return not re.search(r"[㐀-鿿豈-﫿々〆]|[\U00020000-\U0003ffff]", unicodedata.normalize("NFKC", text))


def phone_digits(text: str) -> str:
    """The digits of a number, without the country: +81-75-955-1234 → 0759551234."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    if unicodedata.normalize("NFKC", text).strip().startswith("+81"):
        digits = "0" + digits[2:].removeprefix("0")
    return digits[:20]


def address_key(text: str) -> str:
    """An address as it is compared: prefecture and city apart, 丁目・番地・号 as 1-2-3, width and dashes alike."""
    line = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    line = re.sub(r"^〒?\d{3}-?\d{4}", "", line)
    line = re.sub(r"^(北海道|東京都|大阪府|京都府|.{2,3}県)", "", line)
    line = re.sub(r"^.{1,5}?市", "", line) if re.match(r"^.{1,5}?市.", line) else line
    line = re.sub(r"[‐‑‒–—―−ｰー](?=\d)", "-", line)
    line = re.sub(r"(丁目|番地の?|番)(?=\d)", "-", line)
    line = re.sub(r"(丁目|番地|番|号)", "", line)
    return line[:LONGEST_KEY]


def town_of(text: str) -> str:
    """The town of an address, without numbers (町名 on an index card)."""
    found = re.match(r"^[^\d]*", address_key(text))
    return found.group().rstrip("-") if found else ""


def birth_key(birth: Birth) -> str:
    """19480115, 194801 or 1948: what is known, so that a beginning finds the whole. Estimates have none."""
    if birth.on:
        return f"{birth.on:%Y%m%d}"
    if birth.year is None or birth.about:
        return ""
    return f"{birth.year:04d}" + (f"{birth.month:02d}" if birth.month else "")


def read_birth_key(key: str) -> Birth:
    """The birth date a key stands for."""
    year, month, day = int(key[:4]), int(key[4:6] or 0) or None, int(key[6:8] or 0) or None
    on = date(year, month, day) if month and day else None
    return Birth(on, year, month)


def name_keys(written: str, read: str = "", *, field: str = "name") -> set[tuple[KeyKind, str]]:
    """The keys of one name: as written and as read. A part is any word but the first; the whole begins with that.

    `field="kana"` says that what is given as written is a reading.
    """
    keys: set[tuple[KeyKind, str]] = set()
    reading = read
    if field == "kana" or is_reading(written):
        reading = reading or written
    if field != "kana":
        _add(keys, KeyKind.NAME, KeyKind.PART, fold_written(written))
    readings = {reading, written} if field != "kana" and is_reading(written) else {reading}
    for text in readings:
        _add(keys, KeyKind.KANA, KeyKind.KPART, fold_read(text))
        _add(keys, KeyKind.LOOSE, KeyKind.LPART, fold_loosely(text))
    return keys


def _add(keys: set[tuple[KeyKind, str]], whole: KeyKind, part: KeyKind, folded: str) -> None:
    words = folded.split()
    if not words:
        return
    keys.add((whole, "".join(words)[:LONGEST_KEY]))
    for place in range(1, len(words)):
        keys.add((part, "".join(words[place:])[:LONGEST_KEY]))


def person_keys(
    *,
    names: Iterable[tuple[str, str]],
    birth: tuple[date | None, int | None, int | None, bool],
    phones: Iterable[tuple[str, bool]],
    addresses: Iterable[tuple[str, bool]],
) -> list[tuple[KeyKind, str, bool]]:
    """Every key of a person: (kind, key, used by many). Names are (as written, as read), phones digits."""
    keys: set[tuple[KeyKind, str]] = set()
    for written, read in names:
        keys |= name_keys(written, read)
    key = birth_key(Birth(*birth))
    if key:
        keys.add((KeyKind.BIRTH, key))
    found = [(kind, key, False) for kind, key in sorted(keys) if key]
    found += [(KeyKind.PHONE, digits, shared) for digits, shared in dict(phones).items() if digits]
    found += [(KeyKind.ADDRESS, key, shared) for key, shared in dict(addresses).items() if key]
    return found


def search_ranges(words: Sequence[str], *, field: str = "name") -> list[tuple[str, str]]:
    """What a name as typed so far begins: (kind, beginning). One word may begin a part, several words only a whole."""
    text = " ".join(words)
    ranges: list[tuple[str, str]] = []
    written, read, loose = (fold(text).replace(" ", "") for fold in (fold_written, fold_read, fold_loosely))
    reading = field == "kana" or is_reading(text)
    if field != "kana" and written:
        ranges.append((KeyKind.NAME, written))
        if len(words) == 1:
            ranges.append((KeyKind.PART, written))
    if reading and read:
        ranges.append((KeyKind.KANA, read))
        if len(words) == 1:
            ranges.append((KeyKind.KPART, read))
    if reading and loose:
        ranges.append((KeyKind.LOOSE, loose))
        if len(words) == 1:
            ranges.append((KeyKind.LPART, loose))
    return [(str(kind), key[:LONGEST_KEY]) for kind, key in ranges]
