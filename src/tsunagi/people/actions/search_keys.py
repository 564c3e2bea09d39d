"""The keys a person is found by, rebuilt in the transaction of every change. Protected persons have none."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Count

from tsunagi.codes.queries import number
from tsunagi.people.models import Address, Alias, Party, Person, Phone, Protection, SearchKey
from tsunagi.people.rules import KeyKind, person_keys


def rebuild_keys(person_ids: Iterable[int]) -> None:
    """Make the search keys of these persons anew. None for the protected and for those out of search."""
    # The lock is the one `protect` takes: keys written while somebody is being protected would outlive it.
    parties = list(
        Party.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=list(person_ids))
        .order_by("pk")
    )
    ids = [party.pk for party in parties]
    roots = {party.pk: party.same_as_id or party.pk for party in parties}
    guarded = set(
        Protection.objects.filter(person_id__in={*ids, *roots.values()}, ended_at__isnull=True).values_list(
            "person_id", flat=True
        )
    )
    found = [
        party.pk
        for party in parties
        if not party.out_of_search and party.pk not in guarded and roots[party.pk] not in guarded
    ]
    SearchKey.objects.filter(person_id__in=ids).delete()
    SearchKey.objects.bulk_create(_keys_of(found))
    _mark_what_many_share(found)


def forget_keys(person_ids: Iterable[int]) -> None:
    """Remove every search key of these persons."""
    SearchKey.objects.filter(person_id__in=list(person_ids)).delete()


def mark_shared(kind: str, key: str) -> None:
    """Let a number ("phone", by digits) or address ("address", by key) count for nobody from now on."""
    if not key:
        return
    rows = SearchKey.objects.filter(kind=kind, key=key)
    persons = list(rows.order_by("person_id").values_list("person_id", flat=True))
    if kind == KeyKind.PHONE:
        Phone.objects.filter(person_id__in=persons, digits=key).update(shared_by_many=True)
    else:
        Address.objects.filter(person_id__in=persons, key=key).update(shared_by_many=True)
    rows.update(shared_by_many=True)


def _keys_of(person_ids: list[int]) -> list[SearchKey]:
    aliases: dict[int, list[tuple[str, str]]] = {}
    for row in Alias.objects.filter(person_id__in=person_ids).order_by("id"):
        aliases.setdefault(row.person_id, []).append((row.name, row.kana))
    phones: dict[int, list[tuple[str, bool]]] = {}
    for phone in Phone.objects.filter(person_id__in=person_ids, ended_at__isnull=True).order_by("id"):
        phones.setdefault(phone.person_id, []).append((phone.digits, phone.shared_by_many))
    addresses: dict[int, list[tuple[str, bool]]] = {}
    for address in Address.objects.filter(person_id__in=person_ids, until_on__isnull=True).order_by("id"):
        addresses.setdefault(address.person_id, []).append((address.key, address.shared_by_many))
    made = []
    for person in Person.objects.filter(pk__in=person_ids).order_by("pk"):
        for kind, key, shared in person_keys(
            names=[(person.name, person.kana), *aliases.get(person.pk, ())],
            birth=(person.birth_on, person.birth_year, person.birth_month, person.birth_about),
            numbers=phones.get(person.pk, ()),
            places=addresses.get(person.pk, ()),
        ):
            made.append(SearchKey(person_id=person.pk, kind=kind, key=key, shared_by_many=shared))
    return made


def _mark_what_many_share(person_ids: list[int]) -> None:
    """A number or an address that many persons carry is somebody's office, shelter or block of flats."""
    mine = SearchKey.objects.filter(
        person_id__in=person_ids, kind__in=[KeyKind.PHONE, KeyKind.ADDRESS], shared_by_many=False
    ).order_by("id")
    pairs = sorted(set(mine.values_list("kind", "key")))
    for kind in (KeyKind.PHONE, KeyKind.ADDRESS):
        keys = [key for of_kind, key in pairs if of_kind == kind]
        if not keys:
            continue
        many = (
            SearchKey.objects.filter(kind=kind, key__in=keys)
            .values("key")
            .annotate(people=Count("person_id", distinct=True))
            .filter(people__gte=number("people.shared_from"))
            .order_by("key")
            .values_list("key", flat=True)
        )
        for key in many:
            mark_shared(kind, key)


def mark_all_that_many_share() -> None:
    """The same over the whole table, set-based: after a bulk registration."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH many AS (
                SELECT kind, key FROM people_searchkey WHERE kind IN ('phone', 'address')
                 GROUP BY kind, key HAVING count(DISTINCT person_id) >= %s AND NOT bool_and(shared_by_many)
            ), phones AS (
                UPDATE people_phone p SET shared_by_many = true FROM many m
                 WHERE m.kind = 'phone' AND p.digits = m.key AND NOT p.shared_by_many
            ), addresses AS (
                UPDATE people_address a SET shared_by_many = true FROM many m
                 WHERE m.kind = 'address' AND a.key = m.key AND NOT a.shared_by_many
            )
            UPDATE people_searchkey k SET shared_by_many = true FROM many m
             WHERE k.kind = m.kind AND k.key = m.key AND NOT k.shared_by_many
            """,
            [number("people.shared_from")],
        )
