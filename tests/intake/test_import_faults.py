"""What goes wrong in the middle of an import leaves all or nothing, and the next try adds what is missing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from tests import harness
from tests.factories import NOW, TODAY, a_worker, an_office
from tests.intake.test_import import R4, R5, YAMADA, _as_owner, a_ledger, take
from tsunagi.accounts.models import Worker
from tsunagi.intake import actions, tasks
from tsunagi.intake.actions import import_store
from tsunagi.intake.models import Consultation, LedgerImport
from tsunagi.intake.rules import ImportState
from tsunagi.people.models import Person
from tsunagi.safety_net import net
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.actions import ask_cancel, start_run
from tsunagi.workbench.models import LongRun

# The import in a process of its own, which says when it has begun to write and then goes on slowly.
SLOWLY = """
import os, sys, time
import django
from django.conf import settings
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from tests import harness
from tsunagi.config import embedded, clock
harness.point_at(sys.argv[1], embedded.APP)
from tsunagi.intake import tasks
from tsunagi.intake.actions import import_store
from tsunagi.shared.edges import opened_trail
real = import_store._let_see
def slowly(*words, **named):
    real(*words, **named)
    print("writing", flush=True)
    time.sleep(60)
import_store._let_see = slowly
with opened_trail(None, "cli", clock.now()):
    tasks.import_file(sys.argv[2], office=None, dry_run=False, at=clock.now())
"""


@pytest.fixture
def desk(fresh_database: None) -> Any:
    with transaction.atomic():
        return an_office("総合相談窓口", is_front_desk=True)


def test_killed_in_the_middle_leaves_nothing_and_the_next_try_all(desk: Any) -> None:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, harness.CLONE, str(R4)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().strip() == "writing"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (Consultation.objects.count(), LedgerImport.objects.count(), Person.objects.count()) == (0, 0, 0)
    again = take(R4)
    assert (again["stored"], again["known"]) == (410, 0)
    assert not _as_owner(lambda: net.check(connection, today=TODAY)).broken


def test_two_imports_of_one_file_at_once_store_it_once(desk: Any) -> None:
    figures: list[dict[str, Any]] = []
    troubles: list[BaseException] = []

    def go() -> None:
        try:
            figures.append(take(R4))
        except BaseException as trouble:
            troubles.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert sorted(one["stored"] for one in figures) == [0, 410]
    assert Consultation.objects.count() == 410


def brought(desk: Any) -> tuple[LedgerImport, LongRun]:
    with transaction.atomic():
        clerk = a_worker(desk)
        run = actions.bring(R4.read_bytes(), R4.name, office_id=desk.pk, by=clerk, at=NOW)
        actions.look_at(run, at=NOW)
        run.refresh_from_db()
        long = start_run("intake.import", "台帳の取り込み", worker=clerk, at=NOW, total=run.rows_read)
        actions.start_import(run, long_run_id=long.pk, by=clerk, at=NOW)
    return run, long


def test_cancelled_in_the_middle_keeps_the_file_to_try_again(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, long = brought(desk)
    real = import_store._let_see

    def meanwhile(*words: Any, **named: Any) -> None:
        real(*words, **named)

        def cancel() -> None:
            with transaction.atomic():
                ask_cancel(LongRun.objects.get(pk=long.pk), by=run.worker, at=NOW)
            connections.close_all()

        other = threading.Thread(target=cancel)
        other.start()
        other.join()

    monkeypatch.setattr(import_store, "_let_see", meanwhile)
    tasks.run_import(long.pk, run.pk)
    long.refresh_from_db()
    run.refresh_from_db()
    assert (long.state, run.state, Consultation.objects.count()) == ("cancelled", ImportState.PREVIEW, 0)
    assert run.file is not None


def test_a_job_taken_up_again_after_a_killed_worker_stores_once(desk: Any) -> None:
    run, long = brought(desk)
    LongRun.objects.filter(pk=long.pk).update(state="running", started_at=NOW)
    tasks.run_import(long.pk, run.pk)
    tasks.run_import(long.pk, run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows_stored, Consultation.objects.count()) == (ImportState.DONE, 410, 410)


def test_the_desk_stays_quick_meanwhile(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """While rows are being stored, nobody waits: a consultation is taken and a worker's row changes."""
    waited: list[float] = []
    real = import_store._let_see
    with transaction.atomic():
        clerk = a_worker(desk)

    def meanwhile(*words: Any, **named: Any) -> None:
        real(*words, **named)

        def work() -> None:
            start = time.monotonic()
            with transaction.atomic():
                actions.take_consultation(by=clerk, at=NOW, office_id=desk.pk, words="家賃のこと")
                Worker.objects.filter(pk=desk.duty_worker_id).update(last_seen_at=NOW)
            waited.append(time.monotonic() - start)
            connections.close_all()

        other = threading.Thread(target=work)
        other.start()
        other.join()

    monkeypatch.setattr(import_store, "_let_see", meanwhile)
    assert take(R4)["stored"] == 410
    assert waited
    assert waited[0] < 1.0


def test_a_zip_bomb_is_refused_and_eats_no_memory(desk: Any, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(R5) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        for item in good.infolist():
            if not item.filename.startswith("xl/worksheets/"):
                bomb.writestr(item.filename, good.read(item.filename))
        bomb.writestr("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 400_000_000)
    with pytest.raises(Refused):
        take(path)
    assert Consultation.objects.count() == 0


def test_a_row_the_database_refuses_takes_nothing_in(desk: Any, tmp_path: Path, monkeypatch: Any) -> None:
    def broken(*_words: Any, **_named: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(import_store, "_let_see", broken)
    with pytest.raises(RuntimeError):
        take(a_ledger(tmp_path, YAMADA))
    assert (Consultation.objects.count(), Person.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert take(a_ledger(tmp_path, YAMADA))["stored"] == 1
