"""What callers hand to the deeds of this module: a phone, an address, another name, a whole new person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .kinds import AddressKind, AliasKind


@dataclass(frozen=True)
class NewPhone:
    """A number as typed, and whose it is. `shared_by_many`: a landlord's, a hospital's; never used for matching."""

    number: str
    whose: str = ""
    shared_by_many: bool = False


@dataclass(frozen=True)
class NewAddress:
    """An address as typed. `district_id` is a worker's own choice; None lets the address decide."""

    text: str
    kind: str = AddressKind.LIVING
    postal_code: str = ""
    district_id: int | None = None
    shared_by_many: bool = False


@dataclass(frozen=True)
class NewAlias:
    """Another name of the person: 通称, 旧姓, another spelling."""

    name: str
    kana: str = ""
    kind: str = AliasKind.KNOWN_AS


@dataclass(frozen=True)
class NewPerson:
    """One person for `actions.register_many`. Everything is as typed; nothing is required.

    `birth` is text in any form (S23.1.15, 1948-01-15, 昭和23年, 78歳位 is not one). `birth_year` with `birth_about`
    says an estimated year instead.
    """

    name: str = ""
    kana: str = ""
    sex: str = ""
    birth: str = ""
    birth_year: int | None = None
    birth_about: bool = False
    phones: Sequence[NewPhone | str] = ()
    addresses: Sequence[NewAddress | str] = ()
    languages: Sequence[str] = ()
    interpreter: str = ""
    aliases: Sequence[NewAlias | str] = ()
    note: str = ""


@dataclass(frozen=True)
class NewHousehold:
    """One household for `actions.start_many_households`: members are (person id, relation code, lives there)."""

    members: Sequence[tuple[int, str, bool]]
    label: str = ""
    household_type: str = ""
    note: str = ""


@dataclass(frozen=True)
class NewInvolvement:
    """One involvement for `actions.involve_many`."""

    party_id: int
    office_id: int
    ground: str
    facets: Sequence[str]
    reason_kind: str
    reason_id: int


def as_phone(phone: NewPhone | str) -> NewPhone:
    """A plain text stands for a number of the person's own."""
    return NewPhone(phone) if isinstance(phone, str) else phone


def as_address(address: NewAddress | str) -> NewAddress:
    """A plain text stands for where the person lives."""
    return NewAddress(address) if isinstance(address, str) else address


def as_alias(alias: NewAlias | str) -> NewAlias:
    """A plain text stands for a name somebody goes by."""
    return NewAlias(alias) if isinstance(alias, str) else alias
