"""What the invented city shows of guarding people."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection

from tests.factories import NOW, a_worker, an_office, office_of
from tsunagi.demo.guarded import keep_guard
from tsunagi.holding.models import Promise
from tsunagi.people.access import enters_measures
from tsunagi.people.models import MeasureNotice
from tsunagi.sharing.models import BrokenGlass


@pytest.mark.django_db
def test_a_measure_and_an_emergency_stand_there() -> None:
    desk = a_worker(an_office("福祉なんでも相談室"))
    keep_guard(cast(Any, SimpleNamespace(workers={"soudan": desk})), NOW)
    connection.check_constraints()
    assert enters_measures(desk) == office_of(desk).pk
    assert MeasureNotice.objects.get().late_days > 0
    assert BrokenGlass.objects.get().person is None
    assert Promise.objects.filter(subject_kind="break_glass", is_open=True).exists()
