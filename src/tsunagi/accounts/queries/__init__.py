"""Who works where, since when, on which days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import Count, F, Q, QuerySet, Value

from tsunagi.accounts.models import Absence, CalendarDay, Office, Posting, Worker, WorkerDay
from tsunagi.accounts.rules import HOLDING_ROLES, WEEKDAYS, Field, LegalKind, Role, RunBy
from tsunagi.shared.days import Calendar
from tsunagi.shared.kept import Kept


@dataclass(frozen=True)
class Post:
    """One living posting as the permission table reads it."""

    office_id: int
    office: str
    role: str
    legal_kind: str
    field: str
    is_front_desk: bool
    is_main: bool


@dataclass(frozen=True)
class WorkerCard:
    """A worker as others may name them."""

    id: int
    name: str
    office_id: int
    office: str
    role: str


def posts_of(worker: Worker) -> tuple[Post, ...]:
    """The worker's living postings in open offices, main one first; read once per worker object (per request)."""
    known: tuple[Post, ...] | None = getattr(worker, "_posts", None)
    if known is None:
        known = tuple(
            Post(office_id, short or name, *rest) for office_id, short, name, *rest in _POSTS.rows(worker.pk)
        )
        worker._posts = known  # type: ignore[attr-defined]
    return known


_POSTS = Kept(
    lambda worker_id: Posting.objects.filter(
        worker_id=worker_id, ended_at__isnull=True, office__is_active=True
    )
    .order_by("-is_main", "id")
    .values_list(
        "office_id", "office__short_name", "office__name", "role", "office__legal_kind", "office__field",
        "office__is_front_desk", "is_main",
    )
)  # fmt: skip


def main_office_id(worker: Worker) -> int | None:
    """The office a deed of this worker is done for when none is named."""
    posts = posts_of(worker)
    return posts[0].office_id if posts else None


def office_ids(worker: Worker) -> tuple[int, ...]:
    """All offices the worker belongs to now."""
    return tuple(dict.fromkeys(post.office_id for post in posts_of(worker)))


def roles_of(worker: Worker) -> frozenset[str]:
    """All roles the worker has now."""
    return frozenset(post.role for post in posts_of(worker))


def may_hold_in(worker_id: int, office_id: int) -> bool:
    """Whether an active worker has a living posting with a holding role in this active office (H2)."""
    return Posting.objects.filter(
        worker_id=worker_id,
        office_id=office_id,
        ended_at__isnull=True,
        role__in=HOLDING_ROLES,
        worker__is_active=True,
        office__is_active=True,
        office__signs_in=True,
    ).exists()


def workers_of(office_ids: tuple[int, ...] | list[int], *, holding_only: bool = True) -> list[WorkerCard]:
    """Active workers of these offices, by kana; only those who may hold unless asked otherwise."""
    rows = Posting.objects.filter(
        office_id__in=office_ids, ended_at__isnull=True, worker__is_active=True, office__is_active=True
    ).select_related("worker", "office")
    if holding_only:
        rows = rows.filter(role__in=HOLDING_ROLES)
    cards: dict[tuple[int, int], WorkerCard] = {}
    for row in rows.order_by("office__code", "worker__kana", "worker_id", "id"):
        cards.setdefault(
            (row.worker_id, row.office_id),
            WorkerCard(row.worker_id, row.worker.name, row.office_id, row.office.label, row.role),
        )
    return list(cards.values())


def managers_of(office_id: int) -> list[int]:
    """The managers of an office, then (if none) its duty worker: never empty for an open office."""
    ids = list(
        Posting.objects.filter(
            office_id=office_id, ended_at__isnull=True, role=Role.MANAGER, worker__is_active=True
        ).values_list("worker_id", flat=True)
    )
    if not ids:
        duty = Office.objects.filter(pk=office_id).values_list("duty_worker_id", flat=True).first()
        ids = [duty] if duty else []
    return ids


def overseer_named(office_id: int) -> int | None:
    """Who stands in where the managers of an office may not watch over or answer; None while nobody who works here is named."""
    return (
        Office.objects.filter(pk=office_id, overseer__is_active=True)
        .values_list("overseer_id", flat=True)
        .first()
    )


def coordination_office() -> Office | None:
    """The office of くらし連携担当: where a request that cannot be declined goes (H5)."""
    return (
        Office.objects.filter(
            is_active=True,
            signs_in=True,
            postings__role=Role.COORDINATOR,
            postings__ended_at__isnull=True,
            postings__worker__is_active=True,
        )
        .order_by("id")
        .first()
    )


def offices(*, signing_in: bool | None = None) -> list[Office]:
    """Open offices by code."""
    rows = Office.objects.filter(is_active=True)
    if signing_in is not None:
        rows = rows.filter(signs_in=signing_in)
    return list(rows.order_by("code"))


def city_calendar() -> Calendar:
    """The city's own calendar: weekends, national holidays, 12/29–1/3 and its exceptions."""
    return calendar_of(None)


def calendar_of(office_id: int | None, worker_id: int | None = None) -> Calendar:
    """The calendar of the city (None), of an office, or of a worker in an office (their working weekdays).

    An office's own days win over the city's. A worker whose weekdays never meet the office's has the office's calendar:
    a calendar without an open day could make no promise.
    """
    days: dict[int | None, list[tuple[date, bool]]] = {}
    wanted = Q(office__isnull=True) | Q(office__in=[] if office_id is None else [office_id])
    for whose, day, is_open in (
        CalendarDay.objects.filter(wanted).order_by("day").values_list("office_id", "day", "is_open")
    ):
        days.setdefault(whose, []).append((day, is_open))
    weekdays = own = None
    if office_id is not None:
        weekdays = Office.objects.filter(pk=office_id).values_list("open_weekdays", flat=True).first()
    own_days: tuple[tuple[date, bool], ...] = ()
    if worker_id is not None:
        own = Worker.objects.filter(pk=worker_id).values_list("weekdays", flat=True).first()
        own_days = tuple(sorted(_own_days([worker_id]).get(worker_id, {}).items()))
    return _calendar(
        tuple(days.get(None, ())),
        tuple(days.get(office_id, ())) if office_id is not None else (),
        frozenset(weekdays or ()),
        frozenset(own or ()),
        own_days,
    )


# An absence up to this many open days has nobody who acts: its days are the worker's days off.
_SHORT = 5


def _own_days(worker_ids: list[int] | None = None) -> dict[int, dict[date, bool]]:
    """Worker → day → do they work then: their own days, and the days of short absences, which nobody acts in."""
    found: dict[int, dict[date, bool]] = {}
    away = Absence.objects.filter(returned_at__isnull=True, business_days__lte=_SHORT, acting__isnull=True)
    said = WorkerDay.objects.all()
    if worker_ids is not None:
        away, said = away.filter(worker_id__in=worker_ids), said.filter(worker_id__in=worker_ids)
    both = (
        said.order_by()
        .annotate(last=F("day"))
        .values_list("worker_id", "day", "last", "works")
        .union(
            away.order_by()
            .annotate(works=Value(False))
            .values_list("worker_id", "from_on", "until_on", "works"),
            all=True,
        )
    )
    for whose, first, last, works in both.order_by("worker_id", "day"):
        days = found.setdefault(whose, {})
        for count in range((last - first).days + 1):
            day = first + timedelta(days=count)
            # Who is away does not work, whatever was said of the day before.
            days[day] = works and days.get(day, True)
    return found


_Days = tuple[tuple[date, bool], ...]


@lru_cache(maxsize=1024)
def _calendar(
    city_days: _Days,
    office_days: _Days,
    office_weekdays: frozenset[int],
    own: frozenset[int],
    own_days: _Days = (),
) -> Calendar:
    calendar = Calendar.city(extra_closed=_which(city_days, False), extra_open=_which(city_days, True))
    if office_weekdays:
        # An office that opens on Saturdays opens on them; the city's calendar alone never would.
        calendar = replace(calendar, weekdays=office_weekdays)
    calendar = calendar.with_days(
        extra_closed=_which(office_days, False), extra_open=_which(office_days, True)
    )
    if own & calendar.weekdays:
        calendar = calendar.with_weekdays(own)
    if own_days:
        calendar = calendar.with_own_days(off=_which(own_days, False), on=_which(own_days, True))
    return calendar


def _which(days: _Days, is_open: bool) -> list[date]:
    return [day for day, opens in days if opens is is_open]


def absence_on(worker_id: int, day: date) -> Absence | None:
    """The recorded absence that covers this day, if any."""
    return (
        Absence.objects.filter(
            worker_id=worker_id, returned_at__isnull=True, from_on__lte=day, until_on__gte=day
        )
        .order_by("from_on")
        .first()
    )


_DAYS = Kept(lambda: CalendarDay.objects.order_by("day").values_list("office_id", "day", "is_open"))
_OPENINGS = Kept(lambda: Office.objects.order_by("id").values_list("id", "open_weekdays", "closing_time"))
_WORKING_WEEKDAYS = Kept(lambda: Worker.objects.order_by("id").values_list("id", "weekdays"))


def away_since(on: date) -> QuerySet[Absence]:
    """Absences that have begun and that nobody has ended: also those whose last day has passed."""
    return Absence.objects.filter(returned_at__isnull=True, from_on__lte=on).order_by("id")


def long_absence(worker_id: int, on: date) -> Absence | None:
    """The recorded long absence of a worker that has not ended, now or ahead; the one that lasts longest."""
    return (
        Absence.objects.filter(worker_id=worker_id, returned_at__isnull=True, business_days__gt=_SHORT)
        .filter(Q(until_on__gte=on) | Q(from_on__lte=on))
        .order_by("-until_on", "id")
        .first()
    )


def long_away(worker_ids: Iterable[int], on: date) -> set[int]:
    """Which of these workers have a recorded long absence that has not ended (H14): nothing new should go to them."""
    rows = Absence.objects.filter(
        worker_id__in=list(worker_ids), returned_at__isnull=True, business_days__gt=_SHORT
    ).filter(Q(until_on__gte=on) | Q(from_on__lte=on))
    return set(rows.order_by().values_list("worker_id", flat=True))


def is_away_for_long(worker_id: int, on: date) -> bool:
    """Whether a long absence (more than five open days) is recorded that has not ended by this day (H14)."""
    return Absence.objects.filter(
        worker_id=worker_id, returned_at__isnull=True, business_days__gt=5, until_on__gte=on
    ).exists()


def someone_in(office_id: int, *, besides: Iterable[int], on: date) -> int | None:
    """The duty worker of an office, else its first holder: somebody else than these, and not away for long."""
    duty = Office.objects.filter(pk=office_id).values_list("duty_worker_id", flat=True).first()
    candidates = [duty] if duty else []
    candidates += (
        Posting.objects.filter(
            office_id=office_id, ended_at__isnull=True, worker__is_active=True, role__in=HOLDING_ROLES
        )
        .order_by("id")
        .values_list("worker_id", flat=True)
    )
    no = {*besides, *long_away(candidates, on)}
    return next((who for who in candidates if who not in no and may_hold_in(who, office_id)), None)


class CalendarBook:
    """All calendars in four queries, for lists whose rows belong to many offices and workers."""

    def __init__(self) -> None:
        self._days: dict[int | None, list[tuple[date, bool]]] = {}
        for whose, day, is_open in _DAYS.rows():
            self._days.setdefault(whose, []).append((day, is_open))
        offices = _OPENINGS.rows()
        self._offices: dict[int, list[int]] = {pk: weekdays for pk, weekdays, _ in offices}
        self._closing = {pk: closing for pk, _, closing in offices if closing is not None}
        self._workers: dict[int, list[int]] = dict(_WORKING_WEEKDAYS.rows())  # type: ignore[arg-type]
        self._own_days = {whose: tuple(sorted(days.items())) for whose, days in _own_days().items()}
        self._known: dict[tuple[int | None, int | None], Calendar] = {}

    def closes_at(self, office_id: int) -> time | None:
        """When this office closes, where it said so itself."""
        return self._closing.get(office_id)

    def of(self, office_id: int | None, worker_id: int | None = None) -> Calendar:
        """The calendar of the city (None), of an office, or of a worker there, as `calendar_of` would say."""
        key = (office_id, worker_id)
        if key not in self._known:
            self._known[key] = _calendar(
                tuple(self._days.get(None, ())),
                tuple(self._days.get(office_id, ())) if office_id is not None else (),
                frozenset(self._offices.get(office_id) or ()) if office_id is not None else frozenset(),
                frozenset(self._workers.get(worker_id) or ()) if worker_id is not None else frozenset(),
                self._own_days.get(worker_id, ()) if worker_id is not None else (),
            )
        return self._known[key]


# -- what the screens under 管理 and マイページ show ----------------------------------------------------------


@dataclass(frozen=True)
class OfficeCard:
    """An office on a list."""

    id: int
    code: str
    name: str
    run_by: str
    legal_kind: str
    field: str
    duty_worker: str
    is_active: bool
    signs_in: bool
    workers: int


@dataclass(frozen=True)
class PostingCard:
    """A posting on the page of an office or a worker."""

    id: int
    worker_id: int
    worker: str
    office_id: int
    office: str
    role: str
    since: date
    planned_until: date | None
    is_main: bool
    is_secondment: bool
    is_duty: bool
    ended_at: datetime | None


@dataclass(frozen=True)
class WorkerRow:
    """A worker on a list."""

    id: int
    sign_in_name: str
    name: str
    kana: str
    offices: str
    is_active: bool
    leaving_on: date | None


@dataclass(frozen=True)
class WorkerRows:
    """One page of workers by kana. `next_after` is the number to go on from; None on the last page."""

    workers: tuple[WorkerRow, ...]
    total: int
    next_after: int | None


@dataclass(frozen=True)
class CalendarDayCard:
    """An exception of the city's or an office's calendar."""

    id: int
    day: date
    is_open: bool
    label: str


@dataclass(frozen=True)
class OwnDayCard:
    """A day on which a worker's own week differs."""

    id: int
    day: date
    works: bool
    label: str


def office_cards(*, words: str = "", closed: bool = False) -> list[OfficeCard]:
    """Offices by code, with how many work there."""
    rows = Office.objects.all() if closed else Office.objects.filter(is_active=True)
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__icontains=words)
        )
    count = Count("postings__worker", filter=Q(postings__ended_at__isnull=True), distinct=True)
    return [
        OfficeCard(
            row.pk,
            row.code,
            row.name,
            RunBy.label_of(row.run_by),
            LegalKind.label_of(row.legal_kind),
            Field.label_of(row.field),
            row.duty_worker.name if row.duty_worker else "",
            row.is_active,
            row.signs_in,
            row.working,
        )
        for row in rows.select_related("duty_worker").annotate(working=count).order_by("code")
    ]


def worker_rows(
    *,
    words: str = "",
    office_id: int | None = None,
    left: bool = False,
    after: int | None = None,
    page: int = 50,
) -> WorkerRows:
    """Workers by kana whose name, kana or sign-in name contains the words."""
    rows = Worker.objects.all() if left else Worker.objects.filter(is_active=True)
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(kana__icontains=words) | Q(sign_in_name__icontains=words)
        )
    if office_id is not None:
        rows = rows.filter(postings__office_id=office_id, postings__ended_at__isnull=True).distinct()
    total = rows.count()
    last = Worker.objects.filter(pk=after).values_list("kana", flat=True).first() if after else None
    if last is not None:
        rows = rows.filter(Q(kana__gt=last) | Q(kana=last, pk__gt=after))
    found = list(rows.order_by("kana", "id")[: page + 1])
    shown = found[:page]
    where = _offices_of([row.pk for row in shown])
    return WorkerRows(
        tuple(
            WorkerRow(
                row.pk,
                row.sign_in_name,
                row.name,
                row.kana,
                "、".join(where.get(row.pk, ())),
                row.is_active,
                row.leaving_on,
            )
            for row in shown
        ),
        total,
        shown[-1].pk if len(found) > page else None,
    )


def _offices_of(worker_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Posting.objects.filter(worker_id__in=worker_ids, ended_at__isnull=True).select_related("office")
    for row in rows.order_by("-is_main", "id"):
        words = f"{row.office.label}({Role.label_of(row.role)})"
        found.setdefault(row.worker_id, []).append(words)
    return found


def postings_of(
    *, worker_id: int | None = None, office_id: int | None = None, ended: bool = False
) -> list[PostingCard]:
    """The postings of a worker or an office, main ones first; ended ones only when asked for."""
    rows = Posting.objects.filter(ended_at__isnull=not ended).select_related("worker", "office")
    if worker_id is not None:
        rows = rows.filter(worker_id=worker_id)
    if office_id is not None:
        rows = rows.filter(office_id=office_id)
    order = ("-ended_at", "id") if ended else ("-is_main", "worker__kana", "id")
    return [
        PostingCard(
            row.pk,
            row.worker_id,
            row.worker.name,
            row.office_id,
            row.office.label,
            Role.label_of(row.role),
            row.since,
            row.planned_until,
            row.is_main,
            row.is_secondment,
            row.office.duty_worker_id == row.worker_id,
            row.ended_at,
        )
        for row in rows.order_by(*order)
    ]


def worker_choices(*, office_id: int | None = None) -> list[tuple[int, str]]:
    """Active workers by kana, for a select: of an office and its stand-in office, or all."""
    rows = Worker.objects.filter(is_active=True)
    if office_id is not None:
        stand_in = Office.objects.filter(pk=office_id).values_list("stand_in_office_id", flat=True).first()
        rows = rows.filter(
            postings__ended_at__isnull=True,
            postings__office_id__in=[office_id, *([stand_in] if stand_in else [])],
        ).distinct()
    return [(row.pk, f"{row.name}({row.sign_in_name})") for row in rows.order_by("kana", "id")]


def calendar_days(office_id: int | None, *, from_on: date) -> list[CalendarDayCard]:
    """The exceptions of the city's calendar (None) or an office's from this day on."""
    rows = CalendarDay.objects.filter(day__gte=from_on)
    rows = rows.filter(office__isnull=True) if office_id is None else rows.filter(office_id=office_id)
    return [CalendarDayCard(row.pk, row.day, row.is_open, row.label) for row in rows.order_by("day")]


def own_days_of(worker_id: int, *, from_on: date) -> list[OwnDayCard]:
    """A worker's own days off and extra days from this day on."""
    rows = WorkerDay.objects.filter(worker_id=worker_id, day__gte=from_on).order_by("day")
    return [OwnDayCard(row.pk, row.day, row.works, row.label) for row in rows]


def weekday_words(weekdays: Iterable[int]) -> str:
    """月・火・水 for [0, 1, 2]."""
    return "・".join(WEEKDAYS[day] for day in sorted(weekdays))


def anybody_works_here() -> bool:
    """Whether any worker was ever registered: an empty installation needs its first administrator."""
    return Worker.objects.exists()


def office_by_id(office_id: int | None) -> Office | None:
    """An open office, or None."""
    return Office.objects.filter(pk=office_id, is_active=True).first() if office_id else None
