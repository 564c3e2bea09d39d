"""What happens at night. Sight never waits for it: the doors look at the day themselves."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.days import day_of
from tsunagi.shared.jobs import job

from . import actions


@job(every="5 16 * * *")  # the scheduler counts in UTC: five past one at night in the city
def end_involvements_past_their_day() -> None:
    """Note the end of involvements whose last day has passed."""
    at = timezone.localtime()
    actions.end_past_their_day(day_of(at), at=at)


def match_own(own_id: int) -> None:
    """Find the records a worker's declaration means, where they cannot see the answer."""
    with transaction.atomic():
        actions.match_own(own_id, at=timezone.localtime())


@job(every="20 16 * * *")
def match_all_own() -> None:
    """The same each night for every declaration, and for colleagues who bear an other party's name."""
    with transaction.atomic():
        actions.match_all_own(at=timezone.localtime())
        actions.look_for_other_parties_again(at=timezone.localtime())
        actions.match_all_measures(at=timezone.localtime())


def match_measure(notice_id: int) -> None:
    """Protect whom a measure of 市民課 means, where who entered it cannot see the answer."""
    with transaction.atomic():
        actions.match_measure(notice_id, at=timezone.localtime())


@job(every="15 16 * * *")  # UTC: a quarter past one at night in the city
def end_protections_agreed() -> None:
    """End the protections that two people agreed to end, once the cooling period is over. Late, they stay protected."""
    at = timezone.localtime()
    with transaction.atomic():
        actions.end_those_agreed(day_of(at), at=at)
