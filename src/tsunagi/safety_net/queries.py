"""網: who is about to be dropped, by number, office, kind and days. Names only where there is an involvement (H7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from tsunagi.accounts.models import Absence, Office, Posting, Worker
from tsunagi.accounts.queries import coordination_office
from tsunagi.accounts.rules import HOLDING_ROLES
from tsunagi.holding.models import Hold, Promise, Rest
from tsunagi.holding.queries import RowCard, RowMaker, holds, promises
from tsunagi.holding.rules import (
    HoldKind,
    LadderStep,
    Lateness,
    PromiseKind,
    Urgency,
    eve_of_closure,
    ladder_step,
)
from tsunagi.people.access import visible_parties
from tsunagi.people.models import Party
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.referrals.queries import ReferralCard, cards, late_for, unmet_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker as WorkerType

HEAVIEST = 10
CANDIDATES = 300


@dataclass(frozen=True)
class OfficeLine:
    """One office's figures. `stocktaking` (移行分) is counted apart from everything else."""

    office_id: int
    office: str
    open: int = 0
    amber: int = 0
    red: int = 0
    falling: int = 0
    unseen_60: int = 0
    unseen_90: int = 0
    following_due: int = 0
    stocktaking: int = 0


@dataclass(frozen=True)
class LadderRow:
    """A falling or red row. `name` and `what` are empty for those who are on the ladder without an involvement."""

    row: RowCard
    step: LadderStep
    name: str
    what: str
    resting: bool


@dataclass(frozen=True)
class Board:
    """What the page 網 prints."""

    whole_city: bool
    offices: tuple[OfficeLine, ...]
    total: OfficeLine
    heaviest: tuple[LadderRow, ...]
    rest_by_office: tuple[tuple[str, int], ...]
    unanswered: tuple[ReferralCard, ...]
    unmet: tuple[ReferralCard, ...]
    seconds_waiting: int
    coordination_requests: int
    new_holder_not_met: int
    holders_not_signed_in: int
    held_instead: int
    closed_days: tuple[date, ...] = ()
    stocktaking_promises: int = 0
    bars: tuple[tuple[str, int], ...] = field(default=())


def board_of(worker: WorkerType, now: datetime, *, office_id: int | None = None) -> Board:
    """The board for this worker's reach, in a fixed number of queries; `office_id` narrows it to one office."""
    maker = RowMaker(now)
    whole_city = reach_of(worker, Purpose.NET) >= Reach.CITY
    names = _offices(worker, whole_city, office_id)
    ids = list(names)
    lines = _figures(ids, names, maker)
    shown, rest = _heaviest(worker, ids, maker)
    on = maker.on
    coordination = coordination_office()
    return Board(
        whole_city=whole_city,
        offices=tuple(sorted(lines, key=lambda line: (-line.falling, -line.red, line.office))),
        total=_sum(lines),
        heaviest=shown,
        rest_by_office=rest,
        unanswered=tuple(cards(late_for(ids, on=on)[:20], on=on, book=maker.book)),
        unmet=tuple(cards(unmet_for(ids)[:20], on=on, book=maker.book)),
        seconds_waiting=_promise_count(ids, PromiseKind.SECOND_PERSON),
        coordination_requests=_promise_count(ids, PromiseKind.COORDINATION_REQUEST),
        new_holder_not_met=_new_holder_not_met(ids),
        holders_not_signed_in=_not_signed_in(ids, on),
        held_instead=_held_instead(coordination.pk) if coordination and coordination.pk in names else 0,
        closed_days=tuple(eve_of_closure(on, maker.book.of(None))),
        stocktaking_promises=_promise_count(ids, PromiseKind.STOCKTAKING),
        bars=tuple((line.office, line.falling + line.red) for line in lines if line.falling + line.red)[:12],
    )


def _offices(worker: WorkerType, whole_city: bool, office_id: int | None) -> dict[int, str]:
    rows = Office.objects.filter(is_active=True, signs_in=True)
    if not whole_city:
        rows = rows.filter(pk__in=offices_for(worker, Purpose.NET))
    if office_id is not None:
        rows = rows.filter(pk=office_id)
    return {row.pk: row.label for row in rows.order_by("code")}


_COUNTS = """
WITH dates(office_id, worker_id, amber, red, falling, falling_high) AS (VALUES {values}),
rows AS (
    SELECT h.office_id, h.kind, h.due_on, c.urgency, COALESCE(h.oral_yes_until >= %(on)s, false) AS oral,
           (c.danger <> '' AND NOT EXISTS (SELECT 1 FROM holding_safetyreport s WHERE s.concern_id = c.id)) AS unreported,
           h.look_back,
           COALESCE(c.last_seen_on, (c.opened_at AT TIME ZONE 'Asia/Tokyo')::date) AS seen_on,
           d.amber, d.red, d.falling, d.falling_high
      FROM holding_hold h
      JOIN holding_concern c ON c.id = h.concern_id
      JOIN dates d ON d.office_id = h.office_id AND d.worker_id = h.worker_id
     WHERE h.closed_at IS NULL
),
coloured AS (
    SELECT *, CASE WHEN unreported THEN 'falling'
                   WHEN oral THEN 'green'
                   WHEN due_on < CASE WHEN urgency = 'high' THEN falling_high ELSE falling END THEN 'falling'
                   WHEN due_on < red THEN 'red'
                   WHEN due_on < amber THEN 'amber'
                   ELSE 'green' END AS colour
      FROM rows
)
SELECT office_id,
       count(*) FILTER (WHERE kind <> 'stocktaking'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND colour = 'amber'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND colour = 'red'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND colour = 'falling'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND NOT look_back AND seen_on < %(on)s - 60),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND NOT look_back AND seen_on < %(on)s - 90),
       count(*) FILTER (WHERE kind = 'following_through' AND due_on < amber),
       count(*) FILTER (WHERE kind = 'stocktaking')
  FROM coloured GROUP BY office_id
"""


def _figures(ids: Sequence[int], names: dict[int, str], maker: RowMaker) -> list[OfficeLine]:
    lines = {office_id: OfficeLine(office_id, names[office_id]) for office_id in ids}
    holders = list(
        Posting.objects.filter(office_id__in=ids, ended_at__isnull=True, role__in=HOLDING_ROLES)
        .order_by("office_id", "worker_id")
        .values_list("office_id", "worker_id")
        .distinct()
    )
    if not holders:
        return list(lines.values())
    values: list[object] = []
    for office_id, worker_id in holders:
        dates = maker.dates(office_id, worker_id)
        values += [
            office_id,
            worker_id,
            dates.amber_before,
            dates.red_before,
            dates.falling_before,
            dates.falling_high_before,
        ]
    # The number of holders decides the number of places; what fills them are parameters.
    places = ", ".join(["(%s::bigint, %s::bigint, %s::date, %s::date, %s::date, %s::date)"] * len(holders))
    statement = _COUNTS.format(values=places).replace("%(on)s", "%s::date")
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *[maker.on] * 3])
        for office_id, *counts in cursor.fetchall():
            lines[office_id] = OfficeLine(office_id, names[office_id], *counts)
    stock = _stocktaking_by_office(ids)
    return [
        replace(line, stocktaking=line.stocktaking + stock.get(line.office_id, 0)) for line in lines.values()
    ]


def _stocktaking_by_office(ids: Sequence[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT office_id, count(*) FROM holding_promise"
            " WHERE is_open AND kind = 'stocktaking' AND office_id = ANY(%s) GROUP BY office_id",
            [list(ids)],
        )
        return dict(cursor.fetchall())


def _heaviest(
    worker: WorkerType, ids: Sequence[int], maker: RowMaker
) -> tuple[tuple[LadderRow, ...], tuple[tuple[str, int], ...]]:
    """The ten heaviest falling and red rows, and how many more there are, by office."""
    latest_red = maker.on + timedelta(days=1)
    late_holds = (
        holds(Hold.objects.filter(office_id__in=list(ids)).exclude(kind=HoldKind.STOCKTAKING))
        .filter(Q(due_on__lt=latest_red) | Q(concern__urgency=Urgency.HIGH) | ~Q(concern__danger=""))
        .order_by("due_on", "id")[:CANDIDATES]
    )
    late_promises = (
        promises(Promise.objects.filter(office_id__in=list(ids)).exclude(kind=PromiseKind.STOCKTAKING))
        .filter(due_on__lt=latest_red)
        .order_by("due_on", "id")[:CANDIDATES]
    )
    rows = [maker.of_hold(row) for row in late_holds] + [maker.of_promise(row) for row in late_promises]
    late = sorted(
        (row for row in rows if row.lateness in (Lateness.RED, Lateness.FALLING)),
        key=lambda row: (-row.weight, row.shown_on, row.id),
    )
    resting = set(
        Rest.objects.filter(worker_id=worker.pk, until_on__gte=maker.on).values_list("row_kind", "row_id")
    )
    awake = [row for row in late if (row.row_kind, row.id) not in resting]
    shown, others = awake[:HEAVIEST], awake[HEAVIEST:]
    seen = _seen_parties(worker, [row.party_id for row in shown if row.party_id])
    counts: dict[str, int] = {}
    for row in others:
        counts[row.office] = counts.get(row.office, 0) + 1
    return (
        tuple(_ladder(row, row.party_id is None or row.party_id in seen, maker) for row in shown),
        tuple(sorted(counts.items(), key=lambda pair: -pair[1])),
    )


def _ladder(row: RowCard, may_see: bool, maker: RowMaker) -> LadderRow:
    step = ladder_step(
        row.due_on,
        Urgency(row.urgency),
        maker.on,
        maker.book.of(row.office_id, row.worker_id),
        open_since=maker.on if row.needs_report or row.needs_night_handover else None,
        office=maker.book.of(row.office_id),
    )
    name = row.party_label if may_see and row.party_id else ""
    return LadderRow(row, step, name, row.what if may_see else "", resting=False)


def _seen_parties(worker: WorkerType, party_ids: Iterable[int]) -> set[int]:
    return set(
        Party.objects.filter(pk__in=list(party_ids))
        .filter(pk__in=visible_parties(worker))
        .values_list("pk", flat=True)
    )


def _sum(lines: Iterable[OfficeLine]) -> OfficeLine:
    total = OfficeLine(0, "合計")
    for line in lines:
        total = OfficeLine(
            0,
            "合計",
            total.open + line.open,
            total.amber + line.amber,
            total.red + line.red,
            total.falling + line.falling,
            total.unseen_60 + line.unseen_60,
            total.unseen_90 + line.unseen_90,
            total.following_due + line.following_due,
            total.stocktaking + line.stocktaking,
        )
    return total


def _promise_count(ids: Sequence[int], kind: PromiseKind) -> int:
    return Promise.objects.filter(office_id__in=list(ids), kind=kind, is_open=True).count()


def _new_holder_not_met(ids: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM holding_hold h
             WHERE h.closed_at IS NULL AND NOT h.look_back AND h.office_id = ANY(%s) AND EXISTS (
                SELECT 1 FROM holding_hold mine JOIN holding_hold before ON before.id = mine.previous_id
                 WHERE mine.concern_id = h.concern_id AND mine.worker_id = h.worker_id
                   AND before.worker_id <> h.worker_id
                   AND NOT EXISTS (SELECT 1 FROM holding_contacton t JOIN holding_contact k ON k.id = t.contact_id
                                    WHERE t.concern_id = h.concern_id AND t.kind = 'met' AND k.worker_id = h.worker_id
                                      AND t.at >= mine.opened_at))
            """,
            [list(ids)],
        )
        return int(cursor.fetchone()[0])


def _not_signed_in(ids: Sequence[int], on: date) -> int:
    """Holders not signed in for a week without a recorded absence: a finding for the manager, never a violation."""
    away = Absence.objects.filter(returned_at__isnull=True, from_on__lte=on, until_on__gte=on).values(
        "worker_id"
    )
    return (
        Worker.objects.filter(
            Q(last_seen_at__isnull=True) | Q(last_seen_at__date__lt=on - timedelta(days=7)),
            is_active=True,
            holds__closed_at__isnull=True,
            holds__office_id__in=list(ids),
        )
        .exclude(pk__in=away)
        .distinct()
        .count()
    )


def _held_instead(coordination_id: int) -> int:
    """Concerns くらし連携担当 holds instead of an office: this figure should be small."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM holding_hold h
             WHERE h.closed_at IS NULL AND h.office_id = %s AND EXISTS (
                SELECT 1 FROM holding_hold before WHERE before.concern_id = h.concern_id AND before.office_id <> %s)
            """,
            [coordination_id, coordination_id],
        )
        return int(cursor.fetchone()[0])
