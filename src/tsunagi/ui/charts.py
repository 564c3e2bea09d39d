"""Bars as SVG with their text beside them. Widths in user units of a 640 wide field; no styles, no scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_LABEL, _BAR, _ROW, _WIDTH = 208, 352, 40, 640


@dataclass(frozen=True)
class Bar:
    """One bar as the template draws it."""

    label: str
    short: str
    value: float
    tone: str
    x: int
    y: int
    width: float
    text_y: int
    end: float


@dataclass(frozen=True)
class Chart:
    """All bars and the field they stand in; `words` is the whole picture as one sentence."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    axis: int
    words: str


def bars(rows: Iterable[Sequence[Any]], unit: str = "件") -> Chart:
    """Lay out rows of (label, value[, tone]); values are not negative; the longest bar fills the field."""
    wanted = [(str(row[0]), float(row[1]), str(row[2]) if len(row) > 2 else "") for row in rows]
    most = max((value for _, value, _ in wanted), default=0) or 1
    made = []
    for number, (label, value, tone) in enumerate(wanted):
        width = round(value / most * _BAR, 1)
        top = number * _ROW
        short = label if len(label) <= 12 else f"{label[:11]}…"
        made.append(
            Bar(label, short, value, tone, _LABEL, top + 8, width, top + 26, round(_LABEL + width + 8, 1))
        )
    words = "、".join(f"{label} {value:g}{unit}" for label, value, _ in wanted) or "まだ数字がありません"
    return Chart(tuple(made), _WIDTH, max(len(made) * _ROW, _ROW), _LABEL, words)
