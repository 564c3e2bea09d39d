"""Where a protected person is visited stands on no list, paper, booking or calendar that others read: tried, one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.diary.test_screens import a_visit, pdf, text
from tests.factories import NOW, a_concern, a_household, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.desk.queries.papers import night_values
from tsunagi.diary.models import Appointment, TakenOut
from tsunagi.diary.queries import SOMEBODY_PROTECTED
from tsunagi.people.actions import protect
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]
# A name, a place, a school, an agency near home: what somebody who looks for her would know her by.
TELLING = ("森田", "ハル", "西山公園", "第九小", "ひだまり寮", "あおぞら作業所")


@pytest.fixture(autouse=True)
def _now(set_clock: Client, settings: Any, tmp_path: Path) -> None:
    set_clock(NOW)
    settings.VAR = tmp_path


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室", phone="075-000-0001"), name="相田 ゆき")


@pytest.fixture
def visit(worker: Worker) -> Appointment:
    person = a_person("森田 ハル")
    a_concern(
        held_by=worker, of=person, description="ひだまり寮から第九小へ通う子のこと。あおぞら作業所へ同行"
    )
    made = a_visit(worker, person, at_home=False, place="西山公園の東屋", note="第九小の裏門で待つ")
    protect(person, category="provisional", reason="夫からの暴力", by=worker, at=NOW)
    connection.check_constraints()
    return made


def tells(words: str) -> list[str]:
    return [word for word in TELLING if word in words]


def test_colleagues_read_that_somebody_goes_out_and_not_to_whom(
    client_of: Client, worker: Worker, visit: Appointment
) -> None:
    colleague = a_worker(office_of(worker))
    page = text(client_of(colleague).get("/yotei/?whose=office"))
    assert SOMEBODY_PROTECTED in page and "14:00" in page
    assert tells(page) == []
    assert f"/person/{visit.party_id}/" not in page
    # Who goes there reads whom, and still no place.
    assert tells(text(client_of(worker).get("/yotei/?whose=office"))) == ["森田", "ハル"]


def test_who_goes_along_reads_whom_and_no_place(
    client_of: Client, worker: Worker, visit: Appointment
) -> None:
    other = a_worker(office_of(worker))
    Appointment.objects.filter(pk=visit.pk).update(second=other)
    assert tells(text(client_of(other).get("/yotei/"))) == ["森田", "ハル"]


def test_the_booking_of_a_car_says_that_somebody_is_out(
    client_of: Client, worker: Worker, visit: Appointment
) -> None:
    page = text(client_of(worker).get(f"/yotei/{visit.pk}/"))
    booked = page.split("公用車の予約・行先表には")[1].split("とだけ書きます")[0]
    assert "外出" in booked and "14:00" in booked
    assert tells(booked) == [] and "訪問" not in booked
    plain = a_person("山本 一")
    a_concern(held_by=worker, of=plain)
    other = a_visit(worker, plain, begins=time(9), ends=time(10), place="長法寺公民館", at_home=False)
    page = text(client_of(worker).get(f"/yotei/{other.pk}/"))
    booked = page.split("公用車の予約・行先表には")[1].split("とだけ書きます")[0]
    assert "訪問" in booked and "山本" not in booked and "長法寺" not in booked


@pytest.mark.parametrize("kind", ["today", "visits"])
def test_no_paper_names_her_or_a_place(
    client_of: Client, worker: Worker, visit: Appointment, kind: str
) -> None:
    client = client_of(worker)
    client.post("/kami/", {"kind": kind})
    printed = pdf(client.get(f"/kami/{TakenOut.objects.get().pk}.pdf"))
    assert f"番号{visit.party_id}" in printed
    assert tells(printed) == []


def test_the_paper_of_the_night_names_neither(worker: Worker, visit: Appointment) -> None:
    with opened_trail(None, "task", NOW):
        values = night_values(office_of(worker), NOW)
    assert tells(str(values)) == []
    assert f"番号 {visit.party_id}" in str(values)


def test_a_visit_to_the_house_she_lives_in_is_hidden_too(
    client_of: Client, worker: Worker, visit: Appointment
) -> None:
    sister = a_person("谷口 なつ")
    home = a_household(sister, visit.party.person)
    a_concern(held_by=worker, of=home)
    concern = home.party.concerns.get()
    made = Appointment.objects.get(
        pk=a_visit(worker, home, begins=time(10), ends=time(11), at_home=False, place="ひだまり寮").pk
    )
    assert concern.party_id == made.party_id
    page = text(client_of(a_worker(office_of(worker))).get("/yotei/?whose=office"))
    assert tells(page) == [] and page.count(SOMEBODY_PROTECTED) >= 2
