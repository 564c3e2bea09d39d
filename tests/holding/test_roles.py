"""The holding roles stand in one Python set and in three places of SQL: they agree."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from tsunagi.accounts.rules import HOLDING_ROLES
from tsunagi.holding import laws

pytestmark = pytest.mark.django_db


def roles_in(text: str) -> set[str]:
    """The roles of the first list of quoted words after `role IN`, or of a list in brackets."""
    found = re.search(r"role IN\s*(\([^)]*\))", text)
    return set(re.findall(r"'([a-z_]+)'", found.group(1) if found else text))


@pytest.mark.parametrize("function", ["law_h2_check", "law_h2_of_posting"])
def test_h2_the_triggers_know_the_same_holding_roles(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        (source,) = cursor.fetchone()
    assert roles_in(source) == set(HOLDING_ROLES)


def test_h2_the_net_knows_the_same_holding_roles() -> None:
    assert roles_in(laws._HOLDING_ROLES) == set(HOLDING_ROLES)


def test_the_net_asks_for_them_wherever_it_asks_who_answers() -> None:
    asked = [law.number for law in laws.LAWS if "answering" in law.violations]
    assert asked == ["H2", "H16"]
    assert all(
        roles_in(law.violations) == set(HOLDING_ROLES) for law in laws.LAWS if "answering" in law.violations
    )
