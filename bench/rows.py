"""What guarding the rows costs: the list of cases and the search for words, guarded and not, in turns in one run.

400,000 persons, 50,000 open concerns and files, 200,000 texts. Guarded: as the application's role through the views
(`shared/rows.py`). Not: the same pages as the tables' owner, whom nothing binds. Every statement is timed in both.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import search
from bench.city import FIRST, a_city, copies

CONCERNS, PERSONS = 50_000, 400_000
VISIBLE = 500
LIMIT_RATIO, FROM_MS = 1.25, 5.0
ROUNDS = 25
WORDS = ("訪問", "家賃 滞納", "神足 母 家賃", "まれなことば42")


def main() -> int:
    """Print both times of each page and of each statement of 5 ms or more; 1 when guarding adds over a quarter."""
    with a_city(CONCERNS) as city:
        from django.conf import settings
        from django.test import Client

        search._fill(city)
        worker = _fill(city)
        client = Client()
        client.force_login(worker, settings.AUTHENTICATION_BACKENDS[0])
        missed = _compare("/cases/", lambda: client.get("/cases/"))
        for words in WORDS:
            missed |= _compare(f"search {words}", lambda words=words: client.post("/words/", {"q": words}))
        return int(missed)


def _fill(city: Any) -> Any:
    from django.db import transaction

    from tests import factories
    from tsunagi.accounts.models import Worker
    from tsunagi.cases.actions import open_case

    other = Worker.objects.get(pk=city.workers[0])
    with transaction.atomic():
        case = open_case(factories.a_concern(held_by=other).party_id, by=other, at=factories.NOW)
        worker = factories.a_worker()
    at = f"g.i + {FIRST}"
    copies(city.root, "cases_case", f"id = {case.pk}", CONCERNS, {"id": at, "party_id": at, "number": "NULL"})
    more = f"g.i + {FIRST + CONCERNS}"
    copies(city.root, "people_party", f"id = {FIRST + 1}", PERSONS - CONCERNS, {"id": more})
    copies(
        city.root, "people_person", f"party_id = {FIRST + 1}", PERSONS - CONCERNS,
        {"party_id": more, "name": "'仮名 ' || g.i"},
    )  # fmt: skip
    city.root.execute(
        "INSERT INTO people_involvement SELECT (i.x).* FROM (SELECT jsonb_populate_record(s, jsonb_build_object("
        "'id', s.id + 5000000, 'office_id', %s::bigint)) AS x FROM people_involvement s"
        f" WHERE s.party_id > {FIRST} AND s.party_id %% (%s / %s) = 0) i",
        [factories.office_of(worker).pk, CONCERNS, VISIBLE],
    )
    city.root.execute("VACUUM ANALYZE")
    return worker


def _as(role: str) -> None:
    from django.db import connection

    from tests import harness

    harness.point_at(harness.CLONE, role)
    # The same planning for both: only the guard differs.
    options = connection.settings_dict["OPTIONS"]
    options.setdefault("options", "-c plan_cache_mode=force_generic_plan")


def _compare(name: str, page: Callable[[], Any]) -> bool:
    """Both ways in turns; whether guarding costs more than it may."""
    from tsunagi.config import embedded

    pages: dict[str, list[float]] = {}
    statements: dict[str, dict[str, list[float]]] = {}
    for turn in range(6):
        role = (embedded.APP, embedded.OWNER)[turn % 2]
        _as(role)
        for _ in range(3):
            assert page().status_code == 200
        for _ in range(ROUNDS // 3 + 1):
            taken, each = _timed(page)
            pages.setdefault(role, []).append(taken)
            for place, (words, spent) in enumerate(each):
                statements.setdefault(f"{place} {words}", {}).setdefault(role, []).append(spent)
    on, off = (statistics.median(pages[role]) for role in (embedded.APP, embedded.OWNER))
    print(
        f"{name}: guarded p50 {on:.1f} ms, not guarded {off:.1f} ms, ×{on / off:.2f} (may be ×{LIMIT_RATIO})"
    )
    missed = on > off * LIMIT_RATIO
    for words, found in statements.items():
        if len(found) < 2:
            print(f"  only one way: {words[:150]}")
            continue
        mine, bare = (statistics.median(found[role]) for role in (embedded.APP, embedded.OWNER))
        if max(mine, bare) >= FROM_MS or "--each" in sys.argv:
            print(f"  {mine:6.1f} / {bare:6.1f} ms ×{mine / bare:.2f}  {words[:150]}")
            missed |= bare >= FROM_MS and mine > bare * LIMIT_RATIO
    return missed


def _timed(page: Callable[[], Any]) -> tuple[float, list[tuple[str, float]]]:
    """One visit: its time in ms, and each statement's."""
    from django.db import connection

    each: list[tuple[str, float]] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            each.append((" ".join(str(sql).split()), (time.perf_counter() - begun) * 1000))

    begun = time.perf_counter()
    with connection.execute_wrapper(watch):
        page()
    return (time.perf_counter() - begun) * 1000, each


if __name__ == "__main__":
    sys.exit(main())
