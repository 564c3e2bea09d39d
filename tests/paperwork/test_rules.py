"""What a form is and what a mask does: no database."""

from __future__ import annotations

import pytest

from tsunagi.paperwork.rules import (
    BLACKED,
    FORMS,
    WIDTH,
    Choice,
    Chosen,
    Field,
    Known,
    Mask,
    Row,
    Table,
    Veil,
    band,
    check_many,
    check_print,
    copy_number,
    form_of,
    initials,
    missing,
)
from tsunagi.shared.refusal import Refused

HARU = Known(
    1,
    ("髙﨑 ハル", "ハル婆"),
    "タカサキ ハル",
    "本人",
    82,
    ("京都府長岡京市開田一丁目2番3号",),
    ("075-000-1234",),
)
KENICHI = Known(2, ("髙﨑健一",), "タカサキケンイチ", "子", 52)
SAKURA = Known(
    3, ("森 さくら",), "モリ サクラ", "子", 50, ("大阪府茨木市駅前四丁目6-16",), ("072-000-9999",), True
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_every_row_fills_the_sheet_and_every_key_is_asked_once(form: object) -> None:
    keys = [field.key for field in form.fields()]  # type: ignore[attr-defined]
    for sheet in form.sheets:  # type: ignore[attr-defined]
        for block in sheet.blocks:
            if isinstance(block, Row):
                assert sum(field.wide for field in block.fields) == WIDTH, [
                    field.label for field in block.fields
                ]
    # The number of the answer slip stands on both halves of a つなぐシート.
    assert {key for key in keys if keys.count(key) > 1} <= {"reply_number"}


def test_forms_are_called_by_a_short_code_and_say_where_they_come_from() -> None:
    assert len({form.code for form in FORMS}) == len(FORMS)
    for form in FORMS:
        assert form.code.isascii() and form.code == form.code.lower() and len(form.code) <= 12
        assert form.source


def test_an_unknown_form_is_told_with_those_there_are() -> None:
    with pytest.raises(Refused, match="uketsuke-a"):
        form_of("nani")


def test_what_the_country_asks_for_and_nobody_wrote_is_said_by_its_label() -> None:
    form = form_of("uketsuke-a")
    asked = [field.label for field in form.fields() if field.national]
    assert missing(form, {}) == tuple(asked)
    assert "氏名" not in missing(form, {"name": "髙﨑 ハル"})
    assert "性別" in missing(form, {"sex": Chosen()})
    assert "性別" not in missing(form, {"sex": Chosen(("女性",))})


@pytest.mark.parametrize(
    ("kana", "name", "letters"),
    [
        ("モリタ ハル", "", "M.H."), ("もりた はる", "", "M.H."), ("ﾓﾘﾀ ﾊﾙ", "", "M.H."), ("チバ ジュン", "", "C.J."),
        ("グエン ティ ラン", "", "G.T.R."), ("", "Nguyen Thi Lan", "N.T.L."), ("", "森田 ハル", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_initials_come_from_the_reading(kana: str, name: str, letters: str) -> None:
    assert initials(kana, name) == letters


@pytest.mark.parametrize(
    ("age", "words"),
    [(None, "年代不明"), (0, "10歳未満"), (9, "10歳未満"), (10, "10代"), (82, "80代"), (101, "90代以上")],
)
def test_an_age_is_a_band(age: int | None, words: str) -> None:
    assert band(age) == words


@pytest.mark.parametrize(
    "text",
    [
        "髙﨑 ハルさん", "高崎ハル様", "髙﨑　ハルが言う", "タカサキ ハル", "たかさきはる", "ﾀｶｻｷ ﾊﾙ", "髙﨑健一", "高崎 健一くん", "健一さんの部屋",
        "ハル婆", "髙﨑さん宅", "開田一丁目2番3号", "京都府長岡京市開田１丁目２番３号".replace("１丁目", "一丁目"), "075-000-1234", "０７５（０００）１２３４",
        "0750001234", "森さんから電話", "さくらが来た", "髙\U000e0100﨑 ハル",
    ],
)  # fmt: skip
@pytest.mark.parametrize("mask", [Mask.INITIAL, Mask.RELATION])
def test_no_way_of_writing_a_name_passes_a_mask(mask: Mask, text: str) -> None:
    shown = Veil(mask, (HARU, KENICHI, SAKURA)).text(text)
    for part in ("髙", "高", "﨑", "ハル", "はる", "ﾊﾙ", "健一", "開田", "1234", "１２３４", "さくら", "森"):
        assert part not in shown, shown


def test_under_real_names_only_who_told_us_and_protected_places_are_blacked() -> None:
    veil = Veil(Mask.REAL, (HARU, KENICHI, SAKURA), ("山之内 通代", "075-000-7788"))
    text = "山之内通代さん（０７５-000-7788）が、髙﨑 ハルさんのこと。さくらは茨木市駅前四丁目6－16にいる。"
    shown = veil.text(text)
    assert shown.count(BLACKED) == 3
    assert "髙﨑 ハル" in shown and "さくら" in shown
    assert "山之内" not in shown and "駅前" not in shown
    assert veil.found == {"informant": 2, "place": 1}


def test_a_member_of_the_family_who_told_us_is_still_called_by_name() -> None:
    assert Veil(Mask.REAL, (HARU,), ("髙﨑 ハル",)).text("髙﨑 ハルさん") == "髙﨑 ハルさん"


def test_people_stand_by_initial_and_number_or_by_relation_and_age() -> None:
    assert Veil(Mask.REAL).called(HARU) == "髙﨑 ハル"
    assert Veil(Mask.INITIAL).called(HARU) == "T.H.①"
    assert Veil(Mask.RELATION).called(HARU) == "本人（80代）"
    assert Veil(Mask.RELATION).called(Known(30, ("だれか",))) == "ご家族（年代不明）"
    assert Veil(Mask.INITIAL).called(Known(30, ("だれか",), "ダレカ")) == "D.(30)"


def test_words_that_only_look_like_a_name_stay() -> None:
    veil = Veil(Mask.INITIAL, (SAKURA,))
    assert veil.text("森林組合で働く。森の中。") == "森林組合で働く。森の中。"
    lan = Veil(Mask.INITIAL, (Known(4, ("グエン ティ ラン",), "グエン ティ ラン"),))
    assert (
        lan.text("プランをランさんとつくる。ラン、グエンさん。")
        == "プランをG.T.R.④さんとつくる。G.T.R.④、この世帯の方。"
    )


def test_a_mask_or_a_form_that_is_not_there_is_told() -> None:
    with pytest.raises(Refused, match="real（実名）"):
        check_print(form_of("keika"), "secret")
    with pytest.raises(Refused, match="実名だけ"):
        check_print(form_of("plan-easy"), "initial")
    assert check_print(form_of("keika"), "relation") is Mask.RELATION


@pytest.mark.parametrize(("count", "for_whom", "words"), [(201, "会議", "200件まで"), (51, "  ", "使いみち")])
def test_many_papers_at_once_are_counted(count: int, for_whom: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_many(count, for_whom)
    check_many(50, "")
    check_many(200, "年度末の点検")


def test_a_copy_is_called_by_a_number() -> None:
    assert copy_number(123) == "P000123"


def test_choices_say_where_their_options_come_from() -> None:
    for form in FORMS:
        for field in form.fields():
            assert not isinstance(field, Choice) or bool(field.list_key) != bool(field.options), field.label
            assert isinstance(field, Table | Field)
