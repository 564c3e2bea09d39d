"""A ledger is taken in whole, once, and nobody is lost or made late by it (H11)."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.factories import NOW, an_office
from tsunagi.intake import tasks
from tsunagi.shared.edges import opened_trail

DATA = Path(__file__).parents[1] / "data"
R5 = DATA / "soudan-uketsukebo-R5.xlsx"
R4 = DATA / "soudan-R4.csv"


def take(path, office=None, *, dry_run=False, at=NOW):
    with opened_trail(None, "cli", at):
        figures = tasks.import_file(path, office=office and office.code, dry_run=dry_run, at=at)
    connection.check_constraints()
    return figures


@pytest.mark.django_db
def test_both_ledgers_of_the_desk_with_their_exact_figures():
    import time
    office = an_office(is_front_desk=True)
    for p in (R5, R4, R5, R4):
        t = time.time()
        f = take(p)
        print(time.time() - t, f)
