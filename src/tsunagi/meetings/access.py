"""Doors to bodies, sittings, items and roles. 404 for absent and not-yours alike; each leaves a trail with its ground.

An item opens to the members chosen for it whose acknowledgement of this 年度 is there, and to nobody else: not to the rest
of the body, not to their offices, not to whoever proposed it. Who prepares a sitting sees its agenda by number.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact
from django.http import Http404

from tsunagi.accounts.queries import office_ids
from tsunagi.holding.models import Promise
from tsunagi.people.access import closed_to, seen_among
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.rows import sees_whole

from .models import (
    Body,
    BodyMember,
    Copy,
    Decision,
    DecisionRole,
    FeedAddress,
    Item,
    ItemMember,
    JointBody,
    Minutes,
    MinutesPart,
    Sitting,
)
from .rules import GROUND, LIVE_ITEM, NEEDS_CONSENT, SEES_AGENDA, ItemState, Mode, RoleState, fiscal_year

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

ROLE = "meeting_role"
"""`subject_kind` of the promises that answer for roles."""

_PARTY = ("party__person", "party__household", "party__unknown")


# -- bodies ---------------------------------------------------------------------------------------------------


def sitting_members(on: date) -> QuerySet[BodyMember]:
    """Members whose term covers this day."""
    return BodyMember.objects.filter(ended_at__isnull=True, from_on__lte=on).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on)
    )


def memberships(worker: Worker, on: date) -> QuerySet[BodyMember]:
    """Where this worker sits now."""
    return sitting_members(on).filter(worker_id=worker.pk, body__ended_at__isnull=True)


def convened_by(worker: Worker, on: date) -> QuerySet[Body]:
    """Bodies this worker prepares: those of their office, and where they are 会長・副会長・事務局."""
    if reach_of(worker, Purpose.CONVENE) == Reach.NONE:
        return Body.objects.none()
    leads = memberships(worker, on).filter(role__in=SEES_AGENDA).order_by().values("body_id")
    return Body.objects.filter(Q(office_id__in=offices_for(worker, Purpose.CONVENE)) | Q(pk__in=leads))


def bodies_of(worker: Worker, on: date) -> QuerySet[Body]:
    """Bodies whose pages this worker may open: as a member, or as who prepares them."""
    sits = memberships(worker, on).order_by().values("body_id")
    return Body.objects.filter(Q(pk__in=sits) | Q(pk__in=convened_by(worker, on).order_by().values("pk")))


def convenes(worker: Worker, body_id: int, on: date) -> bool:
    """Whether this worker prepares this body."""
    return convened_by(worker, on).filter(pk=body_id).exists()


def body_for(worker: Worker, body_id: int, on: date) -> Body:
    """A body, for its members and those who prepare it; or Http404."""
    require(worker, Purpose.ATTEND)
    found = bodies_of(worker, on).filter(pk=body_id).select_related("office").first()
    if found is None:
        raise Http404
    leave_trail("meeting_body.seen", subject_kind="meeting_body", subject_id=found.pk, purpose=Purpose.ATTEND)
    return found


def convened_body_for(worker: Worker, body_id: int, on: date) -> Body:
    """A body this worker prepares, or Http404."""
    require(worker, Purpose.CONVENE)
    found = convened_by(worker, on).filter(pk=body_id).select_related("office").first()
    if found is None:
        raise Http404
    leave_trail(
        "meeting_body.seen", subject_kind="meeting_body", subject_id=found.pk, purpose=Purpose.CONVENE
    )
    return found


def require_convener(worker: Worker) -> None:
    """404 unless this worker may found a body in an office of theirs."""
    require(worker, Purpose.CONVENE)
    if not offices_for(worker, Purpose.CONVENE):
        raise Http404


def member_of_convened(worker: Worker, member_id: int, on: date) -> BodyMember:
    """A member of a body this worker prepares, or Http404."""
    found = BodyMember.objects.filter(pk=member_id).select_related("body", "worker", "office").first()
    if found is None:
        require(worker, Purpose.CONVENE)
        raise Http404
    convened_body_for(worker, found.body_id, on)
    return found


def own_member_for(worker: Worker, member_id: int, on: date) -> BodyMember:
    """One's own seat in a body, or Http404."""
    require(worker, Purpose.ATTEND)
    found = memberships(worker, on).filter(pk=member_id).select_related("body", "office").first()
    if found is None:
        raise Http404
    return found


def feed_by_token(token: str) -> FeedAddress:
    """The calendar address of somebody who still works here, or Http404: for a stopped one as for one that never was."""
    found = (
        FeedAddress.objects.filter(
            digest=hashlib.sha256(token.encode()).hexdigest(), revoked_at__isnull=True, worker__is_active=True
        )
        .select_related("worker")
        .first()
    )
    if found is None or reach_of(found.worker, Purpose.ATTEND) == Reach.NONE:
        raise Http404
    leave_trail("meeting_feed.read", subject_kind="meeting_feed", subject_id=found.pk, purpose=Purpose.ATTEND)
    return found


# -- sittings -------------------------------------------------------------------------------------------------


def _of_bodies(bodies: QuerySet[Body]) -> Q:
    numbers = bodies.order_by().values("pk")
    return Q(body_id__in=numbers) | Q(
        pk__in=JointBody.objects.filter(body_id__in=numbers).order_by().values("sitting_id")
    )


def sittings_of(worker: Worker, on: date) -> QuerySet[Sitting]:
    """Sittings of the bodies this worker sits in or prepares."""
    return Sitting.objects.filter(_of_bodies(bodies_of(worker, on)))


def convened_sittings(worker: Worker, on: date) -> QuerySet[Sitting]:
    """Sittings this worker prepares."""
    return Sitting.objects.filter(_of_bodies(convened_by(worker, on)))


def sitting_for(worker: Worker, sitting_id: int, on: date) -> Sitting:
    """A sitting, for members of its bodies and those who prepare them; or Http404."""
    require(worker, Purpose.ATTEND)
    found = sittings_of(worker, on).filter(pk=sitting_id).select_related("body__office", "secretary").first()
    if found is None:
        raise Http404
    leave_trail("meeting.seen", subject_kind="meeting", subject_id=found.pk, purpose=Purpose.ATTEND)
    return found


def convened_sitting_for(worker: Worker, sitting_id: int, on: date) -> Sitting:
    """A sitting this worker prepares, or Http404."""
    require(worker, Purpose.CONVENE)
    found = (
        convened_sittings(worker, on)
        .filter(pk=sitting_id)
        .select_related("body__office", "secretary")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("meeting.seen", subject_kind="meeting", subject_id=found.pk, purpose=Purpose.CONVENE)
    return found


def prepares(worker: Worker, sitting: Sitting, on: date) -> bool:
    """Whether this worker prepares this sitting."""
    return convened_sittings(worker, on).filter(pk=sitting.pk).exists()


# -- items ----------------------------------------------------------------------------------------------------


def opened_members(on: date) -> QuerySet[ItemMember]:
    """Members to whom an item is open on this day: chosen, acknowledged for this 年度, still in the body, within the
    consent where it needs one."""
    return ItemMember.objects.filter(
        closed_at__isnull=True,
        opened_at__isnull=False,
        acknowledgement__year=fiscal_year(on),
        acknowledgement__member_id=F("member_id"),
        member__ended_at__isnull=True,
        member__from_on__lte=on,
    ).filter(Q(member__until_on__isnull=True) | Q(member__until_on__gte=on), _within())


def _within() -> Q:
    """Of an item that rests on consent and is still to be spoken of, a member reads while their office is within the
    consent, or works with the person itself (01): asked of the whole at each look, whatever ended meanwhile."""
    reaches: Func = Func(
        F("item__party_id"), F("member__office_id"), function="meetings_reaches", output_field=BooleanField()
    )
    rests = Q(item__mode__in=NEEDS_CONSENT, item__state__in=LIVE_ITEM)
    return ~rests | Q(Exact(reaches, True))


def visible_items(worker: Worker, on: date) -> QuerySet[Item]:
    """The items open to this worker on this day. Items without persons are open to the members of the body."""
    mine = opened_members(on).filter(item_id=OuterRef("pk"), member__worker_id=worker.pk)
    persons = Q(Exists(mine)) & ~Q(mode=Mode.NO_PERSONS)
    papers = Q(mode=Mode.NO_PERSONS, sitting__in=sittings_of(worker, on).order_by().values("pk"))
    return (
        Item.objects.filter(persons | papers)
        .exclude(party_id__in=closed_to(worker))
        .exclude(Q(state=ItemState.WITHDRAWN) & ~Q(mode=Mode.NO_PERSONS))
    )


def item_for(worker: Worker, item_id: int, on: date) -> Item:
    """An item open to this worker, or Http404."""
    require(worker, Purpose.ATTEND)
    found = (
        visible_items(worker, on)
        .filter(pk=item_id)
        .select_related("sitting__body", "sitting__secretary", "plan", "case", "concern", "gap", *_PARTY)
        .first()
    )
    if found is None:
        raise Http404
    leave_trail(
        "meeting_item.seen", subject_kind="meeting_item", subject_id=found.pk, purpose=Purpose.ATTEND,
        ground=ground_of(found),
    )  # fmt: skip
    return found


def agenda_item_for(worker: Worker, item_id: int, on: date) -> Item:
    """An item of a sitting this worker prepares, to be put on the agenda by number; or Http404.

    Whose it is, is for the page to show only where `may_name` says so.
    """
    require(worker, Purpose.CONVENE)
    found = (
        Item.objects.filter(pk=item_id, sitting__in=convened_sittings(worker, on).order_by().values("pk"))
        .exclude(party_id__in=closed_to(worker))
        .select_related("sitting__body", "sitting__secretary", "plan", "case", "concern", "gap", *_PARTY)
        .first()
    )
    if found is None:
        raise Http404
    leave_trail(
        "meeting_item.arranged", subject_kind="meeting_item", subject_id=found.pk, purpose=Purpose.CONVENE,
        ground=ground_of(found),
    )  # fmt: skip
    return found


def convened_item_for(worker: Worker, item_id: int, on: date) -> Item:
    """An item that is open to this worker and that they prepare: who may write what was decided. Or Http404."""
    found = item_for(worker, item_id, on)
    if not prepares(worker, found.sitting, on):
        raise Http404
    return found


def proposal_for(worker: Worker, item_id: int) -> Item:
    """What this worker proposed and nobody has taken up yet: they may change it or take it back. Or Http404."""
    require(worker, Purpose.ATTEND)
    found = (
        Item.objects.filter(pk=item_id, proposed_by_id=worker.pk, state=ItemState.PROPOSED)
        .exclude(party_id__in=closed_to(worker))
        .select_related("sitting__body", "sitting__secretary", "plan", "case", "concern", "gap", *_PARTY)
        .first()
    )
    if found is None or (found.party_id and not seen_among(worker, [found.party_id])):
        raise Http404
    leave_trail(
        "meeting_item.seen", subject_kind="meeting_item", subject_id=found.pk, purpose=Purpose.ATTEND,
        ground=ground_of(found),
    )  # fmt: skip
    return found


def is_open_to(worker: Worker, item: Item, on: date) -> bool:
    """Whether the item is open to this worker: `visible_items` asked of one item, by its keys alone."""
    if item.party_id in closed_to(worker):
        return False
    if item.mode == Mode.NO_PERSONS:
        return sittings_of(worker, on).filter(pk=item.sitting_id).exists()
    return (
        item.state != ItemState.WITHDRAWN
        and opened_members(on).filter(item_id=item.pk, member__worker_id=worker.pk).exists()
    )


def ground_of(item: Item) -> str:
    """On what ground the item opens somebody; "" for one without persons."""
    return GROUND.get(Mode(item.mode), "")


def decision_for(worker: Worker, decision_id: int, on: date) -> Decision:
    """A decision of an item this worker prepares and that is open to them, or Http404."""
    found = Decision.objects.filter(pk=decision_id).select_related("item").first()
    if found is None:
        require(worker, Purpose.CONVENE)
        raise Http404
    convened_item_for(worker, found.item_id, on)
    return found


# -- roles ----------------------------------------------------------------------------------------------------


def _mine(worker: Worker) -> Q:
    """Roles whose promise stands with this worker, for them, or with their office; and what they are asked."""
    promised = Promise.objects.filter(subject_kind=ROLE, subject_id=OuterRef("pk")).filter(
        Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=office_ids(worker))
    )
    return Q(Exists(promised)) | Q(state=RoleState.ASKED, asked_worker_id=worker.pk)


@sees_whole("who answers for a role reads it and what it is about")
def role_for(worker: Worker, role_id: int, on: date) -> DecisionRole:
    """A role of a meeting: for who answers for it, who is asked, and those to whom its item is open. Or Http404."""
    require(worker, Purpose.TODAY)
    found = (
        DecisionRole.objects.filter(pk=role_id, decision__taken_back_at__isnull=True)
        .filter(_mine(worker) | Q(decision__item__in=visible_items(worker, on).order_by().values("pk")))
        .exclude(decision__item__party_id__in=closed_to(worker))
        .select_related(
            "office", "worker", "asked_office", "asked_worker", "decision__item__sitting__body",
            "decision__item__sitting__secretary", *(f"decision__item__{path}" for path in _PARTY),
        )
        .first()
    )  # fmt: skip
    if found is None:
        raise Http404
    leave_trail(
        "meeting_role.seen", subject_kind=ROLE, subject_id=found.pk, purpose=Purpose.TODAY,
        ground=ground_of(found.decision.item),
    )  # fmt: skip
    return found


def may_say_of(worker: Worker, role: DecisionRole, on: date) -> bool:
    """Whether this worker may say what became of a role: who answers, acts, is of that office, or prepares the sitting."""
    mine = set(office_ids(worker))
    held = Promise.objects.filter(subject_kind=ROLE, subject_id=role.pk, is_open=True).filter(
        Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=mine)
    )
    return held.exists() or prepares(worker, role.decision.item.sitting, on)


def is_asked(worker: Worker, role: DecisionRole) -> bool:
    """Whether this worker is asked to take the role."""
    return role.state == RoleState.ASKED and role.asked_worker_id == worker.pk


# -- papers of a sitting, minutes -----------------------------------------------------------------------------


def line_item_for(worker: Worker, sitting_id: int, item_id: int, on: date) -> Item:
    """The item a row is typed for: open to this worker, of a sitting they prepare. Or Http404."""
    found = convened_item_for(worker, item_id, on)
    if found.sitting_id != sitting_id:
        raise Http404
    return found


def copy_for(worker: Worker, copy_id: int, on: date) -> Copy:
    """A copy of a sitting this worker prepares, for the recall list; or Http404."""
    found = Copy.objects.filter(pk=copy_id).select_related("sitting__body", "member__worker").first()
    if found is None:
        require(worker, Purpose.CONVENE)
        raise Http404
    convened_sitting_for(worker, found.sitting_id, on)
    return found


def own_copy_for(worker: Worker, copy_id: int, on: date) -> Copy:
    """One's own copy of a sitting's papers: its name is on it, and nobody else opens it. Or Http404."""
    require(worker, Purpose.ATTEND)
    found = (
        Copy.objects.filter(pk=copy_id, member__worker_id=worker.pk)
        .select_related("sitting__body", "sitting__secretary", "member__worker", "member__office", "made_by")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail(
        "meeting_copy.opened", subject_kind="meeting", subject_id=found.sitting_id, purpose=Purpose.ATTEND,
        detail={"copy": found.pk},
    )  # fmt: skip
    return found


def minutes_for(worker: Worker, minutes_id: int, on: date) -> Minutes:
    """Minutes of a sitting this worker belongs to; drafts for those who prepare it. Or Http404."""
    require(worker, Purpose.ATTEND)
    found = (
        Minutes.objects.filter(pk=minutes_id).select_related("sitting__body", "sitting__secretary").first()
    )
    if found is None or not sittings_of(worker, on).filter(pk=found.sitting_id).exists():
        raise Http404
    if found.state != "agreed" and not prepares(worker, found.sitting, on):
        raise Http404
    leave_trail(
        "minutes.seen", subject_kind="meeting", subject_id=found.sitting_id, purpose=Purpose.ATTEND,
        detail={"minutes": found.pk},
    )  # fmt: skip
    return found


def part_for(worker: Worker, part_id: int, on: date) -> MinutesPart:
    """A part of a draft this worker may write: they prepare the sitting, and its item is open to them. Or Http404."""
    found = MinutesPart.objects.filter(pk=part_id).select_related("minutes__sitting", "item").first()
    if found is None:
        require(worker, Purpose.CONVENE)
        raise Http404
    convened_sitting_for(worker, found.minutes.sitting_id, on)
    if found.item is not None and not is_open_to(worker, found.item, on):
        raise Http404
    return found
