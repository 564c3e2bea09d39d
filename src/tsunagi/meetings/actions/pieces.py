"""What the deeds of meetings share: locks, the journal, what an item opens and closes below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.meetings.access import ground_of
from tsunagi.meetings.models import Acknowledgement, Body, BodyMember, Item, ItemMember, Showing, Sitting
from tsunagi.meetings.rules import (
    NEEDS_CONSENT,
    SEES_AGENDA,
    WITHOUT_CONSENT,
    ItemState,
    Mode,
    fiscal_year,
    last_day_of,
)
from tsunagi.people.actions import end_involvement, involve
from tsunagi.people.models import Involvement, Party
from tsunagi.people.queries import household_ids_of, is_protected, members_of
from tsunagi.people.rules import PartyKind, ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.sharing.queries import consent_state, may_be_told, offices_within_consent
from tsunagi.sharing.rules import GIVEN

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def locked_sitting(sitting: Sitting | int) -> Sitting:
    """The sitting under lock."""
    return (
        Sitting.objects.select_for_update(of=("self",))
        .select_related("body", "secretary")
        .get(pk=sitting if isinstance(sitting, int) else sitting.pk)
    )


def locked_item(item: Item | int) -> Item:
    """The item under lock; its sitting is locked first, so that two secretaries wait for each other."""
    number = item if isinstance(item, int) else item.pk
    sitting = locked_sitting(Item.objects.values_list("sitting_id", flat=True).get(pk=number))
    found = (
        Item.objects.select_for_update(of=("self",)).select_related("plan", "case", "party").get(pk=number)
    )
    found.sitting = sitting
    return found


def bodies_at(sitting: Sitting) -> list[Body]:
    """The bodies that sit: the sitting's own, then those that join."""
    joint = Body.objects.filter(pk__in=sitting.joint.order_by().values("body_id")).order_by("id")
    return [sitting.body, *joint]


def modes_at(sitting: Sitting) -> list[str]:
    """The bases items of this sitting may have."""
    return list(dict.fromkeys(mode for body in bodies_at(sitting) for mode in body.modes))


def has_consent(item: Item, at: datetime) -> bool:
    """Whether the person an item is about has consented: a household as such cannot."""
    return (
        item.party is not None
        and item.party.kind == PartyKind.PERSON
        and consent_state(item.party.pk, on=day_of(at)) in GIVEN
    )


def supports(office_id: int, party_id: int) -> bool:
    """Whether an office is involved with somebody by its own work (01): it needs no consent to be at the table."""
    return Involvement.objects.filter(
        party_id=party_id, office_id=office_id, ground="01", ended_at__isnull=True
    ).exists()


def within(item: Item, office_id: int, at: datetime) -> frozenset[str]:
    """The facets an office may be shown of the person of an item that rests on consent."""
    if item.party_id is None:
        return frozenset()
    if supports(office_id, item.party_id):
        return frozenset(item.facets)
    return may_be_told(item.party_id, office_id, on=day_of(at))


def sees_by_consent(item: Item, office_id: int, at: datetime) -> bool:
    """Whether an office may be at the table for an item: always without consent needed, else within the consent."""
    if Mode(item.mode) not in NEEDS_CONSENT or item.party_id is None:
        return True
    return office_id in offices_within_consent(item.party_id, on=day_of(at)) or supports(
        office_id, item.party_id
    )


# -- what an item opens ---------------------------------------------------------------------------------------


def parties_of(item: Item) -> list[int]:
    """Whom an item opens: the person; at a 支援会議 the household too (106条の6第3項), never a protected member of it."""
    if item.party_id is None:
        return []
    if Mode(item.mode) not in WITHOUT_CONSENT:
        return [item.party_id]
    kind = Party.objects.values_list("kind", flat=True).get(pk=item.party_id)
    if kind == PartyKind.HOUSEHOLD:
        return [item.party_id, *(pk for pk in members_of(item.party_id) if not is_protected(pk))]
    # Her household would tell where a protected person is.
    return [item.party_id, *(household_ids_of(item.party_id) if not is_protected(item.party_id) else ())]


def open_for(row: ItemMember, item: Item, *, at: datetime, by: Worker | None) -> bool:
    """Open an item to a member chosen for it, if they have acknowledged and it is on the agenda; whether it is open."""
    member: BodyMember = row.member
    on_agenda = item.state == ItemState.TAKEN or (
        item.state == ItemState.PROPOSED and member.role in SEES_AGENDA
    )
    if not on_agenda or row.closed_at is not None or member.ended_at is not None or not row.facets:
        return False
    year = fiscal_year(day_of(at))
    known = Acknowledgement.objects.filter(member=member, year=year).order_by("id").first()
    if known is None:
        return False
    if row.opened_at is not None and row.acknowledgement_id != known.pk:
        # A new 年度: what was opened under the old one ends, and opens again.
        _end_of(item, member, at=at, by=by)
    row.acknowledgement, row.opened_at = known, at
    row.save(update_fields=["acknowledgement", "opened_at"])
    _involve(row, item, year, at=at, by=by)
    record(
        "meeting_item.opened", subject_kind="meeting_item", subject_id=item.pk, by=by.pk if by else None, at=at,
        ground=ground_of(item), detail={"member": member.pk, "office": member.office_id},
    )  # fmt: skip
    return True


def _involve(row: ItemMember, item: Item, year: int, *, at: datetime, by: Worker | None) -> None:
    member = row.member
    if member.worker_id is None and member.office.signs_in:
        # Somebody on paper: their office's workers acknowledged nothing, so nothing opens to them.
        return
    for party_id in parties_of(item):
        involve(
            party_id, member.office_id, ground=ground_of(item), facets=row.facets, reason_kind=ReasonKind.MEETING,
            reason_id=item.pk, at=at, worker_id=member.worker_id, until_on=last_day_of(year), by=by.pk if by else None,
        )  # fmt: skip


def _end_of(item: Item, member: BodyMember, *, at: datetime, by: Worker | None) -> None:
    end_involvement(
        ReasonKind.MEETING,
        item.pk,
        member.office_id,
        at=at,
        by=by.pk if by else None,
        worker_id=member.worker_id,
    )


def close_for(row: ItemMember, item: Item, *, at: datetime, by: Worker | None) -> None:
    """The item is not this member's any more: what it opened ends."""
    if row.closed_at is None:
        ItemMember.objects.filter(pk=row.pk).update(closed_at=at)
        row.closed_at = at
        _ask_out_again(item, row.member_id)
    if row.opened_at is not None:
        _end_of(item, row.member, at=at, by=by)


def _ask_out_again(item: Item, member_id: int) -> None:
    """Somebody who had left the room and came back inside is asked anew: that they left before says nothing now."""
    for showing in (
        Showing.objects.select_for_update().filter(item=item, ended_at__isnull=True).order_by("id")
    ):
        if member_id in (showing.outside or ()):
            showing.outside = [pk for pk in showing.outside or () if pk != member_id]
            showing.save(update_fields=["outside"])


def open_for_all(item: Item, *, at: datetime, by: Worker | None) -> int:
    """Open an item to all who are chosen and have acknowledged; to how many it is open."""
    rows = item.members.filter(closed_at__isnull=True).select_related("member__office").order_by("id")
    return sum(open_for(row, item, at=at, by=by) for row in rows)


def end_all(item: Item, *, at: datetime, by: Worker | None) -> int:
    """End everything an item opened (it is done, withdrawn, deferred); how many involvements ended."""
    return end_involvement(ReasonKind.MEETING, item.pk, at=at, by=by.pk if by else None)


def shut(item: Item, *, at: datetime, by: Worker | None) -> None:
    """End everything, and close the item to everybody who was chosen: it was taken off."""
    end_all(item, at=at, by=by)
    item.members.filter(closed_at__isnull=True).update(closed_at=at)


# -- words ----------------------------------------------------------------------------------------------------


def refuse_numbers(texts: Mapping[str, tuple[str, str]]) -> None:
    """Refuse a 個人番号 in any of these: field → (label, text)."""
    for field, (label, text) in texts.items():
        refuse_my_number(text, label, field)


def journal(action: str, subject: object, *, by: Worker | None, at: datetime, **detail: object) -> None:
    """One line of the journal about a row of this module, by numbers and codes."""
    kinds = {
        "Body": "meeting_body",
        "Sitting": "meeting",
        "Item": "meeting_item",
        "DecisionRole": "meeting_role",
    }
    record(
        action, subject_kind=kinds[type(subject).__name__], subject_id=subject.pk,  # type: ignore[attr-defined]
        by=by.pk if by else None, at=at, detail=detail,
    )  # fmt: skip


def workers_in(members: Iterable[BodyMember]) -> set[int]:
    """The members who sign in."""
    return {member.worker_id for member in members if member.worker_id is not None}
