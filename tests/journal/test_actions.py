"""Lines, digests and seals on the database, as the application's role."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW
from tsunagi.journal import actions, queries
from tsunagi.journal.models import Entry, Seal
from tsunagi.journal.rules import NotACode
from tsunagi.shared import edges


def write(count: int = 1, **fields: Any) -> None:
    for number in range(count):
        actions.record(
            "case.seen",
            **(
                {"subject_kind": "case", "subject_id": number, "by": 7, "at": NOW, "detail": {"n": number}}
                | fields
            ),
        )


@pytest.mark.django_db
def test_the_database_fills_in_the_digest_whatever_was_sent() -> None:
    write(2)
    digests = [bytes(entry.digest) for entry in Entry.objects.order_by("id")]
    assert all(len(digest) == 32 for digest in digests)
    assert digests[0] != digests[1]


@pytest.mark.django_db
def test_the_digest_does_not_depend_on_the_session_s_time_zone() -> None:
    write()
    with connection.cursor() as cursor:
        found = []
        for zone in ("Asia/Tokyo", "UTC", "America/New_York"):
            cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
            cursor.execute("SELECT journal_digest(e) = e.digest, journal_digest(e) FROM journal_entry e")
            found.append(cursor.fetchone())
    assert {row[0] for row in found} == {True}
    assert len({bytes(row[1]) for row in found}) == 1


@pytest.mark.django_db
def test_text_is_refused_before_anything_is_stored() -> None:
    with pytest.raises(NotACode):
        write(detail={"words": "食べていない"})
    with pytest.raises(NotACode):
        actions.store_trail([edges.Entry("person.seen", "person", 1, "見る")], 7, NOW, "web")
    assert not Entry.objects.exists()


@pytest.mark.django_db
def test_what_doors_note_ends_up_here() -> None:
    with edges.opened_trail(7, "task", NOW):
        edges.leave_trail("person.seen", subject_kind="person", subject_id=3, purpose="consult", ground="01")
        edges.leave_trail("people.listed", subject_kind="person", subject_id=None, detail={"ids": [3, 4]})
    first, second = Entry.objects.order_by("id")
    assert (first.worker_id, first.channel, first.subject_id, first.ground) == (7, "task", 3, "01")
    assert first.at == datetime(2026, 6, 9, 1, 0, tzinfo=UTC)
    assert second.detail == {"ids": [3, 4]}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET worker_id = 1",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "INSERT INTO journal_seal VALUES (99, 99, '')",
        "UPDATE journal_seal SET entry_id = 1",
        "DELETE FROM journal_waiting",
    ],
)
@pytest.mark.django_db
def test_the_application_may_not(statement: str) -> None:
    write()
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET worker_id = 1",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_seal SET chain = ''",
        "DELETE FROM journal_seal",
        "TRUNCATE journal_seal",
    ],
)
def test_neither_may_the_owner(fresh_database: None, owner: psycopg.Connection, statement: str) -> None:
    write(2)
    actions.seal()
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        owner.execute(statement)
    assert refused.value.diag.constraint_name == "law_journal_append_only"
    assert Entry.objects.count() == Seal.objects.count() == 2


@pytest.mark.django_db
def test_seals_are_numbered_without_gaps_and_chained() -> None:
    write(3)
    assert actions.seal() == 3
    write(2)
    assert actions.seal() == 2
    assert actions.seal() == 0
    seals = list(Seal.objects.order_by("seq"))
    assert [seal.seq for seal in seals] == [1, 2, 3, 4, 5]
    digests = {entry.pk: bytes(entry.digest) for entry in Entry.objects.order_by("id")}
    link = b""
    for seal in seals:
        link = hashlib.sha256(link + digests[seal.entry_id]).digest()
        assert bytes(seal.chain) == link
    found = queries.head()
    assert found is not None
    assert (found.seq, found.value) == (5, link.hex())


@pytest.mark.django_db
def test_a_few_at_a_time() -> None:
    write(5)
    assert [actions.seal(2), actions.seal(2), actions.seal(2)] == [2, 2, 1]


def test_what_commits_late_is_sealed_late_and_never_missed(
    fresh_database: None, owner: psycopg.Connection
) -> None:
    with psycopg.connect(owner.info.dsn, password=owner.info.password) as slow:
        slow.execute(
            "INSERT INTO journal_entry (at, channel, action, subject_kind, purpose, ground, detail, digest)"
            " VALUES (now(), 'task', 'case.seen', 'case', '', '', '{}', '')"
        )
        write(2)  # higher numbers, committed first
        assert actions.seal() == 2
        slow.commit()
    assert actions.seal() == 1
    order = list(Seal.objects.order_by("seq").values_list("entry_id", flat=True))
    assert order[-1] == min(order)


@pytest.mark.django_db
def test_the_head_is_written_outside_the_database(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    assert actions.write_head(NOW) is None
    write(2)
    actions.seal()
    path = actions.write_head(NOW)
    assert path == tmp_path / "journal-heads" / "2026.txt"
    actions.write_head(NOW)
    moment, place, value = path.read_text().splitlines()[1].split()
    assert (moment, place, value) == ("2026-06-09T10:00:00+09:00", "2", queries.head().value)  # type: ignore[union-attr]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_lines_are_found_by_subject_and_by_worker() -> None:
    write(3)
    write(2, by=8, subject_id=1)
    assert queries.lines().lines == ()
    of_subject = queries.lines(subject_kind="case", subject_id=1)
    assert [line.worker_id for line in of_subject.lines] == [8, 8, 7]
    assert of_subject.lines[-1].detail == "n=1"
    first = queries.lines(worker_id=7, page=2)
    assert (len(first.lines), first.total) == (2, 3)
    rest = queries.lines(worker_id=7, page=2, before=first.next_before)
    assert (len(rest.lines), rest.next_before) == (1, None)
    assert queries.lines(worker_id=7, from_on=NOW.date(), until_on=NOW.date()).total == 3
    assert queries.lines(worker_id=7, until_on=NOW.date().replace(day=8)).total == 0
