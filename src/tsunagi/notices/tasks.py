"""Old notices go."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tsunagi.shared.edges import opened_trail
from tsunagi.shared.jobs import job

from . import actions


@job(every="50 16 * * *")  # the scheduler counts in UTC: ten to two at night in the city
def purge() -> None:
    """Delete notices that were read half a year ago and longer."""
    at = timezone.localtime()
    actions.purge(at - timedelta(days=actions.KEPT_DAYS))
    actions.purge_letters(at - timedelta(days=30))


@job(every="*/5 * * * *", tries=1, lock="notices.letters")
def send_letters() -> None:
    """Send the letters whose time has come: what was put off, refused for now, or left by a job that was killed."""
    _send()


@job(tries=1, lock="notices.letters")
def send_now() -> None:
    """The same, asked for by a deed that told somebody something."""
    _send()


def _send() -> None:
    at = timezone.localtime()
    with opened_trail(None, "task", at):
        actions.send_due(at)


@job(every="45 22 * * *")  # the scheduler counts in UTC: a quarter to eight in the city
def digest() -> None:
    """Ask for the day's one letter; it goes when the office opens."""
    actions.digest(timezone.localtime())
