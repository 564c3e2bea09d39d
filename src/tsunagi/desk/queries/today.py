"""今日: what must I do today, what waits for my answer, what did I leave unfinished. All derived, no cron."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from tsunagi.accounts.queries import away_since, main_office_id, office_ids
from tsunagi.diary.queries import AppointmentCard, TakenCard, appointments_of, not_back, tomorrow_of
from tsunagi.holding.models import ContactOn, Hold
from tsunagi.holding.queries import (
    RowCard,
    RowMaker,
    beside_me,
    closure_ahead,
    held_by,
    promised_by,
    rethink_due_of,
    rows_to_settle,
)
from tsunagi.holding.queries.consents import LookAgain, consents_to_look_at
from tsunagi.holding.rules import ContactKind, Lateness, PromiseKind, Urgency
from tsunagi.notices.queries import latest
from tsunagi.people.queries import EndingMeasure, measures_ending, party_names
from tsunagi.referrals.queries import ReferralCard, cards, not_met_yet, waiting_for_them, waiting_for_us
from tsunagi.setup.queries import reviews_waiting
from tsunagi.setup.queries.reviewing import ReviewCard
from tsunagi.shared.kept import Kept
from tsunagi.workbench.queries import drafts_left, unread_circulations

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SHOWN = 30
NOW_SHOWN = 20
WEEK_SHOWN = 10
WEEK = 7


@dataclass(frozen=True)
class Today:
    """The page 今日 of one worker."""

    counts: dict[str, int]
    now: tuple[RowCard, ...]
    more_now: int
    week: tuple[RowCard, ...]
    more_week: int
    waiting: tuple[RowCard, ...]
    messages: tuple[RowCard, ...]
    seconds: tuple[RowCard, ...]
    look_back: tuple[RowCard, ...]
    together: tuple[RowCard, ...]
    not_met: tuple[RowCard, ...]
    before_closure: tuple[RowCard, ...]
    closed_days: tuple[date, ...]
    rethink: tuple[RowCard, ...]
    to_answer: tuple[ReferralCard, ...]
    unanswered: tuple[ReferralCard, ...]
    first_contacts: tuple[ReferralCard, ...]
    drafts: tuple[object, ...]
    notices: tuple[object, ...]
    away_until: date | None
    away_is_past: bool
    total: int
    # 支援措置の期限: (measure, whose); derived each time, never an automatic end.
    measures: tuple[tuple[EndingMeasure, str], ...] = ()
    # 供覧 not read yet: (number, what, who showed it, when).
    circulations: tuple[tuple[int, str, str, datetime], ...] = ()
    # 権限の見直し: of offices this worker reviews, until a day.
    reviews: tuple[ReviewCard, ...] = ()
    # 予定 of today and up to the next open day; those that passed without a word; papers that are not back.
    appointments: tuple[tuple[date, tuple[AppointmentCard, ...]], ...] = ()
    unsaid: tuple[AppointmentCard, ...] = ()
    papers: tuple[TakenCard, ...] = ()
    # 同意の見直し: a year passed, or the eighteenth birthday is near; nothing ends by the look's day.
    consents: tuple[LookAgain, ...] = ()

    @property
    def all_now(self) -> int:
        """Everything that is falling, red or amber, also what the page does not list."""
        return len(self.now) + self.more_now


def today_of(worker: Worker, now: datetime) -> Today:
    """Everything 今日 shows, in a fixed number of queries."""
    maker = RowMaker(now)
    on = maker.on
    held = held_by(worker, on)
    holds = [maker.of_held(row) for row in held]
    promises = [maker.of_promised(row) for row in promised_by(worker, on)]
    not_met_ids = {pk for (pk,) in _NOT_MET.rows(worker.pk)}
    messages = [row for row in promises if row.kind == PromiseKind.MESSAGE]
    seconds = [row for row in promises if row.kind == PromiseKind.SECOND_PERSON]
    look_back = [row for row in holds if row.look_back and _month(row.due_on) <= _month(on)]
    waiting = [row for row in holds if row.waiting and row.lateness == Lateness.GREEN]
    apart = {("hold", row.id) for row in waiting} | {("hold", row.id) for row in holds if row.look_back}
    apart |= {(row.row_kind, row.id) for row in (*messages, *seconds)}
    office_id = main_office_id(worker)
    # An appointment stands on top, not among the rows, but it is counted: one that passed stays red until somebody says.
    agreed = [row for row in promises if row.subject_kind == "appointment"]
    last = tomorrow_of(now, maker.book.of(office_id, worker.pk))
    planned = appointments_of(worker, [row.subject_id for row in agreed], now, maker.book, until=last)
    apart |= {("promise", row.id) for row in agreed if row.due_on <= last}
    todo = sorted(
        (row for row in (*holds, *promises) if (row.row_kind, row.id) not in apart),
        key=lambda row: (-_rank(row), row.shown_on, row.id),
    )
    now_rows = [row for row in todo if row.lateness != Lateness.GREEN]
    week = [
        row for row in todo if row.lateness == Lateness.GREEN and row.shown_on <= on + timedelta(days=WEEK)
    ]
    closure = closure_ahead(office_id, worker.pk, maker, within=0) if office_id else None
    unsettled = rows_to_settle(held, maker)
    rethink_ids = rethink_due_of(worker.pk, on)
    absence = away_since(on).filter(worker_id=worker.pk).last()
    return Today(
        counts=_counts([*todo, *(row for row in agreed if row.due_on <= last)]),
        now=tuple(now_rows[:NOW_SHOWN]),
        more_now=max(0, len(now_rows) - NOW_SHOWN),
        week=tuple(week[:WEEK_SHOWN]),
        more_week=max(0, len(week) - WEEK_SHOWN),
        waiting=tuple(waiting[:SHOWN]),
        messages=tuple(messages),
        seconds=tuple(seconds),
        look_back=tuple(look_back[:SHOWN]),
        together=tuple(maker.of_held(row) for row in beside_me(worker)),
        not_met=tuple(row for row in holds if row.id in not_met_ids)[:SHOWN],
        before_closure=tuple(one.row for one in unsettled)[:SHOWN],
        closed_days=closure.days if closure else (),
        rethink=tuple(row for row in holds if row.concern_id in rethink_ids)[:SHOWN],
        to_answer=tuple(cards(waiting_for_us(worker), on=on, book=maker.book)),
        unanswered=tuple(cards(waiting_for_them(worker), on=on, book=maker.book)),
        first_contacts=tuple(cards(not_met_yet(worker), on=on, book=maker.book)),
        drafts=tuple(drafts_left(worker, at_most=10)),
        notices=tuple(latest(worker, limit=8)),
        away_until=absence.until_on if absence else None,
        away_is_past=absence is not None and absence.until_on < on,
        total=len(todo) + len(waiting),
        measures=tuple(_measures(worker, on)),
        circulations=tuple(unread_circulations(worker)),
        reviews=tuple(reviews_waiting(worker, on=on)),
        appointments=tuple(_by_day(row for row in planned if row.hours.day >= on)),
        unsaid=tuple(row for row in planned if row.hours.day < on),
        papers=tuple(not_back(worker, on)),
        consents=tuple(consents_to_look_at(worker, on=on))[:SHOWN],
    )


def _by_day(planned: Iterable[AppointmentCard]) -> list[tuple[date, tuple[AppointmentCard, ...]]]:
    days: dict[date, list[AppointmentCard]] = {}
    for row in planned:
        days.setdefault(row.hours.day, []).append(row)
    return [(day, tuple(rows)) for day, rows in days.items()]


def _measures(worker: Worker, on: date) -> list[tuple[EndingMeasure, str]]:
    rows = measures_ending(worker, office_ids(worker), on=on)
    names = party_names(worker, [row.person_id for row in rows]) if rows else {}
    return [(row, names.get(row.person_id, "")) for row in rows]


def _rank(row: RowCard) -> int:
    order = {Lateness.FALLING: 3, Lateness.RED: 2, Lateness.AMBER: 1, Lateness.GREEN: 0}
    return order[row.lateness] * 2 + (row.urgency == Urgency.HIGH)


def _counts(rows: list[RowCard]) -> dict[str, int]:
    counts = {str(colour): 0 for colour in Lateness}
    for row in rows:
        counts[str(row.lateness)] += 1
    return counts


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _not_met(worker_id: int) -> QuerySet[Hold, tuple[int]]:
    """Holds that came to this worker from another, without a meeting since (替わってまだ会えていない)."""
    met = ContactOn.objects.filter(
        concern_id=OuterRef("concern_id"),
        kind=ContactKind.MET,
        contact__worker_id=worker_id,
        at__gte=OuterRef("opened_at"),
    )
    came = (
        Hold.objects.filter(concern_id=OuterRef("concern_id"), worker_id=worker_id, previous__isnull=False)
        .exclude(previous__worker_id=worker_id)
        .exclude(Exists(met))
    )
    return (
        Hold.objects.filter(worker_id=worker_id, closed_at__isnull=True, look_back=False)
        .filter(Exists(came))
        .order_by("id")
        .values_list("id")
    )


_NOT_MET = Kept(_not_met)
