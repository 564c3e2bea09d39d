"""終結: the file is closed, its plan ends, and somebody promises to look again after the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import main_office_id, may_hold_in
from tsunagi.cases.actions import close_case, set_stage
from tsunagi.cases.models import Case
from tsunagi.cases.rules import Stage
from tsunagi.holding.actions import keep_promise, pass_promise, promise, withdraw_promise
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.journal.actions import record
from tsunagi.people.rules import SUPPORTING_FACETS
from tsunagi.plans.models import FollowUp, Plan, Role
from tsunagi.plans.rules import (
    PREPARED,
    FollowUpResult,
    PlanDeed,
    PlanState,
    RoleState,
    check_follow_up_day,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .pieces import FOLLOW_UP, PLAN, ROLE, moved, open_promise, refuse_numbers

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class Look:
    """A look after the end: when, and at what."""

    due_on: date
    what: str = ""


def end_case(
    case: Case,
    *,
    main_office: str = "",
    no_main_reason: str = "",
    words: str = "",
    looks: Sequence[Look] = (),
    worker_id: int | None = None,
    by: Worker,
    at: datetime,
) -> Case:
    """Close the file with its plan (H9): who stays reachable, and on which days somebody looks again.

    `looks` become promises of `worker_id` (default: the file's worker), who may read the file until the last is kept;
    the file is フォローアップ中 as long. Raises Refused as `cases.close_case` does, and for roles that are still open.
    """
    refuse_numbers({"words": ("終結のまとめ", words), "main_office": ("主担当", main_office)})
    for look in looks:
        check_follow_up_day(look.due_on, today=day_of(at))
    closed = close_case(
        case, by=by, at=at, main_office=main_office, no_main_reason=no_main_reason, words=words,
        stage=Stage.FOLLOWING if looks else Stage.CLOSED,
    )  # fmt: skip
    holder = worker_id or closed.worker_id
    if looks and not may_hold_in(holder, closed.office_id):
        raise Refused("フォローアップをする職員を選んでください。この機関に今いる職員です。", field="worker")
    for look in looks:
        _promise_look(closed, look, worker_id=holder, by=by, at=at)
    return closed


def end_with_case(case_id: int, *, by_id: int, at: datetime) -> None:
    """The file is being closed: its plan ends with it. Raises Refused while somebody still has a role in it."""
    by = WorkerModel.objects.get(pk=by_id)
    for plan in (
        Plan.objects.select_for_update().filter(case_id=case_id, ended_at__isnull=True).order_by("pk")
    ):
        if PlanState(plan.state) in PREPARED:
            moved(
                plan, PlanDeed.WITHDRAW, by=by, at=at, ended_at=at, ended_by=by, end_reason="支援が終結した"
            )
            continue
        left = plan.roles.filter(state=RoleState.OPEN).count()
        if left:
            raise Refused(
                f"プランに、まだ終わっていない役割が{left}件あります。プランの画面で「済んだ」か「取りやめる」を記録してから終結してください。"
            )
        withdraw_promise(open_promise(PLAN, plan.pk), by=by, at=at, reason="支援が終結した")
        moved(plan, PlanDeed.EVALUATE, by=by, at=at, ended_at=at, ended_by=by, end_reason="支援が終結した")


def write_follow_up(
    follow_up: FollowUp,
    *,
    result: str,
    words: str,
    done_on: date,
    next_on: date | None = None,
    by: Worker,
    at: datetime,
) -> FollowUp | None:
    """Write how it is some time after the end. Unless all is well somebody looks again on another day (returned).

    When the last look is kept the file is 完了.
    """
    refuse_numbers({"words": ("ようす", words)})
    locked = FollowUp.objects.select_for_update().select_related("case").get(pk=follow_up.pk)
    if locked.done_at is not None:
        raise Refused("このフォローアップは、もう書かれています。画面を開き直してください。")
    if done_on > day_of(at):
        raise Refused("まだ来ていない日です。見た日を入れてください。", field="done_on")
    said = FollowUpResult(result)
    if said != FollowUpResult.FINE and next_on is None:
        raise Refused(
            "もう一度みる日を入れてください。困りごとが戻っていれば、その前に「支援を再開する」も選べます。",
            field="next_on",
        )
    if next_on is not None:
        check_follow_up_day(next_on, today=day_of(at))
    kept = open_promise(FOLLOW_UP, locked.pk)
    FollowUp.objects.filter(pk=locked.pk).update(
        result=said, words=words.strip(), done_on=done_on, done_at=at, done_by=by
    )
    another = None
    if next_on is not None:
        # The next look is promised before this one is kept, so that who may read the file may go on reading it.
        another = _promise_look(
            locked.case, Look(next_on, locked.what), worker_id=kept.worker_id, by=by, at=at, previous=kept
        )
    keep_promise(kept, by=by, at=at)
    case = Case.objects.get(pk=locked.case_id)
    if (
        case.stage == Stage.FOLLOWING
        and not FollowUp.objects.filter(case=case, done_at__isnull=True).exists()
    ):
        set_stage(case, Stage.DONE, by=by, at=at)
    record(
        "plan.followed_up", subject_kind="case", subject_id=locked.case_id, by=by.pk, at=at,
        detail={"follow_up": locked.pk, "result": said.value},
    )  # fmt: skip
    return another


def _promise_look(
    case: Case, look: Look, *, worker_id: int, by: Worker, at: datetime, previous: Promise | None = None
) -> FollowUp:
    made = FollowUp.objects.create(
        case=case, due_on=look.due_on, what=look.what.strip()[:200], made_at=at, made_by=by
    )
    office_id = previous.office_id if previous else case.office_id
    if not may_hold_in(worker_id, office_id):
        office_id = main_office_id(by) or office_id
        worker_id = by.pk
    promise(
        PromiseKind.FOLLOW_UP,
        look.what.strip() or "終結後のフォローアップ",
        subject_kind=FOLLOW_UP,
        subject_id=made.pk,
        party_id=case.party_id,
        office_id=office_id,
        worker_id=worker_id,
        due_on=look.due_on,
        by=by,
        at=at,
        previous=previous,
        facets=SUPPORTING_FACETS,
    )
    return made


def go_with_the_file(case_id: int, party_id: int, *, by_id: int, at: datetime) -> int:
    """The file goes on on another record: what was promised for it goes along, by the same workers until the same days."""
    by = WorkerModel.objects.get(pk=by_id)
    roles = Role.objects.filter(plan__case_id=case_id)
    about = (
        (PLAN, [plan.pk for plan in Plan.objects.filter(case_id=case_id)]),
        (ROLE, [role.pk for role in roles]),
        (FOLLOW_UP, [look.pk for look in FollowUp.objects.filter(case_id=case_id)]),
    )
    passed = 0
    for kind, numbers in about:
        for kept in Promise.objects.filter(subject_kind=kind, subject_id__in=numbers, is_open=True).order_by(
            "pk"
        ):
            pass_promise(
                kept, worker_id=kept.worker_id, by=by, at=at, reason="別の方の記録へ移した", party_id=party_id
            )
            passed += 1
    return passed
