"""The transition table: where a concern stands, what is done to it → how it is held next, how far the due day
moves, who may do it, and what it needs besides; or why it is refused.

It is total over every (state, deed), finite and pure; `decide` reads it, and a test walks all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tsunagi.holding.rules.consultations import GOING_ON_AS
from tsunagi.holding.rules.contacts import CONTACTS
from tsunagi.holding.rules.deeds import Deed, DueRule, Need, Who
from tsunagi.holding.rules.kinds import HoldKind, Standing, State
from tsunagi.holding.rules.refusals import refusal_of

STATES: tuple[State, ...] = (*HoldKind, *Standing)
HELD: tuple[State, ...] = (*HoldKind, Standing.LOOKING_BACK)

HOLDING = frozenset({Who.HOLDER, Who.ACTING})
VISITING = HOLDING | {Who.BESIDE}
LEADING = frozenset({Who.MANAGER, Who.COORDINATOR})
ANYBODY = frozenset(Who)


@dataclass(frozen=True, slots=True)
class Transition:
    """One cell of the table. `next` lists the states the deed may lead to, the usual one first; it contains
    the state itself where the deed may leave it as it is. A cell with a `refusal` leads nowhere."""

    next: tuple[State, ...] = ()
    due: DueRule = DueRule.UNCHANGED
    who: frozenset[Who] = frozenset()
    needs: frozenset[Need] = frozenset()
    refusal: str = ""


Cell = tuple[tuple[State, Deed], Transition]


def _row(
    deed: Deed,
    *,
    of: Iterable[State],
    to: Iterable[State] = (),
    stays: bool = False,
    due: DueRule = DueRule.UNCHANGED,
    who: frozenset[Who] = HOLDING,
    needs: Iterable[Need] = (),
) -> Iterator[Cell]:
    for state in of:
        following = ((state,) if stays else ()) + tuple(kind for kind in to if kind != state)
        yield (state, deed), Transition(following, due, who, frozenset(needs))


K = HoldKind
_WORKED_ON = (K.TRIAGE, K.ASSESSING, K.SUPPORTING, K.REACHING_OUT, K.PARTICIPATING, K.WATCHING)
_BACK_TO = (
    K.ASSESSING,
    K.TRIAGE,
    K.SUPPORTING,
    K.REACHING_OUT,
    K.PARTICIPATING,
    K.WATCHING,
    K.COORDINATING,
)
_OPENED_AS = (K.TRIAGE, *(kind for kind in K if kind not in (K.TRIAGE, K.HANDING_OVER)))
_RECEIVED_AS = (
    K.ASSESSING,
    K.SUPPORTING,
    K.TRIAGE,
    K.REACHING_OUT,
    K.PARTICIPATING,
    K.WATCHING,
    K.COORDINATING,
)
_OTHER_WAYS = (K.ASSESSING, K.SUPPORTING, K.REACHING_OUT, K.PARTICIPATING, K.WATCHING)


def _others(*kinds: State) -> tuple[State, ...]:
    return tuple(kind for kind in _WORKED_ON if kind not in kinds)


def _opening() -> Iterator[Cell]:
    """受け付ける・再開する・棚卸し (H10, H11)."""
    yield from _row(
        Deed.RECEIVE,
        of=(Standing.NEW,),
        to=_OPENED_AS,
        due=DueRule.FIRST,
        who=frozenset({Who.DESK, Who.COORDINATOR, Who.MANAGER}),
    )
    yield from _row(
        Deed.TAKE_STOCK,
        of=(K.STOCKTAKING,),
        to=(*GOING_ON_AS, K.FOLLOWING_THROUGH, Standing.CLOSED),
        due=DueRule.DEFAULT,
        who=HOLDING | {Who.MANAGER},
    )
    yield from _row(
        Deed.REOPEN,
        of=(Standing.CLOSED, Standing.LOOKING_BACK),
        to=(K.ASSESSING, K.TRIAGE, K.SUPPORTING, K.REACHING_OUT, K.PARTICIPATING, K.WATCHING),
        due=DueRule.FIRST,
        who=ANYBODY,
        needs=(Need.REASON,),
    )


def _ways_of_holding() -> Iterator[Cell]:
    """How the holder carries it on alone; the due day follows the next kind."""
    by_kind = {
        Deed.ASSESS: (K.ASSESSING, _others(K.ASSESSING)),
        Deed.SUPPORT: (K.SUPPORTING, _others(K.SUPPORTING)),
        Deed.REACH_OUT: (K.REACHING_OUT, (*_others(K.REACHING_OUT), K.COORDINATING)),
        Deed.ARRANGE_PARTICIPATION: (K.PARTICIPATING, (*_others(K.PARTICIPATING), K.COORDINATING)),
        Deed.WATCH: (K.WATCHING, _others(K.WATCHING)),
    }
    for deed, (kind, of) in by_kind.items():
        needs = (Need.SEEN_OR_SECOND,) if deed == Deed.WATCH else ()
        yield from _row(deed, of=of, to=(kind,), due=DueRule.DEFAULT, needs=needs)


def _passing_on() -> Iterator[Cell]:
    """つなぐ, from sending to acceptance and back (H4, H5), and 見届け."""
    yield from _row(
        Deed.REFER, of=_WORKED_ON, to=(K.HANDING_OVER,), due=DueRule.DEFAULT, needs=(Need.SAFETY_SETTLED,)
    )
    yield from _row(
        Deed.HAND_BACK,
        of=(K.COORDINATING,),
        to=(K.HANDING_OVER,),
        due=DueRule.DEFAULT,
        needs=(Need.SAFETY_SETTLED, Need.ROLES_AGREED),
    )
    waiting = (K.HANDING_OVER,)
    yield from _row(Deed.CONFIRM_ORAL, of=waiting, stays=True)
    yield from _row(
        Deed.ACCEPT,
        of=waiting,
        to=_RECEIVED_AS,
        due=DueRule.DEFAULT,
        who=frozenset({Who.RECEIVER}),
        needs=(Need.ACCEPTANCE,),
    )
    yield from _row(Deed.DECLINE, of=waiting, to=_BACK_TO, due=DueRule.RETURNED, who=HOLDING | {Who.RECEIVER})
    yield from _row(Deed.WITHDRAW, of=waiting, to=_BACK_TO)
    yield from _row(
        Deed.FOLLOW_THROUGH, of=(*waiting, *_WORKED_ON), to=(K.FOLLOWING_THROUGH,), due=DueRule.DEFAULT
    )
    yield from _row(Deed.TAKE_BACK, of=(K.FOLLOWING_THROUGH,), to=(K.ASSESSING,), due=DueRule.DEFAULT)
    # Consent withdrawn (H17): the office that held before takes it, which is its acceptance; the due day
    # travels.
    for of in ((K.ASSESSING,), (*_others(K.ASSESSING), K.COORDINATING)):
        yield from _row(
            Deed.TAKE_BACK,
            of=of,
            to=(K.ASSESSING,),
            stays=of == (K.ASSESSING,),
            who=frozenset({Who.RECEIVER}),
            needs=(Need.ACCEPTANCE, Need.REASON),
        )


def _coordinating() -> Iterator[Cell]:
    """多機関: beside the offices. The holder asks and keeps; what fits no office is taken (H5)."""
    yield from _row(
        Deed.COORDINATE,
        of=(Standing.NEW,),
        to=(K.COORDINATING,),
        due=DueRule.FIRST,
        who=frozenset({Who.DESK, Who.COORDINATOR, Who.MANAGER}),
    )
    yield from _row(
        Deed.COORDINATE,
        of=_WORKED_ON,
        to=(K.COORDINATING,),
        stays=True,
        due=DueRule.DEFAULT,
        who=HOLDING | {Who.COORDINATOR},
        needs=(Need.OPEN_REQUEST,),
    )


def _contacts() -> Iterator[Cell]:
    """連絡の表: one contact for all concerns; a row looking back keeps its month."""
    for rule in CONTACTS.values():
        yield from _row(rule.deed, of=HoldKind, stays=True, due=DueRule.CONTACT, who=VISITING)
        yield from _row(rule.deed, of=(Standing.LOOKING_BACK,), stays=True, who=VISITING)


def _keeping_honest() -> Iterator[Cell]:
    """What the holder does when nothing could be done (H3): there is always a legal deed left."""
    yield from _row(Deed.COULD_NOT, of=HELD, stays=True, due=DueRule.COULD_NOT)
    yield from _row(Deed.EXTEND, of=HELD, stays=True, due=DueRule.CHOSEN, needs=(Need.REASON,))
    of = tuple(kind for kind in HoldKind if kind is not K.STOCKTAKING)
    yield from _row(Deed.WAIT, of=of, stays=True, due=DueRule.CHOSEN)
    yield from _row(
        Deed.RETHINK,
        of=_WORKED_ON,
        to=_OTHER_WAYS,
        stays=True,
        due=DueRule.CHOSEN,
        needs=(Need.SECOND_PERSON,),
    )
    yield from _row(
        Deed.RETHINK,
        of=(K.FOLLOWING_THROUGH, K.COORDINATING, K.HANDING_OVER),
        stays=True,
        due=DueRule.CHOSEN,
        needs=(Need.SECOND_PERSON,),
    )


def _changing_hands() -> Iterator[Cell]:
    """Who answers (H2, H4, H14). A change of holder is no contact: the due day travels."""
    yield from _row(Deed.REASSIGN, of=HELD, stays=True, who=HOLDING | {Who.MANAGER}, needs=(Need.ACCEPTANCE,))
    yield from _row(Deed.STAND_IN, of=HELD, stays=True, who=HOLDING | {Who.MANAGER})
    yield from _row(Deed.PREPARE_LEAVING, of=HELD, stays=True, who=HOLDING | {Who.MANAGER})
    for deed in (Deed.REPLACE_LEAVER, Deed.CLOSE_OFFICE):
        yield from _row(deed, of=HELD, stays=True, due=DueRule.SUCCESSOR, who=LEADING)


def _watching_over() -> Iterator[Cell]:
    """声をかけた (H7), 通告・通報 (H15)."""
    yield from _row(Deed.REACHED_OUT, of=HELD, stays=True, who=HOLDING | LEADING, needs=(Need.FALLING,))
    held = tuple(state for state in HELD if state is not K.HANDING_OVER)
    who = VISITING | LEADING | {Who.RECEIVER}
    yield from _row(Deed.REPORT_ABUSE, of=held, stays=True, who=who)
    # A suspicion nobody was told of cannot wait for another office's answer: it comes back to the sender.
    yield from _row(Deed.REPORT_ABUSE, of=(K.HANDING_OVER,), to=(K.ASSESSING,), stays=True, who=who)


def _ending() -> Iterator[Cell]:
    """終結 (H8), and what ends or joins a person's file in the deeds of people (H12)."""
    ends = (Standing.CLOSED, Standing.LOOKING_BACK)
    of = (*_WORKED_ON, K.FOLLOWING_THROUGH, K.COORDINATING)
    yield from _row(Deed.CLOSE, of=of, to=ends, due=DueRule.NONE, needs=(Need.CLOSING,))
    yield from _row(Deed.CLOSE, of=(Standing.LOOKING_BACK,), to=(Standing.CLOSED,), due=DueRule.NONE)
    for deed in (Deed.MOVE_AWAY, Deed.DIE):
        yield from _row(
            deed,
            of=HELD,
            to=(Standing.CLOSED,),
            stays=True,
            due=DueRule.NONE,
            who=VISITING | LEADING,
            needs=(Need.CLOSING,),
        )
    yield from _row(Deed.MERGE, of=(*HELD, Standing.CLOSED), stays=True, who=ANYBODY)


def _table() -> dict[tuple[State, Deed], Transition]:
    table = {(state, deed): Transition(refusal=refusal_of(state, deed)) for state in STATES for deed in Deed}
    for part in (
        _opening,
        _ways_of_holding,
        _passing_on,
        _coordinating,
        _contacts,
        _keeping_honest,
        _changing_hands,
        _watching_over,
        _ending,
    ):
        table.update(part())
    return table


TRANSITIONS: Mapping[tuple[State, Deed], Transition] = _table()
