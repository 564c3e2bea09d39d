"""個人番号 (My Number) must not be held here: it is found in what people type or import, and refused.

A city may use 個人番号 only for the tasks 番号法 lists (9条, 19条, 20条); consultation is none of them. The
check digit is that of 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による…命令
(平成26年総務省令 第85号) 5条. One in eleven other 12-digit numbers passes it too: such a number is refused
as well, because a number written in another way costs a few seconds and one that is stored is a breach of
the law.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tsunagi.shared.refusal import Refused

SCRUBBED = "［個人番号のため消しました］"

_TO_ASCII = str.maketrans("０１２３４５６７８９＋．", "0123456789+.")
_HYPHENS = "\\-‐‑‒–—―−－ー－ｰ─━"
_SEPARATORS = f"[\\s\u200b\u200c\u200d\ufeff\u00ad{_HYPHENS}.．・·･_＿]{{0,3}}"
_CANDIDATE = re.compile(
    f"(?<![0-9])(?=([0-9]{{4}})({_SEPARATORS})([0-9]{{4}})({_SEPARATORS})([0-9]{{4}})(?![0-9]))"
)
_HYPHEN = re.compile(f"[{_HYPHENS}]")
_DIGITS_THEN_HYPHEN = re.compile(f"[0-9]\\s?[{_HYPHENS}]\\s?$")
_HYPHEN_THEN_DIGITS = re.compile(f"\\s?[{_HYPHENS}]\\s?[0-9]")
_FOUR_THEN_GAP = re.compile(r"(?<![0-9])[0-9]{4}\s{1,3}$")
_GAP_THEN_FOUR = re.compile(r"\s{1,3}[0-9]{4}(?![0-9年/.\-])")
_AREA_CODE = re.compile(r"(?<![0-9])0[0-9]{1,3}[\s)）]{1,3}$")
_BEFORE_DECIMALS = re.compile(r"(?<![0-9])(?:0|[0-9]{2,3})\.$")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def find(text: str | None) -> str | None:
    """The first 個人番号 in the text as twelve ASCII digits, or None.

    Found: full-width digits, and gaps, hyphens or dots between groups of four. Not found: a part of a
    longer run of digits (法人番号 has 13, a card 16), numbers after `+` (telephone), decimals of a
    coordinate.
    """
    for number, _start, _end in _found(text or ""):
        return number
    return None


def scrub(text: str) -> tuple[str, bool]:
    """The text with `SCRUBBED` in place of every 個人番号, and whether there was one."""
    clean, taken = [], 0
    for _number, start, end in _found(text):
        if start >= taken:
            clean += [text[taken:start], SCRUBBED]
            taken = end
    return "".join(clean) + text[taken:], taken > 0


def refuse_my_number(text: str | None, field_label: str, field: str | None = None) -> None:
    """Raise Refused, naming the field, when the text holds a 個人番号; the number is never repeated."""
    if find(text) is not None:
        raise Refused(
            f"「{field_label}」に個人番号（マイナンバー）と思われる12桁の番号があります。ここには残せないので、番号を消して"
            "「個人番号を確認済み」のように書いてください。ほかの番号（お客様番号など）なら下4けただけを書いてください。",
            field,
        )


def check_digit(first_eleven: str) -> int:
    """The twelfth digit that belongs to the first eleven (ASCII digits), by the formula of the ordinance."""
    # Counted from the right, the n-th digit weighs n+1 up to the sixth and n-5 from the seventh.
    weighed = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)
        for place, digit in enumerate(reversed(first_eleven), start=1)
    )
    rest = weighed % 11
    return 0 if rest <= 1 else 11 - rest


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    plain = text.translate(_TO_ASCII)
    for candidate in _CANDIDATE.finditer(plain):
        groups = candidate.group(1, 3, 5)
        gaps = candidate.group(2, 4)
        start, end = candidate.start(), candidate.end(5)
        number = "".join(groups)
        if (
            int(number[-1]) == check_digit(number[:-1])
            and any(digit != "0" for digit in number)
            and not _is_longer(plain[max(0, start - 12) : start], plain[end : end + 12], "".join(gaps))
            and not _is_moment(groups, gaps)
        ):
            yield number, start, end


def _is_longer(before: str, after: str, gaps: str) -> bool:
    """Is what stands around part of the same number?"""
    if before.endswith("+") or _BEFORE_DECIMALS.search(before):
        return True
    if not gaps:
        return False
    if _AREA_CODE.search(before):
        return True
    if _HYPHEN.search(gaps):
        return bool(_DIGITS_THEN_HYPHEN.search(before) or _HYPHEN_THEN_DIGITS.match(after))
    return bool(_FOUR_THEN_GAP.search(before) or _GAP_THEN_FOUR.match(after))


def _is_moment(groups: tuple[str, ...], gaps: tuple[str, ...]) -> bool:
    """Three years in a row, or a day and an hour as `20230401 0930`?"""
    if all(gaps):
        return all(_YEAR.fullmatch(group) for group in groups)
    if gaps[0] or not gaps[1] or not _YEAR.fullmatch(groups[0]):
        return False
    try:
        date(int(groups[0]), int(groups[1][:2]), int(groups[1][2:]))
    except ValueError:
        return False
    return groups[2] < "2400"
