"""The whole assessment as screens and papers print it: sections, subjects, answers by view; unknowns; screening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.assessment.access import HOUSEHOLD_LABEL, Family, Kin, family_of, scope_of
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
    differs,
    may_see_code,
    questions,
    scopes,
    shows,
    views_differ,
)
from tsunagi.codes import queries as codes
from tsunagi.codes.rules import CodeCard

from .answers import Row, rows_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.cases.models import Case

BLANK = "—"


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
    sheets = _sheets(found)
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


def narrowed(family: Family, facets: Iterable[str]) -> Family:
    """The household as a paper may show it: only these facets of everybody."""
    shown = frozenset(facets)
    members = tuple(
        Kin(**{**kin.__dict__, "facets": kin.facets & shown}) for kin in family.members
    )  # fmt: skip
    return Family(family.case_id, family.party_id, family.kind, family.facets & shown, members)


def part_of(
    family: Family, section: Section, person_id: int | None, assessment: Assessment | None
) -> PartCard:
    """One section of one subject, for its page."""
    sheets = _sheets(assessment, section=section, person_id=person_id)
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


def _sheets(assessment: Assessment | None, **only: object) -> dict[tuple[Section, int | None], Sheet]:
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
    for row in rows.select_related("sheet", "finder", "by").order_by("id"):
        section, person_id = Section(row.sheet.section), row.sheet.person_id
        found.setdefault((section, person_id), []).append(
            UnknownCard(
                row.pk, section.value, section.label, person_id, family.label_of(person_id), row.words,
                row.finder.name if row.finder else "", row.by_on, row.at, row.by.name, row.settled_words, row.settled_at,
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
    now, before = _sheets(found[number]), _sheets(found[number - 1])
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
