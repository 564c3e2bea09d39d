"""Consultations for tests, taken through the deed itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from tests.factories import NOW, office_of
from tsunagi.accounts.models import Worker
from tsunagi.intake.actions import take_consultation
from tsunagi.intake.models import Consultation


def a_consultation(taken_by: Worker, *, at: datetime = NOW, **fields: Any) -> Consultation:
    """A consultation this worker took at their desk; nothing is said unless the test says it."""
    taken = take_consultation(by=taken_by, at=at, office_id=office_of(taken_by).pk, **fields)
    # The deed is over: what comes next is judged for itself.
    connection.check_constraints()
    return taken
