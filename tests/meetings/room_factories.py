"""A room for tests: a body, who sits in it, a sitting that has begun, items with their circle."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection

from tests.factories import NOW, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.meetings.models import (
    Acknowledgement,
    Attendance,
    Body,
    BodyMember,
    Item,
    ItemMember,
    Sitting,
)
from tsunagi.meetings.rules import GROUND, Mode
from tsunagi.people.actions import involve

FACETS = ["basic", "household", "consultation", "meeting"]


def a_convener(name: str = "水野 連", **fields: Any) -> Worker:
    """A くらし連携担当 who leads rooms."""
    return a_worker(an_office("くらし連携室"), Role.COORDINATOR, name=name, **fields)


def a_body(secretary: Worker, name: str = "支援会議", **fields: Any) -> Body:
    """A body that holds 支援会議 and 重層的支援会議; its secretary is its first member, bound to secrecy."""
    values = {
        "body_type": "support", "modes": ["support", "layered", "no_persons"], "recall": "collect", "keeps_who_said": False,
    } | fields  # fmt: skip
    body = Body.objects.create(
        name=name, office=office_of(secretary), made_at=NOW, made_by=secretary, **values
    )
    a_member(body, secretary, role="secretary")
    return body


def a_member(
    body: Body, worker: Worker | None = None, *, acknowledged: bool = True, **fields: Any
) -> BodyMember:
    """Somebody of the body; `acknowledged` for this 年度."""
    office = fields.pop("office", None) or office_of(worker)  # type: ignore[arg-type]
    member = BodyMember.objects.create(
        body=body, office=office, worker=worker, from_on=NOW.date() - timedelta(days=60), added_at=NOW,
        **({"role": "member"} | fields),
    )  # fmt: skip
    if acknowledged:
        an_acknowledgement(member)
    return member


def an_acknowledgement(member: BodyMember) -> Acknowledgement:
    """That they acknowledged 守秘義務 for the 年度 of the tests."""
    return Acknowledgement.objects.create(member=member, year=2026, on=NOW.date(), how="screen", at=NOW)


def a_sitting(body: Body, by: Worker, *, state: str = "open", **fields: Any) -> Sitting:
    """A sitting of today that has begun."""
    values = {"day": NOW.date(), "begins": time(10), "place": "会議室3"} | fields
    return Sitting.objects.create(
        body=body, state=state, secretary=by, made_at=NOW, made_by=by, opened_at=NOW if state != "planned" else None, **values
    )  # fmt: skip


def is_there(sitting: Sitting, *members: BodyMember, at: datetime = NOW) -> None:
    """These members came."""
    for member in members:
        Attendance.objects.update_or_create(
            sitting=sitting, member=member, defaults={"presence": "present", "came_at": at, "left_at": None}
        )


def an_item(
    sitting: Sitting, by: Worker, *circle: BodyMember, of: Any = None, mode: str = "support", **fields: Any
) -> Item:
    """An item on the agenda, open to these members."""
    of = None if mode == "no_persons" else of or a_person("森田 ハル")
    values = {
        "kind": "other" if mode == "no_persons" else "person",
        "state": "taken",
        "position": sitting.items.count() + 1,
        "facets": FACETS if of else [],
    } | fields
    item = Item.objects.create(
        sitting=sitting, mode=mode, party=of.party if of else None, proposed_at=NOW, proposed_by=by, **values
    )  # fmt: skip
    for member in circle:
        choose(item, member)
    return item


def choose(item: Item, member: BodyMember, facets: list[str] | None = None) -> ItemMember:
    """Open an item to a member: what the deed of choosing writes down."""
    known = Acknowledgement.objects.filter(member=member).first()
    row = ItemMember.objects.create(
        item=item, member=member, facets=facets or FACETS, chosen_at=NOW, acknowledgement=known, opened_at=NOW if known else None
    )  # fmt: skip
    if known and item.party_id:
        involve(
            item.party_id, member.office_id, ground=GROUND[Mode(item.mode)], facets=row.facets, reason_kind="meeting",
            reason_id=item.pk, at=NOW, worker_id=member.worker_id,
        )  # fmt: skip
    connection.check_constraints()
    return row
