"""What screens get to show of people: values chosen by a query, so that no template can look further."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tsunagi.people.rules import ContactWay, YesNo

NOT_ASKED = "まだ聞いていない"
UNNAMED = "お名前が分からない方"


def contact_lines(
    way: str,
    when: str,
    under_name: str,
    message_allowed: str,
    plain_envelope: str,
    paper_allowed: str,
    who_may_know: str,
    note: str,
) -> tuple[tuple[str, str], ...]:
    """連絡のしかた as (label, words), in the order in which it is read; "" for what nobody asked yet."""
    yes_no = {choice.value: choice.label for choice in YesNo if choice.value}
    return (
        ("方法", ContactWay.label_of(way) if way else ""),
        ("曜日・時間", when),
        ("名乗り方", under_name),
        ("留守番・伝言", yes_no.get(message_allowed, "")),
        ("市の名前のない封筒", yes_no.get(plain_envelope, "")),
        ("紙を渡してよいか", yes_no.get(paper_allowed, "")),
        ("家で知っている人", who_may_know),
        ("気をつけること", note),
    )


def brief_of(lines: Iterable[tuple[str, str]]) -> str:
    """What was asked in one line, to stand before a number; "" when nothing was: the page says 「まだ聞いていない」."""
    return "・".join(f"{label} {words}" for label, words in lines if words and words != NOT_ASKED)


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
    no_paper: bool = False
    """Whether no paper of ours may be in the house: they said so, or nobody may write to them at all."""
    never: bool = False
    """Whether we do not get in touch at all; they come to us."""

    @property
    def brief(self) -> str:
        """What was asked, in one line: it stands before a number where there is no room for all of it."""
        return brief_of(self.lines)


@dataclass(frozen=True)
class Reaching:
    """連絡のしかた with the numbers and addresses it stands before: what `people/_reach.html` prints, and nothing else does.

    `lines` are (label, words) with 「まだ聞いていない」 for a blank; `withheld`: numbers and addresses are 非開示 for this
    worker; `protected`: they are never on paper.
    """

    lines: tuple[tuple[str, str], ...]
    asked: bool
    phones: tuple[PhoneCard, ...] = ()
    addresses: tuple[AddressCard, ...] = ()
    withheld: bool = False
    protected: bool = False
    no_paper: bool = False
    never: bool = False

    @property
    def brief(self) -> str:
        """What was asked, in one line; "" when nothing was."""
        return brief_of(self.lines)


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
    """「AはBの…」, read from one person's page. `untold`: 本人・子に未告知. `opens`: whether their page is open to the worker."""

    id: int
    other_id: int
    other_name: str
    words: str
    untold: bool
    opens: bool


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
