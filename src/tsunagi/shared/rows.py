"""Row-level security: which rows of which table a worker's transaction may see (decision 0048).

A forgotten filter in Python shows nothing instead of everything. It does not stop SQL injection: whoever can send
SQL can also send `set_config`.

Every module says in its `models.py` what guards its tables:

    ROWS = {
        "cases_case": either(of_office("office_id"), of_party("party_id")),
        "cases_note": through("case_id", "cases_case"),
        "cases_notetemplate": Open("a template speaks of nobody"),
    }

`config/database.py` makes of it, after every migration: the policies of the base tables, a view of the same name
in the schema `seen` (owned by the tables' owner; the application's role finds it first, whatever a statement names),
and for each table a function `seen.sees_<table>(id)`, which `through` asks. tests/config/test_rows.py fails for a
table that is in neither way spoken of.

A transaction's sight is three settings, which `edges` sends: `tsunagi.reach`, `tsunagi.worker`, `tsunagi.offices`.
Reach "worker": the rows of this worker. "whole": all rows, for jobs, commands and deeds (`whole`). Unset: none.
"""

from __future__ import annotations

import contextlib
import functools
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from psycopg import pq

SCHEMA = "seen"


@dataclass(frozen=True)
class Guard:
    """A condition on the row `{t}`, as SQL. It names tables of `public` in full."""

    sql: str


@dataclass(frozen=True)
class Open:
    """A table every worker's transaction may read whole, and why that harms nobody."""

    why: str


Rule = Guard | Open

ME = "(SELECT seen.worker())"
OFFICES = "(SELECT seen.offices())::bigint[]"


def of_worker(*columns: str) -> Guard:
    """The worker's own rows: one of these columns names them."""
    return Guard(" OR ".join(f"{{t}}.{column} = {ME}" for column in columns))


def of_office(*columns: str) -> Guard:
    """The rows of the worker's offices: one of these columns names one."""
    return Guard(" OR ".join(f"{{t}}.{column} = ANY({OFFICES})" for column in columns))


def of_role(*roles: str) -> Guard:
    """Every row, for a worker who is posted somewhere with one of these roles: for what is decided for the whole city."""
    listed = ", ".join(f"'{role}'" for role in sorted(roles))
    return Guard(f"(SELECT seen.roles()) && ARRAY[{listed}]::text[]")


def through(column: str, table: str) -> Guard:
    """The rows whose `column` points to a row of `table` that may be seen."""
    return Guard(f"seen.sees_{table}({{t}}.{column})")


def of_party(*columns: str) -> Guard:
    """The rows about somebody who may be seen."""
    return either(*(through(column, "people_party") for column in columns))


def either(*guards: Guard) -> Guard:
    """What one of these shows. Write the cheap ones first: they are asked in this order."""
    return Guard(" OR ".join(f"({guard.sql})" for guard in guards))


def both(*guards: Guard) -> Guard:
    """What all of these show."""
    return Guard(" AND ".join(f"({guard.sql})" for guard in guards))


# -- who sees the whole ---------------------------------------------------------------------------------------------

_narrow: ContextVar[bool] = ContextVar("tsunagi_narrow", default=False)
"""Whether this transaction sees a worker's rows only. False outside requests: there the connection itself decides."""


def narrowed(state: bool) -> bool:
    """Say whether the transaction that begins or ends here is a worker's (edges does); what it was before."""
    before = _narrow.get()
    _narrow.set(state)
    return before


@contextlib.contextmanager
def whole(why: str) -> Iterator[None]:
    """See all rows in this block: for a question that must know what its asker may not see. `why` is for the reader.

    What the block returns has passed no guard: it must filter by itself, or answer with numbers, truths and codes.
    Make lists of what is returned: a query set that is read later is read as the worker again.
    """
    if not _narrow.get():
        yield
        return
    _reach("whole")
    token = _narrow.set(False)
    try:
        yield
    finally:
        _narrow.reset(token)
        # A transaction the database has given up reads nothing more; its end takes the setting along.
        if is_alive():
            _reach("worker")


Function = TypeVar("Function", bound=Callable[..., Any])


def sees_whole(why: str) -> Callable[[Function], Function]:
    """The function sees all rows; see `whole`. Every use is listed by tests/config/test_rows.py."""

    def marked(function: Function) -> Function:
        @functools.wraps(function)
        def seeing(*args: Any, **kwargs: Any) -> Any:
            with whole(why):
                return function(*args, **kwargs)

        seeing.sees_whole = why  # type: ignore[attr-defined]
        return seeing  # type: ignore[return-value]

    return marked


def let_deeds_see_the_whole(modules: Iterable[types.ModuleType]) -> None:
    """A deed decides by all the facts, not by those its doer may read: every public function of `actions` sees all.

    Whether the worker may do it was decided before, by a door, as the worker. Called once, before views are read.
    """
    found = list(modules)
    deeds: dict[Any, Any] = {}
    for module in found:
        for name, value in list(vars(module).items()):
            if (
                isinstance(value, types.FunctionType)
                and not name.startswith("_")
                and ".actions" in value.__module__
                and not hasattr(value, "sees_whole")
            ):
                if value not in deeds:
                    deeds[value] = sees_whole("a deed")(value)
                setattr(module, name, deeds[value])


def _reach(reach: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tsunagi.reach', %s, true)", [reach])


def is_alive() -> bool:
    """Whether the connection's transaction can still be asked something."""
    raw = connection.connection
    return (
        raw is not None
        and not raw.closed
        and not connection.needs_rollback
        and raw.info.transaction_status in (pq.TransactionStatus.INTRANS, pq.TransactionStatus.IDLE)
    )


def copy_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Store many rows by COPY. PostgreSQL takes no COPY into a guarded table: it goes by way of a passing one."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TEMPORARY TABLE IF NOT EXISTS "coming_{table}" ON COMMIT DROP'
            f' AS SELECT {names} FROM "{table}" WITH NO DATA'
        )
        with cursor.copy(f'COPY "coming_{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "coming_{table}"')
        cursor.execute(f'DROP TABLE "coming_{table}"')


# -- what the owner makes of it -------------------------------------------------------------------------------------

BASICS = """
CREATE FUNCTION seen.whole() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT COALESCE(current_setting('tsunagi.reach', true), '') = 'whole' $$;
CREATE FUNCTION seen.worker() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN current_setting('tsunagi.reach', true) = 'worker'
                      THEN NULLIF(current_setting('tsunagi.worker', true), '')::bigint END $$;
CREATE FUNCTION seen.offices() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN current_setting('tsunagi.reach', true) = 'worker'
                      THEN COALESCE(NULLIF(current_setting('tsunagi.offices', true), ''), '{}')::bigint[]
                      ELSE '{}' END $$;
"""
"""The three settings as PostgreSQL reads them. config/rows.py adds `seen.offices_of` and `seen.roles`."""


def in_order(rules: dict[str, Rule]) -> list[str]:
    """Guarded tables, each after those it is seen through. Raises RuntimeError for one that is seen through itself."""
    left = {name: rule.sql for name, rule in rules.items() if isinstance(rule, Guard)}
    done: list[str] = []
    while left:
        ready = [
            name for name, text in left.items() if not any(f"seen.sees_{other}(" in text for other in left)
        ]
        if not ready:
            raise RuntimeError(f"ROWS go in a circle: {', '.join(sorted(left))}")
        done += ready
        for name in ready:
            del left[name]
    return done


def guarding(table: str, guard: Guard, key: str, key_type: str, columns: Sequence[str]) -> str:
    """The SQL that guards one table: its function, its view, its policy. `key` is its primary key's column."""
    listed = ", ".join(f't."{column}"' for column in columns)
    condition = guard.sql.replace("{t}", "t")
    return f"""
CREATE FUNCTION seen.sees_{table}(wanted {key_type}) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public, pg_temp COST 500 AS $$
BEGIN
    IF wanted IS NULL THEN RETURN false; END IF;
    IF seen.whole() THEN RETURN true; END IF;
    RETURN COALESCE((SELECT {condition} FROM public."{table}" t WHERE t."{key}" = wanted), false);
END $$;
CREATE VIEW seen."{table}" AS SELECT {listed} FROM public."{table}" t
    WHERE (SELECT seen.whole()) OR {condition};
ALTER TABLE public."{table}" ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS rows_are_guarded ON public."{table}";
CREATE POLICY rows_are_guarded ON public."{table}"
    USING ((SELECT seen.whole()) OR seen.sees_{table}("{key}")) WITH CHECK (true);
"""
