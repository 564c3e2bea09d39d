"""A date as far as somebody knew it."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from tsunagi.shared.refusal import Refused

PARTS_OF_DECADE = {(0, 4): "前半", (3, 6): "半ば", (5, 9): "後半"}


class NotADate(Refused, ValueError):
    """What was written is no date, or one that does not exist; the sentence says why and how to write it."""


@dataclass(frozen=True)
class PartialDate:
    """What somebody said about a date. Equal when it says the same, however it was written.

    `year` (西暦), `month` and `day` are what is known; all None is 「不詳」. `about` is 「頃」「位」.
    `text` is what was written. `repaired` is a sentence when the era did not exist on that day (昭和65年)
    and another one was read, else "". `ages` is the youngest and the oldest age that was told instead of a
    date; `span` then holds the days of birth that fit it (with `on`), and for 年代 and 年度 the days meant.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    about: bool = False
    text: str = field(default="", compare=False)
    repaired: str = field(default="", compare=False)
    ages: tuple[int, int] | None = None
    span: tuple[date, date] | None = None

    @property
    def exact(self) -> date | None:
        """The day, if it is known to the day and not 「頃」."""
        if self.about or self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date | None:
        """The first day that fits, None when nothing is known. 「頃」 does not widen it."""
        if self.span:
            return self.span[0]
        return None if self.year is None else date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date | None:
        """The last day that fits, None when nothing is known. 「頃」 does not widen it."""
        if self.span:
            return self.span[1]
        if self.year is None:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def unknown(self) -> bool:
        """Was it said that nobody knows (不詳)?"""
        return self.year is None and self.ages is None and self.span is None
