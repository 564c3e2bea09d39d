"""Telephone numbers: kept as typed, compared by their digits, shown with hyphens.

The shapes are those of 総務省 電気通信番号計画: 11 digits for 050, 060, 070, 080, 090, ten for the rest. A
wrong guess about a number means that somebody is not reached, so nothing is guessed that the digits do not
say.
"""

from __future__ import annotations

import re
import unicodedata

from tsunagi.shared.refusal import Refused

_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ー─━~〜～", "-"))
_EXTENSION = re.compile(r"(?:\(?内線?\)?|EXT\.?|#)[:\s]*\d{1,5}.*$")
_RUN = re.compile(r"(?:\+\s?)?[\d(][\d\-()\s.]*\d")
_GAPS = re.compile(r"\s*[/、,;\n]\s*|\s{2,}")
_ABROAD = re.compile(r"(?:\+|00|010)?810?([1-9]\d{8,9})")
_MOBILE = re.compile(r"0[5-9]0\d{8}")
_TOLL_FREE = re.compile(r"0120\d{6}|0800\d{7}|0570\d{6}|0990\d{6}")
_LAND_LINE = re.compile(r"0[1-9][1-9]\d{7}")
_SHORT = frozenset({"104", "110", "115", "117", "118", "119", "171", "177", "188", "189"})
# Area codes of two and three digits that no longer code begins with.
_AREA_CODES = re.compile(r"0(?:3|6|11|44|45|52|75|78)|072(?=[246789])|073(?=4)|077(?=5)")
_GROUPED = re.compile(r"(0\d{1,4})-(\d{1,4})-(\d{3,4})")


class NotAPhone(Refused, ValueError):
    """What was written cannot be called; the sentence says why."""


def digits(text: str | None, *, area_code: str = "") -> str:
    """The digits to dial within Japan, of the first number in the text; "" when there is none.

    Understands full width, any hyphen and parentheses, +81, extensions (left out), and numbers whose first 0
    a spreadsheet has eaten (9012345678, 759551234). A local number without its 市外局番 gets `area_code`
    ("075") when that makes ten digits. Says nothing about whether the number is plausible.
    """
    for number in _numbers(text or ""):
        return _national(number, area_code)
    return ""


def format_phone(text: str | None, *, area_code: str = "") -> str:
    """The number as it is read aloud: 075-955-1234, 090-1234-5678, 0120-123-456.

    Groups that were written are kept (0771-22-1234); without them a number is grouped only where its area
    code is certain or is `area_code`. What is no plausible number comes back as it was given.
    """
    number = digits(text, area_code=area_code)
    if not _is_plausible(number):
        return text or ""
    if _TOLL_FREE.fullmatch(number):
        return f"{number[:4]}-{number[4:7]}-{number[7:]}"
    if _MOBILE.fullmatch(number):
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    if number in _SHORT:
        return number
    code = _area_code_of(number, area_code) or _area_code_written(text or "", number)
    return f"{code}-{number[len(code) : -4]}-{number[-4:]}" if code else number


def plausible_phone(text: str | None, *, area_code: str = "") -> bool:
    """Could this be called: a land line, a mobile, an IP or toll-free number, or a short one such as 189?"""
    return _is_plausible(digits(text, area_code=area_code))


def read_phone(text: str, *, area_code: str = "") -> str:
    """The digits of a plausible number. Raises NotAPhone with a sentence that says what is missing."""
    number = digits(text, area_code=area_code)
    if _is_plausible(number):
        return number
    if not number:
        raise NotAPhone("電話番号の数字がありません。番号が分からないときは空けておいてください。")
    if 6 <= len(number) <= 8 and not number.startswith("0"):
        raise NotAPhone("市外局番がありません。「075-955-1234」のように市外局番から書いてください。")
    wanted = 11 if re.match(r"0[5-9]0", number) else 10
    if len(number) < wanted:
        raise NotAPhone(
            f"電話番号が{len(number)}けたしかありません（{wanted}けたのはずです）。確かめてください。"
        )
    if len(number) > wanted:
        raise NotAPhone(f"電話番号が{len(number)}けたあります（{wanted}けたのはずです）。確かめてください。")
    raise NotAPhone("この電話番号はかけられない番号です。聞き間違いがないか確かめてください。")


def _numbers(text: str) -> list[str]:
    """The runs of digits in the text that stand for one number each, in order, as written but half width."""
    plain = unicodedata.normalize("NFKC", text).translate(_HYPHENS).upper().strip()
    plain = re.sub(r"^(\d+)\.0$", r"\1", plain)
    found: list[str] = []
    for part in _GAPS.split(plain):
        for run in _RUN.findall(_EXTENSION.sub("", part)):
            pieces = run.split()
            several = len(re.sub(r"\D", "", run)) > 13 and len(pieces) > 1
            found += pieces if several else [run]
    return [number for number in found if re.search(r"\d{2}", number)]


def _national(number: str, area_code: str) -> str:
    plain = re.sub(r"[^\d+]", "", number)
    if abroad := _ABROAD.fullmatch(plain):
        return f"0{abroad[1]}"
    plain = plain.replace("+", "")
    if plain.startswith("0"):
        return plain
    if (len(plain) == 10 and plain[0] in "56789" and plain[1] == "0") or len(plain) == 9:
        return f"0{plain}"
    if area_code and len(area_code) + len(plain) == 10 and plain[:1] not in "01":
        return f"{area_code}{plain}"
    return plain


def _is_plausible(number: str) -> bool:
    return number in _SHORT or any(shape.fullmatch(number) for shape in (_MOBILE, _TOLL_FREE, _LAND_LINE))


def _area_code_of(number: str, area_code: str) -> str:
    if area_code and number.startswith(area_code):
        return area_code
    match = _AREA_CODES.match(number)
    return match[0] if match else ""


def _area_code_written(text: str, number: str) -> str:
    for written in _numbers(text):
        match = _GROUPED.fullmatch(re.sub(r"[()\s.\-]+", "-", written.replace("+81", "0")).strip("-"))
        if match and "".join(match.groups()) == number and len(match[3]) == 4:
            return match[1]
    return ""
