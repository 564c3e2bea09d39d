"""In a real browser: nothing typed is lost, one press is one deed, and everything works by keyboard and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import too_wide
from tests.ui.site import Desk

pytestmark = pytest.mark.journey

BADGE = "[data-draft-badge]"


@pytest.mark.parametrize("url", ["/ui/gallery/?said=1", "/ui/gallery/public/", "/form/"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page, axe_clean: Callable[[Page], None], url: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url)
    axe_clean(page)
    assert too_wide(page) <= 0


def test_what_is_typed_is_saved_and_only_then_called_saved(page: Page, ui_site: Desk) -> None:
    ui_site.status = 503
    page.goto("/form/")
    page.locator("#words").press_sequentially("母より電話")
    expect(page.locator(BADGE)).to_contain_text("未保存")
    page.wait_for_timeout(700)
    expect(page.locator(BADGE)).to_contain_text("未保存")
    ui_site.status = 200
    page.locator("#words").press_sequentially("。")
    expect(page.locator(BADGE)).to_have_text("保存済み 14:05")
    assert ui_site.got[-1]["words"] == "母より電話。"
    assert int(ui_site.got[-1]["seq"]) > 4
    expect(page.locator("input[name=draft]")).to_have_value("77")


def test_the_sequence_only_rises(page: Page, ui_site: Desk) -> None:
    page.goto("/form/")
    for letter in "あいう":
        page.locator("#words").press_sequentially(letter)
        page.wait_for_timeout(600)
    numbers = [int(sent["seq"]) for sent in ui_site.got]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 3


def test_a_session_that_ended_loses_no_word(page: Page, ui_site: Desk) -> None:
    page.goto("/form/")
    ui_site.status = 401
    page.locator("#words").fill("息子は先月から部屋を出ていない")
    link = page.locator(f"{BADGE} a")
    expect(link).to_have_text("別の画面でサインイン")
    assert link.get_attribute("target") == "_blank"
    ui_site.status = 200  # somebody signed in again in the other tab
    expect(page.locator(BADGE)).to_have_text("保存済み 14:05", timeout=15_000)
    assert ui_site.got[-1]["words"] == "息子は先月から部屋を出ていない"


def test_no_network_says_so_and_tries_again(page: Page, ui_site: Desk) -> None:
    page.goto("/form/")
    page.route("**/keep/", lambda route: route.abort())
    page.on("console", lambda message: None)
    page.locator("#words").fill("切れている")
    expect(page.locator(BADGE)).to_contain_text("通信できません")
    page.unroute("**/keep/")
    expect(page.locator(BADGE)).to_have_text("保存済み 14:05", timeout=15_000)


def test_the_page_refuses_to_be_left_while_words_are_unsaved(page: Page, ui_site: Desk) -> None:
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    ui_site.status = 409
    page.goto("/form/")
    page.locator("#words").click()
    page.keyboard.type("まだ")
    expect(page.locator(BADGE)).to_contain_text("ほかの画面でも書かれています")
    page.goto("/ui/gallery/public/")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(
    ("status", "words"), [(410, "もう記録されています"), (413, "長すぎて"), (404, "置き場所")]
)
def test_what_trying_again_cannot_mend_is_said_once(
    page: Page, ui_site: Desk, status: int, words: str
) -> None:
    ui_site.status = status
    page.goto("/form/")
    page.locator("#words").fill("長い文")
    expect(page.locator(BADGE)).to_contain_text(words)
    tries = ui_site.tries
    page.wait_for_timeout(2500)
    assert ui_site.tries == tries
    expect(page.locator("#words")).to_have_value("長い文")
    if status == 410:
        assert page.locator(f"{BADGE} a").get_attribute("href") == "/ui/gallery/"


def test_saved_words_let_the_page_go(page: Page, ui_site: Desk) -> None:
    page.on("dialog", lambda dialog: pytest.fail("asked although everything was saved"))
    page.goto("/form/")
    page.locator("#words").click()
    page.keyboard.type("済み")
    expect(page.locator(BADGE)).to_have_text("保存済み 14:05")
    page.goto("/ui/gallery/public/")


def test_two_presses_are_one_deed_and_the_button_is_never_dead(page: Page, ui_site: Desk) -> None:
    page.goto("/form/")
    page.evaluate(
        "() => { const f = document.getElementById('writing'); const b = f.querySelector('[type=submit]');"
        " f.addEventListener('submit', (e) => { window.sent = (window.sent || 0) + 1; e.preventDefault(); });"
        " b.click(); b.click(); b.click(); }"
    )
    assert page.evaluate("window.sent") == 1
    assert page.locator("#writing [type=submit]").first.is_enabled()
    assert len(ui_site.posts) == 0


def test_slash_goes_to_the_lookup_but_not_while_writing(page: Page, ui_site: Desk) -> None:
    page.goto("/form/")
    page.keyboard.press("/")
    expect(page.locator("[data-lookup]")).to_be_focused()
    page.locator("#words").focus()
    page.keyboard.type("1/2")
    expect(page.locator("#words")).to_have_value("1/2")


def test_the_first_key_leads_past_the_navigation(page: Page, ui_site: Desk) -> None:
    page.goto("/ui/gallery/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_day_is_echoed_in_both_calendars(page: Page, ui_site: Desk) -> None:
    page.goto("/ui/gallery/")
    box = page.locator("#id_came_on")
    for typed, echoed in {
        "R5.4.1": "令和5年4月1日（2023-04-01 土）",
        "５／４／１": "令和5年4月1日（2023-04-01 土）",
        "平成元年1月8日": "平成元年1月8日（1989-01-08 日）",
        "2023-02-30": "",
    }.items():
        box.fill(typed)
        expect(page.locator("[data-day-echo=id_came_on]")).to_have_text(echoed)


def test_an_error_gets_the_focus_and_leads_to_its_field(page: Page, ui_site: Desk) -> None:
    page.goto("/ui/gallery/")
    page.locator("#id_people_count").fill("0")
    page.get_by_role("button", name="受け付ける").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_people_count")).to_be_focused()
    assert page.locator("#id_people_count").get_attribute("aria-invalid") == "true"


def test_the_paper_sheet_is_kept_without_javascript(plain: Page, ui_site: Desk) -> None:
    plain.goto("/ui/gallery/")
    assert plain.get_by_role("button", name="下書き保存").is_visible()
    plain.locator("input[name=worries-04][value=oo]").check(force=True)
    plain.locator("#id_people_count").fill("0")
    plain.get_by_role("button", name="受け付ける").click()
    assert plain.locator("input[name=worries-04][value=oo]").is_checked()
    assert plain.locator("input[name=worries-03][value=oo]").is_checked()


def test_the_navigation_is_reached_on_a_phone(phone: Page, ui_site: Desk) -> None:
    phone.goto("/ui/gallery/")
    last = phone.locator(".nav__list a").last
    last.scroll_into_view_if_needed()
    assert last.is_visible()
    assert too_wide(phone) <= 0


def test_targets_are_large_enough(phone: Page, ui_site: Desk) -> None:
    """WCAG 2.2 2.5.8: 24 × 24 px, links inside a sentence apart."""
    phone.goto("/ui/gallery/")
    small = phone.evaluate(
        "() => [...document.querySelectorAll('button, summary, select, input:not([type=hidden]), .nav a, .tabs a')]"
        ".filter((e) => e.offsetParent).map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
        ".filter(([, r]) => r.width && (r.width < 24 || r.height < 24)).map(([h]) => h)"
    )
    assert small == []


@pytest.mark.parametrize(
    ("status", "words"), [(409, "ほかの方が受け持っています。"), (500, "ほかの方が受け持っています。")]
)
def test_a_refusal_never_takes_the_place_of_the_form(
    page: Page, ui_site: Desk, status: int, words: str
) -> None:
    ui_site.status = status
    page.goto("/form/")
    page.locator("#why").fill("長いわけ")
    page.get_by_role("button", name="渡す").click()
    expect(page.locator("#trouble")).to_contain_text(words)
    expect(page.locator("#trouble")).to_be_focused()
    expect(page.locator("#why")).to_have_value("長いわけ")
    page.get_by_role("button", name="渡す").click()  # not dead: it asks again
    expect(page.locator("#trouble")).to_contain_text(words)


def test_the_lookup_answers_while_typing(page: Page, ui_site: Desk) -> None:
    page.goto("/form/")
    page.keyboard.press("/")
    page.keyboard.type("nakano")
    expect(page.locator("#lookup-answers a")).to_have_text("6文字")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#lookup-answers a")).to_be_focused()


def test_a_page_prints_on_a4_without_its_frame(page: Page, ui_site: Desk) -> None:
    page.goto("/ui/gallery/")
    page.emulate_media(media="print")
    for hidden in (".head", ".nav", ".foot", ".crumbs", ".filters"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".print-line").is_visible()
    assert "中野 はるか" in page.locator(".print-line").inner_text()
