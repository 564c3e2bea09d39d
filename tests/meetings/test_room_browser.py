"""The room in real browsers: the wall follows the secretary, a tablet types while it is off the line, axe, 1280 and 360 px."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from playwright.sync_api import Browser, Page

from tests.factories import PASSWORD, a_household, a_person, a_worker, an_office
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
from tests.meetings import room_factories as room
from tsunagi.config.clock import now
from tsunagi.meetings.models import Line, Sitting
from tsunagi.people.actions import involve


@pytest.fixture
def sitting(site: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(room, "NOW", now())
    with transaction.atomic():
        lead = room.a_convener()
        lead.set_password(PASSWORD)
        lead.sign_in_name = "renkei"
        lead.save()
        body = room.a_body(lead, "長岡市支援会議")
        secretary = body.members.get()
        teacher = room.a_member(body, a_worker(an_office("教育支援課"), name="山本 学"))
        police = room.a_member(body, a_worker(an_office("警察署"), name="岡 守"))
        made = room.a_sitting(body, lead)
        room.is_there(made, secretary, teacher, police, at=now())
        haru = a_person("森田 ハル")
        a_household(haru, a_person("森田 健"), a_person("森田 良子"))
        involve(
            haru.pk,
            secretary.office_id,
            ground="01",
            facets=room.FACETS,
            reason_kind="case",
            reason_id=1,
            at=now(),
        )
        room.an_item(
            made, lead, secretary, teacher, of=haru, asked="学校に行けていない弟を、だれが、いつ訪ねるか。"
        )
        connection.check_constraints()
    return made


def _in_its_own(browser: Browser, site: Any, wide: int, high: int) -> Iterator[Page]:
    """A page in a context of its own: losing the line is an error of its console, and here it is meant."""
    context = browser.new_context(base_url=site.url, viewport={"width": wide, "height": high}, locale="ja-JP")
    yield context.new_page()
    context.close()


@pytest.fixture
def wall(browser: Browser, site: Any) -> Iterator[Page]:
    """The projector, signed in as the secretary."""
    yield from _in_its_own(browser, site, 1920, 1080)


@pytest.fixture
def tablet(browser: Browser, site: Any) -> Iterator[Page]:
    """The tablet that loses the line."""
    yield from _in_its_own(browser, site, 1280, 900)


def _kept(page: Page, name: str) -> None:
    """A picture to look at, where somebody asked for pictures."""
    place = os.environ.get("TSUNAGI_PICTURES")
    if place:
        page.screenshot(path=str(Path(place) / f"room-{name}.png"), full_page=True)


def test_the_wall_follows_and_what_is_typed_off_the_line_arrives(
    tablet: Page, phone: Page, wall: Page, sign_in: Callable[..., None], axe_clean: Callable[..., None], sitting: Sitting
) -> None:  # fmt: skip
    page = tablet
    for one in (page, phone, wall):
        sign_in(one, "renkei", PASSWORD)
    link = f"/kaigi/sitting/{sitting.pk}/room/"
    page.goto(link)
    wall.goto(f"{link}screen/")
    wall.get_by_text("まもなく次の件に入ります。").wait_for()
    axe_clean(page)
    page.get_by_role("button", name=re.compile("映す.*第1件")).click()
    page.get_by_role("button", name="退室を確かめました").wait_for()
    _kept(page, "clearing")
    wall.get_by_text("次の方は退室をお願いします").wait_for()
    assert "森田" not in wall.content()
    axe_clean(wall)
    _kept(wall, "wall-clearing")
    page.get_by_role("button", name="退室を確かめました").click()
    wall.get_by_text("森田 ハル").first.wait_for()
    axe_clean(page)
    assert too_wide(page) <= 0
    phone.goto(link)
    axe_clean(phone)
    assert too_wide(phone) <= 0
    # The tablet loses the line in the middle: what is typed stays, and arrives once the line is back.
    page.context.set_offline(True)
    new = page.locator("form[data-room-new]")
    new.get_by_label("新しい行：決まったこと").fill("学校と家庭訪問の日を決める")
    new.get_by_role("button", name="書き足す").click()
    page.get_by_text("まだ届いていない行が1件あります").wait_for()
    _kept(page, "offline")
    assert Line.objects.count() == 0
    phone.locator("form[data-room-new]").get_by_label("新しい行：決まったこと").fill("民生委員に見守りを頼む")
    phone.locator("form[data-room-new]").get_by_role("button", name="書き足す").click()
    wall.get_by_text("民生委員に見守りを頼む").wait_for()
    page.context.set_offline(False)
    wall.get_by_text("学校と家庭訪問の日を決める").wait_for()
    page.get_by_text("まだ届いていない行が").wait_for(state="detached")
    assert sorted(Line.objects.values_list("what", flat=True)) == [
        "学校と家庭訪問の日を決める",
        "民生委員に見守りを頼む",
    ]
    assert page.evaluate(f"sessionStorage.getItem('tsunagi.room.{sitting.pk}')") is None
    assert page.evaluate("localStorage.length") == 0
    _kept(wall, "wall")
    axe_clean(wall)
    page.reload()
    _kept(page, "page")
    _kept(phone, "phone")
    # Two people change the same row: both texts stand side by side, neither is lost.
    phone.reload()
    phone.get_by_label("1行目：決まったこと").fill("民生委員の会長に見守りを頼む")
    phone.get_by_role("button", name=re.compile("直す.*1行目")).click()
    wall.get_by_text("民生委員の会長に見守りを頼む").wait_for()
    page.get_by_label("1行目：決まったこと").fill("民生委員に週1回の見守りを頼む")
    page.get_by_role("button", name=re.compile("直す.*1行目")).click()
    page.get_by_text("いま保存されている文：民生委員の会長に見守りを頼む").wait_for()
    _kept(page, "two-texts")
    page.get_by_role("button", name="違いを見て直す").click()
    page.get_by_role("heading", name="ほかの人も、この行を書きました").wait_for()
    axe_clean(page)
    page.get_by_role("button", name="この文で保存する").click()
    wall.get_by_text("民生委員に週1回の見守りを頼む").wait_for()
    # The wall without the line shows nothing.
    wall.context.set_offline(True)
    wall.get_by_text("通信が切れたため、画面を空けました").wait_for()
    for where in ("copies/", "minutes/"):
        for one in (page, phone):
            one.goto(f"/kaigi/sitting/{sitting.pk}/{where}")
            axe_clean(one)
            assert too_wide(one) <= 0
