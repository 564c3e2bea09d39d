"""A ledger comes in through a real browser: seen, taken in, settled; axe finds nothing, a phone is wide enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, a_worker, an_office
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
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Promise

R4 = Path(__file__).parents[1] / "data" / "soudan-R4.csv"


@pytest.fixture
def clerk(site):
    with transaction.atomic():
        worker = a_worker(
            an_office("福祉なんでも相談室", is_front_desk=True), role=Role.MANAGER, name="受付 はるか"
        )
        worker.set_password(PASSWORD)
        worker.save()
    return worker


def is_wide_enough(page: Page) -> None:
    wide = too_wide(page)
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def bring(page: Page) -> None:
    page.goto("/uketsuke/import/")
    page.get_by_label("台帳のファイル").set_input_files(R4)
    page.get_by_role("button", name="読み方を見る").click()
    expect(page.get_by_role("heading", name="読み方を確かめる")).to_be_visible()


def test_a_ledger_from_the_file_to_the_first_settled_row(page, clerk, sign_in, axe_clean, run_jobs):
    sign_in(page, clerk.sign_in_name, PASSWORD)
    page.goto("/uketsuke/import/")
    axe_clean(page)
    bring(page)
    axe_clean(page)
    page.get_by_role("button", name="410件を取り込む").click()
    expect(page.get_by_role("button", name="中止する")).to_be_visible()
    run_jobs()
    page.get_by_role("link", name="結果を見る").click()
    expect(page.get_by_text("次にすること")).to_be_visible()
    axe_clean(page)
    page.get_by_role("link", name="直したところを見る").click()
    axe_clean(page)
    page.goto("/uketsuke/import/same/")
    axe_clean(page)
    # The cursor stands before the decision, not on it: a key held down must not join person after person.
    expect(page.get_by_role("link", name="くわしく").first).to_be_focused()
    before = page.locator("form button[name=none]").count()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="同じ方").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("同じ方として結びました。")).to_be_visible()
    assert page.locator("form button[name=none]").count() in (before - 1, before)
    page.goto("/uketsuke/tana-oroshi/")
    axe_clean(page)
    left = Promise.objects.filter(kind="stocktaking", is_open=True).count()
    page.get_by_label("分からない", exact=True).first.check()
    page.get_by_label("終わっていた", exact=True).nth(1).check()
    expect(page.locator("[data-draft-badge]").first).to_have_attribute("data-state", "saved")
    page.get_by_role("button", name="答えた行を片づける").click()
    expect(page.get_by_text("1件を片づけました。")).to_be_visible()
    assert Promise.objects.filter(kind="stocktaking", is_open=True).count() == left - 1
    page.get_by_role("link", name="1件", exact=True).click()
    expect(page.get_by_text("もう一人の確認を待っています")).to_be_visible()
    axe_clean(page)


def test_every_page_fits_a_small_phone(phone, clerk, sign_in, axe_clean, run_jobs):
    sign_in(phone, clerk.sign_in_name, PASSWORD)
    bring(phone)
    is_wide_enough(phone)
    axe_clean(phone)
    phone.get_by_role("button", name="410件を取り込む").click()
    run_jobs()
    phone.goto("/uketsuke/import/")
    is_wide_enough(phone)
    phone.get_by_role("link", name="soudan-R4.csv").click()
    phone.wait_for_url(lambda url: url.rstrip("/")[-1].isdigit())
    is_wide_enough(phone)
    for address in ("/uketsuke/import/same/", "/uketsuke/tana-oroshi/"):
        phone.goto(address)
        is_wide_enough(phone)
        axe_clean(phone)


def test_a_ledger_comes_in_without_javascript(plain, clerk, sign_in, run_jobs):
    sign_in(plain, clerk.sign_in_name, PASSWORD)
    bring(plain)
    plain.get_by_role("button", name="410件を取り込む").click()
    run_jobs()
    plain.get_by_role("link", name="いまの様子を見る").click()
    plain.get_by_role("link", name="結果を見る").click()
    plain.get_by_role("link", name="棚卸しをはじめる").click()
    plain.get_by_label("分からない", exact=True).first.check()
    plain.get_by_role("button", name="答えた行を片づける").click()
    expect(plain.get_by_text("1件を片づけました。")).to_be_visible()
