"""The 説明文書: a new version from a day, looked at first; old consents keep theirs; and consents that are to be looked at."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, a_worker, an_office, office_of
from tests.sharing.test_consents import agreed
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.holding.actions import give_consent
from tsunagi.holding.queries.consents import consents_to_look_at
from tsunagi.sharing.actions import look_again, write_explanation
from tsunagi.sharing.models import Consent, Explanation
from tsunagi.sharing.queries import consent_card, explanations

pytestmark = pytest.mark.django_db
Visit = Callable[..., Any]
LIST, NEW = "/sharing/explanations/", "/sharing/explanations/new/"


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def officer() -> Worker:
    return a_worker(an_office("総務課"), role=Role.DISCLOSURE_OFFICER)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("生活支援課"), name="相田 ゆき")


def typed(**fields: Any) -> dict[str, Any]:
    said = {
        "title": "個人情報のこと",
        "words": "伝え合います。",
        "plain_words": "話します。",
        "from_on": "R8.7.1",
    }
    return {"draft": str(uuid.uuid4()), "revision": 1} | said | fields


@pytest.mark.visits("sharing:explanations", "sharing:explanation_new")
def test_the_versions_are_read_by_those_who_ask_and_written_by_few(
    three_people: Visit, client_of: Visit, officer: Worker, worker: Worker
) -> None:
    statistics = a_worker(role=Role.STATISTICIAN)
    three_people(LIST, allowed=worker, stranger=statistics)
    three_people(NEW, allowed=officer, stranger=worker)
    assert NEW not in client_of(worker).get(LIST).content.decode()
    assert NEW in client_of(officer).get(LIST).content.decode()


def test_it_is_looked_at_before_it_stands(client_of: Visit, officer: Worker) -> None:
    client, form = client_of(officer), typed()
    shown = client.post(NEW, form | {"preview": "1"})
    assert shown.status_code == 200
    assert "本人に見えるとおり" in shown.content.decode()
    assert Explanation.objects.count() == 1  # the one that ships
    first, again = client.post(NEW, form), client.post(NEW, form)
    assert first.headers["Location"] == again.headers["Location"] == LIST
    row = Explanation.objects.get(number=2)
    assert (row.from_on, row.written_by) == (date(2026, 7, 1), officer)
    assert "これから使う版" in client.get(LIST).content.decode()
    # Nobody is told by a text that does not stand yet.
    assert [card.number for card in explanations(on=TODAY)] == [1]
    assert [card.number for card in explanations(on=date(2026, 7, 1))] == [2, 1]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "題と文"), ({"words": ""}, "題と文"), ({"from_on": ""}, "いつから"), ({"from_on": "R8.6.1"}, "過ぎた日"),
        ({"words": "番号は123456789018です"}, "個人番号"),
    ],
    ids=["no title", "no words", "no day", "a day that is past", "a my number"],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    client_of: Visit, officer: Worker, changed: dict[str, Any], words: str
) -> None:
    answer = client_of(officer).post(NEW, typed(**changed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "話します。" in page
    assert Explanation.objects.count() == 1


def test_two_who_write_at_once_see_both_texts(client_of: Visit, officer: Worker) -> None:
    client = client_of(officer)
    assert client.post(NEW, typed(words="先に載せた文")).status_code == 302
    late = client.post(NEW, typed(words="あとから来た文"))
    assert late.status_code == 409
    page = late.content.decode()
    assert "先に載せ" in page and "あとから来" in page
    assert 'name="revision" value="2"' in page
    assert client.post(NEW, typed(words="あとから来た文", revision=2)).status_code == 302
    assert Explanation.objects.count() == 3


def test_an_old_consent_keeps_the_version_it_was_explained_with(
    client_of: Visit, officer: Worker, worker: Worker
) -> None:
    her = a_person("丘 ゆり", birth_on=date(1980, 5, 5))
    a_concern(held_by=worker, of=her)
    first = write_explanation(
        title="はじめ", words="一", plain_words="", from_on=TODAY, by=officer, at=NOW
    )  # fmt: skip
    given = give_consent(
        her.pk, agreed(explanation_id=first.pk), office_id=office_of(worker).pk, by=worker, at=NOW
    )
    write_explanation(title="つぎ", words="二", plain_words="", from_on=TODAY, by=officer, at=NOW)
    assert consent_card(given, on=TODAY).explanation == "第2版 はじめ"
    page = client_of(worker).get(reverse("holding:consent_new", args=[her.pk])).content.decode()
    assert "第3版 つぎ" in page


# -- 今日 --------------------------------------------------------------------------------------------------------------


def given(worker: Worker, person: Any, **fields: Any) -> Consent:
    return give_consent(person.pk, agreed(**fields), office_id=office_of(worker).pk, by=worker, at=NOW)


def a_year_ago(consent: Consent) -> None:
    Consent.objects.filter(pk=consent.pk).update(looked_at_on=TODAY - timedelta(days=366))


def test_a_year_later_it_is_amber_for_the_holder_and_nothing_ends(client_of: Visit, worker: Worker) -> None:
    her = a_person("丘 ゆり", birth_on=date(1980, 5, 5))
    asker = a_worker(office_of(worker))
    a_concern(held_by=worker, of=a_household(her))
    said = given(asker, her)
    assert consents_to_look_at(worker, on=TODAY) == []
    a_year_ago(said)
    page = client_of(worker).get("/").content.decode()
    assert "同意の見直し" in page and "丘 ゆり" in page and "見直しの時期" in page
    assert [row.consent_id for row in consents_to_look_at(asker, on=TODAY)] == [said.pk]
    assert consents_to_look_at(a_worker(office_of(worker)), on=TODAY) == []
    said.refresh_from_db()
    assert said.ended_at is None
    look_again(said, by=worker, at=NOW)
    assert consents_to_look_at(worker, on=TODAY) == []


def test_eighteen_is_seen_half_a_year_ahead(client_of: Visit, worker: Worker) -> None:
    son = a_person("丘 そら", birth_on=date(2008, 10, 1))
    a_concern(held_by=worker, of=son)
    young = NOW - timedelta(days=900)
    said = agreed(
        explained_on=young.date(), given_by="child_and_parent", given_by_name="母 丘 ゆり", child_word="いいよ"
    )  # fmt: skip
    consent = give_consent(son.pk, said, office_id=office_of(worker).pk, by=worker, at=young)
    look_again(consent, by=worker, at=NOW - timedelta(days=10))
    page = client_of(worker).get("/").content.decode()
    assert "18歳で親権者の同意が終わる" in page


def test_today_asks_one_question_more_however_many_there_are(
    client_of: Visit, queries: Visit, worker: Worker
) -> None:
    client, counts = client_of(worker), []
    for count in (0, 2, 12):
        for number in range(count):
            person = a_person(f"丘 {number}", birth_on=date(1980, 5, 5))
            a_concern(held_by=worker, of=person)
            a_year_ago(given(worker, person))
        client.get("/")
        with queries() as seen:
            assert client.get("/").status_code == 200
        counts.append(seen.shape)
    assert counts[1] == counts[2]
