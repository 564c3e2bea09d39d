"""Attachments: each opens as its record and no wider; nothing half-done stays; what was brought is never lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from tests.factories import NOW, a_concern, a_person, a_worker, an_office, an_outside_agency, office_of
from tests.workbench.clamd import a_clamd
from tests.workbench.files import EICAR, a_docx, a_jpeg, a_pdf
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import open_case, write_note
from tsunagi.holding.actions import Served, record_contact
from tsunagi.intake.actions import take_consultation
from tsunagi.intake.models import Consultation
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.actions import protect
from tsunagi.people.models import Protection
from tsunagi.referrals.actions import send_referral
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused
from tsunagi.workbench import actions
from tsunagi.workbench.files import sealing
from tsunagi.workbench.models import Attachment, Draft

PDF = a_pdf(size=600_000)


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path, set_clock: Any) -> None:
    settings.ATTACHMENTS = tmp_path / "attachments"
    settings.ATTACHMENT_KEYS = tmp_path / "secrets" / "attachment-keys"
    set_clock(NOW)


@pytest.fixture
def desk(db: None) -> Worker:
    return a_worker(an_office("福祉なんでも相談室"))


def a_file(content: bytes = PDF, name: str = "診断書.pdf") -> UploadedFile:
    return SimpleUploadedFile(name, content)


def brought(
    worker: Worker, kind: str, subject_id: int, content: bytes = PDF, name: str = "診断書.pdf"
) -> Attachment:
    number = uuid.uuid4()
    found = actions.bring(worker, a_file(content, name), number, at=NOW)
    actions.attach(worker, number, kind, subject_id, at=NOW)
    found.refresh_from_db()
    return found


def consulted(desk: Worker) -> Consultation:
    return take_consultation(by=desk, at=NOW, office_id=office_of(desk).pk, came_at=NOW, words="家賃のこと")


RECORDS = ("consultation", "contact", "note", "referral", "answer")


def a_record(kind: str, desk: Worker, other: Worker) -> int:
    """A record of this kind of the desk's; a referral goes to the other's office."""
    with opened_trail(None, "test"):
        if kind == "consultation":
            return consulted(desk).pk
        concern = a_concern(held_by=desk)
        if kind == "contact":
            return record_contact("met", [Served(concern.pk)], by=desk, at=NOW, words="会えた").contact.pk
        if kind == "note":
            return write_note(
                open_case(concern.party_id, by=desk, at=NOW), facts="会えた", by=desk, at=NOW
            ).pk
        sent = send_referral(
            [concern.pk], to_office=office_of(other), reason="相談", person_told="agreed", by=desk, at=NOW
        )
        connection.check_constraints()
        return sent.pk


def disk(settings: Any) -> list[Path]:
    return [place for _, place, _ in sealing.lying_there(settings.ATTACHMENTS)]


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


# -- who sees, who adds -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.visits("workbench:attachment", "workbench:files", "workbench:remove_file")
def test_it_opens_with_its_record_and_to_nobody_else(
    three_people: Any, client_of: Any, desk: Worker, kind: str
) -> None:
    other, stranger = a_worker(an_office("障がい福祉課")), a_worker()
    number = a_record(kind, desk, other)
    adds = other if kind == "answer" else desk
    with opened_trail(None, "test"):
        file = brought(adds, kind, number)
    address = reverse("workbench:attachment", args=[file.pk])
    answer = three_people(address, allowed=desk, stranger=stranger)
    assert answer.streaming
    assert body(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E8%A8%BA%E6%96%AD%E6%9B%B8.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(PDF)
    line = Entry.objects.get(action="attachment.opened", worker_id=desk.pk)
    assert (line.subject_id, line.detail["kind"], line.detail["subject"]) == (file.pk, kind, number)
    three_people(reverse("workbench:files", args=[kind, number]), allowed=desk, stranger=stranger)
    three_people(reverse("workbench:remove_file", args=[file.pk]), allowed=adds, stranger=stranger)
    sees_only = desk if kind == "answer" else other
    expected = 200 if kind in ("referral", "answer") else 404
    got = client_of(sees_only).get(address)
    assert got.status_code == expected
    assert expected == 404 or body(got) == PDF
    assert client_of(sees_only).get(reverse("workbench:remove_file", args=[file.pk])).status_code == 404
    sent = client_of(sees_only).post(reverse("workbench:files", args=[kind, number]), {"files": a_file()})
    assert sent.status_code == 404
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_a_kind_or_number_nobody_knows_is_absent(client_of: Any, desk: Worker) -> None:
    for kind, number in (("consultation", 999_999), ("person", 1), ("draft", 1)):
        assert client_of(desk).get(reverse("workbench:files", args=[kind, number])).status_code == 404
    assert client_of(desk).get(reverse("workbench:attachment", args=[999_999])).status_code == 404


def test_protecting_the_person_closes_the_file_with_the_record(client_of: Any, desk: Worker) -> None:
    person = a_person()
    colleague = a_worker(office_of(desk))
    with opened_trail(None, "test"):
        concern = a_concern(held_by=desk, of=person)
        note = write_note(open_case(concern.party_id, by=desk, at=NOW), facts="会えた", by=desk, at=NOW)
        file = brought(desk, "note", note.pk)
    address = reverse("workbench:attachment", args=[file.pk])
    assert body(client_of(colleague).get(address)) == PDF
    with opened_trail(None, "test"):
        protection = protect(person, reason="夫から", by=desk, at=NOW)
    Protection.objects.filter(pk=protection.pk).update(other_party_workers=[colleague.pk])
    assert client_of(colleague).get(address).status_code == 404
    assert client_of(colleague).get(reverse("workbench:files", args=["note", note.pk])).status_code == 404
    assert body(client_of(desk).get(address)) == PDF


def test_who_was_only_asked_sees_what_the_sheet_carries_and_no_more(client_of: Any, desk: Worker) -> None:
    asked = a_worker(an_office("障がい福祉課"))
    with opened_trail(None, "test"):
        concern = a_concern(held_by=desk)
        note = write_note(open_case(concern.party_id, by=desk, at=NOW), facts="会えた", by=desk, at=NOW)
        contact = record_contact("met", [Served(concern.pk)], by=desk, at=NOW).contact
        sent = send_referral([concern.pk], to_office=office_of(asked), person_told="agreed", by=desk, at=NOW)
        connection.check_constraints()
        files = {
            kind: brought(desk, kind, pk)
            for kind, pk in (("referral", sent.pk), ("note", note.pk), ("contact", contact.pk))
        }
    client = client_of(asked)
    seen = {kind: client.head(reverse("workbench:attachment", args=[row.pk])) for kind, row in files.items()}
    assert seen["referral"]["Content-Length"] == str(len(PDF))
    assert body(seen["referral"]) == b""
    answers = {kind: answer.status_code for kind, answer in seen.items()}
    assert answers == {"referral": 200, "note": 404, "contact": 404}


# -- bringing ---------------------------------------------------------------------------------------------------------


def test_several_files_without_a_script(client_of: Any, desk: Worker, settings: Any) -> None:
    found = consulted(desk)
    address = reverse("workbench:files", args=["consultation", found.pk])
    files = [a_file(), a_file(a_jpeg(), "部屋\u202e.jpeg"), a_file(b"MZ", "setup.exe")]
    answer = client_of(desk).post(address, {"files": files}, follow=True)
    text = answer.content.decode()
    assert "2個のファイルを添付しました" in text
    assert "setup.exe: 預かれるのは" in text
    assert "部屋.jpg" in text
    assert len(disk(settings)) == 2
    raw = b"".join(place.read_bytes() for place in disk(settings))
    assert b"%PDF" not in raw
    nothing = client_of(desk).post(address, {"files": [a_file(b"MZ", "setup.exe")]})
    assert nothing.status_code == 422
    assert "setup.exe: 預かれるのは" in nothing.content.decode()
    assert client_of(desk).post(address, {}).status_code == 422


def test_too_large_and_too_many(client_of: Any, desk: Worker, settings: Any) -> None:
    settings.ATTACHMENT_BYTES = 2**20
    found = consulted(desk)
    address = reverse("workbench:files", args=["consultation", found.pk])
    answer = client_of(desk).post(address, {"files": [a_file(a_pdf(size=2**20 + 1000))]})
    assert "ひとつ1MBまでです" in answer.content.decode()
    many = [a_file(a_pdf(), f"{n}.pdf") for n in range(21)]
    answer = client_of(desk).post(address, {"files": many}, follow=True)
    assert "20個のファイルを添付しました" in answer.content.decode()
    assert "一度に添えられるのは20個まで" in answer.content.decode()


def test_more_than_anything_may_have_is_not_even_kept_while_it_comes(
    client_of: Any, desk: Worker, settings: Any
) -> None:
    settings.LARGEST_UPLOAD = settings.ATTACHMENT_BYTES = 3 * 2**20
    found = consulted(desk)
    address = reverse("workbench:files", args=["consultation", found.pk])
    answer = client_of(desk).post(address, {"files": [a_file(a_pdf(size=5 * 2**20))]})
    assert answer.status_code == 422
    assert "ひとつ3MBまでです" in answer.content.decode()


def capture(desk: Worker, number: uuid.UUID, **fields: Any) -> dict[str, Any]:
    return {
        "draft": str(number),
        "office": office_of(desk).pk,
        "words": "家賃のこと",
        "came_day": "2026-06-09",
    } | fields


def test_a_form_that_is_sent_back_keeps_its_files_and_its_deed_attaches_them(
    client_of: Any, desk: Worker, settings: Any
) -> None:
    client, number = client_of(desk), uuid.uuid4()
    back = client.post(reverse("intake:new"), capture(desk, number, came_day="きのうの昼", files=[a_file()]))
    assert back.status_code == 422
    assert "診断書.pdf" in back.content.decode()
    assert Attachment.objects.get().attached_at is None
    done = client.post(reverse("intake:new"), capture(desk, number))
    assert done.status_code == 302
    found = Attachment.objects.get()
    assert (found.subject_kind, found.subject_id) == ("consultation", Consultation.objects.get().pk)
    again = client.post(reverse("intake:new"), capture(desk, number, files=[a_file()]))
    assert (again.status_code, again["Location"]) == (302, done["Location"])
    assert Attachment.objects.count() == 1


def test_looking_somebody_up_without_a_script_keeps_the_files(client_of: Any, desk: Worker) -> None:
    number = uuid.uuid4()
    typed = capture(desk, number, search="1", about_name="架空", files=[a_file()])
    page = client_of(desk).post(reverse("intake:new"), typed).content.decode()
    assert "診断書.pdf" in page and "家賃のこと" in page
    assert Attachment.objects.get().attached_at is None


def test_a_refused_file_does_not_send_the_others_away(client_of: Any, desk: Worker) -> None:
    number, files = uuid.uuid4(), [a_file(b"MZ", "setup.exe"), a_file()]
    back = client_of(desk).post(reverse("intake:new"), capture(desk, number, files=files))
    assert back.status_code == 422
    text = back.content.decode()
    assert "setup.exe: 預かれるのは" in text and "診断書.pdf" in text
    assert not Consultation.objects.exists()
    assert Attachment.objects.get().name == "診断書.pdf"


def test_a_file_chosen_by_mistake_is_left_out_without_a_script(
    client_of: Any, desk: Worker, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    number = uuid.uuid4()
    client_of(desk).post(
        reverse("intake:new"), capture(desk, number, came_day="x", files=[a_file(), a_file()])
    )
    wrong = Attachment.objects.order_by("pk")[0]
    with django_capture_on_commit_callbacks(execute=True):
        client_of(desk).post(reverse("intake:new"), capture(desk, number, drop_file=wrong.pk))
    assert Attachment.objects.get().subject_kind == "consultation"
    assert len(disk(settings)) == 1


def test_the_draft_button_keeps_files_and_the_form_finds_them_again(client_of: Any, desk: Worker) -> None:
    number, link = uuid.uuid4(), reverse("intake:new")
    typed = capture(desk, number, draft_kind="consultation", draft_link=link, files=[a_file()])
    client_of(desk).post(reverse("workbench:draft", args=[number]), typed)
    page = client_of(desk).get(f"{link}?draft={number}").content.decode()
    assert "家賃のこと" in page and "診断書.pdf" in page


@pytest.mark.parametrize("kind", ["contact", "note", "referral", "answer"])
def test_every_form_brings_files(client_of: Any, desk: Worker, kind: str) -> None:
    typed: dict[str, Any] = {"draft": str(uuid.uuid4()), "files": [a_file()]}
    with opened_trail(None, "test"):
        concern = a_concern(held_by=desk)
        if kind == "contact":
            address = f"{reverse('holding:contact')}?concern={concern.pk}"
            typed |= {"kind": "met", "concerns": concern.pk}
        elif kind == "note":
            address = reverse("cases:note_new", args=[open_case(concern.party_id, by=desk, at=NOW).pk])
            typed |= {"facts": "会えた"}
        elif kind == "referral":
            address = f"{reverse('referrals:new')}?concern={concern.pk}"
            typed |= {"concerns": concern.pk, "to_office": an_office().pk, "person_told": "agreed"}
        else:
            sent = send_referral(
                [concern.pk], to_office=an_outside_agency(), person_told="agreed", by=desk, at=NOW
            )
            address, typed = (
                reverse("referrals:reply", args=[sent.pk]),
                typed | {"answer": "yes", "who": "相談員"},
            )
    page = client_of(desk).get(address).content.decode()
    assert 'enctype="multipart/form-data"' in page
    answer = client_of(desk).post(address, typed, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    found = Attachment.objects.get()
    assert found.subject_kind == kind
    assert reverse("workbench:attachment", args=[found.pk]) in answer.content.decode()


# -- while somebody types ---------------------------------------------------------------------------------------------


@pytest.mark.visits("workbench:draft_files", "workbench:drop_file")
def test_pending_files_are_their_writer_s_alone(
    client_of: Any, client: Any, desk: Worker, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    number, stranger = uuid.uuid4(), a_worker(office_of(desk))
    address = reverse("workbench:draft_files", args=[number])
    typed = {"draft_kind": "consultation", "draft_title": "相談の受付", "draft_link": reverse("intake:new")}
    answer = client_of(desk).post(address, typed | {"files": [a_file(), a_file(b"MZ", "x.exe")]})
    assert answer.status_code == 200
    assert "診断書.pdf" in answer.content.decode() and "x.exe: 預かれるのは" in answer.content.decode()
    assert Draft.objects.get(pk=number).worker_id == desk.pk
    file = Attachment.objects.get()
    assert "診断書" not in client_of(stranger).get(address).content.decode()
    assert client_of(stranger).post(address, {"files": [a_file()]}).status_code in (200, 404, 409)
    drop = reverse("workbench:drop_file", args=[number, file.pk])
    assert client_of(stranger).post(drop).status_code == 404
    assert client.get(address).status_code == client.get(drop).status_code == 302
    assert client_of(desk).get(reverse("workbench:attachment", args=[file.pk])).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(desk).post(drop).status_code == 200
    assert not Attachment.objects.filter(worker=desk).exists()


def test_a_draft_that_goes_takes_its_files_along(
    client_of: Any, desk: Worker, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    number = uuid.uuid4()
    address = reverse("workbench:draft_files", args=[number])
    client_of(desk).post(address, {"draft_link": reverse("intake:new"), "files": [a_file()]})
    with django_capture_on_commit_callbacks(execute=True):
        client_of(desk).post(reverse("workbench:discard", args=[number]))
    assert not Attachment.objects.exists()
    assert disk(settings) == []


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_forgotten_drafts_lose_their_files(
    desk: Worker, settings: Any, days: int, left: int, django_capture_on_commit_callbacks: Any
) -> None:
    with opened_trail(None, "test"):
        number = uuid.uuid4()
        actions.begin_draft(desk, number, "consultation", "", "", reverse("intake:new"), NOW)
        actions.bring(desk, a_file(), number, at=NOW)
        lost = uuid.uuid4()  # a form that never became a draft
        actions.bring(desk, a_file(), lost, at=NOW)
        later = NOW + timedelta(days=days)
        with django_capture_on_commit_callbacks(execute=True):
            actions.purge(later)
            actions.purge_pending(later)
    assert Attachment.objects.count() == left
    assert len(disk(settings)) == left


# -- taking off -------------------------------------------------------------------------------------------------------


def test_taking_off_needs_a_reason_and_the_row_stays(
    client_of: Any, desk: Worker, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    found = consulted(desk)
    file = brought(desk, "consultation", found.pk)
    address = reverse("workbench:remove_file", args=[file.pk])
    refused = client_of(desk).post(address, {"reason": " "})
    assert refused.status_code == 422
    assert "外すわけを書いて" in refused.content.decode()
    typed = {"reason": "別の方の診断書だった", "draft": str(uuid.uuid4())}
    done = client_of(desk).post(address, typed, follow=True)
    text = done.content.decode()
    assert "別の方の診断書だった" in text
    assert "診断書.pdf" not in text
    assert client_of(desk).get(reverse("workbench:attachment", args=[file.pk])).status_code == 404
    twice = client_of(desk).post(address, typed)
    assert twice.status_code == 302
    assert len(disk(settings)) == 1
    with django_capture_on_commit_callbacks(execute=True), opened_trail(None, "test"):
        assert actions.erase_removed(NOW + timedelta(days=29)) == 0
        assert actions.erase_removed(NOW + timedelta(days=31)) == 1
    assert disk(settings) == []
    file.refresh_from_db()
    assert bytes(file.wrapped_key) == b""
    assert list(
        Entry.objects.filter(subject_kind="attachment", action="attachment.removed").values_list(
            "subject_id", flat=True
        )
    ) == [file.pk]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM workbench_attachment",
        "UPDATE workbench_attachment SET subject_id = subject_id + 1",
        "UPDATE workbench_attachment SET attached_at = NULL, subject_kind = '', subject_id = NULL",
        "UPDATE workbench_attachment SET name = 'x'",
        "UPDATE workbench_attachment SET digest = 'x'",
        "UPDATE workbench_attachment SET erased_at = attached_at",
        "UPDATE workbench_attachment SET removed_at = attached_at",
    ],
)
def test_the_database_itself_keeps_what_was_attached(desk: Worker, change: str) -> None:
    brought(desk, "consultation", consulted(desk).pk)
    with (
        pytest.raises((IntegrityError, ProgrammingError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


# -- the scanner ------------------------------------------------------------------------------------------------------


def test_an_infected_file_is_not_kept(client_of: Any, desk: Worker, settings: Any) -> None:
    found = consulted(desk)
    with a_clamd() as peer:
        settings.CLAMAV = peer.address
        answer = client_of(desk).post(
            reverse("workbench:files", args=["consultation", found.pk]),
            {"files": [a_file(a_pdf(EICAR), "添付.pdf")]},
        )
        brought(desk, "consultation", found.pk)
    assert "ウイルスが見つかったため" in answer.content.decode()
    assert Attachment.objects.get().scan == "clean"
    assert len(disk(settings)) == 1


def test_a_scanner_that_does_not_answer_holds_the_file_back_until_it_does(
    client_of: Any, desk: Worker, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    found = consulted(desk)
    settings.CLAMAV = "/nowhere/clamd.ctl"
    clean = brought(desk, "consultation", found.pk)
    ill = brought(desk, "consultation", found.pk, a_pdf(EICAR), "ill.pdf")
    address = reverse("workbench:attachment", args=[clean.pk])
    held = client_of(desk).get(address)
    assert held.status_code == 409
    assert "検査が終わるまで" in held.content.decode()
    with opened_trail(None, "test"):
        assert actions.rescan(NOW) == 0
    with a_clamd() as peer, opened_trail(None, "test"), django_capture_on_commit_callbacks(execute=True):
        settings.CLAMAV = peer.address
        assert actions.rescan(NOW) == 2
        assert actions.rescan(NOW) == 0
    assert body(client_of(desk).get(address)) == PDF
    gone = client_of(desk).get(reverse("workbench:attachment", args=[ill.pk]))
    assert gone.status_code == 409
    assert "中身を消しました" in gone.content.decode()
    assert "ウイルス" in Notice.objects.get(worker=desk).sentence
    assert len(disk(settings)) == 1


def test_files_the_scanner_never_takes_do_not_keep_the_others_waiting(desk: Worker, settings: Any) -> None:
    found = consulted(desk)
    settings.CLAMAV = "/nowhere/clamd.ctl"
    for size in (5000, 5001, 5002, 0):
        brought(desk, "consultation", found.pk, a_pdf(size=size))
    with a_clamd(limit=1000) as peer, opened_trail(None, "test"):
        settings.CLAMAV = peer.address
        assert actions.rescan(NOW) == 0
        assert actions.rescan(NOW + timedelta(minutes=10)) == 1


@pytest.mark.visits("workbench:files_state")
def test_the_administrator_is_told_how_it_stands(
    three_people: Any, client_of: Any, desk: Worker, settings: Any
) -> None:
    brought(desk, "consultation", consulted(desk).pk)
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    address = reverse("workbench:files_state")
    text = three_people(address, allowed=administrator, stranger=desk).content.decode()
    assert "ウイルスの検査をしていません" in text and "診断書" not in text
    settings.CLAMAV = "/nowhere/clamd.ctl"
    assert "検査が止まっています" in client_of(administrator).get(address).content.decode()
    with a_clamd() as peer:
        settings.CLAMAV = peer.address
        assert "検査は動いています" in client_of(administrator).get(address).content.decode()


# -- faults -----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_gone_or_damaged_is_said_in_words(client_of: Any, desk: Worker, settings: Any) -> None:
    file = brought(desk, "consultation", consulted(desk).pk)
    address = reverse("workbench:attachment", args=[file.pk])
    place = disk(settings)[0]
    whole = place.read_bytes()
    for broken in (whole[:40], b"", whole[:20] + b"?" + whole[21:]):
        place.write_bytes(broken)
        answer = client_of(desk).get(address)
        assert answer.status_code == 409
        assert f"添付 {file.pk}" in answer.content.decode()
        assert list(actions.check_all()) == [(file.pk, "開けません")]
    place.unlink()
    assert client_of(desk).get(address).status_code == 409
    place.write_bytes(whole)
    assert list(actions.check_all()) == []
    key = settings.ATTACHMENT_KEYS.read_bytes()
    settings.ATTACHMENT_KEYS.unlink()
    assert client_of(desk).get(address).status_code == 409
    with pytest.raises(Refused, match="いまファイルを預かれません"):
        actions.bring(desk, a_file(), uuid.uuid4(), at=NOW)
    assert not settings.ATTACHMENT_KEYS.exists()
    settings.ATTACHMENT_KEYS.write_bytes(key)
    settings.ATTACHMENT_KEYS.chmod(0o600)
    assert body(client_of(desk).get(address)) == PDF


def test_somebody_who_hangs_up_leaves_no_file_open(desk: Worker) -> None:
    file = brought(desk, "consultation", consulted(desk).pk)
    pieces = actions.opened(file)
    inner = pieces._rest
    pieces.close()
    assert inner.gi_frame is None


def test_a_full_disk_is_said_and_the_text_stays(
    client_of: Any, desk: Worker, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    number = uuid.uuid4()
    back = client_of(desk).post(reverse("intake:new"), capture(desk, number, files=[a_file()]))
    assert back.status_code == 422
    assert "いまファイルを預かれません" in back.content.decode() and "家賃のこと" in back.content.decode()
    assert disk(settings) == []


def test_orphans_are_swept_after_a_day_and_nothing_else(desk: Worker, settings: Any) -> None:
    file = brought(desk, "consultation", consulted(desk).pk)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.bring(desk, a_file(), uuid.uuid4(), at=NOW)
        raise ZeroDivisionError
    half = sealing.place_of(settings.ATTACHMENTS, uuid.uuid4()).with_suffix(".part")
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    other = settings.ATTACHMENTS / "README"
    other.write_text("somebody's")
    for place in disk(settings):
        os.utime(place, (NOW.timestamp(), NOW.timestamp()))
    assert len(disk(settings)) == 3
    assert actions.sweep(NOW + timedelta(hours=23)) == 0
    assert actions.sweep(NOW + timedelta(hours=25)) == 2
    assert [place.stem for place in disk(settings)] == [file.blob.hex]
    assert other.exists()


KILLED = """
import sys, uuid, django
from pathlib import Path
django.setup()
from django.conf import settings
settings.ATTACHMENTS, settings.ATTACHMENT_KEYS = Path(sys.argv[1]), Path(sys.argv[2])
from django.db import connection
connection.settings_dict.update(eval(sys.argv[3]))
import os, signal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from tests.factories import NOW
from tests.workbench.files import a_pdf
from tsunagi.accounts.models import Worker
from tsunagi.workbench import actions
with transaction.atomic():
    actions.bring(Worker.objects.get(pk=int(sys.argv[4])), SimpleUploadedFile("a.pdf", a_pdf()), uuid.uuid4(), at=NOW)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_between_file_and_row_nothing_is_wrong(fresh_database: None, settings: Any) -> None:
    with transaction.atomic():
        desk = a_worker()
    names = ("NAME", "HOST", "PORT", "USER", "PASSWORD")
    where = {name: connection.settings_dict[name] for name in names}
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": os.getcwd()}
    arguments = [str(settings.ATTACHMENTS), str(settings.ATTACHMENT_KEYS), repr(where), str(desk.pk)]
    died = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], env=environment, capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert not Attachment.objects.exists()
    assert len(disk(settings)) == 1
    assert list(actions.check_all()) == []
    os.utime(disk(settings)[0], (NOW.timestamp(), NOW.timestamp()))
    assert actions.sweep(NOW + timedelta(days=2)) == 1
    with transaction.atomic():
        actions.bring(desk, a_file(), uuid.uuid4(), at=NOW)
    assert list(actions.check_all()) == []


def test_the_key_is_changed_and_every_file_still_opens(client_of: Any, desk: Worker, settings: Any) -> None:
    found = consulted(desk)
    files = [brought(desk, "consultation", found.pk) for _ in range(3)]
    before = sealing.read_keys(settings.ATTACHMENT_KEYS)
    assert before is not None
    raw = [place.read_bytes() for place in disk(settings)]
    with opened_trail(None, "test"):
        assert actions.rotate_key(NOW) == 3
        assert actions.rotate_key(NOW) == 3
    assert actions.forget_old_keys() == 2
    after = sealing.read_keys(settings.ATTACHMENT_KEYS)
    assert after is not None
    assert set(after.known).isdisjoint(before.known)
    assert raw == [place.read_bytes() for place in disk(settings)]
    for file in files:
        assert body(client_of(desk).get(reverse("workbench:attachment", args=[file.pk]))) == PDF
    assert list(actions.check_all()) == []


def test_a_rotation_that_was_broken_off_is_finished_by_the_next(desk: Worker, settings: Any) -> None:
    found = consulted(desk)
    brought(desk, "consultation", found.pk)
    keys = sealing.read_keys(settings.ATTACHMENT_KEYS)
    assert keys is not None
    sealing.with_a_new_key(settings.ATTACHMENT_KEYS, keys)
    with pytest.raises(Refused, match="先に鍵を替えて"):
        actions.forget_old_keys()
    with opened_trail(None, "test"):
        actions.rotate_key(NOW)
    assert actions.forget_old_keys() == 2
    assert list(actions.check_all()) == []


def test_what_is_attached_while_it_is_being_purged_stays_whole(
    desk: Worker, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    from tsunagi.workbench.actions import attachments

    number = uuid.uuid4()
    seen = actions.bring(desk, a_file(), number, at=NOW)  # what a purge has read …
    actions.attach(desk, number, "consultation", consulted(desk).pk, at=NOW)  # … before the deed was done
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments._forgotten([seen]) == 0
    assert list(actions.check_all()) == []


def test_no_key_is_dropped_while_a_file_is_being_wrapped_with_it(fresh_database: None, settings: Any) -> None:
    with transaction.atomic():
        desk = a_worker()
        actions.bring(desk, a_file(), uuid.uuid4(), at=NOW)
    wrapped, go_on, told = threading.Event(), threading.Event(), []

    def bring() -> None:
        with transaction.atomic():
            actions.bring(desk, a_file(), uuid.uuid4(), at=NOW)
            wrapped.set()
            go_on.wait(10)
        connection.close()

    def forget() -> None:
        try:
            actions.forget_old_keys()
        except Refused as refusal:
            told.append(str(refusal))
        connection.close()

    one = threading.Thread(target=bring)
    one.start()
    assert wrapped.wait(10)
    with opened_trail(None, "test"):
        actions.rotate_key(NOW)  # does not see the row that is not committed
    other = threading.Thread(target=forget)
    other.start()
    other.join(0.3)
    assert other.is_alive()
    go_on.set()
    one.join(10)
    other.join(10)
    assert "先に鍵を替えて" in told[0]
    assert list(actions.check_all()) == []


def test_nothing_of_a_file_is_in_the_journal(desk: Worker) -> None:
    with opened_trail(None, "test"):
        brought(desk, "consultation", consulted(desk).pk, a_docx(), "山田花子さんの意見書.docx")
    lines = " ".join(str(line.detail) for line in Entry.objects.all())
    assert "山田" not in lines
