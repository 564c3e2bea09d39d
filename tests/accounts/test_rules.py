"""What a post, a name and a week may be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tsunagi.accounts.rules import (
    HOLDING_ROLES,
    Role,
    Stale,
    check_absence,
    check_duty,
    check_office_code,
    check_posting,
    check_revision,
    check_sign_in_name,
    check_weekdays,
    temporary_password,
)
from tsunagi.shared.refusal import Refused

READY: dict[str, Any] = {
    "own": False,
    "worker_is_active": True,
    "office_is_active": True,
    "signs_in": True,
    "since": date(2026, 4, 1),
    "planned_until": date(2027, 3, 31),
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"own": True}, "自分の配属は自分では"),
        ({"worker_is_active": False}, "離任した職員"),
        ({"office_is_active": False}, "開いていて"),
        ({"signs_in": False}, "開いていて"),
        ({"planned_until": date(2026, 3, 31)}, "終了予定が、開始の日より前"),
    ],
    ids=["one's own", "left", "closed", "does not sign in", "ends before it begins"],
)
def test_a_posting_may_not_be_when(changed: dict[str, Any], words: str) -> None:
    check_posting(**READY)
    check_posting(**READY | {"planned_until": None})
    with pytest.raises(Refused, match=words):
        check_posting(**READY | changed)


@pytest.mark.parametrize("name", ["hanako", "t.yamada", "w-01", "a_b", "0abc"])
def test_sign_in_names_that_fit(name: str) -> None:
    check_sign_in_name(name)


@pytest.mark.parametrize("name", ["", "ab", "Hanako", "花子", "hana ko", "-hana", "a" * 61, "hana@example"])
def test_sign_in_names_that_do_not(name: str) -> None:
    with pytest.raises(Refused, match="サインイン名"):
        check_sign_in_name(name)


@pytest.mark.parametrize(
    ("code", "fits"), [("NANDEMO", True), ("K-01_a", True), ("窓口", False), ("", False), ("a b", False)]
)
def test_office_codes_can_be_typed_on_a_command_line(code: str, fits: bool) -> None:
    if fits:
        check_office_code(code)
    else:
        with pytest.raises(Refused, match="機関コード"):
            check_office_code(code)


def test_weekdays_are_sorted_and_never_none() -> None:
    assert check_weekdays([3, 1, 3]) == [1, 3]
    for wrong in ([], [7], [-1]):
        with pytest.raises(Refused, match="曜日"):
            check_weekdays(wrong)


def test_a_stale_form_shows_what_differs_in_words() -> None:
    check_revision(3, 3, {"phone": "1"}, {"phone": "2"}, {})
    theirs = {"phone": "075", "is_front_desk": True, "open_weekdays": [0, 1], "fax": ""}
    mine = {"phone": "", "is_front_desk": False, "open_weekdays": [0, 1], "fax": ""}
    with pytest.raises(Stale) as stale:
        check_revision(2, 3, theirs, mine, {"phone": "電話", "is_front_desk": "総合相談の窓口"})
    assert stale.value.differences == (("電話", "075", "(空)"), ("総合相談の窓口", "はい", "いいえ"))
    assert "ほかの人がこの記録を変えました" in str(stale.value)


def test_a_temporary_password_can_be_read_from_paper() -> None:
    password = temporary_password(lambda letters: letters[0])
    assert password == "aaaa-aaaa-aaaa-aaaa"
    drawn: list[str] = []
    temporary_password(lambda letters: drawn.append(letters) or "x")
    assert not set(drawn[0]) & set("0o1il")


def test_absences_and_duties() -> None:
    check_absence(from_on=date(2026, 6, 1), until_on=date(2026, 6, 1))
    with pytest.raises(Refused, match="終わりの日"):
        check_absence(from_on=date(2026, 6, 2), until_on=date(2026, 6, 1))
    check_duty(worker_is_active=True, has_posting=True)
    for active, posted in ((False, True), (True, False)):
        with pytest.raises(Refused, match="当番"):
            check_duty(worker_is_active=active, has_posting=posted)


def test_who_keeps_the_system_holds_nothing() -> None:
    assert set(Role) - HOLDING_ROLES == {
        Role.STATISTICIAN,
        Role.AUDITOR,
        Role.DISCLOSURE_OFFICER,
        Role.SYSTEM_ADMINISTRATOR,
    }
