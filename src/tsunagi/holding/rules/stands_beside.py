"""What a deed brings besides the hold: promises, a gap, an oral yes, a row that rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tsunagi.holding.rules.closing import ClosingDecision
from tsunagi.holding.rules.deeds import Deed
from tsunagi.holding.rules.due import day_after
from tsunagi.holding.rules.facts import Promised, Question
from tsunagi.holding.rules.gaps import GapKind
from tsunagi.holding.rules.handing_over import check_decline, check_oral_yes, oral_yes_until
from tsunagi.holding.rules.kinds import Span, Standing, State
from tsunagi.holding.rules.lateness import resting_until
from tsunagi.holding.rules.promises import PromiseKind
from tsunagi.holding.rules.safety import SafetyWord, check_safety_word
from tsunagi.shared.refusal import Refused


@dataclass(frozen=True, slots=True)
class Beside:
    """What a deed brings besides."""

    oral_yes_until: date | None = None
    rests_until: date | None = None
    gap: GapKind | None = None
    asks_coordination: bool = False
    promises: tuple[Promised, ...] = ()


NOTHING = Beside()


def what_else(asked: Question, following: State, closing: ClosingDecision | None) -> Beside:
    """What the deed brings besides; refuses what is missing for it."""
    if closing is not None:
        return _closing(closing)
    if asked.deed in _BESIDE:
        return _BESIDE[asked.deed](asked, following)
    return NOTHING


def _closing(closing: ClosingDecision) -> Beside:
    offer = (Promised(PromiseKind.OFFER, closing.offer_on),) if closing.offer_on else ()
    return Beside(gap=closing.gap, promises=offer)


def _promised(asked: Question, kind: PromiseKind, span: Span) -> Promised:
    return Promised(kind, day_after(span, asked.on, asked.calendar))


def _oral(asked: Question, _following: State) -> Beside:
    if asked.facts.oral_yes_used:
        raise Refused("口頭の返事は、もう記録されています。受け手に「受ける」を押してもらってください。")
    check_oral_yes(said_by=asked.wish.oral_by, said_on=asked.wish.oral_on, on=asked.on)
    return Beside(oral_yes_until=oral_yes_until(asked.on, asked.calendar, asked.settings))


def _accepted(asked: Question, _following: State) -> Beside:
    promises = [_promised(asked, PromiseKind.FIRST_CONTACT, asked.settings.first_contact)]
    if not asked.wish.holder_named:
        promises.append(_promised(asked, PromiseKind.NAME_HOLDER, asked.settings.name_holder))
    return Beside(promises=tuple(promises))


def _declined(asked: Question, _following: State) -> Beside:
    gap = check_decline(
        asked.wish.decline_reason,
        declines_before=asked.facts.declines,
        by_coordinator_on_request=asked.facts.to_coordinator_by_request,
        words=asked.wish.reason,
    )
    return replace(_request(asked), gap=gap) if gap else NOTHING


def _coordination(asked: Question, following: State) -> Beside:
    stays = following == asked.facts.state
    if stays and asked.facts.request_open:
        raise Refused(
            "くらし連携担当への依頼は、もう出ています。返事があるまで、今の受け持ちを続けてください。"
        )
    return _request(asked) if stays and asked.facts.state != Standing.NEW else NOTHING


def _request(asked: Question) -> Beside:
    promise = _promised(asked, PromiseKind.COORDINATION_REQUEST, asked.settings.after_decline)
    return Beside(asks_coordination=True, promises=(promise,))


def _reached_out(asked: Question, _following: State) -> Beside:
    return Beside(rests_until=resting_until(asked.on, asked.calendar, asked.settings))


def _safety(asked: Question, _following: State) -> Beside:
    wish = asked.wish
    check_safety_word(
        wish.safety_word or SafetyWord.SUSPECTED,
        to_whom=wish.reported_to,
        at=wish.reported_at,
        reason=wish.reason,
        by=wish.worker,
        second_by=wish.agreed_by,
    )
    return NOTHING


_BESIDE: Mapping[Deed, Callable[[Question, State], Beside]] = {
    Deed.CONFIRM_ORAL: _oral,
    Deed.ACCEPT: _accepted,
    Deed.DECLINE: _declined,
    Deed.COORDINATE: _coordination,
    Deed.REACHED_OUT: _reached_out,
    Deed.REPORT_ABUSE: _safety,
}
