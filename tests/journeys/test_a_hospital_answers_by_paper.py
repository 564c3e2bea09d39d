"""A hospital without an account: a printed sheet, a paper that comes back, 見届け, and later 「会えました」."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_concern, a_worker, an_office, an_outside_agency
from tests.journeys.conftest import too_wide
from tsunagi.config import clock
from tsunagi.holding.models import Hold
from tsunagi.referrals import actions
from tsunagi.referrals.models import Referral
from tsunagi.referrals.rules import reply_number
from tsunagi.safety_net import net
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.journey


@pytest.fixture
def referral(fresh_database: None) -> Referral:
    """Sent to a hospital that does not sign in."""
    now = clock.now()
    with transaction.atomic(), opened_trail(None, "test"):
        worker = a_worker(an_office("福祉なんでも相談室"), name="架空 さくら")
        worker.set_password(PASSWORD)
        worker.save()
        sent = actions.send_referral(
            [a_concern(held_by=worker, at=now).pk],
            to_office=an_outside_agency("ひがし病院"),
            reason="眠れない日が続く",
            person_told="agreed",
            by=worker,
            at=now,
        )
        connection.check_constraints()
    return sent


def test_a_hospital_answers_by_paper(
    page: Page,
    phone: Page,
    referral: Referral,
    sign_in: Callable[..., None],
    axe_clean: Callable[[Page], None],
) -> None:
    sign_in(page, referral.from_worker.sign_in_name, PASSWORD)
    page.goto(f"/tsunagi/{referral.pk}/paper/")
    axe_clean(page)
    pdf: Any = page.request.get(f"/tsunagi/{referral.pk}/sheet.pdf")
    assert pdf.body().startswith(b"%PDF")

    number = reply_number(referral.number or "")
    page.goto("/tsunagi/reply/")
    axe_clean(page)
    page.locator("input[name=number]").fill(number)
    page.locator("main form button[type=submit]").first.click()
    page.locator("input[name=answer][value=yes]").check()
    page.locator("input[name=who]").fill("相談員 架空")
    axe_clean(page)
    page.locator("main form button[type=submit]").first.click()
    page.get_by_text("見届け").first.wait_for()
    assert Hold.objects.get(closed_at__isnull=True).kind == "following_through"

    sign_in(phone, referral.from_worker.sign_in_name, PASSWORD)
    phone.goto("/tsunagi/reply/")
    phone.locator("input[name=number]").fill(number)
    phone.locator("main form button[type=submit]").first.click()
    phone.locator("input[name=met_on]").fill(f"{clock.now():%Y-%m-%d}")
    axe_clean(phone)
    width = too_wide(phone)
    assert width <= 0
    phone.locator("main form button[type=submit]").first.click()
    phone.get_by_text("会えたことを記録しました").wait_for()
    assert Referral.objects.get(pk=referral.pk).first_contact_at is not None
    with transaction.atomic():
        report = net.check(connection, today=clock.now().date())
    assert not report.broken, report.as_dict()
