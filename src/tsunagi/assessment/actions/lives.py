"""Strengths and life events are written down, put right with their history, ended, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.assessment.models import (
    LifeEvent,
    LifeEventVersion,
    Strength,
    StrengthVersion,
)
from tsunagi.assessment.queries.people import born_of
from tsunagi.assessment.rules import (
    LifeKind,
    Source,
    View,
    When,
    Whose,
    check_length,
    check_order,
    check_strength,
    check_when,
    read_when,
)
from tsunagi.cases.models import Case
from tsunagi.holding.actions import Stale
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
from ._file import BOTH_WROTE, LONG_WORDS, SUBJECT, open_file, plain

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
    locked = open_file(case.pk)
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
    open_file(locked.case_id)
    if locked.revision != revision:
        raise Stale(BOTH_WROTE)
    values = _strength(wish, at)
    StrengthVersion.objects.create(
        strength=locked, revision=locked.revision, body={name: plain(getattr(locked, name)) for name in _STRENGTH},
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
    locked = open_file(case.pk)
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
    open_file(locked.case_id)
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
    open_file(locked.case_id)
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
        event=event, revision=event.revision, body={name: plain(getattr(event, name)) for name in _LIFE},
        replaced_at=at, replaced_by=by,
    )  # fmt: skip
