"""The assessment is begun, written section by section, screened and finished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max

from tsunagi.accounts.queries import may_hold_in
from tsunagi.assessment.models import (
    Answer,
    Assessment,
    Screening,
    Sheet,
    Unknown,
)
from tsunagi.assessment.queries.answers import in_force, in_force_at
from tsunagi.assessment.queries.promises import living_promises
from tsunagi.assessment.rules import (
    FACTS,
    FACTS_LABELS,
    JUDGEMENT,
    Given,
    Outcome,
    Question,
    Scope,
    Section,
    View,
    asked_in,
    check_answer,
    check_length,
    check_screening,
    differs,
    may_see_code,
    merged,
    question_of,
    questions,
    stage_after,
    stage_at_begin,
    stage_at_end,
)
from tsunagi.cases.actions import set_stage
from tsunagi.cases.models import Case
from tsunagi.cases.rules import Stage
from tsunagi.codes import queries as codes
from tsunagi.holding.actions import Stale, keep_promise, promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
from ._file import BOTH_WROTE, FINISHED, LONG_WORDS, SUBJECT, open_file


class BothWrote(Stale):
    """Two people answered the same questions differently. `questions` are their keys."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(BOTH_WROTE)
        self.questions = keys


def begin_assessment(case: Case | int, *, by: Worker, at: datetime) -> Assessment:
    """Begin the household's assessment: the first, or (after the last was finished) one more. Raises Refused while one
    is open, and for a closed file. A file that has come in is now アセスメント中."""
    locked = open_file(case if isinstance(case, int) else case.pk)
    if Assessment.objects.filter(case=locked, finished_on__isnull=True).exists():
        raise Refused("この支援には、まだまとめていないアセスメントがあります。画面を開き直してください。")
    last = Assessment.objects.filter(case=locked).aggregate(last=Max("number"))["last"] or 0
    made = Assessment.objects.create(
        case=locked, number=last + 1, begun_on=day_of(at), begun_at=at, begun_by=by
    )
    stage = stage_at_begin(Stage(locked.stage))
    if stage is not None:
        set_stage(locked, stage, by=by, at=at)
    record(
        "assessment.begun", subject_kind=SUBJECT, subject_id=locked.pk, by=by.pk, at=at,
        detail={"assessment": made.pk, "number": made.number},
    )  # fmt: skip
    return made


@dataclass(frozen=True)
class NotKnown:
    """Something nobody knows yet, as typed: what, who finds out, by when."""

    words: str = ""
    finder_id: int | None = None
    by_on: date | None = None


def write_section(
    assessment: Assessment,
    section: Section,
    person_id: int | None,
    view: View,
    answers: Mapping[str, Given],
    *,
    revision: int,
    facets: Iterable[str],
    complete: bool | None = None,
    not_known: NotKnown | None = None,
    by: Worker,
    at: datetime,
) -> Sheet:
    """Write one section of the household or of a person, in one view.

    `revision` is what the page was opened with (0 for a section nobody had begun): what somebody else wrote meanwhile
    stays where this worker did not touch it; where both did, BothWrote is raised and nothing is stored. `facets` are
    what the worker may see of this subject: questions and choices beyond them keep what they are. Raises Refused for a
    finished assessment, what is too long, and a 個人番号.
    """
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    case = open_file(locked.case_id)
    if locked.finished_on is not None:
        raise Refused(FINISHED)
    given = _checked(section, person_id, view, answers, facets)
    not_known = _checked_unknown(not_known or NotKnown(), case, at)
    sheet = (
        Sheet.objects.select_for_update()
        .filter(assessment=locked, section=section, person_id=person_id)
        .first()
    )
    if sheet is None:
        given = _with_what_is_hidden(locked, section, person_id, view, given)
    changed = _changes(sheet, view, given, revision)
    if sheet is None:
        sheet = Sheet.objects.create(
            assessment=locked, section=section, person_id=person_id, touched_at=at, touched_by=by, revision=0
        )
    sheet.revision += 1
    sheet.touched_at, sheet.touched_by = at, by
    if complete is not None:
        sheet.is_complete = complete
    sheet.save(update_fields=["revision", "touched_at", "touched_by", "is_complete"])
    Answer.objects.bulk_create(
        Answer(
            sheet=sheet, question=key, view=view, values=list(answer.values), words=answer.words,
            revision=sheet.revision, at=at, by=by,
        )
        for key, answer in changed.items()
    )  # fmt: skip
    if not_known.words:
        _open_unknown(sheet, case, not_known, by=by, at=at)
    record(
        "assessment.written", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={
            "assessment": locked.pk, "section": section.value, "person": person_id, "view": view.value,
            "answers": sorted(changed),
        },
    )  # fmt: skip
    return sheet


def settle_unknown(unknown: Unknown, *, words: str, by: Worker, at: datetime) -> None:
    """Write down what was found out; the promise to find it out is kept with it. A double click changes nothing."""
    refuse_my_number(words, "分かったこと", "words")
    if not words.strip():
        raise Refused(
            "分かったことを、ひとことで書いてください。分からないままと分かったときも、そう書きます。",
            field="words",
        )
    locked = Unknown.objects.select_for_update(of=("self",)).select_related("sheet__assessment").get(
        pk=unknown.pk
    )  # fmt: skip
    if locked.settled_at is not None:
        return
    locked.settled_at, locked.settled_by, locked.settled_words = at, by, words.strip()[:300]
    locked.save(update_fields=["settled_at", "settled_by", "settled_words"])
    if locked.promise_id is not None:
        for kept in living_promises([locked.promise_id]).values():
            keep_promise(kept, by=by, at=at)
    record(
        "assessment.found_out", subject_kind=SUBJECT, subject_id=locked.sheet.assessment.case_id, by=by.pk, at=at,
        detail={"unknown": locked.pk},
    )  # fmt: skip


@dataclass(frozen=True)
class ScreeningWish:
    """A screening as typed."""

    on: date
    outcome: Outcome
    elsewhere: str = ""
    reasons: tuple[str, ...] = ()
    reason_words: str = ""
    urgent: tuple[str, ...] = ()
    urgent_words: str = ""


def screen(assessment: Assessment, wish: ScreeningWish, *, by: Worker, at: datetime) -> Screening:
    """Record the screening and let the file's stage follow it. A result that ends the support closes nothing: that is
    終結, a deed of its own. Raises Refused with what is missing."""
    for text, label, field in (
        (wish.elsewhere, "つなぎ先", "elsewhere"),
        (wish.reason_words, "支援決定の理由", "reason_words"),
        (wish.urgent_words, "緊急的支援", "urgent_words"),
    ):
        check_length(text, label, LONG_WORDS if field == "reason_words" else 300, field=field)
        refuse_my_number(text, label, field)
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    case = open_file(locked.case_id)
    check_screening(
        wish.outcome, on=wish.on, today=day_of(at), begun_on=locked.begun_on, elsewhere=wish.elsewhere,
        reasons=wish.reasons, reason_words=wish.reason_words,
    )  # fmt: skip
    made = Screening.objects.create(
        assessment=locked, on=wish.on, outcome=wish.outcome, elsewhere=wish.elsewhere.strip()[:200],
        reasons=list(wish.reasons), reason_words=wish.reason_words.strip(), urgent=list(wish.urgent),
        urgent_words=wish.urgent_words.strip()[:300], at=at, by=by,
    )  # fmt: skip
    stage = stage_after(wish.outcome, Stage(case.stage), again=locked.number > 1)
    if stage is not None:
        set_stage(case, stage, by=by, at=at)
    record(
        "assessment.screened", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={"assessment": locked.pk, "outcome": wish.outcome.value},
    )  # fmt: skip
    return made


def finish_assessment(assessment: Assessment, *, on: date, by: Worker, at: datetime) -> Assessment:
    """Say that this round is done, on a day; it is read from then on, and the next one starts from it."""
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    case = open_file(locked.case_id)
    if locked.finished_on is not None:
        return locked
    if on > day_of(at):
        raise Refused("まだ来ていない日です。まとめた日を入れてください。", field="on")
    if on < locked.begun_on:
        raise Refused("始めた日より前の日です。まとめた日を確かめてください。", field="on")
    if not Sheet.objects.filter(assessment=locked).exists():
        raise Refused("まだ何も書かれていません。どれかひとつの項目を書いてから、まとめてください。")
    locked.finished_on, locked.finished_at, locked.finished_by = on, at, by
    locked.save(update_fields=["finished_on", "finished_at", "finished_by"])
    stage = stage_at_end(Stage(case.stage))
    if stage is not None:
        set_stage(case, stage, by=by, at=at)
    record(
        "assessment.finished", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={"assessment": locked.pk, "number": locked.number},
    )  # fmt: skip
    return locked


# -- pieces


def _checked(
    section: Section, person_id: int | None, view: View, answers: Mapping[str, Given], facets: Iterable[str]
) -> dict[str, tuple[Given, frozenset[str]]]:
    """The answers as they are kept, each with the choices its writer cannot see."""
    scope = Scope.HOUSEHOLD if person_id is None else Scope.PERSON
    seen = frozenset(facets)
    asked = {question.key: question for question in asked_in(view, questions(section, scope, seen))}
    checked = {}
    for key, given in answers.items():
        question = asked.get(key) or _free_text(section, scope, key, view)
        if question is None:
            raise Refused("画面が古くなっています。開き直してから、もう一度書いてください。")
        offered = codes.codes(question.list_key) if question.list_key else ()
        visible: set[str] = set()
        hidden: set[str] = set()
        for code in offered:
            narrow = str(code.attributes.get("narrow", ""))
            shown = may_see_code(question.list_key, code.value, seen, narrow)
            (visible if shown else hidden).add(code.value)
        label = FACTS_LABELS[view] if key == FACTS else question.label
        # A retired choice that was ticked before may stay ticked.
        known = visible | {value for value in given.values if codes_know(question.list_key, value)} - hidden
        checked[key] = (check_answer(question, given, known, label=label), frozenset(hidden))
    return checked


def codes_know(list_key: str, value: str) -> bool:
    """Whether a list ever had this value."""
    return bool(list_key) and codes.code_of(list_key, value) is not None


def _free_text(section: Section, scope: Scope, key: str, view: View) -> Question | None:
    if key == FACTS or (key == JUDGEMENT and view is View.SUPPORTER):
        return question_of(section, scope, key)
    return None


def _changes(
    sheet: Sheet | None, view: View, given: Mapping[str, tuple[Given, frozenset[str]]], revision: int
) -> dict[str, Given]:
    """What is to be stored: what this worker changed. Raises BothWrote where somebody else changed it otherwise."""
    if sheet is None:
        return {key: answer for key, (answer, _) in given.items() if not answer.is_blank}
    now = in_force(sheet.pk, view)
    base = now if revision == sheet.revision else in_force_at(sheet.pk, view, revision)
    changed, clashes = {}, []
    for key, (typed, hidden) in given.items():
        before, there = base.get(key, Given()), now.get(key, Given())
        mine = merged(there, typed, hidden)
        if not differs(merged(before, typed, hidden), before) or not differs(mine, there):
            continue
        if differs(there, before):
            clashes.append(key)
        changed[key] = mine
    if clashes:
        raise BothWrote(tuple(clashes))
    return changed


def _with_what_is_hidden(
    assessment: Assessment,
    section: Section,
    person_id: int | None,
    view: View,
    given: Mapping[str, tuple[Given, frozenset[str]]],
) -> dict[str, tuple[Given, frozenset[str]]]:
    """A section begun anew keeps the choices of the assessment before that its writer could not see."""
    former = (
        Sheet.objects.filter(
            assessment__case_id=assessment.case_id, assessment__number__lt=assessment.number, section=section,
            person_id=person_id,
        )
        .order_by("-assessment__number")
        .first()
    )  # fmt: skip
    before = in_force(former.pk, view) if former else {}
    return {
        key: (merged(before.get(key, Given()), answer, hidden), hidden)
        for key, (answer, hidden) in given.items()
    }


def _checked_unknown(wish: NotKnown, case: Case, at: datetime) -> NotKnown:
    words = wish.words.strip()
    check_length(words, "まだ分からないこと", 300, field="unknown")
    refuse_my_number(words, "まだ分からないこと", "unknown")
    if not words:
        if wish.by_on is not None:
            raise Refused("何を確かめるかを、「まだ分からないこと」に書いてください。", field="unknown")
        return NotKnown()
    if wish.by_on is not None and wish.finder_id is None:
        raise Refused("いつまでにを入れるときは、だれが確かめるかも選んでください。", field="finder")
    if wish.by_on is not None and wish.by_on < day_of(at):
        raise Refused("過ぎた日です。これから確かめる日を入れてください。", field="by_on")
    if wish.finder_id is not None and not may_hold_in(wish.finder_id, case.office_id):
        raise Refused("確かめる人には、この支援の機関に今いる職員を選んでください。", field="finder")
    return NotKnown(words, wish.finder_id, wish.by_on)


def _open_unknown(sheet: Sheet, case: Case, wish: NotKnown, *, by: Worker, at: datetime) -> Unknown:
    made = Unknown.objects.create(
        sheet=sheet, words=wish.words, finder_id=wish.finder_id, by_on=wish.by_on, at=at, by=by
    )
    if wish.finder_id is not None and wish.by_on is not None:
        # A day makes it a promise: it turns red like everything else (holding.md, no third kind of task). Its words
        # name no matter: a promise is read by more people than the section.
        kept = promise(
            PromiseKind.OTHER, "アセスメントで、まだ分からないことを確かめる",
            subject_kind=SUBJECT, subject_id=case.pk, party_id=case.party_id, office_id=case.office_id,
            worker_id=wish.finder_id, due_on=wish.by_on, by=by, at=at,
        )  # fmt: skip
        made.promise = kept
        made.save(update_fields=["promise"])
    return made
