"""Telephone numbers: many ways of writing, one row of digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.shared.phones import NotAPhone, digits, format_phone, plausible_phone, read_phone
from tsunagi.shared.refusal import Refused

FULL = str.maketrans("0123456789-()+", "０１２３４５６７８９－（）＋")

mobiles = st.from_regex(r"0[5-9]0[1-9][0-9]{7}", fullmatch=True)
land_lines = st.from_regex(r"0[1-9][1-9][0-9]{7}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("075-955-1234", "0759551234", "075-955-1234"),
        ("０７５−９５５−１２３４", "0759551234", "075-955-1234"),
        ("０７５－９５５－１２３４", "0759551234", "075-955-1234"),
        ("075(955)1234", "0759551234", "075-955-1234"),
        ("（０７５）９５５ー１２３４", "0759551234", "075-955-1234"),
        ("075.955.1234", "0759551234", "075-955-1234"),
        ("075 955 1234", "0759551234", "075-955-1234"),
        ("0759551234", "0759551234", "075-955-1234"),
        ("759551234", "0759551234", "075-955-1234"),
        ("TEL:075-955-1234(自宅)", "0759551234", "075-955-1234"),
        ("℡075-955-1234", "0759551234", "075-955-1234"),
        ("075-955-1234 内線12", "0759551234", "075-955-1234"),
        ("075-955-1234（内12）", "0759551234", "075-955-1234"),
        ("+81 75 955 1234", "0759551234", "075-955-1234"),
        ("+81 (0)75-955-1234", "0759551234", "075-955-1234"),
        ("＋８１－９０－１２３４－５６７８", "09012345678", "090-1234-5678"),
        ("0081-90-1234-5678", "09012345678", "090-1234-5678"),
        ("090-1234-5678", "09012345678", "090-1234-5678"),
        ("(090)1234-5678", "09012345678", "090-1234-5678"),
        ("9012345678", "09012345678", "090-1234-5678"),
        ("9012345678.0", "09012345678", "090-1234-5678"),
        ("080-1234-5678（長女）", "08012345678", "080-1234-5678"),
        ("060-1234-5678", "06012345678", "060-1234-5678"),
        ("05012345678", "05012345678", "050-1234-5678"),
        ("0120123456", "0120123456", "0120-123-456"),
        ("120123456", "0120123456", "0120-123-456"),
        ("0800-123-4567", "08001234567", "0800-123-4567"),
        ("0570012345", "0570012345", "0570-012-345"),
        ("0771-22-1234", "0771221234", "0771-22-1234"),
        ("0771(22)1234", "0771221234", "0771-22-1234"),
        ("0771221234", "0771221234", "0771221234"),
        ("0775221234", "0775221234", "077-522-1234"),
        ("0661234567", "0661234567", "06-6123-4567"),
        ("03(1234)5678", "0312345678", "03-1234-5678"),
        ("189", "189", "189"),
        ("075-955-1234、090-1234-5678", "0759551234", "075-955-1234"),
        ("090-1234-5678 075-955-1234", "09012345678", "090-1234-5678"),
    ],
)
def test_a_number_is_read(text, number, shown):
    assert digits(text) == number
    assert format_phone(text) == shown
    assert plausible_phone(text)
    assert read_phone(text) == number


@pytest.mark.parametrize(
    ("text", "area_code", "number", "shown"),
    [
        ("955-1234", "075", "0759551234", "075-955-1234"),
        ("９５５ー１２３４", "075", "0759551234", "075-955-1234"),
        ("自宅 955-1234", "075", "0759551234", "075-955-1234"),
        ("22-1234", "0771", "0771221234", "0771-22-1234"),
        ("0771221234", "0771", "0771221234", "0771-22-1234"),
        ("090-1234-5678", "075", "09012345678", "090-1234-5678"),
        ("06-6123-4567", "075", "0661234567", "06-6123-4567"),
    ],
)
def test_a_local_number_gets_the_citys_area_code(text, area_code, number, shown):
    assert digits(text, area_code=area_code) == number
    assert format_phone(text, area_code=area_code) == shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "数字がありません"),
        ("なし", "数字がありません"),
        ("955-1234", "市外局番がありません"),
        ("090-1234-567", "10けたしかありません（11けたのはずです）"),
        ("03-1234-567", "9けたしかありません（10けたのはずです）"),
        ("075-955-12345", "11けたあります（10けたのはずです）"),
        ("090-1234-56789", "12けたあります（11けたのはずです）"),
        ("0000000000", "かけられない番号"),
        ("12345", "5けたしかありません"),
    ],
)
def test_what_cannot_be_called_is_refused_with_the_reason(text, words):
    assert not plausible_phone(text)
    assert format_phone(text) == text
    with pytest.raises(NotAPhone, match=words) as refused:
        read_phone(text)
    assert isinstance(refused.value, Refused)


def test_a_local_number_without_a_setting_is_left_alone():
    assert digits("955-1234") == "9551234"
    assert digits("22-1234", area_code="075") == "221234"
    assert digits("110", area_code="0751234") == "110"


def test_no_text_is_no_number():
    assert digits(None) == ""
    assert format_phone(None) == ""
    assert not plausible_phone(None)


@given(number=st.one_of(mobiles, land_lines), area_code=st.sampled_from(["", "075", "0771"]))
def test_what_is_shown_has_the_same_digits(number, area_code):
    shown = format_phone(number, area_code=area_code)
    assert digits(shown, area_code=area_code) == number
    assert format_phone(shown, area_code=area_code) == shown
    assert digits(number.translate(FULL), area_code=area_code) == number


@given(mobiles, st.sampled_from(["-", " ", "−", "ー", "－", "."]))
def test_a_mobile_survives_a_spreadsheet_and_any_separator(number, gap):
    assert digits(number[1:]) == number
    assert digits(gap.join([number[:3], number[3:7], number[7:]])) == number
    assert digits(f"+81{number[1:]}") == number


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    assert digits(text) == "" or digits(text).isdigit()
    assert plausible_phone(text) == plausible_phone(digits(text)) or not plausible_phone(text)
