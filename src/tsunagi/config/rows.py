"""Turn what the modules say of their rows (`models.ROWS`) into policies, views and functions. Runs as the owner.

See `shared/rows.py` for what a guard is, decision 0048 for why views of the same name stand before the tables.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from tsunagi.shared import rows
from tsunagi.shared.rows import Guard, Open, Rule

from .modules import having

SECRETS = "read before anybody is signed in; passwords and codes are hashes or sealed"
LIBRARIES: dict[str, Rule] = {
    **dict.fromkeys(
        (
            "accounts_office",
            "accounts_worker",
            "accounts_posting",
            "accounts_calendarday",
            "accounts_workerday",
            "accounts_absence",
            "accounts_proposal",
        ),
        Open("who works where and when: every page names colleagues"),
    ),
    **dict.fromkeys(
        (
            "accounts_secondfactor",
            "accounts_sparecode",
            "accounts_codetries",
            "accounts_signin",
            "accounts_signonname",
            "account_emailaddress",
            "account_emailconfirmation",
            "django_session",
        ),
        Open(SECRETS),
    ),
    **dict.fromkeys(
        ("codes_codelist", "codes_code", "codes_setting", "codes_stamp"), Open("words to choose from")
    ),
    **dict.fromkeys(
        (
            "places_city",
            "places_schooldistrict",
            "places_progression",
            "places_town",
            "places_districtrange",
            "places_publishedfigure",
            "places_officearea",
        ),
        Open("the map of the city"),
    ),
    **dict.fromkeys(
        ("setup_mark", "setup_look", "setup_review", "setup_reviewline"), Open("of workers, not of people")
    ),
    **dict.fromkeys(
        ("journal_entry", "journal_seal", "journal_waiting"),
        Open("numbers and codes only; auditors read it by any number"),
    ),
    **dict.fromkeys(
        (
            "auth_permission",
            "auth_group",
            "auth_group_permissions",
            "django_content_type",
            "django_migrations",
            "procrastinate_workers",
            "procrastinate_jobs",
            "procrastinate_events",
            "procrastinate_periodic_defers",
        ),
        Open("the libraries' own; jobs carry numbers only"),
    ),
}
"""Tables that belong to no module's confidence."""

RECORDS = {
    "consultation": "intake_consultation",
    "concern": "holding_concern",
    "contact": "holding_contact",
    "case": "cases_case",
    "note": "cases_note",
    "referral": "referrals_referral",
    "answer": "referrals_referral",
    "meeting": "intake_officemeeting",
}
"""Kind of record → its table: what attachments hang on (wiring.FILES_HANG_ON) and what is shown round."""

BESIDES = {
    "workbench_attachment": ("subject_kind", "{t}.attached_at IS NOT NULL"),
    "workbench_circulation": ("kind", "true"),
    "sharing_guardedtext": ("subject_kind", "{t}.door <> ''"),
}
"""Tables whose rows are also seen by whoever sees the record they belong to: the column that says its kind, and when."""


def rules() -> dict[str, Rule]:
    """What guards which table: the modules' words and the libraries' list."""
    found = dict(LIBRARIES)
    for module in having("models"):
        found |= getattr(importlib.import_module(f"tsunagi.{module}.models"), "ROWS", {})
    for table, (column, when) in BESIDES.items():
        rule = found[table]
        if isinstance(rule, Guard):
            cases = " ".join(
                f"WHEN '{kind}' THEN seen.sees_{record}({{t}}.subject_id)" for kind, record in RECORDS.items()
            )
            found[table] = rows.either(rule, Guard(f"{when} AND CASE {{t}}.{column} {cases} ELSE false END"))
    return found


def take_down_before_migrating() -> None:
    """Views stand in the way of a table that changes: they go first, if there is anything to migrate."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {rows.SCHEMA} CASCADE")


def guard_rows(app_role: str) -> None:
    """Guard every table as its module says; in one transaction, so that nobody ever reads an unguarded one."""
    said = rules()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_min_messages = warning")
        shapes = _shapes(cursor)
        cursor.execute(f"DROP SCHEMA IF EXISTS {rows.SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {rows.SCHEMA}")
        cursor.execute(rows.BASICS + _OFFICES_OF + _ROLES)
        for table in rows.in_order(said):
            guard = said[table]
            assert isinstance(guard, Guard)
            if table not in shapes:
                raise RuntimeError(f"ROWS name a table that does not exist: {table}")
            cursor.execute(rows.guarding(table, guard, *shapes[table]))
        for table, rule in said.items():
            if isinstance(rule, Open) and table in shapes:
                cursor.execute(f'ALTER TABLE public."{table}" DISABLE ROW LEVEL SECURITY')
        _open_the_eyes_of_laws(cursor)
        _grant(cursor, app_role, [name for name, rule in said.items() if isinstance(rule, Guard)])


_OFFICES_OF = """
CREATE FUNCTION seen.offices_of(who bigint) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(array_agg(DISTINCT p.office_id)::text, '{}')
      FROM accounts_posting p JOIN accounts_office o ON o.id = p.office_id
     WHERE p.worker_id = who AND p.ended_at IS NULL AND o.is_active
$$;
"""
_ROLES = """
CREATE FUNCTION seen.roles() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(array_agg(DISTINCT p.role::text), '{}')
      FROM accounts_posting p JOIN accounts_office o ON o.id = p.office_id
     WHERE p.worker_id = seen.worker() AND p.ended_at IS NULL AND o.is_active
$$;
"""
"""Both as `accounts.queries.posts_of`."""


def _open_the_eyes_of_laws(cursor: Any) -> None:
    """A law that goes blind passes silently: every function of a trigger runs as the owner, on the tables themselves."""
    cursor.execute(
        "SELECT DISTINCT p.oid::regprocedure::text FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid"
        " WHERE NOT g.tgisinternal AND p.pronamespace = 'public'::regnamespace"
        " AND p.proname NOT LIKE 'procrastinate%' AND pg_has_role(p.proowner, 'USAGE')"
        " AND (NOT p.prosecdef OR NOT COALESCE(p.proconfig::text LIKE '%search_path=public%', false))"
    )
    for (function,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {function} SECURITY DEFINER SET search_path = public, pg_temp")


def _shapes(cursor: Any) -> dict[str, tuple[str, str, list[str]]]:
    """Every table of ours: its primary key, that key's type, its columns."""
    cursor.execute(
        "SELECT c.relname, k.attname, format_type(k.atttypid, NULL),"
        " array_agg(a.attname::text ORDER BY a.attnum)"
        " FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
        " JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = i.indkey[0]"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " GROUP BY c.relname, k.attname, k.atttypid"
    )
    return {name: (key, kind, columns) for name, key, kind, columns in cursor.fetchall()}


def _grant(cursor: Any, app_role: str, tables: list[str]) -> None:
    """The application may do to a view what it may do to its table, column by column."""
    role = sql.Identifier(app_role)
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA seen TO {}").format(role),
        sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA seen TO {}").format(role),
    ]
    cursor.execute(
        "SELECT relname, privilege, NULL::text FROM pg_class c,"
        " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege"
        " WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s)"
        " AND has_table_privilege(%(role)s, c.oid, privilege)"
        " UNION ALL SELECT c.relname, 'UPDATE', a.attname::text FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%(tables)s)"
        " AND NOT has_table_privilege(%(role)s, c.oid, 'UPDATE')"
        " AND has_column_privilege(%(role)s, c.oid, a.attnum, 'UPDATE')",
        {"tables": tables, "role": app_role},
    )
    for table, privilege, column in cursor.fetchall():
        only = sql.SQL(" ({})").format(sql.Identifier(column)) if column else sql.SQL("")
        statements.append(
            sql.SQL("GRANT {}{} ON {} TO {}").format(
                sql.SQL(privilege), only, sql.Identifier(rows.SCHEMA, table), role
            )
        )
    cursor.execute(sql.SQL(";\n").join(statements))


def prepare_the_program() -> None:
    """What the program must know: deeds see the whole; a view has no primary key to group by. Before views are read."""
    from django.db.backends.postgresql.features import DatabaseFeatures

    DatabaseFeatures.allows_group_by_selected_pks_on_model = lambda self, model: False  # type: ignore[method-assign]
    modules = []
    for name in having("actions"):
        package = importlib.import_module(f"tsunagi.{name}.actions")
        modules.append(package)
        for part in pkgutil.iter_modules(getattr(package, "__path__", [])):
            modules.append(importlib.import_module(f"{package.__name__}.{part.name}"))
    rows.let_deeds_see_the_whole(modules)
