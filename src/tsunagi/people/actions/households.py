"""Households, relations, and people not yet known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.journal.actions import record
from tsunagi.people.events import PartyJoined
from tsunagi.people.models import Household, Involvement, Membership, Party, Person, Relation, UnknownPerson
from tsunagi.people.rules import PartyKind, Stale, as_written, check_same_as
from tsunagi.places.queries import district_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .involvements import (
    involve,
    involve_registering_office,
    share_reasons_with_household,
    take_reasons_from_household,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def start_household(
    *,
    by: Worker | None,
    at: datetime,
    members: Sequence[tuple[Person | int, str]] = (),
    label: str = "",
    household_type: str = "",
    note: str = "",
    office: int | None = None,
) -> Household:
    """Start a household with its members (person, relation code). Offices that support a member (01) see it at once."""
    label, note = _text(label, "呼び名", "label"), _text(note, "ようす", "note")
    party = Party.objects.create(kind=PartyKind.HOUSEHOLD, created_at=at, created_by=by)
    household = Household.objects.create(party=party, label=label, household_type=household_type, note=note)
    record("household.started", subject_kind="household", subject_id=party.pk, by=_id(by), at=at)
    involve_registering_office(party.pk, office, by=_id(by), at=at)
    for person, relation in members:
        join_household(household, person, relation=relation, by=by, at=at)
    return household


def change_household(
    household: Household | int,
    *,
    by: Worker,
    at: datetime,
    revision: int,
    label: str,
    household_type: str,
    note: str,
) -> Household:
    """Change label, type and note of a household. Raises Stale with both texts when somebody saved in between."""
    current = _locked_household(household)
    said = {
        "label": _text(label, "呼び名", "label"),
        "household_type": household_type,
        "note": _text(note, "ようす", "note"),
    }
    differing = {field: value for field, value in said.items() if getattr(current, field) != value}
    if not differing:
        return current
    if current.revision != revision:
        names = {"label": "呼び名", "household_type": "世帯類型", "note": "ようす"}
        raise Stale(
            {names[field]: getattr(current, field) for field in said},
            {names[field]: value for field, value in said.items()},
            current.revision,
        )
    before = {field: getattr(current, field) for field in differing}
    for field, value in differing.items():
        setattr(current, field, value)
    current.revision += 1
    current.save(update_fields=[*differing, "revision"])
    record(
        "household.changed",
        subject_kind="household",
        subject_id=current.pk,
        by=by.pk,
        at=at,
        detail={"fields": sorted(before)},
    )
    return current


def join_household(
    household: Household | int,
    person: Person | int,
    *,
    relation: str = "",
    lives_here: bool = True,
    from_on: date | None = None,
    by: Worker | None,
    at: datetime,
) -> Membership:
    """Put a person into a household. Whoever supports the person (01) now sees the household, for the same reason."""
    current = _locked_household(household)
    person_id = person if isinstance(person, int) else person.pk
    if current.memberships.filter(person_id=person_id, ended_at__isnull=True).exists():
        raise Refused("この方は、すでにこの世帯に入っています。")
    membership = Membership.objects.create(
        household=current, person_id=person_id, relation=relation, lives_here=lives_here, from_on=from_on
    )
    share_reasons_with_household(person_id, current.pk, at=at)
    record(
        "household.joined",
        subject_kind="household",
        subject_id=current.pk,
        by=_id(by),
        at=at,
        detail={"person": person_id, "membership": membership.pk},
    )
    return membership


def leave_household(household: Household | int, person: Person | int, *, by: Worker, at: datetime) -> None:
    """Take a person out of a household; the history stays, and what was open through this person alone closes."""
    current = _locked_household(household)
    person_id = person if isinstance(person, int) else person.pk
    if not current.memberships.filter(person_id=person_id, ended_at__isnull=True).update(ended_at=at):
        raise Refused("この方は、いまこの世帯に入っていません。画面を開き直してください。")
    take_reasons_from_household(person_id, current.pk, at=at)
    record(
        "household.left",
        subject_kind="household",
        subject_id=current.pk,
        by=by.pk,
        at=at,
        detail={"person": person_id},
    )


def relate(
    person: Person | int,
    other: Person | int,
    *,
    kind: str,
    by: Worker,
    at: datetime,
    words: str = "",
    untold: bool = False,
    from_on: date | None = None,
) -> Relation:
    """Write that `person` is the `kind` of `other` (「AはBの親」). `untold`: 本人・子に未告知."""
    person_id = person if isinstance(person, int) else person.pk
    other_id = other if isinstance(other, int) else other.pk
    if person_id == other_id:
        raise Refused("関係は、ふたりの間に入れてください。別の方を選んでください。", field="other")
    standing = Relation.objects.filter(
        person_id=person_id, other_id=other_id, kind=kind, ended_at__isnull=True
    ).first()
    if standing:
        return standing
    relation = Relation.objects.create(
        person_id=person_id,
        other_id=other_id,
        kind=kind,
        words=_text(words, "ことばで", "words"),
        untold=untold,
        from_on=from_on,
        written_at=at,
    )
    record(
        "relation.written",
        subject_kind="person",
        subject_id=person_id,
        by=by.pk,
        at=at,
        detail={"relation": relation.pk, "other": other_id},
    )
    return relation


def unrelate(relation: Relation | int, *, by: Worker, at: datetime, until_on: date | None = None) -> None:
    """Take a relation back (written by mistake, or it ended on a day); the row stays."""
    relation_id = relation if isinstance(relation, int) else relation.pk
    current = Relation.objects.select_for_update(no_key=True).get(pk=relation_id)
    if current.ended_at is not None:
        return
    current.ended_at, current.until_on = at, until_on
    current.save(update_fields=["ended_at", "until_on"])
    record(
        "relation.ended",
        subject_kind="person",
        subject_id=current.person_id,
        by=by.pk,
        at=at,
        detail={"relation": current.pk},
    )


def note_unknown(
    *,
    by: Worker | None,
    at: datetime,
    place: str = "",
    looks: str = "",
    words: str = "",
    district_id: int | None = None,
    office: int | None = None,
) -> UnknownPerson:
    """Write down someone not yet known: the place, the looks, the words heard. Never found by lookup or matching."""
    place, looks = _text(place, "場所", "place"), _text(looks, "見た目・ようす", "looks")
    words = _text(words, "聞いたこと", "words")
    if district_id is None and place:
        answer = district_of(place)
        district_id = answer.district.id if answer.district else None
    party = Party.objects.create(kind=PartyKind.UNKNOWN, created_at=at, created_by=by)
    unknown = UnknownPerson.objects.create(
        party=party, place=place, looks=looks, words=words, district_id=district_id
    )
    record("unknown.noted", subject_kind="unknown", subject_id=party.pk, by=_id(by), at=at)
    involve_registering_office(party.pk, office, by=_id(by), at=at)
    return unknown


def join_unknown(unknown: UnknownPerson | int, person: Person | int, *, by: Worker, at: datetime) -> Party:
    """A worker says: this is who it was. A pointer, never re-pointed rows (H12); returns the root.

    Offices that were involved with the one not yet known become involved with the person for the same reasons: that
    is what the worker confirms. Raises Refused when either is already joined.
    """
    unknown_id = unknown if isinstance(unknown, int) else unknown.pk
    person_id = person if isinstance(person, int) else person.pk
    parties = {
        party.pk: party
        for party in Party.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[unknown_id, person_id])
        .order_by("pk")
    }
    if len(parties) < 2:
        raise Refused("合わせる記録が見つかりません。画面を開き直してください。")
    party, target = parties[unknown_id], parties[person_id]
    if party.same_as_id == target.pk:
        return target
    check_same_as(
        kind=party.kind,
        target_kind=target.kind,
        is_itself=unknown_id == person_id,
        target_is_merged=target.same_as_id is not None,
        has_followers=party.merged.exists() or party.same_as_id is not None,
    )
    party.same_as = target
    party.save(update_fields=["same_as"])
    for row in Involvement.objects.filter(party_id=unknown_id, ended_at__isnull=True).order_by("id"):
        involve(
            person_id,
            row.office_id,
            ground=row.ground,
            facets=row.facets,
            reason_kind=row.reason_kind,
            reason_id=row.reason_id,
            at=at,
            worker_id=row.worker_id,
            until_on=row.until_on,
            by=by.pk,
        )
    record(
        "unknown.joined",
        subject_kind="unknown",
        subject_id=unknown_id,
        by=by.pk,
        at=at,
        detail={"person": person_id},
    )
    announce(PartyJoined(unknown_id, person_id, by.pk, at))
    return target


def part_unknown(unknown: UnknownPerson | int, *, by: Worker, at: datetime) -> None:
    """It was somebody else after all: take the pointer back. What was opened only by the joining closes."""
    unknown_id = unknown if isinstance(unknown, int) else unknown.pk
    party = Party.objects.select_for_update(of=("self",), no_key=True).get(pk=unknown_id)
    if party.same_as_id is None:
        return
    root_id, party.same_as = party.same_as_id, None
    party.save(update_fields=["same_as"])
    for row in Involvement.objects.filter(party_id=unknown_id, ended_at__isnull=True).order_by("id"):
        Involvement.objects.filter(
            Q(party_id=root_id) | Q(party__household__memberships__person_id=root_id),
            office_id=row.office_id,
            reason_kind=row.reason_kind,
            reason_id=row.reason_id,
            ended_at__isnull=True,
        ).update(ended_at=at)
    record(
        "unknown.parted",
        subject_kind="unknown",
        subject_id=unknown_id,
        by=by.pk,
        at=at,
        detail={"person": root_id},
    )


def _locked_household(household: Household | int) -> Household:
    household_id = household if isinstance(household, int) else household.pk
    try:
        return Household.objects.select_for_update(no_key=True).get(pk=household_id)
    except Household.DoesNotExist:
        raise Refused("この世帯の記録は見つかりません。画面を開き直してください。") from None


def _text(text: str, label: str, field: str) -> str:
    refuse_my_number(text, label, field)
    return as_written(text)


def _id(by: Worker | None) -> int | None:
    return by.pk if by else None
