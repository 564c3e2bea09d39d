"""What the deeds of a plan share: locks, the journal, the stage of the file, the open promise of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.cases.actions import set_stage
from tsunagi.cases.models import Case
from tsunagi.cases.rules import CaseState, Stage
from tsunagi.holding.actions import Stale, promise
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.journal.actions import record
from tsunagi.people.rules import REFERRAL_FACETS, Facet
from tsunagi.plans.models import Plan, Role
from tsunagi.plans.rules import PlanDeed, PlanFacts, next_state, way_to
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PLAN, ROLE, FOLLOW_UP = "plan", "plan_role", "follow_up"
"""`subject_kind` of the promises in holding: the next monitoring of a plan, a row of its roles, a look after the end."""

ROLE_FACETS = (*REFERRAL_FACETS, Facet.PLAN.value)
"""What a role opens for the office that has it: whose it is, the household, what it is about, and the plan."""


class StalePlan(Stale):
    """Somebody else saved first. `rows` are (what, theirs, yours); `revision` is the one that is stored now."""

    def __init__(self, rows: Sequence[tuple[str, str, str]], revision: int) -> None:
        super().__init__(
            "開いている間に、ほかの人がこのプランを書きました。両方を見くらべて、残すほうで保存してください。あなたの文は下に残っています。"
        )
        self.rows = tuple(row for row in rows if row[1] != row[2])
        self.revision = revision


def locked_plan(plan: Plan | int) -> Plan:
    """The plan under lock, with its file at hand."""
    return (
        Plan.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=plan if isinstance(plan, int) else plan.pk)
    )


def open_case(case_id: int) -> Case:
    """The file under lock. Raises Refused when it is closed."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state == CaseState.CLOSED:
        raise Refused("この支援は終結しています。続けるときは、先に「再開する」を押してください。")
    return case


def moved(plan: Plan, deed: PlanDeed, *, by: Worker, at: datetime, **fields: object) -> None:
    """Bring the plan into the state the deed leads to, with what else changes; the revision goes up."""
    before = plan.state
    plan.state = next_state(plan.state, deed).value
    saved(plan, **fields)
    journal(f"plan.{deed.value}", plan, by=by, at=at, **({"from": before} if before != plan.state else {}))


def saved(plan: Plan, **fields: object) -> None:
    """Store what changed, one revision on."""
    for name, value in fields.items():
        setattr(plan, name, value)
    plan.revision += 1
    plan.save(update_fields=[*fields, "state", "revision"])


def go(case: Case | int, stage: Stage, *, by: Worker, at: datetime) -> None:
    """Bring the file to a stage, step by step where there is no straight way; a file that is elsewhere stays there."""
    now = Stage(Case.objects.get(pk=case if isinstance(case, int) else case.pk).stage)
    for step in way_to(now, stage):
        set_stage(case, step, by=by, at=at)


def facts_of(plan: Plan) -> PlanFacts:
    """What the plan has, for the rules."""
    return PlanFacts(
        goals=plan.goals.count(),
        roles=plan.roles.count(),
        from_on=plan.from_on,
        until_on=plan.until_on,
        monitor_on=plan.monitor_on,
        agreed=plan.frozen_at is not None,
    )


def result_of(plan: Plan) -> str:
    """What the last meeting said of it; "" before one did."""
    found: str | None = plan.conferences.order_by("-id").values_list("result", flat=True).first()
    return found or ""


def open_promise(subject_kind: str, subject_id: int) -> Promise:
    """The promise that answers for it. Raises Refused when it has none: then it is over."""
    found = (
        Promise.objects.select_for_update()
        .filter(subject_kind=subject_kind, subject_id=subject_id, is_open=True)
        .first()
    )
    if found is None:
        raise Refused("ほかの人が先に記録しました。画面を開き直して、いまのようすを確かめてください。")
    return found


def promise_role(role: Role, *, by: Worker, at: datetime, previous: Promise | None = None) -> Promise:
    """Somebody answers for this row from now on; its office may see the plan meanwhile."""
    return promise(
        PromiseKind.PLAN_ROLE,
        role.what[:300],
        subject_kind=ROLE,
        subject_id=role.pk,
        party_id=role.plan.case.party_id,
        office_id=role.office_id,
        worker_id=role.worker_id,
        due_on=role.due_on,
        by=by,
        at=at,
        previous=previous,
        facets=ROLE_FACETS,
    )


def promise_monitoring(
    plan: Plan,
    due_on: date,
    *,
    office_id: int,
    worker_id: int,
    by: Worker,
    at: datetime,
    previous: Promise | None = None,
) -> Promise:
    """Somebody looks at the plan again on this day: so it is never forgotten."""
    return promise(
        PromiseKind.MONITORING,
        "プランのモニタリング",
        subject_kind=PLAN,
        subject_id=plan.pk,
        party_id=plan.case.party_id,
        office_id=office_id,
        worker_id=worker_id,
        due_on=due_on,
        by=by,
        at=at,
        previous=previous,
        facets=ROLE_FACETS,
    )


def refuse_numbers(texts: Mapping[str, tuple[str, str]]) -> None:
    """Refuse a 個人番号 in any of these: field → (label, text)."""
    for field, (label, text) in texts.items():
        refuse_my_number(text, label, field)


def journal(action: str, plan: Plan, *, by: Worker, at: datetime, **detail: object) -> None:
    """One line of the journal, by numbers."""
    record(
        action, subject_kind=PLAN, subject_id=plan.pk, by=by.pk, at=at,
        detail={"case": plan.case_id, "number": plan.number, "version": plan.version, "state": plan.state, **detail},
    )  # fmt: skip
