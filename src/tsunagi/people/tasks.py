"""What happens at night. Sight never waits for it: the doors look at the day themselves."""

from __future__ import annotations

from django.utils import timezone

from tsunagi.shared.days import day_of
from tsunagi.shared.jobs import job

from . import actions


@job(every="5 16 * * *")  # the scheduler counts in UTC: five past one at night in the city
def end_involvements_past_their_day() -> None:
    """Note the end of involvements whose last day has passed."""
    at = timezone.localtime()
    actions.end_past_their_day(day_of(at), at=at)
