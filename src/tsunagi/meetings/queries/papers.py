"""Copies of a sitting's papers: who gets what how masked, and what is back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.codes import queries as codes
from tsunagi.meetings.access import opened_members
from tsunagi.meetings.models import Copy, Item, Sitting
from tsunagi.meetings.rules import NEEDS_CONSENT, ItemState, MemberRole, Mode
from tsunagi.meetings.rules.papers import Back, HowBack, Level, copy_code, level_for
from tsunagi.people.models import Involvement
from tsunagi.people.queries import together_with
from tsunagi.people.rules import SUPPORTING_GROUND
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import sees_whole
from tsunagi.sharing.queries import named_on_papers, offices_within_consent

from .room import called, item_cards

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class Share:
    """One item on one member's copy."""

    item_id: int
    level: Level
    facets: tuple[str, ...]
    named: tuple[int, ...] | None = None
    """Who consented to be named for this member's office, where the item rests on consent; None: the household is known."""


@dataclass(frozen=True)
class CopyCard:
    """A copy on the recall list."""

    id: int
    code: str
    member_id: int
    holder: str
    office: str
    items: int
    on_paper: bool
    made_at: datetime
    asked_on: date | None
    recalled: bool
    how: str
    is_mine: bool

    @property
    def back(self) -> Back:
        """As the rules read it."""
        return Back(self.code, self.holder, self.on_paper, self.how, self.asked_on, self.recalled)

    @property
    def state(self) -> str:
        """What the list says."""
        return self.back.state

    @property
    def is_out(self) -> bool:
        """On paper and not accounted for."""
        return self.back.is_out


def usual_level() -> Level:
    """How masked a member's copy is who does not know the person: the city's setting."""
    return (Level.INITIAL, Level.RELATION, Level.REAL)[codes.number("meeting.paper_level")]


def shares(sitting: Sitting, on: date) -> dict[int, tuple[Share, ...]]:
    """What each member's copy holds: the items open to them today. Items without persons are on every copy that is made."""
    cards = [card for card in item_cards_all(sitting) if card.state in (ItemState.TAKEN, ItemState.DONE)]
    free = [Share(row.pk, Level.REAL, ()) for row in cards if row.mode == Mode.NO_PERSONS]
    persons = {row.pk: row for row in cards if row.mode != Mode.NO_PERSONS}
    rows = (
        opened_members(on)
        .filter(item_id__in=persons)
        .select_related("member")
        .order_by("item__position", "id")
    )
    own = own_sight([row.party_id for row in persons.values() if row.party_id])
    within = {
        row.party_id: offices_within_consent(row.party_id, on=on)
        for row in persons.values()
        if row.mode in NEEDS_CONSENT and row.party_id
    }
    usual = usual_level()
    found: dict[int, list[Share]] = {}
    for row in rows:
        item = persons[row.item_id]
        sees, needs = (item.party_id, row.member.office_id) in own, item.mode in NEEDS_CONSENT
        consented = row.member.office_id in within.get(item.party_id or 0, ())
        if needs and not (consented or sees):
            continue
        level = level_for(
            own_sight=sees, needs_consent=needs, within_consent=consented,
            observer=row.member.role == MemberRole.OBSERVER, usual=usual,
        )  # fmt: skip
        named = None
        if needs and not sees and item.party_id:
            family = together_with(item.party_id)
            named = tuple(sorted(named_on_papers(family, row.member.office_id, on)))
        found.setdefault(row.member_id, []).append(Share(item.pk, level, tuple(sorted(row.facets)), named))
    return {member: (*free, *rest) for member, rest in found.items()}


def item_cards_all(sitting: Sitting) -> list[Item]:
    """The items on the agenda, in its order."""
    rows = Item.objects.filter(sitting=sitting).exclude(state__in=[ItemState.PROPOSED, ItemState.WITHDRAWN])
    return list(rows.select_related("party", "case").order_by("position", "id"))


@sees_whole("which offices already see somebody under 01, as numbers")
def own_sight(party_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(party, office) where the office knows the party by its own work (01)."""
    living = Involvement.objects.filter(
        party_id__in=list(party_ids), ground=SUPPORTING_GROUND, ended_at__isnull=True
    )
    return set(living.order_by().values_list("party_id", "office_id"))


def copies_of(worker: Worker, sitting: Sitting, *, only: int | None = None) -> list[CopyCard]:
    """The copies of a sitting by number."""
    rows = Copy.objects.filter(sitting=sitting, **({"pk": only} if only else {}))
    return [
        copy_card(worker, row)
        for row in rows.select_related("member__worker", "member__office").order_by("number")
    ]


def my_copies(worker: Worker, sitting: Sitting) -> list[CopyCard]:
    """This member's own copies of a sitting."""
    rows = Copy.objects.filter(sitting=sitting, member__worker_id=worker.pk)
    return [
        copy_card(worker, row)
        for row in rows.select_related("member__worker", "member__office").order_by("number")
    ]


def copy_card(worker: Worker, row: Copy) -> CopyCard:
    """One copy on the list."""
    return CopyCard(
        row.pk, copy_code(row.sitting_id, row.number), row.member_id, called(row.member), row.member.office.label,
        row.items.count(), row.handing == "collect", row.made_at, day_of(row.asked_back_at) if row.asked_back_at else None,
        row.recalled_at is not None, row.how, row.member.worker_id == worker.pk,
    )  # fmt: skip


def allowed_shares(copy: Copy, on: date) -> list[Share]:
    """What of a copy may still be opened: whatever its member may see today, never more than was put on it."""
    now = {share.item_id: share for share in shares(copy.sitting, on).get(copy.member_id, ())}
    return [
        Share(
            row.item_id,
            Level(row.level),
            tuple(sorted(set(row.facets) & set(now[row.item_id].facets))),
            now[row.item_id].named,
        )
        for row in copy.items.order_by("id")
        if row.item_id in now
    ]


__all__ = ["CopyCard", "HowBack", "Share", "allowed_shares", "copies_of", "item_cards", "item_cards_all", "my_copies", "own_sight", "shares", "usual_level"]  # fmt: skip
