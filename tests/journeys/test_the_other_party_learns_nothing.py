"""He writes, he is the child's 法定代理人, he works for the city, he asks by a lawyer. Nothing is learnt; her holder is told each time.

Her measure has run out weeks ago and nobody has looked at it since (期限切れ・要確認): the protection holds all the same. Whatever
is shown, said or answered for her and her child is laid beside the same for somebody who does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page

from tests.factories import PASSWORD, a_concern, a_worker, an_office
from tests.journeys.conftest import too_wide
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import open_case, write_note
from tsunagi.diary.actions import Wish, plan
from tsunagi.intake.actions import take_consultation
from tsunagi.meetings.actions import (
    BodyWish,
    ItemWish,
    SittingWish,
    add_member,
    make_body,
    new_sitting,
    propose,
)
from tsunagi.meetings.models import Sitting
from tsunagi.meetings.rules import BodyType
from tsunagi.people.actions import protect, register_person, relate, start_household
from tsunagi.records.rules.demands import NOT_SAID_SENTENCE
from tsunagi.referrals.actions import send_referral
from tsunagi.safety_net import net
from tsunagi.shared.days import day_of
from tsunagi.shared.edges import opened_trail

HER = {"name": "北山 美月", "kana": "キタヤマ ミツキ", "birth": "S62.4.9"}
CHILD = {"name": "北山 ひなた", "kana": "キタヤマ ヒナタ", "birth": "H30.5.5"}
# Somebody who does not exist, and a child who does not: the same kinds of letters, the same lengths.
NOBODY = {"name": "西海 香澄", "kana": "ニシウミ カスミ", "birth": "S61.5.8"}
NO_CHILD = {"name": "西海 あかり", "kana": "ニシウミ アカリ", "birth": "H29.6.6"}
HIM = "北山 剛"
TYPED = sorted(
    (words for one in (HER, CHILD, NOBODY, NO_CHILD) for words in one.values()), key=len, reverse=True
)
HIDDEN = ("美月", "ミツキ", "ひなた", "ヒナタ", "開田", "ひまわりの家", "保護している方です", "非開示")


@dataclass
class Town:
    """Who guards her, who answers demands, who sits at the desk, and the numbers somebody would have to guess."""

    holder: Worker
    officer: Worker
    second: Worker
    clerk: Worker
    shelter: Office
    her: int = 0
    child: int = 0
    numbers: dict[str, int] | None = None


def _worker(office: Office, role: str, name: str) -> Worker:
    worker = a_worker(office, role=role, name=name)
    worker.set_password(PASSWORD)
    worker.save()
    return worker


def a_town() -> Town:
    """The offices and who works there; she is not known yet."""
    legal = an_office("情報公開担当")
    an = an_office("女性相談", field="safety")
    return Town(
        _worker(an, Role.COUNSELLOR, "守屋 あい"), _worker(legal, Role.DISCLOSURE_OFFICER, "安藤 弘"),
        _worker(legal, Role.DISCLOSURE_OFFICER, "戸田 実"),
        _worker(an_office("福祉なんでも相談室", is_front_desk=True), Role.COUNSELLOR, "相田 ゆき"), an,
    )  # fmt: skip


def settle_her(town: Town, now: datetime, *, guarded: bool = True) -> None:
    """She and her child, and (guarded) the measure that ran out three weeks ago and that nobody has looked at since."""
    holder, office = town.holder, town.shelter.pk
    her = register_person(
        by=holder, at=now, office=office, name=HER["name"], kana=HER["kana"], birth=HER["birth"],
        addresses=["京都府長岡京市開田2-25-14"],
    )  # fmt: skip
    child = register_person(
        by=holder, at=now, office=office, name=CHILD["name"], kana=CHILD["kana"], birth=CHILD["birth"]
    )
    start_household(by=holder, at=now, members=[(her, "self"), (child, "child")])
    relate(her, child, kind="parent", by=holder, at=now)
    town.her, town.child = her.pk, child.pk
    if guarded:
        run_out(town, now)


def run_out(town: Town, now: datetime) -> None:
    """The protection, past its expiry."""
    today = day_of(now)
    protect(
        town.her, by=town.holder, at=now, category="dv", reason="夫が探している", other_party_name=HIM,
        from_on=today - timedelta(days=380), measure_until_on=today - timedelta(days=21), covering=[town.child],
    )  # fmt: skip


@pytest.fixture
def town(fresh_database: None) -> Town:
    """A city in which she is guarded."""
    now = timezone.localtime()
    with transaction.atomic():
        made = a_town()
        settle_her(made, now)
        a_concern(held_by=made.holder, of=_person(made.her), at=now, description="ひまわりの家で暮らす")
        a_concern(held_by=made.holder, of=_person(made.child), at=now, description="学校をかわる")
    connection.close()
    return made


def _person(number: int) -> Any:
    from tsunagi.people.models import Person

    return Person.objects.get(pk=number)


def seen(page: Page) -> tuple[str, int]:
    """What stands on the page, and how big it is, without numbers, tokens and what was typed."""
    page.wait_for_load_state("load")
    text, markup = page.locator("main").inner_text(), page.content()
    for words in TYPED:
        text, markup = text.replace(words, "□"), markup.replace(words, "□")
    markup = re.sub(r'(content|value)="[0-9A-Za-z]{60,}"', "", markup)
    markup = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", markup)
    return re.sub(r"\d+", "N", text), len(re.sub(r"\d+", "N", markup))


def told(owner: psycopg.Connection, worker: Worker) -> int:
    """How many silent words this worker was told."""
    found = owner.execute(
        "SELECT count(*) FROM notices_notice WHERE worker_id = %s AND kind = 'word'", [worker.pk]
    ).fetchone()
    assert found is not None
    return int(found[0])


def nobody_is_dropped(town: Town, owner: psycopg.Connection) -> None:
    """The laws hold over the whole database, and the protection that ran out still stands, decided by nobody."""
    with transaction.atomic():
        report = net.check(connection, today=day_of(timezone.localtime()))
    assert not report.broken, report.as_dict()
    rows = owner.execute(
        "SELECT ended_at, measure_until_on < current_date FROM people_protection WHERE person_id = ANY(%s)",
        [[town.her, town.child]],
    ).fetchall()
    assert rows == [(None, True)] * 2


def the_holder_reads(holder: Page, page_check: Callable[[Page], None], times: int) -> None:
    """Her holder reads that it was asked, each time: by which desk, and that it may be the other party."""
    holder.goto("/notices/")
    words = holder.locator("main").inner_text()
    assert words.count("相手方かもしれません") == times, words
    page_check(holder)
    holder.get_by_role("button", name="見る").first.click()
    holder.wait_for_url(re.compile(r"/sharing/told/\d+/$"))
    page_check(holder)


def press(page: Page, name: str) -> None:
    """Press a button of the page itself and wait for what it leads to."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()


@pytest.fixture
def fits(axe_clean: Callable[[Page], None]) -> Callable[[Page], None]:
    """axe, and nothing wider than the screen at 360 px."""

    def check(page: Page) -> None:
        axe_clean(page)
        before = page.viewport_size
        page.set_viewport_size({"width": 360, "height": 740})
        assert too_wide(page) <= 0, page.url
        assert before is not None
        page.set_viewport_size(before)

    return check


def demanded(page: Page, who: dict[str, str], **typed: str) -> str:
    """The officer writes the demand into the ledger as it came three weeks ago; the address of its page."""
    page.goto("/hozon/seikyu/new/")
    came = day_of(timezone.localtime()) - timedelta(days=21)
    words = {"came_on": came.isoformat(), "about_name": who["name"], "about_kana": who["kana"],
             "about_birth": who["birth"]} | typed  # fmt: skip
    for name, value in words.items():
        field = page.locator(f"main [name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    press(page, "台帳に書く")
    page.wait_for_url(re.compile(r"/hozon/seikyu/\d+/$"))
    return re.sub(r"^https?://[^/]+", "", page.url)


def decided(page: Page, at: str, answer: str) -> list[str]:
    """Decide so; what could have been chosen, in the words of the page."""
    page.goto(f"{at}decide/")
    offered = page.locator("main [name=answer] option").all_inner_texts()
    page.locator("main [name=answer]").select_option(answer)
    page.locator("main [name=document_number]").fill("福第9号")
    press(page, "決定を書く")
    return offered


def answered(page: Page, at: str) -> None:
    """What was answered is written down: three weeks after it came, as for every name."""
    page.goto(f"{at}answer/")
    page.locator("main [name=how]").fill("郵送")
    press(page, "書く")
    page.wait_for_url(re.compile(r"/hozon/seikyu/\d+/$"))


def reply(page: Page) -> str:
    """The sentence whoever asked is told."""
    words = page.locator("main").inner_text()
    assert NOT_SAID_SENTENCE in words
    assert not [word for word in ("記録がない", "応じない") if word in words]
    return re.sub(r"\d+", "N", words[words.index("お返事のことば") :].split("どの記録か")[0])


def test_he_writes_as_family_and_every_page_is_the_page_of_nobody(
    town: Town,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    fits: Callable[[Page], None],
    owner: psycopg.Connection,
    run_jobs: Callable[[], list[str]],
) -> None:
    officer, holder = open_page(), open_page()
    sign_in(officer, town.officer.sign_in_name, PASSWORD)
    sign_in(holder, town.holder.sign_in_name, PASSWORD)
    typed = {
        "kind": "family",
        "requester": HIM,
        "wanted": "妻がどこにいるか、そちらに来ているかを教えてほしい",
    }
    before = told(owner, town.holder)
    shown, counted = [], []
    for who in (HER, NOBODY):
        at = demanded(officer, who, **typed)
        pages = [seen(officer)]
        run_jobs()
        counted.append(told(owner, town.holder) - before)
        officer.goto(at)  # what was found is in the ledger's row, and on no page
        fits(officer)
        pages.append(seen(officer))
        officer.goto(f"{at}record/")
        fits(officer)
        pages.append(seen(officer))
        officer.goto(f"{at}decide/")
        fits(officer)
        pages.append((seen(officer)[0], 0))  # the draft's own number has another length
        assert decided(officer, at, "not_said") == [
            "選んでください",
            "あるかないかを答えない(存否応答拒否)",
            "ほかの機関へ移送",
        ]
        pages.append(seen(officer))
        answered(officer, at)
        fits(officer)
        pages.append(seen(officer))
        shown.append((pages, reply(officer)))
    assert shown[0] == shown[1]
    # Told once, for her; nobody for nobody; and never who asked, nor whoever wrote it down.
    assert counted == [1, 1]
    assert told(owner, town.officer) == 0
    for address in ("/hozon/", "/hozon/seikyu/", "/hozon/seikyu/?which=ended", "/notices/"):
        officer.goto(address)
        text = officer.locator("main").inner_text()
        for hidden in HIDDEN:
            assert hidden not in text, (address, hidden)
    the_holder_reads(holder, fits, 1)
    assert "教えてほしい" not in holder.locator("main").inner_text()
    nobody_is_dropped(town, owner)


def test_he_is_the_childs_legal_representative_and_gets_the_answer_of_a_stranger(
    town: Town,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    fits: Callable[[Page], None],
    owner: psycopg.Connection,
    run_jobs: Callable[[], list[str]],
) -> None:
    officer, holder = open_page(), open_page()
    sign_in(officer, town.officer.sign_in_name, PASSWORD)
    sign_in(holder, town.holder.sign_in_name, PASSWORD)
    papers = {
        "kind": "disclosure_legal", "requester": HIM, "identity": "photo_card", "powers": "family_register", "child": "no",
        "wanted": "子の相談の記録すべて",
    }  # fmt: skip
    before = told(owner, town.holder)
    answers, choices = [], []
    for who in (CHILD, NO_CHILD):
        at = demanded(officer, who, **papers)
        run_jobs()
        officer.goto(at)
        if who is CHILD:
            # What may be meant was found, for the officer's eyes: the ledger says why nothing may be given.
            assert told(owner, town.holder) == before + 1
            officer.goto(f"{at}record/")
            officer.locator(f"main [name=party][value='{town.child}']").check(force=True)
            press(officer, "書く")
            officer.wait_for_url(re.compile(r"/hozon/seikyu/\d+/$"))
            run_jobs()
            assert told(owner, town.holder) == before + 2
            fits(officer)
            words = officer.locator("main").inner_text()
            assert words.count("渡せません") == 2
            assert "相手方として書かれている方と同じ名前です" in words
            assert "お子さんがいやだと言っています" in words
            for everything in ("full", "part"):
                decided(officer, at, everything)
                assert "応じられません" in officer.locator("main").inner_text()
            fits(officer)
            officer.goto(f"{at}package/")
            assert officer.locator("main").get_by_text("下見").count() >= 1
        choices.append(decided(officer, at, "not_said"))
        officer.wait_for_url(re.compile(r"/hozon/seikyu/\d+/$"))
        answered(officer, at)
        answers.append(reply(officer))
    # The same choices, so that no other child's answer makes this one speak; the same words, on the same day.
    assert choices[0] == choices[1]
    assert not [words for words in choices[0] if "記録がない" in words or words == "応じない"]
    assert answers[0] == answers[1]
    assert told(owner, town.officer) == 0
    assert owner.execute("SELECT count(*) FROM records_demandpackage").fetchone() == (0,)
    the_holder_reads(holder, fits, 2)
    nobody_is_dropped(town, owner)


def test_he_asks_by_a_lawyer_at_the_desk_and_through_the_bar_association(
    town: Town,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    fits: Callable[[Page], None],
    owner: psycopg.Connection,
    run_jobs: Callable[[], list[str]],
) -> None:
    clerk, officer, holder = open_page(), open_page(), open_page()
    for page, worker in ((clerk, town.clerk), (officer, town.officer), (holder, town.holder)):
        sign_in(page, worker.sign_in_name, PASSWORD)
    before = told(owner, town.holder)

    # The lawyer telephones the desk: the one screen for whoever asks about another person.
    shown = []
    for who in (HER, NOBODY):
        clerk.goto("/uketsuke/")
        clerk.get_by_role("link", name="ほかの方について聞かれた").click()
        clerk.get_by_text("弁護士・司法書士", exact=True).click()
        clerk.locator("[name=about_name]").fill(who["name"])
        clerk.locator("[name=about_birth]").fill(who["birth"])
        clerk.locator("[name=words]").fill("調停を申し立てる。住所を知りたい")
        clerk.get_by_role("button", name="ご用件を受け付ける").click()
        clerk.wait_for_url(re.compile(r"/uketsuke/\d+/$"))
        shown.append(seen(clerk))
    assert shown[0] == shown[1]
    run_jobs()
    assert told(owner, town.holder) == before + 1
    assert told(owner, town.clerk) == 0

    # Then the 弁護士会照会, with the husband named as whoever asked for it.
    letter = {
        "kind": "bar", "requester": "弁護士 谷 進", "agent": HIM, "their_number": "令8照会第12号", "identity": "official_paper",
        "powers": "statute", "wanted": "現住所と、相談の有無",
    }  # fmt: skip
    answers, choices = [], []
    for who in (HER, NOBODY):
        at = demanded(officer, who, **letter)
        run_jobs()
        if who is HER:
            assert told(owner, town.holder) == before + 2
            officer.goto(f"{at}record/")
            fits(officer)
            officer.locator(f"main [name=party][value='{town.her}']").check(force=True)
            press(officer, "書く")
            run_jobs()
            assert told(owner, town.holder) == before + 3
            officer.goto(at)
            fits(officer)
            assert "渡せません" in officer.locator("main").inner_text()
            decided(officer, at, "part")
            assert "応じられません" in officer.locator("main").inner_text()
        choices.append(decided(officer, at, "not_said"))
        officer.wait_for_url(re.compile(r"/hozon/seikyu/\d+/$"))
        answered(officer, at)
        answers.append(reply(officer))
    assert choices[0] == choices[1]
    assert answers[0] == answers[1]
    assert owner.execute("SELECT count(*) FROM records_demandpackage").fetchone() == (0,)

    # The desk he telephoned sees none of the ledger, and nothing of her anywhere.
    assert clerk.request.get("/hozon/seikyu/").status == 404
    for address in ("/", "/uketsuke/", "/people/", "/notices/", "/net/", "/mine/", "/hozon/"):
        clerk.goto(address)
        text = clerk.locator("main").inner_text()
        for hidden in HIDDEN:
            assert hidden not in text.replace(HER["name"], "□"), (address, hidden)
    the_holder_reads(holder, fits, 3)
    # The measure that ran out is on her holder's day, to be looked at; nothing ended by itself.
    holder.goto("/")
    assert "期限切れ・要確認" in holder.locator("main").inner_text()
    nobody_is_dropped(town, owner)


# -- he works for the city -----------------------------------------------------------------------------------------------

LISTS = (
    "/", "/mine/", "/net/", "/people/", "/people/duplicates/", "/uketsuke/", "/tsunagi/", "/cases/", "/kaigi/", "/yotei/",
    "/concerns/handing-over/", "/concerns/before-closure/?of=office", "/concerns/enquiries/", "/concerns/absence/",
    "/hozon/", "/sharing/ledger/", "/people/own/",
)  # fmt: skip


@contextmanager
def _deeds() -> Iterator[datetime]:
    with transaction.atomic():
        yield timezone.localtime()
        connection.check_constraints()
    connection.close()


def _meets(town: Town, members: tuple[Worker, ...], now: datetime) -> None:
    """The office's 支援会議 sits today."""
    wish = BodyWish(
        name="くらし支援会議", modes=("support", "no_persons"), office_id=town.shelter.pk, week=3, weekday=2, begins=time(14)
    )  # fmt: skip
    body = make_body(BodyType.SUPPORT, wish, by=members[0], at=now)
    for one in members:
        add_member(
            body,
            office_id=town.shelter.pk,
            worker_id=one.pk,
            from_on=day_of(now),
            by=members[0],
            at=now,
            role="secretary" if one == members[0] else "member",
        )
    new_sitting(body, SittingWish(day_of(now), time(15), "会議室"), by=members[0], at=now)


def _work_with_her(town: Town, he: Worker, colleague: Worker, there: Worker, now: datetime) -> dict[str, int]:
    """Everything an office does for somebody, half of it held by him."""
    her, office = _person(town.her), town.shelter
    concern = a_concern(held_by=he, of=her, at=now, description="ひまわりの家で暮らす", urgency="high")
    other = a_concern(held_by=colleague, of=her, at=now, description="家計のこと")
    case = open_case(her.pk, by=colleague, at=now, title="ひまわりの家", concern_ids=[concern.pk, other.pk])
    note = write_note(case, by=colleague, at=now, facts="開田で会った", kind="visit", happened_at=now)
    taken = take_consultation(
        by=he, at=now, office_id=office.pk, came_at=now, party_id=her.pk, words="開田に住んでいる"
    )
    today = day_of(now)
    with opened_trail(colleague.pk, "test", now):
        referral = send_referral(
            [other.pk], to_office=Office.objects.get(pk=there.postings.get().office_id), by=colleague, at=now,
            reason="家計の相談", person_told="agreed",
        )  # fmt: skip
        plan("visit", [concern.pk], Wish(day=today, begins=time(14), at_home=True), by=colleague, at=now)
        item = propose(
            Sitting.objects.get(), ItemWish(kind="person", mode="support", party_id=her.pk, asked="住まいのこと", concern_id=other.pk),
            by=colleague, at=now,
        )  # fmt: skip
    from tsunagi.diary.models import Appointment
    from tsunagi.holding.models import Hold, Promise

    return {
        f"/person/{her.pk}/": her.pk, f"/people/{her.pk}/edit/": her.pk, f"/sharing/who/{her.pk}/": her.pk,
        f"/people/{her.pk}/protect/": her.pk, f"/people/{her.pk}/reach/": her.pk,
        f"/concerns/{concern.pk}/": concern.pk, f"/concerns/{other.pk}/": other.pk, f"/concerns/{concern.pk}/close/": concern.pk,
        f"/cases/{case.pk}/": case.pk, f"/chouhyou/{case.pk}/": case.pk, f"/uketsuke/{taken.pk}/": taken.pk,
        f"/tsunagi/{referral.pk}/": referral.pk, f"/kaigi/item/{item.pk}/": item.pk,
        f"/concerns/consents/{her.pk}/": her.pk,
        f"/concerns/rows/hold/{Hold.objects.get(concern=other, closed_at=None).pk}/reached-out/": 0,
        f"/concerns/promises/{Promise.objects.get(subject_kind='consultation', subject_id=taken.pk).pk}/": 0,
        f"/yotei/{Appointment.objects.latest('pk').pk}/": 0,
        "note": note.pk,
    }  # fmt: skip


def test_he_works_for_the_city_and_loses_every_path_at_once(
    fresh_database: None,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    fits: Callable[[Page], None],
    owner: psycopg.Connection,
    run_jobs: Callable[[], list[str]],
) -> None:
    now = timezone.localtime()
    with _deeds():
        town = a_town()
        he = _worker(town.shelter, Role.MANAGER, HIM)
        colleague = town.holder
        coordinator = _worker(
            an_office("くらし連携担当", field="coordination"), Role.COORDINATOR, "連携 つむぎ"
        )
        there = _worker(an_office("家計相談室"), Role.COUNSELLOR, "家計 みのる")
        _worker(town.shelter, Role.COUNSELLOR, "守屋 ふみ")
        _meets(town, (colleague, he), now)
    his, hers = open_page(), open_page()
    sign_in(his, he.sign_in_name, PASSWORD)
    sign_in(hers, colleague.sign_in_name, PASSWORD)

    def walked() -> dict[str, tuple[str, int]]:
        found = {}
        for address in LISTS:
            his.goto(address)
            found[address] = seen(his)
        his.goto("/people/search/")
        his.locator("main [name=q]").fill(f"{HER['name']} {HER['birth']}")
        his.locator("main [name=q]").press("Enter")
        his.locator("main >> text=見つかりません").first.wait_for()
        found["search"] = seen(his)
        return found

    nothing = walked()  # the city before she came: what he is shown of somebody who does not exist
    with _deeds():
        settle_her(town, now, guarded=False)
        paths = _work_with_her(town, he, colleague, there, now)
    paths = {path: number for path, number in paths.items() if path.startswith("/")}
    run_jobs()
    opened = {path: his.request.get(path).status for path in paths}
    # All but the item: it opens to the members who were chosen for it and have acknowledged.
    assert [path for path, status in opened.items() if status != 200 and "/item/" not in path] == []
    his.goto("/mine/")
    assert "美月" in his.locator("main").inner_text()

    # She says who he is. One click of her counsellor, on her page; he stands with the list still open.
    hers.goto(f"/people/{town.her}/protect/")
    hers.locator("[name=reason]").fill("夫は、この係の係長")
    hers.get_by_text("支援措置や相手方が分かっているとき").click()
    hers.locator("[name=category]").select_option("dv")
    hers.locator("[name=measure_until_on]").fill((day_of(now) - timedelta(days=21)).isoformat())
    hers.locator("[name=other_party_name]").fill(HIM)
    hers.locator(f"[name=covering][value='{town.child}']").check(force=True)
    fits(hers)
    press(hers, "いま保護する")
    run_jobs()

    # Every address by its number is that of a number that is not there, byte for byte.
    absent = re.compile(r"(?<=/)\d+(?=/)")
    for path in paths:
        refused, missing = his.request.get(path), his.request.get(absent.sub("99999999", path, count=1))
        assert (refused.status, missing.status) == (404, 404), path
        assert plain(refused.text()) == plain(missing.text()), path
    # The lists, counts, boards and the search are those of the city before she came.
    after = walked()
    for address in nothing:
        for hidden in HIDDEN:
            assert hidden not in after[address][0], (address, hidden)
        assert after[address] == nothing[address], address
    his.goto("/notices/")
    fits(his)
    for hidden in HIDDEN:
        assert hidden not in his.locator("main").inner_text()

    # 緊急に開く finds nobody, as for nobody; the answer is one page.
    shown = []
    for who in (HER, NOBODY):
        his.goto("/concerns/glass/")
        his.locator("[name=name]").fill(who["name"])
        his.locator("[name=birth]").fill(who["birth"])
        his.locator("[name=reason]").fill("玄関で倒れているとの通報。持病を知りたい")
        press(his, "開く")
        assert re.search(r"/concerns/glass/\d+/$", his.url), his.locator("main").inner_text()
        shown.append(seen(his)[0])
        fits(his)
    assert shown[0] == shown[1]
    # What the report of an accident would show of her by her number is what it shows of a number that is not there.
    shown = []
    for number in (town.her, 99_999_999):
        his.goto("/hozon/jiko/new/")
        his.locator("main [name=kind]").first.check(force=True)
        his.locator("main [name=words]").fill("封筒を間違えた")
        his.locator("main [name=party]").fill(str(number))
        press(his, "書く")
        assert "その番号の記録はありません" in his.locator("main").inner_text()
        shown.append(seen(his)[0])
    assert shown[0] == shown[1]

    run_jobs()
    # Her counsellor was told of the search and of what was opened; what he held is hers or a colleague's now.
    assert told(owner, colleague) >= 2
    assert told(owner, he) == 0
    hers.goto("/notices/")
    assert "相手方かもしれません" in hers.locator("main").inner_text()
    held = owner.execute(
        "SELECT count(*) FROM holding_hold WHERE closed_at IS NULL AND worker_id = %s", [he.pk]
    )
    assert held.fetchone() == (0,)
    assert hers.request.get(f"/person/{town.her}/").status == 200
    # His rows are watched over by くらし連携担当 in his place.
    instead = open_page()
    sign_in(instead, coordinator.sign_in_name, PASSWORD)
    instead.goto("/net/")
    assert "代わりに見る行" in instead.locator("main").inner_text()
    watched = instead.locator("#instead").inner_text()
    assert "美月" not in watched and watched.count("関わりのない方") == 5, watched
    fits(instead)
    nobody_is_dropped(town, owner)


def plain(markup: str) -> str:
    """A page without its tokens, and without the address it was asked by."""
    markup = re.sub(r'(content|value)="[0-9A-Za-z]{60,}"', "", markup)
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", re.sub(r"\d+", "N", markup))
