"""インテーク・アセスメントシート: what the assessment says, box by box; what has no box of its own stands in a list."""

from __future__ import annotations

from tsunagi.assessment.access import Family, family_of
from tsunagi.assessment.queries import (
    AssessmentSheet,
    LifeLine,
    PartCard,
    QuestionCard,
    history_of,
    sheet_of,
    strengths_of,
)
from tsunagi.assessment.rules import Ask, LifeKind, View
from tsunagi.paperwork.rules import UNSEEN, Chosen, Filling, Mask, Value

from .file import File
from .fillings import day, family_rows, numbers, who

TAKEN_APART = {"agencies": "agencies_words", "wish": "own_view"}
"""Questions whose box has another name, because another box has theirs."""


def family_for(file: File) -> Family:
    """The household as this worker sees it, asked once for a paper's sheet, strengths, lives and plan."""
    found = getattr(file, "_family", None)
    if found is None:
        found = family_of(file.worker, file.case, on=file.on)
        file._family = found  # type: ignore[attr-defined]
    return found


def sheet_for(file: File) -> AssessmentSheet:
    """The newest assessment of the file, read once."""
    found = getattr(file, "_assessment", None)
    if found is None:
        found = sheet_of(
            file.worker, file.case, on=file.on, facets_shown=file.facets_shown, family=family_for(file)
        )
        file._assessment = found  # type: ignore[attr-defined]
    return found


def assessment(file: File) -> Filling:
    """The whole sheet: the household and the person in boxes, everybody else and every free text in the lists behind."""
    found = sheet_for(file)
    main = file.main.pk if file.main else None
    filling: Filling = {**numbers(file), **who(file), "family": family_rows(file)}
    others: list[tuple[str, str, str]] = []
    for part in found.parts:
        for question in part.questions:
            key = TAKEN_APART.get(question.key, question.key)
            if question.is_blank:
                continue
            if part.person_id in (None, main) and key in BOXES and not filling.get(key):
                filling[key] = _value(question)
            else:
                others.append((file.called_of(part.person_id), question.label, _said(question)))
    filling |= _unseen(found, main, filling)
    filling |= _behind(file, found, others)
    return filling


def work_and_home(file: File) -> Filling:
    """What the 相談受付・申込票 asks of work, housing and insurance, as far as the assessment knows."""
    whole = assessment(file)
    return {key: whole[key] for key in ("work_form", "housing", "insurance") if whole.get(key)}


def _value(question: QuestionCard) -> Value:
    """Ticks for what stands, with the other views beside them; text where it is text."""
    if not question.choices:
        return _said(question)
    ticked = tuple(choice.label for choice in question.choices if choice.chosen)
    beside = [answer.words for answer in question.answers if answer.words]
    if question.views_differ:
        beside += [f"{answer.view_label}：{answer.shown}" for answer in question.answers]
    elif not ticked:
        beside.append(question.shown)
    return Chosen(ticked, "　".join(dict.fromkeys(filter(None, beside))))


def _said(question: QuestionCard) -> str:
    """An answer in words, each view apart where more than one was heard."""
    if len(question.answers) > 1:
        return "\n".join(
            f"{answer.view_label}：{_answer(answer.shown, answer.words)}" for answer in question.answers
        )
    if question.ask in (Ask.NUMBER, Ask.LINE, Ask.WORDS):
        return question.shown
    return _answer(question.answers[0].shown, question.answers[0].words) if question.answers else ""


def _answer(shown: str, words: str) -> str:
    return shown if not words or words in shown else f"{shown}（{words}）" if shown else words


def _unseen(found: AssessmentSheet, main: int | None, filling: Filling) -> Filling:
    """Boxes of sections this office does not see of this person: not blank, not asked again."""
    if main is None:
        return {}
    ours = [part for part in found.parts if part.person_id in (None, main)]
    seen = {TAKEN_APART.get(question.key, question.key) for part in ours for question in part.questions}
    return {key: UNSEEN for key in (BOXES & _ASKED) - seen if not filling.get(key)}


def _behind(file: File, found: AssessmentSheet, others: list[tuple[str, str, str]]) -> Filling:
    """Strengths, lives, what is unknown, the screening, and the lists."""
    family_views = [
        f"{file.called_of(part.person_id)}　{question.label}：{answer.shown}"
        for part in found.parts for question in part.questions for answer in question.answers if answer.view == View.FAMILY
    ]  # fmt: skip
    screening = found.screening
    return {
        "family_view": "\n".join(family_views),
        "strengths": strengths(file),
        "life": _lives(file),
        "unknown": "\n".join(
            f"{file.called_of(one.person_id)}　{one.section_label}：{one.words}" for one in found.unknowns
        ),
        "free": tuple(row for part in found.parts if (row := _free(file, part))),
        "others": tuple(others),
        "screened_on": day(screening.on) if screening else "",
        "elsewhere": screening.elsewhere if screening else "",
        "screening": Chosen((screening.outcome_label,)) if screening else Chosen(),
        "reasons": Chosen(screening.reasons, screening.reason_words) if screening else Chosen(),
        "urgent": Chosen(screening.urgent, screening.urgent_words) if screening else Chosen(),
    }


def strengths(file: File) -> str:
    """Strengths that still are, the person's first."""
    cards = strengths_of(
        file.worker,
        file.case,
        on=file.on,
        ended=False,
        facets_shown=file.facets_shown,
        family=family_for(file),
    )
    return "\n".join(
        f"{card.whose_label}：{card.words}{f'（{card.evidence}）' if card.evidence else ''}" for card in cards
    )


def _lives(file: File) -> tuple[tuple[str, ...], ...]:
    """The lives somebody told of, with their gaps; of whom only the birth is known there is nothing to tell here."""
    rows: list[tuple[str, ...]] = []
    for life in history_of(
        file.worker, file.case, on=file.on, facets_shown=file.facets_shown, family=family_for(file)
    ):
        if not life.unplaced and not any(line.event and line.event.id for line in life.lines):
            continue
        least = file.mask == Mask.RELATION or not file.is_named(life.person_id)
        told = [
            *(_line(line, file, least=least) for line in life.lines),
            *(("" if least else event.when, event.words, event.source) for event in life.unplaced),
        ]
        rows += [
            (file.called_of(life.person_id) if not place else "", *row) for place, row in enumerate(told)
        ]
    return tuple(rows)


def _line(line: LifeLine, file: File, *, least: bool) -> tuple[str, str, str]:
    """When, what, who told. Under a mask no day of birth; where `least` may be said no year at all, for years tell an age."""
    if line.event is None:
        return (line.gap.words if line.gap and not least else ""), "（分かっていない）", ""
    event = line.event
    born = event.kind == LifeKind.BIRTH
    when = f"{event.when}{f'（{event.ages}）' if event.ages else ''}" if file.real or not born else ""
    return "" if least else when, "　".join(filter(None, (event.words, event.detail))), event.source


def _free(file: File, part: PartCard) -> tuple[str, str, str] | None:
    if not part.facts and part.judgement is None:
        return None
    facts = "\n".join(
        f"{card.view_label}：{card.words}" if len(part.facts) > 1 else card.words for card in part.facts
    )
    return (
        f"{file.called_of(part.person_id)}　{part.label}",
        facts,
        part.judgement.words if part.judgement else "",
    )


def _boxes() -> frozenset[str]:
    from tsunagi.paperwork.rules.catalogue import ASSESSMENT

    return frozenset(ASSESSMENT.keys())


def _asked() -> frozenset[str]:
    from tsunagi.assessment.rules import PAGES

    keys = {question.key for page in PAGES for question in (*page.household, *page.person)}
    return frozenset(TAKEN_APART.get(key, key) for key in keys)


BOXES = _boxes()
_ASKED = _asked()
