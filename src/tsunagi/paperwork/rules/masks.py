"""How much of whom a paper says: masking of names, places, telephone numbers and the texts that hold them.

A masked text is made from the whole text: every way a known name, place or number may be written in it is looked for,
whatever width, spacing or old form it was typed in. Nothing is guessed about people who are not known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from tsunagi.shared.labels import Labelled
from tsunagi.shared.names import fold_name

from .forms import Chosen, Drawn, Filling, Value


class Mask(Labelled):
    """How people stand on a paper (秘匿の程度)."""

    REAL = "real", "実名"
    INITIAL = "initial", "イニシャル・番号"
    RELATION = "relation", "関係と年代だけ"


BLACKED = "■■■■"
"""Stands for who told us, and for where a protected person is: on no paper, at no level."""
NOT_SAID = "（載せません）"
PLACE = "（住所）"
PHONE = "（電話）"
_CALLED_BY = ("さん", "様", "さま", "氏", "くん", "君", "ちゃん", "宅", "家", "家族")
_LONG_VOWEL = "[ー－―‐−-]"
_GAP = r"[\s　・･\-ー－‐−―]*"
_KANA = {"ア": "A", "イ": "I", "ウ": "U", "エ": "E", "オ": "O", "ヤ": "Y", "ユ": "Y", "ヨ": "Y", "ワ": "W", "ヲ": "O", "ン": "N", "ヂ": "J", "ジ": "J", "ヅ": "Z", "ヴ": "V"}  # fmt: skip
_ROWS = {"カキクケコ": "K", "ガギグゲゴ": "G", "サシスセソ": "S", "ザズゼゾ": "Z", "タテト": "T", "チ": "C", "ツ": "T", "ダデド": "D", "ナニヌネノ": "N", "ハヒヘホ": "H", "フ": "F", "バビブベボ": "B", "パピプペポ": "P", "マミムメモ": "M", "ラリルレロ": "R"}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """Somebody of this file: every name they have, how they are related, how old they are."""

    number: int
    """1 for the person the file is about, then the others in order; it stands for the name at `initial`."""
    names: tuple[str, ...]
    kana: str = ""
    relation: str = ""
    age: int | None = None
    places: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    protected: bool = False
    veiled: bool = False
    """Has not consented to this paper: relation and age by tens, whatever the mask (sharing.md 「Involvement」)."""

    @property
    def name(self) -> str:
        """As stored."""
        return self.names[0] if self.names else ""


def initials(kana: str, name: str = "") -> str:
    """「M.H.」 from a reading (モリタ ハル) or a name in Latin letters; "" where there is neither."""
    plain = unicodedata.normalize("NFKC", kana or name)
    parts = [part for part in re.split(r"[\s・,]+", plain) if part]
    letters = [_letter(part[0]) for part in parts[:3]]
    return "".join(f"{letter}." for letter in letters) if letters and all(letters) else ""


def _letter(first: str) -> str:
    if first.isascii():
        return first.upper() if first.isalpha() else ""
    kana = chr(ord(first) + 0x60) if "ぁ" <= first <= "ゖ" else first
    return _KANA.get(kana) or next((latin for row, latin in _ROWS.items() if kana in row), "")


def band(age: int | None) -> str:
    """80代; 10歳未満; 年代不明."""
    if age is None:
        return "年代不明"
    return "10歳未満" if age < 10 else "90代以上" if age >= 90 else f"{age // 10 * 10}代"


@dataclass(frozen=True)
class Veil:
    """What lies over one file's papers. `informants` are names and contacts of those who told us."""

    mask: Mask
    people: tuple[Known, ...] = ()
    informants: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """Names of households: they say the family's name."""
    found: dict[str, int] = field(default_factory=dict)
    """How often something was blacked that is on no paper: `informant`, `place`. For the note at the foot."""

    def called(self, known: Known) -> str:
        """How this person stands on the paper."""
        if known.veiled:
            return f"{known.relation or 'ご家族'}（{band(known.age)}）"
        if self.mask == Mask.REAL:
            return known.name or known.kana
        if self.mask == Mask.INITIAL:
            return f"{initials(known.kana, known.name)}{'①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳'[known.number - 1] if known.number <= 20 else f'({known.number})'}"
        return f"{known.relation or 'ご家族'}（{band(known.age)}）"

    def over(self, filling: Filling) -> Filling:
        """The filling with every text of it looked through: what must not stand there does not, wherever it was typed."""
        return {key: self._over(value) for key, value in filling.items()}

    def _over(self, value: Value) -> Value:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Chosen):
            return Chosen(value.options, self.text(value.words), value.signs)
        if isinstance(value, Drawn):
            # Drawn under the same mask by its own module; what was typed beside a line is looked through here too.
            svg = _SAID_IN_SVG.sub(lambda hit: f">{self.text(hit[1])}<", value.svg)
            return Drawn(svg, self.text(value.words))
        return tuple(tuple(self.text(cell) for cell in row) for row in value)

    def text(self, text: str) -> str:
        """One text under this veil."""
        if not text:
            return text
        for pattern, instead, why in self._patterns:
            text = _replaced(text, pattern, instead, self.found, why)
        return text

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str, str], ...]:
        rows: list[tuple[str, str, str]] = []
        ours = {fold_name(name) for known in self.people for name in (*known.names, known.kana) if name}
        for words in self.informants:
            if fold_name(words) not in ours:
                rows += [(needle, BLACKED, "informant") for needle in _needles(words)]
        for known in self.people:
            if known.protected:
                rows += [(needle, BLACKED, "place") for place in known.places for needle in _places(place)]
                rows += [(_digits(phone), BLACKED, "place") for phone in known.phones]
        if self.mask != Mask.REAL:
            rows += self._names_and_ways()
        elif any(known.veiled for known in self.people):
            rows += self._of_the_veiled()
        # The longest first: of 森田 ハル nothing may be left over because 森田 was found before it.
        rows.sort(key=lambda row: -len(row[0]))
        return tuple((re.compile(needle), instead, why) for needle, instead, why in rows if needle)

    def _of_the_veiled(self) -> list[tuple[str, str, str]]:
        """Among people who are named: the names, places and numbers that are only theirs who did not consent."""
        rows: list[tuple[str, str, str]] = []
        families = _family_names(self.people)
        named = [known for known in self.people if not known.veiled]
        said = {fold_name(word) for known in named for word in (*known.names, known.kana) if word}
        said |= {
            fold_name(part)
            for known in named
            for word in (*known.names, known.kana)
            for part in _parts(word, families)
        }
        places = {place for known in named for place in known.places}
        phones = {_digits(phone) for known in named for phone in known.phones}
        for known in self.people:
            if not known.veiled:
                continue
            called = self.called(known)
            for name in (*known.names, known.kana):
                if fold_name(name) in said:
                    continue
                rows += [(needle, called, "") for needle in _needles(name)]
                reading = name == known.kana and name not in known.names
                for part in _parts(name, families):
                    if fold_name(part) not in said and part not in families:
                        rows += [(needle, called, "") for needle in _part_needles(part, reading=reading)]
            rows += [
                (needle, PLACE, "")
                for place in known.places
                if place not in places
                for needle in _places(place)
            ]
            rows += [(_digits(phone), PHONE, "") for phone in known.phones if _digits(phone) not in phones]
        return rows

    def _names_and_ways(self) -> list[tuple[str, str, str]]:
        rows: list[tuple[str, str, str]] = []
        families = _family_names(self.people)
        for label in self.labels:
            rows += [(needle, "この世帯", "") for needle in _needles(label)]
        for known in self.people:
            called = self.called(known)
            for name in (*known.names, known.kana):
                rows += [(needle, called, "") for needle in _needles(name)]
                for part in _parts(name, families):
                    ending, instead = (
                        ("", called) if part not in families else (f"(?:{HONORIFICS})?", "この世帯の方")
                    )
                    rows += [
                        (needle + ending, instead, "")
                        for needle in _part_needles(
                            part, reading=name == known.kana and name not in known.names
                        )
                    ]
            rows += [(needle, PLACE, "") for place in known.places for needle in _places(place)]
            rows += [(_digits(phone), PHONE, "") for phone in known.phones]
        return rows


def _replaced(text: str, pattern: re.Pattern[str], instead: str, found: dict[str, int], why: str) -> str:
    folded = "".join(_same_length(letter) for letter in text)
    out, at = [], 0
    for hit in pattern.finditer(folded):
        if _inside_a_word(text, hit.start(), hit.end()):
            continue
        out += [text[at : hit.start()], instead]
        at = hit.end()
        if why:
            found[why] = found.get(why, 0) + 1
    return text if not out else "".join(out) + text[at:]


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """Whether a short name in katakana only happens to be inside a longer word: ラン in プラン."""
    if end - start > 3 or not all(_is_katakana(letter) for letter in text[start:end]):
        return False
    around = text[start - 1 : start] + text[end : end + 1]
    return any(_is_katakana(letter) for letter in around)


def _is_katakana(letter: str) -> bool:
    return "ァ" <= letter <= "ヶ" or letter == "ー"


@lru_cache(maxsize=20_000)
def _same_length(letter: str) -> str:
    """A letter as names are compared, so that a place in the folded text is the same place in the text."""
    if letter in " 　\n\t・･-ー－‐−―々":
        return letter
    folded = fold_name(letter)
    return folded if len(folded) == 1 else letter


_SAID_IN_SVG = re.compile(r">([^<>]+)<")
HONORIFICS = "|".join("".join(_same_length(letter) for letter in words) for words in _CALLED_BY)
"""As they stand in a folded text."""


def _pattern(words: str) -> str:
    """Words as they may stand in a folded text: gaps, hyphens and long vowels written or not."""
    letters = []
    for letter in unicodedata.normalize("NFKC", words):
        if letter.isspace() or letter in "・･-－‐−―" or _selects(letter):
            continue
        letters.append(f"{_LONG_VOWEL}?" if letter == "ー" else re.escape(_same_length(letter)))
    # A variation selector behind a letter belongs to it.
    return (_GAP + "[\\ufe00-\\ufe0f\U000e0100-\U000e01ef]?").join(letters)


def _selects(letter: str) -> bool:
    return 0xFE00 <= ord(letter) <= 0xFE0F or 0xE0100 <= ord(letter) <= 0xE01EF


def _needles(words: str) -> list[str]:
    plain = re.sub(r"\s", "", words)
    if len(plain) < 2:
        return []
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", words))
    return [_digits(words)] if len(digits) >= 9 else [_pattern(words)]


def _parts(name: str, families: frozenset[str]) -> set[str]:
    """Family and given name, where the name says which is which or the household shares its beginning."""
    split = [part for part in re.split(r"[\s　・]+", name) if part]
    if len(split) > 1:
        return set(split)
    own = next((family for family in families if name.startswith(family) and name != family), "")
    return {own, name[len(own) :]} if own else set()


def _part_needles(part: str, *, reading: bool = False) -> list[str]:
    """A part of a name alone: anywhere when it is long enough to mean nobody else, else before an honorific."""
    found = _pattern(part)
    return [found] if len(part) > (2 if reading else 1) else [f"{found}(?={HONORIFICS})"] if part else []


def _family_names(people: Sequence[Known]) -> frozenset[str]:
    """The parts that are family names: the first of a name in parts, else what two names of the household share."""
    found = {
        re.split(r"[\s　・]+", name)[0]
        for known in people
        for name in known.names
        if re.search(r"[\s　・]", name)
    }
    whole = [known.name for known in people if known.name and not re.search(r"[\s　・]", known.name)]
    for place, one in enumerate(whole):
        for other in whole[place + 1 :]:
            shared = _shared(one, other)
            if 1 <= len(shared) < min(len(one), len(other)):
                found.add(shared)
    return frozenset(found)


def _shared(one: str, other: str) -> str:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return one[:count]


_CITY = re.compile(r"^(?:.{2,3}[都道府県])?(?:.{1,6}?[市区町村])?")


def _places(place: str) -> list[str]:
    """A place as it is written, and without its prefecture and city."""
    plain = re.sub(r"\s", "", place)
    local = _CITY.sub("", plain)
    return [_pattern(words) for words in {plain, local} if len(words) >= 4]


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return r"[\s\-ー－‐−()（）]*".join(digits) if len(digits) >= 6 else ""


def blacked_words(found: Iterable[tuple[str, int]]) -> str:
    """The note at the foot: what was taken out of the texts, and how often."""
    said = {"informant": "情報をくださった方", "place": "守っている居場所"}
    return "・".join(f"{said[why]} {count}か所" for why, count in sorted(found) if count)
