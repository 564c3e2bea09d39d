"""The deeds of the table, one by one: moving the day, passing on, coordinating (H3, H4, H5, H7, H17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tsunagi.holding.rules import (
    TRANSITIONS,
    AgreedIn,
    DeclineReason,
    Deed,
    DeedWish,
    GapKind,
    HandoverIntroduction,
    HoldFacts,
    HoldKind,
    Lateness,
    PromiseKind,
    RethinkChoice,
    Run,
    Standing,
    State,
    Urgency,
    WaitingFor,
    Who,
    check_acceptance,
    check_handed_note,
    decide,
    deeds_of,
    gap_of,
    not_yet_met,
    why_not,
)
from tsunagi.holding.rules.facts import Decision
from tsunagi.shared.days import TOKYO, Calendar
from tsunagi.shared.refusal import Refused

CITY = Calendar.city()
ON = date(2023, 7, 11)


def held(state: State, **changed: object) -> HoldFacts:
    return HoldFacts(**{"state": state, "due_on": ON} | changed)  # type: ignore[arg-type]


def do(deed: Deed, facts: HoldFacts, **wished: object) -> Decision:
    return decide(deed, facts, DeedWish(**wished), on=ON, calendar=CITY)  # type: ignore[arg-type]


SUPPORTED = held(HoldKind.SUPPORTING, seen=True, last_seen_on=date(2023, 6, 30))
SENT = held(HoldKind.HANDING_OVER, kind_before=HoldKind.SUPPORTING)


def test_H3_a_reasoned_extension_may_be_repeated_twice_and_the_third_needs_another_and_a_sentence() -> None:
    facts = SUPPORTED
    for day in (date(2023, 7, 31), date(2023, 8, 31)):
        done = do(Deed.EXTEND, facts, worker=1, reason="審査の結果を待っている", due_on=day)
        assert done.due_on == day
        facts = replace(facts, run=done.run, due_on=day)
    with pytest.raises(Refused, match="二度延ばしています"):
        do(Deed.EXTEND, facts, worker=1, reason="まだ待っている", due_on=date(2023, 9, 15))
    with pytest.raises(Refused, match="理由"):
        do(Deed.EXTEND, facts, worker=1, agreed_by=2, due_on=date(2023, 9, 15))
    third = do(Deed.EXTEND, facts, worker=1, agreed_by=2, reason="障害年金の審査", due_on=date(2023, 9, 15))
    assert third.due_on == date(2023, 9, 15)
    met = do(Deed.MET, replace(facts, run=third.run))
    assert met.run.extensions == 0


def test_H3_waiting_says_for_what_and_counts_as_an_extension() -> None:
    with pytest.raises(Refused, match="何を待っているか"):
        do(Deed.WAIT, SUPPORTED)
    done = do(Deed.WAIT, SUPPORTED, waiting_for=WaitingFor.DECISION, due_on=date(2023, 9, 1))
    assert done.due_on == date(2023, 9, 1)
    assert done.run.extensions == 1


def test_H3_agreeing_with_oneself_is_no_second_person() -> None:
    with pytest.raises(Refused, match="別の職員"):
        do(Deed.EXTEND, SUPPORTED, worker=1, agreed_by=1, reason="待っている")


def test_H3_going_round_between_two_ways_of_holding_gives_no_new_days() -> None:
    facts = held(HoldKind.ASSESSING, run=Run(kinds=frozenset({HoldKind.ASSESSING})))
    first = do(Deed.SUPPORT, facts)
    assert first.due_on == date(2023, 8, 10)
    again = do(Deed.ASSESS, replace(facts, state=HoldKind.SUPPORTING, run=first.run))
    assert again.due_on == ON
    assert "期日は動きません" in again.hint


@pytest.mark.parametrize(
    ("choice", "wished", "next_state"),
    [
        (RethinkChoice.GO_ON, {}, HoldKind.SUPPORTING),
        (RethinkChoice.ANOTHER_WAY, {"next_kind": HoldKind.REACHING_OUT}, HoldKind.REACHING_OUT),
        (RethinkChoice.ANOTHER_PERSON, {}, HoldKind.SUPPORTING),
        (RethinkChoice.WAIT, {}, HoldKind.SUPPORTING),
        (RethinkChoice.END, {}, HoldKind.SUPPORTING),
    ],
)
def test_rethinking_is_done_by_two_and_begins_a_new_run(
    choice: RethinkChoice, wished: dict[str, object], next_state: HoldKind
) -> None:
    facts = replace(SUPPORTED, run=Run(unseen=4, tried=1, extensions=2))
    with pytest.raises(Refused, match="二人で見て"):
        do(Deed.RETHINK, facts, worker=1, rethink=choice, **wished)
    done = do(Deed.RETHINK, facts, agreed_in=AgreedIn.OFFICE_MEETING, rethink=choice, **wished)
    assert done.next is next_state
    assert done.run == Run()
    assert done.changes_hold
    if choice in (RethinkChoice.ANOTHER_PERSON, RethinkChoice.END):
        assert done.due_on == date(2023, 7, 19)


def test_nobody_is_only_watched_before_somebody_has_looked() -> None:
    unseen = held(HoldKind.ASSESSING)
    with pytest.raises(Refused, match="まだだれも"):
        do(Deed.WATCH, unseen)
    assert do(Deed.WATCH, unseen, worker=1, agreed_by=2).next is HoldKind.WATCHING
    assert do(Deed.WATCH, replace(unseen, last_seen_on=ON)).due_on == date(2023, 9, 9)


def test_H4_sending_moves_nothing_to_the_receiver() -> None:
    done = do(Deed.REFER, SUPPORTED)
    assert done.next is HoldKind.HANDING_OVER
    assert done.due_on == date(2023, 7, 19)
    assert not done.holder_changes


def test_H4_acceptance_passes_it_on_and_asks_for_a_first_contact() -> None:
    done = do(Deed.ACCEPT, SENT, by=Who.RECEIVER, next_kind=HoldKind.SUPPORTING, holder_named=False)
    assert done.holder_changes
    assert done.next is HoldKind.SUPPORTING
    assert {(made.kind, made.due_on) for made in done.promises} == {
        (PromiseKind.FIRST_CONTACT, date(2023, 7, 19)),
        (PromiseKind.NAME_HOLDER, date(2023, 7, 13)),
    }


def test_H4_the_sender_cannot_accept_for_the_receiver() -> None:
    with pytest.raises(Refused, match="受け取る側の人"):
        do(Deed.ACCEPT, SENT)


def test_H4_some_may_be_accepted_and_the_rest_stay() -> None:
    assert check_acceptance([1, 2, 3], [2]) == {1, 3}
    with pytest.raises(Refused, match="一つ以上"):
        check_acceptance([1], [])
    with pytest.raises(Refused, match="入っていない"):
        check_acceptance([1], [9])


def test_H4_an_oral_yes_moves_nothing_and_is_recorded_once() -> None:
    done = do(Deed.CONFIRM_ORAL, SENT, oral_by="受け手の係長", oral_on=ON)
    assert done.oral_yes_until == date(2023, 7, 14)
    assert not done.changes_hold
    with pytest.raises(Refused, match="もう記録されています"):
        do(Deed.CONFIRM_ORAL, replace(SENT, oral_yes_used=True), oral_by="受け手の係長")
    with pytest.raises(Refused, match="だれが"):
        do(Deed.CONFIRM_ORAL, SENT)


def test_H4_within_an_office_too_the_next_holder_says_yes_and_the_day_travels() -> None:
    with pytest.raises(Refused, match="次の人が"):
        do(Deed.REASSIGN, SUPPORTED, by=Who.MANAGER)
    done = do(Deed.REASSIGN, SUPPORTED, by=Who.MANAGER, accepted=True)
    assert done.holder_changes
    assert done.due_on == SUPPORTED.due_on


def test_H2_a_leavers_row_needs_no_yes_and_begins_with_the_successor() -> None:
    third_day = date(2023, 7, 13)
    done = do(Deed.REPLACE_LEAVER, SUPPORTED, by=Who.MANAGER, due_on=third_day)
    assert done.holder_changes
    assert done.due_on == third_day
    assert done.run == SUPPORTED.run
    far = do(Deed.CLOSE_OFFICE, SUPPORTED, by=Who.MANAGER, due_on=date(2024, 7, 11))
    assert far.due_on == date(2023, 10, 19)


@pytest.mark.parametrize(
    ("reason", "declines_before", "gap"),
    [
        (DeclineReason.AGE, 0, GapKind.OUT_OF_SCOPE),
        (DeclineReason.DIAGNOSIS, 0, GapKind.UNDIAGNOSED),
        (DeclineReason.NO_RESOURCE, 0, GapKind.NO_RESOURCE),
        (DeclineReason.JURISDICTION, 0, None),
        (DeclineReason.JURISDICTION, 1, GapKind.PASSED_AROUND),
        (DeclineReason.PERSON_REFUSES, 1, GapKind.NOT_FELT),
    ],
)
def test_H5_no_service_fits_or_a_second_no_leaves_a_gap(
    reason: DeclineReason, declines_before: int, gap: GapKind | None
) -> None:
    assert gap_of(reason, declines_before=declines_before) is gap
    facts = replace(SENT, declines=declines_before)
    done = do(Deed.DECLINE, facts, by=Who.RECEIVER, decline_reason=reason)
    assert done.gap is gap
    assert done.asks_coordination == (gap is not None)
    assert [made.kind for made in done.promises] == ([PromiseKind.COORDINATION_REQUEST] if gap else [])
    assert (done.next, done.due_on) == (HoldKind.SUPPORTING, date(2023, 7, 19))
    assert not done.holder_changes


def test_H5_every_reason_leaves_a_gap_at_the_second_no() -> None:
    assert all(gap_of(reason, declines_before=1) for reason in DeclineReason)


def test_H5_a_no_has_a_reason_and_a_request_out_of_a_gap_cannot_be_declined() -> None:
    with pytest.raises(Refused, match="理由を選んで"):
        do(Deed.DECLINE, SENT, by=Who.RECEIVER)
    asked = replace(SENT, to_coordinator_by_request=True)
    with pytest.raises(Refused, match="断らずに受けるきまり"):
        do(Deed.DECLINE, asked, by=Who.RECEIVER, decline_reason=DeclineReason.JURISDICTION)


def test_H5_the_coordinator_takes_what_fits_no_office_by_naming_a_worker() -> None:
    facts = held(HoldKind.ASSESSING, request_open=True)
    done = do(Deed.COORDINATE, facts, by=Who.COORDINATOR)
    assert done.next is HoldKind.COORDINATING
    assert done.holder_changes
    with pytest.raises(Refused, match="依頼が出ていません"):
        do(Deed.COORDINATE, held(HoldKind.ASSESSING), by=Who.COORDINATOR)


def test_coordinating_is_beside_the_offices() -> None:
    done = do(Deed.COORDINATE, SUPPORTED)
    assert done.next is HoldKind.SUPPORTING
    assert done.asks_coordination
    assert not done.changes_hold


def test_coordination_ends_with_roles_an_outlook_and_a_key_person() -> None:
    facts = held(HoldKind.COORDINATING)
    with pytest.raises(Refused, match="まだそろっていません"):
        do(Deed.HAND_BACK, facts)
    assert do(Deed.HAND_BACK, replace(facts, roles_agreed=True)).next is HoldKind.HANDING_OVER


def test_following_through_ends_connected_or_goes_back_to_assessing() -> None:
    alone = do(Deed.FOLLOW_THROUGH, SUPPORTED)
    assert (alone.next, alone.due_on) == (HoldKind.FOLLOWING_THROUGH, date(2023, 7, 25))
    assert do(Deed.FOLLOW_THROUGH, SENT).next is HoldKind.FOLLOWING_THROUGH
    back = do(Deed.TAKE_BACK, held(HoldKind.FOLLOWING_THROUGH))
    assert back.next is HoldKind.ASSESSING
    assert not back.holder_changes


def test_H17_when_consent_ends_the_last_office_takes_it_back_and_the_day_travels() -> None:
    done = do(Deed.TAKE_BACK, SUPPORTED, by=Who.RECEIVER, reason="同意の撤回")
    assert (done.next, done.due_on, done.holder_changes) == (HoldKind.ASSESSING, ON, True)


def test_withdrawing_returns_to_how_it_was_held_and_gives_no_days() -> None:
    done = do(Deed.WITHDRAW, SENT)
    assert (done.next, done.due_on) == (HoldKind.SUPPORTING, ON)


def test_H7_reaching_out_rests_a_falling_row_and_changes_nothing_else() -> None:
    falling = held(HoldKind.SUPPORTING, due_on=date(2023, 6, 30), colour=Lateness.FALLING)
    done = do(Deed.REACHED_OUT, falling, by=Who.MANAGER)
    assert done.rests_until == date(2023, 7, 14)
    assert not done.changes_hold
    with pytest.raises(Refused, match="こぼれそうではありません"):
        do(Deed.REACHED_OUT, SUPPORTED, by=Who.MANAGER)


def test_H12_merging_two_records_changes_no_hold() -> None:
    done = do(Deed.MERGE, SUPPORTED)
    assert not done.changes_hold
    assert do(Deed.MERGE, HoldFacts(Standing.CLOSED)).next is Standing.CLOSED


def test_H3_a_row_that_comes_back_lies_within_the_horizon_of_its_kind() -> None:
    waiting_long = replace(SENT, kind_before=HoldKind.TRIAGE, due_on=date(2023, 8, 2))
    done = do(Deed.WITHDRAW, waiting_long)
    assert (done.next, done.due_on) == (HoldKind.TRIAGE, date(2023, 7, 26))


def test_looking_again_stays_in_the_chain_though_the_day_stays() -> None:
    far = replace(SUPPORTED, due_on=date(2023, 10, 2), run=Run(unseen=4))
    done = do(Deed.RETHINK, far, worker=1, agreed_by=2, rethink=RethinkChoice.GO_ON)
    assert not done.moved
    assert done.changes_hold


def test_reopening_begins_today_however_long_ago_it_was_closed() -> None:
    long_ago = datetime(2021, 4, 5, 9, 0, tzinfo=TOKYO)
    closed = HoldFacts(Standing.CLOSED, Urgency.MIDDLE, came_at=long_ago)
    done = do(Deed.REOPEN, closed, by=Who.DESK, reason="また電話があった")
    assert (done.next, done.due_on) == (HoldKind.ASSESSING, date(2023, 7, 19))


@pytest.mark.parametrize(
    ("state", "deed", "words"),
    [
        (Standing.NEW, Deed.MET, "先に「受け付ける」"),
        (Standing.CLOSED, Deed.MET, "再開する"),
        (HoldKind.SUPPORTING, Deed.SUPPORT, "すでに「支援中」"),
        (HoldKind.HANDING_OVER, Deed.CLOSE, "先につなぎを取り下げて"),
        (HoldKind.STOCKTAKING, Deed.REFER, "棚卸しがまだ"),
        (HoldKind.COORDINATING, Deed.SUPPORT, "主担当へ戻す"),
        (HoldKind.SUPPORTING, Deed.ACCEPT, "つないでいる途中ではありません"),
        (HoldKind.SUPPORTING, Deed.REOPEN, "今も受け持たれています"),
    ],
)
def test_a_refusal_says_what_to_do_next(state: State, deed: Deed, words: str) -> None:
    reason = why_not(deed, HoldFacts(state, due_on=ON), DeedWish(), on=ON, calendar=CITY)
    assert words in reason


def test_a_button_that_can_be_used_has_no_reason() -> None:
    assert why_not(Deed.MET, SUPPORTED, DeedWish(), on=ON, calendar=CITY) == ""
    assert Deed.MET in deeds_of(HoldKind.SUPPORTING, Who.BESIDE)
    assert Deed.CLOSE not in deeds_of(HoldKind.SUPPORTING, Who.BESIDE)


def test_who_acts_may_do_every_deed_of_the_holder() -> None:
    for cell in TRANSITIONS.values():
        assert (Who.HOLDER in cell.who) == (Who.ACTING in cell.who)


def test_values_as_stored_are_understood() -> None:
    stored = HoldFacts("looking_back", "high", ON)  # type: ignore[arg-type]
    assert stored.state is Standing.LOOKING_BACK
    assert HoldFacts("supporting").kind is HoldKind.SUPPORTING  # type: ignore[arg-type]
    assert why_not(Deed.COULD_NOT, stored, DeedWish(), on=ON, calendar=CITY).startswith("緊急度が高")


def test_a_hand_over_says_what_works_and_how_they_were_introduced() -> None:
    note = {"what_works": "午後に電話", "person_told": True, "told_by": "前の担当者"}
    check_handed_note(**note, introduced=HandoverIntroduction.TOGETHER)  # type: ignore[arg-type]
    for missing in ({"what_works": ""}, {"told_by": ""}):
        with pytest.raises(Refused):
            check_handed_note(**note | missing, introduced=HandoverIntroduction.NOT_YET)  # type: ignore[arg-type]
    assert not_yet_met(ON, None)
    assert not_yet_met(ON, date(2023, 7, 10))
    assert not not_yet_met(ON, ON)
