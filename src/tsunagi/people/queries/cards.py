"""What a person's page shows: the card, how they may be reached, the household, who is involved and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, Q

from tsunagi.accounts.models import Worker
from tsunagi.codes.queries import label_of, labels_of
from tsunagi.people.access import Sight, sight_of
from tsunagi.people.models import (
    Address,
    Alias,
    Household,
    Involvement,
    Membership,
    Party,
    Person,
    PersonChange,
    Phone,
    Protection,
    Relation,
    SafeContact,
)
from tsunagi.people.rules import (
    SUPPORTING_GROUND,
    AddressKind,
    AliasKind,
    BirthFacts,
    ContactWay,
    Facet,
    PartyKind,
    ProtectionCategory,
    ReasonKind,
    RelationKind,
    YesNo,
    show_age,
    show_birth,
)
from tsunagi.places.queries import district

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_ASKED = "まだ聞いていない"
UNNAMED = "お名前が分からない方"


@dataclass(frozen=True)
class PhoneCard:
    """One number in use."""

    id: int
    number: str
    whose: str
    shared_by_many: bool


@dataclass(frozen=True)
class AddressCard:
    """One address in use."""

    id: int
    kind: str
    text: str
    postal_code: str
    district: str
    district_by_hand: bool
    shared_by_many: bool


@dataclass(frozen=True)
class AliasCard:
    """Another name."""

    kind: str
    name: str
    kana: str


@dataclass(frozen=True)
class ProtectionCard:
    """A living protection. `expired`: its measure ran out; it goes on until two people end it."""

    id: int
    category: str
    reason: str
    from_on: date
    measure_until_on: date | None
    expired: bool
    other_party: str


@dataclass(frozen=True)
class PersonCard:
    """A person as this worker may see them. `withheld`: address, phones and district are 非開示 for this worker."""

    id: int
    name: str
    kana: str
    shown_name: str
    sex: str
    birth: str
    age: str
    birth_on: date | None
    languages: tuple[str, ...]
    interpreter: str
    note: str
    aliases: tuple[AliasCard, ...]
    phones: tuple[PhoneCard, ...]
    addresses: tuple[AddressCard, ...]
    district: str
    district_id: int | None
    died_on: date | None
    moved_away_on: date | None
    protections: tuple[ProtectionCard, ...]
    protected: bool
    withheld: bool
    ground: str
    facets: frozenset[str]
    revision: int


@dataclass(frozen=True)
class SafeContactCard:
    """連絡のしかた: (label, words) for every line; a blank is 「まだ聞いていない」."""

    person_id: int
    lines: tuple[tuple[str, str], ...]
    asked_on: date | None
    asked: bool
    revision: int


@dataclass(frozen=True)
class MemberCard:
    """A member of a household as this worker may see them."""

    person_id: int
    membership_id: int
    name: str
    kana: str
    relation: str
    birth: str
    age: str
    lives_here: bool
    ended_at: datetime | None


@dataclass(frozen=True)
class HouseholdCard:
    """A household with the members this worker may see."""

    id: int
    label: str
    household_type: str
    note: str
    members: tuple[MemberCard, ...]
    former: tuple[MemberCard, ...]
    revision: int


@dataclass(frozen=True)
class RelationCard:
    """「AはBの…」, read from one person's page. `untold`: 本人・子に未告知."""

    id: int
    other_id: int
    other_name: str
    words: str
    untold: bool


@dataclass(frozen=True)
class InvolvementCard:
    """Why an office can see this party: since when, on what ground, for what reason, how far."""

    id: int
    office: str
    worker: str
    ground: str
    ground_name: str
    reason: str
    facets: tuple[str, ...]
    from_on: date
    until_on: date | None
    ended_at: datetime | None
    through: str


@dataclass(frozen=True)
class UnknownCard:
    """Someone not yet known, as written down."""

    id: int
    place: str
    looks: str
    words: str
    district: str


def person_card(worker: Worker, person: Person, *, on: date) -> PersonCard:
    """Everything the head of a person's page shows. Ask through an open door (`access.person_for`)."""
    sight = sight_of(worker, person.pk, on=on)
    withheld = sight is None or not sight.shows_address
    phones = [] if withheld else list(_phones(person.pk))
    addresses = [] if withheld else list(_addresses(person.pk))
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
            AliasCard(AliasKind.label_of(row.kind), row.name, row.kana)
            for row in Alias.objects.filter(person_id=person.pk).order_by("id")
        ),
        phones=tuple(PhoneCard(row.pk, row.number, row.whose, row.shared_by_many) for row in phones),
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
    yes_no = {choice.value: choice.label for choice in YesNo}
    lines = (
        ("方法", ContactWay.label_of(row.way) if row.way else ""),
        ("曜日・時間", row.when),
        ("名乗り方", row.under_name),
        ("留守番・伝言", yes_no[row.message_allowed] if row.message_allowed else ""),
        ("市の名前のない封筒", yes_no[row.plain_envelope] if row.plain_envelope else ""),
        ("家で知っている人", row.who_may_know),
        ("気をつけること", row.note),
    )
    return SafeContactCard(
        person_id=person.pk,
        lines=tuple((label, words or NOT_ASKED) for label, words in lines),
        asked_on=row.asked_on,
        asked=any(words for _label, words in lines),
        revision=row.revision,
    )


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
        "who_may_know",
        "note",
        "asked_on",
    )
    return {name: getattr(row, name) for name in (*names, "revision")}


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
    hidden = _hidden_from(worker, {pk for row in rows for pk in (row.person_id, row.other_id)} - {person.pk})
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


def involvements_of(worker: Worker, party: Party | int, *, ended: bool = False) -> list[InvolvementCard]:
    """「なぜこの機関はこの方の記録を見られるのか」: the living involvements (with `ended`, the past ones too)."""
    party_id = party if isinstance(party, int) else party.pk
    # A protected person is never seen through the household alone.
    households = [] if is_protected(party_id) else household_ids_of(party_id)
    rows = (
        Involvement.objects.filter(
            Q(party_id=party_id) | Q(party_id__in=households, ground=SUPPORTING_GROUND)
        )
        .select_related("office", "worker")
        .order_by("ended_at", "office__code", "id")
    )
    if not ended:
        rows = rows.filter(ended_at__isnull=True)
    names = _ground_names({row.ground for row in rows})
    seen: set[tuple[int, str, int]] = set()
    cards = []
    for row in sorted(rows, key=lambda row: row.party_id != party_id):
        key = (row.office_id, row.reason_kind, row.reason_id)
        if row.party_id != party_id and key in seen:
            continue
        seen.add(key)
        cards.append(
            InvolvementCard(
                id=row.pk,
                office=row.office.label,
                worker=row.worker.name if row.worker else "",
                ground=row.ground,
                ground_name=names.get(row.ground, ""),
                reason=ReasonKind.label_of(row.reason_kind),
                facets=tuple(Facet.label_of(facet) for facet in row.facets),
                from_on=row.from_on,
                until_on=row.until_on,
                ended_at=row.ended_at,
                through="" if row.party_id == party_id else "世帯を通して",
            )
        )
    return cards


def who_can_see(worker: Worker, party: Party | int) -> list[str]:
    """The offices that can open this record now, each once, by code."""
    return list(dict.fromkeys(card.office for card in involvements_of(worker, party)))


def unknown_card(worker: Worker, party: Party) -> UnknownCard:
    """Someone not yet known. Ask through an open door (`access.unknown_for`)."""
    row = party.unknown
    return UnknownCard(row.pk, row.place, row.looks, row.words, _district_name(row.district_id))


def changes_of(worker: Worker, person: Person, *, limit: int = 20) -> list[PersonChange]:
    """What the record said before it was changed, newest first."""
    return list(PersonChange.objects.filter(person_id=person.pk).select_related("by").order_by("-id")[:limit])


def party_names(worker: Worker, party_ids: Iterable[int]) -> dict[int, str]:
    """How lists call these parties, by number: one answer for cards of concerns, promises and referrals.

    Only for rows the worker may see already (`visible_parties`); a merged record is called by its root.
    """
    wanted = set(party_ids)
    found: dict[int, str] = {}
    rows = Party.objects.filter(pk__in=wanted).select_related(
        "person", "household", "unknown", "same_as__person", "same_as__household"
    )
    for row in rows.order_by("pk"):
        found[row.pk] = name_of(row.same_as or row)
    return found


def name_of(party: Party) -> str:
    """How a list calls one party (its person, household or unknown must be loaded)."""
    if party.kind == PartyKind.PERSON:
        return shown_name(party.person)
    if party.kind == PartyKind.HOUSEHOLD:
        return party.household.label or f"世帯 {party.pk}"
    place = party.unknown.place or party.unknown.looks
    return f"まだ分からない人({place[:20]})" if place else "まだ分からない人"


# -- values other modules ask for ---------------------------------------------------------------------------


def is_protected(party_id: int) -> bool:
    """Whether this person is protected now (by the root, or by a record that turned out to be them)."""
    root = root_of(party_id)
    return Protection.objects.filter(
        Q(person_id=root) | Q(person__party__same_as_id=root), ended_at__isnull=True
    ).exists()


def root_of(party_id: int) -> int:
    """The party a number stands for: itself, or the one it turned out to be."""
    same_as = Party.objects.filter(pk=party_id).values_list("same_as_id", flat=True).first()
    return same_as or party_id


def district_id_of(party_id: int) -> int | None:
    """The school district a party lives in, for counts and gaps; None when unknown, or when protected."""
    root = root_of(party_id)
    if is_protected(root):
        return None
    own = (
        Address.objects.filter(person_id=root, until_on__isnull=True, district__isnull=False)
        .order_by("kind", "-id")
        .values_list("kind", "district_id")
    )
    rows = list(own) or list(
        Address.objects.filter(
            person__memberships__household_id=root,
            person__memberships__ended_at__isnull=True,
            until_on__isnull=True,
            district__isnull=False,
        )
        .exclude(person_id__in=Protection.objects.filter(ended_at__isnull=True).values("person_id"))
        .order_by("kind", "-id")
        .values_list("kind", "district_id")
    )
    living = [number for kind, number in rows if kind == AddressKind.LIVING]
    if living or rows:
        return (living or [rows[0][1]])[0]
    return (
        Party.objects.filter(pk=root, kind=PartyKind.UNKNOWN)
        .values_list("unknown__district_id", flat=True)
        .first()
    )


def members_of(party_id: int) -> list[int]:
    """The persons in a household now (their numbers), for deeds that concern them all."""
    return list(
        Membership.objects.filter(household_id=party_id, ended_at__isnull=True)
        .order_by("id")
        .values_list("person_id", flat=True)
    )


def household_ids_of(party_id: int) -> list[int]:
    """The households a person is in now."""
    return list(
        Membership.objects.filter(person_id=party_id, ended_at__isnull=True)
        .order_by("id")
        .values_list("household_id", flat=True)
    )


# -- the pieces -----------------------------------------------------------------------------------------


def _phones(person_id: int) -> Sequence[Phone]:
    return list(Phone.objects.filter(person_id=person_id, ended_at__isnull=True).order_by("id"))


def _addresses(person_id: int) -> Sequence[Address]:
    return list(Address.objects.filter(person_id=person_id, until_on__isnull=True).order_by("id"))


def _address_card(row: Address) -> AddressCard:
    return AddressCard(
        row.pk,
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


def _hidden_from(worker: Worker, person_ids: Iterable[int]) -> set[int]:
    """Protected persons among these whom this worker's offices are not involved with themselves."""
    guarded = set(
        Protection.objects.filter(person_id__in=set(person_ids), ended_at__isnull=True).values_list(
            "person_id", flat=True
        )
    )
    return {pk for pk in guarded if not _seen_directly(sight_of(worker, pk))}


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
    hidden = _hidden_from(worker, [row.person_id for row in rows])
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


def _ground_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of grounds live one floor up (sharing); the short ones every screen needs are known here."""
    return {code: GROUND_WORDS.get(code, "") for code in codes}


GROUND_WORDS = {
    "01": "利用目的内",
    "02": "本人の同意",
    "03": "同じ機関の内部利用",
    "04": "他の機関への提供",
    "05": "明らかに本人の利益・特別の理由",
    "06": "支援会議(社会福祉法)",
    "07": "支援会議(困窮者自立支援法)",
    "08": "要対協",
    "09": "児童虐待の通告・資料提供",
    "10": "高齢者・障害者虐待の通報",
    "11": "調整会議・調査(生活保護法)",
    "12": "住基法・戸籍法",
    "15": "災害対策基本法",
    "16": "困難女性支援法・DV防止法",
    "17": "孤独・孤立対策推進法",
    "18": "ほかの法律の会議",
    "20": "裁判所",
    "21": "捜査関係事項照会",
    "22": "弁護士会照会",
    "23": "開示・情報公開の決定",
    "30": "本人の同意(民間)",
    "31": "生命・身体・財産(民間)",
    "32": "児童の健全育成・公衆衛生(民間)",
    "33": "国・自治体への協力(民間)",
    "34": "委託(民間)",
    "99": "その他",
}
