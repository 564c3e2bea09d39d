"""Rows of boards: what is held and promised, with its colour. A template prints what is chosen here, nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from tsunagi.accounts.queries import CalendarBook, away_since
from tsunagi.holding.models import Concern, Hold, NightHandover, Promise, SafetyReport
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
from tsunagi.people.queries import household_ids_of, members_of, root_of
from tsunagi.people.rules import PartyKind
from tsunagi.shared.days import day_of

from .settings import city_settings

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PARTY = ("concern__party__person", "concern__party__household", "concern__party__unknown")


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
    def one_key(self) -> str:
        """The draft's number of the one key 手が回らなかった: the same hold pressed twice is one deed."""
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"could_not:{self.row_kind}:{self.id}"))


def party_label(party: Any) -> str:
    """How a party is named on a board of somebody who may see it."""
    if party is None:
        return ""
    if party.kind == PartyKind.PERSON:
        return party.person.name or party.person.kana or f"お名前の分からない方({party.pk})"
    if party.kind == PartyKind.HOUSEHOLD:
        return party.household.label or f"世帯 {party.pk}"
    words = party.unknown.place or party.unknown.looks
    return f"まだ分からない人({words[:20]})" if words else "まだ分からない人"


class RowMaker:
    """Turns holds and promises into rows with one set of calendars and four dates per calendar."""

    def __init__(self, now: datetime, book: CalendarBook | None = None) -> None:
        self.now = now
        self.on = day_of(now)
        self.book = book or CalendarBook()
        self._dates: dict[tuple[int, int], BoardDates] = {}
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

    def of_hold(self, hold: Hold) -> RowCard:
        """A row of a hold loaded by `holds()`."""
        concern: Concern = hold.concern
        urgency = Urgency(concern.urgency)
        calendar = self.book.of(hold.office_id, hold.worker_id)
        needs_report = bool(concern.danger) and not hold.reported  # type: ignore[attr-defined]
        needs_night = night_open(
            urgency,
            concern.urgency_judged_at,
            seen=concern.last_seen_on is not None
            and concern.last_seen_on >= day_of(concern.urgency_judged_at),
            handed_over=hold.handed_for_night,  # type: ignore[attr-defined]
            now=self.now,
            calendar=self.book.of(hold.office_id),
            closing_time=self.closes_at(hold.office_id),
        )
        colour = self.dates(hold.office_id, hold.worker_id).colour(hold.due_on, urgency)
        if needs_report or needs_night:
            colour = Lateness.FALLING
        elif hold.oral_yes_until is not None and self.on <= hold.oral_yes_until:
            colour = Lateness.GREEN
        late = days_late(hold.due_on, self.on, calendar, office=self.book.of(hold.office_id))
        unseen = (self.on - (concern.last_seen_on or day_of(concern.opened_at))).days
        return RowCard(
            row_kind="hold",
            id=hold.pk,
            concern_id=concern.pk,
            subject_kind="concern",
            subject_id=concern.pk,
            party_id=concern.party_id,
            party_kind=concern.party.kind,
            party_label=party_label(concern.party),
            kind=hold.kind,
            kind_label="ふりかえり" if hold.look_back else HoldKind(hold.kind).label,
            what=concern.description,
            urgency=concern.urgency,
            urgency_label=urgency.label,
            office_id=hold.office_id,
            office=hold.office.label,
            worker_id=hold.worker_id,
            worker=hold.worker.name,
            acting=hold.acting.name if hold.acting else "",
            acting_id=hold.acting_id,
            due_on=hold.due_on,
            shown_on=shown_on(hold.due_on, calendar),
            lateness=colour,
            days_late=late,
            last_seen_on=concern.last_seen_on,
            unseen_days=unseen,
            waiting=WaitingFor(hold.waiting_for).label if hold.waiting_for else "",
            waiting_from=hold.waiting_from,
            waiting_until=hold.waiting_until,
            look_back=hold.look_back,
            needs_report=needs_report,
            needs_night_handover=needs_night,
            oral_yes_until=hold.oral_yes_until,
            handed_note=hold.handed_note,
            weight=weight(
                colour, urgency, safety_open=needs_report, late_bd=late, unseen_days=max(0, unseen)
            ),
        )

    def of_promise(self, promise: Promise) -> RowCard:
        """A row of a promise loaded by `promises()`."""
        urgency = Urgency(promise.urgency)
        calendar = self.book.of(promise.office_id, promise.worker_id)
        colour = self.dates(promise.office_id, promise.worker_id).colour(promise.due_on, urgency)
        late = days_late(promise.due_on, self.on, calendar, office=self.book.of(promise.office_id))
        return RowCard(
            row_kind="promise",
            id=promise.pk,
            concern_id=promise.subject_id if promise.subject_kind == "concern" else None,
            subject_kind=promise.subject_kind,
            subject_id=promise.subject_id,
            party_id=promise.party_id,
            party_kind=promise.party.kind if promise.party else "",
            party_label=party_label(promise.party),
            kind=promise.kind,
            kind_label=PromiseKind(promise.kind).label,
            what=promise.what,
            urgency=promise.urgency,
            urgency_label=urgency.label,
            office_id=promise.office_id,
            office=promise.office.label,
            worker_id=promise.worker_id,
            worker=promise.worker.name,
            acting=promise.acting.name if promise.acting else "",
            acting_id=promise.acting_id,
            due_on=promise.due_on,
            shown_on=shown_on(promise.due_on, calendar),
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
            weight=weight(colour, urgency, late_bd=late) + promise.weight,
        )


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
    """What this worker answers for, and what they act in today."""
    return holds().filter(mine_today(worker.pk, on))


def beside_me(worker: Worker) -> QuerySet[Hold]:
    """いっしょに: rows of others that this worker works on too; shown without a colour."""
    return holds().filter(together_with__contains=[worker.pk])


def my_promises(worker: Worker, on: date) -> QuerySet[Promise]:
    """What this worker has promised, and what they act in today."""
    return promises().filter(mine_today(worker.pk, on))


def held_by_me_for(worker: Worker, party_ids: Iterable[int]) -> QuerySet[Hold]:
    """The concerns of these parties that this worker holds: what one contact is offered for, ticked."""
    return (
        holds()
        .annotate(root=Coalesce(F("concern__party__same_as_id"), F("concern__party_id")))
        .filter(Q(worker_id=worker.pk) | Q(acting_id=worker.pk), root__in=list(party_ids))
    )


def parties_together(party_id: int) -> list[int]:
    """The party, its households, and everybody in them: whom one visit serves."""
    households = household_ids_of(party_id)
    members = [person for household in households for person in members_of(household)]
    return list(dict.fromkeys([root_of(party_id), *households, *members, *members_of(party_id)]))


def holds_of_parties(party_ids: Iterable[int]) -> QuerySet[Hold]:
    """Every open hold on these parties (already asked through a door), by due day."""
    return (
        holds()
        .annotate(root=Coalesce(F("concern__party__same_as_id"), F("concern__party_id")))
        .filter(root__in=list(party_ids))
    )
