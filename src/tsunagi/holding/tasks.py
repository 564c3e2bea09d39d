"""What happens at night: consents whose day came, and what ends within sight. Sight never waits for it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tsunagi.shared.days import day_of
from tsunagi.shared.jobs import job
from tsunagi.sharing.actions import close_glass, end_consents_past_their_day, end_pairs_past_their_time

from . import actions


@job(every="10 16 * * *")  # UTC: ten past one at night in the city
def end_consents() -> None:
    """End the consents whose day has passed, close what was opened in an emergency, look six months ahead, and pass on
    what is closed to who holds it."""
    at = timezone.localtime()
    with transaction.atomic():
        end_consents_past_their_day(day_of(at), at=at)
        close_glass(day_of(at), at=at)
        actions.look_ahead(at=at)
        actions.pass_on_everything_closed(at=at)


@job(every="*/5 * * * *")
def end_pairs() -> None:
    """Note the end of 「ふたりで開く」 that nobody answered. It opened nothing since its minute passed, this job or not."""
    with transaction.atomic():
        end_pairs_past_their_time(at=timezone.localtime())
