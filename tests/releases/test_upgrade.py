"""Every release ever shipped can be brought to what is here now, and nobody is dropped on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone
from psycopg import sql

from tests import harness
from tests.releases.tools import run
from tsunagi.config import database, embedded
from tsunagi.journal import verify
from tsunagi.safety_net import net
from tsunagi.shared.days import day_of

DUMPS = sorted(Path(__file__).parent.glob("*.dump"))


def test_there_is_a_release() -> None:
    assert DUMPS


@pytest.fixture
def restored(fresh_database: None, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A database of its own with a release in it; the test is its owner."""
    dump: Path = request.param
    name = f"{harness.CLONE}_release"
    connections.close_all()
    with harness._administrator() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(embedded.OWNER)
            )
        )
    run("pg_restore", name, ["--exit-on-error", "--no-owner", "--no-privileges", str(dump)])
    harness.point_at(name, embedded.OWNER)
    yield dump
    connections.close_all()
    harness.point_at(harness.CLONE, embedded.APP)
    with harness._administrator() as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.parametrize("restored", DUMPS, ids=lambda path: path.stem, indirect=True)
def test_a_release_is_brought_to_today(restored: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM holding_concern), (SELECT count(*) FROM people_person)")
        before = cursor.fetchone()
    assert before is not None
    assert min(before) > 10

    database.migrate(embedded.APP)

    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM holding_concern), (SELECT count(*) FROM people_person)")
        assert cursor.fetchone() == before
    report = net.check(connection, today=day_of(timezone.localtime()))
    assert not report.broken, report.as_dict()
    assert verify.main(connection, as_json=True) == 0
