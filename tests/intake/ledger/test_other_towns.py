"""Ledgers of towns that do not exist, in the shapes that towns' ledgers have."""

from __future__ import annotations

import datetime as dt
from datetime import date, time

import openpyxl
import pytest

from tsunagi.intake.ledger.endings import EndingKind
from tsunagi.intake.ledger.fields import Field
from tsunagi.intake.ledger.identities import identity
from tsunagi.intake.ledger.reading import open_ledger, summarise
from tsunagi.intake.ledger.rows import ending_of
from tsunagi.intake.ledger.tables import Passed

from .making import a_book, a_text, clock, field_of, kinds, read, saved

# ---- 桜町: one sheet a month, days without a year, a banner, totals, a hidden old sheet, a safety copy


def sakura() -> bytes:
    def month(name: str, *rows: list) -> list[list]:
        return [
            [f"桜町 相談受付簿 令和6年度 {name}"],
            ["※取扱注意", None, None, None, "作成日 令和7年4月2日"],
            [],
            ["No", "日", "相談者", "本人との関係", "対象者", "年齢", "主訴", "対応者", "緊急度", "終結"],
            *rows,
            ["合計", None, len(rows)],
        ]

    april = month(
        "4月",
        [1, 3, "青木 一郎", "本人", "青木 一郎", 45, "仕事を辞めさせられた。", "谷", "中", "○"],
        [2, 15, "井口 春", "長女", "井口 ツネ", "80代", "母が夜に家を出ていく。", "谷", "高", None],
        [3, 31, "匿名", "近隣", None, None, "子どもの泣き声が続く。", "森", "至急", None],
    )
    january = month(
        "1月", [1, "1/9", "上田 夏", "妻", "上田 修", "52歳位", "夫が酒をやめられない。", "谷", "B", "終結"]
    )
    return a_book(
        {"4月": april, "1月": january, "1月 (2)": january, "R5": april, "集計": [["月", "件数"], ["4月", 3]]},
        hidden=["R5"],
    )


def test_one_sheet_a_month_is_read_as_one_ledger():
    ledger, stored, rejected = read(sakura(), "桜町R6.xlsx")
    assert [(row.sheet, row.line, row.came_on) for row in stored] == [
        ("4月", 5, date(2024, 4, 3)),
        ("4月", 6, date(2024, 4, 15)),
        ("4月", 7, None),  # there is no 31st of April
        ("1月", 5, date(2025, 1, 9)),
    ]
    assert rejected == []
    assert {(one.sheet, one.reason[:8]) for one in ledger.skipped} == {
        ("R5", "隠れているシート"),
        ("1月 (2)", "すべての行が「1"),
        ("集計", ledger.skipped[1].reason[:8]),
    }


def test_the_person_and_the_one_who_came_are_kept_apart():
    _, stored, _ = read(sakura())
    second = stored[1]
    assert (second.name, second.caller_name, second.relation, second.caller_kind) == (
        "井口 ツネ",
        "井口 春",
        "長女",
        "family",
    )
    assert second.birth is not None
    assert second.birth.ages == (80, 89)
    assert (second.urgency, second.worker) == ("high", "谷")
    assert (stored[2].anonymous, stored[2].name, stored[2].caller_name) == (True, "", "")
    assert [row.urgency for row in stored] == ["middle", "high", "high", "middle"]


def test_a_mark_under_終結_is_an_end():
    _, stored, _ = read(sakura())
    assert [ending_of(row).kind for row in stored] == [
        EndingKind.CLOSED_HISTORY,
        EndingKind.STOCKTAKING,
        EndingKind.STOCKTAKING,
        EndingKind.CLOSED_HISTORY,
    ]


def test_a_worker_may_choose_a_hidden_sheet():
    ledger, stored, _ = read(sakura(), only=["R5"])
    assert {row.sheet for row in stored} == {"R5"}
    assert "選ばれていない" in ledger.skipped[0].reason


# ---- 海辺市: western days with hours, two telephone columns under one heading, 男/女 as marks, three storeys


def umibe() -> bytes:
    return a_book(
        {
            "Sheet1": [
                ["海辺市くらしの相談窓口"],
                [
                    None,
                    "受付",
                    None,
                    "本人",
                    None,
                    None,
                    None,
                    None,
                    "連絡先",
                    None,
                    "困りごと（該当に○）",
                    None,
                    None,
                    None,
                    None,
                    "対応",
                ],
                [
                    *["整理\n番号", "年月日\n時刻", "方法", "氏　名", "ふりがな", "性別", None, "生年月日"],
                    *[
                        "TEL",
                        "携帯",
                        "お金",
                        "仕事",
                        "家族",
                        "その他",
                        "内容",
                        "つなぎ先",
                        "状況",
                        "独自の印",
                    ],
                ],
                [None, None, None, None, None, "男", "女", *[None] * 11],
                [
                    *[
                        "A-01",
                        clock(2024, 5, 7, 14, 30),
                        "来所",
                        "浜 一",
                        "はま　はじめ",
                        "○",
                        None,
                        clock(1960, 2, 29),
                    ],
                    *[
                        "0591-00-1111",
                        9012345678,
                        "◎",
                        "○",
                        None,
                        None,
                        "年金だけでは足りない。",
                        "社協",
                        "つなぎ済",
                        "甲",
                    ],
                ],
                [
                    *[
                        "A-02",
                        "2024/5/8 9:05",
                        "電話",
                        "浜 二子（ハマ フタコ）",
                        None,
                        None,
                        "○",
                        "不明",
                        None,
                        None,
                        None,
                        None,
                        "○",
                    ],
                    *["相続", "兄と話せない。", None, "訪問予定（5/20）", None],
                ],
                [
                    *[
                        "A-02",
                        "〃",
                        "〃",
                        "汐見 三",
                        "しおみ　さん",
                        "レ",
                        None,
                        "1999.9.9",
                        "",
                        "080-1111-2222／090-1111-2222",
                    ],
                    *[None, "1", None, None, "会社が遠い。", None, "解決", None],
                ],
            ]
        },
        {
            "Sheet1": [
                "B2:C2",
                "D2:H2",
                "I2:J2",
                "K2:N2",
                "P2:Q2",
                "F3:G3",
                *[f"{letter}3:{letter}4" for letter in "ABCDEHIJKLMNOPQR"],
            ]
        },
    )


def test_three_storeys_of_headings_are_understood():
    ledger = open_ledger(umibe(), "海辺.xlsx")
    assert [column.field.value for column in ledger.columns] == [
        *["number", "came_on", "route", "name", "kana", "sex_male", "sex_female", "birth", "phone", "phone"],
        *["worry_03", "worry_07", "worry_10", "worry_16", "text", "destination", "response", "extra"],
    ]
    assert ledger.columns[6].label == "本人 › 性別 › 女"


def test_western_days_with_hours_and_two_telephones():
    _, stored, _ = read(umibe())
    first, second, third = stored
    assert (first.came_on, first.came_at, first.route) == (date(2024, 5, 7), time(14, 30), "visit_here")
    assert (first.phones, first.sex) == (("0591-00-1111", "090-1234-5678"), "male")
    assert "lost_zero" in kinds(first)
    assert first.birth is not None
    assert first.birth.exact == date(1960, 2, 29)
    assert first.worries == {"03": "double", "07": "circle"}
    assert first.extra == {"独自の印": "甲"}
    assert (second.came_on, second.came_at, second.sex) == (date(2024, 5, 8), time(9, 5), "female")
    assert (second.name, second.kana, second.birth) == ("浜 二子", "ハマ フタコ", None)
    assert third.phones == ("080-1111-2222", "090-1111-2222")


def test_words_under_その他_are_kept_with_the_worry():
    second = read(umibe())[1][1]
    assert (second.worries, second.worry_words) == ({"10": "circle", "16": "circle"}, ("相続",))


def test_ditto_marks_take_the_row_above():
    third = read(umibe())[1][2]
    assert (third.came_on, third.came_at, third.route) == (date(2024, 5, 8), time(9, 5), "phone")
    assert "ditto" in kinds(third)
    assert third.kana == "シオミ　サン"


def test_endings_in_other_words():
    _, stored, _ = read(umibe())
    assert [ending_of(row).kind.value for row in stored] == [
        "following_through",
        "stocktaking",
        "closed_history",
    ]


# ---- 山里村: month and day in columns of their own, names in two, one line merged over two, a CSV without a year


def test_month_and_day_in_columns_of_their_own():
    rows = [
        ["令和5年度 山里村 心配ごと相談", *[""] * 8],
        ["受付", "", "姓", "名", "セイ", "メイ", "相談の内容", "処理結果", "担当"],
        ["月", "日", *[""] * 7],
        ["4", "3", "谷", "一夫", "タニ", "カズオ", "畑の境のことで隣ともめている。", "終結", "森"],
        [
            "3",
            "30",
            "谷",
            "二三",
            "タニ",
            "フミ",
            "夫の介護がつらい。",
            "地域包括支援センターへつなぎ済",
            "森",
        ],
    ]
    _, stored, rejected = read(a_text(rows), "心配ごと.csv")
    assert rejected == []
    assert [row.came_on for row in stored] == [date(2023, 4, 3), date(2024, 3, 30)]
    assert [(row.name, row.kana) for row in stored] == [
        ("谷　一夫", "タニ　カズオ"),
        ("谷　二三", "タニ　フミ"),
    ]
    assert (stored[1].destination, stored[1].outcome) == ("地域包括支援センター", "つなぎ済")
    assert ending_of(stored[1]).kind is EndingKind.FOLLOWING_THROUGH


def test_one_consultation_merged_over_two_lines_is_one_row():
    book = openpyxl.load_workbook(
        __import__("io").BytesIO(
            a_book(
                {
                    "台帳": [
                        ["番号", "受付日", "氏名", "相談内容", "結果"],
                        [1, "R5.4.3", "谷 一夫", "隣ともめている。", "継続"],
                        [None, None, None, "4/10 再び来所。", None],
                        [2, "R5.4.4", "谷 二三", "眠れない。", "終結"],
                        [3, None, "谷 三郎", "腰が痛い。", "終結"],
                    ]
                }
            )
        )
    )
    for area in ("A2:A3", "B2:B3", "C2:C3", "B4:B5"):
        book["台帳"].merge_cells(area)
    _, stored, _ = read(saved(book))
    assert [(row.line, row.came_on, row.text) for row in stored] == [
        (2, date(2023, 4, 3), "隣ともめている。\n4/10 再び来所。"),
        (4, date(2023, 4, 4), "眠れない。"),
        (5, date(2023, 4, 4), "腰が痛い。"),
    ]
    assert "joined_lines" in kinds(stored[0])
    assert "merged" in kinds(stored[2])


# ---- lines that are no rows


def test_everything_that_is_no_row_is_told_with_its_line():
    heading = ["No.", "受付日", "氏名", "相談内容", "結果"]
    rows = [
        heading,
        ["【4月】", "", "", "", ""],
        ["1", "4/3", "谷", "眠れない。", "継続"],
        ["小計", "", "1件", "", ""],
        ["", "", "", "", ""],
        heading,
        ["5月分", "", "", "", ""],
        ["2", "8日", "森", "腰が痛い。", "終結"],
        ["3", "", "", "", ""],
        ["4", "", "", "", ""],
        ["合計", "", "2", "", ""],
        ["※ 個人情報につき取扱注意", "", "", "", ""],
        ["うち来所", "1", "", "", ""],
    ]
    ledger, stored, rejected = read(a_text([["令和5年度 相談受付簿"], *rows]), "R5.csv")
    assert [(row.line, row.came_on) for row in stored] == [(4, date(2023, 4, 3)), (9, date(2023, 5, 8))]
    assert rejected == []
    assert [(one.line, one.reason) for one in ledger.lines() if isinstance(one, Passed)] == [
        (3, "月などの区切り"),
        (5, "合計の行"),
        (7, "見出しの繰り返し"),
        (8, "月などの区切り"),
        (10, "番号だけの行"),
        (11, "番号だけの行"),
        (12, "合計の行"),
        (13, "注記"),
        (14, "合計より下の、件数の表"),
    ]


def test_a_family_called_計_is_no_total():
    rows = [["氏名", "受付日", "相談内容"], ["計", "R5.4.1", "眠れない。"], ["計", "", "300"]]
    ledger, stored, _ = read(a_text(rows), "R5.csv")
    assert [row.name for row in stored] == ["計"]
    assert summarise(ledger).passed == {"合計の行": 1}


def test_rows_of_noise_are_rejected_not_lost():
    rows = [
        ["No.", "受付日", "氏名", "相談内容"],
        ["1", "R5.4.1", "谷", "眠れない。"],
        ["2", "-", "―", "…"],
        ["", "#REF!", "#N/A", ""],
    ]
    ledger, stored, rejected = read(a_text(rows), "R5.csv")
    assert [row.line for row in stored] == [2]
    assert [(one.line, one.column, one.reason[:8]) for one in rejected] == [
        (3, "No.", "記号だけで、相談"),
        (4, "受付日", "計算の誤り(#R"),
    ]
    summary = summarise(ledger)
    assert summary.rows == summary.stored + len(summary.rejected) == 3


def test_lines_written_ahead_with_formulas_are_no_rows():
    """Numbers, unticked boxes and what =DATEDIF leaves, for consultations that have not come."""
    heading = ["No.", "受付日", "年齢", "介護", "DV・虐待", "相談内容"]
    book = a_book(
        {
            "R5": [
                heading,
                [1, "R5.4.1", 53, True, False, "眠れない。"],
                *[[n, None, 0, False, False, "#VALUE!"] for n in (2, 3)],
            ]
        }
    )
    ledger, stored, rejected = read(book)
    assert [(row.line, row.worries) for row in stored] == [(2, {"12": "circle"})]
    assert (rejected, summarise(ledger).passed) == ([], {"番号だけの行": 2})


def test_a_row_with_nothing_but_a_day_is_stored():
    rows = [["No.", "受付日", "氏名", "相談内容"], ["1", "R5.4.1", "", ""]]
    assert read(a_text(rows), "R5.csv")[1][0].came_on == date(2023, 4, 1)


# ---- columns


def test_unknown_columns_are_kept_never_dropped():
    rows = [
        ["受付日", "氏名", "相談内容", "民生委員の意見", "", "来月の予定"],
        ["R5.4.1", "谷", "眠れない。", "要見守り", "赤", "訪問"],
    ]
    row = read(a_text(rows), "R5.csv")[1][0]
    assert row.extra == {"民生委員の意見": "要見守り", "(見出しなし 列5)": "赤", "来月の予定": "訪問"}
    assert row.as_written["民生委員の意見"] == "要見守り"


def test_words_right_of_the_table_are_kept():
    book = a_book(
        {
            "台帳": [
                ["受付日", "氏名", "相談内容"],
                *[["R5.4.1", "谷", "眠れない。"]] * 200,
                ["R5.4.2", "森", "痛い。", None, "←要確認"],
            ]
        }
    )
    row = read(book)[1][-1]
    assert row.extra == {"(見出しなし 列5)": "←要確認"}
    assert "surplus" in kinds(row)


def test_trailing_empty_columns_do_not_show():
    ledger, stored, _ = read(
        a_text([["受付日", "氏名", "相談内容", "", ""], ["R5.4.1", "谷", "眠れない。", "", ""]]), "R5.csv"
    )
    assert [column.label for column in ledger.columns] == ["受付日", "氏名", "相談内容"]
    assert kinds(stored[0]) == set()


def test_columns_without_headings_are_told_by_what_stands_in_them():
    rows = [
        ["受付日", "相談内容", "", "列4", ""],
        *[["R5.4.1", "眠れない。", "075-000-1111", "ヤマダ ハナコ", "女"]] * 3,
    ]
    ledger = open_ledger(a_text(rows), "R5.csv")
    assert [(column.field.value, column.confidence.value) for column in ledger.columns[2:]] == [
        ("phone", "guess"),
        ("kana", "guess"),
        ("sex", "guess"),
    ]
    assert "電話番号が並ぶ" in ledger.columns[2].why


@pytest.mark.parametrize(
    ("heading", "cells", "field"),
    [
        ("相談者", ["山田花子", "谷 一夫", "森 夏"], "name"),
        ("相談者", ["本人", "長女", "民生委員"], "caller"),
        ("本人", ["山田花子", "谷 一夫", "森 夏"], "name"),
        ("本人", ["在宅", "○", "×"], "extra"),
        ("家族", ["夫・子2人", "母と同居", "なし"], "extra"),
        ("その他", ["生保受給中", "手帳2級", "年金"], "extra"),
        ("月", ["4", "5", "6"], "extra"),
        ("主訴", ["債務・仕事探し", "介護", "住まい、家賃"], "worries"),
        (
            "困りごと",
            [
                "家賃が払えず、来月には出ていかなければならない。",
                "夫が家に帰らず、生活費も入れてくれない。",
                "子が学校に行かず、親子で言い争いになる。",
            ],
            "text",
        ),
        ("世帯主の電話番号", ["075-000-1111", "075-000-1112", "075-000-1113"], "extra"),
        ("担当者", ["谷", "森", "谷"], "worker"),
        ("ＴＥＬ（自宅）", ["075-000-1111", "075-000-1112", ""], "phone"),
        ("相談経路", ["来所", "電話", "メール"], "route"),
        ("マイナンバー", ["確認済", "", ""], "my_number"),
    ],
)
def test_a_heading_means_what_its_cells_agree_with(heading, cells, field):
    rows = [
        ["受付日", "相談内容" if heading not in ("主訴", "困りごと") else "備考", heading],
        *[["R5.4.1", "眠れない。", cell] for cell in cells],
    ]
    assert field_of(open_ledger(a_text(rows), "R5.csv"), heading) == field


@pytest.mark.parametrize(
    "heading",
    [
        ["受　付　日", "氏　　名", "ふ り が な", "性\n別", "住　所", "相 談 内 容", "担 当"],
        ["①受付日", "②氏名", "③フリガナ", "④性別", "⑤住所", "⑥相談内容", "⑦担当者"],
        ["相談_受付日", "相談_氏名", "相談_氏名_カナ", "相談_性別", "相談_住所", "相談_内容", "相談_担当"],
        [
            "相談受付年月日",
            "対象者氏名",
            "対象者氏名（ふりがな）",
            "性別(男・女)",
            "現住所",
            "相談内容（主訴）",
            "受付担当者名",
        ],
        ["ＤＡＴＥ", "お名前", "ヨミガナ", "男女", "お住まい", "ご相談内容", "聞き取り者"],
        ["初回相談日", "利用者名", "ﾖﾐｶﾅ", "SEX", "住所（町名）", "困りごとの内容", "対応職員"],
    ],
)
def test_the_same_columns_under_other_names(heading):
    rows = [
        ["R5.4.1", "山田 花子", "ヤマダ ハナコ", "女", "東町1-2-3", "夜に眠れず、昼も起きられない。", "谷"]
    ] * 3
    ledger = open_ledger(a_text([heading, *rows]), "R5.csv")
    assert [column.field.value for column in ledger.columns] == [
        "came_on",
        "name",
        "kana",
        "sex",
        "address",
        "text",
        "worker",
    ]


def test_a_workers_correction_wins():
    rows = [["受付日", "相談日", "氏名", "相談内容"], ["R5.4.1", "R5.4.3", "谷", "眠れない。"]]
    ledger = open_ledger(a_text(rows), "R5.csv")
    assert [column.field.value for column in ledger.columns] == ["came_on", "extra", "name", "text"]
    assert ledger.columns[1].why == "「受付日」は列「受付日」から読むので、文字のまま残します"
    _, stored, _ = read(a_text(rows), "R5.csv", overrides={1: Field.CAME_ON})
    assert (stored[0].came_on, stored[0].extra) == (date(2023, 4, 3), {"受付日": "R5.4.1"})
    assert identity(stored[0]) == identity(read(a_text(rows), "R5.csv")[1][0])


def test_a_correction_goes_for_every_sheet_of_the_same_form():
    form = [["受付日", "氏名", "うわさ"], ["R5.4.1", "谷", "夜に灯りがつかない。"]]
    book = a_book({"4月": form, "5月": [form[0], ["R5.5.1", "森", "犬が鳴きやまない。"]]})
    _, stored, _ = read(book, overrides={2: "text"})
    assert [row.text for row in stored] == ["夜に灯りがつかない。", "犬が鳴きやまない。"]


# ---- what Excel does to a ledger


def test_formulas_without_values_are_said_and_no_row_is_lost():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["No.", "受付日", "氏名", "相談内容"])
    sheet.append([1, "R5.4.1", '="谷"&" 一夫"', "眠れない。"])
    sheet.append(["=ROW()-1", "=TODAY()", '="森"', '="痛い"'])
    ledger, stored, rejected = read(saved(book))
    assert [(row.line, row.name) for row in stored] == [(2, "")]
    assert "unread_formula" in kinds(stored[0])
    assert [(one.line, one.reason[:6]) for one in rejected] == [(3, "計算式だけで")]
    assert ledger.notes == (
        "計算式だけで値の入っていないセルが5個あります。Excelで開いて保存し直すと、値が入って読めるようになります。",
    )


def test_hidden_rows_are_read_and_said():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["受付日", "氏名", "相談内容"], ["R5.4.1", "谷", "眠れない。"], ["R5.4.2", "森", "痛い。"]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    ledger, stored, _ = read(saved(book))
    assert len(stored) == 2
    assert [note[:6] for note in ledger.notes] == ["隠れている行", "隠れている列"]


def test_a_day_excel_took_for_2005_is_put_right():
    book = a_book(
        {
            "令和5年度": [
                ["受付日", "氏名", "相談内容"],
                [clock(2005, 4, 1), "谷", "眠れない。"],
                [dt.date(2006, 1, 9), "森", "痛い。"],
            ]
        }
    )
    _, stored, _ = read(book)
    assert [row.came_on for row in stored] == [date(2023, 4, 1), date(2024, 1, 9)]
    assert all("misread_era" in kinds(row) for row in stored)


def test_a_wrong_dimension_hides_nothing():
    from .making import with_part

    book = a_book({"台帳": [["受付日", "氏名", "相談内容"], ["R5.4.1", "谷", "眠れない。"]]})
    shrunk = with_part(book, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:C2"', b'ref="A1"'))
    assert len(read(shrunk)[1]) == 1


def test_the_1904_calendar_is_respected():
    book = openpyxl.Workbook()
    book.epoch = clock(1904, 1, 1)
    for row in (["受付日", "氏名", "相談内容"], [43555, "谷", "眠れない。"]):
        book.active.append(row)
    assert read(saved(book))[1][0].came_on == date(2023, 4, 1)
