"""An old cluster moves to the new PostgreSQL with every row and every password."""

from __future__ import annotations

from pathlib import Path

import pytest

from tsunagi.config import embedded, upgrade
from tsunagi.config.embedded import Cluster

# An older PostgreSQL that is at hand: the wheel carries one, Debian has another.
OLDER = [
    path
    for path in [
        *embedded.wheel_binaries().parent.parent.glob("pginstall*/bin"),
        Path("/usr/lib/postgresql/15/bin"),
    ]
    if (path / "postgres").exists()
    and embedded.version_of(path) < embedded.version_of(embedded.wheel_binaries())
]


def test_nothing_to_do_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert upgrade.upgrade(Cluster(tmp_path)) == 0
    assert "まだありません" in capsys.readouterr().out


def test_rows_roles_and_passwords_are_kept(tmp_path: Path) -> None:
    assert OLDER, (
        "the installed wheel carries no older PostgreSQL to come from: apt-get install postgresql-15"
    )
    binaries = OLDER[0]
    old = Cluster(tmp_path, binaries=binaries)
    try:
        old.start()
        with old.connect() as connection:
            connection.execute("CREATE TABLE kept (name text)")
            connection.execute("INSERT INTO kept VALUES ('髙橋')")
            connection.execute("GRANT SELECT ON kept TO tsunagi_app")
        old.stop()
        new = Cluster(tmp_path)
        assert upgrade.upgrade(new, old_binaries=binaries) == 0
        new.start()
        with new.connect(embedded.APP) as connection:
            assert connection.execute("SELECT name FROM kept").fetchone() == ("髙橋",)
            version = connection.execute(
                "SELECT current_setting('server_version_num')::int / 10000"
            ).fetchone()
            assert version == (embedded.version_of(embedded.wheel_binaries()),)
        assert not list(tmp_path.glob("*.dump"))
    finally:
        Cluster(tmp_path).erase()
