"""A woman who fled, those who guard her, the husband, and desks that know nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.factories import NOW, a_concern, a_worker, an_office, office_of
from tests.strictness import StrictClient
from tsunagi.accounts.models import Worker
from tsunagi.notices.models import Notice
from tsunagi.people.actions import protect, register_person, start_household
from tsunagi.people.models import Person

HER = {
    "name": "北山 美月",
    "kana": "キタヤマ ミツキ",
    "birth": "S62.4.9",
    "phones": ["090-5555-6666"],
    "addresses": ["京都府長岡京市開田2-25-14"],
}
# Somebody who does not exist: the same kinds of letters, the same lengths.
NOBODY = {
    "name": "西海 香澄",
    "kana": "ニシウミ カスミ",
    "birth": "S61.5.8",
    "phone": "090-7777-8888",
    "address": "長岡京市天神9-88-77",
}
ASKED = {
    "name": "北山 美月",
    "kana": "キタヤマ ミツキ",
    "birth": "S62.4.9",
    "phone": "090-5555-6666",
    "address": "長岡京市開田2-25-14",
}


@dataclass(frozen=True)
class Case:
    """`holder` and `colleague` guard her; `desk` is the general desk; `section` another office of the system."""

    her: Person
    him: Person
    holder: Worker
    colleague: Worker
    desk: Worker
    section: Worker
    outside: Worker


@pytest.fixture
def fled(set_clock: Any) -> Case:
    """She is protected, her holder sits in an office whose name tells; he has a record of his own elsewhere."""
    set_clock(NOW)
    shelter = an_office("女性相談", field="dv")
    holder, colleague = a_worker(shelter, name="守屋 あい"), a_worker(shelter, name="守屋 ふみ")
    desk = a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="受付 はるか")
    section = a_worker(an_office("子育て支援課"), name="課員 みな")
    outside = a_worker(an_office("ひがし病院", legal_kind="private"), role="outside_worker", name="病院 りえ")
    her = register_person(by=holder, at=NOW, office=shelter.pk, **HER)
    him = register_person(
        by=section, at=NOW, name="北山 剛", kana="キタヤマ ツヨシ", office=office_of(section).pk
    )
    start_household(by=section, at=NOW, members=[(him, "self"), (her, "spouse")])
    a_concern(held_by=holder, of=her, description="家を出て暮らす")
    protect(
        her, by=holder, at=NOW, reason="夫が探している", other_party_name="北山 剛", other_party_id=him.pk
    )
    Notice.objects.all().delete()
    return Case(her, him, holder, colleague, desk, section, outside)


def shape(answer: Any, *typed: str) -> str:
    """A page without what differs from answer to answer: tokens, draft numbers, its own number, and the very words that were typed."""
    text = answer.content.decode()
    text = re.sub(r'(content|value)="[0-9A-Za-z]{60,}"', "", text)
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "uuid", text)
    text = re.sub(r"-consultation-\d+", "-consultation-N", text)
    for word in sorted(typed, key=len, reverse=True):
        text = text.replace(word, "□")
    return text


def told(worker: Worker) -> list[str]:
    """The sentences this worker was told, oldest first."""
    return list(Notice.objects.filter(worker=worker).order_by("id").values_list("sentence", flat=True))


Client = StrictClient
