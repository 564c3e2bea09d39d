"""How far the due day moves: one function per word of the table's due column (H3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tsunagi.holding.rules.contacts import CHANGES_OF_KIND, CONTACT_OF, CONTACTS, moves_due
from tsunagi.holding.rules.deeds import Deed, DueRule, RethinkChoice
from tsunagi.holding.rules.due import (
    check_due,
    day_after,
    first_due,
    longest_due,
    next_due,
    until_seen_bd,
)
from tsunagi.holding.rules.facts import Question
from tsunagi.holding.rules.kinds import HoldKind, Standing, State, Urgency
from tsunagi.shared.refusal import Refused


@dataclass(frozen=True, slots=True)
class Moved:
    """The due day after a deed (None when closed), and a sentence where it moved less than expected."""

    on: date | None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Following:
    """How the concern is held after the deed, and whether the person has been seen."""

    state: State
    kind: HoldKind
    urgency: Urgency
    seen: bool


def stored_kind(state: State) -> HoldKind | None:
    """The kind of hold stored for a state; none for NEW and CLOSED."""
    if isinstance(state, HoldKind):
        return state
    return HoldKind.WATCHING if state == Standing.LOOKING_BACK else None


def moved_due(asked: Question, following: State, urgency: Urgency, look_back_on: date | None) -> Moved:
    """The due day after the deed, within the horizon of the kind that follows."""
    kind = stored_kind(following)
    if kind is None:
        return Moved(None)
    if look_back_on is not None:
        return Moved(look_back_on)
    contact = CONTACT_OF.get(asked.deed)
    seen = asked.facts.seen or (contact is not None and CONTACTS[contact].resets_last_seen)
    then = Following(following, kind, urgency, seen)
    rule = asked.cell.due
    if rule == DueRule.NONE or (asked.deed == Deed.COORDINATE and following == asked.facts.state):
        rule = DueRule.UNCHANGED
    moved = _RULES[rule](asked, then)
    if urgency == Urgency.HIGH and asked.facts.urgency != Urgency.HIGH and moved.on is not None:
        # Newly judged 高: act today; if the person was met or seen just now, again on the next business day.
        soon = asked.calendar.add(asked.on, 1) if contact and seen else asked.on
        return Moved(min(moved.on, soon))
    return moved


def _standard(asked: Question, then: Following, *, seen: bool | None = None) -> date:
    return next_due(
        then.kind,
        then.urgency,
        seen=then.seen if seen is None else seen,
        on=asked.on,
        calendar=asked.calendar,
        settings=asked.settings,
        agreed=asked.facts.roles_agreed,
    )


def _longest(asked: Question, then: Following) -> date:
    return longest_due(then.kind, asked.on, asked.calendar, asked.settings, agreed=asked.facts.roles_agreed)


def _chosen(asked: Question, then: Following, day: date) -> date:
    check_due(
        then.kind,
        day,
        on=asked.on,
        calendar=asked.calendar,
        settings=asked.settings,
        agreed=asked.facts.roles_agreed,
    )
    return day


def _before(asked: Question) -> date:
    return asked.facts.due_on or asked.on


def _unchanged(asked: Question, then: Following) -> Moved:
    if then.state == asked.facts.state:
        return Moved(_before(asked))
    return Moved(min(_before(asked), _longest(asked, then)))


def _first(asked: Question, then: Following) -> Moved:
    facts = asked.facts
    standard = first_due(
        then.kind,
        then.urgency,
        on=asked.on,
        # What is reopened comes today, however long ago it first came.
        came_at=facts.came_at if facts.state == Standing.NEW else None,
        calendar=asked.calendar,
        settings=asked.settings,
        agreed=facts.roles_agreed,
    )
    if asked.wish.due_on is None:
        return Moved(standard)
    return Moved(_within_promise(asked, then, standard))


def _within_promise(asked: Question, then: Following, standard: date) -> date:
    """A chosen day: to the horizon, but not beyond what urgency promises while nobody has been seen."""
    day = _chosen(asked, then, asked.wish.due_on or standard)
    if not then.seen and until_seen_bd(then.urgency) is not None and day > standard:
        raise Refused(
            f"緊急度が{then.urgency.label}で、まだ様子が分かっていません。"
            f"{standard.year}年{standard.month}月{standard.day}日までの日を選んでください。",
            field="due_on",
        )
    return day


def _default(asked: Question, then: Following) -> Moved:
    if asked.deed in CHANGES_OF_KIND and then.kind in asked.facts.run.kinds:
        return Moved(
            _unchanged(asked, then).on,
            "本人の様子が分からないまま同じ受け持ち方に戻るので、期日は動きません。",
        )
    standard = _standard(asked, then)
    if asked.wish.due_on is None:
        return Moved(standard)
    return Moved(_within_promise(asked, then, standard))


def _contact(asked: Question, then: Following) -> Moved:
    contact = CONTACT_OF[asked.deed]
    facts, wished, before = asked.facts, asked.wish.due_on, _before(asked)
    if CONTACTS[contact].resets_last_seen:
        if wished is not None:
            return Moved(_chosen(asked, then, wished))
        return Moved(max(before, _standard(asked, then)))
    reachable = before
    hint = "期日は動きません。会えたとき、様子が分かったときに動きます。見立て直しは二人で選べます。"
    if moves_due(contact, then.kind, facts.run, family_support=facts.family_support):
        reachable = max(before, _standard(asked, then))
        hint = f"この連絡で動かせる期日は{reachable.year}年{reachable.month}月{reachable.day}日までです。"
    if wished is not None and asked.on <= wished <= reachable:
        return Moved(wished)
    return Moved(reachable, hint if reachable == before or wished is not None else "")


def _could_not(asked: Question, then: Following) -> Moved:
    start = max(_before(asked), asked.on)
    later = day_after(asked.settings.could_not, start, asked.calendar)
    return Moved(max(_before(asked), min(later, _longest(asked, then))))


def _by_choice(asked: Question, then: Following) -> Moved:
    """A day chosen with a reason or by two; an unseen 高 stays promised for the next business day."""
    unseen_high = then.urgency == Urgency.HIGH and not then.seen
    standard = _standard(asked, then, seen=not unseen_high)
    latest = standard if unseen_high else _longest(asked, then)
    if asked.wish.rethink in (RethinkChoice.ANOTHER_PERSON, RethinkChoice.END):
        # Somebody must carry the choice out: change the holder, or close.
        latest = min(latest, day_after(asked.settings.after_decline, asked.on, asked.calendar))
    if asked.wish.due_on is not None:
        return Moved(min(_chosen(asked, then, asked.wish.due_on), latest))
    before = _before(asked) if then.state == asked.facts.state else standard
    return Moved(min(max(before, standard), latest))


def _returned(asked: Question, then: Following) -> Moved:
    days_to_think = day_after(asked.settings.after_decline, asked.on, asked.calendar)
    return Moved(min(days_to_think, _standard(asked, then)))


def _successor(asked: Question, then: Following) -> Moved:
    wished = asked.wish.due_on
    if wished is None:
        return Moved(_before(asked))
    return Moved(min(max(wished, asked.on), _longest(asked, then)))


_RULES: Mapping[DueRule, Callable[[Question, Following], Moved]] = {
    DueRule.FIRST: _first,
    DueRule.DEFAULT: _default,
    DueRule.CONTACT: _contact,
    DueRule.COULD_NOT: _could_not,
    DueRule.CHOSEN: _by_choice,
    DueRule.RETURNED: _returned,
    DueRule.SUCCESSOR: _successor,
    DueRule.UNCHANGED: _unchanged,
}
