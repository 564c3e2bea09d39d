"""What a file would change, and what cannot be; written back and read again it says the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.accounts.rules import Field, LegalKind, Role, RunBy
from tsunagi.codes.rules import CodeCard, ListCard
from tsunagi.config.opening import example
from tsunagi.places.rules import Basis
from tsunagi.setup.rules.planning import Plan, Standing, plan
from tsunagi.setup.rules.reading import Document, Entry, read
from tsunagi.setup.rules.writing import quoted, write
from tsunagi.shared.my_number import find

EXAMPLE = example()
METHODS = ListCard(
    "contact_means",
    "方法",
    False,
    "",
    (
        CodeCard("contact_means", "phone", "電話", "電話", 1, 10, False, {}),
        CodeCard("contact_means", "visit", "訪問", "訪問", 1, 20, True, {}),
    ),
)
EMPTY = Standing(Document(), {METHODS.key: METHODS})


def planned(text: str, standing: Standing = EMPTY) -> Plan:
    reading = read(text.encode())
    assert reading.problems == []
    return plan(reading.document, standing)


def changed(old: str, new: str) -> str:
    assert EXAMPLE.count(old) >= 1
    return EXAMPLE.replace(old, new, 1)


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)


def test_the_example_can_be_done_and_workers_come_before_the_offices_they_are_on_duty_in() -> None:
    made = planned(EXAMPLE)
    assert made.problems == []
    kinds = [step.kind for step in made.steps]
    assert (
        kinds.index("worker") < kinds.index("office") < kinds.index("posting") < kinds.index("changed_office")
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("当番: sato ", "当番: satou", "当番「satou」は職員にいません。「sato」のことですか"),
        ("当番: sato ", "当番: tanaka", "この機関に配属されていません"),
        ("当番: sato ", "当番: なし", "当番が必要です"),
        ("機関: marugoto\n        役割: 相談員", "機関: marugotto\n        役割: 相談員", "「marugoto」のことですか"),
        ("サインイン名: suzuki", "サインイン名: sato", "サインイン名「sato」が"),
        ("コード: tsunagari", "コード: marugoto ", "機関コード「marugoto」が"),
        ("代わりの機関: marugoto", "代わりの機関: kenkou", "別の機関を書いてください"),
        ("代わりの機関: marugoto", "代わりの機関: doko", "機関にありません"),
        ("主な進学先: みどり中学校区", "主な進学先: 川西小学校区", "中学校区ではありません"),
        ("    校区: 中央小学校区\n    一部", "    校区: 東小学校区\n    一部", "校区「東小学校区」は校区にありません"),
        ("担当する校区: すべて", "担当する校区: 南小学校区", "小学校区にありません"),
        ("      - 丁目: 3-4\n        校区", "      - 校区", "小字・丁目・番地のどれか"),
        ("まで: 2027-01-04", "まで: 2026-01-04", "始まりの日より前"),
        ("まで: 2027-01-04", "まで: 2028-01-04", "92日まで"),
        ("値: yakuba_madoguchi", "値: visit", ""),
        ("  方法:", "  方方:", "コード表「方方」はありません"),
        ("3開庁日", "11開庁日", "いちばん先の日"),
        ("当番: watanabe", "当番: byouin", "当番「byouin」は職員にいません"),
        ("このシステムを使う: いいえ", "このシステムを使う: いいえ\n    当番: sato", "当番は置けません"),
        ("      - 機関: kenkou", "      - 機関: byouin", "配属できません"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_before_anything_is_done(old: str, new: str, words: str) -> None:
    text = changed(old, new)
    made = planned(text)
    if not words:  # a value that stands is given other words instead of being added
        assert [step.kind for step in made.steps][-1] == "changed_code"
        return
    assert any(words in str(problem) for problem in made.problems), [str(one) for one in made.problems]
    assert all(problem.line >= 1 for problem in made.problems)


def test_a_problem_stands_on_the_line_that_is_wrong() -> None:
    text = changed("当番: sato ", "当番: satou")
    made = planned(text)
    assert [problem.line for problem in made.problems] == [line_of(text, "当番: satou")]


def test_a_national_item_and_a_list_the_program_branches_on_are_only_worded() -> None:
    gaps = ListCard(
        "gap_kinds", "はざまの種類", False, "", (CodeCard("gap_kinds", "a", "あ", "あ", 1, 1, False, {}),)
    )
    standing = Standing(Document(city=Entry(0, {"code": "999997"})), {METHODS.key: METHODS, gaps.key: gaps})
    made = planned(
        "コード表:\n  方法:\n    - 値: visit\n      使わない: はい\n    - 値: phone\n      使わない: はい\n"
        "  はざまの種類:\n    - 値: b\n      ことば: べつ\n    - 値: a\n      ことば: ことばだけ\n",
        standing,
    )
    assert ["国へ報告" in str(one) or "動きが決まっている" in str(one) for one in made.problems] == [
        True,
        True,
    ]
    assert [step.kind for step in made.steps] == ["retired_code", "changed_code"]


def test_what_the_file_does_not_name_is_left_standing_and_told() -> None:
    before = read(EXAMPLE.encode()).document
    made = planned("職員:\n  - サインイン名: sato\n    氏名: 佐藤 あおい\n", Standing(before))
    assert made.steps == []
    assert len(made.left) == 1
    assert "suzuki" in made.left[0]


def test_another_city_is_never_loaded_over_this_one() -> None:
    made = planned(
        "市:\n  コード: 262099\n  名前: べつの市\n  都道府県: 京都府\n",
        Standing(read(EXAMPLE.encode()).document),
    )
    assert "別の市" in str(made.problems[0])


def test_a_post_that_stands_is_not_changed_by_a_file() -> None:
    before = read(
        EXAMPLE.replace("役割: 相談員\n", "役割: 相談員\n        開始: 2024-04-01\n", 1).encode()
    ).document
    text = changed("役割: 相談員\n", "役割: 相談員\n        開始: 2025-04-01\n")
    assert "ファイルからは変えられません" in str(planned(text, Standing(before, EMPTY.lists)).problems[0])


# -- written back and read again ------------------------------------------------------------------------

# Any letters a keyboard gives, also those YAML takes for something else.
WORDS = (
    st.text(
        st.one_of(
            st.sampled_from("あア亜漢１２Ａａ 　-:#'\"[]{}&*!|>%@`,?~=.0123456789noyestrueNULL＃：ー〜○"),
            st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")),
        ),
        min_size=1,
        max_size=24,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: bool(text) and find(text) is None)
)
CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,12}", fullmatch=True)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9._\-]{2,12}", fullmatch=True)
DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
PHONES = st.from_regex(r"0[0-9]{1,3}-[0-9]{3}-[0-9]{4}", fullmatch=True)
WEEK = st.sets(st.integers(0, 6), min_size=1).map(sorted)


def entries(needed: dict[str, Any], may: dict[str, Any]) -> Any:
    """Entries with all of the needed values and some of the others."""
    return st.fixed_dictionaries(needed, optional=may).map(lambda values: Entry(0, values))


DISTRICTS = entries({"name": WORDS}, {"kana": WORDS, "basis": st.sampled_from(Basis.values()), "code": CODES})
CLOSINGS = st.lists(
    st.tuples(DAYS, st.integers(1, 20), WORDS).map(
        lambda told: Entry(0, {"day": told[0], "until": told[0] + timedelta(days=told[1]), "label": told[2]})
    ),
    min_size=1,
    max_size=3,
)
OFFICES = entries(
    {
        "code": CODES,
        "name": WORDS,
        "run_by": st.sampled_from(RunBy.values()),
        "legal_kind": st.sampled_from(LegalKind.values()),
        "field": st.sampled_from(Field.values()),
    },
    {
        "short_name": WORDS,
        "phone": PHONES,
        "signs_in": st.booleans(),
        "closing_time": st.times().map(lambda hour: hour.replace(second=0, microsecond=0)),
        "open_weekdays": WEEK,
        "contract_until": DAYS,
        "areas": st.lists(
            WORDS.filter(lambda words: not set(words) & set("、,，")), min_size=1, max_size=3, unique=True
        ),
        "closed": CLOSINGS,
    },
)
POSTS = entries(
    {"office": CODES, "role": st.sampled_from(Role.values())},
    {"since": DAYS, "is_main": st.booleans(), "is_secondment": st.booleans()},
)
WORKERS = entries(
    {"sign_in_name": NAMES, "name": WORDS},
    {
        "kana": WORDS,
        "employer": WORDS,
        "joined_on": DAYS,
        "postings": st.lists(POSTS, min_size=1, max_size=3),
    },
)


def said(value: Any) -> Any:
    """A document without its lines."""
    if isinstance(value, Entry):
        return {name: said(one) for name, one in value.values.items()}
    return [said(one) for one in value] if isinstance(value, list) else value


@given(st.lists(DISTRICTS, max_size=3), st.lists(OFFICES, max_size=3), st.lists(WORKERS, max_size=3))
def test_a_document_written_and_read_again_says_the_same(
    districts: list[Entry], offices: list[Entry], workers: list[Entry]
) -> None:
    document = Document(districts=districts, offices=offices, workers=workers)
    reading = read(write(document, head="見出し\n: - [").encode())
    if not (districts or offices or workers):
        return
    assert reading.problems == []
    for name in ("districts", "offices", "workers"):
        assert said(getattr(reading.document, name)) == said(getattr(document, name))


@given(WORDS)
def test_any_words_come_back_from_a_quoted_scalar(words: str) -> None:
    reading = read(f"町:\n  - 名前: {quoted(words)}\n".encode())
    assert reading.problems == []
    assert reading.document.towns[0].get("name") == words


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    reading = read(data)
    assert all(problem.line >= 1 and problem.sentence for problem in reading.problems)


@given(
    st.integers(0, len(EXAMPLE)),
    st.sampled_from(["", "\t", "：", "　", "[", '"', "- ", ":", "#", "\n", "*", "|"]),
)
def test_an_example_with_a_slip_of_the_finger_never_breaks_reader_or_plan(place: int, slip: str) -> None:
    text = EXAMPLE[:place] + slip + EXAMPLE[place + 1 :]
    plan(read(text.encode()).document, EMPTY)
