"""支援措置の連絡: one office enters what 市民課 lets us know; who is meant is protected, and nobody who entered learns of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.codes.actions import decide
from tsunagi.holding.models import Promise
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.actions import (
    MeasureWish,
    enter_measure,
    match_all_measures,
    register_person,
    withdraw_measure,
)
from tsunagi.people.models import MeasureNotice, Person, Protection
from tsunagi.people.queries import is_protected
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
Visit = Callable[..., Any]
URL = "/people/measures/"
LETTER = {
    "came_on": "R8.6.9", "name": "北山 美月", "kana": "キタヤマ ミツキ", "birth": "S60.4.2", "category": "dv",
    "from_on": "2026-06-01", "measure_until_on": "2027-05-31", "municipality": "長岡京市",
    "other_party_name": "北山 剛", "other_party_relation": "夫",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(set_clock: Visit) -> None:
    set_clock(NOW)


@pytest.fixture
def clerk() -> Worker:
    office = an_office("市民課")
    decide("protection.list_office", office.code)
    return a_worker(office, role="section_clerk", name="戸籍 まどか")


@pytest.fixture
def holder() -> Worker:
    return a_worker(an_office("生活支援課"), name="相田 ゆき")


@pytest.fixture
def her(holder: Worker) -> Person:
    person = register_person(
        by=holder,
        at=NOW,
        office=office_of(holder).pk,
        name="北山 美月",
        kana="キタヤマ ミツキ",
        birth="S60.4.2",
    )
    a_concern(held_by=holder, of=person)
    Notice.objects.all().delete()
    return person


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.visits("people:measures")
def test_one_office_enters_and_everybody_else_finds_no_page(
    three_people: Visit, client_of: Visit, clerk: Worker, holder: Worker
) -> None:
    three_people(URL, allowed=clerk, stranger=holder)
    assert URL in text(client_of(clerk).get("/people/?all=1"))
    assert URL not in text(client_of(holder).get("/people/?all=1"))
    decide("protection.list_office", "")
    assert client_of(clerk).get(URL).status_code == 404


def test_whoever_is_meant_is_protected_and_who_entered_sees_the_same_for_a_stranger(
    client_of: Visit, queries: Visit, run_jobs: Visit, clerk: Worker, her: Person, holder: Worker
) -> None:
    client = client_of(clerk)
    client.post(
        URL, LETTER | {"name": "名乗 らず", "kana": "ナノリ ラズ"}, follow=True
    )  # kept once a process
    with queries() as known:
        one = text(client.post(URL, LETTER, follow=True))
    with queries() as unknown:
        other = text(client.post(URL, LETTER | {"name": "西沢 なみ", "kana": "ニシザワ ナミ"}, follow=True))
    assert known.shape == unknown.shape
    assert "受け取りました" in one and "受け取りました" in other
    assert her.name not in one and "北山" not in one
    assert not is_protected(her.pk)  # not in the request of who entered
    run_jobs()
    protection = Protection.objects.get(person=her)
    assert (protection.category, protection.measure_until_on) == ("dv", date(2027, 5, 31))
    assert protection.other_party_name == "北山 剛"
    promise = Promise.objects.get(kind="protection")
    assert promise.office == office_of(holder)
    assert not Notice.objects.filter(worker=clerk).exists()
    assert "北山" not in text(client.get(URL))
    connection.check_constraints()


def test_a_record_that_is_written_later_is_protected_too(
    run_jobs: Visit, clerk: Worker, holder: Worker
) -> None:
    wish = MeasureWish(TODAY, "北山 美月", kana="キタヤマ ミツキ", birth="S60.4.2")
    notice = enter_measure(wish, office_id=office_of(clerk).pk, by=clerk, at=NOW)
    run_jobs()
    later = register_person(
        by=holder,
        at=NOW,
        office=office_of(holder).pk,
        name="北山 美月",
        kana="キタヤマ ミツキ",
        birth="S60.4.2",
    )
    match_all_measures(at=NOW)
    assert is_protected(later.pk)
    notice.refresh_from_db()
    assert notice.matched == [later.pk]
    # A second night does nothing twice.
    match_all_measures(at=NOW)
    assert Protection.objects.filter(person=later).count() == 1


def test_a_renewal_moves_the_last_day_and_nothing_shortens_it(
    run_jobs: Visit, clerk: Worker, her: Person
) -> None:
    for until in (date(2027, 5, 31), date(2028, 5, 31), date(2026, 12, 31)):
        wish = MeasureWish(
            TODAY, "北山 美月", kana="キタヤマ ミツキ", birth="S60.4.2", measure_until_on=until
        )
        enter_measure(wish, office_id=office_of(clerk).pk, by=clerk, at=NOW)
        run_jobs()
    assert Protection.objects.get(person=her).measure_until_on == date(2028, 5, 31)


def test_a_name_alone_protects_nobody_and_asks_those_who_are_with_her(
    run_jobs: Visit, clerk: Worker, her: Person, holder: Worker
) -> None:
    with pytest.raises(Refused, match="どちらか"):
        enter_measure(MeasureWish(TODAY, "北山 美月"), office_id=office_of(clerk).pk, by=clerk, at=NOW)
    wish = MeasureWish(TODAY, "北山 美月", kana="キタヤマ ミツキ", phone="075-333-4444")
    enter_measure(wish, office_id=office_of(clerk).pk, by=clerk, at=NOW)
    run_jobs()
    assert not is_protected(her.pk)
    assert Notice.objects.filter(worker=holder, sentence__contains="支援措置の連絡").count() == 1
    match_all_measures(at=NOW)
    assert Notice.objects.filter(worker=holder, sentence__contains="支援措置の連絡").count() == 1


def test_late_is_shown_to_the_manager(client_of: Visit, clerk: Worker) -> None:
    manager = office_of(clerk).duty_worker
    client_of(clerk).post(URL, LETTER | {"came_on": "2026-06-02"})
    notice = MeasureNotice.objects.get()
    assert (notice.due_on, notice.late_days) == (date(2026, 6, 3), 4)
    assert Notice.objects.filter(worker=manager, sentence__contains="4開庁日遅れました").exists()
    assert "遅れて入れた" in text(client_of(manager).get(URL))
    assert Entry.objects.get(action="measure.entered").detail["late"] == 4


def test_a_mistake_is_taken_back_by_its_number(run_jobs: Visit, clerk: Worker, her: Person) -> None:
    wish = MeasureWish(TODAY, "北山 美月", kana="キタヤマ ミツキ", birth="S60.4.2")
    notice = enter_measure(wish, office_id=office_of(clerk).pk, by=clerk, at=NOW)
    with pytest.raises(Refused):
        withdraw_measure(notice.pk, office_id=an_office("よそ").pk, by=clerk, at=NOW)
    withdraw_measure(notice.pk, office_id=office_of(clerk).pk, by=clerk, at=NOW)
    run_jobs()
    assert not is_protected(her.pk)


def test_a_name_nobody_here_bears_is_forgotten_a_year_after_its_last_day(clerk: Worker) -> None:
    wish = MeasureWish(TODAY, "西沢 なみ", birth="S60.4.2", measure_until_on=TODAY + timedelta(days=300))
    notice = enter_measure(wish, office_id=office_of(clerk).pk, by=clerk, at=NOW)
    match_all_measures(at=NOW + timedelta(days=600))
    notice.refresh_from_db()
    assert notice.name == "西沢 なみ"
    match_all_measures(at=NOW + timedelta(days=700))
    notice.refresh_from_db()
    assert (notice.name, notice.birth) == ("", "") and notice.forgotten_at is not None
