"""A ledger is looked at, its columns corrected, and taken in whole or not at all; likely persons are decided (H11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tsunagi.accounts.models import Office
from tsunagi.codes.queries import area_code
from tsunagi.intake.ledger.fields import Field
from tsunagi.intake.ledger.reading import Ledger, Summary, open_ledger, summarise
from tsunagi.intake.ledger.rows import LedgerRow, ending_of
from tsunagi.intake.ledger.sheets import MAX_FILE_BYTES
from tsunagi.intake.models import LedgerImport, LinkProposal
from tsunagi.intake.rules import ImportState, ProposalState
from tsunagi.journal.actions import record
from tsunagi.people.actions import involve, register_many
from tsunagi.people.queries import is_protected
from tsunagi.people.rules import SUPPORTING_FACETS, SUPPORTING_GROUND, ReasonKind
from tsunagi.shared.refusal import Refused

from .consultations import say_who
from .import_people import Told
from .import_plan import Plan, digest_of_file, plan_of
from .import_store import clean, one_at_a_time, quick_desk, store

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.intake.models import Consultation

SUBJECT = "import"
SHOWN = 20  # rows shown as read
LISTED = 200  # rejects and repairs listed before the import
MOST_ROWS = 30_000
FORGOTTEN_AFTER = timedelta(days=1)
NOT_HERE = "このファイルは確認の途中ではありません。台帳を選び直してください。"
TOO_MANY = "行が{rows:,}件あります。一度に取り込めるのは{most:,}件までです。年度か月で分けて保存し、1つずつ取り込んでください。"

Report = Callable[[int, int, str], None]


def import_ledger(
    path: Path, *, office_id: int, dry_run: bool, by: Worker | None, at: datetime
) -> dict[str, Any]:
    """Take a ledger file in, whole or not at all; the figures and what was rejected. `dry_run` writes nothing.

    Raises Refused: an unreadable file, an office that cannot hold, too many rows.
    """
    ledger, digest = _opened(path)
    office = _holding_office(office_id)
    with transaction.atomic():
        quick_desk()
        one_at_a_time(office.pk)
        plan = plan_of(ledger, office, at=at)
        _check_size(plan.rows)
        if not dry_run:
            run = LedgerImport.objects.create(
                office=office,
                worker=by,
                file_name=clean(path.name)[:200],
                file_digest=digest,
                state=ImportState.RUNNING,
                columns=columns_of(ledger),
                asked_at=at,
            )
            _take_in(plan, run, by=by, at=at, report=lambda _done, _sentence: None)
    return _told(plan, dry_run)


def bring(data: bytes, file_name: str, *, office_id: int, by: Worker, at: datetime) -> LedgerImport:
    """Keep a file until its worker has said 「取り込む」 or 「やめる」; `look_at` reads it.

    The file is forgotten as soon as it is taken in, and after a day.
    """
    office = _holding_office(office_id)
    run = LedgerImport.objects.create(
        office=office,
        worker=by,
        file_name=clean(file_name)[:200],
        file_digest=digest_of_file(data),
        file=data,
        asked_at=at,
    )
    record(
        "import.brought",
        subject_kind=SUBJECT,
        subject_id=run.pk,
        by=by.pk,
        at=at,
        detail={"office": office_id},
    )
    return run


def look_at(run: LedgerImport, *, at: datetime) -> None:
    """Read a file that was brought, for the preview. Raises Refused with what is wrong with it."""
    locked = _waiting(run)
    ledger = _ledger_of(locked)
    locked.columns = columns_of(ledger) | {"overrides": locked.columns.get("overrides", {})}
    _look(locked, ledger, at)


def look_from_afar(import_id: int, *, at: datetime) -> None:
    """`look_at` for a job, which knows the number alone and may take its time."""
    quick_desk()
    look_at(LedgerImport.objects.get(pk=import_id), at=at)


def correct_columns(run: LedgerImport, chosen: Mapping[int, str], *, by: Worker, at: datetime) -> None:
    """Keep a worker's corrections, column index → field; `look_at` reads the file again with them."""
    locked = _waiting(run)
    before = {one["index"]: one["field"] for one in locked.columns.get("columns", [])}
    overrides = dict(_overrides(locked))
    for index, name in chosen.items():
        if index in before and name in Field.values() and before[index] != name:
            overrides[index] = Field(name)
    locked.columns["overrides"] = {str(index): name.value for index, name in overrides.items()}
    locked.save(update_fields=["columns"])
    record(
        "import.columns",
        subject_kind=SUBJECT,
        subject_id=run.pk,
        by=by.pk,
        at=at,
        detail={"changed": len(overrides)},
    )


def start_import(run: LedgerImport, *, long_run_id: int, by: Worker, at: datetime) -> None:
    """「取り込む」: from here the job has it. Raises Refused when it was pressed before."""
    locked = _waiting(run)
    _check_size(locked.rows_read)
    locked.state, locked.long_run_id = ImportState.RUNNING, long_run_id
    locked.save(update_fields=["state", "long_run_id"])
    record("import.asked", subject_kind=SUBJECT, subject_id=run.pk, by=by.pk, at=at)


def take_in(import_id: int, *, at: datetime, report: Report) -> dict[str, Any]:
    """The job: store everything in the caller's transaction. Raises what `report` raises when it is to stop."""
    quick_desk()
    run = (
        LedgerImport.objects.select_for_update(of=("self",))
        .select_related("office", "worker")
        .get(pk=import_id)
    )
    if run.state == ImportState.DONE:
        return dict(run.summary)
    one_at_a_time(run.office_id)
    ledger, total = _ledger_of(run), run.rows_read

    def tell(done: int, sentence: str) -> None:
        report(min(done, total), total, sentence)

    plan = plan_of(ledger, run.office, at=at, report=tell)
    _take_in(plan, run, by=run.worker, at=at, report=tell)
    return plan.figures()


def give_back(import_id: int, *, at: datetime) -> None:
    """The job stopped or failed and nothing was stored: the file stands as before, to be tried again or dropped."""
    LedgerImport.objects.filter(pk=import_id, state=ImportState.RUNNING).update(
        state=ImportState.PREVIEW, long_run_id=None
    )


def drop_import(run: LedgerImport, *, by: Worker, at: datetime) -> None:
    """「やめる」: the file is forgotten."""
    locked = _waiting(run)
    _forget(locked, at)
    record("import.dropped", subject_kind=SUBJECT, subject_id=run.pk, by=by.pk, at=at)


def forget_old_files(at: datetime) -> int:
    """Forget the files nobody decided on for a day: they hold people's data, perhaps a 個人番号."""
    waiting = LedgerImport.objects.select_for_update().filter(
        state=ImportState.PREVIEW, asked_at__lt=at - FORGOTTEN_AFTER
    )
    rows = list(waiting.order_by("pk"))
    for run in rows:
        _forget(run, at)
    return len(rows)


def decide_same(proposal: LinkProposal, *, by: Worker, at: datetime) -> None:
    """「同じ方」: the consultation is about that person; the other candidates are another."""
    locked = _undecided(proposal)
    if is_protected(locked.person_id):
        raise Refused("この方の記録は、いま開けません。「別の方」を選ぶか、管理職に相談してください。")
    say_who(locked.consultation, locked.person_id, by=by, at=at)
    _decide(locked.consultation_id, ProposalState.OTHER, by=by, at=at, but=locked.pk)
    LinkProposal.objects.filter(pk=locked.pk).update(state=ProposalState.SAME, decided_by=by, decided_at=at)
    _journal_decision(locked, "same", by=by, at=at)


def decide_none(consultation: Consultation, *, by: Worker, at: datetime) -> None:
    """「どの方でもない」: somebody new is written down with what the ledger tells."""
    first = (
        LinkProposal.objects.filter(consultation_id=consultation.pk, state=ProposalState.OPEN)
        .order_by("id")
        .first()
    )
    if first is None:
        raise Refused("この候補は、ほかの職員がすでに決めています。")
    locked = _undecided(first)
    told = Told(**(locked.told | {"phones": tuple(locked.told.get("phones", ()))}))
    person_id = register_many([told.as_new()], by=by, at=at)[0]
    involve(
        person_id,
        locked.consultation.office_id,
        ground=SUPPORTING_GROUND,
        facets=SUPPORTING_FACETS,
        reason_kind=ReasonKind.REGISTERED,
        reason_id=person_id,
        at=at,
        by=by.pk,
    )
    say_who(locked.consultation, person_id, by=by, at=at)
    _decide(locked.consultation_id, ProposalState.OTHER, by=by, at=at)
    _journal_decision(locked, "none", by=by, at=at)


def columns_of(ledger: Ledger) -> dict[str, Any]:
    """How the columns are read, to be kept and shown."""
    return {
        "columns": [
            {
                "index": one.index,
                "path": [clean(part) for part in one.heading.path],
                "label": clean(one.label),
                "field": one.field.value,
                "confidence": one.confidence.value,
                "why": clean(one.why),
                "samples": [clean(text) for text in one.samples[:3]],
                "filled": one.filled,
            }
            for one in ledger.columns
        ]
    }


# -- pieces --------------------------------------------------------------------------------------------


def _opened(path: Path) -> tuple[Ledger, str]:
    if path.is_file() and path.stat().st_size <= MAX_FILE_BYTES:
        data = path.read_bytes()
        return open_ledger(data, path.name, area_code=area_code()), digest_of_file(data)
    return open_ledger(path, area_code=area_code()), ""  # says what is wrong


def _holding_office(office_id: int) -> Office:
    office = Office.objects.filter(pk=office_id, is_active=True, signs_in=True).first()
    if office is None:
        raise Refused(
            "台帳をつけていた機関を選んでください。つなぎを使っていない機関の台帳は取り込めません。",
            field="office",
        )
    return office


def _check_size(rows: int) -> None:
    if rows > MOST_ROWS:
        raise Refused(TOO_MANY.format(rows=rows, most=MOST_ROWS))


def _take_in(
    plan: Plan, run: LedgerImport, *, by: Worker | None, at: datetime, report: Callable[[int, str], None]
) -> None:
    store(plan, run, by=by, at=at, report=report)
    figures = plan.figures()
    run.state, run.ended_at, run.file, run.summary = ImportState.DONE, at, None, figures
    # The samples of the columns were people's data for the preview alone.
    run.columns = {
        "columns": [one | {"samples": []} for one in run.columns["columns"]],
        "overrides": run.columns.get("overrides", {}),
    }
    run.rows_read, run.rows_stored = plan.rows, len(plan.stored)
    run.rows_known, run.rows_rejected = plan.known, len(plan.rejected)
    run.save()
    record(
        "import.done",
        subject_kind=SUBJECT,
        subject_id=run.pk,
        by=by.pk if by else None,
        at=at,
        channel="web" if by else "cli",
        detail={"office": run.office_id, **figures},
    )


def _told(plan: Plan, dry_run: bool) -> dict[str, Any]:
    rejects = [
        {"sheet": one.sheet, "line": one.line, "column": one.column, "reason": one.reason}
        for one in plan.rejected
    ]
    return plan.figures() | {"rejects": rejects, "dry_run": dry_run}


def _overrides(run: LedgerImport) -> dict[int, Field]:
    return {int(index): Field(name) for index, name in run.columns.get("overrides", {}).items()}


def _ledger_of(run: LedgerImport) -> Ledger:
    if run.file is None:
        raise Refused(NOT_HERE)
    return open_ledger(bytes(run.file), run.file_name, overrides=_overrides(run), area_code=area_code())


def _look(run: LedgerImport, ledger: Ledger, at: datetime) -> None:
    """Read the ledger once and keep what the preview shows."""
    summary = summarise(ledger, first=SHOWN)
    _check_size(summary.rows)
    plan = plan_of(ledger, run.office, at=at)
    run.rows_read, run.summary = summary.rows, plan.figures() | _shown(summary)
    run.save()


def _shown(summary: Summary) -> dict[str, Any]:
    return {
        "first_rows": [_row(row) for row in summary.first_rows],
        "rejects": [
            {"sheet": one.sheet, "line": one.line, "column": one.column, "reason": one.reason}
            for one in summary.rejected[:LISTED]
        ],
        "look": [
            {"line": one.line, "column": one.column, "kind": one.kind.label, "done": one.done}
            for one in summary.worth_a_look[:LISTED]
        ],
        "passed": {str(reason): count for reason, count in summary.passed.items()},
        "skipped": [{"sheet": one.sheet, "reason": one.reason} for one in summary.skipped],
        "notes": list(summary.notes),
    }


def _row(row: LedgerRow) -> dict[str, Any]:
    ending = ending_of(row)
    return {
        "line": row.line,
        "came": row.came_on.isoformat() if row.came_on else "",
        "came_as_written": clean(row.came_as_written),
        "who": "匿名" if row.anonymous else clean(row.name or row.kana),
        "birth": clean(row.birth_as_written),
        "text": clean(row.text)[:80],
        "worries": len(row.worries),
        "outcome": clean(row.outcome or row.response)[:40],
        "worker": clean(row.worker),
        "ending": ending.kind.value,
        "ending_label": ending.kind.label,
        "why": clean(ending.why),
    }


def _waiting(run: LedgerImport) -> LedgerImport:
    locked = LedgerImport.objects.select_for_update(of=("self",)).select_related("office").get(pk=run.pk)
    if locked.state != ImportState.PREVIEW or locked.file is None:
        raise Refused(NOT_HERE)
    return locked


def _forget(run: LedgerImport, at: datetime) -> None:
    run.state, run.ended_at, run.file, run.summary, run.columns = ImportState.DROPPED, at, None, {}, {}
    run.save(update_fields=["state", "ended_at", "file", "summary", "columns"])


def _undecided(proposal: LinkProposal) -> LinkProposal:
    locked = (
        LinkProposal.objects.select_for_update(of=("self",))
        .select_related("consultation")
        .get(pk=proposal.pk)
    )
    if locked.state != ProposalState.OPEN:
        raise Refused("この候補は、ほかの職員がすでに決めています。")
    return locked


def _decide(
    consultation_id: int, state: ProposalState, *, by: Worker, at: datetime, but: int | None = None
) -> None:
    others = LinkProposal.objects.filter(consultation_id=consultation_id, state=ProposalState.OPEN)
    if but is not None:
        others = others.exclude(pk=but)
    others.update(state=state, decided_by=by, decided_at=at)


def _journal_decision(proposal: LinkProposal, answer: str, *, by: Worker, at: datetime) -> None:
    record(
        "proposal.decided",
        subject_kind="consultation",
        subject_id=proposal.consultation_id,
        by=by.pk,
        at=at,
        detail={"answer": answer, "person": proposal.person_id},
    )
