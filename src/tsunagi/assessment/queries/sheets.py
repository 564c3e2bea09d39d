"""The whole assessment as screens and papers print it: sections, subjects, answers by view; unknowns; screening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.assessment.access import HOUSEHOLD_LABEL, Family, family_of, scope_of
from tsunagi.assessment.models import Assessment, Screening, Sheet, Unknown
from tsunagi.assessment.rules import (
    ENDING,
    FACTS,
    FACTS_LABELS,
    JUDGEMENT,
    JUDGEMENT_LABEL,
    PAGE_OF,
    PAGES,
    UNKNOWN,
    UNKNOWN_LABEL,
    Ask,
    Given,
    Outcome,
    Question,
    Scope,
    Section,
    View,
    chief,
    may_see_code,
    questions,
    scopes,
    shows,
    views_differ,
)
from tsunagi.codes import queries as codes
from tsunagi.codes.rules import CodeCard

from .answers import Row, rows_of
from .promises import living_promises

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.cases.models import Case
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


def rounds_of(case: Case) -> list[RoundCard]:
    """The assessments of a file, newest first."""
    rows = Assessment.objects.filter(case=case).order_by("-number")
    return [RoundCard(row.pk, row.number, row.begun_on, row.finished_on) for row in rows]


def sheet_of(
    worker: Worker,
    case: Case,
    *,
    on: date,
    number: int | None = None,
    facets_shown: Iterable[str] | None = None,
    family: Family | None = None,
    with_choices: bool = True,
) -> AssessmentSheet:
    """The assessment of a file that was come to through its door: the newest, or one by number; a blank one when none
    was begun.

    What the worker's office may not see of whom is not in it; `facets_shown` (a paper's masking) narrows that further.
    A fixed number of questions, however many people and answers.
    """
    family = family or family_of(worker, case, on=on)
    if facets_shown is not None:
        family = narrowed(family, facets_shown)
    rows = Assessment.objects.filter(case=case).select_related("begun_by", "finished_by")
    found = (rows.filter(number=number) if number else rows.order_by("-number")).first()
    sheets = sheets_by_place(found)
    answers = rows_of(sheet.pk for sheet in sheets.values())
    unknowns = _unknowns(found, family)
    former = _former(found)
    parts = tuple(
        replace(
            _part(
                section, person_id, family, sheets.get((section, person_id)), answers, unknowns, with_choices
            ),
            has_former=(section, person_id) in former,
        )
        for section in Section
        for person_id in family.subjects(section)
    )
    screenings = _screenings(found) if shows(PAGE_OF[Section.SUMMARY], family.facets) else ()
    return AssessmentSheet(
        found.pk if found else 0,
        found.number if found else 0,
        found.begun_on if found else None,
        found.begun_by.name if found else "",
        found.finished_on if found else None,
        found.finished_by.name if found and found.finished_by else "",
        family.members,
        parts,
        screenings[0] if screenings else None,
        screenings,
    )


def blank_sheet() -> AssessmentSheet:
    """An assessment to be filled by hand: every section once for the household and once for a person."""
    facets = frozenset(page.facet.value for page in PAGES)
    parts = []
    for section in Section:
        for scope in scopes(section):
            subject = HOUSEHOLD_LABEL if scope is Scope.HOUSEHOLD else "本人"
            cards = tuple(
                _question(question, {}, facets, with_choices=True)
                for question in questions(section, scope, facets)
            )
            parts.append(
                PartCard(
                    section.value, section.label, None if scope is Scope.HOUSEHOLD else 0, subject, cards, (), None, (),
                    "not_begun", None, "", 0,
                )
            )  # fmt: skip
    return AssessmentSheet(0, 0, None, "", None, "", (), tuple(parts), None, ())


def narrowed(
    family: Family, facets: Iterable[str] | None = None, called: Mapping[int, str] | None = None
) -> Family:
    """The household as a paper may show it: only these facets of everybody (None: what the worker sees), and people
    called otherwise where their names are masked. Pass it as `family=` to `sheet_of`, `history_of`, `strengths_of`."""
    names = called or {}
    shown = None if facets is None else frozenset(facets)
    members = tuple(
        replace(
            kin, name=names.get(kin.id, kin.name), facets=kin.facets if shown is None else kin.facets & shown
        )
        for kin in family.members
    )
    return replace(family, facets=family.facets if shown is None else family.facets & shown, members=members)


def part_of(
    family: Family, section: Section, person_id: int | None, assessment: Assessment | None
) -> PartCard:
    """One section of one subject, for its page."""
    sheets = sheets_by_place(assessment, section=section, person_id=person_id)
    answers = rows_of(sheet.pk for sheet in sheets.values())
    unknowns = _unknowns(assessment, family, settled=True, sheet__section=section, sheet__person_id=person_id)
    return _part(section, person_id, family, sheets.get((section, person_id)), answers, unknowns, True)


def codes_seen(question: Question, facets: Iterable[str]) -> tuple[CodeCard, ...]:
    """The choices of a question that who sees these facets may see, in order; those no longer offered are left out."""
    seen = frozenset(facets)
    if not question.list_key:
        return ()
    return tuple(
        code
        for code in codes.codes(question.list_key)
        if may_see_code(question.list_key, code.value, seen, str(code.attributes.get("narrow", "")))
    )


def visible_given(question: Question, given: Given, facets: Iterable[str]) -> Given:
    """An answer without the choices that may not be seen."""
    if not question.list_key:
        return given
    seen = frozenset(facets)
    kept = []
    for value in given.values:
        code = codes.code_of(question.list_key, value)
        narrow = str(code.attributes.get("narrow", "")) if code else ""
        if value == UNKNOWN or may_see_code(question.list_key, value, seen, narrow):
            kept.append(value)
    return Given(tuple(kept), given.words)


def in_words(question: Question, given: Given) -> str:
    """An answer as a line of text."""
    if given.is_unknown:
        return UNKNOWN_LABEL
    if question.has_codes:
        return "、".join(codes.labels_of(question.list_key, given.values))
    if question.ask is Ask.NUMBER and given.words:
        whole, _, rest = given.words.partition(".")
        return f"{int(whole):,}{'.' + rest if rest else ''}{question.unit}"
    return given.words


def sheets_by_place(assessment: Assessment | None, **only: object) -> dict[tuple[Section, int | None], Sheet]:
    """(section, person) → the sheet of an assessment."""
    if assessment is None:
        return {}
    rows = Sheet.objects.filter(assessment=assessment, **only).select_related("touched_by").order_by("id")
    return {(Section(row.section), row.person_id): row for row in rows}


def _former(assessment: Assessment | None) -> set[tuple[Section, int | None]]:
    """What the assessments before this one have something of."""
    if assessment is None or assessment.number == 1:
        return set()
    rows = Sheet.objects.filter(
        assessment__case_id=assessment.case_id, assessment__number__lt=assessment.number
    ).order_by()
    return {(Section(section), person_id) for section, person_id in rows.values_list("section", "person_id")}


_Place = tuple[Section, int | None]


def _unknowns(
    assessment: Assessment | None, family: Family, *, settled: bool = False, **only: object
) -> dict[_Place, list[UnknownCard]]:
    """What is not known yet, by section and subject: of this round, and what is still open from the ones before."""
    found: dict[_Place, list[UnknownCard]] = {}
    if assessment is None:
        return found
    open_still = Q(settled_at__isnull=True, sheet__assessment__number__lte=assessment.number)
    rows = Unknown.objects.filter(sheet__assessment__case_id=assessment.case_id, **only)
    rows = rows.filter(open_still | Q(sheet__assessment=assessment) if settled else open_still)
    unknowns = list(rows.select_related("sheet", "finder", "by").order_by("id"))
    promised = living_promises(row.promise_id for row in unknowns if row.promise_id is not None)
    for row in unknowns:
        section, person_id = Section(row.sheet.section), row.sheet.person_id
        # Who has taken the promise over finds it out, by the day it stands on now.
        kept = promised.get(row.promise_id or 0)
        finder = kept.worker.name if kept else row.finder.name if row.finder else ""
        found.setdefault((section, person_id), []).append(
            UnknownCard(
                row.pk, section.value, section.label, person_id, family.label_of(person_id), row.words, finder,
                kept.due_on if kept else row.by_on, row.at, row.by.name, row.settled_words, row.settled_at,
            )
        )  # fmt: skip
    return found


def _part(
    section: Section,
    person_id: int | None,
    family: Family,
    sheet: Sheet | None,
    answers: Mapping[int, Mapping[tuple[str, View], Row]],
    unknowns: Mapping[_Place, list[UnknownCard]],
    with_choices: bool,
) -> PartCard:
    facets = family.facets_of(person_id)
    rows = answers.get(sheet.pk, {}) if sheet else {}
    cards = tuple(
        _question(question, _by_view(rows, question.key), facets, with_choices=with_choices)
        for question in questions(section, scope_of(person_id), facets)
    )
    facts = tuple(
        _free(row, FACTS_LABELS[view])
        for view, row in _by_view(rows, FACTS).items()
        if not row.given.is_blank
    )
    judged = rows.get((JUDGEMENT, View.SUPPORTER))
    state = "not_begun" if sheet is None else "complete" if sheet.is_complete else "begun"
    return PartCard(
        section.value,
        section.label,
        person_id,
        family.label_of(person_id),
        cards,
        facts,
        _free(judged, JUDGEMENT_LABEL) if judged and not judged.given.is_blank else None,
        tuple(unknowns.get((section, person_id), ())),
        state,
        sheet.touched_at if sheet else None,
        sheet.touched_by.name if sheet else "",
        sheet.revision if sheet else 0,
    )


def _by_view(rows: Mapping[tuple[str, View], Row], key: str) -> dict[View, Row]:
    return {view: rows[(key, view)] for view in View if (key, view) in rows}


def _question(
    question: Question, by_view: Mapping[View, Row], facets: frozenset[str], *, with_choices: bool
) -> QuestionCard:
    given = {view: visible_given(question, row.given, facets) for view, row in by_view.items()}
    cards = tuple(
        AnswerCard(
            question.key, view.value, view.label, given[view].values,
            tuple(codes.labels_of(question.list_key, given[view].values)) if question.has_codes and not given[view].is_unknown else (),
            given[view].words, in_words(question, given[view]), given[view].is_unknown, row.at, row.by,
        )
        for view, row in by_view.items()
        if not given[view].is_blank
    )  # fmt: skip
    standing = chief(given)
    chosen = set(given[standing].values) if standing else set()
    choices = tuple(
        ChoiceCard(code.value, code.label, code.national_report, code.value in chosen)
        for code in (codes_seen(question, facets) if with_choices else ())
    )
    return QuestionCard(
        question.key,
        question.label,
        question.ask.value,
        question.national,
        question.by_view,
        question.unit,
        choices,
        cards,
        in_words(question, given[standing]) if standing else "",
        views_differ(question, given),
    )


def _free(row: Row, label: str) -> AnswerCard:
    return AnswerCard(
        row.question,
        row.view.value,
        row.view.label,
        (),
        (label,),
        row.given.words,
        row.given.words,
        False,
        row.at,
        row.by,
    )


def _screenings(assessment: Assessment | None) -> tuple[ScreeningCard, ...]:
    if assessment is None:
        return ()
    rows = Screening.objects.filter(assessment=assessment).select_related("by").order_by("-id")
    return tuple(
        ScreeningCard(
            row.pk, row.on, row.outcome, codes.label_of("screening_results", row.outcome), row.elsewhere,
            tuple(codes.labels_of("support_reasons", row.reasons)), row.reason_words,
            tuple(codes.labels_of("urgent_support", row.urgent)), row.urgent_words, row.at, row.by.name,
            Outcome(row.outcome) in ENDING,
        )
        for row in rows
    )  # fmt: skip
