"""An 80-year-old mother, a son who has not left his room for twenty years: the whole way, in a browser.

First call, whole-household assessment by keyboard alone, a drawn family, a plan whose rows are promises, monitoring,
hand-back with a 主担当, closing, the look after the end. The net is asked after every station.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, a_concern, a_household, a_worker, an_office
from tests.journeys.conftest import tab_to
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.people.actions import register_person
from tsunagi.safety_net import net
from tsunagi.shared.days import day_of

SON = "20年以上、部屋から出ていない"


@pytest.fixture
def coordinator(fresh_database: None) -> Worker:
    """くらし連携担当 with a manager; the mother and her son are known, the mother has one concern."""
    now = timezone.localtime()
    with transaction.atomic():
        office = an_office("くらし連携担当", is_front_desk=True)
        worker = a_worker(office, name="相田 ゆき")
        manager = a_worker(office, role=Role.MANAGER, name="木村 和子")
        for one in (worker, manager):
            one.set_password(PASSWORD)
            one.save()
        mother = register_person(
            by=worker, at=now, office=office.pk, name="森田 ハル", kana="モリタ ハル", birth="S16.3.3", sex="female",
            phones=["075-951-0001"],
        )  # fmt: skip
        son = register_person(
            by=worker,
            at=now,
            office=office.pk,
            name="森田 健一",
            kana="モリタ ケンイチ",
            birth="S49.5.1",
            sex="male",
        )
        a_household(mother, son, label="森田さんの世帯")
        a_concern(held_by=worker, of=mother, at=now, description="通院の付き添いがない")
    connection.close()
    return worker


def nobody_is_dropped() -> None:
    """The laws hold over the whole database."""
    with transaction.atomic():
        report = net.check(connection, today=day_of(timezone.localtime()))
    assert not report.broken, report.as_dict()


def press(page: Page, name: str) -> None:
    """Press a button of the page itself and wait for what it leads to."""
    before = page.url
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()
    assert page.locator("main .error-summary, main [aria-invalid=true]").count() == 0, (
        f"{before}: {page.locator('main').inner_text()[:1500]}"
    )


def send(page: Page) -> None:
    """Press the key of the page's form, and see that nothing was refused."""
    page.locator("main form button.button--primary").last.click()
    page.wait_for_load_state()
    refused = page.locator("main [aria-invalid=true], main .errors, main .error-summary")
    assert refused.count() == 0, f"{page.url}: {page.locator('main').inner_text()[:1500]}"


def test_an_8050_household_from_first_call_to_look_back(
    coordinator: Worker,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    axe_clean: Callable[[Page], None],
    owner: psycopg.Connection,
) -> None:
    today = day_of(timezone.localtime())
    page = open_page()
    sign_in(page, coordinator.sign_in_name, PASSWORD)

    # First call: the neighbour tells; two concerns, held from this moment.
    page.goto("/uketsuke/new/")
    page.locator("[name=words]").fill(f"となりの息子さんが{SON}。お母さんも80をすぎて、通院がたいへんそう。")
    page.locator("[name=about_kana]").fill("もりた はる")
    found = page.locator("#about-found input[name=about]").first
    found.wait_for(state="attached")
    found.check(force=True)
    press(page, "受け付ける")
    page.get_by_role("link", name="課題にする").first.click()
    page.locator("[name=row0-description]").fill(f"息子が{SON}")
    press(page, "課題にする")
    nobody_is_dropped()

    # The file of the household.
    page.goto("/people/")
    page.get_by_role("link", name="森田 ハル").first.click()
    page.get_by_role("link", name="支援を始める").first.click()
    page.locator("[name=title]").fill("8050の世帯")
    press(page, "支援を始める")
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    case = int(page.url.rstrip("/").rsplit("/", 1)[-1])
    axe_clean(page)

    # Assessment, with the keyboard alone.
    page.goto(f"/assessment/{case}/begin/")
    tab_to(page, "アセスメントを始める")
    page.keyboard.press("Enter")
    page.get_by_text("どの項目からでも書けます").wait_for()
    tab_to(page, "お金 世帯")
    page.keyboard.press("Enter")
    page.wait_for_url("**/section/money/0/")
    tab_to(page, "家賃・ローン")
    page.keyboard.press("Space")
    tab_to(page, "事実")
    page.keyboard.type("家賃の督促状が3通あった。")
    tab_to(page, "この項目は、ひととおり聞けた")
    page.keyboard.press("Space")
    tab_to(page, "保存して一覧へ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/assessment/{case}/")
    tab_to(page, "仕事・学校 森田 健一")
    page.keyboard.press("Enter")
    page.wait_for_url("**/section/work_school/*/")
    tab_to(page, "事実")
    page.keyboard.type("高校を出てから働いていない。夜に起きている。")
    tab_to(page, "保存して一覧へ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/assessment/{case}/")
    expect(page.locator("#sections")).to_contain_text("聞けた")
    axe_clean(page)
    nobody_is_dropped()

    # Screening: supported on, with a plan.
    page.goto(f"/assessment/{case}/screening/")
    page.locator("[name=outcome][value=plan]").check(force=True)
    page.locator("[name=reason_words]").fill("ひとつの機関では終わらない。")
    press(page, "記録する")

    # The family is drawn from what is written.
    mother_page = page.locator("nav.tabs").get_by_role("link", name="図")
    page.goto(f"/cases/{case}/")
    mother_page.click()
    page.wait_for_url(re.compile(r"/genogram/\d+/"))
    picture = page.locator("main svg").first
    expect(picture).to_be_visible()
    assert "森田 健一" in page.locator("main").inner_text()
    axe_clean(page)

    # The plan: a goal and two rows, each with an owner and a day.
    page.goto(f"/plans/case/{case}/")
    page.get_by_role("link", name="プランをつくる").first.click()
    send(page)
    page.get_by_role("link", name="プランを書く").click()
    page.locator("[name=wish_person]").fill("母の家で、静かに暮らしたい。")
    page.locator("[name=goals-0-text]").fill("月に一度、部屋の外で話す")
    page.get_by_role("button", name="保存して役割へ").click()
    page.wait_for_url(re.compile(r"/plans/\d+/roles/$"))
    plan = int(page.url.rstrip("/").split("/")[-2])
    worker = f"{owner.execute('SELECT office_id FROM accounts_posting WHERE worker_id = %s', [coordinator.pk]).fetchone()[0]}-{coordinator.pk}"
    for place, (what, days) in enumerate((("部屋の前で声をかける", 14), ("通院に付き添う", 30))):
        page.locator(f"[name=roles-{place}-what]").fill(what)
        page.locator(f"[name=roles-{place}-worker]").select_option(worker)
        page.locator(f"[name=roles-{place}-often]").fill("月1回")
        page.locator(f"[name=roles-{place}-due_on]").fill((today + timedelta(days=days)).isoformat())
        page.locator(f"[name=roles-{place}-how_known]").fill("訪問の記録")
    page.get_by_role("button", name="保存する").click()
    page.wait_for_url(f"**/plans/{plan}/")
    axe_clean(page)

    # In words she can read; agreed; conferred; decided; begun.
    page.goto(f"/plans/{plan}/plain/")
    page.locator("[name=confirmed]").check(force=True)
    press(page, "保存する")
    page.goto(f"/plans/{plan}/agree/")
    page.locator("[name=explained_on]").fill(today.isoformat())
    page.locator("[name=agreed_by][value=person]").check(force=True)
    page.locator("[name=way][value=oral]").check(force=True)
    press(page, "同意を記録する")
    page.goto(f"/plans/{plan}/confer/")
    send(page)
    page.wait_for_url(f"**/plans/{plan}/")
    page.goto(f"/plans/{plan}/confer/")
    page.locator("[name=held_on]").fill(today.isoformat())
    page.locator("[name=kind][value=multi]").check(force=True)
    page.locator("[name=result][value=fit]").check(force=True)
    send(page)
    page.wait_for_url(f"**/plans/{plan}/")
    page.goto(f"/plans/{plan}/decide/")
    page.locator("[name=decided_on]").fill(today.isoformat())
    page.locator("[name=decided_by]").fill("福祉課長")
    page.locator("[name=begin_now]").check(force=True)
    send(page)
    page.wait_for_url(f"**/plans/{plan}/")
    assert "実施中" in page.locator("main").inner_text()
    nobody_is_dropped()
    page.goto(f"/plans/{plan}/read/")
    axe_clean(page)

    # Every row of the plan is a promise, and stands where the worker looks in the morning.
    page.goto("/mine/")
    held = page.locator("main").inner_text()
    assert "部屋の前で声をかける" in held
    assert "通院に付き添う" in held

    # Monitoring: the person's own words, what changed, on to the end.
    page.goto(f"/plans/{plan}/monitor/")
    page.locator("[name=on]").fill(today.isoformat())
    page.locator("[name=persons_view][value=better]").check(force=True)
    page.locator("[name=persons_words]").fill("夜、台所でお茶を飲めるようになった。")
    page.locator("[name=changes]").first.check(force=True)
    page.locator("[name^=goal_][value=reached]").first.check(force=True)
    page.locator("[name=is_evaluation]").check(force=True)
    page.locator("[name=decision][value=close]").check(force=True)
    page.locator("[name=next_on]").fill((today + timedelta(days=20)).isoformat())
    axe_clean(page)
    send(page)
    page.wait_for_url(re.compile(rf"/plans/({plan}|case/{case})/"))
    page.goto(f"/plans/case/{case}/end/")
    told = page.locator("main").inner_text()
    assert SON in told
    nobody_is_dropped()

    # What is still open is ended by itself: the rows of the plan, then the concerns, with a day to look back.
    for what in ("部屋の前で声をかける", "通院に付き添う"):
        page.goto(f"/plans/{plan}/")
        page.get_by_role("link", name=what).first.click()
        page.locator("[name=deed][value=done]").check(force=True)
        page.locator("[name=words]").fill("いまは自分でできている")
        send(page)
        page.wait_for_load_state()
    page.goto(f"/plans/case/{case}/end/")
    concerns = [link.get_attribute("href") for link in page.locator("main a[href^='/concerns/']").all()]
    mothers, sons = dict.fromkeys(concerns)
    page.goto(f"{mothers}close/")
    page.locator("[name=outcome][value=resolved]").check(force=True)
    page.locator("[name=word_of][value=person]").check(force=True)
    page.locator("[name=person_says][value=yes]").check(force=True)
    page.locator("[name=told_return]").fill("いつでも相談室へ。カードを渡した")
    send(page)
    # There is no place for him to go yet: the gap is written down, a second person agrees, and somebody looks back.
    page.goto(f"{sons}close/")
    page.locator("[name=outcome][value=no_service]").check(force=True)
    page.locator("[name=word_of][value=person]").check(force=True)
    page.locator("[name=told_return]").fill("いつでも相談室へ")
    page.locator("[name=reason]").fill("話せるようになった。通う場は、まだない。")
    page.locator("summary", has_text="終え方ごとに要ること").click()
    page.locator("[name=gap]").select_option(index=1)
    page.locator("[name=gap_needed]").fill("40代からでも行ける、静かな居場所")
    page.locator("[name=second]").select_option(label="木村 和子")
    send(page)
    manager = open_page()
    sign_in(
        manager,
        owner.execute("SELECT sign_in_name FROM accounts_worker WHERE name = '木村 和子'").fetchone()[0],
        PASSWORD,
    )
    manager.locator("main a[href*='/concerns/second/']").first.click()
    manager.locator("[name=agreed][value=yes], [name=agreed][value=True]").first.check(force=True)
    manager.locator("[name=words]").fill("はざまとして残しましょう")
    send(manager)
    nobody_is_dropped()
    nobody_is_dropped()
    page.goto(f"/plans/case/{case}/end/")
    page.locator("[name=main_office]").fill("東地域包括支援センター 大山")
    page.locator("[name=words]").fill("部屋の外で話せるようになった。困ったら相談室へと伝えた。")
    page.locator("[name=first_on]").fill((today + timedelta(days=90)).isoformat())
    page.locator("[name=first_what]").fill("電話でようすを聞く")
    send(page)
    page.wait_for_load_state()
    assert "フォローアップ" in page.locator("main").inner_text()
    nobody_is_dropped()

    # After the end: somebody looks, and looks back.
    page.goto("/mine/")
    assert "電話でようすを聞く" in page.locator("main").inner_text()
    page.goto(f"/plans/case/{case}/")
    page.get_by_role("link", name="ようすを書く").first.click()
    page.locator("[name=done_on]").fill(today.isoformat())
    page.locator("[name=result][value=fine]").check(force=True)
    page.locator("[name=words]").fill("親子で朝ごはんを食べている。")
    send(page)
    page.goto(f"/cases/{case}/")
    assert "完了" in page.locator("main").inner_text()
    axe_clean(page)
    page.goto(f"{sons}look-back/")
    page.locator("[name=words]").fill("変わりなく暮らしている")
    send(page)
    nobody_is_dropped()
    left = owner.execute("SELECT count(*) FROM holding_hold WHERE closed_at IS NULL").fetchone()
    assert left == (0,)
    assert owner.execute("SELECT count(*) FROM holding_gap").fetchone() == (1,)
    promised = owner.execute("SELECT count(*) FROM holding_promise WHERE is_open").fetchone()
    assert promised == (0,)
    # And when no reason is left, nobody looks any more.
    assert page.request.get(f"/cases/{case}/").status == 404
