"""棚卸し: what an old ledger left open is looked at once, row by row; what had ended is agreed by two (H11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tsunagi.accounts.models import Worker
from tsunagi.accounts.queries import calendar_of, managers_of, may_hold_in, workers_of
from tsunagi.holding.actions import keep_promises_of, open_concern, promise, withdraw_promise
from tsunagi.holding.models import Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    ConsultationOutcome,
    HoldKind,
    PromiseKind,
    StocktakingAnswer,
    Urgency,
    check_batch,
    consultation_due,
    kinds_for,
)
from tsunagi.intake.models import Consultation, LinkProposal, StocktakingSheet
from tsunagi.intake.queries.stocktaking import awaiting_agreement
from tsunagi.intake.rules import ProposalState
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .consultations import AboutWish, end_agreed, end_consultation, say_who_as

SUBJECT, SHEET = "consultation", "stocktaking"
OVER_WORDS = "台帳の記載から、終わっていることを確かめました。"
TAKEN = "この相談は、ほかの職員がすでに棚卸ししています。画面を開き直してください。"
WHO_FIRST = "この行には「同じ方かもしれない」候補があります。先に、だれのことかを決めてください。"


@dataclass(frozen=True)
class Settled:
    """What a worker found about one row. `kind` counts for 続いている, `words` for all."""

    consultation_id: int
    answer: StocktakingAnswer
    kind: str = ""
    words: str = ""


def settle_row(settled: Settled, *, office_ids: Sequence[int], by: Worker, at: datetime) -> None:
    """続いている · 分からない · つないだが結果が分からない: done at once, by one. 終わっていた goes on a sheet (`ask_sheet`).

    Raises Refused when somebody was first, when who it is about is still asked, or for another office's row.
    """
    refuse_my_number(settled.words, "ことば", "words")
    locked, held = _locked(settled.consultation_id, office_ids)
    if settled.answer == StocktakingAnswer.OVER:
        raise Refused("「終わっていた」は、まとめてもう一人に確認してもらいます。")
    if settled.answer == StocktakingAnswer.UNKNOWN:
        _to_triage(locked, held, by=by, at=at)
    else:
        _to_concern(locked, held, settled, by=by, at=at)
    record(
        "stocktaking.settled",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"answer": str(settled.answer), "kind": settled.kind},
    )


def ask_sheet(
    rows: Sequence[Settled], *, office_id: int, second: int | None = None, by: Worker, at: datetime
) -> StocktakingSheet:
    """Up to fifty rows that had ended go to a second person; until they agree, each stays held as before (H11).

    `second`: the worker asked, else a manager of the office, else a colleague. Raises Refused.
    """
    check_batch(StocktakingAnswer.OVER, len(rows), second_agreed=True)
    for one in sorted(rows, key=lambda row: row.consultation_id):
        refuse_my_number(one.words, "ことば", "words")
        _locked(one.consultation_id, (office_id,))
    helper = _second_person(office_id, second, by=by)
    sheet = StocktakingSheet.objects.create(
        office_id=office_id,
        asked_by=by,
        asked_at=at,
        answers=[
            {"consultation": one.consultation_id, "answer": str(one.answer), "words": one.words.strip()[:300]}
            for one in rows
        ],
    )
    promise(
        PromiseKind.SECOND_PERSON,
        f"棚卸しで「終わっていた」とした{len(rows)}件を確かめる",
        subject_kind=SHEET,
        subject_id=sheet.pk,
        office_id=office_id,
        worker_id=helper,
        due_on=calendar_of(office_id, helper).add(day_of(at), 3),
        by=by,
        at=at,
    )
    record(
        "stocktaking.asked",
        subject_kind=SHEET,
        subject_id=sheet.pk,
        by=by.pk,
        at=at,
        detail={"count": len(rows), "helper": helper},
    )
    tell([helper], "棚卸しの確認を頼まれています。", _address(sheet), kind="second", at=at)
    return sheet


def agree_sheet(sheet: StocktakingSheet, *, by: Worker, at: datetime) -> int:
    """Another worker agrees: every row still open ends as 移行時に確認, with the old row as evidence. How many ended."""
    locked = _waiting(sheet, by)
    locked.agreed_by, locked.agreed_at = by, at
    locked.save(update_fields=["agreed_by", "agreed_at"])
    asker = Worker.objects.get(pk=locked.asked_by_id)
    ids = [one["consultation"] for one in locked.answers]
    still_open = set(
        Consultation.objects.filter(pk__in=ids, outcome="").order_by().values_list("pk", flat=True)
    )
    for one in locked.answers:
        if one["consultation"] in still_open:
            end_agreed(
                one["consultation"],
                outcome=ConsultationOutcome.CHECKED_ON_IMPORT,
                words=one["words"] or OVER_WORDS,
                by=asker,
                second=by.pk,
                at=at,
            )
    _answered(locked, "stocktaking.agreed", by=by, at=at)
    tell([locked.asked_by_id], "棚卸しの確認に同意がありました。", _address(locked), kind="second", at=at)
    return len(still_open)


def send_back_sheet(sheet: StocktakingSheet, *, words: str, by: Worker, at: datetime) -> None:
    """Not agreed: the rows go back to the list with the words why; nothing of what was answered is lost."""
    if not words.strip():
        raise Refused("同意できないわけを書いてください。頼んだ人に伝わります。", field="words")
    refuse_my_number(words, "わけ", "words")
    locked = _waiting(sheet, by)
    locked.sent_back_at, locked.sent_back_words = at, words.strip()[:300]
    locked.save(update_fields=["sent_back_at", "sent_back_words"])
    _answered(locked, "stocktaking.sent_back", by=by, at=at)
    tell([locked.asked_by_id], "棚卸しの確認が戻ってきました。", _address(locked), kind="second", at=at)


# -- pieces --------------------------------------------------------------------------------------------


def _address(sheet: StocktakingSheet) -> str:
    return f"/uketsuke/tana-oroshi/sheets/{sheet.pk}/"


def _locked(consultation_id: int, office_ids: Sequence[int]) -> tuple[Consultation, Promise]:
    locked = (
        Consultation.objects.select_for_update()
        .filter(pk=consultation_id, office_id__in=office_ids, run__isnull=False)
        .first()
    )
    held = (
        Promise.objects.select_for_update()
        .filter(subject_kind=SUBJECT, subject_id=consultation_id, kind=PromiseKind.STOCKTAKING, is_open=True)
        .order_by("pk")
        .first()
    )
    if (
        locked is None
        or held is None
        or locked.outcome
        or locked.pk in awaiting_agreement([locked.office_id])
    ):
        raise Refused(TAKEN)
    return locked, held


def _to_triage(locked: Consultation, held: Promise, *, by: Worker, at: datetime) -> None:
    """Nobody knows: it is sorted out like a consultation that came today (its own hour was long ago)."""
    withdraw_promise(held, by=by, at=at, reason="棚卸し: 分からないので整理に戻した")
    urgency = Urgency(locked.urgency or Urgency.LOW)
    promise(
        PromiseKind.TRIAGE,
        "棚卸しで分からなかった相談を整理して、どうするかを決める",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        party_id=locked.party_id,
        office_id=locked.office_id,
        worker_id=_holder(held, by),
        due_on=consultation_due(
            urgency,
            came_at=at,
            on=day_of(at),
            calendar=calendar_of(locked.office_id),
            settings=city_settings(),
        ),
        urgency=urgency,
        weight=held.weight,
        previous=held,
        by=by,
        at=at,
    )


def _to_concern(locked: Consultation, held: Promise, settled: Settled, *, by: Worker, at: datetime) -> None:
    kinds = kinds_for(settled.answer)
    kind = HoldKind(settled.kind) if settled.kind in HoldKind.values() else kinds[0]
    if kind not in kinds:
        raise Refused(f"「{settled.answer.label}」のときに「{kind.label}」は選べません。", field="kind")
    if locked.party_id is None:
        if LinkProposal.objects.filter(consultation_id=locked.pk, state=ProposalState.OPEN).exists():
            raise Refused(WHO_FIRST, field="who")
        say_who_as(
            locked, AboutWish(unknown=True, words=locked.about_words or "台帳に名前なし"), by=by, at=at
        )
        locked.refresh_from_db()
    assert locked.party_id is not None
    concern = open_concern(
        locked.party_id,
        office_id=locked.office_id,
        worker_id=_holder(held, by),
        by=by,
        at=at,
        codes=sorted(locked.worries),
        description=settled.words.strip() or _first_words(locked.words),
        urgency=locked.urgency or Urgency.LOW,
        kind=kind,
        noticed_by=locked.caller_kind,
        # Its first action was due years ago; what is promised now counts from the day somebody looked.
        came_at=at,
        source_kind=SUBJECT,
        source_id=locked.pk,
        imported=True,
    )
    end_consultation(
        locked,
        outcome=ConsultationOutcome.REFERRED
        if settled.answer == StocktakingAnswer.REFERRED_WITHOUT_RESULT
        else ConsultationOutcome.NEW_CONCERN,
        became=[concern.pk],
        by=by,
        at=at,
    )


def _holder(held: Promise, by: Worker) -> int:
    """Whoever the ledger names goes on; if they may not hold any more, whoever looked."""
    return held.worker_id if may_hold_in(held.worker_id, held.office_id) else by.pk


def _first_words(words: str) -> str:
    plain = words.strip() or "移行した相談(内容の記載なし)"
    return plain if len(plain) <= 500 else plain[:499] + "…"


def _second_person(office_id: int, second: int | None, *, by: Worker) -> int:
    if second is not None:
        if second == by.pk:
            raise Refused("二人目には、自分以外の職員を選んでください。", field="second")
        if not may_hold_in(second, office_id):
            raise Refused("二人目には、同じ機関に今いる職員を選んでください。", field="second")
        return second
    for helper in (*managers_of(office_id), *(card.id for card in workers_of([office_id]))):
        if helper != by.pk and may_hold_in(helper, office_id):
            return helper
    raise Refused(
        "確認できる職員がこの機関にほかにいません。管理者に、機関の職員を登録してもらってください。",
        field="second",
    )


def _waiting(sheet: StocktakingSheet, by: Worker) -> StocktakingSheet:
    locked = StocktakingSheet.objects.select_for_update().get(pk=sheet.pk)
    if locked.agreed_at is not None or locked.sent_back_at is not None:
        raise Refused("この確認は、すでに答えがあります。")
    if locked.asked_by_id == by.pk:
        raise Refused("二人目の確認は、答えた人とは別の職員がしてください。")
    return locked


def _answered(locked: StocktakingSheet, action: str, *, by: Worker, at: datetime) -> None:
    keep_promises_of(SHEET, locked.pk, (PromiseKind.SECOND_PERSON,), by=by, at=at)
    record(
        action,
        subject_kind=SHEET,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"count": len(locked.answers)},
    )
