"""個人番号: every way of writing one is found, and nothing that merely looks alike.

The numbers are made from the formula, not taken from anybody.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.shared.my_number import SCRUBBED, check_digit, find, refuse_my_number, scrub
from tsunagi.shared.refusal import Refused

NUMBER = "123456789018"
FULL = str.maketrans("0123456789-", "０１２３４５６７８９－")

elevens = st.from_regex(r"[0-9]{10}[1-9]", fullmatch=True)
words = st.text(st.sampled_from("番号はです。（）「」：:,、 　\n年月日電話"), max_size=6)


def with_check_digit(eleven: str) -> str:
    return f"{eleven}{check_digit(eleven)}"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "1234 5678 9018",
        "1234-5678-9018",
        "1234－5678－9018",
        "1234ー5678ー9018",
        "1234−5678−9018",
        "1234　5678　9018",
        "１２３４５６７８９０１８",
        "１２３４－５６７８－９０１８",
        "1234.5678.9018",
        "1234・5678・9018",
        "1234 - 5678 - 9018",
        "12345678 9018",
        "1234\n5678\n9018",
        "1234\u200b5678\u200b9018",
        "マイナンバーは123456789018です",
        "個人番号:123456789018",
        "個人番号(1234-5678-9018)確認",
        "TEL 075-955-1234 番号123456789018",
        "123456789018 1990/1/1生",
        "1234 5678 9018 1990年生",
        "R5.4.1 1234 5678 9018",
        "法人番号1234567890123、個人番号123456789018",
        "111122223334、123456789018",
        "123456789018.0",
        "１.123456789018",
    ],
)
def test_a_number_is_found_however_it_is_written(text):
    assert find(text) == NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "相談なし",
        "123456789012",
        "1234567890180",
        "0123456789018",
        "1234-5678-9018-3456",
        "1234 5678 9018 3456",
        "3456-1234-5678-9018",
        "3456 1234 5678 9018",
        "1-1234-5678-9018",
        "090-1234-5678-9018",
        "075-955-1234",
        "(090)1234-5678 9018/1/1",
        "090 1234 5678 9018年",
        "09012345678",
        "+811234567890",
        "+81 90 1234 5678",
        "34.123456789018",
        "135.123456789018,35.12",
        "000000000000",
        "2018 2019 2020",
        "617-0826 075-951-2121",
        "123,456,789,018円",
        "123 456 789 018",
        "12345678901",
    ],
)
def test_what_looks_alike_is_left_alone(text):
    assert find(text) is None


@pytest.mark.parametrize(
    ("eleven", "digit"),
    [("12345678901", 8), ("00000000000", 0), ("11111111111", 8), ("00000000005", 1), ("00000000006", 0)],
)
def test_the_check_digit_follows_the_ordinance(eleven, digit):
    assert check_digit(eleven) == digit


def test_a_day_and_an_hour_are_not_a_number():
    moments = [f"{year}0401 09{minute:02}" for year in range(1990, 2030) for minute in range(60)]
    assert not any(find(moment) for moment in moments)


def test_scrubbing_keeps_the_other_words():
    text = "番号は１２３４－５６７８－９０１８。娘は123456789018。電話075-955-1234。"
    clean, found = scrub(text)
    assert clean == f"番号は{SCRUBBED}。娘は{SCRUBBED}。電話075-955-1234。"
    assert found
    assert scrub("電話075-955-1234") == ("電話075-955-1234", False)


def test_the_refusal_names_the_field_and_never_the_number():
    with pytest.raises(Refused, match="「相談内容」に個人番号") as refusal:
        refuse_my_number("番号1234 5678 9018", "相談内容", "what")
    assert refusal.value.field == "what"
    assert "9018" not in str(refusal.value)
    refuse_my_number("電話075-955-1234", "相談内容")
    refuse_my_number(None, "相談内容")


@given(eleven=elevens, before=words, after=words, gap=st.sampled_from(["", " ", "-", "　", "−", "ー"]))
def test_any_number_is_found_among_words(eleven, before, after, gap):
    number = with_check_digit(eleven)
    written = gap.join([number[:4], number[4:8], number[8:]])
    if find(written) is None:  # three years in a row
        assert all(number[place : place + 2] in ("19", "20") for place in (0, 4, 8))
        return
    assert find(f"{before}{written}{after}") == number
    assert find(f"{before}{written.translate(FULL)}{after}") == number
    clean, found = scrub(f"{before}{written}{after}")
    assert found
    assert clean == f"{before}{SCRUBBED}{after}"
    assert scrub(clean) == (clean, False)


@given(
    head=st.sampled_from(["090", "080", "070", "050"]),
    middle=st.from_regex(r"[0-9]{4}", fullmatch=True),
    last=st.from_regex(r"[0-9]{4}", fullmatch=True),
    gap=st.sampled_from(["", "-", " ", "ー", "(", ")"]),
    abroad=st.booleans(),
)
def test_no_telephone_number_is_taken_for_one(head, middle, last, gap, abroad):
    phone = gap.join([f"+81{head[1:]}" if abroad else head, middle, last])
    assert find(phone) is None
    assert find(f"携帯{phone}、075-955-1234") is None


@given(st.from_regex(r"[0-9]{13,20}", fullmatch=True))
def test_no_longer_run_of_digits_is_taken_for_one(digits):
    assert find(digits) is None


@given(eleven=elevens, other=st.integers(1, 9))
def test_a_wrong_check_digit_is_not_a_number(eleven, other):
    assert find(f"{eleven}{(check_digit(eleven) + other) % 10}") is None
