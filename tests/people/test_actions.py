"""Deeds on persons, households and involvements, on the real database."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.factories import NOW, TODAY, a_worker, an_office, office_of
from tsunagi.journal.models import Entry
from tsunagi.people.access import sight_of, visible_parties
from tsunagi.people.actions import (
    add_address,
    add_alias,
    add_phone,
    change_household,
    change_person,
    count_as_shared,
    end_address,
    end_involvement,
    end_past_their_day,
    end_phone,
    involve,
    involve_many,
    join_household,
    join_unknown,
    leave_household,
    note_unknown,
    part_unknown,
    register_many,
    register_person,
    relate,
    set_safe_contact,
    start_household,
    start_many_households,
    unrelate,
)
from tsunagi.people.models import Involvement, Merge, Party, Person, PersonChange, SearchKey
from tsunagi.people.queries import (
    district_id_of,
    involvements_of,
    lookup,
    match,
    match_many,
    person_card,
    relations_of,
    root_of,
    safe_contact_of,
    who_can_see,
)
from tsunagi.people.rules import (
    SUPPORTING_FACETS,
    NewAddress,
    NewHousehold,
    NewInvolvement,
    NewPerson,
    NewPhone,
    ReasonKind,
    Stale,
)
from tsunagi.places.queries import districts
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

MY_NUMBER = "1234 5678 9018"


@pytest.fixture
def worker():
    """A worker of the general desk."""
    return a_worker(an_office("総合相談", is_front_desk=True))


def here(worker):
    return office_of(worker).pk


def found(worker, text):
    return [card.person_id for card in lookup(worker, text, on=TODAY, trail=False)]


def supported(office, party, reason_id=1, kind="consultation", ground="01"):
    return involve(
        party.pk,
        office,
        ground=ground,
        facets=SUPPORTING_FACETS,
        reason_kind=kind,
        reason_id=reason_id,
        at=NOW,
    )


# -- writing down ---------------------------------------------------------------------------------------


def test_nothing_is_required(worker):
    person = register_person(by=worker, at=NOW, office=here(worker))
    assert person_card(worker, person, on=TODAY).shown_name == "お名前が分からない方"


def test_a_person_is_written_down_as_typed_and_found(worker):
    person = register_person(
        by=worker, at=NOW, name="渡󠄀邊　花子", kana="ワタナベ ハナコ", birth="S23.1.15", phones=["075-955-1234"],
        addresses=["長岡京市開田2丁目25番14号"], languages=["ja"], office=here(worker),
    )  # fmt: skip
    person.refresh_from_db()
    assert person.name == "渡󠄀邊　花子"
    assert (person.birth_on, person.birth_text) == (date(1948, 1, 15), "S23.1.15")
    card = person_card(worker, person, on=TODAY)
    assert card.birth == "昭和23年1月15日（1948-01-15）"
    assert card.age == "78歳"
    assert card.phones[0].number == "075-955-1234"
    assert card.district == districts_name(person)
    assert found(worker, "渡辺花子") == [person.pk]


def districts_name(person):
    number = district_id_of(person.pk)
    return next(card.name for card in districts() if card.id == number)


@pytest.mark.parametrize(
    ("birth", "kept"),
    [
        ("昭和23年", (None, 1948, None, False)),
        ("1948-03", (None, 1948, 3, False)),
        ("昭和23年頃", (None, 1948, None, True)),
        ("29歳位", (None, 1997, None, True)),
        ("知らない", (None, None, None, False)),
        ("5/4/1", (None, None, None, False)),
        ("S23.13.40", (None, None, None, False)),
    ],
)
def test_a_birth_date_is_kept_as_far_as_it_is_known(worker, birth, kept):
    person = register_person(by=worker, at=NOW, birth=birth)
    assert (person.birth_on, person.birth_year, person.birth_month, person.birth_about) == kept
    assert person.birth_text == birth


def test_a_birth_in_the_future_is_refused(worker):
    with pytest.raises(Refused, match="今日より後"):
        register_person(by=worker, at=NOW, birth="R20.1.1")


@pytest.mark.parametrize(
    "said",
    [
        {"name": MY_NUMBER},
        {"kana": MY_NUMBER},
        {"note": f"番号 {MY_NUMBER}"},
        {"birth": MY_NUMBER},
        {"phones": [MY_NUMBER]},
        {"phones": [NewPhone("075-955-1234", whose=MY_NUMBER)]},
        {"addresses": [MY_NUMBER]},
        {"aliases": [MY_NUMBER]},
    ],
    ids=lambda said: next(iter(said)),
)
def test_a_my_number_is_refused_wherever_it_stands(worker, said):
    with pytest.raises(Refused, match="個人番号") as refusal:
        register_person(by=worker, at=NOW, **said)
    assert MY_NUMBER not in str(refusal.value)


def test_the_district_can_be_chosen_by_hand(worker):
    other = next(card for card in districts() if card.id)
    person = register_person(by=worker, at=NOW, addresses=[NewAddress("開田2-25-14", district_id=other.id)])
    address = person.addresses.get()
    assert address.district_id == other.id
    assert address.district_by_hand


def test_whoever_wrote_it_down_can_open_it_until_there_is_a_reason(worker):
    person = register_person(by=worker, at=NOW, office=here(worker))
    assert [card.reason for card in involvements_of(worker, person.pk)] == ["この記録を作った"]
    supported(here(worker), person)
    assert [card.reason for card in involvements_of(worker, person.pk)] == ["相談を受けている"]


def test_the_journal_knows_numbers_only(worker):
    person = register_person(by=worker, at=NOW, name="渡邊 花子", phones=["075-955-1234"])
    entry = Entry.objects.filter(action="person.registered").latest("id")
    assert (entry.subject_id, entry.worker_id) == (person.pk, worker.pk)
    assert "花子" not in str(entry.detail)


# -- changing -------------------------------------------------------------------------------------------


def test_a_change_keeps_what_it_said_before(worker):
    person = register_person(by=worker, at=NOW, name="山田 花子", office=here(worker))
    change_person(person, by=worker, at=NOW, revision=1, name="鈴木 花子", birth="S50.1.1")
    person.refresh_from_db()
    assert (person.name, person.revision) == ("鈴木 花子", 2)
    assert PersonChange.objects.get(person=person).before["name"] == "山田 花子"
    assert found(worker, "山田") == []
    assert found(worker, "鈴木 花子") == [person.pk]


def test_two_who_change_at_once_see_both_texts(worker):
    person = register_person(by=worker, at=NOW, name="山田 花子")
    change_person(person, by=worker, at=NOW, revision=1, name="鈴木 花子")
    with pytest.raises(Stale) as stale:
        change_person(person, by=worker, at=NOW, revision=1, name="山田 華子", note="左利き")
    assert stale.value.theirs == {"氏名": "鈴木 花子", "見分けの手がかり": ""}
    assert stale.value.yours == {"氏名": "山田 華子", "見分けの手がかり": "左利き"}
    assert stale.value.revision == 2


def test_the_same_words_twice_are_no_conflict(worker):
    person = register_person(by=worker, at=NOW, name="山田 花子")
    change_person(person, by=worker, at=NOW, revision=1, name="鈴木 花子")
    assert change_person(person, by=worker, at=NOW, revision=1, name="鈴木 花子").revision == 2


def test_an_unknown_field_is_a_mistake_of_the_program(worker):
    person = register_person(by=worker, at=NOW)
    with pytest.raises(TypeError):
        change_person(person, by=worker, at=NOW, revision=1, revisions=3)


def test_numbers_and_addresses_end_and_are_kept(worker):
    person = register_person(by=worker, at=NOW, office=here(worker))
    phone = add_phone(person, "090-1111-2222", by=worker, at=NOW)
    assert add_phone(person, "090-1111-2222", by=worker, at=NOW).pk == phone.pk
    first = add_address(person, "長岡京市開田2-25-14", by=worker, at=NOW)
    assert found(worker, "09011112222") == found(worker, "開田2-25-14") == [person.pk]
    add_address(person, "長岡京市友岡1-1-1", by=worker, at=NOW)
    first.refresh_from_db()
    assert first.until_on == TODAY
    end_phone(person, phone.pk, by=worker, at=NOW)
    assert found(worker, "09011112222") == found(worker, "開田2-25-14") == []
    with pytest.raises(Refused, match="もう使われなく"):
        end_phone(person, phone.pk, by=worker, at=NOW)
    assert person.phones.count() == 1
    second = person.addresses.get(until_on__isnull=True)
    end_address(person, second.pk, until_on=TODAY, by=worker, at=NOW)
    with pytest.raises(Refused, match="すでに終わって"):
        end_address(person, second.pk, until_on=TODAY, by=worker, at=NOW)


@pytest.mark.parametrize(
    ("deed", "sentence"), [(add_phone, "電話番号を"), (add_address, "住所を"), (add_alias, "別名")]
)
def test_an_empty_piece_is_refused(worker, deed, sentence):
    person = register_person(by=worker, at=NOW)
    with pytest.raises(Refused, match=sentence):
        deed(person, "  ", by=worker, at=NOW)


def test_another_name_finds_the_person(worker):
    person = register_person(by=worker, at=NOW, name="NGUYEN THI LAN", office=here(worker))
    add_alias(person, "田中 蘭", by=worker, at=NOW)
    assert found(worker, "田中") == [person.pk]


def test_safe_contact_says_what_was_not_asked(worker):
    person = register_person(by=worker, at=NOW)
    assert not safe_contact_of(worker, person).asked
    set_safe_contact(person, by=worker, at=NOW, revision=0, way="mobile", under_name="個人名で")
    card = safe_contact_of(worker, person)
    assert dict(card.lines)["方法"] == "携帯電話"
    assert dict(card.lines)["留守番・伝言"] == "まだ聞いていない"
    with pytest.raises(Stale):
        set_safe_contact(person, by=worker, at=NOW, revision=0, way="letter")
    set_safe_contact(person, by=worker, at=NOW, revision=1, way="letter")
    assert PersonChange.objects.get(person=person).before == {"way": "mobile"}


def test_a_number_many_use_counts_for_nobody(worker):
    people = [
        register_person(by=worker, at=NOW, name=f"施設 {word}子", phones=["075-950-0000"])
        for word in "春夏秋冬朝昼夕夜東西南北"
    ]
    assert all(phone.shared_by_many for person in people for phone in person.phones.all())
    assert match({"name": "施設 春子", "phone": "075-950-0000"})[0].reasons == ("氏名が同じ",)


def test_a_worker_can_say_that_a_number_is_shared(worker):
    person = register_person(by=worker, at=NOW, name="山田 花子", phones=["075-950-0000"])
    assert match({"name": "山田 花子", "phone": "075-950-0000"})[0].certain
    count_as_shared("phone", person.phones.get().pk, by=worker, at=NOW)
    assert not match({"name": "山田 花子", "phone": "075-950-0000"})[0].certain


# -- households and relations ------------------------------------------------------------------------------


def test_a_household_is_seen_by_who_supports_a_member(worker):
    mother, son = (register_person(by=worker, at=NOW, name=name) for name in ("山田 和子", "山田 隆"))
    theirs = a_worker()
    supported(here(theirs), mother)
    home = start_household(by=worker, at=NOW, members=[(mother, "self"), (son, "child")])
    assert sight_of(theirs, home.pk).ground == "01"
    assert not sight_of(theirs, son.pk).directly
    assert sight_of(worker, son.pk) is None
    end_involvement("consultation", 1, here(theirs), at=NOW)
    assert sight_of(theirs, home.pk) is None
    assert sight_of(theirs, son.pk) is None


def test_another_ground_does_not_open_the_family(worker):
    mother, son = (register_person(by=worker, at=NOW) for _ in range(2))
    theirs = a_worker()
    home = start_household(by=worker, at=NOW, members=[(mother, "self"), (son, "child")])
    supported(here(theirs), mother, ground="02")
    assert sight_of(theirs, mother.pk).ground == "02"
    assert sight_of(theirs, home.pk) is None
    assert sight_of(theirs, son.pk) is None


def test_leaving_closes_what_was_open_through_this_person_alone(worker):
    mother, son = (register_person(by=worker, at=NOW) for _ in range(2))
    theirs = a_worker()
    home = start_household(by=worker, at=NOW, members=[(mother, "self"), (son, "child")])
    supported(here(theirs), mother, 1)
    supported(here(theirs), son, 2)
    leave_household(home, mother, by=worker, at=NOW)
    assert sight_of(theirs, home.pk) is not None
    leave_household(home, son, by=worker, at=NOW)
    assert sight_of(theirs, home.pk) is None
    with pytest.raises(Refused, match="入っていません"):
        leave_household(home, son, by=worker, at=NOW)
    assert home.memberships.count() == 2


def test_nobody_is_in_a_household_twice(worker):
    person = register_person(by=worker, at=NOW)
    home = start_household(by=worker, at=NOW, members=[(person, "self")])
    with pytest.raises(Refused, match="すでにこの世帯"):
        join_household(home, person, by=worker, at=NOW)


def test_a_stale_household_shows_both_texts(worker):
    home = start_household(by=worker, at=NOW, label="山田さん")
    change_household(
        home, by=worker, at=NOW, revision=1, label="山田さん(友岡)", household_type="single", note=""
    )
    with pytest.raises(Stale):
        change_household(
            home, by=worker, at=NOW, revision=1, label="山田さん(開田)", household_type="", note=""
        )


def test_a_relation_reads_from_both_sides_and_can_be_taken_back(worker):
    mother = register_person(by=worker, at=NOW, name="山田 和子")
    son = register_person(by=worker, at=NOW, name="山田 隆")
    relation = relate(mother, son, kind="parent", by=worker, at=NOW)
    assert relate(mother, son, kind="parent", by=worker, at=NOW).pk == relation.pk
    assert relations_of(worker, mother)[0].words == "この方は 山田 隆 さんの親"
    assert relations_of(worker, son)[0].words == "山田 和子 さんはこの方の親"
    unrelate(relation, by=worker, at=NOW)
    unrelate(relation, by=worker, at=NOW)
    assert relations_of(worker, mother) == []
    with pytest.raises(Refused, match="ふたりの間"):
        relate(mother, mother, kind="parent", by=worker, at=NOW)


# -- involvement --------------------------------------------------------------------------------------------


def test_asking_again_for_the_same_reason_changes_nothing(worker):
    person = register_person(by=worker, at=NOW)
    first = supported(here(worker), person)
    assert supported(here(worker), person).pk == first.pk
    assert Involvement.objects.filter(party_id=person.pk).count() == 1


def test_other_facets_end_the_old_and_begin_a_new_one(worker):
    person = register_person(by=worker, at=NOW)
    first = supported(here(worker), person)
    second = involve(
        person.pk,
        here(worker),
        ground="01",
        facets=["basic"],
        reason_kind="consultation",
        reason_id=1,
        at=NOW,
    )
    first.refresh_from_db()
    assert first.ended_at == NOW
    assert second.facets == ["basic"]


def test_the_reason_of_another_office_stays(worker):
    person = register_person(by=worker, at=NOW)
    theirs = a_worker()
    supported(here(worker), person)
    supported(here(theirs), person)
    assert end_involvement(ReasonKind.CONSULTATION, 1, here(worker), at=NOW) == 1
    assert who_can_see(worker, person.pk) == [office_of(theirs).label]
    assert end_involvement(ReasonKind.CONSULTATION, 1, at=NOW) == 1
    assert end_involvement(ReasonKind.CONSULTATION, 1, at=NOW) == 0


def test_one_workers_involvement_is_that_workers_alone(worker):
    person = register_person(by=worker, at=NOW)
    involve(person.pk, here(worker), ground="05", facets=["basic"], reason_kind="break_glass", reason_id=1, at=NOW,
            worker_id=worker.pk)  # fmt: skip
    assert sight_of(worker, person.pk).ground == "05"
    assert sight_of(a_worker(office_of(worker)), person.pk) is None


def test_a_last_day_ends_the_sight(worker):
    person = register_person(by=worker, at=NOW)
    involve(person.pk, here(worker), ground="02", facets=["basic"], reason_kind="referral", reason_id=1, at=NOW,
            until_on=TODAY)  # fmt: skip
    assert sight_of(worker, person.pk, on=TODAY) is not None
    later = date(2026, 6, 10)
    assert sight_of(worker, person.pk, on=later) is None
    assert end_past_their_day(later, at=NOW) == 1
    assert sight_of(worker, person.pk) is None


def test_what_an_involvement_said_never_changes(worker):
    row = supported(here(worker), register_person(by=worker, at=NOW))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Involvement.objects.filter(pk=row.pk).update(ground="05")
    Involvement.objects.filter(pk=row.pk).update(ended_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Involvement.objects.filter(pk=row.pk).update(ended_at=None)


def test_a_party_that_does_not_exist_is_refused(worker):
    with pytest.raises(Refused, match="見つかりません"):
        involve(
            999_999, here(worker), ground="01", facets=["basic"], reason_kind="concern", reason_id=1, at=NOW
        )


# -- people not yet known (H12) ------------------------------------------------------------------------------


def test_h12_someone_not_yet_known_becomes_a_person_by_a_workers_deed(worker):
    theirs = a_worker()
    unknown = note_unknown(by=worker, at=NOW, place="友岡の公園", looks="赤い帽子", office=here(worker))
    supported(here(theirs), unknown.party, 9, "concern")
    person = register_person(by=worker, at=NOW, name="山田 花子", office=here(worker))
    assert found(worker, "友岡") == []
    join_unknown(unknown, person, by=worker, at=NOW)
    assert root_of(unknown.pk) == person.pk
    assert sight_of(theirs, person.pk).ground == "01"
    assert sight_of(theirs, unknown.pk).party_id == person.pk
    assert unknown.pk in [row[0] for row in visible_parties(worker).values_list()]
    # A reason that came later opens both.
    supported(here(worker), unknown.party, 10, "concern")
    assert Involvement.objects.filter(reason_id=10, reason_kind="concern").count() == 2
    part_unknown(unknown, by=worker, at=NOW)
    assert root_of(unknown.pk) == unknown.pk
    assert sight_of(theirs, person.pk) is None
    assert sight_of(theirs, unknown.pk) is not None


def test_h12_joining_is_one_level(worker):
    first, second = (note_unknown(by=worker, at=NOW).party for _ in range(2))
    person = register_person(by=worker, at=NOW)
    join_unknown(first.pk, person, by=worker, at=NOW)
    join_unknown(first.pk, person, by=worker, at=NOW)
    with pytest.raises(Refused, match="すでに別の記録"):
        join_unknown(second.pk, first.pk, by=worker, at=NOW)
    home = start_household(by=worker, at=NOW)
    with pytest.raises(Refused, match="人は人と"):
        join_unknown(second.pk, home.pk, by=worker, at=NOW)


@pytest.mark.parametrize(
    ("kinds", "allowed"),
    [
        (("person", "person"), True),
        (("household", "household"), True),
        (("unknown", "person"), True),
        (("unknown", "unknown"), True),
        (("person", "unknown"), False),
        (("person", "household"), False),
        (("household", "person"), False),
        (("unknown", "household"), False),
    ],
)
def test_h12_the_database_knows_which_kinds_may_be_the_same(kinds, allowed):
    one, other = (Party.objects.create(kind=kind, created_at=NOW) for kind in kinds)
    if allowed:
        Party.objects.filter(pk=one.pk).update(same_as=other)
        if kinds == ("person", "person"):
            Merge.objects.create(kept=other, joined=one, reason="同じ方", at=NOW, by=a_worker())
        connection.check_constraints()
        # Somebody not yet known has become the other one; two records of one person stay two for whoever sees one.
        assert root_of(one.pk) == (other.pk if kinds[0] == "unknown" else one.pk)
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Party.objects.filter(pk=one.pk).update(same_as=other)


def test_h12_the_database_keeps_it_one_level():
    a, b, c = (Party.objects.create(kind="unknown", created_at=NOW) for _ in range(3))
    Party.objects.filter(pk=a.pk).update(same_as=b)
    for row, target in ((b, c), (c, a), (b, b)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Party.objects.filter(pk=row.pk).update(same_as=target)
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.create(kind="unknown", created_at=NOW, same_as=a)


@pytest.mark.parametrize("wrong", ["no merge", "parted meanwhile", "another one", "merge without pointer"])
def test_h12_the_database_lets_a_pointer_and_its_merge_stand_or_fall_together(worker, wrong):
    a, b, c = (Party.objects.create(kind="person", created_at=NOW) for _ in range(3))
    with pytest.raises(IntegrityError, match="a person points at another by a merge"), transaction.atomic():
        if wrong != "merge without pointer":
            Party.objects.filter(pk=a.pk).update(same_as=b)
        if wrong != "no merge":
            merge = Merge.objects.create(
                kept=c if wrong == "another one" else b, joined=a, reason="同じ方", at=NOW, by=worker
            )
        if wrong == "parted meanwhile":
            merge.parted_at, merge.parted_by, merge.parted_reason = NOW, worker, "ちがう方"
            merge.save(update_fields=["parted_at", "parted_by", "parted_reason"])
        connection.check_constraints()


# -- many at once ------------------------------------------------------------------------------------------


def test_many_are_the_same_as_one_by_one(worker):
    said = {"name": "渡邊 花子", "kana": "ワタナベ ハナコ", "birth": "S23.1.15", "phones": ["075-955-1234"],
            "addresses": ["長岡京市開田2丁目25番14号"], "aliases": ["山田 花子"]}  # fmt: skip
    one = register_person(by=worker, at=NOW, **said)
    (many,) = register_many([NewPerson(**said)], by=worker, at=NOW)
    keys = [
        sorted(SearchKey.objects.filter(person_id=pk).values_list("kind", "key", "shared_by_many"))
        for pk in (one.pk, many)
    ]
    assert keys[0] == keys[1]
    fields = (
        "name",
        "kana",
        "birth_on",
        "birth_year",
        "birth_month",
        "birth_about",
        "birth_text",
        "revision",
    )
    assert Person.objects.values(*fields).get(pk=one.pk) == Person.objects.values(*fields).get(pk=many)
    assert district_id_of(one.pk) == district_id_of(many)


def test_thousands_in_one_go(worker):
    ids = register_many(
        (NewPerson(name=f"仮名 {n}郎", kana=f"カメイ {n}ロウ") for n in range(2500)), by=worker, at=NOW
    )
    assert len(set(ids)) == 2500
    assert ids == sorted(ids)
    involve_many(
        [NewInvolvement(pk, here(worker), "01", SUPPORTING_FACETS, "consultation", pk) for pk in ids[:300]],
        at=NOW,
    )
    homes = start_many_households(
        [NewHousehold(((ids[n], "self", True), (ids[n + 1000], "child", True))) for n in range(200)],
        by=worker,
        at=NOW,
    )
    assert sight_of(worker, homes[0]) is not None
    assert not sight_of(worker, ids[1000]).directly
    assert found(worker, "仮名 77郎")[0] == ids[77]
    answers = match_many([{"name": "仮名 5郎"}, {"name": "だれでもない人"}, {}])
    assert [len(answer) for answer in answers] == [1, 0, 0]


def test_a_my_number_among_many_names_its_place(worker):
    with pytest.raises(Refused, match="2件目に個人番号"):
        register_many([NewPerson(name="山田"), NewPerson(note=MY_NUMBER)], by=worker, at=NOW)


def test_two_alike_are_certain_for_nobody(worker):
    said = {"name": "渡邊 花子", "birth": "S23.1.15"}
    for _ in range(2):
        register_person(by=worker, at=NOW, **said)
    found_twice = match(said)
    assert [(row.certain, row.likely) for row in found_twice] == [(False, True)] * 2


def test_the_application_deletes_nobody(worker):
    person = register_person(by=worker, at=NOW)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Person.objects.filter(pk=person.pk)._raw_delete("default")
