"""Where a concern stands after a deed, and with what it was closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tsunagi.holding.rules.closing import ClosingDecision, ClosingWish, check_closing
from tsunagi.holding.rules.closing_words import ClosingOutcome
from tsunagi.holding.rules.consultations import StocktakingAnswer, kinds_for
from tsunagi.holding.rules.deeds import Deed, RethinkChoice, Who
from tsunagi.holding.rules.facts import Question
from tsunagi.holding.rules.kinds import HoldKind, Standing, State, Whose
from tsunagi.holding.rules.needs import check_roles
from tsunagi.holding.rules.safety import SafetyWord
from tsunagi.shared.refusal import Refused

# These deeds close with one outcome only; any other goes through 「終結する」.
_OUTCOME_OF: Mapping[Deed, ClosingOutcome] = {
    Deed.MOVE_AWAY: ClosingOutcome.MOVED_AWAY,
    Deed.DIE: ClosingOutcome.DIED,
    Deed.TAKE_STOCK: ClosingOutcome.CHECKED_ON_IMPORT,
}


def closing_of(asked: Question) -> ClosingDecision | None:
    """With what the deed closes the concern (H8, H11), or None when it does not."""
    deed, facts, wish = asked.deed, asked.facts, asked.wish
    if not _closes(asked):
        return None
    if facts.state == Standing.LOOKING_BACK and deed == Deed.CLOSE:
        # Decided and agreed when the look-back began; now somebody has looked.
        return ClosingDecision(outcome=facts.closed_as or ClosingOutcome.CONTACT_LOST, decided_on=asked.on)
    entered = wish.closing
    if entered is None:
        raise Refused("どのように終えるか（終結の理由）を選んでください。", field="outcome")
    expected = _OUTCOME_OF.get(deed)
    if expected is not None and entered.outcome is not expected:
        raise Refused(f"ここでは「{expected.label}」で終えます。ほかの理由は「終結する」から選んでください。")
    if expected is None and entered.outcome == ClosingOutcome.CHECKED_ON_IMPORT:
        raise Refused("「移行時に確認」は、移行分の棚卸しで使います。ほかの理由を選んでください。")
    if facts.state == HoldKind.COORDINATING and entered.outcome == ClosingOutcome.RESOLVED:
        check_roles(asked)
    return check_closing(
        _with_second(entered, agreed=wish.second_agreed),
        kind=facts.state,
        safety_is_open=facts.safety_is_open,
        protected=facts.protected,
        on=asked.on,
        calendar=asked.calendar,
        settings=asked.settings,
    )


def _closes(asked: Question) -> bool:
    if asked.deed in (Deed.MOVE_AWAY, Deed.DIE):
        ends = asked.wish.ends
        return asked.facts.whose == Whose.PERSON if ends is None else ends
    if asked.deed == Deed.TAKE_STOCK:
        return asked.wish.stocktaking == StocktakingAnswer.OVER
    return asked.deed == Deed.CLOSE


def _with_second(entered: ClosingWish, *, agreed: bool) -> ClosingWish:
    return replace(entered, second_agreed=True) if agreed and not entered.second_agreed else entered


def state_after(asked: Question, closing: ClosingDecision | None) -> State:
    """Where the concern stands after the deed."""
    if closing is not None:
        return closing.next
    deed, facts, wish, possible = asked.deed, asked.facts, asked.wish, asked.cell.next
    if deed in (Deed.DECLINE, Deed.WITHDRAW):
        return facts.kind_before if facts.kind_before in possible else HoldKind.ASSESSING
    if deed == Deed.TAKE_STOCK:
        return _after_stocktaking(asked)
    if deed == Deed.COORDINATE and facts.state != Standing.NEW:
        return HoldKind.COORDINATING if wish.by == Who.COORDINATOR else facts.state
    if deed == Deed.REPORT_ABUSE and wish.safety_word in (None, SafetyWord.SUSPECTED):
        return possible[-1]
    if deed == Deed.RETHINK:
        return _after_rethinking(asked)
    if wish.next_kind is None or len(possible) == 1:
        return possible[0]
    return _chosen(possible, wish.next_kind)


def _chosen(possible: tuple[State, ...], kind: HoldKind) -> HoldKind:
    if kind not in possible:
        names = "・".join(state.label for state in possible)
        raise Refused(f"ここから「{kind.label}」にはできません。選べるのは{names}です。", field="next_kind")
    return kind


def _after_stocktaking(asked: Question) -> HoldKind:
    if asked.wish.stocktaking is None:
        raise Refused("続いている・終わっていた・分からない のどれかを選んでください。", field="stocktaking")
    kinds = kinds_for(asked.wish.stocktaking)
    return kinds[0] if asked.wish.next_kind is None else _chosen(kinds, asked.wish.next_kind)


def _after_rethinking(asked: Question) -> State:
    choice = asked.wish.rethink
    if choice is None:
        raise Refused(
            "二人で見て、続ける・別のやり方・別の人・待つ・区切る のどれかを選んでください。", field="rethink"
        )
    if choice != RethinkChoice.ANOTHER_WAY:
        return asked.facts.state
    others = tuple(state for state in asked.cell.next if state != asked.facts.state)
    if not others:
        raise Refused(
            f"「{asked.facts.state.label}」のままでは別のやり方に変えられません。"
            "続けるか待つかを選ぶか、先に手元へ戻してください。",
            field="rethink",
        )
    if asked.wish.next_kind is None:
        raise Refused("どのやり方にするかを選んでください。", field="next_kind")
    return _chosen(others, asked.wish.next_kind)
