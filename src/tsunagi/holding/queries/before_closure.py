"""休み前の点検: what must be settled before three or more closed days in a row. Derived; nothing is stored beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.codes.queries import codes
from tsunagi.holding.models import Concern, ContactOn, Hold, Readiness
from tsunagi.holding.rules import (
    AbuseKind,
    ContactKind,
    Danger,
    Urgency,
    eve_of_closure,
    settle_before_closure,
)

from .rows import HoldFacts, RowCard, RowMaker, facts_of, holds, mine_today

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

LOOKED_AHEAD = 45
# A try that nobody answered says nothing of how they are.
SETTLED_BY = (ContactKind.MET, ContactKind.SEEN, ContactKind.AROUND)


@dataclass(frozen=True)
class Closure:
    """Closed days ahead of one holder: `eve` is their last working day before, `days` the closed days."""

    eve: date
    days: tuple[date, ...]

    @property
    def first(self) -> date:
        """The first closed day: what is settled is settled for the closure that begins on it."""
        return self.days[0]


@dataclass(frozen=True)
class Unsettled:
    """A row that falls due inside, is 高, or carries food, heat, lifeline, self-harm or violence; and why."""

    row: RowCard
    closed_from: date
    why: tuple[str, ...]


def closure_ahead(
    office_id: int, worker_id: int, maker: RowMaker, *, within: int = LOOKED_AHEAD
) -> Closure | None:
    """The next long closure of this holder, up to `within` days ahead; `eve` is today when it must be settled today."""
    own, office = maker.book.of(office_id, worker_id), maker.book.of(office_id)
    for ahead in range(within + 1):
        day = maker.on + timedelta(days=ahead)
        run = eve_of_closure(day, own, office=office, settings=maker.settings)
        if run:
            return Closure(day, tuple(run))
    return None


def dangers_of(concern: Concern) -> tuple[Danger, ...]:
    """What a concern carries that does not wait for the office to open again: from its suspicion and its codes."""
    return _carried(concern.codes, concern.danger, _danger_of())


def _danger_of() -> dict[str, Danger]:
    """Code of a case type → the danger the list says it carries (the attribute `before_closure`)."""
    return {
        code.value: Danger(code.attributes["before_closure"])
        for code in codes("case_types")
        if code.attributes.get("before_closure")
    }


def rows_to_settle(
    found: Iterable[HoldFacts], maker: RowMaker, *, today_only: bool = True
) -> list[Unsettled]:
    """Which of these holds are not yet settled by a contact on the eve or by 「備えあり」.

    `today_only`: only those whose holder does not work again before the closure; else also the next closure ahead.
    """
    danger_of = _danger_of()
    closures: dict[tuple[int, int], Closure | None] = {}
    wanted: list[tuple[HoldFacts, Closure, tuple[str, ...]]] = []
    for hold in found:
        if hold.look_back:
            continue
        key = (hold.office_id, hold.worker_id)
        if key not in closures:
            closures[key] = closure_ahead(*key, maker, within=0 if today_only else LOOKED_AHEAD)
        closure = closures[key]
        if closure is None:
            continue
        carried = _carried(hold.codes, hold.danger, danger_of)
        urgency = Urgency(hold.urgency)
        if settle_before_closure(hold.due_on, urgency, carried, list(closure.days)):
            wanted.append((hold, closure, _why(hold, urgency, carried, closure)))
    settled = _settled([hold.concern_id for hold, _, _ in wanted], maker.on)
    return [
        Unsettled(maker.of_held(hold), closure.first, why)
        for hold, closure, why in wanted
        if (hold.concern_id, closure.first) not in settled
        and not (closure.eve == maker.on and (hold.concern_id, None) in settled)
    ]


def _carried(codes: list[str], suspected: str, danger_of: dict[str, Danger]) -> tuple[Danger, ...]:
    found = dict.fromkeys(danger_of[code] for code in codes if code in danger_of)
    if suspected:
        found[Danger.SELF_HARM if suspected == AbuseKind.SELF_HARM else Danger.VIOLENCE] = None
    return tuple(found)


def _why(hold: HoldFacts, urgency: Urgency, carried: Sequence[Danger], closure: Closure) -> tuple[str, ...]:
    words = ["緊急度が高"] if urgency is Urgency.HIGH else []
    words += [danger.label for danger in carried]
    if closure.days[0] <= hold.due_on <= closure.days[-1]:
        words.append("期日が休みに入る")
    return tuple(words)


def _settled(concern_ids: Sequence[int], on: date) -> set[tuple[int, date | None]]:
    """(concern, first closed day) made ready, and (concern, None) spoken with today."""
    ready = Readiness.objects.filter(concern_id__in=concern_ids, for_closed_from__gte=on)
    spoken = ContactOn.objects.filter(concern_id__in=concern_ids, at__date=on, kind__in=SETTLED_BY)
    found: set[tuple[int, date | None]] = set(ready.order_by().values_list("concern_id", "for_closed_from"))
    return found | {(pk, None) for pk in spoken.order_by().values_list("concern_id", flat=True)}


def candidates(on: date) -> Q:
    """Holds that may need it at all: the rest is decided by each holder's own calendar."""
    carrying = list(_danger_of())
    return (
        Q(due_on__gte=on, due_on__lte=on + timedelta(days=LOOKED_AHEAD + 31))
        | Q(concern__urgency=Urgency.HIGH)
        | ~Q(concern__danger="")
        | Q(concern__codes__overlap=carrying)
    )


def unsettled_of(worker: Worker, maker: RowMaker, *, today_only: bool = True) -> list[Unsettled]:
    """What this worker must settle, also where they act today."""
    mine = mine_today(worker.pk, maker.on) & candidates(maker.on)
    found = holds(Hold.objects.filter(mine))
    return rows_to_settle(map(facts_of, found), maker, today_only=today_only)


def unsettled_in(
    office_ids: Sequence[int], maker: RowMaker, *, today_only: bool = True, hidden: Collection[int] = ()
) -> list[Unsettled]:
    """What is not yet settled in these offices, for the manager: without the `hidden` parties they may not watch over."""
    here = Hold.objects.filter(candidates(maker.on), office_id__in=list(office_ids))
    rows = holds(here.exclude(concern__party_id__in=list(hidden)))
    return rows_to_settle(map(facts_of, rows), maker, today_only=today_only)


def unsettled_counts(
    office_ids: Sequence[int], maker: RowMaker, *, hidden: Collection[int] = ()
) -> list[tuple[str, int]]:
    """How many rows of each office are to be settled today and are not yet, most first."""
    counted = Counter(one.row.office for one in unsettled_in(office_ids, maker, hidden=hidden))
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
