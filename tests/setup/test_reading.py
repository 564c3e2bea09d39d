"""A city's file as people write it: what is understood, and what is told with its line."""

from __future__ import annotations

from datetime import date, time

import pytest

from tsunagi.config.opening import example
from tsunagi.setup.rules.reading import read

CITY = "市:\n  コード: 999997\n  名前: みどり町\n  都道府県: 架空県\n"
OFFICE = "機関:\n  - コード: a\n    名前: 窓口\n    運営: 直営\n    法上の種類: 市長部局\n    分野: 高齢\n"


def problems(text: str | bytes) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [str(problem) for problem in read(data).problems]


def office(line: str) -> dict[str, object]:
    reading = read(f"{OFFICE}    {line}\n".encode())
    assert reading.problems == []
    return reading.document.offices[0].values


def test_the_example_has_no_mistake() -> None:
    reading = read(example().encode())
    assert reading.problems == []
    assert reading.notes == []
    assert len(reading.document.workers) == 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_encoding_a_japanese_machine_writes_is_read(encoding: str, ending: str) -> None:
    reading = read(CITY.replace("\n", ending).encode(encoding))
    assert reading.problems == []
    assert reading.document.city is not None
    assert reading.document.city.get("name") == "みどり町"


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("電話: 0790000101", "phone", "0790000101"),
        ("電話: 075-000-0101", "phone", "075-000-0101"),
        ("電話: ０７５ー０００ー０１０１", "phone", "075-000-0101"),
        ("このシステムを使う: no", "signs_in", False),
        ("このシステムを使う: いいえ", "signs_in", False),
        ("総合相談の窓口: ○", "is_front_desk", True),
        ("総合相談の窓口: on", "is_front_desk", True),
        ("略称: no", "short_name", "no"),
        ("略称: 0123", "short_name", "0123"),
        ("閉庁時刻: 17:15", "closing_time", time(17, 15)),
        ("閉庁時刻: １７時１５分", "closing_time", time(17, 15)),
        ("委託の終わり: 2028-03-31", "contract_until", date(2028, 3, 31)),
        ("委託の終わり: R10.3.31", "contract_until", date(2028, 3, 31)),
        ("委託の終わり: 令和10年3月31日", "contract_until", date(2028, 3, 31)),
        ("開庁の曜日: 月火水木金", "open_weekdays", [0, 1, 2, 3, 4]),
        ("開庁の曜日: 火〜土", "open_weekdays", [1, 2, 3, 4, 5]),
        ("開庁の曜日: [月, 水]", "open_weekdays", [0, 2]),
        ("電話： 075-000-0101", "phone", "075-000-0101"),
        ("電話:075-000-0101", "phone", "075-000-0101"),
        ("略称: ~", "short_name", ""),
        ("当番: なし", "duty", ""),
    ],
)
def test_a_value_is_never_something_else_than_what_was_written(line: str, name: str, value: object) -> None:
    assert office(line)[name] == value


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"{CITY}  名前: ほか町\n", 5, "3行目にもあります"),
        (f"{CITY}  市区町村名: ほか町\n", 5, "3行目の項目と同じ"),
        (f"{CITY}  でんわ: 1\n", 5, "という項目はありません"),
        (f"{CITY}機関・課:\n", 5, "という項目はありません"),
        (f"{CITY}\t電話: 075-000-0101\n", 5, "タブ"),
        ("市:\n  コード: 999998\n  名前: あ\n  都道府県: い\n", 2, "検査数字"),
        ("市:\n  コード: 999997\n  都道府県: い\n", 2, "「名前」がありません"),
        (f"{OFFICE}    電話: きょうだけ\n", 7, "電話番号として読めません"),
        (f"{OFFICE}    委託の終わり: 2028-02-30\n", 7, "日付として読めません"),
        (f"{OFFICE}    委託の終わり: R10\n", 7, "年・月・日まで"),
        (f"{OFFICE}    開庁の曜日: 月火祝\n", 7, "曜日として読めません"),
        (f"{OFFICE}    総合相談の窓口: たぶん\n", 7, "「はい」か「いいえ」"),
        (f"{OFFICE}    略称: *a\n", 7, "「*」や「&」"),
        (f"{OFFICE}    略称: &a b\n", 7, "「*」や「&」"),
        (f"{OFFICE}    略称: !!python/object:os.system x\n", 7, "「!」"),
        (f'{OFFICE}    略称: "閉じない\n', 7, "引用符"),
        (f"{OFFICE}    略称: 123456789018\n", 7, "個人番号"),
        ("機関: 窓口\n", 1, "「- 」をつけて"),
        ("- 市\n", 1, "いちばん左"),
        ("", 1, "何も書かれていません"),
        ("市:\n  コード: [1, 2]\n  名前: あ\n  都道府県: い\n", 2, "ひとつだけ"),
        (b"\xff\x00\x81", 1, "文字として読めない"),
        (f"{CITY}機関:\n  - コード: a b\n", 6, "機関コードは"),
        ("設定:\n  閉庁時刻: 25:00\n", 2, "時刻として読めません"),
        ("設定:\n  '受付整理: 次に動く日': あした\n", 2, "期間として読めません"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text: str | bytes, line: int, words: str) -> None:
    found = problems(text)
    assert any(one.startswith(f"{line}行目: ") and words in one for one in found), found


def test_all_mistakes_are_told_at_once_though_two_sections_cannot_be_parsed() -> None:
    text = (
        "市:\n  コード: 999998\n  名前: あ\n  都道府県: い\n"  # a wrong check digit
        '機関:\n  - コード: "a\n'  # a quote that never ends
        "職員:\n  - サインイン名: A B\n    氏名: 架空 花子\n"  # not a sign-in name
        "暦:\n  閉じる日: [2027-01-05\n"  # a bracket that never closes
    )
    lines = [problem.line for problem in read(text.encode()).problems]
    assert {2, 8}.issubset(lines)
    assert len(lines) >= 4


def test_deep_brackets_and_great_files_are_refused_and_nothing_breaks() -> None:
    assert problems("市: " + "[" * 20_000)
    assert "大きすぎます" in problems(b"a" * 6_000_000)[0]
    bomb = "市: &a [x]\n" + "町: [" + ", ".join(["*a"] * 1000) + "]\n"
    assert all("「*」や「&」" in one for one in problems(bomb))


def test_a_short_row_stands_for_its_first_key() -> None:
    reading = read("暦:\n  閉じる日: [2027-01-04, 2027-05-01]\n".encode())
    assert reading.problems == []
    assert reading.document.calendar is not None
    assert [row.get("day") for row in reading.document.calendar.get("closed")] == [
        date(2027, 1, 4),
        date(2027, 5, 1),
    ]
