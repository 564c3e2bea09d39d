"""A plan is written down: persons, consultations, who answers, proposals, rejects, repairs. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, time
from typing import TYPE_CHECKING

from django.db import connection

from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind, Urgency
from tsunagi.intake.ledger.endings import EndingKind
from tsunagi.intake.ledger.words import as_text
from tsunagi.intake.models import Consultation, Informant, LedgerImport, LinkProposal, RejectedRow, Repair
from tsunagi.intake.rules import THIRD_PARTIES, CallerKind, WayBack
from tsunagi.journal.actions import store_trail
from tsunagi.people.actions import involve_many, register_many
from tsunagi.people.rules import (
    REFERRAL_FACETS,
    SUPPORTING_FACETS,
    SUPPORTING_GROUND,
    NewInvolvement,
    ReasonKind,
)
from tsunagi.shared.edges import Entry
from tsunagi.shared.my_number import scrub

from .import_plan import Plan, Planned, outcome_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "consultation"
AT_ONCE = 1000
TO_CHECK = {
    EndingKind.STOCKTAKING: "棚卸し",
    EndingKind.FOLLOWING_THROUGH: "見届け",
}

Report = Callable[[int, str], None]


def store(plan: Plan, run: LedgerImport, *, by: Worker | None, at: datetime, report: Report) -> None:
    """Write a whole plan down under its import. Cheap per row: every table is written in batches."""
    persons = register_many((told.as_new() for told in plan.persons), by=by, at=at)
    stored: list[tuple[Planned, Consultation]] = []
    for start in range(0, len(plan.stored), AT_ONCE):
        part = plan.stored[start : start + AT_ONCE]
        rows = Consultation.objects.bulk_create([_consultation(one, run, persons, at) for one in part])
        pairs = list(zip(part, rows, strict=True))
        _informants(pairs)
        _promises(pairs, run, by=by, at=at)
        _proposals(pairs, persons)
        _repairs(part, run)
        stored += pairs
        report(start + len(part), "取り込んでいます。")
    _let_see(stored, persons, run, by=by, at=at)
    _rejects(plan, run)
    _journal(stored, run, by=by, at=at)
    report(plan.rows, "保存する前に確かめています。")
    _by_index()


def _party(one: Planned, persons: Sequence[int]) -> int | None:
    return one.about.person_id if one.about.new is None else persons[one.about.new]


def _consultation(one: Planned, run: LedgerImport, persons: Sequence[int], at: datetime) -> Consultation:
    row = one.row
    caller = CallerKind(row.caller_kind) if row.caller_kind else None
    numbers = row.caller_phones or (row.phones if caller == CallerKind.SELF else ())
    ended = outcome_of(row) if one.closed else ""
    return Consultation(
        office_id=run.office_id,
        came_at=one.came_at,
        came_about=one.came_about,
        written_at=at,
        written_by_id=None,
        means=row.route[:24],
        caller_kind=caller or "",
        caller_words=clean(row.relation)[:120],
        way_back=WayBack.PHONE if numbers else "",
        way_back_words=clean("・".join(numbers))[:200],
        words=clean(words_of(one)),
        worries=dict(row.worries),
        urgency=Urgency(row.urgency) if row.urgency else "",
        party_id=_party(one, persons),
        about_words=clean(one.about.told.words)[:200],
        outcome=ended,
        outcome_at=_ended_at(one, at) if one.closed else None,
        outcome_words=clean(f"台帳の記載: {row.outcome or row.response or row.ended_as_written}")[:500]
        if one.closed
        else "",
        run=run,
        row_hash=one.row_hash,
        line=row.line,
        as_written={clean(name): clean(text) for name, text in row.as_written.items()},
        worker_as_written=clean(row.worker)[:60],
    )


def words_of(one: Planned) -> str:
    """The consultation's words with what the ledger says became of it, so that one text tells the whole row."""
    row = one.row
    said = [("対応", row.response), ("つなぎ先", row.destination), ("結果", row.outcome), ("備考", row.note)]
    lines = [f"{label}: {text}" for label, text in said if text.strip()]
    if row.worry_words:
        lines.insert(0, f"困りごと: {'・'.join(row.worry_words)}")
    return "\n".join([text for text in (row.text.strip(),) if text] + lines)


def clean(text: str) -> str:
    """A text without a 個人番号 and without what PostgreSQL cannot hold (番号法 20条)."""
    return scrub(text.replace("\0", ""))[0] if len(text) >= 12 else text.replace("\0", "")


def _ended_at(one: Planned, at: datetime) -> datetime:
    """The day the ledger says, else the day it came: an old end belongs to its own year, not to today."""
    told = datetime.combine(one.row.ended_on, time(0), at.tzinfo) if one.row.ended_on else one.came_at
    return min(max(told, one.came_at), at)


def _informants(pairs: Iterable[tuple[Planned, Consultation]]) -> None:
    """Who told us of somebody else goes into a box of their own."""
    Informant.objects.bulk_create(
        Informant(
            consultation_id=row.pk,
            name=clean(one.row.caller_name)[:120],
            contact=clean("・".join(one.row.caller_phones))[:200],
            relation=clean(one.row.relation)[:120],
        )
        for one, row in pairs
        if (row.caller_kind in THIRD_PARTIES or (one.row.caller_name and row.caller_kind != CallerKind.SELF))
        and (one.row.caller_name or one.row.caller_phones)
    )


def _promises(
    pairs: Iterable[tuple[Planned, Consultation]], run: LedgerImport, *, by: Worker | None, at: datetime
) -> None:
    # Urgency promises the first action only, and that was years ago: an imported row is never urgent by being stored.
    Promise.objects.bulk_create(
        Promise(
            kind=PromiseKind.STOCKTAKING,
            what=clean(f"{TO_CHECK[one.ending.kind]}: {one.ending.why}")[:300],
            subject_kind=SUBJECT,
            subject_id=row.pk,
            party_id=row.party_id,
            office_id=run.office_id,
            worker_id=one.worker_id,
            due_on=one.due_on,
            urgency=Urgency.LOW,
            weight=one.ending.weight,
            opened_at=at,
            opened_by=by,
        )
        for one, row in pairs
        if one.worker_id is not None and one.due_on is not None
    )


def _proposals(pairs: Iterable[tuple[Planned, Consultation]], persons: Sequence[int]) -> None:
    LinkProposal.objects.bulk_create(
        LinkProposal(
            consultation_id=row.pk,
            person_id=known if known is not None else persons[new or 0],
            points=points,
            reasons="・".join(reasons)[:200],
            told=asdict(one.about.told),
        )
        for one, row in pairs
        for known, new, points, reasons in one.about.proposed
    )


def _repairs(part: Iterable[Planned], run: LedgerImport) -> None:
    Repair.objects.bulk_create(
        Repair(
            run=run,
            line=one.row.line,
            column=each.column[:60],
            kind=each.kind.value,
            words=each.done[:300],
        )
        for one in part
        for each in one.row.repairs
    )


def _rejects(plan: Plan, run: LedgerImport) -> None:
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(
                run=run,
                sheet=one.sheet[:60],
                line=one.line,
                column=one.column[:60],
                reason=one.reason[:300],
                cells=[_cell(cell) for cell in one.cells],
            )
            for one in plan.rejected
        ),
        batch_size=AT_ONCE,
    )


def _cell(cell: object) -> object:
    if cell is None or isinstance(cell, (bool, int, float)):
        return cell
    return clean(as_text(cell))  # type: ignore[arg-type]  # every cell has its words


def _let_see(
    stored: Sequence[tuple[Planned, Consultation]],
    persons: Sequence[int],
    run: LedgerImport,
    *,
    by: Worker | None,
    at: datetime,
) -> None:
    """The ledger's office sees those it answers for, and those it has written down (H17)."""
    open_ones = {row.pk: row.party_id for one, row in stored if not one.closed and row.party_id is not None}
    promises = dict(
        Promise.objects.filter(subject_kind=SUBJECT, subject_id__in=list(open_ones), is_open=True)
        .order_by()
        .values_list("subject_id", "pk")
    )
    rows: list[NewInvolvement] = []

    def see(party_id: int, facets: Iterable[str], kind: ReasonKind, number: int) -> None:
        wanted = [str(facet) for facet in facets]
        rows.append(NewInvolvement(party_id, run.office_id, SUPPORTING_GROUND, wanted, kind, number))

    for consultation_id, party_id in open_ones.items():
        see(party_id, SUPPORTING_FACETS, ReasonKind.CONSULTATION, consultation_id)
        see(party_id, REFERRAL_FACETS, ReasonKind.PROMISE, promises[consultation_id])
    for person_id in set(persons) - set(open_ones.values()):
        see(person_id, SUPPORTING_FACETS, ReasonKind.REGISTERED, person_id)
    involve_many(rows, at=at, by=by.pk if by else None)


def _journal(
    stored: Sequence[tuple[Planned, Consultation]], run: LedgerImport, *, by: Worker | None, at: datetime
) -> None:
    """One line per consultation, so that whoever asks where it came from finds the import."""
    for start in range(0, len(stored), AT_ONCE):
        store_trail(
            [
                Entry(
                    "consultation.imported",
                    SUBJECT,
                    row.pk,
                    detail={
                        "run": run.pk,
                        "office": run.office_id,
                        "worker": one.worker_id,
                        "due": one.due_on.isoformat() if one.due_on else None,
                    },
                )
                for one, row in stored[start : start + AT_ONCE]
            ],
            by.pk if by else None,
            at,
            "web" if by else "cli",
        )


def _by_index() -> None:
    """Let the deferred laws look rows up by index: in this transaction's eyes the tables may still seem empty, and one
    look through the whole table for every row would take minutes for twenty thousand rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")


def quick_desk(cursor_timeout: str = "15min") -> None:
    """Let this transaction take its time; everybody else's limits stay as they are.

    Nothing is locked that a desk needs: rows are added, and the deferred laws (which read worker rows FOR SHARE) speak
    at the very end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('idle_in_transaction_session_timeout', %s, true)",
            [cursor_timeout, cursor_timeout],
        )


def one_at_a_time(office_id: int) -> None:
    """Wait for another import of the same office: the second of two equal files then finds its rows known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '10min', true)")
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('ledger-import:' || %s::text, 0))", [office_id]
        )
        cursor.execute("SELECT set_config('lock_timeout', '3s', true)")
