"""How a plan goes on, its days, its やさしい日本語: plain Python."""

from __future__ import annotations

from datetime import date

import pytest

from tsunagi.cases.rules import NEXT_STAGES, Stage
from tsunagi.plans.rules import (
    LIVING,
    NEXT,
    PREPARED,
    STAGE_AFTER,
    MeetingResult,
    MonitorDecision,
    PlanDeed,
    PlanFacts,
    PlanState,
    add_months,
    check_begin,
    check_complete,
    check_days,
    check_decide,
    check_next_day,
    check_role_day,
    check_writing,
    day_in_words,
    deeds_of,
    first_draft,
    may_write,
    next_state,
    period_end,
    points,
    way_to,
)
from tsunagi.shared.refusal import Refused

TODAY = date(2026, 6, 9)
WHOLE = {
    "goals": 1,
    "roles": 1,
    "from_on": TODAY,
    "until_on": date(2026, 12, 8),
    "monitor_on": date(2026, 9, 9),
}


@pytest.mark.parametrize("state", list(PlanState))
@pytest.mark.parametrize("deed", list(PlanDeed))
def test_every_deed_leads_to_a_state_or_says_what_is_possible_instead(
    state: PlanState, deed: PlanDeed
) -> None:
    if (state, deed) in NEXT:
        assert next_state(state, deed) == NEXT[state, deed]
        assert deed in deeds_of(state)
    else:
        with pytest.raises(Refused, match=state.label):
            next_state(state, deed)


def test_a_plan_that_is_over_goes_nowhere() -> None:
    assert {state for state, _deed in NEXT} == LIVING
    for state in (PlanState.EVALUATED, PlanState.WITHDRAWN, PlanState.REPLACED):
        assert deeds_of(state) == ()


def test_from_every_living_state_there_is_a_way_to_an_end() -> None:
    for start in LIVING:
        seen, ahead = {start}, [start]
        while ahead:
            for (state, _deed), then in NEXT.items():
                if state == ahead[0] and then not in seen:
                    seen.add(then)
                    ahead.append(then)
            ahead.pop(0)
        assert seen - LIVING, start


def test_a_plan_in_force_is_never_simply_taken_back() -> None:
    assert (PlanState.RUNNING, PlanDeed.WITHDRAW) not in NEXT
    assert all((state, PlanDeed.WITHDRAW) in NEXT for state in PREPARED)


@pytest.mark.parametrize(
    ("state", "agreed", "result", "may"),
    [
        ("draft", False, "", True),
        ("draft", True, "", False),
        ("conferring", False, "", False),
        ("conferring", False, MeetingResult.FIT, False),
        ("conferring", False, MeetingResult.FIT_REVISED, True),
        ("conferring", True, MeetingResult.FIT_REVISED, False),
        ("decided", False, "", False),
        ("running", True, "", False),
        ("evaluated", True, "", False),
    ],
)
def test_what_may_be_written_in_a_plan(state: str, agreed: bool, result: str, may: bool) -> None:
    assert may_write(state, agreed=agreed, result=result) is may
    if not may:
        with pytest.raises(Refused):
            check_writing(state, agreed=agreed, result=result)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"goals": 0}, "目標をひとつ以上"),
        ({"roles": 0}, "役割"),
        ({"until_on": None}, "プランの期間"),
        ({"monitor_on": None}, "次のモニタリング"),
    ],
)
def test_a_plan_is_not_decided_without(changed: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_complete(PlanFacts(**(WHOLE | changed)))  # type: ignore[arg-type]
    check_complete(PlanFacts(**WHOLE))  # type: ignore[arg-type]


def test_a_plan_does_not_begin_without_a_yes() -> None:
    check_begin(PlanFacts(**WHOLE))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="同意の記録"):
        check_begin(PlanFacts(**WHOLE, agreed=False))  # type: ignore[arg-type]


def test_a_decision_rests_on_a_meeting_or_says_why_none() -> None:
    check_decide("conferring", result="fit", no_meeting="")
    check_decide("conferring", result="fit_revised", no_meeting="")
    check_decide("draft", result="", no_meeting="urgent")
    for state, result in (("conferring", ""), ("conferring", "again"), ("draft", "")):
        with pytest.raises(Refused):
            check_decide(state, result=result, no_meeting="")


def test_months_end_where_the_month_ends() -> None:
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert period_end(date(2026, 6, 9), 6) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((TODAY, TODAY, None), "始まりより前"),
        ((TODAY, date(2028, 1, 1), None), "1年まで"),
        ((TODAY, date(2026, 12, 8), date(2026, 6, 1)), "始まりより前"),
        ((TODAY, date(2026, 12, 8), date(2026, 12, 9)), "終わりより後"),
    ],
)
def test_days_that_do_not_fit_are_refused(days: tuple[date, date, date | None], words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_days(*days)
    check_days(None, None, None)


def test_a_role_has_a_day_and_somebody_looks_again() -> None:
    for day in (None, date(2036, 1, 1)):
        with pytest.raises(Refused):
            check_role_day(day, today=TODAY)
    for day in (None, TODAY, date(2030, 1, 1)):
        with pytest.raises(Refused):
            check_next_day(day, today=TODAY)
    with pytest.raises(Refused, match="終結に進めるときも"):
        check_next_day(None, today=TODAY, decision_ends=True)


@pytest.mark.parametrize("stage", [stage for stage in Stage if Stage.PLANNING in NEXT_STAGES[stage]])
@pytest.mark.parametrize("then", [Stage.CONFERRING, Stage.SUPPORTING, Stage.ENDING, Stage.SUSPENDED])
def test_the_file_comes_to_its_stage_step_by_step(stage: Stage, then: Stage) -> None:
    now = stage
    for step in way_to(stage, then):
        assert step in NEXT_STAGES[now]
        now = step
    assert now == then


def test_a_closed_file_is_left_where_it_is() -> None:
    assert way_to(Stage.CLOSED, Stage.SUPPORTING) == ()
    assert set(STAGE_AFTER) == set(MonitorDecision)


# -- やさしい日本語 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("R8.6.9", "2026年6月9日（火曜日）"),
        ("令和8年6月9日", "2026年6月9日（火曜日）"),
        ("2026/06/09", "2026年6月9日（火曜日）"),
        ("２０２６－０６－０９", "2026年6月9日（火曜日）"),
        ("6/9", "6月9日"),
        ("14:30に来る", "午後2時30分に来る"),
        ("令和8年2月30日", "令和8年2月30日"),
        ("13/40", "13/40"),
        ("", ""),
    ],
)
def test_dates_and_hours_are_written_out(text: str, plain: str) -> None:
    assert first_draft(text) == plain


def test_hard_words_become_easier_and_get_their_reading_once() -> None:
    drafted = first_draft("市役所で面談し、必要に応じて受診に同行する。市役所に電話する。")
    assert (
        drafted
        == "市役所（しやくしょ）で会って話し、必要なときに病院（びょういん）へいっしょに行く。\n市役所に電話する。"
    )
    assert first_draft(drafted) == drafted


def test_a_long_sentence_is_cut_where_nothing_has_to_bend() -> None:
    drafted = first_draft(
        "息子は六年のあいだ部屋から出ていないため、母といっしょに少しずつ声をかけることから始めて、手紙を置いていく。"
    )
    assert drafted.splitlines()[0].endswith("出ていない。")
    assert drafted.splitlines()[1].startswith("だから、")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("あ" * 41 + "。", "長い文です（42文字）"),
        ("行けないわけではない。", "「ない」が二度"),
        ("生活困窮者自立支援の窓口に行く。", "漢字が長く続く"),
        ("ご連絡をいただきますようお願い申し上げます。", "ていねいな言い方"),
    ],
)
def test_what_is_still_hard_is_pointed_at(text: str, words: str) -> None:
    assert any(words in point.why for point in points(text))


def test_nothing_is_pointed_at_in_short_words() -> None:
    assert points("毎月、家（いえ）に行きます。\nいっしょに手紙を書きます。") == ()
    assert day_in_words(TODAY) == "2026年6月9日（火曜日）"
