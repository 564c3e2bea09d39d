"""What a lookup tells whom (sharing.md), and the trail it leaves."""

from __future__ import annotations

import sys

import pytest

from tests.factories import NOW, TODAY, a_worker, an_office, office_of
from tsunagi.accounts.rules import Field, LegalKind, Role
from tsunagi.journal.models import Entry
from tsunagi.people.actions import involve, register_person, start_household
from tsunagi.people.queries import lookup
from tsunagi.people.rules import SUPPORTING_FACETS, Tier
from tsunagi.shared.edges import NoTrail, opened_trail

pytestmark = pytest.mark.django_db
# The package of the same name gives the function.
lookups = sys.modules["tsunagi.people.queries.lookup"]

SAID = {"name": "渡邊 花子", "kana": "ワタナベ ハナコ", "birth": "S23.1.15", "phones": ["075-955-1234"],
        "addresses": ["長岡京市開田2丁目25番14号"]}  # fmt: skip
TWO_OF_THREE = {"kana": "ワタナベ ハナコ", "birth": "S23.1.15"}


@pytest.fixture
def person():
    """Somebody two other offices support: the housing section, and one whose name would tell."""
    housing = an_office("市営住宅担当", field=Field.HOUSING)
    welfare = an_office("生活保護係", field=Field.POVERTY)
    person = register_person(by=a_worker(housing), at=NOW, **SAID)
    for number, office in enumerate((housing, welfare)):
        involve(person.pk, office.pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="concern",
                reason_id=number, at=NOW)  # fmt: skip
    return person


def cards(worker, question):
    return lookup(worker, question, on=TODAY, trail=False)


def test_an_involved_office_sees_the_whole_card(person):
    worker = a_worker(person.party.involvements.first().office)
    (card,) = cards(worker, "わたなべ")
    assert card.tier is Tier.INVOLVED
    assert (card.phone, card.address) == ("075-955-1234", "長岡京市開田2丁目25番14号")
    assert card.offices == ("市営住宅担当", "生活保護係")


@pytest.mark.parametrize(
    "worker",
    [
        lambda: a_worker(an_office("総合相談", is_front_desk=True)),
        lambda: a_worker(an_office("連携", field=Field.COORDINATION), Role.COORDINATOR),
    ],
    ids=["general desk", "coordinator"],
)
def test_the_desk_and_the_coordinator_see_the_index_card(person, worker):
    (card,) = cards(worker(), "わたなべ")
    assert card.tier is Tier.INDEX
    assert (card.name, card.kana, card.birth, card.town) == (
        "渡邊 花子", "ワタナベ ハナコ", "昭和23年1月15日（1948-01-15）", "開田",
    )  # fmt: skip
    assert (card.phone, card.address) == ("", "")
    # The office whose very name tells is not named, only that there is one.
    assert card.offices == ("市営住宅担当",)
    assert card.others


@pytest.mark.parametrize(
    "question",
    [
        "わたなべ",
        "渡邊 花子",
        "S23.1.15",
        "075-955-1234",
        "開田2-25-14",
        {"name": "渡邊 花子", "birth": "S23.1.15"},
    ],
)
def test_another_office_learns_nothing_from_one_item(person, question):
    assert cards(a_worker(), question) == []


@pytest.mark.parametrize(
    "question",
    [
        TWO_OF_THREE,
        {"kana": "わたなべ はなこ", "phone": "075-955-1234"},
        {"birth": "S23.1.15", "phone": "0759551234"},
    ],
)
def test_another_office_gets_a_hint_from_two_of_three(person, question):
    (card,) = cards(a_worker(), question)
    assert card.tier is Tier.HINT
    assert card.person_id is None
    assert not any(
        (card.name, card.kana, card.birth, card.town, card.phone, card.address, card.offices, card.others)
    )


def test_however_many_it_stands_for_a_hint_is_one(person):
    register_person(by=a_worker(), at=NOW, **SAID)
    assert len(cards(a_worker(), TWO_OF_THREE)) == 1


@pytest.mark.parametrize(
    "role", [Role.STATISTICIAN, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.DISCLOSURE_OFFICER]
)
def test_some_roles_look_nobody_up(person, role):
    worker = a_worker(an_office("総合相談", is_front_desk=True), role)
    assert cards(worker, "わたなべ") == []
    assert cards(worker, TWO_OF_THREE) == []


def test_a_volunteer_looks_nobody_up(person):
    assert cards(a_worker(an_office("民生委員", legal_kind=LegalKind.INDIVIDUAL)), TWO_OF_THREE) == []


def test_family_seen_through_the_household_is_involved(person):
    worker = a_worker()
    other = register_person(by=worker, at=NOW, name="渡邊 一郎", kana="ワタナベ イチロウ")
    start_household(by=worker, at=NOW, members=[(person, "self"), (other, "child")])
    theirs = a_worker(person.party.involvements.first().office)
    assert {card.tier for card in cards(theirs, "わたなべ")} == {Tier.INVOLVED}
    assert len(cards(theirs, "わたなべ")) == 2


def test_those_we_are_involved_with_come_first_and_are_not_crowded_out(person):
    desk = a_worker(an_office("総合相談", is_front_desk=True))
    others = a_worker()
    for number in range(120):
        register_person(
            by=others,
            at=NOW,
            name=f"渡{'辺' if number % 2 else '邊'}",
            kana="ワタナベ",
            office=office_of(others).pk,
        )
    mine = register_person(by=desk, at=NOW, name="渡辺 和子", kana="ワタナベ ワコ", office=office_of(desk).pk)
    found = cards(desk, "わたなべ わ")
    assert found[0].person_id == mine.pk
    assert cards(desk, "ワタナ")[0].person_id == mine.pk
    assert len(cards(desk, "わたなべ")) == 10


def test_a_lookup_leaves_its_kind_and_the_ids_shown(person):
    worker = a_worker(an_office("総合相談", is_front_desk=True))
    with pytest.raises(NoTrail):
        lookup(worker, "わたなべ", on=TODAY)
    with opened_trail(worker.pk, "test", NOW):
        lookup(worker, "わたなべ S23.1.15", on=TODAY)
    entry = Entry.objects.get(action="people.looked_up")
    assert entry.detail == {"by": ["name", "birth"], "shown": [person.pk]}
    assert entry.worker_id == worker.pk


def test_the_statements_are_the_same_for_two_and_for_twenty(queries):
    worker = a_worker(an_office("総合相談", is_front_desk=True))
    for _ in range(2):
        register_person(by=worker, at=NOW, name="渡邊 花子", office=office_of(worker).pk)
    cards(worker, "渡邊")
    with queries() as two:
        cards(worker, "渡邊")
    for _ in range(18):
        register_person(by=worker, at=NOW, name="渡邊 花子", office=office_of(worker).pk)
    with queries() as twenty:
        assert len(cards(worker, "渡邊")) == 10
    assert two.shape == twenty.shape


@pytest.mark.parametrize(
    "question",
    [
        "",
        "  ",
        "・",
        "%",
        "\x00",
        "'",
        "ん" * 500,
        "１" * 300,
        "\U0010ffff",
        "渡邊 " * 80,
        "a b c d e f g h",
        "a\tb\nc",
    ],
)
def test_strange_questions_are_answered(question):
    assert cards(a_worker(), question) == []


# -- a city where every range is longer than what is walked --------------------------------------------------------


@pytest.fixture
def crowd(monkeypatch):
    """Many 山… and many …花子, one 山根 花江 of our own, and limits that a handful of people pass."""
    for name, most in (("PER_RANGE", 3), ("PER_LOOKUP", 12), ("WALK", 6)):
        monkeypatch.setattr(lookups, name, most)
    desk = an_office("総合相談", is_front_desk=True)
    other = a_worker(an_office("住宅"))
    for number in range(8):
        register_person(
            by=other, at=NOW, name=f"山{'上中下川口田岸内'[number]} 一郎", birth=f"S{20 + number}.4.1"
        )
        register_person(by=other, at=NOW, name=f"{'東西南北石鈴木原'[number]}野 花子", birth="S50.4.1")
    worker = a_worker(desk)
    own = register_person(by=worker, at=NOW, name="山根 花江", kana="ヤマネ ハナエ", birth="S23.1.15")
    involve(
        own.pk, desk.pk, ground="01", facets=SUPPORTING_FACETS, reason_kind="concern", reason_id=1, at=NOW
    )
    return worker


@pytest.mark.parametrize("few", [1_500, 0], ids=["sees few", "sees many"])
@pytest.mark.parametrize("question", ["山", "花", "花 山", "山 花", "山根 S23", "山 1948", "花江 S23.1.15"])
def test_our_own_are_found_in_any_crowd(crowd, monkeypatch, few, question):
    monkeypatch.setattr(lookups, "FEW", few)
    assert "山根 花江" in [card.name for card in cards(crowd, question)]


def test_a_rare_word_finds_whom_two_words_point_at(crowd):
    register_person(by=a_worker(), at=NOW, name="山﨑 富貴子", birth="S30.1.1")
    for question in ("富貴 山", "山 富貴子", "山﨑 S30"):
        assert cards(crowd, question)[0].name == "山﨑 富貴子"


def test_the_walk_ends_and_says_whom_it_met(crowd):
    """花子 and 1975 both stand before more than is walked; whoever is met fits both."""
    found = cards(crowd, "花子 S50")
    assert found
    assert all(card.name.endswith("花子") for card in found[:3])
