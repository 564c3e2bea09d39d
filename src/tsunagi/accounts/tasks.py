"""Sessions that have ended go."""

from __future__ import annotations

from tsunagi.shared.jobs import job

from . import actions


@job(every="10 17 * * *")  # the scheduler counts in UTC: ten past two at night in the city
def forget_sessions() -> None:
    """Delete the sessions that ended by their idle time-out."""
    actions.forget_sessions()
