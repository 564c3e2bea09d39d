"""A 高 comes at 16:50 before six closed days: it falls until it is handed for the night; the others are settled."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, TOKYO, a_concern, a_person, a_worker, an_office
from tests.journeys.conftest import DESKTOP, PHONE
from tsunagi.accounts.models import Worker
from tsunagi.holding.models import NightHandover, Readiness
from tsunagi.safety_net import net
from tsunagi.shared.edges import opened_trail

# The last working day of the year: closed from 29 December to 3 January.
LATE = datetime(2026, 12, 28, 16, 50, tzinfo=TOKYO)
CLOSED = datetime(2026, 12, 28, 17, 5, tzinfo=TOKYO)


@dataclass(frozen=True)
class Desk:
    """Who is still there at ten to five, and what came."""

    clerk: Worker
    high: int
    food: tuple[int, ...]


@pytest.fixture
def desk(fresh_database: None, set_clock: Callable[[Any], datetime]) -> Desk:
    """Three households without food or gas, and at 16:50 a call that does not wait."""
    set_clock(LATE)
    with opened_trail(None, "test"), transaction.atomic():
        clerk = a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")
        clerk.set_password(PASSWORD)
        clerk.save()
        food = tuple(
            a_concern(
                held_by=clerk, of=a_person(f"仮名 {number}"), at=LATE, kind="supporting", codes=[code],
                description="米がない",
            ).pk
            for number, code in enumerate(("no_food", "lifeline_stopped", "heat_cold"))
        )  # fmt: skip
        high = a_concern(
            held_by=clerk, of=a_person("森田 ハル"), at=LATE, urgency="high", description="電話に出ない"
        )
    connection.close()
    return Desk(clerk, high.pk, food)


@pytest.mark.parametrize("dress", ["desktop", "phone", "plain"])
def test_a_high_before_closed_days(
    dress: str,
    desk: Desk,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    axe_clean: Callable[[Page], None],
    set_clock: Callable[[Any], datetime],
) -> None:
    how = {
        "desktop": {"viewport": DESKTOP},
        "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
        "plain": {"viewport": DESKTOP, "java_script_enabled": False},
    }[dress]
    look: Callable[[Page], None] = (lambda page: None) if dress == "plain" else axe_clean
    page = open_page(**how)
    sign_in(page, desk.clerk.sign_in_name, PASSWORD)

    # 16:50: the page says what must be done before going home.
    page.goto(f"/concerns/{desk.high}/")
    assert "帰る前に、夜間・休日の引き継ぎを" in page.locator("main").inner_text()
    look(page)

    # 17:05, and nobody was told: it is falling at once.
    set_clock(CLOSED)
    page.goto("/mine/?show=late")
    assert "電話に出ない" in page.locator("main").inner_text()
    assert "こぼれそう" in page.locator("main").inner_text()
    page.goto(f"/concerns/{desk.high}/")
    page.get_by_role("link", name="引き継ぎを記録する").click()
    look(page)
    page.locator("[name=to_kind]").select_option("night_duty")
    page.get_by_role("button", name="夜間・休日の引き継ぎ").click()
    assert "どなたへ" in page.locator("main").inner_text()
    page.locator("[name=to_name]").fill("宿直 木下")
    page.locator("[name=clock]").fill("17:04")
    page.get_by_role("button", name="夜間・休日の引き継ぎ").click()
    page.wait_for_url(re.compile(rf"/concerns/{desk.high}/$"))
    assert NightHandover.objects.filter(concern_id=desk.high, to_name="宿直 木下").count() == 1
    connection.close()
    page.goto("/mine/?show=late")
    assert "電話に出ない" not in page.locator("main").inner_text()

    # 休み前の点検: everybody else who may not wait six days, one by one or together.
    page.goto("/")
    assert "休み前の点検" in page.locator("main").inner_text()
    look(page)
    page.get_by_role("link", name="まとめて備えを書く").click()
    shown = page.locator("main").inner_text()
    for why in ("食べ物", "電気・ガス・水道", "暑さ・寒さ", "緊急度が高"):
        assert why in shown
    look(page)
    page.locator(f"[name=words-{desk.high}]").fill("宿直が朝晩に電話する")
    page.locator(f"button[name=only][value='{desk.high}']").click()
    page.get_by_text("1件の備えを記録しました").wait_for()
    for concern_id in desk.food:
        page.locator(f"#ready-{concern_id}").check()
    page.locator("[name=words]").fill("フードバンクの箱を届けた。社協の当番に電話できる")
    page.get_by_role("button", name="選んだ方に「備えあり」").click()
    page.get_by_text("3件の備えを記録しました").wait_for()
    assert "点検する方は、もういません" in page.locator("main").inner_text()
    look(page)
    page.goto("/")
    assert "休み前の点検" not in page.locator("main").inner_text()
    assert Readiness.objects.count() == 4
    with transaction.atomic():
        report = net.check(connection, today=CLOSED.date())
    assert not report.broken, report.as_dict()
    connection.close()
