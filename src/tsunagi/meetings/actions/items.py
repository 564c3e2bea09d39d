"""Items: proposed, put on the agenda, moved to another basis or sitting, put in order; who is chosen for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import main_office_id
from tsunagi.cases.models import Case
from tsunagi.holding.models import Concern, Gap
from tsunagi.meetings.access import sitting_members
from tsunagi.meetings.models import BodyMember, Item, ItemMember, ItemMove, Sitting
from tsunagi.meetings.queries import slots
from tsunagi.meetings.rules import (
    LIVE_ITEM,
    OVER,
    SEES_AGENDA,
    SMALLEST,
    ItemKind,
    ItemState,
    Mode,
    SittingState,
    Source,
    check_consent,
    check_item,
    check_item_move,
    check_mode_change,
    facets_for,
    running_order,
)
from tsunagi.notices.actions import tell
from tsunagi.people.access import closed_to, sight_of
from tsunagi.people.queries import household_ids_of, members_of
from tsunagi.people.rules import Facet
from tsunagi.plans.actions import confer
from tsunagi.plans.models import Plan
from tsunagi.plans.rules import PlanState
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused, Stale

from .pieces import (
    bodies_at,
    close_for,
    end_all,
    has_consent,
    journal,
    locked_item,
    locked_sitting,
    modes_at,
    open_for,
    open_for_all,
    refuse_numbers,
    sees_by_consent,
    shut,
    within,
    workers_in,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

MOST_MINUTES = 240

PLAN_FACETS = (*SMALLEST, Facet.PLAN.value)
"""What is brought with a plan, unless more is chosen."""


@dataclass(frozen=True)
class ItemWish:
    """An item as it is proposed. `facets`: the most a member may be shown of the person."""

    mode: str
    kind: str
    party_id: int | None = None
    case_id: int | None = None
    plan_id: int | None = None
    concern_id: int | None = None
    gap_id: int | None = None
    title: str = ""
    asked: str = ""
    minutes: int = 15
    facets: tuple[str, ...] = SMALLEST
    source: str = Source.HAND.value


def propose(sitting: Sitting, wish: ItemWish, *, by: Worker, at: datetime) -> Item:
    """Propose an item to a sitting. Raises NoConsent with the way out where a consent is needed and missing."""
    locked = locked_sitting(sitting)
    if locked.state in OVER:
        raise Refused("この会議は終わっています。次の会議を選んでください。", field="sitting")
    _check_words(wish.title, wish.asked, wish.minutes)
    mode = Mode(wish.mode)
    check_item(
        mode=mode, kind=wish.kind, body=locked.body.name, modes=modes_at(locked), about_somebody=wish.party_id is not None
    )  # fmt: skip
    if mode == Mode.NO_PERSONS and not wish.title.strip():
        raise Refused("議題の題を書いてください（お名前は書かないでください）。", field="title")
    _check_belongs(wish)
    item = Item(
        sitting=locked, position=_last(locked) + 1, kind=ItemKind(wish.kind), mode=mode, source=Source(wish.source),
        title=wish.title.strip()[:120] if mode == Mode.NO_PERSONS else "", party_id=wish.party_id, case_id=wish.case_id,
        plan_id=wish.plan_id, concern_id=wish.concern_id, gap_id=wish.gap_id, asked=wish.asked.strip(),
        facets=list(_brought(wish, by, at)), minutes=wish.minutes, proposed_at=at, proposed_by=by,
        proposed_office_id=main_office_id(by),
    )  # fmt: skip
    check_consent(mode, has_consent=has_consent(item, at))
    if _is_on(locked, wish):
        raise Refused("同じ方のことが、もうこの会議の議題になっています。会議のページで確かめてください。")
    item.save()
    _choose_who_prepares(item, by=by, at=at)
    journal("meeting_item.proposed", item, by=by, at=at, meeting=locked.pk, mode=mode.value, kind=item.kind)
    tell(
        {locked.secretary_id} - {by.pk}, "会議に議題の提案がありました。", f"/kaigi/sitting/{locked.pk}/", kind="meeting",
        at=at,
    )  # fmt: skip
    return item


def sitting_to_propose(sitting_id: int) -> Sitting:
    """The sitting of a number that was offered. Raises Refused when it is not there any more."""
    found = Sitting.objects.select_related("body").filter(pk=sitting_id).first()
    if found is None:
        raise Refused("会議が見つかりません。選び直してください。", field="sitting")
    return found


def change_item(
    item: Item, *, asked: str, minutes: int, title: str = "", revision: int, by: Worker, at: datetime
) -> Item:
    """Change what is asked and how long it takes. Stale when somebody else did meanwhile."""
    _check_words(title, asked, minutes)
    locked = locked_item(item)
    _still_live(locked)
    if locked.revision != revision:
        raise Stale(
            [
                ("論点", locked.asked, asked.strip()),
                ("分数", str(locked.minutes), str(minutes)),
                ("題", locked.title, title.strip()),
            ]
        )
    locked.asked, locked.minutes = asked.strip(), minutes
    if locked.mode == Mode.NO_PERSONS:
        if not title.strip():
            raise Refused("議題の題を書いてください（お名前は書かないでください）。", field="title")
        locked.title = title.strip()[:120]
    _save(locked, "asked", "minutes", "title")
    journal("meeting_item.changed", locked, by=by, at=at)
    return locked


def take_item(item: Item, *, by: Worker, at: datetime) -> Item:
    """Put a proposed item on the agenda: it opens to those chosen who have acknowledged. A plan waits for the meeting."""
    locked = locked_item(item)
    check_item_move(locked.state, ItemState.TAKEN, sitting=locked.sitting.state)
    check_consent(locked.mode, has_consent=has_consent(locked, at))
    if locked.plan is not None and locked.plan.state == PlanState.DRAFT:
        confer(locked.plan, by=by, at=at)
    locked.state = ItemState.TAKEN
    _save(locked, "state")
    open_for_all(locked, at=at, by=by)
    journal("meeting_item.taken", locked, by=by, at=at, mode=locked.mode)
    tell(
        {locked.proposed_by_id} - {by.pk}, "提案された議題が、会議で取り上げられます。",
        f"/kaigi/sitting/{locked.sitting_id}/", kind="meeting", at=at,
    )  # fmt: skip
    return locked


def change_mode(item: Item, mode: str, *, reason: str, by: Worker, at: datetime) -> Item:
    """Give an item another basis (支援会議 → 重層的支援会議 when consent came, or the other way): what the old one opened ends.

    Who was chosen stays chosen where the new basis reaches them. Raises Refused for an item that was spoken of already:
    what was heard under one basis is never taken over to another.
    """
    refuse_numbers({"reason": ("わけ", reason)})
    locked = locked_item(item)
    _still_live(locked)
    wanted = Mode(mode)
    if locked.mode == wanted:
        return locked
    check_item(
        mode=wanted, kind=locked.kind, body=locked.sitting.body.name, modes=modes_at(locked.sitting),
        about_somebody=locked.party_id is not None,
    )  # fmt: skip
    check_consent(wanted, has_consent=has_consent(locked, at))
    check_mode_change(locked.mode, heard=was_heard(locked), reason=reason)
    ItemMove.objects.create(
        item=locked,
        was_mode=locked.mode,
        was_sitting=locked.sitting,
        reason=reason.strip()[:300],
        at=at,
        by=by,
    )
    was = locked.mode
    end_all(locked, at=at, by=by)
    locked.mode = wanted
    _save(locked, "mode")
    fit_to_basis(locked, by=by, at=at)
    journal("meeting_item.mode", locked, by=by, at=at, was=was, mode=wanted.value)
    return locked


def was_heard(item: Item) -> bool:
    """Whether an item was before the room, or something said of it was written down."""
    return (
        item.began_at is not None
        or bool(item.heard or item.live_decision)
        or item.decisions.exists()
        or item.lines.exists()
    )


def move_item(item: Item, sitting: Sitting, *, reason: str, by: Worker, at: datetime) -> Item:
    """見送り: the item is put off to another sitting, where it is proposed anew; what it opened here ends."""
    refuse_numbers({"reason": ("わけ", reason)})
    if not reason.strip():
        raise Refused("見送るわけを書いてください。", field="reason")
    locked = locked_item(item)
    if sitting.pk == locked.sitting_id:
        raise Refused("いまの会議とは別の会議を選んでください。", field="sitting")
    check_item_move(locked.state, ItemState.DEFERRED, sitting=locked.sitting.state)
    end_all(locked, at=at, by=by)
    _settle(locked, ItemState.DEFERRED, reason, by=by, at=at)
    wish = ItemWish(
        mode=locked.mode, kind=locked.kind, party_id=locked.party_id, case_id=locked.case_id, plan_id=locked.plan_id,
        concern_id=locked.concern_id, gap_id=locked.gap_id, title=locked.title, asked=locked.asked,
        minutes=locked.minutes, facets=tuple(locked.facets), source=Source.AGAIN.value,
    )  # fmt: skip
    again = propose_again(sitting, wish, locked, by=by, at=at)
    journal("meeting_item.deferred", locked, by=by, at=at, to=again.pk)
    return again


def propose_again(sitting: Sitting, wish: ItemWish, before: Item, *, by: Worker, at: datetime) -> Item:
    """The same item at a later sitting: what it may show was brought by whoever proposed it first."""
    locked = locked_sitting(sitting)
    if locked.state in OVER:
        raise Refused("この会議は終わっています。次の会議を選んでください。", field="sitting")
    check_item(
        mode=wish.mode, kind=wish.kind, body=locked.body.name, modes=modes_at(locked),
        about_somebody=wish.party_id is not None,
    )  # fmt: skip
    if _is_on(locked, wish):
        raise Refused("同じ方のことが、もうその会議の議題になっています。", field="sitting")
    item = Item(
        sitting=locked, position=_last(locked) + 1, kind=wish.kind, mode=wish.mode, source=wish.source, title=wish.title,
        party_id=wish.party_id, case_id=wish.case_id, plan_id=wish.plan_id, concern_id=wish.concern_id,
        gap_id=wish.gap_id, asked=wish.asked, facets=list(wish.facets), minutes=wish.minutes, proposed_at=at,
        proposed_by_id=before.proposed_by_id, proposed_office_id=before.proposed_office_id, previous=before,
    )  # fmt: skip
    check_consent(wish.mode, has_consent=has_consent(item, at))
    item.save()
    _choose_who_prepares(item, by=by, at=at)
    return item


def withdraw_item(item: Item, *, reason: str, by: Worker | None, at: datetime) -> Item:
    """Take an item off: it closes to everybody at once, with the reason."""
    refuse_numbers({"reason": ("わけ", reason)})
    if not reason.strip():
        raise Refused("取り下げるわけを書いてください。", field="reason")
    locked = locked_item(item)
    check_item_move(locked.state, ItemState.WITHDRAWN, sitting=locked.sitting.state)
    take_off(locked, reason, by=by, at=at)
    return locked


def take_off(locked: Item, reason: str, *, by: Worker | None, at: datetime) -> None:
    """Close a locked item to everybody, with the reason."""
    shut(locked, at=at, by=by)
    _settle(locked, ItemState.WITHDRAWN, reason, by=by, at=at)
    journal("meeting_item.withdrawn", locked, by=by, at=at)


def finish_item(item: Item, *, by: Worker, at: datetime) -> Item:
    """The item was spoken of: what it opened ends. What was decided and who does what stay readable to its members."""
    locked = locked_item(item)
    check_item_move(locked.state, ItemState.DONE, sitting=locked.sitting.state)
    end_all(locked, at=at, by=by)
    _settle(locked, ItemState.DONE, "", by=by, at=at)
    journal("meeting_item.done", locked, by=by, at=at)
    return locked


# -- who is chosen --------------------------------------------------------------------------------------------


def members_for(item: Item, at: datetime) -> list[BodyMember]:
    """Who may be chosen for an item: members of the bodies that sit and rest on its basis."""
    bodies = [body.pk for body in bodies_at(item.sitting) if item.mode in body.modes]
    on = max(item.sitting.day, day_of(at))
    return list(
        sitting_members(on)
        .filter(body_id__in=bodies)
        .select_related("office", "worker", "body")
        .order_by("id")
    )


def choose_members(
    item: Item, chosen: Mapping[int, Iterable[str]], *, by: Worker, at: datetime
) -> list[ItemMember]:
    """Choose the members for an item, and how much of the person each is shown (member → facets; minimal by default).

    Whoever is left out loses it at once. Never more than was brought, never the informant, by consent only what was
    consented to: an office outside the consent is refused with the way out. Those who acknowledged see it at once.
    """
    locked = locked_item(item)
    _still_live(locked)
    if locked.mode == Mode.NO_PERSONS:
        raise Refused("個人を扱わない議題は、会議の構成員みなが見られます。選ぶ必要はありません。")
    allowed = {member.pk: member for member in members_for(locked, at)}
    wrong = set(chosen) - set(allowed)
    if wrong:
        raise Refused("構成員でない方が選ばれています。画面を開き直してください。", field="members")
    known = {row.member_id: row for row in locked.members.select_related("member__office").order_by("id")}
    for number, row in known.items():
        if number not in chosen:
            close_for(row, locked, at=at, by=by)
    made = [
        _choose(locked, allowed[number], tuple(facets), known.get(number), by=by, at=at)
        for number, facets in sorted(chosen.items())
    ]
    journal("meeting_item.members", locked, by=by, at=at, members=len(made))
    waiting = [row.member for row in made if row.opened_at is None and row.member.worker_id]
    if locked.state == ItemState.TAKEN:
        tell(
            workers_in(waiting) - {by.pk}, "会議の議題に選ばれました。守秘義務を確かめると読めます。", "/kaigi/",
            kind="meeting", at=at,
        )  # fmt: skip
    return made


def _choose(
    item: Item,
    member: BodyMember,
    wanted: tuple[str, ...],
    row: ItemMember | None,
    *,
    by: Worker,
    at: datetime,
) -> ItemMember:
    if member.worker is not None and item.party_id in closed_to(member.worker):
        raise Refused(
            f"{member.worker.name}さんは、この議題には選べません。その時間は席を外していただいてください。",
            field="members",
        )
    if not sees_by_consent(item, member.office_id, at):
        raise Refused(
            f"{member.office.label}は、本人の同意の範囲に入っていません。外すか、同意を聞き直してください。",
            field="members",
        )
    facets = facets_for(
        item.mode, wanted or SMALLEST, giver=item.facets, consented=within(item, member.office_id, at)
    )
    if not facets:
        raise Refused(f"{member.office.label}に見せられる項目がありません。", field="members")
    if row is None:
        row = ItemMember(item=item, member=member, facets=list(facets), chosen_at=at, chosen_by=by)
        row.save()
    elif row.closed_at is not None or list(facets) != row.facets:
        row.facets, row.closed_at, row.chosen_at, row.chosen_by = list(facets), None, at, by
        row.save(update_fields=["facets", "closed_at", "chosen_at", "chosen_by"])
    open_for(row, item, at=at, by=by)
    return row


def _choose_who_prepares(item: Item, *, by: Worker, at: datetime) -> None:
    """会長・副会長・事務局 see what is proposed (when they have acknowledged), so that somebody can take it up."""
    if item.mode == Mode.NO_PERSONS:
        return
    for member in members_for(item, at):
        if (
            member.role in SEES_AGENDA
            and sees_by_consent(item, member.office_id, at)
            and not (member.worker is not None and item.party_id in closed_to(member.worker))
            and facets_for(
                item.mode, item.facets, giver=item.facets, consented=within(item, member.office_id, at)
            )
        ):
            _choose(item, member, tuple(item.facets), None, by=by, at=at)


def fit_to_basis(item: Item, *, by: Worker | None, at: datetime) -> None:
    """After another basis: those who may stay are opened anew under it, the others are closed."""
    allowed = {member.pk for member in members_for(item, at)}
    for row in item.members.filter(closed_at__isnull=True).select_related("member__office").order_by("id"):
        facets = facets_for(
            item.mode, row.facets, giver=item.facets, consented=within(item, row.member.office_id, at)
        )
        if row.member_id not in allowed or not facets or not sees_by_consent(item, row.member.office_id, at):
            close_for(row, item, at=at, by=by)
            continue
        if list(facets) != row.facets:
            row.facets = list(facets)
            row.save(update_fields=["facets"])
        open_for(row, item, at=at, by=by)


# -- the order ------------------------------------------------------------------------------------------------


def use_running_order(sitting: Sitting, *, revision: int, by: Worker, at: datetime) -> list[int]:
    """Put the items into the computed order; what is done already stays in front."""
    locked = locked_sitting(sitting)
    done = set(locked.items.filter(state=ItemState.DONE).values_list("pk", flat=True))
    rows = slots(locked)
    order = [slot.id for slot in rows if slot.id in done]
    order += running_order([slot for slot in rows if slot.id not in done])
    return order_items(sitting, order, revision=revision, by=by, at=at)


def order_items(
    sitting: Sitting, order: Sequence[int], *, revision: int, by: Worker, at: datetime
) -> list[int]:
    """Put the items into this order. Stale when another secretary moved them meanwhile."""
    locked = locked_sitting(sitting)
    if locked.state in OVER:
        raise Refused("この会議は終わっています。")
    if locked.revision != revision:
        raise Stale([("議題の順", "ほかの人が先に並べ替えました", "あなたの順")])
    known = {item.pk: item for item in locked.items.filter(state__in=(*LIVE_ITEM, ItemState.DONE))}
    if set(order) != set(known) or len(order) != len(known):
        raise Stale([("議題の順", "議題が増えたか減りました", "あなたの順")])
    for place, number in enumerate(order, start=1):
        Item.objects.filter(pk=number).exclude(position=place).update(position=place)
    Sitting.objects.filter(pk=locked.pk).update(revision=locked.revision + 1)
    journal("meeting.ordered", locked, by=by, at=at)
    return list(order)


# -- what is checked ------------------------------------------------------------------------------------------


def _check_words(title: str, asked: str, minutes: int) -> None:
    refuse_numbers({"title": ("題", title), "asked": ("論点", asked)})
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refused(f"予定の分数は1から{MOST_MINUTES}の間で入れてください。", field="minutes")


def _check_belongs(wish: ItemWish) -> None:
    """A plan, a file and a concern of an item are of the person it is about, or of their household."""
    if wish.kind == ItemKind.PLAN and wish.plan_id is None:
        raise Refused("どのプランのことかを選んでください。", field="plan")
    if wish.party_id is None:
        return
    whose = {wish.party_id, *household_ids_of(wish.party_id), *members_of(wish.party_id)}
    found = [
        Case.objects.filter(pk=wish.case_id).values_list("party_id", flat=True).first() if wish.case_id else None,
        Plan.objects.filter(pk=wish.plan_id).values_list("case__party_id", flat=True).first() if wish.plan_id else None,
        Concern.objects.filter(pk=wish.concern_id).values_list("party_id", flat=True).first() if wish.concern_id else None,
    ]  # fmt: skip
    if any(number is not None and number not in whose for number in found):
        raise Refused("選んだ記録は、この方のものではありません。選び直してください。")
    if wish.gap_id and not Gap.objects.filter(pk=wish.gap_id).exists():
        raise Refused("選んだはざまが見つかりません。選び直してください。")


def _brought(wish: ItemWish, by: Worker, at: datetime) -> tuple[str, ...]:
    """The most a member may be shown: what was ticked, and the proposer sees. Raises Refused when they see nothing."""
    if wish.party_id is None:
        return ()
    sight = sight_of(by, wish.party_id, on=day_of(at))
    if sight is None:
        raise Refused("この方の記録を見られないので、議題にできません。担当の機関に頼んでください。")
    brought = facets_for(Mode.SUPPORT, wish.facets or SMALLEST, giver=sight.facets, consented=())
    return brought if Facet.BASIC.value in brought else (Facet.BASIC.value, *brought)


def _is_on(sitting: Sitting, wish: ItemWish) -> bool:
    if wish.party_id is None:
        return False
    return sitting.items.filter(
        party_id=wish.party_id, kind=wish.kind, mode=wish.mode, state__in=LIVE_ITEM
    ).exists()


def _still_live(item: Item) -> None:
    if item.state not in LIVE_ITEM or item.sitting.state in (SittingState.ENDED, SittingState.CANCELLED):
        raise Refused(f"この議題は「{ItemState(item.state).label}」です。画面を開き直してください。")


def _settle(item: Item, state: ItemState, reason: str, *, by: Worker | None, at: datetime) -> None:
    item.state, item.settled_at, item.settled_by, item.settled_words = state, at, by, reason.strip()[:300]
    _save(item, "state", "settled_at", "settled_by", "settled_words")


def _save(item: Item, *fields: str) -> None:
    item.revision += 1
    item.save(update_fields=[*fields, "revision"])


def _last(sitting: Sitting) -> int:
    return sitting.items.order_by("-position").values_list("position", flat=True).first() or 0
