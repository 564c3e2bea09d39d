"""What referrals announce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ReferralAnswered:
    """The receiving office answered: accepted (all or some) or declined."""

    referral_id: int
    state: str
    at: datetime
