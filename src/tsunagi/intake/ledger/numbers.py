"""Telephone numbers as ledgers hold them: several in a cell, with 自宅/携帯 before them, the leading zero eaten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .words import spaced

_NUMBER = re.compile(r"(?<!\d)\(?(?:\+81[-\s]?)?(\d{1,5})\)?[-\s(.]{0,2}(\d{1,4})[-\s).]{0,2}(\d{3,4})(?!\d)")
_PLAIN = re.compile(r"(?<!\d)\d{9,11}(?!\d)")


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number as shown (half-width, with its dashes as written) and whether its zero had to be put back."""

    shown: str
    lost_zero: bool = False


def phones_in(words: str) -> tuple[list[PhoneNumber], str]:
    """(numbers, the words around them). Numbers have ten or eleven figures, with the zero Excel may have eaten."""
    found: list[PhoneNumber] = []
    rest = []
    for part in re.split(r"[\n、,;／/]|\s{2,}", words.replace("\u3000", " ")):
        text = spaced(part)
        match = _PLAIN.search(text) or _NUMBER.search(text)
        number = _number(match[0]) if match else None
        if number:
            found.append(number)
            text = text.replace(match[0] if match else "", "", 1)
        rest.append(text.strip(" :()"))
    return found, " ".join(part for part in rest if part and part not in _LABELS)


_LABELS = frozenset({"自宅", "携帯", "tel", "電話", "℡", "固定", "本人", "(自宅)", "(携帯)", "携帯電話", "自", "携"})


def _number(written: str) -> PhoneNumber | None:
    written = re.sub(r"\+81[-\s]?", "0", written)
    figures = re.sub(r"\D", "", written)
    if len(figures) in (10, 11) and figures.startswith("0"):
        return PhoneNumber(re.sub(r"[\s().]+", "-", written.strip("() ")).strip("-"))
    if len(figures) in (9, 10) and not figures.startswith("0"):
        return PhoneNumber("0" + figures, lost_zero=True)
    return None
