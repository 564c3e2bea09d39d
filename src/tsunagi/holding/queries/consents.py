"""What rests on a person's consent: holds and promises of offices that came in by it, and on what else they could stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from tsunagi.accounts.models import Office
from tsunagi.holding.access import may_ask_consent
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.rules import HoldKind
from tsunagi.people.access import closed_to
from tsunagi.people.models import Involvement, Membership
from tsunagi.people.queries import household_ids_of, party_names
from tsunagi.people.rules import ReasonKind
from tsunagi.shared.kept import Kept
from tsunagi.sharing.models import Consent
from tsunagi.sharing.queries import consent_briefs, grounds_between_offices
from tsunagi.sharing.rules import CONSENT_GROUNDS, ConsentState, Offer

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# What a hold cannot be kept on after a withdrawal: consent itself, and what opens only when a demand came.
_NOT_TO_KEEP_ON = CONSENT_GROUNDS | {"01", "12", "20", "21", "22", "23"}


@dataclass(frozen=True)
class RestingHold:
    """A hold that rests on a consent, as the withdrawal's page asks about it."""

    hold_id: int
    concern_id: int
    description: str
    kind: str
    office_id: int
    office: str
    worker: str
    due_on: date
    back_to: str
    grounds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StateRow:
    """How it stands with one person's consent, where a worker decides. `opens`: they may go and record an answer."""

    person_id: int
    name: str
    state: ConsentState
    tone: str
    offices: tuple[str, ...]
    office_ids: frozenset[int]
    standard_id: int | None
    opens: bool = True


def consent_states_for(worker: Worker, person_ids: Iterable[int], *, on: date) -> list[StateRow]:
    """How it stands with those of these persons whom this worker may ask; others are left out. In the order given."""
    ids = [pk for pk in dict.fromkeys(person_ids) if may_ask_consent(worker, pk, on=on)]
    if not ids:
        return []
    briefs, names = consent_briefs(ids, on=on), party_names(worker, ids)
    asked = {office for brief in briefs.values() for office in brief.offices}
    labels = (
        {row.pk: row.label for row in Office.objects.filter(pk__in=asked).order_by("code")} if asked else {}
    )
    return [
        StateRow(
            pk,
            names.get(pk, ""),
            briefs[pk].state,
            _TONES.get(briefs[pk].state, "soon"),
            tuple(label for office, label in labels.items() if office in briefs[pk].offices),
            briefs[pk].offices,
            briefs[pk].standard_id,
        )
        for pk in ids
    ]


_TONES = {
    ConsentState.GIVEN_ALL: "good",
    ConsentState.GIVEN_PART: "good",
    ConsentState.REFUSED: "bad",
    ConsentState.WITHDRAWN: "bad",
}


@dataclass(frozen=True)
class LookAgain:
    """A consent its holder is to look at: a year has passed since, or the eighteenth birthday is near. Nothing ends by this
    look's day."""

    consent_id: int
    person_id: int
    name: str
    looked_at_on: date
    of_age_on: date | None
    is_cliff: bool


MONTHS_AHEAD = 6


def consents_to_look_at(worker: Worker, *, on: date) -> list[LookAgain]:
    """Consents of the persons this worker holds, or asked themself, that were not looked at for a year, or end at eighteen
    within half a year. One query; derived."""
    rows = _TO_LOOK_AT.rows(worker.pk, _a_year_before(on), on + timedelta(days=MONTHS_AHEAD * 31))
    closed = closed_to(worker) if rows else ()
    return [
        LookAgain(pk, person_id, name or kana or "氏名不詳", looked, of_age, looked > _a_year_before(on))
        for pk, person_id, name, kana, looked, of_age in rows
        if person_id not in closed
    ]


def _a_year_before(on: date) -> date:
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return on.replace(year=on.year - 1, day=28)


def _to_look_at(
    worker_id: int, year_ago: date, soon: date
) -> QuerySet[Consent, tuple[int, int, str, str, date, date | None]]:
    mine = Hold.objects.filter(worker_id=worker_id, closed_at__isnull=True, look_back=False)
    homes = Membership.objects.filter(
        ended_at__isnull=True, household_id__in=mine.values("concern__party_id")
    ).order_by()
    held = Q(person_id__in=mine.order_by().values("concern__party_id")) | Q(
        person_id__in=homes.values("person_id")
    )
    return (
        Consent.objects.filter(
            held | Q(asked_by_id=worker_id),
            Q(looked_at_on__lte=year_ago) | Q(of_age_on__lte=soon),
            ended_at__isnull=True, state__in=["given_all", "given_part"], person__died_on__isnull=True,
        )
        .order_by("looked_at_on", "id")
        .values_list("id", "person_id", "person__name", "person__kana", "looked_at_on", "of_age_on")
    )  # fmt: skip


_TO_LOOK_AT = Kept(_to_look_at)


def holds_resting_on(person_id: int, asking_office_id: int, office_ids: Iterable[int]) -> list[Hold]:
    """Open holds of these offices on this person's concerns, or the household's, that they see by consent alone.

    Rests on consent: seen on ground 02/30; or held by an office that could never see on 01 (a private body), by whatever
    ground it was written down before consents were.
    """
    only = offices_by_consent_alone(asking_office_id, office_ids)
    rows = (
        Hold.objects.filter(
            concern__party_id__in=[person_id, *household_ids_of(person_id)],
            office_id__in=list(office_ids),
            closed_at__isnull=True,
        )
        .select_related("concern", "office", "worker")
        .order_by("concern_id")
    )
    found = list(rows)
    grounds: dict[tuple[int, int], set[str]] = {}
    for concern_id, office_id, ground in Involvement.objects.filter(
        reason_kind=ReasonKind.CONCERN,
        reason_id__in=[row.concern_id for row in found],
        office_id__in=list(office_ids),
        ended_at__isnull=True,
    ).values_list("reason_id", "office_id", "ground"):
        grounds.setdefault((concern_id, office_id), set()).add(ground)
    return [
        row
        for row in found
        if (seen := grounds.get((row.concern_id, row.office_id), set())) <= CONSENT_GROUNDS
        or (row.office_id in only and seen <= CONSENT_GROUNDS | {"01"})
    ]


def promises_resting_on(person_id: int, asking_office_id: int, office_id: int) -> list[Promise]:
    """Open promises of this office about this person that it sees by consent alone."""
    rows = list(
        Promise.objects.select_for_update()
        .filter(party_id__in=[person_id, *household_ids_of(person_id)], office_id=office_id, is_open=True)
        .order_by("pk")
    )
    if not rows or offices_by_consent_alone(asking_office_id, [office_id]):
        return rows
    by_consent = set(
        Involvement.objects.filter(
            reason_kind=ReasonKind.PROMISE,
            reason_id__in=[row.pk for row in rows],
            ground__in=CONSENT_GROUNDS,
            ended_at__isnull=True,
        ).values_list("reason_id", flat=True)
    )
    return [row for row in rows if row.pk in by_consent]


def offices_by_consent_alone(asking_office_id: int, office_ids: Iterable[int]) -> frozenset[int]:
    """Of these offices, those to which neither use within the purpose (01) nor 04 leads from the office that asked."""
    asking = Office.objects.get(pk=asking_office_id)
    only = set()
    for office in Office.objects.filter(pk__in=list(office_ids)).order_by("pk"):
        codes = {offer.ground.code for offer in grounds_between_offices(asking, office, consent=False)}
        if not codes & {"01", "03", "04"}:
            only.add(office.pk)
    return frozenset(only)


def last_office_on_its_own(hold: Hold, asking_office_id: int) -> tuple[int, int] | None:
    """(worker, office) of the last hold before this one whose office needs nobody's consent (01); None when there is none."""
    asking = Office.objects.get(pk=asking_office_id)
    chain = (
        Hold.objects.filter(
            concern_id=hold.concern_id, pk__lt=hold.pk, office__is_active=True, office__signs_in=True
        )
        .exclude(office_id=hold.office_id)
        .select_related("office")
        .order_by("-pk")
    )
    for row in chain:
        codes = {offer.ground.code for offer in grounds_between_offices(asking, row.office, consent=False)}
        if row.office_id == asking_office_id or "01" in codes:
            return row.worker_id, row.office_id
    return None


def grounds_to_keep_on(giver_office_id: int, office_id: int, *, on: date) -> list[Offer]:
    """The grounds a hold may stay on without consent, by what both are before the law."""
    giver, office = Office.objects.get(pk=giver_office_id), Office.objects.get(pk=office_id)
    offers = grounds_between_offices(giver, office, consent=False, on=on)
    fits = [offer for offer in offers if offer.ground.code not in _NOT_TO_KEEP_ON]
    return sorted(fits, key=lambda offer: offer.ground.code)


def resting_holds(
    person_id: int, asking_office_id: int, office_ids: Iterable[int], *, on: date
) -> list[RestingHold]:
    """The same holds with what may be chosen for each."""
    cards = []
    for hold in holds_resting_on(person_id, asking_office_id, office_ids):
        before = last_office_on_its_own(hold, asking_office_id)
        back = Office.objects.get(pk=before[1] if before else asking_office_id)
        offers = grounds_to_keep_on(back.pk, hold.office_id, on=on)
        cards.append(
            RestingHold(
                hold_id=hold.pk,
                concern_id=hold.concern_id,
                description=hold.concern.description,
                kind=HoldKind.label_of(hold.kind),
                office_id=hold.office_id,
                office=hold.office.label,
                worker=hold.worker.name,
                due_on=hold.due_on,
                back_to=back.label,
                grounds=tuple((offer.ground.code, offer.ground.label) for offer in offers),
            )
        )
    return cards
