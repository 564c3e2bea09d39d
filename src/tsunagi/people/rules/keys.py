"""The folded keys a person is found by, and the ranges a search asks for. Same folding on both sides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tsunagi.shared import addresses, phones
from tsunagi.shared.labels import Labelled
from tsunagi.shared.names import fold_name

from .births import Birth

LONGEST_KEY = 100
_KANJI = re.compile(r"[㐀-鿿豈-﫿々〆]|[\U00020000-\U0003ffff]")
_DOOR = re.compile(r" \d+-\d")
_KATAKANA = re.compile(r"^[ァ-ヺー]+$")
_BETWEEN = re.compile(r"[\s・･·•‧＝゠=,，、/／]+")


class KeyKind(Labelled):
    """What a search key is: a whole name or a part of it, as written, as read, or as loosely read; or another fact."""

    NAME = "name", "氏名"
    PART = "part", "氏名の一部"
    GUESS = "guess", "名の始まりかもしれないところ"
    KANA = "kana", "読み"
    KPART = "kpart", "読みの一部"
    LOOSE = "loose", "近い読み"
    LPART = "lpart", "近い読みの一部"
    PHONE = "phone", "電話"
    ADDRESS = "address", "住所"
    BIRTH = "birth", "生年月日"


def is_reading(text: str) -> bool:
    """Whether a text holds no kanji: kana or an alphabet, so it may be how a name is read."""
    return not _KANJI.search(unicodedata.normalize("NFKC", text))


def words_of(text: str) -> tuple[str, ...]:
    """The parts of a name as typed. A letter left over by a half-typed kana (たn) is dropped."""
    typed = re.sub(r"(?<=[ぁ-ゖァ-ヺー])[a-zA-Zａ-ｚＡ-Ｚ]{1,2}$", "", text.strip())
    return tuple(part for part in _BETWEEN.split(typed) if fold_name(part))


@dataclass(frozen=True)
class Home:
    """What people here leave out when they write: the prefecture, the city, the area code (京都府, 長岡京市, 075)."""

    prefecture: str = ""
    city: str = ""
    area_code: str = ""


def phone_key(text: str, home: Home) -> str:
    """The digits of a number as it is dialled here; a local number gets the city's area code."""
    return phones.digits(text, area_code=home.area_code)[:20]


def address_key(text: str, home: Home) -> str:
    """Town and numbers of an address, however they were written, without the building: 開田 2-25-14."""
    return addresses.fold_address(text, prefecture=home.prefecture, city=home.city).key[:LONGEST_KEY]


def is_a_door(key: str) -> bool:
    """Whether an address key says enough to be one door: a town or a 丁目 alone is not."""
    return bool(_DOOR.search(key))


def birth_key(birth: Birth) -> str:
    """19480115, 194801 or 1948: what is known, so that a beginning finds the whole. ~1948 is an estimate."""
    if birth.on:
        return f"{birth.on:%Y%m%d}"
    if birth.year is None:
        return ""
    if birth.about:
        return f"~{birth.year:04d}"
    return f"{birth.year:04d}" + (f"{birth.month:02d}" if birth.month else "")


def read_birth_key(key: str) -> Birth:
    """The birth date a key stands for."""
    if key.startswith("~"):
        return Birth(None, int(key[1:]), None, about=True)
    year, month, day = int(key[:4]), int(key[4:6] or 0) or None, int(key[6:8] or 0) or None
    on = date(year, month, day) if month and day else None
    return Birth(on, year, month)


def name_keys(written: str, read: str = "") -> set[tuple[KeyKind, str]]:
    """The keys of one name as written and as read.

    The whole is folded without its gaps, so サト オサム and さとおさむ are one. A part is what begins at any word but
    the first. Where nobody left a gap the given name's place is guessed, only to find it by its beginning.
    """
    keys = _keys(written, KeyKind.NAME, KeyKind.PART)
    for reading in filter(None, {read, written if is_reading(written) else ""}):
        keys |= _keys(reading, KeyKind.KANA, KeyKind.KPART)
        keys |= {
            (_LOOSER[kind], key.replace("ー", ""))
            for kind, key in _keys(reading, KeyKind.KANA, KeyKind.KPART)
            if kind in _LOOSER
        }
    return {(kind, key[:LONGEST_KEY]) for kind, key in keys if key}


_LOOSER = {KeyKind.KANA: KeyKind.LOOSE, KeyKind.KPART: KeyKind.LPART}


def _keys(text: str, whole: KeyKind, part: KeyKind) -> set[tuple[KeyKind, str]]:
    words = words_of(text)
    if not words:
        return set()
    keys = {(whole, fold_name("".join(words)))}
    keys |= {(part, fold_name("".join(words[place:]))) for place in range(1, len(words))}
    if len(words) > 3 and is_reading(text):
        # A long foreign name also counts in the order of the letters; a question has only so many orders.
        keys.add((whole, "".join(sorted(fold_name(word) for word in words))))
    if len(words) == 1:
        keys |= {(KeyKind.GUESS, key) for key in _guesses(fold_name(words[0]), whole)}
    return keys


# Where a given name may begin in a name of so many characters: family names of two are by far the most common.
_PLACES = {2: (1,), 3: (1, 2), 4: (2, 3), 5: (2, 3), 6: (3,)}


def _guesses(key: str, whole: KeyKind) -> list[str]:
    if whole is KeyKind.NAME:
        return [key[place:] for place in _PLACES.get(len(key), ())] if _KANJI.search(key) else []
    return [key[place:] for place in (2, 3, 4) if len(key) - place >= 2 and _KATAKANA.match(key)]


def is_full(*, names: Iterable[str], readings: Iterable[str], has_parts: bool) -> bool:
    """Whether a given name is surely among these keys: a gap says so, or a length no family name has (勅使河原 apart)."""
    return (
        has_parts
        or any(len(key) >= 4 and _KANJI.search(key) for key in names)
        or any(len(key) >= 6 and _KATAKANA.match(key) for key in readings)
    )


def person_keys(
    *,
    names: Iterable[tuple[str, str]],
    birth: tuple[date | None, int | None, int | None, bool],
    numbers: Iterable[tuple[str, bool]],
    places: Iterable[tuple[str, bool]],
) -> list[tuple[KeyKind, str, bool]]:
    """Every key of a person: (kind, key, used by many). Names are (as written, as read), numbers and places keys."""
    keys: set[tuple[KeyKind, str]] = set()
    for written, read in names:
        keys |= name_keys(written, read)
    key = birth_key(Birth(*birth))
    if key:
        keys.add((KeyKind.BIRTH, key))
    found = [(kind, key, False) for kind, key in sorted(keys) if key]
    found += [(KeyKind.PHONE, digits, shared) for digits, shared in dict(numbers).items() if digits]
    found += [(KeyKind.ADDRESS, key, shared) for key, shared in dict(places).items() if key]
    return found


def search_ranges(words: Sequence[str], *, whole_only: bool = False) -> list[tuple[str, str]]:
    """What a name as typed so far begins: (kind, beginning). One word may begin a part, several words only a whole."""
    text = "".join(words)
    key = fold_name(text)[:LONGEST_KEY]
    if not key:
        return []
    parts = len(words) == 1 and not whole_only
    kinds = [KeyKind.NAME] + ([KeyKind.PART, KeyKind.GUESS] if parts else [])
    if not is_reading(text):
        return [(str(kind), key) for kind in kinds]
    loose = key.replace("ー", "")
    # Whatever a reading begins, its loose form begins too: the strict kind is asked only where the two differ.
    if loose != key:
        kinds += [KeyKind.KANA] + ([KeyKind.KPART] if parts else [])
    ranges = [(str(kind), key) for kind in kinds]
    if loose:
        ranges += [(str(kind), loose) for kind in [KeyKind.LOOSE] + ([KeyKind.LPART] if parts else [])]
    return ranges
