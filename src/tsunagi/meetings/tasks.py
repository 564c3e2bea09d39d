"""What meetings do by the clock."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job

from . import actions


@job(every="20 * * * *")
def close_outside_consent() -> None:
    """An office that stopped working with somebody, and is within no consent, sees nothing by an item any more."""
    at = timezone.localtime()
    with opened_trail(None, "task", at), transaction.atomic():
        actions.close_outside_consent(at)
