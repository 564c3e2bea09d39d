"""The tests' own database cluster: a template, migrated once by the owner, and a clone of it per process.

The template is named after everything that shapes it (migrations, models, shipped data, library versions) and is
kept between runs; a clone takes a fraction of a second. Tests sign in as the application's role.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from tsunagi.config import embedded
from tsunagi.config.modules import PACKAGE, present

MAJOR = os.environ.get("TSUNAGI_PG", "")
CLUSTER = embedded.Cluster(
    embedded.var_directory(),
    f"test-{MAJOR}" if MAJOR else "test",
    fast=True,
    binaries=embedded.debian_binaries(MAJOR) if MAJOR else None,
)
CLONE = f"test_{os.getpid()}"
"""The database of this process."""

# These never shape a table or a shipped row.
_SHAPELESS = {"views", "forms", "urls", "access", "queries", "tasks", "reactions", "events", "laws"}


def start() -> None:
    """Start the cluster; one that was broken by a power cut (it runs without fsync) is made anew."""
    try:
        CLUSTER.start()
    except embedded.DatabaseTrouble:
        CLUSTER.erase()
        CLUSTER.start()


def stop() -> None:
    """Stop the cluster unless other tests are using it."""
    CLUSTER.stop(only_if_idle=True)


def shape() -> str:
    """A word that changes when the template must be built anew."""
    digest = hashlib.sha256()
    for library in ("django", "django-allauth", "procrastinate"):
        digest.update(importlib.metadata.version(library).encode())
    for module in present():
        for path in sorted((PACKAGE / module).rglob("*")):
            if not path.is_file() or path.suffix in (".pyc", ".md", ".html", ".css", ".js", ".svg"):
                continue
            relative = path.relative_to(PACKAGE)
            if path.suffix == ".py" and relative.parts[1].removesuffix(".py") in _SHAPELESS:
                continue
            if (
                path.suffix == ".py"
                and "actions" in relative.parts[1]
                and b"load_shipped" not in path.read_bytes()
            ):
                continue
            if module == "config" and path.stem not in ("settings", "database", "rows"):
                continue
            if module in ("ui", "demo", "desk", "safety_net"):
                continue
            digest.update(str(relative).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _administrator() -> psycopg.Connection:
    connection = CLUSTER.connect(embedded.SUPERUSER, "postgres")
    connection.execute("SET statement_timeout = '120s'")
    return connection


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with open(CLUSTER.folder / "template.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    """Make sure there is a template of this shape, and clone it for this process."""
    start()
    name = f"template_{shape()}"
    with _alone(), _administrator() as admin:
        there = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
        _tidy(admin, there, name)
        if name not in there:
            _build(admin, name)
        stamp = CLUSTER.folder / name
        stamp.touch()
        _clone(admin, name)


def reclone() -> None:
    """Throw this process's database away and take a fresh clone: after a test that committed."""
    from django.db import connections

    connections.close_all()
    with _administrator() as admin:
        _clone(admin, f"template_{_shape_of_this_run()}")


def drop() -> None:
    """Remove this process's database."""
    from django.db import connections

    connections.close_all()
    with _administrator() as admin:
        _drop(admin, CLONE)


_template: str | None = None


def _shape_of_this_run() -> str:
    assert _template is not None
    return _template.removeprefix("template_")


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _clone(admin: psycopg.Connection, template: str) -> None:
    global _template
    _template = template
    _drop(admin, CLONE)
    for attempt in range(50):
        try:
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                    sql.Identifier(CLONE), sql.Identifier(template), sql.Identifier(embedded.OWNER)
                )
            )
            return
        except psycopg.errors.ObjectInUse:  # another process copies the template at this moment
            time.sleep(0.1 + attempt * 0.02)
    raise RuntimeError(f"{template} stays in use")


def _build(admin: psycopg.Connection, name: str) -> None:
    from django.db import connections

    from tsunagi.config import database
    from tsunagi.places.actions import load_city

    draft = "template_draft"
    _drop(admin, draft)
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(draft), sql.Identifier(embedded.OWNER))
    )
    try:
        point_at(draft, embedded.OWNER)
        database.migrate(embedded.APP)
        # The city of the slides: tests of people and offices stand on its map, which only the owner may draw.
        load_city("nagaokakyo")
    finally:
        connections.close_all()
    admin.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
    )


def point_at(name: str, role: str) -> None:
    """Let Django's connection use this database as this role from here on."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    found = CLUSTER.parameters(role, name)
    where = {
        "NAME": found["dbname"],
        "USER": found["user"],
        "PASSWORD": found["password"],
        "HOST": found["host"],
        "PORT": found["port"],
    }
    options = settings.DATABASES["default"]["OPTIONS"]
    options.pop("options", None)
    # Outside requests a test sees the whole, as jobs do; inside them the edges narrow it.
    seen = "-c plan_cache_mode=force_generic_plan -c search_path=seen,public -c tsunagi.reach=whole"
    where["OPTIONS"] = options | ({"options": seen} if role == embedded.APP else {})
    settings.DATABASES["default"].update(where)
    connections["default"].settings_dict.update(where)


def _tidy(admin: psycopg.Connection, there: set[str], keep: str) -> None:
    """Drop clones of processes that are gone and templates nobody used for a day."""
    for name in there:
        if (
            name.startswith("test_")
            and not Path(f"/proc/{name.removeprefix('test_')}").exists()
            and _gone(name)
        ):
            _drop(admin, name)
        elif name.startswith("template_") and name != keep:
            stamp = CLUSTER.folder / name
            if not stamp.exists() or time.time() - stamp.stat().st_mtime > 86400:
                _drop(admin, name)
                stamp.unlink(missing_ok=True)


def _gone(name: str) -> bool:
    try:
        os.kill(int(name.removeprefix("test_")), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, ValueError):
        return False
    return False
