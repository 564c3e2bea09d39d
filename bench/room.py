"""Opening an item in the room view, and the copies of a sitting of thirty items. Alone: `python -m bench.room`.

Server time of the piece the projector asks for when an item is opened ≤ 100 ms, beside the plain page of a file of the
same family; the papers of 30 items for 20 members as a job ≤ 30 s. The limit is on the processor's own time, which other
work on the machine does not change; what went by on the clock is printed beside it.
"""

from __future__ import annotations

import resource
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
        opening, opened = _p95(lambda: client.get(f"/kaigi/sitting/{sitting.pk}/room/screen/part/"))
        still, leads = _p95(lambda: client.get(f"/kaigi/sitting/{sitting.pk}/room/"))
        plain, own = _p95(lambda: client.get(f"/cases/{case.pk}/"))
        began, before = time.perf_counter(), _most_memory()
        worker = Worker.objects.get(pk=lead.pk)
        sizes = []
        with transaction.atomic():
            wanted = shares(sitting, NOW.date())
            for _row, content in make_packets(sitting, wanted, run_id=None, by=worker, at=NOW):
                sizes.append(len(content))
        seconds = time.perf_counter() - began
        for words, wall, busy in (
            ("opening an item", opening, opened),
            ("the secretary's page", still, leads),
            ("the plain page of a file", plain, own),
        ):
            print(
                f"{words}: processor p95 {busy:.1f} ms (limit {LIMIT_MS:.0f}), by the clock p95 {wall:.1f} ms,"
                f" ×{busy / own:.2f} and ×{wall / plain:.2f} the plain page of a file"
            )
        print(
            f"{ITEMS} items × {len(sizes)} members: {seconds:.1f} s (limit {COPIES_S:.0f}), {sum(sizes) / 1e6:.1f} MB of papers,"
            f" {_most_memory() - before:.0f} MB more memory at the most"
        )
        return int(opened > LIMIT_MS or seconds > COPIES_S)


def _most_memory() -> float:
    """The most memory this process had so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _p95(asked: Callable[[], Any]) -> tuple[float, float]:
    """By the clock and of the processor, in milliseconds."""
    for _ in range(3):
        asked()
    clock, busy = [], []
    for _ in range(30):
        began, used = time.perf_counter(), time.process_time()
        asked()
        clock.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - used) * 1000)
    return sorted(clock)[28], sorted(busy)[28]


if __name__ == "__main__":
    sys.exit(main())
