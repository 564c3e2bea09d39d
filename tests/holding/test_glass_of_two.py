"""ふたりで開く: in an emergency a protected place opens to two people alone, and to neither who is near to the person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from tests.factories import NOW, TODAY, a_concern, a_post, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.holding.models import Promise
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.access import sight_of
from tsunagi.people.actions import declare_own, protect, register_person
from tsunagi.people.models import AddressGrant, Involvement, Person
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.models import BrokenGlass, GlassPair
from tsunagi.sharing.rules import NOTHING_OPENS, TOO_MANY_WRONG, WRONG_NUMBER

pytestmark = pytest.mark.django_db
Visit = Callable[..., Any]
PLACE = "西山町9番9号 ひだまり寮"
WHY = "倒れているとの通報があり、居場所を知りたい"


@pytest.fixture(autouse=True)
def _now(set_clock: Visit) -> None:
    set_clock(NOW)


@pytest.fixture
def holder() -> Worker:
    return a_worker(an_office("生活支援課"), name="相田 ゆき")


@pytest.fixture
def her(holder: Worker) -> Person:
    person = register_person(
        by=holder, at=NOW, name="川辺 はる", kana="カワベ ハル", birth="S30.4.1", addresses=[PLACE],
        office=office_of(holder).pk,
    )  # fmt: skip
    a_concern(held_by=holder, of=person)
    protect(person, by=holder, at=NOW, reason="夫が探している")
    connection.check_constraints()
    Notice.objects.all().delete()
    return person


@pytest.fixture
def night() -> Worker:
    return a_worker(an_office("高齢福祉課"), name="夜野 かなえ")


@pytest.fixture
def duty(night: Worker) -> Worker:
    worker = office_of(night).duty_worker
    assert worker is not None
    return worker


def text(answer: Any) -> str:
    return str(answer.content.decode())


def opens(client: Any, **said: str) -> BrokenGlass:
    values = {"name": "川辺 はる", "birth": "S30.4.1", "phone": "", "reason": WHY} | said
    client.post("/concerns/glass/", values, follow=True)
    return BrokenGlass.objects.latest("pk")


def number_for(client: Any, glass: BrokenGlass) -> str:
    client.post(f"/concerns/glass/{glass.pk}/two/", {})
    return GlassPair.objects.get(glass=glass, ended_at__isnull=True).code


def typed(client: Any, code: str) -> Any:
    return client.post("/concerns/glass/second/", {"code": code}, follow=True)


def agrees(client: Any, code: str, answer: str = "yes") -> Any:
    typed(client, code)
    pair = GlassPair.objects.get(code=code)
    return client.post(f"/concerns/glass/second/{pair.pk}/", {"answer": answer}, follow=True)


@pytest.mark.visits("holding:glass_two", "holding:glass_second", "holding:glass_answer")
def test_two_people_open_a_protected_place_and_both_are_named(
    three_people: Visit, client_of: Visit, her: Person, night: Worker, duty: Worker, holder: Worker
) -> None:
    first, second = client_of(night), client_of(duty)
    glass = opens(first)
    assert NOTHING_OPENS in text(first.get(f"/concerns/glass/{glass.pk}/"))
    url = f"/concerns/glass/{glass.pk}/two/"
    assert duty.name in text(three_people(url, allowed=night, stranger=duty))
    code = number_for(first, glass)
    waiting = text(first.get(url))
    assert f"{code[:3]} {code[3:]}" in waiting and "確認されたか見る" in waiting and PLACE not in waiting
    three_people("/concerns/glass/second/", allowed=duty, stranger=a_worker(office_of(night)))
    asked = text(typed(second, f"{code[:3]} {code[3:]}"))
    assert night.name in asked and WHY in asked and PLACE not in asked
    pair = GlassPair.objects.get()
    three_people(f"/concerns/glass/second/{pair.pk}/", allowed=duty, stranger=night)
    assert "相手が番号を入れました" in text(first.get(url)) and sight_of(night, her.pk) is None
    answer = second.post(f"/concerns/glass/second/{pair.pk}/", {"answer": "yes"}, follow=True)
    assert PLACE not in text(answer) and her.name not in text(answer).replace(glass.asked_name, "")
    polled = text(first.get(url, headers={"HX-Request": "true"}))
    assert "確認されました" in polled and "<html" not in polled and "hx-trigger" not in polled
    assert PLACE in text(first.get(f"/concerns/glass/{glass.pk}/"))
    glass.refresh_from_db()
    assert (glass.person, glass.second) == (her, duty)
    sight = sight_of(night, her.pk, on=TODAY)
    assert sight is not None and sight.shows_address and sight.ground == "05"
    assert sight_of(duty, her.pk, on=TODAY) is None
    grant = AddressGrant.objects.get()
    assert (grant.asked_by, grant.agreed_by, grant.worker) == (night, duty, night)
    line = Entry.objects.get(action="glass.two_agreed")
    assert (line.detail["first"], line.detail["second"], line.worker_id) == (night.pk, duty.pk, duty.pk)
    assert Notice.objects.filter(worker=holder, sentence__contains="ふたりの職員").exists()


def test_neither_of_the_two_reviews_it_and_not_right_closes_the_place(
    client_of: Visit, her: Person, night: Worker, duty: Worker
) -> None:
    third = a_worker(office_of(night))
    glass = opens(client_of(night))
    asked = Promise.objects.get(subject_kind="break_glass", is_open=True)
    assert asked.worker == duty
    agrees(client_of(duty), number_for(client_of(night), glass))
    asked = Promise.objects.get(subject_kind="break_glass", is_open=True)
    assert asked.worker == third and asked.previous is not None
    page = f"/concerns/glass/{glass.pk}/"
    assert "確かめた</" not in text(client_of(duty).get(page))
    client_of(duty).post(page, {"answer": "right"})
    glass.refresh_from_db()
    assert glass.review == ""
    shown = text(client_of(third).get(page))
    assert night.name in shown and duty.name in shown and PLACE not in shown
    client_of(third).post(page, {"answer": "not_right", "words": "119で足りた"})
    assert sight_of(night, her.pk, on=TODAY) is None
    assert AddressGrant.objects.get().ended_at is not None
    with pytest.raises(IntegrityError):
        BrokenGlass.objects.filter(pk=glass.pk).update(reviewed_by=duty)


def test_protected_unknown_and_own_people_are_the_same_pages_by_the_same_statements(
    client_of: Visit, queries: Visit, run_jobs: Visit, her: Person, night: Worker, duty: Worker
) -> None:
    shapes = []
    for name in ("誰野 だれ", "川辺 はる", "西沢 なみ"):
        client = client_of(night)
        glass = opens(client, name=name)
        with queries() as asked:
            number_for(client, glass)
            client.get(f"/concerns/glass/{glass.pk}/two/")
        shapes.append(asked.shape)
    assert shapes[1] == shapes[2]


@pytest.mark.parametrize("near", ["first", "second"])
def test_nothing_opens_when_either_of_the_two_is_near(
    client_of: Visit, run_jobs: Visit, her: Person, night: Worker, duty: Worker, near: str
) -> None:
    own = night if near == "first" else duty
    declare_own(own, relation="kin", name="川辺 はる", birth="S30.4.1", at=NOW)
    run_jobs()
    glass = opens(client_of(night))
    agrees(client_of(duty), number_for(client_of(night), glass))
    glass.refresh_from_db()
    assert (glass.person, glass.second) == (None, duty)
    assert NOTHING_OPENS in text(client_of(night).get(f"/concerns/glass/{glass.pk}/"))
    assert not AddressGrant.objects.exists()


def test_what_is_not_answered_in_time_ends_and_opens_nothing(
    client_of: Visit, set_clock: Visit, her: Person, night: Worker, duty: Worker
) -> None:
    glass = opens(client_of(night))
    code = number_for(client_of(night), glass)
    typed(client_of(duty), code)
    pair = GlassPair.objects.get()
    late = NOW + timedelta(minutes=11)
    set_clock(late)
    assert "時間が過ぎた" in text(client_of(night).get(f"/concerns/glass/{glass.pk}/two/"))
    page = client_of(duty).get(f"/concerns/glass/second/{pair.pk}/")
    assert "時間が過ぎました" in text(page)
    client_of(duty).post(f"/concerns/glass/second/{pair.pk}/", {"answer": "yes"})
    assert sight_of(night, her.pk) is None
    assert sharing.end_pairs_past_their_time(at=late) == 1
    assert Entry.objects.filter(action="glass.two_timed_out", detail__pair=pair.pk).exists()
    number_for(client_of(night), glass)
    assert GlassPair.objects.filter(ended_at__isnull=True).count() == 1


def test_a_number_is_not_found_by_trying(client_of: Visit, her: Person, night: Worker, duty: Worker) -> None:
    glass = opens(client_of(night))
    code = number_for(client_of(night), glass)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert WRONG_NUMBER in text(typed(client_of(duty), wrong))
    assert TOO_MANY_WRONG.format(minutes=10) in text(typed(client_of(duty), code))
    assert GlassPair.objects.get().second is None
    assert Entry.objects.filter(action="glass.two_wrong", worker_id=duty.pk).count() == 5


def test_one_person_is_never_two(client_of: Visit, her: Person, duty: Worker) -> None:
    glass = opens(client_of(duty))
    code = number_for(client_of(duty), glass)
    assert WRONG_NUMBER in text(typed(client_of(duty), code))
    with pytest.raises(IntegrityError):
        GlassPair.objects.update(second=duty)


def test_who_typed_the_number_first_answers_alone(
    client_of: Visit, her: Person, night: Worker, duty: Worker
) -> None:
    other = a_worker(office_of(night))
    a_post(other, office_of(night), Role.MANAGER)
    glass = opens(client_of(night))
    code = number_for(client_of(night), glass)
    typed(client_of(duty), code)
    assert WRONG_NUMBER in text(typed(client_of(other), code))
    answer = agrees(client_of(duty), code, "no")
    assert "開かないと答えました" in text(answer)
    assert sight_of(night, her.pk) is None and GlassPair.objects.get().how == "refused"
    assert "開かないと答えた" in text(client_of(night).get(f"/concerns/glass/{glass.pk}/two/"))


def test_a_body_outside_the_city_confirms_nobody(client_of: Visit) -> None:
    outside = a_worker(an_office("すまい法人", legal_kind="private"), role="outside_worker")
    assert client_of(outside).get("/concerns/glass/second/").status_code == 404
    manager = a_worker(an_office("みどり法人", legal_kind="private"), role=Role.MANAGER)
    assert client_of(manager).get("/concerns/glass/second/").status_code == 404


def test_called_off_is_over(client_of: Visit, her: Person, night: Worker, duty: Worker) -> None:
    glass = opens(client_of(night))
    code = number_for(client_of(night), glass)
    client_of(night).post(f"/concerns/glass/{glass.pk}/two/", {"call_off": "1"})
    assert WRONG_NUMBER in text(typed(client_of(duty), code))
    assert not Involvement.objects.filter(reason_kind="break_glass").exists()
