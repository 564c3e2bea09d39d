"""A row of the role table while it runs: done, going on, given to another worker, stopped."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import may_hold_in
from tsunagi.holding.actions import keep_promise, pass_promise, withdraw_promise
from tsunagi.notices.actions import tell
from tsunagi.plans.models import Plan, Role, RoleNote
from tsunagi.plans.queries.choices import answering
from tsunagi.plans.rules import RoleDeed, RoleState, check_role_day
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .pieces import ROLE, journal, locked_plan, open_promise, promise_role, refuse_numbers

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

STALE = "この役割は、ほかの人が先に記録しました。画面を開き直して、いまのようすを確かめてください。あなたの文は下に残っています。"


def say_of_role(
    role: Role,
    deed: str,
    *,
    words: str = "",
    due_on: date | None = None,
    worker_id: int | None = None,
    office_id: int | None = None,
    known_promise: int | None = None,
    by: Worker,
    at: datetime,
) -> Role:
    """Say what became of a row: 済んだ, 続ける until another day, another worker answers, 取りやめる with the reason.

    `known_promise`: the promise the form was opened on; Refused when the row was moved meanwhile.
    """
    refuse_numbers({"words": ("ようす", words)})
    plan = locked_plan(role.plan_id)
    locked = Role.objects.select_for_update().get(pk=role.pk)
    if locked.state != RoleState.OPEN:
        raise Refused(f"この役割は「{RoleState(locked.state).label}」です。画面を開き直してください。")
    kept = open_promise(ROLE, locked.pk)
    if known_promise is not None and known_promise != kept.pk:
        raise Refused(STALE)
    said = RoleDeed(deed)
    if said == RoleDeed.GO_ON:
        _go_on(locked, plan, due_on, by=by, at=at)
    elif said == RoleDeed.PASS:
        _pass(locked, plan, worker_id, office_id, due_on, by=by, at=at)
    else:
        _settle(locked, said, words, by=by, at=at)
    RoleNote.objects.create(
        role=locked, deed=said, words=words.strip()[:500], due_on=due_on,
        worker_id=worker_id if said == RoleDeed.PASS else None, at=at, by=by,
    )  # fmt: skip
    journal("plan.role", plan, by=by, at=at, role=locked.pk, deed=said.value)
    return locked


def stop_roles(plan: Plan, *, reason: str, by: Worker, at: datetime) -> int:
    """Stop every row that is still open, with one reason; how many there were."""
    refuse_numbers({"words": ("わけ", reason)})
    if not reason.strip():
        raise Refused("取りやめるわけを書いてください。", field="words")
    rows = list(locked_plan(plan).roles.filter(state=RoleState.OPEN))
    for role in rows:
        say_of_role(role, RoleDeed.STOP, words=reason, by=by, at=at)
    return len(rows)


def _go_on(role: Role, plan: Plan, due_on: date | None, *, by: Worker, at: datetime) -> None:
    check_role_day(due_on, today=day_of(at))
    if due_on is None or due_on <= day_of(at):
        raise Refused("次に確かめる日は、きょうより後の日にしてください。", field="due_on")
    kept = open_promise(ROLE, role.pk)
    keep_promise(kept, by=by, at=at)
    role.plan, role.due_on = plan, due_on
    role.office_id, role.worker_id = kept.office_id, kept.worker_id
    promise_role(role, by=by, at=at, previous=kept)


def _pass(
    role: Role,
    plan: Plan,
    worker_id: int | None,
    office_id: int | None,
    due_on: date | None,
    *,
    by: Worker,
    at: datetime,
) -> None:
    kept = open_promise(ROLE, role.pk)
    if worker_id is None or office_id is None:
        raise Refused("次に答える職員を選んでください。", field="worker")
    offered = {(worker, office) for worker, office, _label in answering(plan.case)}
    if (worker_id, office_id) not in offered or not may_hold_in(worker_id, office_id):
        raise Refused("この方に関わっている機関の職員から選んでください。", field="worker")
    if (worker_id, office_id) == (kept.worker_id, kept.office_id):
        raise Refused("いま答えている職員です。別の職員を選んでください。", field="worker")
    if due_on is not None:
        check_role_day(due_on, today=day_of(at))
    pass_promise(
        kept, worker_id=worker_id, office_id=office_id, due_on=due_on, by=by, at=at, reason="役割の引き継ぎ"
    )
    tell(
        {worker_id} - {by.pk}, "プランの役割を引き継ぎました。", f"/plans/role/{role.pk}/", kind="plan", at=at
    )


def _settle(role: Role, said: RoleDeed, words: str, *, by: Worker, at: datetime) -> None:
    kept = open_promise(ROLE, role.pk)
    if said == RoleDeed.STOP:
        if not words.strip():
            raise Refused("取りやめるわけを書いてください。", field="words")
        withdraw_promise(kept, by=by, at=at, reason="役割を取りやめた")
    else:
        keep_promise(kept, by=by, at=at)
    role.state = RoleState.STOPPED if said == RoleDeed.STOP else RoleState.DONE
    role.settled_at, role.settled_by, role.settled_words = at, by, words.strip()[:300]
    role.save(update_fields=["state", "settled_at", "settled_by", "settled_words"])
