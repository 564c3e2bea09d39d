"""Minutes: the draft from what is on record, and what of them somebody may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.meetings.access import convened_sittings, ground_of, visible_items
from tsunagi.meetings.models import (
    Attendance,
    BodyMember,
    Decision,
    Item,
    ItemMember,
    Minutes,
    MinutesPart,
    ReadOut,
    Showing,
    Sitting,
)
from tsunagi.meetings.rules import NEEDS_CONSENT, DecisionKind, ItemState, MemberRole, Mode, Presence
from tsunagi.meetings.rules.minutes import (
    Came,
    Decided,
    ItemFacts,
    Line,
    MinutesState,
    item_lines,
    short_day,
    sitting_lines,
    version_words,
)
from tsunagi.meetings.rules.papers import recall_words
from tsunagi.meetings.rules.room import seconds_of
from tsunagi.people.queries import name_of
from tsunagi.people.rules import Facet
from tsunagi.shared.rows import sees_whole
from tsunagi.shared.wareki import show
from tsunagi.sharing.queries import consent_state
from tsunagi.sharing.rules import GIVEN

from .papers import copies_of, item_cards_all
from .room import LineCard, called, line_cards, members_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

Part = tuple[int | None, str, list[Line]]
GONE = "この件は、いまはお見せできません（構成員が変わったか、同意の範囲が変わりました）。"


@dataclass(frozen=True)
class PartCard:
    """A part as a page or a paper shows it."""

    id: int
    item_id: int | None
    heading: str
    lines: tuple[tuple[str, str], ...]
    words: str
    revision: int


@dataclass(frozen=True)
class MinutesCard:
    """One version of the minutes, as far as this reader may see it."""

    id: int
    number: int
    state: str
    reason: str
    made_at: datetime
    agreed_at: datetime | None
    agreed_by: str
    digest: str
    parts: tuple[PartCard, ...]
    hidden: int
    is_newest: bool

    @property
    def is_agreed(self) -> bool:
        """Whether it is frozen."""
        return self.state == MinutesState.AGREED

    @property
    def version(self) -> str:
        """「第2版（訂正：…）」."""
        return version_words(self.number, self.reason)

    @property
    def state_label(self) -> str:
        """下書き or 確定."""
        return MinutesState.label_of(self.state)


def drafted(worker: Worker, sitting: Sitting, on: date) -> list[Part]:
    """The parts of the minutes as the records have them now: the head, then each item of the agenda."""
    return [(None, "会議", _head(worker, sitting, on)), *_items(sitting, on)]


def _head(worker: Worker, sitting: Sitting, on: date) -> list[Line]:
    there = {row.member_id: row for row in Attendance.objects.filter(sitting=sitting).order_by("id")}
    members = members_of(sitting, sitting.day)
    came = [_came(member, there.get(member.pk)) for member in members if member.pk in there]
    chairs = [
        called(member)
        for member in members
        if member.role == MemberRole.CHAIR and _was_there(there.get(member.pk))
    ]
    begun = f"{sitting.opened_at.astimezone():%H:%M}" if sitting.opened_at else ""
    ended = f"{sitting.ended_at.astimezone():%H:%M}" if sitting.ended_at else ""
    names = [
        sitting.body.name,
        *(row.body.name for row in sitting.joint.select_related("body").order_by("id")),
    ]
    return sitting_lines(
        body="・".join(names), when=f"{show(sitting.day)}　{begun}〜{ended}", place=sitting.place, came=came,
        items=len(item_cards_all(sitting)), copies=recall_words(card.back for card in copies_of(worker, sitting)),
        chair="・".join(chairs), secretary=sitting.secretary.name,
    )  # fmt: skip


def _was_there(row: Attendance | None) -> bool:
    return row is not None and row.presence == Presence.PRESENT


def _came(member: BodyMember, row: Attendance | None) -> Came:
    was_there = _was_there(row)
    hours = ""
    if row is not None and row.came_at and was_there:
        until = f"{row.left_at.astimezone():%H:%M}" if row.left_at else ""
        hours = f"{row.came_at.astimezone():%H:%M}〜{until}"
    return Came(called(member), member.office.label, was_there, member.role == MemberRole.OBSERVER, hours)


def _items(sitting: Sitting, on: date) -> list[Part]:
    items = item_cards_all(sitting)
    typed = line_cards(item.pk for item in items)
    names = _names(sitting, items)
    return [
        (
            item.pk,
            f"第{number}件　{item.title or Mode.label_of(item.mode)}",
            item_lines(_facts(number, item, typed.get(item.pk, []), names, on), who_said=sitting.body.keeps_who_said),
        )
        for number, item in enumerate(items, start=1)
    ]  # fmt: skip


def _names(sitting: Sitting, items: list[Item]) -> dict[int, str]:
    rows = BodyMember.objects.filter(
        pk__in=ItemMember.objects.filter(item__in=items).order_by().values("member_id")
    ) | BodyMember.objects.filter(body=sitting.body)
    return {
        row.pk: f"{row.office.label} {called(row)}"
        for row in rows.select_related("worker", "office").order_by("pk")
    }


def _facts(number: int, item: Item, typed: list[LineCard], names: dict[int, str], on: date) -> ItemFacts:
    shown = list(Showing.objects.filter(item=item).order_by("id"))
    spans = [(row.shown_at, row.ended_at or item.settled_at or row.shown_at) for row in shown if row.shown_at]
    read = ReadOut.objects.filter(item=item).first()
    closed = any(row.ended_why == "consent" for row in shown)
    rows = [line for line in typed if line.kind != "next"]
    looks = [line for line in typed if line.kind == "next"]
    decisions = list(Decision.objects.filter(item=item, taken_back_at__isnull=True).order_by("id"))
    told = [
        "　".join(filter(None, (DecisionKind.label_of(row.kind), row.words.replace("\n", "　"))))
        for row in decisions
    ]
    outcome = "\n".join(
        [*told, f"{ItemState.label_of(item.state)}：{item.settled_words}" if item.settled_words else ""]
    ).strip()
    return ItemFacts(
        number, Mode.label_of(item.mode), _consent(item, on), _subject(item), item.asked,
        circle=[names[pk] for pk in sorted({pk for row in shown for pk in row.circle}) if pk in names],
        left=[names[pk] for pk in sorted({pk for row in shown for pk in row.outside or ()}) if pk in names],
        given=_given(item, names), outcome=outcome,
        decided=[Decided(line.what, line.who, short_day(line.due_on), line.kind) for line in rows],
        next_look="\n".join("　".join(filter(None, (line.what, short_day(line.due_on)))) for line in looks),
        shown_at=spans[0][0] if spans else None, minutes=round(seconds_of(spans, item.settled_at or spans[-1][1]) / 60) if spans else 0,
        read_out_at=read.at if read else None, needs_reading_out=item.mode in (Mode.SUPPORT, Mode.SUPPORT_NEEDY),
        closed_why="会議の途中で本人の同意が変わったため" if closed else "", said=item.heard,
    )  # fmt: skip


def _consent(item: Item, on: date) -> str:
    if item.mode == Mode.NO_PERSONS:
        return ""
    party = item.party
    if party is None or party.kind != "person":
        return "世帯の件（同意は一人ずつ聞きます）"
    return str(consent_state(party.pk, on=on).label)


def _subject(item: Item) -> str:
    return name_of(item.party.stands_for) if item.party is not None else item.title


def _given(item: Item, names: dict[int, str]) -> list[str]:
    """What the item opened to whom, on what ground: the 情報提供の記録 of the item."""
    ground = ground_of(item)
    return [
        f"{names.get(row.member_id, '')}へ（根拠 {ground}：{'・'.join(Facet.label_of(facet) for facet in row.facets)}）"
        for row in ItemMember.objects.filter(item=item, opened_at__isnull=False).order_by("id")
    ]


# -- who reads what -------------------------------------------------------------------------------------------------


def minutes_of(worker: Worker, sitting: Sitting, on: date) -> list[MinutesCard]:
    """Every version of a sitting's minutes this worker may read, the newest first; drafts for those who prepare it."""
    prepares = convened_sittings(worker, on).filter(pk=sitting.pk).exists()
    rows = Minutes.objects.filter(sitting=sitting).select_related("agreed_by").order_by("-number")
    if not prepares:
        rows = rows.filter(state=MinutesState.AGREED)
    seen = readable_items(worker, sitting, on)
    return [minutes_card(row, seen, is_newest=place == 0) for place, row in enumerate(rows)]


def readable_items(worker: Worker, sitting: Sitting, on: date) -> frozenset[int]:
    """Items whose part this worker may read today: they were chosen for it, and its ground still stands.

    Once the person withdrew, what rests on consent is read by the body's own office alone: its record stays, reading
    by outsiders ends.
    """
    open_now = visible_items(worker, on).filter(sitting=sitting).select_related("party", "sitting__body")
    mine = frozenset(
        BodyMember.objects.filter(worker_id=worker.pk, body__in=[sitting.body_id])
        .order_by()
        .values_list("office_id", flat=True)
    )
    found = set()
    for item in open_now.order_by("pk"):
        if item.mode in NEEDS_CONSENT and not _may_still(item, mine, sitting.body.office_id, on):
            continue
        found.add(item.pk)
    return frozenset(found)


def _may_still(item: Item, offices: frozenset[int], secretariat: int, on: date) -> bool:
    if secretariat in offices:
        return True
    party = item.party
    return party is not None and consent_state(party.pk, on=on) in GIVEN


def minutes_card(row: Minutes, seen: frozenset[int], *, is_newest: bool = True) -> MinutesCard:
    """One version with the parts that may be read."""
    shown = [part for part in row.parts.order_by("position") if part.item_id is None or part.item_id in seen]
    return MinutesCard(
        row.pk, row.number, row.state, row.reason, row.made_at, row.agreed_at, row.agreed_by.name if row.agreed_by else "",
        row.digest, tuple(part_card(part) for part in shown), _how_many_parts(row) - len(shown), is_newest,
    )  # fmt: skip


@sees_whole("how many parts minutes have")
def _how_many_parts(row: Minutes) -> int:
    return row.parts.count()


def part_card(part: MinutesPart) -> PartCard:
    """One part."""
    lines = tuple((str(heading), str(words)) for heading, words in part.lines)
    return PartCard(part.pk, part.item_id, part.heading, lines, part.words, part.revision)
