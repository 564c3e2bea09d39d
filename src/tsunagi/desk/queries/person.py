"""人・世帯: who they are, how they live, who is involved and why, concerns and who holds them, one timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from tsunagi.accounts.queries import office_ids
from tsunagi.cases.models import Case, Note
from tsunagi.cases.rules import CaseState, NoteKind
from tsunagi.diary.queries import AppointmentCard, planned_for
from tsunagi.guardianship.queries import PowerCard, powers_of
from tsunagi.holding.models import Closing, Concern
from tsunagi.holding.queries import (
    Happened,
    RowCard,
    RowMaker,
    held_for,
    history_of,
)
from tsunagi.holding.rules import ClosingOutcome
from tsunagi.intake.queries import latest_consultations
from tsunagi.intake.rules import CallerKind
from tsunagi.people.access import seen_among, sight_of
from tsunagi.people.models import Party, Person
from tsunagi.people.queries import (
    HouseholdCard,
    InvolvementCard,
    PersonCard,
    RelationCard,
    SafeContactCard,
    UnknownCard,
    household_card,
    households_of,
    involvements_of,
    merge_between,
    name_of,
    person_card,
    records_together,
    relations_of,
    safe_contact_of,
    standing_for,
    unknown_card,
)
from tsunagi.people.rules import Facet, PartyKind
from tsunagi.referrals.queries import ReferralCard, cards, latest_of, of_parties
from tsunagi.shared.kept import Kept

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

LINES = 60
CONTACT_SIGN = "talk"


@dataclass(frozen=True)
class Told:
    """One line of the household's timeline, with a link where it can be opened."""

    at: datetime
    title: str
    by: str
    words: str
    icon: str
    url: str


@dataclass(frozen=True)
class ClosedConcern:
    """A concern that ended."""

    id: int
    description: str
    outcome: str
    closed_at: datetime


@dataclass(frozen=True)
class CaseLine:
    """A file on this party."""

    id: int
    number: str
    title: str
    office: str
    worker: str
    state: str
    is_open: bool


@dataclass(frozen=True)
class Twin:
    """Another record of the same person, that was joined to this one (統合)."""

    merge_id: int
    person: PersonCard
    safe_contact: SafeContactCard


@dataclass(frozen=True)
class PartyPage:
    """What the page of a person, a household or someone not yet known prints."""

    id: int
    kind: str
    name: str
    person: PersonCard | None
    safe_contact: SafeContactCard | None
    unknown: UnknownCard | None
    households: tuple[HouseholdCard, ...]
    relations: tuple[RelationCard, ...]
    involvements: tuple[InvolvementCard, ...]
    rows: tuple[RowCard, ...]
    closed: tuple[ClosedConcern, ...]
    cases: tuple[CaseLine, ...]
    referrals: tuple[ReferralCard, ...]
    timeline: tuple[Told, ...]
    more_lines: int
    only_referral: bool
    holds_here: bool
    last_seen_on: date | None
    twins: tuple[Twin, ...]
    appointments: tuple[AppointmentCard, ...] = ()
    # Who may sign or receive for them (成年後見・親権・委任 …).
    powers: tuple[PowerCard, ...] = ()
    draws: bool = False
    """Whether this worker may open the pictures of the family (世帯・関係)."""


def party_page(worker: Worker, party: Party, now: datetime) -> PartyPage:
    """The page of a party the worker came to through a door (`people.access.party_for`)."""
    on = now.date()
    sight = getattr(party, "sight", None) or sight_of(worker, party.pk)
    facets = sight.facets if sight else frozenset()
    only_referral = Facet.PROGRESS not in facets
    together, joined = records_together(party.pk)
    seen = seen_among(worker, together)
    # Whoever sees only one of two records of a person sees only what is written on that one.
    one = [pk for pk in joined if pk in seen and _is_one_with(worker, pk, party.pk)]
    twins = _twins(worker, one, party.pk, on)
    apart = set(joined) - set(one)
    # Whom this worker may not see stays out, though they live in the same house.
    parties = [pk for pk in together if pk == party.pk or (pk in seen and pk not in apart)]
    mine = office_ids(worker)
    maker = RowMaker(now)
    rows = [maker.of_held(hold) for hold in held_for(parties)]
    if only_referral:
        offered = set(_offered(worker, parties))
        rows = [row for row in rows if row.office_id in mine or row.concern_id in offered]
    # Agencies near home, and who works there, would tell where a protected person is.
    withheld = sight is not None and sight.protected and not sight.shows_address
    if withheld:
        rows = [row for row in rows if row.office_id in mine]
    lines, more = _timeline(
        worker, parties, [row.concern_id for row in rows if row.concern_id], only_referral or withheld
    )
    person = party.person if party.kind == PartyKind.PERSON else None
    return PartyPage(
        id=party.pk,
        kind=party.kind,
        name=name_of(party),
        person=person_card(worker, person, on=on, sight=sight) if person else None,
        safe_contact=safe_contact_of(worker, person) if person else None,
        unknown=unknown_card(worker, party) if party.kind == PartyKind.UNKNOWN else None,
        households=tuple(_households(worker, party, twins, on)),
        relations=_relations(worker, person, twins) if person else (),
        involvements=tuple(involvements_of(worker, party)),
        rows=tuple(rows),
        closed=() if only_referral else tuple(_closed(parties)),
        cases=() if only_referral or withheld else tuple(_cases(parties)),
        referrals=tuple(cards(latest_of(worker, parties), on=on, book=maker.book)),
        timeline=tuple(lines),
        more_lines=more,
        only_referral=only_referral,
        holds_here=any(row.office_id in mine for row in rows),
        last_seen_on=max((row.last_seen_on for row in rows if row.last_seen_on), default=None),
        twins=tuple(twin for twin, _person in twins),
        # Whom other offices meet, and when, would tell where a protected person is.
        appointments=tuple(
            row
            for row in (() if only_referral else planned_for(parties, now, maker.book))
            if not withheld or row.office_id in mine
        ),
        powers=tuple(powers_of(worker, party.pk, on)),
        draws=Facet.HOUSEHOLD in facets and party.kind != PartyKind.UNKNOWN,
    )


def _is_one_with(worker: Worker, joined: int, kept: int) -> bool:
    sight = sight_of(worker, joined)
    return sight is not None and sight.party_id == kept


def _twins(worker: Worker, joined: list[int], kept: int, on: date) -> list[tuple[Twin, Person]]:
    if not joined:
        return []
    merges = merge_between({kept, *joined})
    persons = Person.objects.filter(pk__in=merges).select_related("party").order_by("pk")
    return [
        (Twin(merges[one.pk], person_card(worker, one, on=on), safe_contact_of(worker, one)), one)
        for one in persons
    ]


def _relations(worker: Worker, person: Person, twins: list[tuple[Twin, Person]]) -> tuple[RelationCard, ...]:
    return tuple(
        card for one in (person, *(other for _twin, other in twins)) for card in relations_of(worker, one)
    )


def _households(
    worker: Worker, party: Party, twins: list[tuple[Twin, Person]], on: date
) -> Iterable[HouseholdCard]:
    if party.kind == PartyKind.PERSON:
        cards = [
            card
            for one in (party.person, *(other for _twin, other in twins))
            for card in households_of(worker, one, on=on)
        ]
        return list({card.id: card for card in cards}.values())
    if party.kind == PartyKind.HOUSEHOLD:
        return [household_card(worker, party.household, on=on)]
    return []


def _offered(worker: Worker, parties: list[int]) -> Iterable[int]:
    return of_parties(worker, parties).order_by().values_list("rows__concern_id", flat=True)


def _closed(parties: list[int]) -> Iterable[ClosedConcern]:
    return [
        ClosedConcern(concern_id, description, ClosingOutcome(outcome).label, at)
        for concern_id, description, outcome, at in _CLOSED.rows(parties)
    ]


def _cases(parties: list[int]) -> Iterable[CaseLine]:
    return [
        CaseLine(
            row.id, row.number or str(row.id), row.title, row.office__short_name or row.office__name,
            row.worker__name, CaseState(row.state).label, row.state == CaseState.OPEN,
        )
        for row in _CASES.named(parties)
    ]  # fmt: skip


_CLOSED = Kept(
    lambda parties: (
        Closing.objects.filter(
            reopened_at__isnull=True,
            concern__closed_at__isnull=False,
            concern__party__in=standing_for(parties),
        )
        .order_by("-id")
        .values_list("concern_id", "concern__description", "outcome", "at")[:30]
    )
)
_CASES = Kept(
    lambda parties: (
        Case.objects.filter(party__id__any=parties)
        .order_by("state", "-id")
        .values_list("id", "number", "title", "state", "office__name", "office__short_name", "worker__name")[
            :20
        ]
    )
)
_CONCERNS = Kept(
    lambda parties: Concern.objects.filter(party__in=standing_for(parties)).order_by("id").values_list("id")
)
_NOTES = Kept(
    lambda parties: (
        Note.objects.filter(case__party__id__any=parties)
        .order_by("-happened_at", "-id")
        .values_list("case_id", "happened_at", "kind", "facts", "judgement", "policy", "worker__name")[:LINES]
    )
)


def _timeline(
    worker: Worker, parties: list[int], open_concerns: list[int], only_referral: bool
) -> tuple[list[Told], int]:
    ids = open_concerns
    if not only_referral:
        ids = [pk for (pk,) in _CONCERNS.rows(parties)]
    lines = _once(history_of(ids))
    if not only_referral:
        lines += _consultations(worker, parties)
        lines += _notes(parties)
    lines.sort(key=lambda line: line.at, reverse=True)
    return lines[:LINES], max(0, len(lines) - LINES)


def _once(lines: Iterable[Happened]) -> list[Told]:
    """A contact and the hold it moved are one thing that happened: the contact is told, not both."""
    lines = list(lines)
    contacts = {(line.at, line.by) for line in lines if line.sign == CONTACT_SIGN}
    return [_told(line) for line in lines if line.sign == CONTACT_SIGN or (line.at, line.by) not in contacts]


def _told(line: Happened) -> Told:
    return Told(line.at, line.title, line.by, line.words, line.sign, "")


def _consultations(worker: Worker, parties: list[int]) -> list[Told]:
    return [
        Told(
            row.came_at,
            f"相談 {row.number or row.id}({CallerKind(row.caller_kind).label if row.caller_kind else '相談者は書かれていません'})",
            row.written_by__name or row.worker_as_written,
            row.words,
            "phone",
            reverse("intake:detail", args=[row.id]),
        )
        for row in latest_consultations(worker, parties)
    ]


def _notes(parties: list[int]) -> list[Told]:
    return [
        Told(
            row.happened_at,
            f"記録({NoteKind(row.kind).label})" if row.kind else "記録",
            row.worker__name,
            "\n".join(
                text
                for text in (
                    row.facts,
                    row.judgement and f"見立て: {row.judgement}",
                    row.policy and f"方針: {row.policy}",
                )
                if text
            ),
            "pen",
            reverse("cases:detail", args=[row.case_id]),
        )
        for row in _NOTES.named(parties)
    ]
