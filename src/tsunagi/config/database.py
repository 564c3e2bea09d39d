"""Bring a database up to date: tables, what the application's role may do, shipped reference data.

Runs as the owner. The application's role owns nothing: it gets SELECT, INSERT, UPDATE and DELETE on every table,
unless a module's `models.py` says otherwise in `GRANTS` — table → privileges as SQL writes them, for example
`{"holding_hold": ["SELECT", "INSERT", "UPDATE (closed_at, closed_by)"]}`.
"""

from __future__ import annotations

import importlib
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from tsunagi.shared import edges

from . import clock, embedded, rows
from .modules import PACKAGE, having

TABLES = ("SELECT", "INSERT", "UPDATE", "DELETE")
ONLY_READ = {"django_migrations"}


def migrate(app_role: str = embedded.APP, *, verbosity: int = 0) -> None:
    """Migrate, grant, guard, ship. The current connection is the owner's; every step may be repeated."""
    rows.take_down_before_migrating()
    call_command("migrate", verbosity=verbosity, interactive=False)
    with transaction.atomic():
        apply_grants(app_role)
        rows.guard_rows(app_role)
    load_shipped()


def grants() -> dict[str, list[str]]:
    """What the modules say about their own tables."""
    found: dict[str, list[str]] = {}
    for module in having("models"):
        found |= getattr(importlib.import_module(f"tsunagi.{module}.models"), "GRANTS", {})
    return found


def apply_grants(app_role: str) -> None:
    """Give the application's role what it may do, and take away the rest."""
    special = grants()
    role = sql.Identifier(app_role)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relkind::text FROM pg_class c"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')"
            " AND pg_has_role(c.relowner, 'USAGE')"
        )
        relations: dict[str, str] = dict(cursor.fetchall())
        unknown = set(special) - set(relations)
        if unknown:
            raise RuntimeError(f"GRANTS name tables that do not exist: {', '.join(sorted(unknown))}")
        statements = [sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role)]
        for name, kind in relations.items():
            relation = sql.Identifier(name)
            if kind == "S":
                statements.append(sql.SQL("GRANT USAGE, SELECT ON SEQUENCE {} TO {}").format(relation, role))
                continue
            privileges: Any = special.get(name)
            if privileges is None:
                privileges = ("SELECT",) if kind in "vm" or name in ONLY_READ else TABLES
            statements.append(sql.SQL("REVOKE ALL ON {} FROM {}").format(relation, role))
            if privileges:
                # The privileges are written by the program itself, in models.GRANTS.
                words = sql.SQL(", ".join(privileges))
                statements.append(sql.SQL("GRANT {} ON {} TO {}").format(words, relation, role))
        cursor.execute(sql.SQL(";\n").join(statements))


def load_shipped() -> None:
    """Let every module bring its shipped reference data up to date, lowest module first."""
    for module in reversed(having("actions")):
        if ships(module):
            load = importlib.import_module(f"tsunagi.{module}.actions").load_shipped
            with edges.opened_trail(None, "cli", clock.now()), transaction.atomic():
                load()


def ships(module: str) -> bool:
    """Whether the module's actions define `load_shipped` (read, not imported: most modules ship nothing)."""
    home = PACKAGE / module
    files = [home / "actions.py", *sorted((home / "actions").glob("*.py"))]
    return any("def load_shipped" in file.read_text() for file in files if file.is_file())


def ensure_app_role() -> list[str]:
    """For a city's own server: make `<owner>_app` with the kept password.

    Returns the three statements the database's administrator must run instead, when the owner may not.
    """
    owner = connection.settings_dict["USER"]
    role = f"{owner}_app"
    word = embedded.secret(settings.VAR, role)
    create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(word))
    name = connection.settings_dict["NAME"]
    connect = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(role))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        there = cursor.fetchone() is not None
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
        may = bool(row and row[0])
        if there:
            return []
        if may:
            cursor.execute(create)
            for statement in embedded.role_settings(role):
                cursor.execute(statement)
            cursor.execute(connect)
            return []
        bounds = "; ".join(
            f"ALTER ROLE \"{role}\" SET {key} = '{value}'" for key, value in embedded.ROLE_SETTINGS.items()
        )
        return [create.as_string(None), bounds, connect.as_string(None)]
