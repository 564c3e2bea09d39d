"""A worker's own days off and extra days; days in a row of the city's and an office's calendar."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office, office_of
from tsunagi.accounts import actions
from tsunagi.accounts.models import CalendarDay, Worker, WorkerDay
from tsunagi.accounts.queries import CalendarBook, calendar_of
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Hold
from tsunagi.holding.queries import RowMaker, holds
from tsunagi.shared.days import Calendar
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any) -> Any:
    set_clock(NOW)
    with opened_trail(None, "test"):
        yield


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office(), weekdays=[1, 3])


def calendars(worker: Worker) -> list[Calendar]:
    office_id = office_of(worker).pk
    return [calendar_of(office_id, worker.pk), CalendarBook().of(office_id, worker.pk)]


def test_a_day_off_is_closed_and_an_extra_day_is_open(worker: Worker) -> None:
    thursday, friday = date(2026, 6, 11), date(2026, 6, 12)
    for calendar in calendars(worker):
        assert calendar.is_open(thursday)
        assert not calendar.is_open(friday)
    actions.set_my_days(worker, thursday, works=False, at=NOW)
    actions.set_my_days(worker, friday, works=True, at=NOW)
    for calendar in calendars(worker):
        assert not calendar.is_open(thursday)
        assert calendar.is_open(friday)
    # Nobody works where the office is closed.
    saturday = date(2026, 6, 13)
    actions.set_my_days(worker, saturday, works=True, at=NOW)
    assert not any(calendar.is_open(saturday) for calendar in calendars(worker))
    assert calendar_of(office_of(worker).pk).is_open(thursday)


def test_a_due_day_on_a_day_off_is_shown_and_coloured_before_it(worker: Worker) -> None:
    concern = a_concern(held_by=worker)
    hold = Hold.objects.get(concern=concern)
    actions.set_my_days(worker, TODAY + timedelta(days=1), hold.due_on, works=False, at=NOW)
    row = RowMaker(NOW).of_hold(holds(Hold.objects.filter(pk=hold.pk)).get())
    assert row.due_on > TODAY
    assert row.shown_on == TODAY
    assert row.lateness == "amber"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 6, 12), date(2026, 6, 10), "前になっています"),
        (date(2026, 6, 12), date(2027, 6, 10), "92日まで"),
    ],
    ids=["ends before it begins", "a year"],
)
def test_days_in_a_row_are_refused_when(worker: Worker, first: date, last: date, words: str) -> None:
    with pytest.raises(Refused, match=words):
        actions.set_my_days(worker, first, last, works=False, at=NOW)
    assert not WorkerDay.objects.exists()


@pytest.mark.visits("accounts:my_days", "accounts:remove_my_day")
def test_my_days_are_mine(client: Any, client_of: Any, worker: Worker) -> None:
    me, stranger = client_of(worker), client_of(a_worker())
    assert client.get(reverse("accounts:my_days")).status_code == 302
    assert me.get(reverse("accounts:my_days")).status_code == 200
    assert (
        me.post(reverse("accounts:my_days"), {"day": "R8.6.11", "works": "off", "label": "振替"}).status_code
        == 302
    )
    refused = me.post(
        reverse("accounts:my_days"), {"day": "2026-06-12", "until": "2026-06-10", "works": "off"}
    )
    assert refused.status_code == 422
    assert "until" in refused.context["day_form"].errors
    (row,) = WorkerDay.objects.all()
    assert (row.day, row.works, row.label) == (date(2026, 6, 11), False, "振替")
    assert "振替" in me.get(reverse("accounts:me")).content.decode()
    address = reverse("accounts:remove_my_day", args=[row.pk])
    assert client.get(address).status_code == 302
    assert stranger.post(address).status_code == 404
    assert me.get(address).status_code == 302
    assert WorkerDay.objects.exists()
    assert me.post(address).status_code == 302
    assert not WorkerDay.objects.exists()


def test_new_year_of_a_facility_is_one_entry(client_of: Any) -> None:
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    facility = an_office("いきいきセンター")
    address = reverse("permissions:office_calendar", args=[facility.pk])
    form = {"day": "2026-12-28", "until": "2027-01-04", "opens": "closed", "label": "年末年始"}
    assert client_of(administrator).post(address, form).status_code == 302
    assert CalendarDay.objects.filter(office=facility, is_open=False).count() == 8
    assert calendar_of(facility.pk).add(date(2026, 12, 27), 1) == date(2027, 1, 5)
    assert calendar_of(None).is_open(date(2026, 12, 28))
