"""When two records are the same person: one table, no database."""

from __future__ import annotations

from datetime import date

import pytest

from tsunagi.people.queries.lookup import evidence_from_keys
from tsunagi.people.rules import (
    Evidence,
    Home,
    address_key,
    birth_facts,
    person_keys,
    phone_key,
    read_fields,
    score,
    two_of_three,
)
from tsunagi.people.rules.asked import evidence_of

HOME = Home("京都府", "長岡京市", "075")
HANAKO = {"name": "渡邊 花子", "kana": "ワタナベ ハナコ", "birth": "S23.1.15", "phone": "075-955-1234",
          "address": "長岡京市開田2-25-14"}  # fmt: skip


def known(name="", kana="", birth="", phone="", address="", shared=False) -> Evidence:
    """What is kept of somebody written down so."""
    facts = birth_facts(birth)
    keys = person_keys(
        names=[(name, kana)],
        birth=(facts.birth_on, facts.birth_year, facts.birth_month, facts.birth_about),
        numbers=[(phone_key(phone, HOME), shared)] if phone else [],
        places=[(address_key(address, HOME), shared)] if address else [],
    )
    return evidence_from_keys([(kind, key) for kind, key, many in keys if not many])


def asked(**said) -> Evidence:
    return evidence_of(read_fields(**said).keyed(HOME))


CERTAIN, LIKELY, NOBODY = "certain", "likely", "nobody"


@pytest.mark.parametrize(
    ("said", "kept", "expected"),
    [
        # the same person
        (HANAKO, HANAKO, CERTAIN),
        ({"name": "渡辺花子", "birth": "1948-01-15"}, HANAKO, CERTAIN),
        ({"kana": "わたなべ はなこ", "birth": "昭和23年1月15日"}, HANAKO, CERTAIN),
        ({"name": "渡辺花子", "phone": "０７５９５５１２３４"}, HANAKO, CERTAIN),
        ({"kana": "ワタナベハナコ", "phone": "955-1234"}, HANAKO, CERTAIN),
        ({"name": "渡邉花子", "address": "開田２丁目２５番１４号"}, HANAKO, CERTAIN),
        ({"name": "花子 渡辺", "birth": "S23.1.15"}, HANAKO, CERTAIN),
        # names alone are never certain
        ({"name": "渡邊 花子", "kana": "ワタナベ ハナコ"}, HANAKO, LIKELY),
        ({"name": "渡邊 花子"}, HANAKO, LIKELY),
        ({"kana": "ワタナベ ハナコ"}, HANAKO, NOBODY),
        ({"name": "渡邊 花子", "birth": "昭和23年"}, HANAKO, LIKELY),
        # what contradicts takes certainty away
        ({"name": "渡邊 花子", "birth": "S23.1.16", "phone": "075-955-1234"}, HANAKO, LIKELY),
        ({"name": "渡邊 花子", "birth": "S45.7.2"}, HANAKO, NOBODY),
        ({"name": "渡邊 花子", "birth": "S45.7.2", "phone": "075-955-1234"}, HANAKO, LIKELY),
        ({"name": "渡邊 華", "kana": "ワタナベ ハナコ", "birth": "S23.1.15"}, HANAKO, LIKELY),
        ({"name": "渡邊 花子", "kana": "ワタナベ カコ", "birth": "S23.1.15"}, HANAKO, LIKELY),
        ({"name": "渡邊 花子", "kana": "ワタナベ カコ", "birth": "S23.1.15", "phone": "075-955-1234"}, HANAKO, CERTAIN),
        # the family shares its telephone and its door
        ({"name": "渡邊 太郎", "phone": "075-955-1234", "address": "開田2-25-14"}, HANAKO, NOBODY),
        ({"name": "渡邊 太郎", "kana": "ワタナベ タロウ", "phone": "075-955-1234", "birth": "S20.4.1"}, HANAKO, NOBODY),
        ({"name": "渡邊", "phone": "075-955-1234", "address": "開田2-25-14"}, HANAKO, NOBODY),
        ({"phone": "075-955-1234"}, HANAKO, NOBODY),
        ({"phone": "075-955-1234", "address": "開田2-25-14"}, HANAKO, NOBODY),
        ({"name": "渡邊 太郎", "birth": "S23.1.15", "address": "開田2-25-14"}, HANAKO, NOBODY),
        # a family name is not a name
        ({"name": "佐々木", "phone": "075-955-0001"}, {"name": "佐々木", "phone": "075-955-0001"}, LIKELY),
        ({"name": "佐々木", "birth": "S30.5.5"}, {"name": "佐々木", "birth": "S30.5.5"}, LIKELY),
        ({"name": "佐藤健", "phone": "075-955-0001"}, {"name": "佐藤 健", "phone": "075-955-0001"}, CERTAIN),
        # a town is not a door
        ({"name": "渡邊 花子", "address": "開田"}, HANAKO | {"address": "長岡京市開田"}, LIKELY),
        ({"name": "渡邊 花子", "address": "開田2丁目"}, HANAKO | {"address": "長岡京市開田2丁目"}, LIKELY),
        # lost characters neither agree nor contradict
        ({"name": "渡? 花子", "kana": "ワタナベ ハナコ", "birth": "S23.1.15"}, HANAKO, CERTAIN),
        ({"name": "渡〓 花子", "birth": "S23.1.15"}, HANAKO, NOBODY),
        # loosely read
        ({"kana": "オノ ユキ", "birth": "S50.1.1"}, {"name": "大野 祐樹", "kana": "オオノ ユウキ", "birth": "S50.1.1"}, LIKELY),
        # an age is not a birth date
        ({"name": "渡邊 花子", "birth": "昭和23年頃", "phone": "075-955-1234"}, HANAKO, CERTAIN),
        ({"name": "渡邊 花子", "birth": "昭和60年頃"}, HANAKO, NOBODY),
        ({"name": "渡邊 花子", "birth": "昭和60年頃", "phone": "075-955-1234"}, HANAKO, LIKELY),
        (HANAKO | {"birth": "昭和23年頃"}, HANAKO | {"birth": "昭和24年頃"}, CERTAIN),
        # somebody else
        ({"name": "山田 太郎", "birth": "S23.1.15"}, HANAKO, NOBODY),
        ({"name": "田中 蘭", "phone": "075-000-0000"}, HANAKO, NOBODY),
        ({}, HANAKO, NOBODY),
    ],
)  # fmt: skip
def test_how_sure_we_are(said, kept, expected):
    found = score(1, asked(**said), known(**kept))
    assert (CERTAIN if found.certain else LIKELY if found.likely else NOBODY) == expected, found


def test_what_many_people_share_never_counts():
    found = score(1, asked(**HANAKO | {"birth": ""}), known(**HANAKO | {"birth": ""}, shared=True))
    assert not found.certain
    assert "同じ電話" not in found.reasons
    assert "同じ住所" not in found.reasons


def test_the_reasons_are_sentences_in_order():
    assert score(1, asked(**HANAKO), known(**HANAKO)).reasons == (
        "同じ電話", "氏名が同じ", "読みが同じ", "生年月日が同じ", "同じ住所",
    )  # fmt: skip


def test_the_family_is_named_as_a_possibility():
    found = score(1, asked(name="渡邊 太郎", phone="075-955-1234"), known(**HANAKO))
    assert "ご家族かもしれません" in found.reasons


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"kana": "ワタナベ ハナコ", "birth": "S23.1.15"}, True),
        ({"kana": "ワタナベ ハナコ", "phone": "075-955-1234"}, True),
        ({"birth": "S23.1.15", "phone": "075-955-1234"}, True),
        ({"kana": "ワタナベ ハナコ"}, False),
        ({"name": "渡邊 花子", "address": "開田2-25-14"}, False),
        ({"kana": "ワタナベ", "birth": "S23.1.15"}, False),
        ({"kana": "ワタナベ ハナコ", "birth": "昭和23年"}, False),
    ],
)
def test_a_hint_needs_two_of_three(said, fits):
    assert two_of_three(asked(**said), known(**HANAKO)) is fits


def test_a_partial_birth_date_meets_a_whole_one():
    assert "生まれた年が同じ" in score(1, asked(name="渡邊 花子", birth="昭和23年"), known(**HANAKO)).reasons
    assert (
        "生まれた年と月が同じ"
        in score(1, asked(name="渡邊 花子", birth="昭和23年1月"), known(**HANAKO)).reasons
    )


def test_an_estimated_year_is_only_an_age():
    young = birth_facts("29歳位", on=date(2026, 6, 9))
    assert young.birth_about
    assert young.birth_year == 1997
    assert young.birth_on is None
