"""Jottings whose day has passed are not kept."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job

from . import actions


@job(every="50 16 * * *")  # the scheduler counts in UTC: ten to two at night in the city
def forget_jottings() -> None:
    """Delete the jottings that are thirty days old."""
    at = timezone.localtime()
    with opened_trail(None, "task", at), transaction.atomic():
        actions.forget_jottings(at)
