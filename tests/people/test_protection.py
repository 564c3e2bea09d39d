"""A protected person appears nowhere: lookup by every key, list, count, hint, matching, page."""

from __future__ import annotations

import pytest

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office, office_of
from tsunagi.people.access import sight_of, visible_parties, visible_to
from tsunagi.people.actions import (
    add_phone,
    change_person,
    end_protection,
    involve,
    join_household,
    leave_search,
    protect,
    register_many,
    register_person,
    relate,
    return_to_search,
    start_household,
)
from tsunagi.people.models import Protection, SearchKey
from tsunagi.people.queries import (
    district_id_of,
    household_of,
    is_protected,
    lookup,
    match,
    people_of,
    person_card,
    relations_of,
)
from tsunagi.people.rules import SUPPORTING_FACETS, NewPerson
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

SAID = {"name": "北山 美月", "kana": "キタヤマ ミヅキ", "birth": "S60.4.5", "phones": ["090-5555-6666"],
        "addresses": ["長岡京市開田2-25-14"]}  # fmt: skip
QUESTIONS = ("北山", "北山 美月", "きたやま", "みづき", "美月 北", "S60.4.5", "1985年", "090-5555-6666", "090-5555",
             "開田2-25-14", "北山 S60.4.5")  # fmt: skip
FIELDS = {"name": "北山 美月", "kana": "キタヤマ ミヅキ", "birth": "S60.4.5", "phone": "090-5555-6666",
          "address": "開田2-25-14"}  # fmt: skip


@pytest.fixture
def desk():
    """A worker of the general desk."""
    return a_worker(an_office("総合相談", is_front_desk=True))


@pytest.fixture
def person(desk):
    return register_person(by=desk, at=NOW, office=office_of(desk).pk, **SAID)


def shown(worker, question):
    return [card.person_id for card in lookup(worker, question, on=TODAY, trail=False)]


def test_before_she_is_found_by_everything(desk, person):
    for question in (*QUESTIONS, FIELDS):
        assert shown(desk, question) == [person.pk], question
    assert match(FIELDS)[0].certain


def test_then_by_nothing_whoever_looks(desk, person):
    protect(person, by=desk, at=NOW, reason="夫が探している")
    elsewhere = a_worker()
    for worker in (desk, elsewhere, a_worker(office_of(desk))):
        for question in (*QUESTIONS, FIELDS):
            assert lookup(worker, question, on=TODAY, trail=False) == [], question
    assert match(FIELDS) == []


def test_she_stands_on_no_list_and_in_no_count(desk, person):
    register_person(by=desk, at=NOW, name="北山 次郎", office=office_of(desk).pk)
    with opened_trail(desk.pk, "test", NOW):
        assert people_of(desk, on=TODAY).total == 2
        protect(person, by=desk, at=NOW)
        page = people_of(desk, on=TODAY)
        assert page.total == 1
        assert [row.name for row in page.rows] == ["北山 次郎"]
        assert people_of(desk, on=TODAY, text="北山 美月").total <= 1


def test_the_same_statements_run_as_if_she_had_never_been_written_down(desk, person, queries):
    other = register_person(
        by=desk, at=NOW, name="北山 次郎", kana="キタヤマ ジロウ", office=office_of(desk).pk
    )
    shown(desk, "北山")  # the worker's posts are known from here on
    with queries() as with_her:
        assert len(shown(desk, "北山")) == 2
    protect(person, by=desk, at=NOW)
    with queries() as without:
        assert shown(desk, "北山") == [other.pk]
    assert with_her.statements == without.statements
    assert not SearchKey.objects.filter(person=person).exists()


def test_no_change_brings_her_back_into_the_index(desk, person):
    protect(person, by=desk, at=NOW)
    add_phone(person, "075-955-9999", by=desk, at=NOW)
    change_person(person, by=desk, at=NOW, revision=person.revision, name="北山 美月子")
    assert not SearchKey.objects.filter(person=person).exists()
    assert shown(desk, "北山") == []


def test_the_database_removes_her_keys_whatever_code_protects_her(desk, person):
    Protection.objects.create(person=person, category="dv", from_on=TODAY, set_by=desk, set_at=NOW)
    assert shown(desk, "北山") == []


def test_a_new_record_of_the_same_data_goes_on_as_for_a_new_person(desk, person):
    protect(person, by=desk, at=NOW)
    again = register_person(by=desk, at=NOW, **SAID)
    assert shown(desk, "北山 美月") == [again.pk]
    register_many([NewPerson(**SAID)], by=desk, at=NOW)
    assert person.pk not in shown(desk, "北山 美月")


def test_her_address_opens_only_to_those_who_hold_a_concern(desk, person):
    protect(person, by=desk, at=NOW)
    card = person_card(desk, person, on=TODAY)
    assert card.protected
    assert card.withheld
    assert (card.phones, card.addresses, card.district) == ((), (), "")
    a_concern(held_by=desk, of=person)
    card = person_card(desk, person, on=TODAY)
    assert not card.withheld
    assert card.phones[0].number == "090-5555-6666"
    assert district_id_of(person.pk) is None


def test_a_household_never_opens_a_protected_member(desk, person):
    husband = register_person(by=desk, at=NOW, name="北山 一郎")
    theirs = a_worker()
    home = start_household(by=desk, at=NOW, members=[(husband, "self"), (person, "spouse")])
    involve(husband.pk, office_of(theirs).pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="consultation",
            reason_id=7, at=NOW)  # fmt: skip
    assert sight_of(theirs, person.pk) is not None
    protect(person, by=desk, at=NOW)
    relate(husband, person, kind="spouse", by=desk, at=NOW)
    assert sight_of(theirs, person.pk) is None
    assert person.pk not in set(visible_to(theirs).values_list("pk", flat=True))
    assert person.pk not in [row[0] for row in visible_parties(theirs).values_list()]
    assert [member.person_id for member in household_of(theirs, husband, on=TODAY).members] == [husband.pk]
    assert relations_of(theirs, husband) == []
    assert len(household_of(desk, husband, on=TODAY).members) == 2
    assert home.pk


def test_joining_a_household_later_does_not_open_her(desk, person):
    theirs = a_worker()
    husband = register_person(by=desk, at=NOW, name="北山 一郎")
    home = start_household(by=desk, at=NOW, members=[(husband, "self")], office=office_of(theirs).pk)
    protect(person, by=desk, at=NOW)
    join_household(home, person, relation="spouse", by=desk, at=NOW)
    assert sight_of(theirs, person.pk) is None


def test_two_clicks_are_one_protection(desk, person):
    assert protect(person, by=desk, at=NOW).pk == protect(person, by=desk, at=NOW).pk


def test_it_ends_only_by_two_people_after_asking_her(desk, person):
    protection = protect(person, by=desk, at=NOW)
    second = a_worker(office_of(desk))
    with pytest.raises(Refused, match="本人に確かめた日"):
        end_protection(protection, by=desk, second=second, person_asked_on=None, at=NOW)
    with pytest.raises(Refused, match="もうひとりの職員"):
        end_protection(protection, by=desk, second=desk, person_asked_on=TODAY, at=NOW)
    assert shown(desk, "北山") == []
    end_protection(protection, by=desk, second=second, person_asked_on=TODAY, at=NOW)
    assert not is_protected(person.pk)
    assert shown(desk, "北山") == [person.pk]


def test_one_of_two_protections_ending_protects_still(desk, person):
    first = protect(person, by=desk, at=NOW)
    protect(person, by=desk, at=NOW, category="dv", measure_until_on=TODAY)
    end_protection(first, by=desk, second=a_worker(), person_asked_on=TODAY, at=NOW)
    assert is_protected(person.pk)
    assert shown(desk, "北山") == []


def test_out_of_search_is_found_by_nobody_and_can_come_back(desk, person):
    leave_search(person, by=desk, at=NOW)
    assert shown(desk, "北山") == []
    assert match(FIELDS) == []
    return_to_search(person, by=desk, at=NOW)
    assert shown(desk, "北山") == [person.pk]
