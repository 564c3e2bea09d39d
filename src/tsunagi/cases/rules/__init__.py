"""What the office's practice says of files: `files` (states, stages, entries, closing), `beside` (jottings, own words,
templates), `quick` (one line read as an entry)."""

from __future__ import annotations

from .beside import (
    JOTTING_DAYS,
    JOTTING_SENTENCE,
    PLACEHOLDERS,
    HowGiven,
    TemplateOf,
    WordsOn,
    fill,
    jotting_gone_on,
)
from .files import (
    CLOSED_STAGES,
    LONGEST,
    NEXT_STAGES,
    SOON_DAYS,
    CaseState,
    Consent,
    ListOrder,
    NoteKind,
    PlanDays,
    Stage,
    check_case_closing,
    check_length,
    check_stage,
    decade,
    stages_by_hand,
)
from .quick import LONGEST_LINE, QuickLine, read_line

__all__ = [
    "CLOSED_STAGES",
    "JOTTING_DAYS",
    "JOTTING_SENTENCE",
    "LONGEST",
    "LONGEST_LINE",
    "NEXT_STAGES",
    "PLACEHOLDERS",
    "SOON_DAYS",
    "CaseState",
    "Consent",
    "HowGiven",
    "ListOrder",
    "NoteKind",
    "PlanDays",
    "QuickLine",
    "Stage",
    "TemplateOf",
    "WordsOn",
    "check_case_closing",
    "check_length",
    "check_stage",
    "decade",
    "fill",
    "jotting_gone_on",
    "read_line",
    "stages_by_hand",
]
