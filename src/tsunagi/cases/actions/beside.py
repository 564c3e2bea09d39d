"""What stands beside the record is written: supervision, jottings, the person's own words; and templates for notes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.queries import main_office_id
from tsunagi.cases.models import Case, Jotting, Note, NoteTemplate, OwnWords, Supervision
from tsunagi.cases.rules import HowGiven, NoteKind, TemplateOf, WordsOn, check_length, jotting_gone_on
from tsunagi.holding.actions import Stale
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .files import STALE

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def write_supervision(
    case: Case,
    *,
    supervisor: str,
    about: str,
    next_try: str = "",
    held_on: date | None = None,
    by: Worker,
    at: datetime,
) -> Supervision:
    """Write down a supervision: with whom, about what, what is tried next. It is the office's, on no paper."""
    supervisor = _said(supervisor, "だれと", "supervisor")
    about, next_try = _said(about, "何について", "about"), _said(next_try, "次に試すこと", "next_try")
    if not supervisor:
        raise Refused("だれとのスーパービジョンかを書いてください。", field="supervisor")
    if not about:
        raise Refused("何について話したかを、ひとことでも書いてください。", field="about")
    made = Supervision.objects.create(
        case=case, held_on=_past(held_on, at, "held_on"), supervisor=supervisor[:120], about=about, next_try=next_try,
        worker=by, office_id=case.office_id, written_at=at,
    )  # fmt: skip
    _journal("supervision.written", "supervision", made.pk, case, by, at)
    return made


def jot(case: Case, words: str, *, by: Worker, at: datetime) -> Jotting:
    """Scribble something for oneself; it is gone after thirty days unless it becomes an entry."""
    words = _said(words, "覚え書き", "words")
    if not words:
        raise Refused("覚え書きを、ひとことでも書いてください。", field="words")
    made = Jotting.objects.create(
        case=case, worker=by, words=words, written_at=at, gone_on=jotting_gone_on(day_of(at))
    )
    _journal("jotting.written", "jotting", made.pk, case, by, at)
    return made


def change_jotting(jotting: Jotting, words: str, *, by: Worker, at: datetime) -> None:
    """Write one's own jotting anew. The day it goes stays."""
    words = _said(words, "覚え書き", "words")
    if not words:
        raise Refused("覚え書きを書くか、「消す」を押してください。", field="words")
    Jotting.objects.filter(pk=jotting.pk, worker=by).update(words=words)


def throw_away(jotting: Jotting, *, by: Worker, at: datetime) -> None:
    """Delete one's own jotting; a second press changes nothing."""
    gone, _kinds = Jotting.objects.filter(pk=jotting.pk, worker=by).delete()
    if gone:
        _journal("jotting.deleted", "jotting", jotting.pk, jotting.case, by, at)


def forget_jottings(at: datetime) -> int:
    """Delete the jottings whose day has passed; how many. The nightly task calls it."""
    gone, _kinds = Jotting.objects.filter(gone_on__lt=day_of(at)).delete()
    if gone:
        record(
            "jotting.forgotten",
            subject_kind="jotting",
            subject_id=None,
            by=None,
            at=at,
            detail={"count": gone},
        )
    return gone


def state_own_words(
    case: Case,
    *,
    on: str,
    person_id: int,
    words: str,
    how: str,
    said_on: date | None = None,
    note_id: int | None = None,
    on_words: str = "",
    replaces: OwnWords | None = None,
    by: Worker,
    at: datetime,
) -> OwnWords:
    """Write the person's own words beside the record. They are never changed: `replaces` names the ones they correct."""
    words, on_words = _said(words, "本人の言葉", "words"), _said(on_words, "どの記録か", "on_words")
    if not words:
        raise Refused("本人の言葉を、話されたとおりに書いてください。", field="words")
    if on not in WordsOn.values() or how not in HowGiven.values():
        raise Refused("何への言葉か、どうやって聞いたかを選んでください。")
    if replaces is not None:
        if replaces.case_id != case.pk or OwnWords.objects.filter(replaces=replaces).exists():
            raise Refused("この付記は、すでに新しい付記に替わっています。画面を開き直してください。")
        on, note_id, on_words, person_id = (
            replaces.on, replaces.note_id, replaces.on_words, replaces.person_id,
        )  # fmt: skip
    if on == WordsOn.NOTE and not Note.objects.filter(pk=note_id or 0, case=case).exists():
        raise Refused("どの記録への付記かを選んでください。", field="note")
    made = OwnWords.objects.create(
        case=case, on=on, note_id=note_id if on == WordsOn.NOTE else None, on_words=on_words[:120], person_id=person_id,
        words=words, said_on=_past(said_on, at, "said_on"), how=how, written_at=at, worker=by, replaces=replaces,
    )  # fmt: skip
    _journal("own_words.written", "own_words", made.pk, case, by, at)
    return made


# -- templates -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TemplateWish:
    """What a template says."""

    name: str
    kind: str = ""
    facts: str = ""
    judgement: str = ""
    policy: str = ""
    next_step: str = ""


def write_template(of: str, wish: TemplateWish, *, by: Worker, at: datetime) -> NoteTemplate:
    """A new template of the city, of the worker's office, or of their own. Who may is asked at the door."""
    whose = TemplateOf(of)
    made = NoteTemplate.objects.create(
        of=whose,
        office_id=main_office_id(by) if whose == TemplateOf.OFFICE else None,
        worker=by if whose == TemplateOf.OWN else None,
        written_at=at,
        written_by=by,
        **_template(wish),
    )
    record(
        "template.written", subject_kind="template", subject_id=made.pk, by=by.pk, at=at, detail={"of": of}
    )
    return made


def change_template(
    template: NoteTemplate, wish: TemplateWish, *, revision: int, by: Worker, at: datetime
) -> NoteTemplate:
    """Change a template; notes that were written with it stay as they are. Raises Stale when somebody was first."""
    locked = NoteTemplate.objects.select_for_update().get(pk=template.pk)
    if locked.revision != revision:
        raise Stale(STALE)
    values = _template(wish)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.save(update_fields=[*values, "revision"])
    record("template.changed", subject_kind="template", subject_id=locked.pk, by=by.pk, at=at)
    return locked


def retire_template(template: NoteTemplate, *, by: Worker, at: datetime) -> None:
    """Take a template out of use; a second press changes nothing."""
    if NoteTemplate.objects.filter(pk=template.pk, retired_at__isnull=True).update(retired_at=at):
        record("template.retired", subject_kind="template", subject_id=template.pk, by=by.pk, at=at)


# -- pieces --------------------------------------------------------------------------------------------------------------

_TEMPLATE_LABELS = {
    "name": "名前",
    "facts": "事実",
    "judgement": "見立て",
    "policy": "方針",
    "next_step": "次の予定",
}


def _template(wish: TemplateWish) -> dict[str, Any]:
    values = {field.name: getattr(wish, field.name).strip() for field in fields(wish)}
    for name, label in _TEMPLATE_LABELS.items():
        _said(values[name], label, name)
    if not values["name"]:
        raise Refused("定型の名前を書いてください（例：訪問、電話）。", field="name")
    if not any(values[name] for name in ("facts", "judgement", "policy", "next_step")):
        raise Refused("事実・見立て・方針・次の予定のどれかを書いてください。", field="facts")
    if values["kind"] and values["kind"] not in NoteKind.values():
        raise Refused("対応方法を選び直してください。", field="kind")
    return values


def _said(text: str, label: str, field: str) -> str:
    check_length(text, label, field)
    refuse_my_number(text, label, field)
    return text.strip()


def _past(day: date | None, at: datetime, field: str) -> date:
    day = day or day_of(at)
    if day > day_of(at):
        raise Refused("まだ来ていない日です。あった日を入れてください。", field=field)
    return day


def _journal(action: str, kind: str, number: int, case: Case, by: Worker, at: datetime) -> None:
    record(action, subject_kind=kind, subject_id=number, by=by.pk, at=at, detail={"case": case.pk})
