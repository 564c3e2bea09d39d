"""Address protection: begun with one click, ended only by two people after asking the person."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import main_office_id
from tsunagi.journal.actions import record
from tsunagi.people.events import PersonProtected
from tsunagi.people.models import Party, Person, Protection
from tsunagi.people.rules import ProtectionCategory, as_written, check_two_people
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .search_keys import forget_keys, rebuild_keys

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def protect(
    person: Person | int,
    *,
    by: Worker,
    at: datetime,
    reason: str = "",
    category: str = ProtectionCategory.PROVISIONAL,
    from_on: date | None = None,
    measure_until_on: date | None = None,
    municipality: str = "",
    other_party_name: str = "",
    other_party_relation: str = "",
    other_party_id: int | None = None,
    office_id: int | None = None,
) -> Protection:
    """Protect a person now (仮保護 unless said otherwise): no lookup, hint, list or count shows them any more.

    No date ends it. A second click for the same category finds the first. Raises Refused for a 個人番号.
    """
    root = _locked_root(person)
    texts = {
        "わけ": reason,
        "受け付けた市町村": municipality,
        "相手方": other_party_name,
        "関係": other_party_relation,
    }
    for label, text in texts.items():
        refuse_my_number(text, label, "reason" if label == "わけ" else None)
    standing = Protection.objects.filter(person_id=root.pk, category=category, ended_at__isnull=True).first()
    if standing:
        return standing
    protection = Protection.objects.create(
        person_id=root.pk,
        category=category,
        reason=as_written(reason),
        from_on=from_on or day_of(at),
        measure_until_on=measure_until_on,
        municipality=as_written(municipality),
        other_party_name=as_written(other_party_name),
        other_party_relation=as_written(other_party_relation),
        other_party_id=other_party_id,
        set_by=by,
        set_at=at,
    )
    forget_keys([root.pk, *root.merged.values_list("pk", flat=True)])
    record(
        "person.protected",
        subject_kind="person",
        subject_id=root.pk,
        by=by.pk,
        at=at,
        detail={"protection": protection.pk, "category": str(category)},
    )
    office = office_id if office_id is not None else main_office_id(by)
    announce(PersonProtected(root.pk, protection.pk, office, by.pk, at))
    return protection


def end_protection(
    protection: Protection | int, *, by: Worker, second: Worker, person_asked_on: date | None, at: datetime
) -> None:
    """End a protection: two people, after asking the person. Raises Refused otherwise. They are found again only
    when nothing else protects them."""
    protection_id = protection if isinstance(protection, int) else protection.pk
    current = Protection.objects.select_for_update(no_key=True).get(pk=protection_id)
    check_two_people(by=by.pk, second=second.pk, asked_on=person_asked_on)
    if person_asked_on and person_asked_on > day_of(at):
        raise Refused(
            "本人に確かめた日が今日より後になっています。日付を確かめてください。", field="person_asked_on"
        )
    if current.ended_at is not None:
        return
    current.ended_at, current.ended_by, current.ended_with = at, by, second
    current.person_asked_on = person_asked_on
    current.save(update_fields=["ended_at", "ended_by", "ended_with", "person_asked_on"])
    rebuild_keys([current.person_id])
    record(
        "person.protection_ended",
        subject_kind="person",
        subject_id=current.person_id,
        by=by.pk,
        at=at,
        detail={"protection": current.pk, "second": second.pk},
    )


def _locked_root(person: Person | int) -> Party:
    person_id = person if isinstance(person, int) else person.pk
    party = Party.objects.filter(pk=person_id).first()
    if party is None:
        raise Refused("この方の記録は見つかりません。画面を開き直してください。")
    return Party.objects.select_for_update(of=("self",), no_key=True).get(pk=party.same_as_id or party.pk)
