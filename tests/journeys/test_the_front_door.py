"""The first page anybody sees, in a real browser: sign in, be told when it was wrong, read it on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import too_wide
from tsunagi.accounts.models import Worker

pytestmark = pytest.mark.journey

WORD = "tsunagi-no-aikotoba-2026"


@pytest.fixture
def hanako(fresh_database: None) -> Worker:
    """A worker who can sign in."""
    worker = Worker(sign_in_name="hanako", name="架空 花子")
    worker.set_password(WORD)
    worker.save()
    return worker


def test_the_sign_in_page_is_clean_on_a_desk_and_on_a_phone(
    page: Page, phone: Page, axe_clean: Callable[[Page], None]
) -> None:
    for view in (page, phone):
        view.goto("/accounts/login/")
        axe_clean(view)
        width = too_wide(view)
        assert width <= 0, "the page is wider than the screen"


def test_a_worker_signs_in(page: Page, hanako: Worker, sign_in: Callable[..., None]) -> None:
    sign_in(page, "hanako", WORD)
    assert any(cookie["name"] == "tsunagi_session" for cookie in page.context.cookies())


def test_a_worker_signs_in_without_javascript(
    plain: Page, hanako: Worker, sign_in: Callable[..., None]
) -> None:
    sign_in(plain, "hanako", WORD)
    assert any(cookie["name"] == "tsunagi_session" for cookie in plain.context.cookies())


def test_a_wrong_password_is_said_in_words(page: Page, hanako: Worker) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("hanako")
    page.locator("input[name=password]").fill("not the word")
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.locator("input[name=password]").wait_for()
    assert "/accounts/login/" in page.url
    assert not any(cookie["name"] == "tsunagi_session" for cookie in page.context.cookies())
