"""A process killed in the middle of a deed (kill -9) leaves all or nothing: five real ones, at five places."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.factories import NOW, a_concern, a_worker, an_office, office_of
from tests.holding.test_stateful import stored
from tsunagi.holding.actions import Line, ask_coordination, prepare_leaving
from tsunagi.holding.models import Concern, Hold, LeavingRow
from tsunagi.notices.models import Notice
from tsunagi.safety_net import net
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.usefixtures("fresh_database")

# The child does a deed on the same database, says that it is in the middle, and waits to be killed.
CHILD = """
import json, sys, time
from datetime import datetime
import django
django.setup()
from django.conf import settings
from django.db import connection, transaction
how = json.loads(sys.argv[1])
settings.DATABASES["default"].update(how["database"])
connection.settings_dict.update(how["database"])
from tsunagi.accounts.models import Office, Worker
from tsunagi.holding import actions
from tsunagi.holding.actions import Served
from tsunagi.referrals import actions as referrals
from tsunagi.shared.edges import opened_trail

at = datetime.fromisoformat(how["at"])
by = Worker.objects.get(pk=how["by"])
to = Office.objects.get(pk=how["to"])
left = how["statements"]


def stop(execute, sql, params, many, context):
    global left
    left -= 1
    if left == 0:
        print("in the middle", flush=True)
        time.sleep(60)
    return execute(sql, params, many, context)


def deed():
    if how["deed"] == "contact":
        actions.record_contact("met", [Served(pk) for pk in how["concerns"]], by=by, at=at)
    elif how["deed"] == "refer":
        referrals.send_referral(how["concerns"][:1], to_office=to, person_told="agreed", by=by, at=at)
    elif how["deed"] == "leave":
        actions.leave(by, by=to.duty_worker, at=at)
    elif how["deed"] == "close_office":
        actions.close_office(Office.objects.get(pk=how["office"]), to_office=to, by=by, at=at)


with opened_trail(None, "test"), transaction.atomic(), connection.execute_wrapper(stop):
    deed()
    print("in the middle", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize(
    ("deed", "statements"),
    [
        ("contact", 12),
        ("contact", 10_000),
        ("refer", 30),
        ("leave", 25),
        ("leave", 10_000),
        ("close_office", 40),
    ],
    ids=[
        "a contact",
        "a contact before its commit",
        "a referral",
        "a leaving",
        "a leaving before its commit",
        "an office closing",
    ],
)
def test_kill_9_in_the_middle_of_a_deed_stores_nothing_of_it(
    tmp_path: Path, deed: str, statements: int
) -> None:
    with opened_trail(None, "test"), transaction.atomic():
        holder = a_worker(an_office())
        other = an_office()
        concerns = [a_concern(held_by=holder) for _ in range(3)]
        coordinator = a_worker(an_office(), role="coordinator")
        ask_coordination(concerns[2], by=holder, at=NOW)
        follower = a_worker(office_of(holder))
        rows = {
            ("hold", pk): Line(follower.pk, "犬が好き") for pk in holder.holds.values_list("pk", flat=True)
        }
        prepare_leaving(holder, leaving_on=NOW.date(), rows=rows, by=follower, at=NOW)
    before, holds = stored(), set(Hold.objects.filter(closed_at=None).values_list("pk", flat=True))
    told: dict[str, Any] = {
        "database": {
            name: str(connection.settings_dict[name]) for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
        }
        | {"OPTIONS": connection.settings_dict["OPTIONS"]},
        "at": NOW.isoformat(),
        "by": holder.pk,
        "to": other.pk,
        "office": office_of(holder).pk,
        "concerns": [concern.pk for concern in concerns],
        "deed": deed,
        "statements": statements,
    }
    script = tmp_path / "deed.py"
    script.write_text(CHILD)
    child = subprocess.Popen(
        [sys.executable, str(script), json.dumps(told)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE, "PYTHONPATH": os.getcwd()},
    )
    with child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == "in the middle"
        finally:
            os.kill(child.pid, signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    # The server notices the broken connection and rolls back; a lock taken here waits for that.
    with transaction.atomic():
        assert Concern.objects.select_for_update().order_by("pk").count() == 3
        list(Concern.objects.select_for_update().order_by("pk"))
    assert stored() == before
    assert set(Hold.objects.filter(closed_at=None).values_list("pk", flat=True)) == holds
    assert coordinator.is_active
    assert LeavingRow.objects.filter(leaver=holder, successor=follower).count() == 3
    holder.refresh_from_db()
    assert (holder.is_active, holder.left_on) == (True, None)
    assert Notice.objects.filter(kind="handover").count() == 0
    with transaction.atomic():
        report = net.check(connection, today=NOW.date())
    assert not report.broken
