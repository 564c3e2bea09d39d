"""The plan is looked at: how far each goal came, what the person says, what is decided; 就労 and 増収 as events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import main_office_id
from tsunagi.cases.actions import set_plan_days
from tsunagi.cases.models import Case
from tsunagi.cases.rules import Stage
from tsunagi.codes import queries as codes
from tsunagi.holding.actions import keep_promise
from tsunagi.holding.models import Promise
from tsunagi.journal.actions import record
from tsunagi.people.queries import members_of
from tsunagi.plans.models import GoalResult, Monitoring, Plan, RoleResult, WorkEvent
from tsunagi.plans.rules import (
    STAGE_AFTER,
    Attainment,
    MonitorDecision,
    PersonsView,
    PlanDeed,
    check_next_day,
    next_state,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .pieces import (
    PLAN,
    ROLE,
    StalePlan,
    go,
    journal,
    locked_plan,
    open_case,
    open_promise,
    promise_monitoring,
    refuse_numbers,
    saved,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class MonitoringWish:
    """One look at the plan, as it is typed. `goals`: number → (達成状況, わけ); `roles`: number → ようす."""

    on: date
    decision: str
    next_on: date | None
    persons_view: str = PersonsView.UNASKED
    persons_words: str = ""
    opinion: str = ""
    left_over: str = ""
    decision_words: str = ""
    changes: Sequence[str] = ()
    is_evaluation: bool = False
    goals: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    roles: Mapping[int, str] = field(default_factory=dict)


def record_monitoring(
    plan: Plan,
    wish: MonitoringWish,
    *,
    revision: int,
    by: Worker,
    at: datetime,
    corrects: Monitoring | None = None,
) -> Monitoring:
    """Write down how the plan goes and what is decided; the next day is promised in the same deed, whatever the decision.

    The file goes over モニタリング to 支援中, 再プラン, 終結協議 or 中断. `corrects`: the entry this one is written instead
    of; it stays, marked. Raises StalePlan when somebody wrote one meanwhile; Refused for a day that has not come, for
    goals an evaluation leaves out, for no next day.
    """
    _refuse_numbers(wish)
    locked = locked_plan(plan)
    next_state(locked.state, PlanDeed.MONITOR)
    case = open_case(locked.case_id)
    if locked.revision != revision:
        raise StalePlan(_differences(locked, wish), locked.revision)
    today, decision = day_of(at), MonitorDecision(wish.decision)
    if wish.on > today:
        raise Refused("まだ来ていない日です。モニタリングをした日を入れてください。", field="on")
    if wish.is_evaluation and decision == MonitorDecision.CONTINUE:
        raise Refused(
            "評価のときは、再プラン・終結・中断のどれかを選んでください。このまま続けるなら「評価」の印を外します。",
            field="decision",
        )
    check_next_day(wish.next_on, today=today, decision_ends=decision == MonitorDecision.CLOSE)
    goals = {goal.pk: goal for goal in locked.goals.all()}
    judged = {pk: (value, why) for pk, (value, why) in wish.goals.items() if value and pk in goals}
    if wish.is_evaluation and len(judged) < len(goals):
        raise Refused("評価では、すべての目標の達成状況を選んでください。")
    _check_correction(locked, corrects)
    if wish.next_on is None:  # check_next_day has refused it
        raise Refused("次の日を入れてください。", field="next_on")
    entry = Monitoring.objects.create(
        plan=locked, on=wish.on, is_evaluation=wish.is_evaluation, persons_view=PersonsView(wish.persons_view),
        persons_words=wish.persons_words.strip(), opinion=wish.opinion.strip(), left_over=wish.left_over.strip(),
        changes=_offered(wish.changes), decision=decision, decision_words=wish.decision_words.strip(), next_on=wish.next_on,
        office_id=main_office_id(by) or case.office_id, recorded_at=at, recorded_by=by, corrects=corrects,
    )  # fmt: skip
    GoalResult.objects.bulk_create(
        GoalResult(monitoring=entry, goal=goals[pk], attainment=Attainment(value), reason=why.strip())
        for pk, (value, why) in judged.items()
    )
    _note_roles(entry, locked, wish.roles)
    kept = open_promise(PLAN, locked.pk)
    keep_promise(kept, by=by, at=at)
    promise_monitoring(
        locked, wish.next_on, office_id=kept.office_id, worker_id=kept.worker_id, by=by, at=at, previous=kept
    )
    saved(locked)
    go(case, Stage.MONITORING, by=by, at=at)
    go(case, STAGE_AFTER[decision], by=by, at=at)
    set_plan_days(case, plan_until=locked.until_on, review_on=wish.next_on)
    journal("plan.monitored", locked, by=by, at=at, monitoring=entry.pk, decision=decision.value)
    return entry


def _check_correction(plan: Plan, corrects: Monitoring | None) -> None:
    if corrects is None:
        return
    if corrects.plan_id != plan.pk:
        raise Refused("別のプランの記録は訂正できません。")
    if Monitoring.objects.filter(corrects=corrects).exists():
        raise Refused("この記録は、もう訂正されています。新しいほうを訂正してください。")


def _note_roles(entry: Monitoring, plan: Plan, words: Mapping[int, str]) -> None:
    """Every row as it stands on this day, so that the sheet can be read years later."""
    rows = list(plan.roles.all())
    days = dict(
        Promise.objects.filter(subject_kind=ROLE, subject_id__in=[role.pk for role in rows], is_open=True)
        .order_by("pk")
        .values_list("subject_id", "due_on")
    )
    RoleResult.objects.bulk_create(
        RoleResult(
            monitoring=entry,
            role=role,
            state=role.state,
            due_on=days.get(role.pk),
            words=words.get(role.pk, "").strip()[:300],
        )
        for role in rows
    )


def _offered(values: Sequence[str]) -> list[str]:
    offered = {code.value for code in codes.codes("seen_changes")}
    if set(values) - offered:
        raise Refused("選べない変化が入っています。画面を開き直してください。", field="changes")
    return list(dict.fromkeys(values))


def _refuse_numbers(wish: MonitoringWish) -> None:
    refuse_numbers(
        {
            "persons_words": ("本人のことば", wish.persons_words),
            "opinion": ("支援員の意見", wish.opinion),
            "left_over": ("残された課題", wish.left_over),
            "decision_words": ("判断のわけ", wish.decision_words),
        }
        | {f"goal_{pk}_reason": ("達成状況のわけ", why) for pk, (_value, why) in wish.goals.items()}
        | {f"role_{pk}": ("役割のようす", words) for pk, words in wish.roles.items()}
    )


def _differences(plan: Plan, wish: MonitoringWish) -> list[tuple[str, str, str]]:
    last = plan.monitorings.order_by("-id").first()
    if last is None:
        return []
    return [
        ("本人のことば", last.persons_words, wish.persons_words.strip()),
        ("支援員の意見", last.opinion, wish.opinion.strip()),
        ("残された課題", last.left_over, wish.left_over.strip()),
        ("判断", MonitorDecision(last.decision).label, MonitorDecision(wish.decision).label),
        ("次の日", str(last.next_on), str(wish.next_on or "")),
    ]


def record_event(
    case: Case,
    *,
    on: date,
    kind: str,
    person_id: int | None = None,
    is_target: bool = False,
    income_up: bool = False,
    amount: int | None = None,
    words: str = "",
    by: Worker,
    at: datetime,
) -> WorkEvent:
    """Record 就労 or 増収 on the day it happened: who, of which kind, 就労支援の対象か, how much more (optional)."""
    refuse_numbers({"words": ("ひとこと", words)})
    if on > day_of(at):
        raise Refused("まだ来ていない日です。始まった日を入れてください。", field="on")
    if kind not in {code.value for code in codes.codes("work_events")}:
        raise Refused("できごとの種類を選んでください。", field="kind")
    if person_id is not None and person_id not in (case.party_id, *members_of(case.party_id)):
        raise Refused("この世帯の方から選んでください。", field="person")
    if amount and not (income_up or kind == "income_up"):
        raise Refused("増えた額を入れたときは、「収入が増えた」にも印を付けてください。", field="income_up")
    event = WorkEvent.objects.create(
        case=case, person_id=person_id, on=on, kind=kind, is_target=is_target, income_up=income_up or kind == "income_up",
        amount=amount or None, words=words.strip()[:300], recorded_at=at, recorded_by=by,
    )  # fmt: skip
    record(
        "plan.event", subject_kind="case", subject_id=case.pk, by=by.pk, at=at,
        detail={"event": event.pk, "kind": kind, "on": on.isoformat()},
    )  # fmt: skip
    return event


def take_back_event(event: WorkEvent, *, reason: str, by: Worker, at: datetime) -> None:
    """Take back an event that was written by mistake; it stays, marked, and is counted no longer."""
    refuse_numbers({"reason": ("わけ", reason)})
    if not reason.strip():
        raise Refused("取り消すわけを書いてください。", field="reason")
    changed = WorkEvent.objects.filter(pk=event.pk, taken_back_at__isnull=True).update(
        taken_back_at=at, taken_back_by=by, taken_back_reason=reason.strip()[:200]
    )
    if changed:
        record(
            "plan.event_taken_back", subject_kind="case", subject_id=event.case_id, by=by.pk, at=at,
            detail={"event": event.pk},
        )  # fmt: skip
