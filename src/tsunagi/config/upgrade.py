"""Move the embedded database to the PostgreSQL of the installed wheel: dump with the new, restore into the new."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from . import embedded


def upgrade(cluster: embedded.Cluster, *, old_binaries: Path | None = None) -> int:
    """Dump every row, make the new cluster, restore, swap; the old files stay beside it as `data-<version>`.

    Raises DatabaseTrouble, with the old cluster untouched, when a step fails. Needs the old version's binaries
    (in the wheel or Debian's) to start the old server once more.
    """
    if not (cluster.data / "PG_VERSION").exists():
        print("データベースはまだありません。")
        return 0
    have = int((cluster.data / "PG_VERSION").read_text())
    want = embedded.version_of(embedded.wheel_binaries())
    if have == want:
        print(f"データベースは PostgreSQL {want} で、最新です。")
        return 0
    binaries = old_binaries or _binaries_of(have)
    cluster.stop()
    old = embedded.Cluster(cluster.var, cluster.name, binaries=binaries)
    old.start()
    dump = cluster.var / f"upgrade-{have}-to-{want}.dump"
    new = embedded.Cluster(cluster.var, f"{cluster.name}-{want}")
    try:
        # The dump is taken by the new version's pg_dump, as PostgreSQL's own manual asks.
        _tool("pg_dump", old, ["--format=custom", "--file", str(dump)])
        dump.chmod(0o600)
        old.stop()
        _copy_secrets(cluster, new)
        new.start()
        _tool("pg_restore", new, ["--exit-on-error", "--single-transaction", "--no-owner", str(dump)])
        new.stop()
    except BaseException:
        new.erase()
        old.stop()
        raise
    finally:
        dump.unlink(missing_ok=True)
    kept = cluster.home / f"data-{have}"
    cluster.data.rename(kept)
    shutil.move(new.data, cluster.data)
    new.erase()
    print(
        f"PostgreSQL {have} から {want} へ移しました。前のファイルは {kept} に残っています。", file=sys.stderr
    )
    return 0


def _binaries_of(version: int) -> Path:
    newest = embedded.wheel_binaries()
    for path in newest.parent.parent.glob("pginstall*/bin"):
        if (path / "postgres").exists() and embedded.version_of(path) == version:
            return path
    return embedded.debian_binaries(str(version))


def _copy_secrets(cluster: embedded.Cluster, new: embedded.Cluster) -> None:
    """The new cluster keeps the passwords of the old one."""
    folder = cluster.var / "secrets"
    for path in folder.glob(f"{cluster.name}-*"):
        word = path.name.removeprefix(f"{cluster.name}-")
        if word in (embedded.OWNER, embedded.APP, embedded.SUPERUSER):
            target = folder / f"{new.name}-{word}"
            target.touch(mode=0o600)
            target.write_text(path.read_text())


def _tool(name: str, cluster: embedded.Cluster, arguments: list[str]) -> None:
    found = cluster.parameters(embedded.OWNER)
    done = subprocess.run(
        [
            str(embedded.wheel_binaries() / name),
            *("--host", found["host"], "--port", found["port"]),
            *("--username", found["user"], "--dbname", found["dbname"]),
            *arguments,
        ],
        env=embedded.environment() | {"PGPASSWORD": found["password"]},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise embedded.DatabaseTrouble(f"{name} が失敗しました。\n{done.stderr.strip()}")
