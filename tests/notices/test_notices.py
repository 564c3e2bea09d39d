"""A notice tells its worker, names nobody, and is counted once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, a_worker
from tsunagi.notices import actions, queries
from tsunagi.notices.models import Notice
from tsunagi.notices.rules import NotForANotice, check_notice

SENTENCE = "つなぎ R8-0012 が届きました。返事の期限があります。"


@pytest.mark.parametrize(
    "sentence",
    [
        SENTENCE,
        "課題 #12 の様子を確かめる日です。",
        "受付がたくさん待っています。皆さんで分けてください。",
        "氏名の空いている受付があります。2026-06-09 までに確かめてください。",
        "12件を引き継ぎました。",
        "長い様式を1枚印刷しました。",
    ],
)
def test_numbers_are_told(sentence: str) -> None:
    check_notice(sentence, "/tsunagi/12/")


@pytest.mark.parametrize(
    "sentence",
    [
        "山田さんのつなぎが届きました。",
        "山田花子様から電話がありました。",
        "太郎くんの見守りの日です。",
        "花子ちゃんの見守りの日です。",
        "山田氏が来ました。",
        "075-951-1234 にかけ直してください。",
        "０９０に戻りました。09012345678 です。",
        "hanako@example.org に返事をしてください。",
        "82歳の方のつなぎが届きました。",
        "昭和19年生まれの方です。",
        "123456789018 の番号です。",
        "",
        "あ" * 301,
    ],
)
def test_names_and_numbers_of_people_are_not(sentence: str) -> None:
    with pytest.raises(NotForANotice) as refused:
        check_notice(sentence, "/")
    assert not sentence or sentence not in str(refused.value)


@pytest.mark.parametrize("link", ["https://example.org/", "//example.org/", "tsunagi/", "javascript:x()"])
def test_a_notice_leads_nowhere_else(link: str) -> None:
    with pytest.raises(NotForANotice, match="行き先"):
        check_notice(SENTENCE, link)


def tell(*workers: Any, at: Any = NOW) -> None:
    actions.tell([worker.pk for worker in workers], SENTENCE, "/tsunagi/12/", kind="referral", at=at)


@pytest.mark.django_db
def test_each_worker_is_told_once() -> None:
    one, other = a_worker(), a_worker()
    actions.tell([one.pk, other.pk, one.pk, None], SENTENCE, "/tsunagi/12/", at=NOW)
    assert (queries.unread_count(one), queries.unread_count(other)) == (1, 1)


@pytest.mark.django_db
def test_what_was_read_is_no_longer_counted() -> None:
    worker = a_worker()
    for _ in range(3):
        tell(worker)
    newest, *older = queries.latest(worker)
    actions.read(Notice.objects.get(pk=newest.id), NOW)
    actions.read(Notice.objects.get(pk=newest.id), NOW + timedelta(days=1))
    assert Notice.objects.get(pk=newest.id).read_at == NOW
    assert [card.id for card in queries.latest(worker)] == [card.id for card in older]
    assert actions.read_all(worker, NOW, up_to=older[1].id) == 1
    assert queries.unread_count(worker) == 1
    assert actions.read_all(worker, NOW) == 1


@pytest.mark.django_db
def test_pages_go_on_from_a_number() -> None:
    worker = a_worker()
    for _ in range(5):
        tell(worker)
    first = queries.notices_of(worker, page=2)
    rest = queries.notices_of(worker, page=10, before=first.next_before)
    assert (first.total, first.unread, len(first.notices), len(rest.notices)) == (5, 5, 2, 3)
    assert rest.next_before is None


@pytest.mark.django_db
def test_the_frame_asks_once(queries: Any) -> None:
    from tsunagi.notices.queries import unread_count

    worker = a_worker()
    tell(worker)
    with queries() as seen:
        unread_count(worker)
    assert seen.shape == (1, ["notices_notice"])


@pytest.mark.django_db
def test_read_notices_are_purged_and_unread_ones_stay() -> None:
    worker = a_worker()
    tell(worker, at=NOW - timedelta(days=400))
    actions.read_all(worker, NOW)
    tell(worker, at=NOW - timedelta(days=400))
    assert actions.purge(NOW - timedelta(days=180)) == 1
    assert queries.unread_count(worker) == 1


@pytest.mark.django_db
@pytest.mark.visits("notices:index", "notices:read_all", "notices:open")
def test_my_notices_are_mine(three_people: Any, client_of: Any, client: Any) -> None:
    worker, stranger = a_worker(), a_worker()
    tell(worker)
    tell(worker)
    index = reverse("notices:index")
    page = three_people(index, allowed=worker, stranger=stranger, stranger_sees=200).content.decode()
    assert page.count(SENTENCE) == 2
    assert "お知らせはありません" in client_of(stranger).get(index).content.decode()

    newest = queries.latest(worker)[0].id
    one = reverse("notices:open", args=[newest])
    assert client_of(stranger).post(one).status_code == 404
    assert client.get(one).status_code == 302
    assert client_of(worker).get(one).headers["Location"] == index
    opened = client_of(worker).post(one)
    assert (opened.status_code, opened.headers["Location"]) == (302, "/tsunagi/12/")
    assert client_of(worker).get(index, {"show": "unread"}).content.decode().count(SENTENCE) == 1

    everything = reverse("notices:read_all")
    assert client.post(everything).status_code == 401
    client_of(stranger).post(everything, {"up_to": newest})
    assert queries.unread_count(worker) == 1
    assert client_of(worker).post(everything, {"up_to": newest}).headers["Location"] == index
    assert queries.unread_count(worker) == 0
    assert client_of(worker).get(everything).status_code == 302


@pytest.mark.django_db
def test_a_list_costs_the_same_for_two_and_for_twenty(client_of: Any, queries: Any) -> None:
    worker = a_worker()
    signed_in = client_of(worker)
    shapes = []
    for count in (2, 18):
        for _ in range(count):
            tell(worker)
        with queries() as seen:
            signed_in.get(reverse("notices:index"))
        shapes.append(seen.shape)
        with queries() as again:
            signed_in.get(reverse("notices:index"))
        shapes.append(again.shape)
    assert shapes[1] == shapes[3]
