"""A day's appointment in a real browser: entered, seen on top of 今日, moved, written about; axe at 1280 and 360 px."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_concern, a_person, a_worker, an_office
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
from tsunagi.config.clock import now
from tsunagi.diary.models import Appointment
from tsunagi.holding.models import Contact


@pytest.fixture
def person(site: Any) -> Any:
    with transaction.atomic():
        desk = an_office("福祉なんでも相談室", is_front_desk=True)
        worker = a_worker(desk, name="相田 ゆき")
        a_worker(desk, name="井上 誠")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        haru = a_person("森田 ハル")
        a_concern(
            held_by=worker, of=haru, at=now() - timedelta(days=3), description="家賃を4か月滞納している。"
        )
        connection.check_constraints()
    return haru


def _fits(seen: Page, clean: Callable[[Page], None]) -> None:
    clean(seen)
    assert too_wide(seen) <= 0


def test_an_appointment_from_the_persons_page_to_what_became_of_it(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], person: Any
) -> None:
    sign_in(page, "aida", PASSWORD)
    sign_in(phone, "aida", PASSWORD)
    page.goto(f"/person/{person.pk}/")
    page.get_by_role("link", name="予定を入れる").first.click()
    _fits(page, axe_clean)
    phone.goto(page.url)
    _fits(phone, axe_clean)
    page.get_by_label("訪問").check()
    page.get_by_label("日", exact=True).fill(now().date().isoformat())
    page.get_by_label("自宅で").check()
    page.get_by_label("もうひとり").select_option(label="井上 誠（福祉なんでも相談室）")
    page.get_by_role("button", name="予定を入れる").click()
    page.get_by_text("予定を入れました。").wait_for()
    made = Appointment.objects.get()
    for where in ("", "move/", "cancel/", "happened/"):
        for seen in (page, phone):
            seen.goto(f"/yotei/{made.pk}/{where}")
            _fits(seen, axe_clean)
    for seen in (page, phone):
        for where in (
            "/",
            "/yotei/",
            "/kami/",
            "/yotei/mochidashi/",
            "/uketsuke/blank/",
            f"/person/{person.pk}/card/",
        ):
            seen.goto(where)
            _fits(seen, axe_clean)
    page.goto("/")
    assert "森田 ハル" in page.locator("#appointments").inner_text()
    page.get_by_role("link", name="森田 ハルの訪問のようすを書く").first.click()
    page.get_by_label("会えた・話せた").check()
    page.get_by_label("ようす").fill("玄関先で話せた")
    page.get_by_role("button", name="記録して済みにする").click()
    page.get_by_text("予定を済みにしました").wait_for()
    assert page.locator("#appointments").count() == 0
    assert Contact.objects.get().words == "玄関先で話せた"
