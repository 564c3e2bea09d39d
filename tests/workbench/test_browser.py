"""Nothing typed is lost, in a real browser: saved while typing, across the end of a session, without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, a_worker
from tsunagi.accounts.models import Worker
from tsunagi.workbench.models import Draft

pytestmark = [pytest.mark.journey, pytest.mark.urls("tests.workbench.pages")]

WORDS = "三日前から食べていないとのこと。"


@pytest.fixture
def hanako(fresh_database: None) -> Worker:
    with transaction.atomic():
        worker = a_worker(name="架空 花子")
        worker.sign_in_name = "hanako"
        worker.set_password(PASSWORD)
        worker.save()
    return worker


def sign_in(page: Page) -> None:
    page.goto("/accounts/login/?next=/capture/")
    page.locator("input[name=login]").fill("hanako")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url("**/capture/")


def test_what_is_typed_is_saved_and_found_again(hanako: Worker, page: Page) -> None:
    sign_in(page)
    page.get_by_label("お話の内容").press_sequentially(WORDS, delay=10)
    expect(page.locator("[data-draft-badge]")).to_contain_text("保存済み")
    page.goto("/workbench/drafts/")
    page.get_by_role("link", name="受付").first.click()
    expect(page.get_by_label("お話の内容")).to_have_value(WORDS)
    page.get_by_role("button", name="受け付ける").click()
    page.wait_for_url("**/done/")
    draft = Draft.objects.get()
    assert (draft.result_link, draft.body) == ("/done/", {})

    page.goto(f"/capture/?draft={draft.pk}")  # the way back, or a bookmark: the first result
    assert page.url.endswith("/done/")
    assert Draft.objects.count() == 1


def test_the_end_of_the_session_loses_no_word(hanako: Worker, page: Page, open_page: Any) -> None:
    sign_in(page)
    Session.objects.all().delete()
    page.get_by_label("お話の内容").fill(WORDS)
    badge = page.locator("[data-draft-badge]")
    expect(badge).to_contain_text("サインインが切れました")
    assert not Draft.objects.exists()

    with page.context.expect_page() as opened:
        badge.get_by_role("link").click()
    other = opened.value
    other.locator("input[name=login]").fill("hanako")
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("form:has(input[name=password]) [type=submit]").click()
    other.wait_for_url(lambda url: "/accounts/login/" not in url)
    expect(badge).to_contain_text("保存済み", timeout=30_000)
    assert Draft.objects.get().body["words"] == [WORDS]
    page.get_by_role("button", name="受け付ける").click()
    page.wait_for_url("**/done/")


def test_a_form_sent_after_the_session_is_done_after_signing_in(hanako: Worker, plain: Page) -> None:
    sign_in(plain)
    plain.get_by_label("お話の内容").fill(WORDS)
    Session.objects.all().delete()
    plain.get_by_role("button", name="受け付ける").click()
    expect(plain.locator("body")).to_contain_text(WORDS)
    with plain.context.expect_page() as opened:
        plain.get_by_role("link", name="サインイン").click()
    other = opened.value
    other.locator("input[name=login]").fill("hanako")
    other.locator("input[name=password]").fill(PASSWORD)
    other.locator("form:has(input[name=password]) [type=submit]").click()
    other.wait_for_url(lambda url: "/accounts/login/" not in url)
    again = plain.get_by_role("button", name="もう一度送る")
    again.click()
    if "/done/" not in plain.url:  # the token of before: shown back once more, with all its text
        expect(plain.locator("body")).to_contain_text(WORDS)
        again.click()
    plain.wait_for_url("**/done/")
    assert Draft.objects.get().consumed_at is not None


def test_without_javascript_there_is_a_button(hanako: Worker, plain: Page) -> None:
    sign_in(plain)
    plain.get_by_label("お話の内容").fill(WORDS)
    plain.get_by_role("button", name="下書き保存").click()
    plain.wait_for_url("**/capture/?draft=*")
    expect(plain.get_by_label("お話の内容")).to_have_value(WORDS)
    assert Draft.objects.get().body["words"] == [WORDS]
