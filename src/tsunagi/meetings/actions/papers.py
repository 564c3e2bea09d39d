"""Copies of a sitting's papers: numbered, asked back, closed, accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.meetings.access import ground_of
from tsunagi.meetings.models import BodyMember, Copy, CopyItem, Item, Sitting
from tsunagi.meetings.queries.papers import Share, own_sight
from tsunagi.meetings.rules import Mode
from tsunagi.meetings.rules.papers import HowBack, check_handing, copy_code, numbered
from tsunagi.notices.actions import tell
from tsunagi.people.rules import Facet
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.actions import write_disclosure
from tsunagi.sharing.rules import DisclosureSource

from .pieces import bodies_at, locked_sitting

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def make_copies(
    sitting: Sitting, wanted: Mapping[int, tuple[Share, ...]], *, run_id: int | None, by: Worker, at: datetime
) -> list[Copy]:
    """A numbered copy for each of these members. Raises Refused where the body hands out no papers, or nobody gets any."""
    locked = locked_sitting(sitting)
    # Of bodies that sit together the strictest rule holds: none before electronic before paper.
    strict = [body.recall for body in bodies_at(locked)]
    handing = next(rule for rule in ("none", "electronic", "collect") if rule in strict)
    check_handing(handing)
    if not wanted:
        raise Refused(
            "資料を渡す構成員がいません。件の構成員を選び、守秘義務の確認を済ませてから作ってください。"
        )
    taken = locked.copies.order_by("number").values_list("number", flat=True)
    found = []
    for member_id, number in numbered(wanted, taken).items():
        copy = Copy.objects.create(
            sitting=locked,
            member_id=member_id,
            number=number,
            handing=handing,
            made_at=at,
            made_by=by,
            run_id=run_id,
        )
        CopyItem.objects.bulk_create(
            CopyItem(copy=copy, item_id=share.item_id, level=share.level, facets=list(share.facets))
            for share in wanted[member_id]
        )
        _write_down(copy, locked, wanted[member_id], by=by, at=at)
        found.append(copy)
    _journal("meeting_copies.made", locked.pk, by, at, copies=[copy.pk for copy in found])
    return found


def _write_down(copy: Copy, sitting: Sitting, given: Iterable[Share], *, by: Worker, at: datetime) -> None:
    """What a copy gives to an office beyond use within the purpose: a row of the ledger for each person, on the item's ground.

    An office that knows the person by its own work (01) is given nothing new.
    """
    member = BodyMember.objects.get(pk=copy.member_id)
    if member.office_id == sitting.body.office_id:
        return
    items = Item.objects.in_bulk([share.item_id for share in given])
    own = own_sight([item.party_id for item in items.values() if item.party_id])
    for share in given:
        item = items[share.item_id]
        if item.party_id is None or (item.party_id, member.office_id) in own:
            continue
        write_disclosure(
            giver_id=sitting.body.office_id,
            receiver_id=member.office_id,
            person_id=item.party_id,
            facets=share.facets,
            items=f"会議資料（{copy_code(sitting.pk, copy.number)}）：{'・'.join(Facet.label_of(one) for one in share.facets)}",
            reason=f"{Mode.label_of(item.mode)}で話し合うため",
            ground=ground_of(item),
            source=DisclosureSource.MEETING,
            source_id=copy.pk,
            by=by,
            at=at,
        )


def ask_copy_back(copy: Copy, *, by: Worker, at: datetime) -> None:
    """Ask a member for their copy; a signed-in one is told. Raises Refused when it is asked for or settled already."""
    locked = _locked(copy)
    if locked.handing != "collect":
        raise Refused("紙では渡していません。画面の資料は「閉じる」で見られなくなります。")
    if locked.asked_back_at is not None:
        raise Refused("この資料は、もう返却を頼んであります。")
    locked.asked_back_at, locked.asked_back_by = at, by
    locked.save(update_fields=["asked_back_at", "asked_back_by"])
    tell(
        {locked.member.worker_id} - {by.pk}, "会議の資料の返却を頼まれています。事務局へ返してください。",
        f"/kaigi/sitting/{locked.sitting_id}/", kind="meeting", at=at,
    )  # fmt: skip
    _journal("meeting_copy.asked_back", locked.sitting_id, by, at, copy=locked.pk)


def recall_copies(sitting: Sitting, *, by: Worker, at: datetime) -> int:
    """Close every copy of a sitting to reading, and ask for those on paper; how many were closed now."""
    locked = locked_sitting(sitting)
    rows = list(locked.copies.filter(recalled_at__isnull=True).select_related("member").order_by("number"))
    for row in rows:
        row.recalled_at, row.recalled_by = at, by
        if row.handing == "collect" and row.settled_at is None and row.asked_back_at is None:
            row.asked_back_at, row.asked_back_by = at, by
        row.save(update_fields=["recalled_at", "recalled_by", "asked_back_at", "asked_back_by"])
    told = {row.member.worker_id for row in rows if row.handing == "collect" and row.settled_at is None}
    tell(
        told - {by.pk}, "会議の資料の回収が始まりました。お手元の資料を事務局へ返してください。",
        f"/kaigi/sitting/{locked.pk}/", kind="meeting", at=at,
    )  # fmt: skip
    _journal("meeting_copies.recalled", locked.pk, by, at, copies=[row.pk for row in rows])
    return len(rows)


def settle_copy(copy: Copy, how: str, *, by: Worker, at: datetime) -> None:
    """Write down what became of a copy; it opens no more. Raises Refused when that was done, or nothing was chosen."""
    if how not in HowBack.values():
        raise Refused("資料がどうなったかを選んでください。", field="how")
    locked = _locked(copy)
    locked.settled_at, locked.settled_by, locked.how = at, by, how
    if locked.recalled_at is None:
        locked.recalled_at, locked.recalled_by = at, by
    locked.save(update_fields=["settled_at", "settled_by", "how", "recalled_at", "recalled_by"])
    _journal("meeting_copy.settled", locked.sitting_id, by, at, copy=locked.pk, how=how)


def _locked(copy: Copy) -> Copy:
    locked = Copy.objects.select_for_update(of=("self",)).select_related("member").get(pk=copy.pk)
    if locked.settled_at is not None:
        raise Refused("この資料は、どうなったかをもう記録してあります。画面を開き直してください。")
    return locked


def _journal(action: str, sitting_id: int, by: Worker, at: datetime, **detail: object) -> None:
    record(
        action,
        subject_kind="meeting",
        subject_id=sitting_id,
        by=by.pk,
        at=at,
        purpose=Purpose.CONVENE,
        detail=detail,
    )
