"""The list of files with all its columns: filters, orders, pages by key; and 支援ケース一覧 for the paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import open_case, set_consent, set_plan_days, set_stage
from tsunagi.cases.models import Case
from tsunagi.cases.queries import CaseAsked, case_list_sheet, cases_of
from tsunagi.cases.rules import Consent, Stage, decade, stages_by_hand
from tsunagi.holding.actions import Served, record_contact
from tsunagi.intake.actions import ConcernWish, make_concerns, take_consultation
from tsunagi.people.actions import add_address, protect
from tsunagi.people.models import Membership
from tsunagi.people.rules import NewAddress

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Client) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="相田 ゆき", kana="アイダ ユキ")


def a_file(worker: Worker, title: str = "", *, person: Any = None, **plan: Any) -> Case:
    concern = a_concern(held_by=worker, of=person or a_person(), description="家賃の滞納")
    case = open_case(concern.party_id, by=worker, at=NOW, title=title, concern_ids=[concern.pk])
    if plan:
        set_plan_days(case, plan_until=plan.get("until"), review_on=plan.get("review"))
    connection.check_constraints()
    return case


def titles(found: Any) -> list[str]:
    return [card.title for card in found.cards]


def test_every_column_is_what_the_file_says(worker: Worker) -> None:
    haru = a_person("森田 ハル", birth_on=date(1946, 5, 1))
    add_address(haru, NewAddress(text="長岡京市開田一丁目1-1"), by=worker, at=NOW)
    came = NOW - timedelta(days=20)
    taken = take_consultation(
        by=worker, at=came, office_id=worker.postings.get().office_id, party_id=haru.pk, words="家賃が払えない",
        caller_kind="self", means="phone",
    )  # fmt: skip
    first, _second = make_concerns(
        taken,
        [ConcernWish(description="家賃を4か月滞納している", party_id=haru.pk), ConcernWish(description="孤立", party_id=haru.pk)],
        by=worker, at=came,
    )  # fmt: skip
    case = open_case(haru.pk, by=worker, at=NOW, concern_ids=[first.pk, _second.pk])
    record_contact("met", [Served(first.pk)], by=worker, at=NOW, words="話せた")
    record_contact("tried", [Served(first.pk)], by=worker, at=NOW, words="不在")
    set_plan_days(case, plan_until=TODAY - timedelta(days=1), review_on=None)
    set_consent(case, Consent.WHOLE, on=TODAY, by=worker, at=NOW)
    connection.check_constraints()
    (row,) = case_list_sheet(worker, on=TODAY).rows
    assert (row.came_on, row.party_label, row.decade) == (came.date(), "森田 ハル", "80代")
    assert row.district
    assert row.route.startswith("本人・")
    assert (row.concern, row.more_concerns) == ("家賃を4か月滞納している", 1)
    assert (row.consent, row.worker, row.state_label) == ("同意あり", "相田 ゆき", "受付")
    assert (row.last_contact_on, row.plan_until, row.plan_is_past) == (TODAY, TODAY - timedelta(days=1), True)
    assert row.due_on is not None


def test_a_household_is_as_old_as_whoever_it_is_about(worker: Worker) -> None:
    haru, ken = (
        a_person("森田 ハル", birth_on=date(1946, 5, 1)),
        a_person("森田 健一", birth_on=date(1976, 1, 1)),
    )
    home = a_household(haru, ken)
    Membership.objects.filter(household=home, person=ken).update(relation="self")
    a_file(worker, person=home)
    assert case_list_sheet(worker, on=TODAY).rows[0].decade == "50代"


def test_where_a_protected_person_lives_and_how_abuse_came_is_left_out(worker: Worker) -> None:
    haru = a_person("森田 ハル")
    add_address(haru, NewAddress(text="長岡京市開田一丁目1-1"), by=worker, at=NOW)
    taken = take_consultation(
        by=worker, at=NOW, office_id=worker.postings.get().office_id, party_id=haru.pk, words="あざがある",
        caller_kind="neighbour", means="phone",
    )  # fmt: skip
    (concern,) = make_concerns(
        taken, [ConcernWish(description="あざ", party_id=haru.pk, danger="elder")], by=worker, at=NOW
    )
    open_case(haru.pk, by=worker, at=NOW, concern_ids=[concern.pk])
    protect(haru, category="provisional", reason="暴力", by=worker, at=NOW)
    row = case_list_sheet(worker, on=TODAY).rows[0]
    assert (row.district, row.route) == ("", "")


def test_filters_and_orders(worker: Worker) -> None:
    other = a_worker(worker.postings.get().office, name="井上 誠", kana="イノウエ マコト")
    old = a_file(worker, "期限切れ", until=TODAY - timedelta(days=1))
    a_file(worker, "もうすぐ", until=TODAY + timedelta(days=10))
    a_file(worker, "まだ先", until=TODAY + timedelta(days=90))
    a_file(other, "なし")
    set_stage(old, Stage.ASSESSING, by=worker, at=NOW)
    for asked, expected in (
        (CaseAsked(plan="past"), ["期限切れ"]),
        (CaseAsked(plan="soon"), ["もうすぐ"]),
        (CaseAsked(plan="later"), ["まだ先"]),
        (CaseAsked(plan="none"), ["なし"]),
        (CaseAsked(stage="assessing"), ["期限切れ"]),
        (CaseAsked(worker_id=other.pk), ["なし"]),
        (CaseAsked(order="plan"), ["期限切れ", "もうすぐ", "まだ先", "なし"]),
        (CaseAsked(order="stage"), ["なし", "まだ先", "もうすぐ", "期限切れ"]),
        (CaseAsked(order="worker"), ["まだ先", "もうすぐ", "期限切れ", "なし"]),
        (
            CaseAsked(order="nonsense", stage="nonsense", plan="nonsense"),
            ["なし", "まだ先", "もうすぐ", "期限切れ"],
        ),
    ):
        assert titles(cases_of(worker, asked=asked, on=TODAY)) == expected, asked
        assert [row.title for row in case_list_sheet(worker, asked, on=TODAY).rows] == expected


@pytest.mark.parametrize("order", ["new", "plan", "stage", "worker"])
def test_no_file_is_lost_or_doubled_between_pages(worker: Worker, order: str) -> None:
    concern = a_concern(held_by=worker)
    Case.objects.bulk_create(
        Case(
            party_id=concern.party_id, office_id=worker.postings.get().office_id, worker=worker, title=str(number),
            opened_at=NOW, opened_by=worker, stage=("received", "planning", "assessing")[number % 3],
            plan_until=TODAY + timedelta(days=number % 7) if number % 4 else None,
        )
        for number in range(120)
    )  # fmt: skip
    seen: list[str] = []
    before = None
    for _page in range(4):
        found = cases_of(worker, asked=CaseAsked(order=order), before=before, on=TODAY)
        seen += titles(found)
        before = found.next_before
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 120


def test_the_sheet_says_when_there_is_more(worker: Worker) -> None:
    for _ in range(3):
        a_file(worker)
    sheet = case_list_sheet(worker, CaseAsked(stage="received"), on=TODAY, limit=2)
    assert (len(sheet.rows), sheet.more, sheet.asked) == (2, True, "支援中・段階 受付")
    assert case_list_sheet(a_worker(), on=TODAY).rows == ()


def test_the_list_and_the_sheet_ask_as_often_for_twenty_as_for_two(
    client_of: Client, queries: Client, worker: Worker
) -> None:
    client, shapes = client_of(worker), []
    for count in (2, 18):
        for _ in range(count):
            a_file(worker, until=TODAY)
        client.get("/cases/")
        case_list_sheet(worker, on=TODAY)
        with queries() as listed:
            client.get("/cases/?order=plan&plan=soon")
        with queries() as sheet:
            case_list_sheet(worker, on=TODAY)
        shapes.append((listed.shape, sheet.shape))
    assert shapes[0] == shapes[1]


def test_the_page_keeps_its_filter_on_the_next_page(client_of: Client, worker: Worker) -> None:
    for number in range(52):
        a_file(worker, f"支援その{number:02d}", until=TODAY + timedelta(days=number % 20))
    client = client_of(worker)
    page = client.get("/cases/?order=plan&plan=soon").content.decode()
    assert "order=plan" in page
    assert "plan=soon" in page
    assert "過ぎています" not in page
    assert "相田 ゆき" in page


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (0, "10歳未満"),
        (9, "10歳未満"),
        (10, "10代"),
        (89, "80代"),
        (104, "90代以上"),
        (None, "不明"),
        (-1, "不明"),
    ],
)
def test_decades(age: int | None, words: str) -> None:
    assert decade(age) == words


def test_by_hand_no_stage_is_chosen_that_another_deed_sets() -> None:
    for stage in Stage:
        offered = stages_by_hand(stage)
        assert Stage.CLOSED not in offered
        assert Stage.REOPENED not in offered
    assert stages_by_hand(Stage.CLOSED) == [Stage.FOLLOWING, Stage.DONE]
