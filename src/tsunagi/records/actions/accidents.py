"""事故: opened by anybody, filled from the journal, counted to its days, ended by a second person's look back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F

from tsunagi.accounts.queries import managers_of
from tsunagi.codes import queries as codes
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.permissions.rules import Purpose
from tsunagi.records.models import Incident, IncidentParty, IncidentStop
from tsunagi.records.queries.accidents import judged, stops_left
from tsunagi.records.rules.accidents import (
    STOPS,
    IncidentKind,
    IncidentState,
    Step,
    check_closing,
    check_look_back,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused, Stale

from ._promised import answerer_in, answering_office, called_off, kept, moved, open_promise, promised
from .keeping import lock_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

TEXTS = {
    "words": "何が起きたか", "items": "どんな情報か", "who_saw": "だれに渡ったか", "cause": "なぜ起きたか", "spread": "二次被害のおそれ",
    "told_words": "どう伝えたか", "public_words": "公表", "measures": "再び起こさないために",
}  # fmt: skip
FIELDS = (
    *TEXTS,
    "found_on",
    "from_on",
    "until_on",
    "persons",
    "sensitive",
    "money",
    "wilful",
    "told_on",
    "quick_on",
    "full_on",
)


def report(
    kind: str, *, words: str, by: Worker, at: datetime, party_ids: Sequence[int] = (), **written: Any
) -> Incident:
    """Report an accident: one line is enough. The manager is told, the days are promised, nobody is blamed. Raises Refused."""
    if kind not in IncidentKind.values():
        raise Refused("何が起きたかを、いちばん近いものから選んでください。", field="kind")
    if not words.strip():
        raise Refused("何が起きたかを、ひとこと書いてください。あとから直せます。", field="words")
    office_id = answering_office(by)
    values = _checked(written, day_of(at))
    refuse_my_number(words, TEXTS["words"], "words")
    found_on = values.pop("found_on", None) or day_of(at)
    made = Incident.objects.create(
        kind=kind,
        office_id=office_id,
        reported_at=at,
        reported_by=by,
        found_on=found_on,
        words=words.strip(),
        **values,
    )
    for party_id in dict.fromkeys(party_ids):
        lock_for(party_id, by)
        IncidentParty.objects.create(incident=made, party_id=party_id)
    record(
        "incident.reported", subject_kind="incident", subject_id=made.pk, by=by.pk, at=at, purpose=Purpose.INCIDENT,
        detail={"kind": kind, "parties": list(party_ids), "office": office_id},
    )  # fmt: skip
    _promise_days(made, by, at)
    who = answerer_in(office_id)
    promised(
        "incident_tell",
        made.pk,
        f"事故 第{made.pk}号: 本人への通知",
        found_on + timedelta(days=3),
        office_id=office_id,
        worker_id=who,
        by=by,
        at=at,
    )
    tell(
        set(managers_of(office_id)) - {by.pk},
        "事故の届け出がありました。いま止めることを見てください。",
        f"/hozon/jiko/{made.pk}/",
        kind="incident",
        at=at,
    )
    return made


def _promise_days(row: Incident, by: Worker, at: datetime) -> None:
    """速報 and 確報 as promises while they are due; called off when they are not."""
    said = judged(row)
    for subject, label, due_on, done in (
        ("incident_quick", Step.QUICK.label, said.quick_on, row.quick_on), ("incident_full", Step.FULL.label, said.full_on, row.full_on),
    ):  # fmt: skip
        standing = open_promise(subject, row.pk)
        if done is not None or not said.must_report:
            if standing is not None and done is not None:
                kept(subject, row.pk, by=by, at=at)
            elif standing is not None:
                called_off(subject, row.pk, "報告が要らないと分かった", by=by, at=at)
        elif standing is None:
            promised(
                subject, row.pk, f"事故 第{row.pk}号: {label}", max(due_on, day_of(at)), office_id=row.office_id,
                worker_id=answerer_in(row.office_id), by=by, at=at,
            )  # fmt: skip
        else:
            moved(subject, row.pk, max(due_on, day_of(at)), by=by, at=at)


def write(incident: Incident, *, revision: int, by: Worker, at: datetime, **written: Any) -> Incident:
    """Write what 個情委 asks, as it becomes known. Raises Stale with both texts when somebody else wrote meanwhile."""
    locked = _open(incident)
    values = _checked(written, day_of(at))
    if locked.revision != revision:
        raise Stale([
            (TEXTS[name], str(getattr(locked, name)), str(values[name]))
            for name in TEXTS if name in values and getattr(locked, name) != values[name]
        ])  # fmt: skip
    for name, value in values.items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.save(update_fields=[*values, "revision"])
    _promise_days(locked, by, at)
    if locked.told_on or locked.told_words.strip():
        kept("incident_tell", locked.pk, by=by, at=at)
    record(
        "incident.written", subject_kind="incident", subject_id=locked.pk, by=by.pk, at=at, purpose=Purpose.INCIDENT,
        detail={"fields": sorted(values)},
    )  # fmt: skip
    return locked


def add_party(incident: Incident, party_id: int, *, by: Worker, at: datetime) -> None:
    """One more whose data it was."""
    locked = _open(incident)
    lock_for(party_id, by)
    if IncidentParty.objects.filter(incident=locked, party_id=party_id).exists():
        raise Refused("この方は、すでに書かれています。", field="party")
    IncidentParty.objects.create(incident=locked, party_id=party_id)
    Incident.objects.filter(pk=locked.pk).update(revision=F("revision") + 1)
    record(
        "incident.party_added", subject_kind="incident", subject_id=locked.pk, by=by.pk, at=at, purpose=Purpose.INCIDENT,
        detail={"party": party_id},
    )  # fmt: skip


def stop(incident: Incident, code: str, *, applies: bool, by: Worker, at: datetime) -> None:
    """Tick one thing of 「いま止めること」: done, or it does not apply here."""
    locked = _open(incident)
    if code not in {one.code for one in STOPS[locked.kind]}:
        raise Refused("一覧にない行です。画面を開き直してください。")
    _row, new = IncidentStop.objects.get_or_create(
        incident=locked, code=code, defaults={"applies": applies, "at": at, "by": by}
    )
    if new:
        record(
            "incident.stopped", subject_kind="incident", subject_id=locked.pk, by=by.pk, at=at, purpose=Purpose.INCIDENT,
            detail={"code": code, "applies": applies},
        )  # fmt: skip


def finish(incident: Incident, *, by: Worker, at: datetime) -> None:
    """Everything was done; now somebody else looks back, by a day. Raises Refused with what is missing."""
    locked = _open(incident)
    if locked.state != IncidentState.OPEN:
        raise Refused("この事故は、もうふりかえりを待っています。")
    check_closing(
        stops_left=stops_left(locked), told=bool(locked.told_on or locked.told_words.strip()), must_report=judged(locked).must_report,
        full_done=locked.full_on is not None, cause=locked.cause, measures=locked.measures,
    )  # fmt: skip
    who = (
        answerer_in(locked.office_id, besides={by.pk, locked.reported_by_id})
        if _others(locked, by)
        else answerer_in(locked.office_id)
    )
    due_on = day_of(at) + timedelta(days=codes.number("incident.look_back"))
    Incident.objects.filter(pk=locked.pk).update(
        state=IncidentState.LOOK_BACK, finished_at=at, finished_by=by, revision=F("revision") + 1
    )
    promised(
        "incident_review",
        locked.pk,
        f"事故 第{locked.pk}号: ふりかえり(別の人)",
        due_on,
        office_id=locked.office_id,
        worker_id=who,
        by=by,
        at=at,
    )
    record(
        "incident.finished",
        subject_kind="incident",
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        purpose=Purpose.INCIDENT,
    )


def _others(row: Incident, by: Worker) -> bool:
    try:
        answerer_in(row.office_id, besides={by.pk, row.reported_by_id})
    except Refused:
        return False
    return True


def look_back(incident: Incident, words: str, *, by: Worker, at: datetime) -> None:
    """A second person looks back: what changed since. Raises Refused for who reported or finished it."""
    locked = _open(incident)
    if locked.state != IncidentState.LOOK_BACK:
        raise Refused("まず、対応をまとめてください。")
    check_look_back(closed_by=locked.finished_by_id, reported_by=locked.reported_by_id, by=by.pk, words=words)
    refuse_my_number(words, "ふりかえり", "words")
    Incident.objects.filter(pk=locked.pk).update(
        state=IncidentState.CLOSED,
        look_back_words=words.strip(),
        looked_back_at=at,
        looked_back_by=by,
        revision=F("revision") + 1,
    )
    kept("incident_review", locked.pk, by=by, at=at)
    record(
        "incident.closed",
        subject_kind="incident",
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        purpose=Purpose.INCIDENT,
    )


def note_letter(incident: Incident, *, by: Worker, at: datetime) -> None:
    """That the letter to the person was drafted."""
    record(
        "incident.letter",
        subject_kind="incident",
        subject_id=incident.pk,
        by=by.pk,
        at=at,
        purpose=Purpose.INCIDENT,
    )


def _open(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state == IncidentState.CLOSED:
        raise Refused("この事故は、もう終わっています。画面を開き直してください。")
    return locked


def _checked(written: dict[str, Any], today: date) -> dict[str, Any]:
    values = {name: value for name, value in written.items() if name in FIELDS}
    for name, label in TEXTS.items():
        if name in values:
            values[name] = str(values[name] or "").strip()
            refuse_my_number(values[name], label, name)
    for name in ("found_on", "told_on", "quick_on", "full_on"):
        if values.get(name) and values[name] > today:
            raise Refused("まだ来ていない日です。日を確かめてください。", field=name)
    if values.get("from_on") and values.get("until_on") and values["until_on"] < values["from_on"]:
        raise Refused("終わりが始まりより前です。", field="until_on")
    if "persons" in values and not values["persons"]:
        values["persons"] = 1
    return values
