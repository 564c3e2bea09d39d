"""The lists that ship with the product."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tsunagi.codes.actions import shipped_lists
from tsunagi.codes.rules import check_code, folded
from tsunagi.holding.rules import DeclineReason, GapKind, WaitingFor

LISTS: dict[str, dict[str, Any]] = {card["key"]: card for card in shipped_lists()}


@pytest.mark.parametrize("key", sorted(LISTS))
def test_a_shipped_list_can_be_chosen_from(key: str) -> None:
    codes = LISTS[key]["codes"]
    assert codes
    for code in codes:
        check_code(value=code["value"], label=code["label"])
    for field in ("value", "label"):
        assert [word for word, times in Counter(code[field] for code in codes).items() if times > 1] == []


@pytest.mark.parametrize("key", sorted(LISTS))
def test_no_spelling_means_two_things(key: str) -> None:
    meaning: dict[str, str] = {}
    for code in LISTS[key]["codes"]:
        for spelling in {code["label"], code.get("short", code["label"]), *code.get("aliases", ())}:
            assert meaning.setdefault(folded(spelling), code["value"]) == code["value"], spelling


@pytest.mark.parametrize(("key", "count"), [("worries", 16), ("traits", 27)])
def test_the_national_lists_are_numbered_and_complete(key: str, count: int) -> None:
    assert LISTS[key]["national_report"]
    assert [code["value"] for code in LISTS[key]["codes"]] == [
        f"{number:02d}" for number in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("key", "enum"),
    [("decline_reasons", DeclineReason), ("gap_kinds", GapKind), ("waiting_for", WaitingFor)],
)
def test_what_logic_branches_on_has_the_same_values_as_its_list(key: str, enum: Any) -> None:
    assert {code["value"] for code in LISTS[key]["codes"]} == {member.value for member in enum}


def test_no_code_names_an_unlawful_stay() -> None:
    words = [
        word for card in LISTS.values() for code in card["codes"] for word in (code["label"], code["value"])
    ]
    assert [word for word in words if "不法" in word or "illegal" in word] == []


def test_the_cases_of_the_city_are_all_there() -> None:
    seed = [code["label"] for code in LISTS["case_types"]["codes"] if code.get("seed")]
    for word in (
        "困り感",
        "グレーゾーン",
        "整理がつかない",
        "8050",
        "ひきこもり(中高年)",
        "不登校",
        "ヤングケアラー",
        "ダブルケア",
        "触法",
        "多言語",
    ):
        assert any(word in label for label in seed), word
