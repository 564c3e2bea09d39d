"""Offices, workers, postings and calendars: changed only by deeds, never by a date passing.

Leaving, ending a post while holding, closing an office and absences are deeds of `holding`, because they hand every row
on. What is done here the database refuses as long as rows would be left behind (H2).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tsunagi.accounts.models import CalendarDay, Office, Posting, Worker, WorkerDay
from tsunagi.accounts.rules import (
    Field,
    LegalKind,
    Role,
    RunBy,
    check_office_code,
    check_posting,
    check_revision,
    check_sign_in_name,
    check_stretch,
    check_weekdays,
    temporary_password,
)
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .sessions import end_sessions, forget_ended_sessions

OFFICE_FIELDS = (
    "name",
    "short_name",
    "run_by",
    "legal_kind",
    "field",
    "is_front_desk",
    "phone",
    "fax",
    "address",
    "opening_hours",
    "closing_time",
    "open_weekdays",
    "contract_until",
    "stand_in_office_id",
    "duty_worker_id",
)
WORKER_FIELDS = ("name", "kana", "email", "phone", "professions", "employer", "weekdays", "joined_on")
_SEEN_EVERY = timedelta(minutes=30)


# -- offices --------------------------------------------------------------------------------------------


def open_office(
    code: str,
    fields: Mapping[str, Any],
    *,
    by: Worker | None,
    at: datetime,
    signs_in: bool = True,
    duty_role: str | None = Role.MANAGER,
) -> Office:
    """Open an office. One that signs in has a duty worker from its first moment, who is posted there if need be.

    `duty_role` None: the caller posts the duty worker in the same transaction (a city's file says where and as what).

    Raises Refused for a code in use, a missing duty worker, a duty worker who left.
    """
    check_office_code(code)
    if Office.objects.filter(code=code).exists():
        raise Refused("この機関コードは使われています。別のコードにしてください。", field="code")
    values = _checked(fields, OFFICE_FIELDS, Office)
    if signs_in and not values.get("duty_worker_id"):
        raise Refused("このシステムを使う機関には当番が必要です。当番を選んでください。", field="duty_worker")
    office = Office.objects.create(code=code, signs_in=signs_in, **values)
    duty = office.duty_worker
    if duty is not None and signs_in:
        if not duty.is_active:
            raise Refused("離任した職員は当番にできません。", field="duty_worker")
        there = Posting.objects.filter(worker=duty, office=office, ended_at__isnull=True)
        if duty_role is not None and not there.exists():
            _post(duty, office, duty_role, since=day_of(at), by=by, at=at)
    record("office.opened", subject_kind="office", subject_id=office.pk, by=_id(by), at=at)
    return office


def change_office(
    office: Office, fields: Mapping[str, Any], *, revision: int, by: Worker | None, at: datetime
) -> Office:
    """Change an office's data and duty worker. Raises Stale when somebody else changed it meanwhile."""
    locked = Office.objects.select_for_update().get(pk=office.pk)
    values = _checked(fields, OFFICE_FIELDS, Office)
    _check_fresh(locked, values, revision)
    if locked.is_active and locked.signs_in and "duty_worker_id" in values and not values["duty_worker_id"]:
        raise Refused("このシステムを使う機関には当番が必要です。当番を選んでください。", field="duty_worker")
    if values.get("stand_in_office_id") == locked.pk:
        raise Refused("代わりの機関には、別の機関を選んでください。", field="stand_in_office")
    changed = _change(locked, values)
    record(
        "office.changed",
        subject_kind="office",
        subject_id=locked.pk,
        by=_id(by),
        at=at,
        detail={"fields": changed},
    )
    return locked


def name_overseer(office_id: int, worker_id: int) -> None:
    """Write down who stands in where the office's managers may not; who said so is journalled by the deed that calls."""
    Office.objects.filter(pk=office_id).update(overseer_id=worker_id)


# -- workers --------------------------------------------------------------------------------------------


def register_worker(
    sign_in_name: str,
    fields: Mapping[str, Any],
    *,
    by: Worker | None,
    at: datetime,
    password: str | None = None,
) -> tuple[Worker, str]:
    """Register a worker; they and the password to hand over. Without a post they see nothing yet.

    Raises Refused for a sign-in name in use or badly formed, a blank name, a password the rules refuse.
    """
    sign_in_name = sign_in_name.strip()
    check_sign_in_name(sign_in_name)
    if Worker.objects.filter(sign_in_name=sign_in_name).exists():
        raise Refused("このサインイン名は使われています。別の名前にしてください。", field="sign_in_name")
    values = _checked(fields, WORKER_FIELDS, Worker)
    if not values.get("name"):
        raise Refused("氏名を入れてください。", field="name")
    worker = Worker(sign_in_name=sign_in_name, **values)
    given = password if password is not None else temporary_password(secrets.choice)
    _set_password(worker, given)
    worker.save()
    record("worker.registered", subject_kind="worker", subject_id=worker.pk, by=_id(by), at=at)
    return worker, given


def change_worker(
    worker: Worker, fields: Mapping[str, Any], *, revision: int, by: Worker | None, at: datetime
) -> Worker:
    """Change a worker's data. Raises Stale when somebody else changed it meanwhile."""
    locked = Worker.objects.select_for_update().get(pk=worker.pk)
    values = _checked(fields, WORKER_FIELDS, Worker)
    _check_fresh(locked, values, revision)
    if "name" in values and not values["name"]:
        raise Refused("氏名を入れてください。", field="name")
    changed = _change(locked, values)
    record(
        "worker.changed",
        subject_kind="worker",
        subject_id=locked.pk,
        by=_id(by),
        at=at,
        detail={"fields": changed},
    )
    return locked


def change_my_weekdays(worker: Worker, weekdays: list[int], *, at: datetime) -> None:
    """A worker says on which weekdays they work; due days are shown on the last working day before."""
    Worker.objects.filter(pk=worker.pk).update(weekdays=check_weekdays(weekdays))
    record(
        "worker.changed",
        subject_kind="worker",
        subject_id=worker.pk,
        by=worker.pk,
        at=at,
        detail={"fields": ["weekdays"]},
    )


LONGEST_STRETCH = 92


def set_my_days(
    worker: Worker, first: date, last: date | None = None, *, works: bool, label: str = "", at: datetime
) -> int:
    """A worker says that they are off (or work besides) on these days. Said again, replaced; how many days."""
    refuse_my_number(label, "わけ", "label")
    last = last or first
    check_stretch(first, last, longest=LONGEST_STRETCH)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    for day in days:
        WorkerDay.objects.update_or_create(
            worker=worker, day=day, defaults={"works": works, "label": label.strip()[:60]}
        )
    record(
        "worker.days_set",
        subject_kind="worker",
        subject_id=worker.pk,
        by=worker.pk,
        at=at,
        detail={"from": first.isoformat(), "until": last.isoformat(), "works": works},
    )
    return len(days)


def remove_my_day(row: WorkerDay, *, by: Worker, at: datetime) -> None:
    """The day is an ordinary day of the worker again."""
    record(
        "worker.day_removed",
        subject_kind="worker",
        subject_id=row.worker_id,
        by=by.pk,
        at=at,
        detail={"day": row.day.isoformat()},
    )
    row.delete()


def give_password(worker: Worker, *, by: Worker, at: datetime) -> str:
    """Give a worker a new password to hand over on paper. Every session of theirs ends."""
    if worker.pk == by.pk:
        raise Refused("自分のパスワードは、マイページの「パスワードを変える」から変えてください。")
    locked = Worker.objects.select_for_update().get(pk=worker.pk)
    if not locked.is_active:
        raise Refused("離任した職員にはパスワードを渡せません。")
    given = temporary_password(secrets.choice)
    _set_password(locked, given)
    locked.save(update_fields=["password", "password_is_temporary"])
    end_sessions(locked, by=by.pk, at=at)
    record("worker.password_given", subject_kind="worker", subject_id=worker.pk, by=by.pk, at=at)
    return given


def note_seen(worker: Worker, at: datetime) -> None:
    """The worker is using the system (a finding of the net asks who has not for days); twice an hour is enough."""
    if worker.last_seen_at is None or at - worker.last_seen_at >= _SEEN_EVERY:
        worker.last_seen_at = at
        Worker.objects.filter(pk=worker.pk).update(last_seen_at=at)


def forget_sessions() -> None:
    """Delete sessions whose time is over: they may hold sentences of deeds."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_ended_sessions()


def found_installation(sign_in_name: str, name: str, office_name: str, *, at: datetime) -> tuple[Worker, str]:
    """The first administrator of an empty installation, in an office of their own; the worker and their password.

    Raises Refused as soon as anybody is registered.
    """
    if Worker.objects.exists():
        raise Refused("職員がすでに登録されています。システム管理者が、管理の画面から登録してください。")
    worker, password = register_worker(sign_in_name, {"name": name}, by=None, at=at)
    fields = {
        "name": office_name,
        "run_by": RunBy.CITY,
        "legal_kind": LegalKind.MAYOR,
        "field": Field.OTHER,
        "duty_worker_id": worker.pk,
    }
    open_office("SYS", fields, by=None, at=at, duty_role=Role.SYSTEM_ADMINISTRATOR)
    return worker, password


# -- postings -------------------------------------------------------------------------------------------


def post(
    worker: Worker,
    office: Office,
    role: str,
    *,
    since: date,
    by: Worker | None,
    at: datetime,
    is_main: bool = True,
    is_secondment: bool = False,
    planned_until: date | None = None,
) -> Posting:
    """Post a worker in an office in a role (配属). A new main post takes the place of the old one.

    Raises Refused for oneself, a worker who left, a closed office, or the same post twice.
    """
    Worker.objects.select_for_update().get(pk=worker.pk)
    check_posting(
        own=by is not None and worker.pk == by.pk,
        worker_is_active=worker.is_active,
        office_is_active=office.is_active,
        signs_in=office.signs_in,
        since=since,
        planned_until=planned_until,
    )
    return _post(
        worker,
        office,
        role,
        since=since,
        by=by,
        at=at,
        is_main=is_main,
        is_secondment=is_secondment,
        planned_until=planned_until,
    )


def end_posting(posting: Posting, *, by: Worker, at: datetime) -> None:
    """End a posting of somebody who holds nothing there and is not on duty; otherwise the database refuses (H2)."""
    if posting.worker_id == by.pk:
        raise Refused("自分の配属は自分では変えられません。ほかのシステム管理者に頼んでください。")
    office = Office.objects.select_for_update().get(pk=posting.office_id)
    elsewhere = Posting.objects.filter(worker_id=posting.worker_id, office=office, ended_at__isnull=True)
    on_duty = office.is_active and office.signs_in and office.duty_worker_id == posting.worker_id
    if on_duty and not elsewhere.exclude(pk=posting.pk).exists():
        raise Refused("この職員は機関の当番です。先に当番を替えてください。")
    if not Posting.objects.filter(pk=posting.pk, ended_at__isnull=True).update(ended_at=at):
        raise Refused("この配属は、もう終わっています。")
    rest = Posting.objects.filter(worker_id=posting.worker_id, ended_at__isnull=True).order_by("id")
    if posting.is_main and not rest.filter(is_main=True).exists():
        following = rest.first()
        if following is not None:
            Posting.objects.filter(pk=following.pk).update(is_main=True)
    record(
        "posting.ended",
        subject_kind="posting",
        subject_id=posting.pk,
        by=by.pk,
        at=at,
        detail={"worker": posting.worker_id, "office": posting.office_id, "role": posting.role},
    )


# -- calendars ------------------------------------------------------------------------------------------


def set_calendar_day(
    office: Office | None, day: date, *, is_open: bool, label: str, by: Worker | None, at: datetime
) -> CalendarDay:
    """Say that the city (None) or an office is open or closed on a day, against the ordinary week. Said again, replaced."""
    refuse_my_number(label, "わけ", "label")
    row, _ = CalendarDay.objects.update_or_create(
        office=office, day=day, defaults={"is_open": is_open, "label": label.strip()[:60]}
    )
    record(
        "calendar.set",
        subject_kind="office",
        subject_id=office.pk if office else None,
        by=_id(by),
        at=at,
        detail={"day": day.isoformat(), "open": is_open},
    )
    return row


def set_calendar_days(
    office: Office | None, first: date, last: date, *, is_open: bool, label: str, by: Worker, at: datetime
) -> int:
    """The same for several days in a row (12月28日から1月4日まで休み); how many days."""
    check_stretch(first, last, longest=LONGEST_STRETCH)
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    for day in days:
        set_calendar_day(office, day, is_open=is_open, label=label, by=by, at=at)
    return len(days)


def remove_calendar_day(row: CalendarDay, *, by: Worker, at: datetime) -> None:
    """The day is an ordinary day again."""
    record(
        "calendar.removed",
        subject_kind="office",
        subject_id=row.office_id,
        by=by.pk,
        at=at,
        detail={"day": row.day.isoformat(), "open": row.is_open},
    )
    row.delete()


# -- small steps ----------------------------------------------------------------------------------------


def _post(
    worker: Worker, office: Office, role: str, *, since: date, by: Worker | None, at: datetime, **more: Any
) -> Posting:
    if Posting.objects.filter(worker=worker, office=office, role=role, ended_at__isnull=True).exists():
        raise Refused("この職員は、すでに同じ役割でこの機関にいます。", field="role")
    others = Posting.objects.filter(worker=worker, ended_at__isnull=True)
    is_main = more.pop("is_main", True) or not others.exists()
    if is_main:
        others.filter(is_main=True).update(is_main=False)
    posting = Posting.objects.create(
        worker=worker, office=office, role=Role(role), since=since, is_main=is_main, **more
    )
    record(
        "posting.begun",
        subject_kind="posting",
        subject_id=posting.pk,
        by=_id(by),
        at=at,
        detail={"worker": worker.pk, "office": office.pk, "role": str(role)},
    )
    return posting


def _set_password(worker: Worker, password: str) -> None:
    try:
        validate_password(password, worker)
    except ValidationError as error:
        raise Refused("".join(str(message) for message in error.messages), field="password") from None
    worker.set_password(password)
    worker.password_is_temporary = True  # until the worker chose their own


def _label(model: type[Office | Worker], name: str) -> str:
    return str(getattr(model._meta.get_field(name.removesuffix("_id")), "verbose_name", name))


def _checked(
    fields: Mapping[str, Any], known: tuple[str, ...], model: type[Office | Worker]
) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in fields.items()
        if name in known
    }
    for name, value in values.items():
        if isinstance(value, str) and name not in ("run_by", "legal_kind", "field"):
            refuse_my_number(value, _label(model, name), name)
    for name in ("weekdays", "open_weekdays"):
        if name in values:
            values[name] = check_weekdays(values[name], name)
    return values


def _check_fresh(locked: Office | Worker, values: Mapping[str, Any], revision: int) -> None:
    labels = {name: _label(type(locked), name) for name in values}
    check_revision(
        revision, locked.revision, {name: getattr(locked, name) for name in values}, values, labels
    )


def _change(locked: Office | Worker, values: Mapping[str, Any]) -> list[str]:
    changed = [name for name, value in values.items() if getattr(locked, name) != value]
    for name in changed:
        setattr(locked, name, values[name])
    locked.revision += 1
    locked.save(update_fields=[*changed, "revision"])
    return changed


def _id(by: Worker | None) -> int | None:
    return by.pk if by is not None else None
