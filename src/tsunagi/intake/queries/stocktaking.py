"""棚卸し: the imported rows still to be looked at, heaviest first, and the sheets two people agree on (H11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind, StocktakingAnswer, kinds_for
from tsunagi.intake.ledger.worries import WORRIES
from tsunagi.intake.models import Consultation, LinkProposal, StocktakingSheet
from tsunagi.intake.rules import CallerKind, ProposalState
from tsunagi.people.queries import name_of

from .triage import NAMELESS, nameless

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PER_PAGE = 50
SUBJECT = "consultation"
SCOPES = {"all": "窓口の全部", "mine": "自分の", "follow": "見届け"}
FOLLOW = "見届け"


@dataclass(frozen=True)
class StockRow:
    """One imported row as a worker looks at it: the old row, who, why it is open, what was answered before."""

    id: int
    came_on: datetime
    came_about: bool
    who: str
    party_id: int | None
    caller: str
    words: str
    marks: tuple[str, ...]
    grave: bool
    why: str
    is_follow: bool
    weight: int
    worker: str
    worker_as_written: str
    due_on: date
    who_is_asked: bool
    as_written: tuple[tuple[str, str], ...]
    answer: str
    answer_words: str
    sent_back: str


@dataclass(frozen=True)
class StockList:
    """A page of the 棚卸し."""

    rows: tuple[StockRow, ...]
    total: int
    left: int
    waiting: int
    next: str


@dataclass(frozen=True)
class SheetCard:
    """A sheet on the list of sheets."""

    id: int
    count: int
    asked_by: str
    asked_at: datetime
    state: str
    mine: bool


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet: what was answered, and the old row as evidence."""

    id: int
    came_on: datetime
    who: str
    words: str
    answer_words: str
    as_written: tuple[tuple[str, str], ...]
    ended: bool


def awaiting_agreement(office_ids: Sequence[int]) -> set[int]:
    """The rows that stand on a sheet nobody has answered yet."""
    sheets = StocktakingSheet.objects.filter(
        office_id__in=office_ids, agreed_at__isnull=True, sent_back_at__isnull=True
    )
    return {
        one["consultation"]
        for answers in sheets.order_by("id").values_list("answers", flat=True)
        for one in answers
    }


def stocktaking_of(
    worker: Worker, office_ids: Sequence[int], *, scope: str = "all", sort: str = "weight", after: str = ""
) -> StockList:
    """A page of what is left, heaviest first (or by due day). `after` is the `next` of the page before."""
    waiting = awaiting_agreement(office_ids)
    everything = _left(office_ids).exclude(subject_id__in=waiting)
    rows = everything
    if scope == "mine":
        rows = rows.filter(Q(worker_id=worker.pk) | Q(acting_id=worker.pk))
    elif scope == "follow":
        rows = rows.filter(what__startswith=FOLLOW)
    total, left = rows.count(), everything.count()
    rows = _paged(rows, sort, after)
    held = list(rows.select_related("worker")[: PER_PAGE + 1])
    more = len(held) > PER_PAGE
    held = held[:PER_PAGE]
    return StockList(
        _rows(worker, office_ids, held), total, left, len(waiting), _mark(held[-1], sort) if more else ""
    )


def left_of(office_ids: Sequence[int]) -> int:
    """How many imported rows of these offices wait to be looked at (移行分)."""
    return _left(office_ids).count()


def sheets_of(worker: Worker, office_ids: Sequence[int], at_most: int = 20) -> list[SheetCard]:
    """The sheets of these offices, unanswered ones first."""
    rows = (
        StocktakingSheet.objects.filter(office_id__in=office_ids)
        .select_related("asked_by")
        .order_by("-id")[:at_most]
    )
    cards = [
        SheetCard(
            row.pk,
            len(row.answers),
            row.asked_by.name,
            row.asked_at,
            state_of_sheet(row),
            row.asked_by_id == worker.pk,
        )
        for row in rows
    ]
    return sorted(cards, key=lambda card: card.state != "確認待ち")


def state_of_sheet(sheet: StocktakingSheet) -> str:
    """Where a sheet stands, in a word."""
    if sheet.agreed_at is not None:
        return "同意ずみ"
    return "戻ってきました" if sheet.sent_back_at is not None else "確認待ち"


def rows_of_sheet(worker: Worker, sheet: StocktakingSheet) -> list[SheetRow]:
    """The rows of a sheet with the old rows as evidence."""
    said = {one["consultation"]: one["words"] for one in sheet.answers}
    found = list(_consultations(said).order_by("id"))
    names = _names(worker, found)
    return [
        SheetRow(
            row.pk,
            row.came_at,
            names.get(row.pk, ("", None))[0],
            row.words,
            said[row.pk],
            tuple(row.as_written.items()),
            bool(row.outcome),
        )
        for row in found
    ]


def answers() -> list[tuple[str, str]]:
    """What a worker can find, for radios."""
    return StocktakingAnswer.choices()


def going_on_kinds() -> list[tuple[str, str]]:
    """How what goes on is held, for a select."""
    return [(str(kind), kind.label) for kind in kinds_for(StocktakingAnswer.GOING_ON)]


# -- pieces --------------------------------------------------------------------------------------------


def _left(office_ids: Sequence[int]) -> QuerySet[Promise]:
    return Promise.objects.filter(
        subject_kind=SUBJECT, kind=PromiseKind.STOCKTAKING, is_open=True, office_id__in=office_ids
    )


def _paged(rows: QuerySet[Promise], sort: str, after: str) -> QuerySet[Promise]:
    first, _, number = after.rpartition("_")
    known = bool(first) and number.isdigit()
    if sort == "due":
        rows = rows.order_by("due_on", "id")
        try:
            day = date.fromisoformat(first) if known else None
        except ValueError:
            day = None
        return rows.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=int(number))) if day else rows
    rows = rows.order_by("-weight", "id")
    if known and first.isdigit():
        rows = rows.filter(Q(weight__lt=int(first)) | Q(weight=int(first), id__gt=int(number)))
    return rows


def _mark(last: Promise, sort: str) -> str:
    return f"{last.due_on.isoformat() if sort == 'due' else last.weight}_{last.pk}"


def _consultations(ids: object) -> QuerySet[Consultation]:
    return Consultation.objects.filter(pk__in=list(ids)).select_related(  # type: ignore[call-overload]
        "party__person",
        "party__household",
        "party__unknown",
        "party__same_as__person",
        "party__same_as__household",
    )


def _names(worker: Worker, rows: Sequence[Consultation]) -> dict[int, tuple[str, int | None]]:
    roots = {row.pk: row.party.stands_for for row in rows if row.party}
    opens, hidden = nameless(worker, {party.pk for party in roots.values()})
    found: dict[int, tuple[str, int | None]] = {}
    for row in rows:
        party = roots.get(row.pk)
        if party is None:
            found[row.pk] = (row.about_words, None)
        elif party.pk in hidden:
            found[row.pk] = (NAMELESS, None)
        else:
            found[row.pk] = (name_of(party), party.pk if party.pk in opens else None)
    return found


def _rows(worker: Worker, office_ids: Sequence[int], held: Sequence[Promise]) -> tuple[StockRow, ...]:
    known = {row.pk: row for row in _consultations([promise.subject_id for promise in held]).order_by("id")}
    names = _names(worker, list(known.values()))
    asked = set(
        LinkProposal.objects.filter(consultation_id__in=known, state=ProposalState.OPEN)
        .order_by()
        .values_list("consultation_id", flat=True)
    )
    back = _sent_back(office_ids)
    return tuple(
        _row(promise, known[promise.subject_id], names[promise.subject_id], promise.subject_id in asked, back)
        for promise in held
        if promise.subject_id in known
    )


def _row(
    promise: Promise,
    row: Consultation,
    name: tuple[str, int | None],
    asked: bool,
    back: dict[int, tuple[str, str]],
) -> StockRow:
    words, why = back.get(row.pk, ("", ""))
    kind, _, reason = promise.what.partition(": ")
    return StockRow(
        id=row.pk,
        came_on=row.came_at,
        came_about=row.came_about,
        who=name[0],
        party_id=name[1],
        caller=CallerKind.label_of(row.caller_kind) if row.caller_kind else "",
        words=row.words,
        marks=tuple(WORRIES[code] for code in sorted(row.worries) if code in WORRIES),
        grave=promise.weight >= 60,
        why=reason,
        is_follow=kind == FOLLOW,
        weight=promise.weight,
        worker=promise.worker.name,
        worker_as_written=row.worker_as_written,
        due_on=promise.due_on,
        who_is_asked=asked,
        as_written=tuple(row.as_written.items()),
        answer=str(StocktakingAnswer.OVER) if row.pk in back else "",
        answer_words=words,
        sent_back=why,
    )


def _sent_back(office_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Rows of sheets that came back: what was written, and why it came back. The latest word counts."""
    found: dict[int, tuple[str, str]] = {}
    sheets = StocktakingSheet.objects.filter(office_id__in=office_ids, sent_back_at__isnull=False).order_by(
        "id"
    )
    for answers_, words in sheets.values_list("answers", "sent_back_words"):
        found |= {one["consultation"]: (one["words"], words) for one in answers_}
    return found
