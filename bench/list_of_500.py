"""A worker with 500 followed people: p50 ≤ 45 ms and ≤ 50 kB of HTML for each page of their list.

今日 of the same worker is told beside it: it has a limit of its own, for the busiest worker of a city (`hub_pages`).

The 500 are spread over a year of due days, so that every colour is there; their texts are as long as real ones.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from bench.city import FIRST, a_city, p50

CITY, FOLLOWED = 20_000, 500
LIMIT_MS, LIMIT_BYTES = 45.0, 50_000
WORDS = (
    "賭け事の借金が家計を圧迫している。家族が疲れている。家族は肩代わりをしてきたが、もう続けられないと言う。"
)


def main() -> int:
    """One line per page; 1 when a page takes longer, or weighs more, than it may."""
    with a_city(CITY) as city:
        from django.conf import settings
        from django.test import Client

        from tests import factories
        from tests.factories import NOW
        from tsunagi.accounts.models import Worker
        from tsunagi.config import clock

        worker = Worker.objects.get(pk=city.workers[0])
        city.root.execute(
            "UPDATE holding_hold SET worker_id = %s WHERE worker_id = %s AND concern_id >= %s",
            [city.workers[1], worker.pk, FIRST],
        )
        city.root.execute(
            "UPDATE holding_hold SET worker_id = %s, office_id = %s, kind = 'supporting', due_on = due_on + (id %% 60)::int - 25"
            " WHERE concern_id IN (SELECT id FROM holding_concern WHERE id >= %s ORDER BY id LIMIT %s)",
            [worker.pk, factories.office_of(worker).pk, FIRST, FOLLOWED],
        )
        city.root.execute(
            "UPDATE people_involvement i SET office_id = h.office_id FROM holding_hold h"
            " WHERE i.reason_kind = 'concern' AND i.reason_id = h.concern_id AND h.worker_id = %s",
            [worker.pk],
        )
        city.root.execute("UPDATE holding_concern SET description = %s WHERE id >= %s", [WORDS, FIRST])
        city.root.execute("ANALYZE")
        clock.now = lambda: NOW
        client = Client()
        client.force_login(worker, settings.AUTHENTICATION_BACKENDS[0])
        if "--profile" in sys.argv:
            _profile(client)
        held = city.owner.execute(
            "SELECT count(*) FROM holding_hold WHERE worker_id = %s AND closed_at IS NULL", [worker.pk]
        ).fetchone()
        raw = p50(
            lambda: city.owner.execute(
                "SELECT * FROM holding_hold WHERE worker_id = %s AND closed_at IS NULL", [worker.pk]
            ).fetchall()
        )
        print(f"the worker follows {held[0] if held else 0}; the raw query of their holds {raw:.1f} ms")
        fine = [_within(client, name, address, raw) for name, address in _pages(client)]
        _within(client, "今日", "/", raw, limit=None)
        return int(not all(fine))


def _pages(client: Any) -> list[tuple[str, str]]:
    """The list as it opens, sorted otherwise, filtered, and its second and last page."""
    first = client.get("/mine/")
    after = str(first.context["next_url"]) if first.context else ""
    return [
        ("一覧", "/mine/"),
        ("重い順", "/mine/?sort=weight"),
        ("お名前", "/mine/?sort=name"),
        ("遅れ", "/mine/?show=late"),
        ("次の頁", f"/mine/{after}"),
    ]


def _profile(client: Any) -> None:
    """Where the time of the list goes."""
    import cProfile
    import pstats

    for address in ("/mine/", "/"):
        client.get(address)
        profile = cProfile.Profile()
        profile.runcall(lambda address=address: [client.get(address) for _ in range(5)])
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)


def _within(client: Any, name: str, address: str, raw: float, limit: float | None = LIMIT_MS) -> bool:
    """Measure and print one page; whether it is within its limits (a page without a limit is only told)."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code} {answer.get('Location', '')}")
    taken = p50(lambda: client.get(address))
    begun = time.process_time()
    for _ in range(10):
        client.get(address)
    busy = (time.process_time() - begun) * 100
    size = len(answer.content)
    fine = answer.status_code == 200 and (limit is None or (taken <= limit and size <= LIMIT_BYTES))
    print(
        f"  {name:<6}{answer.status_code}  p50 {taken:6.1f} ms  ×{taken / raw:.0f} raw  {busy:5.1f} ms of our own  {size / 1000:6.1f} kB"
        f"  {'' if fine else '— missed'}"
    )
    return fine


if __name__ == "__main__":
    sys.exit(main())
