"""Reading an address, and which school district it lies in. Values in, answers out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class DistrictKind(Labelled):
    """Whose district it is."""

    ELEMENTARY = "elementary", "小学校区"
    JUNIOR_HIGH = "junior_high", "中学校区"


class Basis(Labelled):
    """How we know where a boundary runs. An illustration is to be replaced by the city's own table."""

    PUBLISHED = "published", "公表"
    ILLUSTRATION = "illustration", "例示"


class FigureItem(Labelled):
    """A published number of a district (地域・年齢別人口)."""

    PEOPLE = "people", "総人口"
    MEN = "men", "男性"
    WOMEN = "women", "女性"
    AGED_65 = "aged_65", "65歳以上"
    UNDER_15 = "under_15", "15歳未満"
    HOUSEHOLDS = "households", "世帯数"


@dataclass(frozen=True)
class DistrictCard:
    """A school district, as lists and answers carry it. `name` ends in 校区, `short` does not."""

    id: int
    code: str
    kind: DistrictKind
    name: str
    school_name: str
    basis: Basis
    is_active: bool = True

    @property
    def short(self) -> str:
        """神足小学校区 → 神足小."""
        return self.school_name.replace("小学校", "小").replace("中学校", "中") or self.name


@dataclass(frozen=True)
class RangeCard:
    """Part of a town that lies in a district; None = no bound. Bounds are inclusive."""

    district_id: int
    koaza: str = ""
    chome: tuple[int, int] | None = None
    banchi: tuple[int, int] | None = None
    basis: Basis = Basis.PUBLISHED

    @property
    def narrowness(self) -> tuple[int, int]:
        """The more is said and the shorter the range, the narrower."""
        said = bool(self.koaza) + (self.chome is not None) + (self.banchi is not None)
        bounds = [bound for bound in (self.chome, self.banchi) if bound is not None]
        return said, -sum(last - first for first, last in bounds)


@dataclass(frozen=True)
class TownCard:
    """A town and the districts its parts lie in. `has_exceptions`: 一部除く."""

    id: int
    name: str
    kana: str
    postal_code: str
    has_chome: bool
    district_id: int | None
    has_exceptions: bool
    basis: Basis
    ranges: tuple[RangeCard, ...] = ()

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return fold(self.name)


@dataclass(frozen=True)
class AddressParts:
    """What an address says. `inside`: it lies in this city, or names no other one."""

    text: str
    inside: bool
    postal_code: str = ""
    town: TownCard | None = None
    koaza: str = ""
    chome: int | None = None
    banchi: int | None = None
    rest: str = ""


@dataclass(frozen=True)
class DistrictAnswer:
    """Which elementary district an address lies in, whether that is certain, and why.

    A worker may always choose another one by hand; the caller keeps that choice.
    """

    district: DistrictCard | None
    certain: bool
    why: str
    town: TownCard | None = None
    junior_highs: tuple[DistrictCard, ...] = ()


@dataclass(frozen=True)
class CityMap:
    """Everything needed to place an address, kept in memory."""

    prefecture: str
    city: str
    districts: Mapping[int, DistrictCard]
    towns: tuple[TownCard, ...]
    junior_highs: Mapping[int, tuple[int, ...]]
    offices: Mapping[int, tuple[str, ...]]
    _longest_first: tuple[TownCard, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.towns, key=lambda town: (-len(town.key), town.id))
        object.__setattr__(self, "_longest_first", tuple(ordered))

    def town_at(self, folded: str) -> TownCard | None:
        """The longest town name that begins a folded text (東神足 before 神足, 高台西 before 高台)."""
        return next((town for town in self._longest_first if folded.startswith(town.key)), None)

    def towns_with(self, postal_code: str) -> list[TownCard]:
        """The towns of a postal code (seven digits)."""
        return [town for town in self.towns if town.postal_code == postal_code and postal_code]


# Written differently, the same place: 河陽が丘・河陽ヶ丘・河陽ケ丘, 滝ノ町・滝の町, 勝竜寺・勝龍寺.
_SAME = str.maketrans(
    {"ヶ": "が", "ケ": "が", "ガ": "が", "ヵ": "が", "ノ": "の", "之": "の", "乃": "の", "龍": "竜"}
)
_DASHES = re.compile("[-‐‑‒–—―−ｰー﹣－]")  # every dash that stands in ledgers
_BETWEEN_NUMBERS = re.compile(_DASHES.pattern + r"|(?<=\d)の(?=\d)")
_POSTAL = re.compile(r"^〒?(\d{3})-?(\d{4})(?!\d|-)")
_KANJI = {"〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_KANJI_NUMBER = re.compile(
    r"([一二三四五六七八九]?十[一二三四五六七八九]?|[〇一二三四五六七八九]+)(?=丁目|番|号)"
)
_NUMBERS = re.compile(r"^(?:(\d+)丁目)?-?(?:(\d+)(?:番地の?|番地|番|-|の|$|(?=\D)))?(.*)$")
_OTHER_CITY = re.compile(r"^[^\d]{1,7}?[市区郡]|^[^\d]{1,5}?[町村](?!\d)")


def fold(text: str) -> str:
    """A place name as it is compared: width, spaces, small ヶ, ノ and old forms do not count."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_SAME)


def _number(kanji: str) -> str:
    """十二 → 12, 二十 → 20, 三 → 3."""
    if "十" not in kanji:
        return "".join(str(_KANJI[digit]) for digit in kanji)
    tens, _, ones = kanji.partition("十")
    return str((_KANJI[tens] if tens else 1) * 10 + (_KANJI[ones] if ones else 0))


def _with_digits(text: str) -> str:
    return _KANJI_NUMBER.sub(lambda found: _number(found.group(1)), text)


def read_address(text: str, city_map: CityMap) -> AddressParts:
    """What an address as typed says: town, 小字, 丁目, 番地. What it cannot read stays in `rest`."""
    line = fold(text)
    postal = _POSTAL.match(line)
    postal_code = "".join(postal.groups()) if postal else ""
    line = line[postal.end() :] if postal else line.removeprefix("〒")
    line, inside = _within_city(line, city_map)
    town = city_map.town_at(line) if inside else None
    if town is None:
        return AddressParts(text, inside and not _OTHER_CITY.match(line), postal_code, rest=line)
    tail = line[len(town.key) :]
    if tail[:1] in {"市", "区", "郡", "県"}:
        return AddressParts(text, False, postal_code, rest=line)
    return _read_numbers(text, postal_code, town, tail)


def _within_city(line: str, city_map: CityMap) -> tuple[str, bool]:
    """The text after prefecture and city, and whether it may lie in this city."""
    prefecture, city = fold(city_map.prefecture), fold(city_map.city)
    found = re.match(r"^(?:北海道|東京都|大阪府|京都府|.{2,3}県)", line)
    if found and found.group() != prefecture:
        return line, False
    if found:
        line = line[found.end() :]
    for name in (city, city[:-1]):
        if name and line.startswith(name):
            return re.sub("^(?:大字|字)", "", line[len(name) :]), True
    return re.sub("^(?:大字|字)", "", line), True


def _read_numbers(text: str, postal_code: str, town: TownCard, tail: str) -> AddressParts:
    tail = _with_digits(tail)
    begins = re.search(r"\d", tail)
    koaza = tail[: begins.start()] if begins else tail
    tail = _BETWEEN_NUMBERS.sub("-", tail[begins.start() :]) if begins else ""
    koaza = _DASHES.sub("", re.sub("^(?:小字|字)", "", koaza))
    if town.has_chome and not koaza:
        tail = re.sub(r"^(\d{1,2})-", r"\1丁目", tail, count=1)
    found = _NUMBERS.match(tail)
    chome, banchi, rest = found.groups() if found else (None, None, tail)
    if town.has_chome and chome is None and banchi is not None and not koaza and not rest and tail == banchi:
        # 「開田2」 names the 丁目 of a town that has them, not a lot.
        chome, banchi = banchi, None
    return AddressParts(
        text,
        inside=True,
        postal_code=postal_code,
        town=town,
        koaza=koaza,
        chome=int(chome) if chome else None,
        banchi=int(banchi) if banchi else None,
        rest=rest.strip("-"),
    )


def find_district(text: str, city_map: CityMap) -> DistrictAnswer:
    """The elementary district of an address (小学校区), with the reason in a sentence for the screen."""
    if not text.strip():
        return DistrictAnswer(None, False, "住所がまだ入っていません。")
    parts = read_address(text, city_map)
    if parts.town is not None:
        return _of_town(parts, parts.town, city_map)
    if not parts.inside:
        return DistrictAnswer(None, True, f"{city_map.city or 'この市'}の外の住所です。")
    towns = city_map.towns_with(parts.postal_code)
    if towns:
        answer = _of_town(AddressParts(text, True, town=towns[0]), towns[0], city_map)
        why = f"郵便番号の町({towns[0].name})から推しました。番地まで入れると確かめられます。"
        return DistrictAnswer(answer.district, False, why, towns[0], answer.junior_highs)
    return DistrictAnswer(None, False, "町名が分かりません。町名から入れるか、校区を選んでください。")


def _of_town(parts: AddressParts, town: TownCard, city_map: CityMap) -> DistrictAnswer:
    fits = [(_fits(piece, parts), piece) for piece in town.ranges]
    sure = sorted((piece for fit, piece in fits if fit), key=lambda piece: piece.narrowness, reverse=True)
    chosen = sure[0] if sure else None
    district_id = chosen.district_id if chosen else town.district_id
    open_pieces = [
        piece
        for fit, piece in fits
        if fit is None
        and piece.district_id != district_id
        and (chosen is None or piece.narrowness > chosen.narrowness)
    ]
    tied = [piece for piece in sure[1:] if chosen and piece.narrowness == chosen.narrowness]
    certain = not open_pieces and not any(piece.district_id != district_id for piece in tied)
    if chosen is None and town.has_exceptions and not town.ranges:
        certain = False
    district = city_map.districts.get(district_id) if district_id is not None else None
    ids = city_map.junior_highs.get(district.id, ()) if district else ()
    return DistrictAnswer(
        district,
        certain and district is not None,
        _why(town, chosen, open_pieces, certain, district),
        town,
        tuple(city_map.districts[number] for number in ids if number in city_map.districts),
    )


def _fits(piece: RangeCard, parts: AddressParts) -> bool | None:
    """True: the address lies in the piece; False: it does not; None: the address does not say enough."""
    answers: list[bool | None] = []
    if piece.koaza:
        said = parts.koaza or (None if parts.banchi is None and parts.chome is None else "")
        answers.append(None if said is None else said.startswith(fold(piece.koaza)))
    for bounds, value in ((piece.chome, parts.chome), (piece.banchi, parts.banchi)):
        if bounds is not None:
            answers.append(None if value is None else bounds[0] <= value <= bounds[1])
    if False in answers:
        return False
    return None if None in answers else True


def _why(
    town: TownCard,
    chosen: RangeCard | None,
    open_pieces: Sequence[RangeCard],
    certain: bool,
    district: DistrictCard | None,
) -> str:
    if district is None:
        return f"{town.name}の校区がまだ登録されていません。校区を選んでください。"
    if open_pieces:
        wanted = "丁目" if any(piece.chome for piece in open_pieces) else "番地"
        return f"{town.name}は校区が分かれます。{wanted}が分かると決まります。"
    if not certain:
        return f"{town.name}は一部が別の校区です。校区の表で番地を確かめてください。"
    if chosen is not None or town.ranges:
        return f"{town.name}の丁目・番地から決まりました。"
    return f"町名({town.name})から決まりました。"


# Published figures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figures:
    """The published numbers of a district, or of the city as their sum. Units: people, households."""

    people: int
    men: int
    women: int
    aged_65: int
    under_15: int
    households: int

    @property
    def ageing_rate(self) -> Decimal:
        """高齢化率: people of 65 and over in percent, one decimal; 0 where nobody lives."""
        if not self.people:
            return Decimal("0.0")
        return (Decimal(self.aged_65 * 100) / self.people).quantize(Decimal("0.1"), ROUND_HALF_UP)


def total(rows: Iterable[Figures]) -> Figures:
    """The sum of districts."""
    kept = list(rows)
    return Figures(**{item.value: sum(getattr(row, item.value) for row in kept) for item in FigureItem})


def read_count(cell: str) -> int:
    """A number as a published file writes it ("9,479", full width). Raises Refused with what stood there."""
    digits = unicodedata.normalize("NFKC", cell).replace(",", "").strip()
    if not digits.isascii() or not digits.isdigit():
        raise Refused(f"「{cell}」は数として読めません。数字で入れてください。")
    return int(digits)


def check_city_code(code: str) -> None:
    """Refuse a 全国地方公共団体コード whose sixth digit is not the check digit of the first five (総務省)."""
    if not re.fullmatch(r"[0-9]{6}", code):
        raise Refused("全国地方公共団体コードは、検査数字を含む6桁の数字です。")
    weighted = sum(int(digit) * weight for digit, weight in zip(code[:5], (6, 5, 4, 3, 2), strict=True))
    # Below 11 the remainder is the sum itself; only the last digit of 11 − remainder is written.
    if (11 - weighted % 11) % 10 != int(code[5]):
        raise Refused(f"全国地方公共団体コード「{code}」の検査数字が合いません。番号を確かめてください。")
