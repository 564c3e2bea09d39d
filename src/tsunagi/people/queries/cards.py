"""What screens get to show of people: values chosen by a query, so that no template can look further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

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
    # (number, place) of records of someone not yet known that turned out to be this person.
    joined: tuple[tuple[int, str], ...] = ()


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
    opens: bool
    """Whether this worker may open their page: who lives there is known with the household, their matters are not."""


@dataclass(frozen=True)
class HouseholdCard:
    """A household with the members this worker may see.

    `opens`: whether its own page is open to the worker. `whole`: False when a member is hidden from them; the note is
    then withheld, for it may speak of her.
    """

    id: int
    label: str
    household_type: str
    note: str
    members: tuple[MemberCard, ...]
    former: tuple[MemberCard, ...]
    revision: int
    opens: bool
    whole: bool


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
