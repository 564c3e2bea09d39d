"""Addresses in the city: the same place under one key, however 丁目・番地・号 were written.

Nothing is looked up and nothing is corrected: what a worker typed is stored as typed, this is the key beside
it. The parts follow 自治体標準オープンデータセット: 町字, 番地以下, 建物名等(方書).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from tsunagi.shared.names import fold_name

_PREFECTURE = re.compile("(?:北海道|東京都|(?:京都|大阪)府|[一-鿿]{2,3}県)\\s*")
_POSTAL_CODE = re.compile(r"〒?\s*\d{3}-\d{4}(?![\d-])\s*|〒\s*\d{7}\s*")
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−─━~〜～", "-"))
_LONG_MARK = re.compile("(?<=[\\d一二三四五六七八九十百])\\s*ー\\s*(?=[\\d一二三四五六七八九十百])")
_KANJI = "〇一二三四五六七八九十百"
_KANJI_NUMBER = re.compile(
    f"[{_KANJI}]+(?=丁目|番地|番|号)"
    f"|(?<=[\\d目番地\\-])[{_KANJI}]+(?=$|[\\s\\-号の])"
    f"|(?<![{_KANJI}])[{_KANJI}]+(?=[\\-の][{_KANJI}\\d]+(?:$|[\\s\\-号の番]))"
)
_NUMBERS = re.compile(
    r"(?P<first>\d+)(?P<rest>(?:(?:\s*丁目\s*|\s*番地?[のノ]?\s*|\s*号?\s*-\s*|[のノ/])\d+)*)"
    r"\s*(?P<unit>丁目|番地|番|号(?![室棟]))?(?!\d*(?:号?棟|階|F\b|号室))"
)
_AZA = re.compile("大字|小字|(?<![十文数八])字(?=[一-鿿ぁ-ヿ])")
_GA = re.compile("[ガケ](?=[丘岡谷原崎浜島台峰峠池関])")
_STREET_NUMBERS = 3
_CITY_ENDS = "市区町村郡"


@dataclass(frozen=True)
class Address:
    """`town` 町字 as written (half width, without 府県・市, 大字 and 字), `numbers` e.g. (2, 17, 6),
    `building` the rest.

    `key` is equal for the same place: town and numbers folded, without the building (neighbours in one house
    share it). `has_chome` says that the first number is a 丁目. Empty text gives an empty key.
    """

    town: str
    numbers: tuple[int, ...]
    building: str
    key: str
    has_chome: bool = field(default=False, compare=False)

    @property
    def whole_key(self) -> str:
        """`key` with the building: one flat."""
        return f"{self.key} {_building_key(self.building)}".strip()


def fold_address(text: str | None, *, prefecture: str = "", city: str = "") -> Address:
    """Take an address apart.

    `prefecture` and `city` are the city's settings (京都府, 長岡京市; a town's 郡 belongs to `city`:
    乙訓郡大山崎町, and may be left out by who writes). They are removed where they stand in front; another
    city's name stays part of the town, so that its key is another. A fourth number (2-17-6-101) counts as the
    room.
    """
    plain = _plain(text or "")
    plain = _without_city(plain, _plain(prefecture), _plain(city))
    plain = _KANJI_NUMBER.sub(lambda run: str(_number(run[0])), plain)
    match = _street_numbers(plain)
    if match is None:
        town, building = _split_at_building(plain)
        return _address(town, (), building, has_chome=False)
    numbers = [int(run) for run in re.findall(r"\d+", match["first"] + match["rest"])]
    room = "-".join(str(number) for number in numbers[_STREET_NUMBERS:])
    after = plain[match.end() :].strip(" -,、")
    building = " ".join(part for part in (room, after) if part)
    written = match["rest"] + (match["unit"] or "")
    has_chome = written.lstrip().startswith("丁目") or len(numbers) >= _STREET_NUMBERS
    town = plain[: match.start()]
    return _address(town, tuple(numbers[:_STREET_NUMBERS]), building, has_chome=has_chome)


def _street_numbers(plain: str) -> re.Match[str] | None:
    """The street numbers at the first digit, None where that digit belongs to a building (3棟) or to nothing."""
    digit = re.search(r"\d", plain)
    found = _NUMBERS.match(plain, digit.start()) if digit else None
    return found if found and (found.start() or found["rest"] or found["unit"]) else None


def _split_at_building(plain: str) -> tuple[str, str]:
    house = re.search(r"\s|\d+(?=号?棟|階|F\b|号室)", plain)
    return (plain, "") if house is None else (plain[: house.start()], plain[house.start() :].strip())


def town_of(text: str | None, towns: Iterable[str], *, prefecture: str = "", city: str = "") -> str | None:
    """The town of the list this address lies in, spelt as in the list: the longest that fits; None if none
    does.

    Towns with a 丁目 (開田二丁目) win over the bare town when the first number of the address is theirs.
    """
    address = fold_address(text, prefecture=prefecture, city=city)
    key = _town_key(address.town)
    best: tuple[tuple[int, int], str] | None = None
    for town in towns:
        wanted, chome = _wanted(town, prefecture, city)
        if not wanted or not _begins_with(key, wanted):
            continue
        if chome and not (key.endswith(wanted) and address.has_chome and address.numbers[:1] == chome):
            continue
        if best is None or (len(wanted), len(chome)) > best[0]:
            best = ((len(wanted), len(chome)), town)
    return best[1] if best else None


@lru_cache(maxsize=4096)
def _wanted(town: str, prefecture: str, city: str) -> tuple[str, tuple[int, ...]]:
    listed = fold_address(town, prefecture=prefecture, city=city)
    return _town_key(listed.town), listed.numbers


def _begins_with(key: str, wanted: str) -> bool:
    """Does the address begin with this town, itself or after the name of a city nobody told us?"""
    if key.startswith(wanted):
        return True
    at = key.find(wanted, 1)
    return at > 0 and key[at - 1] in _CITY_ENDS


def _plain(text: str) -> str:
    plain = re.sub("[\u200b\ufe00-\ufe0f\U000e0100-\U000e01ef]", "", unicodedata.normalize("NFKC", text))
    plain = " ".join(plain.translate(_HYPHENS).split())
    return _LONG_MARK.sub("-", plain)


def _without_city(plain: str, prefecture: str, city: str) -> str:
    plain = _POSTAL_CODE.sub("", plain)
    if prefecture and plain.startswith(prefecture):
        plain = plain.removeprefix(prefecture).lstrip()
    elif not (city and plain.startswith(city)):
        plain = _PREFECTURE.sub("", plain, count=1) if _PREFECTURE.match(plain) and not prefecture else plain
    if not city:
        return plain
    without_county = re.sub("^.{1,5}?郡(?=.+[町村]$)", "", city)
    for name in (city, without_county):
        if plain.startswith(name):
            return plain.removeprefix(name).lstrip()
    return plain


def _number(run: str) -> int:
    digits = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}
    if not set(run) & set("十百"):
        return int("".join(str(digits[kanji]) for kanji in run))
    total = waiting = 0
    for kanji in run:
        if kanji in digits:
            waiting = digits[kanji]
        else:
            total += (waiting or 1) * (100 if kanji == "百" else 10)
            waiting = 0
    return total + waiting


def _address(town: str, numbers: tuple[int, ...], building: str, *, has_chome: bool) -> Address:
    name = _AZA.sub("", town).strip(" -,、")
    key = " ".join(part for part in (_town_key(name), "-".join(str(number) for number in numbers)) if part)
    return Address(name, numbers, building, key, has_chome)


def _town_key(town: str) -> str:
    # 緑が丘, 緑ヶ丘 and 緑ケ丘 are one town.
    return _GA.sub("ケ", fold_name(town))


def _building_key(building: str) -> str:
    return re.sub("(?:号室?|室)$", "", fold_name(building))
