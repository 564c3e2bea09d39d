"""The desk in a real browser: typing is saved, the lookup answers, the keyboard is enough, axe finds nothing."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.factories import NOW, PASSWORD, TODAY, a_worker, an_office, office_of
from tests.journeys.conftest import (  # noqa: F401  (fixtures)
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
from tsunagi.config.clock import now
from tsunagi.intake.actions import ConcernWish, InformantWish, make_concerns, take_consultation
from tsunagi.intake.models import Consultation
from tsunagi.people.actions import register_person


@pytest.fixture
def clerk(site):
    with transaction.atomic():  # an office and its duty worker are one deed (H2)
        worker = a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="受付 はるか")
        worker.set_password(PASSWORD)
        worker.save()
    return worker


@pytest.fixture
def person(clerk):
    with transaction.atomic():
        return register_person(
            by=clerk, at=NOW, name="渡邊　花子", kana="ワタナベ ハナコ", birth="S23.1.15", phones=["075-955-1234"],
            addresses=["長岡京市開田2丁目25番14号"], office=office_of(clerk).pk,
        )  # fmt: skip


def capture(page: Page, words: str) -> None:
    page.goto("/uketsuke/new/")
    # The cursor stands in the text as soon as the page has loaded: a first letter typed at once is not lost.
    assert page.evaluate("document.activeElement.name") == "words"
    page.keyboard.type(words)


def test_a_call_is_taken_with_the_keyboard_alone_and_kept_while_typing(
    page, clerk, person, sign_in, axe_clean
):
    sign_in(page, clerk.sign_in_name, PASSWORD)
    capture(page, "家賃を3か月払えていない。食べるものもない。")
    expect(page.locator("[data-draft-badge]").first).to_have_attribute("data-state", "saved")
    expect(page.get_by_label("本人との関係")).to_be_hidden()
    page.get_by_label("近隣・知人").check()
    expect(page.get_by_label("本人との関係")).to_be_visible()
    page.get_by_label("よみ", exact=True).fill("わたなべ")
    # The answer of a lookup is not a form that was sent: what was typed for it is still to be kept.
    expect(page.get_by_label("渡邊　花子")).to_be_visible()
    expect(page.locator("[data-draft-badge]").first).to_have_attribute("data-state", "saved")
    page.get_by_label("渡邊　花子").check()
    expect(page.locator("[data-draft-badge]").first).to_have_attribute("data-state", "saved")
    axe_clean(page)
    # The page is left and come back to: what was typed is there, and the person is still chosen.
    page.goto("/uketsuke/")
    axe_clean(page)
    page.get_by_role("link", name="相談の受付").click()
    expect(page.get_by_label("相談の内容")).to_have_value("家賃を3か月払えていない。食べるものもない。")
    expect(page.get_by_label("渡邊　花子")).to_be_checked()
    page.get_by_role("button", name="受け付ける").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("相談")
    axe_clean(page)
    taken = Consultation.objects.get()
    assert (taken.party_id, taken.caller_kind) == (person.pk, "neighbour")
    assert taken.written_at.date() == now().date() != TODAY
    page.goto("/uketsuke/")
    expect(page.get_by_text("書きかけの受付があります")).to_have_count(0)


def test_without_javascript_everything_can_still_be_said(plain, clerk, person, sign_in):
    sign_in(plain, clerk.sign_in_name, PASSWORD)
    plain.goto("/uketsuke/new/")
    plain.get_by_label("相談の内容").fill("家賃が払えない")
    plain.get_by_label("よみ", exact=True).fill("わたなべ")
    plain.locator("#about").get_by_role("button", name="さがす").click()
    expect(plain.get_by_label("相談の内容")).to_have_value("家賃が払えない")
    plain.get_by_label("渡邊　花子").check()
    plain.get_by_role("button", name="受け付ける").click()
    plain.get_by_role("link", name="課題にする").click()
    plain.get_by_role("button", name="もうひとつの課題を書く").click()
    plain.get_by_role("textbox", name="困りごと").first.fill("家賃の滞納")
    plain.get_by_role("textbox", name="困りごと").last.fill("食べるものがない")
    plain.get_by_role("button", name="課題にする", exact=True).click()
    expect(plain.get_by_text("課題を2件つくりました")).to_be_visible()


def an_open_and_an_ended(clerk, person):
    told = InformantWish(name="隣人 その", wants_word_back=True)
    consultation = take_consultation(
        by=clerk, at=now(), office_id=office_of(clerk).pk, words="夜中に子どもの泣き声がする。\n三日つづいている。",
        party_id=person.pk, caller_kind="neighbour", urgency="high", worries={"14": "double", "10": "circle"}, informant=told,
    )  # fmt: skip
    ended = take_consultation(
        by=clerk,
        at=now(),
        office_id=office_of(clerk).pk,
        words="家賃が払えない",
        party_id=person.pk,
        caller_kind="self",
    )
    make_concerns(
        ended,
        [ConcernWish(description="家賃の滞納"), ConcernWish(description="食べるもの")],
        by=clerk,
        at=now(),
    )
    return consultation, ended


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_a_consultation_is_clean(page, clerk, person, sign_in, axe_clean, width):
    with transaction.atomic():
        consultation, ended = an_open_and_an_ended(clerk, person)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, clerk.sign_in_name, PASSWORD)
    here = f"/uketsuke/{consultation.pk}/"
    for path in (
        "/uketsuke/", "/uketsuke/?scope=ended", "/uketsuke/batch/", "/uketsuke/new/", here, f"/uketsuke/{ended.pk}/",
        *(f"{here}{name}/" for name in ("edit", "who", "give", "night", "concerns", "end", "informant", "word-back")),
    ):  # fmt: skip
        page.goto(path)
        axe_clean(page)
        assert too_wide(page) <= 0, path
