"""Telephone cells: several numbers in one, 自宅/携帯 before them, the leading zero eaten by Excel."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tsunagi.shared.phones import digits, format_phone, plausible_phone

from .words import spaced

_BETWEEN = re.compile(r"[\n、,;／/]|(?<=\d)\s+(?=[+(]?0)")
_NUMBER = re.compile(r"[+(]?\d[\d\s()./-]*\d")
_LABEL = re.compile(r"自宅|携帯(?:電話)?|tel|電話|℡|固定|本人|自|携|番号|[:.()\s]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number as it is read aloud (075-955-1234) and whether its zero had to be put back."""

    shown: str
    lost_zero: bool = False


def phones_in(words: str, *, area_code: str = "") -> tuple[list[PhoneNumber], str]:
    """(numbers, the words around them that tell more than 自宅 or 携帯)."""
    found: list[PhoneNumber] = []
    rest: list[str] = []
    for line in words.split("\n"):
        for part in _BETWEEN.split(spaced(line)):
            if plausible_phone(part, area_code=area_code):
                figures = re.sub(r"\D", "", part)
                number = digits(part, area_code=area_code)
                found.append(
                    PhoneNumber(
                        format_phone(part, area_code=area_code),
                        lost_zero=number == f"0{figures}" and "+" not in part,
                    )
                )
                part = _NUMBER.sub("", part, count=1)
            rest.append(_LABEL.sub("", part))
    return found, " ".join(part for part in rest if part)
