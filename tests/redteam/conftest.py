"""A city with a woman who fled, or the same city without her; and those who would like to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office, office_of
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Field, Role
from tsunagi.cases.actions import open_case, write_note
from tsunagi.diary.actions import Wish, plan
from tsunagi.intake.actions import take_consultation
from tsunagi.people.actions import protect, register_person, relate, start_household
from tsunagi.people.models import Person
from tsunagi.referrals.actions import send_referral
from tsunagi.shared.edges import opened_trail

HER_NAME, HER_KANA = "北山 美月", "キタヤマ ミツキ"
HER_PLACES = {
    "address": "長岡京市開田2-25-14",
    "phone": "090-5555-6666",
    "school": "ひかりが丘小学校",
    "facility": "ひまわりの家",
    "agency": "女性相談",
}
# What of her must stand in no answer: in any writing a page, a sheet or a paper would use.
SECRETS = (
    "美月", "ミツキ", "みつき", "開田2", "25-14", "5555-6666", "09055556666", "ひかりが丘", "ひまわりの家", "ひなた", "ヒナタ",
)  # fmt: skip
# The office that guards her stands in lists of offices whether she lives or not: the second walk compares those.


@dataclass
class City:
    """`asking` are those who would like to know, by what they are; `guards` work with her."""

    him: Person
    asking: dict[str, Worker]
    shelter: Office
    her: Person | None = None
    child: Person | None = None
    guards: tuple[Worker, ...] = ()
    numbers: dict[str, int] = field(default_factory=dict)


def a_city() -> City:
    """The city and his file; she does not live in it yet (`settle_her`, `settle_nobody`)."""
    shelter = an_office("女性相談", field=Field.SAFETY)
    guards = (a_worker(shelter, name="守屋 あい"), a_worker(shelter, name="守屋 ふみ"))
    desk = a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="受付 はるか")
    section = a_worker(an_office("子育て支援課"), name="課員 みな")
    asking = {
        "his counsellor": section,
        "the manager of his counsellor": office_of(section).duty_worker,
        "the general desk": desk,
        "the coordinator": a_worker(an_office("くらし連携担当", field=Field.COORDINATION), Role.COORDINATOR, "連携 つむぎ"),
        "a hospital": a_worker(an_office("ひがし病院", legal_kind="private"), Role.OUTSIDE_WORKER, "病院 りえ"),
        "the statistician": a_worker(an_office("企画課"), Role.STATISTICIAN, "統計 かず"),
        "the auditor": a_worker(an_office("監査委員事務局"), Role.AUDITOR, "監査 しのぶ"),
        "the administrator": a_worker(an_office("情報システム担当"), Role.SYSTEM_ADMINISTRATOR, "情報 さとる"),
    }  # fmt: skip
    city = City(_him(section), {name: worker for name, worker in asking.items() if worker}, shelter)
    city.guards = guards
    city.numbers |= _his_file(city, section, desk)
    connection.check_constraints()
    return city


def settle_nobody(city: City) -> City:
    """The same household as in her city, with him alone."""
    start_household(by=city.guards[0], at=NOW, members=[(city.him, "self")])
    return city


def _him(section: Worker) -> Person:
    return register_person(by=section, at=NOW, name="北山 剛", kana="キタヤマ ツヨシ", birth="S60.1.1",
                           addresses=["長岡京市友岡1-1-1"], phones=["075-111-2222"], office=office_of(section).pk)  # fmt: skip


def settle_her(city: City) -> City:
    """Her and her child, married to him, under a roof with him in the record; her own file at the shelter."""
    holder = city.guards[0]
    office = city.shelter.pk
    city.her = register_person(
        by=holder, at=NOW, name=HER_NAME, kana=HER_KANA, birth="S62.4.9", office=office,
        addresses=[HER_PLACES["address"]], phones=[HER_PLACES["phone"]],
    )  # fmt: skip
    city.child = register_person(
        by=holder, at=NOW, name="北山 ひなた", kana="キタヤマ ヒナタ", birth="H30.5.5", office=office
    )
    relate(city.him, city.her, kind="spouse", by=holder, at=NOW)
    relate(city.him, city.child, kind="parent", by=holder, at=NOW)
    start_household(
        by=holder, at=NOW, members=[(city.him, "self"), (city.her, "spouse"), (city.child, "child")]
    )
    protect(
        city.her, by=holder, at=NOW, reason="夫が探している", other_party_name="北山 剛", other_party_id=city.him.pk,
        covering=[city.child.pk],
    )  # fmt: skip
    concern = a_concern(
        held_by=holder, of=city.her, description="ひまわりの家で暮らし、ひかりが丘小学校に通わせる"
    )
    case = open_case(city.her.pk, by=holder, at=NOW, title="ひまわりの家", concern_ids=[concern.pk])
    write_note(
        case, by=holder, at=NOW, facts="ひかりが丘小学校の先生と話した", kind="visit", place="ひまわりの家"
    )
    taken = take_consultation(
        by=holder, at=NOW, office_id=office, party_id=city.her.pk, words="開田2-25-14に住んでいる"
    )
    city.numbers |= {"person": city.her.pk, "concern": concern.pk, "case": case.pk, "consultation": taken.pk}
    connection.check_constraints()
    return city


def _his_file(city: City, section: Worker, desk: Worker) -> dict[str, int]:
    """He has a file like anybody: a household of his own, a concern, notes, a consultation, a つなぎ, an appointment."""
    home = start_household(by=section, at=NOW, members=[(city.him, "self")])
    concern = a_concern(held_by=section, of=home, description="仕事が続かない", urgency="middle")
    other = a_concern(held_by=section, of=city.him, description="家賃が払えない")
    case = open_case(home.pk, by=section, at=NOW, title="仕事のこと", concern_ids=[concern.pk])
    write_note(case, by=section, at=NOW, facts="面接に行った", kind="visit")
    take_consultation(
        by=desk, at=NOW, office_id=office_of(desk).pk, party_id=city.him.pk, words="妻を探している"
    )
    with opened_trail(section.pk, "test", NOW):
        send_referral(
            [other.pk],
            to_office=office_of(desk),
            by=section,
            at=NOW,
            reason="家計の相談",
            person_told="agreed",
        )
        plan("visit", [concern.pk], Wish(day=TODAY, begins=time(14), at_home=True), by=section, at=NOW)
    return {"his home": home.pk, "his concern": concern.pk, "his case": case.pk}


@pytest.fixture
def city(set_clock: Callable[..., Any]) -> City:
    """The city she lives in."""
    set_clock(NOW)
    return settle_her(a_city())


__all__ = ["NOW", "SECRETS", "TODAY", "City", "a_city", "city", "settle_her", "settle_nobody"]
