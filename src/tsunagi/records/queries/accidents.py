"""Incidents as their pages show them, and what the journal knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.cases.models import Case
from tsunagi.codes.queries import city_name, text
from tsunagi.holding.models import Promise
from tsunagi.intake.models import Consultation
from tsunagi.journal.queries import looks
from tsunagi.paperwork.models import Printed
from tsunagi.paperwork.rules import FORMS, copy_number
from tsunagi.people.access import seen_among
from tsunagi.people.models import Merge
from tsunagi.people.rules import PartyKind
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.press.pdf import typeset
from tsunagi.records.access import answers_for, incidents_in_reach
from tsunagi.records.models import Incident
from tsunagi.records.rules.accidents import STOPS, IncidentKind, IncidentState, Judged, Stop, judge
from tsunagi.shared.days import TOKYO, day_of
from tsunagi.shared.rows import sees_whole
from tsunagi.shared.wareki import show

from .keeping import cluster_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

RECENT = 180
"""Days before the incident was found that are looked at, where nobody has said since when."""


@dataclass(frozen=True)
class IncidentRow:
    """An incident on the list."""

    id: int
    kind: str
    office: str
    found_on: date
    state_label: str
    is_open: bool
    next_on: date | None


def incident_rows(worker: Worker, *, is_open: bool = True) -> list[IncidentRow]:
    """Incidents in reach: open ones first found first, or closed ones newest first."""
    rows = incidents_in_reach(worker)
    rows = rows.exclude(state=IncidentState.CLOSED) if is_open else rows.filter(state=IncidentState.CLOSED)
    found = list(rows.select_related("office").order_by(*(("found_on", "id") if is_open else ("-id",)))[:100])
    days: dict[int, date] = {}
    kinds = ("incident_quick", "incident_full", "incident_tell", "incident_review")
    for pk, due_on in (
        Promise.objects.filter(subject_kind__in=kinds, subject_id__in=[row.pk for row in found], is_open=True)
        .order_by("due_on").values_list("subject_id", "due_on")
    ):  # fmt: skip
        days.setdefault(pk, due_on)
    return [
        IncidentRow(
            row.pk, IncidentKind.label_of(row.kind), row.office.label, row.found_on, IncidentState.label_of(row.state),
            row.state != IncidentState.CLOSED, days.get(row.pk),
        )
        for row in found
    ]  # fmt: skip


def judged(row: Incident) -> Judged:
    """Whether 個情委 must be told, and by when."""
    return judge(
        sensitive=row.sensitive,
        persons=row.persons,
        money=row.money,
        wilful=row.wilful,
        found_on=row.found_on,
    )


def stops_left(row: Incident) -> int:
    """How many of 「いま止めること」 nobody has ticked."""
    return len(
        {one.code for one in STOPS[row.kind]} - set(row.stops.order_by("id").values_list("code", flat=True))
    )


@dataclass(frozen=True)
class StopCard:
    """One thing to stop now and whether it was."""

    stop: Stop
    done: str
    by: str
    at: datetime | None


@dataclass(frozen=True)
class LookLine:
    """Who opened a record of the person, how often, from when to when."""

    who: str
    what: str
    times: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class StepLine:
    """A day that is promised."""

    what: str
    due_on: date
    who: str


@dataclass(frozen=True)
class IncidentPage:
    """One incident with everything its page shows."""

    row: Incident
    kind: str
    state: str
    is_open: bool
    leads: bool
    judged: Judged
    parties: tuple[tuple[int, str], ...]
    stops: tuple[StopCard, ...]
    looks: tuple[LookLine, ...]
    copies: tuple[tuple[str, str, datetime, str], ...]
    merges: tuple[tuple[int, datetime, str, datetime | None], ...]
    steps: tuple[StepLine, ...]
    from_on: date
    until_on: date


@sees_whole("who answers for an accident sees by number who looked")
def incident_page(row: Incident, worker: Worker, now: datetime) -> IncidentPage:
    """Ask through an open door. Who looked is shown to whoever answers for the incident, not to who reported it; a manager reads
    it of those alone whom they may see: by a number nobody gave them they would learn which office works with her."""
    leads = answers_for(worker, row.office_id)
    parties = [
        (one.party_id, f"{PartyKind.label_of(one.party.kind)} #{one.party_id}")
        for one in row.parties.select_related("party").order_by("id")
    ]
    until = row.until_on or day_of(now)
    since = row.from_on or row.found_on - timedelta(days=RECENT)
    named = [party for party, _label in parties]
    if reach_of(worker, Purpose.ANSWER_FOR) < Reach.CITY:
        named = sorted(seen_among(worker, named))
    ids = sorted({pk for party in named for pk in cluster_of(party)})
    ticked = {one.code: one for one in row.stops.select_related("by").order_by("id")}
    return IncidentPage(
        row, IncidentKind.label_of(row.kind), IncidentState.label_of(row.state), row.state != IncidentState.CLOSED, leads, judged(row),
        tuple(parties),
        tuple(
            StopCard(one, ("済み" if ticked[one.code].applies else "当てはまらない") if one.code in ticked else "",
                     ticked[one.code].by.name if one.code in ticked else "", ticked[one.code].at if one.code in ticked else None)
            for one in STOPS[row.kind]
        ),
        tuple(_looks(ids, since, until)) if leads and ids else (), tuple(_copies(ids, since, until)) if leads and ids else (),
        tuple(_merges(ids)) if leads and ids else (),
        tuple(
            StepLine(one.what, one.due_on, one.worker.name)
            for one in Promise.objects.filter(subject_kind__startswith="incident_", subject_id=row.pk, is_open=True)
            .select_related("worker").order_by("due_on", "id")
        ),
        since, until,
    )  # fmt: skip


def _looks(ids: Sequence[int], since: date, until: date) -> list[LookLine]:
    bounds = {"from_at": _at(since), "until_at": _at(until) + timedelta(days=1)}
    cases = list(Case.objects.filter(party_id__in=ids).order_by("pk").values_list("pk", flat=True))
    talks = list(Consultation.objects.filter(party_id__in=ids).order_by("pk").values_list("pk", flat=True))
    found: list[tuple[str, Any]] = []
    for kind, label, numbers in (
        ("person", "人のページ", ids), ("household", "世帯のページ", ids), ("case", "支援のファイル", cases), ("consultation", "相談の記録", talks),
    ):  # fmt: skip
        found += [(label, one) for one in looks(kind, numbers, **bounds)] if numbers else []
    names = dict(
        WorkerModel.objects.filter(pk__in={one.worker_id for _label, one in found})
        .order_by()
        .values_list("pk", "name")
    )
    return sorted(
        (LookLine(names.get(one.worker_id, f"職員 {one.worker_id}"), f"{label} #{one.subject_id}", one.times, one.first, one.last) for label, one in found),
        key=lambda line: (line.first, line.who),
    )  # fmt: skip


def _copies(ids: Sequence[int], since: date, until: date) -> list[tuple[str, str, datetime, str]]:
    names = {form.code: form.name for form in FORMS}
    rows = Printed.objects.filter(
        case__party_id__in=ids, at__gte=_at(since), at__lt=_at(until) + timedelta(days=1)
    ).select_related("worker")
    return [
        (copy_number(row.pk), names.get(row.form, row.form), row.at, row.worker.name)
        for row in rows.order_by("at", "id")
    ]


def _merges(ids: Sequence[int]) -> list[tuple[int, datetime, str, datetime | None]]:
    rows = Merge.objects.filter(kept_id__in=ids) | Merge.objects.filter(joined_id__in=ids)
    return [
        (row.pk, row.at, row.by.name, row.parted_at) for row in rows.select_related("by").order_by("at", "id")
    ]


def _at(day: date) -> datetime:
    return datetime.combine(day, time.min, TOKYO)


def letter_pdf(row: Incident, now: datetime) -> bytes:
    """The draft of the letter to the person: what happened, what was in it, what we did, whom to call. It names nobody."""
    values = {
        "city": city_name(), "head": text("papers.head"), "section": text("papers.section"), "phone": text("city.phone"), "day": show(day_of(now)),
        "kind": IncidentKind.label_of(row.kind), "words": row.words, "items": row.items, "found": show(row.found_on), "spread": row.spread,
        "measures": row.measures, "number": f"事故 第{row.pk}号",
    }  # fmt: skip
    return typeset("records/papers/letter.typ", values, at=now)


def kind_choices() -> list[tuple[str, str]]:
    """What may have gone wrong."""
    return IncidentKind.choices()
