"""What stands beside a protection: who lives with them, the protection's page, whom a worker declared as their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from tsunagi.accounts.models import Worker
from tsunagi.codes import queries as codes
from tsunagi.people.access import closed_to, protected_persons
from tsunagi.people.models import AddressGrant, Involvement, Membership, OwnPerson, Person, Protection
from tsunagi.people.rules import ADDRESS_OPENING_REASONS, OwnRelation, ProtectionCategory
from tsunagi.shared.days import day_of
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole

from .families import households_of, relations_of
from .parties import name_of


@dataclass(frozen=True)
class OwnPersonCard:
    """Somebody this worker declared as their own."""

    id: int
    name: str
    relation: str
    declared_on: date


@dataclass(frozen=True)
class GrantCard:
    """Who sees the protected address now, until when, and on whose two words."""

    id: int
    worker: str
    reason: str
    until_on: date
    by: str


@dataclass(frozen=True)
class ProtectionPage:
    """A protection as its page shows it. `stage`: 「あと30日」 or 「期限切れ・要確認」, empty while nothing is near."""

    id: int
    person_id: int
    person: str
    category: str
    reason: str
    from_on: date
    measure_until_on: date | None
    stage: str
    municipality: str
    other_party: str
    other_party_id: int | None
    covers: tuple[tuple[int, str], ...]
    main_id: int | None
    set_by: str
    set_at: datetime
    decided_at: datetime | None
    decided_by: str
    ended_at: datetime | None
    ended_by: str
    ends_on: date | None
    ending_by: str
    grants: tuple[GrantCard, ...]


@dataclass(frozen=True)
class EndingMeasure:
    """A measure whose last day is near or past, for those who are with the person."""

    protection_id: int
    person_id: int
    until_on: date
    stage: str


def lived_with(worker: Worker, person: Person, *, on: date) -> list[tuple[int, str]]:
    """Who lives with this person or is related to them, as far as this worker may see: (number, name)."""
    found: dict[int, str] = {}
    for household in households_of(worker, person, on=on):
        found |= {member.person_id: member.name for member in household.members}
    found |= {relation.other_id: relation.other_name for relation in relations_of(worker, person)}
    found.pop(person.pk, None)
    return list(found.items())


def protection_page(worker: Worker, protection: Protection, *, on: date) -> ProtectionPage:
    """Ask through an open door (`holding.access.protection_for`)."""
    row = protection
    covered = (
        Protection.objects.filter(main=row, ended_at__isnull=True)
        .select_related("person__party")
        .order_by("id")
    )
    grants = (
        AddressGrant.objects.filter(person_id=row.person_id, ended_at__isnull=True, until_on__gte=on)
        .select_related("worker", "asked_by", "agreed_by")
        .order_by("until_on", "id")
    )
    return ProtectionPage(
        id=row.pk,
        person_id=row.person_id,
        person=name_of(row.person.party),
        category=ProtectionCategory.label_of(row.category),
        reason=row.reason,
        from_on=row.from_on,
        measure_until_on=row.measure_until_on,
        stage=stage_of(row.measure_until_on, on),
        municipality=row.municipality,
        other_party="・".join(filter(None, (row.other_party_name, row.other_party_relation))),
        other_party_id=row.other_party_id,
        covers=tuple((one.person_id, name_of(one.person.party)) for one in covered),
        main_id=row.main_id,
        set_by=row.set_by.name,
        set_at=row.set_at,
        decided_at=row.decided_at,
        decided_by=_two(row.decided_by, row.decided_with),
        ended_at=row.ended_at,
        ended_by=_two(row.ended_by, row.ended_with),
        ends_on=row.ends_on if row.ended_at is None else None,
        ending_by=_two(row.ending_by, row.ending_with),
        grants=tuple(
            GrantCard(one.pk, one.worker.name, one.reason, one.until_on, _two(one.asked_by, one.agreed_by))
            for one in grants
        ),
    )


@sees_whole("who is guarded must never be missed by who looks")
def guarded_among(party_ids: Iterable[int | None]) -> set[int]:
    """Of these parties: protected persons, and households one of them lives in. Sees the whole: it takes away from lists."""
    ids = {pk for pk in party_ids if pk}
    if not ids:
        return set()
    persons = Person.objects.filter(party_id__in=protected_persons())
    guarded = set(persons.filter(pk__in=ids).order_by().values_list("pk", flat=True))
    guarded |= set(
        Membership.objects.filter(
            household_id__in=ids, ended_at__isnull=True, person_id__in=persons.order_by().values("pk")
        )
        .order_by()
        .values_list("household_id", flat=True)
    )
    return guarded


def stage_of(until_on: date | None, on: date) -> str:
    """How near a measure's last day is: 45 and 30 days before (settings), and past it. It never ends by itself."""
    if until_on is None:
        return ""
    if until_on < on:
        return "期限切れ・要確認"
    left = (until_on - on).days
    if left <= max(codes.number("protection.remind_first"), codes.number("protection.remind_last")):
        return f"期限まであと{left}日" if left else "今日が期限"
    return ""


def measures_ending(worker: Worker, office_ids: Iterable[int], *, on: date) -> list[EndingMeasure]:
    """Measures near or past their last day, of persons these offices hold a concern or a case of. One query; derived."""
    soon = on + timedelta(days=codes.number("protection.remind_first"))
    closed = closed_to(worker)
    return [
        EndingMeasure(number, person_id, until, stage_of(until, on))
        for number, person_id, until in _ENDING.rows(list(office_ids), soon)
        if person_id not in closed
    ]


def _ending(office_ids: list[int], soon: date) -> QuerySet[Protection, tuple[int, int, date | None]]:
    with_them = Involvement.objects.filter(
        office__id__any=office_ids, ended_at__isnull=True, reason_kind__in=ADDRESS_OPENING_REASONS
    ).order_by()
    rows = Protection.objects.filter(ended_at__isnull=True, main__isnull=True, measure_until_on__lte=soon)
    return (
        rows.filter(person_id__in=with_them.values("party_id"))
        .order_by("measure_until_on", "id")
        .values_list("id", "person_id", "measure_until_on")
    )


_ENDING = Kept(_ending)


def own_people_of(worker: Worker) -> list[OwnPersonCard]:
    """Whom this worker declared as their own. Whether a record was found is not among it."""
    rows = OwnPerson.objects.filter(worker=worker, ended_at__isnull=True).order_by("id")
    return [
        OwnPersonCard(row.pk, row.name, OwnRelation.label_of(row.relation), day_of(row.declared_at))
        for row in rows
    ]


def _two(one: Worker | None, other: Worker | None) -> str:
    return "・".join(worker.name for worker in (one, other) if worker)
