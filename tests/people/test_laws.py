"""What `tsunagi net` finds when the laws of people are broken behind the database's back."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_worker, office_of
from tsunagi.people.actions import protect, register_person, start_household
from tsunagi.people.laws import FINDINGS, LAWS
from tsunagi.people.models import Party, SearchKey

pytestmark = pytest.mark.django_db


def broken(number):
    found = set()
    with connection.cursor() as cursor:
        for law in LAWS:
            if law.number == number:
                cursor.execute(law.violations, {"today": TODAY})
                found |= {tuple(row) for row in cursor.fetchall()}
                cursor.execute(law.counted)
                assert cursor.fetchone()[0] >= 0
    return found


def test_h12_a_sound_city_breaks_nothing():
    worker = a_worker()
    person = register_person(by=worker, at=NOW, name="山田 花子", office=office_of(worker).pk)
    start_household(by=worker, at=NOW, members=[(person, "self")])
    protect(person, by=worker, at=NOW)
    assert broken("H12") == set()
    assert broken("H17") == set()


def test_h12_a_party_without_its_row_is_found():
    party = Party.objects.create(kind="person", created_at=NOW)
    assert ("person", party.pk) in broken("H12")


def test_h12_a_protected_person_who_can_be_found_is_found():
    worker = a_worker()
    person = register_person(by=worker, at=NOW, name="山田 花子")
    protect(person, by=worker, at=NOW)
    SearchKey.objects.create(person=person, kind="name", key="山田花子")
    assert ("person", person.pk) in broken("H12")


def test_h17_an_involvement_that_shows_nothing_is_found():
    worker = a_worker()
    person = register_person(by=worker, at=NOW)
    row = person.party.involvements.create(
        office=office_of(worker), facets=[], ground="", from_on=TODAY, reason_kind="concern", reason_id=1
    )
    assert ("involvement", row.pk) in broken("H17")


def test_findings_are_numbers():
    worker = a_worker()
    person = register_person(by=worker, at=NOW, office=office_of(worker).pk)
    protect(person, by=worker, at=NOW)
    with connection.cursor() as cursor:
        for finding in FINDINGS:
            cursor.execute(finding.sql, {"today": TODAY})
            assert isinstance(cursor.fetchone()[0], int)
