"""What cases announce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CaseClosed:
    """A file is being closed. Who cannot end what rests on it refuses, and it stays open."""

    case_id: int
    worker_id: int
    at: datetime


@dataclass(frozen=True)
class CaseMoved:
    """A file was opened on another record than it belongs to, and goes on on that one."""

    case_id: int
    party_id: int
    worker_id: int
    at: datetime
