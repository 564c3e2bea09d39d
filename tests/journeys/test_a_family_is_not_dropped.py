"""The story this product exists for: a consultation is taken, held, handed over and accepted; nobody falls between.

Told three times: on a desktop, on a phone 360 px wide, and without JavaScript; axe looks at every page it visits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_concern, a_worker, an_office
from tests.journeys.conftest import DESKTOP, PHONE
from tsunagi.accounts.models import Office, Worker
from tsunagi.people.actions import register_person
from tsunagi.safety_net import net
from tsunagi.shared.days import day_of

WORDS = "母が入院することになった。同居の息子は20年以上、部屋から出ていない。家賃も2か月払えていない。"


@dataclass(frozen=True)
class Town:
    """Two offices and who signs in there."""

    desk: Office
    section: Office
    clerk: Worker
    officer: Worker


@pytest.fixture
def town(fresh_database: None) -> Town:
    """福祉なんでも相談室 knows 森田ハル already; 障がい福祉課 knows nobody."""
    now = timezone.localtime()
    with transaction.atomic():
        desk = an_office("福祉なんでも相談室", is_front_desk=True)
        section = an_office("障がい福祉課", field="disability")
        clerk, officer = a_worker(desk, name="相田 ゆき"), a_worker(section, name="小川 誠")
        for worker in (clerk, officer):
            worker.set_password(PASSWORD)
            worker.save()
        mother = register_person(
            by=clerk,
            at=now,
            office=desk.pk,
            name="森田 ハル",
            kana="モリタ ハル",
            birth="S16.3.3",
            phones=["075-951-0001"],
        )
        a_concern(held_by=clerk, of=mother, at=now, description="通院の付き添いがない")
    connection.close()
    return Town(desk, section, clerk, officer)


Look = Callable[[Page], None]


@pytest.mark.parametrize("dress", ["desktop", "phone", "plain"])
def test_a_family_is_not_dropped(
    dress: str,
    town: Town,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    axe_clean: Look,
    owner: psycopg.Connection,
) -> None:
    how = {
        "desktop": {"viewport": DESKTOP},
        "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
        "plain": {"viewport": DESKTOP, "java_script_enabled": False},
    }[dress]
    # axe is JavaScript itself: a page without it is looked at by the other two dresses.
    look: Look = (lambda page: None) if dress == "plain" else axe_clean

    clerk = open_page(**how)
    sign_in(clerk, town.clerk.sign_in_name, PASSWORD)
    look(clerk)

    # 受付: thirty seconds, nothing required; the person is found while typing.
    clerk.goto("/uketsuke/new/")
    clerk.locator("[name=words]").fill(WORDS)
    clerk.locator("[name=caller_kind][value=family]").check(force=True)
    clerk.locator("[name=about_kana]").fill("もりた はる")
    clerk.locator("[name=about_phone]").fill("0759510001")
    if dress == "plain":
        clerk.locator("[name=search]").click()
    found = clerk.locator("#about-found input[name=about]").first
    found.wait_for(state="attached")
    found.check(force=True)
    look(clerk)
    clerk.get_by_role("button", name="受け付ける").click()
    clerk.wait_for_url(re.compile(r"/uketsuke/\d+/$"))
    look(clerk)
    clerk.goto("/uketsuke/")
    assert "母が入院" in clerk.locator("main").inner_text()
    look(clerk)
    clerk.go_back()

    # Two concerns, one of which another office will carry.
    clerk.get_by_role("link", name="課題にする").first.click()
    clerk.locator("[name=row0-description]").fill("家賃を2か月払えていない")
    clerk.locator("[name=more]").click()
    clerk.locator("[name=row1-description]").fill("20年以上ひきこもり。受診も手帳もない")
    look(clerk)
    clerk.get_by_role("button", name="課題にする", exact=True).click()
    clerk.wait_for_url(re.compile(r"/uketsuke/\d+/$"))
    assert "課題を2件つくりました" in clerk.locator("main").inner_text()

    # Each is held by the clerk from this moment.
    clerk.goto("/mine/")
    held = clerk.locator("main").inner_text()
    assert "家賃を2か月" in held
    assert "20年以上ひきこもり" in held
    look(clerk)
    clerk.get_by_role("link", name="20年以上ひきこもり").click()
    look(clerk)
    concern_url = clerk.url
    clerk.get_by_role("link", name="つなぐ", exact=True).first.click()
    clerk.locator("[name=to_office]").select_option(str(town.section.pk))
    for box in clerk.locator("[name=concerns]").all():
        chosen = "20年以上" in (box.locator("xpath=ancestor::label").inner_text())
        box.set_checked(chosen, force=True)
    clerk.locator("[name=reason]").fill("手帳と障がい福祉サービスの相談をお願いします。")
    clerk.locator("[name=person_told]").select_option("agreed")
    look(clerk)
    clerk.get_by_role("button", name="送る").click()
    clerk.wait_for_url(re.compile(r"/tsunagi/\d+/$"))
    assert "返事待ち" in clerk.locator("main").inner_text()
    look(clerk)
    referral_url = clerk.url

    # Sending moves nothing: the sender still holds (H4).
    clerk.goto(concern_url)
    assert "つなぎ中" in clerk.locator("main").inner_text()
    assert "相田 ゆき" in clerk.locator("main").inner_text()

    # The other office: it waits for an answer on their 今日; they take it.
    officer = open_page(**how)
    sign_in(officer, town.officer.sign_in_name, PASSWORD)
    officer.goto("/tsunagi/")
    assert "森田 ハル" in officer.locator("main").inner_text()
    look(officer)
    officer.goto(referral_url)
    officer.get_by_role("link", name="受ける", exact=True).click()
    look(officer)
    officer.get_by_role("button", name="つなぎを受ける").click()
    officer.wait_for_url(re.compile(r"/tsunagi/\d+/$"))
    look(officer)

    # Both boards have changed.
    officer.goto("/mine/")
    assert "20年以上ひきこもり" in officer.locator("main").inner_text()
    look(officer)
    clerk.goto("/mine/")
    held = clerk.locator("main").inner_text()
    assert "20年以上ひきこもり" not in held
    assert "家賃を2か月" in held
    clerk.goto(concern_url)
    assert "小川 誠" in clerk.locator("main").inner_text()
    clerk.goto("/")
    look(clerk)
    clerk.goto("/net/")
    look(clerk)
    clerk.goto("/cases/")
    look(clerk)
    clerk.goto("/people/")
    assert "森田 ハル" in clerk.locator("main").inner_text()
    look(clerk)
    clerk.get_by_role("link", name="森田 ハル").first.click()
    assert "家賃を2か月" in clerk.locator("main").inner_text()
    look(clerk)

    # One visit, recorded once for all that is held.
    clerk.get_by_role("link", name="連絡を記録する").click()
    clerk.locator("[name=kind][value=met]").check(force=True)
    clerk.locator("[name=words]").fill("病室で会えた。息子のことを心配している。")
    look(clerk)
    clerk.get_by_role("button", name="記録する").click()
    clerk.wait_for_url(re.compile(r"/concerns/\d+/$"))
    assert "連絡を記録しました" in clerk.locator("main").inner_text()

    # The law holds over the whole database, and no double row was made.
    counted = owner.execute("SELECT count(*) FROM holding_contact WHERE kind = 'met'").fetchone()
    served = owner.execute(
        "SELECT count(*) FROM holding_contacton o JOIN holding_contact c ON c.id = o.contact_id WHERE c.kind = 'met'"
    ).fetchone()
    assert counted == (1,)
    assert served is not None
    assert served[0] >= 2
    with transaction.atomic():
        report = net.check(connection, today=day_of(timezone.localtime()))
    assert not report.broken, report.as_dict()
