"""Address protection: begun with one click, ended only by two people after asking the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import main_office_id
from tsunagi.codes import queries as codes
from tsunagi.journal.actions import record
from tsunagi.people.events import OtherPartyKnown, PersonProtected
from tsunagi.people.models import (
    Address,
    AddressGrant,
    Household,
    Membership,
    OwnPerson,
    Party,
    Person,
    Protection,
)
from tsunagi.people.queries.parties import is_protected, same_person
from tsunagi.people.rules import (
    NEAR_RELATIONS,
    PartyKind,
    ProtectionCategory,
    as_written,
    check_two_people,
    names_somebody,
)
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.names import fold_name
from tsunagi.shared.refusal import Refused

from .search_keys import forget_keys, rebuild_keys

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


TEXTS = {
    "reason": "わけ",
    "municipality": "受け付けた市町村",
    "other_party_name": "相手方",
    "other_party_relation": "関係",
}


@dataclass(frozen=True)
class ProtectionWish:
    """What is known of a protection: why, on whose paper, until when, from whom. Everything may be empty."""

    category: str = ProtectionCategory.PROVISIONAL
    reason: str = ""
    from_on: date | None = None
    measure_until_on: date | None = None
    municipality: str = ""
    other_party_name: str = ""
    other_party_relation: str = ""
    other_party_id: int | None = None

    def columns(self, on: date) -> dict[str, Any]:
        """As the row keeps it."""
        return {
            "category": self.category,
            "from_on": self.from_on or on,
            "measure_until_on": self.measure_until_on,
            "other_party_id": self.other_party_id,
            "other_party_workers": bearing(self.other_party_name, self.other_party_id),
        } | {name: as_written(getattr(self, name)) for name in TEXTS}

    def check(self) -> None:
        """Raise Refused for a 個人番号 in a text."""
        for name, label in TEXTS.items():
            refuse_my_number(getattr(self, name), label, name)


def protect(
    person: Person | int,
    *,
    by: Worker,
    at: datetime,
    office_id: int | None = None,
    covering: Iterable[int] = (),
    main: Protection | None = None,
    **said: Any,
) -> Protection:
    """Protect a person now (仮保護 unless said otherwise): no lookup, hint, list or count shows them any more.

    `said` are the fields of `ProtectionWish`; `covering` are household members protected together with them. No date
    ends it. A second click for the same category finds the first. Raises Refused for a 個人番号.
    """
    root = _locked_root(person)
    wish = ProtectionWish(**said)
    wish.check()
    standing = Protection.objects.filter(
        person_id=root.pk, category=wish.category, ended_at__isnull=True
    ).first()
    if standing:
        keep_protecting(standing, by=by, at=at)
        return standing
    protection = Protection.objects.create(
        person_id=root.pk, main=main, set_by=by, set_at=at, **wish.columns(day_of(at))
    )
    forget_keys([root.pk, *root.merged.values_list("pk", flat=True)])
    _unname_households(root, by=by, at=at)
    record(
        "person.protected",
        subject_kind="person",
        subject_id=root.pk,
        by=by.pk,
        at=at,
        detail={
            "protection": protection.pk,
            "category": str(wish.category),
            "main": main.pk if main else None,
        },
    )
    office = office_id if office_id is not None else main_office_id(by)
    announce(PersonProtected(root.pk, protection.pk, office, by.pk, at, main.pk if main else None))
    for twin in root.merged.filter(kind=PartyKind.PERSON).order_by("pk").values_list("pk", flat=True):
        cover_twin(protection, twin, by=by, at=at)
    for member in dict.fromkeys(covering):
        if member not in (root.pk, wish.other_party_id):
            protect(member, by=by, at=at, office_id=office, main=protection, **said)
    if main is None:
        _announce_other_party(protection, at=at)
    return protection


def cover_twin(protection: Protection, person_id: int, *, by: Worker, at: datetime) -> None:
    """Protect another record of the same person with this protection (H12): both carry it, both end together.

    That it is protected goes over, not why and from whom: others may see this record who do not see the other one.
    """
    if Protection.objects.filter(
        person_id=person_id, category=protection.category, ended_at__isnull=True
    ).exists():
        return
    said = {
        field.attname: getattr(protection, field.attname)
        for field in Protection._meta.concrete_fields
        if field.name not in ("id", "person", "main", "set_by", "set_at", "other_party", *TEXTS, *NOT_ENDING)
    }
    twin = Protection.objects.create(
        **said, person_id=person_id, main=protection.main or protection, set_by=by, set_at=at
    )
    forget_keys([person_id, *_merged_into(person_id)])
    _unname_households(Party.objects.get(pk=person_id), by=by, at=at)
    record(
        "person.protected", subject_kind="person", subject_id=person_id, by=by.pk, at=at,
        detail={"protection": twin.pk, "category": str(protection.category), "main": twin.main_id},
    )  # fmt: skip


def _unname_households(root: Party, *, by: Worker, at: datetime) -> None:
    """A household called by the name of whom is protected is called by its number: its other members' workers read it."""
    persons = [root.pk, *root.merged.values_list("pk", flat=True)]
    names = list(Person.objects.filter(pk__in=persons).values_list("name", "kana"))
    rows = Household.objects.select_for_update().filter(
        pk__in=Membership.objects.filter(person_id__in=persons).values("household_id")
    )
    for household in rows.order_by("pk"):
        if not any(names_somebody(household.label, name, kana) for name, kana in names):
            continue
        household.label = f"世帯 {household.pk}"
        household.revision += 1
        household.save(update_fields=["label", "revision"])
        record(
            "household.changed", subject_kind="household", subject_id=household.pk, by=by.pk, at=at,
            detail={"fields": ["label"], "why": "protection"},
        )  # fmt: skip


def decide_protection(
    protection: Protection | int,
    wish: ProtectionWish,
    *,
    by: Worker,
    second: Worker,
    at: datetime,
    covering: Iterable[int] = (),
) -> Protection:
    """Two people decide that the protection goes on, as `wish` says; household members are covered with it.

    Also how it is corrected, and how a measure's new last day is written down. Raises Refused when it ended meanwhile,
    or when both are one.
    """
    current = _locked(protection)
    wish.check()
    if by.pk == second.pk:
        raise Refused("保護を続けるかは、ふたりの職員で決めてください。別の職員に頼んでください。")
    said = (
        wish.columns(day_of(at)) | {"decided_at": at, "decided_by": by, "decided_with": second} | NOT_ENDING
    )
    rows = [current, *Protection.objects.filter(main=current, ended_at__isnull=True).order_by("pk")]
    twins = set(same_person(current.person_id))
    for row in rows:
        # Of another record of the same person only that it is protected is known, not why and from whom.
        told = {name: value for name, value in said.items() if row.person_id not in twins or name not in _WHY}
        for name, value in told.items():
            setattr(row, name, value)
        row.save(update_fields=list(told))
    already = {row.person_id for row in rows}
    for member in dict.fromkeys(covering):
        if member not in already and member != wish.other_party_id:
            covered = protect(member, by=by, at=at, main=current, **vars(wish))
            Protection.objects.filter(pk=covered.pk).update(decided_at=at, decided_by=by, decided_with=second)
    record(
        "person.protection_decided",
        subject_kind="person",
        subject_id=current.person_id,
        by=by.pk,
        at=at,
        detail={"protection": current.pk, "second": second.pk, "category": str(wish.category)},
    )
    _announce_other_party(current, at=at)
    return current


def agree_to_end(
    protection: Protection | int,
    *,
    by: Worker,
    second: Worker,
    person_asked_on: date | None,
    at: datetime,
) -> date | None:
    """Two people agree that it ends, after asking the person: it is over after the cooling period (setting). Until then
    nothing opens, and anybody who is with the person takes it back. Returns the day, None when it ended at once.

    The days only put off what two people decided; a job that is late leaves the person protected."""
    current = _locked(protection, ended_too=True)
    _check_ending(by, second, person_asked_on, at)
    if current.ended_at is not None or current.ends_on is not None:
        return current.ends_on
    days = codes.span("protection.cooling").n
    if not days:
        end_protection(current, by=by, second=second, person_asked_on=person_asked_on, at=at)
        return None
    current.ends_on = day_of(at) + timedelta(days=days)
    current.ending_at, current.ending_by, current.ending_with = at, by, second
    current.person_asked_on = person_asked_on
    current.save(update_fields=[*NOT_ENDING, "person_asked_on"])
    record(
        "person.protection_ending",
        subject_kind="person",
        subject_id=current.person_id,
        by=by.pk,
        at=at,
        detail={"protection": current.pk, "second": second.pk, "until": current.ends_on.isoformat()},
    )
    return current.ends_on


def keep_protecting(protection: Protection | int, *, by: Worker, at: datetime) -> bool:
    """Take the agreed end back: protecting is one person's deed, at any time. False when none was agreed."""
    current = _locked(protection)
    if current.ends_on is None:
        return False
    for name, value in NOT_ENDING.items():
        setattr(current, name, value)
    current.person_asked_on = None
    current.save(update_fields=[*NOT_ENDING, "person_asked_on"])
    record(
        "person.protection_kept",
        subject_kind="person",
        subject_id=current.person_id,
        by=by.pk,
        at=at,
        detail={"protection": current.pk},
    )
    return True


def end_those_agreed(on: date, *, at: datetime) -> int:
    """End what two people agreed to end and nobody took back (in a job); how many."""
    ended = 0
    rows = Protection.objects.filter(ended_at__isnull=True, ends_on__lte=on)
    for row in rows.select_related("ending_by", "ending_with").order_by("pk"):
        if row.ending_by is None or row.ending_with is None:
            continue  # the constraint says that there are two
        end_protection(
            row, by=row.ending_by, second=row.ending_with, person_asked_on=row.person_asked_on, at=at
        )  # fmt: skip
        ended += 1
    return ended


def _check_ending(by: Worker, second: Worker, asked_on: date | None, at: datetime) -> None:
    check_two_people(by=by.pk, second=second.pk, asked_on=asked_on)
    if asked_on and asked_on > day_of(at):
        raise Refused(
            "本人に確かめた日が今日より後になっています。日付を確かめてください。", field="person_asked_on"
        )


def end_protection(
    protection: Protection | int,
    *,
    by: Worker,
    second: Worker,
    person_asked_on: date | None,
    at: datetime,
    with_covered: bool = True,
) -> None:
    """End a protection: two people, after asking the person. Raises Refused otherwise. They are found again only
    when nothing else protects them. Household members who were covered by it are ended with it."""
    current = _locked(protection, ended_too=True)
    _check_ending(by, second, person_asked_on, at)
    if current.ended_at is not None:
        return
    rows = [current]
    if with_covered:
        rows += Protection.objects.filter(main=current, ended_at__isnull=True).order_by("pk")
    for row in rows:
        row.ended_at, row.ended_by, row.ended_with = at, by, second
        row.person_asked_on = person_asked_on
        row.save(update_fields=["ended_at", "ended_by", "ended_with", "person_asked_on"])
        _set_addresses_aside([row.person_id, *_merged_into(row.person_id)], at=at)
        rebuild_keys([row.person_id, *_merged_into(row.person_id)])
        record(
            "person.protection_ended",
            subject_kind="person",
            subject_id=row.person_id,
            by=by.pk,
            at=at,
            detail={"protection": row.pk, "second": second.pk},
        )


def show_address(
    person: Person | int,
    *,
    worker_id: int,
    reason: str,
    until_on: date,
    by: Worker,
    second: Worker,
    at: datetime,
) -> AddressGrant:
    """Two people let one named worker see a protected address for at most `LONGEST_GRANT` days; journalled."""
    person_id = _locked_root(person).pk
    refuse_my_number(reason, "わけ", "reason")
    if by.pk == second.pk:
        raise Refused("非開示の住所を見せるには、ふたりの職員が要ります。別の職員に頼んでください。")
    on = day_of(at)
    if not on <= until_on <= on + timedelta(days=LONGEST_GRANT):
        raise Refused(f"見せる期間は、今日から{LONGEST_GRANT}日までにしてください。", field="until_on")
    if not reason.strip():
        raise Refused("住所が要るわけを書いてください。", field="reason")
    grant = AddressGrant.objects.create(
        person_id=person_id,
        worker_id=worker_id,
        reason=reason.strip(),
        from_on=on,
        until_on=until_on,
        asked_by=by,
        agreed_by=second,
        given_at=at,
    )
    record(
        "person.address_shown",
        subject_kind="person",
        subject_id=person_id,
        by=by.pk,
        at=at,
        detail={"grant": grant.pk, "to": worker_id, "second": second.pk, "until": until_on.isoformat()},
    )
    return grant


def hide_address_again(grant_id: int, *, by: Worker, at: datetime) -> None:
    """Take the sight of a protected address back before its last day."""
    if AddressGrant.objects.filter(pk=grant_id, ended_at__isnull=True).update(ended_at=at):
        grant = AddressGrant.objects.get(pk=grant_id)
        record(
            "person.address_hidden",
            subject_kind="person",
            subject_id=grant.person_id,
            by=by.pk,
            at=at,
            detail={"grant": grant.pk, "to": grant.worker_id},
        )


def _set_addresses_aside(person_ids: list[int], *, at: datetime) -> None:
    """Where they were while protected comes back into hints, lists, exports and papers by nobody but who asked them."""
    for person_id in person_ids:
        if not is_protected(person_id):
            Address.objects.filter(person_id=person_id, until_on__isnull=True).update(
                until_on=day_of(at), set_aside_at=at
            )


def use_address_again(person: Person | int, address_id: int, *, by: Worker, at: datetime) -> None:
    """The person was asked: an address that was set aside when a protection ended is in use again. An other one of its kind
    ends. Raises Refused when it is not there, or while they are protected again."""
    person_id = _locked_root(person).pk
    if is_protected(person_id):
        raise Refused("この方は保護されています。前の住所を、また使うことはできません。")
    row = Address.objects.filter(pk=address_id, person_id=person_id, set_aside_at__isnull=False).first()
    if row is None:
        raise Refused("この住所は、もう使っています。画面を開き直してください。")
    Address.objects.filter(person_id=person_id, kind=row.kind, until_on__isnull=True).update(
        until_on=day_of(at)
    )
    Address.objects.filter(pk=row.pk).update(until_on=None, set_aside_at=None)
    rebuild_keys([person_id])
    record(
        "person.address_used_again", subject_kind="person", subject_id=person_id, by=by.pk, at=at,
        detail={"address": row.pk},
    )  # fmt: skip


NOT_ENDING: dict[str, None] = dict.fromkeys(("ends_on", "ending_at", "ending_by", "ending_with"))
_WHY = {*TEXTS, "other_party_id"}

SHORTEST_NAME = 3
"""Letters of a folded name below which it says nothing (a family name alone is anybody's)."""

LONGEST_GRANT = 7
"""Days one sight of a protected address lasts at most."""


def _announce_other_party(protection: Protection, *, at: datetime) -> None:
    workers = set(protection.other_party_workers)
    if protection.other_party_id is not None:
        near = {protection.other_party_id, *_together_with(protection.other_party_id)}
        workers |= set(
            OwnPerson.objects.filter(
                matched__overlap=list(near), relation__in=NEAR_RELATIONS, ended_at__isnull=True
            ).values_list("worker_id", flat=True)
        )
    if workers:
        announce(OtherPartyKnown(tuple(sorted(workers)), at))


def _together_with(person_id: int) -> list[int]:
    homes = Membership.objects.filter(person_id=person_id, ended_at__isnull=True).values("household_id")
    return list(
        Membership.objects.filter(household_id__in=homes, ended_at__isnull=True)
        .order_by("id")
        .values_list("person_id", flat=True)
    )


def bearing(name: str, person_id: int | None) -> list[int]:
    """Colleagues who bear the other party's name: they may be it, and safety does not wait until somebody knows."""
    names = {name}
    if person_id is not None:
        names |= set(Person.objects.filter(pk=person_id).values_list("name", flat=True))
    wanted = {fold_name(one) for one in names if len(fold_name(one)) >= SHORTEST_NAME}
    if not wanted:
        return []
    rows = WorkerModel.objects.filter(is_active=True).order_by("pk").values_list("pk", "name", "kana")
    return [pk for pk, *theirs in rows if not wanted.isdisjoint(fold_name(one) for one in theirs if one)]


def look_for_other_parties_again(*, at: datetime) -> int:
    """Colleagues who came since, and bear a living protection's other party's name, lose the path too; how many
    protections changed."""
    changed = 0
    for protection in Protection.objects.filter(ended_at__isnull=True).order_by("pk"):
        found = bearing(protection.other_party_name, protection.other_party_id)
        if set(found) - set(protection.other_party_workers):
            Protection.objects.filter(pk=protection.pk).update(other_party_workers=found)
            announce(OtherPartyKnown(tuple(found), at))
            changed += 1
    return changed


def _merged_into(person_id: int) -> list[int]:
    return list(Party.objects.filter(same_as_id=person_id).order_by("pk").values_list("pk", flat=True))


def _locked(protection: Protection | int, *, ended_too: bool = False) -> Protection:
    number = protection if isinstance(protection, int) else protection.pk
    current = Protection.objects.select_for_update(no_key=True).get(pk=number)
    if current.ended_at is not None and not ended_too:
        raise Refused("この保護は、すでに終わっています。必要なら、もう一度かけてください。")
    return current


def _locked_root(person: Person | int) -> Party:
    person_id = person if isinstance(person, int) else person.pk
    party = Party.objects.filter(pk=person_id).first()
    if party is None:
        raise Refused("この方の記録は見つかりません。画面を開き直してください。")
    return Party.objects.select_for_update(of=("self",), no_key=True).get(pk=party.same_as_id or party.pk)
