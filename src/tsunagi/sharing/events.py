"""What sharing announces to the modules that know who answers for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class WordLeft:
    """Something was asked or looked up that may concern somebody: those who answer for them are told (in a job)."""

    word_id: int
    at: datetime


@dataclass(frozen=True)
class NumberAsked:
    """Somebody pressed the button of the page 「ご覧になれません」: `kind` is the name in the address (concern_id …)."""

    word_id: int
    kind: str
    number: int
    at: datetime


@dataclass(frozen=True)
class EnquirySent:
    """心当たり照会 was sent: those who answer for the person are asked (in a job)."""

    enquiry_id: int
    at: datetime


@dataclass(frozen=True)
class ConsentGiven:
    """A person agreed: these offices may be told these facets. Also when an office was added under the standard preset."""

    consent_id: int
    person_id: int
    office_ids: tuple[int, ...]
    facets: tuple[str, ...]
    by_id: int
    at: datetime


@dataclass(frozen=True)
class ConsentWithdrawn:
    """For these offices it ends now: withdrawn, fewer facets, the person's own day, eighteen, death (`how`: EndKind).

    What rests on it higher up ends in the same transaction. `facets` are those the offices may still be told (empty:
    nothing). `by_id` is None when a job ended it.
    """

    consent_id: int
    person_id: int
    office_ids: tuple[int, ...]
    facets: tuple[str, ...]
    how: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True)
class GlassBroken:
    """Somebody opened in an emergency: the person's holders, the manager and the reviewer are told (higher up)."""

    glass_id: int
    worker_id: int
    office_id: int
    person_id: int | None
    at: datetime


@dataclass(frozen=True)
class GlassOpenedByTwo:
    """A second person agreed: who guards the person is told, and neither of the two reviews it (higher up)."""

    glass_id: int
    worker_id: int
    second_id: int
    office_id: int
    person_id: int | None
    at: datetime
