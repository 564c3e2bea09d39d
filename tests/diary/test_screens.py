"""The diary's pages, 持ち出し簿, 紙にする, 連絡カード and the papers of the night: who gets there, and what they do there."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.codes.models import Setting
from tsunagi.desk.actions import write_night_papers
from tsunagi.diary.actions import Wish, night_file, night_folder, plan, remove_old_nights
from tsunagi.diary.models import Appointment, NightKey, NightPaper, TakenOut
from tsunagi.holding.actions import Served, leave_message, record_contact
from tsunagi.holding.models import Contact
from tsunagi.notices.models import Notice
from tsunagi.people.actions import add_address, add_phone, protect, set_safe_contact
from tsunagi.people.rules import NewAddress, NewPhone
from tsunagi.press.pdf import text_of
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any], settings: Any, tmp_path: Path) -> None:
    set_clock(NOW)
    settings.VAR = tmp_path


@pytest.fixture
def worker() -> Worker:
    return a_worker(
        an_office("福祉なんでも相談室", phone="075-000-0001", opening_hours="平日9時〜17時"), name="相田 ゆき"
    )


@pytest.fixture
def haru(worker: Worker) -> Any:
    """Somebody with a telephone, an address and a concern that this worker holds."""
    person = a_person("森田 ハル")
    a_concern(held_by=worker, of=person, at=NOW - timedelta(days=3), description="家賃を4か月滞納している。")
    add_phone(person, NewPhone(number="075-000-1234", whose="本人"), by=worker, at=NOW)
    add_address(person, NewAddress(text="長岡京市開田一丁目1-1"), by=worker, at=NOW)
    connection.check_constraints()
    return person


def a_visit(worker: Worker, person: Any, **more: Any) -> Appointment:
    concern = person.party.concerns.order_by("id")[0]
    said = {"day": TODAY, "begins": time(14), "ends": time(15), "at_home": True, "note": "犬がいる"} | more
    kind = said.pop("kind", "visit")
    made = plan(kind, [concern.pk], Wish(**said), by=worker, at=NOW).appointment
    connection.check_constraints()
    return made


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def pdf(answer: Any, password: str = "") -> str:
    """The words of a paper without the breaks of its lines: typesetting puts a space beside a figure."""
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return flat(text_of(answer.content, password))


def flat(words: str) -> str:
    return "".join(words.split())


# -- 予定 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.visits("diary:index", "diary:detail", "diary:move", "diary:cancel", "diary:happened")
def test_only_those_who_answer_and_their_office_open_it(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    made = a_visit(worker, haru)
    stranger = a_worker()
    for name in ("", "move/", "cancel/", "happened/"):
        three_people(f"/yotei/{made.pk}/{name}", allowed=worker, stranger=stranger)
    page = text(client_of(worker).get(f"/yotei/{made.pk}/"))
    assert "森田 ハル" in page
    assert "まだ聞いていない" in page
    assert page.index("連絡のしかた") < page.index("075-000-1234")
    index = three_people("/yotei/", allowed=worker, stranger=stranger, stranger_sees=200)
    assert "森田 ハル" in text(index)
    assert "森田 ハル" not in text(client_of(stranger).get("/yotei/"))
    assert "森田 ハル" in text(client_of(a_worker(office_of(worker))).get("/yotei/?whose=office"))
    assert client_of(a_worker(role=Role.SYSTEM_ADMINISTRATOR)).get("/yotei/").status_code == 404


@pytest.mark.visits("diary:new")
def test_an_appointment_is_entered_from_the_persons_page_or_the_concern(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    concern = haru.party.concerns.order_by("id")[0]
    for query in (f"party={haru.pk}", f"concern={concern.pk}"):
        answer = three_people(f"/yotei/new/?{query}", allowed=worker, stranger=a_worker())
        assert "家賃を4か月" in text(answer)
    for query in ("", "?party=x", "?party=99999999", "?concern=99999999"):
        assert client_of(worker).get(f"/yotei/new/{query}").status_code == 404
    typed = {
        "kind": "visit",
        "concerns": concern.pk,
        "day": "R8.6.9",
        "begins": "14:00",
        "ends": "15時",
        "worker": worker.pk,
    }
    client = client_of(worker)
    answer = client.post(f"/yotei/new/?party={haru.pk}", typed)
    assert answer.status_code == 422
    assert "14:30 のように" in answer.content.decode()
    typed |= {"ends": "15:00", "at_home": "on", "draft": "7a52f4b0-6d43-4a55-9b0b-2f8de4e8f101"}
    first = client.post(f"/yotei/new/?party={haru.pk}", typed)
    again = client.post(f"/yotei/new/?party={haru.pk}", typed)
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert Appointment.objects.get().at_home
    today = text(client.get("/"))
    assert "14:00–15:00" in today
    assert "自宅" in today


def test_settled_by_one_short_form_each(client_of: Client, worker: Worker, haru: Any) -> None:
    client = client_of(worker)
    made = a_visit(worker, haru, begins=time(9), ends=time(9, 30))
    moved = client.post(
        f"/yotei/{made.pk}/move/",
        {
            "day": "R8.6.12",
            "begins": "10:00",
            "at_home": "on",
            "worker": worker.pk,
            "revision": 1,
            "reason": "通院",
        },
    )
    assert moved.status_code == 302
    stale = client.post(f"/yotei/{made.pk}/move/", {"day": "R8.6.15", "worker": worker.pk, "revision": 1})
    assert stale.status_code == 422
    assert "ほかの人が先に動かしました" in stale.content.decode()
    early = client.post(f"/yotei/{made.pk}/happened/", {"kind": "met", "revision": 2, "words": "会えた"})
    assert "まだ来ていない予定です" in early.content.decode()
    assert "会えた" in early.content.decode()
    none = client.post(f"/yotei/{made.pk}/cancel/", {"reason": "", "revision": 2})
    assert "取りやめるわけ" in none.content.decode()
    assert (
        client.post(f"/yotei/{made.pk}/cancel/", {"reason": "本人から断り", "revision": 2}).status_code == 302
    )
    other = a_visit(worker, haru, begins=time(9), ends=time(9, 30))
    done = client.post(f"/yotei/{other.pk}/happened/", {"kind": "tried", "words": "不在", "revision": 1})
    assert done["Location"] == "/"
    assert Contact.objects.get().words == "不在"
    assert "済み" in text(client.get(f"/yotei/{other.pk}/"))


def test_a_protected_persons_place_is_on_no_list(client_of: Client, worker: Worker, haru: Any) -> None:
    made = a_visit(worker, haru, at_home=False, place="西山公園の東屋")
    protect(haru, category="provisional", reason="夫からの暴力", by=worker, at=NOW)
    connection.check_constraints()
    for where in ("/", "/yotei/"):
        page = text(client_of(worker).get(where))
        assert "森田 ハル" in page
        assert "西山公園" not in page
    # Who holds sees it on the appointment's own page; who came with the office's other reason does not.
    assert "西山公園" in text(client_of(worker).get(f"/yotei/{made.pk}/"))
    Setting.objects.update_or_create(key="protection.grant_only", defaults={"value": 1})
    page = text(client_of(worker).get(f"/yotei/{made.pk}/"))
    assert "西山公園" not in page
    assert "非開示" in page


def test_the_number_of_queries_does_not_grow(
    client_of: Client, queries: Client, worker: Worker, haru: Any
) -> None:
    client, shapes = client_of(worker), []
    for count in (2, 12):
        for _ in range(count):
            a_visit(worker, haru)
        shape = []
        for where in ("/", "/yotei/", f"/person/{haru.pk}/"):
            client.get(where)
            with queries() as seen:
                assert client.get(where).status_code == 200
            shape.append(seen.shape)
        shapes.append(shape)
    assert shapes[0] == shapes[1]


# -- papers --------------------------------------------------------------------------------------------------------------


@pytest.mark.visits("desk:going_out", "desk:paper", "diary:taken", "diary:back")
def test_a_paper_is_printed_written_down_and_ticked_as_back(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    set_safe_contact(
        haru, by=worker, at=NOW, way="mobile", under_name="田中と名乗る", note="呼び鈴は鳴らさない"
    )
    a_visit(worker, haru)
    concern = haru.party.concerns.order_by("id")[0]
    record_contact("met", [Served(concern.pk)], by=worker, at=NOW - timedelta(days=2), words="玄関先で話せた")
    leave_message(worker, by=worker, at=NOW - timedelta(days=1), caller="大家", words="折り返し")
    client = client_of(worker)
    three_people("/kami/", allowed=worker, stranger=a_worker(role=Role.AUDITOR))
    assert client.post("/kami/", {"kind": "visits"}).status_code == 302
    taken = TakenOut.objects.get()
    assert (taken.kind, taken.persons) == ("visits", 1)
    answer = three_people(f"/kami/{taken.pk}.pdf", allowed=worker, stranger=a_worker())
    printed = pdf(answer)
    for words in (
        "森田 ハル",
        "呼び鈴は鳴らさない",
        "犬がいる",
        "携帯電話",
        "田中と名乗る",
        "玄関先で話せた",
        "075-000-1234",
        "開田一丁目",
        "相田 ゆき",
        "取扱注意",
    ):
        assert flat(words) in printed, words
    three_people("/yotei/mochidashi/", allowed=worker, stranger=a_worker(role=Role.AUDITOR))
    three_people(f"/yotei/mochidashi/{taken.pk}/back/", allowed=worker, stranger=a_worker())
    assert client.post(f"/yotei/mochidashi/{taken.pk}/back/", {"how": "nonsense"}).status_code == 422
    assert client.post(f"/yotei/mochidashi/{taken.pk}/back/", {"how": "shredded"}).status_code == 302
    assert client.get(f"/kami/{taken.pk}.pdf").status_code == 404
    assert "持ち帰って裁断した" in text(client.get("/yotei/mochidashi/"))
    # A colleague does not see it, the office's manager does.
    assert "相田 ゆき" not in text(client_of(a_worker(office_of(worker))).get("/yotei/mochidashi/"))
    assert "相田 ゆき" in text(client_of(office_of(worker).duty_worker).get("/yotei/mochidashi/"))


def test_a_paper_dies_at_night(client_of: Client, set_clock: Client, worker: Worker, haru: Any) -> None:
    a_visit(worker, haru)
    client = client_of(worker)
    client.post("/kami/", {"kind": "today"})
    taken = TakenOut.objects.get()
    assert client.get(f"/kami/{taken.pk}.pdf").status_code == 200
    set_clock(NOW + timedelta(days=1))
    assert client.get(f"/kami/{taken.pk}.pdf").status_code == 404
    assert "まだ戻っていません" in text(client.get("/"))


def test_today_is_one_sheet_however_much_there_is(client_of: Client, worker: Worker, haru: Any) -> None:
    for number in range(45):
        a_concern(
            held_by=worker, at=NOW - timedelta(days=number), description="とても長い内容の課題です。" * 8
        )
        a_visit(
            worker, haru, begins=time(8), ends=None, place="", note="裏口から、母に先に電話をしてから" * 3
        )
    for _ in range(9):
        leave_message(worker, by=worker, at=NOW, words="折り返し")
    client = client_of(worker)
    client.post("/kami/", {"kind": "today"})
    answer = client.get(f"/kami/{TakenOut.objects.get().pk}.pdf")
    assert len(PdfReader(BytesIO(answer.content)).pages) == 1
    assert "ほか" in pdf(answer)
    assert "取扱注意" in pdf(answer)


def test_numbers_stand_for_names_where_the_city_wants_it(
    client_of: Client, worker: Worker, haru: Any
) -> None:
    Setting.objects.update_or_create(key="paper.by_number", defaults={"value": 1})
    a_visit(worker, haru)
    client = client_of(worker)
    for kind in ("today", "visits"):
        client.post("/kami/", {"kind": kind})
    for taken in TakenOut.objects.all():
        printed = pdf(client.get(f"/kami/{taken.pk}.pdf"))
        assert "森田" not in printed
        assert f"番号{haru.pk}" in printed


def test_a_protected_persons_place_is_on_no_paper(client_of: Client, worker: Worker, haru: Any) -> None:
    a_visit(worker, haru)
    protect(haru, category="provisional", reason="夫からの暴力", by=worker, at=NOW)
    connection.check_constraints()
    client = client_of(worker)
    for kind in ("today", "visits"):
        client.post("/kami/", {"kind": kind})
    for taken in TakenOut.objects.all():
        printed = pdf(client.get(f"/kami/{taken.pk}.pdf"))
        assert "開田" not in printed
        assert "075-000-1234" not in printed


@pytest.mark.visits("desk:card", "desk:card_pdf")
def test_the_persons_card(three_people: Client, client_of: Client, worker: Worker, haru: Any) -> None:
    a_visit(worker, haru, kind="phone", day=TODAY + timedelta(days=6), begins=time(14))
    stranger = a_worker()
    page = three_people(f"/person/{haru.pk}/card/", allowed=worker, stranger=stranger)
    assert "まだ聞いていません" in text(page)
    printed = pdf(three_people(f"/person/{haru.pk}/card.pdf", allowed=worker, stranger=stranger))
    for words in (
        "相田 ゆき",
        "075-000-0001",
        "平日9時〜17時",
        "2026年6月15日",
        "14:00",
        "れんらく",
        "2026年 6月 15日",
    ):
        assert flat(words) in printed, words
    assert "森田" not in printed
    assert "家賃" not in printed


@pytest.mark.parametrize("said", [{"paper_allowed": "no"}, {"way": "not_at_all"}])
def test_no_card_where_no_paper_may_lie(
    client_of: Client, worker: Worker, haru: Any, said: dict[str, str]
) -> None:
    set_safe_contact(haru, by=worker, at=NOW, **said)
    client = client_of(worker)
    assert "紙を置かないことになっています" in text(client.get(f"/person/{haru.pk}/card/"))
    refused = client.get(f"/person/{haru.pk}/card.pdf")
    assert refused.status_code == 409
    assert "口頭で伝えてください" in refused.content.decode()
    assert "/card/" not in text(client.get(f"/person/{haru.pk}/"))


# -- the papers of the night ---------------------------------------------------------------------------------------------


@pytest.mark.visits("diary:nights", "diary:night_key", "diary:night_file")
def test_each_night_one_locked_paper_per_office(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    a_visit(worker, haru)
    office = office_of(worker)
    manager = office.duty_worker
    assert manager is not None
    with opened_trail(None, "task", NOW):
        night = write_night_papers(NOW)
    assert office.label in night.written
    assert not night.failed
    file = night_file(office.pk, TODAY)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with pytest.raises(FileNotDecryptedError):
        text_of(file.read_bytes())
    other = an_office()
    assert other.duty_worker is not None
    three_people(f"/yotei/night/{office.pk}/", allowed=manager, stranger=other.duty_worker)
    three_people(f"/yotei/night/{office.pk}/", allowed=manager, stranger=worker)
    answer = three_people(
        f"/yotei/night/{office.pk}/{TODAY}.pdf", allowed=manager, stranger=other.duty_worker
    )
    three_people(f"/yotei/night/{office.pk}/key/", allowed=manager, stranger=other.duty_worker)
    client = client_of(manager)
    shown = text(client.post(f"/yotei/night/{office.pk}/key/", {"show": "1"}))
    password = shown.split('<strong class="number">')[1].split("<")[0].replace(" ", "")
    assert password not in NightKey.objects.get(office=office).sealed
    printed = pdf(answer, password)
    for words in ("停電の日の紙", "相田 ゆき", "森田 ハル", "家賃を4か月", "14:00–15:00", "取扱注意", "網"):
        assert flat(words) in printed, words
    assert password not in text(client.get(f"/yotei/night/{office.pk}/")).replace(" ", "")


def test_the_password_is_changed_by_a_deed_and_counts_from_the_next_night(
    client_of: Client, worker: Worker, haru: Any
) -> None:
    office = office_of(worker)
    client = client_of(office.duty_worker)
    weak = client.post(f"/yotei/night/{office.pk}/key/", {"password": "short"})
    assert weak.status_code == 422
    assert "12文字以上" in weak.content.decode()
    assert client.post(f"/yotei/night/{office.pk}/key/", {"password": "Teiden-no-hi-2026"}).status_code == 302
    with opened_trail(None, "task", NOW):
        write_night_papers(NOW)
    assert "相田 ゆき" in text_of(night_file(office.pk, TODAY).read_bytes(), "Teiden-no-hi-2026")
    client.post(f"/yotei/night/{office.pk}/key/", {"password": ""})
    shown = text(client.post(f"/yotei/night/{office.pk}/key/", {"show": "1"}))
    assert "Teid en-n" not in shown
    assert '<strong class="number">' in shown


def test_old_nights_go(worker: Worker) -> None:
    office = office_of(worker)
    with opened_trail(None, "task", NOW):
        for back in (9, 7, 6, 1):
            write_night_papers(NOW - timedelta(days=back))
        night = write_night_papers(NOW)
    there = sorted(folder.name for folder in night_folder().iterdir())
    assert there == [str(TODAY - timedelta(days=6)), str(TODAY - timedelta(days=1)), str(TODAY)]
    assert night.removed == 1
    assert NightPaper.objects.filter(office=office, removed_at__isnull=False).count() == 2
    (night_folder() / "lost+found").mkdir()
    assert remove_old_nights(before=TODAY, at=NOW) >= 2
    assert (night_folder() / "lost+found").is_dir()


def test_one_offices_trouble_leaves_the_others_theirs_and_is_told(client_of: Client, worker: Worker) -> None:
    """A disk that takes no file for one office: the real write fails, because a directory stands where the file belongs."""
    administrator = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    broken, fine = office_of(worker), an_office()
    night_file(broken.pk, TODAY).mkdir(parents=True)
    with opened_trail(None, "task", NOW):
        night = write_night_papers(NOW)
    assert broken.label in night.failed
    assert fine.label in night.written
    assert NightPaper.objects.get(office=broken).trouble == "IsADirectoryError"
    assert Notice.objects.filter(worker=administrator, kind="night_papers").count() == 1
    assert "作れませんでした" in text(client_of(broken.duty_worker).get(f"/yotei/night/{broken.pk}/"))
