"""The family's file is opened, written in, corrected, closed and reopened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from tsunagi.accounts.queries import main_office_id, may_hold_in
from tsunagi.cases.events import CaseClosed, CaseMoved
from tsunagi.cases.models import Case, CaseConcern, Jotting, Note, NoteVersion
from tsunagi.cases.rules import (
    CLOSED_STAGES,
    CaseState,
    Consent,
    NoteKind,
    Stage,
    check_case_closing,
    check_length,
    check_stage,
)
from tsunagi.holding.actions import Served, Stale, record_contact
from tsunagi.holding.models import Concern, Hold
from tsunagi.journal.actions import record
from tsunagi.people.actions import end_involvement, involve, involve_instead
from tsunagi.people.rules import SUPPORTING_FACETS, ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import fiscal_year

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "case"
STALE = "ほかの人が先に書き直しました。下に両方を並べました。残したい方を選ぶか、書き直してください。"
WRITTEN = ("kind", "happened_at", "minutes", "partner", "place", "facts", "judgement", "policy", "next_step")
LABELS = {
    "facts": "事実",
    "judgement": "見立て",
    "policy": "方針",
    "next_step": "次の予定",
    "partner": "相手",
}


def open_case(
    party_id: int,
    *,
    by: Worker,
    at: datetime,
    title: str = "",
    concern_ids: Iterable[int] = (),
    worker_id: int | None = None,
) -> Case:
    """Open a file on a person or household, from the concerns it will work on. The holds stay where they are."""
    refuse_my_number(title, "見出し")
    office_id = main_office_id(by)
    holder = worker_id or by.pk
    if office_id is None or not may_hold_in(holder, office_id):
        raise Refused("主に担う職員には、この機関に今いる職員を選んでください。", field="worker")
    case = Case.objects.create(
        number=_next_number(day_of(at)),
        party_id=party_id,
        office_id=office_id,
        worker_id=holder,
        title=title.strip()[:120],
        opened_at=at,
        opened_by=by,
    )
    _involve(case, at=at)
    _add(case, concern_ids, at=at)
    record(
        "case.opened", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={"party": party_id, "office": office_id, "worker": holder},
    )  # fmt: skip
    return case


def say_whose_file(case: Case | int, party_id: int, *, by: Worker, at: datetime) -> Case:
    """The file was opened on another record than it belongs to: it goes on with all its notes, on that one."""
    locked = Case.objects.select_for_update().get(pk=case if isinstance(case, int) else case.pk)
    if locked.party_id == party_id:
        return locked
    before, locked.party_id = locked.party_id, party_id
    locked.revision += 1
    locked.save(update_fields=["party_id", "revision"])
    involve_instead(
        locked.office_id, ReasonKind.CASE, locked.pk, of=party_id, instead_of=before, by=by, at=at
    )
    record(
        "case.whose", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at,
        detail={"from": before, "to": party_id},
    )  # fmt: skip
    announce(CaseMoved(locked.pk, party_id, by.pk, at))
    return locked


def choose_concerns(case: Case, concern_ids: Iterable[int], *, by: Worker, at: datetime) -> None:
    """Say which concerns the file works on; one that is taken out stays held as it was."""
    open_file(case.pk)
    wanted = set(concern_ids)
    CaseConcern.objects.filter(case=case).exclude(concern_id__in=wanted).delete()
    _add(case, wanted, at=at)
    record(
        "case.concerns",
        subject_kind=SUBJECT,
        subject_id=case.pk,
        by=by.pk,
        at=at,
        detail={"concerns": sorted(wanted)},
    )


def write_note(
    case: Case,
    *,
    by: Worker,
    at: datetime,
    contact_kind: str = "",
    contact_concerns: Iterable[int] = (),
    due_on: date | None = None,
    jotting_id: int | None = None,
    **written: Any,
) -> Note:
    """Write one entry: 事実 / 見立て / 方針 apart. With `contact_kind` it is also a contact, once, for those concerns.

    `jotting_id`: a jotting of this worker on this file that became this entry; it is gone with it.
    """
    locked = open_file(case.pk)
    values = _clean(written, at=at)
    served = [Served(pk, due_on) for pk in contact_concerns]
    contact_id = None
    if contact_kind:
        recorded = record_contact(
            contact_kind, served, by=by, at=at, happened_at=values["happened_at"], with_whom=values.get("partner", ""),
            words=values.get("facts", ""),
        )  # fmt: skip
        contact_id = recorded.contact.pk
    note = Note.objects.create(
        case=locked, worker=by, office_id=locked.office_id, written_at=at, contact_id=contact_id, **values
    )
    if locked.last_note_at is None or locked.last_note_at < note.happened_at:
        Case.objects.filter(pk=locked.pk).update(last_note_at=note.happened_at)
    if jotting_id is not None:
        Jotting.objects.filter(pk=jotting_id, case=locked, worker=by).delete()
    record("note.written", subject_kind="note", subject_id=note.pk, by=by.pk, at=at, detail={"case": case.pk})
    return note


def correct_note(
    note: Note, *, revision: int, why: str = "", by: Worker, at: datetime, **written: Any
) -> Note:
    """Correct an entry; what it said before stays (訂正履歴). Raises Stale when somebody was first."""
    locked = Note.objects.select_for_update().get(pk=note.pk)
    if locked.revision != revision:
        raise Stale(STALE)
    values = _clean(written, at=at)
    NoteVersion.objects.create(
        note=locked,
        revision=locked.revision,
        body={name: _plain(getattr(locked, name)) for name in WRITTEN},
        why=why.strip()[:300],
        replaced_at=at,
        replaced_by=by,
    )
    for name, value in values.items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.save(update_fields=[*values, "revision"])
    record(
        "note.corrected", subject_kind="note", subject_id=locked.pk, by=by.pk, at=at,
        detail={"case": locked.case_id, "revision": locked.revision},
    )  # fmt: skip
    return locked


def set_stage(case: Case | int, stage: Stage, *, by: Worker, at: datetime) -> Case:
    """Say how far the work has come; the same stage again changes nothing. Raises Refused for a step that is none.

    A file is closed by `close_case` and reopened by `reopen_case`, never by this.
    """
    locked = Case.objects.select_for_update().get(pk=case if isinstance(case, int) else case.pk)
    before = Stage(locked.stage)
    if before == stage:
        return locked
    check_stage(before, stage)
    locked.stage = stage
    locked.save(update_fields=["stage"])
    record(
        "case.stage", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at,
        detail={"from": before.value, "to": stage.value},
    )  # fmt: skip
    return locked


def set_plan_days(case: Case | int, *, plan_until: date | None, review_on: date | None) -> None:
    """Write down what the plan in force says of its days; the plan's own deed is in the journal."""
    Case.objects.filter(pk=case if isinstance(case, int) else case.pk).update(
        plan_until=plan_until, review_on=review_on
    )


def set_consent(case: Case | int, consent: Consent, *, on: date | None, by: Worker, at: datetime) -> Case:
    """Write down how it stands with the person's consent, since when; the same again changes nothing."""
    locked = Case.objects.select_for_update().get(pk=case if isinstance(case, int) else case.pk)
    if on is not None and on > day_of(at):
        raise Refused("まだ来ていない日です。同意のあった日を入れてください。", field="consent_on")
    if (locked.consent, locked.consent_on) == (consent.value, on):
        return locked
    before, locked.consent, locked.consent_on = locked.consent, consent.value, on
    locked.save(update_fields=["consent", "consent_on"])
    record(
        "case.consent", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at,
        detail={"from": before, "to": consent.value},
    )  # fmt: skip
    return locked


def close_case(
    case: Case,
    *,
    by: Worker,
    at: datetime,
    main_office: str = "",
    no_main_reason: str = "",
    words: str = "",
    stage: Stage = Stage.CLOSED,
) -> Case:
    """Close the file, or raise Refused with what is still missing (H9). `stage` says how it ended."""
    refuse_my_number(words, "終結のまとめ")
    if stage not in CLOSED_STAGES:
        raise TypeError(f"{stage} is no stage of a closed file")
    locked = open_file(case.pk)
    ids = CaseConcern.objects.filter(case=locked).values("concern_id")
    still_held = Hold.objects.filter(concern_id__in=ids, closed_at__isnull=True, look_back=False).count()
    check_case_closing(still_held=still_held, main_office=main_office, no_main_reason=no_main_reason)
    locked.state, locked.closed_on, locked.stage = CaseState.CLOSED, day_of(at), stage
    locked.review_on = None
    locked.main_office, locked.no_main_reason = main_office.strip()[:120], no_main_reason
    locked.closing_words = words.strip()
    locked.revision += 1
    locked.save(
        update_fields=[
            "state",
            "closed_on",
            "stage",
            "review_on",
            "main_office",
            "no_main_reason",
            "closing_words",
            "revision",
        ]
    )
    end_involvement(ReasonKind.CASE, locked.pk, at=at)
    record("case.closed", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)
    announce(CaseClosed(locked.pk, by.pk, at))
    return locked


def reopen_case(case: Case, *, why: str, by: Worker, at: datetime) -> Case:
    """Open a closed file again, with the reason."""
    if not why.strip():
        raise Refused("再開するわけを書いてください。", field="words")
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.state != CaseState.CLOSED:
        raise Refused("この支援は、いま支援中です。")
    locked.state, locked.closed_on, locked.stage = CaseState.OPEN, None, Stage.REOPENED
    locked.main_office, locked.no_main_reason = "", ""
    locked.revision += 1
    locked.save(update_fields=["state", "closed_on", "stage", "main_office", "no_main_reason", "revision"])
    _involve(locked, at=at)
    Note.objects.create(
        case=locked, worker=by, office_id=locked.office_id, happened_at=at, written_at=at, kind=NoteKind.OTHER,
        facts=f"支援を再開した。{why.strip()}",
    )  # fmt: skip
    record("case.reopened", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at)
    return locked


# -- pieces -----------------------------------------------------------------------------------------------------------


def open_file(case_id: int) -> Case:
    """The file, locked. Raises Refused when it is closed."""
    locked = Case.objects.select_for_update().get(pk=case_id)
    if locked.state == CaseState.CLOSED:
        raise Refused("この支援は終結しています。続けるときは「再開する」を押してください。")
    return locked


def _add(case: Case, concern_ids: Iterable[int], *, at: datetime) -> None:
    known = set(CaseConcern.objects.filter(case=case).values_list("concern_id", flat=True))
    there = set(Concern.objects.filter(pk__in=list(concern_ids)).values_list("pk", flat=True))
    CaseConcern.objects.bulk_create(
        CaseConcern(case=case, concern_id=pk, added_at=at) for pk in sorted(there - known)
    )


def _involve(case: Case, *, at: datetime) -> None:
    involve(
        case.party_id,
        case.office_id,
        ground="01",
        facets=SUPPORTING_FACETS,
        reason_kind=ReasonKind.CASE,
        reason_id=case.pk,
        at=at,
    )


def _clean(written: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    unknown = set(written) - set(WRITTEN)
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    values = dict(written)
    values["happened_at"] = values.get("happened_at") or at
    if values["happened_at"] > at:
        raise Refused("まだ来ていない日時です。これからのことは「次の予定」に書いてください。", field="day")
    for name, label in LABELS.items():
        values[name] = (values.get(name) or "").strip()
        check_length(values[name], label, name)
        refuse_my_number(values[name], label)
    if not any(values[name] for name in ("facts", "judgement", "policy", "next_step")):
        raise Refused("事実・見立て・方針・次の予定のどれかを、ひとことでも書いてください。", field="facts")
    return values


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _next_number(on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number')")
        (count,) = cursor.fetchone()
    return f"支{fiscal_year(on) - 2018}-{count:05d}"
