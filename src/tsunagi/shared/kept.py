"""Statements that are written once per process and afterwards only given their values.

A query over seven tables costs Django 3 ms to write down, PostgreSQL 3 ms to plan and 1 ms to answer; a page that
asks six of them every time is mostly writing. `Kept` takes the function that builds the query set, lets Django write
it once, and from then on sends the same text with other values, which PostgreSQL plans once per connection.

The query set must end in `values_list`, and its shape must not depend on the values: no `if value:` in the builder.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import IntegerField, Lookup
from django.utils import timezone

_FIRST_NUMBER = -7_100_000_000
_FIRST_DAY = date(1011, 1, 1)
_FIRST_MOMENT = datetime(1012, 1, 1)  # noqa: DTZ001  (made aware below)


@IntegerField.register_lookup
class AnyOf(Lookup):
    """`id__any=[1, 2]`: `id = ANY('{1,2}')`, one parameter however many there are (`in` writes one for each)."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The comparison with an array."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s::bigint[])", (*params, list(self.rhs))  # type: ignore[call-overload]


class Kept:
    """A statement by the query set that `build(*values)` makes. Values: int, str, date, datetime; lists of int."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._written: tuple[str, list[Any]] | None = None
        self._columns: tuple[str, ...] = ()

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values. An empty list finds nothing."""
        return asked(*self.part(*values))

    def part(self, *values: Any) -> tuple[str, list[Any]]:
        """The text with a %s for each of its values, and these: a part of a larger statement."""
        given = [list(value) if isinstance(value, tuple | set | frozenset) else value for value in values]
        if self._written is None:
            self._written = self._write(given)
        sql, places = self._written
        return sql, [place.of(given) if isinstance(place, _Place) else place for place in places]

    def named(self, *values: Any) -> list[Any]:
        """The rows with their columns as attributes, called as in `values_list` (`row.office__name`)."""
        rows = self.rows(*values)
        row_of = _row_of(self._columns)
        return [row_of(*row) for row in rows]

    def _write(self, given: Sequence[Any]) -> tuple[str, list[Any]]:
        """Let Django write the statement with values nobody has, and remember where each of them went."""
        probes = [_stand_in(value, number) for number, value in enumerate(given)]
        query = self._build(*probes).query
        # Django selects annotations last unless told otherwise; `values_select` keeps the order of `values_list`.
        self._columns = (*query.values_select, *query.annotation_select)
        sql, params = query.sql_with_params()
        places = [_place(param, probes) for param in params]
        if {place.number for place in places if isinstance(place, _Place)} != set(range(len(given))):
            raise ValueError(f"{self._build.__qualname__} does not ask for all of its values")
        return sql, places


@lru_cache(maxsize=256)
def _row_of(columns: tuple[str, ...]) -> Callable[..., Any]:
    return namedtuple("Row", columns)  # type: ignore[misc]


@dataclass(frozen=True)
class _Place:
    """Where the n-th value goes; `alone`: as the only one of an array."""

    number: int
    alone: bool = False

    def of(self, given: Sequence[Any]) -> Any:
        """The value for this place."""
        return [given[self.number]] if self.alone else given[self.number]


def _place(param: Any, probes: list[Any]) -> Any:
    """The place a stand-in holds; anything else stays as it is."""
    for number, probe in enumerate(probes):
        # Equal alone is not enough to be sure of a date and a moment; drivers wrap numbers in types of their own.
        if isinstance(param, type(probe)) and param == probe:
            return _Place(number)
        if param == [probe]:
            return _Place(number, alone=True)
    return param


def asked(sql: str, params: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement whose text is always the same: it is planned once per connection."""
    connection.ensure_connection()
    raw: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    with connection.make_cursor(raw) as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same type that nobody has."""
    if isinstance(value, bool) or value is None:
        raise TypeError("a kept statement takes no truths and no None: they change its shape")
    if isinstance(value, list):
        return [_FIRST_NUMBER - number]
    if isinstance(value, int):
        return _FIRST_NUMBER - number
    if isinstance(value, datetime):
        return timezone.make_aware(_FIRST_MOMENT + timedelta(seconds=number))
    if isinstance(value, date):
        return _FIRST_DAY + timedelta(days=number)
    return f"\ue000{number}\ue001"
