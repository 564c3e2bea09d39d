"""What all tests share.

Database
    `db` (or `@pytest.mark.django_db`)   the test runs in a transaction that is rolled back
    `fresh_database`                     the test may commit, use threads, kill connections: a fresh clone follows
    `owner`                              a psycopg connection (autocommit) to the same database as its owner; sees
                                         only what is committed, so use it with `fresh_database`
    Tests are signed in to PostgreSQL as the application's role: they cannot truncate, alter or drop.
    `TSUNAGI_PG=15` runs the same tests on Debian's PostgreSQL 15.

Pages
    `client`                 anonymous StrictClient: CSRF on, refuses inline handlers, styles, unrendered `{{`
    `client_of(worker)`      a StrictClient signed in as this worker
    `three_people(url, allowed=..., stranger=..., stranger_sees=404)`   visits as allowed, stranger and anonymous,
                             checks the three answers and returns the allowed one's response
    `set_clock("2026-11-24 09:00")`   what the requests' clock says from here on
    `queries()`              `with queries() as seen: client.get(url)`; compare `seen.shape` for 2 and for 20 rows
    `run_jobs()`             runs the jobs stored so far, in this process; returns their names

Every URL name needs a test that visits it as allowed, as stranger and as anonymous. Say which:
    @pytest.mark.visits("people:detail")
    def test_a_stranger_finds_no_person(three_people, ...): ...
The mark is checked twice: this file fails a marked test that did not go there both signed in and anonymous, and
`test_house.py` fails when a URL name has no mark (it reads the marks from the source).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings

from tests import harness, strictness
from tests.strictness import Queries, StrictClient, counted_queries
from tsunagi.config import clock, embedded

hypothesis.settings.register_profile(
    "tsunagi",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("tsunagi")


def _takes_long(item: pytest.Item) -> int:
    """What starts a browser, a server or a whole demo takes long: it begins first, or it is what everybody waits for last."""
    path = str(item.path)
    return 0 if "browser" in path or "journeys" in path or "/demo/" in path or "/bench/" in path else 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A flush is not possible as the application's role, and not needed. Long files first (`--no-loadscope-reorder`)."""
    items.sort(key=_takes_long)
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: use the fixture fresh_database instead of transaction=True"
            )


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave no server behind (but do not stop one that other tests use)."""
    if not hasattr(config, "workerinput"):
        harness.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A clone of the template for this process; replaces pytest-django's test database."""
    with django_db_blocker.unblock():
        harness.prepare()
        harness.point_at(harness.CLONE, embedded.APP)
    yield
    with django_db_blocker.unblock():
        harness.drop()


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For a test that commits: everything it leaves is thrown away afterwards."""
    with django_db_blocker.unblock():
        yield
        harness.reclone()


@pytest.fixture
def owner(django_db_setup: None) -> Iterator[psycopg.Connection]:
    """The database's owner, in autocommit mode, on the database of this test."""
    with harness.CLUSTER.connect(embedded.OWNER, harness.CLONE) as connection:
        yield connection


@pytest.fixture(scope="session", autouse=True)
def _strict_lists() -> None:
    strictness.forbid_unordered_lists()


@pytest.fixture(autouse=True)
def _visits_as_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test marked `visits` really goes there, signed in and anonymous."""
    strictness.visits.clear()
    mark = request.node.get_closest_marker("visits")
    strictness.promised = mark.args if mark else ()
    yield
    strictness.promised = ()
    if mark is None or getattr(request.node, "failed", False):
        return
    for name in mark.args:
        seen = [visit for visit in strictness.visits if visit.url_name == name]
        assert any(visit.worker_id for visit in seen), f"{name} was not visited by a signed-in worker"
        assert any(visit.worker_id is None for visit in seen), f"{name} was not visited as anonymous"
    from tests.matrix import everybody

    everybody.fail_unless_visited(mark.args)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember a failure, so that the marks are not blamed on top of it."""
    report = yield
    if report.when == "call" and report.outcome != "passed":
        item.failed = True  # type: ignore[attr-defined]
    return report


@pytest.fixture
def client() -> StrictClient:
    """Nobody in particular."""
    return StrictClient()


@pytest.fixture
def client_of() -> Callable[[Any], StrictClient]:
    """Makes a client that is signed in as the worker."""

    def signed_in(worker: Any) -> StrictClient:
        found = StrictClient()
        found.force_login(worker, settings.AUTHENTICATION_BACKENDS[0])
        return found

    return signed_in


@pytest.fixture
def three_people(client_of: Callable[[Any], StrictClient]) -> Callable[..., Any]:
    """Visits an address as allowed, as stranger (404) and as anonymous (302 to sign-in; 401 for htmx)."""

    def visit(url: str, *, allowed: Any, stranger: Any, stranger_sees: int = 404) -> Any:
        answer = client_of(allowed).get(url)
        assert answer.status_code == 200, f"allowed: {answer.status_code}"
        refused = client_of(stranger).get(url)
        assert refused.status_code == stranger_sees, f"stranger: {refused.status_code}"
        anonymous = StrictClient().get(url)
        assert anonymous.status_code == 302, f"anonymous: {anonymous.status_code}"
        assert "/accounts/" in anonymous.headers["Location"]
        assert StrictClient().htmx("get", url).status_code == 401
        return answer

    return visit


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | datetime], datetime]:
    """Sets what the requests' clock says: a datetime, or a text in the city's time."""

    def to(moment: str | datetime) -> datetime:
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        at = at.replace(tzinfo=clock.TOKYO) if at.tzinfo is None else at.astimezone(clock.TOKYO)
        monkeypatch.setattr(clock, "now", lambda: at)
        return at

    return to


@pytest.fixture
def queries() -> Callable[[], Any]:
    """Counts the queries and tables of a block."""
    return counted_queries


@pytest.fixture
def run_jobs() -> Callable[[], list[str]]:
    """Runs the jobs that were stored, in the order they were stored, until none is left."""

    def run() -> list[str]:
        from django.db import connection
        from procrastinate.contrib.django import app

        done: list[str] = []
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1"
                )
                row = cursor.fetchone()
                if row is None:
                    return done
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [row[0]])
            app.tasks[row[1]].func(
                **(row[2] if isinstance(row[2], dict) else __import__("json").loads(row[2]))
            )
            done.append(row[1])

    return run


__all__ = ["Queries"]
