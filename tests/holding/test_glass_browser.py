"""A night: one reads a number out, the 当番 types it on a telephone's screen, and the place opens; axe at 1280 and 360 px."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_concern, a_worker, an_office, office_of
from tests.journeys.conftest import (  # noqa: F401
    _playwright,
    axe_clean,
    browser,
    page,
    phone,
    sign_in,
    site,
    too_wide,
)
from tsunagi.codes.actions import decide
from tsunagi.config.clock import now
from tsunagi.people.actions import agree_to_end, protect, register_person
from tsunagi.people.models import Protection

SHOTS = os.environ.get("TSUNAGI_SHOTS", "")
PLACE = "西山町9番9号 ひだまり寮"


def _named(worker: Any, name: str) -> Any:
    worker.set_password(PASSWORD)
    worker.sign_in_name = name
    worker.save()
    return worker


@pytest.fixture
def protection(site: Any) -> Protection:
    with transaction.atomic():
        desk = an_office("生活支援課", phone="075-000-0002")
        decide("protection.list_office", desk.code)
        night = _named(a_worker(desk, name="夜野 かなえ"), "night")
        _named(desk.duty_worker, "duty")
        holder = a_worker(an_office("こども家庭課"), name="相田 ゆき")
        her = register_person(
            by=holder, at=now(), name="川辺 はる", kana="カワベ ハル", birth="S30.4.1", addresses=[PLACE],
            office=office_of(holder).pk,
        )  # fmt: skip
        a_concern(held_by=holder, of=her, at=now())
        found = protect(her, by=holder, at=now(), reason="夫が探している")
        # A person of the desk's own whose protection is about to end.
        other = register_person(by=night, at=now(), name="北山 美月", office=desk.pk)
        a_concern(held_by=night, of=other, at=now())
        ending = protect(other, by=night, at=now(), reason="もう大丈夫と言っている")
        agree_to_end(ending, by=night, second=desk.duty_worker, person_asked_on=now().date(), at=now())
        connection.check_constraints()
    found.ending = ending
    return found


def _fits(seen: Page, clean: Callable[[Page], None], name: str = "") -> None:
    clean(seen)
    assert too_wide(seen) <= 0
    if SHOTS and name:
        seen.screenshot(path=f"{SHOTS}-{name}-{(seen.viewport_size or {})['width']}.png", full_page=True)


def test_two_people_at_two_devices(
    page: Page,
    phone: Page,
    sign_in: Callable[..., None],
    axe_clean: Callable[..., None],
    protection: Protection,
) -> None:
    sign_in(page, "night", PASSWORD)
    sign_in(phone, "duty", PASSWORD)
    page.goto("/concerns/glass/")
    page.get_by_label("氏名").fill("川辺 はる")
    page.get_by_label("生年月日").fill("S30.4.1")
    page.get_by_label("なぜ今、開かないといけないか").fill("倒れているとの通報があり、居場所を知りたい")
    page.get_by_role("button", name="開く", exact=True).click()
    page.get_by_role("link", name="当番に電話して、ふたりで開く").click()
    _fits(page, axe_clean, "two")
    page.get_by_role("button", name="番号を出す").press("Enter")
    number = page.locator(".link-pin").inner_text()
    _fits(page, axe_clean, "number")
    assert PLACE not in page.content()
    phone.goto("/concerns/glass/")
    phone.get_by_role("link", name="電話で頼まれて、ふたりで開く").click()
    _fits(phone, axe_clean, "second")
    phone.get_by_label("読み上げられた番号").fill(number)
    phone.keyboard.press("Enter")
    phone.get_by_text("頼まれていること").wait_for()
    _fits(phone, axe_clean, "answer")
    phone.get_by_label("ふたりで開く").check()
    phone.get_by_role("button", name="答える").click()
    phone.get_by_text("確認しました。").wait_for()
    # Nobody pressed anything here: the page asks by itself.
    page.get_by_text("確認されました").wait_for()
    page.get_by_role("link", name="結果を見る").click()
    page.get_by_text("ひだまり寮").wait_for()
    _fits(page, axe_clean, "opened")
    assert "夜野 かなえ" in page.content()
    for seen in (page, phone):
        for name, where in (
            ("measures", "/people/measures/"),
            ("ending", f"/concerns/protections/{protection.ending.pk}/"),
            ("own", "/people/own/"),
        ):
            seen.goto(where)
            _fits(seen, axe_clean, name)
