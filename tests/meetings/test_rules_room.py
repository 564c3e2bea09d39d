"""The screen of the room, rows that two tablets typed, copies, minutes: no database."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tsunagi.meetings.rules import Recall
from tsunagi.meetings.rules.minutes import (
    Came,
    Decided,
    ItemFacts,
    check_agreeing,
    check_correction,
    digest,
    item_lines,
    sitting_lines,
)
from tsunagi.meetings.rules.papers import (
    Back,
    Level,
    check_handing,
    copy_code,
    level_for,
    numbered,
    recall_words,
    watermark,
)
from tsunagi.meetings.rules.room import (
    Seat,
    Stage,
    clock_words,
    in_time,
    leaving,
    needs_confirming,
    not_before,
    seconds_of,
    stage_of,
)
from tsunagi.meetings.rules.room_merge import merged
from tsunagi.shared.refusal import Refused

AT = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
INSIDE = Seat(1, "佐藤", "福祉課", present=True, chosen=True, acknowledged=True)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, ""),
        ({"chosen": False}, "構成員ではありません"),
        ({"acknowledged": False}, "守秘義務"),
        ({"within_consent": False}, "同意の範囲の外"),
    ],
    ids=["inside", "not chosen", "not acknowledged", "outside the consent"],
)
def test_who_hears_an_item(changed: dict[str, Any], why: str) -> None:
    seat = dataclasses.replace(INSIDE, **changed)
    assert seat.inside is (why == "")
    assert why in seat.why_outside
    assert leaving([seat]) == (() if seat.inside else (seat,))
    assert leaving([dataclasses.replace(seat, present=False)]) == ()


def stage(**changed: Any) -> Stage:
    given = {
        "over": False,
        "item": True,
        "in_sight": True,
        "may_be_heard": True,
        "outside": [],
        "confirmed": None,
    }
    return stage_of(**(given | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({}, Stage.SHOWING),
        ({"item": False}, Stage.IDLE),
        ({"over": True}, Stage.OVER),
        ({"outside": [3]}, Stage.CLEARING),
        ({"outside": [3], "confirmed": []}, Stage.CLEARING),
        ({"outside": [3], "confirmed": [3, 4]}, Stage.SHOWING),
        ({"outside": [3, 5], "confirmed": [3]}, Stage.CLEARING),
        ({"may_be_heard": False}, Stage.CLOSED),
        ({"may_be_heard": False, "outside": [3], "confirmed": [3]}, Stage.CLOSED),
        ({"in_sight": False}, Stage.CLOSED),
    ],
    ids=["all inside", "nothing chosen", "over", "somebody outside", "nobody said to have left", "they left",
         "somebody came in since", "consent ended", "consent ended while showing", "not in sight"],
)  # fmt: skip
def test_what_the_screen_does(changed: dict[str, Any], wanted: Stage) -> None:
    assert stage(**changed) is wanted


def test_a_screen_shows_only_when_nobody_outside_is_left() -> None:
    for present in range(4):
        for said in (None, [], [0], [0, 1], [0, 1, 2]):
            outside = list(range(present))
            shown = stage(outside=outside, confirmed=said) is Stage.SHOWING
            assert shown == (not outside or (said is not None and set(outside) <= set(said)))
            assert needs_confirming(outside, said) != shown


def test_a_clock_set_back_takes_no_time_away() -> None:
    back = AT - timedelta(hours=1)
    assert seconds_of([(AT, back)], back) == 0
    assert seconds_of([(AT, None)], back) == 0
    assert seconds_of([(AT, AT + timedelta(seconds=90)), (AT, None)], AT + timedelta(seconds=5)) == 95
    assert not_before(back, AT, None) == AT
    assert clock_words(725) == "12:05"
    assert clock_words(3_700) == "61:40"
    assert in_time(900, 15)
    assert not in_time(901, 15)
    assert in_time(901, None)


BASE = {"what": "学校と話す", "owner_id": "4", "due": "2026-07-01"}


@pytest.mark.parametrize(
    ("theirs", "mine", "values", "clashes"),
    [
        ({}, {"what": "学校と相談する"}, {"what": "学校と相談する"}, []),
        ({"due": "2026-07-08"}, {"what": "学校と相談する"}, {"what": "学校と相談する", "due": "2026-07-08"}, []),
        ({"what": "担任と話す"}, {"what": "担任と話す "}, {"what": "担任と話す"}, []),
        ({"what": "担任と話す"}, {"what": "校長と話す"}, {"what": "担任と話す"}, ["what"]),
        ({"removed": "1"}, {"what": "校長と話す"}, {"removed": "1", "what": "校長と話す"}, []),
        ({"owner_id": "5"}, {"owner_id": "6", "due": ""}, {"owner_id": "5", "due": ""}, ["owner_id"]),
        ({"what": "担任と話す"}, {}, {"what": "担任と話す"}, []),
    ],
    ids=["only mine", "two parts", "the same change", "a clash", "taken away and changed", "one clash one merge", "only theirs"],
)  # fmt: skip
def test_two_texts_of_one_row(
    theirs: dict[str, str], mine: dict[str, str], values: dict[str, str], clashes: list[str]
) -> None:
    found = merged(BASE, BASE | theirs, BASE | mine)
    assert {part: found.values[part] for part in values} == values
    assert [part for part, _stored, _typed in found.clashes] == clashes
    assert found.is_clean is (not clashes)


def test_nothing_typed_is_lost_by_merging() -> None:
    """Whatever two tablets typed, each changed word is in the result or stands in a clash."""
    words = ["", "学校", "家庭"]
    for base in words:
        for theirs in words:
            for mine in words:
                found = merged({"what": base}, {"what": theirs}, {"what": mine})
                seen = {found.values["what"]} | {text for clash in found.clashes for text in clash[1:]}
                assert theirs == base or theirs in seen
                assert mine == base or mine in seen


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({}, Level.INITIAL),
        ({"own_sight": True}, Level.REAL),
        ({"within_consent": True}, Level.INITIAL),
        ({"needs_consent": True, "within_consent": True}, Level.REAL),
        ({"needs_consent": True}, Level.INITIAL),
        ({"observer": True, "own_sight": True}, Level.RELATION),
    ],
    ids=["a member", "sees the person anyway", "no consent asked", "within the consent", "outside it", "observer"],
)  # fmt: skip
def test_how_masked_a_copy_is(facts: dict[str, bool], wanted: Level) -> None:
    given = {"own_sight": False, "needs_consent": False, "within_consent": False, "observer": False} | facts
    assert level_for(**given, usual=Level.INITIAL) is wanted


def test_copies_are_numbered_once() -> None:
    assert numbered([7, 5], []) == {7: 1, 5: 2}
    assert numbered([5, 9], [1, 2]) == {5: 3, 9: 4}
    assert copy_code(12, 3) == "会12-03"
    assert watermark("山本", "教育支援課", "会12-03") == "教育支援課　山本 様　会12-03"
    with pytest.raises(Refused, match="お名前"):
        watermark(" ", "教育支援課", "会12-03")
    with pytest.raises(Refused, match="配りません"):
        check_handing("none")
    assert check_handing("electronic") is Recall.ELECTRONIC


def test_the_recall_list_in_words() -> None:
    out = Back("会1-02", "山本", on_paper=True)
    rows = [
        Back("会1-01", "佐藤", on_paper=True, settled="returned"),
        out,
        Back("会1-03", "岡", on_paper=False),
    ]
    assert recall_words(rows) == "紙の資料 2部。戻ってきた 1部。まだ戻っていないもの 1部（会1-02）。"
    assert recall_words([]) == "資料は配っていません。"
    assert "画面だけ" in recall_words([Back("会1-03", "岡", on_paper=False)])
    assert out.state == "まだ戻っていません"
    assert dataclasses.replace(out, asked_on=AT.date()).state == "返却を頼みました"
    assert Back("会1-03", "岡", on_paper=False, recalled=True).state == "閉じました"


FACTS = ItemFacts(
    1, "支援会議", "なし（支援会議のため、同意はなくてもかまいません）", "この世帯", "学校に行けていない弟をだれが見るか", circle=["福祉課 佐藤"], decided=[Decided("学校と話す", "教育支援課 山本", "R8.7.1"), Decided("夜の居場所", kind="missing")],
    said="山本：欠席が40日ある", shown_at=AT, minutes=12, needs_reading_out=True, read_out_at=AT,
)  # fmt: skip


def test_minutes_say_what_was_decided_and_by_setting_who_said_what() -> None:
    lines = dict(item_lines(FACTS, who_said=False))
    assert lines["決まったこと・役割"] == "・学校と話す（教育支援課 山本、R8.7.1まで）"
    assert lines["足りない資源"] == "夜の居場所"
    assert "に読み上げた" in lines["目的外に使わないこと"]
    assert "だれが何を話したか" not in lines
    assert dict(item_lines(FACTS, who_said=True))["だれが何を話したか"] == "山本：欠席が40日ある"
    quiet = dict(item_lines(ItemFacts(2, "", "", "", ""), who_said=False))
    assert quiet["時間"] == "会議では開きませんでした。"
    assert "目的外に使わないこと" not in quiet


def test_the_head_says_who_came() -> None:
    head = dict(
        sitting_lines(
            body="支援会議", when="R8.6.17 14:00", place="会議室3", items=2, copies="資料は配っていません。",
            came=[Came("佐藤", "福祉課", True, words="15:10まで"), Came("岡", "病院", False), Came("森", "府", True, observer=True)],
        )
    )  # fmt: skip
    assert head["出席"] == "福祉課 佐藤（15:10まで）"
    assert head["欠席"] == "病院 岡"
    assert head["傍聴・助言"] == "府 森"


def test_what_was_agreed_has_one_hash() -> None:
    parts = [(None, "会議", [("場所", "会議室3")], ""), (4, "第1件", [("論点", "だれが")], "補足")]
    same = digest(parts, sitting=3, number=1)
    assert same == digest(
        [(a, b, [list(line) for line in c], d) for a, b, c, d in parts], sitting=3, number=1
    )  # type: ignore[misc]
    assert same != digest(parts, sitting=3, number=2)
    for changed in ("補足。", ""):
        assert same != digest([parts[0], (4, "第1件", [("論点", "だれが")], changed)], sitting=3, number=1)


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"state": "agreed"}, "訂正版"), ({"undecided": 2}, "2件"), ({"still_open": True}, "まだ終わって")],
    ids=["agreed already", "rows without a role", "still sitting"],
)
def test_minutes_are_not_agreed_when(changed: dict[str, Any], words: str) -> None:
    ready = {"state": "draft", "undecided": 0, "still_open": False}
    check_agreeing(**ready)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=words):
        check_agreeing(**(ready | changed))
    with pytest.raises(Refused, match="わけ"):
        check_correction(" ")
