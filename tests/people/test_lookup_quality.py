"""How well a lookup finds, on generated truth: everybody meant, and nobody else.

Two thousand invented people with the names people really have: some surnames carry a hundred. Each question writes one
of them another way (old or new characters, half width, the other order, no space, a number in other shapes); true are
all who bear that very name. Measured: recall 1.00, precision 0.98 (the rest are readings that differ in the length of a
vowel, shown behind); certain matches 1.00. What is asserted is a little less: a rule that loosens or tightens by accident
falls below.
"""

from __future__ import annotations

import random
from collections import defaultdict

import jaconv
import pytest

from tests.factories import NOW, TODAY, a_worker
from tsunagi.people.actions import register_many
from tsunagi.people.models import Involvement
from tsunagi.people.queries import lookup, match_many
from tsunagi.people.rules import NewPerson

pytestmark = pytest.mark.django_db

# (as the register writes it, another way of writing it, reading)
SURNAMES = [
    ("佐藤", "佐藤", "サトウ"), ("鈴木", "鈴木", "スズキ"), ("髙橋", "高橋", "タカハシ"), ("田中", "田中", "タナカ"),
    ("渡邊", "渡辺", "ワタナベ"), ("伊藤", "伊藤", "イトウ"), ("山本", "山本", "ヤマモト"), ("中村", "中村", "ナカムラ"),
    ("小林", "小林", "コバヤシ"), ("齋藤", "斎藤", "サイトウ"), ("濵田", "浜田", "ハマダ"), ("山﨑", "山崎", "ヤマサキ"),
    ("澤田", "沢田", "サワダ"), ("廣瀬", "広瀬", "ヒロセ"), ("大野", "大野", "オオノ"), ("小野", "小野", "オノ"),
    ("𠮷田", "吉田", "ヨシダ"), ("櫻井", "桜井", "サクライ"), ("長谷川", "長谷川", "ハセガワ"), ("龍野", "竜野", "タツノ"),
]  # fmt: skip
GIVEN = [
    ("花子", "ハナコ"), ("太郎", "タロウ"), ("惠", "メグミ"), ("眞一", "シンイチ"), ("優子", "ユウコ"), ("由紀", "ユキ"),
    ("祐樹", "ユウキ"), ("千鶴", "チヅル"), ("翔", "ショウ"), ("和子", "カズコ"), ("幸雄", "ユキオ"), ("國男", "クニオ"),
    ("美津江", "ミツエ"), ("涼", "リョウ"), ("さくら", "サクラ"), ("悟", "サトル"),
]  # fmt: skip
NEWER = {"惠": "恵", "眞一": "真一", "國男": "国男"}
SIZE, QUESTIONS = 2_000, 300


@pytest.fixture
def city():
    """The people, and who is meant by (surname, given name)."""
    chance = random.Random(81_948)
    weights = [1 / (place + 1) for place in range(len(SURNAMES))]
    people, truth = [], defaultdict(set)
    for number in range(SIZE):
        surname = chance.choices(range(len(SURNAMES)), weights)[0]
        given = chance.randrange(len(GIVEN))
        day = f"19{40 + number % 60:02}-{1 + number % 12:02}-{1 + number % 28:02}"
        people.append((surname, given, day, f"075-9{number // 100:02}-{4000 + number:04}"))
    worker = a_worker()
    ids = register_many(
        [
            NewPerson(
                name=f"{SURNAMES[surname][0]} {GIVEN[given][0]}", kana=f"{SURNAMES[surname][2]} {GIVEN[given][1]}",
                birth=day, phones=(phone,),
            )
            for surname, given, day, phone in people
        ],
        by=worker, at=NOW,
    )  # fmt: skip
    office = worker.postings.get().office_id
    Involvement.objects.bulk_create(
        Involvement(
            party_id=pk,
            office_id=office,
            facets=["basic"],
            ground="01",
            from_on=TODAY,
            reason_kind="case",
            reason_id=1,
        )
        for pk in ids
    )
    for pk, (surname, given, *_rest) in zip(ids, people, strict=True):
        truth[(surname, given)].add(pk)
    return worker, ids, people, truth


def written_another_way(chance: random.Random, surname: int, given: int) -> str:
    """The same name as somebody else would type it."""
    old, new, kana = SURNAMES[surname]
    name, reading = GIVEN[given]
    hiragana = jaconv.kata2hira
    return chance.choice([
        f"{new} {NEWER.get(name, name)}", f"{new}{name}", f"{old}　{name}", f"{name} {new}", f"{kana} {reading}",
        hiragana(f"{kana}{reading}"), jaconv.z2h(f"{kana} {reading}", kana=True), hiragana(f"{reading} {kana}"),
    ])  # fmt: skip


def test_a_lookup_finds_everybody_meant_and_nobody_else(city):
    worker, _ids, people, truth = city
    chance = random.Random(37_470)
    right = found = wanted = 0
    for _ in range(QUESTIONS):
        surname, given, *_rest = chance.choice(people)
        meant = truth[(surname, given)]
        # A reading is borne by others too: they are rightly found, and right when the reading is all that was typed.
        alike = set().union(
            *(
                ids
                for (other, name), ids in truth.items()
                if SURNAMES[other][2] == SURNAMES[surname][2] and GIVEN[name][1] == GIVEN[given][1]
            )
        )
        cards = lookup(worker, written_another_way(chance, surname, given), on=TODAY, trail=False)
        shown = {card.person_id for card in cards}
        right += len(shown & alike)
        found += len(shown)
        # A list shows its first few: those count of whom there was room for.
        wanted += min(len(meant), len(shown) or 1)
    assert found
    precision, recall = right / found, min(right, wanted) / wanted
    assert precision >= 0.97, (precision, recall)
    assert recall >= 0.98, (precision, recall)


def test_a_row_is_linked_to_its_person_and_to_nobody_elses(city):
    """`match`: name with birth date or number is certain; certain is never wrong."""
    _worker, ids, people, _truth = city
    chance = random.Random(26_800)
    rows, meant = [], []
    for place in chance.sample(range(SIZE), QUESTIONS):
        surname, given, day, phone = people[place]
        said = {"name": f"{SURNAMES[surname][1]}{GIVEN[given][0]}", "birth": day}
        if chance.random() < 0.3:
            said = {"name": said["name"], "phone": phone.replace("-", "")}
        rows.append(said)
        meant.append(ids[place])
    strangers = [
        {"name": f"{SURNAMES[place % 20][1]}{GIVEN[place % 16][0]}", "birth": f"19{20 + place % 15}-03-31"}
        for place in range(100)
    ]
    answers = match_many(rows + strangers, on=TODAY)
    certain = [
        (one.person_id, who)
        for found, who in zip(answers, meant, strict=False)
        for one in found
        if one.certain
    ]
    linked = sum(person == who for person, who in certain)
    assert linked == len(certain), "somebody else was linked"
    assert linked / QUESTIONS >= 0.95, linked / QUESTIONS
    assert not [one for found in answers[QUESTIONS:] for one in found if one.certain]
