"""The first door: a page that a worker's roles do not open at all is absent for them (404)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from .queries import reach_of
from .rules import Purpose, Reach

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def require(worker: Worker, purpose: Purpose, reach: Reach = Reach.NUMBERS) -> Reach:
    """The worker's reach for a purpose, or Http404 when it is less than asked."""
    reached = reach_of(worker, purpose)
    if reached < reach:
        raise Http404
    return reached
