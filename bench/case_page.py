"""The page of a file with 500 entries of a household of 40 persons, and 支援ケース一覧 in a city of 50,000 files.

Server time p95 of the page ≤ 80 ms and how often it asks; the list's own bench is `case_list.py`. Alone: `python -m
bench.case_page [--plans]`.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bench.city import FIRST, a_city, copies, p50

CITY, ENTRIES, PERSONS, VISIBLE = 50_000, 500, 40, 300
LIMIT_MS, SHEET_MS = 80.0, 80.0
WORDS = (
    "玄関で10分ほど話せた。母は腰の痛みが続き、買い物を息子に頼みたいが言い出せない。息子は2階にいて、足音がした。"
    * 3
)


def main() -> int:
    """One line for each; 1 when a limit is passed."""
    with a_city(CITY) as city:
        from django.conf import settings
        from django.db import connection, transaction
        from django.test import Client

        from tests import factories
        from tests.factories import NOW, TODAY
        from tsunagi.cases.queries import case_list_sheet, explain_list
        from tsunagi.config import clock

        clock.now = lambda: NOW
        with transaction.atomic():
            worker = factories.a_worker()
            case = _a_large_file(worker)
        _many_files(city, case, worker)
        client = Client()
        client.force_login(worker, settings.AUTHENTICATION_BACKENDS[0])
        asked: list[str] = []

        def count(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
            asked.append(sql)
            return execute(sql, values, many, context)

        address = f"/cases/{case.pk}/"
        with connection.execute_wrapper(count):
            answer = client.get(address)
        assert answer.status_code == 200, answer.status_code
        raw = p50(
            lambda: city.owner.execute(
                "SELECT * FROM cases_note WHERE case_id = %s ORDER BY happened_at DESC, id DESC LIMIT 50",
                [case.pk],
            ).fetchall()
        )
        page = _p95(lambda: client.get(address))
        found = re.search(r"\?before=\d+", answer.content.decode())
        assert found is not None
        older = _p95(lambda: client.get(f"{address}{found[0]}"))
        sheet = _p95(lambda: case_list_sheet(worker, on=TODAY))
        rows = len(case_list_sheet(worker, on=TODAY).rows)
        print(
            f"{ENTRIES} entries, {PERSONS} persons: page p95 {page:.1f} ms, older entries p95 {older:.1f} ms,"
            f" {len(asked)} queries, ×{page / raw:.0f} the raw query of one page ({raw:.1f} ms)"
        )
        print(f"支援ケース一覧 of {rows} files among {CITY:,}: p95 {sheet:.1f} ms")
        print(f"limits: page {LIMIT_MS:.0f} ms, sheet {SHEET_MS:.0f} ms")
        if "--plans" in sys.argv:
            print("\n".join(explain_list(worker)))
        return int(max(page, older) > LIMIT_MS or sheet > SHEET_MS)


def _a_large_file(worker: Any) -> Any:
    """A household of forty with a concern for each tenth, 500 entries with corrections, own words and powers."""
    from tests import factories
    from tests.factories import NOW
    from tsunagi.cases.actions import (
        correct_note,
        jot,
        open_case,
        state_own_words,
        write_note,
        write_supervision,
    )
    from tsunagi.guardianship.actions import PowerWish, state_power

    members = [factories.a_person() for _ in range(PERSONS)]
    home = factories.a_household(*members)
    concerns = [factories.a_concern(held_by=worker, of=home) for _ in range(5)]
    case = open_case(home.pk, by=worker, at=NOW, title="大きな世帯", concern_ids=[one.pk for one in concerns])
    for number in range(ENTRIES):
        note = write_note(
            case, by=worker, at=NOW, happened_at=NOW - timedelta(hours=number), kind="visit", facts=WORDS,
            judgement="疲れがたまってきている。", policy="次回までに家族の考えを確かめる。", partner="母",
        )  # fmt: skip
        if number % 25 == 0:
            correct_note(
                note, revision=1, by=worker, at=NOW, facts=f"{WORDS}。", happened_at=note.happened_at
            )
    for member in members[:8]:
        state_own_words(
            case,
            on="file",
            person_id=member.pk,
            words="急かされるのがいやです。",
            how="spoken",
            by=worker,
            at=NOW,
        )
        state_power(member, PowerWish(kind="parental", holder_name="母"), by=worker, at=NOW)
    write_supervision(case, supervisor="主任", about=WORDS, by=worker, at=NOW)
    jot(case, "覚え", by=worker, at=NOW)
    return case


def _many_files(city: Any, case: Any, worker: Any) -> None:
    """A file on every party of the city; one in so many is this worker's to see."""
    from tests import factories

    at = f"g.i + {FIRST}"
    copies(
        city.root, "cases_case", f"id = {case.pk}", CITY,
        {"id": at, "party_id": at, "number": "NULL", "plan_until": "DATE '2026-06-01' + (g.i % 400)"},
    )  # fmt: skip
    city.root.execute(
        "INSERT INTO cases_caseconcern (case_id, concern_id, added_at) SELECT id, id, opened_at FROM cases_case WHERE id > %s",
        [FIRST],
    )
    city.root.execute(
        "INSERT INTO people_involvement SELECT (i.x).* FROM (SELECT jsonb_populate_record(s, jsonb_build_object("
        "'id', s.id + 5000000, 'office_id', %s::bigint)) AS x FROM people_involvement s"
        f" WHERE s.party_id > {FIRST} AND s.party_id %% (%s / %s) = 0) i",
        [factories.office_of(worker).pk, CITY, VISIBLE],
    )
    city.root.execute("ANALYZE")


def _p95(work: Callable[[], Any], *, rounds: int = 60) -> float:
    """The 95th of a hundred runs in milliseconds, after three that are not counted."""
    for _ in range(3):
        work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)[int(len(taken) * 0.95)]


if __name__ == "__main__":
    sys.exit(main())
