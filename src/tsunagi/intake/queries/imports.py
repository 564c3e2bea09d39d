"""What the screens of the import show: the runs, what was rejected and repaired, who may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.db.models.functions import Length

from tsunagi.intake.ledger.endings import EndingKind
from tsunagi.intake.ledger.fields import Field
from tsunagi.intake.ledger.headings import Confidence, Heading
from tsunagi.intake.ledger.rejects import rejects_workbook
from tsunagi.intake.ledger.repairs import RepairKind
from tsunagi.intake.ledger.rows import Rejected
from tsunagi.intake.models import LedgerImport, LinkProposal
from tsunagi.intake.rules import ImportState, ProposalState
from tsunagi.people.access import protected_persons
from tsunagi.people.models import Address, Person
from tsunagi.people.queries import birth_facts_of, shown_name
from tsunagi.people.queries.home import town_of
from tsunagi.people.rules import show_birth

if TYPE_CHECKING:
    from collections.abc import Sequence

PER_PAGE = 50
PROPOSALS_SHOWN = 20


@dataclass(frozen=True)
class ImportCard:
    """A ledger on the list of imports."""

    id: int
    office: str
    file_name: str
    state: str
    state_label: str
    worker: str
    asked_at: datetime
    rows: int
    stored: int
    known: int
    rejected: int
    long_run_id: int | None


@dataclass(frozen=True)
class ColumnLine:
    """How one column is read: its heading, what it means, how sure, why, what stands in it."""

    index: int
    label: str
    field: str
    field_label: str
    confidence: str
    confidence_label: str
    unsure: bool
    why: str
    samples: str
    filled: int


@dataclass(frozen=True)
class Candidate:
    """A known person a row may be about."""

    proposal_id: int
    person_id: int
    name: str
    kana: str
    birth: str
    town: str
    points: int
    reasons: str


@dataclass(frozen=True)
class ProposalRow:
    """One row of a ledger with those it may be about."""

    consultation_id: int
    came_at: datetime
    told: str
    words: str
    candidates: tuple[Candidate, ...]


def imports_of(office_ids: Sequence[int], *, after: int = 0) -> tuple[list[ImportCard], int, int]:
    """A page of the ledgers of these offices, newest first; how many in all; the next page's `after` (0 = none)."""
    rows = LedgerImport.objects.filter(office_id__in=office_ids).exclude(state=ImportState.DROPPED)
    total = rows.count()
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.defer("file", "summary", "columns").select_related("office", "worker")[: PER_PAGE + 1])
    cards = [
        ImportCard(
            row.pk,
            row.office.label,
            row.file_name,
            row.state,
            ImportState.label_of(row.state),
            row.worker.name if row.worker else "コマンド",
            row.asked_at,
            row.rows_read,
            row.rows_stored,
            row.rows_known,
            row.rows_rejected,
            row.long_run_id,
        )
        for row in found[:PER_PAGE]
    ]
    return cards, total, cards[-1].id if len(found) > PER_PAGE else 0


def columns_shown(run: LedgerImport) -> list[ColumnLine]:
    """How each column is read, the unsure ones marked."""
    return [
        ColumnLine(
            one["index"],
            one["label"],
            one["field"],
            Field.label_of(one["field"]),
            one["confidence"],
            Confidence.label_of(one["confidence"]),
            one["confidence"] in (Confidence.LIKELY, Confidence.GUESS, Confidence.KEPT),
            one["why"],
            " / ".join(text for text in one["samples"] if text)[:80],
            one["filled"],
        )
        for one in run.columns.get("columns", [])
    ]


def meanings() -> list[tuple[str, str]]:
    """What a column can mean, for a select."""
    return [(str(value), label) for value, label in Field.choices()]


def repair_counts(figures: dict[str, Any]) -> list[tuple[str, str, int]]:
    """The kinds of repair with how many, most first."""
    counted = sorted(figures.get("repairs", {}).items(), key=lambda item: -item[1])
    return [(kind, RepairKind.label_of(kind), count) for kind, count in counted]


def endings_of(figures: dict[str, Any]) -> list[tuple[str, int]]:
    """How many became closed history, 棚卸し, 見届け."""
    return [(kind.label, figures.get(kind.value, 0)) for kind in EndingKind]


def repairs_of(run: LedgerImport, *, kind: str = "", after: int = 0) -> tuple[list[Any], int, int]:
    """A page of what was put right in a ledger; how many in all; the next page's `after`."""
    rows = run.repairs.order_by("id")
    if kind:
        rows = rows.filter(kind=kind)
    total = rows.count()
    found = list(rows.filter(pk__gt=after)[: PER_PAGE + 1])
    shown = [
        {"line": row.line, "column": row.column, "kind": RepairKind.label_of(row.kind), "words": row.words}
        for row in found[:PER_PAGE]
    ]
    return shown, total, found[PER_PAGE - 1].pk if len(found) > PER_PAGE else 0


def rejects_of(run: LedgerImport) -> list[dict[str, Any]]:
    """The first rejected rows: where and why."""
    rows = run.rejected.order_by("line", "id").values("sheet", "line", "column", "reason")[:200]
    return [dict(row) for row in rows]


def rejects_book(run: LedgerImport) -> bytes:
    """The rejected rows as an Excel book to put right and bring again."""
    rows = [
        Rejected(row.sheet, row.line, row.column, row.reason, tuple(row.cells))
        for row in run.rejected.order_by("line", "id")
    ]
    return rejects_workbook(
        rows, [Heading(one["index"], tuple(one["path"])) for one in run.columns["columns"]]
    )


def proposals_left(office_ids: Sequence[int]) -> int:
    """How many rows wait for somebody to say who they are about."""
    return (
        LinkProposal.objects.filter(state=ProposalState.OPEN, consultation__office_id__in=office_ids)
        .order_by()
        .aggregate(n=Count("consultation_id", distinct=True))["n"]
    )


def proposals_of(office_ids: Sequence[int], *, after: int = 0) -> list[ProposalRow]:
    """The next rows with those they may be about; protected persons are left out."""
    open_ones = LinkProposal.objects.filter(
        state=ProposalState.OPEN, consultation__office_id__in=office_ids, consultation_id__gt=after
    )
    ids = list(
        open_ones.order_by("consultation_id")
        .values_list("consultation_id", flat=True)
        .distinct()[:PROPOSALS_SHOWN]
    )
    rows = list(
        open_ones.filter(consultation_id__in=ids)
        .select_related("consultation")
        .order_by("consultation_id", "-points", "id")
    )
    hidden = set(
        protected_persons().filter(pk__in=[row.person_id for row in rows]).values_list("pk", flat=True)
    )
    persons = _cards({row.person_id for row in rows} - hidden)
    found: dict[int, list[Candidate]] = {}
    about = {}
    for row in rows:
        about[row.consultation_id] = (row.consultation, row.told)
        if row.person_id in persons:
            name, kana, birth, town = persons[row.person_id]
            found.setdefault(row.consultation_id, []).append(
                Candidate(row.pk, row.person_id, name, kana, birth, town, row.points, row.reasons)
            )
    return [
        ProposalRow(
            pk,
            about[pk][0].came_at,
            about[pk][0].about_words,
            about[pk][0].words[:120],
            tuple(found.get(pk, ())),
        )
        for pk in ids
    ]


def asker_of(import_id: int) -> int | None:
    """Who asked for an import; for the job that does it."""
    return LedgerImport.objects.filter(pk=import_id).values_list("worker_id", flat=True).first()


def state_of(import_id: int) -> str:
    """Where an import stands."""
    return LedgerImport.objects.filter(pk=import_id).values_list("state", flat=True).first() or ""


def _cards(person_ids: set[int]) -> dict[int, tuple[str, str, str, str]]:
    towns: dict[int, str] = {}
    for address in Address.objects.filter(person_id__in=person_ids, until_on__isnull=True).order_by(
        "-kind", "-id"
    ):
        towns.setdefault(address.person_id, town_of(address.text))
    return {
        person.pk: (
            shown_name(person),
            person.kana,
            show_birth(birth_facts_of(person)),
            towns.get(person.pk, ""),
        )
        for person in Person.objects.filter(pk__in=person_ids).order_by("pk")
    }


def file_size_of(run: LedgerImport) -> int:
    """How large the waiting file is, in bytes."""
    rows = LedgerImport.objects.filter(pk=run.pk, file__isnull=False).annotate(size=Length("file"))
    return rows.values_list("size", flat=True).first() or 0
