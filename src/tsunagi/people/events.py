"""What this module announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .rules import Asked


@dataclass(frozen=True)
class PersonProtected:
    """Somebody was protected with one click: two people decide within five business days (sharing.md).

    `main_id` names the protection they are covered by (a household member), None for the one that is decided on.
    """

    person_id: int
    protection_id: int
    office_id: int | None
    by_id: int
    at: datetime
    main_id: int | None = None


@dataclass(frozen=True)
class OtherPartyKnown:
    """Workers may be the other party of a protected person, or their own people: what they hold passes on at once."""

    worker_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class MeasureMayConcern:
    """市民課 let us know of a 支援措置 that may be this person's; too little to protect them by itself. Announced in a job."""

    person_id: int
    notice_id: int
    at: datetime


@dataclass(frozen=True)
class PartyJoined:
    """Someone not yet known turned out to be this person; rows stay where they are, the root answers."""

    party_id: int
    root_id: int
    by_id: int
    at: datetime


@dataclass(frozen=True)
class LookedUp:
    """A worker looked for somebody. Announced whoever was found, or nobody: who listens may not answer the asker."""

    worker_id: int
    office_id: int | None
    asked: Asked
