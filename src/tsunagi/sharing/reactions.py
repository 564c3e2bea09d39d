"""What sharing does when another module announces something."""

from __future__ import annotations

from functools import partial

from tsunagi.people.events import LookedUp
from tsunagi.shared.edges import with_the_trail

from .actions import keep_lookup


def keep_for_those_who_answer(event: LookedUp) -> None:
    """A lookup leaves a word where its trail is stored: the page itself only reads, found or not."""
    with_the_trail(partial(keep_lookup, event.worker_id, event.office_id, event.asked))
