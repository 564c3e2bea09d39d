"""Items the work itself proposes: what is falling, waits for a meeting, is due to be looked at, is about to end, fits nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.queries import city_calendar, office_ids
from tsunagi.holding.models import Gap, Hold
from tsunagi.holding.rules import GapKind, Urgency
from tsunagi.meetings.models import Item, Sitting
from tsunagi.meetings.rules import LIVE_ITEM, ItemKind, ItemState, Mode, Source, allowed_on
from tsunagi.people.access import closed_to, visible_parties
from tsunagi.people.models import Membership, Party
from tsunagi.people.queries import party_names
from tsunagi.people.rules import PartyKind
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.plans.access import visible_files
from tsunagi.plans.models import Monitoring, Plan
from tsunagi.plans.rules import MonitorDecision, PlanState
from tsunagi.shared.days import day_of
from tsunagi.sharing.queries import consent_states
from tsunagi.sharing.rules import GIVEN

from .cards import ItemCard, item_cards

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

MOST = 40
AHEAD = 30
"""Days ahead within which a plan's next look or end is offered."""


@dataclass(frozen=True)
class Suggestion:
    """Something the work proposes as an item: one tick. `why_not`: what stands in its way, and the way out."""

    key: str
    source: Source
    label: str
    why: str
    kind: str
    mode: str
    party_id: int | None = None
    case_id: int | None = None
    plan_id: int | None = None
    concern_id: int | None = None
    gap_id: int | None = None
    why_not: str = ""

    @property
    def source_label(self) -> str:
        """Where it comes from."""
        return self.source.label


def suggestions(worker: Worker, sitting: Sitting, modes: Iterable[str], now: datetime) -> list[Suggestion]:
    """What this worker sees that a sitting with these bases might speak of; what is on an agenda already is left out."""
    on = day_of(now)
    held = set(modes)
    found: list[Suggestion] = []
    if Mode.SUPPORT in held or Mode.SUPPORT_NEEDY in held:
        found += _falling(worker, Mode.SUPPORT if Mode.SUPPORT in held else Mode.SUPPORT_NEEDY, on)
    if Mode.LAYERED in held or Mode.COORDINATION in held:
        found += _plans(worker, Mode.LAYERED if Mode.LAYERED in held else Mode.COORDINATION, on)
    if Mode.NO_PERSONS in held and reach_of(worker, Purpose.GAPS) > Reach.NONE:
        found += _gaps()
    taken = set(
        Item.objects.filter(sitting=sitting, state__in=LIVE_ITEM).values_list(
            "concern_id", "plan_id", "gap_id"
        )
    )
    return [one for one in found if (one.concern_id, one.plan_id, one.gap_id) not in taken][:MOST]


def _falling(worker: Worker, mode: Mode, on: date) -> list[Suggestion]:
    calendar = city_calendar()
    late = Q(due_on__lt=calendar.add(on, -5)) | Q(
        due_on__lt=calendar.add(on, -1), concern__urgency=Urgency.HIGH
    )
    rows = list(
        Hold.objects.filter(late, closed_at__isnull=True, concern__party_id__in=visible_parties(worker))
        .select_related("concern")
        .order_by("due_on", "id")[:MOST]
    )
    names = party_names(worker, {row.concern.party_id for row in rows})
    return [
        Suggestion(
            f"falling-{row.concern_id}", Source.FALLING, names[row.concern.party_id],
            f"次に動く日（{row.due_on.month}月{row.due_on.day}日）から日が過ぎています", ItemKind.PERSON.value, mode.value,
            party_id=row.concern.party_id, concern_id=row.concern_id,
        )
        for row in rows
    ]  # fmt: skip


def _plans(worker: Worker, mode: Mode, on: date) -> list[Suggestion]:
    ahead = on + timedelta(days=AHEAD)
    rows = list(
        Plan.objects.filter(case__in=visible_files(worker))
        .filter(
            Q(state=PlanState.CONFERRING)
            | Q(state=PlanState.RUNNING) & (Q(until_on__lte=ahead) | Q(monitor_on__lte=on))
            | Q(state=PlanState.RUNNING, monitorings__decision=MonitorDecision.CLOSE)
        )
        .select_related("case__party")
        .distinct()
        .order_by("until_on", "id")[:MOST]
    )
    ending = set(
        Monitoring.objects.filter(plan__in=rows, decision=MonitorDecision.CLOSE).values_list(
            "plan_id", flat=True
        )
    )
    who = _who_consents(rows, on)
    names = party_names(worker, {row.case.party_id for row in rows} | {pk for pk in who.values() if pk})
    found = []
    for row in rows:
        source, kind, why = _why(row, row.pk in ending)
        person = who[row.pk]
        found.append(
            Suggestion(
                f"plan-{row.pk}", source, names[row.case.party_id], why, kind.value, mode.value,
                party_id=person or row.case.party_id, case_id=row.case_id, plan_id=row.pk,
                why_not="" if person else "本人の同意がまだないので、この会議では協議できません。先に同意を聞いてください。",
            )
        )  # fmt: skip
    return found


def _why(row: Plan, ends: bool) -> tuple[Source, ItemKind, str]:
    if row.state == PlanState.CONFERRING:
        return Source.PLAN, ItemKind.PLAN, "プランが会議の協議を待っています"
    if ends:
        return Source.CLOSING, ItemKind.CLOSING, "モニタリングで「終結に進める」と判断されています"
    return Source.REVIEW, ItemKind.CLOSING, "プランの見直しか期間の終わりが近づいています"


def _who_consents(plans: Iterable[Plan], on: date) -> dict[int, int | None]:
    """Plan → the person of its file who consented (a household as such cannot)."""
    rows = list(plans)
    persons: dict[int, list[int]] = {
        row.pk: [row.case.party_id] if row.case.party.kind == PartyKind.PERSON else [] for row in rows
    }
    households = {row.case.party_id: row.pk for row in rows if row.case.party.kind == PartyKind.HOUSEHOLD}
    for household_id, person_id in (
        Membership.objects.filter(household_id__in=households, ended_at__isnull=True)
        .order_by("id")
        .values_list("household_id", "person_id")
    ):
        persons[households[household_id]].append(person_id)
    states = consent_states([pk for ids in persons.values() for pk in ids], on=on)
    return {plan: next((pk for pk in ids if states.get(pk) in GIVEN), None) for plan, ids in persons.items()}


def _gaps() -> list[Suggestion]:
    rows = Gap.objects.filter(solved_at__isnull=True).order_by("-id")[:10]
    return [
        Suggestion(
            f"gap-{row.pk}", Source.GAP, GapKind.label_of(row.kind), row.needed or "使えるものがありませんでした",
            ItemKind.RESOURCES.value, Mode.NO_PERSONS.value, gap_id=row.pk,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Way:
    """On which bases one person may be spoken of now: (basis, whether, what that means)."""

    name: str
    consent: str
    modes: tuple[tuple[str, bool, str], ...]


def ways(people: Iterable[tuple[int, str]], on: date) -> tuple[Way, ...]:
    """The hard stops of proposing these people, as `actions.propose` reckons them. Ask inside an open door."""
    named = dict(people)
    if not named:
        return ()
    kinds = dict(Party.objects.filter(pk__in=named).order_by().values_list("pk", "kind"))
    states = consent_states([pk for pk, kind in kinds.items() if kind == PartyKind.PERSON], on=on)
    found = []
    for pk, name in named.items():
        state = states.get(pk)
        modes = tuple(
            (
                mode.label,
                *allowed_on(mode, has_consent=state in GIVEN, is_household=kinds[pk] != PartyKind.PERSON),
            )
            for mode in (Mode.SUPPORT, Mode.LAYERED)
        )
        found.append(Way(name, state.label if state else "", modes))
    return tuple(found)


def proposed_for(worker: Worker, sitting: Sitting, now: datetime) -> tuple[ItemCard, ...]:
    """What was proposed to a sitting and waits to be taken up, named where this worker may know whose it is."""
    rows = Item.objects.filter(sitting=sitting, state=ItemState.PROPOSED).exclude(
        party_id__in=closed_to(worker)
    )
    return item_cards(worker, rows.order_by("position", "id"), day_of(now))


def on_an_agenda(worker: Worker, party_id: int, now: datetime) -> tuple[ItemCard, ...]:
    """Where this worker or their offices brought somebody to already, and it was not yet spoken of."""
    rows = Item.objects.filter(party_id=party_id, state__in=LIVE_ITEM).filter(
        Q(proposed_by_id=worker.pk) | Q(proposed_office_id__in=office_ids(worker))
    )
    return item_cards(worker, rows.order_by("sitting__day", "id"), day_of(now))
