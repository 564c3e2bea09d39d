"""The command line, run as a city runs it: from another folder, with its own TSUNAGI_VAR."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tsunagi.config.embedded import Cluster

TSUNAGI = [sys.executable, "-m", "tsunagi.config.cli"]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty TSUNAGI_VAR."""
    folder = tmp_path_factory.mktemp("city")
    yield folder
    Cluster(folder).erase()


def environment(var: Path) -> dict[str, str]:
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("TSUNAGI_", "DJANGO_", "DATABASE_"))
    }
    return kept | {"TSUNAGI_VAR": str(var)}


def run(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TSUNAGI, *words],
        env=environment(var),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd="/",
    )


def a_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_doctor_says_what_is_missing_in_one_screen(var: Path) -> None:
    told = run(var, "doctor")
    assert told.returncode == 0, told.stdout + told.stderr
    assert "PostgreSQL" in told.stdout
    assert len(told.stdout.splitlines()) <= 24


def test_a_city_starts_from_nothing_and_stops_when_told(var: Path) -> None:
    port = a_free_port()
    served = subprocess.Popen(
        [*TSUNAGI, "serve", "--port", str(port)],
        env=environment(var),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
    )
    try:
        address = f"http://127.0.0.1:{port}/accounts/login/"
        assert served.stdout is not None
        for line in served.stdout:
            if f"127.0.0.1:{port}" in line:
                break
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(address, timeout=10) as answer:
                    assert answer.status == 200
                    assert answer.headers["Cache-Control"].count("no-store")
                    break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.2)
        assert Cluster(var).answers()
        other = run(var, "serve", "--port", str(port))
        assert other.returncode == 1
        assert "使われています" in other.stderr
    finally:
        served.send_signal(signal.SIGTERM)
        told, _ = served.communicate(timeout=60)
    assert served.returncode == 0, told
    assert "Traceback" not in told
    assert not Cluster(var).answers()  # it had started the database, so it stopped it


def test_migrate_leaves_the_database_up_and_stop_database_stops_it(var: Path) -> None:
    assert run(var, "migrate").returncode == 0
    assert Cluster(var).answers()
    assert run(var, "stop-database").stdout.strip() == "データベースを止めました。"
    assert run(var, "stop-database").stdout.strip() == "データベースは動いていません。"


def test_the_owner_s_commands_run_as_the_owner(var: Path) -> None:
    told = run(
        var,
        "manage",
        "shell",
        "-v0",
        "-c",
        "from django.db import connection as c; print(c.settings_dict['USER'])",
    )
    assert told.stdout.strip() == "tsunagi", told.stderr


def test_a_database_url_is_the_owner_s_and_the_application_signs_in_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tsunagi.config.settings import database

    url = "postgresql://tsunagi_city:p%40ss@db.example:6543/fukushi?sslmode=require"
    owner, app = (database(url=url, role=role) for role in ("owner", "app"))
    assert (owner["USER"], owner["PASSWORD"], owner["PORT"], owner["NAME"]) == (
        "tsunagi_city",
        "p@ss",
        "6543",
        "fukushi",
    )
    assert owner["OPTIONS"] == {"sslmode": "require"}
    assert app["USER"] == "tsunagi_city_app"
    assert app["PASSWORD"] != "p@ss"


def test_an_empty_database_gets_its_first_administrator_once(var: Path) -> None:
    made = run(var, "first-administrator", "kanri", "--name", "架空 花子")
    assert "サインイン名: kanri" in made.stdout, made.stderr
    again = run(var, "first-administrator", "kanri2", "--name", "架空 次郎")
    assert again.returncode == 1
    assert "すでに登録されています" in again.stderr


BRING = """
import uuid
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from tsunagi.accounts.models import Worker
from tsunagi.config.clock import now
from tsunagi.workbench import actions
with transaction.atomic():
    actions.bring(Worker.objects.first(), SimpleUploadedFile("memo.txt", "三日前から".encode()), uuid.uuid4(), at=now())
"""


def test_attachments_are_checked_swept_and_wrapped_anew(var: Path) -> None:
    run(var, "first-administrator", "kanri2", "--name", "架空 太郎")
    assert "TSUNAGI_CLAMAV" in run(var, "attachments", "status").stdout
    assert run(var, "manage", "shell", "-v0", "-c", BRING).returncode == 0
    assert "すべて開けます" in run(var, "attachments", "check").stdout
    rotated = run(var, "attachments", "rotate-key", "--forget-old")
    assert "1 個を包み直しました" in rotated.stdout, rotated.stderr
    assert "古い鍵 1 本を捨てました" in rotated.stdout
    assert run(var, "attachments", "check").returncode == 0
    assert "0 個を消しました" in run(var, "attachments", "sweep").stdout
    [file] = (var / "attachments").glob("*/*.sealed")
    file.write_bytes(file.read_bytes()[:-1])
    broken = run(var, "attachments", "check")
    assert broken.returncode == 1
    assert "添付 1: 開けません" in broken.stdout
    keys = var / "secrets" / "attachment-keys"
    keys.chmod(0o644)
    assert f"chmod 600 {keys}" in run(var, "doctor").stdout
    keys.chmod(0o600)


def test_erasing_asks_first(var: Path) -> None:
    assert run(var, "database", "erase").returncode == 1
    assert run(var, "database", "erase", "--yes").returncode == 0
    assert not Cluster(var).data.exists()


def test_a_file_that_is_not_there_is_said_plainly(var: Path) -> None:
    told = run(var, "import-consultations", "nowhere.xlsx")
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
