"""Leaving, absence, and the end of an office: nobody is dropped, because the same deed hands every row on (H2, H14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Absence, Office, Posting
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import calendar_of, may_hold_in
from tsunagi.accounts.rules import check_absence
from tsunagi.holding.events import HoldPassed
from tsunagi.holding.models import Hold, LeavingRow, Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    Deed,
    HoldKind,
    Lateness,
    PassedRow,
    Urgency,
    board_dates,
    check_leaving,
    longest_due,
    needs_acting,
    successor_due_days,
    weight,
)
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.refusal import Refused

from .chain import stand_beside, succeed
from .promises import pass_promise

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

Row = tuple[str, int]  # ("hold" | "promise", id)


def prepare_leaving(
    leaver: Worker,
    *,
    leaving_on: date,
    rows: Mapping[Row, int],
    by: Worker,
    at: datetime,
    notes: Mapping[Row, str] | None = None,
    told: str = "",
    introduced: str = "",
) -> int:
    """Write lines of the hand-over list: row → successor, with what works and what must not be said.

    Called again, a line is replaced. Nothing passes until `leave`. Returns how many lines were written.
    """
    open_rows = set(_open_rows(leaver.pk))
    for row, successor in rows.items():
        if row not in open_rows:
            raise Refused("すでにほかの人に渡った行が入っています。一覧を開き直してください。")
        if successor == leaver.pk:
            raise Refused("離任する本人は後任にできません。別の職員を選んでください。")
        LeavingRow.objects.update_or_create(
            leaver=leaver,
            row_kind=row[0],
            row_id=row[1],
            defaults={
                "successor_id": successor,
                "handed_note": (notes or {}).get(row, "")[:2000],
                "handed_told": told,
                "introduced_how": introduced,
                "written_at": at,
            },
        )
    WorkerModel.objects.filter(pk=leaver.pk).update(leaving_on=leaving_on)
    record(
        "worker.leaving_prepared",
        subject_kind="worker",
        subject_id=leaver.pk,
        by=by.pk,
        at=at,
        detail={"rows": len(rows), "on": leaving_on.isoformat()},
    )
    return len(rows)


def named_successors(leaver: Worker) -> dict[str, str]:
    """The lines of the hand-over list: "hold:12" → the successor's name."""
    rows = LeavingRow.objects.filter(leaver=leaver).select_related("successor").order_by("id")
    return {f"{row.row_kind}:{row.row_id}": row.successor.name for row in rows}


def leave(leaver: Worker, *, by: Worker, at: datetime, rest_to_duty: bool = True) -> int:
    """Execute the hand-over list and deactivate: every hold and promise passes in one transaction (H2).

    Rows nobody was named for go to the duty worker of their office, or are refused when `rest_to_duty` is False.
    Returns how many rows passed.
    """
    list(WorkerModel.objects.select_for_update().filter(pk=leaver.pk))
    passed = _hand_over(leaver.pk, None, deed=Deed.REPLACE_LEAVER, by=by, at=at, rest_to_duty=rest_to_duty)
    Hold.objects.filter(acting_id=leaver.pk, closed_at__isnull=True).update(
        acting=None, acting_from=None, acting_until=None
    )
    Promise.objects.filter(acting_id=leaver.pk, is_open=True).update(
        acting=None, acting_from=None, acting_until=None
    )
    for office in (
        Office.objects.select_for_update().filter(duty_worker_id=leaver.pk, is_active=True).order_by("pk")
    ):
        other = _someone_in(office.pk, besides=leaver.pk)
        if other is None:
            raise Refused("この職員は機関の当番です。先に当番を替えるか、代わりの機関を登録してください。")
        office.duty_worker_id = other
        office.save(update_fields=["duty_worker"])
    Posting.objects.filter(worker=leaver, ended_at__isnull=True).update(ended_at=at)
    WorkerModel.objects.filter(pk=leaver.pk).update(is_active=False, left_on=day_of(at))
    LeavingRow.objects.filter(leaver=leaver).delete()
    record(
        "worker.left", subject_kind="worker", subject_id=leaver.pk, by=by.pk, at=at, detail={"rows": passed}
    )
    return passed


def end_post(posting: Posting, *, by: Worker, at: datetime) -> int:
    """End one posting (異動): what the worker holds in that office passes on in the same deed (H2)."""
    others = Posting.objects.filter(
        worker=posting.worker, office=posting.office, ended_at__isnull=True
    ).exclude(pk=posting.pk)
    passed = 0
    if not others.exists():
        passed = _hand_over(
            posting.worker_id, posting.office_id, deed=Deed.REPLACE_LEAVER, by=by, at=at, rest_to_duty=True
        )
        office = Office.objects.select_for_update().get(pk=posting.office_id)
        if office.duty_worker_id == posting.worker_id:
            other = _someone_in(office.pk, besides=posting.worker_id)
            if other is None:
                raise Refused("この職員は機関の当番です。先に当番を替えてください。")
            office.duty_worker_id = other
            office.save(update_fields=["duty_worker"])
    Posting.objects.filter(pk=posting.pk, ended_at__isnull=True).update(ended_at=at)
    record(
        "posting.ended",
        subject_kind="posting",
        subject_id=posting.pk,
        by=by.pk,
        at=at,
        detail={"worker": posting.worker_id, "office": posting.office_id, "rows": passed},
    )
    return passed


def close_office(office: Office, *, to_office: Office, by: Worker, at: datetime) -> int:
    """Close an office, or end an entrusting contract: every row passes to the duty worker of another office (H2)."""
    if to_office.pk == office.pk or to_office.duty_worker_id is None:
        raise Refused("引き継ぐ機関を選んでください。当番のいる、別の機関です。", field="to_office")
    list(Office.objects.select_for_update().filter(pk__in=[office.pk, to_office.pk]).order_by("pk"))
    duty = to_office.duty_worker_id
    holds = list(
        Hold.objects.select_for_update(of=("self",))
        .filter(office=office, closed_at__isnull=True)
        .select_related("concern")
        .order_by("concern_id")
    )
    promises = list(Promise.objects.select_for_update().filter(office=office, is_open=True).order_by("pk"))
    for hold, due_on in zip(holds, _new_days(holds, duty, to_office.pk, at), strict=True):
        _pass_hold(hold, duty, to_office.pk, due_on, deed=Deed.CLOSE_OFFICE, by=by, at=at)
    for kept, due_on in zip(promises, _new_days(promises, duty, to_office.pk, at), strict=True):
        pass_promise(
            kept, worker_id=duty, office_id=to_office.pk, due_on=due_on, by=by, at=at, reason="機関の終了"
        )
    Posting.objects.filter(office=office, ended_at__isnull=True).update(ended_at=at)
    Office.objects.filter(pk=office.pk).update(is_active=False)
    passed = len(holds) + len(promises)
    record(
        "office.closed", subject_kind="office", subject_id=office.pk, by=by.pk, at=at, detail={"rows": passed}
    )
    tell([duty], f"閉じた機関から{passed}件を引き継ぎました。", "/", kind="handover", at=at)
    return passed


def record_absence(
    worker: Worker,
    *,
    from_on: date,
    until_on: date,
    by: Worker,
    at: datetime,
    reason: str = "leave",
    acting_id: int | None = None,
    acting: Mapping[Row, int] | None = None,
) -> Absence:
    """Record days away. Longer than five open days names who acts, in the same deed, for each row (H14).

    `acting` names a worker per row; `acting_id` stands for all rows not named there.
    """
    check_absence(from_on=from_on, until_on=until_on)
    come_back(worker, by=by, at=at, only_past=True)
    calendar = calendar_of(None)
    days_away = calendar.count(from_on, until_on) + int(calendar.is_open(from_on))
    holds = list(
        Hold.objects.select_for_update().filter(worker=worker, closed_at__isnull=True).order_by("concern_id")
    )
    promises = list(Promise.objects.select_for_update().filter(worker=worker, is_open=True).order_by("pk"))
    if needs_acting(from_on, until_on, calendar):
        named = dict(acting or {})
        for hold in holds:
            who = named.get(("hold", hold.pk), acting_id)
            _check_acting(worker.pk, who, hold.office_id)
            stand_beside(hold, by=by, at=at, acting_id=who, acting_from=from_on, acting_until=until_on)
        for kept in promises:
            who = named.get(("promise", kept.pk), acting_id)
            _check_acting(worker.pk, who, kept.office_id)
            Promise.objects.filter(pk=kept.pk).update(
                acting_id=who, acting_from=from_on, acting_until=until_on
            )
    absence = Absence.objects.create(
        worker=worker,
        from_on=from_on,
        until_on=until_on,
        business_days=days_away,
        reason=reason,
        recorded_at=at,
        recorded_by=by,
    )
    record(
        "worker.absence",
        subject_kind="worker",
        subject_id=worker.pk,
        by=by.pk,
        at=at,
        detail={"from": from_on.isoformat(), "until": until_on.isoformat(), "days": days_away},
    )
    if acting_id:
        tell([acting_id], "不在の職員の代行を頼まれています。", "/", kind="acting", at=at)
    return absence


def come_back(worker: Worker, *, by: Worker | None, at: datetime, only_past: bool = False) -> None:
    """Back at work: recorded absences end, and who acted acts no longer."""
    rows = Absence.objects.filter(worker=worker, returned_at__isnull=True)
    rows = rows.filter(until_on__lt=day_of(at)) if only_past else rows.filter(from_on__lte=day_of(at))
    if not rows.update(returned_at=at):
        return
    Hold.objects.filter(worker=worker, closed_at__isnull=True, acting__isnull=False).update(
        acting=None, acting_from=None, acting_until=None
    )
    Promise.objects.filter(worker=worker, is_open=True, acting__isnull=False).update(
        acting=None, acting_from=None, acting_until=None
    )
    record("worker.back", subject_kind="worker", subject_id=worker.pk, by=by.pk if by else None, at=at)


def _check_acting(holder: int, acting: int | None, office_id: int) -> None:
    if acting is None:
        raise Refused(
            "長い不在には、受け持ちと約束のひとつひとつに代行が必要です。代行の職員を選んでください。",
            field="acting",
        )
    if acting == holder:
        raise Refused("代行には、不在になる本人とは別の職員を選んでください。", field="acting")
    if not may_hold_in(acting, office_id):
        raise Refused("代行には、同じ機関に今いる職員を選んでください。", field="acting")


def _open_rows(worker_id: int) -> list[Row]:
    holds = (
        Hold.objects.filter(worker_id=worker_id, closed_at__isnull=True)
        .order_by("id")
        .values_list("pk", flat=True)
    )
    promises = (
        Promise.objects.filter(worker_id=worker_id, is_open=True).order_by("id").values_list("pk", flat=True)
    )
    return [("hold", pk) for pk in holds] + [("promise", pk) for pk in promises]


def _hand_over(
    leaver: int, office_id: int | None, *, deed: Deed, by: Worker, at: datetime, rest_to_duty: bool
) -> int:
    lines = {(row.row_kind, row.row_id): row for row in LeavingRow.objects.filter(leaver_id=leaver)}
    holds = Hold.objects.select_for_update(of=("self",)).filter(worker_id=leaver, closed_at__isnull=True)
    promises = Promise.objects.select_for_update().filter(worker_id=leaver, is_open=True)
    if office_id is not None:
        holds, promises = holds.filter(office_id=office_id), promises.filter(office_id=office_id)
    hold_rows = list(holds.select_related("concern").order_by("concern_id"))
    promise_rows = list(promises.order_by("pk"))

    successors: dict[int, int] = {}
    rows: list[Hold | Promise] = [*hold_rows, *promise_rows]
    for place, row in enumerate(rows):
        key = ("hold" if isinstance(row, Hold) else "promise", row.pk)
        line = lines.get(key)
        named = line.successor_id if line and may_hold_in(line.successor_id, row.office_id) else None
        if named is None and rest_to_duty:
            named = _someone_in(row.office_id, besides=leaver)
        if named is not None:
            successors[place] = named
    check_leaving(range(len(hold_rows) + len(promise_rows)), successors, leaver=leaver)

    by_successor: dict[int, list[int]] = {}
    for place, successor in successors.items():
        by_successor.setdefault(successor, []).append(place)
    for successor, places in by_successor.items():
        mine = [rows[place] for place in places]
        days = _new_days(mine, successor, mine[0].office_id, at)
        for row, due_on in zip(mine, days, strict=True):
            if isinstance(row, Hold):
                line = lines.get(("hold", row.pk))
                _pass_hold(row, successor, row.office_id, due_on, deed=deed, by=by, at=at, line=line)
            else:
                pass_promise(row, worker_id=successor, due_on=due_on, by=by, at=at, reason="担当の離任")
        tell([successor], f"{len(mine)}件を引き継ぎました。", "/", kind="handover", at=at)
    return len(rows)


def _new_days(rows: Sequence[Hold | Promise], who: int, office_id: int, at: datetime) -> list[date]:
    """Their own days, none before the successor's third working day, many spread by weight (H2)."""
    on = day_of(at)
    own, office = calendar_of(office_id, who), calendar_of(office_id)
    settings = city_settings()
    passed = []
    for row in rows:
        urgency = Urgency(row.concern.urgency if isinstance(row, Hold) else row.urgency)
        colour = board_dates(on, own, office=office).colour(row.due_on, urgency)
        latest = longest_due(HoldKind(row.kind), on, office, settings) if isinstance(row, Hold) else None
        passed.append(
            PassedRow(
                row.due_on,
                weight(colour, urgency),
                comes_first=urgency is Urgency.HIGH or colour in (Lateness.RED, Lateness.FALLING),
                latest_on=latest,
            )
        )
    return successor_due_days(passed, on, own)


def _pass_hold(
    hold: Hold,
    successor: int,
    office_id: int,
    due_on: date,
    *,
    deed: Deed,
    by: Worker,
    at: datetime,
    line: LeavingRow | None = None,
) -> None:
    succeed(
        hold,
        deed=deed,
        by=by,
        at=at,
        due_on=due_on,
        worker_id=successor,
        office_id=office_id,
        look_back=hold.look_back,
        waiting_for=hold.waiting_for,
        waiting_from=hold.waiting_from,
        waiting_until=hold.waiting_until,
        handed_note=line.handed_note if line else "",
        handed_told=line.handed_told if line else "",
        introduced_how=line.introduced_how if line else "",
    )
    announce(
        HoldPassed(
            concern_id=hold.concern_id,
            from_worker=hold.worker_id,
            to_worker=successor,
            from_office=hold.office_id,
            to_office=office_id,
            at=at,
        )
    )


def _someone_in(office_id: int, *, besides: int) -> int | None:
    """The duty worker of an office, else its first holder who is somebody else."""
    duty = Office.objects.filter(pk=office_id).values_list("duty_worker_id", flat=True).first()
    if duty and duty != besides and may_hold_in(duty, office_id):
        return duty
    return (
        Posting.objects.filter(office_id=office_id, ended_at__isnull=True, worker__is_active=True)
        .exclude(worker_id=besides)
        .order_by("id")
        .values_list("worker_id", flat=True)
        .first()
    )
