"""Hundreds of entries: paged, filtered, a fixed number of queries; a note of 10 MB; files that mean harm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, a_concern, a_household, a_person, a_worker, an_office
from tests.workbench.files import a_jpeg, a_pdf
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import open_case, state_own_words, write_note
from tsunagi.cases.models import Case, Note
from tsunagi.cases.queries import NoteAsked, case_page
from tsunagi.cases.rules import LONGEST
from tsunagi.people.models import Membership
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.actions import circulate, decide_circulation
from tsunagi.workbench.models import Attachment

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Client, settings: Any, tmp_path: Any) -> None:
    set_clock(NOW)
    settings.ATTACHMENTS, settings.ATTACHMENT_KEYS = tmp_path / "files", tmp_path / "secrets" / "keys"


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def case(worker: Worker) -> Case:
    home = a_household(a_person("森田 ハル"), label="森田さんの世帯")
    concern = a_concern(held_by=worker, of=home)
    opened = open_case(home.pk, by=worker, at=NOW, concern_ids=[concern.pk])
    connection.check_constraints()
    return opened


def notes(case: Case, worker: Worker, count: int, *, first: int = 0) -> None:
    """So many entries, an hour apart, every second at the same moment as the one before."""
    Note.objects.bulk_create(
        Note(
            case=case, worker=worker, office_id=case.office_id, written_at=NOW, kind="visit" if number % 2 else "phone",
            happened_at=NOW - timedelta(hours=number // 2), facts=f"記録その{number:03d}。",
        )
        for number in range(first, first + count)
    )  # fmt: skip


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_every_entry_can_be_reached_page_by_page(client_of: Client, case: Case, worker: Worker) -> None:
    notes(case, worker, 130)
    client, seen, address = client_of(worker), [], f"/cases/{case.pk}/"
    where = address
    for _page in range(9):
        answer = client.get(where)
        shown = answer.context["case"]
        seen += [card.facts for card in shown.notes]
        assert shown.note_total == 130
        if shown.next_before is None:
            break
        assert f"?before={shown.next_before}" in text(answer)
        where = f"{address}?before={shown.next_before}"
    assert len(seen) == len(set(seen)) == 130
    for odd in ("x", "99999999", "-1"):
        assert client.get(f"{address}?before={odd}").status_code == 200


def test_on_paper_all_of_them(client_of: Client, case: Case, worker: Worker) -> None:
    notes(case, worker, 130)
    page = text(client_of(worker).get(f"/cases/{case.pk}/paper/"))
    assert page.count("記録その") == 130


def test_entries_are_narrowed_by_kind_worker_days_and_words(
    client_of: Client, case: Case, worker: Worker
) -> None:
    notes(case, worker, 20)
    other = a_worker(case.office, name="井上 誠")
    write_note(
        case, by=other, at=NOW, facts="家賃の滞納を役所で相談", kind="meeting", partner="母",
        happened_at=NOW - timedelta(days=40),
    )  # fmt: skip
    client, address = client_of(worker), f"/cases/{case.pk}/"
    for asked, count in (
        ({"kind": "meeting"}, 1),
        ({"kind": "visit"}, 10),
        ({"worker": other.pk}, 1),
        ({"until_on": "R8.5.1"}, 1),
        ({"from_on": "R8.6.9"}, 20),
        ({"words": "家賃"}, 1),
        ({"words": "家賃 役所"}, 1),
        ({"words": "家賃 宇宙"}, 0),
        ({"words": "母"}, 1),
        ({"kind": "nonsense", "worker": "x"}, 21),
    ):
        shown = client.post(address, asked).context["case"]
        assert shown.note_total == count, asked
    assert "条件を消す" in text(client.post(address, {"words": "宇宙"}))
    unread = text(client.post(address, {"from_on": "いつか"}))
    assert "いつか" in unread
    # What is searched for never stands in an address, also not on the next page.
    notes(case, worker, 80, first=100)
    page = text(client.post(address, {"words": "記録"}))
    assert "words=" not in page
    assert 'name="before"' in page
    following = client.post(
        address,
        {"words": "記録", "before": client.post(address, {"words": "記録"}).context["case"].next_before},
    )
    assert following.context["case"].notes


def test_the_page_asks_as_often_for_five_hundred_entries_and_forty_persons(
    client_of: Client, queries: Client, case: Case, worker: Worker
) -> None:
    client, shapes = client_of(worker), []
    for count, persons in ((6, 1), (494, 39)):
        notes(case, worker, count, first=count)
        for _ in range(persons):
            member = a_person()
            Membership.objects.create(household=case.party.household, person=member)
            state_own_words(
                case, on="file", person_id=member.pk, words="ひとこと", how="spoken", by=worker, at=NOW
            )
        client.get(f"/cases/{case.pk}/")
        with queries() as seen:
            assert client.get(f"/cases/{case.pk}/").status_code == 200
        shapes.append(seen.shape)
    assert shapes[0] == shapes[1]
    assert case_page(worker, case, NOW, asked=NoteAsked()).note_total == 500


# -- what is too long ----------------------------------------------------------------------------------------------------


def test_a_note_of_ten_megabytes_is_refused_and_its_text_stays(
    client_of: Client, case: Case, worker: Worker
) -> None:
    long = "あ" * (10 * 1024 * 1024 // 3)
    answer = client_of(worker).post(
        f"/cases/{case.pk}/notes/new/", {"facts": long, "judgement": "短い見立て"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "20,000文字までです" in page
    assert "添付" in page
    assert page.count("あ") >= len(long)
    assert "短い見立て" in page
    assert not Note.objects.exists()


@pytest.mark.parametrize("box", ["facts", "judgement", "policy"])
def test_a_box_takes_so_many_letters_and_no_more(case: Case, worker: Worker, box: str) -> None:
    write_note(case, by=worker, at=NOW, **{box: "あ" * LONGEST})
    with pytest.raises(Refused, match="文字までです"):
        write_note(case, by=worker, at=NOW, **{box: "あ" * (LONGEST + 1)})


# -- files that mean harm ------------------------------------------------------------------------------------------------

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("genogram.svg", SVG),
        ("写真.png", SVG),
        ("写真.jpg", b"GIF89a/*" + SCRIPT),
        ("メモ.txt", b"<!doctype html>" + SCRIPT),
        ("診断書.pdf", SCRIPT + b"\n" * 40),
        ("診断書.pdf", b"MZ" + a_pdf()),
        ("診断書.pdf.exe", a_pdf()),
    ],
    ids=[
        "a picture with a script", "the same as png", "a script as jpg", "a page as text", "a script as pdf",
        "a program before a pdf", "a program's ending",
    ],
)  # fmt: skip
def test_a_file_that_means_harm_is_not_kept_and_the_text_stays(
    client_of: Client, case: Case, worker: Worker, name: str, content: bytes
) -> None:
    answer = client_of(worker).post(
        f"/cases/{case.pk}/notes/new/",
        {
            "facts": "手紙を預かった",
            "files": SimpleUploadedFile(name, content),
            "draft": "7a52f4b0-6d43-4a55-9b0b-2f8de4e8f101",
        },
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "手紙を預かった" in page
    assert "alert(" not in page
    assert not Attachment.objects.exists()
    assert not Note.objects.exists()


def test_a_picture_with_a_page_behind_it_is_only_ever_a_picture(
    client_of: Client, case: Case, worker: Worker
) -> None:
    """A polyglot: a whole JPEG whose tail is a page. It is handed out as what it begins with, and runs nowhere."""
    client = client_of(worker)
    posted = client.post(
        f"/cases/{case.pk}/notes/new/",
        {"facts": "写真", "files": SimpleUploadedFile("../../../etc/cron.d/家.jpg", a_jpeg() + b"<html>" + SCRIPT),
         "draft": "7a52f4b0-6d43-4a55-9b0b-2f8de4e8f102"},
    )  # fmt: skip
    assert posted.status_code == 302
    row = Attachment.objects.get()
    assert row.name == "家.jpg"
    answer = client.get(reverse("workbench:attachment", args=[row.pk]))
    assert answer.status_code == 200
    answer.close()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


# -- 供覧・決裁 -------------------------------------------------------------------------------------------------------------


def test_the_paper_carries_the_number_of_the_decision(client_of: Client, case: Case, worker: Worker) -> None:
    client, address = client_of(worker), f"/cases/{case.pk}/paper/"
    # Nothing decided yet: the boxes stand empty, to be filled by hand.
    assert "文書番号" in text(client.get(address))
    manager = case.office.duty_worker
    assert manager is not None
    shown = circulate("case", case.pk, [manager.pk], by=worker, at=NOW)
    decide_circulation(shown, decided_on=NOW.date(), document_number="8長福第123号", by=manager, at=NOW)
    for where in (address, f"/cases/{case.pk}/"):
        assert "8長福第123号" in text(client.get(where))
