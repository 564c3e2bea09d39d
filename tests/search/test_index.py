"""The index follows the text in one transaction, and gives a text to whoever holds a key of it, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.search.test_tokens import FOUND, NOT_FOUND
from tsunagi.desk.queries.found import keys_of
from tsunagi.people.actions import protect
from tsunagi.search import queries
from tsunagi.search.actions import put, put_many, take_out
from tsunagi.search.models import Passage
from tsunagi.search.queries import Narrowed, find
from tsunagi.search.rules import Key, Text, TextKind, question_of

pytestmark = pytest.mark.django_db


def a_text(number: int, words: str, *, kind=TextKind.NOTE, at=NOW, parties=(), office_id=None, offices=()):
    return Text(kind, number, words, at, parties=parties, office_id=office_id, offices=offices)


def found(words: str, held=None, **how):
    return [hit.source_id for hit in find(question_of(words), held, **how).hits]


def test_the_database_answers_as_the_table_says():
    put_many(a_text(number, text) for number, (text, _) in enumerate(FOUND + NOT_FOUND, start=1))
    missed = [row for number, row in enumerate(FOUND, start=1) if number not in found(row[1], size=900)]
    wrong = [
        row for number, row in enumerate(NOT_FOUND, start=len(FOUND) + 1) if number in found(row[1], size=900)
    ]
    assert (missed, wrong) == ([], [])


def test_a_corrected_text_is_found_by_what_it_says_now():
    put(a_text(1, "家賃の滞納"))
    put(a_text(1, "水道が止まった"))
    assert (found("滞納"), found("水道")) == ([], [1])
    put(a_text(1, ""))
    assert found("水道") == []
    assert not Passage.objects.exists()


def test_what_is_rolled_back_was_never_there():
    with pytest.raises(IntegrityError), transaction.atomic():
        put(a_text(1, "家賃の滞納"))
        raise IntegrityError
    assert found("滞納") == []


def test_what_is_taken_out_is_found_no_more():
    put_many([a_text(1, "家賃の滞納"), a_text(2, "家賃の滞納")])
    take_out(TextKind.NOTE, [1])
    assert found("滞納") == [2]


def test_newest_first_and_page_after_page():
    put_many(a_text(number, "家賃の滞納", at=NOW - timedelta(days=number)) for number in range(1, 8))
    first = find(question_of("家賃"), None, size=3)
    assert ([hit.source_id for hit in first.hits], first.total, first.more) == ([1, 2, 3], 7, True)
    last = first.hits[-1]
    second = find(question_of("家賃"), None, size=3, before=(last.at, last.id))
    assert [hit.source_id for hit in second.hits] == [4, 5, 6]


def test_a_search_is_narrowed():
    office = an_office()
    put_many([
        a_text(1, "家賃", kind=TextKind.CONSULTATION, at=NOW - timedelta(days=9), parties=(5,)),
        a_text(2, "家賃", office_id=office.pk, parties=(6,)),
    ])  # fmt: skip
    assert found("家賃", narrowed=Narrowed(kinds=[TextKind.CONSULTATION])) == [1]
    assert found("家賃", narrowed=Narrowed(since=NOW - timedelta(days=1))) == [2]
    assert found("家賃", narrowed=Narrowed(until=NOW - timedelta(days=1))) == [1]
    assert found("家賃", narrowed=Narrowed(office_id=office.pk)) == [2]
    assert found("家賃", narrowed=Narrowed(party_ids=[5])) == [1]


@pytest.fixture(
    params=[(1_500, 6_000, 3_000), (0, 6_000, 3_000), (0, 0, 3_000), (0, 0, 1)],
    ids=["few people", "some", "many", "many, older texts"],
)
def way(request, monkeypatch):
    """All ways a search may take find the same."""
    for name, most in zip(("FEW_PARTIES", "MANY_PARTIES", "NEWEST_FIRST"), request.param, strict=True):
        monkeypatch.setattr(queries, name, most)


def test_a_text_opens_to_whoever_may_see_the_record(way):
    holder, stranger = a_worker(), a_worker()
    person = a_person()
    a_concern(held_by=holder, of=person)
    desk = a_worker(an_office(is_front_desk=True))
    put_many([
        a_text(1, "家賃の滞納", parties=(person.pk,)),
        a_text(2, "家賃の滞納", kind=TextKind.CONSULTATION, parties=(person.pk,), offices=(Key.DESK.of(office_of(desk).pk),)),
        a_text(3, "家賃の滞納", kind=TextKind.CONSULTATION, offices=(Key.DESK.of(office_of(desk).pk),)),
        a_text(4, "家賃の滞納", kind=TextKind.REFERRAL, offices=(Key.END.of(office_of(holder).pk), Key.END.of(office_of(desk).pk))),
    ])  # fmt: skip
    assert sorted(found("滞納", keys_of(holder, TODAY))) == [1, 2, 4]
    assert sorted(found("滞納", keys_of(desk, TODAY))) == [2, 3, 4]
    assert found("滞納", keys_of(stranger, TODAY)) == []


def test_a_visit_to_several_of_a_household_is_one_hit(way):
    holder = a_worker()
    people = [a_person(), a_person()]
    for person in people:
        a_concern(held_by=holder, of=person)
    put(a_text(1, "訪問した", kind=TextKind.CONTACT, parties=tuple(person.pk for person in people)))
    answer = find(question_of("訪問"), keys_of(holder, TODAY))
    assert ([hit.source_id for hit in answer.hits], answer.total) == ([1], 1)


def test_of_a_protected_person_others_find_as_little_as_of_nobody(way, queries):
    holder, other = a_worker(), a_worker()
    person = a_person()
    a_concern(held_by=holder, of=person)
    protect(person, by=holder, at=NOW)
    put(a_text(1, "避難先の住まい", parties=(person.pk,)))
    assert found("避難先", keys_of(holder, TODAY)) == [1]
    theirs = keys_of(other, TODAY)
    with queries() as hers:
        answer = find(question_of("避難先"), theirs)
    with queries() as nobodys:
        nothing = find(question_of("避難所"), theirs)
    assert answer == nothing
    assert hers.shape == nobodys.shape


def test_nothing_typed_is_run_by_the_database():
    put(a_text(1, "家賃の滞納"))
    for words in ("'); DROP TABLE search_passage; --", "a' | 'b", "\\", "家賃\x00", "%(asked)s"):
        find(question_of(words), None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_passage")
        assert cursor.fetchone() == (1,)
