"""Opening a city from its file: every step of the plan by the deed that a screen would do, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tsunagi.accounts import actions as accounts
from tsunagi.accounts.models import Office, Worker
from tsunagi.codes import actions as codes
from tsunagi.journal.actions import record
from tsunagi.places import actions as places
from tsunagi.setup.queries.guard import IS_DEMO, held_the_demo_city
from tsunagi.setup.queries.standing import standing
from tsunagi.setup.rules.planning import Plan, Step, plan
from tsunagi.setup.rules.reading import Document
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

_ONE_AT_A_TIME = 0x7375_6E61


@dataclass
class Opened:
    """What opening did: the plan, and the passwords of those who were registered, by sign-in name."""

    plan: Plan
    passwords: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def open_city(document: Document, *, at: datetime, by: Worker | None = None) -> Opened:
    """Do everything a checked file changes; a plan with problems does nothing.

    Raises Refused (with the line) when a deed refuses what the plan could not know; then nothing is changed. A file
    that was loaded before changes nothing the second time.
    """
    if held_the_demo_city():
        raise Refused(IS_DEMO)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    made = plan(document, standing())
    opened = Opened(made)
    if made.problems:
        return opened
    apply = _Opening(by, at, opened)
    settings = [step for step in made.steps if step.kind == "setting"]
    apply.settings(settings)
    for step in made.steps:
        if step.kind != "setting":
            apply.one(step)
    connection.check_constraints()
    if made.steps:
        record(
            "setup.opened",
            subject_kind="setup",
            subject_id=None,
            by=by.pk if by else None,
            at=at,
            detail={"deeds": len(made.steps)},
        )
    return opened


class _Opening:
    """One deed per step."""

    def __init__(self, by: Worker | None, at: datetime, opened: Opened) -> None:
        self.by, self.at, self.opened = by, at, opened

    def one(self, step: Step) -> None:
        deed: Callable[[Step], None] = getattr(self, f"_{step.kind}")
        try:
            deed(step)
        except Refused as refusal:
            raise Refused(f"{step.line}行目({step.sentence}): {refusal.sentence}") from None

    def settings(self, steps: list[Step]) -> None:
        """Settings that bound one another: a due day before its horizon falls, a horizon before its due day rises."""
        waiting, trouble = list(steps), None
        while waiting:
            rest = []
            for step in waiting:
                try:
                    with transaction.atomic():
                        codes.set_setting(step.key, step.values["value"], by=self.by, at=self.at)
                except Refused as refusal:
                    rest.append(step)
                    trouble = Refused(f"{step.line}行目({step.sentence}): {refusal.sentence}")
            if trouble is not None and len(rest) == len(waiting):
                raise trouble
            waiting = rest

    def _city(self, step: Step) -> None:
        values = dict(step.values)
        settings = {name: values.pop(name) for name in list(values) if name.startswith("city.")}
        places.name_city(values, by=self.by, at=self.at)
        for key, value in settings.items():
            codes.set_setting(key, value, by=self.by, at=self.at)

    def _district(self, step: Step) -> None:
        places.set_district(step.key, _without(step, "name"), by=self.by, at=self.at)

    def _town(self, step: Step) -> None:
        places.set_town(step.key, _without(step, "name"), by=self.by, at=self.at)

    def _areas(self, step: Step) -> None:
        places.set_office_areas(step.key, step.values["names"], by=self.by, at=self.at)

    def _worker(self, step: Step) -> None:
        fields = _without(step, "sign_in_name")
        _, password = accounts.register_worker(step.key, fields, by=self.by, at=self.at)
        self.opened.passwords[step.key] = password

    def _changed_worker(self, step: Step) -> None:
        worker = _worker_of(step.key)
        fields = _without(step, "sign_in_name")
        accounts.change_worker(worker, fields, revision=worker.revision, by=self.by, at=self.at)

    def _office(self, step: Step) -> None:
        fields = _without(step, "code", "signs_in", "duty")
        signs_in = step.values.get("signs_in", True)
        if signs_in:
            fields["duty_worker_id"] = _worker_of(step.values["duty"]).pk
        accounts.open_office(step.key, fields, by=self.by, at=self.at, signs_in=signs_in, duty_role=None)

    def _changed_office(self, step: Step) -> None:
        office, fields = _office_of(step.key), _without(step, "code", "duty", "stand_in")
        if "duty" in step.values:
            duty = step.values["duty"]
            fields["duty_worker_id"] = _worker_of(duty).pk if duty else None
        if "stand_in" in step.values:
            stand_in = step.values["stand_in"]
            fields["stand_in_office_id"] = _office_of(stand_in).pk if stand_in else None
        accounts.change_office(office, fields, revision=office.revision, by=self.by, at=self.at)

    def _posting(self, step: Step) -> None:
        values = _without(step, "worker", "office", "role", "since")
        accounts.post(
            _worker_of(step.values["worker"]),
            _office_of(step.values["office"]),
            step.values["role"],
            since=step.values.get("since") or day_of(self.at),
            by=self.by,
            at=self.at,
            **values,
        )

    def _day(self, step: Step) -> None:
        office = _office_of(step.key) if step.key else None
        values = step.values
        accounts.set_calendar_day(
            office, values["day"], is_open=values["is_open"], label=values["label"], by=self.by, at=self.at
        )

    def _code(self, step: Step) -> None:
        codes.add_code(step.key, by=self.by, at=self.at, **dict(step.values))

    def _changed_code(self, step: Step) -> None:
        codes.change_code(step.key, by=self.by, at=self.at, **dict(step.values))

    def _retired_code(self, step: Step) -> None:
        codes.retire_code(step.key, step.values["value"], by=self.by, at=self.at)


def _without(step: Step, *names: str) -> dict[str, Any]:
    return {name: value for name, value in step.values.items() if name not in names}


def _worker_of(sign_in_name: str) -> Worker:
    return Worker.objects.get(sign_in_name=sign_in_name)


def _office_of(code: str) -> Office:
    return Office.objects.get(code=code)
