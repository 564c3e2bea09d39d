"""What the diary does when a module below announces something."""

from __future__ import annotations

from tsunagi.people.events import OtherPartyKnown

from . import actions


def leave_what_is_closed(event: OtherPartyKnown) -> None:
    """Whoever may be the other party goes along to nothing of that person any more."""
    actions.leave_what_is_closed(event.worker_ids)
