"""Take the dump of a release: the small demo city on the oldest supported PostgreSQL (`python -m tests.releases.take 0.1.0`)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent


def take(release: str) -> Path:
    """Load the small demo into a fresh clone and dump it as its owner; returns the file."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()

    from tests import harness
    from tests.releases.tools import run
    from tsunagi.config import clock, embedded
    from tsunagi.demo import loading

    harness.prepare()
    try:
        harness.point_at(harness.CLONE, embedded.APP)
        loading.load(size="small", at=clock.now())
        from django.db import connections

        connections.close_all()
        target = HERE / f"{release}.dump"
        run(
            "pg_dump",
            harness.CLONE,
            ["--format=custom", "--compress=9", "--no-owner", "--no-privileges", "--file", str(target)],
        )
        return target
    finally:
        harness.drop()
        harness.stop()


if __name__ == "__main__":
    print(take(sys.argv[1]))
