"""The list of people: only those the worker may see, never a protected one; filter, sort, total, keyset paging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from tsunagi.people.access import protected_persons, seen_among, visible_to
from tsunagi.people.models import Address, Membership, Person, SearchKey
from tsunagi.people.rules import search_ranges, show_age, show_birth, words_of
from tsunagi.permissions.rules import Purpose
from tsunagi.places.queries import district
from tsunagi.shared.edges import leave_trail

from .home import town_of
from .persons import birth_facts_of, shown_name

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

PAGE = 50
TOP = "\U0010ffff"
SORTS = {"kana": ("kana", "party_id"), "-id": ("-party_id",), "birth": ("birth_on", "party_id")}


@dataclass(frozen=True)
class PersonRow:
    """One line of the list of people."""

    id: int
    name: str
    kana: str
    birth: str
    age: str
    town: str
    district: str
    household_id: int | None
    household: str


@dataclass(frozen=True)
class ListPage:
    """A page of the list: its rows, how many there are in all, and where the next page begins ("" at the end)."""

    rows: tuple[PersonRow, ...]
    total: int
    next: str


def people_of(
    worker: Worker,
    *,
    on: date,
    text: str = "",
    district_id: int | None = None,
    sort: str = "kana",
    after: str = "",
    size: int = PAGE,
) -> ListPage:
    """The persons this worker's offices are involved with. `sort` is kana, birth or -id; `after` the last page's `next`.

    Leaves one trail: the filter's kind and the ids shown.
    """
    rows = visible_to(worker, on=on).exclude(party_id__in=protected_persons())
    for word in words_of(text):
        ranges = Q()
        for kind, key in search_ranges((word,)):
            ranges |= Q(kind=kind, key__gte=key, key__lt=key + TOP)
        rows = rows.filter(Exists(SearchKey.objects.filter(ranges, person_id=OuterRef("pk"))))
    if district_id is not None:
        lives = Address.objects.filter(
            person_id=OuterRef("pk"), until_on__isnull=True, district_id=district_id
        )
        rows = rows.filter(Exists(lives))
    total = rows.count()
    order = SORTS.get(sort, SORTS["kana"])
    # Keyset: the last row's own place is asked again, so that a row that came or went shifts nothing.
    last = rows.filter(pk=int(after)).first() if after.isdigit() else None
    if last is not None:
        rows = rows.filter(_behind(sort, last.kana, last.birth_on, last.pk))
    found = list(rows.order_by(*order)[: size + 1])
    shown = found[:size]
    page = ListPage(
        rows=tuple(_rows(worker, shown, on)),
        total=total,
        next=str(shown[-1].pk) if len(found) > size else "",
    )
    leave_trail(
        "people.listed",
        subject_kind="list",
        subject_id=None,
        purpose=Purpose.READ_PERSON,
        detail={
            "by": [name for name, given in (("name", text.strip()), ("district", district_id)) if given],
            "shown": [row.id for row in page.rows],
        },
    )
    return page


def _behind(sort: str, kana: str, birth_on: date | None, pk: int) -> Q:
    """Rows behind the last one shown, in the order of the list."""
    if sort == "-id":
        return Q(pk__lt=pk)
    if sort == "birth":
        # Unknown birth dates stand last (NULLS LAST is PostgreSQL's ascending order).
        if birth_on is None:
            return Q(birth_on__isnull=True, pk__gt=pk)
        return Q(birth_on__gt=birth_on) | Q(birth_on=birth_on, pk__gt=pk) | Q(birth_on__isnull=True)
    return Q(kana__gt=kana) | Q(kana=kana, pk__gt=pk)


def _rows(worker: Worker, persons: list[Person], on: date) -> list[PersonRow]:
    ids = [person.pk for person in persons]
    addresses: dict[int, Address] = {}
    for address in Address.objects.filter(person_id__in=ids, until_on__isnull=True).order_by("-kind", "-id"):
        addresses[address.person_id] = address
    households: dict[int, Membership] = {}
    for membership in (
        Membership.objects.filter(person_id__in=ids, ended_at__isnull=True)
        .select_related("household")
        .order_by("-id")
    ):
        households[membership.person_id] = membership
    opens = seen_among(worker, {one.household_id for one in households.values()})
    made = []
    for person in persons:
        facts = birth_facts_of(person)
        home = addresses.get(person.pk)
        where = district(home.district_id) if home else None
        living = households.get(person.pk)
        made.append(
            PersonRow(
                id=person.pk,
                name=shown_name(person),
                kana=person.kana,
                birth=show_birth(facts),
                age=show_age(facts, on) if person.died_on is None else "",
                town=town_of(home.text) if home else "",
                district=where.name if where else "",
                household_id=living.household_id if living and living.household_id in opens else None,
                household=living.household.label if living else "",
            )
        )
    return made
