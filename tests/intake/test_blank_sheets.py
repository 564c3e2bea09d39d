"""白紙の相談受付票: printed with the number it will have when it is typed in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.factories import NOW, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.intake.actions import issue_blank_sheets, take_consultation
from tsunagi.intake.models import BlankSheet, Consultation
from tsunagi.press.pdf import text_of
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.mark.visits("intake:sheets", "intake:sheets_paper")
def test_blanks_are_printed_and_come_back(
    three_people: Callable[..., Any], client_of: Callable[..., Any], worker: Worker
) -> None:
    client = client_of(worker)
    three_people("/uketsuke/blank/", allowed=worker, stranger=a_worker(role=Role.AUDITOR))
    refused = client.post("/uketsuke/blank/", {"count": "21"})
    assert "20枚まで" in refused.content.decode()
    typed = {"count": "3", "draft": "7a52f4b0-6d43-4a55-9b0b-2f8de4e8f199"}
    for _ in range(2):  # a double click takes three numbers, not six
        assert client.post("/uketsuke/blank/", typed).status_code == 302
    sheets = list(BlankSheet.objects.order_by("id"))
    assert len(sheets) == 3
    answer = three_people(f"/uketsuke/blank/{sheets[0].pk}.pdf", allowed=worker, stranger=a_worker())
    printed = text_of(answer.content).replace(" ", "")
    assert len(PdfReader(BytesIO(answer.content)).pages) == 3
    assert all(sheet.number in printed for sheet in sheets)
    assert "相談受付票" in printed
    number = sheets[1].number
    taken = client.post(
        "/uketsuke/new/", {"words": "夜、宿直が受けた", "sheet_number": f" {number.replace('-', '－')} "}
    )
    assert taken.status_code == 302
    consultation = Consultation.objects.get()
    assert consultation.number == number
    sheets[1].refresh_from_db()
    assert sheets[1].consultation_id == consultation.pk
    again = text_of(client.get(f"/uketsuke/blank/{sheets[0].pk}.pdf").content).replace(" ", "")
    assert number not in again
    assert "1 / 3枚" in client.get("/uketsuke/blank/").content.decode()


def test_a_used_or_never_printed_number_gets_a_sentence_and_nothing_typed_is_lost(
    client_of: Callable[..., Any], worker: Worker
) -> None:
    sheet = issue_blank_sheets(office_id=office_of(worker).pk, count=1, by=worker, at=NOW)[0]
    common: dict[str, Any] = {"by": worker, "at": NOW, "office_id": office_of(worker).pk}
    plain = take_consultation(**common)
    take_consultation(**common, sheet_number=sheet.number)
    assert plain.number != sheet.number
    client = client_of(worker)
    for number, words in (
        (sheet.number, "すでに受け付けてあります"),
        (plain.number, "すでに受け付けてあります"),
        ("8-99999", "まだ印刷されていません"),
    ):
        answer = client.post("/uketsuke/new/", {"words": "聞いたとおり", "sheet_number": number})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "聞いたとおり" in answer.content.decode()
    assert Consultation.objects.count() == 2


def test_the_numbers_never_meet(worker: Worker) -> None:
    office = office_of(worker).pk
    numbers = [sheet.number for sheet in issue_blank_sheets(office_id=office, count=20, by=worker, at=NOW)]
    numbers += [str(take_consultation(by=worker, at=NOW, office_id=office).number) for _ in range(3)]
    assert len(set(numbers)) == 23
    with pytest.raises(Refused):
        issue_blank_sheets(office_id=office, count=0, by=worker, at=NOW)
