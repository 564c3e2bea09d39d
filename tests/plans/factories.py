"""Plans for tests, by meaning: `a_draft(case, worker)`, `a_plan_in_force(case, worker)`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, office_of
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import open_case
from tsunagi.cases.models import Case
from tsunagi.plans.actions import (
    GoalWish,
    MonitoringWish,
    PlanWish,
    RoleWish,
    begin,
    decide,
    new_plan,
    record_consent,
    record_monitoring,
    write_plan,
    write_roles,
)
from tsunagi.plans.models import Monitoring, Plan


def a_case(worker: Worker, *, at: datetime = NOW, **concern: Any) -> Case:
    """A file of a mother and her son, with one concern this worker holds."""
    household = a_household(a_person("森田 ハル"), a_person("森田 健一"), label="森田さんの世帯")
    held = a_concern(held_by=worker, of=household, at=at, **concern)
    opened = open_case(household.pk, by=worker, at=at, title="8050の世帯", concern_ids=[held.pk])
    connection.check_constraints()
    return opened


def a_wish(**changed: Any) -> PlanWish:
    """What a whole plan says."""
    said: dict[str, Any] = {
        "wish_person": "家で暮らしつづけたい",
        "wish_family": "息子に外へ出てほしい",
        "situation": "家賃を4か月滞納している。息子は6年、部屋から出ていない。",
        "services": ["outreach", "budgeting"],
        "emergency": "連絡が3日とれないときは、娘に電話する",
        "sharing": "この表に名前のある機関",
        "ending_sign": "家賃が払え、息子に話し相手がいる",
        "from_on": TODAY,
        "until_on": date(2026, 12, 8),
        "monitor_on": date(2026, 9, 9),
    }
    return PlanWish(**(said | changed))


GOALS = (GoalWish("long", "家で暮らしつづける"), GoalWish("short", "家賃の払い方を決める"))


def a_role(worker: Worker, what: str = "家計を一緒に書き出す", **changed: Any) -> RoleWish:
    """A row that this worker answers for."""
    said: dict[str, Any] = {
        "what": what,
        "worker_id": worker.pk,
        "office_id": office_of(worker).pk,
        "due_on": TODAY + timedelta(days=14),
        "often": "月1回",
        "how_known": "家計の表",
    }
    return RoleWish(**(said | changed))


def a_draft(
    case: Case,
    worker: Worker,
    *,
    roles: Sequence[RoleWish] | None = None,
    goals: Sequence[GoalWish] = GOALS,
    at: datetime = NOW,
    **wish: Any,
) -> Plan:
    """A plan that is written and not yet agreed to."""
    plan = new_plan(case, by=worker, at=at)
    plan = write_plan(plan, a_wish(**wish), goals, revision=plan.revision, by=worker, at=at)
    rows = roles if roles is not None else (a_role(worker), a_role(worker, "息子に手紙を書く", due_on=TODAY))
    plan = write_roles(plan, rows, revision=plan.revision, by=worker, at=at)
    connection.check_constraints()
    return plan


def agreed(plan: Plan, worker: Worker, *, at: datetime = NOW) -> Plan:
    """The person said yes."""
    plan.refresh_from_db()
    record_consent(
        plan, explained_on=TODAY, agreed_by="person", way="oral", revision=plan.revision, by=worker, at=at
    )
    plan.refresh_from_db()
    return plan


def decided(plan: Plan, worker: Worker, *, at: datetime = NOW) -> Plan:
    """Agreed to and decided without a meeting."""
    agreed(plan, worker, at=at)
    return decide(plan, decided_on=TODAY, decided_by="福祉課長", no_meeting="one_office", by=worker, at=at)


def a_plan_in_force(case: Case, worker: Worker, *, at: datetime = NOW, **more: Any) -> Plan:
    """A plan that runs, its roles promised."""
    plan = begin(decided(a_draft(case, worker, at=at, **more), worker, at=at), by=worker, at=at)
    connection.check_constraints()
    return plan


def monitored(
    plan: Plan, worker: Worker, decision: str = "continue", *, at: datetime = NOW, **more: Any
) -> Monitoring:
    """One look at the plan."""
    plan.refresh_from_db()
    said: dict[str, Any] = {
        "on": TODAY,
        "next_on": TODAY + timedelta(days=60),
        "persons_view": "better",
        "persons_words": "少し息がつけた",
    }
    entry = record_monitoring(
        plan, MonitoringWish(decision=decision, **(said | more)), revision=plan.revision, by=worker, at=at
    )
    connection.check_constraints()
    return entry
