"""A file in a real browser: one line by keyboard alone with its keys counted, what stands beside it; axe, 1280 and 360 px."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
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
    plain,
    sign_in,
    site,
    too_wide,
)
from tsunagi.cases.actions import jot, open_case, state_own_words, write_note, write_supervision
from tsunagi.cases.models import Case, Note
from tsunagi.config.clock import now
from tsunagi.guardianship.actions import PowerWish, open_petition, state_power
from tsunagi.guardianship.models import Petition, Power

LINE = "訪問 0:10 30分 母:玄関で話せた"
# Besides the letters themselves: one key to see how it was read, one to save it.
KEYS_BESIDES_THE_LINE = 2


@pytest.fixture
def case(site: Any) -> Case:
    with transaction.atomic():
        worker = a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        at = now() - timedelta(days=3)
        haru = a_person("森田 ハル")
        home = a_household(haru, a_person("森田 健一"), label="森田さんの世帯")
        concern = a_concern(held_by=worker, of=home, at=at)
        opened = open_case(home.pk, by=worker, at=at, title="8050の世帯", concern_ids=[concern.pk])
        note = None
        for number in range(60):
            note = write_note(
                opened, by=worker, at=at, facts=f"電話{number}", judgement="変わりない", policy="続ける",
                happened_at=at - timedelta(hours=number),
            )  # fmt: skip
        assert note is not None
        write_supervision(opened, supervisor="主任", about="急いでしまう", by=worker, at=at)
        jot(opened, "靴の向きが変わっていた", by=worker, at=at)
        for on, said_of in (("file", None), ("note", note.pk)):
            state_own_words(
                opened,
                on=on,
                note_id=said_of,
                person_id=haru.pk,
                words="急かされるのがいやです。",
                how="spoken",
                by=worker,
                at=at,
            )
        state_power(
            haru,
            PowerWish(
                kind="daily_support",
                holder_name="社協 生活支援員",
                agency_words="年金の受取",
                until_on=at.date() + timedelta(days=60),
            ),
            by=worker,
            at=at,
        )
        open_petition(haru, why="親族がいない", due_on=at.date() + timedelta(days=1), by=worker, at=at)
        connection.check_constraints()
    return opened


def _fits(seen: Page, clean: Callable[[Page], None]) -> None:
    clean(seen)
    assert too_wide(seen) <= 0, seen.url


def test_every_page_of_a_file_fits_and_is_clean(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], case: Case
) -> None:
    power, petition = Power.objects.get(), Petition.objects.get()
    hubs = (
        f"/cases/{case.pk}/", "/cases/", f"/cases/{case.pk}/notes/new/", f"/cases/{case.pk}/own-words/new/",
        f"/kouken/{case.party_id}/", f"/kouken/power/{power.pk}/", f"/kouken/petition/{petition.pk}/",
    )  # fmt: skip
    forms = (
        f"/cases/{case.pk}/quick/help/", f"/cases/{case.pk}/stage/", f"/cases/{case.pk}/supervision/new/",
        f"/cases/{case.pk}/jottings/new/", f"/cases/{case.pk}/paper/", "/cases/templates/", "/cases/templates/new/",
        f"/kouken/{power.person_id}/new/", f"/kouken/power/{power.pk}/settle/", f"/kouken/petition/{petition.pk}/step/",
    )  # fmt: skip
    for seen in (page, phone):
        sign_in(seen, "aida", PASSWORD)
    for where in (*hubs, *forms):
        page.goto(where)
        _fits(page, axe_clean)
        phone.goto(where)
        assert too_wide(phone) <= 0, where
        if where in hubs:
            axe_clean(phone)


def test_one_line_by_keyboard_alone(
    page: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], case: Case
) -> None:
    sign_in(page, "aida", PASSWORD)
    page.goto(f"/cases/{case.pk}/")
    page.get_by_label("一行で書く").focus()
    keys = 0

    def press(key: str) -> None:
        nonlocal keys
        keys += 1
        page.keyboard.press(key)

    page.keyboard.insert_text(LINE)
    press("Enter")
    page.get_by_text("このように読み取りました").wait_for()
    _fits(page, axe_clean)
    assert page.evaluate("document.activeElement.name") == "line"
    press("Enter")
    page.get_by_text("記録しました。").wait_for()
    note = Note.objects.get(facts="玄関で話せた")
    assert (note.kind, note.minutes, note.partner) == ("visit", 30, "母")
    assert keys == KEYS_BESIDES_THE_LINE


def test_without_a_script_too(plain: Page, sign_in: Callable[..., None], case: Case) -> None:
    sign_in(plain, "aida", PASSWORD)
    plain.goto(f"/cases/{case.pk}/notes/new/")
    plain.get_by_label("事実").fill("もう書いた")
    plain.get_by_label("定型").select_option(label="訪問(会えた)")
    plain.get_by_role("button", name="空いている欄に入れる").click()
    assert plain.get_by_label("事実").input_value() == "もう書いた"
    assert "気がかりなこと" in plain.get_by_label("見立て").input_value()
    # Enter in a box saves; it does not fill in a template.
    plain.get_by_label("相手").press("Enter")
    plain.get_by_text("記録しました。").wait_for()
    assert Note.objects.filter(facts="もう書いた").count() == 1
    plain.get_by_role("link", name="もっと古い記録").click()
    assert "電話40" in plain.locator("#notes").inner_text()
