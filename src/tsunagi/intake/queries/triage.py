"""受付の一覧: what the desks of a worker hold until it has become something (H10), and what it became."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from tsunagi.codes.queries import short_label_of
from tsunagi.holding.models import NightHandover, Promise
from tsunagi.holding.queries import RowMaker, mine_today
from tsunagi.holding.rules import ConsultationOutcome, Lateness, PromiseKind, Urgency, night_open
from tsunagi.intake.models import Consultation
from tsunagi.intake.rules import CallerKind
from tsunagi.people.access import closed_to, protected_persons, seen_among
from tsunagi.people.models import Party, Person
from tsunagi.people.queries import name_of
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PER_PAGE = 30
FIRST_WORDS = 60
SUBJECT = "consultation"
HELD_BY = (PromiseKind.TRIAGE.value, PromiseKind.STOCKTAKING.value)
NAMELESS = "お名前は伏せています"


@dataclass(frozen=True)
class TriageRow:
    """One consultation on the desk's list. `who` is empty when nobody was said; `party_id` only where it opens."""

    id: int
    number: str
    office: str
    came_at: datetime
    came_about: bool
    written_later: bool
    who: str
    party_id: int | None
    party_kind: str
    caller: str
    means: str
    words: str
    urgency: str
    cut_off: bool
    worker: str
    due_on: date | None
    lateness: Lateness | None
    needs_night: bool
    outcome: str
    outcome_at: datetime | None
    imported: bool


@dataclass(frozen=True)
class TriageList:
    """A page of the list: its rows, how many there are in all, and where the next page begins ("" = no more)."""

    rows: tuple[TriageRow, ...]
    total: int
    next: str


@dataclass(frozen=True)
class TriageCounts:
    """The figures on the tabs."""

    open: int
    mine: int
    stocktaking: int


def triage_counts(worker: Worker, on: date) -> TriageCounts:
    """How many consultations the worker's desks hold, and the worker."""
    found = _promises(worker).aggregate(
        open=Count("id", filter=Q(kind=PromiseKind.TRIAGE)),
        mine=Count("id", filter=Q(kind=PromiseKind.TRIAGE) & _mine(worker, on)),
        stocktaking=Count("id", filter=Q(kind=PromiseKind.STOCKTAKING)),
    )
    return TriageCounts(**found)


def triage_list(
    worker: Worker,
    now: datetime,
    *,
    scope: str = "open",
    sort: str = "due",
    urgency: str = "",
    after: str = "",
) -> TriageList:
    """A page of the consultations of the worker's desks.

    `scope`: open · mine · ended · imported; `sort`: due (the most pressing first) · came (the newest first). Ended
    and imported ones are always by the hour they came. `after` is the `next` of the page before.
    """
    if sort == "due" and scope in ("open", "mine"):
        return _by_due(worker, now, scope=scope, urgency=urgency, after=after)
    return _by_came(worker, now, scope=scope, urgency=urgency, after=after)


def _promises(worker: Worker) -> QuerySet[Promise]:
    return Promise.objects.filter(
        subject_kind=SUBJECT,
        kind__in=HELD_BY,
        is_open=True,
        office_id__in=offices_for(worker, Purpose.CONSULT),
    ).exclude(party_id__in=closed_to(worker))


def _mine(worker: Worker, on: date) -> Q:
    """What this worker promised, and what they act for on this day."""
    return mine_today(worker.pk, on)


def _by_due(worker: Worker, now: datetime, *, scope: str, urgency: str, after: str) -> TriageList:
    rows = _promises(worker).filter(kind=PromiseKind.TRIAGE).order_by("due_on", "id")
    if scope == "mine":
        rows = rows.filter(_mine(worker, day_of(now)))
    if urgency:
        rows = rows.filter(urgency=urgency)
    total = rows.count()
    day, number = _cursor(after)
    if number:
        rows = rows.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=number))
    held = list(rows.select_related("worker")[: PER_PAGE + 1])
    known = _consultations().in_bulk([promise.subject_id for promise in held[:PER_PAGE]])
    pairs: list[tuple[Consultation, Promise | None]] = [
        (known[promise.subject_id], promise) for promise in held[:PER_PAGE] if promise.subject_id in known
    ]
    last = held[PER_PAGE - 1] if len(held) > PER_PAGE else None
    return TriageList(
        _rows(worker, now, pairs), total, f"{last.due_on.isoformat()}_{last.pk}" if last else ""
    )


def _by_came(worker: Worker, now: datetime, *, scope: str, urgency: str, after: str) -> TriageList:
    rows = (
        _consultations()
        .filter(office_id__in=offices_for(worker, Purpose.CONSULT))
        .exclude(party_id__in=closed_to(worker))
        .order_by("-came_at", "-id")
    )
    if scope == "ended":
        rows = rows.exclude(outcome="")
    elif scope == "imported":
        rows = rows.filter(run__isnull=False)
    else:
        mine = _promises(worker).filter(kind=PromiseKind.TRIAGE)
        mine = mine.filter(_mine(worker, day_of(now))) if scope == "mine" else mine
        rows = rows.filter(outcome="", id__in=mine.order_by().values("subject_id"))
    if urgency:
        rows = rows.filter(urgency=urgency)
    total = rows.order_by().count()
    moment, number = _cursor(after)
    if number:
        rows = rows.filter(Q(came_at__lt=moment) | Q(came_at=moment, id__lt=number))
    found = list(rows[: PER_PAGE + 1])
    held = {
        promise.subject_id: promise
        for promise in Promise.objects.filter(
            subject_kind=SUBJECT, kind__in=HELD_BY, is_open=True, subject_id__in=[row.pk for row in found]
        )
        .select_related("worker")
        .order_by("id")
    }
    pairs = [(row, held.get(row.pk)) for row in found[:PER_PAGE]]
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return TriageList(
        _rows(worker, now, pairs), total, f"{last.came_at.isoformat()}_{last.pk}" if last else ""
    )


def _cursor(after: str) -> tuple[datetime | date | None, int]:
    said, _, number = after.partition("_")
    try:
        moment = datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said)
        return moment, int(number)
    except ValueError:
        return None, 0


def _consultations() -> QuerySet[Consultation]:
    return Consultation.objects.select_related(
        "office",
        "party__person",
        "party__household",
        "party__unknown",
        "party__same_as__person",
        "party__same_as__household",
    ).defer("as_written", "wishes")


def nameless(worker: Worker, party_ids: Iterable[int]) -> tuple[set[int], set[int]]:
    """Of these parties: whose page opens for the worker, and whose very name is kept back (protected, not theirs)."""
    ids = set(party_ids)
    opens = seen_among(worker, ids)
    protected = set(
        Person.objects.filter(pk__in=ids)
        .filter(pk__in=protected_persons())
        .order_by()
        .values_list("pk", flat=True)
    )
    return opens, protected - opens


def _rows(
    worker: Worker, now: datetime, pairs: list[tuple[Consultation, Promise | None]]
) -> tuple[TriageRow, ...]:
    maker = RowMaker(now)
    roots = {row.pk: row.party.stands_for for row, _ in pairs if row.party}
    opens, hidden = nameless(worker, {party.pk for party in roots.values()})
    handed = set(
        NightHandover.objects.filter(subject_kind=SUBJECT, subject_id__in=[row.pk for row, _ in pairs])
        .order_by()
        .values_list("subject_id", flat=True)
    )
    return tuple(_row(row, held, roots.get(row.pk), maker, opens, hidden, handed) for row, held in pairs)


def _row(
    row: Consultation,
    held: Promise | None,
    party: Party | None,
    maker: RowMaker,
    opens: set[int],
    hidden: set[int],
    handed: set[int],
) -> TriageRow:
    needs_night = held is not None and night_is_open(row, maker, handed_over=row.pk in handed)
    lateness = None
    if held is not None:
        lateness = maker.dates(held.office_id, held.worker_id).colour(held.due_on, Urgency(held.urgency))
    kept_back = party is not None and party.pk in hidden
    words = " ".join(row.words.split())
    return TriageRow(
        id=row.pk,
        number=row.number or "",
        office=row.office.label,
        came_at=row.came_at,
        came_about=row.came_about,
        written_later=day_of(row.written_at) != day_of(row.came_at),
        who=NAMELESS if kept_back else name_of(party) if party is not None else row.about_words[:40],
        party_id=party.pk if party is not None and party.pk in opens else None,
        party_kind=party.kind if party is not None else "unknown",
        caller=CallerKind.label_of(row.caller_kind) if row.caller_kind else "",
        means=short_label_of("contact_means", row.means) if row.means else "",
        words=words[:FIRST_WORDS] + ("…" if len(words) > FIRST_WORDS else ""),
        urgency=row.urgency,
        cut_off=row.cut_off,
        worker=held.worker.name if held is not None else row.worker_as_written,
        due_on=held.due_on if held is not None else None,
        lateness=Lateness.FALLING if needs_night else lateness,
        needs_night=needs_night,
        outcome=ConsultationOutcome.label_of(row.outcome) if row.outcome else "",
        outcome_at=row.outcome_at,
        imported=row.run_id is not None,
    )


def night_is_open(row: Consultation, maker: RowMaker, *, handed_over: bool) -> bool:
    """Is this a 高 that still has to be handed over for the night or the closed days?"""
    return night_open(
        Urgency(row.urgency or Urgency.LOW),
        row.came_at,
        seen=False,
        handed_over=handed_over,
        now=maker.now,
        calendar=maker.book.of(row.office_id),
        closing_time=maker.closes_at(row.office_id),
    )
