"""What is not as it was at the assessment before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tsunagi.assessment.access import Family, family_of, scope_of
from tsunagi.assessment.models import Assessment
from tsunagi.assessment.rules import (
    FACTS,
    FACTS_LABELS,
    JUDGEMENT,
    JUDGEMENT_LABEL,
    Ask,
    Given,
    Question,
    Section,
    View,
    differs,
    questions,
)

from .answers import rows_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.cases.models import Case
from .sheets import in_words, sheets_by_place, visible_given


@dataclass(frozen=True)
class Changed:
    """One answer that is not what it was at the assessment before."""

    section: str
    section_label: str
    person_id: int | None
    subject: str
    question: str
    view_label: str
    before: str
    now: str
    national: bool


def difference_of(
    worker: Worker, case: Case, *, on: date, number: int, family: Family | None = None
) -> tuple[Changed, ...]:
    """What changed from the assessment before this one. What was not asked again this time is no change."""
    family = family or family_of(worker, case, on=on)
    found = {row.number: row for row in Assessment.objects.filter(case=case, number__in=[number - 1, number])}
    if len(found) < 2:
        return ()
    now, before = sheets_by_place(found[number]), sheets_by_place(found[number - 1])
    rows = rows_of([sheet.pk for sheet in (*now.values(), *before.values())])
    changed = []
    for section in Section:
        for person_id in family.subjects(section):
            sheet, former = now.get((section, person_id)), before.get((section, person_id))
            if sheet is None:
                continue
            facets = family.facets_of(person_id)
            mine, theirs = rows.get(sheet.pk, {}), rows.get(former.pk, {}) if former else {}
            for question, label in _all_questions(section, person_id, facets):
                for view in View:
                    if (question.key, view) not in mine:
                        continue
                    after_ = visible_given(question, mine[(question.key, view)].given, facets)
                    there = theirs.get((question.key, view))
                    was = visible_given(question, there.given, facets) if there else Given()
                    if differs(was, after_):
                        changed.append(
                            Changed(
                                section.value, section.label, person_id, family.label_of(person_id),
                                FACTS_LABELS[view] if question.key == FACTS else label, view.label,
                                in_words(question, was), in_words(question, after_), question.national,
                            )
                        )  # fmt: skip
    return tuple(changed)


def _all_questions(
    section: Section, person_id: int | None, facets: frozenset[str]
) -> list[tuple[Question, str]]:
    asked = list(questions(section, scope_of(person_id), facets))
    free = [
        Question(FACTS, FACTS_LABELS[View.SUPPORTER], Ask.WORDS),
        Question(JUDGEMENT, JUDGEMENT_LABEL, Ask.WORDS),
    ]
    return [(question, question.label) for question in [*asked, *free]]
