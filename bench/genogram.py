"""A genogram of 30 persons: rows read, laid out and drawn in 30 ms; how often it asks the database.

The family is written into a place of its own, `var/bench` (TSUNAGI_BENCH_VAR moves it): never into a city's data.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.city import p50

os.environ["DJANGO_SETTINGS_MODULE"] = "tsunagi.config.settings"
os.environ.setdefault("TSUNAGI_SECOND_FACTOR", "optional")  # what is measured is behind the door
os.environ["TSUNAGI_VAR"] = os.environ.get(
    "TSUNAGI_BENCH_VAR", str(Path(__file__).parent.parent / "var" / "bench")
)
os.environ["TSUNAGI_REACH"] = "whole"  # outside requests; inside them the edges narrow it
os.environ.pop("DATABASE_URL", None)
LIMIT_MS = 30.0
AT = datetime(2026, 6, 9, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


def main() -> int:
    """The parts and the whole; 1 when the whole takes longer than it may."""
    tool = str(Path(sys.executable).with_name("tsunagi"))
    subprocess.run([tool, "demo", "--size", "small", "--no-serve"], check=True, stdout=subprocess.DEVNULL)
    try:
        return _measure()
    finally:
        subprocess.run([tool, "stop-database"], check=True, stdout=subprocess.DEVNULL)


def _measure() -> int:
    import django

    django.setup()
    from django.db import connection, transaction

    from tsunagi.accounts.models import Posting, Worker
    from tsunagi.genogram.actions import write_tie
    from tsunagi.genogram.queries import ecomap_svg, picture_svg
    from tsunagi.genogram.rules.drawing import Words, draw
    from tsunagi.genogram.rules.gallery import thirty
    from tsunagi.genogram.rules.kinds import Bond, TieKind
    from tsunagi.genogram.rules.place import lay_out
    from tsunagi.genogram.rules.ties import NewTie
    from tsunagi.people.actions import involve, register_many, relate, start_household
    from tsunagi.people.rules import SUPPORTING_FACETS, NewPerson

    family = thirty()
    worker = Worker.objects.get(sign_in_name="soudan")
    office = Posting.objects.filter(worker=worker, ended_at__isnull=True).order_by("id")[0].office_id
    on = AT.date()
    with transaction.atomic():
        numbers = register_many(
            [NewPerson(name=one.name, sex=one.sex.value, birth=f"{one.born[0]}-05-01") for one in family.members],
            by=worker, at=AT,
        )  # fmt: skip
        pk = {member.key: number for member, number in zip(family.members, numbers, strict=True)}
        kinds = {Bond.MARRIED: "spouse", Bond.DIVORCED: "former_spouse"}
        for union in family.unions:
            relate(pk[union.a], pk[union.b], kind=kinds[union.bond], by=worker, at=AT)
        for row in family.parents:
            relate(pk[row.parent], pk[row.child], kind="parent", by=worker, at=AT)
        for feeling in family.feelings:
            write_tie(
                NewTie(TieKind.EMOTION, pk[feeling.a], pk[feeling.b], manner=feeling.kind), by=worker, at=AT
            )
        for home in family.homes:
            start_household(by=worker, at=AT, members=[(pk[key], "") for key in home.keys], label=home.label)
        for number in numbers:
            involve(
                number,
                office,
                ground="01",
                facets=SUPPORTING_FACETS,
                reason_kind="registered",
                reason_id=number,
                at=AT,
            )
        connection.check_constraints()
        whom = pk["c6"]
        asked: list[str] = []

        def count(execute, sql, values, many, context):  # type: ignore[no-untyped-def]
            asked.append(sql)
            return execute(sql, values, many, context)

        whole = p50(lambda: picture_svg(_fresh(worker), whom, on=on, masked=False))
        eco = p50(lambda: ecomap_svg(_fresh(worker), whom, on=on, masked=False))
        with connection.execute_wrapper(count):
            svg = picture_svg(_fresh(worker), whom, on=on, masked=False).decode()
        drawn = sum(svg.count(f">{member.name}<") for member in family.members)
        laid = p50(lambda: lay_out(family))
        scene = lay_out(family)
        inked = p50(lambda: draw(scene, family, Words("", "")))
        transaction.set_rollback(True)
    print(
        f"genogram of {len(family.members)} persons ({drawn} names drawn): p50 {whole:.1f} ms, limit {LIMIT_MS:.0f} ms"
    )
    print(
        f"  layout {laid:.1f} ms, drawing {inked:.1f} ms, {len(asked)} queries; ecomap of its home {eco:.1f} ms"
    )
    return int(whole > LIMIT_MS or drawn != len(family.members))


def _fresh(worker):  # type: ignore[no-untyped-def]
    """The worker as a request has them: nothing remembered from the picture before."""
    from tsunagi.accounts.models import Worker

    return Worker.objects.get(pk=worker.pk)


if __name__ == "__main__":
    sys.exit(main())
