"""What is known of one file, gathered once for all its forms, as this worker may see it and this mask lets it stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from tsunagi.cases.models import Case, Note
from tsunagi.codes.queries import city_name, label_of
from tsunagi.holding.models import Hold
from tsunagi.holding.queries import RowCard, RowMaker, holds
from tsunagi.intake import access as intake_doors
from tsunagi.intake.models import Consultation, Informant
from tsunagi.paperwork.rules import NOT_SAID, Known, Mask, Veil, band
from tsunagi.people.access import sight_of
from tsunagi.people.models import (
    Address,
    Alias,
    Household,
    Membership,
    Party,
    Person,
    Phone,
    Protection,
    Relation,
)
from tsunagi.people.queries import (
    NOT_ASKED,
    PersonCard,
    birth_facts_of,
    household_card,
    households_of,
    name_of,
    person_card,
    safe_contact_of,
    together_with,
)
from tsunagi.people.rules import NARROW_FACETS, WITHHELD, BirthFacts, Facet, PartyKind, show_age, show_birth
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import whole
from tsunagi.shared.wareki import age_on

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SELF = "self"


@dataclass(frozen=True)
class Member:
    """Somebody of the household as the paper may show them."""

    person_id: int
    relation: str
    age: str
    lives_here: bool
    known: Known


class File:
    """One file, one worker, one mask. Every query is asked at most once, and only when a form wants it."""

    def __init__(self, worker: Worker, case: Case, now: datetime, mask: Mask = Mask.REAL) -> None:
        """`case` came through its door."""
        self.worker, self.case, self.now, self.mask = worker, case, now, mask
        self.on: date = day_of(now)
        self.party: Party = case.party.stands_for

    # -- sight --------------------------------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> frozenset[str]:
        """What this worker's offices see of whom the file is about."""
        sight = sight_of(self.worker, self.party.pk, Purpose.READ_CASE, on=self.on)
        return sight.facets if sight else frozenset()

    def may(self, facet: str) -> bool:
        """Whether the paper may say this much: the office has the facet, and narrow ones stand under real names only."""
        if facet and facet in NARROW_FACETS and self.mask != Mask.REAL:
            return False
        return not facet or facet in self.facets

    @property
    def real(self) -> bool:
        """Whether people stand there by their names."""
        return self.mask == Mask.REAL

    # -- people -------------------------------------------------------------------------------------------------------

    @cached_property
    def together(self) -> list[int]:
        """The party, its household and everybody in it, whoever sees them."""
        return together_with(self.party.pk)

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The household as this worker sees it, the person it is about first; without those who died."""
        return tuple(member for member in self._everybody if member.person_id in self._seen)

    @cached_property
    def main(self) -> Person | None:
        """The person the file is about: of a household its 本人, else the first; None for somebody not yet known."""
        return self._persons.get(self._order[0]) if self._order and self._order[0] in self._seen else None

    @cached_property
    def card(self) -> PersonCard | None:
        """The head of that person's page."""
        return person_card(self.worker, self.main, on=self.on) if self.main else None

    @cached_property
    def household_label(self) -> str:
        """What the household is called; at a mask nothing that says its name."""
        return self.veil.text(name_of(self.party))

    @cached_property
    def household_type(self) -> str:
        """単身, 8050, …"""
        return self._household_type

    @cached_property
    def place_withheld(self) -> bool:
        """Whether the household's place is on no paper: somebody who lives there is protected, seen by us or not."""
        return bool(
            self._protected & {row.person_id for row in self._memberships if row.lives_here}
            | self._protected & {self.party.pk}
        )

    @cached_property
    def veil(self) -> Veil:
        """What lies over every text of this file's papers."""
        return Veil(self.mask, tuple(self._known.values()), self._informants, self._labels)

    @cached_property
    def _memberships(self) -> list[Membership]:
        homes = [self.party.pk] if self.party.kind == PartyKind.HOUSEHOLD else self._home_ids
        return list(
            Membership.objects.filter(household_id__in=homes, ended_at__isnull=True)
            .select_related("person", "household").order_by("id")
        )  # fmt: skip

    @cached_property
    def _home_ids(self) -> list[int]:
        return list(
            Membership.objects.filter(person_id=self.party.pk, ended_at__isnull=True)
            .order_by("id").values_list("household_id", flat=True)
        )  # fmt: skip

    @cached_property
    def _seen(self) -> frozenset[int]:
        if self.party.kind == PartyKind.HOUSEHOLD:
            return frozenset(
                m.person_id for m in household_card(self.worker, self.party.household, on=self.on).members
            )
        if self.party.kind != PartyKind.PERSON:
            return frozenset()
        cards = households_of(self.worker, self.party.person, on=self.on)
        return frozenset({self.party.pk, *(m.person_id for card in cards for m in card.members)})

    @cached_property
    def _persons(self) -> dict[int, Person]:
        """Everybody whose name may stand in a text: members of today and before, and their relations."""
        homes = {row.household_id for row in self._memberships}
        near = {row.person_id for row in self._memberships} | (
            {self.party.pk} if self.party.kind == PartyKind.PERSON else set()
        )
        near |= set(
            Membership.objects.filter(household_id__in=homes).order_by().values_list("person_id", flat=True)
        )
        for one, other in (
            Relation.objects.filter(Q(person_id__in=near) | Q(other_id__in=near))
            .order_by()
            .values_list("person_id", "other_id")
        ):
            near |= {one, other}
        return {row.pk: row for row in Person.objects.filter(pk__in=near).order_by("pk")}

    @cached_property
    def _order(self) -> list[int]:
        """Everybody, the person it is about first, then the household in its order, then the others."""
        rows = self._memberships
        first = (
            [self.party.pk]
            if self.party.kind == PartyKind.PERSON
            else [row.person_id for row in rows if row.relation == SELF and row.person_id in self._seen]
        )
        seen_first = [row.person_id for row in rows if row.person_id in self._seen]
        return list(dict.fromkeys([*first, *seen_first, *(row.person_id for row in rows), *self._persons]))

    @cached_property
    def _relations(self) -> dict[int, str]:
        found = {
            row.person_id: label_of("relations", row.relation) for row in self._memberships if row.relation
        }
        if self._order:
            found[self._order[0]] = "本人"
        return found

    @cached_property
    def _protected(self) -> frozenset[int]:
        rows = Protection.objects.filter(ended_at__isnull=True).filter(
            Q(person_id__in=self._persons) | Q(person__party__same_as_id__in=self._persons)
        )
        pairs = rows.order_by().values_list("person_id", "person__party__same_as_id")
        with whole("who is guarded must never be missed by who looks"):
            return frozenset(pk for pair in pairs for pk in pair if pk in self._persons)

    @cached_property
    def _known(self) -> dict[int, Known]:
        ids = list(self._persons)
        aliases: dict[int, list[str]] = {}
        for pk, name, kana in (
            Alias.objects.filter(person_id__in=ids).order_by("id").values_list("person_id", "name", "kana")
        ):
            aliases.setdefault(pk, []).extend(word for word in (name, kana) if word)
        places: dict[int, list[str]] = {}
        for pk, text in (
            Address.objects.filter(person_id__in=ids).order_by("id").values_list("person_id", "text")
        ):
            places.setdefault(pk, []).append(text)
        phones: dict[int, list[str]] = {}
        for pk, digits in (
            Phone.objects.filter(person_id__in=ids).order_by("id").values_list("person_id", "number")
        ):
            phones.setdefault(pk, []).append(digits)
        found = {}
        for number, pk in enumerate(self._order, start=1):
            row = self._persons.get(pk)
            if row is None:
                continue
            found[pk] = Known(
                number, tuple(filter(None, (row.name or row.kana, *aliases.get(pk, ())))), row.kana, self._relations.get(pk, "親族・知人"),
                years(row, self.on), tuple(places.get(pk, ())), tuple(phones.get(pk, ())), pk in self._protected,
            )  # fmt: skip
        return found

    @cached_property
    def _everybody(self) -> tuple[Member, ...]:
        lives = {row.person_id: row.lives_here for row in self._memberships}
        inside = set(lives) | ({self.party.pk} if self.party.kind == PartyKind.PERSON else set())
        return tuple(
            Member(pk, known.relation, self.age_of(self._persons[pk]), lives.get(pk, True), known)
            for pk, known in self._known.items() if pk in inside and self._persons[pk].died_on is None
        )  # fmt: skip

    @cached_property
    def _labels(self) -> tuple[str, ...]:
        labels = Household.objects.filter(pk__in={row.household_id for row in self._memberships}).order_by(
            "pk"
        )
        return tuple(label for label in labels.values_list("label", flat=True) if label)

    @cached_property
    def _household_type(self) -> str:
        found = next((row.household for row in self._memberships), None)
        return label_of("household_types", found.household_type) if found and found.household_type else ""

    @cached_property
    def _informants(self) -> tuple[str, ...]:
        """Names and contacts of everybody who told us of anybody here, whoever may know them."""
        rows = Informant.objects.filter(
            consultation__party_id__in={*self.together, *self._persons, self.case.party_id}
        )
        with whole("whose name must stand on no paper"):
            return tuple(
                word for pair in rows.order_by("pk").values_list("name", "contact") for word in pair if word
            )

    def age_of(self, person: Person) -> str:
        """82歳; at the last mask 80代."""
        if self.mask == Mask.RELATION:
            return band(years(person, self.on))
        return show_age(birth_facts_of(person), self.on) if person.died_on is None else ""

    def birth_of(self, person: Person) -> str:
        """The birth date with the age as far as the mask lets it stand."""
        if not self.real:
            return self.age_of(person)
        facts = birth_facts_of(person)
        return "　".join(
            filter(
                None,
                (show_birth(facts), f"（{show_age(facts, self.on)}）" if show_age(facts, self.on) else ""),
            )
        )

    def called(self) -> str:
        """Whom the file is about, as the paper calls them."""
        if self.main is None:
            return self.household_label
        return self.veil.called(self._known[self.main.pk])

    def called_of(self, person_id: int | None) -> str:
        """How the paper calls somebody of this file; 世帯 for nobody in particular."""
        known = self._known.get(person_id or 0)
        return self.veil.called(known) if known else "世帯"

    @property
    def facets_shown(self) -> frozenset[str] | None:
        """What other modules may show on this paper: everything the office sees; under a mask nothing narrow."""
        return None if self.real else frozenset(facet.value for facet in Facet if facet not in NARROW_FACETS)

    # -- ways ---------------------------------------------------------------------------------------------------------

    @cached_property
    def address(self) -> str:
        """Where they live: never of somebody protected, never at a mask."""
        if self.place_withheld or (self.card is not None and self.card.withheld):
            return WITHHELD if self.real else NOT_SAID
        if self.card is None:
            return ""
        district = f"（{self.card.district}）" if self.card.district else ""
        if self.real:
            return "\n".join(address.text for address in self.card.addresses[:2]) + district
        return district.strip("（）") if self.mask == Mask.INITIAL and district else NOT_SAID

    @cached_property
    def phone(self) -> str:
        """Numbers, unless they must not be used or must not be known."""
        if self.card is None:
            return ""
        if not self.real:
            return NOT_SAID
        if self.place_withheld or self.card.withheld:
            return WITHHELD
        if self.main is not None and safe_contact_of(self.worker, self.main).never:
            return "こちらからは連絡しないでください"
        return "・".join(phone.number for phone in self.card.phones)

    @cached_property
    def way(self) -> str:
        """連絡のしかた in one line, before any number."""
        if self.main is None:
            return ""
        return (safe_contact_of(self.worker, self.main).brief or NOT_ASKED) if self.real else NOT_SAID

    # -- the work -----------------------------------------------------------------------------------------------------

    @cached_property
    def number(self) -> str:
        """The file's number; not at the last mask, which says relation and age alone."""
        return (self.case.number or str(self.case.pk)) if self.mask != Mask.RELATION else NOT_SAID

    @cached_property
    def concern_ids(self) -> list[int]:
        """The concerns the file works on."""
        return list(self.case.case_concerns.order_by("id").values_list("concern_id", flat=True))

    @cached_property
    def rows(self) -> list[RowCard]:
        """Who holds what now."""
        maker = RowMaker(self.now)
        return [maker.of_hold(row) for row in holds(Hold.objects.filter(concern_id__in=self.concern_ids))]

    @cached_property
    def notes(self) -> list[Note]:
        """Every entry, the oldest first."""
        return list(
            Note.objects.filter(case=self.case)
            .select_related("worker", "office")
            .order_by("happened_at", "id")
        )

    @cached_property
    def consultation(self) -> Consultation | None:
        """The consultation this file began with, as far as this worker may see it: of its concerns, else the earliest."""
        seen = intake_doors.visible_to(self.worker).select_related("office", "written_by", "informant")
        born = seen.filter(pk__in=self._sources).order_by("came_at", "id").first()
        return born or seen.filter(party_id__in=self.together).order_by("-came_at", "-id").first()

    @cached_property
    def _sources(self) -> list[Any]:
        from tsunagi.holding.models import Concern

        return list(
            Concern.objects.filter(pk__in=self.concern_ids, source_kind="consultation", source_id__isnull=False)
            .order_by("id").values_list("source_id", flat=True)
        )  # fmt: skip

    @cached_property
    def city(self) -> str:
        """The city that signs."""
        return city_name()


def years(person: Person, on: date) -> int | None:
    """How old somebody is, also about; None when nothing is known."""
    facts: BirthFacts = birth_facts_of(person)
    if facts.birth_on:
        return max(0, age_on(facts.birth_on, on))
    return max(0, on.year - facts.birth_year) if facts.birth_year else None


PROGRESS = Facet.PROGRESS
