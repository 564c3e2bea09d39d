"""What may be written as a tie, and what a day told in part is kept as."""

from __future__ import annotations

from dataclasses import dataclass

from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import PartialDate

from .kinds import Flow, TieKind, manners_of


@dataclass(frozen=True)
class NewTie:
    """A tie as somebody wants to write it. Numbers are parties; `place` is what has no record here."""

    kind: TieKind
    party_id: int
    other_id: int | None = None
    office_id: int | None = None
    place: str = ""
    manner: str = ""
    custody: bool = False
    stress: bool = False
    flow: str = ""
    untold: bool = False
    words: str = ""
    since: str = ""


def check_tie(tie: NewTie) -> None:
    """Raises Refused when the other end is missing or doubled, or the manner is none of its kind."""
    ends = sum((tie.other_id is not None, tie.office_id is not None, bool(tie.place)))
    if tie.other_id == tie.party_id:
        raise Refused("つながりは、ふたりの間に入れてください。別の方を選んでください。", field="other")
    if tie.kind is TieKind.SUPPORT and ends != 1:
        raise Refused("つながる相手を、ひとつだけ選ぶか書いてください。", field="place")
    if tie.kind not in (TieKind.SUPPORT, TieKind.BIRTH) and tie.other_id is None:
        raise Refused("だれとのことかを選んでください。", field="other")
    values = [value for value, _ in manners_of(tie.kind)]
    if values and tie.manner not in values:
        raise Refused("どのようなつながりかを選んでください。", field="manner")
    if tie.flow and tie.flow not in Flow.values():
        raise Refused("向きを選び直してください。", field="flow")


def kept_day(told: PartialDate | None) -> str:
    """A day as far as it was told: 2019, 2019-04, 2019-04-01; "" for none."""
    if told is None or told.year is None:
        return ""
    parts = [f"{told.year:04d}"]
    if told.month is not None:
        parts.append(f"{told.month:02d}")
        if told.day is not None:
            parts.append(f"{told.day:02d}")
    return "-".join(parts)


def read_day(kept: str) -> tuple[int, ...]:
    """(year[, month[, day]]) of a kept day."""
    return tuple(int(part) for part in kept.split("-")) if kept else ()
