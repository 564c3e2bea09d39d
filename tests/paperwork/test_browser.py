"""A form is chosen and printed in a real browser; every page at 1280 and 360 px, with axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_concern, a_household, a_person, a_worker, an_office
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
from tsunagi.cases.actions import open_case
from tsunagi.cases.models import Case
from tsunagi.config.clock import now
from tsunagi.paperwork.models import Printed


@pytest.fixture
def case(site: Any) -> Case:
    with transaction.atomic():
        worker = a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="相田 ゆき")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        household = a_household(a_person("森田 ハル"), label="森田さんの世帯")
        concern = a_concern(held_by=worker, of=household, at=now(), description="家賃を4か月滞納している。")
        opened = open_case(household.pk, by=worker, at=now(), title="8050の世帯", concern_ids=[concern.pk])
        connection.check_constraints()
    return opened


def test_a_form_is_printed_and_its_copy_settled(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], case: Case
) -> None:
    sign_in(page, "aida", PASSWORD)
    sign_in(phone, "aida", PASSWORD)
    address = f"/chouhyou/{case.pk}/"
    page.goto(address)
    page.get_by_role("radio", name="支援経過記録（経過一覧）").check()
    page.get_by_label("渡す先・使いみち").fill("7月の会議")
    with page.expect_download() as taken:
        page.get_by_role("radio", name="Excel").check()
        page.get_by_role("button", name="印刷する").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    row = Printed.objects.get()
    for seen in (page, phone):
        for where in (address, f"{address}copies/{row.pk}/", "/chouhyou/"):
            seen.goto(where)
            axe_clean(seen)
            assert too_wide(seen) <= 0
    page.goto(address)
    assert "7月の会議" in page.locator("main").inner_text()
    page.get_by_role("link", name=f"P{row.pk:06d}がどうなったかを書く").click()
    page.get_by_label("どうなったか").select_option(label="裁断した")
    page.get_by_role("button", name="記録する", exact=True).click()
    page.get_by_text("どうなったかを記録しました").wait_for()
