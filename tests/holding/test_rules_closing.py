"""How concerns, cases and consultations end; stocktaking (H8, H9, H10, H11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tsunagi.holding.rules import (
    OUTCOMES,
    ClosingDecision,
    ClosingOutcome,
    ClosingWish,
    ConsultationOutcome,
    Deed,
    DeedWish,
    GapKind,
    HoldFacts,
    HoldKind,
    LookBack,
    NoKeyPerson,
    PersonSays,
    PromiseKind,
    Standing,
    State,
    StocktakingAnswer,
    Urgency,
    WordOf,
    check_batch,
    check_case_closing,
    check_closing,
    check_consultation_outcome,
    consultation_due,
    decide,
    shown_to_manager,
    word_back_due,
)
from tsunagi.shared.days import TOKYO, Calendar
from tsunagi.shared.refusal import Refused

CITY = Calendar.city()
ON = date(2023, 7, 11)

TOLD = ClosingWish(ClosingOutcome.RESOLVED, word_of=WordOf.PERSON, told_return="また電話してくださいと伝えた")
READY = {
    ClosingOutcome.RESOLVED: replace(TOLD, person_says=PersonSays.YES),
    ClosingOutcome.AGREED_PAUSE: replace(TOLD, card="渡した"),
    ClosingOutcome.CARRIED_ON_ELSEWHERE: replace(
        TOLD, heard_from="地域包括の担当者", heard_on=ON, key_office="地域包括支援センター"
    ),
    ClosingOutcome.DECLINED_BY_PERSON: replace(
        TOLD, capacity_and_danger="判断する力はある。危険なし", offer_on=date(2023, 9, 11), second_agreed=True
    ),
    ClosingOutcome.CONTACT_LOST: replace(TOLD, tries="電話3回、訪問2回、手紙1回", second_agreed=True),
    ClosingOutcome.NO_SERVICE: replace(TOLD, gap=GapKind.OUT_OF_SCOPE, second_agreed=True),
    ClosingOutcome.NOTHING_FOUND: replace(TOLD, reason="訪問し、新聞を取り込むのを見た", second_agreed=True),
    ClosingOutcome.MOVED_AWAY: replace(TOLD, next_municipality="本人の同意で隣の市の窓口へ連絡した"),
    ClosingOutcome.DIED: replace(TOLD, died_on=ON, left_behind="妻がひとりで暮らしている"),
    ClosingOutcome.JOINED: replace(TOLD, into=12),
    ClosingOutcome.ENTERED_BY_MISTAKE: replace(TOLD, reason="同じ電話を二度入れた"),
    ClosingOutcome.CHECKED_ON_IMPORT: replace(TOLD, reason="台帳に終結と書かれている", second_agreed=True),
}


def closed(
    outcome: ClosingOutcome, *, kind: State = HoldKind.SUPPORTING, **changed: object
) -> ClosingDecision:
    if outcome is ClosingOutcome.CARRIED_ON_ELSEWHERE:
        kind = HoldKind.FOLLOWING_THROUGH
    wish = replace(READY[outcome], outcome=outcome, **changed)  # type: ignore[arg-type]
    return check_closing(wish, kind=kind, on=ON, calendar=CITY)


@pytest.mark.parametrize("outcome", list(ClosingOutcome))
def test_H8_with_everything_said_each_outcome_closes(outcome: ClosingOutcome) -> None:
    done = closed(outcome)
    assert done.outcome is outcome
    assert done.decided_on == ON
    looks_back = OUTCOMES[outcome].look_back is LookBack.WATCHING
    assert done.next is (Standing.LOOKING_BACK if looks_back else Standing.CLOSED)
    assert done.look_back_on == (date(2023, 10, 9) if looks_back else None)


MISSING = [
    (outcome, asked)
    for outcome in ClosingOutcome
    for asked in OUTCOMES[outcome].asks
    if asked != "person_says"
]


@pytest.mark.parametrize(("outcome", "asked"), MISSING)
def test_H8_each_outcome_says_what_is_still_missing(outcome: ClosingOutcome, asked: str) -> None:
    empty = getattr(ClosingWish(outcome), asked)
    with pytest.raises(Refused) as refusal:
        closed(outcome, **{asked: empty})
    assert refusal.value.field == asked


@pytest.mark.parametrize(
    "outcome",
    [
        ClosingOutcome.DECLINED_BY_PERSON,
        ClosingOutcome.CONTACT_LOST,
        ClosingOutcome.NO_SERVICE,
        ClosingOutcome.NOTHING_FOUND,
        ClosingOutcome.CHECKED_ON_IMPORT,
    ],
)
def test_H8_these_outcomes_need_a_second_person(outcome: ClosingOutcome) -> None:
    with pytest.raises(Refused, match="もう一人の同意"):
        closed(outcome, second_agreed=False)


@pytest.mark.parametrize("says", [PersonSays.NO, PersonSays.NOT_ASKED])
def test_H8_solved_without_the_persons_yes_is_a_pause_with_a_card(says: PersonSays) -> None:
    with pytest.raises(Refused, match="カード"):
        closed(ClosingOutcome.RESOLVED, person_says=says)
    done = closed(ClosingOutcome.RESOLVED, person_says=says, card="渡した")
    assert done.outcome is ClosingOutcome.AGREED_PAUSE


def test_H8_nobody_is_sent_away_without_a_gap() -> None:
    with pytest.raises(Refused, match="はざま"):
        closed(ClosingOutcome.NO_SERVICE, gap=None)
    assert closed(ClosingOutcome.NO_SERVICE).gap is GapKind.OUT_OF_SCOPE


def test_H8_a_pause_may_record_a_gap_and_a_solution_has_none() -> None:
    assert closed(ClosingOutcome.AGREED_PAUSE, gap=GapKind.NO_RESOURCE).gap is GapKind.NO_RESOURCE
    assert closed(ClosingOutcome.RESOLVED, gap=GapKind.NO_RESOURCE).gap is None


def test_H8_another_office_carries_on_only_after_somebody_heard_that_it_does() -> None:
    with pytest.raises(Refused, match="見届けのあと"):
        check_closing(
            replace(READY[ClosingOutcome.CARRIED_ON_ELSEWHERE], outcome=ClosingOutcome.CARRIED_ON_ELSEWHERE),
            kind=HoldKind.SUPPORTING,
            on=ON,
            calendar=CITY,
        )


def test_H8_who_declined_is_offered_help_again_on_a_day_and_never_watched() -> None:
    facts = HoldFacts(HoldKind.SUPPORTING, due_on=ON)
    wish = replace(READY[ClosingOutcome.DECLINED_BY_PERSON], outcome=ClosingOutcome.DECLINED_BY_PERSON)
    done = decide(Deed.CLOSE, facts, DeedWish(closing=wish), on=ON, calendar=CITY)
    assert done.next is Standing.CLOSED
    assert [(promised.kind, promised.due_on) for promised in done.promises] == [
        (PromiseKind.OFFER, date(2023, 9, 11))
    ]


def test_H8_a_protected_person_is_not_announced_to_the_next_municipality_without_their_word() -> None:
    wish = replace(READY[ClosingOutcome.MOVED_AWAY], outcome=ClosingOutcome.MOVED_AWAY)
    with pytest.raises(Refused, match="本人の言葉"):
        check_closing(wish, kind=HoldKind.SUPPORTING, protected=True, on=ON, calendar=CITY)
    own_word = replace(wish, persons_own_word=True)
    check_closing(own_word, kind=HoldKind.SUPPORTING, protected=True, on=ON, calendar=CITY)


def test_H8_only_checked_as_nothing_found_is_kept_short() -> None:
    kept_short = [outcome for outcome in ClosingOutcome if closed(outcome).short_retention]
    assert kept_short == [ClosingOutcome.NOTHING_FOUND]


@pytest.mark.parametrize(
    ("outcome", "changed"),
    [
        (ClosingOutcome.DIED, {"died_on": date(2023, 7, 12)}),
        (ClosingOutcome.CARRIED_ON_ELSEWHERE, {"heard_on": date(2023, 7, 12)}),
        (ClosingOutcome.DECLINED_BY_PERSON, {"offer_on": ON}),
        (ClosingOutcome.CONTACT_LOST, {"look_back_on": date(2024, 7, 11)}),
    ],
    ids=["died tomorrow", "heard tomorrow", "offered today", "looked back in a year"],
)
def test_H8_impossible_days_are_refused(outcome: ClosingOutcome, changed: dict[str, date]) -> None:
    with pytest.raises(Refused, match=r"日付を直して|半年以内"):
        closed(outcome, **changed)


def test_H8_the_look_back_leaves_today_and_comes_back_in_its_month() -> None:
    facts = HoldFacts(HoldKind.REACHING_OUT, due_on=ON)
    lost = replace(READY[ClosingOutcome.CONTACT_LOST], outcome=ClosingOutcome.CONTACT_LOST)
    done = decide(Deed.CLOSE, facts, DeedWish(closing=lost), on=ON, calendar=CITY)
    assert done.look_back
    assert done.kind is HoldKind.WATCHING
    assert done.due_on == date(2023, 10, 9)

    later = date(2023, 10, 6)
    looking = HoldFacts(
        Standing.LOOKING_BACK, due_on=done.due_on, closed_as=ClosingOutcome.CONTACT_LOST, seen=True
    )
    ended = decide(Deed.CLOSE, looking, DeedWish(), on=later, calendar=CITY)
    assert ended.next is Standing.CLOSED
    trouble = decide(Deed.REOPEN, looking, DeedWish(reason="水道が止まっていた"), on=later, calendar=CITY)
    assert trouble.next is HoldKind.ASSESSING


def test_H8_every_tenth_solution_is_shown_to_the_manager() -> None:
    assert [number for number in range(31) if shown_to_manager(number)] == [10, 20, 30]


def test_H8_a_death_ends_the_persons_concerns_and_leaves_the_households() -> None:
    died = replace(READY[ClosingOutcome.DIED], outcome=ClosingOutcome.DIED)
    for whose, closes in (("person", True), ("household", False), ("around", False)):
        facts = HoldFacts(HoldKind.HANDING_OVER, due_on=ON, whose=whose)  # type: ignore[arg-type]
        done = decide(Deed.DIE, facts, DeedWish(closing=died), on=ON, calendar=CITY)
        assert (done.next is Standing.CLOSED) == closes
        if not closes:
            assert done.due_on == ON


def test_H9_a_case_closes_when_nothing_is_held_but_look_backs_and_somebody_stays_reachable() -> None:
    done = [Standing.CLOSED, Standing.LOOKING_BACK]
    check_case_closing(done, key_person="地域包括支援センターの担当者")
    check_case_closing(done, why_none=NoKeyPerson.DIED)
    with pytest.raises(Refused, match="主担当"):
        check_case_closing(done)
    with pytest.raises(Refused, match="終わっていない課題が1件"):
        check_case_closing([*done, HoldKind.WATCHING], key_person="あり")


@pytest.mark.parametrize(
    ("outcome", "given", "words"),
    [
        (None, {}, "どうなったか"),
        (ConsultationOutcome.INFORMATION_GIVEN, {}, "何を伝えたか"),
        (ConsultationOutcome.NEW_CONCERN, {}, "課題かつなぎを選んで"),
        (ConsultationOutcome.REFERRED, {}, "課題かつなぎを選んで"),
        (ConsultationOutcome.TOLD_THOSE_INVOLVED, {}, "いつ伝えたか"),
        (ConsultationOutcome.COULD_NOT_REACH, {"words": "電話3回"}, "もう一人の同意"),
        (ConsultationOutcome.WITHDRAWN, {}, "だれが、なぜ"),
        (ConsultationOutcome.NOT_A_CONSULTATION, {"words": "営業"}, "もう一人の同意"),
    ],
)
def test_H10_a_desk_may_not_let_go_while(
    outcome: ConsultationOutcome | None, given: dict[str, str], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        check_consultation_outcome(outcome, **given)


@pytest.mark.parametrize(
    "outcome", list(ConsultationOutcome), ids=[each.value for each in ConsultationOutcome]
)
def test_H10_every_outcome_can_be_reached(outcome: ConsultationOutcome) -> None:
    check_consultation_outcome(outcome, words="書いた", became=[3], second_agreed=True)


def test_H10_mistakes_are_settled_in_batches_by_two() -> None:
    check_batch(ConsultationOutcome.NOT_A_CONSULTATION, 30, second_agreed=True)
    with pytest.raises(Refused, match="一件ずつ"):
        check_batch(ConsultationOutcome.INFORMATION_GIVEN, 2, second_agreed=True)


def test_H10_a_slip_of_the_night_guard_counts_from_the_night() -> None:
    came_at = datetime(2023, 7, 14, 22, 10, tzinfo=TOKYO)
    due_on = consultation_due(Urgency.UNCLEAR, came_at=came_at, on=date(2023, 7, 18), calendar=CITY)
    assert due_on == date(2023, 7, 18)
    assert word_back_due(ON, CITY) == date(2023, 7, 19)


@pytest.mark.parametrize(
    ("answer", "next_state"),
    [
        (StocktakingAnswer.GOING_ON, HoldKind.SUPPORTING),
        (StocktakingAnswer.UNKNOWN, HoldKind.TRIAGE),
        (StocktakingAnswer.REFERRED_WITHOUT_RESULT, HoldKind.FOLLOWING_THROUGH),
        (StocktakingAnswer.OVER, Standing.CLOSED),
    ],
)
def test_H11_stocktaking_leads_where_the_worker_says(answer: StocktakingAnswer, next_state: State) -> None:
    over = replace(READY[ClosingOutcome.CHECKED_ON_IMPORT], outcome=ClosingOutcome.CHECKED_ON_IMPORT)
    wish = DeedWish(stocktaking=answer, closing=over)
    done = decide(Deed.TAKE_STOCK, HoldFacts(HoldKind.STOCKTAKING, due_on=ON), wish, on=ON, calendar=CITY)
    assert done.next == next_state


def test_H11_an_imported_row_is_not_closed_by_one_person() -> None:
    alone = replace(
        READY[ClosingOutcome.CHECKED_ON_IMPORT],
        outcome=ClosingOutcome.CHECKED_ON_IMPORT,
        second_agreed=False,
    )
    wish = DeedWish(stocktaking=StocktakingAnswer.OVER, closing=alone)
    facts = HoldFacts(HoldKind.STOCKTAKING, due_on=ON)
    with pytest.raises(Refused, match="もう一人の同意"):
        decide(Deed.TAKE_STOCK, facts, wish, on=ON, calendar=CITY)
    with pytest.raises(Refused, match="棚卸しがまだ"):
        decide(Deed.CLOSE, facts, wish, on=ON, calendar=CITY)
    assert decide(Deed.TAKE_STOCK, facts, replace(wish, agreed_by=2), on=ON, calendar=CITY).closing


def test_H11_fifty_at_a_time_agreed_by_two() -> None:
    check_batch(StocktakingAnswer.OVER, 50, second_agreed=True)
    with pytest.raises(Refused, match="50件まで"):
        check_batch(StocktakingAnswer.OVER, 51, second_agreed=True)
    with pytest.raises(Refused, match="もう一人"):
        check_batch(StocktakingAnswer.OVER, 50, second_agreed=False)
    with pytest.raises(Refused, match="一件ずつ"):
        check_batch(StocktakingAnswer.GOING_ON, 2, second_agreed=True)
