"""Lists of files that stay quick at any size: driven from what the worker may see, a page at a time by key.

`case_list_sheet` is the same list with all its columns (支援ケース一覧, domain.md §3.8), for the paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Case as Choose
from django.db.models import F, IntegerField, Q, QuerySet, Value, When

from tsunagi.accounts.queries import office_ids, workers_of
from tsunagi.cases.models import Case
from tsunagi.cases.rules import SOON_DAYS, CaseState, Consent, ListOrder, PlanDays, Stage, decade
from tsunagi.codes.queries import labels_of, short_label_of
from tsunagi.holding.queries import party_label
from tsunagi.intake.rules import CallerKind
from tsunagi.people.access import visible_parties
from tsunagi.people.rules import Facet
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.places.queries import district
from tsunagi.shared import wareki
from tsunagi.shared.days import day_of
from tsunagi.shared.kept import asked as ask
from tsunagi.shared.rows import whole

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PAGE = 50
MANY = 1000
SHEET = 1000
"""Rows of one sheet; what is more is said on it."""


@dataclass(frozen=True)
class CaseAsked:
    """Which files a list shows, in which order. `show`: open, mine, office, closed, all."""

    show: str = "open"
    stage: str = ""
    worker_id: int | None = None
    plan: str = ""
    order: str = ListOrder.NEW.value


@dataclass(frozen=True)
class CaseCard:
    """A file as a list shows it, and as 支援ケース一覧 prints it."""

    id: int
    number: str
    party_id: int
    party_label: str
    title: str
    office: str
    worker: str
    state_label: str
    is_open: bool
    review_on: date | None
    opened_at: datetime
    last_note_at: datetime | None
    came_on: date
    decade: str
    district: str
    route: str
    concern: str
    more_concerns: int
    consent: str
    due_on: date | None
    last_contact_on: date | None
    plan_until: date | None
    plan_is_past: bool


@dataclass(frozen=True)
class CaseList:
    """One page of files; `total` stops counting above a thousand. `next_before` leads to the next page."""

    cards: tuple[CaseCard, ...]
    total: int
    many: bool
    next_before: int | None


@dataclass(frozen=True)
class CaseSheet:
    """支援ケース一覧: all the rows of one filter (at most `SHEET`), how many more there are, and the filter in words."""

    rows: tuple[CaseCard, ...]
    more: bool
    asked: str
    on: date


def cases_of(
    worker: Worker,
    *,
    show: str = "open",
    before: int | None = None,
    asked: CaseAsked | None = None,
    on: date | None = None,
) -> CaseList:
    """Files this worker may see, a page at a time by key.

    Driven from the worker's involvements, so that the time follows what they may see, never the size of the city. `before`
    is the last page's `next_before`; `on` the city day (for colours and 年代; without it no plan is called past).
    """
    asked = asked or CaseAsked(show=show)
    # Which files is asked of the whole: the filter stands in the statement. Those that are shown are asked for once more
    # as the worker: should the filter ever fail, the guard shows nothing.
    with whole("the numbers of files, filtered by what the worker may see"):
        rows = _rows(worker, asked, on)
        total = len(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
        shown, order = _ordered(rows, asked.order)
        if before:
            # The last row's own place is asked again, so that a row that came or went shifts nothing.
            last = (
                shown.order_by().filter(pk=before).values("pk", "plan_until", "place", "worker__kana").first()
            )
            shown = shown.filter(_behind(asked.order, last, before))
        numbers = list(shown.order_by(*order).values_list("pk", flat=True)[: PAGE + 1])
    guarded = set(Case.objects.filter(id__any=numbers).order_by().values_list("pk", flat=True))
    with whole("what hangs on files that were asked for as the worker, by key"):
        found = _loaded([pk for pk in numbers if pk in guarded])
        cards = tuple(_cards(found[:PAGE], on))
    return CaseList(
        cards,
        min(total, MANY),
        total > MANY,
        found[PAGE - 1].pk if len(found) > PAGE else None,
    )


def case_list_sheet(
    worker: Worker, asked: CaseAsked | None = None, *, on: date, limit: int = SHEET
) -> CaseSheet:
    """支援ケース一覧 of what this worker may see: frozen rows with every column, in three queries whatever the size.

    A protected person's row carries no 校区. Ask inside a deed that journals the paper.
    """
    asked = asked or CaseAsked()
    shown, order = _ordered(_rows(worker, asked, on), asked.order)
    found = _loaded(shown.order_by(*order).values_list("pk", flat=True)[: limit + 1])
    return CaseSheet(tuple(_cards(found[:limit], on)), len(found) > limit, _in_words(asked), on)


def list_workers(worker: Worker) -> list[tuple[int, str]]:
    """The colleagues a list can be narrowed to."""
    return [(card.id, card.name) for card in workers_of(office_ids(worker))]


def explain_list(worker: Worker) -> list[str]:
    """The plan of the list, for the bench."""
    shown, order = _ordered(_rows(worker, CaseAsked(), None), ListOrder.NEW)
    sql, values = shown.order_by(*order)[: PAGE + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values)
        return [row[0] for row in cursor.fetchall()]


# -- pieces ----------------------------------------------------------------------------------------------


def _rows(worker: Worker, asked: CaseAsked, on: date | None) -> QuerySet[Case]:
    rows = Case.objects.filter(party_id__in=visible_parties(worker, Purpose.READ_CASE, facet=Facet.PROGRESS))
    if asked.show == "mine":
        rows = rows.filter(worker_id=worker.pk, state=CaseState.OPEN)
    elif asked.show == "office":
        rows = rows.filter(office_id__in=offices_for(worker, Purpose.WRITE_CASE), state=CaseState.OPEN)
    elif asked.show == "closed":
        rows = rows.filter(state=CaseState.CLOSED)
    elif asked.show == "open":
        rows = rows.filter(state=CaseState.OPEN)
    if asked.stage in Stage.values():
        rows = rows.filter(stage=asked.stage)
    if asked.worker_id is not None:
        rows = rows.filter(worker_id=asked.worker_id)
    if asked.plan == PlanDays.NONE:
        rows = rows.filter(plan_until__isnull=True)
    elif asked.plan in PlanDays.values() and on is not None:
        soon = on + timedelta(days=SOON_DAYS)
        within = {
            PlanDays.PAST: Q(plan_until__lt=on),
            PlanDays.SOON: Q(plan_until__gte=on, plan_until__lte=soon),
            PlanDays.LATER: Q(plan_until__gt=soon),
        }
        rows = rows.filter(within[PlanDays(asked.plan)])
    return rows


_PLACE = Choose(
    *(When(stage=stage.value, then=Value(number)) for number, stage in enumerate(Stage)),
    default=Value(99),
    output_field=IntegerField(),
)
_ORDERS: dict[str, tuple[Any, ...]] = {
    ListOrder.NEW.value: ("-id",),
    ListOrder.PLAN.value: (F("plan_until").asc(nulls_last=True), "-id"),
    ListOrder.STAGE.value: ("place", "-id"),
    ListOrder.WORKER.value: ("worker__kana", "-id"),
}


def _ordered(rows: QuerySet[Case], order: str) -> tuple[QuerySet[Any], tuple[Any, ...]]:
    rows = rows.annotate(place=_PLACE)
    return rows, _ORDERS.get(order, _ORDERS[ListOrder.NEW.value])


def _behind(order: str, last: dict[str, Any] | None, before: int) -> Q:
    """Rows behind the last one shown, in the order of the list."""
    if last is None or order not in _ORDERS or order == ListOrder.NEW:
        return Q(pk__lt=before)
    if order == ListOrder.PLAN:
        if last["plan_until"] is None:
            return Q(plan_until__isnull=True, pk__lt=before)
        day = last["plan_until"]
        return Q(plan_until__gt=day) | Q(plan_until=day, pk__lt=before) | Q(plan_until__isnull=True)
    if order == ListOrder.STAGE:
        return Q(place__gt=last["place"]) | Q(place=last["place"], pk__lt=before)
    kana = last["worker__kana"]
    return Q(worker__kana__gt=kana) | Q(worker__kana=kana, pk__lt=before)


def _loaded(numbers: Iterable[int]) -> list[Case]:
    """The files with these numbers, in this order. Which ones is asked without what hangs on them: asked together, a
    planner may read every person of the city to join three hundred."""
    ids = list(numbers)
    rows = Case.objects.filter(id__any=ids).select_related(
        "office", "worker", "party__person", "party__household", "party__unknown"
    )
    found = {row.pk: row for row in rows.order_by("pk")}
    return [found[pk] for pk in ids]


# What a list shows beside the file itself, for one page of files: the consultation it came from, its first open concern,
# the next day, the last contact, and whose age and district (the person, or the one a household calls 本人).
# Where abuse is suspected the way it came is left out: who told is secret (児童虐待防止法7条, 高齢者虐待防止法8条).
_BESIDE = """
SELECT k.id, first.came_at, CASE WHEN first.danger = '' THEN first.caller_kind ELSE '' END,
       CASE WHEN first.danger = '' THEN first.means ELSE '' END, main.description, main.codes, main.others, next.due_on,
       last.at, who.birth_on, who.birth_year, who.died_on, home.district_id
  FROM cases_case k
  LEFT JOIN LATERAL (
    SELECT s.came_at, s.caller_kind, s.means, c.danger
      FROM cases_caseconcern x
      JOIN holding_concern c ON c.id = x.concern_id AND c.source_kind = 'consultation'
      JOIN intake_consultation s ON s.id = c.source_id
     WHERE x.case_id = k.id ORDER BY s.came_at, s.id LIMIT 1
  ) first ON true
  LEFT JOIN LATERAL (
    SELECT c.description, c.codes, count(*) OVER () - 1 AS others
      FROM cases_caseconcern x JOIN holding_concern c ON c.id = x.concern_id
     WHERE x.case_id = k.id AND (c.closed_at IS NULL OR k.state = 'closed') ORDER BY x.id LIMIT 1
  ) main ON true
  LEFT JOIN LATERAL (
    SELECT min(h.due_on) AS due_on
      FROM cases_caseconcern x JOIN holding_hold h ON h.concern_id = x.concern_id AND h.closed_at IS NULL
     WHERE x.case_id = k.id
  ) next ON true
  LEFT JOIN LATERAL (
    SELECT max(o.at) AS at FROM cases_caseconcern x
      JOIN LATERAL (SELECT at FROM holding_contacton
                     WHERE concern_id = x.concern_id AND kind IN ('met', 'seen', 'around') ORDER BY at DESC, id DESC LIMIT 1) o
        ON true
     WHERE x.case_id = k.id
  ) last ON true
  LEFT JOIN LATERAL (
    SELECT p.party_id, p.birth_on, p.birth_year, p.died_on
      FROM (SELECT k.party_id AS id
            UNION ALL
            (SELECT m.person_id FROM people_membership m
              WHERE m.household_id = k.party_id AND m.ended_at IS NULL AND m.relation = 'self' ORDER BY m.id LIMIT 1)) w
      JOIN people_person p ON p.party_id = w.id LIMIT 1
  ) who ON true
  LEFT JOIN LATERAL (
    SELECT a.district_id FROM people_address a
     WHERE a.person_id = who.party_id AND a.until_on IS NULL AND a.district_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM people_protection g
                        JOIN people_party o ON o.id = g.person_id
                       WHERE g.ended_at IS NULL AND (o.id = who.party_id OR o.same_as_id = who.party_id
                          OR o.id = (SELECT same_as_id FROM people_party WHERE id = who.party_id)))
     ORDER BY a.kind, a.id DESC LIMIT 1
  ) home ON true
 WHERE k.id = ANY(%(ids)s::bigint[])
"""


def _cards(rows: list[Case], on: date | None) -> list[CaseCard]:
    beside = {one[0]: one[1:] for one in ask(_BESIDE, {"ids": [row.pk for row in rows]})} if rows else {}
    return [_card(row, beside[row.pk], on) for row in rows]


def _card(row: Case, beside: tuple[Any, ...], on: date | None) -> CaseCard:
    came_at, caller, means, said, codes, others, due_on, met_at, born, born_year, died, district_id = beside
    where = district(district_id)
    kind = CallerKind.label_of(caller) if caller else ""
    way = short_label_of("contact_means", means) if means else ""
    return CaseCard(
        id=row.pk,
        number=row.number or str(row.pk),
        party_id=row.party_id,
        party_label=party_label(row.party),
        title=row.title,
        office=row.office.label,
        worker=row.worker.name,
        state_label=Stage(row.stage).label,
        is_open=row.state == CaseState.OPEN,
        review_on=row.review_on,
        opened_at=row.opened_at,
        last_note_at=row.last_note_at,
        came_on=day_of(came_at or row.opened_at),
        decade=_decade(born, born_year, died, on),
        district=where.name if where else "",
        route="・".join(word for word in (kind, way) if word),
        concern=said or "・".join(labels_of("case_types", codes or [])),
        more_concerns=others or 0,
        consent=Consent(row.consent).label if row.consent else "",
        due_on=due_on if row.state == CaseState.OPEN else None,
        last_contact_on=day_of(met_at) if met_at else None,
        plan_until=row.plan_until,
        plan_is_past=bool(on and row.plan_until and row.plan_until < on and row.state == CaseState.OPEN),
    )


def _decade(born: date | None, year: int | None, died: date | None, on: date | None) -> str:
    if on is None or died is not None:
        return ""
    if born is not None:
        return decade(wareki.age_on(born, on))
    return decade(on.year - year) if year else ""


_SHOWN = {"open": "支援中", "mine": "わたしが担う", "office": "自分の機関", "closed": "終結", "all": "すべて"}


def _in_words(asked: CaseAsked) -> str:
    words = [_SHOWN.get(asked.show, "すべて")]
    if asked.stage in Stage.values():
        words.append(f"段階 {Stage(asked.stage).label}")
    if asked.worker_id is not None:
        words.append("担当をしぼる")
    if asked.plan in PlanDays.values():
        words.append(f"プラン {PlanDays(asked.plan).label}")
    return "・".join(words)
