"""Names: shown exactly as stored, found however they are written.

Three keys, from strict to loose. `fold_name` is the key of a written name: width, old and variant characters,
spaces and middle dots do not count. `fold_kana` is the key of a reading: also the ways of writing one and the
same sound. `loose_kana` forgets the length of vowels too, and only proposes. A key is never shown and never
stored as a name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

from tsunagi.shared.old_forms import GROUPS

_TO_NEW = str.maketrans({old: group[0] for group in GROUPS.split() for old in group[1:]})

_VOICED_MARKS = str.maketrans({"゛": "\u3099", "゜": "\u309a", "ﾞ": "\u3099", "ﾟ": "\u309a"})
# NFC would replace these (神, 祐, 塚 …) by their modern forms: they are how somebody's name is written.
_COMPATIBLE = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]+")
_SELECTORS = re.compile("[\u180b-\u180d\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef\u00ad]")
_GAPS = re.compile(r"[\s・･·•‧∙⋅＝゠=／/，,．.、。'’‘`´\"“”()（）\[\]「」『』〈〉〔〕【】_]+")
_HYPHENS = "\\-‐‑‒–—―−－─━~〜～ｰ"
_KANA = "ァ-ヺー"
_KANA_HYPHEN = re.compile(f"(?<=[{_KANA}])[{_HYPHENS}]")
_LETTER_HYPHEN = re.compile(f"[{_HYPHENS}]")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)} | {0x309D: 0x30FD, 0x309E: 0x30FE}
_SPELT_ALIKE = {
    **dict.fromkeys(("ヴァ", "ヷ"), "バ"),
    **dict.fromkeys(("ヴィ", "ヸ"), "ビ"),
    **dict.fromkeys(("ヴェ", "ヹ"), "ベ"),
    **dict.fromkeys(("ヴォ", "ヺ"), "ボ"),
    **{f"ヴ{small}": f"ビ{small}" for small in "ャュョ"},
    "ヴ": "ブ",
}
_V_SOUNDS = re.compile("ヴ[ァィェォャュョ]|[ヴヷヸヹヺ]")
_ONE_KANA = str.maketrans("ヂヅヰヱヲァィゥェォッャュョヮヵヶ", "ジズイエオアイウエオツヤユヨワカケ")
_VOWEL = {
    kana: vowel
    for vowel, row in {
        "ア": "アカガサザタダナハバパマヤラワ",
        "イ": "イキギシジチニヒビピミリ",
        "ウ": "ウクグスズツヌフブプムユル",
        "エ": "エケゲセゼテデネヘベペメレ",
        "オ": "オコゴソゾトドノホボポモヨロ",
    }.items()
    for kana in row
}
_LENGTHENS = {
    ("オ", "ウ"),
    ("オ", "オ"),
    ("エ", "イ"),
    ("エ", "エ"),
    ("ア", "ア"),
    ("イ", "イ"),
    ("ウ", "ウ"),
}
# 一ノ瀬, 一の瀬 and 一之瀬 are one surname; the 之 of 雅之 is another matter.
_NO_BETWEEN = re.compile("(?<=^[一-鿿])[之乃ノ](?=[瀬宮内上関江倉蔵口原戸下園山浦坊木田本])")
_LATIN_LETTERS = str.maketrans(
    {"Đ": "D", "Ð": "D", "Ø": "O", "Ł": "L", "Þ": "TH", "Æ": "AE", "Œ": "OE", "ı": "I", "Ħ": "H"}
)

_LOST = re.compile("[?？〓□■▯☐◆\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")


def display_ok(text: str) -> str:
    """The name as it may be stored and shown: composed (NFC), otherwise character for character as given.

    Variation sequences (IVS) and compatibility characters stay, because they are how the name is written.
    """
    parts, taken = [], 0
    for kept in _COMPATIBLE.finditer(text):
        parts += [unicodedata.normalize("NFC", text[taken : kept.start()]), kept[0]]
        taken = kept.end()
    return "".join(parts) + unicodedata.normalize("NFC", text[taken:])


def may_be_name_lost(text: str) -> bool:
    """Has a character of this name been lost on the way (`?`, 〓, □, a private 外字)? Ask before matching by it."""
    return bool(_LOST.search(text))


def fold_name(text: str) -> str:
    """The search key of a written name; folding a key gives the key.

    Width, letter case, accents, variation selectors, spaces, middle dots and hyphens are dropped, old and
    variant characters become the modern ones, 々 is written out, kana becomes katakana in `fold_kana`'s
    spelling. Lost characters (`?`, 〓) stay, so that `similar` can leave them open.
    """
    return _fold(text)


def fold_kana(text: str) -> str:
    """The key of a reading: equal for what is pronounced the same and differs only in spelling.

    Half width and hiragana, ヅ/ズ, ヂ/ジ, ヲ/オ, ヰ, ヱ, ヴ/バ行, small and large kana (old systems have no
    small ones), and the ways of writing one long vowel (コーイチ, コウイチ, コオイチ; ケイコ, ケエコ). オノ
    and オオノ stay two.
    """
    return _fold(text)


def loose_kana(text: str) -> str:
    """`fold_kana` without the length of vowels (オオノ = オノ, ユウキ = ユキ): to propose, never to decide."""
    key = _fold(text)
    while "ー" in key:
        key = _fold(key.replace("ー", ""))
    return key


def tokens(text: str) -> list[str]:
    """The parts of a name as written (家族名, 名, ミドルネーム), each folded, in order; without empty ones."""
    parts = re.split(r"[\s・･·•‧＝゠=,，、/／]+", _tidy(text))
    return [folded for part in parts if (folded := _fold(part))]


def spellings(*texts: str) -> frozenset[str]:
    """Every key under which these spellings of one name are found (name, kana, alphabet, 通称, 旧姓).

    A name in several parts without kanji (alphabet, katakana) also counts in the order of the letters,
    because desks write JOHN SMITH, SMITH JOHN and スミス ジョン alike.
    """
    keys = set()
    for text in texts:
        parts = tokens(text)
        keys.add(_fold(text))
        if len(parts) > 1 and not _has_kanji("".join(parts)):
            keys.add(_fold("".join(sorted(parts))))
    return frozenset(keys - {""})


def similar(a: str, b: str) -> float:
    """How alike two names are written, 0 to 100; 100 only when a key of theirs is the same.

    Readings that differ by the length of a vowel come to at most 85. A lost character (`?`, 〓) fits any one
    character, and then at most 95 is given. An empty name is like no other.
    """
    keys_a, keys_b = spellings(a), spellings(b)
    if not keys_a or not keys_b:
        return 0.0
    if keys_a & keys_b and not may_be_name_lost(a + b):
        return 100.0
    best = max(fuzz.ratio(one, two) for one in keys_a for two in keys_b)
    if _fits_open(fold_name(a), fold_name(b)):
        return 95.0
    if best < 100 and not _has_kanji(a + b):
        best = max(best, 0.85 * fuzz.ratio(loose_kana(a), loose_kana(b)))
    return min(best, 99.0)


def _fits_open(a: str, b: str) -> bool:
    """Are they the same wherever neither has lost its character (and is there anything left to compare)?"""
    if len(a) != len(b) or not (_LOST.search(a) or _LOST.search(b)):
        return False
    open_pairs = [bool(_LOST.match(one) or _LOST.match(two)) for one, two in zip(a, b, strict=True)]
    known = [one == two for one, two, lost in zip(a, b, open_pairs, strict=True) if not lost]
    return len(known) >= 2 and len(known) > len(a) // 2 and all(known)


def _has_kanji(text: str) -> bool:
    return any("㐀" <= letter <= "鿿" or letter == "々" or letter >= "\U00020000" for letter in text)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", _SELECTORS.sub("", text).translate(_VOICED_MARKS))


@lru_cache(maxsize=50_000)
def _fold(text: str) -> str:
    key = _fold_once(text)
    # Taking something away may bring together what belongs together (ウ・゛), so that a second look is
    # needed.
    while (again := _fold_once(key)) != key:
        key = again
    return key


def _fold_once(text: str) -> str:
    plain = _unaccented(_tidy(text)).translate(_HIRAGANA).translate(_TO_NEW)
    plain = _KANA_HYPHEN.sub("ー", _GAPS.sub("", plain))
    plain = _written_out(_LETTER_HYPHEN.sub("", plain))
    plain = _NO_BETWEEN.sub("ノ", plain)
    plain = _V_SOUNDS.sub(lambda sound: _SPELT_ALIKE[sound[0]], plain)
    return _one_long_vowel(plain.translate(_ONE_KANA))


def _unaccented(text: str) -> str:
    """Letters without accents, in capitals; kana keep their voiced marks."""
    if text.isascii():
        return text.upper()
    letters = []
    for letter in text.upper():
        base = unicodedata.normalize("NFD", letter)
        # Only letters before the scripts of Asia carry accents that a desk leaves out.
        letters.append(base[0] if len(base) > 1 and base[0] < "\u0590" else letter)
    joined = "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFKC", joined.translate(_LATIN_LETTERS))


def _written_out(text: str) -> str:
    """佐々木 as 佐佐木, and the kana marks ヽ ヾ alike."""
    if not any(mark in text for mark in "々〻ヽヾ"):
        return text
    letters: list[str] = []
    for letter in text:
        if letter in "々〻ヽ" and letters:
            letters.append(letters[-1])
        elif letter == "ヾ" and letters:
            letters.append(unicodedata.normalize("NFC", letters[-1] + "\u3099"))
        else:
            letters.append(letter)
    return "".join(letters)


def _one_long_vowel(text: str) -> str:
    """Every long vowel as ー: コウイチ, コオイチ and コーイチ become コーイチ. A second ー in a row is dropped."""
    letters: list[str] = []
    before: str | None = None
    for letter in text:
        if letter == "ー" and letters and letters[-1] == "ー":
            continue
        if before is not None and (before, letter) in _LENGTHENS:
            letters.append("ー")
            before = None
        else:
            letters.append(letter)
            before = _VOWEL.get(letter)
    return "".join(letters)
