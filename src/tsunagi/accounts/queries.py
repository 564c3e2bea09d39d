"""Who works where, since when, on which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tsunagi.shared.days import Calendar

from .models import Absence, CalendarDay, Office, Posting, Worker
from .rules import HOLDING_ROLES, Role


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
        rows = (
            Posting.objects.filter(worker_id=worker.pk, ended_at__isnull=True, office__is_active=True)
            .select_related("office")
            .order_by("-is_main", "id")
        )
        known = tuple(
            Post(
                row.office_id,
                row.office.label,
                row.role,
                row.office.legal_kind,
                row.office.field,
                row.office.is_front_desk,
                row.is_main,
            )
            for row in rows
        )
        worker._posts = known  # type: ignore[attr-defined]
    return known


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
    """The calendar of the city, of an office, or of a worker in an office (their working weekdays)."""
    closed, opened = [], []
    rows = CalendarDay.objects.filter(office__isnull=True) | CalendarDay.objects.filter(office_id=office_id)
    for row in rows.order_by("office_id", "day"):
        (opened if row.is_open else closed).append(row.day)
    weekdays: frozenset[int] | None = None
    if office_id is not None:
        office_days = Office.objects.filter(pk=office_id).values_list("open_weekdays", flat=True).first()
        weekdays = frozenset(office_days) if office_days is not None else None
    if worker_id is not None:
        own = Worker.objects.filter(pk=worker_id).values_list("weekdays", flat=True).first()
        if own:
            weekdays = frozenset(own) & (weekdays if weekdays is not None else frozenset(range(7)))
    return _calendar(tuple(sorted(set(closed))), tuple(sorted(set(opened))), weekdays)


@lru_cache(maxsize=512)
def _calendar(closed: tuple[date, ...], opened: tuple[date, ...], weekdays: frozenset[int] | None) -> Calendar:
    calendar = Calendar.city(extra_closed=closed, extra_open=opened)
    # An office that works on Saturdays, a worker who comes on Tuesdays and Thursdays.
    return calendar.with_weekdays(weekdays) if weekdays else calendar


def absence_on(worker_id: int, day: date) -> Absence | None:
    """The recorded absence that covers this day, if any."""
    return (
        Absence.objects.filter(worker_id=worker_id, returned_at__isnull=True, from_on__lte=day, until_on__gte=day)
        .order_by("from_on")
        .first()
    )


class CalendarBook:
    """All calendars in three queries, for lists whose rows belong to many offices and workers."""

    def __init__(self) -> None:
        self._days: dict[int | None, list[tuple[date, bool]]] = {}
        for office_id, day, is_open in CalendarDay.objects.order_by("day").values_list("office_id", "day", "is_open"):
            self._days.setdefault(office_id, []).append((day, is_open))
        self._offices = {
            office_id: frozenset(weekdays)
            for office_id, weekdays in Office.objects.order_by("id").values_list("id", "open_weekdays")
        }
        self._workers = {
            worker_id: frozenset(weekdays)
            for worker_id, weekdays in Worker.objects.order_by("id").values_list("id", "weekdays")
        }
        self._known: dict[tuple[int | None, int | None], Calendar] = {}

    def of(self, office_id: int | None, worker_id: int | None = None) -> Calendar:
        """The calendar of the city (None), of an office, or of a worker there."""
        key = (office_id, worker_id)
        if key not in self._known:
            days = self._days.get(None, []) + (self._days.get(office_id, []) if office_id else [])
            weekdays = self._offices.get(office_id) if office_id else None
            if worker_id is not None and self._workers.get(worker_id):
                own = self._workers[worker_id]
                weekdays = own & weekdays if weekdays else own
            self._known[key] = _calendar(
                tuple(sorted({day for day, is_open in days if not is_open})),
                tuple(sorted({day for day, is_open in days if is_open})),
                weekdays or None,
            )
        return self._known[key]


def office_by_id(office_id: int | None) -> Office | None:
    """An open office, or None."""
    return Office.objects.filter(pk=office_id, is_active=True).first() if office_id else None
