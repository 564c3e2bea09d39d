"""Five kinds of contact: what resets 「最後に様子が分かった日」, what moves the day, when two look again."""

from __future__ import annotations

from datetime import date

import pytest

from tsunagi.holding.rules import (
    CONTACTS,
    ContactKind,
    Deed,
    DeedWish,
    HoldFacts,
    HoldKind,
    Run,
    Standing,
    Urgency,
    decide,
    moves_due,
    rethink_due,
    run_of,
    unseen_days,
)
from tsunagi.shared.days import Calendar
from tsunagi.shared.refusal import Refused

CITY = Calendar.city()
ON = date(2023, 7, 11)
A, B, C, D, E = ContactKind


def how_often_it_moves(contact: ContactKind, kind: HoldKind, *, family_support: bool = False) -> int:
    """How many times in a row this contact moves the due day, at most seven."""
    run = Run()
    for times in range(7):
        if not moves_due(contact, kind, run, family_support=family_support):
            return times
        run = run.after(CONTACTS[contact].deed, kind)
    return 7


@pytest.mark.parametrize(
    ("contact", "kind", "times"),
    [
        (A, HoldKind.SUPPORTING, 7),
        (B, HoldKind.WATCHING, 7),
        (C, HoldKind.SUPPORTING, 2),
        (D, HoldKind.SUPPORTING, 1),
        (D, HoldKind.TRIAGE, 3),
        (D, HoldKind.REACHING_OUT, 7),
        (E, HoldKind.SUPPORTING, 2),
        (E, HoldKind.REACHING_OUT, 2),
    ],
    ids=[
        "A always",
        "B always",
        "C twice",
        "D once",
        "D three times at the desk",
        "D always in outreach",
        "E twice",
        "E twice in outreach too",
    ],
)
def test_H3_how_often_a_contact_moves_the_day(contact: ContactKind, kind: HoldKind, times: int) -> None:
    assert how_often_it_moves(contact, kind) == times


def test_H3_talking_with_the_family_always_moves_where_the_family_is_supported() -> None:
    assert how_often_it_moves(C, HoldKind.SUPPORTING, family_support=True) == 7


def test_the_letters_of_the_table() -> None:
    assert "".join(rule.letter for rule in CONTACTS.values()) == "ABCDE"
    assert [kind for kind, rule in CONTACTS.items() if rule.resets_last_seen] == [A, B]


def test_seeing_the_person_begins_a_new_run() -> None:
    spent = Run(unseen=4, around=2, tried=1, worked=2, extensions=2, kinds=frozenset(HoldKind))
    assert spent.after(Deed.MET, HoldKind.SUPPORTING) == Run()
    assert spent.after(Deed.SEEN, HoldKind.SUPPORTING) == Run()
    assert spent.after(Deed.RETHINK, HoldKind.SUPPORTING) == Run()


def test_a_change_of_holder_is_no_contact() -> None:
    spent = Run(unseen=3, tried=1)
    for deed in (Deed.REASSIGN, Deed.REPLACE_LEAVER, Deed.CLOSE_OFFICE, Deed.STAND_IN):
        assert spent.after(deed, HoldKind.SUPPORTING) == spent
    assert spent.after(Deed.ACCEPT, HoldKind.ASSESSING).unseen == 3


def test_a_run_is_read_from_the_chain() -> None:
    supporting = HoldKind.SUPPORTING
    past = [
        (Deed.RECEIVE, HoldKind.TRIAGE),
        (Deed.MET, HoldKind.TRIAGE),
        (Deed.SUPPORT, supporting),
        (Deed.TRIED, supporting),
        (Deed.COULD_NOT, supporting),
        (Deed.WORKED, supporting),
        (Deed.EXTEND, supporting),
    ]
    assert run_of(past) == Run(unseen=2, tried=1, worked=1, extensions=1, kinds=frozenset({supporting}))
    assert run_of(past[:5]).could_not


@pytest.mark.parametrize(
    ("run", "last_seen_on", "due"),
    [
        (Run(unseen=3), date(2023, 7, 1), False),
        (Run(unseen=4), date(2023, 7, 1), True),
        (Run(), date(2023, 4, 13), False),
        (Run(), date(2023, 4, 12), True),
        (Run(), None, True),
    ],
    ids=["three unseen", "four unseen", "89 days", "90 days", "never seen since it was opened long ago"],
)
def test_two_people_look_again_after_four_contacts_or_ninety_days(
    run: Run, last_seen_on: date | None, due: bool
) -> None:
    assert rethink_due(run, last_seen_on=last_seen_on, opened_on=date(2023, 1, 4), on=ON) is due


def test_a_row_can_be_green_and_unseen_for_74_days_and_it_shows() -> None:
    assert unseen_days(date(2023, 4, 28), date(2023, 1, 4), ON) == 74
    assert unseen_days(None, ON, ON) == 0


def supporting(**changed: object) -> HoldFacts:
    facts = {"state": HoldKind.SUPPORTING, "due_on": ON, "seen": True, "last_seen_on": date(2023, 6, 11)}
    return HoldFacts(**facts | changed)  # type: ignore[arg-type]


def test_meeting_moves_the_day_by_the_interval_of_the_kind() -> None:
    done = decide(Deed.MET, supporting(), DeedWish(), on=ON, calendar=CITY)
    assert done.due_on == date(2023, 8, 10)
    assert done.changes_hold
    assert not done.holder_changes


def test_due_days_may_be_set_alike_within_the_horizon() -> None:
    alike = DeedWish(due_on=date(2023, 9, 29))
    assert decide(Deed.MET, supporting(), alike, on=ON, calendar=CITY).due_on == alike.due_on
    with pytest.raises(Refused, match="まで"):
        decide(Deed.MET, supporting(state=HoldKind.TRIAGE), alike, on=ON, calendar=CITY)


def test_a_try_is_recorded_and_does_not_move_the_day_twice() -> None:
    first = decide(Deed.TRIED, supporting(), DeedWish(), on=ON, calendar=CITY)
    assert first.moved
    second = decide(Deed.TRIED, supporting(run=first.run), DeedWish(), on=ON, calendar=CITY)
    assert not second.moved
    assert not second.changes_hold
    assert second.hint.startswith("期日は動きません。")
    assert second.run.unseen == 2


def test_a_contact_never_brings_the_day_nearer_unless_chosen() -> None:
    far = supporting(due_on=date(2023, 10, 2))
    assert decide(Deed.MET, far, DeedWish(), on=ON, calendar=CITY).due_on == date(2023, 10, 2)
    nearer = DeedWish(due_on=date(2023, 7, 20))
    assert decide(Deed.WORKED, far, nearer, on=ON, calendar=CITY).due_on == nearer.due_on


def test_a_call_in_the_month_of_the_look_back_is_recorded_and_keeps_its_month() -> None:
    facts = supporting(state=Standing.LOOKING_BACK, due_on=date(2023, 9, 1))
    done = decide(Deed.MET, facts, DeedWish(), on=ON, calendar=CITY)
    assert done.next is Standing.LOOKING_BACK
    assert not done.moved


def test_could_not_moves_three_business_days_once_between_two_contacts() -> None:
    first = decide(Deed.COULD_NOT, supporting(), DeedWish(), on=ON, calendar=CITY)
    assert first.due_on == date(2023, 7, 14)
    with pytest.raises(Refused, match="連絡を一つ記録するか"):
        decide(Deed.COULD_NOT, supporting(run=first.run), DeedWish(), on=ON, calendar=CITY)
    tried = first.run.after(Deed.TRIED, HoldKind.SUPPORTING)
    assert decide(Deed.COULD_NOT, supporting(run=tried), DeedWish(), on=ON, calendar=CITY).moved


def test_could_not_is_never_for_a_high_row() -> None:
    with pytest.raises(Refused, match="今日のうちに"):
        decide(Deed.COULD_NOT, supporting(urgency=Urgency.HIGH), DeedWish(), on=ON, calendar=CITY)


def test_could_not_on_an_overdue_row_counts_from_today() -> None:
    late = supporting(due_on=date(2023, 6, 30))
    assert decide(Deed.COULD_NOT, late, DeedWish(), on=ON, calendar=CITY).due_on == date(2023, 7, 14)
