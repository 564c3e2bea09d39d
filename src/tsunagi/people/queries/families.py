"""Households and relations, without those this worker may not see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from tsunagi.accounts.models import Worker
from tsunagi.codes.queries import label_of
from tsunagi.people.access import closed_to, directly_seen_by, seen_among
from tsunagi.people.models import Household, Membership, Person, Protection, Relation
from tsunagi.people.rules import BirthFacts, RelationKind, show_age, show_birth
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole

from .cards import UNNAMED, HouseholdCard, MemberCard, RelationCard


def households_of(worker: Worker, person: Person, *, on: date) -> list[HouseholdCard]:
    """The households this person is in now, with the members this worker may see."""
    return _household_cards(worker, [pk for (pk,) in _IN.rows(person.pk)], on)


def household_of(worker: Worker, person: Person, *, on: date) -> HouseholdCard | None:
    """The first of `households_of`, or None."""
    found = households_of(worker, person, on=on)
    return found[0] if found else None


def household_card(worker: Worker, household: Household, *, on: date) -> HouseholdCard:
    """A household's page. Ask through an open door (`access.household_for`)."""
    return _household_cards(worker, [household.pk], on)[0]


@sees_whole("who is hidden hides what would tell of them")
def relations_of(worker: Worker, person: Person) -> list[RelationCard]:
    """Relations of this person to others, in words; without those to protected persons the office is not with."""
    rows = _RELATIONS.named(person.pk)
    hidden = hidden_from(worker, {pk for row in rows for pk in (row.person_id, row.other_id)} - {person.pk})
    seen = seen_among(worker, {pk for row in rows for pk in (row.person_id, row.other_id)}) if rows else set()
    cards = []
    for row in rows:
        mine = row.person_id == person.pk
        other_id = row.other_id if mine else row.person_id
        if other_id in hidden:
            continue
        kind = row.words or RelationKind.label_of(row.kind)
        name = row.other__name if mine else row.person__name
        called = name or (row.other__kana if mine else row.person__kana) or UNNAMED
        words = f"この方は {called} さんの{kind}" if mine else f"{called} さんはこの方の{kind}"
        cards.append(RelationCard(row.id, other_id, called, words, row.untold, other_id in seen))
    return cards


_RELATIONS = Kept(
    lambda person: Relation.objects.filter(Q(person_id=person) | Q(other_id=person), ended_at__isnull=True)
    .order_by("id")
    .values_list(
        "id", "person_id", "other_id", "kind", "words", "untold", "person__name", "person__kana", "other__name",
        "other__kana",
    )
)  # fmt: skip
_IN = Kept(
    lambda person: (
        Membership.objects.filter(person_id=person, ended_at__isnull=True)
        .order_by("id")
        .values_list("household_id")
    )
)


@sees_whole("who is hidden hides what would tell of them")
def hidden_from(worker: Worker, person_ids: Iterable[int]) -> set[int]:
    """Protected persons among these whom this worker's offices are not involved with themselves."""
    # One statement however many are hidden: what a page costs would tell that somebody is.
    who = (worker.pk, list(offices_for(worker, Purpose.READ_PERSON)), sorted(closed_to(worker)))
    return {pk for (pk,) in _HIDDEN.rows(*who, sorted(person_ids))} | closed_to(worker)


_HIDDEN = Kept(
    lambda who, offices, closed, ids: (
        Protection.objects.filter(person__party__id__any=ids, ended_at__isnull=True)
        .exclude(person_id__in=directly_seen_by(who, offices, closed))
        .order_by()
        .values_list("person_id")
    )
)


@sees_whole("who is hidden hides what would tell of them")
def _household_cards(worker: Worker, household_ids: list[int], on: date) -> list[HouseholdCard]:
    if not household_ids:
        return []
    rows = _MEMBERS.named(household_ids)
    hidden = hidden_from(worker, {row.person_id for row in rows})
    partly = {row.household_id for row in rows if row.person_id in hidden}
    seen = seen_among(worker, {*household_ids, *(row.person_id for row in rows)})
    members: dict[int, list[MemberCard]] = {}
    for row in rows:
        if row.person_id not in hidden:
            members.setdefault(row.household_id, []).append(_member_card(row, on, row.person_id in seen))
    found = {row.party_id: row for row in _HOUSEHOLDS.named(household_ids)}
    return [
        HouseholdCard(
            id=pk,
            label=found[pk].label,
            household_type=label_of("household_types", found[pk].household_type),
            note="" if pk in partly else found[pk].note,
            members=tuple(card for card in members.get(pk, ()) if card.ended_at is None),
            former=tuple(card for card in members.get(pk, ()) if card.ended_at is not None),
            revision=found[pk].revision,
            opens=pk in seen,
            whole=pk not in partly,
        )
        for pk in household_ids
        if pk in found
    ]


_HOUSEHOLDS = Kept(
    lambda ids: (
        Household.objects.filter(party__id__any=ids)
        .order_by()
        .values_list("party_id", "label", "household_type", "note", "revision")
    )
)
_MEMBERS = Kept(
    lambda ids: Membership.objects.filter(household__party__id__any=ids)
    .order_by("id")
    .values_list(
        "id", "household_id", "person_id", "relation", "lives_here", "ended_at", "person__name", "person__kana",
        "person__birth_on", "person__birth_year", "person__birth_month", "person__birth_about", "person__birth_text",
        "person__died_on",
    )
)  # fmt: skip


def _member_card(row: Any, on: date, opens: bool) -> MemberCard:
    facts = BirthFacts(
        row.person__birth_on, row.person__birth_year, row.person__birth_month, row.person__birth_about,
        row.person__birth_text,
    )  # fmt: skip
    return MemberCard(
        person_id=row.person_id,
        membership_id=row.id,
        name=row.person__name or row.person__kana or UNNAMED,
        kana=row.person__kana,
        relation=label_of("relations", row.relation),
        birth=show_birth(facts),
        age=show_age(facts, on) if row.person__died_on is None else "",
        lives_here=row.lives_here,
        ended_at=row.ended_at,
        opens=opens,
    )
