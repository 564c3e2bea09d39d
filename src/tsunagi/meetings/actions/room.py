"""What is done in the room: an item comes before it, people leave, rows are typed, the item is decided."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from tsunagi.journal.actions import record
from tsunagi.meetings.access import ground_of
from tsunagi.meetings.models import (
    BodyMember,
    Decision,
    Item,
    Line,
    LineWord,
    ReadOut,
    Room,
    Showing,
    Sitting,
)
from tsunagi.meetings.queries.room import Before, called, undecided_count
from tsunagi.meetings.rules import LIVE_ITEM, OVER, WITHOUT_CONSENT, SittingState
from tsunagi.meetings.rules.room import (
    SHUT_WORDS,
    EndedWhy,
    LineKind,
    leaving,
    not_before,
)
from tsunagi.meetings.rules.room_merge import LABELS, merged
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused, Stale

from .decisions import DecisionWish, RoleWish, decide_item
from .items import finish_item
from .sittings import end_sitting, left, record_attendance

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

NOT_OPEN = "会議がまだ始まっていません。会議のページで「始める」を押してください。"
IS_OVER = "この会議は終わっています。書き足すことがあるときは、議事録の補足に書いてください。"
NOT_HERE = "この件は、いま会議室に出ていません。画面を開き直してください。"
SETTLED = "この行は、もう役割として確かめました。直すときは、会議の役割のページで動かしてください。"


@dataclass(frozen=True)
class Written:
    """What became of a writing: the row as it stands now. `again`: it had arrived before."""

    line: Line
    again: bool = False
    was_merged: bool = False


def enter_room(sitting: Sitting, *, by: Worker, at: datetime) -> Room:
    """Open the room of a sitting that has begun; whoever comes second finds the same room. Raises Refused before it."""
    if sitting.state in OVER:
        raise Refused(IS_OVER)
    if sitting.state != SittingState.OPEN:
        raise Refused(NOT_OPEN)
    room, made = Room.objects.get_or_create(sitting=sitting, defaults={"opened_at": at, "opened_by": by})
    if made:
        _journal("meeting_room.opened", "meeting", sitting.pk, by, at)
    return room


def show_item(sitting: Sitting, item_id: int, *, by: Worker, at: datetime) -> Showing:
    """Bring an item before the room; the one that was there ends. Nothing of it is shown before those outside have left.

    Raises Refused for an item that is not open to who leads the room, or whose consent has ended: the screen never says why.
    """
    room = _locked(sitting, by=by, at=at)
    item = _live_item(sitting, item_id)
    facts = Before(by, sitting, item, day_of(at))
    if facts.shut is not None:
        raise Refused(SHUT_WORDS[facts.shut])
    if room.item_id == item.pk:
        same = Showing.objects.filter(item=item, ended_at__isnull=True).first()
        if same is not None:
            return same
    _end_showing(room, EndedWhy.NEXT, at)
    outside = leaving(facts.seats)
    showing = Showing.objects.create(
        item=item, begun_at=at, begun_by=by, shown_at=None if outside else at,
        circle=[] if outside else _circle(facts),
    )  # fmt: skip
    if item.began_at is None:
        Item.objects.filter(pk=item.pk).update(began_at=at)
    _change(room, item=item)
    _journal(
        "meeting_item.called",
        "meeting_item",
        item.pk,
        by,
        at,
        ground=ground_of(item),
        detail={"waits": len(outside)},
    )
    return showing


def confirm_left(sitting: Sitting, *, by: Worker, at: datetime) -> Showing:
    """The secretary says that those outside have left: now, and not before, the item stands on the screen."""
    room = _locked(sitting, by=by, at=at)
    showing = _open_showing(room)
    facts = Before(by, sitting, room.item, day_of(at))  # type: ignore[arg-type]
    if facts.shut is not None:
        raise Refused(SHUT_WORDS[facts.shut])
    outside = [seat.member_id for seat in leaving(facts.seats)]
    showing.outside = sorted({*(showing.outside or ()), *outside})
    showing.confirmed_at, showing.confirmed_by = not_before(at, showing.begun_at), by
    showing.shown_at = showing.shown_at or showing.confirmed_at
    showing.circle = sorted({*showing.circle, *_circle(facts)})
    showing.save(update_fields=["outside", "confirmed_at", "confirmed_by", "shown_at", "circle"])
    _change(room)
    _journal(
        "meeting_item.cleared", "meeting_item", showing.item_id, by, at, ground=ground_of(room.item),  # type: ignore[arg-type]
        detail={"outside": outside, "circle": list(showing.circle)},
    )  # fmt: skip
    return showing


def clear_screen(sitting: Sitting, *, by: Worker, at: datetime, why: EndedWhy = EndedWhy.BREAK) -> None:
    """Take the item from the screen: a break, a consent that ended, the end of the sitting."""
    room = _locked(sitting, by=by, at=at, also_over=why is EndedWhy.OVER)
    item_id = room.item_id
    if item_id is None:
        return
    _end_showing(room, why, at)
    _change(room, item=None)
    _journal("meeting_item.taken_down", "meeting_item", item_id, by, at, detail={"why": why.value})


def read_out(item: Item, *, by: Worker, at: datetime) -> ReadOut:
    """That it was read out: what is heard serves no other end. Once an item; the first time counts."""
    if item.mode not in WITHOUT_CONSENT:
        raise Refused("読み上げは、支援会議の件のときだけです。")
    row, made = ReadOut.objects.get_or_create(item=item, defaults={"at": at, "by": by})
    if made:
        Room.objects.filter(sitting_id=item.sitting_id).update(revision=F("revision") + 1)
        _journal("meeting_item.read_out", "meeting_item", item.pk, by, at, ground=ground_of(item))
    return row


# -- rows that are typed ------------------------------------------------------------------------------------------------


def write_line(
    item: Item,
    *,
    key: uuid.UUID,
    write: uuid.UUID,
    base: int,
    values: Mapping[str, str],
    by: Worker,
    at: datetime,
) -> Written:
    """Write a row, or change one. `key` is the row's, `write` this writing's: what arrives twice is stored once.

    `base` is the revision the typing began from (0: a new row). What two people typed is merged part by part; raises Stale
    with both texts only where both changed the same part differently. Raises Refused for a sitting that is over, a row
    that has become a role, or an empty one.
    """
    _check_words(values)
    known = LineWord.objects.filter(write=write).select_related("line").first()
    if known is not None:
        # A number of the browser's is no way into another item's row.
        if known.line.item_id != item.pk:
            raise Refused(NOT_HERE)
        return Written(known.line, again=True)
    sitting = Sitting.objects.get(pk=item.sitting_id)
    if sitting.state in OVER:
        raise Refused(IS_OVER)
    line = Line.objects.select_for_update().filter(key=key).first()
    if line is None:
        return _new_line(item, key, write, values, by, at)
    if line.item_id != item.pk:
        raise Refused(NOT_HERE)
    return _changed_line(line, write, base, values, by, at)


def _new_line(
    item: Item, key: uuid.UUID, write: uuid.UUID, values: Mapping[str, str], by: Worker, at: datetime
) -> Written:
    plain = {part: values.get(part, "").strip() for part in LABELS}
    if not plain["what"]:
        raise Refused("決まったことを書いてください。", field="what")
    try:
        with transaction.atomic():
            line = Line.objects.create(key=key, item=item, made_at=at, made_by=by, **_columns(item, plain))
    except IntegrityError:
        # The same row came twice at once; the other one is stored.
        found = Line.objects.get(key=key, item=item)
        return Written(found, again=True)
    LineWord.objects.create(line=line, write=write, revision=1, values=plain, at=at, by=by)
    _touched(item, "meeting_line.written", line, by, at)
    return Written(line)


def _changed_line(
    line: Line, write: uuid.UUID, base: int, values: Mapping[str, str], by: Worker, at: datetime
) -> Written:
    if line.settled_at is not None:
        raise Refused(SETTLED)
    words = {
        word.revision: word.values
        for word in LineWord.objects.filter(line=line, revision__in=[base, line.revision])
    }
    stored = words.get(line.revision, {})
    # A writing that does not know where it began is compared with nothing: every part it changes is its own.
    found = merged(words.get(base, {}), stored, values)
    if not found.is_clean:
        raise Stale(
            [(LABELS[part], _shown(part, theirs), _shown(part, mine)) for part, theirs, mine in found.clashes]
        )
    if not found.values["what"]:
        raise Refused("決まったことを書いてください。消すときは「取り消す」を押してください。", field="what")
    if found.values == {part: stored.get(part, "") for part in LABELS}:
        return Written(line)
    for name, value in _columns(line.item, found.values).items():
        setattr(line, name, value)
    line.removed_at = (line.removed_at or at) if found.values["removed"] else None
    line.revision += 1
    line.save(update_fields=["kind", "what", "owner", "owner_words", "due_on", "removed_at", "revision"])
    LineWord.objects.create(line=line, write=write, revision=line.revision, values=found.values, at=at, by=by)
    _touched(line.item, "meeting_line.removed" if line.removed_at else "meeting_line.written", line, by, at)
    return Written(line, was_merged=base != line.revision - 1)


def _columns(item: Item, values: Mapping[str, str]) -> dict[str, object]:
    owner = None
    if values["owner_id"]:
        owner = BodyMember.objects.filter(pk=_number(values["owner_id"]), body__in=_bodies(item)).first()
        if owner is None:
            raise Refused("この方は選べません。この会議の構成員から選んでください。", field="owner_id")
    if values["kind"] and values["kind"] not in LineKind.values():
        raise Refused("種類を選んでください。", field="kind")
    return {
        "kind": values["kind"] or LineKind.ROLE.value, "what": values["what"][:300], "owner": owner,
        "owner_words": values["owner_words"][:100], "due_on": _day(values["due"]),
    }  # fmt: skip


def _bodies(item: Item) -> list[int]:
    return [item.sitting.body_id, *item.sitting.joint.order_by("id").values_list("body_id", flat=True)]


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdigit() and len(words) < 18 else 0


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        raise Refused("いつまで、の日を確かめてください。例：R8.7.1、2026-07-01", field="due") from None


def _shown(part: str, words: str) -> str:
    if part == "removed":
        return "取り消す" if words else "残す"
    if part == "kind":
        return LineKind.label_of(words) if words in LineKind.values() else words
    if part == "owner_id" and words:
        member = BodyMember.objects.filter(pk=_number(words)).select_related("worker", "office").first()
        return f"{member.office.label}　{called(member)}" if member else "（構成員でない方）"
    return words


def _check_words(values: Mapping[str, str]) -> None:
    for part in ("what", "owner_words"):
        refuse_my_number(values.get(part, ""), LABELS[part], part)
    if len(values.get("what", "")) > 300:
        raise Refused("決まったことは300字までです。行を分けて書いてください。", field="what")


# -- what comes of it ------------------------------------------------------------------------------------------------


def settle_lines(
    item: Item, kind: str, words: str, *, by: Worker, at: datetime, decided_by: str = ""
) -> Decision:
    """Make what was typed the decision of the item: each row with an owner becomes a role that somebody answers for.

    Raises Refused for a role without an owner of the system or without a day; nothing is stored then.
    """
    rows = list(
        Line.objects.select_for_update(of=("self",))
        .filter(item=item, removed_at__isnull=True, settled_at__isnull=True)
        .select_related("owner__worker", "owner__office").order_by("id")
    )  # fmt: skip
    roles = [(row, _wish(row)) for row in rows if row.kind == LineKind.ROLE]
    told = [words.strip(), *(f"・{row.what}" for row in rows if row.kind == LineKind.DECISION)]
    decision = decide_item(
        item, DecisionWish(kind, "\n".join(filter(None, told)), [wish for _row, wish in roles], decided_by=decided_by),
        by=by, at=at,
    )  # fmt: skip
    given = dict(zip([row.pk for row, _wish in roles], decision.roles.order_by("id"), strict=True))
    for row in rows:
        row.settled_at, row.role = at, given.get(row.pk)
        row.save(update_fields=["settled_at", "role"])
    Room.objects.filter(sitting_id=item.sitting_id).update(revision=F("revision") + 1)
    return decision


def _wish(row: Line) -> RoleWish:
    if row.owner is None or row.owner.worker_id is None:
        raise Refused(
            f"「{row.what[:30]}」は、だれがするかが決まっていません。システムを使う構成員を選ぶか、種類を「決まったこと」にしてください。"
        )
    if row.due_on is None:
        raise Refused(f"「{row.what[:30]}」に、いつまでかを入れてください。")
    return RoleWish(row.owner.office_id, row.owner.worker_id, row.what, row.due_on)


def finish_here(sitting: Sitting, *, by: Worker, at: datetime) -> None:
    """The item before the room is done: what it opened ends, the screen is empty. Raises Refused while rows wait."""
    room = _locked(sitting, by=by, at=at)
    item = room.item
    if item is None:
        raise Refused(NOT_HERE)
    waiting = undecided_count([item.pk])
    if waiting:
        raise Refused(
            f"書いたまま確かめていない行が{waiting}件あります。「決まったことを確かめる」を押すか、行を取り消してください。"
        )
    finish_item(item, by=by, at=at)
    _end_showing(room, EndedWhy.NEXT, at)
    _change(room, item=None)


def end_room(sitting: Sitting, *, by: Worker, at: datetime) -> Sitting:
    """The sitting ends: the screen is empty, and stays so."""
    clear_screen(sitting, by=by, at=at, why=EndedWhy.OVER)
    return end_sitting(sitting, by=by, at=at)


def say_presence(sitting: Sitting, member_id: int, presence: str, *, by: Worker, at: datetime) -> None:
    """A member came, left, or is absent: from now on the screen reckons with it."""
    if presence == "left":
        left(sitting, member_id, by=by, at=at)
    else:
        record_attendance(sitting, {member_id: presence}, by=by, at=at)
    Room.objects.filter(sitting=sitting).update(revision=F("revision") + 1)


# -- pieces ----------------------------------------------------------------------------------------------------------


def _locked(sitting: Sitting, *, by: Worker, at: datetime, also_over: bool = False) -> Room:
    if not also_over:
        enter_room(sitting, by=by, at=at)
    return Room.objects.select_for_update(of=("self",)).select_related("item").get(sitting=sitting)


def _live_item(sitting: Sitting, item_id: int) -> Item:
    on_agenda = {card.id for card in item_cards_of(sitting)}
    item = Item.objects.filter(pk=item_id, sitting=sitting).select_related("party").first()
    if item is None or item.pk not in on_agenda:
        raise Refused("この件は、この会議の次第にありません。画面を開き直してください。")
    if item.state not in LIVE_ITEM:
        raise Refused("この件は、もう済んでいます。続きは次の会議の議題にしてください。")
    return item


def item_cards_of(sitting: Sitting) -> list[Item]:
    """The items on the agenda of a sitting, in its order."""
    rows = Item.objects.filter(sitting=sitting).exclude(state__in=["proposed", "withdrawn"])
    return list(rows.order_by("position", "id"))


def _circle(facts: Before) -> list[int]:
    return sorted(seat.member_id for seat in facts.seats if seat.present and seat.inside)


def _open_showing(room: Room) -> Showing:
    if room.item_id is None:
        raise Refused(NOT_HERE)
    showing = Showing.objects.select_for_update().filter(item_id=room.item_id, ended_at__isnull=True).first()
    if showing is None:
        raise Refused(NOT_HERE)
    return showing


def _end_showing(room: Room, why: EndedWhy, at: datetime) -> None:
    open_now = Showing.objects.select_for_update().filter(
        item__sitting_id=room.sitting_id, ended_at__isnull=True
    )
    for showing in open_now.order_by("id"):
        showing.ended_at, showing.ended_why = not_before(at, showing.begun_at, showing.shown_at), why
        showing.save(update_fields=["ended_at", "ended_why"])


def _change(room: Room, **fields: Item | None) -> None:
    for name, value in fields.items():
        setattr(room, name, value)
    Room.objects.filter(pk=room.pk).update(revision=F("revision") + 1, **fields)


def _touched(item: Item, action: str, line: Line, by: Worker, at: datetime) -> None:
    Room.objects.filter(sitting_id=item.sitting_id).update(revision=F("revision") + 1)
    _journal(
        action, "meeting_item", item.pk, by, at, ground=ground_of(item), detail={"line": line.pk, "revision": line.revision}
    )  # fmt: skip


def _journal(
    action: str, kind: str, number: int, by: Worker, at: datetime, *, ground: str = "", detail: dict[str, object] | None = None
) -> None:  # fmt: skip
    record(
        action, subject_kind=kind, subject_id=number, by=by.pk, at=at, purpose=Purpose.CONVENE, ground=ground, detail=detail
    )  # fmt: skip


def revision_of(key: str) -> int:
    """The revision a row stands at, for a form that is shown again; 0 for one that is not stored."""
    return Line.objects.filter(key=key).values_list("revision", flat=True).first() or 0
