"""What meetings do when a module below announces something."""

from __future__ import annotations

from tsunagi.holding.events import OfficeClosed
from tsunagi.sharing.events import ConsentWithdrawn

from . import actions


def take_off_without_consent(event: ConsentWithdrawn) -> None:
    """Items that rest on a consent come off at once; offices outside what is left see them no more."""
    actions.without_consent(event.person_id, by_id=event.by_id, at=event.at)


def leave_with_office(event: OfficeClosed) -> None:
    """A closed office sits nowhere any more; what it was shown ends, its roles follow its promises."""
    actions.office_closed(event.office_id, event.to_office_id, at=event.at)
