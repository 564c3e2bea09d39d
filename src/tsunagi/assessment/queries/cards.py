"""What screens and papers get to show of an assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from tsunagi.assessment.access import Kin
from tsunagi.assessment.rules import (
    Section,
)


@dataclass(frozen=True)
class ChoiceCard:
    """One choice of a list as a paper prints it: ticked or not, in the view that stands (`AnswerCard`s tell the rest)."""

    value: str
    label: str
    national: bool
    chosen: bool


@dataclass(frozen=True)
class AnswerCard:
    """One answer in one view."""

    question: str
    view: str
    view_label: str
    values: tuple[str, ...]
    labels: tuple[str, ...]
    words: str
    shown: str
    is_unknown: bool
    at: datetime
    by: str


@dataclass(frozen=True)
class QuestionCard:
    """One question with its answers by view. `shown` is the answer where there is room for one; "" when blank."""

    key: str
    label: str
    ask: str
    national: bool
    by_view: bool
    unit: str
    choices: tuple[ChoiceCard, ...]
    answers: tuple[AnswerCard, ...]
    shown: str
    views_differ: bool

    @property
    def is_blank(self) -> bool:
        """Whether nobody answered it yet."""
        return not self.answers

    @property
    def warns(self) -> bool:
        """A national report item that is still blank: said, never refused."""
        return self.national and (not self.answers or all(answer.is_unknown for answer in self.answers))

    def answer(self, view: str) -> AnswerCard | None:
        """The answer of one view."""
        return next((answer for answer in self.answers if answer.view == view), None)


@dataclass(frozen=True)
class UnknownCard:
    """Something not known yet (or, with `settled_words`, found out)."""

    id: int
    section: str
    section_label: str
    person_id: int | None
    subject: str
    words: str
    finder: str
    by_on: date | None
    at: datetime
    by: str
    settled_words: str
    settled_at: datetime | None


@dataclass(frozen=True)
class PartCard:
    """One section of one subject."""

    section: str
    label: str
    person_id: int | None
    subject: str
    questions: tuple[QuestionCard, ...]
    facts: tuple[AnswerCard, ...]
    judgement: AnswerCard | None
    unknowns: tuple[UnknownCard, ...]
    state: str
    """not_begun, begun, complete."""
    touched_at: datetime | None
    touched_by: str
    revision: int
    has_former: bool = False
    """Whether the assessment before has something of it."""

    @property
    def state_label(self) -> str:
        """In words."""
        return {"not_begun": "まだ", "begun": "途中", "complete": "ひととおり聞けた"}[self.state]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(not question.is_blank for question in self.questions)

    @cached_property
    def not_known(self) -> tuple[QuestionCard, ...]:
        """Questions of which it was said that nobody knows yet."""
        return tuple(
            one for one in self.questions if one.answers and all(answer.is_unknown for answer in one.answers)
        )

    @cached_property
    def different(self) -> tuple[QuestionCard, ...]:
        """Questions that those who were heard see differently."""
        return tuple(one for one in self.questions if one.views_differ)

    @cached_property
    def blank_national(self) -> tuple[QuestionCard, ...]:
        """National report items that are blank."""
        return tuple(one for one in self.questions if one.warns)


@dataclass(frozen=True)
class ScreeningCard:
    """The screening in force."""

    id: int
    on: date
    outcome: str
    outcome_label: str
    elsewhere: str
    reasons: tuple[str, ...]
    reason_words: str
    urgent: tuple[str, ...]
    urgent_words: str
    at: datetime
    by: str
    leads_to_closing: bool


@dataclass(frozen=True)
class AssessmentSheet:
    """One assessment with everything that may be shown of it; number 0 when none was begun: every part is blank then."""

    id: int
    number: int
    begun_on: date | None
    begun_by: str
    finished_on: date | None
    finished_by: str
    members: tuple[Kin, ...]
    parts: tuple[PartCard, ...]
    screening: ScreeningCard | None
    screenings: tuple[ScreeningCard, ...]

    @cached_property
    def summary(self) -> PartCard | None:
        """結果の整理: 目指す姿 (goal), 背景・要因 (background), 支援の方向性 (direction)."""
        return next((part for part in self.parts if part.section == Section.SUMMARY), None)

    def part(self, section: str, person_id: int | None = None) -> PartCard | None:
        """One section of one subject; None when it may not be shown."""
        return next(
            (part for part in self.parts if part.section == section and part.person_id == person_id), None
        )

    def of(self, section: str) -> tuple[PartCard, ...]:
        """One section of every subject."""
        return tuple(part for part in self.parts if part.section == section)

    @cached_property
    def unknowns(self) -> tuple[UnknownCard, ...]:
        """Everything not known yet that somebody wrote down."""
        return tuple(one for part in self.parts for one in part.unknowns if one.settled_at is None)

    @cached_property
    def blank_national(self) -> tuple[tuple[PartCard, QuestionCard], ...]:
        """National report items that are blank, with where they stand."""
        return tuple((part, question) for part in self.parts for question in part.blank_national)

    @property
    def complete_count(self) -> int:
        """How many sections are said to be complete."""
        return sum(part.state == "complete" for part in self.parts)

    @property
    def is_open(self) -> bool:
        """Whether it is being written."""
        return self.number > 0 and self.finished_on is None


@dataclass(frozen=True)
class RoundCard:
    """One assessment of a file in the list of them."""

    id: int
    number: int
    begun_on: date
    finished_on: date | None

    @property
    def label(self) -> str:
        """初回, 2回目…"""
        return "初回" if self.number == 1 else f"{self.number}回目"
