"""How a plan goes on: (state, deed) → state; what may still be written in it; what it needs to begin. Pure.

domain.md §2.3, §2.4, §3.4: 下書き → 会議協議待ち → 決定 → 実施中 → 評価済, or 取下げ. A plan that was agreed is
frozen: a correction is a new version of the same number, and what was agreed stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tsunagi.cases.rules import NEXT_STAGES, Stage
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

from .kinds import MeetingResult, MonitorDecision, PlanState


class PlanDeed(Labelled):
    """What is done with a plan."""

    CONFER = "confer", "会議にかける"
    MEET = "meet", "会議の結果を書く"
    MEET_AGAIN = "meet_again", "再検討になったと書く"
    DECIDE = "decide", "決定を書く"
    BEGIN = "begin", "プランを始める"
    MONITOR = "monitor", "モニタリングを書く"
    EVALUATE = "evaluate", "評価を終える"
    CORRECT = "correct", "訂正版をつくる"
    REPLACE = "replace", "訂正版に引き継ぐ"
    WITHDRAW = "withdraw", "取り下げる"


NEXT: dict[tuple[PlanState, PlanDeed], PlanState] = {
    (PlanState.DRAFT, PlanDeed.CONFER): PlanState.CONFERRING,
    (PlanState.DRAFT, PlanDeed.DECIDE): PlanState.DECIDED,
    (PlanState.DRAFT, PlanDeed.CORRECT): PlanState.REPLACED,
    (PlanState.DRAFT, PlanDeed.WITHDRAW): PlanState.WITHDRAWN,
    (PlanState.CONFERRING, PlanDeed.MEET): PlanState.CONFERRING,
    (PlanState.CONFERRING, PlanDeed.MEET_AGAIN): PlanState.DRAFT,
    (PlanState.CONFERRING, PlanDeed.DECIDE): PlanState.DECIDED,
    (PlanState.CONFERRING, PlanDeed.CORRECT): PlanState.REPLACED,
    (PlanState.CONFERRING, PlanDeed.WITHDRAW): PlanState.WITHDRAWN,
    (PlanState.DECIDED, PlanDeed.BEGIN): PlanState.RUNNING,
    (PlanState.DECIDED, PlanDeed.CORRECT): PlanState.REPLACED,
    (PlanState.DECIDED, PlanDeed.WITHDRAW): PlanState.WITHDRAWN,
    # A plan in force stays in force while its correction or its successor is prepared: nobody falls between two plans.
    (PlanState.RUNNING, PlanDeed.CORRECT): PlanState.RUNNING,
    (PlanState.RUNNING, PlanDeed.MONITOR): PlanState.RUNNING,
    (PlanState.RUNNING, PlanDeed.EVALUATE): PlanState.EVALUATED,
    (PlanState.RUNNING, PlanDeed.REPLACE): PlanState.REPLACED,
}

PREPARED = frozenset({PlanState.DRAFT, PlanState.CONFERRING, PlanState.DECIDED})
"""States of a plan that is being made: one at a time in a file."""
LIVING = PREPARED | {PlanState.RUNNING}

STAGE_AFTER: dict[MonitorDecision, Stage] = {
    MonitorDecision.CONTINUE: Stage.SUPPORTING,
    MonitorDecision.REPLAN: Stage.REPLANNING,
    MonitorDecision.CLOSE: Stage.ENDING,
    MonitorDecision.SUSPEND: Stage.SUSPENDED,
}

_WHY_NOT: dict[PlanDeed, str] = {
    PlanDeed.CONFER: "会議にかけられるのは、下書きのプランです。",
    PlanDeed.MEET: "会議にかけたプランにだけ、会議の結果を書けます。",
    PlanDeed.MEET_AGAIN: "会議にかけたプランにだけ、会議の結果を書けます。",
    PlanDeed.DECIDE: "決定を書けるのは、まだ決定していない、つくりかけのプランです。",
    PlanDeed.BEGIN: "始められるのは、決定したプランです。先に決定を書いてください。",
    PlanDeed.MONITOR: "モニタリングは、実施中のプランに書きます。",
    PlanDeed.EVALUATE: "評価を終えられるのは、実施中のプランです。",
    PlanDeed.CORRECT: "終わったプランは訂正できません。新しいプランをつくってください。",
    PlanDeed.REPLACE: "訂正版に引き継げるのは、実施中のプランです。",
    PlanDeed.WITHDRAW: "取り下げられるのは、まだ始めていないプランです。実施中なら、モニタリングで判断してください。",
}


def next_state(state: str, deed: PlanDeed) -> PlanState:
    """The state a deed leads to. Raises Refused, saying what is possible instead."""
    now = PlanState(state)
    try:
        return NEXT[now, deed]
    except KeyError:
        raise Refused(f"このプランは「{now.label}」です。{_WHY_NOT[deed]}") from None


def deeds_of(state: str) -> tuple[PlanDeed, ...]:
    """What may be done with a plan in this state, in the order of the work."""
    return tuple(deed for deed in PlanDeed if (PlanState(state), deed) in NEXT)


def may_write(state: str, *, agreed: bool, result: str = "") -> bool:
    """Whether its words may still be changed: a draft nobody agreed to, or one the meeting wants changed."""
    if agreed:
        return False
    return state == PlanState.DRAFT or (state == PlanState.CONFERRING and result == MeetingResult.FIT_REVISED)


def check_writing(state: str, *, agreed: bool, result: str = "") -> None:
    """Raise Refused when the words of a plan stand."""
    if may_write(state, agreed=agreed, result=result):
        return
    if agreed and PlanState(state) in LIVING:
        raise Refused(
            "同意をもらったプランは書き換えません。「訂正版をつくる」で直してください。前の版も残ります。"
        )
    if PlanState(state) in LIVING:
        raise Refused(
            f"このプランは「{PlanState(state).label}」です。直すときは「訂正版をつくる」を押してください。"
        )
    raise Refused("終わったプランは書き換えられません。新しいプランをつくってください。")


@dataclass(frozen=True)
class PlanFacts:
    """What a plan has, when it is to be decided or begun."""

    goals: int
    roles: int
    from_on: date | None
    until_on: date | None
    monitor_on: date | None
    agreed: bool = True


def check_complete(facts: PlanFacts) -> None:
    """Raise Refused with everything that is missing before a plan can be conferred on or decided."""
    missing = [
        words
        for there, words in (
            (facts.goals, "目標をひとつ以上"),
            (facts.roles, "役割（だれが・何を・いつまでに）をひとつ以上"),
            (facts.from_on and facts.until_on, "プランの期間"),
            (facts.monitor_on, "次のモニタリングの日"),
        )
        if not there
    ]
    if missing:
        raise Refused(f"まだ書かれていないものがあります：{'、'.join(missing)}。先に書いてください。")


def check_begin(facts: PlanFacts) -> None:
    """Raise Refused when a plan cannot come into force: all of it must be there, and somebody must have agreed."""
    check_complete(facts)
    if not facts.agreed:
        raise Refused(
            "まだ同意の記録がありません。本人に説明し、「同意を記録する」に、説明した日・同意した人・方法を書いてください。"
        )


def check_decide(state: str, *, result: str, no_meeting: str) -> None:
    """Raise Refused when neither a meeting found the plan fit nor a reason says why none was held."""
    if state == PlanState.CONFERRING and result not in (MeetingResult.FIT, MeetingResult.FIT_REVISED):
        raise Refused("会議の結果がまだありません。先に会議の結果を書いてください。", field="result")
    if state == PlanState.DRAFT and not no_meeting:
        raise Refused(
            "会議にかけずに決定するときは、そのわけを選んでください。会議にかけるなら「会議にかける」を押してください。",
            field="no_meeting",
        )


def way_to(now: Stage, then: Stage) -> tuple[Stage, ...]:
    """The steps a file takes to a stage; over プラン作成中 where there is no straight one; none where there is no way."""
    if now == then:
        return ()
    if then in NEXT_STAGES[now]:
        return (then,)
    for over in (Stage.PLANNING, Stage.SUPPORTING):
        if over in NEXT_STAGES[now] and then in NEXT_STAGES[over]:
            return (over, then)
    return ()
