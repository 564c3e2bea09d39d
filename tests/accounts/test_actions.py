"""Deeds on offices, workers, postings and calendars, on the database."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.factories import NOW, TODAY, a_concern, a_post, a_worker, an_office, office_of
from tsunagi.accounts import actions, queries, tasks
from tsunagi.accounts.models import CalendarDay, Office, Posting, Worker
from tsunagi.accounts.rules import Field, LegalKind, Role, RunBy, Stale
from tsunagi.journal.models import Entry
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db

FIELDS: dict[str, Any] = {
    "name": "福祉なんでも相談室",
    "run_by": RunBy.CITY,
    "legal_kind": LegalKind.MAYOR,
    "field": Field.GENERAL,
    "open_weekdays": [0, 1, 2, 3, 4],
}


@pytest.fixture
def administrator() -> Worker:
    return a_worker(role=Role.SYSTEM_ADMINISTRATOR)


def actions_of(kind: str) -> list[str]:
    return list(Entry.objects.filter(subject_kind=kind).order_by("id").values_list("action", flat=True))


def test_an_office_has_a_duty_worker_from_its_first_moment(administrator: Worker) -> None:
    with pytest.raises(Refused, match="当番が必要"):
        actions.open_office("NANDEMO", FIELDS, by=administrator, at=NOW)
    duty = a_worker()
    office = actions.open_office("NANDEMO", FIELDS | {"duty_worker_id": duty.pk}, by=administrator, at=NOW)
    connection.check_constraints()
    post = Posting.objects.get(worker=duty, office=office)
    assert (post.role, post.since) == (Role.MANAGER, TODAY)
    assert "office.opened" in actions_of("office")
    with pytest.raises(Refused, match="使われています"):
        actions.open_office("NANDEMO", FIELDS | {"duty_worker_id": duty.pk}, by=administrator, at=NOW)


def test_an_agency_that_does_not_sign_in_needs_none(administrator: Worker) -> None:
    agency = actions.open_office("MIDORI", FIELDS, signs_in=False, by=administrator, at=NOW)
    connection.check_constraints()
    assert agency.duty_worker_id is None
    assert agency in queries.offices(signing_in=False)


def test_two_people_who_change_an_office_are_told(administrator: Worker) -> None:
    office = an_office(phone="075-000-0001")
    actions.change_office(office, {"phone": "075-000-0002"}, revision=1, by=administrator, at=NOW)
    with pytest.raises(Stale) as stale:
        actions.change_office(office, {"phone": "075-000-0003"}, revision=1, by=administrator, at=NOW)
    assert stale.value.differences == (("電話", "075-000-0002", "075-000-0003"),)
    assert Office.objects.get(pk=office.pk).phone == "075-000-0002"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"duty_worker_id": None}, "当番が必要"),
        ({"name": "番号 1234-5678-9018"}, "個人番号"),
        ({"open_weekdays": []}, "曜日"),
    ],
)
def test_an_office_may_not_become(administrator: Worker, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        actions.change_office(an_office(), changed, revision=1, by=administrator, at=NOW)


def test_the_duty_worker_belongs_to_the_office(administrator: Worker) -> None:
    office, stranger = an_office(), a_worker()
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="当番"), transaction.atomic():
        actions.change_office(office, {"duty_worker_id": stranger.pk}, revision=1, by=administrator, at=NOW)
        connection.check_constraints()


def test_a_registered_worker_signs_in_and_sees_nothing_yet(administrator: Worker) -> None:
    worker, password = actions.register_worker("hanako", {"name": "架空 花子"}, by=administrator, at=NOW)
    assert authenticate(None, username="hanako", password=password) == worker
    assert queries.posts_of(worker) == ()
    assert password not in str(Entry.objects.filter(subject_kind="worker").values("detail"))


@pytest.mark.parametrize(
    ("name", "fields", "password", "words"),
    [
        ("Hanako", {"name": "架空 花子"}, None, "サインイン名"),
        ("taken", {"name": "架空 花子"}, None, "使われています"),
        ("hanako", {"name": " "}, None, "氏名"),
        ("hanako", {"name": "架空 花子"}, "short", "12"),
        ("hanako", {"name": "架空 花子"}, "password123456", "パスワード"),
        ("hanako", {"name": "架空 花子", "phone": "123456789018"}, None, "個人番号"),
    ],
)
def test_a_worker_may_not_be_registered(
    administrator: Worker, name: str, fields: dict[str, Any], password: str | None, words: str
) -> None:
    Worker.objects.create(sign_in_name="taken", name="架空 次郎")
    with pytest.raises(Refused, match=words):
        actions.register_worker(name, fields, by=administrator, at=NOW, password=password)


def test_a_new_password_replaces_the_old_one(administrator: Worker) -> None:
    worker, old = actions.register_worker("hanako", {"name": "架空 花子"}, by=administrator, at=NOW)
    new = actions.give_password(worker, by=administrator, at=NOW)
    assert authenticate(None, username="hanako", password=old) is None
    assert authenticate(None, username="hanako", password=new) == worker
    with pytest.raises(Refused, match="マイページ"):
        actions.give_password(administrator, by=administrator, at=NOW)
    gone = a_worker(is_active=False)
    with pytest.raises(Refused, match="離任"):
        actions.give_password(gone, by=administrator, at=NOW)


def test_a_new_main_post_takes_the_place_of_the_old_one(administrator: Worker) -> None:
    worker, second = a_worker(), an_office()
    first = office_of(worker)
    actions.post(worker, second, Role.COORDINATOR, since=TODAY, by=administrator, at=NOW)
    again = Worker.objects.get(pk=worker.pk)
    assert queries.main_office_id(again) == second.pk
    assert queries.office_ids(again) == (second.pk, first.pk)
    actions.end_posting(Posting.objects.get(worker=worker, office=second), by=administrator, at=NOW)
    connection.check_constraints()
    assert queries.main_office_id(Worker.objects.get(pk=worker.pk)) == first.pk
    assert Posting.objects.get(worker=worker, office=first).is_main


def test_nobody_gives_or_ends_a_post_of_their_own(administrator: Worker) -> None:
    with pytest.raises(Refused, match="自分の配属"):
        actions.post(administrator, an_office(), Role.COUNSELLOR, since=TODAY, by=administrator, at=NOW)
    with pytest.raises(Refused, match="自分の配属"):
        actions.end_posting(Posting.objects.get(worker=administrator), by=administrator, at=NOW)


def test_who_still_holds_keeps_the_post(administrator: Worker) -> None:
    worker = a_worker()
    a_concern(held_by=worker)
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="後任"), transaction.atomic():
        actions.end_posting(Posting.objects.get(worker=worker), by=administrator, at=NOW)
        connection.check_constraints()


def test_days_of_the_city_and_of_an_office(administrator: Worker) -> None:
    office = an_office()
    day = date(2026, 10, 1)
    actions.set_calendar_day(None, day, is_open=False, label="市制記念日", by=administrator, at=NOW)
    assert not queries.calendar_of(office.pk).is_open(day)
    actions.set_calendar_day(office, day, is_open=True, label="", by=administrator, at=NOW)
    assert queries.calendar_of(office.pk).is_open(day)
    assert not queries.city_calendar().is_open(day)
    actions.set_calendar_day(office, day, is_open=False, label="", by=administrator, at=NOW)
    assert CalendarDay.objects.count() == 2
    actions.remove_calendar_day(CalendarDay.objects.get(office=None), by=administrator, at=NOW)
    assert queries.city_calendar().is_open(day)
    with pytest.raises(Refused, match="個人番号"):
        actions.set_calendar_day(None, day, is_open=True, label="123456789018", by=administrator, at=NOW)


def test_being_seen_is_noted_twice_an_hour(administrator: Worker, queries: Any) -> None:
    worker = a_worker()
    for minutes, written in ((10, 0), (30, 1), (45, 0), (61, 1)):
        with queries() as seen:
            actions.note_seen(worker, NOW + timedelta(minutes=minutes))
        assert seen.count == written
    assert Worker.objects.get(pk=worker.pk).last_seen_at == NOW + timedelta(minutes=61)


def test_an_empty_installation_gets_its_first_administrator() -> None:
    worker, password = actions.found_installation("kanri", "架空 花子", "情報システム担当", at=NOW)
    connection.check_constraints()
    assert queries.roles_of(worker) == {Role.SYSTEM_ADMINISTRATOR}
    assert authenticate(None, username="kanri", password=password) == worker
    with pytest.raises(Refused, match="すでに登録"):
        actions.found_installation("kanri2", "架空 次郎", "情報システム担当", at=NOW)


def test_a_worker_says_on_which_days_they_work() -> None:
    worker = a_worker()
    actions.change_my_weekdays(worker, [3, 1], at=NOW)
    assert Worker.objects.get(pk=worker.pk).weekdays == [1, 3]
    calendar = queries.calendar_of(office_of(worker).pk, worker.pk)
    assert calendar.is_open(date(2026, 6, 9))  # a Tuesday
    assert not calendar.is_open(date(2026, 6, 10))


def test_a_second_post_elsewhere(administrator: Worker) -> None:
    worker, other = a_worker(), an_office()
    a_post(worker, other, Role.OUTREACH_WORKER)
    cards = queries.postings_of(worker_id=worker.pk)
    assert [card.is_main for card in cards] == [True, False]
    with pytest.raises(Refused, match="すでに同じ役割"):
        actions.post(worker, other, Role.OUTREACH_WORKER, since=TODAY, by=administrator, at=NOW)


def test_sessions_that_ended_go() -> None:
    from django.contrib.sessions.models import Session

    for name, days in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=name, session_data="", expire_date=timezone.now() + timedelta(days=days)
        )
    tasks.forget_sessions()
    assert [session.session_key for session in Session.objects.order_by("session_key")] == ["new"]
