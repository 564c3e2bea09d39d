"""供覧・決裁: shown round to those who may open it, read marks, decided; it never widens who may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office
from tests.intake.factories import a_consultation
from tsunagi.accounts.models import Office, Worker
from tsunagi.intake.actions import conclude_meeting
from tsunagi.intake.rules import week_of
from tsunagi.journal.models import Entry
from tsunagi.shared.refusal import Refused
from tsunagi.workbench import actions
from tsunagi.workbench.models import Circulation, Reader
from tsunagi.workbench.rules import check_decision, check_mark


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"decided": True}, "もう決裁"),
        ({"decided_on": TODAY + timedelta(days=1)}, "先の日付"),
        ({"decided_on": TODAY - timedelta(days=1)}, "回す前"),
    ],
)
def test_a_circulation_is_not_decided_when(changed: dict[str, Any], words: str) -> None:
    ready: dict[str, Any] = {"decided": False, "decided_on": TODAY, "asked_on": TODAY, "on": TODAY}
    check_decision(**ready)
    with pytest.raises(Refused, match=words):
        check_decision(**(ready | changed))


def test_only_a_reader_marks_it_read() -> None:
    check_mark(ended=False, is_reader=True, read=False)
    with pytest.raises(Refused, match="回っていません"):
        check_mark(ended=False, is_reader=False, read=False)


@pytest.fixture
def desk(db: None) -> Office:
    return an_office("総合相談窓口", is_front_desk=True)


@pytest.fixture
def clerk(desk: Office) -> Worker:
    return a_worker(desk, name="中村 健")


@pytest.fixture
def colleague(desk: Office) -> Worker:
    return a_worker(desk, name="田中 みのり")


@pytest.fixture
def stranger(db: None) -> Worker:
    return a_worker(an_office("よその課"), name="よその 職員")


@pytest.fixture(autouse=True)
def _hours(set_clock: Any) -> None:
    set_clock(NOW)


def the_records(clerk: Worker, desk: Office) -> list[tuple[str, int]]:
    concern = a_concern(held_by=clerk)
    meeting = conclude_meeting(desk.pk, week_of(TODAY), held_on=TODAY, sat=[clerk.pk], by=clerk, at=NOW)
    return [
        ("consultation", a_consultation(clerk, words="家賃").pk),
        ("concern", concern.pk),
        ("meeting", meeting.pk),
    ]


@pytest.mark.visits("desk:circulate")
def test_each_record_is_shown_round_by_whoever_may_open_it(
    three_people: Any, client_of: Any, clerk: Worker, desk: Office, colleague: Worker, stranger: Worker
) -> None:
    for kind, number in the_records(clerk, desk):
        url = reverse("desk:circulate", args=[kind, number])
        three_people(url, allowed=clerk, stranger=stranger)
        here = client_of(clerk)
        refused = here.post(url, {"workers": [colleague.pk, stranger.pk]})
        assert refused.status_code == 422
        text = refused.content.decode()
        assert "すでに見られる職員だけ" in text
        assert not Circulation.objects.filter(kind=kind).exists(), "one who may not open it: nobody is told"
        assert here.post(url, {"workers": [colleague.pk], "words": "よろしく"}).status_code == 302
        assert Reader.objects.get(circulation__kind=kind).worker == colleague
    assert client_of(clerk).get(reverse("desk:circulate", args=["secret", 1])).status_code == 404


def test_an_office_is_named_and_only_those_who_may_open_it_read(
    client_of: Any, clerk: Worker, colleague: Worker, stranger: Worker, desk: Office
) -> None:
    number = a_consultation(clerk, words="家賃").pk
    url = reverse("desk:circulate", args=["consultation", number])
    here = client_of(clerk)
    theirs = Office.objects.get(name="よその課")
    assert "見られる職員がいません" in here.post(url, {"office": theirs.pk}).content.decode()
    assert here.post(url, {"office": desk.pk}).status_code == 302
    readers = set(Reader.objects.values_list("worker__name", flat=True))
    assert "田中 みのり" in readers
    assert "中村 健" not in readers
    assert "よその 職員" not in readers


@pytest.mark.visits("desk:circulation", "desk:circulations")
def test_it_stands_on_today_until_it_is_read(
    three_people: Any,
    client_of: Any,
    queries: Any,
    clerk: Worker,
    colleague: Worker,
    stranger: Worker,
    desk: Office,
) -> None:
    found = actions.circulate(
        "consultation", a_consultation(clerk, words="家賃").pk, [colleague.pk], by=clerk, at=NOW
    )
    url = reverse("desk:circulation", args=[found.pk])
    three_people(url, allowed=colleague, stranger=stranger)
    three_people(reverse("desk:circulations"), allowed=colleague, stranger=a_worker(role="auditor"))
    there = client_of(colleague)
    assert f'href="{url}"' in there.get("/").content.decode()
    text = client_of(clerk).get(url).content.decode()
    assert "まだ" in text
    assert there.post(url, {}).status_code == 302
    mark = Reader.objects.get()
    assert mark.read_at == NOW
    assert f'href="{url}"' not in there.get("/").content.decode()
    there.post(url, {})
    assert Entry.objects.filter(action="circulation.read").count() == 1


def test_today_asks_one_question_for_any_number_of_them(
    client_of: Any, queries: Any, clerk: Worker, colleague: Worker
) -> None:
    there = client_of(colleague)
    for _ in range(2):
        actions.circulate("consultation", a_consultation(clerk).pk, [colleague.pk], by=clerk, at=NOW)
    there.get("/")
    with queries() as few:
        there.get("/")
    for _ in range(5):
        actions.circulate("consultation", a_consultation(clerk).pk, [colleague.pk], by=clerk, at=NOW)
    with queries() as many:
        there.get("/")
    assert few.shape == many.shape


def test_a_reader_to_whom_it_closed_meanwhile_learns_nothing_and_is_let_go(
    client_of: Any, clerk: Worker, stranger: Worker
) -> None:
    found = actions.circulate(
        "consultation",
        a_consultation(clerk, words="家賃").pk,
        [stranger.pk],
        words="秘密のひとこと",
        by=clerk,
        at=NOW,
    )
    url = reverse("desk:circulation", args=[found.pk])
    there = client_of(stranger)
    text = there.get(url).content.decode()
    assert "いまはご覧になれません" in text
    assert "秘密のひとこと" not in text
    assert there.post(url, {}).status_code == 302
    mark = Reader.objects.get()
    assert (mark.read_at, mark.lapsed_at) == (None, NOW)


@pytest.mark.visits("desk:circulate_more", "desk:circulation_decide")
def test_more_are_named_and_it_is_decided_once(
    three_people: Any, client_of: Any, clerk: Worker, colleague: Worker, stranger: Worker, desk: Office
) -> None:
    found = actions.circulate("consultation", a_consultation(clerk).pk, [colleague.pk], by=clerk, at=NOW)
    more = reverse("desk:circulate_more", args=[found.pk])
    decide = reverse("desk:circulation_decide", args=[found.pk])
    three_people(more, allowed=clerk, stranger=stranger)
    three_people(decide, allowed=clerk, stranger=stranger)
    manager = client_of(desk.duty_worker)
    here = client_of(clerk)
    assert "もう回っています" in here.post(more, {"workers": [colleague.pk]}).content.decode()
    assert here.post(more, {"workers": [desk.duty_worker_id]}).status_code == 302
    assert manager.post(decide, {"decided_on": "R8.6.20"}).status_code == 422
    assert (
        manager.post(decide, {"decided_on": "R8.6.9", "document_number": "123456789018"}).status_code == 422
    )
    assert manager.post(decide, {"decided_on": "R8.6.9", "document_number": "長福第7号"}).status_code == 302
    found.refresh_from_db()
    assert (found.decided_by, found.decided_on, found.document_number) == (
        desk.duty_worker,
        TODAY,
        "長福第7号",
    )
    assert "もう決裁" in here.post(decide, {"decided_on": "R8.6.9"}).content.decode()
    assert "長福第7号" in here.get(reverse("desk:circulation", args=[found.pk])).content.decode()


def test_nobody_shows_it_to_themselves_and_words_hold_no_my_number(clerk: Worker, colleague: Worker) -> None:
    number = a_consultation(clerk).pk
    with pytest.raises(Refused, match="自分には"):
        actions.circulate("consultation", number, [clerk.pk], by=clerk, at=NOW)
    with pytest.raises(Refused, match="個人番号"):
        actions.circulate("consultation", number, [colleague.pk], words="123456789018", by=clerk, at=NOW)
