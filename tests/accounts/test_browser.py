"""Sign-in in a real browser: an app is registered and asked for, a key by Chromium's own virtual authenticator."""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.factories import PASSWORD, a_worker, an_office
from tests.journeys.conftest import too_wide
from tsunagi.accounts.models import SecondFactor, Worker
from tsunagi.accounts.rules import Role
from tsunagi.accounts.rules.second_factor import app_code, step_of

pytestmark = pytest.mark.journey


@pytest.fixture
def hanako(fresh_database: None, settings: Any) -> Worker:
    """A counsellor in a city where a second factor must be on."""
    settings.SECOND_FACTOR_REQUIRED = True
    with transaction.atomic():
        worker = a_worker(an_office("福祉なんでも相談室"), Role.COUNSELLOR, "架空 花子")
        worker.sign_in_name = "hanako"
        worker.set_password(PASSWORD)
        worker.save()
    return worker


def by_password(view: Page) -> None:
    view.goto("/accounts/login/")
    view.locator("input[name=login]").fill("hanako")
    view.locator("input[name=password]").fill(PASSWORD)
    view.locator("form:has(input[name=password]) [type=submit]").click()
    view.wait_for_url(lambda url: not url.endswith("/accounts/login/"))


def fits(view: Page) -> None:
    width = too_wide(view)
    assert width <= 0, f"{view.url} is {width} px wider than the screen"


def code_of(letters: str, *, ahead: int = 0) -> str:
    return app_code(b32decode(letters.replace(" ", "")), step_of(timezone.now()) + ahead)


def test_an_app_is_registered_and_asked_for_at_the_next_sign_in(
    hanako: Worker, page: Page, phone: Page, open_page: Any, axe_clean: Callable[[Page], None]
) -> None:
    def clean(view: Page) -> None:
        fits(view)
        axe_clean(view)

    for view in (page, phone):  # on the phone only looked at: the app is registered at the desk
        by_password(view)
        assert view.url.endswith("/accounts/second-factor/")
        clean(view)
    page.get_by_role("button", name="確認アプリを登録する").click()
    page.get_by_text("読めないときは、文字を打ち込む").click()
    letters = page.locator(".letters").inner_text()
    clean(page)
    phone.goto("/accounts/second-factor/app/")
    clean(phone)
    page.get_by_label("確認コード").fill("000000")
    page.get_by_role("button", name="登録する").click()
    assert "コードが合いません" in page.locator("main").inner_text()
    clean(page)
    page.get_by_label("確認コード").fill(code_of(letters))
    page.get_by_role("button", name="登録する").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    clean(page)
    page.get_by_role("link", name=re.compile("仕事をはじめる")).click()
    page.wait_for_url("**/")
    page.goto("/accounts/me/sessions/")
    assert "パスワードと確認アプリ" in page.locator("main").inner_text()
    clean(page)

    again, without_script = open_page(), open_page(java_script_enabled=False)
    by_password(again)
    assert again.url.endswith("/accounts/login/second-step/")
    clean(again)
    again.get_by_label("確認コード").fill(code_of(letters, ahead=1))
    again.get_by_role("button", name="確かめる", exact=True).click()
    again.wait_for_url(lambda url: "second-step" not in url)
    by_password(without_script)
    without_script.get_by_label("確認コード").fill(codes[0])
    without_script.get_by_role("button", name="確かめる", exact=True).click()
    without_script.goto("/accounts/second-factor/")
    assert "あと9個" in without_script.locator("main").inner_text()


def test_a_passkey_is_registered_and_opens_the_door(
    hanako: Worker, site: Any, browser: Browser, axe_clean: Callable[[Page], None]
) -> None:
    # Browsers know keys only on secure origins; this machine's own name is one, its number is not.
    base = site.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=base, locale="ja-JP", timezone_id="Asia/Tokyo")
    context.set_default_timeout(15_000)
    view = context.new_page()
    tools = context.new_cdp_session(view)
    tools.send("WebAuthn.enable")
    made = tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    by_password(view)
    view.get_by_role("link", name="パスキー・セキュリティキーを登録する").click()
    view.get_by_label("呼び名").fill("市のタブレット")
    axe_clean(view)
    view.get_by_role("button", name="登録する").click()
    view.locator(".codes").wait_for()
    key = SecondFactor.objects.get(worker=hanako)
    assert (key.kind, key.name) == ("key", "市のタブレット")

    view.goto("/accounts/logout/")
    view.locator("form [type=submit]").click()
    by_password(view)
    assert view.url.endswith("/accounts/login/second-step/")
    axe_clean(view)
    view.get_by_role("button", name="キーで確かめる").click()
    view.wait_for_url(lambda url: "second-step" not in url)
    view.goto("/accounts/second-factor/")
    assert "市のタブレット" in view.locator("main").inner_text()

    # Another key, which nobody registered, opens nothing: the page says so and stays.
    view.goto("/accounts/logout/")
    view.locator("form [type=submit]").click()
    tools.send("WebAuthn.clearCredentials", {"authenticatorId": made["authenticatorId"]})
    by_password(view)
    view.get_by_role("button", name="キーで確かめる").click()
    view.get_by_text("キーからの答えがありませんでした").wait_for()
    assert view.url.endswith("/accounts/login/second-step/")
    context.close()
