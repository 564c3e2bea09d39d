"""One question for every deed: what does it lead to, or why not? (the transition table)"""

from __future__ import annotations

from datetime import date

from tsunagi.holding.rules.contacts import CONTACT_OF
from tsunagi.holding.rules.deeds import Deed, Who
from tsunagi.holding.rules.endings import closing_of, state_after
from tsunagi.holding.rules.facts import Decision, DeedWish, HoldFacts, Question
from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings, HoldKind, Standing, State, Urgency
from tsunagi.holding.rules.moves import moved_due
from tsunagi.holding.rules.needs import check_needs
from tsunagi.holding.rules.stands_beside import what_else
from tsunagi.holding.rules.transitions import TRANSITIONS
from tsunagi.holding.rules.urgency import check_urgency_change
from tsunagi.shared.days import Calendar
from tsunagi.shared.refusal import Refused

# The deeds after which somebody else answers.
CHANGES_HOLDER = frozenset({Deed.ACCEPT, Deed.REASSIGN, Deed.REPLACE_LEAVER, Deed.CLOSE_OFFICE})

# The deeds that count even when they leave the day where it is: the chain of holds remembers them.
KEPT_IN_CHAIN = frozenset({Deed.RETHINK, Deed.EXTEND, Deed.WAIT, Deed.COULD_NOT})


def decide(
    deed: Deed,
    facts: HoldFacts,
    wish: DeedWish,
    *,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
) -> Decision:
    """What `deed` leads to for this concern, or `Refused` with what happened and what to do next.

    `calendar` is the office's (business days); `on` the city day of the deed. Writes nothing: the caller
    opens and closes holds, and makes the promises, as the decision says.
    """
    cell = TRANSITIONS[facts.state, deed]
    if cell.refusal:
        raise Refused(cell.refusal)
    if wish.by not in cell.who:
        raise Refused(_whom_to_ask(deed, cell.who))
    asked = Question(deed, cell, facts, wish, on, calendar, settings)
    urgency = _urgency(asked)
    check_needs(asked)
    closing = closing_of(asked)
    following = state_after(asked, closing)
    else_ = what_else(asked, following, closing)
    due = moved_due(asked, following, urgency, closing.look_back_on if closing else None)
    holder_changes = deed in CHANGES_HOLDER or _taken_over(asked, following)
    return Decision(
        deed=deed,
        next=following,
        due_on=due.on,
        urgency=urgency,
        run=facts.run.after(deed, following if isinstance(following, HoldKind) else None),
        moved=due.on != facts.due_on,
        changes_hold=(
            following != facts.state or due.on != facts.due_on or holder_changes or deed in KEPT_IN_CHAIN
        ),
        holder_changes=holder_changes,
        closing=closing,
        hint=due.hint,
        oral_yes_until=else_.oral_yes_until,
        rests_until=else_.rests_until,
        gap=else_.gap,
        asks_coordination=else_.asks_coordination,
        promises=else_.promises,
    )


def why_not(
    deed: Deed,
    facts: HoldFacts,
    wish: DeedWish,
    *,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
) -> str:
    """The sentence beside a button that cannot be used; empty when it can."""
    try:
        decide(deed, facts, wish, on=on, calendar=calendar, settings=settings)
    except Refused as refusal:
        return str(refusal)
    return ""


def deeds_of(state: State, by: Who) -> tuple[Deed, ...]:
    """The deeds the table offers to somebody in this part, whatever else they may need."""
    return tuple(deed for deed in Deed if by in TRANSITIONS[state, deed].who)


def _whom_to_ask(deed: Deed, who: frozenset[Who]) -> str:
    names = "・".join(part.label for part in Who if part in who)
    return f"「{deed.label}」ができるのは{names}です。声をかけて頼んでください。"


def _urgency(asked: Question) -> Urgency:
    before, after = asked.facts.urgency, asked.wish.urgency
    if after is None or after is before:
        return before
    if asked.facts.state != Standing.NEW:
        check_urgency_change(
            before, after, contact=CONTACT_OF.get(asked.deed), agreed=asked.wish.second_agreed
        )
    return after


def _taken_over(asked: Question, following: State) -> bool:
    if asked.deed == Deed.TAKE_BACK:
        return asked.wish.by == Who.RECEIVER
    return asked.deed == Deed.COORDINATE and following != asked.facts.state
