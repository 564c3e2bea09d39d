"""What the desk does on its own: at night, and each minute."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job

from . import actions


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
