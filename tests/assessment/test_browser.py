"""The assessment in a real browser: three sections with the keyboard alone, every page with axe at 1280 and 360 px,
drafts that save themselves, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from tests.assessment.factories import Household3, a_family_file, said
from tests.factories import PASSWORD, a_worker, an_office
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
from tests.journeys.conftest import tab_to as press_tab_to
from tsunagi.assessment.actions import LifeWish, StrengthWish, add_life_event, add_strength, begin_assessment
from tsunagi.assessment.models import Answer, Sheet
from tsunagi.assessment.rules import LifeKind, Whose
from tsunagi.config.clock import now

# Whether the focused control (of a tall one, where writing begins) is hidden by the bar of buttons that stays at the bottom of the window.
_HIDDEN = """() => {
  const one = document.activeElement, bar = document.querySelector('.section-form .action-bar');
  if (!one || !bar || bar.contains(one) || !one.closest('.section-form') || getComputedStyle(bar).position !== 'sticky') return false;
  if (bar.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) return false;
  const box = one.getBoundingClientRect();
  return box.top + Math.min(box.height, 40) > bar.getBoundingClientRect().top + 1 || box.top < 0;
}"""


@pytest.fixture
def file(site: Any) -> Household3:
    with transaction.atomic():
        worker = a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="相田 ゆき")
        worker.set_password(PASSWORD)
        worker.sign_in_name = "aida"
        worker.save()
        made = a_family_file(worker)
        connection.check_constraints()
    return made


def tab_to(page: Page, label: str) -> None:
    """Also that the bar of buttons at the bottom never hides what is focused."""
    press_tab_to(page, label, most=120, hidden=_HIDDEN)


def test_three_sections_with_the_keyboard_alone(
    page: Page, sign_in: Callable[..., None], file: Household3
) -> None:
    sign_in(page, "aida", PASSWORD)
    page.goto(f"/assessment/{file.case.pk}/")
    tab_to(page, "アセスメントを始める")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="アセスメントを始める").wait_for()
    tab_to(page, "アセスメントを始める")
    page.keyboard.press("Enter")
    page.get_by_text("どの項目からでも書けます").wait_for()
    tab_to(page, "お金 世帯")
    page.keyboard.press("Enter")
    page.wait_for_url("**/section/money/0/")
    tab_to(page, "空けておく")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    tab_to(page, "家賃・ローン")
    page.keyboard.press("Space")
    tab_to(page, "事実")
    page.keyboard.type("督促状が3通あった。")
    tab_to(page, "この項目は、ひととおり聞けた")
    page.keyboard.press("Space")
    tab_to(page, "保存して次へ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/section/money/{file.kenichi.pk}/")
    tab_to(page, "本人の収入")
    page.keyboard.type("85000")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/section/money/{file.haru.pk}/")
    page.goto(f"/assessment/{file.case.pk}/")
    tab_to(page, "健康 森田 ハル")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/section/health/{file.haru.pk}/")
    tab_to(page, "ひとつ加える")
    page.keyboard.type("保険証があるか")
    tab_to(page, "だれが確かめるか")
    page.keyboard.press("ArrowDown")
    tab_to(page, "保存して一覧へ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/assessment/{file.case.pk}/")
    expect(page.locator("#sections")).to_contain_text("聞けた")
    assert {row.values[0] for row in Answer.objects.filter(question="budget")} == {"nothing"}
    assert Answer.objects.get(question="income").words == "85000"
    assert Answer.objects.get(question="facts").words == "督促状が3通あった。"
    assert Sheet.objects.count() == 3


def test_every_page_is_clean_and_fits_a_phone(
    page: Page, phone: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], file: Household3
) -> None:
    at = now() - timedelta(hours=1)
    with transaction.atomic():
        assessment = begin_assessment(file.case, by=file.worker, at=at)
        said(file, assessment, "health", file.haru, condition=["not_good"], facts="ひざが痛い", at=at)
        said(file, assessment, "health", file.haru, view="self", condition=["good"], at=at)
        said(file, assessment, "work_school", file.kenichi, work=["not_seeking"], at=at)
        strength = add_strength(
            file.case, StrengthWish(file.haru.pk, Whose.PERSON, "畑の世話"), by=file.worker, at=at
        )
        event = add_life_event(
            file.case,
            file.kenichi.pk,
            LifeWish(LifeKind.SCHOOL, "不登校になる", since="中学2年"),
            by=file.worker,
            at=at,
        )
        connection.check_constraints()
    case, persons = file.case.pk, f"{file.haru.pk},{file.kenichi.pk}"
    # Axe looks at each page once; on the phone at those that are laid out otherwise there.
    otherwise = {"", f"section/health/{file.haru.pk}/", "history/"}
    for seen in (page, phone):
        sign_in(seen, "aida", PASSWORD)
        for where in (
            "",
            "sheet/",
            "begin/",
            f"section/health/{file.haru.pk}/",
            "section/basic/0/",
            "screening/",
            "finish/",
            "difference/1/",
            f"pattern/eight_fifty/?persons={persons}",
            "history/",
            f"strength/{strength.pk}/",
            f"life/event/{event.pk}/",
        ):
            seen.goto(f"/assessment/{case}/{where}")
            assert too_wide(seen) <= 0, where
            if seen is page or where in otherwise:
                axe_clean(seen)
    # A4: the life is all there, and nothing of the frame is printed with it.
    page.goto(f"/assessment/{case}/history/")
    page.emulate_media(media="print")
    expect(page.get_by_text("不登校になる")).to_be_visible()
    expect(page.locator(".nav")).to_be_hidden()


def test_what_is_typed_saves_itself_and_goes_on(
    page: Page, plain: Page, sign_in: Callable[..., None], file: Household3
) -> None:
    with transaction.atomic():
        begin_assessment(file.case, by=file.worker, at=now() - timedelta(hours=1))
    where = f"/assessment/{file.case.pk}/section/housing/0/"
    sign_in(page, "aida", PASSWORD)
    page.goto(where)
    page.get_by_label("公営住宅").check()
    page.get_by_label("事実").fill("2階の廊下に箱が積まれている")
    page.get_by_text("保存済み").wait_for()
    assert not Answer.objects.exists()
    page.goto("/workbench/drafts/")
    page.get_by_role("link", name="アセスメント 住まい").first.click()
    expect(page.get_by_label("事実")).to_have_value("2階の廊下に箱が積まれている")
    expect(page.get_by_label("公営住宅")).to_be_checked()
    page.get_by_role("button", name="保存して一覧へ").click()
    page.get_by_text("「住まい」を保存しました").wait_for()
    assert Answer.objects.get(question="housing").values == ["public"]
    # Without JavaScript the same form works, in the person's own view.
    sign_in(plain, "aida", PASSWORD)
    plain.goto(f"{where}?view=self")
    plain.get_by_label("段差・階段").check()
    plain.get_by_label("本人のことば").fill("階段がこわい")
    plain.get_by_role("button", name="保存して一覧へ").click()
    plain.get_by_text("「住まい」を保存しました").wait_for()
    assert Answer.objects.get(view="self", question="facts").words == "階段がこわい"
