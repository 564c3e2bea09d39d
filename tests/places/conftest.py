"""The demo city on the database of this process, loaded as the owner, for the map is the owner's to write."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests import harness
from tsunagi.codes import actions as codes
from tsunagi.config import embedded


@pytest.fixture
def as_owner(fresh_database: None) -> Any:
    """The test is signed in as the owner of a database without a city; a fresh clone follows."""
    harness.point_at(harness.CLONE, embedded.OWNER)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE places_city CASCADE")
    for key in ("city.name", "city.prefecture", "city.code", "city.area_code"):
        codes.decide(key, "")
    yield
    harness.point_at(harness.CLONE, embedded.APP)


@pytest.fixture
def the_city(db: None) -> None:
    """長岡京市 as it ships; the template of all tests has it."""
