"""What this module announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PersonProtected:
    """Somebody was protected with one click: two people decide within five business days (sharing.md)."""

    person_id: int
    protection_id: int
    office_id: int | None
    by_id: int
    at: datetime


@dataclass(frozen=True)
class PartyJoined:
    """Someone not yet known turned out to be this person; rows stay where they are, the root answers."""

    party_id: int
    root_id: int
    by_id: int
    at: datetime
