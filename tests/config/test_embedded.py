"""The embedded database: it starts once, survives a kill, is nobody else's, and goes when it is told."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import pq

from tsunagi.config import embedded
from tsunagi.config.embedded import Cluster


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of its own, not started."""
    # pytest's folders are closed to the database's user; this also tries the long-path and closed-folder answers.
    found = Cluster(tmp_path, "db")
    yield found
    found.erase()


def test_it_starts_once_and_answers_with_a_password(cluster: Cluster) -> None:
    assert cluster.start() is True
    assert cluster.start() is False
    with cluster.connect(embedded.APP) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("tsunagi_app",)
    wrong = cluster.parameters() | {"password": "wrong"}
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(**wrong)
    mode = stat.S_IMODE(cluster.socket.stat().st_mode)
    assert mode == 0o700
    for file in (cluster.var / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with cluster.connect(embedded.SUPERUSER) as connection:
        shown = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('server_encoding'),"
            " (SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256')"
        ).fetchone()
        assert shown == ("", "UTF8", 0)


def test_it_does_not_run_as_root(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.data.stat().st_uid != 0
    pid = cluster._running_pid()
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_it_recovers_after_a_kill(cluster: Cluster) -> None:
    cluster.start()
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE kept (a int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    pid = cluster._running_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.ping() == pq.Ping.OK and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (cluster.data / "postmaster.pid").exists()
    assert cluster.start() is True
    with cluster.connect() as connection:
        assert connection.execute("SELECT a FROM kept").fetchone() == (1,)


def test_a_process_number_that_belongs_to_somebody_else_is_not_believed(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n0\n5432\n\n\n")
        assert cluster._running_pid() is None
        assert cluster.stop() is False
        assert cluster.start() is True
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_starters_make_one_server(cluster: Cluster) -> None:
    program = (
        "import sys; from pathlib import Path; from tsunagi.config.embedded import Cluster;"
        "print(Cluster(Path(sys.argv[1]), 'db').start())"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", program, str(cluster.var)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = sorted(starter.communicate(timeout=120)[0].strip() for starter in starters)
    assert answers == ["False", "False", "True"]


def test_it_stops_and_says_whether_it_ran(cluster: Cluster) -> None:
    assert cluster.stop() is False
    cluster.start()
    with cluster.connect():
        assert cluster.stop(only_if_idle=True) is False
    assert cluster.stop() is True
    assert not cluster.answers()
    assert cluster.stop() is False


def test_an_initialisation_that_was_killed_half_way_is_begun_again(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").unlink()
    assert cluster.start() is True


def test_a_folder_with_a_long_path_still_has_a_socket(tmp_path: Path) -> None:
    deep = Cluster(tmp_path.joinpath(*["長い名前のフォルダー"] * 4), "db")
    try:
        deep.start()
        assert len(os.fsencode(deep.socket / ".s.PGSQL.5432")) <= embedded.LONGEST_SOCKET_PATH
        with deep.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        deep.erase()


def test_another_version_s_files_are_not_opened(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(embedded.DatabaseTrouble, match="database upgrade"):
        cluster.start()


def test_the_log_quotes_no_rows(cluster: Cluster) -> None:
    cluster.start()
    with cluster.connect() as connection:
        connection.execute("CREATE TABLE only_once (name text PRIMARY KEY)")
        connection.execute("INSERT INTO only_once VALUES ('山田花子')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO only_once VALUES ('山田花子')")
    deadline = time.monotonic() + 20
    logged = ""
    while "only_once_pkey" not in logged and time.monotonic() < deadline:  # the collector writes when it can
        logged = "".join(path.read_text() for path in cluster.log.glob("*.log"))
    assert "only_once_pkey" in logged
    assert "山田花子" not in logged


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = embedded.secret(tmp_path, "word")
    assert len(first) >= 32
    assert embedded.secret(tmp_path, "word") == first
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
