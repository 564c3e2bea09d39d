"""Whom the rows of a ledger are about: known persons, new ones, or perhaps somebody (a worker decides)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from tsunagi.intake.ledger.rows import LedgerRow
from tsunagi.people.queries import match_many
from tsunagi.people.queries.home import home
from tsunagi.people.queries.lookup import evidence_from_keys
from tsunagi.people.rules import (
    LIKELY,
    Asked,
    Evidence,
    Home,
    Match,
    NewAddress,
    NewPerson,
    address_key,
    birth_facts,
    evidence_of,
    person_keys,
    phone_key,
    read_fields,
    score,
)

PROPOSED_AT_MOST = 5
_AT_ONCE = 2000  # rows asked of the lookup in one go


@dataclass(frozen=True)
class Told:
    """What a row tells of the person it is about, as the lookup and a new record want it."""

    name: str = ""
    kana: str = ""
    sex: str = ""
    birth: str = ""
    birth_on: str = ""
    birth_year: int | None = None
    birth_about: bool = False
    phones: tuple[str, ...] = ()
    address: str = ""
    postal_code: str = ""

    @property
    def enough(self) -> bool:
        """A name or a reading, and something else to go by: a name alone can be anybody."""
        return bool(
            (self.name or self.kana) and (self.birth or self.birth_year or self.phones or self.address)
        )

    @property
    def words(self) -> str:
        """In one line, as a worker reads it."""
        said = [
            self.name,
            f"({self.kana})" if self.kana else "",
            self.birth_on or self.birth,
            *self.phones,
            self.address,
        ]
        return " ".join(part for part in said if part)

    @property
    def richness(self) -> int:
        """How much there is to go by: the fullest rows are written down first."""
        return (
            3 * bool(self.birth_on)
            + bool(self.birth_year)
            + 2 * bool(self.phones)
            + 2 * bool(self.address)
            + bool(self.name)
            + bool(self.kana)
        )

    def as_new(self) -> NewPerson:
        """As a record to write down."""
        return NewPerson(
            name=self.name,
            kana=self.kana,
            sex=self.sex,
            birth=self.birth_on or ("" if self.birth_year else self.birth),
            birth_year=self.birth_year,
            birth_about=self.birth_about,
            phones=self.phones,
            addresses=[NewAddress(self.address, postal_code=self.postal_code)] if self.address else (),
        )

    def asked(self) -> Asked:
        """As a question to the lookup."""
        return read_fields(
            name=self.name,
            kana=self.kana,
            birth=date.fromisoformat(self.birth_on) if self.birth_on else "",
            phone=self.phones[0] if self.phones else "",
            address=self.address,
        )

    def known(self, where: Home) -> Evidence:
        """As the evidence a record of it would give."""
        birth = (
            date.fromisoformat(self.birth_on) if self.birth_on else None,
            self.birth_year,
            None,
            self.birth_about,
        )
        keys = person_keys(
            names=[(self.name, self.kana)],
            birth=birth,
            numbers=[(phone_key(number, where), False) for number in self.phones],
            places=[(address_key(self.address, where), False)] if self.address else [],
        )
        return evidence_from_keys((str(kind), key) for kind, key, _shared in keys)


@dataclass
class About:
    """What becomes of one row: a known person, the n-th new one, or somebody a worker is asked about."""

    told: Told
    person_id: int | None = None
    new: int | None = None
    # (known person or None, n-th new person or None, points, reasons)
    proposed: list[tuple[int | None, int | None, int, tuple[str, ...]]] = field(default_factory=list)


def told_of(row: LedgerRow) -> Told:
    """What a row tells of a person; empty for an anonymous one."""
    if row.anonymous:
        return Told()
    facts = birth_facts(row.birth) if row.birth else None
    return Told(
        name=row.name.strip()[:100],
        kana=row.kana.strip()[:100],
        sex=row.sex,
        birth=(facts.birth_text if facts else "") or row.birth_as_written[:40],
        birth_on=facts.birth_on.isoformat() if facts and facts.birth_on else "",
        birth_year=facts.birth_year if facts else None,
        birth_about=bool(facts and facts.birth_about),
        phones=tuple(number[:40] for number in row.phones),
        address=row.address.strip()[:200],
        postal_code=row.postal_code[:8],
    )


def people_of(rows: Sequence[LedgerRow]) -> tuple[list[About], list[Told]]:
    """Whom each row is about, and the new persons in the order of their numbers.

    Certain: linked. Likely: proposed, to known persons and to those other rows of the same file write down. Neither:
    somebody new. The fullest rows come first, so that a thin one finds the record of a full one.
    """
    where = home()
    found = [About(told_of(row)) for row in rows]
    asking = [about for about in found if about.told.enough]
    asked = [about.told.asked() for about in asking]
    known = _matches(asked)
    beside = _Beside(where)
    order = sorted(range(len(asking)), key=lambda place: (-asking[place].told.richness, place))
    for place in order:
        _decide(asking[place], asked[place].keyed(where), known[place], beside)
    return found, beside.persons


def _matches(asked: Sequence[Asked]) -> list[list[Match]]:
    answers: list[list[Match]] = []
    for start in range(0, len(asked), _AT_ONCE):
        answers += match_many(asked[start : start + _AT_ONCE], limit=PROPOSED_AT_MOST)
    return answers


def _decide(about: About, asked: Asked, known: list[Match], beside: _Beside) -> None:
    certain = [match for match in known if match.certain]
    if certain:
        about.person_id = certain[0].person_id
        return
    near = beside.like(asked)
    sure = [match for match in near if match.certain]
    if len(sure) == 1 and not known:
        about.new = sure[0].person_id
        return
    about.proposed = [(match.person_id, None, match.points, match.reasons) for match in known]
    about.proposed += [(None, match.person_id, match.points, match.reasons) for match in near]
    if not about.proposed:
        about.new = beside.add(about.told)


class _Beside:
    """The new persons of this file so far, found by their keys."""

    def __init__(self, where: Home) -> None:
        self.persons: list[Told] = []
        self._where = where
        self._known: list[Evidence] = []
        self._by_key: dict[tuple[str, str], list[int]] = {}

    def add(self, told: Told) -> int:
        number = len(self.persons)
        evidence = told.known(self._where)
        self.persons.append(told)
        self._known.append(evidence)
        for key in _keys(evidence):
            self._by_key.setdefault(key, []).append(number)
        return number

    def like(self, asked: Asked) -> list[Match]:
        evidence = evidence_of(asked)
        numbers = {number for key in _keys(evidence) for number in self._by_key.get(key, ())}
        found = [score(number, evidence, self._known[number]) for number in numbers]
        likely = sorted(
            (one for one in found if one.points >= LIKELY), key=lambda one: (-one.points, one.person_id)
        )
        return likely[:PROPOSED_AT_MOST]


def _keys(evidence: Evidence) -> Iterable[tuple[str, str]]:
    """Whole keys only: a name, a reading, a number, a door."""
    for kind, keys in (
        ("name", evidence.names),
        ("kana", evidence.readings),
        ("loose", evidence.near),
        ("phone", evidence.phones),
        ("address", evidence.addresses),
    ):
        for key in keys:
            if key:
                yield kind, key
