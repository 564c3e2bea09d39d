"""What a code and a setting are."""

from __future__ import annotations

from datetime import date, time

import pytest

from tsunagi.codes.rules import (
    SETTINGS,
    CodeCard,
    SettingKind,
    Span,
    SpanUnit,
    check_code,
    check_setting,
    folded,
    read_setting,
    spelling_index,
    version_of,
)
from tsunagi.shared.refusal import Refused


def a_code(value: str = "rent", label: str = "家賃", **changed: object) -> CodeCard:
    """One version of one choice."""
    return CodeCard(
        **{
            "list_key": "worries",
            "value": value,
            "label": label,
            "short": label,
            "version": 1,
            "position": 10,
            "national_report": False,
            "attributes": {},
        }
        | changed  # type: ignore[arg-type]
    )


FIRST = a_code(label="家賃のこと", version=1, retired_on=date(2024, 4, 1))
SECOND = a_code(label="家賃やローン", version=2, valid_from=date(2024, 4, 1), retired_on=date(2026, 4, 1))
THIRD = a_code(label="住まいの費用", version=3, valid_from=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (None, "住まいの費用"),
        (date(2015, 1, 1), "家賃のこと"),
        (date(2024, 3, 31), "家賃のこと"),
        (date(2024, 4, 1), "家賃やローン"),
        (date(2026, 4, 1), "住まいの費用"),
        (date(2040, 1, 1), "住まいの費用"),
    ],
    ids=[
        "newest",
        "long before",
        "last day of the first",
        "first day of the second",
        "change of year",
        "later",
    ],
)
def test_a_record_reads_as_it_read_on_its_day(on: date | None, words: str) -> None:
    version = version_of([THIRD, FIRST, SECOND], "rent", on)
    assert version is not None
    assert version.label == words


def test_a_retired_code_still_has_its_words() -> None:
    gone = a_code(retired_on=date(2020, 4, 1))
    assert version_of([gone], "rent", date(2026, 1, 1)) == gone
    assert not gone.in_force(None)
    assert not gone.in_force(date(2020, 4, 1))
    assert gone.in_force(date(2020, 3, 31))


def test_a_value_that_never_was_has_no_version() -> None:
    assert version_of([FIRST], "tax") is None


@pytest.mark.parametrize(
    "written",
    ["ＤＶ・虐待", "DV/虐待", "dv、虐待", " DV 虐待 ", "DV･虐待"],
    ids=["full width", "slash", "comma", "spaces", "half-width mark"],
)
def test_spellings_of_a_ledger_are_the_same_words(written: str) -> None:
    assert folded(written) == folded("DV・虐待")


def test_a_choice_is_found_by_label_short_label_and_alias_unless_retired() -> None:
    codes = [
        a_code("rent", "家賃やローンの支払いのこと", short="家賃", attributes={"aliases": ["ローン"]}),
        a_code("home", "住まい", position=20, attributes={"aliases": ["家賃"]}),
        a_code("old", "地代", retired_on=date(2020, 1, 1)),
    ]
    index = spelling_index(codes)
    assert index[folded("家賃やローンの支払いのこと")] == "rent"
    assert index[folded("ローン")] == "rent"
    assert index[folded("家賃")] == "rent", "the first in order wins"
    assert folded("地代") not in index


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value": "家賃"}, "半角"),
        ({"value": ""}, "半角"),
        ({"label": "  "}, "空です"),
        ({"label": "あ" * 121}, "120字"),
    ],
    ids=["a value in Japanese", "no value", "no words", "too many words"],
)
def test_a_code_is_refused_when(changed: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_code(**({"value": "rent", "label": "家賃"} | changed))


def test_every_setting_is_of_its_own_kind_and_within_its_bounds_as_shipped() -> None:
    for spec in SETTINGS.values():
        limit = read_setting(SETTINGS[spec.within], SETTINGS[spec.within].default) if spec.within else None
        assert limit is None or isinstance(limit, Span)
        check_setting(spec, spec.default, limit=limit)


def test_holding_settings_are_those_of_the_table_of_kinds() -> None:
    horizons = {
        key.split(".")[1]: str(read_setting(spec, spec.default))
        for key, spec in SETTINGS.items()
        if key.endswith(".horizon")
    }
    assert horizons == {
        "stocktaking": "60開庁日",
        "triage": "10開庁日",
        "assessing": "30開庁日",
        "supporting": "100日",
        "handing_over": "15開庁日",
        "following_through": "190日",
        "coordinating": "20開庁日",
        "coordinating_agreed": "100日",
        "reaching_out": "60日",
        "participating": "100日",
        "watching": "190日",
    }


@pytest.mark.parametrize(
    ("key", "stored", "value"),
    [
        ("calendar.closing_time", "17:15", time(17, 15)),
        ("hold.triage.due", {"n": 3, "unit": "bd"}, Span(3, SpanUnit.OPEN_DAYS)),
        ("consent.age", 15, 15),
        ("city.name", "長岡京市", "長岡京市"),
    ],
)
def test_a_setting_is_read_in_its_kind(key: str, stored: object, value: object) -> None:
    assert read_setting(SETTINGS[key], stored) == value


@pytest.mark.parametrize(
    ("key", "stored", "words"),
    [
        ("calendar.closing_time", "五時", "時刻"),
        ("calendar.closing_time", 17, "時刻"),
        ("hold.triage.due", {"n": "3", "unit": "bd"}, "期間"),
        ("hold.triage.due", {"n": 3, "unit": "weeks"}, "期間"),
        ("hold.triage.due", 3, "期間"),
        ("hold.triage.due", {"n": 0, "unit": "bd"}, "1から"),
        ("hold.watching.horizon", {"n": 400, "unit": "days"}, "1から190まで"),
        ("consent.age", 30, "12から18まで"),
        ("consent.age", True, "数"),
        ("city.name", 3, "ことば"),
    ],
)
def test_a_setting_is_refused_with_what_is_wanted(key: str, stored: object, words: str) -> None:
    with pytest.raises(Refused, match=words):
        check_setting(SETTINGS[key], stored)


@pytest.mark.parametrize(
    ("due", "ok"),
    [
        (Span(10, SpanUnit.OPEN_DAYS), True),
        (Span(11, SpanUnit.OPEN_DAYS), False),
        (Span(30, SpanUnit.DAYS), True),
        (Span(31, SpanUnit.DAYS), False),
    ],
)
def test_a_due_day_never_lies_beyond_the_horizon(due: Span, ok: bool) -> None:
    spec, horizon = SETTINGS["hold.triage.due"], Span(10, SpanUnit.OPEN_DAYS)
    if ok:
        assert check_setting(spec, due.as_json, limit=horizon) == due
    else:
        with pytest.raises(Refused, match="いちばん先の日"):
            check_setting(spec, due.as_json, limit=horizon)


def test_every_kind_of_setting_is_in_use() -> None:
    assert {spec.kind for spec in SETTINGS.values()} == set(SettingKind)
