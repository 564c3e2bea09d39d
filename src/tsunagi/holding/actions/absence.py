"""Absence: nobody holds while away, because the deed that records it names who acts (H14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.models import Absence
from tsunagi.accounts.queries import calendar_of, may_hold_in
from tsunagi.accounts.rules import AbsenceReason, check_absence
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import needs_acting
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.queries import not_overseen
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .chain import stand_beside
from .leaving import Row, can_take, key_of, party_of, pass_on_acting
from .seconds import Knowing, somebody_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def record_absence(
    worker: Worker,
    *,
    from_on: date,
    until_on: date,
    by: Worker,
    at: datetime,
    reason: str = AbsenceReason.LEAVE,
    acting_id: int | None = None,
    acting: Mapping[Row, int] | None = None,
    open_ended: bool = False,
) -> Absence:
    """Record days away, by oneself or by the manager. Longer than five open days names who acts for each row (H14).

    `acting` names a worker per row; `acting_id` stands for all rows not named there, and for what comes meanwhile.
    `open_ended`: nobody knows when they come back; `until_on` is the day to look again. Said again while an absence
    stands (it is extended), the new one takes its place.
    """
    check_absence(from_on=from_on, until_on=until_on)
    settings = city_settings()
    calendar = calendar_of(None)
    days_away = calendar.count(from_on, until_on) + int(calendar.is_open(from_on))
    _end_those_replaced(worker, from_on, until_on, at=at)
    long = open_ended or needs_acting(from_on, until_on, calendar, settings)
    if long:
        days_away = max(days_away, settings.absence_alone.count + 1)
        named = set((acting or {}).values()) | ({acting_id} if acting_id else set())
        _name_who_acts(worker, acting_id, acting or {}, from_on=from_on, until_on=until_on, by=by, at=at)
    else:
        named = set()
    absence = Absence.objects.create(
        worker=worker,
        from_on=from_on,
        until_on=until_on,
        business_days=days_away,
        reason=AbsenceReason(reason),
        is_open_ended=open_ended,
        acting_id=acting_id if long else None,
        recorded_at=at,
        recorded_by=by,
    )
    record(
        "worker.absence",
        subject_kind="worker",
        subject_id=worker.pk,
        by=by.pk,
        at=at,
        detail={
            "from": from_on.isoformat(),
            "until": until_on.isoformat(),
            "days": days_away,
            "open": open_ended,
        },
    )
    if long and from_on <= day_of(at):
        pass_on_acting(worker.pk, None, by=by, at=at, as_far_as_possible=True)
    tell(named, "不在の職員の代行を頼まれています。", "/", kind="acting", at=at)
    return absence


def _end_those_replaced(worker: Worker, from_on: date, until_on: date, *, at: datetime) -> None:
    """An absence that has passed, or that this one covers or goes on from, gives way to it."""
    Absence.objects.filter(worker=worker, returned_at__isnull=True).filter(
        Q(until_on__lt=day_of(at)) | Q(from_on__lte=until_on, until_on__gte=from_on)
    ).update(returned_at=at)


def _name_who_acts(
    worker: Worker,
    acting_id: int | None,
    acting: Mapping[Row, int],
    *,
    from_on: date,
    until_on: date,
    by: Worker,
    at: datetime,
) -> None:
    rows: list[Hold | Promise] = [
        *Hold.objects.select_for_update()
        .filter(worker=worker, closed_at__isnull=True)
        .order_by("concern_id"),
        *Promise.objects.select_for_update().filter(worker=worker, is_open=True).order_by("pk"),
    ]
    known: dict[tuple[int, int], None] = {}
    knows = Knowing()
    for row in rows:
        who = acting.get(key_of(row), acting_id)
        if who is None or not knows(who, party_of(row)):
            # Closed to who was named, or on no list of theirs who wrote it: a colleague acts to whom it is not closed.
            other = somebody_for(
                row.office_id, besides=worker.pk, party_id=party_of(row), on=day_of(at), only_here=True
            )
            who = other[0] if other and (who is not None or _unlisted(row, by)) else who
        pair = (who or 0, row.office_id)
        if pair not in known:
            _check_acting(worker.pk, who, row.office_id, day_of(at))
            known[pair] = None
        fields = {"acting_id": who, "acting_from": from_on, "acting_until": until_on}
        if isinstance(row, Hold):
            stand_beside(row, by=by, at=at, **fields)
        else:
            Promise.objects.filter(pk=row.pk).update(**fields)
    if acting_id is not None and not rows:
        _check_acting(worker.pk, acting_id, None, day_of(at))


def _unlisted(row: Hold | Promise, by: Worker) -> bool:
    """Whether who writes the absence was not shown this row."""
    return party_of(row) in not_overseen(by)


def come_back(worker: Worker, *, by: Worker | None, at: datetime) -> bool:
    """Back at work: recorded absences end, and who acted acts no longer. False when none was recorded."""
    rows = Absence.objects.filter(worker=worker, returned_at__isnull=True, from_on__lte=day_of(at))
    if not rows.update(returned_at=at):
        return False
    ahead = Absence.objects.filter(worker=worker, returned_at__isnull=True, acting__isnull=False).order_by(
        "from_on"
    )
    following = ahead.first()
    # Who acts in an absence still to come stays named for it.
    fields = {
        "acting_id": following.acting_id if following else None,
        "acting_from": following.from_on if following else None,
        "acting_until": following.until_on if following else None,
    }
    Hold.objects.filter(worker=worker, closed_at__isnull=True, acting__isnull=False).update(**fields)
    Promise.objects.filter(worker=worker, is_open=True, acting__isnull=False).update(**fields)
    record("worker.back", subject_kind="worker", subject_id=worker.pk, by=by.pk if by else None, at=at)
    return True


def call_off_absence(absence: Absence, *, by: Worker, at: datetime) -> None:
    """An absence that has not begun does not take place after all."""
    if not Absence.objects.filter(pk=absence.pk, returned_at__isnull=True, from_on__gt=day_of(at)).update(
        returned_at=at
    ):
        raise Refused("始まった不在は取り消せません。「戻りました」を押してください。")
    if not Absence.objects.filter(worker_id=absence.worker_id, returned_at__isnull=True).exists():
        none = {"acting_id": None, "acting_from": None, "acting_until": None}
        Hold.objects.filter(worker_id=absence.worker_id, closed_at__isnull=True, acting__isnull=False).update(
            **none
        )
        Promise.objects.filter(worker_id=absence.worker_id, is_open=True, acting__isnull=False).update(**none)
    record("worker.absence_called_off", subject_kind="worker", subject_id=absence.worker_id, by=by.pk, at=at)


def _check_acting(holder: int, acting: int | None, office_id: int | None, on: date) -> None:
    if acting is None:
        raise Refused(
            "長い不在には、受け持ちと約束のひとつひとつに代行が必要です。代行の職員を選んでください。",
            field="acting",
        )
    if acting == holder:
        raise Refused("代行には、不在になる本人とは別の職員を選んでください。", field="acting")
    if office_id is None:
        return
    if not may_hold_in(acting, office_id):
        raise Refused("代行には、同じ機関に今いる職員を選んでください。", field="acting")
    if not can_take(acting, office_id, on):
        raise Refused(
            "代行に選んだ職員にも、長い不在の記録があります。別の職員を選んでください。", field="acting"
        )
