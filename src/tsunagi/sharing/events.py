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
