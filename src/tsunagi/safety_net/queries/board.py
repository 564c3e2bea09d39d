"""網: who is about to be dropped, by number, office, kind and days. Names only where there is an involvement (H7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from tsunagi.accounts.models import Absence, Office, Worker
from tsunagi.accounts.queries import office_ids
from tsunagi.accounts.rules import Field
from tsunagi.holding.models import Hold, Promise, Rest
from tsunagi.holding.queries import (
    EndingLine,
    RowCard,
    RowMaker,
    could_not_by_office,
    ending_lines,
    held,
    promised,
    rethink_due_in,
    unsettled_counts,
)
from tsunagi.holding.rules import (
    HoldKind,
    LadderStep,
    PromiseKind,
    Urgency,
    eve_of_closure,
    ladder_step,
)
from tsunagi.people.access import seen_among
from tsunagi.people.queries import not_overseen, watched_instead
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.referrals.queries import ReferralCard, cards, first_late, first_unmet
from tsunagi.setup.queries import overdue_reviews
from tsunagi.shared.kept import Kept, asked
from tsunagi.shared.rows import sees_whole

from .figures import Figures, OfficeLine, open_since, sum_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker as WorkerType

HEAVIEST = 10
# Loaded before the exact weights are known: days late are counted in each holder's own calendar.
CANDIDATES = 30


@dataclass(frozen=True)
class LadderRow:
    """A falling or red row. `name` and `what` are empty for those who are on the ladder without an involvement."""

    row: RowCard
    step: LadderStep
    may_see: bool
    name: str
    what: str


@dataclass(frozen=True)
class Board:
    """What the page 網 prints. Counts are whole; lists are the first few of them."""

    whole_city: bool
    offices: tuple[OfficeLine, ...]
    total: OfficeLine
    heaviest: tuple[LadderRow, ...]
    rest_by_office: tuple[tuple[str, int], ...]
    resting: int
    unanswered: tuple[ReferralCard, ...]
    unanswered_count: int
    unmet: tuple[ReferralCard, ...]
    unmet_count: int
    seconds_waiting: int
    coordination_requests: int
    new_holder_not_met: int
    holders_not_signed_in: int
    held_instead: int
    closed_days: tuple[date, ...]
    before_closure: tuple[tuple[str, int], ...]
    rethink_due: int
    could_not: tuple[tuple[str, int], ...]
    endings: tuple[EndingLine, ...]
    leaving_past: int
    leads: bool
    bars: tuple[tuple[str, int], ...]
    # 権限の見直し: office and days late, of reviews nobody finished in time.
    reviews: tuple[tuple[str, int], ...] = ()
    # 代わりに見る行: of offices whose own manager may not watch over them (sharing.md "Our own people"); green ones too.
    instead: tuple[LadderRow, ...] = ()


@sees_whole("H7: rows by number, office and kind; names by involvement alone")
def board_of(worker: WorkerType, now: datetime, *, office_id: int | None = None) -> Board:
    """The board for this worker's reach, in a fixed number of queries; `office_id` narrows it to one office."""
    maker = RowMaker(now)
    on = maker.on
    whole_city = reach_of(worker, Purpose.NET) >= Reach.CITY
    names = _offices(worker, whole_city, office_id)
    ids = list(names)
    hidden = not_overseen(worker)
    figures = Figures(ids, maker, hidden)
    lines = sorted(figures.lines(names), key=lambda line: (-line.falling, -line.red, line.office))
    resting = list(
        Rest.objects.filter(worker_id=worker.pk, until_on__gte=on)
        .order_by("id")
        .values_list("row_kind", "row_id")
    )
    shown = _heaviest(worker, figures, resting, maker)
    unanswered, unmet = first_late(ids, on=on, hidden=hidden), first_unmet(ids, hidden=hidden)
    counted = _promise_counts(ids, hidden)
    closed = tuple(eve_of_closure(on, maker.book.of(None), settings=maker.settings))
    # What asks every row is asked of one's own offices; the whole city has its figures by office.
    own = [pk for pk in ids if pk in office_ids(worker)] if office_id is None else ids
    return Board(
        whole_city=whole_city,
        offices=tuple(lines),
        total=sum_of(lines),
        heaviest=shown,
        rest_by_office=_rest(lines, shown),
        resting=len(resting),
        unanswered=tuple(cards(unanswered.rows, on=on, book=maker.book)),
        unanswered_count=unanswered.count,
        unmet=tuple(cards(unmet.rows, on=on, book=maker.book)),
        unmet_count=unmet.count,
        seconds_waiting=counted[PromiseKind.SECOND_PERSON],
        coordination_requests=counted[PromiseKind.COORDINATION_REQUEST],
        new_holder_not_met=_new_holder_not_met(ids, hidden),
        holders_not_signed_in=_not_signed_in(ids, on),
        held_instead=_held_instead(ids, hidden),
        closed_days=closed,
        before_closure=tuple(unsettled_counts(own, maker, hidden=hidden)) if closed else (),
        rethink_due=rethink_due_in(own, on, hidden=hidden),
        could_not=tuple(could_not_by_office(ids, on)),
        endings=tuple(ending_lines(ids, on)),
        leaving_past=_leaving_past(ids, on),
        leads=bool(offices_for(worker, Purpose.HAND_OVER)),
        bars=tuple((line.office, line.late) for line in lines if line.late)[:12],
        reviews=overdue_reviews(ids, on=on),
        instead=_instead(worker, maker, office_id),
    )


def _offices(worker: WorkerType, whole_city: bool, office_id: int | None) -> dict[int, str]:
    rows = Office.objects.filter(is_active=True, signs_in=True)
    if not whole_city:
        rows = rows.filter(pk__in=offices_for(worker, Purpose.NET))
    if office_id is not None:
        rows = rows.filter(pk=office_id)
    return {row.pk: row.label for row in rows.order_by("code")}


def _heaviest(
    worker: WorkerType, figures: Figures, resting: Sequence[tuple[str, int]], maker: RowMaker
) -> tuple[LadderRow, ...]:
    """The ten heaviest falling and red rows that do not rest on this worker's own board (H7)."""
    late = figures.heaviest(CANDIDATES, resting)
    rows: list[tuple[RowCard, date | None]] = []
    for hold in held(pk for kind, pk in late if kind == "hold"):
        row = maker.of_held(hold)
        rows.append((row, open_since(hold) if row.needs_report or row.needs_night_handover else None))
    rows += [(maker.of_promised(row), None) for row in promised(pk for kind, pk in late if kind == "promise")]
    rows.sort(key=lambda pair: (-pair[0].weight, pair[0].shown_on, pair[0].id))
    shown = rows[:HEAVIEST]
    seen = seen_among(worker, [row.party_id for row, _ in shown if row.party_id])
    mine = office_ids(worker)
    return tuple(_ladder(row, since, _may_see(row, worker, seen, mine), maker) for row, since in shown)


def _may_see(row: RowCard, worker: WorkerType, seen: set[int], mine: Iterable[int]) -> bool:
    """Names and content only with an involvement; a row about nobody yet, only within its own office (H7)."""
    if row.kind == PromiseKind.MESSAGE:
        return row.worker_id == worker.pk
    return row.party_id in seen if row.party_id else row.office_id in mine


def _ladder(row: RowCard, since: date | None, may_see: bool, maker: RowMaker) -> LadderRow:
    step = ladder_step(
        row.due_on,
        Urgency(row.urgency),
        maker.on,
        maker.book.of(row.office_id, row.worker_id),
        open_since=since,
        office=maker.book.of(row.office_id),
        settings=maker.settings,
    )
    return LadderRow(row, step, may_see, row.party_label if may_see else "", row.what if may_see else "")


def _rest(lines: Iterable[OfficeLine], shown: Iterable[LadderRow]) -> tuple[tuple[str, int], ...]:
    """How many late rows are not among those shown, by office. Resting rows stay in the counts (H7)."""
    there = Counter(item.row.office_id for item in shown)
    left = [(line.office, line.late - there[line.office_id]) for line in lines]
    return tuple(sorted((pair for pair in left if pair[1] > 0), key=lambda pair: -pair[1]))


def _instead(worker: WorkerType, maker: RowMaker, office_id: int | None) -> tuple[LadderRow, ...]:
    """Every open row this worker watches over in a manager's place, the heaviest first."""
    watched = {pair for pair in watched_instead(worker) if office_id in (None, pair[0])}
    if not watched:
        return ()
    offices, parties = {office for office, _ in watched}, {party for _, party in watched}
    holds = Hold.objects.filter(
        closed_at__isnull=True, office__id__any=offices, concern__party__id__any=parties
    )
    promises = Promise.objects.filter(is_open=True, office__id__any=offices, party__id__any=parties)
    rows: list[tuple[RowCard, date | None]] = []
    for hold in held(holds.order_by("pk").values_list("pk", flat=True)):
        row = maker.of_held(hold)
        rows.append((row, open_since(hold) if row.needs_report or row.needs_night_handover else None))
    found = promised(promises.order_by("pk").values_list("pk", flat=True))
    rows += [(maker.of_promised(row), None) for row in found]
    rows = [pair for pair in rows if (pair[0].office_id, pair[0].party_id) in watched]
    rows.sort(key=lambda pair: (-pair[0].weight, pair[0].shown_on, pair[0].id))
    seen = seen_among(worker, [row.party_id for row, _ in rows if row.party_id])
    mine = office_ids(worker)
    return tuple(_ladder(row, since, _may_see(row, worker, seen, mine), maker) for row, since in rows)


def _promise_counts(ids: Sequence[int], hidden: Collection[int]) -> Counter[str]:
    return Counter(dict(_PROMISES.rows(list(ids), list(hidden))))  # type: ignore[arg-type]


_WANTED = (PromiseKind.SECOND_PERSON, PromiseKind.COORDINATION_REQUEST)
_PROMISES = Kept(
    lambda offices, hidden: (
        Promise.objects.filter(office__id__any=offices, kind__in=_WANTED, is_open=True)
        .exclude(party__id__any=hidden)
        .order_by()
        .values_list("kind")
        .annotate(Count("id"))
    )
)


def _new_holder_not_met(ids: Sequence[int], hidden: Collection[int]) -> int:
    return int(asked(_NEW_HOLDER, [list(ids), list(hidden)])[0][0])


_NEW_HOLDER = """
            SELECT count(*) FROM holding_hold h
             WHERE h.closed_at IS NULL AND NOT h.look_back AND h.office_id = ANY(%s::bigint[])
               AND NOT EXISTS (SELECT 1 FROM holding_concern c WHERE c.id = h.concern_id AND c.party_id = ANY(%s::bigint[]))
               AND EXISTS (
                SELECT 1 FROM holding_hold mine JOIN holding_hold before ON before.id = mine.previous_id
                 WHERE mine.concern_id = h.concern_id AND mine.worker_id = h.worker_id
                   AND before.worker_id <> h.worker_id
                   AND NOT EXISTS (SELECT 1 FROM holding_contacton t JOIN holding_contact k ON k.id = t.contact_id
                                    WHERE t.concern_id = h.concern_id AND t.kind = 'met' AND k.worker_id = h.worker_id
                                      AND t.at >= mine.opened_at))
"""


def _not_signed_in(ids: Sequence[int], on: date) -> int:
    """Holders not signed in for a week without a recorded absence: a finding for the manager, never a violation."""
    return len(_NOT_SIGNED_IN.rows(list(ids), on - timedelta(days=7), on))


def _silent(office_ids: list[int], since: date, on: date) -> QuerySet[Worker, tuple[int]]:
    away = Absence.objects.filter(returned_at__isnull=True, from_on__lte=on, until_on__gte=on).values(
        "worker_id"
    )
    holding = (
        Hold.objects.filter(closed_at__isnull=True, office__id__any=office_ids).order_by().values("worker_id")
    )
    return (
        Worker.objects.filter(
            Q(last_seen_at__isnull=True) | Q(last_seen_at__date__lt=since), is_active=True, pk__in=holding
        )
        .exclude(pk__in=away)
        .order_by("id")
        .values_list("id")
    )


_NOT_SIGNED_IN = Kept(_silent)


def _leaving_past(ids: Sequence[int], on: date) -> int:
    """Workers whose day of leaving has passed and whose list nobody has carried out."""
    return (
        Worker.objects.filter(
            is_active=True,
            leaving_on__lt=on,
            postings__office_id__in=list(ids),
            postings__ended_at__isnull=True,
        )
        .distinct()
        .count()
    )


def _held_instead(ids: Sequence[int], hidden: Collection[int]) -> int:
    """Concerns くらし連携担当 holds instead of an office: this figure should be small."""
    return len(_HELD_INSTEAD.rows(list(ids), list(hidden)))


_HELD_INSTEAD = Kept(
    lambda offices, hidden: (
        Hold.objects.filter(closed_at__isnull=True, office__id__any=offices, office__field=Field.COORDINATION)
        .exclude(concern__party__id__any=hidden)
        .exclude(kind=HoldKind.COORDINATING)
        .order_by("id")
        .values_list("id")
    )
)
