"""What stands before the room: who hears it, what the screen shows, what was typed. Only what everybody present may see."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404

from tsunagi.genogram.queries import genogram
from tsunagi.meetings.access import ground_of, is_open_to, opened_members, sitting_members
from tsunagi.meetings.models import (
    Attendance,
    BodyMember,
    Item,
    ItemMember,
    JointBody,
    Line,
    ReadOut,
    Room,
    Showing,
    Sitting,
)
from tsunagi.meetings.rules import (
    LIVE_ITEM,
    NEEDS_CONSENT,
    OVER,
    WITHOUT_CONSENT,
    ItemKind,
    ItemState,
    Mode,
    Presence,
)
from tsunagi.meetings.rules.room import (
    CONSENT_ENDED,
    LineKind,
    Seat,
    Stage,
    clock_words,
    in_time,
    leaving,
    seconds_of,
    stage_of,
)
from tsunagi.people.access import protected_persons, sight_of
from tsunagi.people.models import Involvement
from tsunagi.people.queries import name_of, together_with
from tsunagi.people.rules import SUPPORTING_GROUND, Facet, PartyKind
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import sees_whole
from tsunagi.sharing.queries import consent_state, named_on_papers, offices_within_consent
from tsunagi.sharing.rules import GIVEN

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

UNNAMED = "この方"


@dataclass(frozen=True)
class LineCard:
    """A row as typed in the room."""

    id: int
    key: str
    kind: str
    what: str
    owner_id: int | None
    owner: str
    owner_words: str
    due_on: date | None
    revision: int
    settled: bool

    @property
    def kind_label(self) -> str:
        """役割, 足りない資源 …"""
        return LineKind.label_of(self.kind)

    @property
    def who(self) -> str:
        """Whoever does it, in words."""
        return self.owner or self.owner_words

    @property
    def values(self) -> dict[str, str]:
        """As `rules.room_merge` compares it."""
        return {
            "kind": self.kind, "what": self.what, "owner_id": str(self.owner_id or ""), "owner_words": self.owner_words,
            "due": self.due_on.isoformat() if self.due_on else "", "removed": "",
        }  # fmt: skip


@dataclass(frozen=True)
class ItemCard:
    """An item on the secretary's list: by number, never by name."""

    id: int
    number: int
    mode: str
    kind: str
    state: str
    title: str
    minutes: int
    is_here: bool = False
    is_open: bool = True

    @property
    def mode_label(self) -> str:
        """支援会議, 重層的支援会議 …"""
        return Mode.label_of(self.mode)

    @property
    def state_label(self) -> str:
        """済み, 見送り …"""
        return ItemState.label_of(self.state)

    @property
    def kind_label(self) -> str:
        """個別の支援, プランの協議 …"""
        return ItemKind.label_of(self.kind)

    @property
    def is_live(self) -> bool:
        """Whether it is still to be spoken of."""
        return self.state in LIVE_ITEM

    @property
    def words(self) -> str:
        """「第3件 個別の支援（支援会議）」."""
        head = f"第{self.number}件　{self.title or self.kind_label}"
        return head if self.mode == Mode.NO_PERSONS else f"{head}（{self.mode_label}）"


@dataclass(frozen=True)
class Screen:
    """What the projector and the secretary's page show of one moment."""

    stage: Stage
    sitting_id: int
    item: ItemCard | None = None
    subject: str = ""
    asked: str = ""
    heard: str = ""
    seats: tuple[Seat, ...] = ()
    outside: tuple[Seat, ...] = ()
    lines: tuple[LineCard, ...] = ()
    svg: str = ""
    sections: tuple[tuple[str, tuple[str, ...]], ...] = ()
    seconds: int = 0
    minutes: int = 0
    running: bool = False
    needs_reading_out: bool = False
    read_out_at: datetime | None = None
    closed_words: str = CONSENT_ENDED
    showing_id: int | None = None
    ground: str = ""
    revision: int = 0
    live_revision: int = 0
    version: str = ""
    """Changes whenever what is shown changes; the projector asks for nothing else."""

    @property
    def shows(self) -> bool:
        """Whether the item itself may stand on the screen."""
        return self.stage is Stage.SHOWING

    @property
    def clock(self) -> str:
        """「12:05」."""
        return clock_words(self.seconds)

    @property
    def is_in_time(self) -> bool:
        """Within the minutes planned."""
        return in_time(self.seconds, self.minutes)

    @property
    def circle(self) -> tuple[Seat, ...]:
        """Who is there and hears it."""
        return tuple(seat for seat in self.seats if seat.present and seat.inside)


@dataclass
class Before:
    """The facts of one item before the room, each asked once."""

    worker: Worker
    sitting: Sitting
    item: Item
    on: date

    @cached_property
    def needs_consent(self) -> bool:
        """Whether its mode rests on the person's consent."""
        return self.item.mode in NEEDS_CONSENT

    @cached_property
    def names_persons(self) -> bool:
        """Whether it is about somebody."""
        return self.item.mode != Mode.NO_PERSONS

    @cached_property
    def chosen(self) -> dict[int, ItemMember]:
        """Members chosen for it and not closed since, by member."""
        rows = ItemMember.objects.filter(item_id=self.item.pk, closed_at__isnull=True)
        return {row.member_id: row for row in rows.order_by("id")}

    @cached_property
    def opened(self) -> frozenset[int]:
        """Those of them who are bound to secrecy this 年度."""
        rows = opened_members(self.on).filter(item_id=self.item.pk)
        return frozenset(rows.order_by().values_list("member_id", flat=True))

    @cached_property
    def reached(self) -> frozenset[int]:
        """Offices at the table by the person's consent, or by their own work (01): a withdrawal shows at the next look."""
        party_id = self.item.party_id
        if party_id is None:
            return frozenset()
        own = Involvement.objects.filter(party_id=party_id, ground=SUPPORTING_GROUND, ended_at__isnull=True)
        return frozenset(own.order_by().values_list("office_id", flat=True)) | offices_within_consent(
            party_id, on=self.on
        )

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """Everybody of the bodies that sit, in their order, as they stand to this item."""
        there = presences(self.sitting)
        found = []
        for member in members_of(self.sitting, self.on):
            free = not self.names_persons
            found.append(
                Seat(
                    member.pk, called(member), member.office.label, there.get(member.pk) == Presence.PRESENT,
                    chosen=free or member.pk in self.chosen, acknowledged=free or member.pk in self.opened,
                    within_consent=not self.needs_consent or member.office_id in self.reached,
                )
            )  # fmt: skip
        return tuple(found)

    @cached_property
    def in_sight(self) -> bool:
        """Whether the item is open to who leads the room."""
        return is_open_to(self.worker, self.item, self.on)

    @cached_property
    def may_be_heard(self) -> bool:
        """Whether its mode still allows it: a consent it needs stands today. A household as such cannot consent."""
        party = self.item.party
        if not self.needs_consent or party is None:
            return True
        return party.kind == PartyKind.PERSON and consent_state(party.pk, on=self.on) in GIVEN

    @cached_property
    def facets(self) -> frozenset[str]:
        """How much of the person everybody who is there may see."""
        there = [seat.member_id for seat in self.seats if seat.present and seat.inside]
        sets = [frozenset(self.chosen[pk].facets) for pk in there if pk in self.chosen]
        return frozenset.intersection(*sets) if sets else frozenset()


def members_of(sitting: Sitting, on: date) -> list[BodyMember]:
    """Everybody of the bodies that sit together, in their order."""
    joint = JointBody.objects.filter(sitting_id=sitting.pk).order_by().values("body_id")
    rows = sitting_members(on).filter(Q(body_id=sitting.body_id) | Q(body_id__in=joint))
    found: dict[tuple[str, int], BodyMember] = {}
    for row in rows.select_related("worker", "office").order_by("id"):
        # Who sits in two of the bodies has one chair.
        found.setdefault(("worker", row.worker_id) if row.worker_id else ("member", row.pk), row)
    return list(found.values())


def called(member: BodyMember) -> str:
    """A member's name."""
    return member.worker.name if member.worker else member.name


def presences(sitting: Sitting) -> dict[int, str]:
    """Who is there, by member; whoever left is not."""
    rows = Attendance.objects.filter(sitting_id=sitting.pk).order_by("id")
    return {
        pk: presence if left is None else Presence.ABSENT.value
        for pk, presence, left in rows.values_list("member_id", "presence", "left_at")
    }


def all_seats(sitting: Sitting, on: date) -> list[Seat]:
    """Everybody of the bodies that sit and whether they are there, before any item."""
    there = presences(sitting)
    return [
        Seat(
            member.pk,
            called(member),
            member.office.label,
            there.get(member.pk) == Presence.PRESENT,
            True,
            True,
        )
        for member in members_of(sitting, on)
    ]


def room_of(sitting: Sitting) -> Room | None:
    """The room of a sitting, once it was opened."""
    return Room.objects.filter(sitting_id=sitting.pk).select_related("item").first()


def item_cards(worker: Worker, sitting: Sitting, on: date, *, here: int | None = None) -> list[ItemCard]:
    """The agenda in its order, by number and kind; an item without persons by its title."""
    rows = Item.objects.filter(sitting_id=sitting.pk).exclude(
        state__in=[ItemState.PROPOSED, ItemState.WITHDRAWN]
    )
    return [
        ItemCard(row.pk, number, row.mode, row.kind, row.state, row.title, row.minutes, row.pk == here)
        for number, row in enumerate(rows.order_by("position", "id"), start=1)
    ]


@sees_whole("an item's place on its agenda")
def number_of(item: Item) -> int:
    """The number of an item on its agenda; 0 when it stands on none."""
    rows = Item.objects.filter(sitting_id=item.sitting_id).exclude(
        state__in=[ItemState.PROPOSED, ItemState.WITHDRAWN]
    )
    ids = list(rows.order_by("position", "id").values_list("pk", flat=True))
    return ids.index(item.pk) + 1 if item.pk in ids else 0


def line_cards(items: Iterable[int]) -> dict[int, list[LineCard]]:
    """What was typed, by item; without rows that were taken away."""
    found: dict[int, list[LineCard]] = {}
    rows = Line.objects.filter(item_id__in=list(items), removed_at__isnull=True)
    for row in rows.select_related("owner__worker", "owner__office").order_by("id"):
        owner = f"{row.owner.office.label}　{called(row.owner)}" if row.owner else ""
        found.setdefault(row.item_id, []).append(
            LineCard(
                row.pk, str(row.key), row.kind, row.what, row.owner_id, owner, row.owner_words, row.due_on, row.revision,
                row.settled_at is not None,
            )
        )  # fmt: skip
    return found


def undecided_count(items: Iterable[int]) -> int:
    """How many rows were typed and not yet made a decision or taken away."""
    return Line.objects.filter(
        item_id__in=list(items), removed_at__isnull=True, settled_at__isnull=True
    ).count()


def screen(worker: Worker, sitting: Sitting, now: datetime, *, picture: bool = True) -> Screen:
    """What the room sees at this moment. Ask through the door of the sitting; `picture=False` leaves out the drawing."""
    room = room_of(sitting)
    over = sitting.state in OVER
    item = room.item if room else None
    if item is not None and item.state in (ItemState.DONE, ItemState.DEFERRED):
        item = None  # settled on its own page: it is before the room no more
    if room is None or item is None or over:
        stage = stage_of(over=over, item=False, in_sight=True, may_be_heard=True, outside=(), confirmed=None)
        return _with_version(Screen(stage, sitting.pk, revision=room.revision if room else 0), sitting.state)
    facts = Before(worker, sitting, item, day_of(now))
    showing = Showing.objects.filter(item_id=item.pk, ended_at__isnull=True).first()
    outside = leaving(facts.seats)
    stage = stage_of(
        over=False, item=True, in_sight=facts.in_sight, may_be_heard=facts.may_be_heard,
        outside=[seat.member_id for seat in outside], confirmed=showing.outside if showing else None,
    )  # fmt: skip
    return _with_version(_of_item(facts, room, showing, stage, outside, now, picture=picture), sitting.state)


def version_of(worker: Worker, sitting: Sitting, now: datetime) -> str:
    """The version of the screen alone: what the projector asks every two seconds. Draws nothing."""
    return screen(worker, sitting, now, picture=False).version


def _of_item(
    facts: Before, room: Room, showing: Showing | None, stage: Stage, outside: tuple[Seat, ...], now: datetime, *, picture: bool
) -> Screen:  # fmt: skip
    item = facts.item
    card = ItemCard(
        item.pk, number_of(item), item.mode, item.kind, item.state, item.title, item.minutes, is_here=True
    )
    base: dict[str, Any] = {
        "stage": stage, "sitting_id": facts.sitting.pk, "item": card, "seats": facts.seats, "outside": outside,
        "minutes": item.minutes, "showing_id": showing.pk if showing else None, "revision": room.revision,
        "ground": ground_of(item), "needs_reading_out": item.mode in WITHOUT_CONSENT, "live_revision": item.live_revision,
    }  # fmt: skip
    if stage is not Stage.SHOWING:
        return Screen(**base)
    rows = Showing.objects.filter(item_id=item.pk, shown_at__isnull=False).order_by("id")
    spans = [(begin, end) for begin, end in rows.values_list("shown_at", "ended_at") if begin is not None]
    read = ReadOut.objects.filter(item_id=item.pk).first()
    svg, sections = _picture(facts) if picture else ("", ())
    return Screen(
        **base, subject=_subject(facts), asked=item.asked, heard=item.heard, lines=tuple(line_cards([item.pk]).get(item.pk, ())),
        svg=svg, sections=sections, seconds=seconds_of(spans, now),
        running=True, read_out_at=read.at if read else None,
    )  # fmt: skip


def _subject(facts: Before) -> str:
    """Whom it is about, as everybody present may read it."""
    if facts.item.party is None:
        return facts.item.title
    if Facet.BASIC.value not in facts.facets:
        return UNNAMED
    return name_of(facts.item.party.stands_for)


def _picture(facts: Before) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """The genogram as everybody present may see it; nothing where one of them may not.

    支援会議: the household is the subject (106条の6第3項). By consent: whoever did not consent is a relation and an age by tens.
    On a screen of many nothing untold is drawn, and no place of somebody protected; with a protected member whom not
    everybody sees by an involvement of their own nothing is drawn at all.
    """
    item = facts.item
    if item.party is None or Facet.HOUSEHOLD.value not in facts.facets:
        return "", ()
    party = item.party.stands_for
    sight = sight_of(facts.worker, party.pk, on=facts.on)
    if sight is None or Facet.HOUSEHOLD.value not in sight.facets:
        return "", ()
    consented = (
        {party.pk, *named_on_papers(together_with(party.pk), None, facts.on)} if facts.needs_consent else ()
    )
    try:
        drawn = genogram(
            facts.worker, party, on=facts.on, masked=facts.needs_consent, paper=True, consented=consented
        )
    except Http404:
        return "", ()
    people = {pk for pk, _words in drawn.people}
    guarded = set(protected_persons().filter(person_id__in=people).values_list("person_id", flat=True))
    if guarded - _seen_by_all(facts, guarded) or drawn.empty:
        return "", ()
    return drawn.svg, drawn.sections


def _seen_by_all(facts: Before, person_ids: Collection[int]) -> set[int]:
    """Those of these persons whom the offices of everybody present see by an involvement of their own."""
    if not person_ids:
        return set()
    inside = {seat.member_id for seat in facts.seats if seat.present and seat.inside}
    offices = set(BodyMember.objects.filter(pk__in=inside).order_by().values_list("office_id", flat=True))
    found: dict[int, set[int]] = {}
    living = Involvement.objects.filter(
        party_id__in=person_ids, office_id__in=offices, ended_at__isnull=True
    ).filter(Q(until_on__isnull=True) | Q(until_on__gte=facts.on))
    for party_id, office_id in living.order_by().values_list("party_id", "office_id"):
        found.setdefault(party_id, set()).add(office_id)
    return {pk for pk in person_ids if offices and found.get(pk, set()) >= offices}


def _with_version(shown: Screen, state: str) -> Screen:
    """The screen with its version: over everything that stands on it but the running clock."""
    told = "|".join(
        [
            state, shown.stage, str(shown.item.id if shown.item else 0), str(shown.revision), str(shown.live_revision),
            ",".join(str(seat.member_id) for seat in shown.outside),
            ",".join(str(seat.member_id) for seat in shown.circle),
            ",".join(f"{line.id}.{line.revision}" for line in shown.lines),
            str(shown.read_out_at), shown.subject, shown.asked,
        ]
    )  # fmt: skip
    return replace(shown, version=hashlib.sha256(told.encode()).hexdigest()[:16])
