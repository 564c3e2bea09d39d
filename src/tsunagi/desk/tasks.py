"""What the desk does at night."""

from __future__ import annotations

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
