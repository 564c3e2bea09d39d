"""What is no longer needed is not kept."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job

from . import actions


@job(every="40 16 * * *")  # the scheduler counts in UTC: twenty to two at night in the city
def purge() -> None:
    """Delete drafts nobody touched for 30 days, and the files of runs that ended 30 days ago."""
    at = timezone.localtime()
    actions.purge(at)
    actions.forget_files(at)
    with opened_trail(None, "task", at), transaction.atomic():
        actions.purge_pending(at)
        actions.erase_removed(at)
    actions.sweep(at)


@job(every="*/10 * * * *", tries=1)
def rescan() -> None:
    """Scan what waited for the virus scanner."""
    at = timezone.localtime()
    with opened_trail(None, "task", at), transaction.atomic():
        actions.rescan(at)
