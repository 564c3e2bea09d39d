"""Statements that are written once: the same rows as Django's own, other values each time, counted like any query."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Q

from tests.factories import TODAY, a_concern, a_worker
from tsunagi.holding.models import Hold
from tsunagi.shared.kept import Kept, asked

pytestmark = pytest.mark.django_db


def held(worker_id, on):
    return (
        Hold.objects.filter(Q(worker_id=worker_id) | Q(acting_id=worker_id), due_on__gte=on)
        .order_by("id")
        .values_list("id", "worker__name", "due_on", "concern__party__kind")
    )


def test_the_same_rows_as_django_gives_for_any_values():
    one, other = a_worker(), a_worker()
    for worker in (one, other, other):
        a_concern(held_by=worker)
    kept = Kept(held)
    for worker, on in ((one, TODAY), (other, TODAY), (other, TODAY + timedelta(days=900))):
        assert kept.rows(worker.pk, on) == [tuple(row) for row in held(worker.pk, on)]


def test_columns_are_called_as_they_were_asked_for():
    worker = a_worker(name="受付 はるか")
    concern = a_concern(held_by=worker)
    (row,) = Kept(held).named(worker.pk, TODAY - timedelta(days=900))
    assert (row.worker__name, row.concern__party__kind) == (worker.name, concern.party.kind)


def test_many_numbers_are_one_value_and_none_finds_nothing():
    holds = [a_concern(held_by=a_worker()).holds.get().pk for _ in range(3)]
    kept = Kept(lambda ids: Hold.objects.filter(id__any=ids).order_by("id").values_list("id"))
    assert kept.rows(holds[:2]) == [(holds[0],), (holds[1],)]
    assert kept.rows(tuple(holds)) == [(pk,) for pk in sorted(holds)]
    assert kept.rows([]) == []


def test_a_value_alone_in_an_array_is_found():
    worker = a_worker()
    kept = Kept(
        lambda who: Hold.objects.filter(together_with__contains=[who]).order_by("id").values_list("id")
    )
    assert kept.rows(worker.pk) == []


def test_a_value_the_statement_does_not_ask_for_is_a_mistake():
    kept = Kept(lambda who, unused: Hold.objects.filter(worker_id=who).order_by("id").values_list("id"))
    with pytest.raises(ValueError, match="does not ask"):
        kept.rows(1, 2)


@pytest.mark.parametrize("value", [None, True], ids=["nothing", "a truth"])
def test_what_would_change_the_shape_is_refused(value):
    with pytest.raises(TypeError, match="shape"):
        Kept(lambda who: Hold.objects.filter(worker_id=who).values_list("id")).rows(value)


def test_it_is_counted_like_any_query(queries):
    with queries() as seen:
        asked("SELECT %(number)s::int", {"number": 5})
    assert seen.count == 1


@pytest.mark.usefixtures("fresh_database")
def test_the_database_plans_it_once_per_connection():
    connection.ensure_connection()
    connection.connection.prepare_threshold = 2
    for number in range(5):
        assert asked("SELECT %s::int AS planned_once", [number]) == [(number,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%planned_once%%' AND from_sql = false",
            [],
        )
        assert cursor.fetchone() == (1,)
