"""所内会議: an office sits on Tuesday and settles the week on one sheet; axe finds nothing at 1280 and at 360."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from playwright.sync_api import expect

from tests.factories import PASSWORD, a_concern, a_worker, an_office
from tests.intake.factories import a_consultation
from tests.journeys.conftest import too_wide
from tsunagi.config.clock import now
from tsunagi.holding import actions as holding
from tsunagi.intake.models import Consultation, OfficeMeeting
from tsunagi.safety_net import net

pytestmark = pytest.mark.journey


def _with_password(office, name):
    worker = a_worker(office, name=name)
    worker.set_password(PASSWORD)
    worker.save()
    return worker


@pytest.fixture
def office(site):
    with transaction.atomic():
        return an_office("福祉なんでも相談室", is_front_desk=True)


@pytest.fixture
def clerk(office):
    with transaction.atomic():
        return _with_password(office, "受付 はるか")


@pytest.fixture
def colleague(office):
    with transaction.atomic():
        return _with_password(office, "田中 みのり")


def test_one_sheet_settles_the_week(page, clerk, colleague, sign_in, axe_clean):
    at = now()
    with transaction.atomic():
        told = a_consultation(clerk, at=at, words="家賃を払えない。")
        asked = a_consultation(clerk, at=at, words="窓口の場所を聞かれた。")
        concern = a_concern(held_by=colleague, at=at)
        holding.hold_as("supporting", concern.pk, by=colleague, at=at)
        holding.ask_reassign(concern.pk, to_worker=clerk.pk, handed_note="夕方なら出る", by=colleague, at=at)
    sign_in(page, clerk.sign_in_name, PASSWORD)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/uketsuke/")
    page.get_by_role("link", name="所内会議").click()
    axe_clean(page)
    first, second = page.locator(f"#row-c{told.pk}"), page.locator(f"#row-c{asked.pk}")
    first.get_by_label("決めたこと").select_option(label="課題にして受け持つ")
    first.get_by_label("だれが").select_option(label="田中 みのり")
    second.get_by_label("決めたこと").select_option(label="情報提供で終了")
    page.locator("[id^=row-s]").get_by_label("同意する").check()
    expect(page.locator("[data-draft-badge]").first).to_have_attribute("data-state", "saved")
    page.get_by_role("button", name="答えた行を決める").click()
    # Two rows are decided; the third says at its own place what is missing, and is answered then.
    expect(page.get_by_text("2件を決めました。")).to_be_visible()
    expect(second.get_by_role("alert")).to_contain_text("何を伝えたか")
    axe_clean(page)
    second.get_by_label("ことば").fill("市の案内図を渡した")
    page.get_by_role("button", name="答えた行を決める").click()
    expect(page.get_by_text("決まっていない行はありません")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    axe_clean(page)
    assert too_wide(page) <= 0
    page.get_by_label("文書番号").fill("長福第12号")
    page.get_by_role("button", name="会議を終える").click()
    expect(page.get_by_text("所内会議を終えました。")).to_be_visible()
    expect(page.get_by_text("長福第12号").first).to_be_visible()
    axe_clean(page)
    asked.refresh_from_db()
    assert (asked.outcome, Consultation.objects.get(pk=told.pk).outcome) == (
        "information_given",
        "new_concern",
    )
    assert OfficeMeeting.objects.get().sat == [clerk.pk]
    with transaction.atomic():
        report = net.check(connection, today=at.date())
    assert not report.broken, report.as_dict()
    connection.close()
