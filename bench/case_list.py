"""The permission-filtered list of cases: 3,500 and 100,000 cases in the city, the same worker, the same 300 to see.

The time must follow what the worker may see, never the size of the city. Raw: the same ids by hand-written SQL.
"""

from __future__ import annotations

import sys
from typing import Any

from bench.city import FIRST, a_city, copies, p50

SMALL, LARGE = 3_500, 100_000
LIMIT_MS, LIMIT_GROWTH = 40.0, 1.1
VISIBLE = 300


def main() -> int:
    """Print both sizes, the growth, the ratio to the raw query, and the plan; 1 when a limit is passed."""
    small, large = _measure(SMALL), _measure(LARGE)
    growth = large["list"] / small["list"]
    for size, found in ((SMALL, small), (LARGE, large)):
        print(
            f"{size:>7,} cases: list p50 {found['list']:.1f} ms, page {found['page']:.1f} ms,"
            f" raw query {found['raw']:.1f} ms, list / raw ×{found['list'] / found['raw']:.1f}"
        )
    print(f"growth ×{growth:.2f} (may grow ×{LIMIT_GROWTH}); p50 may be {LIMIT_MS:.0f} ms")
    if "--plans" in sys.argv:
        print("\n".join(large["plan"]))
    return int(large["list"] > LIMIT_MS or growth > LIMIT_GROWTH)


def _measure(size: int) -> dict[str, Any]:
    with a_city(size) as city:
        from django.conf import settings
        from django.db import transaction
        from django.test import Client

        from tests import factories
        from tsunagi.accounts.models import Worker
        from tsunagi.cases.actions import open_case
        from tsunagi.cases.queries import cases_of, explain_list

        other = Worker.objects.get(pk=city.workers[0])
        with transaction.atomic():
            case = open_case(factories.a_concern(held_by=other).party_id, by=other, at=factories.NOW)
            worker = factories.a_worker()
        office = factories.office_of(worker).pk
        at = f"g.i + {FIRST}"
        copies(city.root, "cases_case", f"id = {case.pk}", size, {"id": at, "party_id": at, "number": "NULL"})
        # One in so many parties of the city is this worker's to see: always as many, evenly spread.
        city.root.execute(
            "INSERT INTO people_involvement SELECT (i.x).* FROM (SELECT jsonb_populate_record(s, jsonb_build_object("
            "'id', s.id + 5000000, 'office_id', %s::bigint)) AS x FROM people_involvement s"
            f" WHERE s.party_id > {FIRST} AND s.party_id %% (%s / %s) = 0) i",
            [office, size, VISIBLE],
        )
        city.root.execute("ANALYZE")
        client = Client()
        client.force_login(worker, settings.AUTHENTICATION_BACKENDS[0])
        raw = (
            "SELECT k.id FROM people_involvement i JOIN cases_case k ON k.party_id = i.party_id"
            " WHERE i.office_id = %s AND i.ended_at IS NULL AND k.state = 'open' ORDER BY k.id DESC LIMIT 51"
        )
        assert len(cases_of(worker).cards) == 50
        return {
            "raw": p50(lambda: city.owner.execute(raw, [office]).fetchall()),
            "list": p50(lambda: cases_of(worker)),
            "page": p50(lambda: client.get("/cases/")),
            "plan": explain_list(worker),
        }


if __name__ == "__main__":
    sys.exit(main())
