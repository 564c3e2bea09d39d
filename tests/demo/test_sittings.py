"""会議 of the invented city: what stands on its pages."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factories import NOW, a_concern, a_worker, an_office
from tsunagi.accounts.rules import Role
from tsunagi.demo.sittings import sittings
from tsunagi.meetings.models import DecisionRole, Item, Sitting

pytestmark = pytest.mark.django_db


def test_a_sitting_is_over_and_the_next_one_has_items() -> None:
    secretary = a_worker(an_office("くらし連携担当"), Role.COORDINATOR)
    proposer = a_worker(an_office("なんでも相談室"))
    for worker, name in ((secretary, "renkei"), (proposer, "soudan")):
        worker.sign_in_name = name
        worker.save(update_fields=["sign_in_name"])
    for _ in range(3):
        a_concern(held_by=proposer)
    sittings(NOW)
    connection.check_constraints()
    assert sorted(Sitting.objects.values_list("state", flat=True)) == ["called", "ended", *["planned"] * 5]
    assert DecisionRole.objects.count() == 1
    assert sorted(Item.objects.values_list("state", flat=True)) == ["done", "proposed", "proposed", "taken"]
