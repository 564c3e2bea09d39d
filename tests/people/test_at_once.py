"""Two people at the same moment, on two connections."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, a_worker, office_of
from tsunagi.people.actions import add_phone, involve, protect, register_person
from tsunagi.people.models import Involvement, Party, Protection, SearchKey
from tsunagi.people.rules import SUPPORTING_FACETS


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Run the deeds at the same moment, each in a transaction of its own; what went wrong, by name."""
    start, wrong = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        try:
            start.wait()
            with transaction.atomic():
                deed()
        except DatabaseError as error:
            wrong.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_one_reason_stays_one_involvement(fresh_database):
    with transaction.atomic():
        worker = a_worker()
        person = register_person(by=worker, at=NOW)

    def deed():
        involve(person.pk, office_of(worker).pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="concern",
                reason_id=1, at=NOW)  # fmt: skip

    assert at_once(deed, deed, deed, deed) == []
    assert Involvement.objects.filter(party_id=person.pk, ended_at__isnull=True).count() == 1


@pytest.mark.parametrize("_turn", range(5))
def test_a_change_beside_a_protection_brings_no_key_back(fresh_database, _turn):
    with transaction.atomic():
        worker = a_worker()
        person = register_person(by=worker, at=NOW, name="北山 美月")
    wrong = at_once(
        lambda: protect(person, by=worker, at=NOW),
        lambda: add_phone(person, "090-1111-2222", by=worker, at=NOW),
        lambda: protect(person, by=worker, at=NOW),
    )
    assert wrong == []
    assert Protection.objects.count() == 1
    assert not SearchKey.objects.filter(person=person).exists()


@pytest.mark.parametrize("_turn", range(5))
def test_h12_two_joins_at_once_stay_one_level(fresh_database, _turn):
    a, b, c = (Party.objects.create(kind="unknown", created_at=NOW) for _ in range(3))
    at_once(
        lambda: Party.objects.filter(pk=a.pk).update(same_as=b),
        lambda: Party.objects.filter(pk=b.pk).update(same_as=c),
    )
    assert not Party.objects.filter(same_as__same_as__isnull=False).exists()
