"""People, offices and concerns for tests, built by meaning: `a_worker(an_office())`, `a_concern(held_by=worker)`."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from tsunagi.accounts.models import Office, Posting, Worker
from tsunagi.accounts.rules import Field, LegalKind, Role, RunBy
from tsunagi.holding.models import Concern
from tsunagi.people.models import Household, Membership, Party, Person

TOKYO = ZoneInfo("Asia/Tokyo")
# A Tuesday without holidays around it.
NOW = datetime(2026, 6, 9, 10, 0, tzinfo=TOKYO)
TODAY = NOW.date()
PASSWORD = "korekara-hajimaru-7"
_count = itertools.count(1)


def an_office(name: str = "", *, duty: bool = True, **fields: Any) -> Office:
    """An open office of the system with a duty worker (a manager), unless `duty=False` (then it does not sign in)."""
    number = next(_count)
    values: dict[str, Any] = {
        "code": f"K{number:04d}",
        "name": name or f"第{number}窓口",
        "run_by": RunBy.CITY,
        "legal_kind": LegalKind.MAYOR,
        "field": Field.GENERAL,
        "signs_in": duty,
        "is_active": True,
    } | fields
    if not values["signs_in"]:
        return Office.objects.create(**values)
    manager = _a_person_who_works(f"管理 {number}")
    office = Office.objects.create(**(values | {"duty_worker": manager}))
    _post(manager, office, Role.MANAGER)
    return office


def an_outside_agency(name: str = "ひがし病院", **fields: Any) -> Office:
    """An office without an account: it never holds."""
    return an_office(name, duty=False, run_by=RunBy.OUTSIDE, legal_kind=LegalKind.PRIVATE, **fields)


def a_worker(
    office: Office | None = None, role: str = Role.COUNSELLOR, name: str = "", **fields: Any
) -> Worker:
    """An active worker posted in this office (or a new one)."""
    worker = _a_person_who_works(name or f"職員 {next(_count)}", **fields)
    _post(worker, office or an_office(), role)
    return worker


def _a_person_who_works(name: str, **fields: Any) -> Worker:
    worker = Worker(sign_in_name=f"w{next(_count):05d}", name=name, last_seen_at=NOW, **fields)
    worker.set_unusable_password()
    worker.save()
    return worker


def _post(worker: Worker, office: Office, role: str, **fields: Any) -> Posting:
    return Posting.objects.create(worker=worker, office=office, role=role, since=date(2020, 4, 1), **fields)


def a_post(worker: Worker, office: Office, role: str = Role.COUNSELLOR, **fields: Any) -> Posting:
    """One more posting of somebody who already works."""
    return _post(worker, office, role, **({"is_main": False} | fields))


def office_of(worker: Worker) -> Office:
    """The office a test's worker is posted in."""
    return Office.objects.filter(postings__worker=worker, postings__ended_at__isnull=True).order_by(
        "postings__id"
    )[0]


def a_person(name: str = "", **fields: Any) -> Person:
    """A person nobody is involved with yet."""
    party = Party.objects.create(kind="person", created_at=NOW)
    return Person.objects.create(party=party, name=name or f"仮名 {next(_count)}", **fields)


def a_household(*members: Person, label: str = "") -> Household:
    """A household of these persons."""
    party = Party.objects.create(kind="household", created_at=NOW)
    household = Household.objects.create(party=party, label=label or f"世帯{next(_count)}")
    for member in members:
        Membership.objects.create(household=household, person=member)
    return household


def a_concern(
    *, held_by: Worker, of: Person | Household | None = None, at: datetime = NOW, **fields: Any
) -> Concern:
    """A concern held by this worker, opened through the deed itself."""
    from tsunagi.holding.actions import open_concern

    of = of or a_person()
    opened = open_concern(
        of.pk,
        office_id=office_of(held_by).pk,
        worker_id=held_by.pk,
        by=held_by,
        at=at,
        **({"description": "家賃が払えない"} | fields),
    )
    # The deed is over: what comes next is judged for itself.
    connection.check_constraints()
    return opened


def days_from(day: date, count: int) -> date:
    """A calendar day `count` days away."""
    return day + timedelta(days=count)
