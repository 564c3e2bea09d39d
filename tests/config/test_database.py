"""What the application's role may do, and that models and migrations say the same."""

from __future__ import annotations

from io import StringIO

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from tests import harness
from tsunagi.config import database


def test_tests_run_as_the_application_s_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, current_setting('TimeZone'), current_setting('statement_timeout')"
        )
        assert cursor.fetchone() == ("tsunagi_app", "Asia/Tokyo", "15s")


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE auth_group CASCADE",
        "DROP TABLE auth_group",
        "ALTER TABLE auth_group DISABLE TRIGGER ALL",
        "CREATE TABLE mine (a int)",
        "DELETE FROM django_migrations",
        "SET ROLE tsunagi",
    ],
)
def test_the_application_s_role_may_not(db: None, statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_application_s_role_owns_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


def test_a_grant_narrower_than_the_default_is_obeyed(db: None) -> None:
    for table, privileges in database.grants().items():
        with connection.cursor() as cursor:
            for privilege in ("INSERT", "DELETE"):
                cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, privilege])
                assert cursor.fetchone() == (privilege in privileges,), f"{privilege} on {table}"


def test_no_migration_is_missing(db: None) -> None:
    told = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told, verbosity=1)
    except SystemExit:
        pytest.fail(told.getvalue())


def test_the_owner_sees_what_was_committed(fresh_database: None, owner: psycopg.Connection) -> None:
    Group.objects.create(name="seen")
    assert owner.execute("SELECT name FROM auth_group").fetchall() == [("seen",)]
    assert owner.execute("SELECT current_user").fetchone() == ("tsunagi",)


def test_the_next_test_finds_a_fresh_database(fresh_database: None) -> None:
    assert not Group.objects.exists()


def test_migrating_twice_changes_nothing(fresh_database: None) -> None:
    harness.point_at(harness.CLONE, "tsunagi")
    try:
        database.migrate()
    finally:
        harness.point_at(harness.CLONE, "tsunagi_app")
