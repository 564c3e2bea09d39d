"""Bodies, their members, acknowledgements of 守秘義務, secret calendar addresses."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Office, Posting
from tsunagi.journal.actions import record
from tsunagi.meetings.models import Acknowledgement, Body, BodyMember, FeedAddress, ItemMember, Sitting
from tsunagi.meetings.rules import (
    LIVE_ITEM,
    OVER,
    AcknowledgedHow,
    BodyType,
    HolidayRule,
    MemberRole,
    Recall,
    check_modes,
    fiscal_year,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused, Stale

from .pieces import close_for, journal, open_for, refuse_numbers

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class BodyWish:
    """What a body is, as typed."""

    name: str
    modes: tuple[str, ...]
    office_id: int
    week: int | None = None
    weekday: int | None = None
    begins: time | None = None
    minutes: int = 120
    place: str = ""
    holiday_rule: str = HolidayRule.AFTER.value
    call_days: int = 5
    by_phone: bool = False
    by_phone_article: str = ""
    outside_sittings: bool = False
    outside_article: str = ""
    recall: str = Recall.COLLECT.value
    recall_article: str = ""
    keeps_who_said: bool = False


LABELS = {
    "name": "名前",
    "modes": "議題の根拠",
    "office_id": "庶務の機関",
    "week": "第何",
    "weekday": "曜日",
    "begins": "始まり",
    "minutes": "長さ",
    "place": "場所",
    "holiday_rule": "閉庁日のとき",
    "call_days": "募集の締切",
    "by_phone": "電話・持ち回り",
    "by_phone_article": "その条文",
    "outside_sittings": "会議の外での共有",
    "outside_article": "その条文",
    "recall": "資料",
    "recall_article": "その条文",
    "keeps_who_said": "発言者を残す",
}


def make_body(body_type: str, wish: BodyWish, *, by: Worker, at: datetime) -> Body:
    """Found a body. Its legal type never changes."""
    _check(body_type, wish)
    if Body.objects.filter(name=wish.name.strip(), ended_at__isnull=True).exists():
        raise Refused("同じ名前の会議が、もうあります。別の名前にしてください。", field="name")
    body = Body.objects.create(
        body_type=BodyType(body_type), made_at=at, made_by=by, **(asdict(wish) | {"modes": list(wish.modes)})
    )
    journal("meeting_body.made", body, by=by, at=at, type=body.body_type)
    return body


def change_body(body: Body, wish: BodyWish, *, revision: int, by: Worker, at: datetime) -> Body:
    """Change the settings of a body. Stale when somebody else did meanwhile."""
    _check(body.body_type, wish)
    locked = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if locked.ended_at is not None:
        raise Refused("この会議は廃止されています。")
    wanted = asdict(wish) | {"modes": list(wish.modes)}
    if locked.revision != revision:
        raise Stale(
            [
                (LABELS[name], _shown(getattr(locked, name)), _shown(value))
                for name, value in wanted.items()
                if getattr(locked, name) != value
            ]
        )
    gone = set(locked.modes) - set(wish.modes)
    if gone and locked.sittings.filter(items__state__in=LIVE_ITEM, items__mode__in=gone).exists():
        raise Refused(
            "外そうとしている根拠の議題が、まだ残っています。先に、その議題を移すか取り下げてください。",
            field="modes",
        )
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.revision += 1
    locked.save()
    journal("meeting_body.changed", locked, by=by, at=at)
    return locked


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return "・".join(map(str, value)) if isinstance(value, list) else ("" if value is None else str(value))


def _check(body_type: str, wish: BodyWish) -> None:
    refuse_numbers({"name": ("名前", wish.name), "place": ("場所", wish.place)})
    if not wish.name.strip():
        raise Refused("会議の名前を書いてください。", field="name")
    check_modes(body_type, wish.modes)
    if (wish.week is None) != (wish.weekday is None):
        raise Refused("「第何」と曜日は、両方選ぶか、両方空けてください。", field="week")
    if wish.by_phone and not wish.by_phone_article.strip():
        raise Refused(
            "電話・持ち回りを認める要綱の条文を書いてください（例：第6条第2項）。", field="by_phone_article"
        )
    if wish.outside_sittings and not wish.outside_article.strip():
        raise Refused("会議の外での共有を認める要綱の条文を書いてください。", field="outside_article")


def end_body(body: Body, *, by: Worker, at: datetime) -> None:
    """Abolish a body. Refused while a sitting of it is still to come."""
    locked = Body.objects.select_for_update(of=("self",)).get(pk=body.pk)
    if locked.ended_at is not None:
        raise Refused("この会議は、もう廃止されています。")
    if Sitting.objects.filter(body=locked).exclude(state__in=OVER).exists():
        raise Refused("まだ開いていない会議が残っています。先に、開くか取りやめてください。")
    Body.objects.filter(pk=locked.pk).update(ended_at=at, revision=locked.revision + 1)
    journal("meeting_body.ended", locked, by=by, at=at)


# -- members --------------------------------------------------------------------------------------------------


def add_member(
    body: Body,
    *,
    office_id: int,
    worker_id: int | None = None,
    name: str = "",
    role: str = MemberRole.MEMBER.value,
    from_on: date,
    until_on: date | None = None,
    is_part_time: bool = False,
    by: Worker,
    at: datetime,
) -> BodyMember:
    """A worker, or a named person without sign-in for whom an office answers, belongs to a body from now on."""
    refuse_numbers({"name": ("お名前", name)})
    if (worker_id is None) == (not name.strip()):
        raise Refused(
            "職員を選ぶか、システムを使わない方のお名前を書いてください（どちらかひとつ）。", field="worker"
        )
    if until_on is not None and until_on < from_on:
        raise Refused("任期の終わりが、始まりより前です。日を確かめてください。", field="until_on")
    if not Office.objects.filter(pk=office_id, is_active=True).exists():
        raise Refused("この機関は閉じています。別の機関を選んでください。", field="office")
    if worker_id is not None:
        if not Posting.objects.filter(
            worker_id=worker_id, office_id=office_id, ended_at__isnull=True
        ).exists():
            raise Refused("この職員は、その機関にいません。選び直してください。", field="worker")
        if body.members.filter(worker_id=worker_id, ended_at__isnull=True).exists():
            raise Refused("この職員は、すでにこの会議の構成員です。", field="worker")
    member = BodyMember.objects.create(
        body=body, office_id=office_id, worker_id=worker_id, name=name.strip()[:100], role=MemberRole(role),
        from_on=from_on, until_on=until_on, is_part_time=is_part_time, added_at=at, added_by=by,
    )  # fmt: skip
    journal("meeting_body.member_added", body, by=by, at=at, member=member.pk, office=office_id)
    return member


def change_member(
    member: BodyMember, *, role: str, until_on: date | None, is_part_time: bool, by: Worker, at: datetime
) -> None:
    """Another role, another end of term, or comes for some items only."""
    if until_on is not None and until_on < member.from_on:
        raise Refused("任期の終わりが、始まりより前です。日を確かめてください。", field="until_on")
    changed = BodyMember.objects.filter(pk=member.pk, ended_at__isnull=True).update(
        role=MemberRole(role), until_on=until_on, is_part_time=is_part_time
    )
    if not changed:
        raise Refused("この方は、もう構成員ではありません。画面を開き直してください。")
    journal("meeting_body.member_changed", member.body, by=by, at=at, member=member.pk)


def end_member(member: BodyMember, *, by: Worker | None, at: datetime) -> None:
    """Somebody leaves a body: every item that was open to them closes in the same deed."""
    if not BodyMember.objects.filter(pk=member.pk, ended_at__isnull=True).update(ended_at=at):
        raise Refused("この方は、もう構成員ではありません。画面を開き直してください。")
    rows = ItemMember.objects.filter(member=member, closed_at__isnull=True).select_related("item", "member")
    for row in rows.order_by("id"):
        close_for(row, row.item, at=at, by=by)
    journal("meeting_body.member_ended", member.body, by=by, at=at, member=member.pk)


def leave_with_office(office_id: int, *, at: datetime) -> int:
    """An office was closed: whoever sat for it leaves every body, and what that opened ends; how many left."""
    rows = list(BodyMember.objects.filter(office_id=office_id, ended_at__isnull=True).select_related("body"))
    for member in rows:
        end_member(member, by=None, at=at)
    return len(rows)


# -- 守秘義務 -------------------------------------------------------------------------------------------------


def acknowledge(member: BodyMember, *, by: Worker, at: datetime) -> Acknowledgement:
    """A member acknowledges 守秘義務 for this 年度 on their own screen. What waited for it opens. Once is enough."""
    if member.worker_id != by.pk:
        raise Refused("守秘義務は、本人の画面で確かめます。紙で受けたときは、事務局が記録します。")
    return _acknowledged(member, AcknowledgedHow.SCREEN, day_of(at), "", by=by, at=at)


def acknowledge_row(
    body: Body, member_ids: Iterable[int], *, on: date, kept_where: str, by: Worker, at: datetime
) -> int:
    """Write down a signed row of acknowledgements (会場の署名簿): all ticked members at once; how many were new.

    `on`: the day they signed; its 年度 is what they acknowledged for.
    """
    refuse_numbers({"kept_where": ("保管場所", kept_where)})
    wanted = list(dict.fromkeys(member_ids))
    if not wanted:
        raise Refused("署名した方を、ひとり以上選んでください。", field="members")
    if not kept_where.strip():
        raise Refused(
            "署名簿をどこに保管したかを書いてください（例：相談室の鍵つき書庫）。", field="kept_where"
        )
    if on > day_of(at):
        raise Refused("まだ来ていない日です。署名の日を確かめてください。", field="on")
    members = list(body.members.filter(pk__in=wanted, ended_at__isnull=True).select_related("office"))
    if len(members) != len(wanted):
        raise Refused("構成員でない方が選ばれています。画面を開き直してください。", field="members")
    how = AcknowledgedHow.ROW if len(members) > 1 else AcknowledgedHow.PAPER
    new = 0
    for member in members:
        if not Acknowledgement.objects.filter(member=member, year=fiscal_year(on)).exists():
            _acknowledged(member, how, on, kept_where.strip()[:200], by=by, at=at)
            new += 1
    return new


def _acknowledged(
    member: BodyMember, how: AcknowledgedHow, on: date, kept_where: str, *, by: Worker, at: datetime
) -> Acknowledgement:
    BodyMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    year = fiscal_year(on)
    known = Acknowledgement.objects.filter(member=member, year=year).order_by("id").first()
    if known is None:
        known = Acknowledgement.objects.create(
            member=member, year=year, on=on, how=how, kept_where=kept_where, at=at, by=by
        )
        journal(
            "meeting_body.acknowledged", member.body, by=by, at=at, member=member.pk, year=year, how=how.value
        )
    waiting = ItemMember.objects.filter(
        member=member, closed_at__isnull=True, item__state__in=LIVE_ITEM
    ).select_related("item__party", "item__sitting", "member__office")
    for row in waiting.order_by("id"):
        open_for(row, row.item, at=at, by=by)
    return known


# -- calendar addresses ---------------------------------------------------------------------------------------


def hash_of(token: str) -> str:
    """How a calendar address is stored and found: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(*, by: Worker, at: datetime) -> str:
    """A fresh secret address, shown this once; the one before it stops."""
    stop_feed(by=by, at=at)
    token = secrets.token_urlsafe(32)
    made = FeedAddress.objects.create(worker=by, digest=hash_of(token), made_at=at)
    record("meeting_feed.made", subject_kind="meeting_feed", subject_id=made.pk, by=by.pk, at=at)
    return token


def stop_feed(*, by: Worker, at: datetime) -> bool:
    """The worker's calendar address answers no more."""
    rows: Sequence[int] = list(
        FeedAddress.objects.select_for_update()
        .filter(worker=by, revoked_at__isnull=True)
        .values_list("pk", flat=True)
    )
    FeedAddress.objects.filter(pk__in=rows).update(revoked_at=at)
    for number in rows:
        record("meeting_feed.stopped", subject_kind="meeting_feed", subject_id=number, by=by.pk, at=at)
    return bool(rows)


def feed_was_read(feed_id: int, *, at: datetime) -> None:
    """When a calendar program read the address last."""
    FeedAddress.objects.filter(pk=feed_id).update(last_read_at=at)
