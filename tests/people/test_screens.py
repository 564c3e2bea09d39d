"""The screens of people: as allowed, as stranger, as anonymous; what they do and what they refuse."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office, office_of
from tsunagi.accounts.rules import Role
from tsunagi.people.actions import (
    change_person,
    involve,
    note_unknown,
    protect,
    register_person,
    relate,
    set_safe_contact,
    start_household,
)
from tsunagi.people.models import Person
from tsunagi.people.queries import households_of, is_protected, relations_of, root_of, safe_contact_of
from tsunagi.people.rules import SUPPORTING_FACETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    """A worker of the general desk."""
    return a_worker(an_office("総合相談", is_front_desk=True))


@pytest.fixture
def person(worker):
    """Somebody the desk supports."""
    person = register_person(
        by=worker, at=NOW, name="山田 花子", kana="ヤマダ ハナコ", birth="S23.1.15", phones=["075-955-1234"],
        addresses=["長岡京市開田2-25-14"],
    )  # fmt: skip
    involve(person.pk, office_of(worker).pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="consultation",
            reason_id=1, at=NOW)  # fmt: skip
    return person


@pytest.fixture
def stranger():
    """Somebody of an office that has nothing to do with it."""
    return a_worker()


@pytest.fixture
def outsider():
    """Somebody whose role opens no person at all."""
    return a_worker(role=Role.STATISTICIAN)


def without_token(response):
    """The page without what differs from answer to answer."""
    return re.sub(r'(content|value)="[0-9A-Za-z]{60,}"', "", response.content.decode())


def text_of(response):
    return response.content.decode()


# -- finding ----------------------------------------------------------------------------------------------


@pytest.mark.visits("people:index")
def test_the_list_shows_the_desks_people(three_people, worker, person, outsider):
    page = text_of(three_people(reverse("people:index"), allowed=worker, stranger=outsider))
    assert "山田 花子" in page
    assert "全1人" in page


def test_a_stranger_has_an_empty_list(client_of, stranger, person):
    page = text_of(client_of(stranger).get(reverse("people:index")))
    assert "山田 花子" not in page
    assert "ここに出る方はいません" in page


def test_the_list_filters_sorts_and_pages(client_of, worker, person, monkeypatch):
    for number in range(5):
        register_person(by=worker, at=NOW, name=f"鈴木 {number}子", kana=f"スズキ {number}", birth=f"S{30 + number}.1.1",
                        office=office_of(worker).pk)  # fmt: skip
    monkeypatch.setattr("tsunagi.people.queries.lists.people_of.__kwdefaults__", {**_defaults(), "size": 2})
    client, names, url = client_of(worker), [], reverse("people:index")
    after = "?sort=birth"
    while after:
        page = client.get(url + after)
        names += [row.name for row in page.context["found"].rows]
        after = page.context["next_url"]
    assert names == ["山田 花子", *(f"鈴木 {number}子" for number in range(5))]
    assert client.post(url, {"q": "すずき"}).context["found"].total == 5
    assert client.post(url, {"q": "鈴木 3子"}).context["found"].total == 1
    first = client.post(url, {"q": "すずき", "sort": "birth"})
    assert "?" not in first.context["next_url"].replace("?sort=birth&after=", "")
    second = client.post(url, {"q": "すずき", "sort": "birth", "after": first.context["found"].next})
    assert [row.name for row in second.context["found"].rows] == ["鈴木 2子", "鈴木 3子"]
    district = person.addresses.get().district_id
    assert client.get(f"{url}?district={district}").context["found"].total == 1
    assert client.get(url + "?sort=-id").context["found"].rows[0].name == "鈴木 4子"


def _defaults():
    from tsunagi.people.queries.lists import people_of

    return people_of.__kwdefaults__


def test_the_list_costs_the_same_for_2_and_for_20(client_of, worker, queries):
    def some(count):
        for number in range(count):
            register_person(by=worker, at=NOW, name=f"鈴木 {number}子", addresses=["長岡京市開田2-25-14"],
                            office=office_of(worker).pk)  # fmt: skip

    client, url = client_of(worker), reverse("people:index")
    some(2)
    client.get(url)
    with queries() as two:
        client.get(url)
    some(18)
    with queries() as twenty:
        client.get(url)
    assert two.shape == twenty.shape


@pytest.mark.visits("people:search")
def test_searching_works_without_javascript(three_people, worker, person, outsider, client_of):
    three_people(reverse("people:search"), allowed=worker, stranger=outsider)
    page = text_of(client_of(worker).post(reverse("people:search"), {"q": "やまだ"}))
    assert "山田 花子" in page
    assert "読みが同じ" in page or "氏名の始まりが同じ" in page


@pytest.mark.visits("people:lookup")
def test_what_appears_while_typing_is_a_piece(three_people, worker, person, outsider, client_of):
    url = reverse("people:lookup")
    three_people(url, allowed=worker, stranger=outsider)
    page = text_of(client_of(worker).post(url, {"q": "花子"}))
    assert "山田 花子" in page
    assert "<html" not in page
    nothing = text_of(client_of(worker).post(url, {"q": "いない"}))
    assert "見つかりません" in nothing


def test_another_office_reads_one_sentence(client_of, stranger, person):
    page = text_of(client_of(stranger).post(reverse("people:lookup"), {"q": "ヤマダハナコ S23.1.15"}))
    assert "同じ方と思われる記録があります" in page
    assert "山田" not in page


# -- writing down and changing ----------------------------------------------------------------------------


@pytest.mark.visits("people:new")
def test_a_person_is_registered_once(three_people, worker, outsider, client_of):
    url = reverse("people:new")
    three_people(url, allowed=worker, stranger=outsider)
    client, said = client_of(worker), {"draft": str(uuid.uuid4()), "name": "鈴木 一子", "birth": "R5.4.1",
                                       "phone": "075-955-0000", "address": "開田2-25-14", "alias": "一ちゃん"}  # fmt: skip
    answer = client.post(url, said)
    made = Person.objects.get(name="鈴木 一子")
    assert answer.headers["Location"] == reverse("desk:person", args=[made.pk])
    assert client.post(url, said).headers["Location"] == answer.headers["Location"]
    assert Person.objects.filter(name="鈴木 一子").count() == 1
    assert client.get(answer.headers["Location"]).status_code == 200
    assert made.addresses.get().district_id


def test_nothing_at_all_can_be_registered(client_of, worker):
    assert client_of(worker).post(reverse("people:new"), {}).status_code == 302


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "1234 5678 9018"}, "個人番号"),
        ({"birth": "R5.13.1"}, "13月"),
        ({"birth": "5/4/1"}, "元号"),
        ({"birth": "R20.1.1"}, "今日より後"),
        ({"name": "あ" * 121}, "120"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(client_of, worker, said, sentence):
    page = client_of(worker).post(reverse("people:new"), {"note": "左利き"} | said)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert "左利き" in text_of(page)
    assert not Person.objects.exists()


@pytest.mark.visits("people:edit")
def test_a_change_is_kept_with_its_history(three_people, worker, person, stranger, client_of):
    url = reverse("people:edit", args=[person.pk])
    page = text_of(three_people(url, allowed=worker, stranger=stranger))
    assert 'value="S23.1.15"' in page
    answer = client_of(worker).post(
        url, {"name": "鈴木 花子", "kana": "スズキ ハナコ", "birth": "S23.1.15", "revision": 1}
    )
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.name == "鈴木 花子"
    assert "「山田 花子」" in text_of(client_of(worker).get(url))


def test_two_who_edit_see_both_texts_and_neither_loses_words(client_of, worker, person):
    url = reverse("people:edit", args=[person.pk])
    change_person(person, by=worker, at=NOW, revision=1, name="鈴木 花子")
    client, said = (
        client_of(worker),
        {"name": "山田 華子", "kana": "ヤマダ ハナコ", "birth": "S23.1.15", "revision": 1},
    )
    page = client.post(url, said)
    assert page.status_code == 409
    assert "鈴木" in text_of(page)
    assert "華" in text_of(page)
    assert 'name="revision" value="2"' in text_of(page)
    assert client.post(url, said | {"revision": 2}).status_code == 302
    person.refresh_from_db()
    assert person.name == "山田 華子"


@pytest.mark.visits("people:safe_contact")
def test_safe_contact_stands_before_the_number(three_people, worker, person, stranger, client_of):
    url = reverse("people:safe_contact", args=[person.pk])
    three_people(url, allowed=worker, stranger=stranger)
    home = text_of(client_of(worker).get(reverse("desk:person", args=[person.pk])))
    assert home.index("まだ聞いていない") < home.index("075-955-1234")
    assert client_of(worker).post(url, {"way": "mobile", "revision": 0}).status_code == 302
    assert dict(safe_contact_of(worker, person).lines)["方法"] == "携帯電話"
    set_safe_contact(person, by=worker, at=NOW, way="letter")
    stale = client_of(worker).post(url, {"way": "visit", "revision": 1})
    assert stale.status_code == 409


@pytest.mark.visits("people:reach", "people:phone_add", "people:address_add", "people:alias_add")
def test_numbers_addresses_and_names_are_added_and_end(three_people, worker, person, stranger, client_of):
    client, args = client_of(worker), [person.pk]
    for name in ("people:reach", "people:phone_add", "people:address_add", "people:alias_add"):
        three_people(reverse(name, args=args), allowed=worker, stranger=stranger)
    assert client.post(reverse("people:phone_add", args=args), {"number": "090-1111-2222"}).status_code == 302
    assert client.post(reverse("people:phone_add", args=args), {"number": ""}).status_code == 422
    district = person.addresses.get().district_id
    address = {"kind": "contact", "text": "大阪市北区1-1", "district": district, "from_on": "R8.1.1"}
    assert client.post(reverse("people:address_add", args=args), address).status_code == 302
    assert (
        client.post(
            reverse("people:alias_add", args=args), {"kind": "maiden", "name": "佐藤 花子"}
        ).status_code
        == 302
    )
    page = text_of(client.get(reverse("people:reach", args=args)))
    assert "090-1111-2222" in page
    assert "佐藤 花子" in page
    phone = person.phones.get(number="090-1111-2222")
    client.post(reverse("people:reach", args=args), {"phone": phone.pk})
    client.post(reverse("people:reach", args=args), {"address": person.addresses.first().pk})
    page = text_of(client.get(reverse("people:reach", args=args)))
    assert "090-1111-2222" not in page
    assert person.addresses.get(text="大阪市北区1-1").district_by_hand


# -- protection -------------------------------------------------------------------------------------------


@pytest.mark.visits("people:protect")
def test_one_click_protects(three_people, worker, person, stranger, client_of):
    url = reverse("people:protect", args=[person.pk])
    three_people(url, allowed=worker, stranger=stranger)
    assert client_of(worker).post(url, {"reason": "夫が探している"}).status_code == 302
    assert is_protected(person.pk)
    client = client_of(worker)
    for name in ("people:index", "people:search", "people:lookup"):
        assert "山田 花子" not in text_of(client.post(reverse(name), {"q": "花子"})), name
    home = text_of(client.get(reverse("desk:person", args=[person.pk])))
    assert "非開示" in home
    assert "075-955-1234" not in home
    assert "開田" not in home
    assert "075-955-1234" not in text_of(client.get(reverse("people:reach", args=[person.pk])))


def test_a_stranger_finds_no_protected_page_and_no_trace(client_of, stranger, worker, person):
    protect(person, by=worker, at=NOW)
    client = client_of(stranger)
    for name in ("people:edit", "sharing:who", "people:protect", "people:safe_contact", "people:reach"):
        there = client.get(reverse(name, args=[person.pk]))
        nobody = client.get(reverse(name, args=[999_999]))
        assert there.status_code == nobody.status_code == 404
        # The button carries the address that was asked for, and nothing else.
        assert without_token(there).replace(str(person.pk), "999999") == without_token(nobody)
    found = client.post(reverse("people:lookup"), {"q": "ヤマダハナコ S23.1.15"})
    assert "見つかりません" in text_of(found)


def test_who_holds_her_concern_sees_her_number(client_of, worker, person):
    protect(person, by=worker, at=NOW)
    a_concern(held_by=worker, of=person)
    home = text_of(client_of(worker).get(reverse("desk:person", args=[person.pk])))
    assert "075-955-1234" in home


def test_the_page_that_answers_why(three_people, client_of, worker, person, stranger):
    page = text_of(three_people(reverse("sharing:who", args=[person.pk]), allowed=worker, stranger=stranger))
    assert "総合相談" in page
    assert "相談を受けている" in page
    assert "利用目的内" in page
    assert reverse("sharing:who", args=[person.pk]) in text_of(
        client_of(worker).get(reverse("desk:person", args=[person.pk]))
    )


# -- households, relations, people not yet known ------------------------------------------------------------


@pytest.mark.visits(
    "people:household_new",
    "people:household",
    "people:household_edit",
    "people:member_add",
    "people:member_leave",
)
def test_a_household_is_made_joined_and_left(three_people, worker, person, stranger, client_of):
    client = client_of(worker)
    new = reverse("people:household_new", args=[person.pk])
    three_people(new, allowed=worker, stranger=stranger)
    client.post(new, {"label": "山田さん", "household_type": "single"})
    home = households_of(worker, person, on=TODAY)[0]
    mother = register_person(by=worker, at=NOW, name="山田 梅", office=office_of(worker).pk)
    for name, args in (
        ("people:household", [home.id]),
        ("people:household_edit", [home.id]),
        ("people:member_add", [home.id]),
        ("people:member_leave", [home.id, person.pk]),
    ):
        three_people(reverse(name, args=args), allowed=worker, stranger=stranger)
    add = reverse("people:member_add", args=[home.id])
    assert "山田 梅" in text_of(client.post(add, {"q": "梅", "search": "1"}))
    said = {"q": "梅", "person": mother.pk, "relation": "mother", "lives_here": "on"}
    assert client.post(add, said).status_code == 302
    page = text_of(client.get(reverse("people:household", args=[home.id])))
    assert "山田 梅" in page
    assert client.post(reverse("people:member_leave", args=[home.id, mother.pk])).status_code == 302
    edit = reverse("people:household_edit", args=[home.id])
    assert client.post(edit, {"label": "山田さん(開田)", "revision": 1}).status_code == 302
    assert client.post(edit, {"label": "山田さん(友岡)", "revision": 1}).status_code == 409
    page = text_of(client.get(reverse("people:household", args=[home.id])))
    assert "前にこの世帯にいた方" in page


def test_nobody_can_be_chosen_whom_one_may_not_open(client_of, worker, person):
    other = register_person(by=a_worker(), at=NOW, name="他所 花子")
    home = start_household(by=worker, at=NOW, members=[(person, "self")], office=office_of(worker).pk)
    add = reverse("people:member_add", args=[home.pk])
    client = client_of(worker)
    assert "他所 花子" not in text_of(client.post(add, {"q": "花子", "search": "1"}))
    assert client.post(add, {"q": "花子", "person": other.pk}).status_code == 422
    assert home.memberships.count() == 1


@pytest.mark.visits("people:relation_add", "people:relation_end")
def test_a_relation_is_written_and_taken_back(three_people, worker, person, stranger, client_of):
    mother = register_person(by=worker, at=NOW, name="山田 梅", office=office_of(worker).pk)
    add = reverse("people:relation_add", args=[person.pk])
    three_people(add, allowed=worker, stranger=stranger)
    client = client_of(worker)
    assert client.post(add, {"q": "梅", "person": mother.pk, "kind": "sibling"}).status_code == 302
    relation = relations_of(worker, person)[0]
    end = reverse("people:relation_end", args=[person.pk, relation.id])
    three_people(end, allowed=worker, stranger=stranger)
    assert client.post(end).status_code == 302
    assert relations_of(worker, person) == []
    other = relate(mother, register_person(by=worker, at=NOW), kind="parent", by=worker, at=NOW)
    assert client.get(reverse("people:relation_end", args=[person.pk, other.pk])).status_code == 404


@pytest.mark.visits("people:unknown_new", "people:unknown_join", "people:unknown_part")
def test_someone_not_yet_known_is_joined_to_a_person(
    three_people, worker, person, stranger, outsider, client_of
):
    new = reverse("people:unknown_new")
    three_people(new, allowed=worker, stranger=outsider)
    client = client_of(worker)
    answer = client.post(new, {"place": "友岡の公園", "looks": "赤い帽子", "words": "寒い"})
    assert client.get(answer.headers["Location"]).status_code == 200
    unknown = note_unknown(by=worker, at=NOW, place="駅前", office=office_of(worker).pk)
    join = reverse("people:unknown_join", args=[unknown.pk])
    three_people(join, allowed=worker, stranger=stranger)
    assert client.post(join, {"q": "花子", "person": person.pk}).status_code == 302
    assert root_of(unknown.pk) == person.pk
    assert client.get(join).status_code == 404
    part = reverse("people:unknown_part", args=[unknown.pk])
    assert "駅前" in text_of(three_people(part, allowed=worker, stranger=stranger))
    assert "駅前" in text_of(client.get(reverse("desk:person", args=[person.pk])))
    assert client.post(part).status_code == 302
    assert root_of(unknown.pk) == unknown.pk
    assert client.get(part).status_code == 404


def test_a_name_that_was_typed_stands_in_no_address(client_of, worker, person):
    client = client_of(worker)
    for name in ("people:index", "people:search"):
        text = text_of(client.post(reverse(name), {"q": "花子"}))
        assert not re.findall(r'(?:href|action)="[^"]*(?:花子|%E8%8A%B1)[^"]*"', text)
        assert 'method="get" role="search"' not in text
    assert client.get(reverse("people:search"), {"q": "花子"}).context["cards"] == []
