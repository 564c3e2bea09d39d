"""He phones, he writes, he comes in person. Nothing is learnt on any page; her holder is told each time.

Every page the desk sees for her is laid beside the page for somebody who does not exist: the same words, the same
size, apart from the words the desk typed itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD, a_concern, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.people.actions import protect, register_person
from tsunagi.safety_net import net
from tsunagi.shared.days import day_of

HER = {"name": "北山 美月", "kana": "キタヤマ ミツキ", "birth": "S62.4.9", "phone": "090-5555-6666"}
NOBODY = {"name": "西海 香澄", "kana": "ニシウミ カスミ", "birth": "S61.5.8", "phone": "090-7777-8888"}
HIDDEN = ("女性相談", "守屋", "開田", "保護している方です", "非開示", "関わりのある機関")


@dataclass(frozen=True)
class Town:
    """The desk he comes to, and the holder who guards her."""

    clerk: Worker
    holder: Worker
    her_id: int


@pytest.fixture
def town(fresh_database: None) -> Town:
    """She is protected, at an office whose name tells."""
    now = timezone.localtime()
    with transaction.atomic():
        desk = an_office("福祉なんでも相談室", is_front_desk=True)
        shelter = an_office("女性相談", field="safety")
        clerk, holder = a_worker(desk, name="相田 ゆき"), a_worker(shelter, name="守屋 あい")
        for worker in (clerk, holder):
            worker.set_password(PASSWORD)
            worker.save()
        her = register_person(
            by=holder,
            at=now,
            office=shelter.pk,
            name=HER["name"],
            kana=HER["kana"],
            birth=HER["birth"],
            phones=[HER["phone"]],
            addresses=["京都府長岡京市開田2-25-14"],
        )
        a_concern(held_by=holder, of=her, at=now, description="家を出て暮らす")
        protect(her, by=holder, at=now, reason="夫が探している", other_party_name="北山 剛")
    connection.close()
    return Town(clerk, holder, her.pk)


def seen(page: Page) -> tuple[str, int]:
    """What stands on the page, and how big it is, without numbers, tokens and what was typed."""
    text, markup = page.locator("main").inner_text(), page.content()
    for words in (*HER.values(), *NOBODY.values(), "北山", "西海"):
        text, markup = text.replace(words, "□"), markup.replace(words, "□")
    markup = re.sub(r'(content|value)="[0-9A-Za-z]{60,}"', "", markup)
    markup = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", markup)
    return re.sub(r"\d+", "N", text), len(re.sub(r"\d+", "N", markup))


def told(owner: psycopg.Connection, worker: Worker) -> int:
    """How many words this worker was told."""
    found = owner.execute(
        "SELECT count(*) FROM notices_notice WHERE worker_id = %s AND kind = 'word'", [worker.pk]
    ).fetchone()
    assert found is not None
    return int(found[0])


def test_a_violent_husband_learns_nothing(
    town: Town,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    axe_clean: Callable[[Page], None],
    owner: psycopg.Connection,
    run_jobs: Callable[[], list[str]],
) -> None:
    clerk = open_page()
    sign_in(clerk, town.clerk.sign_in_name, PASSWORD)
    before = told(owner, town.holder)

    # He phones: the one screen for whoever asks about another person, the same for her and for nobody.
    shown = []
    for who in (HER, NOBODY):
        clerk.goto("/uketsuke/")
        clerk.get_by_role("link", name="ほかの方について聞かれた").click()
        if who is HER:
            axe_clean(clerk)
            assert "どなたについても、ご相談の有無をお答えしていません" in clerk.locator("main").inner_text()
        clerk.locator("[name=relation][value=spouse]").check(force=True)
        clerk.locator("[name=about_name]").fill(who["name"])
        clerk.locator("[name=about_birth]").fill(who["birth"])
        clerk.locator("[name=words]").fill("妻がそちらに行っているはずだ。住所を教えろ")
        clerk.get_by_role("button", name="ご用件を受け付ける").click()
        clerk.wait_for_url(re.compile(r"/uketsuke/\d+/$"))
        shown.append(seen(clerk))
        axe_clean(clerk)
    assert shown[0] == shown[1]
    assert told(owner, town.holder) == before  # not before the commit, not in the request
    run_jobs()
    assert told(owner, town.holder) == before + 1

    # He writes: a letter is taken as a consultation; she is looked for while typing, and is not there.
    shown = []
    for who in (HER, NOBODY):
        clerk.goto("/uketsuke/new/")
        clerk.locator("[name=words]").fill("手紙：妻を返してほしい。子の親権は自分にある")
        clerk.locator("[name=caller_kind][value=family]").check(force=True)
        clerk.locator("[name=about_name]").fill(who["name"])
        clerk.locator("[name=about_kana]").fill(who["kana"])
        clerk.locator("[name=about_phone]").fill(who["phone"])
        clerk.locator("#about-found >> text=同じ方の記録は見つかりません").wait_for()
        # What is written beside a draft (未保存, 保存済み) follows the clock, not the person.
        expect(clerk.locator("[data-draft-badge]").first).to_have_attribute("data-state", "saved")
        typing = seen(clerk)[0]
        clerk.get_by_role("button", name="受け付ける").click()
        clerk.wait_for_url(re.compile(r"/uketsuke/\d+/$"))
        shown.append((typing, *seen(clerk)))
    assert shown[0] == shown[1]
    run_jobs()
    # The letter, and (once a day) the look.
    assert told(owner, town.holder) == before + 3

    # He stands at the desk and watches the screen: the search, and her very number.
    shown = []
    for who in (HER, NOBODY):
        clerk.goto("/people/search/")
        clerk.locator("main [name=q]").fill(f"{who['name']} {who['birth']}")
        clerk.locator("main [name=q]").press("Enter")
        clerk.locator("main >> text=見つかりません").first.wait_for()
        shown.append(seen(clerk)[0])
        axe_clean(clerk)
    assert shown[0] == shown[1]
    shown = []
    for number in (town.her_id, 99_999_999):
        answer = clerk.request.get(f"/person/{number}/")
        assert answer.status == 404
        clerk.goto(f"/person/{number}/")
        shown.append(seen(clerk)[0])
        axe_clean(clerk)
        clerk.get_by_role("button", name="声をかける").click()
        clerk.wait_for_url(re.compile(r"/$"))
        shown.append(clerk.locator("main").inner_text().split("今日", 1)[0])
    assert shown[:2] == shown[2:]
    run_jobs()
    assert told(owner, town.holder) == before + 4
    assert told(owner, town.clerk) == 0

    # Nowhere did the desk see anything of her.
    for address in ("/", "/uketsuke/", "/people/", "/notices/", "/net/", "/mine/", "/tsunagi/"):
        clerk.goto(address)
        text = clerk.locator("main").inner_text()
        for hidden in HIDDEN:
            assert hidden not in text, (address, hidden)

    # Her holder reads what happened, each time: when, which desk, who asked. Not what he said.
    holder = open_page()
    sign_in(holder, town.holder.sign_in_name, PASSWORD)
    holder.goto("/notices/")
    words = holder.locator("main").inner_text()
    assert words.count("福祉なんでも相談室") == 4
    assert "配偶者・パートナー" in words
    assert words.count("相手方かもしれません") == 4
    axe_clean(holder)
    holder.get_by_role("button", name="見る").first.click()
    holder.wait_for_url(re.compile(r"/sharing/told/\d+/$"))
    axe_clean(holder)
    text = holder.locator("main").inner_text()
    assert "相田 ゆき" in text
    assert "住所を教えろ" not in text

    with transaction.atomic():
        report = net.check(connection, today=day_of(timezone.localtime()))
    assert not report.broken, report.as_dict()
