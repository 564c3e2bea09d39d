"""What is no longer needed is not kept."""

from __future__ import annotations

from django.utils import timezone

from tsunagi.shared.jobs import job

from . import actions


@job(every="40 16 * * *")  # the scheduler counts in UTC: twenty to two at night in the city
def purge() -> None:
    """Delete drafts nobody touched for 30 days, and the files of runs that ended 30 days ago."""
    at = timezone.localtime()
    actions.purge(at)
    actions.forget_files(at)
