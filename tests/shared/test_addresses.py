"""Addresses: the same place under one key, other places under others."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.shared.addresses import Address, fold_address, town_of

fold = partial(fold_address, prefecture="京都府", city="長岡京市")

TOWNS = [
    "友岡",
    "開田",
    "開田一丁目",
    "開田二丁目",
    "長岡",
    "奥海印寺",
    "緑が丘",
    "神足",
    "東神足",
    "井ノ内",
    "竹の台",
]

numbers = st.integers(1, 99)


def in_kanji(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")


@pytest.mark.parametrize(
    "text",
    [
        "友岡2-17-6",
        "友岡２-１７-６",
        "友岡２－１７－６",
        "友岡2ー17ー6",
        "友岡2−17−6",
        "友岡2‐17‐6",
        "友岡2の17の6",
        "友岡 2-17-6",
        "友岡2丁目17番6号",
        "友岡２丁目１７番６号",
        "友岡2丁目17番地6",
        "友岡2丁目17番地の6",
        "友岡2丁目17-6",
        "友岡 2丁目 17番 6号",
        "友岡二丁目17番6号",
        "友岡二丁目十七番六号",
        "友岡二ー十七ー六",
        "友岡02-17-06",
        "長岡京市友岡2-17-6",
        "京都府長岡京市友岡2-17-6",
        "京都府 長岡京市 友岡2-17-6",
        "〒617-0826 京都府長岡京市友岡2-17-6",
        "大字友岡2-17-6",
        "友岡2-17-6 コーポ友岡101号室",
        "友岡2-17-6-101",
        "友岡2丁目17番6号101",
        "友岡2-17-6（実家）",
    ],
)
def test_one_place_has_one_key(text):
    found = fold(text)
    assert (found.town, found.numbers, found.key) == ("友岡", (2, 17, 6), "友岡 2-17-6")
    assert found.has_chome


@pytest.mark.parametrize(
    ("text", "town", "street", "building"),
    [
        ("友岡2-17-6 コーポ友岡 １０１号室", "友岡", (2, 17, 6), "コーポ友岡 101号室"),
        ("友岡2-17-6-101", "友岡", (2, 17, 6), "101"),
        ("友岡2-17-6 101", "友岡", (2, 17, 6), "101"),
        ("天神1-24-12 山田様方", "天神", (1, 24, 12), "山田様方"),
        ("奥海印寺太鼓山12番地", "奥海印寺太鼓山", (12,), ""),
        ("長岡京市大字奥海印寺小字太鼓山12", "奥海印寺太鼓山", (12,), ""),
        ("開田団地3棟205号", "開田団地", (), "3棟205号"),
        ("三条1-2", "三条", (1, 2), ""),
        ("一里塚3-4-5", "一里塚", (3, 4, 5), ""),
        ("百々1-2", "百々", (1, 2), ""),
        ("開田2丁目", "開田", (2,), ""),
        ("開田", "開田", (), ""),
        ("住所不定", "住所不定", (), ""),
        ("大阪市北区梅田1-2-3", "大阪市北区梅田", (1, 2, 3), ""),
        ("大阪府大阪市北区梅田1-2-3", "大阪府大阪市北区梅田", (1, 2, 3), ""),
        ("", "", (), ""),
        (None, "", (), ""),
    ],
)
def test_an_address_is_taken_apart(text, town, street, building):
    found = fold(text)
    assert (found.town, found.numbers, found.building) == (town, street, building)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("緑が丘2-16-11", "緑ヶ丘2丁目16番11号"),
        ("緑が丘2-16-11", "緑ケ丘２－１６－１１"),
        ("井ノ内2-1", "井の内2番地1"),
        ("滝ノ町3-24-8", "滝の町3-24-8"),
        ("東神足1-5-11", "東\ufa19足1-5-11"),
        ("澤ノ町1-1", "沢ノ町1-1"),
    ],
)
def test_a_town_has_one_key_however_it_is_spelt(one, other):
    assert fold(one).key == fold(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("友岡2-17-6", "友岡2-17-16"),
        ("友岡2-17-6", "友岡2-1-76"),
        ("友岡2-17-6", "開田2-17-6"),
        ("神足1-5-11", "東神足1-5-11"),
        ("長岡2-2-1", "大阪市長岡2-2-1"),
        ("友岡2-17", "友岡2-17-1"),
    ],
)
def test_other_places_have_other_keys(one, other):
    assert fold(one).key != fold(other).key


def test_two_flats_are_one_place_and_two_homes():
    one, other = fold("友岡2-17-6 コーポ友岡101号室"), fold("友岡2丁目17番6号 コーポ友岡102")
    assert one.key == other.key
    assert one.whole_key != other.whole_key
    assert fold("友岡2-17-6-101").whole_key == fold("友岡2-17-6 101号室").whole_key


def test_a_towns_county_may_be_left_out():
    in_the_county = partial(fold_address, prefecture="京都府", city="乙訓郡大山崎町")
    keys = {
        in_the_county(text).key
        for text in ("京都府乙訓郡大山崎町円明寺1-2", "大山崎町円明寺1-2", "円明寺1番地2")
    }
    assert keys == {"円明寺 1-2"}


def test_without_settings_only_the_prefecture_goes():
    assert fold_address("京都府長岡京市友岡2-17-6").town == "長岡京市友岡"
    assert fold_address("長岡京市友岡2-17-6", city="長岡京市").town == "友岡"


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("長岡京市開田2丁目25番14号", "開田二丁目"),
        ("開田1-25-14", "開田一丁目"),
        ("開田3-25-14", "開田"),
        ("開田二丁目", "開田二丁目"),
        ("京都府長岡京市長岡1-1-1", "長岡"),
        ("長岡京市友岡2-1-1", "友岡"),
        ("東神足1-2-3", "東神足"),
        ("神足1-2-3", "神足"),
        ("緑ヶ丘1", "緑が丘"),
        ("竹ノ台1-1", "竹の台"),
        ("大字奥海印寺太鼓山12", "奥海印寺"),
        ("京都市西京区大原野1-1", None),
        ("住所不定", None),
        ("", None),
        (None, None),
    ],
)
def test_the_town_of_an_address_is_the_longest_that_fits(text, town):
    assert town_of(text, TOWNS, prefecture="京都府", city="長岡京市") == town


def test_a_town_is_found_behind_a_city_nobody_told_us():
    assert town_of("京都府長岡京市友岡2-1-1", TOWNS) == "友岡"
    assert town_of("長岡京市長岡2-1-1", TOWNS) == "長岡"


@given(chome=numbers, block=numbers, house=numbers, town=st.sampled_from(TOWNS))
def test_every_way_of_writing_the_numbers_is_one(chome, block, house, town):
    town = town.removesuffix("一丁目").removesuffix("二丁目")
    expected = fold(f"{town}{chome}-{block}-{house}")
    assert expected.numbers == (chome, block, house)
    for written in (
        f"京都府長岡京市{town}{chome}丁目{block}番{house}号",
        f"{town}{in_kanji(chome)}丁目{in_kanji(block)}番{in_kanji(house)}号",
        f"{town}　{chome}ー{block}ー{house}",
        f"{town}{chome}丁目{block}番地の{house} 寮",
        f"長岡京市大字{town}{chome}－{block}－{house}",
    ):
        assert fold(written).key == expected.key


@given(st.text(max_size=20))
def test_any_text_has_an_address_or_none(text):
    found = fold(text)
    assert isinstance(found, Address)
    assert len(found.numbers) <= 3
    again = fold(f"{found.town} {'-'.join(map(str, found.numbers))}")
    assert again.numbers == found.numbers or not found.town
