"""Which row is which, so that a file read twice, or with a row slipped in, adds only what is new (H11)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Protocol

from .fields import Field
from .headings import Heading, by_heading
from .sheets import Cell
from .words import as_text, folded

# The clerk's own numbers move when a row is slipped in, and our own columns come and go with a corrected file.
_NO_PART = frozenset({Field.NUMBER, Field.OURS, Field.MY_NUMBER})
# A hash in letters only: twelve figures in a row would look like a 個人番号 to whoever searches the database for one.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:0:00(?::00)?)?")


class Told(Protocol):
    """What has a digest and an occurrence."""

    @property
    def digest(self) -> str: ...
    @property
    def occurrence(self) -> int: ...


def names_of(headings: Sequence[Heading]) -> list[str]:
    """A name for each column by its heading, wherever it stands; empty for columns that are no part of a row's identity."""
    seen: Counter[str] = Counter()
    names = []
    for heading in headings:
        guess = by_heading(heading)
        seen[heading.key] += 1
        names.append("" if guess and guess.field in _NO_PART else f"{heading.key}#{seen[heading.key]}")
    return names


def digest_of(names: Sequence[str], cells: Sequence[Cell]) -> str:
    """A hash of the cells, normalised, with their columns' names. Empty cells and the order of columns do not count."""
    parts = []
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        name = names[place] if place < len(names) else f"#{place}"
        text = _normal(cell)
        if name and text:
            parts.append(f"{name}={text}")
    return _hash("\x1f".join(sorted(parts)))


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest().translate(_LETTERS)


def _normal(cell: Cell) -> str:
    if isinstance(cell, str):
        text = folded(cell)
        if text[:2].isdigit() and (
            found := _DAY.fullmatch(text)
        ):  # the same book saved as CSV writes days so
            return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
        return text
    if isinstance(cell, date):
        return as_text(cell)
    return folded(as_text(cell))


@dataclass
class Occurrences:
    """Counts equal rows as they come: the second of two equal rows is another row, the same in every reading."""

    seen: Counter[str] = field(default_factory=Counter)

    def of(self, digest: str) -> int:
        """1 for the first row with this digest, 2 for the second …"""
        self.seen[digest] += 1
        return self.seen[digest]


def identity(row: Told) -> str:
    """The row's identity, 64 letters: the hash of its normalised cells and its n-th occurrence."""
    return _hash(f"{row.digest}/{row.occurrence}")
