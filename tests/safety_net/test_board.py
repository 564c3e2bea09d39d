"""網: its figures are what `holding.rules.lateness` says of each row; names only with an involvement."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import (
    NOW,
    TODAY,
    TOKYO,
    a_concern,
    a_person,
    a_post,
    a_worker,
    an_office,
    office_of,
)
from tsunagi.accounts.models import CalendarDay, Office, Worker
from tsunagi.accounts.queries import CalendarBook
from tsunagi.accounts.rules import Role
from tsunagi.codes.queries import closing_time
from tsunagi.holding.actions import leave_message, promise, reach_out_to_holder
from tsunagi.holding.models import Hold, NightHandover, Promise, SafetyReport
from tsunagi.holding.rules import Urgency, lateness, night_open
from tsunagi.safety_net.queries import board_of
from tsunagi.shared.days import day_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def watcher() -> Worker:
    return a_worker(an_office("くらし連携担当", field="coordination"), role=Role.COORDINATOR)


def say_of_each_row(office: Office, now: datetime) -> Counter[str]:
    """The colours of an office's rows, one by one, by the rule alone."""
    book, found = CalendarBook(), Counter[str]()
    on = day_of(now)
    for hold in Hold.objects.filter(office=office, closed_at__isnull=True).select_related("concern"):
        if hold.kind == "stocktaking":
            found["stocktaking"] += 1
            continue
        concern = hold.concern
        seen = concern.last_seen_on is not None and concern.last_seen_on >= day_of(concern.urgency_judged_at)
        handed = NightHandover.objects.filter(
            concern=concern, handed_at__gte=concern.urgency_judged_at
        ).exists()
        unguarded = night_open(
            Urgency(concern.urgency), concern.urgency_judged_at, seen=seen, handed_over=handed, now=now,
            calendar=book.of(office.pk), closing_time=closing_time(),
        )  # fmt: skip
        reported = SafetyReport.objects.filter(concern=concern).exists()
        found["open"] += 1
        found[
            lateness(
                hold.due_on, Urgency(concern.urgency), on, book.of(office.pk, hold.worker_id),
                safety_open=bool(concern.danger) and not reported, night_open=unguarded,
                oral_yes_until=hold.oral_yes_until, office=book.of(office.pk),
            )
        ] += 1  # fmt: skip
    for row in Promise.objects.filter(office=office, is_open=True).exclude(kind="stocktaking"):
        found[
            lateness(
                row.due_on,
                Urgency(row.urgency),
                on,
                book.of(office.pk, row.worker_id),
                office=book.of(office.pk),
            )
        ] += 1
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_figures_are_the_rows_counted_one_by_one(seed: int, watcher: Worker) -> None:
    chance = random.Random(seed)
    offices = [
        an_office(open_weekdays=sorted(chance.sample(range(7), chance.randint(4, 7)))) for _ in range(3)
    ]
    for office in offices:
        for _ in range(3):
            CalendarDay.objects.get_or_create(
                office=office, day=TODAY + timedelta(days=chance.randint(-20, 20)),
                defaults={"is_open": chance.random() < 0.3},
            )  # fmt: skip
    workers = [
        a_worker(office, weekdays=sorted(chance.sample(range(7), chance.randint(1, 7))))
        for office in offices
        for _ in range(3)
    ]
    for _ in range(45):
        worker = chance.choice(workers)
        at = NOW - timedelta(days=chance.randint(0, 30), hours=chance.randint(0, 23))
        concern = a_concern(
            held_by=worker, at=at, urgency=chance.choice(["high", "unclear", "middle", "low", "low"]),
            danger=chance.choice(["", "", "", "child"]),
        )  # fmt: skip
        if concern.danger and chance.random() < 0.5:
            SafetyReport.objects.create(
                concern=concern, reported=True, to_whom="児童相談所", at=NOW, by=worker
            )
        if chance.random() < 0.3:
            promise(
                "first_contact", "電話する", subject_kind="concern", subject_id=concern.pk,
                office_id=office_of(worker).pk, worker_id=worker.pk, due_on=day_of(at) + timedelta(days=chance.randint(1, 30)),
                by=worker, at=at, urgency=chance.choice(["high", "low"]),
            )  # fmt: skip
    connection.check_constraints()
    for now in (
        NOW,
        NOW.replace(hour=19),
        NOW + timedelta(days=4),
        NOW + timedelta(days=chance.randint(1, 40)),
    ):
        board = board_of(watcher, now)
        for line in board.offices:
            rows = say_of_each_row(Office.objects.get(pk=line.office_id), now)
            assert (line.open, line.amber, line.red, line.falling, line.stocktaking) == (
                rows["open"], rows["amber"], rows["red"], rows["falling"], rows["stocktaking"],
            ), (line.office, now)  # fmt: skip
        late = board.total.late
        assert len(board.heaviest) == min(10, late)
        assert sum(count for _, count in board.rest_by_office) == late - len(board.heaviest)
        weights = [item.row.weight for item in board.heaviest]
        assert weights == sorted(weights, reverse=True)
        assert all(item.row.lateness in ("red", "falling") for item in board.heaviest)
        assert not any(item.may_see or item.name or item.what for item in board.heaviest)


def a_late_one(worker: Worker, **fields: Any) -> Any:
    return a_concern(held_by=worker, at=NOW - timedelta(days=40), **fields)


@pytest.mark.visits("safety_net:index")
def test_the_board_opens_to_whoever_holds_and_to_nobody_without_persons(
    three_people: Callable[..., Any], set_clock: Callable[..., Any]
) -> None:
    set_clock(NOW)
    worker = a_worker()
    a_late_one(worker, of=a_person("森田 ハル"))
    answer = three_people("/net/", allowed=worker, stranger=a_worker(role=Role.SYSTEM_ADMINISTRATOR))
    assert "森田 ハル" in answer.content.decode()


@pytest.mark.visits("safety_net:office")
def test_an_office_page_is_its_own_or_the_citys(
    three_people: Callable[..., Any],
    client_of: Callable[..., Any],
    watcher: Worker,
    set_clock: Callable[..., Any],
) -> None:
    set_clock(NOW)
    office = an_office("子育て支援課")
    a_late_one(a_worker(office), of=a_person("森田 ハル"))
    address = f"/net/office/{office.pk}/"
    three_people(address, allowed=a_worker(office), stranger=a_worker())
    assert client_of(watcher).get(address).status_code == 200
    assert client_of(watcher).get("/net/office/99999/").status_code == 404


def test_the_coordinator_sees_a_strange_row_by_number_only(
    client_of: Callable[..., Any], watcher: Worker, set_clock: Callable[..., Any]
) -> None:
    set_clock(NOW)
    concern = a_late_one(a_worker(), of=a_person("森田 ハル"), description="家賃を払えていない")
    text = client_of(watcher).get("/net/").content.decode()
    assert f"課題 {concern.pk}" in text
    assert "森田" not in text
    assert "家賃" not in text
    row = board_of(watcher, NOW).heaviest[0]
    assert (row.step, row.may_see) == ("coordinator", False)


def test_a_message_is_not_read_over_the_shoulder(watcher: Worker) -> None:
    office = an_office()
    addressee, manager = a_worker(office), a_worker(office, role=Role.MANAGER)
    leave_message(addressee, by=manager, at=NOW - timedelta(days=30), caller="山本さん", words="至急")
    (seen,) = board_of(manager, NOW).heaviest
    assert seen.what == ""
    (own,) = board_of(addressee, NOW).heaviest
    assert own.what


def test_a_row_rests_on_ones_own_board_alone_and_stays_in_the_counts(watcher: Worker) -> None:
    office = an_office()
    worker, manager = a_worker(office), a_worker(office, role=Role.MANAGER)
    hold = a_late_one(worker).holds.get()
    before = board_of(manager, NOW)
    reach_out_to_holder("hold", hold.pk, by=manager, at=NOW)
    after = board_of(manager, NOW)
    assert [item.row.id for item in before.heaviest] == [hold.pk]
    assert after.heaviest == ()
    assert after.resting == 1
    assert after.total == before.total
    assert [item.row.id for item in board_of(watcher, NOW).heaviest] == [hold.pk]
    assert [item.row.id for item in board_of(manager, NOW + timedelta(days=10)).heaviest] == [hold.pk]


def test_what_was_imported_is_counted_apart(watcher: Worker) -> None:
    worker = a_worker()
    a_concern(held_by=worker, kind="stocktaking", at=NOW - timedelta(days=90))
    total = board_of(watcher, NOW).total
    assert (total.stocktaking, total.open, total.late, total.unseen_60) == (1, 0, 0, 0)
    assert board_of(watcher, NOW).heaviest == ()


def test_a_row_without_a_report_climbs_from_the_day_it_was_known(watcher: Worker) -> None:
    worker = a_worker()
    a_concern(held_by=worker, at=NOW, danger="child", kind="supporting")
    assert board_of(watcher, NOW).heaviest[0].step == "manager"
    assert board_of(watcher, NOW + timedelta(days=7)).heaviest[0].step == "coordinator"


def test_the_number_of_queries_does_not_grow(
    client_of: Callable[..., Any], queries: Callable[..., Any], set_clock: Callable[..., Any]
) -> None:
    set_clock(NOW)
    office = an_office()
    worker = a_worker(office)
    a_post(worker, office, Role.MANAGER)
    shapes = []
    for count in (2, 18):
        for _ in range(count):
            a_late_one(worker)
            leave_message(worker, by=worker, at=NOW - timedelta(days=9), words="折り返し")
        browser = client_of(worker)
        browser.get("/net/")
        with queries() as seen:
            assert browser.get("/net/").status_code == 200
        shapes.append(seen.shape)
    assert shapes[0] == shapes[1]


def test_before_three_closed_days_the_board_says_so(watcher: Worker) -> None:
    eve = datetime(2026, 12, 28, 10, 0, tzinfo=TOKYO)
    assert board_of(watcher, eve).closed_days[0] == date(2026, 12, 29)
    assert board_of(watcher, NOW).closed_days == ()
