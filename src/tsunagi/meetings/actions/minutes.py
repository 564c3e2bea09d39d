"""Minutes: drafted from the records, agreed (frozen and hashed), corrected beside, given to members."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.meetings.models import Attendance, Minutes, MinutesGiven, MinutesPart, Sitting
from tsunagi.meetings.queries.minutes import drafted
from tsunagi.meetings.queries.papers import item_cards_all
from tsunagi.meetings.queries.room import members_of, undecided_count
from tsunagi.meetings.rules import OVER, Presence
from tsunagi.meetings.rules.minutes import MinutesState, check_agreeing, check_correction, digest
from tsunagi.notices.actions import tell
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused, Stale

from .pieces import locked_sitting

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def draft_minutes(sitting: Sitting, *, by: Worker, at: datetime, reason: str = "") -> Minutes:
    """Make the draft, or bring its lines up to what is on record now; the secretary's words stay.

    After agreed minutes this is the next version, with the reason of the correction. Raises Refused without one.
    """
    refuse_my_number(reason, "訂正のわけ", "reason")
    locked = locked_sitting(sitting)
    row = Minutes.objects.filter(sitting=locked, state=MinutesState.DRAFT).first()
    before = Minutes.objects.filter(sitting=locked, state=MinutesState.AGREED).order_by("-number").first()
    kept: dict[int | None, str] = {}
    if row is None:
        why = check_correction(reason) if before else ""
        row = Minutes.objects.create(
            sitting=locked, number=(before.number if before else 0) + 1, reason=why, made_at=at, made_by=by
        )
    source = row if row.parts.exists() else before
    if source is not None:
        kept = dict(source.parts.order_by("position").values_list("item_id", "words"))
    row.parts.all().delete()
    MinutesPart.objects.bulk_create(
        MinutesPart(
            minutes=row, item_id=item_id, position=position, heading=heading[:120], lines=[list(line) for line in lines],
            words=kept.get(item_id, ""),
        )
        for position, (item_id, heading, lines) in enumerate(drafted(by, locked, day_of(at)), start=1)
    )  # fmt: skip
    _journal("minutes.drafted", locked.pk, by, at, minutes=row.pk, number=row.number)
    return row


def write_words(part: MinutesPart, words: str, *, revision: int, by: Worker, at: datetime) -> MinutesPart:
    """Write the secretary's own words to a part. Stale with both texts when somebody else wrote meanwhile."""
    refuse_my_number(words, "補足", "words")
    locked = MinutesPart.objects.select_for_update(of=("self",)).select_related("minutes").get(pk=part.pk)
    if locked.revision != revision and locked.words != words.strip():
        raise Stale([("補足", locked.words, words.strip())])
    locked.words, locked.revision = words.strip(), locked.revision + 1
    locked.save(update_fields=["words", "revision"])
    _journal("minutes.written", locked.minutes.sitting_id, by, at, minutes=locked.minutes_id, part=locked.pk)
    return locked


def agree_minutes(minutes: Minutes, *, by: Worker, at: datetime) -> Minutes:
    """Agree the minutes: from now on nobody changes them; whoever was there or absent is told that they can be read."""
    sitting = locked_sitting(minutes.sitting_id)
    row = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    items = [item.pk for item in item_cards_all(sitting)]
    check_agreeing(state=row.state, undecided=undecided_count(items), still_open=sitting.state not in OVER)
    parts = list(row.parts.order_by("position"))
    if not parts:
        raise Refused("議事録の下書きがまだありません。先に「下書きをつくる」を押してください。")
    row.digest = digest(
        [(part.item_id, part.heading, part.lines, part.words) for part in parts],
        sitting=sitting.pk,
        number=row.number,
    )
    row.state, row.agreed_at, row.agreed_by = MinutesState.AGREED, at, by
    row.save(update_fields=["state", "agreed_at", "agreed_by", "digest"])
    _give(row, sitting, by, at)
    _journal("minutes.agreed", sitting.pk, by, at, minutes=row.pk, number=row.number)
    return row


def is_as_agreed(minutes: Minutes) -> bool:
    """Whether agreed minutes still say what their hash was made over."""
    parts = minutes.parts.order_by("position")
    told = [(part.item_id, part.heading, part.lines, part.words) for part in parts]
    return minutes.digest == digest(told, sitting=minutes.sitting_id, number=minutes.number)


def _give(row: Minutes, sitting: Sitting, by: Worker, at: datetime) -> None:
    there = dict(Attendance.objects.filter(sitting=sitting).values_list("member_id", "presence"))
    members = [member for member in members_of(sitting, sitting.day) if member.pk in there]
    MinutesGiven.objects.bulk_create(
        MinutesGiven(minutes=row, member=member, was_absent=there[member.pk] == Presence.ABSENT, at=at, by=by)
        for member in members
    )
    link = f"/kaigi/sitting/{sitting.pk}/minutes/"
    absent = {member.worker_id for member in members if there[member.pk] == Presence.ABSENT}
    others = {member.worker_id for member in members} - absent
    tell(others - {by.pk}, "会議の議事録が確定しました。", link, kind="meeting", at=at)
    tell(
        absent - {by.pk},
        "欠席された会議の議事録が確定しました。決まったことを見てください。",
        link,
        kind="meeting",
        at=at,
    )
    # Whoever was absent and signs in is told by this notice; the others' telling stays the secretary's own deed.
    signed_in = [
        member.pk for member in members if member.worker_id in absent and member.worker_id is not None
    ]
    Attendance.objects.filter(sitting=sitting, member_id__in=signed_in, told_at__isnull=True).update(
        told_at=at, told_by=by
    )


def _journal(action: str, sitting_id: int, by: Worker, at: datetime, **detail: object) -> None:
    record(
        action,
        subject_kind="meeting",
        subject_id=sitting_id,
        by=by.pk,
        at=at,
        purpose=Purpose.CONVENE,
        detail=detail,
    )
