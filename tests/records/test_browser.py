"""An accident and a complaint in a real browser, and the pages of whoever decides: axe at 1280 and 360 px, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_worker, an_office
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
from tsunagi.accounts.rules import Role
from tsunagi.config.clock import now
from tsunagi.records.actions import demanding, keeping
from tsunagi.records.models import Incident, Voice


@pytest.fixture
def officer(site: Any) -> Any:
    with transaction.atomic():
        desk = an_office("福祉なんでも相談室", is_front_desk=True)
        found = a_worker(desk, name="相田 ゆき")
        legal = a_worker(an_office("情報公開担当"), Role.DISCLOSURE_OFFICER, "安藤 弘")
        for worker, name in ((found, "aida"), (legal, "ando")):
            worker.set_password(PASSWORD)
            worker.sign_in_name = name
            worker.save()
        demanding.take_demand(
            "police",
            came_on=None,
            by=legal,
            at=now(),
            requester="警察署",
            about_name="森田 ハル",
            wanted="相談の有無",
        )
        keeping.set_rule("case", years=5, begins="year_end", article="規程 別表第2", by=legal, at=now())
    return legal


def _fits(seen: Page, clean: Callable[[Page], None]) -> None:
    clean(seen)
    assert too_wide(seen) <= 0


def test_reported_by_a_worker_and_seen_by_who_decides(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], officer: Any
) -> None:
    sign_in(page, "aida", PASSWORD)
    page.get_by_role("link", name="事故・苦情を届け出る").last.click()
    page.get_by_role("link", name="事故を届け出る").click()
    _fits(page, axe_clean)
    page.get_by_label("紛失").check()
    page.get_by_label("ひとこと").fill("訪問の紙を電車に忘れた")
    page.get_by_role("button", name="書く").click()
    page.get_by_text("届け出ました。").wait_for()
    _fits(page, axe_clean)
    page.get_by_role("button", name="機関の管理職に、電話で伝える：済み").click()
    page.get_by_text("付けました。").wait_for()
    made = Incident.objects.get()
    page.goto("/hozon/koe/new/")
    _fits(page, axe_clean)
    page.get_by_label("だれから").select_option(label="家族")
    page.get_by_label("内容").fill("折り返しの電話がなかった")
    page.get_by_label("どの機関のことか").select_option(label="福祉なんでも相談室")
    page.get_by_role("button", name="書く").click()
    page.get_by_text("届けました。").wait_for()
    assert Voice.objects.get().words == "折り返しの電話がなかった"
    sign_in(phone, "ando", PASSWORD)
    for where in (
        "",
        "kikan/",
        "kikan/case/",
        "teishi/",
        "haiki/",
        "seikyu/",
        "seikyu/new/",
        "seikyu/1/",
        "seikyu/1/decide/",
        "kami/",
        f"jiko/{made.pk}/",
        f"jiko/{made.pk}/write/",
    ):
        phone.goto(f"/hozon/{where}")
        _fits(phone, axe_clean)
