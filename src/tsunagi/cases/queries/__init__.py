"""What screens and papers ask of the files: `listing` (lists), `files` (one file), `beside` (what stands beside it)."""

from __future__ import annotations

from .beside import (
    JottingCard,
    OwnWordsCard,
    SupervisionCard,
    TemplateCard,
    filled,
    jottings_of,
    own_words_of,
    speakers_of,
    supervisions_of,
    template_kinds,
    templates_for,
)
from .files import (
    CasePage,
    NoteAsked,
    NoteCard,
    case_page,
    chosen_concerns,
    concern_choices,
    my_concern_choices,
    note_choices,
    note_workers,
)
from .listing import (
    CaseAsked,
    CaseCard,
    CaseList,
    CaseSheet,
    case_list_sheet,
    cases_of,
    explain_list,
    list_workers,
)

__all__ = [
    "CaseAsked",
    "CaseCard",
    "CaseList",
    "CasePage",
    "CaseSheet",
    "JottingCard",
    "NoteAsked",
    "NoteCard",
    "OwnWordsCard",
    "SupervisionCard",
    "TemplateCard",
    "case_list_sheet",
    "case_page",
    "cases_of",
    "chosen_concerns",
    "concern_choices",
    "explain_list",
    "filled",
    "jottings_of",
    "list_workers",
    "my_concern_choices",
    "note_choices",
    "note_workers",
    "own_words_of",
    "speakers_of",
    "supervisions_of",
    "template_kinds",
    "templates_for",
]
