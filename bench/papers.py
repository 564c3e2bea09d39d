"""One paper and two hundred: a PDF ≤ 60 ms warm, 200 papers in one run ≤ 20 s, memory flat.

The city is the small demo in a place of its own, `var/bench-papers` (TSUNAGI_BENCH_VAR moves it): never a city's data.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.city import p50

os.environ["DJANGO_SETTINGS_MODULE"] = "tsunagi.config.settings"
os.environ["TSUNAGI_VAR"] = os.environ.get(
    "TSUNAGI_BENCH_VAR", str(Path(__file__).parent.parent / "var" / "bench-papers")
)
os.environ["TSUNAGI_DEMO"] = "1"
os.environ["TSUNAGI_REACH"] = "whole"  # outside requests; inside them the edges narrow it
os.environ.pop("DATABASE_URL", None)
ONE_MS, MANY_S, MANY, GROWS_MB = 60.0, 20.0, 200, 60.0


def main() -> int:
    """A line per form, then the run; 1 when a limit is passed."""
    tool = str(Path(sys.executable).with_name("tsunagi"))
    subprocess.run([tool, "demo", "--size", "small", "--no-serve"], check=True, stdout=subprocess.DEVNULL)
    try:
        return _measure()
    finally:
        subprocess.run([tool, "stop-database"], check=True, stdout=subprocess.DEVNULL)


def _measure() -> int:
    import django

    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from tsunagi.cases.models import Case
    from tsunagi.paperwork.queries import File, as_pdf, as_xlsx, paper_of
    from tsunagi.paperwork.rules import FORMS
    from tsunagi.shared.edges import opened_trail

    case = Case.objects.select_related(
        "office", "worker", "party__person", "party__household", "party__unknown"
    ).order_by("id")[0]
    now, slow = timezone.localtime(), 0
    with opened_trail(case.worker_id, "cli", now), transaction.atomic():
        for form in FORMS:
            paper = paper_of(File(case.worker, case, now), form)
            turn = iter(range(1_000_000))

            def typeset(paper=paper, turn=turn) -> None:  # type: ignore[no-untyped-def]
                # Another text each time, as another file would have: what typst remembered of this one does not help.
                paper.cover.__dict__["number"] = f"P{next(turn):06d}"
                as_pdf(paper)

            gathered = p50(lambda form=form: paper_of(File(case.worker, case, now), form))
            made, sheet = p50(typeset), p50(lambda paper=paper: as_xlsx(paper), rounds=5)
            slow += made > ONE_MS
            print(f"  {form.code:<12} gathered {gathered:6.1f} ms  PDF {made:6.1f} ms  Excel {sheet:6.1f} ms")
    return slow + _many(case, "plan") + _many(case, "assessment")


def _many(case, form) -> int:  # type: ignore[no-untyped-def]
    """Two hundred papers as the job makes them: plans (two sheets), assessments (four, the longest form)."""
    from django.utils import timezone

    from tsunagi.paperwork import tasks
    from tsunagi.workbench.actions import start_run
    from tsunagi.workbench.models import LongRun

    run = start_run("paperwork.many", "bench", worker=case.worker, at=timezone.localtime(), total=MANY)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, worked = time.perf_counter(), time.process_time()
    tasks.print_many(run.pk, form, "real", "pdf", False, [case.pk] * MANY, "bench")
    taken, worked = time.perf_counter() - began, time.process_time() - worked
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    done = LongRun.objects.get(pk=run.pk)
    size = len(done.file or b"") / 1_000_000
    print(
        f"{form}: {worked:.1f} s of processor, {taken:.1f} s ({taken / MANY * 1000:.0f} ms each), {size:.1f} MB, memory grew {grown:.0f} MB"
    )
    return int(taken > MANY_S) + int(grown > GROWS_MB)


if __name__ == "__main__":
    sys.exit(main())
