"""Many persons and households at once, for imports and the demo: rows go in by COPY, keys included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

from tsunagi.journal.actions import record
from tsunagi.people.queries.home import home
from tsunagi.people.rules import (
    NewHousehold,
    NewPerson,
    PartyKind,
    ReasonKind,
    address_key,
    as_address,
    as_alias,
    as_phone,
    as_written,
    birth_facts,
    person_keys,
    phone_key,
)
from tsunagi.places.queries import city_map
from tsunagi.places.rules import CityMap, find_district
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import find
from tsunagi.shared.refusal import Refused
from tsunagi.shared.rows import copy_in

from .search_keys import mark_all_that_many_share

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

Item = TypeVar("Item")

_COLUMNS = {
    "people_party": ("id", "kind", "same_as_id", "created_at", "created_by_id", "out_of_search"),
    "people_person": (
        "party_id", "name", "kana", "sex", "birth_on", "birth_year", "birth_month", "birth_about", "birth_text",
        "languages", "interpreter", "note", "died_on", "moved_away_on", "revision",
    ),
    "people_alias": ("person_id", "kind", "name", "kana"),
    "people_phone": ("person_id", "number", "digits", "whose", "shared_by_many"),
    "people_address": (
        "person_id", "kind", "text", "postal_code", "key", "district_id", "district_by_hand", "shared_by_many",
    ),
    "people_searchkey": ("person_id", "kind", "key", "shared_by_many"),
    "people_household": ("party_id", "label", "household_type", "note", "revision"),
    "people_membership": ("household_id", "person_id", "relation", "lives_here"),
}  # fmt: skip


def register_many(
    rows: Iterable[NewPerson], *, by: Worker | None, at: datetime, batch: int = 10_000
) -> list[int]:
    """Write many persons down; returns their numbers in the order of the rows. One transaction is the caller's.

    The same rules as `register_person`: names as typed, partial births, district by address, search keys made in the
    same transaction. A 個人番号 in any text raises Refused with the row's place (the first row is 1): an import takes
    it out before. One journal line for all. Some thousand persons a second, most of it for
    folding keys and placing addresses.
    """
    known = city_map()
    made: list[int] = []
    for part in _batches(rows, batch):
        ids = _numbers("people_party", len(part))
        _copy_persons(ids, part, len(made), known, by, at)
        made += ids
    if made:
        mark_all_that_many_share()
        record(
            "person.registered_many",
            subject_kind="person",
            subject_id=None,
            by=by.pk if by else None,
            at=at,
            detail={"count": len(made), "first": made[0], "last": made[-1]},
        )
    return made


def start_many_households(
    rows: Iterable[NewHousehold], *, by: Worker | None, at: datetime, batch: int = 10_000
) -> list[int]:
    """Start many households; returns their numbers in the order of the rows.

    Offices that support a member under ground 01 see the household, as `join_household` does.
    """
    made: list[int] = []
    for part in _batches(rows, batch):
        ids = _numbers("people_party", len(part))
        _copy(
            "people_party",
            ((pk, PartyKind.HOUSEHOLD.value, None, at, by.pk if by else None, False) for pk in ids),
        )
        _copy(
            "people_household",
            (
                (pk, as_written(row.label), row.household_type, as_written(row.note), 1)
                for pk, row in zip(ids, part, strict=True)
            ),
        )
        _copy(
            "people_membership",
            (
                (pk, person_id, relation, lives_here)
                for pk, row in zip(ids, part, strict=True)
                for person_id, relation, lives_here in row.members
            ),
        )
        _share_reasons(ids, at)
        made += ids
    if made:
        record(
            "household.started_many",
            subject_kind="household",
            subject_id=None,
            by=by.pk if by else None,
            at=at,
            detail={"count": len(made), "first": made[0], "last": made[-1]},
        )
    return made


def _copy_persons(
    ids: Sequence[int],
    rows: Sequence[NewPerson],
    before: int,
    known: CityMap,
    by: Worker | None,
    at: datetime,
) -> None:
    tables: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
    today, here = day_of(at), home()
    for place, (pk, row) in enumerate(zip(ids, rows, strict=True), start=before + 1):
        _refuse_my_number(row, place)
        facts = birth_facts(row.birth, on=today)
        birth = (
            facts.birth_on,
            facts.birth_year or row.birth_year,
            facts.birth_month,
            facts.birth_about or (row.birth_about and not facts.birth_on),
        )
        name, kana = as_written(row.name), as_written(row.kana)
        tables["people_party"].append((pk, PartyKind.PERSON.value, None, at, by.pk if by else None, False))
        tables["people_person"].append(
            (pk, name, kana, row.sex, *birth, facts.birth_text, list(row.languages), row.interpreter,
             as_written(row.note), None, None, 1)
        )  # fmt: skip
        aliases = [as_alias(alias) for alias in row.aliases]
        tables["people_alias"] += [(pk, str(a.kind), as_written(a.name), as_written(a.kana)) for a in aliases]
        phones = [as_phone(phone) for phone in row.phones]
        digits = [(phone_key(phone.number, here), phone.shared_by_many) for phone in phones]
        tables["people_phone"] += [
            (pk, as_written(phone.number), found, as_written(phone.whose), shared)
            for phone, (found, shared) in zip(phones, digits, strict=True)
        ]
        places = [as_address(address) for address in row.addresses]
        keys = [(address_key(address.text, here), address.shared_by_many) for address in places]
        for address, (key, shared) in zip(places, keys, strict=True):
            district_id = address.district_id
            if district_id is None:
                district = find_district(address.text or address.postal_code, known).district
                district_id = district.id if district else None
            tables["people_address"].append(
                (pk, str(address.kind), as_written(address.text), address.postal_code, key, district_id,
                 address.district_id is not None, shared)
            )  # fmt: skip
        names = [(name, kana), *((alias.name, alias.kana) for alias in aliases)]
        tables["people_searchkey"] += [
            (pk, str(kind), key, shared)
            for kind, key, shared in person_keys(names=names, birth=birth, numbers=digits, places=keys)
        ]
    for table, found_rows in tables.items():
        if found_rows:
            _copy(table, found_rows)


def _refuse_my_number(row: NewPerson, place: int) -> None:
    texts = [row.name, row.kana, row.birth, row.note]
    texts += [phone if isinstance(phone, str) else phone.number for phone in row.phones]
    texts += [address if isinstance(address, str) else address.text for address in row.addresses]
    texts += [alias if isinstance(alias, str) else alias.name for alias in row.aliases]
    if any(find(text) for text in texts if len(text) >= 12):
        raise Refused(
            f"{place}件目に個人番号（マイナンバー）と思われる12桁の番号があります。番号を消してから、もう一度登録してください。"
        )


def _share_reasons(household_ids: Sequence[int], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_involvement
                (party_id, office_id, facets, ground, from_on, until_on, reason_kind, reason_id)
            SELECT m.household_id, i.office_id, i.facets, i.ground, %s, i.until_on, i.reason_kind, i.reason_id
              FROM people_membership m JOIN people_involvement i ON i.party_id = m.person_id
             WHERE m.household_id = ANY(%s) AND m.ended_at IS NULL AND i.ended_at IS NULL
               AND i.ground = '01' AND i.worker_id IS NULL AND i.reason_kind <> %s
            ON CONFLICT DO NOTHING
            """,
            [day_of(at), list(household_ids), ReasonKind.REGISTERED.value],
        )


def _numbers(table: str, count: int) -> list[int]:
    """So many fresh numbers of the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('public.' || %s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    copy_in(table, _COLUMNS[table], rows)


def _batches(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part
