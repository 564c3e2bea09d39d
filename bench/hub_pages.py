"""今日, 受付, 人, つなぎ, 網 on the demo city: server time p50 ≤ 40 ms and how often each asks the database.

The city is loaded once into a place of its own, `var/bench` (TSUNAGI_BENCH_VAR moves it): never into a city's data.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.city import p50

os.environ["DJANGO_SETTINGS_MODULE"] = "tsunagi.config.settings"
os.environ.setdefault("TSUNAGI_SECOND_FACTOR", "optional")  # what is measured is behind the door
os.environ["TSUNAGI_VAR"] = os.environ.get(
    "TSUNAGI_BENCH_VAR", str(Path(__file__).parent.parent / "var" / "bench")
)
os.environ["TSUNAGI_REACH"] = "whole"  # outside requests; inside them the edges narrow it
os.environ.pop("DATABASE_URL", None)
LIMIT_MS = 40.0


def main() -> int:
    """One line per page for the busiest worker; 1 when a page takes longer than it may."""
    tool = str(Path(sys.executable).with_name("tsunagi"))
    subprocess.run([tool, "demo", "--size", "city", "--no-serve"], check=True, stdout=subprocess.DEVNULL)
    try:
        return _measure()
    finally:
        subprocess.run([tool, "stop-database"], check=True, stdout=subprocess.DEVNULL)


def _measure() -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.db.models import Count, Q
    from django.test import Client

    from tsunagi.accounts.models import Worker
    from tsunagi.holding.models import Hold

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    busiest = (
        Worker.objects.annotate(held=Count("holds", filter=Q(holds__closed_at__isnull=True)))
        .order_by("-held", "id")
        .first()
    )
    if busiest is None:
        raise SystemExit("the demo city has no workers")
    hold = (
        Hold.objects.filter(worker=busiest, closed_at__isnull=True)
        .select_related("concern")
        .order_by("id")[0]
    )
    client = Client()
    client.force_login(busiest, settings.AUTHENTICATION_BACKENDS[0])
    pages = {
        "今日": "/", "受付": "/uketsuke/", "人": f"/person/{hold.concern.party_id}/", "つなぎ": "/tsunagi/", "網": "/net/",
    }  # fmt: skip
    slow = 0
    with connection.cursor() as cursor:
        raw = p50(lambda: cursor.execute("SELECT * FROM holding_hold WHERE worker_id = %s", [busiest.pk]))
    print(f"the busiest worker holds {busiest.held}; the raw query of their holds {raw:.1f} ms")  # type: ignore[attr-defined]
    for name, address in pages.items():
        asked: list[str] = []

        def count(execute, sql, values, many, context, asked=asked):  # type: ignore[no-untyped-def]
            asked.append(sql)
            return execute(sql, values, many, context)

        with connection.execute_wrapper(count):
            answer = client.get(address)
        taken = p50(lambda address=address: client.get(address))
        slow += taken > LIMIT_MS
        print(
            f"  {name:<6}{answer.status_code}  p50 {taken:6.1f} ms  ×{taken / raw:.0f} raw  {len(asked)} queries"
        )
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
