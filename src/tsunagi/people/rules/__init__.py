"""Whom we know and how: parties, involvement, protection, matching. Plain words, no database."""

from __future__ import annotations

from .changes import Stale, as_written, check_birth, check_same_as, check_two_people
from .kinds import (
    NARROW_FACETS,
    REFERRAL_FACETS,
    SUPPORTING_FACETS,
    AddressKind,
    AliasKind,
    ContactWay,
    Facet,
    PartyKind,
    ProtectionCategory,
    ReasonKind,
    RelationKind,
    YesNo,
)
from .matching import CERTAIN, LIKELY, Birth, Evidence, Match, score, two_of_three
from .sight import (
    ADDRESS_OPENING_REASONS,
    HINT_SENTENCE,
    OTHERS_INVOLVED,
    SUPPORTING_GROUND,
    WITHHELD,
    Tier,
    base_tier,
    nameable,
    shows_address,
)

__all__ = [
    "ADDRESS_OPENING_REASONS",
    "CERTAIN",
    "HINT_SENTENCE",
    "LIKELY",
    "NARROW_FACETS",
    "OTHERS_INVOLVED",
    "REFERRAL_FACETS",
    "SUPPORTING_FACETS",
    "SUPPORTING_GROUND",
    "WITHHELD",
    "AddressKind",
    "AliasKind",
    "Birth",
    "ContactWay",
    "Evidence",
    "Facet",
    "Match",
    "PartyKind",
    "ProtectionCategory",
    "ReasonKind",
    "RelationKind",
    "Stale",
    "Tier",
    "YesNo",
    "as_written",
    "base_tier",
    "check_birth",
    "check_same_as",
    "check_two_people",
    "nameable",
    "score",
    "shows_address",
    "two_of_three",
]
