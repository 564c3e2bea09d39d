"""The table the city signs is the table the code obeys."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tsunagi.accounts.rules import HOLDING_ROLES, LegalKind, Role
from tsunagi.permissions import printing
from tsunagi.permissions.rules import CAPS, MATRIX, Purpose, Reach, may, reach_for

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
MAYOR = LegalKind.MAYOR

ABOUT_PEOPLE = [
    Purpose.TODAY,
    Purpose.CONSULT,
    Purpose.LOOK_UP,
    Purpose.READ_PERSON,
    Purpose.WRITE_PERSON,
    Purpose.PROTECT,
    Purpose.HOLD,
    Purpose.REFER,
    Purpose.READ_CASE,
    Purpose.WRITE_CASE,
    Purpose.IMPORT,
    Purpose.NET,
    Purpose.AGREE,
    Purpose.HAND_OVER,
]


def test_every_role_has_its_row() -> None:
    assert set(MATRIX) == set(Role)


@pytest.mark.parametrize(
    "role", [Role.STATISTICIAN, Role.AUDITOR, Role.DISCLOSURE_OFFICER, Role.SYSTEM_ADMINISTRATOR]
)
@pytest.mark.parametrize("purpose", ABOUT_PEOPLE)
def test_who_keeps_the_system_sees_no_person(role: Role, purpose: Purpose) -> None:
    assert reach_for([(role, MAYOR)], purpose) is Reach.NONE


@pytest.mark.parametrize(
    ("purpose", "role", "reach"),
    [
        (Purpose.ADMINISTER, Role.SYSTEM_ADMINISTRATOR, Reach.CITY),
        (Purpose.JOURNAL, Role.AUDITOR, Reach.NUMBERS),
        (Purpose.DISCLOSURE, Role.DISCLOSURE_OFFICER, Reach.CITY),
        (Purpose.HAND_OVER, Role.MANAGER, Reach.OFFICE),
    ],
)
def test_what_one_role_does_no_other_does(purpose: Purpose, role: Role, reach: Reach) -> None:
    for one in Role:
        assert reach_for([(one, MAYOR)], purpose) is (reach if one is role else Reach.NONE)


@pytest.mark.parametrize("role", Role)
def test_who_may_hold_may_see_what_they_hold(role: Role) -> None:
    holds = role in HOLDING_ROLES
    for purpose in (Purpose.HOLD, Purpose.READ_PERSON, Purpose.READ_CASE, Purpose.TODAY):
        assert may([(role, MAYOR)], purpose) is holds


@pytest.mark.parametrize("purpose", Purpose)
def test_somebody_reaches_everything_and_without_a_post_nobody_does(purpose: Purpose) -> None:
    assert any(reach_for([(role, MAYOR)], purpose) > Reach.NONE for role in Role)
    assert reach_for([], purpose) is Reach.NONE


@pytest.mark.parametrize("purpose", Purpose)
def test_a_second_post_never_narrows(purpose: Purpose) -> None:
    posts = [(role, kind) for role in Role for kind in (MAYOR, LegalKind.PRIVATE)]
    for one, other in combinations(posts, 2):
        assert reach_for([one, other], purpose) == max(reach_for([one], purpose), reach_for([other], purpose))


@pytest.mark.parametrize("kind", LegalKind)
@pytest.mark.parametrize("role", Role)
def test_a_legal_kind_only_takes_away(kind: LegalKind, role: Role) -> None:
    for purpose in Purpose:
        assert reach_for([(role, kind)], purpose) <= MATRIX[role].get(purpose, Reach.NONE)
        assert reach_for([(role, kind)], purpose) <= CAPS.get(kind, {}).get(purpose, Reach.CITY)


@pytest.mark.parametrize(
    "kind",
    [
        LegalKind.OTHER_MUNICIPALITY,
        LegalKind.NATIONAL,
        LegalKind.INCORPORATED,
        LegalKind.PRIVATE,
        LegalKind.INDIVIDUAL,
    ],
)
@pytest.mark.parametrize("role", Role)
def test_nobody_outside_the_city_keeps_its_system(kind: LegalKind, role: Role) -> None:
    for purpose in (
        Purpose.ADMINISTER,
        Purpose.JOURNAL,
        Purpose.DISCLOSURE,
        Purpose.IMPORT,
        Purpose.STATISTICS,
    ):
        assert reach_for([(role, kind)], purpose) is Reach.NONE
    assert reach_for([(role, kind)], Purpose.NET) <= Reach.OFFICE


def test_reaches_are_ordered() -> None:
    assert Reach.NONE < Reach.NUMBERS < Reach.INVOLVED < Reach.OFFICE < Reach.CITY
    assert len({printing.sign(reach) for reach in Reach}) == len(Reach)


def test_the_printed_page_is_the_table() -> None:
    assert printing.pages() == {"permissions.md": printing.page()}
    assert PAGE.read_text() == printing.page(), (
        "docs/permissions.md が古くなっています。make docs で印刷し直してください。"
    )
    for word in [*(role.label for role in Role), *(purpose.label for purpose in Purpose)]:
        assert word in printing.page()
