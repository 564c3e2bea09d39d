"""Deeds on persons, on the real database."""

from __future__ import annotations

import pytest

from tests.factories import NOW, TODAY, a_worker, office_of
from tsunagi.people.actions import register_person
from tsunagi.people.queries import lookup

pytestmark = pytest.mark.django_db


def test_a_person_is_written_down_and_found():
    worker = a_worker()
    person = register_person(
        by=worker, at=NOW, name="渡邊　花子", kana="ワタナベ ハナコ", birth="S23.1.15", phones=["075-955-1234"],
        addresses=["長岡京市開田2丁目25番14号"], office=office_of(worker).pk,
    )
    for text in ("渡邊", "わたなべ", "花子 渡", "S23.1.15", "075-955-12", "開田2-25-14", "ハナコ"):
        assert [c.person_id for c in lookup(worker, text, on=TODAY, trail=False)] == [person.pk], text
