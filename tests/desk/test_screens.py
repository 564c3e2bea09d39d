"""今日, everything I hold, and the page of a person: who sees what, with true data."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, a_concern, a_household, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.cases.actions import open_case, write_note
from tsunagi.desk.queries import today_of
from tsunagi.holding.actions import (
    Served,
    answer_second,
    close_concern,
    leave_message,
    make_ready,
    record_absence,
    record_contact,
    wait,
    work_together,
)
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, WordOf
from tsunagi.people.models import Party, UnknownPerson
from tsunagi.referrals.actions import accept, send_referral

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")


def ago(days: int) -> Any:
    return NOW - timedelta(days=days)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.visits("desk:today")
def test_today_is_each_workers_own(
    three_people: Callable[..., Any], client_of: Callable[..., Any], worker: Worker
) -> None:
    a_concern(held_by=worker, of=a_person("森田 ハル"), at=ago(30))
    answer = three_people("/", allowed=worker, stranger=a_worker(), stranger_sees=200)
    assert "森田 ハル" in text_of(answer)
    assert "森田 ハル" not in text_of(client_of(a_worker()).get("/"))


def test_roles_without_persons_are_shown_their_own_way(client_of: Callable[..., Any]) -> None:
    text = text_of(client_of(a_worker(role=Role.SYSTEM_ADMINISTRATOR)).get("/"))
    assert "個人の記録は見えません" in text
    assert "相談を受け付ける" not in text


def test_the_most_urgent_stand_first(worker: Worker) -> None:
    green = a_concern(held_by=worker, at=NOW)
    red = a_concern(held_by=worker, at=ago(6))
    falling = a_concern(held_by=worker, at=ago(40))
    high = a_concern(held_by=worker, at=ago(40), urgency="high")
    today = today_of(worker, NOW)
    assert [row.concern_id for row in today.now] == [high.pk, falling.pk, red.pk]
    assert [row.concern_id for row in today.week] == [green.pk]
    assert (today.counts["falling"], today.counts["red"], today.total) == (2, 1, 4)


def test_what_waits_stands_apart_until_its_day(worker: Worker) -> None:
    concern = a_concern(held_by=worker, at=NOW, kind="supporting")
    wait(
        concern.pk, waiting_for="decision", waiting_from="年金事務所", due_on=NOW.date() + timedelta(days=20),
        by=worker, at=NOW,
    )  # fmt: skip
    today = today_of(worker, NOW)
    assert [row.concern_id for row in today.waiting] == [concern.pk]
    assert not today.now


def test_a_message_stands_on_the_addressees_day(client_of: Callable[..., Any], worker: Worker) -> None:
    leave_message(worker, by=a_worker(), at=ago(2), caller="大家さん", words="折り返しを")
    today = today_of(worker, NOW)
    assert len(today.messages) == 1
    assert not today.now
    assert "伝言" in text_of(client_of(worker).get("/"))


def test_a_look_back_appears_only_in_its_month(worker: Worker) -> None:
    concern = a_concern(held_by=worker, at=NOW)
    lost = ClosingWish(
        ClosingOutcome.CONTACT_LOST, word_of=WordOf.SUPPORTER, told_return="手紙", tries="訪問3回"
    )
    word = close_concern(concern.pk, lost, by=worker, at=NOW)
    answer_second(word, agreed=True, by=a_worker(office_of(worker)), at=NOW)
    month = concern.holds.get(closed_at=None).due_on
    assert not today_of(worker, NOW).look_back
    assert not today_of(worker, NOW).week
    first = NOW.replace(year=month.year, month=month.month, day=1)
    assert [row.concern_id for row in today_of(worker, first).look_back] == [concern.pk]
    assert not today_of(worker, first).now


def test_beside_another_i_see_the_row_without_a_colour(client_of: Callable[..., Any], worker: Worker) -> None:
    colleague = a_worker(office_of(worker))
    concern = a_concern(held_by=worker, at=ago(40), description="二人で訪問する")
    work_together(concern.pk, worker_ids=[colleague.pk], by=worker, at=NOW)
    today = today_of(colleague, NOW)
    assert [row.concern_id for row in today.together] == [concern.pk]
    assert sum(today.counts.values()) == 0
    assert "いっしょに" in text_of(client_of(colleague).get("/"))


def test_who_took_over_has_to_meet(worker: Worker) -> None:
    other = an_office("障がい福祉課")
    receiver = a_worker(other)
    concern = a_concern(held_by=worker, at=ago(10))
    referral = send_referral(
        [concern.pk], to_office=other, by=worker, at=ago(5), reason="手帳", person_told="agreed"
    )
    assert [card.id for card in today_of(receiver, NOW).to_answer] == [referral.pk]
    assert [card.id for card in today_of(worker, NOW).unanswered] == [referral.pk]
    accept(referral, worker_id=receiver.pk, by=receiver, at=ago(4))
    connection.check_constraints()
    today = today_of(receiver, NOW)
    assert [row.concern_id for row in today.not_met] == [concern.pk]
    assert not today.to_answer
    record_contact("met", [Served(concern.pk)], by=receiver, at=ago(1), words="会えた")
    assert not today_of(receiver, NOW).not_met


def test_before_closed_days_each_row_is_settled_once(
    client_of: Callable[..., Any], set_clock: Callable[..., Any], worker: Worker
) -> None:
    eve = set_clock("2026-12-28 10:00")
    inside = a_concern(held_by=worker, at=eve - timedelta(days=4), of=a_person("休み 前子"), kind="triage")
    high = a_concern(held_by=worker, at=eve - timedelta(hours=1), urgency="high")
    today = today_of(worker, eve)
    assert today.closed_days[0].isoformat() == "2026-12-29"
    assert high.pk in {row.concern_id for row in today.before_closure}
    assert "休み前の点検" in text_of(client_of(worker).get("/"))
    make_ready(
        high.pk, words="妹に電話できる。米と灯油あり", closed_from=today.closed_days[0], by=worker, at=eve
    )
    if inside.pk in {row.concern_id for row in today.before_closure}:
        record_contact("met", [Served(inside.pk)], by=worker, at=eve, words="会えた")
    assert not today_of(worker, eve).before_closure
    assert not today_of(worker, NOW).closed_days


def test_an_absence_is_said_on_top(client_of: Callable[..., Any], worker: Worker) -> None:
    record_absence(worker, from_on=NOW.date(), until_on=NOW.date() + timedelta(days=2), by=worker, at=NOW)
    assert "不在として記録されています" in text_of(client_of(worker).get("/"))


@pytest.mark.visits("desk:mine")
def test_everything_i_hold_can_be_filtered_and_sorted(
    three_people: Callable[..., Any], client_of: Callable[..., Any], worker: Worker
) -> None:
    late = a_concern(held_by=worker, at=ago(40), description="遅れている課題")
    a_concern(held_by=worker, at=NOW, description="予定どおりの課題")
    leave_message(worker, by=worker, at=NOW, words="伝言")
    three_people("/mine/", allowed=worker, stranger=a_worker(role=Role.SYSTEM_ADMINISTRATOR))
    client = client_of(worker)
    for sort in ("due", "weight", "unseen", "name", "nonsense"):
        assert "遅れている課題" in text_of(client.get(f"/mine/?sort={sort}"))
    assert "予定どおりの課題" not in text_of(client.get("/mine/?show=late"))
    assert "遅れている課題" not in text_of(client.get("/mine/?show=promises"))
    assert "この条件の受け持ちはありません" in text_of(client.get("/mine/?show=waiting"))
    assert text_of(client.get("/mine/?after=x"))
    assert late.pk


def test_everything_is_paged(client_of: Callable[..., Any], worker: Worker) -> None:
    for number in range(52):
        a_concern(held_by=worker, at=ago(number % 5), description=f"課題その{number:02d}")
    text = text_of(client_of(worker).get("/mine/"))
    assert text.count("課題その") == 25
    following = re.search(r'href="([^"]*after=h\d+_25)"', text)
    assert following
    second = text_of(client_of(worker).get("/mine/" + following[1].replace("&amp;", "&")))
    assert second.count("課題その") == 25
    assert not set(re.findall("課題その..", text)) & set(re.findall("課題その..", second))
    # A row that moved on since is passed over where it stood.
    assert text_of(client_of(worker).get("/mine/?after=h999999_50")).count("課題その") == 2


@pytest.mark.visits("desk:person")
def test_the_person_page_shows_the_household_at_once(
    three_people: Callable[..., Any], client_of: Callable[..., Any], worker: Worker
) -> None:
    mother, son = a_person("森田 ハル"), a_person("森田 健一")
    household = a_household(mother, son, label="森田さんの世帯")
    concern = a_concern(held_by=worker, of=household, at=ago(9), description="暮らしをだれが支えるか")
    case = open_case(household.pk, by=worker, at=ago(8), title="8050の世帯", concern_ids=[concern.pk])
    write_note(case, by=worker, at=ago(8), facts="母と面談した")
    text = text_of(three_people(f"/person/{son.pk}/", allowed=worker, stranger=a_worker()))
    for words in ("森田 ハル", "森田さんの世帯", "暮らしをだれが支えるか", "8050の世帯", "母と面談した"):
        assert words in text
    assert "森田 健一" in text_of(client_of(worker).get(f"/person/{household.pk}/"))
    assert client_of(worker).get("/person/999999/").status_code == 404


def test_someone_not_yet_known_has_a_page(client_of: Callable[..., Any], worker: Worker) -> None:
    party = Party.objects.create(kind="unknown", created_at=NOW)
    unknown = UnknownPerson.objects.create(party=party, place="駅前の公園", looks="赤い帽子", words="寒い")
    a_concern(held_by=worker, of=unknown)
    text = text_of(client_of(worker).get(f"/person/{party.pk}/"))
    assert "駅前の公園" in text
    assert "支援を始める" not in text


def test_what_was_joined_leads_to_its_root(client_of: Callable[..., Any], worker: Worker) -> None:
    party = Party.objects.create(kind="unknown", created_at=NOW)
    unknown = UnknownPerson.objects.create(party=party, place="駅前の公園")
    a_concern(held_by=worker, of=unknown)
    person = a_person("森田 ハル")
    a_concern(held_by=worker, of=person)
    Party.objects.filter(pk=party.pk).update(same_as_id=person.pk)
    answer = client_of(worker).get(f"/person/{party.pk}/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/person/{person.pk}/"


def test_before_accepting_only_what_the_referral_carries_is_seen(
    client_of: Callable[..., Any], worker: Worker
) -> None:
    person = a_person("森田 ハル")
    sent = a_concern(held_by=worker, of=person, at=ago(9), description="手帳の申請")
    a_concern(held_by=worker, of=person, at=ago(9), description="だれにも言えない借金")
    case = open_case(person.pk, by=worker, at=ago(8), title="内々の支援")
    write_note(case, by=worker, at=ago(8), facts="内々の記録")
    other = an_office("障がい福祉課")
    receiver = a_worker(other)
    referral = send_referral(
        [sent.pk], to_office=other, by=worker, at=ago(5), reason="手帳", person_told="agreed"
    )
    connection.check_constraints()
    text = text_of(client_of(receiver).get(f"/person/{person.pk}/"))
    assert "手帳の申請" in text
    assert "つなぎで渡された範囲だけ" in text
    for words in ("だれにも言えない借金", "内々の支援", "内々の記録"):
        assert words not in text
    accept(referral, worker_id=receiver.pk, by=receiver, at=NOW)
    assert "だれにも言えない借金" in text_of(client_of(receiver).get(f"/person/{person.pk}/"))


@pytest.mark.parametrize("address", ["/", "/mine/", "person"])
def test_a_page_asks_as_often_for_twenty_as_for_two(
    address: str, client_of: Callable[..., Any], queries: Callable[..., Any], worker: Worker
) -> None:
    mother, son = a_person("森田 ハル"), a_person("森田 健一")
    household = a_household(mother, son)
    case = open_case(household.pk, by=worker, at=ago(20))
    where = f"/person/{son.pk}/" if address == "person" else address
    other = an_office()
    client, shapes = client_of(worker), []
    for count in (2, 18):
        for _ in range(count):
            rows = [
                a_concern(held_by=worker, of=household, at=ago(30)),
                a_concern(held_by=worker, of=son, at=ago(1)),
            ]
            record_contact("tried", [Served(rows[0].pk)], by=worker, at=ago(3), words="不在")
            send_referral([rows[1].pk], to_office=other, by=worker, at=NOW, reason="x", person_told="agreed")
            write_note(case, by=worker, at=ago(2), facts="電話")
            leave_message(worker, by=worker, at=ago(3), words="折り返し")
        client.get(where)
        with queries() as seen:
            assert client.get(where).status_code == 200
        shapes.append(seen.shape)
    assert shapes[0] == shapes[1]
