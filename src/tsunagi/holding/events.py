"""What holding announces to higher modules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class SecondWordGiven:
    """A second person agreed (二人目の確認) to a deed of a higher module: it is done in the same transaction."""

    word_id: int
    deed: str
    subject_kind: str
    subject_id: int
    asked_by: int
    agreed_by: int
    at: datetime


@dataclass(frozen=True)
class HoldPassed:
    """The holder of a concern changed."""

    concern_id: int
    from_worker: int
    to_worker: int
    from_office: int
    to_office: int
    at: datetime


@dataclass(frozen=True)
class OfficeClosed:
    """An office was closed, or its contract ended: its rows have passed to another office. What it saw ends with it."""

    office_id: int
    to_office_id: int
    at: datetime


@dataclass(frozen=True)
class PersonMet:
    """The person was met (A) about these concerns by a worker of this office."""

    concern_ids: tuple[int, ...]
    worker_id: int
    met_at: datetime
    at: datetime


@dataclass(frozen=True)
class HandingOverEnded:
    """A concern is not つなぎ中 any more: answered, taken back, or moved on by a deed that had nothing to do with it."""

    concern_id: int
    deed: str
    at: datetime


@dataclass(frozen=True)
class ConcernClosed:
    """A concern ended, or went into its look-back."""

    concern_id: int
    outcome: str
    by: int | None
    at: datetime
