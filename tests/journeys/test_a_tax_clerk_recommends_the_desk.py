"""A tax clerk meets somebody who weeps over the bill, keeps the tax secret, and recommends the desk with their consent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.safety_net import net
from tsunagi.shared.days import day_of

SECRET = "固定資産税を3期滞納している"


@dataclass(frozen=True)
class Town:
    """The tax office and the general desk."""

    tax: Worker
    desk: Worker


@pytest.fixture
def town(fresh_database: None) -> Town:
    """税務課 and 福祉なんでも相談室."""
    with transaction.atomic():
        tax = a_worker(an_office("税務課"), role="section_clerk", name="税務 さとし")
        desk = a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="相田 ゆき")
        for worker in (tax, desk):
            worker.set_password(PASSWORD)
            worker.save()
    connection.close()
    return Town(tax, desk)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_tax_clerk_recommends_the_desk(
    width: int,
    town: Town,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    axe_clean: Callable[[Page], None],
    owner: psycopg.Connection,
) -> None:
    size = {"viewport": {"width": width, "height": 800}}
    tax = open_page(**size)
    sign_in(tax, town.tax.sign_in_name, PASSWORD)

    # The worry is a consultation of their own office; the secret is kept for its writer, and nothing is lost.
    tax.goto("/uketsuke/new/")
    tax.locator("[name=words]").fill("窓口で泣いておられた。仕事がなくなったという")
    tax.locator("[name=caller_kind][value=self]").check(force=True)
    tax.get_by_role("button", name="受け付ける").click()
    tax.wait_for_url(re.compile(r"/uketsuke/\d+/$"))
    consultation = tax.url
    tax.get_by_role("link", name="特別な秘密を書く").click()
    axe_clean(tax)
    tax.locator("[name=secret][value=tax]").check(force=True)
    tax.locator("[name=words]").fill(SECRET)
    tax.get_by_role("button", name="保存する").click()
    tax.wait_for_url(consultation)
    assert "あなただけが読めます" in tax.locator("main").inner_text()
    assert SECRET in tax.locator("main").inner_text()
    axe_clean(tax)

    # A slip is offered: typed, printed, signed by the person.
    tax.get_by_role("link", name="入れ方を選ぶ").click()
    axe_clean(tax)
    tax.get_by_role("link", name="連絡票を作って印刷する").click()
    axe_clean(tax)
    tax.locator("[name=name]").fill("谷口 正")
    tax.locator("[name=phone]").fill("075-333-4444")
    tax.locator("[name=words]").fill("仕事がなくなって、支払いに困っている")
    tax.get_by_role("button", name="連絡票を作る").click()
    tax.wait_for_url(re.compile(r"/uketsuke/slips/\d+/$"))
    axe_clean(tax)
    number = re.search(r"連\d+-\d{5}", tax.locator("h1").inner_text())
    assert number is not None
    paper = tax.request.get(f"{tax.url}paper.pdf")
    assert paper.headers["content-type"] == "application/pdf"

    # The signed paper reaches the desk: the number finds it, and it becomes a consultation there.
    desk = open_page(**size)
    sign_in(desk, town.desk.sign_in_name, PASSWORD)
    desk.goto("/uketsuke/slips/")
    axe_clean(desk)
    assert "谷口" not in desk.locator("main").inner_text()
    desk.locator("[name=number]").fill(number.group())
    desk.locator("[name=consent][value=yes]").check(force=True)
    desk.get_by_role("button", name="この連絡票を受け付ける").click()
    desk.wait_for_url(re.compile(r"/take/$"))
    axe_clean(desk)
    desk.get_by_role("button", name="相談として受け付ける").click()
    desk.wait_for_url(re.compile(r"/uketsuke/\d+/$"))
    text = desk.locator("main").inner_text()
    assert "支払いに困っている" in text
    assert "税務課" in text
    assert SECRET not in text
    axe_clean(desk)

    # The clerk chooses the door of consent for what they knew; it is theirs to say that it arrived.
    tax.goto(consultation)
    tax.get_by_role("link", name="入れ方を選ぶ").click()
    tax.locator("[name=door][value=consent]").check(force=True)
    tax.locator("[name=slip_number]").fill(number.group())
    tax.get_by_role("button", name="保存する").click()
    tax.wait_for_url(consultation)
    assert "本人の同意あり" in tax.locator("main").inner_text()
    tax.goto("/uketsuke/slips/")
    assert "届いた" in tax.locator("main").inner_text()

    with transaction.atomic():
        report = net.check(connection, today=day_of(timezone.localtime()))
    assert not report.broken, report.as_dict()
    open_promises = owner.execute(
        "SELECT count(*) FROM holding_promise WHERE kind = 'secret_door' AND is_open"
    ).fetchone()
    assert open_promises == (0,)
