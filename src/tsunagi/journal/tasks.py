"""Sealing each minute; the head of the chain each night."""

from __future__ import annotations

from django.utils import timezone

from tsunagi.shared.jobs import job

from . import actions

_AT_ONCE = 5_000


@job(every="* * * * *", tries=1)
def seal() -> None:
    """Seal everything that is visible and not yet sealed."""
    while actions.seal(_AT_ONCE) == _AT_ONCE:
        pass


@job(every="5 15 * * *", tries=3)  # the scheduler counts in UTC: five past midnight in the city
def write_head() -> None:
    """Seal, then write the head outside the database."""
    seal()
    actions.write_head(timezone.localtime())
