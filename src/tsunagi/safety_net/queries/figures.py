"""The board's figures: every open hold and promise coloured in one statement, exactly as `holding.rules.lateness` says.

A colour is four dates compared with `due_on` (H6); the dates are computed once per holder. What dates cannot say — a
高 that nobody took over for the night — is asked beforehand and handed in by number.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from tsunagi.accounts.models import Posting
from tsunagi.accounts.rules import HOLDING_ROLES
from tsunagi.holding.models import Hold, NightHandover
from tsunagi.holding.queries import HoldFacts, RowMaker
from tsunagi.holding.rules import HoldKind, Urgency, night_open
from tsunagi.shared.days import day_of
from tsunagi.shared.kept import Kept, asked


@dataclass(frozen=True)
class OfficeLine:
    """One office's figures: holds and promises alike by colour; `stocktaking` (移行分) apart from everything else."""

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

    @property
    def late(self) -> int:
        """Red and falling together."""
        return self.red + self.falling


_COLOURED = """
WITH dates AS (
    SELECT * FROM unnest(%(office_ids)s::bigint[], %(worker_ids)s::bigint[], %(amber)s::date[], %(red)s::date[],
                         %(falling)s::date[], %(falling_high)s::date[])
                  AS d(office_id, worker_id, amber, red, falling, falling_high)
),
rows AS (
    SELECT 'hold' AS row_kind, h.id, h.office_id, h.worker_id, h.kind, h.due_on, c.urgency,
           (c.danger <> '' AND NOT EXISTS (SELECT 1 FROM holding_safetyreport s WHERE s.concern_id = c.id)) AS unreported,
           h.id = ANY(%(night)s::bigint[]) AS unguarded, COALESCE(h.oral_yes_until >= %(on)s::date, false) AS oral, h.look_back,
           COALESCE(c.last_seen_on, (c.opened_at AT TIME ZONE 'Asia/Tokyo')::date) AS seen_on, 0 AS extra
      FROM holding_hold h JOIN holding_concern c ON c.id = h.concern_id
     WHERE h.closed_at IS NULL AND NOT c.party_id = ANY(%(hidden)s::bigint[])
    UNION ALL
    SELECT 'promise', q.id, q.office_id, q.worker_id, q.kind, q.due_on, q.urgency, false, false, false, false, NULL, q.weight
      FROM holding_promise q WHERE q.is_open AND NOT COALESCE(q.party_id = ANY(%(hidden)s::bigint[]), false)
),
coloured AS (
    SELECT r.*, d.amber,
           CASE WHEN unreported OR unguarded THEN 'falling'
                WHEN oral THEN 'green'
                WHEN due_on < CASE WHEN urgency = 'high' THEN d.falling_high ELSE d.falling END THEN 'falling'
                WHEN due_on < d.red THEN 'red'
                WHEN due_on < d.amber THEN 'amber'
                ELSE 'green' END AS colour
      FROM rows r JOIN dates d ON d.office_id = r.office_id AND d.worker_id = r.worker_id
)
"""

_DATES = ("office_ids", "worker_ids", "amber", "red", "falling", "falling_high")

_FIGURES = """
SELECT office_id,
       count(*) FILTER (WHERE row_kind = 'hold' AND kind <> 'stocktaking'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND colour = 'amber'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND colour = 'red'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND colour = 'falling'),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND NOT look_back AND seen_on < %(on)s::date - 60),
       count(*) FILTER (WHERE kind <> 'stocktaking' AND NOT look_back AND seen_on < %(on)s::date - 90),
       count(*) FILTER (WHERE kind = 'following_through' AND row_kind = 'hold' AND due_on < amber),
       count(*) FILTER (WHERE kind = 'stocktaking')
  FROM coloured GROUP BY office_id
"""

# As holding.rules.weight orders them; within equal weight the earlier day is the heavier.
_LATE = """
SELECT row_kind, id FROM coloured
 WHERE kind <> 'stocktaking' AND colour IN ('red', 'falling') AND NOT (row_kind || ':' || id) = ANY(%(resting)s::text[])
 ORDER BY 1000 * (CASE WHEN unreported THEN 8 ELSE 0 END + CASE colour WHEN 'falling' THEN 4 ELSE 2 END
                  + CASE urgency WHEN 'high' THEN 4 WHEN 'unclear' THEN 2 WHEN 'middle' THEN 1 ELSE 0 END) + extra DESC,
          due_on, id
 LIMIT %(limit)s::int
"""


class Figures:
    """The rows of some offices, coloured for one moment. Each question is one statement.

    `hidden`: parties whose rows are neither shown nor counted, closed to whoever reads or out of their oversight: a figure that
    counts what no list shows would tell that it is there.
    """

    def __init__(self, office_ids: Sequence[int], maker: RowMaker, hidden: Collection[int] = ()) -> None:
        self._maker = maker
        self._hidden = sorted(hidden)
        self._dates = [(*holder, maker.dates(*holder)) for holder in _HOLDERS.rows(list(office_ids))]
        self._night = _unguarded(office_ids, maker)

    def lines(self, names: dict[int, str]) -> list[OfficeLine]:
        """One line per office, also for those that hold nothing."""
        counted = {office_id: counts for office_id, *counts in self._ask(_FIGURES)}
        return [OfficeLine(pk, name, *counted.get(pk, ())) for pk, name in names.items()]

    def heaviest(self, limit: int, resting: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """(row kind, number) of red and falling rows, the heaviest first, without those that rest."""
        asleep = [f"{kind}:{number}" for kind, number in resting]
        return [(str(kind), int(number)) for kind, number in self._ask(_LATE, resting=asleep, limit=limit)]

    def _ask(self, statement: str, **values: Any) -> list[tuple[int, ...]]:
        if not self._dates:
            return []
        cells = [
            (
                office_id, worker_id, dates.amber_before, dates.red_before, dates.falling_before,
                dates.falling_high_before,
            )
            for office_id, worker_id, dates in self._dates
        ]  # fmt: skip
        columns = dict(zip(_DATES, (list(column) for column in zip(*cells, strict=True)), strict=True))
        return asked(
            _COLOURED + statement,
            {"on": self._maker.on, "night": self._night, "hidden": self._hidden, **columns, **values},
        )


_HOLDERS = Kept(
    lambda offices: (
        Posting.objects.filter(office__id__any=offices, ended_at__isnull=True, role__in=sorted(HOLDING_ROLES))
        .order_by("office_id", "worker_id")
        .values_list("office_id", "worker_id")
        .distinct()
    )
)


def sum_of(lines: Sequence[OfficeLine]) -> OfficeLine:
    """The line of all offices together."""
    names = [place.name for place in fields(OfficeLine)][2:]
    return OfficeLine(0, "合計", *(sum(getattr(line, name) for line in lines) for name in names))


def open_since(hold: HoldFacts) -> date:
    """Since when a missing safety report or night hand-over makes a row falling."""
    return day_of(hold.urgency_judged_at)


def _unguarded(office_ids: Sequence[int], maker: RowMaker) -> list[int]:
    """Holds whose 高 came after closing and that nobody took over for the night (few: 高 and not yet seen)."""
    rows = _HIGH.rows(list(office_ids))
    return [
        pk
        for pk, office_id, judged_at, seen_on in rows
        if night_open(
            Urgency.HIGH, judged_at, seen=seen_on is not None and seen_on >= day_of(judged_at), handed_over=False,
            now=maker.now, calendar=maker.book.of(office_id), closing_time=maker.closes_at(office_id),
        )
    ]  # fmt: skip


def _high(office_ids: list[int]) -> QuerySet[Hold, tuple[Any, ...]]:
    handed = NightHandover.objects.filter(
        concern_id=OuterRef("concern_id"), handed_at__gte=OuterRef("concern__urgency_judged_at")
    )
    return (
        Hold.objects.filter(office__id__any=office_ids, closed_at__isnull=True, concern__urgency=Urgency.HIGH)
        .exclude(kind=HoldKind.STOCKTAKING)
        .exclude(Exists(handed))
        .order_by("id")
        .values_list("id", "office_id", "concern__urgency_judged_at", "concern__last_seen_on")
    )


_HIGH = Kept(_high)
