"""Old notices go."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tsunagi.shared.jobs import job

from . import actions


@job(every="50 16 * * *")  # the scheduler counts in UTC: ten to two at night in the city
def purge() -> None:
    """Delete notices that were read half a year ago and longer."""
    actions.purge(timezone.localtime() - timedelta(days=actions.KEPT_DAYS))
