"""A consent given and taken back in a real browser; axe at 1280 and 360 px."""

from __future__ import annotations

import os
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
from tsunagi.sharing.models import Consent

SHOTS = os.environ.get("TSUNAGI_SHOTS", "")


@pytest.fixture
def person(site: Any) -> Any:
    with transaction.atomic():
        desk = an_office("福祉なんでも相談室", is_front_desk=True)
        worker = a_worker(desk, name="相田 ゆき")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        an_office("すまい支援の会", legal_kind="private")
        haru = a_person("森田 ハル")
        a_concern(
            held_by=worker, of=haru, at=now() - timedelta(days=3), description="家賃を4か月滞納している。"
        )
        connection.check_constraints()
    return haru


def _fits(seen: Page, clean: Callable[[Page], None], name: str = "") -> None:
    clean(seen)
    assert too_wide(seen) <= 0
    if SHOTS and name:
        seen.screenshot(path=f"{SHOTS}-{name}-{(seen.viewport_size or {})['width']}.png", full_page=True)


def test_a_consent_is_given_and_taken_back(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], person: Any
) -> None:
    sign_in(page, "aida", PASSWORD)
    sign_in(phone, "aida", PASSWORD)
    page.goto(f"/person/{person.pk}/")
    page.get_by_role("link", name="同意", exact=True).click()
    page.get_by_role("link", name="説明して、答えを記録する").first.click()
    _fits(page, axe_clean, "new")
    phone.goto(page.url)
    _fits(phone, axe_clean, "new")
    page.get_by_label("すまい支援の会").check()
    page.get_by_label("口頭").check()
    page.get_by_role("button", name="記録する").click()
    page.get_by_text("記録しました。").wait_for()
    given = Consent.objects.get()
    for seen in (page, phone):
        for name, where in (
            ("list", f"/concerns/consents/{person.pk}/"),
            ("one", f"/concerns/consents/one/{given.pk}/"),
            ("withdraw", f"/concerns/consents/one/{given.pk}/withdraw/"),
            ("who", f"/sharing/who/{person.pk}/"),
            ("draft", f"/sharing/who/{person.pk}/draft/"),
            ("glass", "/concerns/glass/"),
        ):
            seen.goto(where)
            _fits(seen, axe_clean, name)
    page.goto(f"/concerns/consents/one/{given.pk}/withdraw/")
    page.get_by_label("本人のことば").fill("もう話さないでほしい")
    page.get_by_role("button", name="同意を取り消す").click()
    page.get_by_text("取り消しました。").wait_for()
    _fits(page, axe_clean, "after")
    given.refresh_from_db()
    assert given.ended_how == "withdrawn"


def test_one_tick_at_the_desk_and_beside_the_sheet(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], person: Any
) -> None:
    from django.urls import reverse

    from tsunagi.intake.models import Consultation

    concern = person.party.concerns.get()
    sheet = f"{reverse('referrals:new')}?concern={concern.pk}"
    sign_in(page, "aida", PASSWORD)
    sign_in(phone, "aida", PASSWORD)
    for seen in (page, phone):
        for name, where in (
            ("tick", reverse("intake:new")),
            ("sheet", sheet),
            ("texts", "/sharing/explanations/"),
        ):
            seen.goto(where)
            _fits(seen, axe_clean, name)
    page.goto(reverse("intake:new"))
    page.get_by_label("相談の内容").fill("家賃が払えない")
    page.locator("#id_about_name").fill("丘 ゆり")
    page.get_by_label("新しく登録する").check()
    page.get_by_label("同意する：標準").check()
    page.get_by_role("button", name="受け付ける").click()
    page.get_by_text("受付番号は").wait_for()
    assert Consent.objects.get().person_id == Consultation.objects.get().party_id
    assert page.get_by_text("同意あり(全部)").is_visible()
    _fits(page, axe_clean, "detail")
    # The sheet to a private body asks, and one tick answers.
    page.goto(sheet)
    page.get_by_label("つなぎ先").select_option(label="すまい支援の会（同意が要ります）")
    page.get_by_role("button", name="送る").click()
    page.get_by_text("本人の同意の範囲に入っていません").first.wait_for()
    _fits(page, axe_clean, "asked")
    page.get_by_label("同意する：この機関だけ").check()
    page.get_by_role("button", name="送る").click()
    page.get_by_text("を送りました").wait_for()
    assert Consent.objects.filter(person_id=person.pk, state="given_part").exists()
