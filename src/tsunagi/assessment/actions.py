"""The deeds: begin, write a section, screen, finish; strengths; life events; a word about what the household shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from tsunagi.accounts.queries import may_hold_in
from tsunagi.cases.actions import set_stage
from tsunagi.cases.models import Case
from tsunagi.cases.rules import CaseState, Stage
from tsunagi.codes import queries as codes
from tsunagi.holding.actions import Stale, keep_promise, promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .models import (
    Answer,
    Assessment,
    LifeEvent,
    LifeEventVersion,
    PatternWord,
    Screening,
    Sheet,
    Strength,
    StrengthVersion,
    Unknown,
)
from .queries.answers import in_force, in_force_at
from .queries.people import born_of
from .rules import (
    FACTS,
    FACTS_LABELS,
    JUDGEMENT,
    Found,
    Given,
    LifeKind,
    Outcome,
    Question,
    Scope,
    Section,
    Source,
    Verdict,
    View,
    When,
    Whose,
    asked_in,
    check_answer,
    check_length,
    check_order,
    check_screening,
    check_strength,
    check_verdict,
    check_when,
    differs,
    may_see_code,
    merged,
    question_of,
    questions,
    read_when,
    stage_after,
    stage_at_begin,
    stage_at_end,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "case"
CLOSED = "この支援は終結しています。続けるときは、支援の画面で「再開する」を押してください。"
BOTH_WROTE = "ほかの人が先に書き直しました。下に両方を並べました。残したい方を選ぶか、書き直してください。"
FINISHED = "このアセスメントはまとめ終わっています。続きは「アセスメントをやり直す」から始めてください。"
LONG_WORDS = 20_000


class BothWrote(Stale):
    """Two people answered the same questions differently. `questions` are their keys."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(BOTH_WROTE)
        self.questions = keys


# -- the assessment --------------------------------------------------------------------------------------------------


def begin_assessment(case: Case | int, *, by: Worker, at: datetime) -> Assessment:
    """Begin the household's assessment: the first, or (after the last was finished) one more. Raises Refused while one
    is open, and for a closed file. A file that has come in is now アセスメント中."""
    locked = _open_case(case if isinstance(case, int) else case.pk)
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
    case = _open_case(locked.case_id)
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
    locked = Unknown.objects.select_for_update(of=("self",)).select_related("promise", "sheet__assessment").get(
        pk=unknown.pk
    )  # fmt: skip
    if locked.settled_at is not None:
        return
    locked.settled_at, locked.settled_by, locked.settled_words = at, by, words.strip()[:300]
    locked.save(update_fields=["settled_at", "settled_by", "settled_words"])
    if locked.promise is not None and locked.promise.is_open:
        keep_promise(locked.promise, by=by, at=at)
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
    case = _open_case(locked.case_id)
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
    case = _open_case(locked.case_id)
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


# -- strengths ---------------------------------------------------------------------------------------------------------

_STRENGTH = ("party_id", "whose", "words", "evidence", "told_by", "since_text", "ended_on", "ended_words")


@dataclass(frozen=True)
class StrengthWish:
    """A strength as typed. `party_id` is the person, or the household."""

    party_id: int
    whose: Whose
    words: str
    evidence: str = ""
    told_by: View = View.SUPPORTER
    since_text: str = ""
    ended_on: date | None = None
    ended_words: str = ""


def add_strength(case: Case, wish: StrengthWish, *, by: Worker, at: datetime) -> Strength:
    """Write down a strength, with what it is seen by. Raises Refused without words or for a day to come."""
    locked = _open_case(case.pk)
    values = _strength(wish, at)
    made = Strength.objects.create(case=locked, at=at, by=by, **values)
    record(
        "strength.written", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={"strength": made.pk, "party": wish.party_id},
    )  # fmt: skip
    return made


def correct_strength(
    strength: Strength, wish: StrengthWish, *, revision: int, by: Worker, at: datetime
) -> Strength:
    """Put a strength right, or say that it ended; what it said before stays. Raises Stale when somebody was first."""
    locked = Strength.objects.select_for_update().get(pk=strength.pk)
    _open_case(locked.case_id)
    if locked.revision != revision:
        raise Stale(BOTH_WROTE)
    values = _strength(wish, at)
    StrengthVersion.objects.create(
        strength=locked, revision=locked.revision, body={name: _plain(getattr(locked, name)) for name in _STRENGTH},
        replaced_at=at, replaced_by=by,
    )  # fmt: skip
    for name, value in values.items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.save(update_fields=[*_STRENGTH, "revision"])
    record(
        "strength.corrected", subject_kind=SUBJECT, subject_id=locked.case_id, by=by.pk, at=at,
        detail={"strength": locked.pk, "revision": locked.revision},
    )  # fmt: skip
    return locked


def _strength(wish: StrengthWish, at: datetime) -> dict[str, Any]:
    for text, label, field, most in (
        (wish.words, "強み", "words", 200),
        (wish.evidence, "そう思う場面", "evidence", LONG_WORDS),
        (wish.ended_words, "終わったわけ", "ended_words", 200),
    ):
        check_length(text, label, most, field=field)
        refuse_my_number(text, label, field)
    check_strength(wish.words, ended_on=wish.ended_on, today=day_of(at))
    since = _read(wish.since_text, born=None, on=day_of(at), field="since")
    check_when(since, born_first=None, today=day_of(at), label="いつから", field="since")
    return {
        "party_id": wish.party_id,
        "whose": wish.whose,
        "words": wish.words.strip(),
        "evidence": wish.evidence.strip(),
        "told_by": wish.told_by,
        "since_text": since.text,
        "ended_on": wish.ended_on,
        "ended_words": wish.ended_words.strip(),
    }


# -- life history ------------------------------------------------------------------------------------------------------

_LIFE = (
    "kind",
    "words",
    "detail",
    "since_text",
    "until_text",
    "goes_on",
    "source",
    "source_words",
    "said_on",
)


@dataclass(frozen=True)
class LifeWish:
    """A life event as typed: times as people say them."""

    kind: LifeKind
    words: str
    detail: str = ""
    since: str = ""
    until: str = ""
    goes_on: bool = False
    source: Source | str = ""
    source_words: str = ""


def add_life_event(case: Case, person_id: int, wish: LifeWish, *, by: Worker, at: datetime) -> LifeEvent:
    """Write down something of a person's life. Raises Refused for times that cannot be read, lie before the birth or
    are yet to come."""
    locked = _open_case(case.pk)
    values = _life(person_id, wish, said_on=day_of(at), at=at)
    made = LifeEvent.objects.create(case=locked, person_id=person_id, at=at, by=by, **values)
    record(
        "life_event.written", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={"event": made.pk, "person": person_id},
    )  # fmt: skip
    return made


def correct_life_event(
    event: LifeEvent, wish: LifeWish, *, revision: int, by: Worker, at: datetime
) -> LifeEvent:
    """Put a life event right; what it said before stays. Raises Stale when somebody was first."""
    locked = LifeEvent.objects.select_for_update().get(pk=event.pk)
    _open_case(locked.case_id)
    if locked.revision != revision or locked.removed_at is not None:
        raise Stale(BOTH_WROTE)
    values = _life(locked.person_id, wish, said_on=day_of(at), at=at)
    _keep_life_version(locked, by=by, at=at)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.save(update_fields=[*_LIFE, "revision"])
    record(
        "life_event.corrected", subject_kind=SUBJECT, subject_id=locked.case_id, by=by.pk, at=at,
        detail={"event": locked.pk, "revision": locked.revision},
    )  # fmt: skip
    return locked


def remove_life_event(event: LifeEvent, *, why: str, by: Worker, at: datetime) -> None:
    """Take a life event out of the history because it was wrong; it stays stored with who and why."""
    refuse_my_number(why, "取り消すわけ", "why")
    if not why.strip():
        raise Refused("取り消すわけを、ひとこと書いてください。", field="why")
    locked = LifeEvent.objects.select_for_update().get(pk=event.pk)
    _open_case(locked.case_id)
    if locked.removed_at is not None:
        return
    locked.removed_at, locked.removed_by, locked.removed_why = at, by, why.strip()[:200]
    locked.save(update_fields=["removed_at", "removed_by", "removed_why"])
    record(
        "life_event.removed", subject_kind=SUBJECT, subject_id=locked.case_id, by=by.pk, at=at,
        detail={"event": locked.pk},
    )  # fmt: skip


def _life(person_id: int, wish: LifeWish, *, said_on: date, at: datetime) -> dict[str, Any]:
    for text, label, field, most in (
        (wish.words, "できごと", "words", 200),
        (wish.detail, "くわしく", "detail", LONG_WORDS),
        (wish.source_words, "出どころ", "source_words", 120),
    ):
        check_length(text, label, most, field=field)
        refuse_my_number(text, label, field)
    if not wish.words.strip():
        raise Refused("何があったかを、ひとことで書いてください。例：高校を中退", field="words")
    if wish.goes_on and wish.until.strip():
        raise Refused("「いまも続いている」ときは、「いつまで」を空けてください。", field="until")
    born = born_of(person_id)
    first = born[0] if born else None
    since = _read(wish.since, born=first, on=said_on, field="since")
    until = _read(wish.until, born=first, on=said_on, field="until")
    check_when(since, born_first=first, today=day_of(at), label="いつ", field="since")
    check_when(until, born_first=first, today=day_of(at), label="いつまで", field="until")
    check_order(since, until, field="until")
    return {
        "kind": wish.kind,
        "words": wish.words.strip(),
        "detail": wish.detail.strip(),
        "since_text": since.text,
        "until_text": until.text,
        "goes_on": wish.goes_on,
        "source": wish.source,
        "source_words": wish.source_words.strip(),
        "said_on": said_on,
    }


def _read(text: str, *, born: date | None, on: date, field: str) -> When:
    refuse_my_number(text, "いつ", field)
    try:
        return read_when(text, born=born, on=on)
    except Refused as refusal:
        raise Refused(str(refusal), field=field) from None


def _keep_life_version(event: LifeEvent, *, by: Worker, at: datetime) -> None:
    LifeEventVersion.objects.create(
        event=event, revision=event.revision, body={name: _plain(getattr(event, name)) for name in _LIFE},
        replaced_at=at, replaced_by=by,
    )  # fmt: skip


# -- patterns ------------------------------------------------------------------------------------------------------------


def answer_pattern(
    case: Case,
    found: Found,
    verdict: Verdict,
    *,
    reason: str = "",
    until_on: date | None = None,
    by: Worker,
    at: datetime,
) -> PatternWord:
    """Say of a pattern: そのとおり, ちがう (with a reason), あとで見る (until a day). Nothing is written on a person."""
    refuse_my_number(reason, "わけ", "reason")
    check_verdict(verdict, reason=reason, until_on=until_on, today=day_of(at))
    _open_case(case.pk)
    made = PatternWord.objects.create(
        case=case, pattern=found.pattern, persons=found.key, fingerprint=found.fingerprint, verdict=verdict,
        reason=reason.strip()[:300], until_on=until_on if verdict is Verdict.POSTPONED else None, at=at, by=by,
    )  # fmt: skip
    record(
        "pattern.answered", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={"pattern": found.pattern.value, "verdict": verdict.value},
    )  # fmt: skip
    return made


# -- pieces --------------------------------------------------------------------------------------------------------------


def _open_case(case_id: int) -> Case:
    locked = Case.objects.select_for_update().get(pk=case_id)
    if locked.state == CaseState.CLOSED:
        raise Refused(CLOSED)
    return locked


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


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
