"""Rows of boards: what is held and promised, with its colour. A template prints what is chosen here, nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import TruncDate

from tsunagi.accounts.queries import CalendarBook, away_since
from tsunagi.holding.models import Hold, NightHandover, Promise, SafetyReport
from tsunagi.holding.rules import (
    BoardDates,
    HoldKind,
    Lateness,
    PromiseKind,
    Urgency,
    WaitingFor,
    board_dates,
    days_late,
    night_open,
    shown_on,
    weight,
)
from tsunagi.people.access import closed_to, standing
from tsunagi.people.queries import standing_for, together_with
from tsunagi.people.rules import PartyKind
from tsunagi.shared.days import day_of
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole

from .settings import city_settings

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

BESIDE_SHOWN = 30
PARTY = ("concern__party__person", "concern__party__household", "concern__party__unknown")


# Promises that have a page of their own: what stands behind them → where they are answered.
ROW_PAGES = {
    "consultation": "intake:detail",
    "second_word": "holding:second",
    "appointment": "diary:detail",
    "plan": "plans:monitor",
    "plan_role": "plans:role",
    "follow_up": "plans:follow_up",
    "meeting_role": "meetings:role",
    "power": "guardianship:power",
    "petition": "guardianship:petition",
    "demand": "records:demand",
    "voice": "records:voice",
    "incident_quick": "records:incident",
    "incident_full": "records:incident",
    "incident_tell": "records:incident",
    "incident_review": "records:incident",
}


@dataclass(frozen=True)
class RowCard:
    """One row of a board: a hold or a promise."""

    row_kind: str
    id: int
    concern_id: int | None
    subject_kind: str
    subject_id: int
    party_id: int | None
    party_kind: str
    party_label: str
    kind: str
    kind_label: str
    what: str
    urgency: str
    urgency_label: str
    office_id: int
    office: str
    worker_id: int
    worker: str
    acting: str
    acting_id: int | None
    due_on: date
    shown_on: date
    lateness: Lateness
    days_late: int
    last_seen_on: date | None
    unseen_days: int | None
    waiting: str
    waiting_from: str
    waiting_until: date | None
    look_back: bool
    needs_report: bool
    needs_night_handover: bool
    oral_yes_until: date | None
    handed_note: str
    weight: int

    @property
    def page(self) -> str:
        """The name of the page where this row is answered; `page_id` is its number."""
        return (
            "holding:concern"
            if self.row_kind == "hold"
            else ROW_PAGES.get(self.subject_kind, "holding:promise")
        )

    @property
    def page_id(self) -> int | None:
        """The number that belongs to `page`."""
        if self.row_kind == "hold":
            return self.concern_id
        return self.subject_id if self.subject_kind in ROW_PAGES else self.id

    @property
    def one_key(self) -> str:
        """The draft's number of the one key 手が回らなかった: the same hold pressed twice is one deed."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"could_not:{self.row_kind}:{self.id}"))


def party_label(party: Any) -> str:
    """How a loaded party is named on a board of somebody who may see it."""
    return "" if party is None else called(*(value_at(party, path) for path in _PARTY_OF_ITSELF))


def called(
    kind: str | None,
    party_id: int | None,
    name: str | None,
    kana: str | None,
    household: str | None,
    place: str | None,
    looks: str | None,
) -> str:
    """How a party is named on a board of somebody who may see it; "" where there is none."""
    if not kind:
        return ""
    if kind == PartyKind.PERSON:
        return name or kana or f"お名前の分からない方({party_id})"
    if kind == PartyKind.HOUSEHOLD:
        return household or f"世帯 {party_id}"
    words = place or looks
    return f"まだ分からない人({words[:20]})" if words else "まだ分からない人"


def _party_columns(party: str) -> tuple[str, ...]:
    """What `called` needs, in its order, reached by this path."""
    return (
        f"{party}__kind", f"{party}_id", f"{party}__person__name", f"{party}__person__kana",
        f"{party}__household__label", f"{party}__unknown__place", f"{party}__unknown__looks",
    )  # fmt: skip


_PARTY_OF_ITSELF = (
    "kind",
    "pk",
    "person__name",
    "person__kana",
    "household__label",
    "unknown__place",
    "unknown__looks",
)

HOLD_COLUMNS = (
    "id", "kind", "office_id", "office__name", "office__short_name", "worker_id", "worker__name", "acting_id", "acting__name",
    "due_on", "look_back", "waiting_for", "waiting_from", "waiting_until", "oral_yes_until", "handed_note",
    "concern_id", "concern__description", "concern__codes", "concern__danger", "concern__urgency", "concern__urgency_judged_at",
    "concern__last_seen_on", "concern__opened_at", "reported", "handed_for_night", *_party_columns("concern__party"),
)  # fmt: skip


class HoldFacts(NamedTuple):
    """What a row shows of an open hold, in the order of `HOLD_COLUMNS`."""

    id: int
    kind: str
    office_id: int
    office_name: str
    office_short: str
    worker_id: int
    worker: str
    acting_id: int | None
    acting: str | None
    due_on: date
    look_back: bool
    waiting_for: str
    waiting_from: str
    waiting_until: date | None
    oral_yes_until: date | None
    handed_note: str
    concern_id: int
    description: str
    codes: list[str]
    danger: str
    urgency: str
    urgency_judged_at: datetime
    last_seen_on: date | None
    opened_at: datetime
    reported: bool
    handed_for_night: bool
    party_kind: str
    party_id: int
    name: str | None
    kana: str | None
    household: str | None
    place: str | None
    looks: str | None

    @property
    def party_label(self) -> str:
        """How whose concern it is, is called."""
        return called(*self[-7:])

    @property
    def opened_on(self) -> date:
        """The day the concern was opened."""
        return day_of(self.opened_at)


class HoldLight(NamedTuple):
    """What a hold is filtered and sorted by, in the order of `LIGHT_COLUMNS`: no text, no name.

    `urgency_judged_at` is read for 高 alone (night hand-over) and None for others: a moment is dear to read.
    """

    id: int
    kind: str
    office_id: int
    worker_id: int
    due_on: date
    waiting_for: str
    oral_yes_until: date | None
    urgency: str
    danger: str
    last_seen_on: date | None
    opened_on: date
    urgency_judged_at: datetime | None
    reported: bool
    handed_for_night: bool


LIGHT_COLUMNS = (
    "id", "kind", "office_id", "worker_id", "due_on", "waiting_for", "oral_yes_until", "concern__urgency", "concern__danger",
    "concern__last_seen_on", "day_opened", "high_judged_at", "reported", "handed_for_night",
)  # fmt: skip


PROMISE_COLUMNS = (
    "id", "kind", "what", "subject_kind", "subject_id", "urgency", "office_id", "office__name", "office__short_name",
    "worker_id", "worker__name", "acting_id", "acting__name", "due_on", "weight", *_party_columns("party"),
)  # fmt: skip


class PromiseFacts(NamedTuple):
    """What a row shows of an open promise, in the order of `PROMISE_COLUMNS`."""

    id: int
    kind: str
    what: str
    subject_kind: str
    subject_id: int
    urgency: str
    office_id: int
    office_name: str
    office_short: str
    worker_id: int
    worker: str
    acting_id: int | None
    acting: str | None
    due_on: date
    weight: int
    party_kind: str | None
    party_id: int | None
    name: str | None
    kana: str | None
    household: str | None
    place: str | None
    looks: str | None

    @property
    def party_label(self) -> str:
        """How whom it is about, is called; "" where it is about nobody."""
        return called(*self[-7:])


class ByDay(NamedTuple):
    """What follows from a due day alone, for one holder."""

    colour: Lateness
    days_late: int
    shown_on: date


class Standing(NamedTuple):
    """How a hold stands today."""

    colour: Lateness
    days_late: int
    shown_on: date
    unseen_days: int
    needs_report: bool
    needs_night: bool
    weight: int


class RowMaker:
    """Turns holds and promises into rows with one set of calendars and four dates per calendar."""

    def __init__(self, now: datetime, book: CalendarBook | None = None) -> None:
        self.now = now
        self.on = day_of(now)
        self.book = book or CalendarBook()
        self._dates: dict[tuple[int, int], BoardDates] = {}
        self._by_day: dict[tuple[int, int, date, Urgency], ByDay] = {}
        self.settings = city_settings()

    def dates(self, office_id: int, worker_id: int) -> BoardDates:
        """The dates that colour this holder's rows today."""
        key = (office_id, worker_id)
        if key not in self._dates:
            self._dates[key] = board_dates(
                self.on,
                self.book.of(office_id, worker_id),
                office=self.book.of(office_id),
                settings=self.settings,
            )
        return self._dates[key]

    def closes_at(self, office_id: int) -> time:
        """When this office closes: its own hour, else the city's."""
        return self.book.closes_at(office_id) or self.settings.closing_time

    def by_day(self, office_id: int, worker_id: int, due_on: date, urgency: Urgency) -> ByDay:
        """The colour, the days late and the day it is shown on, of a due day of this holder: many rows share one."""
        key = (office_id, worker_id, due_on, urgency)
        found = self._by_day.get(key)
        if found is None:
            calendar = self.book.of(office_id, worker_id)
            found = self._by_day[key] = ByDay(
                self.dates(office_id, worker_id).colour(due_on, urgency),
                days_late(due_on, self.on, calendar, office=self.book.of(office_id)),
                shown_on(due_on, calendar),
            )
        return found

    def standing(self, hold: HoldFacts | HoldLight) -> Standing:
        """How a hold stands today: what lists are filtered and sorted by, without the row itself."""
        urgency = Urgency(hold.urgency)
        day = self.by_day(hold.office_id, hold.worker_id, hold.due_on, urgency)
        needs_report = bool(hold.danger) and not hold.reported
        judged_at = hold.urgency_judged_at if urgency is Urgency.HIGH else None
        needs_night = judged_at is not None and night_open(
            urgency,
            judged_at,
            seen=hold.last_seen_on is not None and hold.last_seen_on >= day_of(judged_at),
            handed_over=hold.handed_for_night,
            now=self.now,
            calendar=self.book.of(hold.office_id),
            closing_time=self.closes_at(hold.office_id),
        )
        colour = day.colour
        if needs_report or needs_night:
            colour = Lateness.FALLING
        elif hold.oral_yes_until is not None and self.on <= hold.oral_yes_until:
            colour = Lateness.GREEN
        unseen = (self.on - (hold.last_seen_on or hold.opened_on)).days
        heavy = weight(
            colour, urgency, safety_open=needs_report, late_bd=day.days_late, unseen_days=max(0, unseen)
        )
        return Standing(colour, day.days_late, day.shown_on, unseen, needs_report, needs_night, heavy)

    def of_hold(self, hold: Hold) -> RowCard:
        """A row of a hold loaded by `holds()`."""
        return self.of_held(facts_of(hold))

    def of_held(self, hold: HoldFacts) -> RowCard:
        """A row of a hold's facts (`held_by`, `HOLD_COLUMNS`)."""
        stands = self.standing(hold)
        urgency = Urgency(hold.urgency)
        return RowCard(
            row_kind="hold",
            id=hold.id,
            concern_id=hold.concern_id,
            subject_kind="concern",
            subject_id=hold.concern_id,
            party_id=hold.party_id,
            party_kind=hold.party_kind,
            party_label=hold.party_label,
            kind=hold.kind,
            kind_label="ふりかえり" if hold.look_back else HoldKind(hold.kind).label,
            what=hold.description,
            urgency=hold.urgency,
            urgency_label=urgency.label,
            office_id=hold.office_id,
            office=hold.office_short or hold.office_name,
            worker_id=hold.worker_id,
            worker=hold.worker,
            acting=hold.acting or "",
            acting_id=hold.acting_id,
            due_on=hold.due_on,
            shown_on=stands.shown_on,
            lateness=stands.colour,
            days_late=stands.days_late,
            last_seen_on=hold.last_seen_on,
            unseen_days=stands.unseen_days,
            waiting=WaitingFor(hold.waiting_for).label if hold.waiting_for else "",
            waiting_from=hold.waiting_from,
            waiting_until=hold.waiting_until,
            look_back=hold.look_back,
            needs_report=stands.needs_report,
            needs_night_handover=stands.needs_night,
            oral_yes_until=hold.oral_yes_until,
            handed_note=hold.handed_note,
            weight=stands.weight,
        )

    def of_promise(self, promise: Promise) -> RowCard:
        """A row of a promise loaded by `promises()`."""
        return self.of_promised(PromiseFacts(*(value_at(promise, path) for path in PROMISE_COLUMNS)))

    def of_promised(self, promise: PromiseFacts) -> RowCard:
        """A row of a promise's facts (`promised_by`, `PROMISE_COLUMNS`)."""
        urgency = Urgency(promise.urgency)
        colour, late, day = self.by_day(promise.office_id, promise.worker_id, promise.due_on, urgency)
        return RowCard(
            row_kind="promise",
            id=promise.id,
            concern_id=promise.subject_id if promise.subject_kind == "concern" else None,
            subject_kind=promise.subject_kind,
            subject_id=promise.subject_id,
            party_id=promise.party_id,
            party_kind=promise.party_kind or "",
            party_label=promise.party_label,
            kind=promise.kind,
            kind_label=PromiseKind(promise.kind).label,
            what=promise.what,
            urgency=promise.urgency,
            urgency_label=urgency.label,
            office_id=promise.office_id,
            office=promise.office_short or promise.office_name,
            worker_id=promise.worker_id,
            worker=promise.worker,
            acting=promise.acting or "",
            acting_id=promise.acting_id,
            due_on=promise.due_on,
            shown_on=day,
            lateness=colour,
            days_late=late,
            last_seen_on=None,
            unseen_days=None,
            waiting="",
            waiting_from="",
            waiting_until=None,
            look_back=False,
            needs_report=False,
            needs_night_handover=False,
            oral_yes_until=None,
            handed_note="",
            weight=self.weight_of(promise),
        )

    def weight_of(self, promise: PromiseFacts) -> int:
        """How heavy a promise weighs today."""
        urgency = Urgency(promise.urgency)
        day = self.by_day(promise.office_id, promise.worker_id, promise.due_on, urgency)
        return weight(day.colour, urgency, late_bd=day.days_late) + promise.weight


def value_at(row: Any, path: str) -> Any:
    """`concern__party__kind` of a loaded row; None where a part is missing."""
    for name in path.split("__"):
        row = getattr(row, name, None)
        if row is None:
            return None
    return row


def holds(rows: QuerySet[Hold] | None = None) -> QuerySet[Hold]:
    """Open holds with everything a row shows, in one query."""
    return (
        (Hold.objects.all() if rows is None else rows)
        .filter(closed_at__isnull=True)
        .select_related("concern", "office", "worker", "acting", "concern__party", *PARTY)
        .annotate(
            reported=Exists(SafetyReport.objects.filter(concern_id=OuterRef("concern_id"))),
            handed_for_night=Exists(
                NightHandover.objects.filter(
                    concern_id=OuterRef("concern_id"), handed_at__gte=OuterRef("concern__urgency_judged_at")
                )
            ),
        )
        .order_by("due_on", "id")
    )


def promises(rows: QuerySet[Promise] | None = None) -> QuerySet[Promise]:
    """Open promises with everything a row shows, in one query."""
    return (
        (Promise.objects.all() if rows is None else rows)
        .filter(is_open=True)
        .select_related(
            "office", "worker", "acting", "party", "party__person", "party__household", "party__unknown"
        )
        .order_by("due_on", "id")
    )


def mine_today(worker_id: int, on: date) -> Q:
    """Rows this worker answers for, and those they act in: from the first day named until the last, or until the
    holder is back. An absence whose last day has passed while nobody ended it keeps who acts acting."""
    acting = Q(acting_id=worker_id, acting_from__lte=on)
    not_back = Exists(away_since(on).order_by().filter(worker_id=OuterRef("worker_id")))
    return Q(worker_id=worker_id) | acting & (Q(acting_until__gte=on) | Q(not_back))


def my_holds(worker: Worker, on: date) -> QuerySet[Hold]:
    """What this worker answers for, and what they act in today; nothing of whom is closed to them, whoever gave it to them."""
    return _my_holds(worker.pk, on, sorted(closed_to(worker)))


def my_promises(worker: Worker, on: date) -> QuerySet[Promise]:
    """What this worker has promised, and what they act in today."""
    return _my_promises(worker.pk, on, sorted(closed_to(worker)))


def _my_holds(worker_id: int, on: date, closed: list[int]) -> QuerySet[Hold]:
    return holds().filter(mine_today(worker_id, on)).exclude(concern__party__id__any=closed)


def _my_promises(worker_id: int, on: date, closed: list[int]) -> QuerySet[Promise]:
    return promises().filter(mine_today(worker_id, on)).exclude(party__id__any=closed)


def held_by(worker: Worker, on: date) -> list[HoldFacts]:
    """`my_holds` as facts for a page that lists them."""
    return _facts(_HELD_BY.rows(worker.pk, on, closed_to(worker)))


def held_lightly(worker: Worker, on: date) -> list[HoldLight]:
    """`my_holds` without texts and names: what a long list is filtered and sorted by before a page of it is read."""
    return [HoldLight(*row) for row in _LIGHTLY.rows(worker.pk, on, closed_to(worker))]


def beside_me(worker: Worker) -> list[HoldFacts]:
    """いっしょに: the first rows of others that this worker works on too; shown without a colour."""
    return _facts(_BESIDE.rows(worker.pk, closed_to(worker)))


def promised_by(worker: Worker, on: date) -> list[PromiseFacts]:
    """`my_promises` as facts for a page that lists them."""
    return [PromiseFacts(*row) for row in _PROMISED_BY.rows(worker.pk, on, closed_to(worker))]


def held(hold_ids: Iterable[int]) -> list[HoldFacts]:
    """These holds as facts, as far as they are open, by due day."""
    return _facts(_HELD.rows(list(hold_ids)))


def promised(promise_ids: Iterable[int]) -> list[PromiseFacts]:
    """These promises as facts, as far as they are open, by due day."""
    return [PromiseFacts(*row) for row in _PROMISED.rows(list(promise_ids))]


def held_for(party_ids: Iterable[int]) -> list[HoldFacts]:
    """Every open hold on these parties (already asked through a door) as facts, by due day."""
    return _facts(_HELD_FOR.rows(list(party_ids)))


def facts_of(hold: Hold) -> HoldFacts:
    """The facts of a hold loaded by `holds()`."""
    return HoldFacts(*(value_at(hold, path) for path in HOLD_COLUMNS))


def _facts(rows: Iterable[tuple[Any, ...]]) -> list[HoldFacts]:
    return [HoldFacts(*row) for row in rows]


_HELD_BY = Kept(lambda who, on, closed: _my_holds(who, on, closed).values_list(*HOLD_COLUMNS))
_LIGHTLY = Kept(
    lambda who, on, closed: (
        _my_holds(who, on, closed)
        .annotate(
            day_opened=TruncDate("concern__opened_at"),
            high_judged_at=Case(
                When(concern__urgency=Urgency.HIGH.value, then=F("concern__urgency_judged_at")), default=None
            ),
        )
        .values_list(*LIGHT_COLUMNS)
    )
)
_BESIDE = Kept(
    lambda who, closed: (
        holds()
        .filter(together_with__contains=[who])
        .exclude(concern__party__id__any=closed)
        .values_list(*HOLD_COLUMNS)[:BESIDE_SHOWN]
    )
)
_HELD = Kept(lambda ids: holds().filter(id__any=ids).values_list(*HOLD_COLUMNS))
_HELD_FOR = Kept(lambda ids: holds().filter(concern__party__in=standing_for(ids)).values_list(*HOLD_COLUMNS))
_PROMISED = Kept(lambda ids: promises().filter(id__any=ids).values_list(*PROMISE_COLUMNS))
_PROMISED_BY = Kept(lambda who, on, closed: _my_promises(who, on, closed).values_list(*PROMISE_COLUMNS))


def held_by_me_for(worker: Worker, party_ids: Iterable[int]) -> QuerySet[Hold]:
    """The concerns of these parties that this worker holds: what one contact is offered for, ticked."""
    return (
        holds()
        .annotate(root=standing("concern__party__"))
        .filter(Q(worker_id=worker.pk) | Q(acting_id=worker.pk), root__in=list(party_ids))
    )


def parties_together(party_id: int) -> list[int]:
    """The party, its households, and everybody in them: whom one visit serves."""
    return together_with(party_id)


def holds_of_parties(party_ids: Iterable[int]) -> QuerySet[Hold]:
    """Every open hold on these parties (already asked through a door), by due day."""
    return holds().annotate(root=standing("concern__party__")).filter(root__in=list(party_ids))


@sees_whole("心当たり照会: who answers for whom")
def who_answers(person_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Who answers for these persons (already shown by a lookup): (office, 「office worker」), once each, by person."""
    ids = list(person_ids)
    found: dict[int, list[tuple[str, str]]] = {}
    if not ids:
        return found
    rows = (
        Hold.objects.filter(closed_at__isnull=True)
        .annotate(root=standing("concern__party__"))
        .filter(root__in=ids)
        .select_related("office", "worker")
        .order_by("office__code", "id")
    )
    for row in rows:
        line = (row.office.label, f"{row.office.label} {row.worker.name}")
        if line not in found.setdefault(row.root, []):
            found[row.root].append(line)
    return found
