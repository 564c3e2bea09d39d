"""A plan is begun, written, corrected by a new version, taken back; its やさしい日本語 is written and confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of, main_office_id, may_hold_in
from tsunagi.cases.models import Case
from tsunagi.cases.rules import Stage
from tsunagi.codes import queries as codes
from tsunagi.plans.models import Conference, Goal, Plan, Role
from tsunagi.plans.queries.choices import answering, strength_choices
from tsunagi.plans.rules import (
    PREPARED,
    MeetingResult,
    PlanDeed,
    PlanState,
    RoleOwner,
    RoleState,
    Term,
    add_months,
    check_days,
    check_role_day,
    check_writing,
    first_draft,
    next_state,
    period_end,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .pieces import StalePlan, go, journal, locked_plan, moved, open_case, refuse_numbers, result_of, saved

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

LABELS = {
    "wish_person": "本人の意向",
    "wish_family": "家族の意向",
    "situation": "状況と課題（要約）",
    "direction": "支援の方向性",
    "services_words": "事業についてのひとこと",
    "emergency": "緊急時の対応",
    "sharing": "情報共有の範囲",
    "ending_sign": "終結の目安",
}
LONGEST_TEXT = 10_000
MOST_GOALS, MOST_ROLES = 20, 40


@dataclass(frozen=True)
class GoalWish:
    """A goal as it is typed. `id`: the stored one it replaces."""

    term: str
    text: str
    strength_id: int | None = None
    id: int | None = None


@dataclass(frozen=True)
class RoleWish:
    """A row of the role table as it is typed. `goal`: the number of the goal it serves; `id`: the stored row it replaces."""

    what: str
    worker_id: int | None
    office_id: int | None
    due_on: date | None
    owner_kind: str = RoleOwner.WORKER
    owner_words: str = ""
    often: str = ""
    how_known: str = ""
    goal_id: int | None = None
    id: int | None = None


@dataclass(frozen=True)
class PlanWish:
    """What a plan says beside its goals and roles."""

    wish_person: str = ""
    wish_family: str = ""
    situation: str = ""
    direction: str = ""
    services: Sequence[str] = ()
    services_words: str = ""
    emergency: str = ""
    sharing: str = ""
    ending_sign: str = ""
    from_on: date | None = None
    until_on: date | None = None
    monitor_on: date | None = None

    def values(self) -> dict[str, object]:
        """As they are stored."""
        found: dict[str, object] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            found[field.name] = value.strip() if isinstance(value, str) else value
        return found | {"services": list(dict.fromkeys(self.services))}


def new_plan(case: Case | int, *, by: Worker, at: datetime) -> Plan:
    """Begin the file's next plan (初回, or a re-plan that copies forward what the last one said).

    Where one is being made already that one is given back. The days are the city's (6 and 3 months by default).
    """
    file = open_case(case if isinstance(case, int) else case.pk)
    made = Plan.objects.filter(case=file, state__in=[state.value for state in PREPARED]).first()
    if made is not None:
        return made
    last = (
        Plan.objects.filter(case=file, state__in=[PlanState.RUNNING, PlanState.EVALUATED])
        .order_by("-number", "-version")
        .first()
    )
    office_id = main_office_id(by) or file.office_id
    number, version = _next_number(file)
    today = day_of(at)
    plan = Plan.objects.create(
        case=file, number=number, version=version, office_id=office_id, worker=by, made_at=at, previous=last,
        **_standard_days(office_id, today), **(_words_of(last) if last else {}),
    )  # fmt: skip
    if last:
        _copy_rows(last, plan, only_going_on=True, today=today)
    go(file, Stage.REPLANNING if last and last.state == PlanState.RUNNING else Stage.PLANNING, by=by, at=at)
    journal("plan.new", plan, by=by, at=at, copied_from=last.pk if last else None)
    return plan


def write_plan(
    plan: Plan, wish: PlanWish, goals: Sequence[GoalWish], *, revision: int, by: Worker, at: datetime
) -> Plan:
    """Write the words, days, services and goals of a draft. Raises StalePlan when somebody was first, Refused like `check_days`."""
    _check_words({name: (label, getattr(wish, name)) for name, label in LABELS.items()})
    check_days(wish.from_on, wish.until_on, wish.monitor_on)
    offered = {code.value for code in codes.codes("plan_services")}
    locked = locked_plan(plan)
    check_writing(locked.state, agreed=locked.frozen_at is not None, result=result_of(locked))
    if set(wish.services) - offered - set(locked.services):
        raise Refused("選べない事業が入っています。画面を開き直してください。", field="services")
    told = [goal for goal in goals if goal.text.strip()]
    if len(told) > MOST_GOALS:
        raise Refused(f"目標は{MOST_GOALS}個までです。大事なものから並べてください。")
    _check_words({f"goals-{place}-text": ("目標", goal.text) for place, goal in enumerate(goals)})
    _check_strengths(locked, told, by=by, at=at)
    if locked.revision != revision:
        raise StalePlan(_plan_differences(locked, wish, told), locked.revision)
    saved(locked, **wish.values())
    _store_goals(locked, told)
    journal("plan.written", locked, by=by, at=at, goals=len(told))
    return locked


def write_roles(plan: Plan, roles: Sequence[RoleWish], *, revision: int, by: Worker, at: datetime) -> Plan:
    """Write the role table of a draft, in order. No row without an owner, a worker who answers, and a day."""
    locked = locked_plan(plan)
    check_writing(locked.state, agreed=locked.frozen_at is not None, result=result_of(locked))
    told = [role for role in roles if _says_something(role)]
    if len(told) > MOST_ROLES:
        raise Refused(f"役割は{MOST_ROLES}行までです。")
    who = {(worker, office) for worker, office, _label in answering(locked.case)}
    known = {role.pk: role for role in locked.roles.all()}
    for place, role in enumerate(roles):
        if _says_something(role):
            _check_role(role, place, who, known.get(role.id or 0), today=day_of(at))
    if locked.revision != revision:
        raise StalePlan(_role_differences(locked, told), locked.revision)
    _store_roles(locked, told, known)
    saved(locked)
    journal("plan.roles_written", locked, by=by, at=at, roles=len(told))
    return locked


def correct_plan(plan: Plan, *, by: Worker, at: datetime) -> Plan:
    """A new version of the same number, to be written and agreed to again; the old one stays as it was.

    A plan in force stays in force until the new version begins. What a meeting found fit is taken along.
    """
    locked = locked_plan(plan)
    open_case(locked.case_id)
    state = next_state(locked.state, PlanDeed.CORRECT)
    made = Plan.objects.filter(case_id=locked.case_id, state__in=[one.value for one in PREPARED]).exclude(
        pk=locked.pk
    )
    if made.exists():
        raise Refused("つくりかけのプランがもうあります。先にそれを始めるか、取り下げてください。")
    if state == PlanState.REPLACED:
        moved(locked, PlanDeed.CORRECT, by=by, at=at, ended_at=at, ended_by=by, end_reason="訂正版をつくった")
    fit = locked.conferences.order_by("-id").first() if state == PlanState.REPLACED else None
    carries = fit is not None and fit.result != MeetingResult.AGAIN
    version = Plan.objects.filter(case_id=locked.case_id, number=locked.number).count() + 1
    new = Plan.objects.create(
        case_id=locked.case_id, number=locked.number, version=version, office_id=locked.office_id, worker=by, made_at=at,
        previous=locked, state=PlanState.CONFERRING if carries else PlanState.DRAFT, from_on=locked.from_on,
        until_on=locked.until_on, monitor_on=locked.monitor_on, **_words_of(locked),
    )  # fmt: skip
    if carries and fit is not None:
        # What is being changed is what the meeting asked for: the new version may be written, and decided on that word.
        Conference.objects.create(
            plan=new, held_on=fit.held_on, kind=fit.kind, result=MeetingResult.FIT_REVISED,
            words=fit.words or "会議のあとで直した", recorded_at=at, recorded_by=by,
        )  # fmt: skip
    _copy_rows(locked, new, only_going_on=False, today=day_of(at))
    journal("plan.version", new, by=by, at=at, corrects=locked.pk)
    return new


def withdraw_plan(plan: Plan, *, reason: str, revision: int, by: Worker, at: datetime) -> Plan:
    """Take back a plan that was not begun, with the reason."""
    refuse_numbers({"reason": ("わけ", reason)})
    if not reason.strip():
        raise Refused("取り下げるわけを、ひとこと書いてください。", field="reason")
    locked = locked_plan(plan)
    if locked.revision != revision:
        raise StalePlan((), locked.revision)
    moved(locked, PlanDeed.WITHDRAW, by=by, at=at, ended_at=at, ended_by=by, end_reason=reason.strip()[:300])
    return locked


def write_plain(
    plan: Plan,
    goals: Mapping[int, str],
    roles: Mapping[int, str],
    *,
    confirmed: bool,
    revision: int,
    by: Worker,
    at: datetime,
) -> Plan:
    """Write the やさしい日本語 of goals and roles; `confirmed`: a person read it through. Once confirmed and agreed, it stands."""
    locked = locked_plan(plan)
    if PlanState(locked.state) not in PREPARED and locked.state != PlanState.RUNNING:
        raise Refused("終わったプランは書き換えられません。")
    if locked.frozen_at and locked.plain_confirmed_at:
        raise Refused("確かめて同意をもらったことばです。直すときは「訂正版をつくる」を押してください。")
    _check_words({f"goal_{pk}": ("目標のやさしい日本語", text) for pk, text in goals.items()})
    _check_words({f"role_{pk}": ("役割のやさしい日本語", text) for pk, text in roles.items()})
    if locked.revision != revision:
        raise StalePlan(_plain_differences(locked, goals, roles), locked.revision)
    own_goals, own_roles = list(locked.goals.all()), list(locked.roles.all())
    for goal in own_goals:
        goal.plain = goals.get(goal.pk, goal.plain).strip()
        goal.save(update_fields=["plain"])
    for role in own_roles:
        role.plain = roles.get(role.pk, role.plain).strip()
        role.save(update_fields=["plain"])
    written = [goal.plain for goal in own_goals] + [role.plain for role in own_roles]
    if confirmed and (not written or not all(written)):
        raise Refused(
            "まだ空いている行があります。すべての目標と役割のやさしい日本語を書いてから、確かめたと記録してください。",
            field="confirmed",
        )
    saved(locked, plain_confirmed_at=at if confirmed else None, plain_confirmed_by=by if confirmed else None)
    journal("plan.plain_confirmed" if confirmed else "plan.plain_written", locked, by=by, at=at)
    return locked


# -- pieces -----------------------------------------------------------------------------------------------------------


def _next_number(file: Case) -> tuple[int, int]:
    """Of a plan that was withdrawn the number is used again, as the next version."""
    rows = list(Plan.objects.filter(case=file).values_list("number", "version", "state"))
    living = {number for number, _version, state in rows if state != PlanState.WITHDRAWN}
    number = len(living) + 1
    return number, max((version for each, version, _state in rows if each == number), default=0) + 1


def _standard_days(office_id: int, today: date) -> dict[str, date]:
    until_on = period_end(today, codes.number("plan.period_months"))
    monitor_on = calendar_of(office_id).on_or_after(add_months(today, codes.number("plan.monitoring_months")))
    return {"from_on": today, "until_on": until_on, "monitor_on": min(monitor_on, until_on)}


def _words_of(plan: Plan) -> dict[str, object]:
    return {name: getattr(plan, name) for name in LABELS} | {"services": list(plan.services)}


def _copy_rows(old: Plan, new: Plan, *, only_going_on: bool, today: date) -> None:
    """Goals and roles of the last plan; a re-plan takes along the roles that go on, with a day that lies ahead."""
    goals: dict[int, Goal] = {}
    for goal in old.goals.all():
        goals[goal.pk] = Goal.objects.create(
            plan=new, term=goal.term, position=goal.position, text=goal.text, plain=goal.plain, strength_id=goal.strength_id
        )  # fmt: skip
    for role in old.roles.all():
        if only_going_on and role.state != RoleState.OPEN:
            continue
        worker_id, office_id, due_on = _answers_now(role)
        if not may_hold_in(worker_id, office_id):
            continue
        late = only_going_on and due_on < today
        Role.objects.create(
            plan=new, goal=goals.get(role.goal_id or 0), position=role.position, owner_kind=role.owner_kind,
            owner_words=role.owner_words, office_id=office_id, worker_id=worker_id, what=role.what, often=role.often,
            due_on=new.monitor_on or today if late else due_on, how_known=role.how_known, plain=role.plain,
            # Of a version that never began, the row it goes on from is the one that has the promise.
            copied_from=role if role.state == RoleState.OPEN else role.copied_from,
        )  # fmt: skip


def _answers_now(role: Role) -> tuple[int, int, date]:
    from tsunagi.holding.models import Promise

    kept = Promise.objects.filter(subject_kind="plan_role", subject_id=role.pk, is_open=True).first()
    return (
        (kept.worker_id, kept.office_id, kept.due_on)
        if kept
        else (role.worker_id, role.office_id, role.due_on)
    )


def _store_goals(plan: Plan, told: Sequence[GoalWish]) -> None:
    known = {goal.pk: goal for goal in plan.goals.all()}
    kept: set[int] = set()
    for place, wish in enumerate(told):
        goal = known.get(wish.id or 0) or Goal(plan=plan)
        text = wish.text.strip()
        if goal.pk and goal.text != text:
            goal.plain = ""
        goal.term, goal.text, goal.strength_id, goal.position = Term(wish.term), text, wish.strength_id, place
        goal.save()
        kept.add(goal.pk)
    gone = [pk for pk in known if pk not in kept]
    plan.goals.filter(pk__in=gone).delete()
    _plain_is_open_again(plan)


def _check_strengths(plan: Plan, told: Sequence[GoalWish], *, by: Worker, at: datetime) -> None:
    asked = {goal.strength_id for goal in told if goal.strength_id}
    new = asked - set(plan.goals.values_list("strength_id", flat=True))
    if new and new - {pk for pk, _words in strength_choices(by, plan.case, on=day_of(at))}:
        raise Refused("選べない強みが入っています。画面を開き直して、選び直してください。")


def _says_something(role: RoleWish) -> bool:
    return any(
        (role.what.strip(), role.owner_words.strip(), role.often.strip(), role.how_known.strip(), role.due_on)
    )


def _check_role(
    role: RoleWish, place: int, who: set[tuple[int, int]], known: Role | None, *, today: date
) -> None:
    def name(field: str) -> str:
        return f"roles-{place}-{field}"

    _check_words({name("what"): ("何を", role.what), name("owner_words"): ("だれが", role.owner_words),
                  name("often"): ("どのくらい", role.often), name("how_known"): ("どう分かるか", role.how_known)})  # fmt: skip
    if not role.what.strip():
        raise Refused(
            "「何を」を書いてください。この行がいらなければ、行のことばをすべて消してください。",
            field=name("what"),
        )
    if role.owner_kind in (RoleOwner.FAMILY, RoleOwner.OUTSIDE) and not role.owner_words.strip():
        raise Refused("だれがするのか、名前か続柄か機関を書いてください。", field=name("owner_words"))
    if role.worker_id is None or role.office_id is None:
        raise Refused(
            "この役割に答える職員を選んでください。本人や家族がすることにも、見届ける職員がひとり要ります。",
            field=name("worker"),
        )
    same = known is not None and (known.worker_id, known.office_id) == (role.worker_id, role.office_id)
    if (role.worker_id, role.office_id) not in who or not may_hold_in(role.worker_id, role.office_id):
        raise Refused(
            "前に選んだ職員は、いまはこの役割に答えられません。別の職員を選んでください。"
            if same
            else "この方に関わっている機関の職員から選んでください。まだ関わっていない機関には、先につなぎを送ります。",
            field=name("worker"),
        )
    check_role_day(role.due_on, today=today, field=name("due_on"))


def _store_roles(plan: Plan, told: Sequence[RoleWish], known: Mapping[int, Role]) -> None:
    goals = set(plan.goals.values_list("pk", flat=True))
    kept: set[int] = set()
    for place, wish in enumerate(told):
        role = known.get(wish.id or 0) or Role(plan=plan)
        if role.pk and role.what != wish.what.strip()[:300]:
            role.plain = ""
        role.position, role.owner_kind = place, RoleOwner(wish.owner_kind)
        role.owner_words, role.what = wish.owner_words.strip()[:120], wish.what.strip()[:300]
        role.often, role.how_known = wish.often.strip()[:80], wish.how_known.strip()[:200]
        role.worker_id, role.office_id, role.due_on = wish.worker_id, wish.office_id, wish.due_on  # type: ignore[assignment]
        role.goal_id = wish.goal_id if wish.goal_id in goals else None
        role.save()
        kept.add(role.pk)
    plan.roles.filter(pk__in=[pk for pk in known if pk not in kept]).delete()
    _plain_is_open_again(plan)


def _plain_is_open_again(plan: Plan) -> None:
    """What was confirmed is confirmed no longer, when a row has no やさしい日本語 any more."""
    if plan.goals.filter(plain="").exists() or plan.roles.filter(plain="").exists():
        Plan.objects.filter(pk=plan.pk).update(plain_confirmed_at=None, plain_confirmed_by=None)


def _check_words(texts: Mapping[str, tuple[str, str]]) -> None:
    refuse_numbers(texts)
    for field, (label, text) in texts.items():
        if len(text) > LONGEST_TEXT:
            raise Refused(
                f"「{label}」が長すぎます（{len(text):,}文字）。{LONGEST_TEXT:,}文字までにしてください。",
                field=field,
            )


def _plan_differences(plan: Plan, wish: PlanWish, goals: Sequence[GoalWish]) -> list[tuple[str, str, str]]:
    rows = [(label, getattr(plan, name), getattr(wish, name).strip()) for name, label in LABELS.items()]
    days = (("期間の始まり", "from_on"), ("期間の終わり", "until_on"), ("次のモニタリング", "monitor_on"))
    rows += [(label, str(getattr(plan, name) or ""), str(getattr(wish, name) or "")) for label, name in days]
    rows.append(("利用する事業", _services(plan.services), _services(wish.services)))
    theirs = "\n".join(f"{Term(goal.term).label} {goal.text}" for goal in plan.goals.all())
    rows.append(("目標", theirs, "\n".join(f"{Term(goal.term).label} {goal.text.strip()}" for goal in goals)))
    return rows


def _services(values: Sequence[str]) -> str:
    return "、".join(codes.labels_of("plan_services", values))


def _role_differences(plan: Plan, told: Sequence[RoleWish]) -> list[tuple[str, str, str]]:
    theirs = [f"{role.what} {role.often} {role.due_on} {role.how_known}" for role in plan.roles.all()]
    mine = [f"{role.what.strip()} {role.often} {role.due_on} {role.how_known}" for role in told]
    return [("役割", "\n".join(theirs), "\n".join(mine))]


def _plain_differences(
    plan: Plan, goals: Mapping[int, str], roles: Mapping[int, str]
) -> list[tuple[str, str, str]]:
    rows = [(goal.text, goal.plain, goals.get(goal.pk, goal.plain).strip()) for goal in plan.goals.all()]
    return rows + [
        (role.what, role.plain, roles.get(role.pk, role.plain).strip()) for role in plan.roles.all()
    ]


def offered_plain(text: str, stored: str) -> str:
    """What the page starts with: what was written, else the program's first draft."""
    return stored or first_draft(text)
