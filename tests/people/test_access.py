"""The doors: who comes in, on what ground, and what the journal knows of it."""

from __future__ import annotations

import pytest
from django.http import Http404

from tests.factories import NOW, a_worker, an_office, office_of
from tsunagi.accounts.rules import Role
from tsunagi.journal.models import Entry
from tsunagi.people.access import (
    household_for,
    party_for,
    person_for,
    unknown_for,
    visible_to,
)
from tsunagi.people.actions import involve, join_unknown, note_unknown, register_person, start_household
from tsunagi.people.rules import SUPPORTING_FACETS
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import NoTrail, opened_trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    """A counsellor."""
    return a_worker()


@pytest.fixture
def person(worker):
    return register_person(by=worker, at=NOW, name="山田 花子", office=office_of(worker).pk)


def refused(door, worker, number, *args):
    with opened_trail(worker.pk, "test", NOW), pytest.raises(Http404) as answer:
        door(worker, number, *args)
    return str(answer.value)


def test_absent_and_not_yours_are_the_same(worker, person):
    stranger = a_worker()
    assert refused(person_for, stranger, person.pk) == refused(person_for, stranger, 999_999) == ""


def test_a_look_is_journalled_with_its_ground(worker, person):
    with opened_trail(worker.pk, "test", NOW):
        person_for(worker, person.pk, Purpose.WRITE_PERSON)
    entry = Entry.objects.get(action="person.seen")
    assert (entry.subject_id, entry.ground, entry.purpose) == (person.pk, "01", "write_person")
    assert entry.detail["involvements"] == [person.party.involvements.get().pk]


def test_a_door_without_a_log_does_not_open(worker, person):
    with pytest.raises(NoTrail):
        person_for(worker, person.pk)


@pytest.mark.parametrize(
    "role", [Role.STATISTICIAN, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.DISCLOSURE_OFFICER]
)
def test_roles_that_see_no_persons_see_none(worker, person, role):
    colleague = a_worker(office_of(worker), role)
    refused(person_for, colleague, person.pk)
    assert not visible_to(colleague).exists()


def test_each_door_opens_to_its_own_kind(worker, person):
    home = start_household(by=worker, at=NOW, members=[(person, "self")])
    unknown = note_unknown(by=worker, at=NOW, office=office_of(worker).pk)
    with opened_trail(worker.pk, "test", NOW):
        assert person_for(worker, person.pk).pk == person.pk
        assert household_for(worker, home.pk).pk == home.pk
        assert unknown_for(worker, unknown.pk).pk == unknown.pk
        assert party_for(worker, home.pk).kind == "household"
    for door, number in ((person_for, home.pk), (household_for, person.pk), (unknown_for, person.pk)):
        refused(door, worker, number)


def test_a_joined_record_opens_as_the_person(worker, person):
    unknown = note_unknown(by=worker, at=NOW, office=office_of(worker).pk)
    join_unknown(unknown, person, by=worker, at=NOW)
    with opened_trail(worker.pk, "test", NOW):
        assert person_for(worker, unknown.pk).pk == person.pk
    refused(unknown_for, worker, unknown.pk)


def test_everybody_visible_is_counted_once(worker, person):
    office = office_of(worker).pk
    for number in range(3):
        involve(person.pk, office, ground="01", facets=SUPPORTING_FACETS, reason_kind="concern", reason_id=number,
                at=NOW)  # fmt: skip
    start_household(by=worker, at=NOW, members=[(person, "self")], office=office)
    assert visible_to(worker).count() == 1


def test_an_office_that_closed_sees_nobody(worker, person):
    office = office_of(worker)
    type(office).objects.filter(pk=office.pk).update(is_active=False)
    fresh = type(worker).objects.get(pk=worker.pk)
    assert not visible_to(fresh).exists()
    assert an_office().pk
