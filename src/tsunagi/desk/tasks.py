"""What the desk does on its own: at night, and each minute."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job
from tsunagi.workbench.actions import Outcome, Report, carry_out, table_to_take_away
from tsunagi.workbench.queries import asker_of_run

from . import actions
from .queries.tables import table_of


@job(every="0 18 * * *", tries=1)  # the scheduler counts in UTC: three at night in the city
def night_papers() -> None:
    """Write the papers of this night for every office."""
    at = timezone.localtime()
    with opened_trail(None, "task", at):
        actions.write_night_papers(at)


@job(every="* * * * *", lock="desk.read_words")
def read_new_words() -> None:
    """Read what was written since into the index: within a minute it is found."""
    for _ in range(MOST_BATCHES):
        with transaction.atomic():
            if not actions.read_words():
                return


MOST_BATCHES = 200
"""Batches of one run; what a big import leaves over is read by the next one."""


@job(tries=1)
def take_away(run_id: int, place: str, asked: dict[str, str]) -> None:
    """Make the Excel of a long list under its run; whoever asked takes it from there for thirty days."""
    at = timezone.localtime()
    worker = asker_of_run(run_id)
    if worker is None:
        return

    def deed(report: Report) -> Outcome:
        report(0, 2, "行を集めています。")
        table = table_of(worker, place, asked, at)
        report(1, 2, "表にしています。")
        made = table_to_take_away(
            table.headers, table.rows, kind=place, title=table.title, filter_words=table.filter_words,
            widths=table.widths, by=worker, at=at,
        )  # fmt: skip
        return Outcome(
            f"{len(table.rows)}行を書き出しました。", file_name=f"{table.title}-{at:%Y%m%d}.xlsx", file=made
        )

    with opened_trail(worker.pk, "task", at):
        carry_out(run_id, deed, now=timezone.localtime)
