"""受け持ち一覧: everything a worker answers for, filtered and sorted; only the rows a page shows are made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from tsunagi.holding.queries import (
    HoldFacts,
    HoldLight,
    RowCard,
    RowMaker,
    held,
    held_by,
    held_lightly,
    promised_by,
)
from tsunagi.holding.rules import HoldKind, Lateness, Urgency

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PER_PAGE = 25
SORTS = (("due", "次に動く日"), ("weight", "重い順"), ("unseen", "様子が分からない順"), ("name", "お名前"))
SHOWS = (("all", "すべて"), ("late", "遅れているもの"), ("waiting", "待ち"), ("promises", "約束"))


class Asked(NamedTuple):
    """What the list is filtered and sorted by; unknown values fall back to the whole list by day."""

    show: str = "all"
    sort: str = "due"
    kind: str = ""
    urgency: str = ""

    @classmethod
    def of(cls, said: Any) -> Asked:
        """From an address."""
        show, sort = said.get("show", "all"), said.get("sort", "due")
        kind, urgency = said.get("kind", ""), said.get("urgency", "")
        return cls(
            show if show in dict(SHOWS) else "all",
            sort if sort in dict(SORTS) else "due",
            kind if kind in HoldKind.values() else "",
            urgency if urgency in Urgency.values() else "",
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What differs from the whole list by day."""
        whole = Asked()
        return {name: value for name, value in self._asdict().items() if value != getattr(whole, name)}

    @property
    def words(self) -> str:
        """The filter in words, for a cover line."""
        said = [dict(SHOWS)[self.show]] if self.show != "all" else []
        said += [HoldKind(self.kind).label] if self.kind else []
        said += [f"緊急度 {Urgency(self.urgency).label}"] if self.urgency else []
        return "・".join([*said, dict(SORTS)[self.sort]])


class Line(NamedTuple):
    """A row before it is made: what it is filtered and sorted by."""

    row_kind: str
    facts: Any
    lateness: Lateness
    shown_on: date
    weight: int
    unseen: int
    name: str

    @property
    def mark(self) -> str:
        """The row by number: h12, p34."""
        return f"{self.row_kind[0]}{self.facts.id}"


def lines_of(worker: Worker, maker: RowMaker, asked: Asked, *, whole: bool = False) -> list[Line]:
    """Every row this worker answers for that the filter lets through, in order.

    Holds come without their texts and names unless `whole` (or sorting by name) asks for them.
    """
    lines = []
    holds: list[HoldFacts] | list[HoldLight] = []
    if asked.show != "promises":
        full = whole or asked.sort == "name"
        holds = held_by(worker, maker.on) if full else held_lightly(worker, maker.on)
        for hold in holds:
            stands = maker.standing(hold)
            lines.append(
                Line("hold", hold, stands.colour, stands.shown_on, stands.weight, stands.unseen_days, "")
            )
    if asked.show != "waiting" and not asked.kind:
        for kept in promised_by(worker, maker.on):
            day = maker.by_day(kept.office_id, kept.worker_id, kept.due_on, Urgency(kept.urgency))
            lines.append(Line("promise", kept, day.colour, day.shown_on, maker.weight_of(kept), 0, ""))
    lines = [line for line in lines if _shown(line, asked)]
    if asked.sort == "name":
        lines = [line._replace(name=line.facts.party_label) for line in lines]
    return sorted(lines, key=_KEYS[asked.sort])


def page_of_lines(lines: list[Line], after: str, size: int = PER_PAGE) -> tuple[list[Line], str]:
    """The lines after a mark, and the mark of the next page ("" = there is none).

    A mark is the number of the last row shown and how many stood before it: a row that moved on meanwhile is passed
    over where it stood. Nothing of it names a person.
    """
    begin = 0
    mark, _, place = after.partition("_")
    if place.isdecimal():
        begin = next((n + 1 for n, line in enumerate(lines) if line.mark == mark), int(place))
    shown = lines[begin : begin + size]
    more = len(lines) > begin + size
    return shown, f"{shown[-1].mark}_{begin + size}" if more and shown else ""


def rows_of(maker: RowMaker, lines: list[Line]) -> list[RowCard]:
    """The rows themselves; what was read lightly is read now, for these rows alone."""
    light = [line.facts.id for line in lines if isinstance(line.facts, HoldLight)]
    known = {hold.id: hold for hold in held(light)} if light else {}
    return [
        maker.of_held(known.get(line.facts.id, line.facts))
        if line.row_kind == "hold"
        else maker.of_promised(line.facts)
        for line in lines
    ]


def mine_of(worker: Worker, now: datetime, asked: Asked, after: str = "") -> tuple[list[RowCard], int, str]:
    """A page of the list: its rows, how many there are in all, and the mark of the next page."""
    maker = RowMaker(now)
    lines = lines_of(worker, maker, asked)
    shown, more = page_of_lines(lines, after)
    return rows_of(maker, shown), len(lines), more


def _shown(line: Line, asked: Asked) -> bool:
    if asked.show == "late" and line.lateness not in (Lateness.RED, Lateness.FALLING):
        return False
    if asked.show == "waiting" and not line.facts.waiting_for:
        return False
    if asked.kind and line.facts.kind != asked.kind:
        return False
    return not asked.urgency or line.facts.urgency == asked.urgency


_KEYS: dict[str, Callable[[Line], Any]] = {
    "due": lambda line: (line.shown_on, -line.weight, line.facts.id),
    "weight": lambda line: (-line.weight, line.shown_on, line.facts.id),
    "name": lambda line: (line.name, line.shown_on, line.facts.id),
    "unseen": lambda line: (-line.unseen, line.shown_on, line.facts.id),
}
