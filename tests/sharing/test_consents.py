"""Consent: what it opens, to whom, and that its end is heard at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, TODAY, a_person, a_worker, an_office, an_outside_agency, office_of
from tsunagi.accounts.models import Worker
from tsunagi.people.access import sight_of
from tsunagi.people.actions import merge_persons
from tsunagi.people.models import Involvement, Person
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.sharing import actions
from tsunagi.sharing.models import Consent, PaperAskedBack
from tsunagi.sharing.queries import (
    consent_state,
    consents_of,
    may_be_told,
    named_on_papers,
    offices_within_consent,
)
from tsunagi.sharing.rules import ConsentState, ConsentWish, EndKind

pytestmark = pytest.mark.django_db


def agreed(*offices: Any, **fields: Any) -> ConsentWish:
    """A yes to these offices, as a worker types it."""
    values = {
        "state": "given_all",
        "preset": "standard",
        "office_ids": tuple(office.pk for office in offices),
        "way": "oral",
        "explained_on": TODAY,
    }
    return ConsentWish(**(values | fields))


def consents(person: Person, wish: ConsentWish, by: Worker, *, at: Any = NOW) -> Consent:
    given = actions.record_consent(person.pk, wish, office_id=office_of(by).pk, by=by, at=at)
    connection.check_constraints()
    return given


@pytest.fixture
def her() -> Person:
    return a_person("丘 ゆり", birth_on=date(1980, 5, 5))


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("生活支援課"))


@pytest.fixture
def housing() -> Worker:
    return a_worker(an_office("すまい法人", legal_kind="private"))


def test_nobody_asked_is_not_explained(her: Person) -> None:
    assert consent_state(her.pk, on=TODAY) == ConsentState.NOT_EXPLAINED


def test_a_consent_opens_what_it_names_and_nothing_else(her: Person, worker: Worker, housing: Worker) -> None:
    consents(her, agreed(office_of(housing)), worker)
    assert consent_state(her.pk, on=TODAY) == ConsentState.GIVEN_ALL
    assert offices_within_consent(her.pk, on=TODAY) == {office_of(housing).pk}
    sight = sight_of(housing, her.pk)
    assert sight is not None and sight.ground == "02"
    assert "justice" not in sight.facets
    assert sight.facets == may_be_told(her.pk, office_of(housing).pk, on=TODAY)
    assert sight_of(a_worker(), her.pk) is None


def test_an_office_outside_is_told_but_sees_nothing_on_screen(her: Person, worker: Worker) -> None:
    hospital = an_outside_agency()
    consents(her, agreed(hospital), worker)
    assert may_be_told(her.pk, hospital.pk, on=TODAY)
    assert not Involvement.objects.filter(office=hospital).exists()


def test_withdrawal_ends_sight_at_once(her: Person, worker: Worker, housing: Worker) -> None:
    given = consents(her, agreed(office_of(housing)), worker)
    actions.withdraw_consent(given, by=worker, at=NOW, words="やめてほしい")
    assert sight_of(housing, her.pk) is None
    assert consent_state(her.pk, on=TODAY) == ConsentState.WITHDRAWN
    assert not may_be_told(her.pk, office_of(housing).pk, on=TODAY)
    assert PaperAskedBack.objects.get().office == office_of(housing)
    assert consents_of(her.pk, on=TODAY)[0].state_label == "撤回"


def test_one_office_alone_may_be_taken_out(her: Person, worker: Worker, housing: Worker) -> None:
    other = an_office("包括支援センター", legal_kind="entrusted")
    given = consents(her, agreed(office_of(housing), other), worker)
    actions.withdraw_consent(given, by=worker, at=NOW, office_ids=[other.pk])
    assert offices_within_consent(her.pk, on=TODAY) == {office_of(housing).pk}
    assert consent_state(her.pk, on=TODAY) == ConsentState.GIVEN_ALL


def test_some_facets_may_be_taken_out(her: Person, worker: Worker, housing: Worker) -> None:
    given = consents(her, agreed(office_of(housing)), worker)
    left = actions.withdraw_consent(given, by=worker, at=NOW, facets=["health", "money"])
    assert left is not None and left.previous == given
    sight = sight_of(housing, her.pk)
    assert sight is not None and not sight.facets & {"health", "money"}
    assert consent_state(her.pk, on=TODAY) == ConsentState.GIVEN_PART
    connection.check_constraints()


def test_the_persons_own_day_ends_it(her: Person, worker: Worker, housing: Worker) -> None:
    last = TODAY + timedelta(days=30)
    given = consents(her, agreed(office_of(housing), until_on=last), worker)
    assert may_be_told(her.pk, office_of(housing).pk, on=last)
    after = last + timedelta(days=1)
    assert not may_be_told(her.pk, office_of(housing).pk, on=after)
    assert sight_of(housing, her.pk, on=after) is None
    assert actions.end_consents_past_their_day(after, at=NOW + timedelta(days=31)) == 1
    given.refresh_from_db()
    assert given.ended_how == EndKind.DAY


def test_a_refusal_ends_what_was_given(her: Person, worker: Worker, housing: Worker) -> None:
    consents(her, agreed(office_of(housing)), worker)
    consents(her, ConsentWish(state="refused", explained_on=TODAY), worker)
    assert consent_state(her.pk, on=TODAY) == ConsentState.REFUSED
    assert sight_of(housing, her.pk) is None


def test_a_new_yes_replaces_the_answer_before(her: Person, worker: Worker, housing: Worker) -> None:
    consents(her, ConsentWish(state="considering", explained_on=TODAY), worker)
    assert consent_state(her.pk, on=TODAY) == ConsentState.CONSIDERING
    given = consents(her, agreed(office_of(housing), preset="this_office"), worker)
    assert consent_state(her.pk, on=TODAY) == ConsentState.GIVEN_PART
    given.previous.refresh_from_db()  # type: ignore[union-attr]
    assert given.previous is not None and given.previous.ended_how == EndKind.CHANGED


def test_two_withdraw_at_once(her: Person, worker: Worker, housing: Worker) -> None:
    given = consents(her, agreed(office_of(housing)), worker)
    actions.withdraw_consent(given, by=worker, at=NOW)
    with pytest.raises(Refused, match="すでに終わっています"):
        actions.withdraw_consent(given, by=worker, at=NOW)


def test_a_stale_form_is_told_apart(her: Person, worker: Worker, housing: Worker) -> None:
    other = an_office()
    given = consents(her, agreed(office_of(housing), other), worker)
    actions.withdraw_consent(given, by=worker, at=NOW, office_ids=[other.pk], revision=1)
    with pytest.raises(Stale):
        actions.withdraw_consent(given, by=worker, at=NOW, revision=1)


def test_two_records_of_one_person_are_one_persons_words(
    her: Person, worker: Worker, housing: Worker
) -> None:
    twin = a_person("岡 ゆり")
    consents(her, agreed(office_of(housing)), worker)
    consents(twin, ConsentWish(state="refused", explained_on=TODAY), worker, at=NOW + timedelta(hours=1))
    assert may_be_told(her.pk, office_of(housing).pk, on=TODAY)
    merge_persons(her, twin, reason="同じ方と確かめた", by=worker, at=NOW + timedelta(hours=2))
    connection.check_constraints()
    assert consent_state(her.pk, on=TODAY) == ConsentState.REFUSED
    assert not may_be_told(her.pk, office_of(housing).pk, on=TODAY)
    assert sight_of(housing, her.pk) is None


def test_the_dead_have_no_consent(her: Person, worker: Worker, housing: Worker) -> None:
    consents(her, agreed(office_of(housing)), worker)
    Person.objects.filter(pk=her.pk).update(died_on=TODAY)
    assert not may_be_told(her.pk, office_of(housing).pk, on=TODAY)
    assert actions.end_consents_past_their_day(TODAY, at=NOW) == 1
    with pytest.raises(Refused, match="亡くなった"):
        consents(her, agreed(office_of(housing)), worker)


def test_who_is_named_on_a_paper(her: Person, worker: Worker, housing: Worker) -> None:
    silent = a_person("黙 りん")
    consents(her, agreed(office_of(housing)), worker)
    both = [her.pk, silent.pk]
    assert named_on_papers(both, office_of(housing).pk, TODAY) == {her.pk}
    assert named_on_papers(both, office_of(worker).pk, TODAY) == frozenset()
    assert named_on_papers(both, None, TODAY) == {her.pk}


def test_a_number_of_the_persons_own_is_refused(her: Person, worker: Worker, housing: Worker) -> None:
    with pytest.raises(Refused, match="個人番号"):
        consents(her, agreed(office_of(housing), words="123456789018"), worker)


def test_a_consent_is_never_rewritten(her: Person, worker: Worker, housing: Worker) -> None:
    given = consents(her, agreed(office_of(housing)), worker)
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=given.pk).update(facets=["justice"])
    with pytest.raises(DatabaseError), transaction.atomic():
        Consent.objects.filter(pk=given.pk).delete()
