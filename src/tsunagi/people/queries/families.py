"""Households and relations, without those this worker may not see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q

from tsunagi.accounts.models import Worker
from tsunagi.codes.queries import label_of
from tsunagi.people.access import Sight, closed_to, sight_of
from tsunagi.people.models import Household, Membership, Person, Protection, Relation
from tsunagi.people.rules import RelationKind, show_age, show_birth

from .cards import HouseholdCard, MemberCard, RelationCard
from .persons import birth_facts_of, shown_name


def households_of(worker: Worker, person: Person, *, on: date) -> list[HouseholdCard]:
    """The households this person is in now, with the members this worker may see."""
    ids = (
        Membership.objects.filter(person_id=person.pk, ended_at__isnull=True)
        .order_by("id")
        .values_list("household_id", flat=True)
    )
    return [card for card in (_household_card(worker, pk, on) for pk in ids) if card]


def household_of(worker: Worker, person: Person, *, on: date) -> HouseholdCard | None:
    """The first of `households_of`, or None."""
    found = households_of(worker, person, on=on)
    return found[0] if found else None


def household_card(worker: Worker, household: Household, *, on: date) -> HouseholdCard:
    """A household's page. Ask through an open door (`access.household_for`)."""
    found = _household_card(worker, household.pk, on)
    assert found is not None
    return found


def relations_of(worker: Worker, person: Person) -> list[RelationCard]:
    """Relations of this person to others, in words; without those to protected persons the office is not with."""
    rows = (
        Relation.objects.filter(Q(person_id=person.pk) | Q(other_id=person.pk), ended_at__isnull=True)
        .select_related("person", "other")
        .order_by("id")
    )
    hidden = hidden_from(worker, {pk for row in rows for pk in (row.person_id, row.other_id)} - {person.pk})
    cards = []
    for row in rows:
        mine = row.person_id == person.pk
        other = row.other if mine else row.person
        if other.pk in hidden:
            continue
        kind = row.words or RelationKind.label_of(row.kind)
        words = (
            f"この方は {shown_name(other)} さんの{kind}"
            if mine
            else f"{shown_name(other)} さんはこの方の{kind}"
        )
        cards.append(RelationCard(row.pk, other.pk, shown_name(other), words, row.untold))
    return cards


def hidden_from(worker: Worker, person_ids: Iterable[int]) -> set[int]:
    """Protected persons among these whom this worker's offices are not involved with themselves."""
    guarded = set(
        Protection.objects.filter(person_id__in=set(person_ids), ended_at__isnull=True).values_list(
            "person_id", flat=True
        )
    )
    hidden = {pk for pk in guarded if not _seen_directly(sight_of(worker, pk))}
    return hidden | closed_to(worker)


def _seen_directly(sight: Sight | None) -> bool:
    return sight is not None and sight.directly


def _household_card(worker: Worker, household_id: int, on: date) -> HouseholdCard | None:
    household = (
        Household.objects.filter(pk=household_id)
        .prefetch_related(Prefetch("memberships", Membership.objects.select_related("person").order_by("id")))
        .first()
    )
    if household is None:
        return None
    rows = list(household.memberships.all())
    hidden = hidden_from(worker, [row.person_id for row in rows])
    cards = [_member_card(row, on) for row in rows if row.person_id not in hidden]
    return HouseholdCard(
        id=household.pk,
        label=household.label,
        household_type=label_of("household_types", household.household_type),
        note=household.note,
        members=tuple(card for card in cards if card.ended_at is None),
        former=tuple(card for card in cards if card.ended_at is not None),
        revision=household.revision,
    )


def _member_card(row: Membership, on: date) -> MemberCard:
    facts = birth_facts_of(row.person)
    return MemberCard(
        person_id=row.person_id,
        membership_id=row.pk,
        name=shown_name(row.person),
        kana=row.person.kana,
        relation=label_of("relations", row.relation),
        birth=show_birth(facts),
        age=show_age(facts, on) if row.person.died_on is None else "",
        lives_here=row.lives_here,
        ended_at=row.ended_at,
    )
