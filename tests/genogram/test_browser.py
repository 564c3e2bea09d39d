"""A family drawn in a real browser: seen, added to, felt about, by keyboard; axe at 1280 and 360 px."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_worker, an_office
from tests.genogram.factories import Family
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
from tsunagi.genogram.models import Tie
from tsunagi.people.models import Person

SHOTS = os.environ.get("TSUNAGI_SHOTS", "")


@pytest.fixture
def family(site: Any) -> Family:
    with transaction.atomic():
        desk = an_office("福祉なんでも相談室", is_front_desk=True)
        worker = a_worker(desk, name="相田 ゆき")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        return Family(worker, at=now())


def _fits(seen: Page, clean: Callable[[Page], None], name: str) -> None:
    clean(seen)
    assert too_wide(seen) <= 0
    if SHOTS:
        wide = (seen.viewport_size or {"width": 0})["width"]
        seen.screenshot(path=str(Path(SHOTS) / f"genogram-{name}-{wide}.png"), full_page=True)


def test_a_family_is_drawn_and_written_on(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], family: Family
) -> None:
    sign_in(page, "aida", PASSWORD)
    sign_in(phone, "aida", PASSWORD)
    here = f"/genogram/{family.kenji.pk}/"
    for seen in (page, phone):
        seen.goto(here)
        _fits(seen, axe_clean, "picture")
    # By keyboard: the symbols are links in the order of the drawing, with names.
    page.goto(f"{here}?edit=1")
    _fits(page, axe_clean, "edit")
    link = page.locator(".family-picture a", has_text="森田 ハル").first
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="森田 ハルのつながり").wait_for()
    _fits(page, axe_clean, "person")
    phone.goto(page.url)
    _fits(phone, axe_clean, "person")
    page.get_by_role("link", name="間柄・妊娠などを書く").click()
    _fits(page, axe_clean, "tie")
    phone.goto(page.url)
    _fits(phone, axe_clean, "tie")
    page.get_by_label("何を書きますか").select_option(label="密着")
    page.get_by_label("だれとのこと").select_option(label="本人 森田 健二")
    page.get_by_role("button", name="書く").click()
    page.get_by_text("書きました。").wait_for()
    assert Tie.objects.get().manner == "fused"
    page.goto(f"{here}person/{family.kenji.pk}/add/")
    _fits(page, axe_clean, "add")
    phone.goto(page.url)
    _fits(phone, axe_clean, "add")
    page.get_by_label("子", exact=True).check()
    page.get_by_label("氏名").fill("森田 空")
    page.get_by_label("生年月日").fill("H30.4.1")
    page.get_by_role("button", name="足す").click()
    page.get_by_text("図に足しました。").wait_for()
    assert Person.objects.filter(name="森田 空").exists()
    page.goto(f"{here}person/{family.home.pk}/around/")
    _fits(page, axe_clean, "around")
    phone.goto(page.url)
    _fits(phone, axe_clean, "around")
    page.get_by_label("場所・人・集まり").fill("隣の田中さん")
    page.get_by_label("強い").check()
    page.get_by_role("button", name="書く").click()
    page.get_by_text("エコマップに書きました。").wait_for()
    for where in ("?view=ecomap", "?masked=on", "?notation=mcgoldrick", ""):
        for seen in (page, phone):
            seen.goto(f"{here}{where}")
            _fits(seen, axe_clean, f"shown-{where[1:] or 'all'}")
    assert page.locator(".family-picture svg").count() == 1
    tie = Tie.objects.get(kind="emotion")
    page.goto(f"{here}person/{family.haru.pk}/tie/{tie.pk}/end/")
    _fits(page, axe_clean, "end")
    page.get_by_role("button", name="つながりを終わりにする").click()
    page.get_by_text("終わりにしました").wait_for()
