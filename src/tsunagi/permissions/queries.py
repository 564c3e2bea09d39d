"""Who may what, asked of a signed-in worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsunagi.accounts.queries import posts_of

from .rules import Purpose, Reach, reach_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def reach_of(worker: Worker, purpose: Purpose) -> Reach:
    """How far this worker reaches for this purpose, by all living postings together."""
    return reach_for(((post.role, post.legal_kind) for post in posts_of(worker)), purpose)


def offices_for(worker: Worker, purpose: Purpose) -> tuple[int, ...]:
    """The worker's offices in which they may do this; the ids every `visible_to` is built on."""
    return tuple(
        sorted(
            {
                post.office_id
                for post in posts_of(worker)
                if reach_for([(post.role, post.legal_kind)], purpose) > Reach.NONE
            }
        )
    )
