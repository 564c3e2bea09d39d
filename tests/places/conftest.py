"""The demo city on the database of this process, loaded as the owner, for the map is the owner's to write."""

from __future__ import annotations

from typing import Any

import pytest

from tests import harness
from tsunagi.config import embedded
from tsunagi.places.actions import load_city


def _there() -> bool:
    with harness.CLUSTER.connect(embedded.OWNER, harness.CLONE) as connection:
        row = connection.execute("SELECT count(*) FROM places_city WHERE is_ours").fetchone()
    return bool(row and row[0])


@pytest.fixture
def as_owner(fresh_database: None) -> Any:
    """The test is signed in as the database's owner; a fresh clone follows."""
    harness.point_at(harness.CLONE, embedded.OWNER)
    yield
    harness.point_at(harness.CLONE, embedded.APP)


@pytest.fixture
def the_city(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> None:
    """長岡京市 as it ships, then an ordinary test transaction. Ask for it instead of `db`."""
    with django_db_blocker.unblock():
        if not _there():
            harness.point_at(harness.CLONE, embedded.OWNER)
            load_city("nagaokakyo")
            harness.point_at(harness.CLONE, embedded.APP)
    request.getfixturevalue("db")
