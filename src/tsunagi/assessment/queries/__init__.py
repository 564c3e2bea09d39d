"""What screens, plans and papers ask of an assessment. Ask inside a file's open door (`cases.access.case_for`)."""

from .answers import Row, versions_of
from .cards import (
    AnswerCard,
    AssessmentSheet,
    ChoiceCard,
    PartCard,
    QuestionCard,
    RoundCard,
    ScreeningCard,
    UnknownCard,
)
from .difference import Changed, difference_of
from .history import (
    GapCard,
    LifeCard,
    LifeHistory,
    LifeLine,
    StrengthCard,
    history_of,
    strength_subjects,
    strengths_of,
)
from .pages import (
    FileHead,
    SectionPage,
    Step,
    VersionLine,
    head_of,
    mine_over_theirs,
    section_page,
    step_after,
    walk,
)
from .patterns import PatternCard, pattern_found, patterns_of
from .sheets import blank_sheet, codes_seen, in_words, narrowed, part_of, rounds_of, sheet_of, visible_given
from .texts import WrittenText, texts_on

__all__ = [
    "AnswerCard",
    "AssessmentSheet",
    "Changed",
    "ChoiceCard",
    "FileHead",
    "GapCard",
    "LifeCard",
    "LifeHistory",
    "LifeLine",
    "PartCard",
    "PatternCard",
    "QuestionCard",
    "RoundCard",
    "Row",
    "ScreeningCard",
    "SectionPage",
    "Step",
    "StrengthCard",
    "UnknownCard",
    "VersionLine",
    "WrittenText",
    "blank_sheet",
    "codes_seen",
    "difference_of",
    "head_of",
    "history_of",
    "in_words",
    "mine_over_theirs",
    "narrowed",
    "part_of",
    "pattern_found",
    "patterns_of",
    "rounds_of",
    "section_page",
    "sheet_of",
    "step_after",
    "strength_subjects",
    "strengths_of",
    "texts_on",
    "versions_of",
    "visible_given",
    "walk",
]
