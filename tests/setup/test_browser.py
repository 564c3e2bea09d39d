"""開設の点検, the map, code lists and 見直し in a real browser: axe finds nothing, nothing runs off a phone; a review on a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from tests.factories import PASSWORD
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
from tsunagi.accounts.models import Worker
from tsunagi.config.clock import now
from tsunagi.config.opening import example
from tsunagi.places.models import City, SchoolDistrict, Town
from tsunagi.setup.actions import begin_reviews, open_city
from tsunagi.setup.models import Review
from tsunagi.setup.rules.reading import read


@pytest.fixture
def town_hall(site: Any) -> str:
    """The town of the example, its review begun; the address of the front desk's review."""
    with transaction.atomic():
        City.objects.update(is_ours=False)
        assert open_city(read(example().encode()).document, at=now()).plan.problems == []
        for name in ("watanabe", "kobayashi"):
            worker = Worker.objects.get(sign_in_name=name)
            worker.set_password(PASSWORD)
            worker.save()
        admin = Worker.objects.get(sign_in_name="watanabe")
        begin_reviews(due_on=now().date() + timedelta(days=30), by=admin, at=now())
    return reverse("setup:review", args=[Review.objects.get(office__code="marugoto").pk])


def test_an_administrator_s_pages_are_clean_wide_and_narrow(
    town_hall: str, site: Any, page: Page, axe_clean: Callable[..., None], sign_in: Callable[..., None]
) -> None:
    sign_in(page, "watanabe", PASSWORD)
    district = SchoolDistrict.objects.filter(city__is_ours=True)[:1].get().pk
    town = Town.objects.filter(city__is_ours=True)[:1].get().pk
    addresses = [
        reverse("setup:ready"),
        reverse("setup:city"),
        reverse("setup:districts"),
        reverse("setup:district", args=[district]),
        reverse("setup:towns"),
        reverse("setup:town", args=[town]),
        reverse("codes:lists"),
        reverse("codes:list", args=["contact_means"]),
        reverse("codes:code", args=["contact_means", "fax"]),
        reverse("setup:reviews"),
        reverse("setup:begin_reviews"),
        town_hall,
    ]
    for address in addresses:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(site.url + address)
            axe_clean(page)
            assert too_wide(page) <= 0, f"{address} at {width}"


def test_a_manager_reviews_without_javascript(
    town_hall: str, site: Any, plain: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(plain, "kobayashi", PASSWORD)
    plain.goto(f"{site.url}/")
    plain.get_by_role("link", name="まるごと窓口").first.click()
    plain.get_by_role("button", name="このままでよい").first.click()
    plain.get_by_text("答えを記録しました").wait_for()
    plain.locator("summary", has_text="終える").first.click()
    plain.get_by_label("わけ").first.fill("異動したため")
    plain.get_by_role("button", name="「終える」と記録する").first.click()
    plain.get_by_text("異動したため").first.wait_for()
    assert "終えるのはまだです" in plain.content()
