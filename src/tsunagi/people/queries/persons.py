"""A person as this worker may see them: the head of the page, how they may be reached, what was changed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from tsunagi.accounts.models import Worker
from tsunagi.codes.queries import label_of, labels_of
from tsunagi.people.access import Sight, sight_of
from tsunagi.people.models import (
    Address,
    Alias,
    Party,
    Person,
    PersonChange,
    Phone,
    Protection,
    SafeContact,
    UnknownPerson,
)
from tsunagi.people.rules import (
    AddressKind,
    AliasKind,
    BirthFacts,
    ContactWay,
    PartyKind,
    ProtectionCategory,
    YesNo,
    show_age,
    show_birth,
)
from tsunagi.places.queries import district
from tsunagi.shared.kept import Kept

from .cards import (
    NOT_ASKED,
    UNNAMED,
    AddressCard,
    AliasCard,
    PersonCard,
    PhoneCard,
    ProtectionCard,
    Reaching,
    SafeContactCard,
    contact_lines,
)


def person_card(worker: Worker, person: Person, *, on: date, sight: Sight | None = None) -> PersonCard:
    """Everything the head of a person's page shows. Ask through an open door (`access.person_for`).

    `sight` is how the door found the person, where the page has it at hand.
    """
    sight = sight or sight_of(worker, person.pk, on=on)
    withheld = sight is None or not sight.shows_address
    phones = [] if withheld else _PHONES.named(person.pk)
    addresses = [] if withheld else _ADDRESSES.named(person.pk)
    facts = birth_facts_of(person)
    where = next(
        (row for row in addresses if row.kind == AddressKind.LIVING), addresses[0] if addresses else None
    )
    return PersonCard(
        id=person.pk,
        name=person.name,
        kana=person.kana,
        shown_name=shown_name(person),
        sex=label_of("sexes", person.sex),
        birth=show_birth(facts),
        age=show_age(facts, on) if person.died_on is None else "",
        birth_on=person.birth_on,
        languages=tuple(labels_of("languages", person.languages)),
        interpreter=label_of("interpreter_needs", person.interpreter),
        note=person.note,
        aliases=tuple(
            AliasCard(AliasKind.label_of(row.kind), row.name, row.kana) for row in _ALIASES.named(person.pk)
        ),
        phones=tuple(PhoneCard(row.id, row.number, row.whose, row.shared_by_many) for row in phones),
        addresses=tuple(_address_card(row) for row in addresses),
        district=_district_name(where.district_id) if where else "",
        district_id=where.district_id if where else None,
        died_on=person.died_on,
        moved_away_on=person.moved_away_on,
        protections=_protections(person.pk, on) if sight and sight.protected and sight.directly else (),
        protected=bool(sight and sight.protected),
        withheld=withheld,
        ground=sight.ground if sight else "",
        facets=sight.facets if sight else frozenset(),
        revision=person.revision,
        joined=_joined(person.pk),
    )


def shown_name(person: Person) -> str:
    """The name exactly as stored; the kana when only that is known."""
    return person.name or person.kana or UNNAMED


def birth_facts_of(person: Person) -> BirthFacts:
    """What is known of the birth date."""
    return BirthFacts(
        person.birth_on, person.birth_year, person.birth_month, person.birth_about, person.birth_text
    )


def birth_of(person: Person) -> str:
    """The birth date as a form shows it again: as it was written, else in both calendars."""
    return person.birth_text or show_birth(birth_facts_of(person))


def safe_contact_of(worker: Worker, person: Person) -> SafeContactCard:
    """How this person may be reached. Stands before every number and address; blanks say 「まだ聞いていない」."""
    row = SafeContact.objects.filter(person_id=person.pk).first() or SafeContact(
        person_id=person.pk, revision=0
    )
    lines = contact_lines(
        row.way, row.when, row.under_name, row.message_allowed, row.plain_envelope, row.paper_allowed, row.who_may_know,
        row.note,
    )  # fmt: skip
    return SafeContactCard(
        person_id=person.pk,
        lines=tuple((label, words or NOT_ASKED) for label, words in lines),
        asked_on=row.asked_on,
        asked=any(words for _label, words in lines),
        revision=row.revision,
        no_paper=row.paper_allowed == YesNo.NO or row.way == ContactWay.NOT_AT_ALL,
        never=row.way == ContactWay.NOT_AT_ALL,
    )


def reaching(worker: Worker, party: Party, *, on: date) -> Reaching:
    """連絡のしかた and the numbers of a party that came through a door. Of a household or somebody not yet known
    there is none: their members' own stand on their pages."""
    if party.kind != PartyKind.PERSON:
        return Reaching((), asked=False)
    way, card = safe_contact_of(worker, party.person), person_card(worker, party.person, on=on)
    return Reaching(
        lines=way.lines,
        asked=way.asked,
        phones=card.phones,
        addresses=card.addresses,
        withheld=card.withheld,
        protected=card.protected,
        no_paper=way.no_paper,
        never=way.never,
    )


def addresses_set_aside(worker: Worker, person: Person, *, on: date) -> list[AddressCard]:
    """Addresses of the time of a protection that ended, until a worker asked the person; none while the place is withheld."""
    if person_card(worker, person, on=on).withheld:
        return []
    return [_address_card(row) for row in _SET_ASIDE.named(person.pk)]


def contact_values(worker: Worker, person: Person) -> dict[str, Any]:
    """連絡のしかた as a form starts with it; `revision` is 0 when nothing was written yet."""
    row = SafeContact.objects.filter(person_id=person.pk).first() or SafeContact(
        person_id=person.pk, revision=0
    )
    names = (
        "way",
        "when",
        "under_name",
        "message_allowed",
        "plain_envelope",
        "paper_allowed",
        "who_may_know",
        "note",
        "asked_on",
    )
    return {name: getattr(row, name) for name in (*names, "revision")}


def changes_of(worker: Worker, person: Person, *, limit: int = 20) -> list[PersonChange]:
    """What the record said before it was changed, newest first."""
    return list(PersonChange.objects.filter(person_id=person.pk).select_related("by").order_by("-id")[:limit])


_PHONES = Kept(
    lambda person: (
        Phone.objects.filter(person_id=person, ended_at__isnull=True)
        .order_by("id")
        .values_list("id", "number", "whose", "shared_by_many")
    )
)
_ADDRESSES = Kept(
    lambda person: (
        Address.objects.filter(person_id=person, until_on__isnull=True)
        .order_by("id")
        .values_list("id", "kind", "text", "postal_code", "district_id", "district_by_hand", "shared_by_many")
    )
)
_SET_ASIDE = Kept(
    lambda person: (
        Address.objects.filter(person_id=person, set_aside_at__isnull=False)
        .order_by("id")
        .values_list("id", "kind", "text", "postal_code", "district_id", "district_by_hand", "shared_by_many")
    )
)
_ALIASES = Kept(
    lambda person: Alias.objects.filter(person_id=person).order_by("id").values_list("kind", "name", "kana")
)
_JOINED = Kept(
    lambda person: (
        UnknownPerson.objects.filter(party__same_as_id=person)
        .order_by("party_id")
        .values_list("party_id", "place", "looks")
    )
)


def _joined(person_id: int) -> tuple[tuple[int, str], ...]:
    return tuple((pk, place or looks or "場所は分からない") for pk, place, looks in _JOINED.rows(person_id))


def _address_card(row: Any) -> AddressCard:
    return AddressCard(
        row.id,
        AddressKind.label_of(row.kind),
        row.text,
        row.postal_code,
        _district_name(row.district_id),
        row.district_by_hand,
        row.shared_by_many,
    )


def _district_name(district_id: int | None) -> str:
    card = district(district_id)
    return card.name if card else ""


def _protections(person_id: int, on: date) -> tuple[ProtectionCard, ...]:
    rows = Protection.objects.filter(
        Q(person_id=person_id) | Q(person__party__same_as_id=person_id), ended_at__isnull=True
    ).order_by("id")
    return tuple(
        ProtectionCard(
            row.pk,
            ProtectionCategory.label_of(row.category),
            row.reason,
            row.from_on,
            row.measure_until_on,
            bool(row.measure_until_on and row.measure_until_on < on),
            "・".join(filter(None, (row.other_party_name, row.other_party_relation))),
        )
        for row in rows
    )
