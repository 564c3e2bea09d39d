"""What intake announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ConsultationEnded:
    """A consultation has become something, or ended (H10)."""

    consultation_id: int
    outcome: str
    at: datetime
