"""What ends in meetings when something ends below: a consent, an office."""

from __future__ import annotations

from datetime import datetime

from tsunagi.accounts.models import Worker
from tsunagi.meetings.models import DecisionRole, Item, ItemMember
from tsunagi.meetings.rules import LIVE_ITEM, NEEDS_CONSENT, ItemState, RoleState
from tsunagi.notices.actions import tell

from .bodies import leave_with_office
from .decisions import follow_the_office, narrow_role, stop_role
from .items import fit_to_basis, take_off
from .pieces import close_for, has_consent, locked_item, sees_by_consent, within

SENTENCE = "同意の取り消しがあったため、議題をひとつ外しました。会議のページで確かめてください。"


def without_consent(person_id: int, *, by_id: int | None, at: datetime) -> int:
    """A consent ended, or fewer offices are within it: items that rest on it come off at once, or close to those offices.

    Roles given there stop for offices that may no longer be told. Returns how many items came off.
    """
    by = Worker.objects.filter(pk=by_id).first() if by_id else None
    items = Item.objects.filter(
        party_id=person_id, mode__in=NEEDS_CONSENT, state__in=(*LIVE_ITEM, ItemState.DONE)
    )
    off = 0
    for number in list(items.order_by("sitting_id", "pk").values_list("pk", flat=True)):
        item = locked_item(number)
        if item.state in LIVE_ITEM and not has_consent(item, at):
            take_off(item, "同意が取り消された", by=by, at=at)
            tell(
                {item.sitting.secretary_id},
                SENTENCE,
                f"/kaigi/sitting/{item.sitting_id}/",
                kind="meeting",
                at=at,
            )
            off += 1
        if item.state in LIVE_ITEM:
            fit_to_basis(item, by=by, at=at)
        rows = ItemMember.objects.filter(item=item, closed_at__isnull=True).select_related("member")
        for row in rows.order_by("id"):
            if not sees_by_consent(item, row.member.office_id, at):
                close_for(row, item, at=at, by=by)
        _stop_roles(item, by=by, at=at)
    return off


def _stop_roles(item: Item, *, by: Worker | None, at: datetime) -> None:
    rows = DecisionRole.objects.filter(
        decision__item=item, state__in=[RoleState.ASKED, RoleState.OPEN, RoleState.DONE]
    ).order_by("id")
    for role in rows:
        if sees_by_consent(item, role.office_id, at):
            narrow_role(role.pk, within(item, role.office_id, at), by=by, at=at)
            continue
        stop_role(role.pk, "同意が取り消された", by=by, at=at)
        tell(
            {role.worker_id, item.sitting.secretary_id},
            "同意の取り消しがあったため、会議で決まった役割をひとつ取りやめました。", "/", kind="meeting", at=at,
        )  # fmt: skip


def close_outside_consent(at: datetime) -> int:
    """Members whose office is neither within the consent nor works with the person any more: their item closes, and
    what it opened ends. Their page is closed at the next look already; how many were closed."""
    rows = ItemMember.objects.filter(
        closed_at__isnull=True, item__mode__in=NEEDS_CONSENT, item__state__in=LIVE_ITEM
    ).select_related("member__office", "item__party")
    closed = 0
    for row in rows.order_by("item_id", "id"):
        item = locked_item(row.item_id)
        if not sees_by_consent(item, row.member.office_id, at):
            close_for(row, item, at=at, by=None)
            closed += 1
    return closed


def office_closed(office_id: int, to_office_id: int, *, at: datetime) -> int:
    """An office was closed: its members leave, what it saw ends, its roles go where its promises went; how many left."""
    follow_the_office(office_id, to_office_id, at=at)
    return leave_with_office(office_id, at=at)
