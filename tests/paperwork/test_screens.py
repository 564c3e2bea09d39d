"""The screens: allowed, stranger, anonymous; printing twice by one press is one copy; a copy opens on its day, to its printer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, a_concern, a_household, a_person, a_post, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import open_case
from tsunagi.cases.models import Case
from tsunagi.journal.models import Entry
from tsunagi.paperwork.models import Printed
from tsunagi.paperwork.rules import FORMS
from tsunagi.press.pdf import text_of
from tsunagi.workbench.models import LongRun

pytestmark = pytest.mark.django_db
Answer = Any


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def case(worker: Worker) -> Case:
    household = a_household(a_person("森田 ハル"), label="森田さんの世帯")
    concern = a_concern(held_by=worker, of=household, description="家賃の滞納")
    opened = open_case(household.pk, by=worker, at=NOW, title="8050の世帯", concern_ids=[concern.pk])
    connection.check_constraints()
    return opened


def wish(page: Answer, **more: str) -> dict[str, str]:
    return {"draft": str(page.context["sheet"].id), "form": "keika", "mask": "real", "fmt": "pdf"} | more


@pytest.mark.visits("paperwork:index")
def test_the_forms_stand_with_what_is_missing(
    three_people: Callable[..., Answer], case: Case, worker: Worker
) -> None:
    text = three_people(f"/chouhyou/{case.pk}/", allowed=worker, stranger=a_worker()).content.decode()
    for form in FORMS:
        assert form.name in text
    assert "項目" in text and "空欄なし" in text
    assert "まだ印刷した紙はありません" in text


@pytest.mark.visits("paperwork:file")
def test_one_press_is_one_copy_with_one_number(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    client = client_of(worker)
    address = f"/chouhyou/{case.pk}/"
    sent = wish(client.get(address), for_whom="会議")
    first, again = client.post(address, sent), client.post(address, sent)
    row = Printed.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"{address}copies/{row.pk}/file/"
    answer = three_people(first.headers["Location"], allowed=worker, stranger=a_worker())
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "inline" in answer.headers["Content-Disposition"]
    assert f"P{row.pk:06d}" in text_of(answer.content)
    assert Entry.objects.filter(action="paper.opened", subject_id=case.pk).exists()
    assert f"P{row.pk:06d}" in client.get(address).content.decode()


def test_a_copy_opens_to_its_printer_on_its_day_alone(
    client_of: Callable[..., Any], case: Case, worker: Worker, set_clock: Callable[..., Any]
) -> None:
    client = client_of(worker)
    where = client.post(
        f"/chouhyou/{case.pk}/", wish(client.get(f"/chouhyou/{case.pk}/"), fmt="xlsx")
    ).headers["Location"]
    sheet = client.get(where)
    assert "attachment" in sheet.headers["Content-Disposition"] and sheet.content.startswith(b"PK")
    colleague = a_worker(office_of(worker))
    assert client_of(colleague).get(where).status_code == 404
    assert client_of(colleague).get(f"/chouhyou/{case.pk}/").status_code == 200
    set_clock(NOW + timedelta(days=1))
    assert client.get(where).status_code == 409


def test_what_cannot_be_printed_is_said_on_the_page(
    client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    client = client_of(worker)
    address = f"/chouhyou/{case.pk}/"
    for more, words in (
        ({"form": "nani"}, "この帳票はありません"), ({"form": "plan-easy", "mask": "initial"}, "実名だけ"),
        ({"for_whom": "123456789018"}, "個人番号"),
    ):  # fmt: skip
        answer = client.post(address, wish(client.get(address), **more))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Printed.objects.exists()


@pytest.mark.visits("paperwork:blank")
def test_a_blank_is_taken_by_whoever_reads_files(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], worker: Worker
) -> None:
    admin = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    answer = three_people("/chouhyou/blank/assessment.pdf", allowed=worker, stranger=admin)
    assert "インテーク・アセスメントシート" in text_of(answer.content)
    client = client_of(worker)
    assert client.get("/chouhyou/blank/plan.xlsx").content.startswith(b"PK")
    assert client.get("/chouhyou/blank/nani.pdf").status_code == 404
    assert client.get("/chouhyou/blank/plan.docx").status_code == 404
    assert Entry.objects.filter(action="paper.blank_taken").count() >= 2


@pytest.mark.visits("paperwork:copy")
def test_what_became_of_a_copy_is_written_down(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    client = client_of(worker)
    client.post(f"/chouhyou/{case.pk}/", wish(client.get(f"/chouhyou/{case.pk}/"), for_whom="7月の会議"))
    row = Printed.objects.get()
    address = f"/chouhyou/{case.pk}/copies/{row.pk}/"
    assert "7月の会議" in three_people(address, allowed=worker, stranger=a_worker()).content.decode()
    assert client.get(f"/chouhyou/{case.pk}/copies/{row.pk + 9}/").status_code == 404
    assert client.post(address, {"ask": "1"}).status_code == 302
    assert "返却を頼んだ" in client.get(f"/chouhyou/{case.pk}/").content.decode()
    assert client.post(address, {"ask": "1"}).status_code == 422
    assert client.post(address, {"how": ""}).status_code == 422
    assert client.post(address, {"how": "shredded"}).status_code == 302
    assert "裁断した" in client.get(f"/chouhyou/{case.pk}/").content.decode()


@pytest.mark.visits("paperwork:many")
def test_many_are_asked_for_once_and_made_by_a_job(
    three_people: Callable[..., Answer],
    client_of: Callable[..., Any],
    run_jobs: Callable[..., Any],
    case: Case,
    worker: Worker,
) -> None:
    admin = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    page = three_people("/chouhyou/?which=office", allowed=worker, stranger=admin)
    assert "8050の世帯" in page.content.decode()
    assert "支援ケース一覧" not in page.content.decode()
    client = client_of(worker)
    sent = wish(page, together="zip", cases=str(case.pk))
    first, again = client.post("/chouhyou/?which=office", sent), client.post("/chouhyou/?which=office", sent)
    run = LongRun.objects.get()
    assert first.headers["Location"] == again.headers["Location"] == f"/workbench/runs/{run.pk}/"
    run_jobs()
    assert "1件を印刷しました" in client.get(f"/workbench/runs/{run.pk}/").content.decode()
    assert client.get(f"/workbench/runs/{run.pk}/file/").content.startswith(b"PK")
    refused = client.post("/chouhyou/", wish(client.get("/chouhyou/"), together="zip"))
    assert refused.status_code == 422
    assert "1つ以上" in refused.content.decode()
    other = client.post("/chouhyou/", wish(client.get("/chouhyou/"), together="zip", cases="99999"))
    assert other.status_code == 422


def test_a_page_with_more_copies_asks_no_more(
    client_of: Callable[..., Any], queries: Callable[..., Any], case: Case, worker: Worker
) -> None:
    client = client_of(worker)
    address = f"/chouhyou/{case.pk}/"

    def shape() -> Any:
        with queries() as seen:
            client.get(address)
        return seen.shape

    client.get(address)
    client.post(address, wish(client.get(address)))
    before = shape()
    for _ in range(5):
        client.post(address, wish(client.get(address)))
    assert shape() == before


def test_whoever_works_elsewhere_too_sees_only_what_their_offices_see(
    client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    both = a_worker(an_office("よその窓口"))
    assert client_of(both).get(f"/chouhyou/{case.pk}/").status_code == 404
    a_post(both, office_of(worker))
    assert client_of(both).get(f"/chouhyou/{case.pk}/").status_code == 200
    assert not re.search(r"P0\d+", client_of(both).get(f"/chouhyou/{case.pk}/").content.decode())
