"""What screens ask of the files: a list that stays quick at any size, and one file with its notes and concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Prefetch

from tsunagi.holding.models import Hold
from tsunagi.holding.queries import (
    Happened,
    RowCard,
    RowMaker,
    history_of,
    holds,
    holds_of_parties,
    parties_together,
    party_label,
)
from tsunagi.holding.rules import NoKeyPerson
from tsunagi.people.access import visible_parties
from tsunagi.people.models import Party
from tsunagi.people.rules import Facet
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.workbench.queries import FileCard, files_of

from .models import Case, Note, NoteVersion
from .rules import CaseState, NoteKind, Stage

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PAGE = 50
MANY = 1000


@dataclass(frozen=True)
class CaseCard:
    """A file as a list shows it."""

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


@dataclass(frozen=True)
class CaseList:
    """One page of files; `total` stops counting above a thousand."""

    cards: tuple[CaseCard, ...]
    total: int
    many: bool
    next_before: int | None


@dataclass(frozen=True)
class NoteCard:
    """One entry as the file prints it."""

    id: int
    kind: str
    happened_at: datetime
    written_at: datetime
    minutes: int | None
    partner: str
    place: str
    facts: str
    judgement: str
    policy: str
    next_step: str
    worker: str
    office: str
    revision: int
    versions: tuple[NoteVersion, ...]
    is_contact: bool
    files: tuple[FileCard, ...]


@dataclass(frozen=True)
class CasePage:
    """One file as its page prints it."""

    id: int
    number: str
    title: str
    party_id: int
    party_label: str
    office: str
    worker: str
    is_open: bool
    state_label: str
    plan_until: date | None
    review_on: date | None
    opened_at: datetime
    closed_on: date | None
    main_office: str
    no_main_reason: str
    closing_words: str
    rows: tuple[RowCard, ...]
    notes: tuple[NoteCard, ...]
    history: tuple[Happened, ...]
    is_ours: bool
    revision: int

    @property
    def may_add_files(self) -> bool:
        """Whether files may be brought to its notes and taken off."""
        return self.is_ours and self.is_open


def cases_of(worker: Worker, *, show: str = "open", before: int | None = None) -> CaseList:
    """Files this worker may see, newest first, a page at a time by key.

    Driven from the worker's involvements, so that the time follows what they may see, never the size of the city.
    """
    rows = Case.objects.filter(party_id__in=visible_parties(worker, Purpose.READ_CASE, facet=Facet.PROGRESS))
    if show == "mine":
        rows = rows.filter(worker_id=worker.pk, state=CaseState.OPEN)
    elif show == "office":
        rows = rows.filter(office_id__in=offices_for(worker, Purpose.WRITE_CASE), state=CaseState.OPEN)
    elif show == "closed":
        rows = rows.filter(state=CaseState.CLOSED)
    elif show == "open":
        rows = rows.filter(state=CaseState.OPEN)
    total = len(rows.order_by().values_list("pk", flat=True)[: MANY + 1])
    shown = rows.filter(pk__lt=before) if before else rows
    found = list(
        shown.select_related(
            "office", "worker", "party__person", "party__household", "party__unknown"
        ).order_by("-id")[: PAGE + 1]
    )
    return CaseList(
        tuple(_card(row) for row in found[:PAGE]),
        min(total, MANY),
        total > MANY,
        found[PAGE - 1].pk if len(found) > PAGE else None,
    )


def case_page(worker: Worker, case: Case, now: datetime) -> CasePage:
    """One file: its concerns with holders, its notes, and what happened on the concerns."""
    maker = RowMaker(now)
    ids = list(case.case_concerns.order_by("id").values_list("concern_id", flat=True))
    return CasePage(
        id=case.pk,
        number=case.number or str(case.pk),
        title=case.title,
        party_id=case.party_id,
        party_label=party_label(case.party),
        office=case.office.label,
        worker=case.worker.name,
        is_open=case.state == CaseState.OPEN,
        state_label=Stage(case.stage).label,
        plan_until=case.plan_until,
        review_on=case.review_on,
        opened_at=case.opened_at,
        closed_on=case.closed_on,
        main_office=case.main_office,
        no_main_reason=NoKeyPerson(case.no_main_reason).label if case.no_main_reason else "",
        closing_words=case.closing_words,
        rows=tuple(maker.of_hold(row) for row in holds(Hold.objects.filter(concern_id__in=ids))),
        notes=tuple(_notes(case)),
        history=tuple(history_of(ids)[:40]),
        is_ours=case.office_id in offices_for(worker, Purpose.WRITE_CASE),
        revision=case.revision,
    )


def concern_choices(worker: Worker, party_id: int) -> list[tuple[int, str]]:
    """Open concerns of the household that a file can work on."""
    seen = set(
        Party.objects.filter(pk__in=parties_together(party_id))
        .filter(pk__in=visible_parties(worker))
        .values_list("pk", flat=True)
    )
    return [
        (
            row.concern_id,
            f"{party_label(row.concern.party)}: {row.concern.description[:50]}({row.office.label} {row.worker.name})",
        )
        for row in holds_of_parties(seen)
    ]


def chosen_concerns(case: Case) -> list[int]:
    """The concerns a file works on."""
    return list(case.case_concerns.order_by("id").values_list("concern_id", flat=True))


def my_concern_choices(worker: Worker, case: Case) -> list[tuple[int, str]]:
    """The file's concerns that this worker holds: what a note can be a contact for."""
    rows = Hold.objects.filter(
        concern__in=case.case_concerns.values("concern_id"), worker_id=worker.pk, closed_at__isnull=True
    ).select_related("concern")
    return [
        (row.concern_id, row.concern.description[:50] or f"課題 {row.concern_id}")
        for row in rows.order_by("id")
    ]


def explain_list(worker: Worker) -> list[str]:
    """The plan of the list, for the bench."""
    sql, values = (
        Case.objects.filter(
            party_id__in=visible_parties(worker, Purpose.READ_CASE, facet=Facet.PROGRESS),
            state=CaseState.OPEN,
        )
        .order_by("-id")[: PAGE + 1]
        .query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values)
        return [row[0] for row in cursor.fetchall()]


def _card(row: Case) -> CaseCard:
    return CaseCard(
        row.pk,
        row.number or str(row.pk),
        row.party_id,
        party_label(row.party),
        row.title,
        row.office.label,
        row.worker.name,
        Stage(row.stage).label,
        row.state == CaseState.OPEN,
        row.review_on,
        row.opened_at,
        row.last_note_at,
    )


def _notes(case: Case) -> list[NoteCard]:
    files = files_of("note", Note.objects.filter(case=case).values_list("pk", flat=True))
    rows: Any = (
        Note.objects.filter(case=case)
        .select_related("worker", "office")
        .prefetch_related(
            Prefetch("versions", NoteVersion.objects.select_related("replaced_by").order_by("-revision"))
        )
        .order_by("-happened_at", "-id")[:100]
    )
    return [
        NoteCard(
            row.pk,
            NoteKind(row.kind).label if row.kind else "",
            row.happened_at,
            row.written_at,
            row.minutes,
            row.partner,
            row.place,
            row.facts,
            row.judgement,
            row.policy,
            row.next_step,
            row.worker.name,
            row.office.label,
            row.revision,
            tuple(row.versions.all()),
            row.contact_id is not None,
            tuple(files.get(row.pk, ())),
        )
        for row in rows
    ]
