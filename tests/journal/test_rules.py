"""Only numbers and codes are written down."""

from __future__ import annotations

from typing import Any

import pytest

from tsunagi.journal.rules import NotACode, check_line


def check(detail: Any = None, action: str = "case.seen", **parts: str) -> None:
    check_line(action, **({"subject_kind": "case", "purpose": "", "ground": ""} | parts), detail=detail)


@pytest.mark.parametrize(
    "detail",
    [
        None,
        {},
        {
            "rows": 12,
            "on": "2026-06-09",
            "at": "2026-06-09T10:00:00+09:00",
            "urgent": True,
            "share": 0.5,
            "who": None,
        },
        {"ids": [1, 2, 3], "filter": {"office": 3, "state": "open"}},
        {"draft": "6f1f8d1e-0f5c-4d35-9a83-3d3c8f1e0b11", "number": "R8-0012"},
    ],
)
def test_numbers_days_and_codes_pass(detail: Any) -> None:
    check(detail)


@pytest.mark.parametrize(
    "detail",
    [
        {"name": "架空 花子"},
        {"note": "three days without food"},
        {"long": "x" * 65},
        {"nested": {"deep": ["家賃"]}},
        {"架空 花子": 1},
        {"phone": "0759511234"},
        {"phone": "075-951-1234"},
        {"number": "123456789018"},
        {"number": 123456789018},
        {"bytes": b"x"},
        {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}},
    ],
    ids=lambda detail: next(iter(detail)),
)
def test_words_and_what_identifies_do_not(detail: Any) -> None:
    with pytest.raises(NotACode) as refused:
        check(detail)
    assert "花子" not in str(refused.value)
    assert "1234" not in str(refused.value)


@pytest.mark.parametrize(
    "part", [{"action": "見た"}, {"purpose": "相談のため"}, {"ground": "同意 あり"}, {"action": ""}]
)
def test_every_part_of_a_line_is_a_code(part: dict[str, str]) -> None:
    with pytest.raises(NotACode):
        check(**part)


def test_a_digest_is_a_code_whatever_digits_it_holds() -> None:
    digest = "a" + "123456789018" * 5 + "bcd"
    check_line("seen", subject_kind="demand", purpose="", ground="", detail={"digest": digest})
    with pytest.raises(NotACode):
        check_line("seen", subject_kind="demand", purpose="", ground="", detail={"digest": "123456789018"})
