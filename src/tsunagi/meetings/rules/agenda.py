"""What may stand on an agenda, on which basis, seen by whom: the hard stops and their way out.

Source: 社会福祉法106条の6 (支援会議), 生活困窮者自立支援法9条, 重層的支援体制整備事業実施要綱 (重層的支援会議: 本人同意が要る);
domain.md §1.3, §2.4; sharing.md "Meetings".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from tsunagi.people.rules import SUPPORTING_FACETS, Facet
from tsunagi.shared.refusal import Refused

from .days import fiscal_year
from .kinds import (
    MODES_OF,
    NEEDS_CONSENT,
    OVER,
    WITHOUT_CONSENT,
    BodyType,
    DecisionKind,
    HowHeld,
    ItemKind,
    ItemState,
    Mode,
    RoleDeed,
    RoleState,
    SittingState,
)

SMALLEST = (Facet.BASIC.value, Facet.HOUSEHOLD.value, Facet.CONSULTATION.value, Facet.MEETING.value)
"""What a member sees of a person unless more is chosen for the item."""

NEVER = frozenset({Facet.INFORMANT.value})
"""Who told us is shown at no meeting."""

WIDER_BY_CONSENT = (*SUPPORTING_FACETS,)

NO_CONSENT = "この方の同意がないので、「{mode}」の議題にはできません。同意がなくても話し合える「支援会議」の議題にするか、先に同意を聞いてください。"
NO_PERSONS = "「{body}」は、個人のことを話し合う会議ではありません。進捗や資源の議題にするか、支援会議・重層的支援会議に出してください。"
NO_PLAN = "支援会議では、プランを決められません。プランは、本人の同意を得て、重層的支援会議（支援調整会議）で協議してください。"

_KINDS: dict[Mode, tuple[ItemKind, ...]] = {
    Mode.SUPPORT: (ItemKind.PERSON, ItemKind.OTHER),
    Mode.SUPPORT_NEEDY: (ItemKind.PERSON, ItemKind.OTHER),
    Mode.LAYERED: (ItemKind.PERSON, ItemKind.PLAN, ItemKind.CLOSING, ItemKind.RESOURCES, ItemKind.OTHER),
    Mode.COORDINATION: (ItemKind.PERSON, ItemKind.PLAN, ItemKind.CLOSING, ItemKind.OTHER),
    Mode.NO_PERSONS: (ItemKind.RESOURCES, ItemKind.PROGRESS, ItemKind.OTHER),
}

_PLAN = (DecisionKind.PLAN_FIT, DecisionKind.PLAN_REVISED, DecisionKind.PLAN_AGAIN)
PLAN_RESULT = {
    DecisionKind.PLAN_FIT: "fit",
    DecisionKind.PLAN_REVISED: "fit_revised",
    DecisionKind.PLAN_AGAIN: "again",
}
_DECISIONS: dict[Mode, tuple[DecisionKind, ...]] = {
    Mode.SUPPORT: (DecisionKind.WATCH, DecisionKind.ROLES, DecisionKind.SEEK_CONSENT, DecisionKind.OTHER),
    Mode.LAYERED: (
        DecisionKind.ROLES,
        DecisionKind.WATCH,
        *_PLAN,
        DecisionKind.EVALUATED,
        DecisionKind.CLOSE,
        DecisionKind.SUSPEND,
        DecisionKind.RESOURCE,
        DecisionKind.OTHER,
    ),
    Mode.NO_PERSONS: (DecisionKind.ROLES, DecisionKind.RESOURCE, DecisionKind.OTHER),
}
_DECISIONS[Mode.SUPPORT_NEEDY] = _DECISIONS[Mode.SUPPORT]
_DECISIONS[Mode.COORDINATION] = _DECISIONS[Mode.LAYERED]


class NoConsent(Refused):
    """An item needs a consent that is not there; the way out is a 支援会議 item (where the body may hold one)."""


def kinds_for(mode: str) -> tuple[ItemKind, ...]:
    """What an item of this mode may be about."""
    return _KINDS[Mode(mode)]


def decisions_for(mode: str, *, has_plan: bool) -> tuple[DecisionKind, ...]:
    """What may be decided of an item: 支援会議 never decides a plan, and no other item does without one."""
    return tuple(kind for kind in _DECISIONS[Mode(mode)] if has_plan or kind not in _PLAN)


def check_modes(body_type: str, modes: Collection[str]) -> None:
    """Raise Refused for a basis that a body of this type cannot have."""
    if not modes:
        raise Refused("議題の根拠を、ひとつは選んでください。", field="modes")
    wrong = [Mode(mode).label for mode in modes if Mode(mode) not in MODES_OF[BodyType(body_type)]]
    if wrong:
        raise Refused(
            f"「{BodyType(body_type).label}」は、{'・'.join(wrong)}を根拠にできません。", field="modes"
        )


def check_item(*, mode: str, kind: str, body: str, modes: Collection[str], about_somebody: bool) -> None:
    """Raise Refused when a body that holds these modes cannot have such an item. `body`: its name."""
    asked = Mode(mode)
    persons = [one for one in modes if one != Mode.NO_PERSONS]
    if asked != Mode.NO_PERSONS and not persons:
        raise Refused(NO_PERSONS.format(body=body), field="mode")
    if asked not in modes:
        raise Refused(
            f"「{body}」は、{asked.label}の議題を扱いません。根拠を選び直してください。", field="mode"
        )
    if (asked != Mode.NO_PERSONS) != about_somebody:
        raise Refused(
            "個人のことを話し合う議題には、どなたのことかを選んでください。" if asked != Mode.NO_PERSONS
            else "個人を扱わない議題には、個人の記録を付けられません。", field="mode",
        )  # fmt: skip
    if ItemKind(kind) not in _KINDS[asked]:
        if kind == ItemKind.PLAN and asked in WITHOUT_CONSENT:
            raise Refused(NO_PLAN, field="mode")
        raise Refused(f"{asked.label}の議題は、「{ItemKind(kind).label}」にはできません。", field="kind")


def check_consent(mode: str, *, has_consent: bool) -> None:
    """Raise NoConsent for an item that needs a consent and has none."""
    if Mode(mode) in NEEDS_CONSENT and not has_consent:
        raise NoConsent(NO_CONSENT.format(mode=Mode(mode).label), field="mode")


_WITHOUT = "同意がなくても話し合えます。選ばれて、守秘義務を確かめた方だけが見ます。プランは決められません。"
_BY_CONSENT = "同意の範囲にある機関の方だけが見ます。プランの協議・評価・終結も話し合えます。"
_NOT_YET = "本人の同意がまだないので、出せません。先に同意を聞くか、支援会議の議題にしてください。"
_HOUSEHOLD = "世帯としては同意できません。どなたのことかを選ぶと、その方の同意で決まります。"


def allowed_on(mode: str, *, has_consent: bool, is_household: bool) -> tuple[bool, str]:
    """Whether somebody may be spoken of on this basis now, and what that means: told before anything is sent."""
    if Mode(mode) in WITHOUT_CONSENT:
        return True, _WITHOUT
    if is_household:
        return False, _HOUSEHOLD
    return (True, _BY_CONSENT) if has_consent else (False, _NOT_YET)


HEARD = (
    "この件は、もう「{mode}」として話し合っています。そこで聞いたことは、その会議の中だけのものなので、根拠だけを変えることはできません。"
    "この件を済みにしてから、同じ方のことを、新しい議題として提案してください。"
)


def check_mode_change(was: str, *, heard: bool, reason: str) -> None:
    """Raise Refused when an item cannot be given another basis. `heard`: it was before the room, or something was typed.

    What members told under 106条の6 they told to those bound by it: another basis has another circle, with or without the
    person's consent. So a basis is changed before an item is spoken of, with a reason, and never after.
    """
    if heard:
        raise Refused(HEARD.format(mode=Mode(was).label), field="mode")
    if not reason.strip():
        raise Refused("根拠を変えるわけを書いてください。例：本人の同意がもらえた", field="reason")


def way_out(modes: Collection[str]) -> Mode | None:
    """The basis on which a body may speak of somebody without their consent; None when it has none."""
    return next((mode for mode in (Mode.SUPPORT, Mode.SUPPORT_NEEDY) if mode in modes), None)


def facets_for(
    mode: str, wanted: Iterable[str], *, giver: Collection[str], consented: Collection[str]
) -> tuple[str, ...]:
    """How much of the person a member sees: what was chosen, never more than the giver sees, never the informant; by
    consent no more than was consented to."""
    limit = set(giver) - NEVER
    if Mode(mode) in NEEDS_CONSENT:
        limit &= set(consented)
    asked = set(wanted) & limit
    return tuple(facet.value for facet in Facet if facet.value in asked)


def covers(year: int | None, *, on: date) -> bool:
    """Whether an acknowledgement of this 年度 opens an item on this day."""
    return year is not None and year == fiscal_year(on)


def check_decision(mode: str, kind: str, *, has_plan: bool) -> None:
    """Raise Refused for what an item of this mode cannot decide."""
    if DecisionKind(kind) in decisions_for(mode, has_plan=has_plan):
        return
    if DecisionKind(kind) in _PLAN and Mode(mode) in WITHOUT_CONSENT:
        raise Refused(NO_PLAN, field="kind")
    raise Refused("この議題では、その決定はできません。選び直してください。", field="kind")


def check_how(how: str, *, by_phone: bool) -> None:
    """Raise Refused for a sitting by phone or in writing where the 要綱 does not allow it."""
    if HowHeld(how) in (HowHeld.PHONE, HowHeld.WRITING) and not by_phone:
        raise Refused(
            "電話・持ち回りで開けるのは、要綱に定めがあるときです。会議の設定に条文を入れてください。",
            field="how",
        )


ITEM_MOVES: dict[ItemState, tuple[ItemState, ...]] = {
    ItemState.PROPOSED: (ItemState.TAKEN, ItemState.DEFERRED, ItemState.WITHDRAWN),
    ItemState.TAKEN: (ItemState.DONE, ItemState.DEFERRED, ItemState.WITHDRAWN),
}


def check_item_move(state: str, wanted: str, *, sitting: str) -> None:
    """Raise Refused when an item cannot go there, or its sitting is over."""
    if SittingState(sitting) in OVER:
        raise Refused("この会議は終わっています。次の会議の議題にしてください。")
    if ItemState(wanted) not in ITEM_MOVES.get(ItemState(state), ()):
        raise Refused(f"この議題は「{ItemState(state).label}」です。画面を開き直してください。")
    if wanted == ItemState.DONE and sitting != SittingState.OPEN:
        raise Refused("「済み」は、会議を始めてから押せます。")


SITTING_MOVES: dict[SittingState, tuple[SittingState, ...]] = {
    SittingState.PLANNED: (SittingState.CALLED, SittingState.OPEN, SittingState.CANCELLED),
    SittingState.CALLED: (SittingState.OPEN, SittingState.CANCELLED),
    SittingState.OPEN: (SittingState.ENDED,),
}


def check_sitting_move(state: str, wanted: str) -> None:
    """Raise Refused when a sitting cannot go there."""
    if SittingState(wanted) not in SITTING_MOVES.get(SittingState(state), ()):
        raise Refused(f"この会議は「{SittingState(state).label}」です。画面を開き直してください。")


ROLE_MOVES: dict[RoleState, dict[RoleDeed, RoleState]] = {
    RoleState.ASKED: {
        RoleDeed.ACCEPT: RoleState.OPEN,
        RoleDeed.DECLINE: RoleState.OPEN,
        RoleDeed.STOP: RoleState.STOPPED,
    },
    RoleState.OPEN: {
        RoleDeed.DONE: RoleState.DONE,
        RoleDeed.GO_ON: RoleState.OPEN,
        RoleDeed.PASS: RoleState.ASKED,
        RoleDeed.STOP: RoleState.STOPPED,
    },
    RoleState.DONE: {RoleDeed.REVIEW: RoleState.REVIEWED, RoleDeed.GO_ON: RoleState.OPEN},
}


def next_role_state(state: str, deed: str) -> RoleState:
    """Where a deed leads a role. Raises Refused when it cannot be done there."""
    found = ROLE_MOVES.get(RoleState(state), {}).get(RoleDeed(deed))
    if found is None:
        raise Refused(f"この役割は「{RoleState(state).label}」です。画面を開き直してください。")
    return found
