"""A plan is agreed to, conferred on, decided, and comes into force."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.cases.actions import set_plan_days
from tsunagi.cases.models import Case
from tsunagi.cases.rules import Stage
from tsunagi.holding.actions import (
    ConsentBeside,
    consent_with_a_deed,
    keep_promise,
    promise,
    withdraw_promise,
)
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.rules import HoldKind, PromiseKind
from tsunagi.notices.actions import tell
from tsunagi.plans.models import Conference, Consent, Plan, Role
from tsunagi.plans.rules import (
    AgreedBy,
    ConsentWay,
    MeetingKind,
    MeetingResult,
    NoMeeting,
    PlanDeed,
    PlanState,
    RoleState,
    check_begin,
    check_complete,
    check_decide,
    next_state,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .pieces import (
    PLAN,
    ROLE,
    StalePlan,
    facts_of,
    go,
    journal,
    locked_plan,
    moved,
    open_case,
    open_promise,
    promise_monitoring,
    promise_role,
    refuse_numbers,
    result_of,
    saved,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def record_consent(
    plan: Plan,
    *,
    explained_on: date,
    agreed_by: str,
    way: str,
    name: str = "",
    scope: str = "",
    kept_where: str = "",
    words: str = "",
    sharing: ConsentBeside | None = None,
    revision: int,
    by: Worker,
    at: datetime,
) -> Consent:
    """Record who agreed, when it was explained, how, and where the signed paper is. From then on the plan is frozen.

    `revision` is that of the plan as it was shown: what was changed meanwhile was not what they agreed to (StalePlan).
    `sharing` is what the person answered about telling each other, written in the same deed.
    """
    refuse_numbers({"name": ("お名前・続柄", name), "scope": ("同意の範囲", scope), "words": ("ことば", words),
                    "kept_where": ("紙の保管場所", kept_where)})  # fmt: skip
    locked = locked_plan(plan)
    if locked.ended_at is not None:
        raise Refused("終わったプランには、同意を記録できません。")
    if locked.revision != revision:
        raise StalePlan((), locked.revision)
    if explained_on > day_of(at):
        raise Refused("まだ来ていない日です。説明した日を確かめてください。", field="explained_on")
    if AgreedBy(agreed_by) != AgreedBy.PERSON and not name.strip():
        raise Refused("本人以外が同意したときは、お名前と続柄を書いてください。", field="name")
    if ConsentWay(way) == ConsentWay.SIGNED and not kept_where.strip():
        raise Refused(
            "署名した紙をどこに保管したかを書いてください（例：相談室の鍵つき書庫）。", field="kept_where"
        )
    check_complete(facts_of(locked))
    consent = Consent.objects.create(
        plan=locked, explained_on=explained_on, agreed_by=AgreedBy(agreed_by), name=name.strip()[:120], way=ConsentWay(way),
        scope=scope.strip()[:300], kept_where=kept_where.strip()[:200], words=words.strip()[:500], recorded_at=at,
        recorded_by=by,
    )  # fmt: skip
    saved(locked, frozen_at=locked.frozen_at or at)
    if sharing is not None:
        consent_with_a_deed(sharing, office_id=locked.case.office_id, by=by, at=at)
    journal("plan.agreed", locked, by=by, at=at, agreed_by=consent.agreed_by, way=consent.way)
    return consent


def confer(plan: Plan, *, by: Worker, at: datetime) -> Plan:
    """Send the plan to a meeting: it waits there (会議協議待ち)."""
    locked = locked_plan(plan)
    open_case(locked.case_id)
    if locked.state == PlanState.DRAFT:
        check_complete(facts_of(locked))
    moved(locked, PlanDeed.CONFER, by=by, at=at)
    go(locked.case_id, Stage.CONFERRING, by=by, at=at)
    return locked


def record_conference(
    plan: Plan, *, held_on: date, kind: str, result: str, words: str = "", by: Worker, at: datetime
) -> Conference:
    """Record what the meeting said: 適切, 修正のうえ適切 (then it may be changed), 再検討 (then it is a draft again)."""
    refuse_numbers({"words": ("出た意見・直すところ", words)})
    locked = locked_plan(plan)
    said = MeetingResult(result)
    if held_on > day_of(at):
        raise Refused("まだ来ていない日です。開催日を確かめてください。", field="held_on")
    if said != MeetingResult.FIT and not words.strip():
        raise Refused("どこを直すか、なぜ再検討かを書いてください。", field="words")
    moved(locked, PlanDeed.MEET_AGAIN if said == MeetingResult.AGAIN else PlanDeed.MEET, by=by, at=at)
    told = Conference.objects.create(
        plan=locked, held_on=held_on, kind=MeetingKind(kind), result=said, words=words.strip(), recorded_at=at, recorded_by=by
    )  # fmt: skip
    if said == MeetingResult.AGAIN:
        go(locked.case_id, Stage.PLANNING, by=by, at=at)
    journal("plan.conferred", locked, by=by, at=at, result=said.value)
    return told


def decide(
    plan: Plan,
    *,
    decided_on: date,
    decided_by: str,
    no_meeting: str = "",
    words: str = "",
    by: Worker,
    at: datetime,
) -> Plan:
    """Record the city's decision: the day and who decided."""
    refuse_numbers({"decided_by": ("決定した人", decided_by), "words": ("ひとこと", words)})
    locked = locked_plan(plan)
    open_case(locked.case_id)
    if decided_on > day_of(at):
        raise Refused("まだ来ていない日です。決定の日を確かめてください。", field="decided_on")
    if not decided_by.strip():
        raise Refused("だれが決定したかを書いてください（例：福祉課長）。", field="decided_by")
    if locked.state in (PlanState.DRAFT, PlanState.CONFERRING):
        check_decide(locked.state, result=result_of(locked), no_meeting=no_meeting)
        check_complete(facts_of(locked))
    was_conferred = locked.state == PlanState.CONFERRING
    moved(
        locked, PlanDeed.DECIDE, by=by, at=at, decided_on=decided_on, decided_by_words=decided_by.strip()[:120],
        decision_words=words.strip()[:500], no_meeting="" if was_conferred else NoMeeting(no_meeting),
    )  # fmt: skip
    return locked


def begin(plan: Plan, *, by: Worker, at: datetime) -> Plan:
    """Bring a decided plan into force: every row of its role table becomes a promise, and so does the next monitoring.

    The plan that was in force until now ends in the same deed: its correction takes its place, or it was evaluated. A
    role that was copied goes on as the successor of its promise. Raises Refused for what is missing.
    """
    locked = locked_plan(plan)
    case = open_case(locked.case_id)
    next_state(locked.state, PlanDeed.BEGIN)
    check_begin(facts_of(locked))
    before = Plan.objects.select_for_update().filter(case=case, state=PlanState.RUNNING).first()
    promises = _end_the_one_before(before, locked, by=by, at=at) if before else {}
    moved(locked, PlanDeed.BEGIN, by=by, at=at, began_at=at)
    locked.roles.filter(state=RoleState.PREPARED).update(state=RoleState.OPEN)
    for role in locked.roles.filter(state=RoleState.OPEN).select_related("plan__case"):
        promise_role(role, by=by, at=at, previous=promises.get((ROLE, role.copied_from_id or 0)))
    monitor_on = locked.monitor_on
    if monitor_on is None:  # check_begin has refused it
        raise Refused("次のモニタリングの日を入れてください。")
    promise_monitoring(
        locked, monitor_on, office_id=case.office_id, worker_id=_who_monitors(case, locked), by=by, at=at,
        previous=promises.get((PLAN, before.pk)) if before else None,
    )  # fmt: skip
    _roles_are_agreed(case, locked, by=by, at=at)
    go(case, Stage.SUPPORTING, by=by, at=at)
    set_plan_days(case, plan_until=locked.until_on, review_on=monitor_on)
    who = set(locked.roles.values_list("worker_id", flat=True)) - {by.pk}
    tell(
        who,
        "プランの役割が始まりました。今日の画面で、することと期日を見てください。",
        "/",
        kind="plan",
        at=at,
    )
    return locked


def _who_monitors(case: Case, plan: Plan) -> int:
    """The file's worker; somebody who left since is followed by the worker who made the plan, else by whoever is there."""
    from tsunagi.accounts.queries import may_hold_in, someone_in

    for who in (case.worker_id, plan.worker_id):
        if may_hold_in(who, case.office_id):
            return who
    found = someone_in(case.office_id, besides=[], on=day_of(plan.began_at or plan.made_at))
    if found is None:
        raise Refused(
            "モニタリングを受け持てる職員が、この機関にいません。先に、機関の当番を決めてください。"
        )
    return found


def _end_the_one_before(
    before: Plan, plan: Plan, *, by: Worker, at: datetime
) -> dict[tuple[str, int], Promise]:
    """End the plan in force: {(kind, number): the promise its successor follows}."""
    is_correction = before.number == plan.number
    if not is_correction and not before.monitorings.exists():
        raise Refused(
            f"いま実施中の第{before.number}回のプランに、まだ評価がありません。先に、モニタリング・評価を書いてください。"
        )
    going_on = set(plan.roles.exclude(copied_from=None).values_list("copied_from_id", flat=True))
    found: dict[tuple[str, int], Promise] = {}
    left = [role.what for role in before.roles.filter(state=RoleState.OPEN) if role.pk not in going_on]
    if left:
        raise Refused(
            f"いまのプランに、まだ終わっていない役割があります：{'、'.join(what[:30] for what in left)}。"
            "「済んだ・取りやめる」を記録するか、新しいプランの役割に入れてください。"
        )
    for role in before.roles.filter(state=RoleState.OPEN):
        found[ROLE, role.pk] = _carry(role, by=by, at=at)
    kept = open_promise(PLAN, before.pk)
    withdraw_promise(kept, by=by, at=at, reason="次のプランに引き継いだ")
    found[PLAN, before.pk] = kept
    deed = PlanDeed.REPLACE if is_correction else PlanDeed.EVALUATE
    reason = "訂正版に引き継いだ" if is_correction else "評価して、次のプランに引き継いだ"
    moved(before, deed, by=by, at=at, ended_at=at, ended_by=by, end_reason=reason)
    return found


def _carry(role: Role, *, by: Worker, at: datetime) -> Promise:
    kept = open_promise(ROLE, role.pk)
    withdraw_promise(kept, by=by, at=at, reason="次のプランに引き継いだ")
    role.state, role.settled_at, role.settled_by, role.settled_words = (
        RoleState.CARRIED,
        at,
        by,
        "次のプランへ",
    )
    role.save(update_fields=["state", "settled_at", "settled_by", "settled_words"])
    return kept


def _roles_are_agreed(case: Case, plan: Plan, *, by: Worker, at: datetime) -> None:
    """What くらし連携担当 coordinates in this file has its role table and 見通し now: written down below, where its days
    are counted (H3) and where handing back asks for it."""
    ids = case.case_concerns.values("concern_id")
    for hold in Hold.objects.filter(concern_id__in=ids, closed_at__isnull=True, kind=HoldKind.COORDINATING):
        made = promise(
            PromiseKind.ROLE,
            "役割分担と見通しを決める（プラン）",
            subject_kind="concern",
            subject_id=hold.concern_id,
            office_id=hold.office_id,
            worker_id=hold.worker_id,
            due_on=day_of(at),
            by=by,
            at=at,
        )
        keep_promise(made, by=by, at=at)
    journal("plan.roles_agreed", plan, by=by, at=at)
