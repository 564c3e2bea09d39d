"""What may not wait: suspected abuse, 高, nights and closed days (H15, urgency); who may hold (H2, H14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from tsunagi.holding.rules import (
    AbuseKind,
    ClosingOutcome,
    ClosingWish,
    ContactKind,
    Deed,
    DeedWish,
    HoldFacts,
    HoldKind,
    NightRecipient,
    RethinkChoice,
    SafetyWord,
    Urgency,
    WaitingFor,
    Who,
    WordOf,
    check_absence_cover,
    check_acting,
    check_holder,
    check_leaving,
    check_night_handover,
    check_safety_word,
    check_urgency_change,
    decide,
    high_needs_managers_word,
    needs_acting,
    needs_night_handover,
    night_open,
    safety_check_by,
    safety_open,
)
from tsunagi.shared.days import TOKYO, Calendar
from tsunagi.shared.refusal import Refused

CITY = Calendar.city()
ON = date(2023, 7, 11)
FIVE = time(17, 0)


def at(day: int, hour: int, minute: int = 0, month: int = 7) -> datetime:
    return datetime(2023, month, day, hour, minute, tzinfo=TOKYO)


SUSPECTED = HoldFacts(HoldKind.SUPPORTING, due_on=ON, suspected=True)


def test_H15_a_suspicion_is_open_until_reported_or_reasoned_by_two() -> None:
    assert safety_open(suspected=True, word=None)
    assert safety_open(suspected=True, word=SafetyWord.SUSPECTED)
    assert not safety_open(suspected=True, word=SafetyWord.REPORTED)
    assert not safety_open(suspected=True, word=SafetyWord.NOT_BY_TWO)
    assert not safety_open(suspected=False, word=None)


@pytest.mark.parametrize(
    ("word", "said", "field"),
    [
        (SafetyWord.REPORTED, {}, "to_whom"),
        (SafetyWord.REPORTED, {"to_whom": "児童相談所"}, "to_whom"),
        (SafetyWord.NOT_BY_TWO, {"by": 1, "second_by": 2}, "reason"),
        (SafetyWord.NOT_BY_TWO, {"reason": "けがは転んだもの", "by": 1}, "second_by"),
        (SafetyWord.NOT_BY_TWO, {"reason": "けがは転んだもの", "by": 1, "second_by": 1}, "second_by"),
    ],
    ids=["to nobody", "at no hour", "no reason", "one person", "the same person twice"],
)
def test_H15_a_word_is_not_enough_when(word: SafetyWord, said: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_safety_word(word, **said)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_H15_an_unreported_suspicion_cannot_be_handed_over_nor_closed() -> None:
    with pytest.raises(Refused, match="通告・通報・相談を記録してから"):
        decide(Deed.REFER, SUSPECTED, DeedWish(), on=ON, calendar=CITY)
    paused = ClosingWish(
        ClosingOutcome.AGREED_PAUSE, word_of=WordOf.PERSON, told_return="伝えた", card="渡した"
    )
    with pytest.raises(Refused, match="記録してから終結"):
        decide(Deed.CLOSE, SUSPECTED, DeedWish(closing=paused), on=ON, calendar=CITY)
    reported = replace(SUSPECTED, safety_word=SafetyWord.REPORTED)
    assert decide(Deed.CLOSE, reported, DeedWish(closing=paused), on=ON, calendar=CITY).closing
    assert decide(Deed.REFER, reported, DeedWish(), on=ON, calendar=CITY).next is HoldKind.HANDING_OVER


def test_H15_a_suspicion_that_arises_during_a_hand_over_comes_back_to_the_sender() -> None:
    sent = HoldFacts(HoldKind.HANDING_OVER, due_on=date(2023, 7, 18))
    noticed = DeedWish(by=Who.BESIDE, safety_word=SafetyWord.SUSPECTED)
    assert decide(Deed.REPORT_ABUSE, sent, noticed, on=ON, calendar=CITY).next is HoldKind.ASSESSING
    told = replace(noticed, safety_word=SafetyWord.REPORTED, reported_to="児童相談所", reported_at=at(11, 16))
    assert decide(Deed.REPORT_ABUSE, sent, told, on=ON, calendar=CITY).next is HoldKind.HANDING_OVER


def test_H15_a_child_is_seen_within_48_hours_closed_days_or_not() -> None:
    noticed_at = at(14, 16)
    assert safety_check_by(AbuseKind.CHILD, noticed_at) == at(16, 16)
    assert safety_check_by(AbuseKind.ELDER, noticed_at) is None


@pytest.mark.parametrize(
    ("came_at", "needed"),
    [
        (at(11, 10), False),
        (at(11, 17), True),
        (at(11, 23, 30), True),
        (at(12, 5), False),
        (at(14, 16, 50), True),
        (at(14, 9), True),
        (at(15, 12), True),
    ],
    ids=[
        "an ordinary morning",
        "at closing",
        "at night",
        "before opening",
        "16:50 before three closed days",
        "in the morning before closed days",
        "on a Saturday",
    ],
)
def test_a_high_row_is_handed_over_for_the_night(came_at: datetime, needed: bool) -> None:
    assert needs_night_handover(came_at, CITY, FIVE) is needed


@pytest.mark.parametrize(
    ("came_at", "now", "changed", "is_open"),
    [
        (at(11, 18), at(11, 18), {}, True),
        (at(14, 9), at(14, 16), {}, False),
        (at(14, 9), at(14, 17), {}, True),
        (at(14, 9), at(14, 17), {"handed_over": True}, False),
        (at(14, 9), at(14, 17), {"seen": True}, False),
        (at(14, 9), at(14, 17), {"urgency": Urgency.MIDDLE}, False),
        (at(11, 10), at(11, 18), {}, False),
    ],
    ids=[
        "after closing: at once",
        "before closed days: until closing there is time",
        "before closed days: at closing",
        "handed over",
        "seen",
        "not 高",
        "a working day follows",
    ],
)
def test_without_a_night_hand_over_a_high_row_is_falling(
    came_at: datetime, now: datetime, changed: dict[str, object], is_open: bool
) -> None:
    facts = {"urgency": Urgency.HIGH, "seen": False, "handed_over": False} | changed
    urgency = facts.pop("urgency")
    assert (
        night_open(urgency, came_at, now=now, calendar=CITY, closing_time=FIVE, **facts)  # type: ignore[arg-type]
        is is_open
    )


def test_a_night_hand_over_says_to_whom_and_at_what_hour() -> None:
    check_night_handover(to_kind=NightRecipient.NIGHT_DUTY, to_name="宿直の職員", at=at(14, 17))
    with pytest.raises(Refused, match="どなたへ"):
        check_night_handover(to_kind=NightRecipient.NIGHT_DUTY, to_name=" ", at=at(14, 17))


def test_a_high_row_that_stood_five_business_days_needs_the_managers_word() -> None:
    since = date(2023, 7, 3)
    assert not high_needs_managers_word(since, None, on=date(2023, 7, 7), calendar=CITY)
    assert high_needs_managers_word(since, None, on=date(2023, 7, 10), calendar=CITY)
    assert not high_needs_managers_word(since, date(2023, 7, 6), on=ON, calendar=CITY)
    facts = HoldFacts(HoldKind.SUPPORTING, Urgency.HIGH, ON, seen=True, high_since=since)
    wish = DeedWish(worker=1, reason="入院の日を待っている", waiting_for=WaitingFor.VACANCY)
    for deed in (Deed.EXTEND, Deed.WAIT, Deed.WATCH):
        with pytest.raises(Refused, match="管理職と話して"):
            decide(deed, facts, wish, on=ON, calendar=CITY)
        agreed = replace(wish, agreed_by=2, agreed_as=Who.MANAGER)
        assert decide(deed, facts, agreed, on=ON, calendar=CITY)


def test_an_unseen_high_row_is_not_put_off_but_there_is_a_way_out() -> None:
    facts = HoldFacts(HoldKind.SUPPORTING, Urgency.HIGH, ON)
    wish = DeedWish(worker=1, reason="返事を待っている", waiting_for=WaitingFor.PERSONS_ANSWER)
    for deed in (Deed.EXTEND, Deed.WAIT, Deed.COULD_NOT):
        with pytest.raises(Refused):
            decide(deed, facts, wish, on=ON, calendar=CITY)
    two = replace(wish, agreed_by=2, rethink=RethinkChoice.GO_ON, due_on=date(2023, 8, 1))
    assert decide(Deed.RETHINK, facts, two, on=ON, calendar=CITY).due_on == date(2023, 7, 12)
    lowered = replace(two, urgency=Urgency.MIDDLE)
    assert decide(Deed.RETHINK, facts, lowered, on=ON, calendar=CITY).due_on == date(2023, 8, 1)


def test_newly_judged_high_is_due_today() -> None:
    facts = HoldFacts(HoldKind.SUPPORTING, Urgency.LOW, date(2023, 8, 1))
    worse = DeedWish(urgency=Urgency.HIGH)
    assert decide(Deed.TALKED_AROUND, facts, worse, on=ON, calendar=CITY).due_on == ON
    assert decide(Deed.MET, facts, worse, on=ON, calendar=CITY).due_on == date(2023, 7, 12)


@pytest.mark.parametrize(
    ("before", "after", "contact", "agreed", "allowed"),
    [
        (Urgency.HIGH, Urgency.LOW, ContactKind.MET, False, True),
        (Urgency.HIGH, Urgency.LOW, ContactKind.TRIED, False, False),
        (Urgency.HIGH, Urgency.LOW, None, True, True),
        (Urgency.UNCLEAR, Urgency.MIDDLE, ContactKind.WORKED, False, False),
        (Urgency.MIDDLE, Urgency.LOW, ContactKind.TRIED, False, True),
        (Urgency.LOW, Urgency.HIGH, None, False, True),
    ],
    ids=["met", "a letter nobody answered", "by two", "still unclear", "中 to 低", "up, by anybody"],
)
def test_urgency_is_judged_again_by_who_knows(
    before: Urgency, after: Urgency, contact: ContactKind | None, agreed: bool, allowed: bool
) -> None:
    if allowed:
        check_urgency_change(before, after, contact=contact, agreed=agreed)
    else:
        with pytest.raises(Refused, match="下げられるのは"):
            check_urgency_change(before, after, contact=contact, agreed=agreed)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"worker_is_active": False}, "worker"),
        ({"posted_here": False}, "worker"),
        ({"office_is_active": False}, "office"),
    ],
    ids=["left", "posted elsewhere", "office ended"],
)
def test_H2_nobody_holds_who_cannot_answer(changed: dict[str, bool], field: str) -> None:
    fine = {"worker_is_active": True, "posted_here": True, "office_is_active": True}
    check_holder(**fine)
    with pytest.raises(Refused) as refusal:
        check_holder(**fine | changed)
    assert refusal.value.field == field


def test_H2_leaving_hands_every_row_to_somebody_else() -> None:
    check_leaving([1, 2], {1: 20, 2: 30}, leaver=10)
    with pytest.raises(Refused, match="1件"):
        check_leaving([1, 2], {1: 20}, leaver=10)
    with pytest.raises(Refused, match="異動する本人"):
        check_leaving([1], {1: 10}, leaver=10)


def test_H14_an_absence_of_more_than_five_business_days_names_who_acts() -> None:
    assert not needs_acting(date(2023, 7, 10), date(2023, 7, 17), CITY)
    assert needs_acting(date(2023, 7, 10), date(2023, 7, 18), CITY)
    away = {"worker": 10, "from_on": date(2023, 7, 10), "until_on": date(2023, 7, 31), "calendar": CITY}
    check_absence_cover([1, 2], {1: 20, 2: 20}, **away)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="代わりの決まっていない"):
        check_absence_cover([1, 2], {1: 20}, **away)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="不在になる本人"):
        check_absence_cover([1], {1: 10}, **away)  # type: ignore[arg-type]
    check_absence_cover([1], {}, **away | {"until_on": date(2023, 7, 12)})  # type: ignore[arg-type]


def test_H14_who_acts_is_somebody_else() -> None:
    check_acting(holder=1, acting=2, from_on=ON, until_on=ON)
    with pytest.raises(Refused, match="別の職員"):
        check_acting(holder=1, acting=1, from_on=ON, until_on=ON)
    with pytest.raises(Refused, match="日付を直して"):
        check_acting(holder=1, acting=2, from_on=ON, until_on=date(2023, 7, 10))
