"""The Excel of five cells: what may be written in it, what it does when it comes back, and what it never does."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office, an_outside_agency
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Field, Role
from tsunagi.press.sheets import XLSX
from tsunagi.referrals import actions
from tsunagi.referrals.models import Referral
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db
BOOKS = "/tsunagi/books/"


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any) -> None:
    set_clock(NOW)


@pytest.fixture
def sender() -> Worker:
    a_worker(an_office("くらし連携担当", field=Field.COORDINATION), role=Role.COORDINATOR)
    return a_worker(an_office("福祉なんでも相談室"))


@pytest.fixture
def hospital() -> Office:
    return an_outside_agency("ひがし病院")


def sent(by: Worker, to: Office) -> Referral:
    with opened_trail(None, "test"):
        referral = actions.send_referral(
            [a_concern(held_by=by).pk], to_office=to, reason="相談", person_told="agreed", by=by, at=NOW
        )
        connection.check_constraints()
    return referral


def taken(client: Any, office: Office) -> Any:
    answer = client.get(reverse("referrals:book", args=[office.pk]))
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content))


def back(client: Any, book: Any) -> Any:
    stream = io.BytesIO()
    book.save(stream)
    return upload(client, stream.getvalue())


def upload(client: Any, data: bytes, name: str = "返信.xlsx") -> Any:
    return client.post(BOOKS, {"book": SimpleUploadedFile(name, data, XLSX)})


def take_in(client: Any, preview: Any) -> Any:
    form = preview.context["take_in"]
    body = {"rows": form["rows"].value(), "draft": str(uuid.uuid4())}
    return client.post(reverse("referrals:take_in_book"), body)


def fill(book: Any, line: int, **cells: Any) -> None:
    places = {"answer": "E", "reason": "F", "met": "G", "who": "H", "next": "I"}
    for name, value in cells.items():
        book["返信"][f"{places[name]}{line}"] = value


def why(preview: Any, line: int) -> str:
    return next(row.why_not for row in preview.context["rows"] if row.line == line)


@pytest.mark.visits("referrals:books", "referrals:book", "referrals:take_in_book")
def test_the_books_are_for_those_who_sent(
    three_people: Any, client_of: Any, client: Any, sender: Worker, hospital: Office
) -> None:
    referral = sent(sender, hospital)
    page = three_people(BOOKS, allowed=sender, stranger=a_worker(role=Role.SYSTEM_ADMINISTRATOR))
    assert "ひがし病院" in page.content.decode()
    url = reverse("referrals:book", args=[hospital.pk])
    book = load_workbook(
        io.BytesIO(three_people(url, allowed=sender, stranger=a_worker(), stranger_sees=409).content)
    )
    sheet = book["返信"]
    assert sheet.protection.sheet
    assert [sheet.cell(4, column).protection.locked for column in range(1, 10)] == [True] * 4 + [False] * 5
    assert sheet.page_setup.paperSize == "9" or sheet.page_setup.paperSize == 9
    everything = " ".join(str(cell.value) for line in sheet.iter_rows() for cell in line)
    assert referral.party.person.name not in everything
    assert client_of(sender).get(reverse("referrals:take_in_book")).status_code == 302
    assert client.get(reverse("referrals:take_in_book")).status_code == 302


def test_a_filled_book_is_previewed_then_does_what_it_says_and_twice_adds_nothing(
    client_of: Any, sender: Worker, hospital: Office
) -> None:
    yes, no, empty = (sent(sender, hospital) for _ in range(3))
    client = client_of(sender)
    book = taken(client, hospital)
    fill(book, 4, answer="受けます", who="相談員 架空", met=TODAY, next="R8.12.10")
    fill(book, 5, answer="受けません", reason="資源なし・待機")
    preview = back(client, book)
    assert Referral.objects.filter(state="sent").count() == 3
    assert preview.context["count"] == 2
    assert "空です" in why(preview, 6)
    take_in(client, preview)
    states = {one.pk: Referral.objects.get(pk=one.pk).state for one in (yes, no, empty)}
    assert states == {yes.pk: "accepted", no.pk: "declined", empty.pk: "sent"}
    assert Referral.objects.get(pk=yes.pk).first_contact_at is not None
    again = back(client, book)
    assert again.context["count"] == 0
    assert "すでに" in why(again, 4)
    assert "すでに" in why(again, 5)
    # The first preview, sent once more from a window left open.
    revisions = list(Referral.objects.order_by("pk").values_list("revision", flat=True))
    take_in(client, preview)
    assert list(Referral.objects.order_by("pk").values_list("revision", flat=True)) == revisions


def test_rows_that_moved_on_between_preview_and_taking_in_change_nothing(
    client_of: Any, sender: Worker, hospital: Office
) -> None:
    first, second = sent(sender, hospital), sent(sender, hospital)
    client = client_of(sender)
    book = taken(client, hospital)
    for line in (4, 5):
        fill(book, line, answer="受けます", who="相談員")
    preview = back(client, book)
    with opened_trail(None, "test"):
        actions.withdraw(first, reason="入院した", by=sender, at=NOW)
    answer = take_in(client, preview)
    told = " ".join(str(message) for message in client.get(answer.headers["Location"]).context["messages"])
    assert "4行目" in told
    assert "取り下げ" in told
    assert Referral.objects.get(pk=first.pk).state == "withdrawn"
    assert Referral.objects.get(pk=second.pk).state == "accepted"
    assert "取り下げ" in why(back(client, book), 4)


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("E4", '=IF(1,"受けます","")', "数式"),
        ("G4", "=TODAY()", "数式"),
        ("E4", "うけるかも", "だけが読めます"),
        ("G4", "らいしゅう", "日付として読めません"),
        ("G4", "2020-01-01", "送る前の日"),
        ("H4", None, "担当の方"),
        ("H4", "123456789018", "個人番号"),
        ("B4", "2020-01-01", "変わっています"),
        ("A4", "08-99999-0", "番号"),
        ("D4", "ほかの人", "変わっています"),
    ],
)
def test_a_row_that_cannot_be_trusted_is_listed_with_the_reason(
    client_of: Any, sender: Worker, hospital: Office, cell: str, value: Any, words: str
) -> None:
    sent(sender, hospital)
    client = client_of(sender)
    book = taken(client, hospital)
    fill(book, 4, answer="受けます", who="相談員")
    book["返信"][cell] = value
    preview = back(client, book)
    assert preview.context["count"] == 0
    assert words in why(preview, 4)


def test_another_offices_number_is_nobodys_here(client_of: Any, sender: Worker, hospital: Office) -> None:
    sent(sender, hospital)
    other = a_worker(an_office("ほかの窓口"))
    book = taken(client_of(sender), hospital)
    fill(book, 4, answer="受けます", who="相談員")
    preview = back(client_of(other), book)
    assert "送られていません" in why(preview, 4)
    signed_by_another = preview.context["take_in"]["rows"].value()
    mine = client_of(sender).post(
        reverse("referrals:take_in_book"), {"rows": signed_by_another, "draft": str(uuid.uuid4())}
    )
    assert mine.status_code == 409


def test_the_same_number_twice_is_read_once(client_of: Any, sender: Worker, hospital: Office) -> None:
    sent(sender, hospital)
    client = client_of(sender)
    book = taken(client, hospital)
    fill(book, 4, answer="受けます", who="相談員")
    for column in range(1, 10):
        book["返信"].cell(5, column).value = book["返信"].cell(4, column).value
    preview = back(client, book)
    assert (preview.context["count"], "上にも" in why(preview, 5)) == (1, True)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("xl/workbook.xml", "<workbook/>")
        parcel.writestr("xl/sharedStrings.xml", b"0" * 30_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bomb, "異常に大きく"),
        (lambda: "番号,返事\n08-00001-1,受けます".encode("cp932"), "Excelブック(.xlsx)ではありません"),
        (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 600, "パスワード"),
        (lambda: b"PK\x03\x04" + b"broken" * 40, "こわれていて"),
        (lambda: b"%PDF-1.7", "ではありません"),
    ],
    ids=["a zip bomb", "a CP932 csv", "a locked book", "half a book", "a PDF"],
)
def test_a_file_that_is_no_book_of_ours_is_refused_in_words(
    client_of: Any, sender: Worker, data: Any, words: str
) -> None:
    refused = upload(client_of(sender), data())
    assert refused.status_code == 422
    assert words in refused.content.decode()


def test_a_book_with_moved_columns_is_refused(client_of: Any, sender: Worker, hospital: Office) -> None:
    sent(sender, hospital)
    client = client_of(sender)
    book = taken(client, hospital)
    book["返信"].insert_cols(5)
    assert "見出しが変わって" in back(client, book).content.decode()
    book.remove(book["返信"])
    book.create_sheet("Sheet1")
    assert "「返信」のシートがありません" in back(client, book).content.decode()
