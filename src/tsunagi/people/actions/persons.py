"""Writing persons down and changing what is known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.journal.actions import record
from tsunagi.people.models import Address, Alias, Party, Person, PersonChange, Phone, SafeContact
from tsunagi.people.queries.home import home
from tsunagi.people.queries.persons import birth_of
from tsunagi.people.rules import (
    NewAddress,
    NewAlias,
    NewPhone,
    PartyKind,
    Stale,
    address_key,
    as_address,
    as_alias,
    as_phone,
    as_written,
    birth_facts,
    check_birth,
    phone_key,
)
from tsunagi.places.queries import district_of
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import PartialDate

from .involvements import involve_registering_office
from .search_keys import forget_keys, mark_shared, rebuild_keys

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

LABELS = {
    "name": "氏名",
    "kana": "カナ",
    "sex": "性別",
    "birth": "生年月日",
    "languages": "使うことば",
    "interpreter": "通訳",
    "note": "見分けの手がかり",
}


def register_person(
    *,
    by: Worker | None,
    at: datetime,
    name: str = "",
    kana: str = "",
    sex: str = "",
    birth: str | date | PartialDate | None = "",
    phones: Sequence[NewPhone | str] = (),
    addresses: Sequence[NewAddress | str] = (),
    languages: Sequence[str] = (),
    interpreter: str = "",
    aliases: Sequence[NewAlias | str] = (),
    note: str = "",
    office: int | None = None,
) -> Person:
    """Write a person down. Nothing is required; names and addresses stay as typed, a birth date may be partial.

    `office` (a number) can open the record until it has a reason of its own: consultation, concern …
    Raises Refused for a 個人番号 in any text and for a birth in the future.
    """
    said = _texts(name=name, kana=kana, note=note, sex=sex, interpreter=interpreter)
    facts = birth_facts(birth, on=day_of(at))
    refuse_my_number(facts.birth_text, LABELS["birth"], "birth")
    check_birth(on=facts.birth_on, year=facts.birth_year, today=day_of(at))
    party = Party.objects.create(kind=PartyKind.PERSON, created_at=at, created_by=by)
    person = Person.objects.create(party=party, languages=list(languages), **said, **vars(facts))
    Alias.objects.bulk_create(_alias(person.pk, as_alias(alias)) for alias in aliases)
    Phone.objects.bulk_create(_phone(person.pk, as_phone(phone)) for phone in phones)
    Address.objects.bulk_create(_address(person.pk, as_address(address), at) for address in addresses)
    rebuild_keys([person.pk])
    record(
        "person.registered",
        subject_kind="person",
        subject_id=person.pk,
        by=_id(by),
        at=at,
        detail={"office": office},
    )
    involve_registering_office(person.pk, office, by=_id(by), at=at)
    return person


def change_person(
    person: Person | int,
    *,
    by: Worker,
    at: datetime,
    revision: int,
    office: int | None = None,
    **changes: Any,
) -> Person:
    """Change name, kana, sex, birth, languages, interpreter, note; what it said before is kept.

    Raises Stale (409) with both texts when somebody saved since `revision`, Refused for a 個人番号 or an unknown field.
    """
    unknown = set(changes) - set(LABELS)
    if unknown:
        raise TypeError(f"change_person: {', '.join(sorted(unknown))}")
    current = _locked(person)
    wished = _wished(changes, at)
    before = {field: getattr(current, field) for field in wished}
    differing = {field: value for field, value in wished.items() if before[field] != value}
    if not differing:
        return current
    if current.revision != revision:
        raise Stale(_words(current, changes), _typed(changes), current.revision)
    keep_before(current, "person", {field: before[field] for field in differing}, by=by, at=at)
    for field, value in differing.items():
        setattr(current, field, value)
    current.revision += 1
    current.save(update_fields=[*differing, "revision"])
    rebuild_keys([current.pk])
    _journal("person.changed", current.pk, by, at, fields=sorted(differing))
    return current


def record_death(person: Person | int, *, died_on: date, by: Worker, at: datetime) -> Person:
    """Note the day somebody died. Their record, its protection and who may see it stay as they are."""
    current = _locked(person)
    if died_on > day_of(at):
        raise Refused("亡くなった日が今日より後になっています。日付を確かめてください。", field="died_on")
    keep_before(current, "died", {"died_on": current.died_on}, by=by, at=at)
    current.died_on = died_on
    current.revision += 1
    current.save(update_fields=["died_on", "revision"])
    _journal("person.died", current.pk, by, at)
    return current


def record_move_away(person: Person | int, *, moved_on: date, by: Worker, at: datetime) -> Person:
    """Note the day somebody moved to another municipality."""
    current = _locked(person)
    keep_before(current, "moved", {"moved_away_on": current.moved_away_on}, by=by, at=at)
    current.moved_away_on = moved_on
    current.revision += 1
    current.save(update_fields=["moved_away_on", "revision"])
    _journal("person.moved_away", current.pk, by, at)
    return current


def add_phone(person: Person | int, phone: NewPhone | str, *, by: Worker, at: datetime) -> Phone:
    """Add a number as typed; it is looked for by its digits. Raises Refused for a 個人番号 or an empty text."""
    current = _locked(person)
    made = _phone(current.pk, as_phone(phone))
    if not made.number:
        raise Refused("電話番号を入れてください。", field="number")
    same = current.phones.filter(number=made.number, ended_at__isnull=True).first()
    if same:
        return same
    made.save()
    rebuild_keys([current.pk])
    _journal("person.phone_added", current.pk, by, at, phone=made.pk)
    return made


def end_phone(person: Person | int, phone_id: int, *, by: Worker, at: datetime) -> None:
    """Say that a number is no longer used. It is kept, and no longer found. Raises Refused when it is not there."""
    current = _locked(person)
    if not current.phones.filter(pk=phone_id, ended_at__isnull=True).update(ended_at=at):
        raise Refused("この電話番号は、もう使われなくなっています。画面を開き直してください。")
    rebuild_keys([current.pk])
    _journal("person.phone_ended", current.pk, by, at, phone=phone_id)


def add_address(
    person: Person | int, address: NewAddress | str, *, by: Worker, at: datetime, from_on: date | None = None
) -> Address:
    """Add an address; its school district comes from the text unless a worker chose one. An older one of the same
    kind ends the day before. Raises Refused for a 個人番号 or an empty text."""
    current = _locked(person)
    made = _address(current.pk, as_address(address), at)
    if not made.text:
        raise Refused("住所を入れてください。", field="text")
    made.from_on = from_on
    until = from_on or day_of(at)
    current.addresses.filter(kind=made.kind, until_on__isnull=True).update(until_on=until)
    made.save()
    rebuild_keys([current.pk])
    _journal("person.address_added", current.pk, by, at, address=made.pk, district=made.district_id)
    return made


def end_address(person: Person | int, address_id: int, *, until_on: date, by: Worker, at: datetime) -> None:
    """Say until when somebody lived or could be reached there. Raises Refused when it is not there or already ended."""
    current = _locked(person)
    if not current.addresses.filter(pk=address_id, until_on__isnull=True).update(until_on=until_on):
        raise Refused("この住所は、すでに終わっています。画面を開き直してください。")
    rebuild_keys([current.pk])
    _journal("person.address_ended", current.pk, by, at, address=address_id)


def choose_district(
    person: Person | int, address_id: int, district_id: int, *, by: Worker, at: datetime
) -> None:
    """Choose the school district by hand; the choice stands above what the address says."""
    current = _locked(person)
    current.addresses.filter(pk=address_id).update(district_id=district_id, district_by_hand=True)
    _journal("person.district_chosen", current.pk, by, at, address=address_id, district=district_id)


def count_as_shared(kind: str, row_id: int, *, by: Worker, at: datetime) -> None:
    """Say that many people use this number ("phone") or address ("address"): it never counts for matching again."""
    model: Any = {"phone": Phone, "address": Address}[kind]
    row = model.objects.get(pk=row_id)
    mark_shared(kind, row.digits if kind == "phone" else row.key)
    record(f"{kind}.shared_by_many", subject_kind=kind, subject_id=row_id, by=by.pk, at=at)


def add_alias(person: Person | int, alias: NewAlias | str, *, by: Worker, at: datetime) -> Alias:
    """Add another name (通称, 旧姓); the person is found by it too."""
    current = _locked(person)
    made = _alias(current.pk, as_alias(alias))
    if not made.name and not made.kana:
        raise Refused("別名か、そのカナを入れてください。", field="name")
    made.save()
    rebuild_keys([current.pk])
    _journal("person.alias_added", current.pk, by, at, alias=made.pk)
    return made


def set_safe_contact(
    person: Person | int, *, by: Worker, at: datetime, revision: int | None = None, **said: Any
) -> SafeContact:
    """Write how the person may be reached without harm (way, when, under_name, message_allowed, plain_envelope,
    paper_allowed, who_may_know, note, asked_on). `revision` is 0 when nothing was written before; None does not compare.

    Raises Stale with both texts when somebody saved in between, Refused for a 個人番号.
    """
    current = _locked(person)
    for field, value in said.items():
        if isinstance(value, str):
            refuse_my_number(value, _label(field), field)
            said[field] = as_written(value)
    standing = SafeContact.objects.filter(person_id=current.pk).first()
    if revision is not None and revision != (standing.revision if standing else 0):
        raise Stale(
            _contact_words(standing, said), _contact_words(None, said), standing.revision if standing else 0
        )
    if standing is None:
        standing = SafeContact(person_id=current.pk, revision=0)
    else:
        old = {field: getattr(standing, field) for field in said if getattr(standing, field) != said[field]}
        keep_before(current, "safe_contact", old, by=by, at=at)
    for field, value in said.items():
        setattr(standing, field, value)
    standing.asked_on = standing.asked_on or day_of(at)
    standing.revision += 1
    standing.save()
    _journal("person.safe_contact_set", current.pk, by, at)
    return standing


def leave_search(person: Person | int, *, by: Worker | None, at: datetime) -> None:
    """Take somebody out of search and matching (確かめた結果、心配なし, H8). Who holds the record still opens it."""
    current = _locked(person)
    Party.objects.filter(pk=current.pk).update(out_of_search=True)
    forget_keys([current.pk])
    record("person.left_search", subject_kind="person", subject_id=current.pk, by=_id(by), at=at)


def return_to_search(person: Person | int, *, by: Worker | None, at: datetime) -> None:
    """Let somebody be found again."""
    current = _locked(person)
    Party.objects.filter(pk=current.pk).update(out_of_search=False)
    rebuild_keys([current.pk])
    record("person.returned_to_search", subject_kind="person", subject_id=current.pk, by=_id(by), at=at)


# -- the pieces -----------------------------------------------------------------------------------------


def keep_before(
    person: Person, what: str, before: Mapping[str, Any], *, by: Worker | None, at: datetime
) -> None:
    """Keep what the record said; dates as text."""
    if before:
        PersonChange.objects.create(
            person=person,
            at=at,
            by=by,
            what=what,
            before={field: _plain(value) for field, value in before.items()},
            revision=person.revision,
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _locked(person: Person | int) -> Person:
    # NO KEY: rows that merely point at the person (a protection, an involvement) need not wait, and cannot deadlock.
    person_id = person if isinstance(person, int) else person.pk
    try:
        return Person.objects.select_for_update(no_key=True).get(pk=person_id)
    except Person.DoesNotExist:
        raise Refused("この方の記録は見つかりません。画面を開き直してください。") from None


def _texts(**said: str) -> dict[str, str]:
    for field, value in said.items():
        refuse_my_number(value, LABELS[field], field)
    return {field: as_written(value) for field, value in said.items()}


def _wished(changes: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The columns and values the changes ask for."""
    texts = {field: value for field, value in changes.items() if field not in ("birth", "languages")}
    wished: dict[str, Any] = dict(_texts(**texts))
    if "languages" in changes:
        wished["languages"] = list(changes["languages"])
    if "birth" in changes:
        facts = birth_facts(changes["birth"], on=day_of(at))
        refuse_my_number(facts.birth_text, LABELS["birth"], "birth")
        check_birth(on=facts.birth_on, year=facts.birth_year, today=day_of(at))
        wished |= vars(facts)
    return wished


def _words(current: Person, changes: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in changes:
        value = birth_of(current) if field == "birth" else getattr(current, field)
        found[LABELS[field]] = "、".join(value) if isinstance(value, list) else str(value)
    return found


def _typed(changes: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, value in changes.items():
        if isinstance(value, PartialDate):
            value = value.text
        found[LABELS[field]] = "、".join(value) if isinstance(value, list | tuple) else str(value or "")
    return found


def _label(field: str) -> str:
    column: Any = SafeContact._meta.get_field(field)
    return str(column.verbose_name)


def _contact_words(standing: SafeContact | None, said: Mapping[str, Any]) -> dict[str, str]:
    return {
        _label(field): str((getattr(standing, field) if standing else value) or "")
        for field, value in said.items()
    }


def _phone(person_id: int, phone: NewPhone) -> Phone:
    refuse_my_number(phone.number, "電話", "number")
    refuse_my_number(phone.whose, "だれの番号", "whose")
    return Phone(
        person_id=person_id,
        number=as_written(phone.number),
        digits=phone_key(phone.number, home()),
        whose=as_written(phone.whose),
        shared_by_many=phone.shared_by_many,
    )


def _address(person_id: int, address: NewAddress, at: datetime) -> Address:
    refuse_my_number(address.text, "住所", "text")
    text = as_written(address.text)
    by_hand = address.district_id is not None
    answer = None if by_hand else district_of(text or address.postal_code)
    found = answer.district if answer else None
    return Address(
        person_id=person_id,
        kind=address.kind,
        text=text,
        postal_code=address.postal_code,
        key=address_key(text, home()),
        district_id=address.district_id if by_hand else (found.id if found else None),
        district_by_hand=by_hand,
        shared_by_many=address.shared_by_many,
    )


def _alias(person_id: int, alias: NewAlias) -> Alias:
    refuse_my_number(alias.name, "別名", "name")
    refuse_my_number(alias.kana, "別名のカナ", "kana")
    return Alias(
        person_id=person_id, kind=alias.kind, name=as_written(alias.name), kana=as_written(alias.kana)
    )


def _id(by: Worker | None) -> int | None:
    return by.pk if by else None


def _journal(action: str, person_id: int, by: Worker, at: datetime, **detail: Any) -> None:
    record(action, subject_kind="person", subject_id=person_id, by=by.pk, at=at, detail=detail)
