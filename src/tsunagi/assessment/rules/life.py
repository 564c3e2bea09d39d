"""A life in order of time (生育歴): what is known, and where nothing is known yet. A gap is shown, never filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tsunagi.people.rules import Facet
from tsunagi.shared.labels import Labelled

from .when import When

SHORTEST_GAP = 3
"""Whole years without a word that are shown as a gap."""


class LifeKind(Labelled):
    """What kind of thing happened in a life."""

    BIRTH = "birth", "生まれ"
    MOVE = "move", "転居・住まい"
    SCHOOL = "school", "学校"
    WORK = "work", "仕事"
    FAMILY = "family", "結婚・家族"
    ILLNESS = "illness", "病気・けが"
    LOSS = "loss", "別れ・喪失"
    HARD = "hard", "つらかったこと"
    GOOD = "good", "よかったこと"
    SUPPORT_BEGUN = "support_begun", "支援が始まった"
    SUPPORT_ENDED = "support_ended", "支援が終わった"
    JUSTICE = "justice", "事件・司法"
    OTHER = "other", "その他"


# What is seen with 生育歴 alone, and what needs one facet more.
KIND_FACETS: dict[LifeKind, Facet] = {LifeKind.ILLNESS: Facet.HEALTH, LifeKind.JUSTICE: Facet.JUSTICE}
MILESTONE_SIGNS: dict[LifeKind, str] = {
    LifeKind.BIRTH: "person",
    LifeKind.MOVE: "household",
    LifeKind.SCHOOL: "pen",
    LifeKind.WORK: "box",
    LifeKind.FAMILY: "hands",
    LifeKind.ILLNESS: "plus",
    LifeKind.LOSS: "down",
    LifeKind.HARD: "alert",
    LifeKind.GOOD: "check",
    LifeKind.SUPPORT_BEGUN: "link",
    LifeKind.SUPPORT_ENDED: "out",
    LifeKind.JUSTICE: "scales",
    LifeKind.OTHER: "dot",
}


class Source(Labelled):
    """Who told it (出どころ)."""

    SELF = "self", "本人"
    FAMILY = "family", "家族"
    RECORD = "record", "記録"
    AGENCY = "agency", "機関"


def kinds_seen(facets: Iterable[str]) -> frozenset[LifeKind]:
    """The kinds of events that who sees these facets may see and write."""
    seen = set(facets)
    if Facet.LIFE_HISTORY not in seen:
        return frozenset()
    return frozenset(kind for kind in LifeKind if KIND_FACETS.get(kind, Facet.LIFE_HISTORY) in seen)


@dataclass(frozen=True)
class Span:
    """When one thing of a life was: from when, until when (the same as since for a moment), or until today."""

    key: int
    since: When
    until: When | None = None
    goes_on: bool = False

    @property
    def begin(self) -> tuple[date, date] | None:
        """The first and last day on which it may have begun (else ended); None when nobody can say."""
        for when in (self.since, self.until):
            if when is not None and when.first is not None and when.last is not None:
                return (when.first, when.last)
        return None

    def years(self, today: date) -> tuple[int, int] | None:
        """The first and last year it covers; None when nobody can say."""
        if self.since.first is None or self.since.last is None:
            if self.until is None or self.until.first is None or self.until.last is None:
                return None
            return (self.until.first.year, min(self.until.last.year, today.year))
        first, last = self.since.first.year, self.since.last.year
        if self.goes_on:
            last = today.year
        elif self.until is not None and self.until.last is not None:
            last = max(last, self.until.last.year)
        return (first, min(last, today.year)) if first <= today.year else None


@dataclass(frozen=True)
class Gap:
    """Whole years of which nothing is known yet."""

    first: int
    last: int

    @property
    def years(self) -> int:
        """How many."""
        return self.last - self.first + 1


def in_order(spans: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Those with a place in time, earliest first (of two that begin alike, the one known more closely first), and those
    of which nobody can say when."""
    placed: list[tuple[date, date, int, Span]] = []
    unplaced: list[Span] = []
    for span in spans:
        begin = span.begin
        if begin is None:
            unplaced.append(span)
        else:
            placed.append((*begin, span.key, span))
    return [row[3] for row in sorted(placed, key=lambda row: row[:3])], unplaced


def gaps(
    spans: Iterable[Span], *, born_year: int | None, today: date, shortest: int = SHORTEST_GAP
) -> list[Gap]:
    """The runs of whole years, from birth (else from the first thing known) to today, of which nothing is known."""
    covered: set[int] = set()
    for span in spans:
        years = span.years(today)
        if years is not None:
            covered.update(range(years[0], years[1] + 1))
    begin = born_year if born_year is not None else min(covered, default=None)
    if begin is None:
        return []
    covered.add(begin)
    found: list[Gap] = []
    run: list[int] = []
    # This year has only begun: it is never part of a gap by itself.
    for year in range(begin, today.year + 1):
        if year in covered or year == today.year:
            if len(run) >= shortest:
                found.append(Gap(run[0], run[-1]))
            run = []
        else:
            run.append(year)
    return found


Line = Span | Gap


def timeline(spans: Sequence[Span], *, born_year: int | None, today: date) -> list[Line]:
    """Events and gaps in order of time; a gap stands before the first event that begins after it."""
    placed, _ = in_order(spans)
    left = gaps(spans, born_year=born_year, today=today)
    lines: list[Line] = []
    for span in placed:
        begin = span.begin
        while left and begin is not None and left[0].last < begin[0].year:
            lines.append(left.pop(0))
        lines.append(span)
    return [*lines, *left]
