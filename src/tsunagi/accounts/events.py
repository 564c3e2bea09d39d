"""What accounts announces to the modules above it: they tell people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ProposalMade:
    """An administrator proposes something (申し出); `ask` are the administrators who may say yes."""

    proposal_id: int
    kind: str
    ask: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class ProposalAnswered:
    """A proposal was agreed to, declined or withdrawn."""

    proposal_id: int
    kind: str
    answer: str
    asked_by: int
    answered_by: int
    worker_id: int
    at: datetime
