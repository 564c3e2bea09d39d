"""Every (state, deed, urgency, lateness, run of contacts): the laws hold, and nobody can be dropped.

The runs are all mixtures of up to four contacts without A or B, with and without 「手が回らなかった」,
and with every number of extensions. A cell of the table that refuses does so whatever the facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import product

import pytest

from tsunagi.holding.rules import (
    CONTACT_OF,
    HELD,
    STATES,
    TRANSITIONS,
    AgreedIn,
    ClosingOutcome,
    ClosingWish,
    Decision,
    DeclineReason,
    Deed,
    DeedWish,
    DueRule,
    GapKind,
    HoldFacts,
    HoldKind,
    Lateness,
    PersonSays,
    RethinkChoice,
    Run,
    SafetyWord,
    Standing,
    State,
    StocktakingAnswer,
    Urgency,
    WaitingFor,
    Who,
    WordOf,
    calendar_bound_days,
    decide,
    lateness,
    longest_due,
    next_due,
)
from tsunagi.shared.days import TOKYO, Calendar
from tsunagi.shared.refusal import Refused

ON = date(2023, 7, 11)
CITY = Calendar.city()
NOW = datetime(2023, 7, 11, 15, 0, tzinfo=TOKYO)
NEXT_BD = CITY.add(ON, 1)

DUE = {
    Lateness.GREEN: CITY.add(ON, 4),
    Lateness.AMBER: ON,
    Lateness.RED: CITY.add(ON, -2),
    Lateness.FALLING: CITY.add(ON, -6),
}

FILLED = ClosingWish(
    ClosingOutcome.AGREED_PAUSE,
    word_of=WordOf.PERSON,
    told_return="電話で「いつでもどうぞ」と伝えた",
    person_says=PersonSays.YES,
    card="渡した",
    heard_from="受け手の相談員",
    heard_on=ON,
    key_office="地域包括支援センター",
    capacity_and_danger="判断する力はある。危険は見あたらない",
    offer_on=ON + timedelta(days=60),
    tries="電話3回、手紙1回",
    reason="もとの台帳に終結と書かれている",
    next_municipality="本人の同意で隣の市へ連絡した",
    died_on=ON,
    left_behind="長男がひとりで暮らしている",
    into=7,
    gap=GapKind.OUT_OF_SCOPE,
)


def closing(outcome: ClosingOutcome) -> ClosingWish:
    return replace(FILLED, outcome=outcome)


ALONE = DeedWish(
    worker=1,
    reason="審査の結果を待っている",
    waiting_for=WaitingFor.DECISION,
    oral_by="受け手の相談員",
    oral_on=ON,
    decline_reason=DeclineReason.JURISDICTION,
    safety_word=SafetyWord.REPORTED,
    reported_to="市の児童虐待の窓口",
    reported_at=NOW,
    rethink=RethinkChoice.GO_ON,
    stocktaking=StocktakingAnswer.UNKNOWN,
    closing=closing(ClosingOutcome.AGREED_PAUSE),
)
WITH_ONE = replace(ALONE, agreed_by=2, accepted=True)
BY_ANOTHER = [replace(ALONE, by=who) for who in (Who.RECEIVER, Who.MANAGER, Who.COORDINATOR, Who.DESK)]


@cache
def runs() -> tuple[Run, ...]:
    """Mixtures of C, D and E up to four contacts; extensions and used-up kinds on some of them."""
    mixtures = [counts for counts in product(range(5), repeat=3) if sum(counts) <= 4]
    plain = [
        Run(unseen=sum(counts), around=counts[0], tried=counts[1], worked=counts[2], could_not=could_not)
        for counts in mixtures
        for could_not in (False, True)
    ]
    spent = [
        replace(run, extensions=extensions, kinds=kinds)
        for run in (Run(), Run(could_not=True), Run(unseen=4, around=2, tried=1, worked=1))
        for extensions in (0, 1, 2, 3)
        for kinds in (frozenset(), frozenset(HoldKind))
        if extensions or kinds
    ]
    return tuple(plain + spent)


LONGEST = {
    (kind, agreed): longest_due(kind, ON, CITY, agreed=agreed)
    for kind in HoldKind
    for agreed in (True, False)
}


def facts_of(state: State) -> Iterator[HoldFacts]:
    """Every urgency, lateness and run; seen or not, a suspicion unreported or not, on the plain runs."""
    if state in (Standing.NEW, Standing.CLOSED):
        yield from (HoldFacts(state, urgency) for urgency in Urgency)
        return
    for urgency, wanted, run in product(Urgency, Lateness, runs()):
        due_on = DUE[wanted]
        colour = lateness(due_on, urgency, ON, CITY)
        facts = HoldFacts(state, urgency, due_on, opened_on=date(2023, 6, 1), run=run, colour=colour)
        yield facts
        if run == Run():
            yield replace(facts, seen=True, last_seen_on=date(2023, 6, 20))
            yield replace(facts, due_on=LONGEST[facts.kind or HoldKind.TRIAGE, False])
            yield replace(facts, suspected=True, colour=Lateness.FALLING)
            yield replace(facts, roles_agreed=True, request_open=True, declines=1)


# Where another person's agreement or another part in the deed makes a difference.
WITH_ANOTHER = {Deed.EXTEND, Deed.WAIT, Deed.RETHINK, Deed.WATCH, Deed.REASSIGN, Deed.CLOSE, Deed.TAKE_STOCK}
BY_SEVERAL = {Deed.TAKE_BACK, Deed.COORDINATE, Deed.DECLINE, Deed.REPORT_ABUSE}

MAY_CHOOSE = {DueRule.CONTACT, DueRule.DEFAULT, DueRule.CHOSEN}


def wishes_for(deed: Deed) -> Iterator[DeedWish]:
    """Asked by the holder where the holder may, with another person where that counts, and by everybody else."""
    who = set().union(*(TRANSITIONS[state, deed].who for state in STATES))
    if Who.HOLDER in who:
        yield ALONE
        if deed in WITH_ANOTHER:
            yield WITH_ONE
    if Who.HOLDER not in who or deed in BY_SEVERAL:
        yield from (wish for wish in BY_ANOTHER if wish.by in who)


WISHES = {deed: tuple(wishes_for(deed)) for deed in Deed}
CHOOSING = {
    deed: tuple(replace(WITH_ONE, due_on=ON + timedelta(days=away)) for away in (-1, 9, 40, 400))
    for deed in Deed
    if {TRANSITIONS[state, deed].due for state in STATES} & MAY_CHOOSE
}


def asked_in(deed: Deed, facts: HoldFacts) -> tuple[DeedWish, ...]:
    """Everything asked of a deed; chosen days only on the runs where a limit has been reached or none is near."""
    at_a_limit = facts.run == Run() or facts.run.extensions == 2 or facts.run.worked == 2
    return WISHES[deed] + (CHOOSING.get(deed, ()) if at_a_limit else ())


# By when somebody first acts, in business days, while nobody has seen the person.
PROMISED = {Urgency.HIGH: NEXT_BD, Urgency.UNCLEAR: NEXT_BD, Urgency.MIDDLE: CITY.add(ON, 5)}

SENTENCES: set[str] = set()


def answer(deed: Deed, facts: HoldFacts, wish: DeedWish) -> Decision | None:
    if deed in (Deed.MOVE_AWAY, Deed.DIE, Deed.TAKE_STOCK):
        outcome = {Deed.MOVE_AWAY: ClosingOutcome.MOVED_AWAY, Deed.DIE: ClosingOutcome.DIED}
        wish = replace(wish, closing=closing(outcome.get(deed, ClosingOutcome.CHECKED_ON_IMPORT)))
    try:
        return decide(deed, facts, wish, on=ON, calendar=CITY)
    except Refused as refusal:
        SENTENCES.add(str(refusal))
        return None


def breach(deed: Deed, facts: HoldFacts, wish: DeedWish, done: Decision) -> str:
    """The law a result breaks, or nothing."""
    if done.next is Standing.CLOSED:
        if done.due_on is not None or (done.closing is None and facts.state is not Standing.CLOSED):
            return "H8: closed without a stated outcome"
        return ""
    if done.next is Standing.NEW or done.kind is None:
        return "H1: open and unheld"
    if done.due_on is None:
        return "H3: open without a due day"
    kept = done.next == facts.state and done.due_on == facts.due_on
    if not kept and done.due_on > LONGEST[done.kind, facts.roles_agreed]:
        return "H3: beyond the horizon"
    if (done.due_on - ON).days > calendar_bound_days(done.kind):
        return "H3: beyond what the database checks"
    if done.next is HoldKind.HANDING_OVER and facts.state is not done.next and facts.safety_is_open:
        return "H15: handed over unreported"
    if facts.due_on is not None and done.due_on > facts.due_on:
        return breach_of_moving(deed, facts, wish, done)
    return ""


def breach_of_moving(deed: Deed, facts: HoldFacts, wish: DeedWish, done: Decision) -> str:
    """Did the due day move later although the table says it may not?"""
    run, two = facts.run, wish.second_agreed
    allowed = {
        Deed.TALKED_AROUND: run.around < 2 or facts.family_support,
        Deed.WORKED: run.worked < 2,
        Deed.TRIED: facts.state is HoldKind.REACHING_OUT
        or run.tried < (3 if facts.state is HoldKind.TRIAGE else 1),
        Deed.COULD_NOT: not run.could_not and facts.urgency is not Urgency.HIGH,
        Deed.EXTEND: run.extensions < 2 or two,
        Deed.WAIT: run.extensions < 2 or two,
        Deed.RETHINK: two,
        Deed.REASSIGN: False,
        Deed.STAND_IN: False,
        Deed.PREPARE_LEAVING: False,
        Deed.CONFIRM_ORAL: False,
        Deed.REACHED_OUT: False,
        Deed.REPORT_ABUSE: False,
        Deed.MERGE: False,
        Deed.WITHDRAW: False,
    }
    if not allowed.get(deed, True):
        return f"H3: {deed} moved the day"
    unseen = not facts.seen and deed not in (Deed.MET, Deed.SEEN)
    if unseen and facts.urgency is Urgency.HIGH and done.due_on > NEXT_BD and done.closing is None:
        return f"高: {deed} moved an unseen 高 beyond the next business day"
    longest_promise = max(facts.due_on or ON, PROMISED.get(facts.urgency, date.max))
    if unseen and TRANSITIONS[facts.state, deed].due == DueRule.DEFAULT and done.due_on > longest_promise:
        return f"{facts.urgency}: {deed} moved the day of an unseen person beyond the promise"
    if deed in (Deed.TALKED_AROUND, Deed.TRIED, Deed.WORKED) and done.kind:
        usual = next_due(done.kind, facts.urgency, seen=facts.seen, on=ON, calendar=CITY, agreed=True)
        if done.due_on > usual:
            return f"H3: {deed} moved the day beyond the usual interval"
    if deed in (Deed.EXTEND, Deed.WAIT) and unseen and facts.urgency is Urgency.HIGH:
        return f"高: {deed} put off an unseen 高"
    return ""


def test_the_table_is_total() -> None:
    assert set(TRANSITIONS) == set(product(STATES, Deed))
    for (state, deed), cell in TRANSITIONS.items():
        if cell.refusal:
            assert cell.refusal.endswith("。"), (state, deed)
            assert not cell.next
            assert not cell.who
        else:
            assert cell.next, (state, deed)
            assert cell.who, (state, deed)


@pytest.mark.parametrize("state", STATES, ids=[state.value for state in STATES])
def test_H1_H3_H8_H15_every_deed_keeps_the_laws(state: State) -> None:
    asked, broken = 0, []
    for facts in facts_of(state):
        for deed in Deed:
            if TRANSITIONS[state, deed].refusal:
                continue
            for wish in asked_in(deed, facts):
                done = answer(deed, facts, wish)
                asked += 1
                if done is not None and (law := breach(deed, facts, wish, done)):
                    broken.append((law, facts, wish))
    assert not broken, broken[:3]
    assert not [sentence for sentence in SENTENCES if not sentence.endswith("。")]
    assert asked >= (8 if state in (Standing.NEW, Standing.CLOSED) else 10_000)


# Deeds that say who answers or prepare something, but take no step for the person.
NO_STEP = {Deed.PREPARE_LEAVING, Deed.STAND_IN, Deed.MERGE, Deed.MOVE_AWAY, Deed.DIE, Deed.REACHED_OUT}


@pytest.mark.parametrize("state", HELD, ids=[state.value for state in HELD])
def test_H3_there_is_always_a_legal_deed_left(state: State) -> None:
    """The holder alone, or with exactly one other person, can set the day right without seeing anybody: a law
    without a legal deed would breed false entries."""
    for facts in facts_of(state):
        honest = (
            done
            for deed in Deed
            if deed not in NO_STEP and deed not in CONTACT_OF and not TRANSITIONS[state, deed].refusal
            for wish in (ALONE, WITH_ONE)
            if (done := answer(deed, facts, wish)) is not None
        )
        assert any(done.due_on is None or done.due_on >= ON for done in honest), facts
        # And a contact is never refused, whatever came of it.
        assert all(answer(deed, facts, ALONE) is not None for deed in CONTACT_OF), facts


Step = tuple[Deed, DeedWish, State]


def steps_from(facts: HoldFacts) -> list[Step]:
    """What the holder can do, alone or with one other person, to bring the concern somewhere else."""
    wishes = [ALONE, WITH_ONE, replace(WITH_ONE, stocktaking=StocktakingAnswer.OVER)]
    return [
        (deed, wish, done.next)
        for deed in Deed
        if deed not in NO_STEP and set(TRANSITIONS[facts.state, deed].next) - {facts.state}
        for wish in wishes
        if (done := answer(deed, facts, wish)) is not None and done.next != facts.state
    ]


def leads_there(step: Step, facts: HoldFacts) -> bool:
    deed, wish, wanted = step
    done = answer(deed, facts, wish)
    return done is not None and done.next == wanted


def sure_steps(state: State) -> list[Step]:
    """The steps that every urgency, lateness and run allows; a suspicion is reported first."""
    steps: list[Step] | None = None
    for facts in facts_of(state):
        if facts.safety_is_open:
            facts = replace(facts, safety_word=SafetyWord.REPORTED)
        steps = steps_from(facts) if steps is None else [step for step in steps if leads_there(step, facts)]
    return steps or []


def test_H8_from_every_state_a_path_leads_to_closed_with_an_outcome() -> None:
    reached = {state: {wanted for _, _, wanted in sure_steps(state)} for state in HELD}
    ends: set[State] = {Standing.CLOSED}
    while wider := {state for state, states in reached.items() if states & ends} - ends:
        ends |= wider
    assert ends == {*HELD, Standing.CLOSED}


def test_H15_an_unreported_suspicion_can_be_reported_by_the_holder_alone_in_every_state() -> None:
    for state, urgency in product(HELD, Urgency):
        facts = HoldFacts(state, urgency, ON, suspected=True)
        done = decide(Deed.REPORT_ABUSE, facts, ALONE, on=ON, calendar=CITY)
        assert done.next == state


def test_H3_silence_runs_out() -> None:
    """Without a contact and without anybody else, each deed that puts the day off uses something up."""

    def spent(run: Run) -> int:
        return run.could_not + run.extensions + len(run.kinds)

    others_word = {Deed.DECLINE, Deed.TAKE_STOCK, Deed.ACCEPT, Deed.REOPEN, Deed.CLOSE}
    for state in HELD:
        for facts, deed in product(facts_of(state), set(Deed) - set(CONTACT_OF) - others_word):
            if TRANSITIONS[state, deed].refusal or Who.HOLDER not in TRANSITIONS[state, deed].who:
                continue
            done = answer(deed, facts, ALONE)
            if done is None or done.closing is not None:
                continue
            assert spent(done.run) >= spent(facts.run), (deed, facts)
            if facts.due_on is not None and done.due_on is not None and done.due_on > facts.due_on:
                assert spent(done.run) > spent(facts.run), (deed, facts)


ENDINGS = [
    (state, outcome)
    for state, outcome in product(HELD, ClosingOutcome)
    if not TRANSITIONS[state, Deed.CLOSE].refusal
]


@pytest.mark.parametrize(("state", "outcome"), ENDINGS)
def test_H8_every_outcome_ends_in_closed_or_in_a_look_back(state: State, outcome: ClosingOutcome) -> None:
    facts = HoldFacts(state, due_on=ON, seen=True, roles_agreed=True, closed_as=ClosingOutcome.CONTACT_LOST)
    wish = replace(WITH_ONE, agreed_in=AgreedIn.OFFICE_MEETING, closing=closing(outcome))
    done = answer(Deed.CLOSE, facts, wish)
    if state is Standing.LOOKING_BACK:
        assert done is not None
        assert done.next is Standing.CLOSED
    elif outcome is ClosingOutcome.CHECKED_ON_IMPORT:
        assert done is None
    elif outcome is ClosingOutcome.CARRIED_ON_ELSEWHERE:
        assert (done is not None) == (state is HoldKind.FOLLOWING_THROUGH)
    else:
        assert done is not None
        looks_back = outcome in (ClosingOutcome.CONTACT_LOST, ClosingOutcome.NO_SERVICE)
        assert done.next is (Standing.LOOKING_BACK if looks_back else Standing.CLOSED)
        assert (done.due_on is not None) == looks_back
        assert done.closing is not None
        assert done.closing.decided_on == ON


def test_H2_after_every_deed_either_the_same_person_or_a_willing_one_answers() -> None:
    """Only a leaver's and a closed office's rows pass without the next holder's yes (H4)."""
    for state, deed in product(HELD, Deed):
        cell = TRANSITIONS[state, deed]
        if cell.refusal:
            continue
        facts = HoldFacts(
            state, due_on=ON, suspected=False, roles_agreed=True, request_open=True, colour=Lateness.FALLING
        )
        for who in cell.who:
            done = answer(deed, facts, replace(ALONE, by=who))
            if done is None or not done.holder_changes:
                continue
            unasked = deed in (Deed.REPLACE_LEAVER, Deed.CLOSE_OFFICE)
            assert unasked or who in (Who.RECEIVER, Who.COORDINATOR), (state, deed, who)
