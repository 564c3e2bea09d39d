"""What a module must keep true over all its rows, as set-based SQL for `tsunagi net`.

A law is violated by rows that may not exist; a finding is something people should look at. Both speak in numbers,
never in names. Queries run as the database's owner with the parameters `today` (the city day) and the four dates of
the city's calendar, by name: `%(today)s`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Law:
    """One law: its number (H1 …), what it says, how many rows it looked at, which rows break it.

    `counted` returns one number. `violations` returns rows (kind, id), by number only.
    """

    number: str
    title: str
    counted: str
    violations: str


@dataclass(frozen=True)
class Finding:
    """Something to look at, never a violation: `sql` returns one number."""

    key: str
    title: str
    sql: str
