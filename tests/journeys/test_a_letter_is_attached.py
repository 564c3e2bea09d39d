"""A counsellor attaches a doctor's letter while writing, finds it after a refusal, opens it, adds one and takes one off."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, a_worker, an_office
from tests.journeys.conftest import too_wide
from tests.workbench.files import a_jpeg, a_pdf
from tsunagi.accounts.models import Worker
from tsunagi.workbench.models import Attachment

pytestmark = pytest.mark.journey

LETTER = a_pdf(size=900_000)


@pytest.fixture
def counsellor(fresh_database: None, settings: Any, tmp_path: Path) -> Worker:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.ATTACHMENT_KEYS = tmp_path / "keys"
    with transaction.atomic():
        worker = a_worker(an_office("福祉なんでも相談室"), name="架空 さくら")
        worker.set_password(PASSWORD)
        worker.save()
    return worker


def a_file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def no_wider(page: Page) -> bool:
    return too_wide(page) <= 0


def test_a_letter_is_attached(
    page: Page,
    phone: Page,
    plain: Page,
    counsellor: Worker,
    sign_in: Callable[..., None],
    axe_clean: Callable[[Page], None],
) -> None:
    # While writing, with a script: several at once, one of them impossible, one of them dropped again.
    sign_in(page, counsellor.sign_in_name, PASSWORD)
    page.goto("/uketsuke/new/")
    page.get_by_label("お話の内容").or_(page.locator("textarea[name=words]")).first.fill(
        "診断書を持ってこられた。"
    )
    chosen = [
        a_file("診断書.pdf", LETTER),
        a_file("setup.exe", b"MZ" * 99),
        a_file("部屋のようす.jpg", a_jpeg()),
    ]
    page.locator("#files-of-form").set_input_files(chosen)
    kept = page.locator("[data-files-list]")
    expect(kept).to_contain_text("部屋のようす.jpg")
    expect(kept).to_contain_text("診断書.pdf")
    expect(page.locator("[data-files] [role=alert]")).to_contain_text("setup.exe: 預かれるのは")
    axe_clean(page)
    page.get_by_role("button", name=re.compile("やめる.*部屋のようす")).click()
    expect(kept).not_to_contain_text("部屋のようす.jpg")
    # Sent back by a refusal: the file is still there and need not be chosen again.
    page.locator("input[name=came_day]").fill("きのうの昼")
    page.get_by_role("button", name="受け付ける").click()
    expect(page.locator(".field__error").first).to_be_visible()
    expect(page.locator("[data-files-list]")).to_contain_text("診断書.pdf")
    page.locator("input[name=came_day]").fill("")
    page.get_by_role("button", name="受け付ける").click()
    page.wait_for_url("**/uketsuke/*/")
    axe_clean(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="診断書.pdf", exact=True).click()
    assert download.value.suggested_filename == "診断書.pdf"
    assert Path(download.value.path()).read_bytes() == LETTER
    here = page.url.partition("/uketsuke/")[2]

    # On a telephone, afterwards: a photograph is added at once.
    sign_in(phone, counsellor.sign_in_name, PASSWORD)
    phone.goto(f"/uketsuke/{here}")
    phone.locator("[data-files-bring] input[type=file]").set_input_files([a_file("IMG_0012.jpg", a_jpeg())])
    expect(phone.locator("[data-files-card] [data-files-list]")).to_contain_text("IMG_0012.jpg")
    axe_clean(phone)
    assert no_wider(phone)

    # Without a script: one is added and one is taken off with the reason.
    sign_in(plain, counsellor.sign_in_name, PASSWORD)
    plain.goto(f"/uketsuke/{here}")
    plain.locator("[data-files-bring] input[type=file]").set_input_files([a_file("意見書.pdf", a_pdf())])
    plain.get_by_role("button", name="添付する").click()
    expect(plain.locator("body")).to_contain_text("1個のファイルを添付しました")
    plain.get_by_role("link", name=re.compile("外す.*IMG_0012")).click()
    plain.get_by_label("外すわけ").fill("別の方の写真だった")
    plain.get_by_role("button", name="外す", exact=True).click()
    expect(plain.locator("body")).to_contain_text("別の方の写真だった")
    assert Attachment.objects.filter(attached_at__isnull=False).count() == 3
    assert Attachment.objects.filter(attached_at__isnull=True).count() == 0
