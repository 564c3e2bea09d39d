"""Sittings: planned by the rule or called in minutes, begun, ended, called off; who was there, who was told afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of
from tsunagi.meetings.access import sitting_members
from tsunagi.meetings.models import Attendance, Body, BodyMember, Item, JointBody, Sitting
from tsunagi.meetings.rules import (
    LIVE_ITEM,
    HowHeld,
    Presence,
    SittingState,
    check_day,
    check_how,
    check_sitting_move,
)
from tsunagi.notices.actions import tell
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused, Stale

from .pieces import bodies_at, journal, locked_sitting, refuse_numbers, workers_in

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class SittingWish:
    """When, where and how a sitting is held, as typed."""

    day: date
    begins: time | None = None
    place: str = ""
    how: str = HowHeld.TOGETHER.value
    joint_ids: tuple[int, ...] = ()
    is_ad_hoc: bool = False
    reason: str = ""


def plan_sittings(body: Body, days: Iterable[date], *, by: Worker, at: datetime) -> list[Sitting]:
    """Put the days of the rule into the calendar; those that stand already stay."""
    _standing(body)
    standing = set(
        body.sittings.exclude(state=SittingState.CANCELLED)
        .filter(is_ad_hoc=False)
        .values_list("day", flat=True)
    )
    wish = [SittingWish(day, body.begins, body.place) for day in sorted(set(days)) if day not in standing]
    return [new_sitting(body, one, by=by, at=at) for one in wish]


def new_sitting(body: Body, wish: SittingWish, *, by: Worker, at: datetime) -> Sitting:
    """A sitting: of the calendar, or ad hoc with its reason (an emergency: today, within minutes)."""
    _standing(body)
    _check(body, wish, at)
    if wish.is_ad_hoc and not wish.reason.strip():
        raise Refused(
            "随時に開くわけを、ひとことで書いてください（例：住まいを失うおそれ）。", field="reason"
        )
    if not wish.is_ad_hoc and _stands(body, wish.day):
        raise Refused(
            "この会議は、この日にもう予定があります。急ぐときは「随時に開く」を選んでください。", field="day"
        )
    sitting = Sitting.objects.create(
        body=body, day=wish.day, begins=wish.begins, place=wish.place.strip()[:120], how=HowHeld(wish.how),
        is_ad_hoc=wish.is_ad_hoc, reason=wish.reason.strip()[:300] if wish.is_ad_hoc else "", secretary=by,
        call_until_on=_call_until(body, wish.day, day_of(at)), made_at=at, made_by=by,
    )  # fmt: skip
    for other in _joint(body, wish.joint_ids):
        JointBody.objects.create(sitting=sitting, body=other)
    journal(
        "meeting.made", sitting, by=by, at=at, body=body.pk, ad_hoc=wish.is_ad_hoc, day=wish.day.isoformat()
    )
    if wish.is_ad_hoc:
        call_sitting(sitting, by=by, at=at)
        sitting.refresh_from_db()
    return sitting


def change_sitting(
    sitting: Sitting, wish: SittingWish, *, revision: int, by: Worker, at: datetime
) -> Sitting:
    """Another day, hour, place or way. Whoever was called is told. Stale when somebody else changed it meanwhile."""
    locked = locked_sitting(sitting)
    if locked.state not in (SittingState.PLANNED, SittingState.CALLED):
        raise Refused(f"この会議は「{SittingState(locked.state).label}」です。予定だけを変えられます。")
    if locked.revision != revision:
        raise Stale(
            [
                ("日", str(locked.day), str(wish.day)),
                ("始まり", str(locked.begins or ""), str(wish.begins or "")),
                ("場所", locked.place, wish.place),
                ("開き方", HowHeld(locked.how).label, HowHeld(wish.how).label),
            ]
        )
    _check(locked.body, wish, at)
    if not locked.is_ad_hoc and wish.day != locked.day and _stands(locked.body, wish.day):
        raise Refused("この会議は、その日にもう予定があります。別の日にしてください。", field="day")
    moved = (locked.day, locked.begins, locked.place) != (wish.day, wish.begins, wish.place.strip()[:120])
    locked.day, locked.begins, locked.place, locked.how = (
        wish.day, wish.begins, wish.place.strip()[:120], HowHeld(wish.how)
    )  # fmt: skip
    locked.call_until_on = _call_until(locked.body, wish.day, day_of(at))
    locked.revision += 1
    locked.save()
    locked.joint.all().delete()
    for other in _joint(locked.body, wish.joint_ids):
        JointBody.objects.create(sitting=locked, body=other)
    _no_item_is_left_alone(locked)
    journal("meeting.changed", locked, by=by, at=at, day=wish.day.isoformat())
    if moved and locked.state == SittingState.CALLED:
        _tell_members(locked, "会議の日時か場所が変わりました。カレンダーを確かめてください。", by=by, at=at)
    return locked


def call_sitting(sitting: Sitting, *, by: Worker, at: datetime) -> int:
    """Call the members and ask their offices for items until a day (募集); how many were told."""
    locked = locked_sitting(sitting)
    check_sitting_move(locked.state, SittingState.CALLED)
    Sitting.objects.filter(pk=locked.pk).update(
        state=SittingState.CALLED, called_at=at, revision=locked.revision + 1
    )
    members = members_of_sitting(locked, on=max(locked.day, day_of(at)))
    for member in members:
        Attendance.objects.get_or_create(sitting=locked, member=member)
    until = locked.call_until_on
    asks = f"議題の提案は{until.month}月{until.day}日までです。" if until and until >= day_of(at) else ""
    lead = "急ぎの会議が開かれます。" if locked.is_ad_hoc else "会議の召集がありました。"
    told = _tell_members(locked, f"{lead}{asks}", by=by, at=at)
    journal("meeting.called", locked, by=by, at=at, told=told)
    return told


def open_sitting(sitting: Sitting, *, by: Worker, at: datetime) -> Sitting:
    """The sitting begins. It waits for nobody's acknowledgement; items do."""
    locked = locked_sitting(sitting)
    check_sitting_move(locked.state, SittingState.OPEN)
    if locked.day > day_of(at):
        raise Refused(
            f"この会議は{locked.day.month}月{locked.day.day}日の予定です。きょう開くときは、先に日を変えてください。"
        )
    Sitting.objects.filter(pk=locked.pk).update(
        state=SittingState.OPEN, opened_at=at, revision=locked.revision + 1
    )
    for member in members_of_sitting(locked, on=day_of(at)):
        Attendance.objects.get_or_create(sitting=locked, member=member)
    journal("meeting.opened", locked, by=by, at=at)
    locked.refresh_from_db()
    return locked


def end_sitting(sitting: Sitting, *, by: Worker, at: datetime) -> Sitting:
    """The sitting ends. What was not spoken of must have gone to another one; who never came was absent."""
    locked = locked_sitting(sitting)
    check_sitting_move(locked.state, SittingState.ENDED)
    left = Item.objects.filter(sitting=locked, state__in=LIVE_ITEM).count()
    if left:
        raise Refused(
            f"まだ終わっていない議題が{left}件あります。「済み」にするか、次の会議に送るか、取り下げてください。"
        )
    Attendance.objects.filter(sitting=locked, presence=Presence.EXPECTED).update(presence=Presence.ABSENT)
    Attendance.objects.filter(sitting=locked, presence=Presence.PRESENT, left_at__isnull=True).update(
        left_at=at
    )
    Sitting.objects.filter(pk=locked.pk).update(
        state=SittingState.ENDED, ended_at=at, revision=locked.revision + 1
    )
    journal("meeting.ended", locked, by=by, at=at)
    absent = Attendance.objects.filter(sitting=locked, presence=Presence.ABSENT, member__worker__isnull=False)
    told = workers_in(row.member for row in absent.select_related("member"))
    tell(
        told - {by.pk}, "欠席された会議が終わりました。決まったことを確かめてください。", f"/kaigi/sitting/{locked.pk}/",
        kind="meeting", at=at,
    )  # fmt: skip
    locked.refresh_from_db()
    return locked


def cancel_sitting(sitting: Sitting, *, reason: str, by: Worker, at: datetime) -> None:
    """Call a sitting off. Refused while items wait in it: nothing that waits may disappear."""
    refuse_numbers({"reason": ("わけ", reason)})
    locked = locked_sitting(sitting)
    check_sitting_move(locked.state, SittingState.CANCELLED)
    if not reason.strip():
        raise Refused("取りやめるわけを書いてください。", field="reason")
    left = Item.objects.filter(sitting=locked, state__in=LIVE_ITEM).count()
    if left:
        raise Refused(f"議題が{left}件残っています。先に、別の会議に送るか取り下げてください。")
    was_called = locked.state == SittingState.CALLED
    Sitting.objects.filter(pk=locked.pk).update(
        state=SittingState.CANCELLED, reason=reason.strip()[:300], ended_at=at, revision=locked.revision + 1
    )
    journal("meeting.cancelled", locked, by=by, at=at)
    if was_called:
        _tell_members(locked, "会議が取りやめになりました。", by=by, at=at)


# -- who is there ---------------------------------------------------------------------------------------------


def members_of_sitting(sitting: Sitting, *, on: date) -> list[BodyMember]:
    """Everybody who sits in one of its bodies on this day; a worker who sits in two comes once."""
    bodies = [body.pk for body in bodies_at(sitting)]
    rows = sitting_members(on).filter(body_id__in=bodies).select_related("office", "worker").order_by("id")
    seen: set[int] = set()
    found = []
    for member in rows:
        if member.worker_id is None or member.worker_id not in seen:
            seen |= {member.worker_id} if member.worker_id else set()
            found.append(member)
    return found


def record_attendance(sitting: Sitting, presence: Mapping[int, str], *, by: Worker, at: datetime) -> None:
    """Who is there (member → 出席・欠席・これから). Coming and leaving are `came` and `left`."""
    locked = locked_sitting(sitting)
    if locked.state == SittingState.CANCELLED:
        raise Refused("取りやめた会議に、出欠は記録できません。")
    members = {member.pk for member in members_of_sitting(locked, on=locked.day)}
    for member_id, said in sorted(presence.items()):
        if member_id not in members:
            raise Refused("構成員でない方が選ばれています。画面を開き直してください。")
        row, _made = Attendance.objects.get_or_create(sitting=locked, member_id=member_id)
        wanted = Presence(said)
        if row.presence == wanted:
            continue
        row.presence = wanted
        row.came_at = (row.came_at or at) if wanted == Presence.PRESENT else None
        row.left_at = None
        row.save(update_fields=["presence", "came_at", "left_at"])
    journal("meeting.attended", locked, by=by, at=at, members=len(presence))


def left(sitting: Sitting, member_id: int, *, by: Worker, at: datetime) -> None:
    """A member left; they come back by 「出席」."""
    locked = locked_sitting(sitting)
    changed = Attendance.objects.filter(
        sitting=locked, member_id=member_id, presence=Presence.PRESENT, left_at__isnull=True
    ).update(left_at=at)
    if not changed:
        raise Refused("この方は、いま出席していません。画面を開き直してください。")
    journal("meeting.attended", locked, by=by, at=at, members=1)


def tell_absent(sitting: Sitting, member_ids: Iterable[int], *, by: Worker, at: datetime) -> int:
    """Note that the result was told to members who were absent (by whom, when); how many were new."""
    locked = locked_sitting(sitting)
    if locked.state != SittingState.ENDED:
        raise Refused("結果を伝えた記録は、会議が終わってから付けます。")
    changed = Attendance.objects.filter(
        sitting=locked, member_id__in=list(member_ids), presence=Presence.ABSENT, told_at__isnull=True
    ).update(told_at=at, told_by=by)
    journal("meeting.absent_told", locked, by=by, at=at, members=changed)
    return changed


# -- what is checked ------------------------------------------------------------------------------------------


def _standing(body: Body) -> None:
    if Body.objects.select_for_update(of=("self",)).get(pk=body.pk).ended_at is not None:
        raise Refused("この会議は廃止されています。")


def _check(body: Body, wish: SittingWish, at: datetime) -> None:
    refuse_numbers({"place": ("場所", wish.place), "reason": ("わけ", wish.reason)})
    check_day(wish.day, today=day_of(at))
    check_how(wish.how, by_phone=body.by_phone)


def _stands(body: Body, day: date) -> bool:
    return body.sittings.filter(day=day, is_ad_hoc=False).exclude(state=SittingState.CANCELLED).exists()


def _call_until(body: Body, day: date, today: date) -> date | None:
    until = calendar_of(body.office_id).add(day, -body.call_days) if body.call_days else day
    return until if until >= today else None


def _joint(body: Body, ids: Iterable[int]) -> list[Body]:
    return list(Body.objects.filter(pk__in=set(ids) - {body.pk}, ended_at__isnull=True).order_by("id"))


def _no_item_is_left_alone(sitting: Sitting) -> None:
    modes = {mode for body in bodies_at(sitting) for mode in body.modes}
    if sitting.items.filter(state__in=LIVE_ITEM).exclude(mode__in=modes).exists():
        raise Refused(
            "外そうとしている会議の議題が残っています。先に、その議題を移すか取り下げてください。",
            field="joint",
        )


def _tell_members(sitting: Sitting, sentence: str, *, by: Worker, at: datetime) -> int:
    who = workers_in(members_of_sitting(sitting, on=max(sitting.day, day_of(at)))) - {by.pk}
    tell(who, sentence, f"/kaigi/sitting/{sitting.pk}/", kind="meeting", at=at)
    return len(who)
