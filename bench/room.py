"""Opening an item in the room view, and the copies of a sitting of thirty items. Alone: `python -m bench.room`.

Server time p95 of the piece the projector asks for when an item is opened ≤ 100 ms, beside the plain page of a file of the
same family; the papers of 30 items for 20 members as a job ≤ 30 s.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from bench.city import a_city

CITY, ITEMS, MEMBERS = 50_000, 30, 20
LIMIT_MS, COPIES_S = 100.0, 30.0


def main() -> int:
    """One line for each; 1 when a limit is passed."""
    with a_city(CITY):
        from django.conf import settings
        from django.db import transaction
        from django.test import Client

        from tests import factories
        from tests.factories import NOW
        from tests.meetings import room_factories as room
        from tsunagi.accounts.models import Worker
        from tsunagi.cases.actions import open_case
        from tsunagi.config import clock
        from tsunagi.meetings.actions.room import show_item
        from tsunagi.meetings.queries.papers import shares
        from tsunagi.paperwork.actions import make_packets

        clock.now = lambda: NOW
        with transaction.atomic():
            lead = room.a_convener()
            body = room.a_body(lead)
            members = [
                body.members.get(),
                *(room.a_member(body, factories.a_worker()) for _ in range(MEMBERS - 1)),
            ]
            sitting = room.a_sitting(body, lead)
            room.is_there(sitting, *members)
            families = []
            for number in range(ITEMS):
                person = factories.a_person(f"仮名 花{number}")
                factories.a_household(
                    person, *(factories.a_person(f"仮名 家{number}-{one}") for one in range(4))
                )
                concern = factories.a_concern(held_by=lead, of=person, at=NOW)
                room.an_item(sitting, lead, *members, of=person, asked="だれが、いつ訪ねるか。")
                families.append((person, concern))
            case = open_case(families[0][0].pk, concern_ids=[families[0][1].pk], by=lead, at=NOW)
            show_item(sitting, sitting.items.order_by("position")[0].pk, by=lead, at=NOW)
        client = Client()
        client.force_login(lead, settings.AUTHENTICATION_BACKENDS[0])
        opening = _p95(lambda: client.get(f"/kaigi/sitting/{sitting.pk}/room/screen/part/"))
        still = _p95(lambda: client.get(f"/kaigi/sitting/{sitting.pk}/room/"))
        plain = _p95(lambda: client.get(f"/cases/{case.pk}/"))
        began = time.perf_counter()
        worker = Worker.objects.get(pk=lead.pk)
        with transaction.atomic():
            made = list(make_packets(sitting, shares(sitting, NOW.date()), run_id=None, by=worker, at=NOW))
        seconds = time.perf_counter() - began
        print(
            f"opening an item p95 {opening:.1f} ms (limit {LIMIT_MS:.0f}), the secretary's page p95 {still:.1f} ms,"
            f" ×{opening / plain:.2f} the plain page of a file ({plain:.1f} ms)"
        )
        size = sum(len(content) for _row, content in made) / 1_000_000
        print(f"{ITEMS} items × {len(made)} members: {seconds:.1f} s (limit {COPIES_S:.0f}), {size:.1f} MB")
        return int(opening > LIMIT_MS or seconds > COPIES_S)


def _p95(asked: Callable[[], Any]) -> float:
    for _ in range(3):
        asked()
    found = []
    for _ in range(30):
        began = time.perf_counter()
        asked()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)[28]


if __name__ == "__main__":
    sys.exit(main())
