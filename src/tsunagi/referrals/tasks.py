"""What referrals do by themselves each morning: reminders, and wrong PINs forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job

from .actions.links import forget_tries
from .actions.reminders import remind as tell_them


@job(every="30 22 * * *")  # the scheduler counts in UTC: half past seven in the city, before anybody comes
def remind() -> None:
    """Tell of answers that are due, late or falling: once per step."""
    at = timezone.localtime()
    with opened_trail(None, "task", at), transaction.atomic():
        tell_them(at)
        forget_tries(at - timedelta(days=1))
