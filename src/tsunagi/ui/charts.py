"""Bars: the figures stand in the text, the bars beside them only make them quick to compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its value, its tone (bad soon good plain) and its length in per cent of the longest."""

    label: str
    value: float
    tone: str
    length: float


def bars(rows: Iterable[Sequence[Any]]) -> tuple[Bar, ...]:
    """Lay out rows of (label, value[, tone]). Values are not negative; the longest bar fills the field."""
    wanted = [(str(row[0]), float(row[1]), str(row[2]) if len(row) > 2 else "") for row in rows]
    most = max((value for _, value, _ in wanted), default=0) or 1
    return tuple(Bar(label, value, tone, round(value / most * 100, 1)) for label, value, tone in wanted)
