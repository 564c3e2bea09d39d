"""Grounds: what the law lets pass between whom (sharing.md). Pure."""

from __future__ import annotations

from .enquiries import (
    IN_WRITING,
    MOST_PERSONS,
    ONCE_A_DAY,
    SAME_ANSWER,
    SENTENCE_TO_SAY,
    CallerRelation,
    EnquiryReply,
    WordKind,
    is_worth_a_word,
    notice_of,
)
from .grounds import SHIPPED, GroundCard, by_code
from .offers import MeetingBasis, Offer, grounds_between, same_body, works_for_the_other
from .secrets import Door, DoorWish, SecretKind, check_door

__all__ = [
    "IN_WRITING",
    "MOST_PERSONS",
    "ONCE_A_DAY",
    "SAME_ANSWER",
    "SENTENCE_TO_SAY",
    "SHIPPED",
    "CallerRelation",
    "Door",
    "DoorWish",
    "EnquiryReply",
    "GroundCard",
    "MeetingBasis",
    "Offer",
    "SecretKind",
    "WordKind",
    "by_code",
    "check_door",
    "grounds_between",
    "is_worth_a_word",
    "notice_of",
    "same_body",
    "works_for_the_other",
]
