"""Folding of headers, marks and short terms for comparison. What is stored is never folded."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from .sheets import Cell

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ｰ－─━"), "-")
_PARENS = re.compile(r"[(（\[［【〔<＜「『].*?[)）\]］】〕>＞」』]")
_NO_LETTERS = re.compile(r"[\s\W_]+")


def folded(text: str) -> str:
    """Width, case, spaces and line breaks folded away; marks kept: 「ﾌﾘ ｶﾞﾅ」 → 「フリガナ」."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().translate(_DASHES)


def spaced(text: str) -> str:
    """Folded, with one space where there was any: 「Ｒ５.４.１　１４：３０」 → 「r5.4.1 14:30」."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold().translate(_DASHES)


def key(text: str) -> str:
    """For looking a header up: folded, and every mark gone: 「生年月日\\n(年齢)」 → 「生年月日年齢」."""
    return _NO_LETTERS.sub("", folded(text))


def bare(text: str) -> str:
    """The key of a header without what stands in brackets: 「生年月日\\n(年齢)」 → 「生年月日」."""
    return key(_PARENS.sub("", text)) or key(text)


def as_text(cell: Cell) -> str:
    """A cell as words: numbers without `.0`, days as 2023-04-01; line breaks are \\n; ends are trimmed."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(cell, bool):
        return "○" if cell else ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute)
        return cell.strftime("%Y-%m-%d") if midnight else cell.strftime("%Y-%m-%d %H:%M")
    return str(cell)
