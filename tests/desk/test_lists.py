"""Lists: filters that are kept, tables to take away, an exported list read back with new due days."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.intake.factories import a_consultation
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.desk.queries.read_back import read_days
from tsunagi.desk.queries.tables import CHECK, DAY, MINE_HEADS, WORD, check_of, table_of
from tsunagi.holding.actions import extend, hold_as
from tsunagi.holding.models import Hold
from tsunagi.notices.models import Notice
from tsunagi.people.actions import protect, register_person
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused
from tsunagi.workbench import actions
from tsunagi.workbench.models import LongRun, SavedFilter, TakenAway
from tsunagi.workbench.queries import filters_of
from tsunagi.workbench.rules import asked_of, check_filter_name, check_taking_away

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _hours(set_clock: Any) -> None:
    set_clock(NOW)


@pytest.fixture
def desk(db: None) -> Office:
    return an_office("総合相談窓口", is_front_desk=True)


@pytest.fixture
def worker(desk: Office) -> Worker:
    return a_worker(desk, name="中村 健")


@pytest.fixture
def colleague(desk: Office) -> Worker:
    return a_worker(desk, name="田中 みのり")


@pytest.fixture
def nobody(db: None) -> Worker:
    return a_worker(role=Role.SYSTEM_ADMINISTRATOR)


# -- filters --------------------------------------------------------------------------------------------


def test_a_filter_holds_codes_and_numbers_and_nothing_typed() -> None:
    said = {"show": "late", "sort": "山田", "kind": "supporting", "q": "山田", "after": "h1_25"}
    assert asked_of("mine", said) == {"show": "late", "kind": "supporting"}
    assert asked_of("people", {"q": "山田 太郎", "district": "4"}) == {"district": "4"}
    assert asked_of("no such list", said) == {}


@pytest.mark.parametrize("name", ["", "  ", "あ" * 31, "電話 075-955-1234"])
def test_the_name_of_a_filter_is_short_and_no_number(name: str) -> None:
    with pytest.raises(Refused):
        check_filter_name(name)


def keep(client: Any, name: str, **more: Any) -> Any:
    return client.post(
        reverse("desk:filter_keep"),
        {"place": "mine", "name": name, "asked-show": "late", **more},
        follow=True,
    )


@pytest.mark.visits("desk:filters", "desk:filter_keep")
def test_a_worker_names_and_keeps_a_filter(
    three_people: Any, client_of: Any, client: Any, worker: Worker, nobody: Worker
) -> None:
    three_people(reverse("desk:filters"), allowed=worker, stranger=nobody)
    here = client_of(worker)
    text = keep(here, "遅れているもの", default="1").content.decode()
    assert "この条件を残しました" in text
    kept = SavedFilter.objects.get()
    assert (kept.asked, kept.is_default, kept.office_id) == ({"show": "late"}, True, None)
    assert "遅れているもの" in here.get(reverse("desk:filters")).content.decode()
    assert here.get("/mine/")["Location"] == "/mine/?show=late", "the list opens with it"
    assert here.get("/mine/?all=1").status_code == 200
    assert client.get(reverse("desk:filter_keep")).status_code == 302
    assert keep(client_of(nobody), "x").status_code == 404


def test_nobodys_name_becomes_the_name_of_a_filter(client_of: Any, worker: Worker) -> None:
    a_concern(held_by=worker, of=a_person("森田 ハル"))
    here = client_of(worker)
    for name in ("森田さんのこと", "森田ハル", "あの森田　ハルさん"):
        assert "お名前は書けません" in keep(here, name).content.decode()
    assert "個人番号" in keep(here, "123456789018").content.decode()
    assert not SavedFilter.objects.exists()
    assert "残しました" in keep(here, "遅れ").content.decode()


@pytest.mark.visits("desk:filter")
def test_only_its_owner_changes_a_filter(
    client_of: Any, client: Any, worker: Worker, colleague: Worker, desk: Office
) -> None:
    kept = actions.keep_filter("mine", "遅れ", {"show": "late"}, by=worker, at=NOW)
    url = reverse("desk:filter", args=[kept.pk])
    assert client_of(colleague).post(url, {"do": "drop"}).status_code == 404
    assert client.get(url).status_code == 302
    assert filters_of(colleague, "mine") == []
    here = client_of(worker)
    here.post(url, {"do": "share"})
    assert [card.whose for card in filters_of(colleague, "mine")] == ["中村 健"]
    assert "遅れ" in client_of(colleague).get("/mine/").content.decode()
    here.post(url, {"do": "first"})
    kept.refresh_from_db()
    assert kept.is_default
    here.post(url, {"do": "unshare"})
    assert filters_of(colleague, "mine") == []
    here.post(url, {"do": "drop"})
    assert not SavedFilter.objects.exists()


def test_one_filter_is_first_and_a_broken_one_says_why(client_of: Any, desk: Office) -> None:
    boss = Worker.objects.get(pk=desk.duty_worker_id)
    gone = an_office("なくなる課")
    first = actions.keep_filter("net", "あの課", {"office": str(gone.pk)}, default=True, by=boss, at=NOW)
    actions.keep_filter("net", "うち", {"office": str(desk.pk)}, default=True, by=boss, at=NOW)
    assert SavedFilter.objects.get(is_default=True).name == "うち"
    actions.use_first(first, True)
    Office.objects.filter(pk=gone.pk).update(is_active=False)
    answer = client_of(boss).get("/net/")
    assert answer.status_code == 200, "a broken filter is not used first"
    assert "この条件の機関は、いまはありません" in answer.content.decode()


def test_every_list_can_keep_its_filter(client_of: Any, worker: Worker) -> None:
    here = client_of(worker)
    for address in (
        "/mine/?show=late",
        "/uketsuke/?urgency=high",
        "/people/?district=4",
        "/tsunagi/?show=late",
    ):
        text = here.get(address).content.decode()
        assert reverse("desk:filter_keep") in text, address


# -- tables to take away --------------------------------------------------------------------------------


def test_own_rows_go_freely_and_more_only_with_a_reason() -> None:
    check_taking_away(persons=50, others_rows=False, reason="")
    for more in ({"persons": 51, "others_rows": False}, {"persons": 3, "others_rows": True}):
        with pytest.raises(Refused, match="わけ"):
            check_taking_away(**more, reason=" ")
        check_taking_away(**more, reason="引き継ぎ")


def sheet_of(answer: Any) -> list[list[Any]]:
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    return [list(row) for row in page.iter_rows(values_only=True)]


@pytest.mark.visits("desk:take_away")
def test_my_rows_leave_with_a_cover_line(
    three_people: Any, client_of: Any, worker: Worker, nobody: Worker
) -> None:
    a_concern(held_by=worker, of=a_person("=1+1"), description="=HYPERLINK(1)")
    hidden = register_person(by=worker, at=NOW, name="保護 まもる", office=office_of(worker).pk)
    a_concern(held_by=worker, of=hidden, description="隠す")
    a_concern(held_by=worker, of=a_person("触法 なし"), codes=["offending"], description="服役のあと")
    with opened_trail(worker.pk, "test", NOW):
        protect(hidden.party, by=worker, at=NOW, reason="逃げている")
    url = reverse("desk:take_away", args=["mine"])
    three_people(url, allowed=worker, stranger=nobody)
    here = client_of(worker)
    assert here.get(reverse("desk:take_away", args=["nothing"])).status_code == 404
    answer = here.post(url)
    assert answer["Content-Type"] == XLSX
    rows = sheet_of(answer)
    assert str(rows[0][0]).startswith("取扱注意　中村 健　2026-06-09 10:00")
    assert tuple(rows[1]) == MINE_HEADS
    told = str(rows)
    assert "まもる" not in told
    assert "服役" not in told
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    assert {cell.data_type for cell in page["B"][2:]} <= {"s", "n"}
    assert any(cell.value == "=1+1" for cell in page["B"][2:]), "a text stays a text"
    noted = TakenAway.objects.get()
    assert (noted.place, noted.others_rows, noted.reason) == ("mine", False, "")


def test_rows_of_others_leave_with_a_reason_that_the_manager_sees(
    client_of: Any, worker: Worker, desk: Office
) -> None:
    a_consultation(worker, words="秘密の相談の文")
    here, url = client_of(worker), reverse("desk:take_away", args=["triage"])
    assert here.post(url).status_code == 422
    assert here.post(url, {"reason": "番号 123456789018"}).status_code == 422
    answer = here.post(url, {"reason": "窓口の引き継ぎ"})
    assert "秘密" not in str(sheet_of(answer)), "words of a consultation may name an informant"
    boss = client_of(Worker.objects.get(pk=desk.duty_worker_id))
    assert "窓口の引き継ぎ" in boss.get(reverse("desk:taken_away")).content.decode()
    assert Notice.objects.get(worker_id=desk.duty_worker_id).link == reverse("desk:taken_away")


@pytest.mark.visits("desk:taken_away", "desk:taken_away_seen")
def test_the_manager_sees_what_left_and_a_stranger_does_not(
    three_people: Any, client_of: Any, client: Any, worker: Worker, desk: Office, nobody: Worker
) -> None:
    boss = Worker.objects.get(pk=desk.duty_worker_id)
    three_people(reverse("desk:taken_away"), allowed=boss, stranger=nobody)
    actions.note_taken_away(
        "mine", rows=3, persons=3, others_rows=False, filter_words="", reason="", by=worker, at=NOW
    )
    elsewhere = a_worker(an_office("よその課"), role=Role.MANAGER)
    assert "中村 健" not in client_of(elsewhere).get(reverse("desk:taken_away")).content.decode()
    seen = reverse("desk:taken_away_seen")
    assert client.get(seen).status_code == 302
    assert client_of(worker).post(seen).status_code == 404, "only whoever leads"
    client_of(elsewhere).post(seen)
    assert TakenAway.objects.get().seen_by is None
    client_of(boss).post(seen)
    assert TakenAway.objects.get().seen_by == boss


def test_a_long_list_is_made_by_a_job(
    client_of: Any, worker: Worker, run_jobs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tsunagi.desk.views_lists.LONG", 1)
    for number in range(3):
        a_concern(held_by=worker, description=f"課題{number}")
    answer = client_of(worker).post(reverse("desk:take_away", args=["mine"]))
    run = LongRun.objects.get()
    assert answer["Location"] == reverse("workbench:run", args=[run.pk])
    assert "desk.take_away" in run_jobs()
    run.refresh_from_db()
    assert run.state == "done"
    assert run.file is not None
    assert "課題2" in str(list(openpyxl.load_workbook(io.BytesIO(bytes(run.file))).active.values))


@pytest.mark.parametrize("place", ["mine", "today", "triage", "people", "referrals", "net"])
def test_every_list_makes_a_table(worker: Worker, place: str) -> None:
    a_concern(held_by=worker)
    a_consultation(worker, words="家賃")
    with opened_trail(worker.pk, "test", NOW):
        table = table_of(worker, place, {}, NOW)
    assert all(len(row) == len(table.headers) for row in table.rows)


# -- read back ------------------------------------------------------------------------------------------


@pytest.fixture
def concern(worker: Worker) -> Any:
    made = a_concern(held_by=worker, of=a_person("森田 ハル"), description="電気が止まりそう")
    hold_as("supporting", made.pk, by=worker, at=NOW)
    connection.check_constraints()
    return made


def open_hold(concern: Any) -> Hold:
    return Hold.objects.get(concern=concern, closed_at__isnull=True)


def a_book(worker: Worker, *lines: tuple[Any, Any, Any], check: str = "") -> bytes:
    """The exported table as a worker fills it: (mark, day, word) per line."""
    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(["取扱注意"])
    page.append(list(MINE_HEADS))
    for mark, day, word in lines:
        row = dict.fromkeys(MINE_HEADS, "")
        row |= {
            "番号": mark,
            "だれの": "森田 ハル",
            DAY: day,
            WORD: word,
            CHECK: check or check_of(worker, mark),
        }
        page.append(list(row.values()))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SOON = TODAY + timedelta(days=40)


@pytest.mark.parametrize(
    "typed",
    [SOON, "R8.7.19", "令和8年7月19日", "2026/7/19", "Ｒ８．７．１９", (SOON - date(1899, 12, 30)).days],
    ids=["a day of Excel", "wareki", "in words", "seireki", "full width", "a serial number"],
)
def test_a_day_is_read_however_it_was_typed(worker: Worker, concern: Any, typed: Any) -> None:
    mark = f"h{open_hold(concern).pk}"
    (row,) = read_days(worker, a_book(worker, (mark, typed, "入院中")), "kyou.xlsx", on=TODAY)
    assert (row.due_on, row.why_not, row.words) == (SOON, "", "入院中")


def test_a_csv_saved_by_excel_is_read(worker: Worker, concern: Any) -> None:
    mark = f"h{open_hold(concern).pk}"
    values = dict.fromkeys(MINE_HEADS, "") | {
        "番号": mark,
        DAY: "2026/7/19",
        WORD: "入院中",
        CHECK: check_of(worker, mark),
    }
    text = "取扱注意\r\n" + ",".join(MINE_HEADS) + "\r\n" + ",".join(values.values()) + "\r\n"
    (row,) = read_days(worker, text.encode("cp932"), "kyou.csv", on=TODAY)
    assert (row.due_on, row.why_not) == (SOON, "")


def upload(client: Any, data: bytes, name: str = "kyou.xlsx") -> Any:
    return client.post(reverse("desk:read_back"), {"table": SimpleUploadedFile(name, data)})


@pytest.mark.visits("desk:read_back", "desk:days_taken_in")
def test_new_days_are_shown_first_and_then_moved_once(
    three_people: Any, client_of: Any, client: Any, worker: Worker, concern: Any, nobody: Worker
) -> None:
    three_people(reverse("desk:read_back"), allowed=worker, stranger=nobody)
    before = open_hold(concern)
    here = client_of(worker)
    answer = upload(here, a_book(worker, (f"h{before.pk}", SOON, "入院中")))
    assert "1件の期日が動きます" in answer.content.decode()
    assert open_hold(concern) == before, "nothing is changed by looking"
    fields = {name: answer.context["take_in"].initial[name] for name in ("rows", "draft")}
    url = reverse("desk:days_taken_in")
    assert client_of(nobody).post(url, fields).status_code == 404
    assert client.get(url).status_code == 302
    assert here.post(url, fields)["Location"] == reverse("desk:mine")
    hold = open_hold(concern)
    assert (hold.due_on, hold.reason, hold.deed) == (SOON, "入院中", "extend")
    here.post(url, fields)
    assert open_hold(concern) == hold, "a second press does nothing more"


def test_each_row_says_what_stands_in_its_way(
    client_of: Any, worker: Worker, colleague: Worker, concern: Any
) -> None:
    hold = open_hold(concern)
    theirs = a_concern(held_by=colleague)
    moved = a_concern(held_by=worker)
    old = open_hold(moved)
    hold_as("supporting", moved.pk, by=worker, at=NOW)
    connection.check_constraints()
    book = a_book(
        worker,
        (f"h{hold.pk}", TODAY + timedelta(days=300), "入院中"),
        (f"h{open_hold(theirs).pk}", SOON, "わたしのではない"),
        (f"h{old.pk}", SOON, "動いたあと"),
        ("h99999999", SOON, "ない"),
        ("p12", SOON, "約束"),
        (f"h{open_hold(moved).pk}", "あした", "読めない"),
        ("x1; DROP", SOON, "こわす"),
    )
    text = upload(client_of(worker), book).content.decode()
    assert "0件の期日が動きます" in text
    for words in (
        "いまはあなたの受け持ちではありません",
        "書き出したあとに動いています",
        "照合が合いません",
        "約束の日は",
        "読み取れません",
    ):
        assert words in text, words
    assert open_hold(concern) == hold


def test_a_row_of_another_workers_table_is_not_read(worker: Worker, colleague: Worker, concern: Any) -> None:
    mark = f"h{open_hold(concern).pk}"
    stolen = a_book(colleague, (mark, SOON, "入院中"))
    (row,) = read_days(worker, stolen, "kyou.xlsx", on=TODAY)
    assert "照合が合いません" in row.why_not
    (row,) = read_days(worker, a_book(worker, (mark, SOON, "x"), check="0" * 20), "k.xlsx", on=TODAY)
    assert "照合が合いません" in row.why_not


def test_rows_that_moved_between_look_and_press_are_told(
    client_of: Any, worker: Worker, concern: Any
) -> None:
    here = client_of(worker)
    answer = upload(here, a_book(worker, (f"h{open_hold(concern).pk}", SOON, "入院中")))
    fields = {name: answer.context["take_in"].initial[name] for name in ("rows", "draft")}
    extend(concern.pk, due_on=TODAY + timedelta(days=35), reason="先に動かした", by=worker, at=NOW)
    connection.check_constraints()
    text = here.post(reverse("desk:days_taken_in"), fields).content.decode()
    assert "書き出したあとに動いています" in text
    assert open_hold(concern).due_on == TODAY + timedelta(days=35)


def test_a_preview_that_was_altered_is_not_taken_in(client_of: Any, worker: Worker, concern: Any) -> None:
    here = client_of(worker)
    answer = here.post(reverse("desk:days_taken_in"), {"rows": "forged"}, follow=True)
    assert "もう一度ファイルを選んでください" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.xlsx", "空"),
        (b"\x89PNG\r\n", "a.png", ""),
        ("名前,電話\r\nあ,い\r\n".encode(), "a.csv", "見出しが見つかりません"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(
    client_of: Any, worker: Worker, data: bytes, name: str, words: str
) -> None:
    answer = upload(client_of(worker), data, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
