"""What auditors may ask of the journal: lines by subject or by worker, by number only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from tsunagi.shared.days import TOKYO

from .models import Entry, Seal

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One line as an auditor reads it."""

    id: int
    at: datetime
    worker_id: int | None
    channel: str
    action: str
    subject_kind: str
    subject_id: int | None
    purpose: str
    ground: str
    detail: str


@dataclass(frozen=True)
class Lines:
    """One page of lines, newest first. `next_before` is the number to go on from; None on the last page."""

    lines: tuple[Line, ...]
    total: int
    next_before: int | None


@dataclass(frozen=True)
class Head:
    """How far the chain goes: the number of sealed lines and the value to write down."""

    seq: int
    value: str


@dataclass(frozen=True)
class Looked:
    """How often one worker opened one record, and when first and last."""

    worker_id: int
    subject_id: int
    times: int
    first: datetime
    last: datetime


def lines(
    *,
    subject_kind: str = "",
    subject_id: int | None = None,
    worker_id: int | None = None,
    action: str = "",
    from_on: date | None = None,
    until_on: date | None = None,
    before: int | None = None,
    page: int = PAGE,
) -> Lines:
    """Lines that fit, newest first. At least a subject or a worker must be named: there is no list of everything."""
    if subject_id is None and worker_id is None:
        return Lines((), 0, None)
    fitting = _fitting(subject_kind, subject_id, worker_id, action, from_on, until_on)
    total = fitting.count()
    rows = list((fitting.filter(pk__lt=before) if before else fitting).order_by("-pk")[: page + 1])
    shown = rows[:page]
    return Lines(tuple(_line(row) for row in shown), total, shown[-1].pk if len(rows) > page else None)


def looks(
    subject_kind: str, subject_ids: Iterable[int], *, from_at: datetime, until_at: datetime
) -> list[Looked]:
    """Who opened these records between two moments, and how often: for a merge that was wrong, for an incident.

    Bounds are inclusive. Only looks ("….seen"), most looks first.
    """
    rows = (
        Entry.objects.filter(
            subject_kind=subject_kind, subject_id__in=list(subject_ids), action__endswith=".seen",
            at__gte=from_at, at__lte=until_at, worker_id__isnull=False,
        )
        .values("worker_id", "subject_id")
        .annotate(times=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-times", "worker_id", "subject_id")
    )  # fmt: skip
    return [
        Looked(
            int(row["worker_id"] or 0), int(row["subject_id"] or 0), row["times"], row["first"], row["last"]
        )
        for row in rows
    ]


def head() -> Head | None:
    """The last seal, or None while nothing is sealed."""
    last = Seal.objects.order_by("-seq").values_list("seq", "chain").first()
    return Head(last[0], bytes(last[1]).hex()) if last else None


def _fitting(
    subject_kind: str,
    subject_id: int | None,
    worker_id: int | None,
    action: str,
    from_on: date | None,
    until_on: date | None,
) -> QuerySet[Entry]:
    rows = Entry.objects.all()
    if subject_kind:
        rows = rows.filter(subject_kind=subject_kind)
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    if worker_id is not None:
        rows = rows.filter(worker_id=worker_id)
    if action:
        rows = rows.filter(action__startswith=action)
    if from_on:
        rows = rows.filter(at__gte=_midnight(from_on))
    if until_on:
        rows = rows.filter(at__lt=_midnight(until_on + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)


def _line(row: Entry) -> Line:
    return Line(
        row.pk,
        row.at,
        row.worker_id,
        row.channel,
        row.action,
        row.subject_kind,
        row.subject_id,
        row.purpose,
        row.ground,
        _flat(row.detail),
    )


def _flat(detail: Any) -> str:
    if isinstance(detail, dict):
        return " ".join(f"{key}={_flat(value)}" for key, value in detail.items())
    if isinstance(detail, list):
        return ",".join(_flat(value) for value in detail)
    return "-" if detail is None else str(detail)
