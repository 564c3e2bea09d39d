"""What sharing does when another module announces something."""

from __future__ import annotations

from functools import partial

from tsunagi.people.events import LookedUp, PartyJoined
from tsunagi.shared.edges import with_the_trail

from .actions import keep_lookup, silence_after_joining


def keep_for_those_who_answer(event: LookedUp) -> None:
    """A lookup leaves a word where its trail is stored: the page itself only reads, found or not."""
    with_the_trail(partial(keep_lookup, event.worker_id, event.office_id, event.asked))


def hear_both_records(event: PartyJoined) -> None:
    """Two records are one person: a refusal on the one silences what was given before it on the other."""
    silence_after_joining(event.party_id, event.root_id, at=event.at)
