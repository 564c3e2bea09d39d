"""What the page of one section needs: what stands in it, what others said, what it said before, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.assessment.access import Family, scope_of, sheet_at
from tsunagi.assessment.models import Assessment, Sheet
from tsunagi.assessment.rules import (
    FACTS,
    FACTS_LABELS,
    JUDGEMENT,
    Given,
    Question,
    Section,
    View,
    asked_in,
    differs,
    question_of,
    questions,
)
from tsunagi.cases.rules import CaseState, Stage
from tsunagi.holding.queries import party_label
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose

from .answers import in_force, in_force_at, versions_of
from .cards import AnswerCard, PartCard
from .sheets import in_words, part_of, visible_given

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.cases.models import Case


@dataclass(frozen=True)
class VersionLine:
    """One answer that was given once."""

    question: str
    view: str
    shown: str
    at: datetime
    by: str


@dataclass(frozen=True)
class SectionPage:
    """One section in one view, as its page is opened. `from_before`: the answers are those of the assessment before."""

    part: PartCard
    asked: tuple[Question, ...]
    answers: Mapping[str, Given]
    others: Mapping[str, tuple[AnswerCard, ...]]
    revision: int
    from_before: bool
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True)
class Step:
    """One page of the walk through an assessment."""

    section: str
    label: str
    person_id: int | None
    subject: str


def section_page(
    family: Family, assessment: Assessment, section: Section, person_id: int | None, view: View
) -> SectionPage:
    """One section for its form. In a later round, what nobody has answered yet starts from the round before."""
    part = part_of(family, section, person_id, assessment)
    facets = family.facets_of(person_id)
    sheet = sheet_at(assessment, section, person_id)
    answers = in_force(sheet.pk, view) if sheet else {}
    before = {} if answers else _before(assessment, section, person_id, view)
    asked = asked_in(view, questions(section, scope_of(person_id), facets))
    shown = {
        key: visible_given(question, given, facets)
        for key, given in (answers or before).items()
        if (question := question_of(section, scope_of(person_id), key)) is not None
    }
    others = {
        card.key: tuple(answer for answer in card.answers if answer.view != view) for card in part.questions
    }
    others[FACTS] = tuple(answer for answer in part.facts if answer.view != view)
    return SectionPage(
        part, asked, shown, others, part.revision, bool(before), _versions(sheet, section, person_id, facets)
    )


def mine_over_theirs(
    family: Family,
    assessment: Assessment,
    section: Section,
    person_id: int | None,
    view: View,
    typed: Mapping[str, Given],
    revision: int,
) -> dict[str, Given]:
    """Of what a stale form holds, the answers its writer had not touched and somebody else has: as they are now, as far
    as the writer may see them."""
    sheet = sheet_at(assessment, section, person_id)
    if sheet is None:
        return {}
    facets = family.facets_of(person_id)
    now, base = in_force(sheet.pk, view), in_force_at(sheet.pk, view, revision)
    fresh = {}
    for key, mine in typed.items():
        question = question_of(section, scope_of(person_id), key)
        if question is None:
            continue
        before = visible_given(question, base.get(key, Given()), facets)
        there = visible_given(question, now.get(key, Given()), facets)
        if not differs(mine, before) and differs(there, mine):
            fresh[key] = there
    return fresh


def walk(family: Family) -> list[Step]:
    """Every page of the assessment this worker may write, in order: section by section, subject by subject."""
    return [
        Step(section.value, section.label, person_id, family.label_of(person_id))
        for section in Section
        for person_id in family.subjects(section)
    ]


def step_after(family: Family, section: Section, person_id: int | None) -> Step | None:
    """The page that comes next; None after the last."""
    steps = walk(family)
    places = [(step.section, step.person_id) for step in steps]
    here = places.index((section.value, person_id)) if (section.value, person_id) in places else len(places)
    return steps[here + 1] if here + 1 < len(steps) else None


def _before(assessment: Assessment, section: Section, person_id: int | None, view: View) -> dict[str, Given]:
    former = (
        Sheet.objects.filter(
            assessment__case_id=assessment.case_id, assessment__number__lt=assessment.number, section=section,
            person_id=person_id,
        )
        .order_by("-assessment__number")
        .first()
    )  # fmt: skip
    return in_force(former.pk, view) if former else {}


def _versions(
    sheet: Sheet | None, section: Section, person_id: int | None, facets: frozenset[str]
) -> tuple[VersionLine, ...]:
    if sheet is None:
        return ()
    seen = {question.key: question for question in questions(section, scope_of(person_id), facets)}
    lines = []
    for row in versions_of(sheet.pk):
        question = seen.get(row.question)
        if question is None and row.question in (FACTS, JUDGEMENT):
            question = question_of(section, scope_of(person_id), row.question)
        if question is None:
            continue
        label = FACTS_LABELS[row.view] if row.question == FACTS else question.label
        shown = in_words(question, visible_given(question, row.given, facets)) or "（空にした）"
        lines.append(VersionLine(label, row.view.label, shown, row.at, row.by))
    return tuple(lines)


@dataclass(frozen=True)
class FileHead:
    """The head of every page of one file."""

    id: int
    number: str
    party_id: int
    label: str
    title: str
    stage: str
    is_open: bool
    is_ours: bool

    @property
    def may_write(self) -> bool:
        """Whether this worker may write in it now."""
        return self.is_open and self.is_ours


def head_of(worker: Worker, case: Case) -> FileHead:
    """What every page of a file says at its top."""
    return FileHead(
        case.pk, case.number or str(case.pk), case.party_id, party_label(case.party), case.title, Stage(case.stage).label,
        case.state == CaseState.OPEN, case.office_id in offices_for(worker, Purpose.WRITE_CASE),
    )  # fmt: skip
