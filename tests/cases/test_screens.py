"""The family's file on the screen: allowed, stranger, anonymous; drafts; two at once; a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, a_concern, a_household, a_person, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import close_case, correct_note, open_case, write_note
from tsunagi.cases.models import Case, Note
from tsunagi.holding.models import Concern, Contact
from tsunagi.people.models import Household

pytestmark = pytest.mark.django_db
Answer = Any


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"))


@pytest.fixture
def household() -> Household:
    return a_household(a_person("森田 ハル"), a_person("森田 健一"), label="森田さんの世帯")


@pytest.fixture
def concern(worker: Worker, household: Household) -> Concern:
    return a_concern(held_by=worker, of=household, description="家賃の滞納")


@pytest.fixture
def case(worker: Worker, household: Household, concern: Concern) -> Case:
    opened = open_case(household.pk, by=worker, at=NOW, title="8050の世帯", concern_ids=[concern.pk])
    write_note(opened, by=worker, at=NOW, facts="母と面談", judgement="息子が心配", policy="手紙を続ける")
    connection.check_constraints()
    return opened


@pytest.mark.visits("cases:index")
def test_the_list_shows_what_one_may_see(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    admin = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    answer = three_people("/cases/", allowed=worker, stranger=admin)
    assert "8050の世帯" in answer.content.decode()
    for show in ("open", "mine", "office", "closed", "all", "nonsense"):
        assert client_of(worker).get(f"/cases/?show={show}&before=x").status_code == 200
    assert "8050の世帯" not in client_of(a_worker()).get("/cases/").content.decode()


@pytest.mark.visits("cases:detail")
def test_the_file_opens_to_those_involved(
    three_people: Callable[..., Answer], case: Case, worker: Worker
) -> None:
    text = three_people(f"/cases/{case.pk}/", allowed=worker, stranger=a_worker()).content.decode()
    assert all(words in text for words in ("母と面談", "息子が心配", "手紙を続ける", "家賃の滞納"))


@pytest.mark.visits("cases:paper")
def test_the_file_on_paper(three_people: Callable[..., Answer], case: Case, worker: Worker) -> None:
    text = three_people(f"/cases/{case.pk}/paper/", allowed=worker, stranger=a_worker()).content.decode()
    assert "母と面談" in text


@pytest.mark.visits("cases:new")
def test_a_file_is_opened_from_the_household(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], worker: Worker, concern: Concern
) -> None:
    address = f"/cases/new/?party={concern.party_id}"
    assert "家賃の滞納" in three_people(address, allowed=worker, stranger=a_worker()).content.decode()
    client = client_of(worker)
    answer = client.post(address, {"title": "新しい支援", "concerns": [str(concern.pk)]})
    made = Case.objects.get()
    assert answer.headers["Location"] == f"/cases/{made.pk}/"
    assert client_of(worker).get("/cases/new/").status_code == 404
    assert client.post(address, {"title": "123456789018"}).status_code == 422


@pytest.mark.visits("cases:note_new")
def test_a_note_saves_itself_and_is_written_once(
    three_people: Callable[..., Answer],
    client_of: Callable[..., Any],
    case: Case,
    worker: Worker,
    concern: Concern,
) -> None:
    address = f"/cases/{case.pk}/notes/new/"
    page = three_people(address, allowed=worker, stranger=a_worker())
    draft = str(page.context["sheet"].id)
    assert "data-draft-url" in page.content.decode()
    client = client_of(worker)
    saved = client.post(page.context["sheet"].url, {"draft": draft, "facts": "書きかけのことば", "seq": "1"})
    assert saved.status_code < 400
    assert "書きかけのことば" in client.get(f"{address}?draft={draft}").content.decode()
    assert "書きかけのことば" in client.get("/").content.decode()
    typed = {
        "draft": draft,
        "facts": "母と話せた",
        "contact_kind": "met",
        "contact_concerns": [str(concern.pk)],
    }
    assert client.post(address, typed).status_code == 302
    assert client.post(address, typed).status_code == 302
    assert Note.objects.filter(facts="母と話せた").count() == 1
    assert Contact.objects.count() == 1
    refused = client.post(address, {"facts": ""})
    assert refused.status_code == 422
    assert "ひとことでも" in refused.content.decode()


@pytest.mark.visits("cases:note_edit")
def test_two_who_correct_at_once_see_both_texts(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    note = Note.objects.get()
    address = f"/cases/{case.pk}/notes/{note.pk}/"
    three_people(address, allowed=worker, stranger=a_worker())
    correct_note(note, revision=1, by=worker, at=NOW, facts="先に直したことば")
    answer = client_of(worker).post(address, {"facts": "あとのことば", "revision": "1"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "先に直した" in text
    assert "あとの" in text
    assert client_of(worker).post(address, {"facts": "あとのことば", "revision": "2"}).status_code == 302
    assert "訂正の履歴" in client_of(worker).get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.visits("cases:concerns")
def test_the_concerns_are_chosen(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    address = f"/cases/{case.pk}/concerns/"
    three_people(address, allowed=worker, stranger=a_worker())
    assert client_of(worker).post(address, {"concerns": []}).status_code == 302
    assert not case.case_concerns.exists()


@pytest.mark.visits("cases:close")
def test_a_file_that_may_not_close_says_why(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], case: Case, worker: Worker
) -> None:
    address = f"/cases/{case.pk}/close/"
    three_people(address, allowed=worker, stranger=a_worker())
    answer = client_of(worker).post(address, {"main_office": "相談室"})
    assert answer.status_code == 422
    assert "まだ終わっていない課題が1件" in answer.content.decode()


@pytest.mark.visits("cases:reopen")
def test_a_closed_file_is_opened_again(
    three_people: Callable[..., Answer], client_of: Callable[..., Any], worker: Worker, household: Household
) -> None:
    a_concern(held_by=worker, of=household)
    case = open_case(household.pk, by=worker, at=NOW)
    close_case(case, by=worker, at=NOW, main_office="相談室")
    address = f"/cases/{case.pk}/reopen/"
    three_people(address, allowed=worker, stranger=a_worker())
    assert client_of(worker).post(address, {"words": "また来られた"}).status_code == 302
    assert client_of(worker).post(address, {"words": "もう一度"}).status_code == 422


def test_another_office_reads_but_does_not_write(
    client_of: Callable[..., Any], case: Case, household: Household
) -> None:
    colleague = a_worker(an_office("障がい福祉課"))
    a_concern(held_by=colleague, of=household)
    client = client_of(colleague)
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    for page in ("notes/new/", "concerns/", "close/", "reopen/"):
        assert client.get(f"/cases/{case.pk}/{page}").status_code == 404


def test_the_list_and_the_file_ask_as_often_for_twenty_as_for_two(
    client_of: Callable[..., Any],
    queries: Callable[..., Any],
    case: Case,
    worker: Worker,
    household: Household,
) -> None:
    client, shapes = client_of(worker), []
    for count in (1, 18):
        for _ in range(count):
            held = a_concern(held_by=worker, of=household)
            open_case(household.pk, by=worker, at=NOW, concern_ids=[held.pk])
            correct_note(
                write_note(case, by=worker, at=NOW, facts="電話"),
                revision=1,
                by=worker,
                at=NOW,
                facts="電話した",
            )
        client.get("/cases/")
        with queries() as listed:
            client.get("/cases/")
        with queries() as opened:
            client.get(f"/cases/{case.pk}/")
        shapes.append((listed.shape, opened.shape))
    assert shapes[0] == shapes[1]


def test_the_list_pages_by_key(client_of: Callable[..., Any], worker: Worker, household: Household) -> None:
    a_concern(held_by=worker, of=household)
    made = [open_case(household.pk, by=worker, at=NOW, title=f"支援その{n:02d}") for n in range(52)]
    first = client_of(worker).get("/cases/").content.decode()
    assert "支援その51" in first
    assert "支援その01" not in first
    second = client_of(worker).get(f"/cases/?show=open&before={made[2].pk}").content.decode()
    assert "支援その01" in second


@pytest.mark.visits("cases:secret")
def test_a_special_secret_beside_a_file_is_its_writer_s_until_a_door_is_chosen(client_of, three_people):
    from tests.factories import office_of
    from tsunagi.holding.models import Promise

    worker = a_worker()
    concern = a_concern(held_by=worker, of=a_person("谷口 正"))
    case = open_case(concern.party_id, by=worker, at=NOW, concern_ids=[concern.pk])
    url = reverse("cases:secret", args=[case.pk])
    three_people(url, allowed=worker, stranger=a_worker())
    assert client_of(worker).post(url, {"words": "通院先の病名"}).status_code == 422
    client_of(worker).post(url, {"secret": "medical", "words": "通院先の病名"})
    page = reverse("cases:detail", args=[case.pk])
    assert "通院先の病名" in client_of(worker).get(page).content.decode()
    assert "通院先の病名" not in client_of(a_worker(office_of(worker))).get(page).content.decode()
    promise = Promise.objects.get(kind="secret_door", worker=worker)
    door = reverse("intake:secret_door", args=[promise.subject_id])
    answer = client_of(worker).post(door, {"door": "noticed", "shown_words": "体の具合がよくないようす"})
    assert answer.headers["Location"] == page
    assert "体の具合がよくない" in client_of(a_worker(office_of(worker))).get(page).content.decode()
