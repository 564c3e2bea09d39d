"""苦情・要望: written by anybody, answered by whoever answers, on a day; the worker meant does not see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F

from tsunagi.accounts.actions import name_overseer as write_overseer
from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import calendar_of, managers_of, may_hold_in
from tsunagi.codes import queries as codes
from tsunagi.codes.rules import SpanUnit
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.permissions.rules import Purpose
from tsunagi.records.access import overseer_of
from tsunagi.records.models import Overseer, Voice
from tsunagi.records.rules.voices import VoiceFrom, VoiceKind, VoiceState, check_answer, who_answers
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from ._promised import answerer_in, kept, promised
from .keeping import lock_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

TEXTS = {"words": "内容", "name": "名前", "contact": "連絡先"}
NOBODY = "苦情の相手が機関の管理職で、代わりに答える人が決まっていません。情報公開担当に「代わりに答える人」を決めてもらってから届け出てください。下書きは残ります。"


def take_voice(
    kind: str, *, office_id: int, by: Worker, at: datetime, said_by: str, words: str, name: str = "", contact: str = "", topic: str = "",
    about_worker_id: int | None = None, party_id: int | None = None, came_on: date | None = None, wants_answer: bool = True,
) -> Voice:  # fmt: skip
    """Write down what was said to us. It goes to the office's manager; about the manager, to who was named for that. Raises Refused."""
    if kind not in VoiceKind.values() or said_by not in VoiceFrom.values():
        raise Refused("苦情・要望・お礼のどれかと、だれからかを選んでください。", field="kind")
    if not words.strip():
        raise Refused("言われたことを、言われたとおりに書いてください。", field="words")
    for field, text in (("words", words), ("name", name), ("contact", contact)):
        refuse_my_number(text, TEXTS[field], field)
    if not Office.objects.filter(pk=office_id, is_active=True, signs_in=True).exists():
        raise Refused("どの機関のことかを選んでください。", field="office")
    came = came_on or day_of(at)
    if came > day_of(at):
        raise Refused("まだ来ていない日です。", field="came_on")
    if party_id is not None:
        lock_for(party_id, by)
    who, where = _answerer(office_id, about_worker_id)
    due_on = _due(office_id, day_of(at))
    made = Voice.objects.create(
        kind=kind, said_by=said_by, name=name.strip()[:120], contact=contact.strip()[:200], wants_answer=wants_answer, words=words.strip(),
        topic=topic, about_worker_id=about_worker_id, about_office_id=office_id, party_id=party_id, came_on=came, due_on=due_on, taken_at=at,
        taken_by=by, answers_id=who,
    )  # fmt: skip
    promised(
        "voice",
        made.pk,
        f"苦情・要望 第{made.pk}号に答える",
        due_on,
        office_id=where,
        worker_id=who,
        by=by,
        at=at,
    )
    record(
        "voice.taken", subject_kind="voice", subject_id=made.pk, by=by.pk, at=at, purpose=Purpose.INCIDENT,
        detail={"kind": kind, "office": office_id, "answers": who},
    )  # fmt: skip
    tell(
        {who} - {by.pk},
        "苦情・要望が届きました。答える日が決まっています。",
        f"/hozon/koe/{made.pk}/",
        kind="voice",
        at=at,
    )
    return made


def _answerer(office_id: int, about: int | None) -> tuple[int, int]:
    """Who answers and in which office they hold it."""
    managers = [pk for pk in managers_of(office_id) if may_hold_in(pk, office_id)]
    named = overseer_of(office_id)
    who = who_answers(managers=managers, about=about, others=[named] if named else [])
    if who is None:
        duty = answerer_in(office_id, besides={about} if about else ()) if about not in managers else None
        if duty is None:
            raise Refused(NOBODY, field="about_worker")
        who = duty
    if may_hold_in(who, office_id):
        return who, office_id
    other = next((pk for pk in _offices_of(who) if may_hold_in(who, pk)), None)
    if other is None:
        raise Refused(NOBODY, field="about_worker")
    return who, other


def _offices_of(worker_id: int) -> list[int]:
    rows = Office.objects.filter(
        postings__worker_id=worker_id, postings__ended_at__isnull=True, is_active=True
    )
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def _due(office_id: int, on: date) -> date:
    span = codes.span("voice.days")
    if span.unit == SpanUnit.OPEN_DAYS:
        return calendar_of(office_id).add(on, span.n)
    return date.fromordinal(on.toordinal() + span.n)


def answer_voice(
    voice: Voice, words: str, *, changed: str = "", topic: str = "", by: Worker, at: datetime
) -> None:
    """Write down how it was answered, and what was changed because of it. Raises Refused for the worker it is about."""
    locked = Voice.objects.select_for_update().get(pk=voice.pk)
    if locked.state != VoiceState.OPEN:
        raise Refused("この苦情・要望には、もう答えてあります。画面を開き直してください。")
    if locked.about_worker_id == by.pk:
        raise Refused("ご自分についての苦情には、別の人が答えます。")
    check_answer(words)
    for text, label, field in ((words, "どう答えたか", "answer"), (changed, "何を変えたか", "changed")):
        refuse_my_number(text, label, field)
    Voice.objects.filter(pk=locked.pk).update(
        state=VoiceState.ANSWERED if locked.wants_answer else VoiceState.CLOSED, answer=words.strip(), changed=changed.strip(),
        topic=topic or locked.topic, answered_at=at, answered_by=by, revision=F("revision") + 1,
    )  # fmt: skip
    kept("voice", locked.pk, by=by, at=at)
    record(
        "voice.answered",
        subject_kind="voice",
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        purpose=Purpose.ANSWER_FOR,
    )


def name_overseer(office_id: int, worker_id: int, *, by: Worker, at: datetime) -> Overseer:
    """Name who answers and watches over rows where an office's own manager may not; written down at the office, where lower
    modules read it. Raises Refused for one of its own managers."""
    if worker_id in managers_of(office_id):
        raise Refused("その機関の管理職ではない人を選んでください。", field="worker")
    if not any(may_hold_in(worker_id, pk) for pk in _offices_of(worker_id)):
        raise Refused("この職員は、約束を受けられる役割に就いていません。", field="worker")
    row, new = Overseer.objects.get_or_create(
        office_id=office_id, defaults={"worker_id": worker_id, "at": at, "by": by}
    )
    if not new:
        Overseer.objects.filter(pk=row.pk).update(worker_id=worker_id, at=at, by=by)
    write_overseer(office_id, worker_id)
    record(
        "overseer.named",
        subject_kind="office",
        subject_id=office_id,
        by=by.pk,
        at=at,
        purpose=Purpose.RETAIN,
        detail={"worker": worker_id},
    )
    return row
