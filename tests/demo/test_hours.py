"""The demo can be loaded at any hour: nothing it tells lies after it, and the laws hold."""

from __future__ import annotations

from datetime import datetime

import psycopg
import pytest

from tests.factories import TOKYO
from tsunagi.demo import loading
from tsunagi.holding.models import Hold
from tsunagi.safety_net import net

MOMENTS = {
    "at night on a sunday": datetime(2026, 6, 7, 23, 10, tzinfo=TOKYO),
    "the first hour of the year": datetime(2027, 1, 4, 8, 35, tzinfo=TOKYO),
    "before the desk opens": datetime(2026, 11, 24, 7, 50, tzinfo=TOKYO),
}


@pytest.mark.parametrize("at", MOMENTS.values(), ids=list(MOMENTS))
def test_it_loads(at: datetime, fresh_database: None, owner: psycopg.Connection) -> None:
    loading.load(size="small", at=at)
    assert not net.check(owner, today=at.date()).broken  # type: ignore[arg-type]
    assert not Hold.objects.filter(opened_at__gt=at).exists()
