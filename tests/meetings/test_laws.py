"""What the database itself refuses, by raw SQL as the application's role; what the net counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection

from tests.factories import NOW, a_worker, an_office, office_of
from tests.meetings.factories import (
    a_body,
    a_member,
    a_secretary,
    a_sitting,
    an_item,
    consents,
    on_the_agenda,
    seat_of,
    somebody_held_by,
)
from tsunagi.meetings.laws import LAWS
from tsunagi.meetings.models import ItemMove
from tsunagi.people.models import Involvement

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_the_table() -> dict[str, Any]:
    secretary, worker = a_secretary(), a_worker(an_office("相談室"))
    body = a_body(secretary)
    teacher = a_worker(an_office("第三小学校"))
    seat = a_member(body, teacher, by=secretary)
    person = somebody_held_by(worker)
    item = an_item(a_sitting(body, secretary), person, by=worker)
    on_the_agenda(item, secretary, [seat])
    return {"secretary": secretary, "worker": worker, "body": body, "teacher": teacher, "seat": seat, "person": person,
            "item": item}  # fmt: skip


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(law: str, sql: str, *values: Any) -> None:
    with pytest.raises(DatabaseError) as refusal:
        run(sql, *values)
    assert refusal.value.__cause__.diag.constraint_name == law  # type: ignore[union-attr]


def with_a_reason(item: Any) -> None:
    ItemMove.objects.create(
        item=item, was_mode=item.mode, was_sitting_id=item.sitting_id, reason="同意がもらえた", at=NOW
    )


def test_an_item_cannot_get_a_basis_that_needs_a_consent(at_the_table: dict[str, Any]) -> None:
    with_a_reason(at_the_table["item"])
    refused(
        "law_meeting_item_has_consent",
        "UPDATE meetings_item SET mode = 'layered' WHERE id = %s",
        at_the_table["item"].pk,
    )


def test_a_consent_cannot_end_under_an_item(at_the_table: dict[str, Any]) -> None:
    given = consents(
        at_the_table["person"],
        at_the_table["worker"],
        office_of(at_the_table["secretary"]),
        office_of(at_the_table["teacher"]),
    )
    with_a_reason(at_the_table["item"])
    run("UPDATE meetings_item SET mode = 'layered' WHERE id = %s", at_the_table["item"].pk)
    refused(
        "law_meeting_item_has_consent",
        "UPDATE sharing_consent SET ended_at = now(), ended_how = 'withdrawn' WHERE id = %s", given.pk,
    )  # fmt: skip


def test_an_item_does_not_open_without_an_acknowledgement(at_the_table: dict[str, Any]) -> None:
    refused(
        "meeting_item_opens_with_an_acknowledgement",
        "UPDATE meetings_itemmember SET opened_at = now() WHERE member_id = %s", at_the_table["seat"].pk,
    )  # fmt: skip


@pytest.mark.parametrize("whose", ["somebody else's", "last year's"])
def test_an_acknowledgement_of_somebody_else_or_of_last_year_opens_nothing(
    at_the_table: dict[str, Any], whose: str
) -> None:
    seat = (
        at_the_table["seat"]
        if whose == "last year's"
        else seat_of(at_the_table["body"], at_the_table["secretary"])
    )
    year = 2025 if whose == "last year's" else 2026
    run(
        "INSERT INTO meetings_acknowledgement (member_id, year, \"on\", how, kept_where, at) VALUES (%s, %s, '2026-06-09', 'screen', '', now())",
        seat.pk, year,
    )  # fmt: skip
    refused(
        "law_meeting_item_opens_acknowledged",
        "UPDATE meetings_itemmember SET opened_at = '2026-06-09 10:00+09', acknowledgement_id = (SELECT max(id) FROM"
        " meetings_acknowledgement) WHERE member_id = %s",
        at_the_table["seat"].pk,
    )


def test_nobody_sees_by_a_meeting_whom_it_does_not_open(at_the_table: dict[str, Any]) -> None:
    for kind, law in (
        ("meeting", "law_meeting_sight_has_its_item"),
        ("role", "law_meeting_sight_has_its_role"),
    ):
        with pytest.raises(DatabaseError) as refusal, connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            try:
                cursor.execute(
                    "INSERT INTO people_involvement (party_id, office_id, worker_id, facets, ground, from_on, reason_kind, reason_id)"
                    " VALUES (%s, %s, %s, '{basic}', '06', '2026-06-09', %s, %s)",
                    [at_the_table["person"].pk, office_of(at_the_table["teacher"]).pk, at_the_table["teacher"].pk, kind,
                     at_the_table["item"].pk],
                )  # fmt: skip
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except DatabaseError:
                cursor.execute("ROLLBACK TO SAVEPOINT before")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                raise
        assert refusal.value.__cause__.diag.constraint_name == law  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE meetings_acknowledgement SET year = 2030",
        "DELETE FROM meetings_acknowledgement",
        "DELETE FROM meetings_item",
        "UPDATE meetings_decision SET words = 'x'",
        "DELETE FROM meetings_decision",
    ],
    ids=["acknowledgement", "its end", "item", "decision", "its end too"],
)
def test_what_was_acknowledged_and_decided_is_kept(sql: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_net_counts_an_involvement_without_a_living_reason(at_the_table: dict[str, Any]) -> None:
    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute(LAWS[0].violations)
            return len(cursor.fetchall())

    assert count() == 0
    made = Involvement.objects.create(
        party=at_the_table["person"].party, office=office_of(at_the_table["teacher"]), facets=["basic"], ground="06",
        from_on="2026-06-09", reason_kind="role", reason_id=999,
    )  # fmt: skip
    assert count() == 1
    Involvement.objects.filter(pk=made.pk).update(ended_at=NOW)
    assert count() == 0
