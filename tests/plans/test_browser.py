"""A plan in a real browser: written with two roles, agreed to, decided, monitored; axe at 1280 and 360 px; by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
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
from tests.plans.factories import a_case
from tsunagi.cases.models import Case
from tsunagi.config.clock import now
from tsunagi.holding.models import Promise
from tsunagi.plans.models import Monitoring, Plan


@pytest.fixture
def case(site: Any) -> Case:
    with transaction.atomic():
        desk = an_office("福祉なんでも相談室", is_front_desk=True)
        worker = a_worker(desk, name="相田 ゆき")
        a_worker(desk, name="井上 誠")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        opened = a_case(worker, at=now() - timedelta(days=20))
        connection.check_constraints()
    return opened


def test_a_plan_with_two_roles_from_the_draft_to_the_first_look(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], case: Case
) -> None:
    for seen in (page, phone):
        sign_in(seen, "aida", PASSWORD)

    def fits() -> None:
        phone.goto(page.url)
        for seen in (page, phone):
            axe_clean(seen)
            assert too_wide(seen) <= 0, page.url

    page.goto(f"/cases/{case.pk}/")
    page.get_by_role("link", name="プラン", exact=True).click()
    fits()
    page.get_by_role("link", name="プランをつくる").click()
    page.get_by_role("button", name="下書きをつくる").click()
    page.get_by_role("link", name="プランを書く").click()
    fits()
    # By keyboard alone, from the first box on.
    page.get_by_label("本人の意向").focus()
    page.keyboard.type("家で暮らしつづけたい")
    goal = page.locator("textarea[name='goals-0-text']")
    goal.focus()
    page.keyboard.type("家賃の払い方を決める")
    page.get_by_label("アウトリーチ等").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="目標の行を足す").click()
    page.wait_for_selector("textarea[name='goals-4-text']")
    assert goal.input_value() == "家賃の払い方を決める"
    page.get_by_role("button", name="保存して役割へ").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/roles/")
    fits()
    for place, (what, days) in enumerate((("家計の表をいっしょに書く", 7), ("息子さんに手紙を書く", 14))):
        page.locator(f"input[name='roles-{place}-what']").fill(what)
        page.locator(f"select[name='roles-{place}-worker']").select_option(
            label="相田 ゆき（福祉なんでも相談室）"
        )
        page.locator(f"input[name='roles-{place}-due_on']").fill(
            (now().date() + timedelta(days=days)).isoformat()
        )
    page.get_by_role("button", name="役割を保存する").click()
    page.get_by_text("役割を保存しました").wait_for()
    fits()
    plan = Plan.objects.get()
    for where in ("plain", "read", "agree", "decide", "withdraw"):
        page.goto(f"/plans/{plan.pk}/{where}/")
        fits()
    page.goto(f"/plans/{plan.pk}/agree/")
    page.get_by_label("本人", exact=True).check()
    page.get_by_label("口頭").check()
    page.get_by_role("button", name="同意を記録する").click()
    page.get_by_text("同意を記録しました").wait_for()
    page.get_by_role("link", name="決定を書く").click()
    page.get_by_label("ひとつの機関で支える").check()
    page.get_by_label("決定した人").fill("福祉課長")
    page.get_by_role("button", name="決定を記録する").click()
    page.get_by_text("プランを始めました").wait_for()
    fits()
    assert Promise.objects.filter(subject_kind="plan_role", is_open=True).count() == 2
    page.get_by_role("link", name="家計の表をいっしょに書くのようすを書く").click()
    fits()
    page.get_by_label("済んだ").check()
    page.get_by_label("ようす・わけ").fill("2回書いた")
    page.get_by_role("button", name="記録する").click()
    page.get_by_text("役割のようすを記録しました").wait_for()
    page.get_by_role("link", name="モニタリングを書く").click()
    fits()
    page.get_by_label("よくなった").check()
    page.get_by_label("本人のことば").fill("手紙がこわくない")
    page.get_by_label("達成", exact=True).check()
    page.get_by_label("家計の改善").check()
    page.get_by_label("このまま続ける").check()
    page.get_by_role("button", name="記録する").click()
    page.get_by_text("モニタリングを記録しました").wait_for()
    fits()
    assert Monitoring.objects.get().persons_words == "手紙がこわくない"
    for where in (f"/plans/case/{case.pk}/", f"/plans/case/{case.pk}/events/", f"/plans/case/{case.pk}/end/"):
        page.goto(where)
        fits()
