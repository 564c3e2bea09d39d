"""What pages of meetings show: a template prints what is chosen here, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from tsunagi.accounts.queries import calendar_of, workers_of
from tsunagi.holding.models import Promise
from tsunagi.meetings.access import (
    ROLE,
    bodies_of,
    convened_by,
    convened_sittings,
    ground_of,
    is_open_to,
    memberships,
    prepares,
    sitting_members,
    sittings_of,
    visible_items,
)
from tsunagi.meetings.models import (
    Acknowledgement,
    Attendance,
    Body,
    BodyMember,
    Decision,
    DecisionRole,
    Item,
    ItemMember,
    JointBody,
    Sitting,
)
from tsunagi.meetings.rules import (
    LIVE_ITEM,
    NEEDS_CONSENT,
    OVER,
    BodyType,
    DecisionKind,
    HolidayRule,
    HowHeld,
    ItemKind,
    ItemState,
    MemberRole,
    Mode,
    Planned,
    Presence,
    Recall,
    RoleState,
    SittingState,
    Slot,
    Source,
    days_ahead,
    fiscal_year,
    rule_words,
    stays,
)
from tsunagi.people.access import seen_among
from tsunagi.people.queries import party_names
from tsunagi.people.rules import Facet
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import sees_whole

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

MODE_TONES = {
    Mode.SUPPORT: "violet", Mode.SUPPORT_NEEDY: "violet", Mode.LAYERED: "key", Mode.COORDINATION: "key",
    Mode.NO_PERSONS: "plain",
}  # fmt: skip
GROUND_SENTENCES = {
    Mode.SUPPORT: "社会福祉法106条の6にもとづく支援会議。同意がなくても話し合えます。ここで知ったことを、捜査・徴収・指導など、ほかのことに使えません。",
    Mode.SUPPORT_NEEDY: "生活困窮者自立支援法9条にもとづく支援会議。同意がなくても話し合えます。ここで知ったことを、ほかのことに使えません。",
    Mode.LAYERED: "本人の同意にもとづく重層的支援会議。同意の範囲の機関だけで話し合います。",
    Mode.COORDINATION: "本人の同意にもとづく支援調整会議。同意の範囲の機関だけで話し合います。",
    Mode.NO_PERSONS: "個人のことは扱いません。資料にもお名前を書かないでください。",
}


@dataclass(frozen=True)
class SittingCard:
    """A sitting on a list."""

    id: int
    body_id: int
    body: str
    day: date
    begins: time | None
    place: str
    how: str
    state: str
    state_label: str
    is_ad_hoc: bool
    items: int
    convened: bool

    @property
    def is_over(self) -> bool:
        """Whether it ended or was called off."""
        return self.state in OVER


@dataclass(frozen=True)
class ItemCard:
    """An item as this worker may know it: whose it is stands here only when it is open to them, or they see the person."""

    id: int
    sitting_id: int
    sitting_day: date
    position: int
    mode: str
    mode_label: str
    mode_tone: str
    kind: str
    state: str
    state_label: str
    source: str
    label: str
    minutes: int
    office: str
    is_open: bool
    is_live: bool
    is_proposed: bool
    members: int
    waiting: int
    starts: str = ""


@dataclass(frozen=True)
class MemberCard:
    """A member of a body."""

    id: int
    name: str
    office: str
    role: str
    role_label: str
    from_on: date
    until_on: date | None
    is_part_time: bool
    signs_in: bool
    acknowledged_on: date | None
    is_mine: bool


@dataclass(frozen=True)
class RoleCard:
    """A role a meeting gave."""

    id: int
    item_id: int
    what: str
    office: str
    worker: str
    due_on: date
    state: str
    state_label: str
    asked: str
    settled_words: str


@dataclass(frozen=True)
class DecisionCard:
    """What was decided of an item."""

    id: int
    kind_label: str
    words: str
    at: datetime
    by: str
    roles: tuple[RoleCard, ...]
    taken_back: str


@dataclass(frozen=True)
class Home:
    """会議: what comes, what is mine, what waits for me."""

    sittings: tuple[SittingCard, ...]
    bodies: tuple[Body, ...]
    to_acknowledge: tuple[tuple[int, str, int], ...]
    items: tuple[ItemCard, ...]
    asked: tuple[RoleCard, ...]
    roles: tuple[RoleCard, ...]
    proposals: tuple[ItemCard, ...]
    convenes: bool


def home(worker: Worker, now: datetime) -> Home:
    """What the first page of 会議 shows."""
    on = day_of(now)
    ahead = sittings_of(worker, on).exclude(state__in=OVER).order_by("day", "begins", "id")[:12]
    items = (
        visible_items(worker, on).filter(state__in=LIVE_ITEM).order_by("sitting__day", "position", "id")[:30]
    )
    proposed = Item.objects.filter(proposed_by_id=worker.pk, state=ItemState.PROPOSED).order_by("-id")[:10]
    return Home(
        sittings=sitting_cards(worker, ahead, on),
        bodies=tuple(bodies_of(worker, on).filter(ended_at__isnull=True).order_by("name", "id")),
        to_acknowledge=unacknowledged(worker, on),
        items=item_cards(worker, items, on),
        asked=_roles(DecisionRole.objects.filter(state=RoleState.ASKED, asked_worker_id=worker.pk)),
        roles=_roles(_mine(worker)),
        proposals=item_cards(worker, proposed, on),
        convenes=convened_by(worker, on).exists(),
    )


def _mine(worker: Worker) -> QuerySet[DecisionRole]:
    held = Promise.objects.filter(subject_kind=ROLE, is_open=True).filter(
        Q(worker_id=worker.pk) | Q(acting_id=worker.pk)
    )
    return DecisionRole.objects.filter(pk__in=held.order_by().values("subject_id"))


def unacknowledged(worker: Worker, on: date) -> tuple[tuple[int, str, int], ...]:
    """Bodies in which this worker has not acknowledged 守秘義務 this 年度: (seat, body, items that wait for it)."""
    year = fiscal_year(on)
    seats = (
        memberships(worker, on)
        .exclude(acknowledgements__year=year)
        .exclude(body__modes=[Mode.NO_PERSONS])
        .select_related("body")
        .order_by("body__name", "id")
    )
    found = []
    for seat in seats:
        waiting = ItemMember.objects.filter(member=seat, closed_at__isnull=True, item__state__in=LIVE_ITEM)
        found.append((seat.pk, seat.body.name, waiting.count()))
    return tuple(found)


def sitting_cards(worker: Worker, rows: Iterable[Sitting], on: date) -> tuple[SittingCard, ...]:
    """Sittings for a list, each with how many items it has."""
    found = list(rows)
    ids = [row.pk for row in found]
    counts = _how_many(ids)
    mine = set(convened_sittings(worker, on).filter(pk__in=ids).order_by().values_list("pk", flat=True))
    names = names_of(found)
    return tuple(
        SittingCard(
            row.pk, row.body_id, names[row.pk], row.day, row.begins, row.place, HowHeld.label_of(row.how), row.state,
            SittingState.label_of(row.state), row.is_ad_hoc, counts.get(row.pk, 0), row.pk in mine,
        )
        for row in found
    )  # fmt: skip


@sees_whole("how many items a sitting has")
def _how_many(sitting_ids: list[int]) -> Counter[int]:
    return Counter(
        Item.objects.filter(sitting_id__in=sitting_ids, state__in=(*LIVE_ITEM, ItemState.DONE))
        .order_by()
        .values_list("sitting_id", flat=True)
    )


def names_of(rows: Iterable[Sitting]) -> dict[int, str]:
    """How sittings are called: 「くらし支援会議・重層的支援会議（合同）」."""
    found = list(rows)
    bodies = dict(
        Body.objects.filter(pk__in=[row.body_id for row in found]).order_by().values_list("pk", "name")
    )
    joint: dict[int, list[str]] = {}
    for sitting_id, name in (
        JointBody.objects.filter(sitting_id__in=[row.pk for row in found])
        .order_by("id")
        .values_list("sitting_id", "body__name")
    ):
        joint.setdefault(sitting_id, []).append(name)
    return {
        row.pk: "・".join([bodies[row.body_id], *joint[row.pk]]) + "（合同）"
        if row.pk in joint
        else bodies[row.body_id]
        for row in found
    }


def item_cards(
    worker: Worker, rows: Iterable[Item], on: date, starts: Mapping[int, str] | None = None
) -> tuple[ItemCard, ...]:
    """Items for a list, by number where this worker may not know whose they are."""
    found = list(rows)
    ids = [row.pk for row in found]
    open_to = set(visible_items(worker, on).filter(pk__in=ids).order_by().values_list("pk", flat=True))
    parties = {row.party_id for row in found if row.party_id is not None}
    seen = seen_among(worker, parties) if parties else set()
    names = party_names(worker, seen)
    chosen: dict[int, list[bool]] = {}
    for item_id, opened in (
        ItemMember.objects.filter(item_id__in=ids, closed_at__isnull=True)
        .order_by()
        .values_list("item_id", "opened_at")
    ):
        chosen.setdefault(item_id, []).append(opened is not None)
    offices = dict(
        Item.objects.filter(pk__in=ids).order_by().values_list("pk", "proposed_office__short_name")
    )
    long = dict(Item.objects.filter(pk__in=ids).order_by().values_list("pk", "proposed_office__name"))
    days = dict(
        Sitting.objects.filter(pk__in={row.sitting_id for row in found}).order_by().values_list("pk", "day")
    )
    return tuple(
        ItemCard(
            id=row.pk,
            sitting_id=row.sitting_id,
            sitting_day=days[row.sitting_id],
            position=row.position,
            mode=row.mode,
            mode_label=Mode.label_of(row.mode),
            mode_tone=MODE_TONES[Mode(row.mode)],
            kind=ItemKind.label_of(row.kind),
            state=row.state,
            state_label=ItemState.label_of(row.state),
            source=Source.label_of(row.source),
            label=_called(row, names, row.pk in open_to),
            minutes=row.minutes,
            office=offices.get(row.pk) or long.get(row.pk) or "",
            is_open=row.pk in open_to,
            is_live=row.state in LIVE_ITEM,
            is_proposed=row.state == ItemState.PROPOSED,
            members=len(chosen.get(row.pk, ())),
            waiting=chosen.get(row.pk, []).count(False),
            starts=(starts or {}).get(row.pk, ""),
        )
        for row in found
    )


def _called(row: Item, names: Mapping[int, str], is_open: bool) -> str:
    if row.mode == Mode.NO_PERSONS:
        return row.title
    if row.party_id is not None and row.party_id in names:
        return names[row.party_id]
    return f"議題{row.pk}" if is_open else f"議題{row.pk}（選ばれた方だけが読めます）"


def member_cards(body: Body, on: date, worker: Worker | None = None) -> tuple[MemberCard, ...]:
    """Who sits in a body now or soon, and who has acknowledged this 年度."""
    rows = body.members.filter(ended_at__isnull=True).select_related("worker", "office").order_by("id")
    known = dict(
        Acknowledgement.objects.filter(member__body=body, year=fiscal_year(on))
        .order_by("id")
        .values_list("member_id", "on")
    )
    order = [role.value for role in MemberRole]
    cards = [
        MemberCard(
            row.pk, row.worker.name if row.worker else row.name, row.office.label, row.role,
            MemberRole.label_of(row.role), row.from_on, row.until_on, row.is_part_time, row.worker_id is not None,
            known.get(row.pk), worker is not None and row.worker_id == worker.pk,
        )
        for row in rows
    ]  # fmt: skip
    return tuple(sorted(cards, key=lambda card: (order.index(card.role), card.id)))


@dataclass(frozen=True)
class BodyPage:
    """A body with its rules in words, its members, its sittings."""

    id: int
    name: str
    body_type: str
    modes: tuple[str, ...]
    office: str
    rule: str
    begins: time | None
    place: str
    lines: tuple[tuple[str, str], ...]
    members: tuple[MemberCard, ...]
    ahead: tuple[SittingCard, ...]
    past: tuple[SittingCard, ...]
    is_ended: bool
    unacknowledged: int


def body_page(worker: Worker, body: Body, now: datetime) -> BodyPage:
    """What the page of a body shows."""
    on = day_of(now)
    members = member_cards(body, on, worker)
    rows = Sitting.objects.filter(Q(body=body) | Q(joint__body=body)).distinct()
    yes = lambda allowed, article: f"できる（{article}）" if allowed else "しない"  # noqa: E731
    return BodyPage(
        id=body.pk,
        name=body.name,
        body_type=BodyType.label_of(body.body_type),
        modes=tuple(Mode.label_of(mode) for mode in body.modes),
        office=body.office.label,
        rule=rule_words(body.week, body.weekday),
        begins=body.begins,
        place=body.place,
        lines=(
            ("閉庁日のとき", HolidayRule.label_of(body.holiday_rule)),
            ("議題の募集", f"開催の{body.call_days}開庁日前まで"),
            ("電話・持ち回り", yes(body.by_phone, body.by_phone_article)),
            ("会議の外での共有", yes(body.outside_sittings, body.outside_article)),
            (
                "資料",
                Recall.label_of(body.recall) + (f"（{body.recall_article}）" if body.recall_article else ""),
            ),
            ("だれの発言か", "残す" if body.keeps_who_said else "残さない"),
        ),
        members=members,
        ahead=sitting_cards(worker, rows.exclude(state__in=OVER).order_by("day", "begins", "id")[:14], on),
        past=sitting_cards(worker, rows.filter(state__in=OVER).order_by("-day", "-id")[:12], on),
        is_ended=body.ended_at is not None,
        unacknowledged=0
        if body.modes == [Mode.NO_PERSONS]
        else sum(card.acknowledged_on is None for card in members),
    )


@dataclass(frozen=True)
class Present:
    """A member at a sitting."""

    member_id: int
    name: str
    office: str
    role: str
    presence: str
    presence_label: str
    came_at: datetime | None
    left_at: datetime | None
    told_at: datetime | None


@dataclass(frozen=True)
class Coming:
    """When somebody who comes for some items comes and may leave."""

    name: str
    comes: str
    leaves: str
    waits: int


@dataclass(frozen=True)
class SittingPage:
    """A sitting with its agenda as this worker may see it."""

    card: SittingCard
    secretary: str
    reason: str
    call_until_on: date | None
    revision: int
    items: tuple[ItemCard, ...]
    off: tuple[ItemCard, ...]
    present: tuple[Present, ...]
    coming: tuple[Coming, ...]
    hidden: int
    minutes: int
    convened: bool
    modes: tuple[str, ...]


def sitting_page(worker: Worker, sitting: Sitting, now: datetime) -> SittingPage:
    """What the page of a sitting shows: to who prepares it everything by number, to members their own items."""
    on = day_of(now)
    convened = prepares(worker, sitting, on)
    rows = list(sitting.items.order_by("position", "id"))
    order = slots(sitting)
    cards = item_cards(worker, rows, on, _starts(sitting, order))
    on_it = [card for card in cards if card.is_live or card.state == ItemState.DONE]
    shown = [card for card in on_it if convened or card.is_open]
    (card,) = sitting_cards(worker, [sitting], on)
    return SittingPage(
        card=card,
        secretary=sitting.secretary.name,
        reason=sitting.reason,
        call_until_on=sitting.call_until_on,
        revision=sitting.revision,
        items=tuple(shown),
        off=tuple(one for one in cards if one not in on_it and convened),
        present=present_at(sitting, on),
        coming=coming_to(sitting, order) if convened else (),
        hidden=len(order) - len(shown),
        minutes=sum(one.minutes for one in order),
        convened=convened,
        modes=tuple(dict.fromkeys(Mode.label_of(one.mode) for one in order)),
    )


@sees_whole("the order and length of an agenda, by number")
def slots(sitting: Sitting, rows: Iterable[Item] | None = None) -> list[Slot]:
    """The items as the running order needs them: who comes for some items only, and for which."""
    part_time: dict[int, set[int]] = {}
    chosen = ItemMember.objects.filter(
        item__sitting=sitting, closed_at__isnull=True, member__is_part_time=True
    ).order_by("id")
    for item_id, member_id in chosen.values_list("item_id", "member_id"):
        part_time.setdefault(item_id, set()).add(member_id)
    items = sitting.items.order_by("position", "id") if rows is None else rows
    return [
        Slot(item.pk, item.minutes, frozenset(part_time.get(item.pk, ())), item.mode)
        for item in items
        if item.state in (*LIVE_ITEM, ItemState.DONE)
    ]


def _starts(sitting: Sitting, order: Iterable[Slot]) -> dict[int, str]:
    minute, found = 0, {}
    for slot in order:
        found[slot.id] = clock_of(sitting, minute)
        minute += slot.minutes
    return found


def clock_of(sitting: Sitting, minute: int) -> str:
    """「14:30」; 「30分後」 where the sitting has no hour."""
    if sitting.begins is None:
        return f"{minute}分後" if minute else "はじめ"
    return f"{datetime.combine(sitting.day, sitting.begins) + timedelta(minutes=minute):%H:%M}"


def coming_to(sitting: Sitting, order: list[Slot]) -> tuple[Coming, ...]:
    """When those who come for some items only come and leave, in this order."""
    rows = stays(order)
    names = _member_names(stay.member_id for stay in rows)
    return tuple(
        Coming(
            names[stay.member_id], clock_of(sitting, stay.comes), clock_of(sitting, stay.leaves), stay.waits
        )
        for stay in rows
    )


def _member_names(ids: Iterable[int]) -> dict[int, str]:
    rows = BodyMember.objects.filter(pk__in=set(ids)).select_related("worker", "office").order_by("id")
    return {row.pk: f"{row.office.label} {row.worker.name if row.worker else row.name}" for row in rows}


def cost_words(changes: Mapping[int, int]) -> list[str]:
    """What a moved order costs whom, in sentences."""
    names = _member_names(changes)
    return [
        f"{names[member]}さんの待ち時間が{abs(minutes)}分{'増えます' if minutes > 0 else '減ります'}。"
        for member, minutes in changes.items()
    ]


def present_at(sitting: Sitting, on: date) -> tuple[Present, ...]:
    """Everybody who sits at it, with whether they were there."""
    bodies = [sitting.body_id, *sitting.joint.order_by("id").values_list("body_id", flat=True)]
    known = {row.member_id: row for row in Attendance.objects.filter(sitting=sitting).order_by("id")}
    rows = (
        BodyMember.objects.filter(
            Q(pk__in=known) | Q(pk__in=sitting_members(max(sitting.day, on)).filter(body_id__in=bodies).order_by().values("pk"))
        )
        .select_related("worker", "office")
        .order_by("id")
    )  # fmt: skip
    seen: set[int] = set()
    found = []
    for row in rows:
        if row.worker_id is not None and row.worker_id in seen:
            continue
        seen |= {row.worker_id} if row.worker_id else set()
        was = known.get(row.pk)
        presence = was.presence if was else Presence.EXPECTED.value
        found.append(
            Present(
                row.pk, row.worker.name if row.worker else row.name, row.office.label, MemberRole.label_of(row.role),
                presence, Presence.label_of(presence), was.came_at if was else None, was.left_at if was else None,
                was.told_at if was else None,
            )
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True)
class Seat:
    """A member chosen for an item."""

    member_id: int
    name: str
    office: str
    facets: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True)
class ItemPage:
    """An item to those to whom it is open."""

    card: ItemCard
    asked: str
    ground: str
    ground_sentence: str
    facets: tuple[str, ...]
    may_open_person: bool
    party_id: int | None
    party_kind: str
    case_id: int | None
    plan_id: int | None
    concern_id: int | None
    members: tuple[Seat, ...]
    heard: str
    decisions: tuple[DecisionCard, ...]
    convened: bool
    sitting: SittingCard
    revision: int
    needs_consent: bool


def item_page(worker: Worker, item: Item, now: datetime) -> ItemPage:
    """What the page of an item shows (inside its open door)."""
    on = day_of(now)
    (card,) = item_cards(worker, [item], on)
    (sitting,) = sitting_cards(worker, [item.sitting], on)
    seats = seats_of(item)
    mine = next(
        (
            row
            for row in item.members.filter(closed_at__isnull=True, member__worker_id=worker.pk).order_by("id")
        ),
        None,
    )
    sees = item.party_id is not None and bool(seen_among(worker, [item.party_id]))
    return ItemPage(
        card=card,
        asked=item.asked,
        ground=ground_of(item),
        ground_sentence=GROUND_SENTENCES[Mode(item.mode)],
        facets=tuple(Facet.label_of(facet) for facet in mine.facets) if mine else (),
        may_open_person=sees,
        party_id=item.party_id if sees else None,
        party_kind=item.party.kind if item.party else "",
        case_id=item.case_id if sees else None,
        plan_id=item.plan_id if sees and mine and Facet.PLAN in mine.facets else None,
        concern_id=item.concern_id if sees else None,
        members=seats,
        heard=item.heard,
        decisions=decisions_of(item),
        convened=prepares(worker, item.sitting, on) and is_open_to(worker, item, on),
        sitting=sitting,
        revision=item.revision,
        needs_consent=item.mode in NEEDS_CONSENT,
    )


def seats_of(item: Item) -> tuple[Seat, ...]:
    """Who is chosen for an item, and to whom it is open."""
    rows = item.members.filter(closed_at__isnull=True).select_related("member__worker", "member__office")
    return tuple(
        Seat(
            row.member_id, row.member.worker.name if row.member.worker else row.member.name, row.member.office.label,
            tuple(Facet.label_of(facet) for facet in row.facets), row.opened_at is not None,
        )
        for row in rows.order_by("id")
    )  # fmt: skip


def decisions_of(item: Item) -> tuple[DecisionCard, ...]:
    """What was decided of an item, with the roles it gave."""
    rows = Decision.objects.filter(item=item).select_related("decided_by").order_by("id")
    roles: dict[int, list[RoleCard]] = {}
    for row, card in zip(*_with_cards(DecisionRole.objects.filter(decision__item=item)), strict=True):
        roles.setdefault(row.decision_id, []).append(card)
    return tuple(
        DecisionCard(
            row.pk, DecisionKind.label_of(row.kind), row.words, row.decided_at, row.decided_by.name,
            tuple(roles.get(row.pk, ())), row.taken_back_reason,
        )
        for row in rows
    )  # fmt: skip


def _with_cards(rows: QuerySet[DecisionRole]) -> tuple[list[DecisionRole], list[RoleCard]]:
    found = list(
        rows.select_related("office", "worker", "asked_office", "asked_worker", "decision").order_by(
            "due_on", "id"
        )
    )
    return found, [role_card(row) for row in found]


def _roles(rows: QuerySet[DecisionRole]) -> tuple[RoleCard, ...]:
    return tuple(_with_cards(rows)[1])


def role_card(row: DecisionRole) -> RoleCard:
    """A role as lists and pages show it; whoever answers now is its open promise."""
    kept = (
        Promise.objects.filter(subject_kind=ROLE, subject_id=row.pk, is_open=True)
        .select_related("worker", "office")
        .order_by("id")
        .first()
    )
    office, worker = (
        (kept.office, kept.worker) if kept and row.state != RoleState.DONE else (row.office, row.worker)
    )
    return RoleCard(
        row.pk, row.decision.item_id, row.what, office.label, worker.name, kept.due_on if kept else row.due_on, row.state,
        RoleState.label_of(row.state),
        f"{row.asked_office.label} {row.asked_worker.name}" if row.asked_office and row.asked_worker else "",
        row.settled_words,
    )  # fmt: skip


def days_of(body: Body, on: date) -> tuple[tuple[Planned, bool], ...]:
    """The next twelve months by the body's rule: (day, whether it stands in the calendar already)."""
    if body.week is None or body.weekday is None:
        return ()
    days = days_ahead(
        week=body.week, weekday=body.weekday, holiday_rule=body.holiday_rule, calendar=calendar_of(body.office_id),
        after=on,
    )[:12]  # fmt: skip
    standing = set(
        body.sittings.filter(is_ad_hoc=False, day__gte=on)
        .exclude(state=SittingState.CANCELLED)
        .values_list("day", flat=True)
    )
    return tuple((planned, planned.day in standing) for planned in days)


def who_may_take(item: Item) -> list[tuple[int, int, str]]:
    """Workers a role of this item may go to: (worker, office, words). The offices of its members, and the body's own."""
    offices = [item.sitting.body.office_id]
    if item.mode == Mode.NO_PERSONS:
        offices += item.sitting.body.members.filter(ended_at__isnull=True).values_list("office_id", flat=True)
    else:
        offices += (
            item.members.filter(closed_at__isnull=True)
            .order_by("id")
            .values_list("member__office_id", flat=True)
        )
    return [
        (card.id, card.office_id, f"{card.office} {card.name}")
        for card in workers_of(list(dict.fromkeys(offices)))
    ]


def notes_of(role: DecisionRole) -> list[object]:
    """What was said of a role, newest first."""
    return list(role.notes.select_related("by").order_by("-id"))


def sitting_choices(on: date, *, but: int | None = None) -> list[tuple[int, str]]:
    """Sittings to which an item may be proposed."""
    rows = Sitting.objects.exclude(state__in=OVER).filter(day__gte=on).exclude(pk=but or 0)
    found = list(rows.order_by("day", "begins", "id")[:40])
    names = names_of(found)
    return [(row.pk, f"{row.day.month}月{row.day.day}日 {names[row.pk]}") for row in found]
