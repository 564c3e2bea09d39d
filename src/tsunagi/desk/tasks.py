"""What the desk does on its own: words that were written are read into the index."""

from __future__ import annotations

from django.db import transaction

from tsunagi.shared.jobs import job

from .actions import read_words


@job(every="* * * * *", lock="desk.read_words")
def read_new_words() -> None:
    """Read what was written since: within a minute it is found."""
    for _ in range(MOST_BATCHES):
        with transaction.atomic():
            if not read_words():
                return


MOST_BATCHES = 200
"""Batches of one run; what a big import leaves over is read by the next one."""
