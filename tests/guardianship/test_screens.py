"""The pages of powers and 市長申立て: who gets there, what they do there, and how often they ask the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.guardianship.actions import PowerWish, open_petition, state_power
from tsunagi.guardianship.models import Petition, Power
from tsunagi.holding.models import Promise
from tsunagi.people.actions import involve, protect
from tsunagi.people.models import Membership

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Client) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


@pytest.fixture
def haru(worker: Worker) -> Any:
    person = a_person("森田 ハル")
    a_concern(held_by=worker, of=person, at=NOW - timedelta(days=3))
    return person


def a_power(person: Any, worker: Worker, **more: Any) -> Power:
    said = {
        "kind": "daily_support",
        "holder_name": "社協 生活支援員",
        "agency_words": "年金の受取",
        "until_on": TODAY + timedelta(days=100),
        "court": "社協本所",
    } | more
    power = state_power(person, PowerWish(**said), by=worker, at=NOW)
    connection.check_constraints()
    return power


def a_petition(person: Any, worker: Worker) -> Petition:
    petition = open_petition(person, why="親族がいない", due_on=TODAY + timedelta(days=7), by=worker, at=NOW)
    connection.check_constraints()
    return petition


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.mark.visits("guardianship:index", "guardianship:power", "guardianship:petition")
def test_the_page_shows_both_to_those_who_support(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    power, petition, stranger = a_power(haru, worker), a_petition(haru, worker), a_worker()
    index = text(three_people(f"/kouken/{haru.pk}/", allowed=worker, stranger=stranger))
    assert "社協 生活支援員" in index
    assert "申出を受ける" in index
    assert "医療行為に同意する権限はありません" in index
    assert "年金の受取" in text(three_people(f"/kouken/power/{power.pk}/", allowed=worker, stranger=stranger))
    assert "親族がいない" in text(
        three_people(f"/kouken/petition/{petition.pk}/", allowed=worker, stranger=stranger)
    )
    client = client_of(worker)
    assert client.get("/kouken/power/99999999/").status_code == 404
    assert client.get("/kouken/petition/99999999/").status_code == 404
    # From a file's tab the page leads back to it.
    assert "/cases/" in text(client.get(f"/kouken/{haru.pk}/?case=1"))


def test_who_was_only_told_who_may_sign_reads_no_work_in_progress(
    client_of: Client, worker: Worker, haru: Any
) -> None:
    power, petition, asked = a_power(haru, worker), a_petition(haru, worker), a_worker()
    involve(
        haru.pk, office_of(asked).pk, ground="02", facets=["basic", "household"], reason_kind="registered",
        reason_id=haru.pk, at=NOW,
    )  # fmt: skip
    client = client_of(asked)
    page = text(client.get(f"/kouken/{haru.pk}/"))
    assert "社協 生活支援員" in page
    assert "申出を受ける" not in page
    assert "代わりに動ける人を書く" not in page
    assert client.get(f"/kouken/power/{power.pk}/").status_code == 200
    for address in (f"power/{power.pk}/edit/", f"petition/{petition.pk}/", f"{haru.pk}/new/"):
        assert client.get(f"/kouken/{address}").status_code == 404


@pytest.mark.visits("guardianship:power_new")
def test_a_power_is_written_once(three_people: Client, client_of: Client, worker: Worker, haru: Any) -> None:
    address = f"/kouken/{haru.pk}/new/"
    three_people(address, allowed=worker, stranger=a_worker())
    client = client_of(worker)
    typed = {
        "kind": "curatorship", "holder_name": "司法書士 北川 実", "holder_kind": "scrivener", "agency_words": "預貯金",
        "from_on": "R8.4.1", "owner": worker.pk, "draft": "7a52f4b0-6d43-4a55-9b0b-2f8de4e8f101", "source": "register",
    }  # fmt: skip
    first, again = client.post(address, typed), client.post(address, typed)
    assert first.status_code == again.status_code == 302
    power = Power.objects.get()
    assert power.from_on == date(2026, 4, 1)
    refused = client.post(address, {"kind": "", "holder_name": ""})
    assert refused.status_code == 422
    assert "種類を選んでください" in refused.content.decode()
    both = client.post(
        address, {"kind": "mandate", "holder_name": "甥", "holder_office": office_of(worker).pk}
    )
    assert "どれかひとつ" in both.content.decode()
    # What comes after another one settles that one.
    before = a_power(haru, worker)
    after = client.post(f"{address}?follows={before.pk}", typed | {"draft": ""})
    assert after.status_code == 302
    before.refresh_from_db()
    assert before.successor_id is not None


@pytest.mark.visits("guardianship:power_edit")
def test_two_who_correct_at_once_see_both_texts(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    power = a_power(haru, worker)
    address = f"/kouken/power/{power.pk}/edit/"
    page = text(three_people(address, allowed=worker, stranger=a_worker()))
    assert "年金の受取" in page
    client = client_of(worker)
    typed = {"kind": "daily_support", "holder_name": "社協", "revision": 1, "agency_words": "年金と家賃"}
    assert client.post(address, typed | {"why": "契約書を見た"}).status_code == 302
    stale = client.post(address, typed | {"agency_words": "家賃だけ"})
    assert stale.status_code == 409
    for words in ("年金と", "だけ", "先に書き直しました"):
        assert words in stale.content.decode()
    assert "契約書を見た" in text(client.get(f"/kouken/power/{power.pk}/"))


@pytest.mark.visits("guardianship:power_settle", "guardianship:power_end")
def test_an_end_is_settled_or_looked_at_again(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    power, stranger = a_power(haru, worker), a_worker()
    for name in ("settle", "end"):
        three_people(f"/kouken/power/{power.pk}/{name}/", allowed=worker, stranger=stranger)
    client = client_of(worker)
    settle = f"/kouken/power/{power.pk}/settle/"
    assert client.post(settle, {"revision": 1}).status_code == 422
    later = client.post(settle, {"what": "later", "due_on": "R8.7.9", "revision": 1})
    assert later.status_code == 302
    promise = Promise.objects.get(subject_kind="power", is_open=True)
    assert promise.due_on == date(2026, 7, 9)
    none = client.post(settle, {"what": "settle", "revision": 1})
    assert "要らないわけ" in none.content.decode()
    assert client.post(settle, {"what": "settle", "words": "長男が手伝う", "revision": 1}).status_code == 302
    assert not Promise.objects.filter(subject_kind="power", is_open=True).exists()
    end = f"/kouken/power/{power.pk}/end/"
    assert client.post(end, {"revision": 2}).status_code == 422
    assert client.post(end, {"how": "cancelled", "revision": 2}).status_code == 302
    assert "審判の取消し・契約の解約" in text(client.get(f"/kouken/{haru.pk}/"))


@pytest.mark.visits(
    "guardianship:petition_new", "guardianship:petition_step", "guardianship:petition_move", "guardianship:petition_edit",
    "guardianship:petition_stop",
)  # fmt: skip
def test_an_application_goes_its_way(
    three_people: Client, client_of: Client, worker: Worker, haru: Any
) -> None:
    client, stranger = client_of(worker), a_worker()
    three_people(f"/kouken/{haru.pk}/petition/new/", allowed=worker, stranger=stranger)
    refused = client.post(f"/kouken/{haru.pk}/petition/new/", {"why": "親族がいない"})
    assert "いつまでにするか" in refused.content.decode()
    begun = client.post(
        f"/kouken/{haru.pk}/petition/new/", {"why": "親族がいない", "due_on": "R8.6.20", "owner": worker.pk}
    )
    petition = Petition.objects.get()
    home = f"/kouken/petition/{petition.pk}/"
    assert begun.headers["Location"] == home
    for name in ("step", "move", "edit", "stop"):
        three_people(f"{home}{name}/", allowed=worker, stranger=stranger)
    done = client.post(
        f"{home}step/", {"words": "そろった", "due_on": "R8.7.1", "owner": worker.pk, "revision": 1}
    )
    assert done.status_code == 302
    assert "親族調査" in text(client.get(home))
    assert client.post(f"{home}move/", {"due_on": "R8.7.9", "revision": 2}).status_code == 422
    moved = client.post(f"{home}move/", {"due_on": "R8.7.9", "words": "戸籍が届かない", "revision": 2})
    assert moved.status_code == 302
    # Whoever holds an older page is told.
    assert (
        "先に進めました"
        in client.post(f"{home}move/", {"due_on": "R8.7.9", "words": "まだ", "revision": 2}).content.decode()
    )
    assert client.post(f"{home}edit/", {"fee_words": "市が立て替え", "revision": 3}).status_code == 302
    stale = client.post(f"{home}edit/", {"fee_words": "本人の負担", "revision": 3})
    assert stale.status_code == 409
    assert "市が立て替え" in stale.content.decode()
    assert client.post(f"{home}stop/", {"revision": 4}).status_code == 422
    assert client.post(f"{home}stop/", {"words": "長女が申し立てる", "revision": 4}).status_code == 302
    assert "長女が申し立てる" in text(client.get(home))


def test_a_late_step_is_red_today_and_leads_to_its_page(
    client_of: Client, set_clock: Client, worker: Worker, haru: Any
) -> None:
    petition = a_petition(haru, worker)
    set_clock(NOW + timedelta(days=10))
    page = text(client_of(worker).get("/"))
    assert "市長申立て：申出を受ける" in page
    assert f"/kouken/petition/{petition.pk}/" in page
    assert "期限切れ" in page
    promise = Promise.objects.get(subject_kind="petition", is_open=True)
    own = text(client_of(worker).get(reverse("holding:promise", args=[promise.pk])))
    assert f"/kouken/petition/{petition.pk}/" in own
    kept = client_of(worker).post(reverse("holding:promise", args=[promise.pk]), {})
    assert kept.status_code == 422
    promise.refresh_from_db()
    assert promise.is_open


def test_it_stands_on_the_persons_page_and_in_the_households(
    client_of: Client, worker: Worker, haru: Any
) -> None:
    a_power(haru, worker)
    home = a_household(haru, a_person("森田 健一"), label="森田さんの世帯")
    a_concern(held_by=worker, of=home)
    client = client_of(worker)
    for address in (f"/person/{haru.pk}/", f"/person/{home.pk}/", f"/kouken/{home.pk}/"):
        assert "社協 生活支援員" in text(client.get(address)), address


def test_who_acts_for_a_protected_person_tells_nobody_where_she_is(
    client_of: Client, worker: Worker, haru: Any
) -> None:
    a_power(haru, worker, holder_name="みなみ市社協")
    protect(haru, category="provisional", reason="夫からの暴力", by=worker, at=NOW)
    connection.check_constraints()
    # Who holds sees it on the page; another office with another reason does not.
    assert "みなみ市社協" in text(client_of(worker).get(f"/kouken/{haru.pk}/"))
    asked = a_worker()
    involve(
        haru.pk, office_of(asked).pk, ground="02", facets=["basic", "household"], reason_kind="registered",
        reason_id=haru.pk, at=NOW,
    )  # fmt: skip
    page = text(client_of(asked).get(f"/kouken/{haru.pk}/"))
    assert "みなみ市社協" not in page
    assert "社協本所" not in page
    assert "非開示" in page


def test_the_number_of_queries_does_not_grow(
    client_of: Client, queries: Client, worker: Worker, haru: Any
) -> None:
    client, shapes = client_of(worker), []
    home = a_household(haru, label="森田さんの世帯")
    a_concern(held_by=worker, of=home)
    for count in (2, 10):
        for _ in range(count):
            member = a_person()
            Membership.objects.create(household=home, person=member)
            a_power(member, worker)
            a_petition(member, worker)
        client.get(f"/kouken/{home.pk}/")
        with queries() as seen:
            assert client.get(f"/kouken/{home.pk}/").status_code == 200
        shapes.append(seen.shape)
    assert shapes[0] == shapes[1]
