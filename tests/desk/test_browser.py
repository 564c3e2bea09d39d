"""今日, 人, 網 and 支援 in a real browser: axe finds nothing, nothing runs off a phone, 今日 prints on one A4.

`SHOTS=directory` keeps the pictures.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_concern, a_household, a_person, a_worker, an_office
from tests.journeys.conftest import (  # noqa: F401
    _playwright,
    axe_clean,
    browser,
    page,
    phone,
    plain,
    sign_in,
    site,
    too_wide,
)
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import open_case, write_note
from tsunagi.config.clock import now
from tsunagi.holding.actions import Served, leave_message, record_contact
from tsunagi.referrals.actions import send_referral


@pytest.fixture
def addresses(site: Any) -> dict[str, str]:
    """A desk in the middle of its day; returns what to look at."""

    def ago(days: int) -> Any:
        return now() - timedelta(days=days)

    with transaction.atomic():
        desk, other = (
            an_office("福祉なんでも相談室", is_front_desk=True),
            an_office("障がい福祉課", field="disability"),
        )
        coordination = an_office("くらし連携担当", field="coordination")
        a_worker(coordination, role=Role.COORDINATOR)
        worker, colleague = a_worker(desk, name="相田 ゆき"), a_worker(desk, name="井上 誠")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        mother, son = a_person("森田 ハル", kana="モリタ ハル"), a_person("森田 健一", kana="モリタ ケンイチ")
        household = a_household(mother, son, label="森田さんの世帯")
        rent = a_concern(held_by=worker, of=mother, at=ago(20), urgency="middle",
                         description="家賃を4か月滞納している。大家から退去を求める手紙が届いた。")  # fmt: skip
        room = a_concern(held_by=worker, of=son, at=ago(60), kind="supporting",
                         description="20年以上、自室から出ていない。母が食事を運んでいる。")  # fmt: skip
        a_concern(held_by=worker, of=household, at=ago(3), urgency="high",
                  description="母の入院中の暮らしをだれが支えるか。")  # fmt: skip
        power = a_concern(held_by=worker, at=ago(1), of=a_person("小川 光"), description="電気が止まりそう。")
        for number, name in enumerate(
            ("長谷川 実", "今井 節子", "グエン ティ ホア", "西村 大地", "岡田 さくら")
        ):
            a_concern(
                held_by=worker,
                of=a_person(name),
                at=ago(3 * number + 1),
                description="仕事を失い、家計が苦しい。",
            )
        served = [Served(rent.pk), Served(room.pk)]
        record_contact("met", served, by=worker, at=ago(15), words="玄関先で母と話せた。", with_whom="母")
        record_contact("tried", [Served(room.pk)], by=worker, at=ago(2), words="返事なし。手紙を入れた。")
        send_referral(
            [power.pk], to_office=other, by=worker, at=ago(1), reason="手帳の相談", person_told="agreed"
        )
        incoming = a_concern(
            held_by=other.duty_worker, at=ago(9), of=a_person("中野 渉"), description="就労の相談"
        )
        send_referral(
            [incoming.pk],
            to_office=desk,
            by=other.duty_worker,
            at=ago(6),
            reason="家計の相談",
            person_told="agreed",
        )
        leave_message(worker, by=colleague, at=ago(1), caller="大家さん", words="折り返しがほしい")
        case = open_case(
            household.pk, by=worker, at=ago(10), title="8050の世帯", concern_ids=[rent.pk, room.pk]
        )
        write_note(case, by=worker, at=ago(9), facts="母と面談。年金は2か月で13万円。", judgement="息子の生活が心配。",
                   policy="息子に手紙を続ける", next_step="来週訪問")  # fmt: skip
        connection.check_constraints()
    return {
        "today": "/", "mine": "/mine/", "person": f"/person/{son.pk}/", "household": f"/person/{household.pk}/",
        "net": "/net/", "office": f"/net/office/{desk.pk}/", "cases": "/cases/", "case": f"/cases/{case.pk}/",
        "note": f"/cases/{case.pk}/notes/new/", "close": f"/cases/{case.pk}/close/",
    }  # fmt: skip


def test_every_page_is_readable_by_all(
    page: Page,
    phone: Page,
    sign_in: Callable[..., None],
    axe_clean: Callable[..., None],
    addresses: dict[str, str],
) -> None:
    assert Worker.objects.filter(sign_in_name="aida").exists()
    sign_in(page, "aida", PASSWORD)
    sign_in(phone, "aida", PASSWORD)
    found = []
    for name, address in addresses.items():
        for device, seen in (("desktop", page), ("phone", phone)):
            seen.goto(address)
            if folder := os.environ.get("SHOTS"):
                seen.screenshot(path=f"{folder}/{name}-{device}.png", full_page=True)
            try:
                axe_clean(seen)
            except AssertionError as trouble:
                found.append(f"{name} {device}: {str(trouble)[:1500]}")
            wide = too_wide(seen)
            if wide > 0:
                found.append(f"{name} {device}: {wide} px too wide")
    assert not found, "\n\n".join(found)


def test_today_prints_on_one_sheet(
    page: Page, sign_in: Callable[..., None], addresses: dict[str, str]
) -> None:
    sign_in(page, "aida", PASSWORD)
    page.goto(addresses["today"])
    printed = page.pdf(format="A4")
    if folder := os.environ.get("SHOTS"):
        with open(f"{folder}/today.pdf", "wb") as file:
            file.write(printed)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
