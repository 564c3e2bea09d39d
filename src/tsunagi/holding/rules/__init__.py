"""What law, guideline and office practice say about holding: no clock, no database (holding.md)."""

from __future__ import annotations

from tsunagi.holding.rules.closing import (
    ClosingOutcome,
    GapRule,
    LookBack,
    NoKeyPerson,
    PersonSays,
    WordOf,
)
from tsunagi.holding.rules.consultations import ConsultationOutcome, StocktakingAnswer
from tsunagi.holding.rules.contacts import ContactKind
from tsunagi.holding.rules.deeds import AgreedIn, Deed, DueRule, Need, RethinkChoice, Who
from tsunagi.holding.rules.gaps import NO_SERVICE_FITS, DeclineReason, GapKind, gap_of
from tsunagi.holding.rules.kinds import (
    COORDINATING_AGREED,
    KINDS,
    STANDARD,
    HoldingSettings,
    HoldKind,
    KindRule,
    Span,
    Standing,
    State,
    Unit,
    Urgency,
    WaitingFor,
    Whose,
    bd,
    calendar_bound_days,
    days,
)
from tsunagi.holding.rules.lateness import LadderStep, Lateness
from tsunagi.holding.rules.promises import HandoverIntroduction, NightRecipient, PromiseKind
from tsunagi.holding.rules.safety import AbuseKind, ReportedTo, SafetyWord

__all__ = [
    "COORDINATING_AGREED",
    "KINDS",
    "NO_SERVICE_FITS",
    "STANDARD",
    "AbuseKind",
    "AgreedIn",
    "ClosingOutcome",
    "ConsultationOutcome",
    "ContactKind",
    "DeclineReason",
    "Deed",
    "DueRule",
    "GapKind",
    "GapRule",
    "HandoverIntroduction",
    "HoldKind",
    "HoldingSettings",
    "KindRule",
    "LadderStep",
    "Lateness",
    "LookBack",
    "Need",
    "NightRecipient",
    "NoKeyPerson",
    "PersonSays",
    "PromiseKind",
    "ReportedTo",
    "RethinkChoice",
    "SafetyWord",
    "Span",
    "Standing",
    "State",
    "StocktakingAnswer",
    "Unit",
    "Urgency",
    "WaitingFor",
    "Who",
    "Whose",
    "WordOf",
    "bd",
    "calendar_bound_days",
    "days",
    "gap_of",
]
