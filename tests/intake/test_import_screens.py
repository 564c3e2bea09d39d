"""A clerk brings a ledger, sees how it is read, takes it in, and settles what it left open."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from tests.factories import NOW, a_worker, an_office
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Concern, Promise
from tsunagi.intake import actions
from tsunagi.intake.models import Consultation, LedgerImport, LinkProposal, StocktakingSheet
from tsunagi.intake.rules import ImportState
from tsunagi.people.models import Person

DATA = Path(__file__).parents[1] / "data"
R5 = DATA / "soudan-uketsukebo-R5.xlsx"
R4 = DATA / "soudan-R4.csv"


@pytest.fixture
def desk(db, set_clock):
    set_clock(NOW)
    return an_office("総合相談窓口", is_front_desk=True)


@pytest.fixture
def clerk(desk):
    return a_worker(desk, name="山田 文子")


@pytest.fixture
def stranger(db):
    return a_worker(an_office(), role=Role.SYSTEM_ADMINISTRATOR)


def upload(client, path, office, name=None):
    content = path if isinstance(path, bytes) else path.read_bytes()
    found = SimpleUploadedFile(name or path.name, content)
    return client.post(reverse("intake:import"), {"file": found, "office": office.pk})


def bring(client, path, office):
    answer = upload(client, path, office)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return LedgerImport.objects.latest("id")


@pytest.mark.visits("intake:import")
def test_only_those_who_may_import_find_the_page(three_people, clerk, stranger):
    answer = three_people(reverse("intake:import"), allowed=clerk, stranger=stranger)
    assert "取り込んだ台帳はまだありません" in answer.content.decode()


@pytest.mark.visits("intake:import_detail")
def test_a_ledger_is_seen_before_it_is_taken_in(three_people, client_of, desk, clerk, stranger):
    run = bring(client_of(clerk), R5, desk)
    answer = three_people(reverse("intake:import_detail", args=[run.pk]), allowed=clerk, stranger=stranger)
    text = answer.content.decode()
    assert "620件を取り込む" in text
    assert "フリガナ" in text
    assert "見出し「担当」" in text
    assert Consultation.objects.count() == 0


def test_another_office_does_not_see_it(client_of, desk, clerk):
    run = bring(client_of(clerk), R4, desk)
    other = client_of(a_worker(an_office()))
    assert other.get(reverse("intake:import_detail", args=[run.pk])).status_code == 404
    assert other.post(reverse("intake:import_detail", args=[run.pk]), {"do": "start"}).status_code == 404


def test_the_job_takes_it_in_and_the_file_is_forgotten(client_of, run_jobs, desk, clerk):
    client = client_of(clerk)
    run = bring(client, R4, desk)
    home = reverse("intake:import_detail", args=[run.pk])
    answer = client.post(home, {"do": "start"})
    assert answer.status_code == 302
    assert run_jobs() == ["intake.run_import"]
    long = client.get(answer.headers["Location"]).content.decode()
    assert "410件を取り込みました" in long
    assert home in long
    run.refresh_from_db()
    assert (run.state, run.file, run.rows_stored) == (ImportState.DONE, None, 410)
    assert "first_rows" not in run.summary
    page = client.get(home).content.decode()
    assert "棚卸しをはじめる" in page
    again = client.post(home, {"do": "start"})
    assert again.status_code == 422
    assert "確認の途中ではありません" in again.content.decode()


def test_a_column_read_wrongly_is_put_right(client_of, desk, clerk):
    client = client_of(clerk)
    ledger = "受付日,氏名,内容,メモ\nR5.4.1,山田 花子,家賃のこと,終結\n"
    run = _brought(client, ledger, desk)
    columns = run.columns["columns"]
    memo = next(one for one in columns if one["label"] == "メモ")
    home = reverse("intake:import_detail", args=[run.pk])
    assert run.summary["closed_history"] == 0
    answer = client.post(home, {"do": "columns", f"col_{memo['index']}": "outcome"})
    assert answer.status_code == 302
    run.refresh_from_db()
    assert run.summary["closed_history"] == 1
    changed = next(one for one in run.columns["columns"] if one["label"] == "メモ")
    assert (changed["field"], changed["confidence"]) == ("outcome", "chosen")


def _brought(client, text, office, name="ledger.csv"):
    answer = upload(client, text.encode(), office, name=name)
    assert answer.status_code == 302
    return LedgerImport.objects.latest("id")


def test_dropped_and_forgotten(client_of, desk, clerk):
    client = client_of(clerk)
    run = bring(client, R4, desk)
    assert client.post(reverse("intake:import_detail", args=[run.pk]), {"do": "drop"}).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.file, run.summary, run.columns) == (ImportState.DROPPED, None, {}, {})


def test_a_file_nobody_decided_on_is_forgotten_after_a_day(client_of, desk, clerk):
    run = bring(client_of(clerk), R4, desk)
    assert actions.forget_old_files(NOW + timedelta(hours=20)) == 0
    assert actions.forget_old_files(NOW + timedelta(hours=30)) == 1
    run.refresh_from_db()
    assert run.file is None


@pytest.mark.parametrize(
    ("content", "name", "words", "status"),
    [
        (b" ", "a.csv", "空です", 422),
        (b"PK\x03\x04 broken", "a.xlsx", "こわれていて読めません", 422),
        (b"%PDF-1.7 xx", "a.pdf", "PDF", 422),
    ],
    ids=["empty", "damaged", "pdf"],
)
def test_a_bad_file_is_answered_with_a_sentence(client_of, desk, clerk, content, name, words, status):
    answer = upload(client_of(clerk), content, desk, name=name)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert LedgerImport.objects.count() == 0


def test_a_file_above_the_limit_is_413(client_of, desk, clerk, monkeypatch):
    monkeypatch.setattr("tsunagi.intake.forms_import.MAX_FILE_BYTES", 1000)
    answer = upload(client_of(clerk), R5, desk)
    assert answer.status_code == 413
    assert "大きすぎます" in answer.content.decode()


def test_an_office_that_is_not_mine_is_refused(client_of, desk, clerk):
    answer = upload(client_of(clerk), R4, an_office())
    assert answer.status_code == 422
    assert "この機関の台帳は取り込めません" in answer.content.decode()


def test_a_large_file_is_read_by_a_job(client_of, run_jobs, desk, clerk, monkeypatch):
    monkeypatch.setattr("tsunagi.intake.views.imports.READ_AT_ONCE", 1000)
    client = client_of(clerk)
    answer = upload(client, R4, desk)
    assert "/workbench/runs/" in answer.headers["Location"]
    run = LedgerImport.objects.get()
    assert "まだ読んでいません" in client.get(reverse("intake:import_detail", args=[run.pk])).content.decode()
    assert run_jobs() == ["intake.read_import"]
    assert "410件を取り込む" in client.get(reverse("intake:import_detail", args=[run.pk])).content.decode()


@pytest.mark.visits("intake:import_repairs", "intake:import_rejects")
def test_what_was_repaired_and_rejected_is_told(three_people, client_of, run_jobs, desk, clerk, stranger):
    client = client_of(clerk)
    run = _brought(client, "受付日,氏名,内容,結果\nR5.2.30,山田 花子,家賃のこと,継続\n-,-,-,-\n", desk)
    client.post(reverse("intake:import_detail", args=[run.pk]), {"do": "start"})
    run_jobs()
    home = reverse("intake:import_detail", args=[run.pk])
    assert "取り込めない行のExcel" in client.get(home).content.decode()
    page = three_people(reverse("intake:import_repairs", args=[run.pk]), allowed=clerk, stranger=stranger)
    assert "ありえない日付" in page.content.decode()
    book = three_people(reverse("intake:import_rejects", args=[run.pk]), allowed=clerk, stranger=stranger)
    cells = [cell.value for row in load_workbook(BytesIO(book.content)).active for cell in row]
    assert "取り込めなかった理由" in cells


@pytest.mark.visits("intake:import_same")
def test_likely_persons_are_decided_with_one_key(three_people, client_of, run_jobs, desk, clerk, stranger):
    client = client_of(clerk)
    head = "受付日,氏名,フリガナ,生年月日,住所,電話,内容,結果\n"
    hanako = "R5.4.3,山田 花子,ヤマダ ハナコ,S23.1.15,長岡京市開田2-25-14,075-955-1234,家賃,継続\n"
    thin = "R5.8.3,山田 花子,ヤマダ ハナコ,,長岡京市神足9-9-9,,保険証がない,継続\n"
    thinner = "R5.9.3,山田 花子,ヤマダ ハナコ,,長岡京市今里8-8-8,,電気代,継続\n"
    for text in (hanako, thin, thinner):
        run = _brought(client, head + text, desk)
        client.post(reverse("intake:import_detail", args=[run.pk]), {"do": "start"})
        run_jobs()
    page = three_people(reverse("intake:import_same"), allowed=clerk, stranger=stranger).content.decode()
    assert "残り 2件" in page
    first, second = LinkProposal.objects.order_by("id")[:2]
    assert client.post(reverse("intake:import_same"), {"same": first.pk}).status_code == 302
    assert client.post(reverse("intake:import_same"), {"same": first.pk}).status_code == 422
    assert client.post(reverse("intake:import_same"), {"none": second.consultation_id}).status_code == 302
    assert Person.objects.count() == 2
    other = client_of(a_worker(an_office()))
    assert other.post(reverse("intake:import_same"), {"same": second.pk}).status_code == 404


def taken_in(client, desk, run_jobs):
    run = bring(client, R4, desk)
    client.post(reverse("intake:import_detail", args=[run.pk]), {"do": "start"})
    run_jobs()


@pytest.mark.visits("intake:stocktaking", "intake:stocktaking_sheet")
def test_fifty_rows_are_settled_and_two_agree(three_people, client_of, run_jobs, desk, clerk, stranger):
    client = client_of(clerk)
    taken_in(client, desk, run_jobs)
    url = reverse("intake:stocktaking")
    page = three_people(url, allowed=clerk, stranger=stranger).content.decode()
    assert page.count('id="row-') == 50
    rows = [int(number) for number in re.findall(r'id="row-(\d+)"', page)]
    asked = set(LinkProposal.objects.values_list("consultation_id", flat=True))
    rows = [row for row in rows if row not in asked]
    sent = {
        f"r{rows[0]}-answer": "going_on",
        f"r{rows[0]}-kind": "supporting",
        f"r{rows[1]}-answer": "unknown",
        f"r{rows[2]}-answer": "over",
        f"r{rows[2]}-words": "備考に書いてある",
        f"r{rows[3]}-answer": "over",
    }
    assert client.post(url, sent).status_code == 302
    assert Concern.objects.count() == 1
    sheet = StocktakingSheet.objects.get()
    page = client.get(url).content.decode()
    assert "確認待ち 2件" in page
    assert not any(f'id="row-{row}"' in page for row in rows[:4])
    home = reverse("intake:stocktaking_sheet", args=[sheet.pk])
    mine = three_people(home, allowed=clerk, stranger=stranger).content.decode()
    assert "もう一人の確認を待っています" in mine
    assert client.post(home, {"do": "agree"}).status_code == 422
    other = client_of(a_worker(desk))
    back = other.post(home, {"do": "back", "words": ""})
    assert back.status_code == 422
    assert other.post(home, {"do": "back", "words": "先月も来所"}).status_code == 302
    page = client.get(url).content.decode()
    assert "先月も来所" in page
    assert "備考に書いてある" in page, "what was answered is not lost"
    again = {f"r{row}-answer": "over" for row in rows[2:4]}
    assert client.post(url, again).status_code == 302
    newest = reverse("intake:stocktaking_sheet", args=[StocktakingSheet.objects.latest("id").pk])
    assert other.post(newest, {"do": "agree"}).status_code == 302
    assert (
        Consultation.objects.filter(outcome="checked_on_import", outcome_second_by__isnull=False).count() == 2
    )


def test_one_row_that_cannot_be_settled_keeps_all_that_was_typed(client_of, run_jobs, desk, clerk):
    client = client_of(clerk)
    taken_in(client, desk, run_jobs)
    rows = list(
        Promise.objects.filter(kind="stocktaking")
        .order_by("-weight", "id")
        .values_list("subject_id", flat=True)[:50]
    )
    asked = LinkProposal.objects.filter(consultation_id__in=rows).order_by("id").first()
    other = next(row for row in rows if row != asked.consultation_id)
    sent = {
        f"r{other}-answer": "going_on",
        f"r{other}-words": "ずっと続いている",
        f"r{asked.consultation_id}-answer": "going_on",
    }
    answer = client.post(reverse("intake:stocktaking"), sent)
    assert answer.status_code == 422
    assert "ずっと続いている" in answer.content.decode()
    assert "だれのことかを決めて" in answer.content.decode()
    assert Concern.objects.count() == 0


def test_the_list_asks_the_same_for_two_and_for_fifty(client_of, run_jobs, queries, desk, clerk):
    client = client_of(clerk)
    _two = _brought(
        client,
        "受付日,氏名,電話,内容,結果\nR5.4.1,東 一,075-950-1111,家賃のこと,継続\nR5.4.2,西 二,075-950-2222,仕事,継続\n",
        desk,
    )
    client.post(reverse("intake:import_detail", args=[_two.pk]), {"do": "start"})
    run_jobs()
    client.get(reverse("intake:stocktaking"))
    with queries() as few:
        client.get(reverse("intake:stocktaking"))
    taken_in(client, desk, run_jobs)
    with queries() as many:
        client.get(reverse("intake:stocktaking"))
    assert few.count == many.count
