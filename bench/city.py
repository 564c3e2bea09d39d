"""A city of any size for the benchmarks, made by set-based SQL from one row that the deeds themselves made.

It lies in a database of its own (a clone of the tests' template), never in the one that is served.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
OFFICES = 20
FIRST = 1_000_000


@dataclass
class City:
    """The database: `owner` may do anything but skip triggers, `root` may do that too (only to generate)."""

    owner: psycopg.Connection
    root: psycopg.Connection
    offices: list[int]
    workers: list[int]


@contextmanager
def a_city(concerns: int) -> Iterator[City]:
    """Offices with workers and `concerns` open concerns, each of a person of its own, held, involved and journalled."""
    import django

    django.setup()
    from django.db import transaction

    from tests import factories, harness
    from tsunagi.config import embedded

    harness.prepare()
    harness.point_at(harness.CLONE, embedded.APP)
    try:
        with transaction.atomic():
            offices = [factories.an_office() for _ in range(OFFICES)]
            workers = [factories.a_worker(office) for office in offices for _ in range(10)]
            concern = factories.a_concern(held_by=workers[0])
        with (
            harness.CLUSTER.connect(embedded.OWNER, harness.CLONE) as owner,
            harness.CLUSTER.connect(embedded.SUPERUSER, harness.CLONE) as root,
        ):
            city = City(owner, root, [row.pk for row in offices], [row.pk for row in workers])
            root.execute("SET session_replication_role = replica")
            _fill(city, concern, concerns)
            yield city
    finally:
        harness.drop()
        harness.stop()


def _fill(city: City, concern: Any, count: int) -> None:
    hold = concern.holds.get()
    party = concern.party_id
    at = f"g.i + {FIRST}"
    spread = {
        "worker_id": f"(ARRAY{city.workers})[1 + g.i % {len(city.workers)}]",
    }
    # Worker n belongs to office n div 10, as they were made.
    spread["office_id"] = f"(ARRAY{city.offices})[1 + (g.i % {len(city.workers)}) / 10]"
    copies(city.root, "people_party", f"id = {party}", count, {"id": at})
    copies(
        city.root, "people_person", f"party_id = {party}", count, {"party_id": at, "name": "'仮名 ' || g.i"}
    )
    copies(
        city.root, "holding_concern", f"id = {concern.pk}", count,
        {"id": at, "party_id": at, "last_seen_on": "DATE '2026-06-01' - (g.i % 120)"},
    )  # fmt: skip
    copies(
        city.root, "holding_hold", f"id = {hold.pk}", count,
        {"id": at, "concern_id": at, "due_on": "s.due_on + (g.i % 25)", **spread},
    )  # fmt: skip
    copies(
        city.root, "people_involvement", f"party_id = {party} AND reason_kind = 'concern'", count,
        {"id": at, "party_id": at, "reason_id": at, "office_id": spread["office_id"]},
    )  # fmt: skip
    copies(
        city.root, "journal_entry", f"subject_kind = 'hold' AND subject_id = {hold.pk}", count,
        {"id": at, "subject_id": at},
    )  # fmt: skip
    city.root.execute("ANALYZE")


def copies(root: psycopg.Connection, table: str, where: str, count: int, changed: dict[str, str]) -> None:
    """`count` copies of one row (s), numbered g.i from 1, with these columns computed anew."""
    columns = [
        row[0]
        for row in root.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changed.get(name, f's."{name}"') for name in columns)
    root.execute(
        f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE"
        f" SELECT {values} FROM {table} s, generate_series(1, {count}) AS g(i) WHERE s.{where}"
    )


def p50(work: Callable[[], Any], *, rounds: int = 25) -> float:
    """The median of `rounds` runs in milliseconds, after two that are not counted."""
    work()
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)
