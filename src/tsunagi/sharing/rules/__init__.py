"""Grounds: what the law lets pass between whom (sharing.md). Pure."""

from __future__ import annotations

from .grounds import SHIPPED, GroundCard, by_code
from .offers import MeetingBasis, Offer, grounds_between, same_body, works_for_the_other

__all__ = [
    "SHIPPED",
    "GroundCard",
    "MeetingBasis",
    "Offer",
    "by_code",
    "grounds_between",
    "same_body",
    "works_for_the_other",
]
