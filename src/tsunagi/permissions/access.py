"""The first door: a page that a worker's roles do not open at all is absent for them (404)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.accounts.queries import posts_of

from .rules import Purpose, Reach, reach_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def require(worker: Worker, purpose: Purpose, reach: Reach = Reach.NUMBERS) -> Reach:
    """The worker's reach for a purpose, or Http404 when it is less than asked."""
    reached = reach_for(((post.role, post.legal_kind) for post in posts_of(worker)), purpose)
    if reached < reach:
        raise Http404
    return reached
