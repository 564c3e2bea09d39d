"""A mark in the database stays, whoever signs in to it."""

from __future__ import annotations

import psycopg
import pytest
from django.db import transaction

from tests.factories import NOW
from tsunagi.setup.actions import mark_demo


def test_nor_can_the_owner(fresh_database: None, owner: psycopg.Connection) -> None:
    with transaction.atomic():
        mark_demo(at=NOW)
    for statement in ("DELETE FROM setup_mark", "UPDATE setup_mark SET name = 'x'", "TRUNCATE setup_mark"):
        with pytest.raises(psycopg.errors.CheckViolation, match="消すこともできません"):
            owner.execute(statement)  # type: ignore[call-overload]
