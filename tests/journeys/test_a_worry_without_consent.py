"""A worry nobody may speak of yet: 支援会議 without consent, consent, 重層的支援会議, a plan, and consent taken back in part.

At every station three people try the doors: the hospital's nurse who was chosen, a clerk of the same body who was not, and a
worker of an office that has nothing to do with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import (
    PASSWORD,
    a_concern,
    a_household,
    a_worker,
    an_office,
    office_of,
)
from tests.plans.factories import a_role, a_wish
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.cases.actions import open_case
from tsunagi.meetings.actions import BodyWish, SittingWish, add_member, call_sitting, make_body, new_sitting
from tsunagi.meetings.rules import BodyType
from tsunagi.people.actions import register_person
from tsunagi.plans.actions import GoalWish, confer, new_plan, record_consent, write_plan, write_roles
from tsunagi.safety_net import net
from tsunagi.shared.days import day_of

SON = "森田 健一"
WORRY = "息子が20年以上、部屋から出ていない。家賃も止まっている"


@dataclass
class City:
    """Who is there, and the numbers a visitor would have to guess."""

    coordinator: Worker
    nurse: Worker
    clerk: Worker
    stranger: Worker
    son: int
    household: int
    case: int
    concern: int
    body: int
    sitting: int
    later: int
    offices: dict[str, int] = field(default_factory=dict)


def _worker(office: object, role: str, name: str) -> Worker:
    worker = a_worker(office, role=role, name=name)  # type: ignore[arg-type]
    worker.set_password(PASSWORD)
    worker.save()
    return worker


@pytest.fixture
def city(fresh_database: None) -> City:
    """くらし連携担当 holds a worry about somebody who was never asked. A body with a nurse and a school clerk; a stranger."""
    now = timezone.localtime()
    today = day_of(now)
    with transaction.atomic():
        desk = an_office("くらし連携担当", is_front_desk=True)
        hospital = an_office("みどり病院", legal_kind=LegalKind.PRIVATE)
        school = an_office("学校教育課", legal_kind=LegalKind.EDUCATION_BOARD)
        roads = an_office("道路課")
        coordinator = _worker(desk, Role.COORDINATOR, "相田 ゆき")
        nurse = _worker(hospital, Role.OUTSIDE_WORKER, "看護 みどり")
        clerk = _worker(school, Role.SECTION_CLERK, "教育 ひとし")
        stranger = _worker(roads, Role.SECTION_CLERK, "道路 わたる")
        mother = register_person(
            by=coordinator,
            at=now,
            office=desk.pk,
            name="森田 ハル",
            kana="モリタ ハル",
            birth="S16.3.3",
            sex="female",
        )
        son = register_person(
            by=coordinator,
            at=now,
            office=desk.pk,
            name=SON,
            kana="モリタ ケンイチ",
            birth="S49.5.1",
            sex="male",
        )
        household = a_household(mother, son, label="森田さんの世帯")
        concern = a_concern(held_by=coordinator, of=son, at=now, description=WORRY)
        case = open_case(household.pk, by=coordinator, at=now, title="8050の世帯", concern_ids=[concern.pk])
        body = make_body(
            BodyType.SUPPORT,
            BodyWish(
                name="くらし支援会議", modes=("support", "layered", "no_persons"), office_id=desk.pk, week=3, weekday=2,
                begins=time(14), place="市役所 会議室",
            ),
            by=coordinator,
            at=now,
        )  # fmt: skip
        add_member(
            body,
            office_id=desk.pk,
            worker_id=coordinator.pk,
            role="secretary",
            from_on=today,
            by=coordinator,
            at=now,
        )
        for worker in (nurse, clerk):
            add_member(
                body,
                office_id=office_of(worker).pk,
                worker_id=worker.pk,
                from_on=today,
                by=coordinator,
                at=now,
            )
        soon = SittingWish(today, time(16), "会議室", is_ad_hoc=True, reason="住まいを失うおそれ")
        sitting, later = (
            new_sitting(body, wish, by=coordinator, at=now)
            for wish in (SittingWish(today, time(14), "会議室"), soon)
        )
        call_sitting(sitting, by=coordinator, at=now)
    connection.close()
    return City(
        coordinator, nurse, clerk, stranger, son.pk, household.pk, case.pk, concern.pk, body.pk, sitting.pk, later.pk,
        {"desk": desk.pk, "hospital": hospital.pk},
    )  # fmt: skip


def nobody_is_dropped() -> None:
    """The laws hold over the whole database, and no office sees anybody without a living reason."""
    with transaction.atomic():
        report = net.check(connection, today=day_of(timezone.localtime()))
    assert not report.broken, report.as_dict()


def press(page: Page, name: str) -> None:
    """Press a button of the page itself and wait for what it leads to."""
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()
    refused = page.locator("main .error-summary, main [aria-invalid=true]")
    assert refused.count() == 0, f"{page.url}: {page.locator('main').inner_text()[:1500]}"


def number_of(page: Page) -> int:
    """The number at the end of the page's address."""
    return int(page.url.rstrip("/").rsplit("/", 1)[-1])


def test_a_worry_without_consent_becomes_a_plan_and_consent_goes_in_part(
    city: City,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, str, str], None],
    axe_clean: Callable[[Page], None],
    owner: psycopg.Connection,
) -> None:
    today = day_of(timezone.localtime())
    page, nurse, clerk, stranger = (open_page() for _ in range(4))
    for one, who in (
        (page, city.coordinator),
        (nurse, city.nurse),
        (clerk, city.clerk),
        (stranger, city.stranger),
    ):
        sign_in(one, who.sign_in_name, PASSWORD)

    def status(who: Page, path: str) -> int:
        return who.request.get(path, max_redirects=0).status

    def outside(*more: str) -> None:
        """Neither the clerk who was not chosen nor the stranger opens anything of it, by any number."""
        paths = (f"/person/{city.son}/", f"/cases/{city.case}/", f"/concerns/{city.concern}/", *more)
        for who in (clerk, stranger):
            for path in paths:
                absent = who.request.get(re.sub(r"\d+", "999999", path, count=1))
                refused = who.request.get(path)
                assert (refused.status, absent.status) == (404, 404), path
                assert SON not in refused.text() and WORRY not in refused.text()
        nobody_is_dropped()

    outside()
    assert status(nurse, f"/person/{city.son}/") == 404

    # Nobody asked him: the 重層的支援会議 is refused, and the way out is one key away.
    page.goto(f"/kaigi/propose/?party={city.son}&concern={city.concern}&sitting={city.sitting}")
    page.locator("[name=mode][value=layered]").check(force=True)
    page.locator("[name=kind][value=person]").check(force=True)
    page.locator("[name=asked]").fill("だれが声をかけるか。同意をどう求めるか")
    page.locator("main").get_by_role("button", name="提案する", exact=True).click()
    page.get_by_role("button", name="支援会議の議題にする").wait_for()
    assert "同意" in page.locator("main").inner_text()
    assert owner.execute("SELECT count(*) FROM meetings_item").fetchone() == (0,)
    press(page, "支援会議の議題にする")
    (item,) = owner.execute("SELECT id FROM meetings_item WHERE mode = 'support'").fetchone()
    outside(f"/kaigi/item/{item}/")

    # Taken up; the nurse is chosen. It opens with her acknowledgement alone.
    page.goto(f"/kaigi/item/{item}/arrange/")
    press(page, "取り上げる")
    page.wait_for_url(f"**/kaigi/item/{item}/members/")
    seats = dict(
        owner.execute("SELECT worker_id, id FROM meetings_bodymember WHERE worker_id IS NOT NULL").fetchall()
    )
    page.locator(f"[name=m{seats[city.nurse.pk]}]").check(force=True)
    page.locator(f"[name=m{seats[city.coordinator.pk]}]").check(force=True)
    axe_clean(page)
    press(page, "この方たちに開く")
    assert status(nurse, f"/kaigi/item/{item}/") == 404
    assert status(nurse, f"/person/{city.son}/") == 404
    for who, member in ((nurse, city.nurse), (page, city.coordinator)):
        who.goto(f"/kaigi/member/{seats[member.pk]}/acknowledge/")
        who.locator("main form button.button--primary").last.click()
        who.wait_for_load_state()
    assert status(nurse, f"/kaigi/item/{item}/") == 200
    assert status(nurse, f"/person/{city.son}/") == 200
    assert status(nurse, f"/cases/{city.case}/") == 404
    clerk.goto(f"/kaigi/sitting/{city.sitting}/")
    assert SON not in clerk.locator("main").inner_text()
    outside(f"/kaigi/item/{item}/", f"/kaigi/item/{item}/members/")

    # The room: what is heard serves no other end; a role is typed, decided, and stands on the nurse's day.
    page.goto(f"/kaigi/sitting/{city.sitting}/room/")
    press(page, "会議を始める")
    for member in (city.coordinator, city.nurse):
        seat = page.locator(f"form:has(input[name=member][value='{seats[member.pk]}'])")
        seat.locator("button[name=presence][value=present]").first.click()
        page.wait_for_load_state()
    page.locator(f"button[name=item][value='{item}']").click()
    page.wait_for_load_state()
    press(page, "読み上げました")
    axe_clean(page)
    row = page.locator(".room-new")
    row.locator("[name=kind]").select_option("role")
    row.locator("[name=what]").fill("往診のときに声をかける")
    row.locator("[name=owner_id]").select_option(str(seats[city.nurse.pk]))
    row.locator("[name=due]").fill((today + timedelta(days=7)).isoformat())
    row.locator("button.button--primary, button[type=submit]").first.click()
    page.locator("#room-lines .room-lines__row").first.wait_for()
    page.locator("#decide-kind").select_option("roles")
    page.locator("#decide-words").fill("みどり病院が往診のときに声をかける。同意はくらし連携担当が求める")
    press(page, "決まったことを確かめる")
    press(page, "この件を済みにする")
    page.locator("summary", has_text="会議を終える").click()
    press(page, "会議を終える")
    (role,) = owner.execute("SELECT id FROM meetings_decisionrole").fetchone()
    nurse.goto("/mine/")
    assert "往診のときに声をかける" in nurse.locator("main").inner_text()
    # The item is over; her role keeps a narrow sight until it is done and looked at.
    assert status(nurse, f"/person/{city.son}/") == 200
    outside(f"/kaigi/item/{item}/", f"/kaigi/role/{role}/")
    # A member of the body reads that the sitting was, not whom the others spoke of.
    kept = clerk.request.get(f"/kaigi/sitting/{city.sitting}/minutes/").text()
    assert SON not in kept and "往診" not in kept
    assert status(stranger, f"/kaigi/sitting/{city.sitting}/minutes/") == 404

    nurse.goto(f"/kaigi/role/{role}/")
    nurse.locator("[name=deed][value=done]").check(force=True)
    nurse.locator("[name=words]").fill("ふすま越しに、はじめて返事があった")
    nurse.locator("main form button.button--primary").last.click()
    nurse.wait_for_load_state()
    page.goto(f"/kaigi/role/{role}/")
    page.locator("[name=deed][value=review]").check(force=True)
    page.locator("[name=words]").fill("次は同意を聞く")
    page.locator("main form button.button--primary").last.click()
    page.wait_for_load_state()
    assert status(nurse, f"/person/{city.son}/") == 404
    outside(f"/kaigi/role/{role}/")

    # He says yes: to the hospital too. One tick is the standard consent.
    page.goto(f"/concerns/consents/{city.son}/new/")
    page.locator("[name=state][value=given_all]").check(force=True)
    page.locator("[name=preset][value=standard]").check(force=True)
    page.locator(f"[name=offices][value='{city.offices['hospital']}']").check(force=True)
    page.locator("[name=way][value=oral]").check(force=True)
    axe_clean(page)
    page.locator("main form button.button--primary").last.click()
    page.wait_for_url(f"**/concerns/consents/{city.son}/")
    (consent,) = owner.execute("SELECT id FROM sharing_consent").fetchone()
    assert status(nurse, f"/person/{city.son}/") == 200
    page.goto(f"/sharing/who/{city.son}/")
    why = page.locator("main").inner_text()
    assert "みどり病院" in why and "同意" in why
    assert "道路課" not in why
    axe_clean(page)
    outside(f"/concerns/consents/{city.son}/", f"/sharing/who/{city.son}/")

    # A plan, put before the 重層的支援会議, and found right there.
    plan = a_plan_to_confer(city, timezone.localtime(), today)
    page.goto(f"/kaigi/propose/?party={city.son}&plan={plan}&case={city.case}&sitting={city.later}")
    page.locator("[name=mode][value=layered]").check(force=True)
    page.locator("[name=kind][value=plan]").check(force=True)
    page.locator("[name=asked]").fill("このプランで進めてよいか")
    press(page, "提案する")
    (second,) = owner.execute("SELECT id FROM meetings_item WHERE mode = 'layered'").fetchone()
    page.goto(f"/kaigi/item/{second}/arrange/")
    press(page, "取り上げる")
    page.locator(f"[name=m{seats[city.nurse.pk]}]").check(force=True)
    page.locator(f"[name=m{seats[city.coordinator.pk]}]").check(force=True)
    press(page, "この方たちに開く")
    assert status(nurse, f"/kaigi/item/{second}/") == 200
    page.goto(f"/kaigi/sitting/{city.later}/open/")
    press(page, "始める")
    page.goto(f"/kaigi/item/{second}/decide/")
    page.locator("[name=kind][value=plan_fit]").check(force=True)
    page.locator("[name=words]").fill("このプランで進める")
    page.locator("[name=decided_by]").fill("福祉課長")
    press(page, "記録する")
    (state,) = owner.execute("SELECT state FROM plans_plan WHERE id = %s", [plan]).fetchone()
    assert state == "decided", state
    outside(f"/kaigi/item/{second}/", f"/plans/{plan}/")

    # He takes it back for the hospital: at once, and the item that was open to it is not, any more.
    page.goto(f"/concerns/consents/one/{consent}/withdraw/")
    page.locator("[name=what][value=offices]").check(force=True)
    page.locator(f"[name=offices][value='{city.offices['hospital']}']").check(force=True)
    page.locator("[name=words]").fill("病院には、もう話さないでほしい")
    page.locator("main form button.button--primary").last.click()
    page.wait_for_url(f"**/concerns/consents/{city.son}/")
    expect(page.locator("main")).not_to_contain_text("みどり病院 に開いている")
    assert status(nurse, f"/person/{city.son}/") == 404
    assert status(nurse, f"/plans/{plan}/") == 404
    living = owner.execute(
        "SELECT count(*) FROM people_involvement WHERE office_id = %s AND ended_at IS NULL",
        [city.offices["hospital"]],
    )
    assert living.fetchone() == (0,)
    told = owner.execute(
        "SELECT n.sentence FROM notices_notice n JOIN accounts_posting p ON p.worker_id = n.worker_id"
        " WHERE p.office_id = %s AND n.kind = 'consent'",
        [city.offices["hospital"]],
    ).fetchall()
    assert told
    assert not [sentence for (sentence,) in told if SON in sentence]
    outside(f"/kaigi/item/{second}/", f"/plans/{plan}/")
    # The desk that supports him goes on as before.
    assert status(page, f"/person/{city.son}/") == 200
    assert status(page, f"/cases/{city.case}/") == 200


def a_plan_to_confer(city: City, now: datetime, today: date) -> int:
    """A plan the coordinator wrote, that he agreed to, and that waits for a meeting."""
    with transaction.atomic():
        plan = new_plan(city.case, by=city.coordinator, at=now)
        wish = a_wish(
            from_on=today, until_on=today + timedelta(days=180), monitor_on=today + timedelta(days=90)
        )
        plan = write_plan(plan, wish, (GoalWish("short", "月に一度、話す"),), revision=plan.revision, by=city.coordinator, at=now)  # fmt: skip
        role = a_role(city.coordinator, "手紙を書く", due_on=today + timedelta(days=14))
        plan = write_roles(plan, (role,), revision=plan.revision, by=city.coordinator, at=now)
        record_consent(
            plan, explained_on=today, agreed_by="person", way="oral", revision=plan.revision, by=city.coordinator, at=now
        )  # fmt: skip
        plan.refresh_from_db()
        confer(plan, by=city.coordinator, at=now)
        connection.check_constraints()
    connection.close()
    return plan.pk
