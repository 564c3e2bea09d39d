"""Meetings for tests, by meaning: `a_body(secretary)`, `a_member(body, worker)`, `an_item(sitting, person, by=worker)`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.meetings.actions import (
    BodyWish,
    ItemWish,
    SittingWish,
    acknowledge,
    add_member,
    call_sitting,
    choose_members,
    make_body,
    new_sitting,
    open_sitting,
    propose,
    record_attendance,
    take_item,
)
from tsunagi.meetings.models import Body, BodyMember, Item, Sitting
from tsunagi.meetings.rules import SMALLEST, BodyType
from tsunagi.people.models import Person
from tsunagi.sharing.actions import record_consent
from tsunagi.sharing.models import Consent
from tsunagi.sharing.rules import ConsentWish


def a_secretary(name: str = "事務 まもる") -> Worker:
    """Somebody who prepares meetings: くらし連携担当."""
    return a_worker(an_office("くらし連携担当"), Role.COORDINATOR, name)


def a_body(secretary: Worker, *, body_type: str = BodyType.SUPPORT, **fields: Any) -> Body:
    """A body of the secretary's office, with the secretary as 事務局: holds 支援会議 and 重層的支援会議 items."""
    wish: dict[str, Any] = {
        "name": "くらし支援会議",
        "modes": ("support", "layered", "no_persons"),
        "office_id": office_of(secretary).pk,
        "week": 3,
        "weekday": 2,
        "begins": time(14),
        "place": "市役所 3階 会議室",
    } | fields
    body = make_body(body_type, BodyWish(**wish), by=secretary, at=NOW)
    a_member(body, secretary, by=secretary, role="secretary")
    connection.check_constraints()
    return body


def a_member(
    body: Body, worker: Worker | None = None, *, by: Worker, acknowledged: bool = False, **fields: Any
) -> BodyMember:
    """Somebody who sits in a body."""
    office_id = fields.pop("office_id", None) or (office_of(worker).pk if worker else office_of(by).pk)
    said: dict[str, Any] = {"from_on": date(2026, 4, 1)} | fields
    member = add_member(
        body, office_id=office_id, worker_id=worker.pk if worker else None, by=by, at=NOW, **said
    )
    if acknowledged and worker:
        acknowledge(member, by=worker, at=NOW)
    connection.check_constraints()
    return member


def seat_of(body: Body, worker: Worker) -> BodyMember:
    """Where somebody sits in a body."""
    return BodyMember.objects.get(body=body, worker=worker, ended_at__isnull=True)


def a_sitting(
    body: Body, secretary: Worker, *, day: date = TODAY, at: datetime = NOW, **fields: Any
) -> Sitting:
    """A sitting of a body."""
    sitting = new_sitting(body, SittingWish(day, time(14), "会議室", **fields), by=secretary, at=at)
    connection.check_constraints()
    return sitting


def somebody_held_by(worker: Worker, name: str = "森田 ハル", **fields: Any) -> Person:
    """Somebody with a concern that this worker holds."""
    person = a_person(name, **fields)
    a_concern(held_by=worker, of=person)
    return person


def an_item(
    sitting: Sitting,
    person: Person | None = None,
    *,
    by: Worker,
    mode: str = "",
    at: datetime = NOW,
    **fields: Any,
) -> Item:
    """An item that was proposed."""
    wish: dict[str, Any] = {
        "mode": mode or ("support" if person else "no_persons"),
        "kind": "person" if person else "progress",
        "party_id": person.pk if person else None,
        "title": "" if person else "第2四半期の進み",
        "asked": "だれが見守るか",
    } | fields
    item = propose(sitting, ItemWish(**wish), by=by, at=at)
    connection.check_constraints()
    return item


def on_the_agenda(
    item: Item, secretary: Worker, members: Iterable[BodyMember] = (), *, facets: Iterable[str] = SMALLEST,
    at: datetime = NOW,
) -> Item:  # fmt: skip
    """The item is taken, and these members chosen beside the secretary."""
    taken = take_item(item, by=secretary, at=at)
    chosen = {row.member_id: row.facets for row in taken.members.filter(closed_at__isnull=True)}
    choose_members(taken, chosen | {member.pk: tuple(facets) for member in members}, by=secretary, at=at)
    connection.check_constraints()
    taken.refresh_from_db()
    return taken


def it_begins(
    sitting: Sitting, secretary: Worker, members: Iterable[BodyMember] = (), *, at: datetime = NOW
) -> Sitting:
    """The sitting is called and has begun; these members are there."""
    if sitting.state == "planned":
        call_sitting(sitting, by=secretary, at=at)
    began = open_sitting(sitting, by=secretary, at=at)
    if here := {member.pk: "present" for member in members}:
        record_attendance(began, here, by=secretary, at=at)
    connection.check_constraints()
    return began


def consents(person: Person, by: Worker, *offices: Any, at: datetime = NOW, **fields: Any) -> Consent:
    """The person agrees that these offices are told."""
    said: dict[str, Any] = {
        "state": "given_all",
        "preset": "standard",
        "office_ids": tuple(office.pk for office in offices),
        "way": "oral",
        "explained_on": at.date(),
    }
    given = record_consent(
        person.pk, ConsentWish(**(said | fields)), office_id=office_of(by).pk, by=by, at=at
    )
    connection.check_constraints()
    return given
