"""How single cells are read: days, births, telephones, marks, endings, and what must never be kept."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsunagi.intake.ledger.endings import EndingKind, ending_by
from tsunagi.intake.ledger.frames import Frame, frame_of
from tsunagi.intake.ledger.moments import birth_in, clock_in, moment_in
from tsunagi.intake.ledger.my_numbers import holds_my_number
from tsunagi.intake.ledger.numbers import phones_in
from tsunagi.intake.ledger.responses import caller_in, caller_kind_of, split_response
from tsunagi.intake.ledger.routes import route_of, sex_of, urgency_of
from tsunagi.intake.ledger.rows import LedgerRow, ending_of
from tsunagi.intake.ledger.worries import WORRIES, mark_of, worries_in, worry_of

from .making import a_book, a_my_number, a_row, a_text, clock, kinds, read

R5 = Frame(2023)


# ---- 個人番号


@pytest.mark.parametrize(
    "heading",
    [
        "氏名",
        "フリガナ",
        "性別",
        "生年月日",
        "住所",
        "電話",
        "相談者",
        "困りごと",
        "結果",
        "担当",
        "備考",
        "家族の欄",
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        a_my_number(),
        a_my_number().translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        " ".join([a_my_number()[:4], a_my_number()[4:8], a_my_number()[8:]]),
        "-".join([a_my_number()[:4], a_my_number()[4:8], a_my_number()[8:]]),
        f"本人の番号は{a_my_number()}とのこと",
        "マイナンバー：1111-2222-3333",  # no valid check digit, but the cell says what it is
        "個人番号 123456789012",
    ],
    ids=["plain", "full width", "spaces", "dashes", "in a sentence", "said, with a slip", "said"],
)
def test_a_my_number_is_emptied_wherever_it_stands_and_the_row_kept(heading, written):
    row = a_row(**{heading: written, "No.": "7"})
    assert row.text == "眠れない。"
    assert [repair.column for repair in row.repairs if repair.kind == "my_number"] == [heading]
    everything = json.dumps(asdict(row), ensure_ascii=False, default=str)
    assert not holds_my_number(everything)
    assert written not in everything


def test_a_column_of_my_numbers_is_emptied_even_when_excel_ate_a_zero():
    book = a_book(
        {
            "台帳": [
                ["受付日", "相談内容", "個人番号"],
                ["R5.4.1", "眠れない。", 21425670813],
                ["R5.4.2", "痛い。", "確認済"],
            ]
        }
    )
    first, second = read(book)[1]
    assert (first.extra, kinds(first)) == ({}, {"my_number"})
    assert second.extra == {"個人番号": "確認済"}


def test_a_row_that_held_nothing_else_is_kept_too():
    _, stored, rejected = read(
        a_text([["受付日", "相談内容"], ["", a_my_number()], ["R5.4.1", "眠れない。"]]), "R5.csv"
    )
    assert (len(stored), rejected) == (2, [])


def test_a_rejected_row_and_the_preview_hold_no_my_number():
    lines = (
        f"受付日,氏名,電話,相談者\r\nR5.4.1,谷,本人,{a_my_number()},x,y,z\r\nR5.4.2,森,075-000-1111,本人\r\n"
    )
    ledger, _, rejected = read(lines.encode(), "R5.csv")
    assert len(rejected) == 1
    assert not holds_my_number(repr(rejected) + repr([column.samples for column in ledger.columns]))


@pytest.mark.parametrize(
    "innocent",
    [
        "090-1234-5678",
        "075-951-2121 090-1234-5678",
        "2023年4月1日 14時30分",
        "1234567890123",
        "マイナンバーカードを申請。連絡先 090-1234-5678",
    ],
)
def test_other_numbers_are_left_alone(innocent):
    assert a_row(備考=innocent).note == innocent


# ---- days


@pytest.mark.parametrize(
    ("cell", "day", "at"),
    [
        ("令和5年4月1日", date(2023, 4, 1), None),
        ("R5.4.1", date(2023, 4, 1), None),
        ("Ｒ５．４．１", date(2023, 4, 1), None),
        ("令5/4/1", date(2023, 4, 1), None),
        ("5/4/1", date(2023, 4, 1), None),
        ("5.4.1", date(2023, 4, 1), None),
        ("令和5年4月1日(土)", date(2023, 4, 1), None),
        ("2023-04-01T14:30:00", date(2023, 4, 1), time(14, 30)),
        ("2023/4/1 14:30", date(2023, 4, 1), time(14, 30)),
        ("R5.4.1 午後2時半", date(2023, 4, 1), time(14, 30)),
        ("令和5年4月1日14時05分", date(2023, 4, 1), time(14, 5)),
        ("4月1日", date(2023, 4, 1), None),
        ("3/31", date(2024, 3, 31), None),
        ("R5.4.1〜4.3", date(2023, 4, 1), None),
        ("20230401", date(2023, 4, 1), None),
        (20230401, date(2023, 4, 1), None),
        (45017, date(2023, 4, 1), None),
        ("45017", date(2023, 4, 1), None),
        (45017.5, date(2023, 4, 1), time(12, 0)),
        (clock(2023, 4, 1, 9, 5), date(2023, 4, 1), time(9, 5)),
        (dt.date(2023, 4, 1), date(2023, 4, 1), None),
        (clock(2005, 4, 1), date(2023, 4, 1), None),
    ],
)
def test_a_day_is_read_in_every_form(cell, day, at):
    moment = moment_in(cell, R5)
    assert (moment.day, moment.at, moment.unread) == (day, at, False)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("R5.13.4", "impossible_date"),
        ("R5.2.30", "impossible_date"),
        ("2023/4/31", "impossible_date"),
        ("13/45", "impossible_date"),
        (9_999_999, "impossible_date"),
        ("2203/4/1", "impossible_date"),
        ("昨年末", "vague_date"),
        ("春ごろ", "vague_date"),
        ("佐藤", "vague_date"),
    ],
)
def test_a_day_that_cannot_be_is_unknown_and_said_so(cell, kind):
    moment = moment_in(cell, R5)
    assert (moment.day, moment.repaired) == (None, kind)


def test_a_day_of_another_year_is_kept_and_pointed_at():
    moment = moment_in("R4.4.1", R5)
    assert (moment.day, moment.repaired, moment.unread) == (date(2022, 4, 1), "outside_year", False)


def test_a_month_alone_is_a_partial_day():
    moment = moment_in("令和5年4月", R5)
    assert moment.day is None
    assert moment.partial is not None
    assert (moment.partial.year, moment.partial.month) == (2023, 4)


@pytest.mark.parametrize("cell", ["", None, "不明", "－"])
def test_no_day_is_no_repair(cell):
    assert moment_in(cell, R5) == moment_in(None, Frame())


@pytest.mark.parametrize(
    ("titles", "sheet", "file", "frame"),
    [
        (["令和5年度　相談受付簿"], "Sheet1", "", Frame(2023)),
        ([], "R5相談受付簿", "", Frame(2023)),
        ([], "Sheet1", "soudan-R4.csv", Frame(2022)),
        ([], "4月", "2023年度相談.xlsx", Frame(2023, 4)),
        ([], "令和6年1月分", "", Frame(2023, 1)),
        (["平成30年度"], "", "", Frame(2018)),
        (["令和元年度"], "", "", Frame(2019)),
        (["2023年 相談記録"], "", "", Frame(None, None, 2023)),
        (["作成日 令和7年4月2日", "相談簿"], "台帳", "", Frame()),
        ([], "Sheet1", "report12.csv", Frame()),
    ],
)
def test_the_year_of_a_ledger(titles, sheet, file, frame):
    assert frame_of(titles, sheet, file) == frame


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("14:30", time(14, 30)),
        ("午後2時", time(14)),
        (0.5, time(12)),
        (time(9, 5), time(9, 5)),
        ("9時半頃", time(9, 30)),
        ("夕方", None),
        ("25:00", None),
    ],
)
def test_an_hour_in_a_cell_of_its_own(cell, at):
    assert clock_in(cell) == at


@given(
    st.one_of(
        st.text(max_size=20),
        st.floats(),
        st.integers(),
        st.datetimes(),
        st.dates(),
        st.times(),
        st.booleans(),
    )
)
def test_no_cell_stops_the_reading(cell):
    moment_in(cell, R5)
    clock_in(cell)
    birth_in(cell, said_on=date(2023, 4, 1))


# ---- births and ages


@pytest.mark.parametrize(
    ("cell", "exact", "ages", "kind"),
    [
        ("S30.1.15", date(1955, 1, 15), None, None),
        ("昭和64年1月7日生", date(1989, 1, 7), None, None),
        ("S30.1.15(68歳)", date(1955, 1, 15), None, None),
        ("S30.1.15\n(86歳)", date(1955, 1, 15), None, "age_disagrees"),
        ("昭和65年4月1日", date(1990, 4, 1), None, "other_era"),
        ("53歳位", None, (53, 53), "age_only"),
        ("70代", None, (70, 79), "age_only"),
        (53, None, (53, 53), "age_only"),
        ("53", None, (53, 53), "age_only"),
        ("５３歳", None, (53, 53), "age_only"),
        (20104, date(1955, 1, 15), None, "date_number"),
        (clock(1955, 1, 15), date(1955, 1, 15), None, None),
        ("S30.13.1", None, None, "impossible_date"),
        ("R50.1.1", None, None, "impossible_date"),
        ("49/12/24", None, None, "impossible_date"),
        ("春生まれ", None, None, "vague_date"),
        ("不明", None, None, None),
    ],
)
def test_a_birth_or_an_age(cell, exact, ages, kind):
    birth, repaired = birth_in(cell, said_on=date(2023, 4, 1))
    assert (birth.exact if birth else None, birth.ages if birth else None, repaired) == (exact, ages, kind)


def test_a_birth_known_in_part():
    birth, _ = birth_in("昭和23年頃", said_on=date(2023, 4, 1))
    assert birth is not None
    assert (birth.year, birth.month, birth.about) == (1948, None, True)


def test_an_age_beside_a_birth_that_does_not_fit_is_pointed_at():
    row = a_row(生年月日="S30.1.15", 年齢="86")
    assert "age_disagrees" in kinds(row)
    assert row.birth is not None
    assert row.birth.exact == date(1955, 1, 15)


# ---- names, readings, sexes, telephones


def test_names_stay_as_they_stand():
    for name in ("髙橋　さゆり", "𠮷田翼", "渡邊󠄁 花", "神﨑 ﾒｱﾘｰ", "グエン・ティ・ラン"):
        assert a_row(氏名=name).name == name


def test_readings_become_full_width_katakana():
    row = a_row(フリガナ="ﾀｶﾊｼ　ｻﾕﾘﾞ", 氏名="高橋 さゆり様")
    assert (row.kana, row.name) == ("タカハシ　サユリ゛", "高橋 さゆり")
    assert kinds(row) == {"half_width_kana", "honorific"}
    assert a_row(ふりがな="やまだ はなこ").kana == "ヤマダ ハナコ"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("山田花子（ヤマダ ハナコ）", ("山田花子", "ヤマダ ハナコ", "")),
        ("山田花子\nﾔﾏﾀﾞ ﾊﾅｺ", ("山田花子", "ヤマダ ハナコ", "")),
        ("山田花子（長女）", ("山田花子", "", "長女")),
        ("不明", ("", "", "")),
        ("匿名希望", ("", "", "")),
    ],
)
def test_a_name_with_something_beside_it(name, told):
    row = a_row(氏名=name)
    assert (row.name, row.kana, row.relation) == told


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("075-955-1111", ["075-955-1111"]),
        ("０７５−９５５−１１１１", ["075-955-1111"]),
        ("0759551111", ["075-955-1111"]),
        ("759551111", ["075-955-1111"]),
        ("9012345678", ["090-1234-5678"]),
        ("(075)955-1111", ["075-955-1111"]),
        ("自宅 075-955-1111\n携帯 090-1234-5678", ["075-955-1111", "090-1234-5678"]),
        ("075-955-1111／090-1234-5678(娘)", ["075-955-1111", "090-1234-5678"]),
        ("+81-90-1234-5678", ["090-1234-5678"]),
        ("075-955-1111 090-1234-5678", ["075-955-1111", "090-1234-5678"]),
        ("955-1111", []),
        ("090-1234-567", []),
        ("なし", []),
        ("内線1234", []),
        ("12345", []),
    ],
)
def test_telephone_numbers(words, numbers):
    assert [number.shown for number in phones_in(words)[0]] == numbers


def test_a_number_without_its_area_code_gets_the_citys():
    assert [number.shown for number in phones_in("955-1111", area_code="075")[0]] == ["075-955-1111"]
    rows = [["受付日", "相談内容", "電話"], ["R5.4.1", "眠れない。", "955-1111"]]
    assert read(a_text(rows), "R5.csv", area_code="075")[1][0].phones == ("075-955-1111",)


def test_a_telephone_cell_without_a_number_is_kept_as_words():
    row = a_row(電話="隣の家に取り次いでもらう")
    assert (row.phones, row.extra) == ((), {"電話": "隣の家に取り次いでもらう"})
    assert a_row(電話="075-955-1111(姉の家)").extra == {"電話": "075-955-1111(姉の家)"}


@pytest.mark.parametrize(
    ("word", "sex"),
    [("男", "male"), ("Ｆ", "female"), ("女性", "female"), ("その他", "other"), ("不明", ""), ("赤", None)],
)
def test_sexes(word, sex):
    assert sex_of(word) == sex


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("来所", "visit_here"),
        ("電話（市から）", "phone"),
        ("自宅訪問", "visit_there"),
        ("Eメール", "mail"),
        ("回覧", None),
    ],
)
def test_routes(word, code):
    assert route_of(word) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("高", "high"),
        ("至急！", "high"),
        ("A", "high"),
        ("中", "middle"),
        ("低(様子見)", "low"),
        ("要見極め", "unclear"),
        ("青", None),
        ("", None),
    ],
)
def test_urgencies(word, code):
    assert urgency_of(word) == code


# ---- who came


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("本人", ("本人", "")),
        ("長女 田中花子", ("長女", "田中花子")),
        ("田中花子（長女）", ("長女", "田中花子")),
        ("民生委員(谷)", ("民生委員", "谷")),
        ("障がい福祉課", ("障がい福祉課", "")),
        ("田中花子", ("", "田中花子")),
        ("通りがかりの人から聞いた話", ("通りがかりの人から聞いた話", "")),
    ],
)
def test_who_came(words, told):
    assert caller_in(words) == told


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        *[(word, "family") for word in ("夫", "妻", "父", "母", "兄", "長女", "義母", "内縁の妻")],
        *[(word, "neighbour") for word in ("近隣住民", "大家", "友人")],
        *[(word, "agency") for word in ("ケアマネ", "学校", "地域包括支援センター", "警察")],
        *[(word, "section") for word in ("水道課", "生活保護担当", "庁内")],
        ("本人", "self"),
        ("民生委員", "commissioner"),
        ("匿名", "anonymous"),
        ("", None),
    ],
)
def test_what_kind_of_caller(words, kind):
    assert caller_kind_of(words) == kind


# ---- worries


@pytest.mark.parametrize(
    "mark", ["○", "〇", "◯", "O", "ｏ", "レ", "ﾚ", "1", "１", "✓", "☑", "●", "有", "あり", "△"]
)
def test_marks_of_yes(mark):
    assert mark_of(mark) == "circle"


def test_other_marks():
    assert [mark_of(mark) for mark in ("◎", "×", "－", "0", "なし", "相続")] == [
        "double",
        "",
        "",
        "",
        "",
        None,
    ]


def test_every_name_of_the_form_is_found_alone_and_among_others():
    for code, name in WORRIES.items():
        assert worries_in(name) == ({code: "circle"}, [])
        assert worries_in(f"{name}・DV・虐待")[0] == {code: "circle", "14": "circle"}
    assert set(worries_in("・".join(WORRIES.values()))[0]) == set(WORRIES)
    assert set(worries_in("、".join(WORRIES.values()))[0]) == set(WORRIES)


@pytest.mark.parametrize(
    ("words", "found", "unknown"),
    [
        ("◎債務、○住まい", {"06": "double", "02": "circle"}, []),
        ("1,3,15", {"01": "circle", "03": "circle", "15": "circle"}, []),
        ("①⑯", {"01": "circle", "16": "circle"}, []),
        ("介護\n子育て", {"12": "circle", "11": "circle"}, []),
        ("息子の不登校", {"13": "circle"}, []),
        ("相続・介護", {"12": "circle"}, ["相続"]),
        ("ひきこもり", {"13": "circle"}, []),
        ("", {}, []),
    ],
)
def test_several_worries_in_a_cell(words, found, unknown):
    assert worries_in(words) == (found, unknown)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("収入", ("03", False)),
        ("ＤＶ・虐待", ("14", True)),
        ("⑬ひきこもり", ("13", True)),
        ("障がい", ("01", True)),
        ("天気", None),
    ],
)
def test_short_names_of_worries(name, told):
    assert worry_of(name) == told


# ---- what became of it


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("地域包括支援センター 連絡待ち", ("地域包括支援センター", "連絡待ち", "")),
        ("地域包括支援センター　情報提供のみで終了", ("地域包括支援センター", "情報提供のみで終了", "")),
        ("フードバンク ", ("フードバンク", "", "")),
        (" 継続", ("", "継続", "")),
        ("包括へつなぎ済", ("包括", "つなぎ済", "")),
        ("つなぎ済（社協）", ("社協", "つなぎ済", "")),
        ("終結 ハローワーク", ("ハローワーク", "終結", "")),
        ("社協、法テラス／訪問予定", ("社協、法テラス", "訪問予定", "")),
        ("話を聴き、使える制度を説明した。", ("", "", "話を聴き、使える制度を説明した。")),
        ("", ("", "", "")),
    ],
)
def test_a_place_and_a_state_in_one_cell(words, told):
    assert split_response(words) == told


CLOSED, HANDED, OPEN = EndingKind.CLOSED_HISTORY, EndingKind.FOLLOWING_THROUGH, EndingKind.STOCKTAKING


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        *[
            (word, CLOSED)
            for word in (
                "終結",
                "終了",
                "完了",
                "解決",
                "情報提供のみ",
                "情報提供のみで終了",
                "助言のみ",
                "取下げ",
                "連絡取れず終了",
                "拒否により終結",
                "見守り終了",
                "済",
                "支援終結(R6.3)",
                "間違い電話",
            )
        ],
        *[
            (word, HANDED)
            for word in ("つなぎ済", "繋ぎ済み", "引継ぎ済", "紹介済", "包括を紹介した", "案内済み")
        ],
        *[
            (word, OPEN)
            for word in (
                "継続",
                "連絡待ち",
                "訪問予定",
                "不在",
                "",
                "対応中",
                "見守り",
                "未終結",
                "終結予定",
                "終結せず",
                "一旦終結",
                "終了見込み",
                "死亡",
                "転出",
                "終結→再相談",
                "情報提供",
                "対応済",
                "？",
                "つなぎ済 返事待ち",
                "のみでは終わらず",
            )
        ],
    ],
)
def test_only_an_express_end_closes(outcome, kind):
    found, why = ending_by(outcome=outcome, destination="社協")
    assert found is kind
    assert why.endswith(("。", ")。"))


def test_a_story_that_mentions_an_end_does_not_close():
    story = "前回の支援が終結したあと、夫が仕事を失い、また家賃が払えなくなったとのことで、生活費の相談に来られた。"
    assert ending_by(outcome="", response=story)[0] is OPEN
    assert (
        ending_by(
            outcome="", response="制度の説明をし、ご本人も納得されて帰られたので、これで終結とする。終結"
        )[0]
        is CLOSED
    )


def test_a_day_of_ending_closes_unless_the_outcome_says_otherwise():
    assert ending_of(a_row(終結日="R5.7.1")).kind is CLOSED
    assert ending_of(a_row(終結日="R5.7.1", 結果="継続")).kind is OPEN


def test_weight_puts_life_before_roof_before_the_rest():
    def weight(**cells: str) -> int:
        return ending_of(a_row(**cells)).weight

    plain = weight(相談内容="自治会の場所がない。")
    roof = weight(相談内容="退去を求められている。")
    life = weight(相談内容="死にたいと思うことがある。")
    assert 0 < plain < roof < life <= 100
    assert weight(相談内容="死にたいと思うことがある。", 結果="終結") == 0


# ---- lost and invisible letters


@pytest.mark.parametrize(
    ("heading", "cell", "is_lost"),
    [
        ("氏名", "?田 翼", True),
        ("住所", "長岡京市？所1-2", True),
        ("相談内容", "父の高?が心配。", False),
        ("相談内容", "髙?屋で倒れた。", True),
        ("相談内容", "大丈夫?と聞かれた。", False),
        ("相談内容", "〓さんのこと。", True),
        ("氏名", "山田 花子", False),
    ],
)
def test_lost_letters_are_reported(heading, cell, is_lost):
    assert ("lost_character" in kinds(a_row(**{heading: cell}))) is is_lost


def test_invisible_letters_are_taken_out():
    row = a_row(氏名="山田\u200b花子", 備考="あ\x07い")
    assert (row.name, row.note) == ("山田花子", "あい")
    assert "control_character" in kinds(row)


def test_excels_own_escapes_are_undone():
    book = a_book({"台帳": [["受付日", "相談内容"], ["R5.4.1", "一行目_x000D_\n二行目"]]})
    assert read(book)[1][0].text == "一行目\n二行目"


ANY = st.text(
    alphabet=st.characters(exclude_categories=("Cs",)) | st.sampled_from("○◎?-#=年月日0123456789"),
    max_size=15,
)


@settings(max_examples=40)
@given(st.lists(st.lists(ANY, min_size=6, max_size=6), min_size=1, max_size=6))
def test_any_cells_at_all_are_stored_or_rejected_never_lost(cells):
    rows = [["受付日", "氏名", "生年月日", "電話", "困りごと", "対応"], *cells]
    ledger, stored, rejected = read(a_text(rows, encoding="utf-8-sig"), "R5.csv")
    told = list(ledger.lines())
    assert sum(isinstance(one, LedgerRow) for one in told) == len(stored)
    assert len({one.line for one in told}) == len(told)
    for row in stored:
        ending_of(row)
    assert len(stored) + len(rejected) <= len(cells)
