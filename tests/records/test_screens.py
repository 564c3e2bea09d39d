"""Pages of keeping, demands, incidents, complaints and papers: who gets there, and what they do there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_person, a_worker, an_office
from tests.records.conftest import Secretaries, long_gone, written_articles
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.holding.models import Promise
from tsunagi.people.actions import protect
from tsunagi.records.actions import accidents, demanding, keeping, voicing
from tsunagi.records.models import Demand, Disposal, Incident, KeepingRule, LegalHold, Voice
from tsunagi.records.queries.keeping import due_now
from tsunagi.records.rules.papers import PAPERS

pytestmark = pytest.mark.django_db
Client = Callable[..., Any]


@pytest.fixture(autouse=True)
def _now(set_clock: Callable[..., Any]) -> None:
    set_clock(NOW)


@pytest.fixture
def nobody(db: None) -> Worker:
    """A volunteer from outside the city: may report, and answers for nothing."""
    return a_worker(an_office("民生委員", legal_kind=LegalKind.INDIVIDUAL), Role.OUTSIDE_WORKER)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def told(answer: Any) -> str:
    assert answer.status_code in (200, 409, 422), answer.status_code
    return str(answer.content.decode())


def a_demand(they: Secretaries, kind: str = "disclosure_self", **more: str) -> Demand:
    made = demanding.take_demand(
        kind, came_on=TODAY, by=they.one, at=NOW,
        **({"requester": "森田 ハル", "about_name": "森田 ハル", "wanted": "わたしの相談の記録"} | more),
    )  # fmt: skip
    connection.check_constraints()
    return made


def an_incident(they: Secretaries, **more: Any) -> Incident:
    made = accidents.report("missent", words="別の方の通知を封筒に入れた", by=they.desk, at=NOW, **more)
    connection.check_constraints()
    return made


def a_voice(they: Secretaries, **more: Any) -> Voice:
    from tests.factories import office_of

    said: dict[str, Any] = {
        "office_id": office_of(they.desk).pk,
        "said_by": "person",
        "words": "電話がかかってこなかった",
        "by": they.desk,
        "at": NOW,
    }
    made = voicing.take_voice("complaint", **(said | more))
    connection.check_constraints()
    return made


# -- the way in -----------------------------------------------------------------------------------------------------------


@pytest.mark.visits(
    "records:index", "records:report", "records:new_voice", "records:incidents", "records:voices"
)
@pytest.mark.parametrize("name", ["index", "report", "new_voice", "incidents", "voices"])
def test_everybody_may_report(name: str, they: Secretaries, client_of: Client, client: Any) -> None:
    for each in ("index", "report", "new_voice", "incidents", "voices"):
        url = reverse(f"records:{each}")
        assert client_of(they.desk).get(url).status_code == 200
        assert client.get(url).status_code == 302
    assert name


def test_the_way_in_stands_on_today_and_in_the_menu(they: Secretaries, client_of: Client) -> None:
    body = text(client_of(they.desk).get("/"))
    assert body.count("事故・苦情を届け出る") == 2


@pytest.mark.visits(
    "records:rules",
    "records:holds",
    "records:due",
    "records:demands",
    "records:new_demand",
    "records:overseer",
)
@pytest.mark.parametrize("name", ["rules", "holds", "due", "demands", "new_demand", "overseer"])
def test_who_decides_gets_there(name: str, they: Secretaries, three_people: Any) -> None:
    for each in ("rules", "holds", "due", "demands", "new_demand", "overseer"):
        if each == name or name == "rules":
            three_people(reverse(f"records:{each}"), allowed=they.one, stranger=they.desk)
    for each in ("rules", "holds", "due", "demands", "new_demand", "overseer"):
        three_people(reverse(f"records:{each}"), allowed=they.one, stranger=they.manager)


# -- keeping ----------------------------------------------------------------------------------------------------------------


@pytest.mark.visits("records:rule")
def test_a_rule_is_written_with_its_article(they: Secretaries, three_people: Any, client_of: Client) -> None:
    url = reverse("records:rule", args=["case"])
    three_people(url, allowed=they.one, stranger=they.desk)
    assert client_of(they.one).get(reverse("records:rule", args=["nothing"])).status_code == 404
    refused = client_of(they.one).post(url, {"years": "5", "begins": "year_end", "article": ""})
    assert refused.status_code == 422
    assert "文書管理規程などの条を書いてください" in told(refused)
    assert (
        client_of(they.one)
        .post(url, {"years": "7", "begins": "year_end", "article": "規程 別表第2"})
        .status_code
        == 302
    )
    assert KeepingRule.objects.get().years == 7
    assert "規程 別表第2" in text(client_of(they.one).get(reverse("records:rules")))


@pytest.mark.visits("records:release")
def test_a_stop_is_set_by_number_and_let_go_with_a_reason(
    they: Secretaries, three_people: Any, client_of: Client
) -> None:
    person = a_person("森田 ハル")
    url = reverse("records:holds")
    assert "その番号の記録はありません" in told(
        client_of(they.one).post(url, {"party": "999999", "reason": "court", "words": "地裁"})
    )
    assert (
        client_of(they.one)
        .post(url, {"party": str(person.pk), "reason": "court", "words": "地裁 令和8年"})
        .status_code
        == 302
    )
    hold = LegalHold.objects.get()
    body = text(client_of(they.one).get(url))
    assert f"#{person.pk}" in body
    assert "森田" not in body
    release = reverse("records:release", args=[hold.pk])
    three_people(release, allowed=they.one, stranger=they.desk)
    assert "停止を解くわけ" in told(client_of(they.one).post(release, {"words": ""}))
    assert client_of(they.one).post(release, {"words": "終わった"}).status_code == 302


@pytest.mark.visits("records:disposal", "records:take_out")
def test_a_disposal_from_the_list_to_the_second_yes(
    they: Secretaries, three_people: Any, client_of: Client
) -> None:
    written_articles(they.one)
    haru = long_gone(they.desk)
    url = reverse("records:due")
    body = text(client_of(they.one).get(url))
    assert f"本人 #{haru.pk}" in body
    assert "ハルヱ" not in body
    assert "文書番号" in told(
        client_of(they.one).post(url, {"items": [f"party-{haru.pk}"], "document_number": ""})
    )
    assert (
        client_of(they.one)
        .post(url, {"items": [f"party-{haru.pk}"], "document_number": "福第1号"})
        .status_code
        == 302
    )
    made = Disposal.objects.get()
    page = reverse("records:disposal", args=[made.pk])
    three_people(page, allowed=they.two, stranger=they.desk)
    three_people(
        reverse("records:take_out", args=[made.pk, made.items.get().pk]), allowed=they.two, stranger=they.desk
    )
    assert "別の人が確かめてください" in told(client_of(they.one).post(page, {}))
    assert client_of(they.two).post(page, {}).status_code == 302
    made.refresh_from_db()
    assert made.agreed_by_id == they.two.pk
    assert (
        client_of(they.one).post(reverse("records:take_out", args=[made.pk, made.items.get().pk])).status_code
        == 302
    )
    assert client_of(they.one).post(page, {"take_back": "1"}).status_code == 302
    assert due_now(TODAY)


# -- demands ----------------------------------------------------------------------------------------------------------------


PAGES = ("demand", "edit_demand", "name_record", "masks", "extend", "decide", "package", "answer", "withdraw")


@pytest.mark.visits(
    "records:demand", "records:edit_demand", "records:name_record", "records:masks", "records:extend", "records:decide", "records:package",
    "records:answer", "records:withdraw",
)  # fmt: skip
def test_who_sees_a_demand(they: Secretaries, three_people: Any) -> None:
    made = a_demand(they)
    for name in PAGES:
        three_people(reverse(f"records:{name}", args=[made.pk]), allowed=they.two, stranger=they.manager)


def test_a_demand_is_taken_on_its_page(they: Secretaries, client_of: Client) -> None:
    url = reverse("records:new_demand")
    typed = {
        "kind": "police",
        "requester": "向日町警察署",
        "about_name": "森田 ハル",
        "wanted": "相談の有無",
        "their_number": "第12号",
    }
    assert "だれから" in told(client_of(they.one).post(url, typed | {"requester": ""}))
    answer = client_of(they.one).post(url, typed)
    made = Demand.objects.get()
    assert answer.headers["Location"] == reverse("records:demand", args=[made.pk])
    assert (made.due_on - TODAY).days == 30
    kept = Promise.objects.get(subject_kind="demand", subject_id=made.pk, is_open=True)
    assert kept.due_on == made.due_on
    assert kept.party_id is None
    assert "森田" not in kept.what


def test_a_stale_form_gets_both_texts(they: Secretaries, client_of: Client) -> None:
    made = a_demand(they)
    demanding.write(made, revision=1, by=they.two, at=NOW, wanted="ケース記録の全部")
    typed = {"requester": "森田 ハル", "about_name": "森田 ハル", "wanted": "相談記録だけ", "revision": "1"}
    answer = client_of(they.one).post(reverse("records:edit_demand", args=[made.pk]), typed)
    assert answer.status_code == 409
    body = re.sub(r"<[^>]+>", "", told(answer))
    assert "ケース記録の全部" in body
    assert "相談記録だけ" in body


@pytest.mark.parametrize("kind", ["family", "press", "councillor"])
def test_an_unknown_and_a_protected_person_go_through_the_same_screens(
    kind: str, they: Secretaries, client_of: Client, run_jobs: Callable[[], list[str]]
) -> None:
    guarded = a_person("水野 葵", kana="ミズノ アオイ")
    protect(guarded, reason="DV", by=they.desk, at=NOW, other_party_name="水野 剛")
    connection.check_constraints()
    seen = []
    for name in ("水野 葵", "高木 楓"):
        made = a_demand(they, kind, requester="水野 剛", about_name=name, wanted="相談に来ているか")
        run_jobs()
        made.refresh_from_db()
        pages = [
            text(client_of(they.one).get(reverse(f"records:{page}", args=[made.pk])))
            for page in ("demand", "decide", "answer")
        ]
        demanding.decide(
            made, "not_said", words="", document_number="書面七", with_whom=None, by=they.one, at=NOW
        )
        made.refresh_from_db()
        pages.append(text(client_of(they.one).get(reverse("records:demand", args=[made.pk]))))
        seen.append([_plain(page, made.pk, name) for page in pages])
    for one, other in zip(*seen, strict=True):
        assert one.splitlines() == other.splitlines()
    assert "どなたについても" in seen[0][-1]


def _plain(page: str, number: int, name: str) -> str:
    """A page without what differs for every page: the number, the name that was typed, keys of forms."""
    page = page.replace(name, "だれか").replace(f"第{number}号", "第N号").replace(f"/{number}/", "/N/")
    page = re.sub(r'(?:content|value)="[^"]*"', "", page)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|X-CSRFToken[^}]*|[A-Za-z0-9]{64}", "", page)


# -- incidents --------------------------------------------------------------------------------------------------------------


@pytest.mark.visits(
    "records:incident", "records:write_incident", "records:stop", "records:add_party", "records:letter", "records:finish", "records:look_back",
)  # fmt: skip
def test_who_sees_an_incident(
    they: Secretaries, three_people: Any, nobody: Worker, client_of: Client
) -> None:
    made = an_incident(they)
    for name in ("incident", "write_incident", "stop", "add_party", "letter", "finish", "look_back"):
        url = reverse(f"records:{name}", args=[made.pk])
        three_people(url, allowed=they.manager, stranger=nobody)
    for name in ("incident", "write_incident", "stop"):
        assert client_of(they.desk).get(reverse(f"records:{name}", args=[made.pk])).status_code == 200, (
            "who reported reads and writes"
        )
    for name in ("add_party", "letter", "finish"):
        assert client_of(they.desk).get(reverse(f"records:{name}", args=[made.pk])).status_code == 404


def test_an_accident_is_reported_with_one_line(they: Secretaries, nobody: Worker, client_of: Client) -> None:
    url = reverse("records:report")
    assert "ひとこと書いて" in told(client_of(nobody).post(url, {"kind": "lost", "words": ""}))
    client = client_of(nobody)
    assert client.post(url, {"kind": "lost", "words": "訪問の紙を電車に忘れた"}).status_code == 302
    made = Incident.objects.get()
    body = text(client.get(reverse("records:incident", args=[made.pk])))
    assert "1人でも報告が必要" in body
    assert "ありがとうございます" in body
    assert {row.subject_kind for row in Promise.objects.filter(subject_id=made.pk, is_open=True)} == {
        "incident_quick",
        "incident_full",
        "incident_tell",
    }


def test_the_letter_is_a_pdf_that_names_what_is_missing(they: Secretaries, client_of: Client) -> None:
    from tsunagi.press.pdf import text_of

    made = an_incident(they)
    answer = client_of(they.manager).get(reverse("records:letter", args=[made.pk]))
    assert answer["Content-Type"] == "application/pdf"
    said = "".join(text_of(answer.content).split())
    assert "別の方の通知を封筒に入れた" in said
    assert "〔どんな情報か" in said


# -- complaints ---------------------------------------------------------------------------------------------------------------


@pytest.mark.visits("records:voice", "records:answer_voice")
def test_who_sees_a_complaint(
    they: Secretaries, three_people: Any, nobody: Worker, client_of: Client
) -> None:
    made = a_voice(they)
    for name in ("voice", "answer_voice"):
        three_people(reverse(f"records:{name}", args=[made.pk]), allowed=they.manager, stranger=nobody)
    assert client_of(they.desk).get(reverse("records:answer_voice", args=[made.pk])).status_code == 404


def test_a_complaint_is_written_and_answered(they: Secretaries, client_of: Client) -> None:
    from tests.factories import office_of

    typed = {
        "kind": "complaint",
        "said_by": "person",
        "words": "待たされた",
        "office": str(office_of(they.desk).pk),
        "wants_answer": "on",
        "topic": "waiting",
    }
    answer = client_of(they.desk).post(reverse("records:new_voice"), typed)
    made = Voice.objects.get()
    assert answer.status_code == 302
    assert made.answers_id == they.manager.pk
    url = reverse("records:answer_voice", args=[made.pk])
    assert "どう答えたかを書いてください" in told(client_of(they.manager).post(url, {"answer": ""}))
    assert (
        client_of(they.manager)
        .post(url, {"answer": "電話でおわびした", "changed": "折り返しの表を作った"})
        .status_code
        == 302
    )
    assert not Promise.objects.filter(subject_kind="voice", is_open=True).exists()
    assert "待たされた・返事がない" in text(client_of(they.manager).get(reverse("records:index")))


# -- audit and papers ---------------------------------------------------------------------------------------------------------


@pytest.mark.visits("records:own_people")
def test_audit_sees_numbers_alone(they: Secretaries, three_people: Any) -> None:
    from tests.factories import a_concern, a_household
    from tsunagi.people.models import OwnPerson

    auditor = a_worker(an_office("監査"), Role.AUDITOR)
    mother, aunt = a_person("相田 まさ"), a_person("相田 みよ")
    a_household(mother, aunt)
    OwnPerson.objects.create(
        worker=they.desk, relation="parent", name="相田 まさ", declared_at=NOW, matched=[mother.pk]
    )
    a_concern(held_by=they.desk, of=aunt)
    body = text(three_people(reverse("records:own_people"), allowed=auditor, stranger=they.desk))
    assert str(aunt.pk) in body
    assert "同じ姓で、同じ住所か世帯" in body
    assert "相田" not in body


def test_audit_sees_who_is_in_the_class_of_an_own_child(they: Secretaries, client_of: Client) -> None:
    from datetime import date

    from tests.factories import a_concern
    from tsunagi.people.actions import declare_own, protect, withdraw_own
    from tsunagi.people.models import Address
    from tsunagi.places.models import City, SchoolDistrict

    auditor = a_worker(an_office("監査"), Role.AUDITOR)
    city = City.objects.first() or City.objects.create(code="262099", name="長岡京市", prefecture="京都府")
    district = SchoolDistrict.objects.create(
        city=city, code="x9", kind="elementary", name="第九", school_name="長岡京市立第九小学校"
    )
    same, younger, hidden, elsewhere = (
        a_person("谷口 ひな", birth_on=date(2017, 4, 2)), a_person("谷口 そら", birth_on=date(2018, 4, 2)),
        a_person("北山 ひなた", birth_on=date(2017, 9, 9)), a_person("大野 りく", birth_on=date(2018, 4, 1)),
    )  # fmt: skip
    for person in (same, younger, hidden):
        Address.objects.create(person=person, text="開田1-1", district=district)
    for person in (same, younger, hidden, elsewhere):
        a_concern(held_by=they.desk, of=person)
    protect(hidden, by=they.desk, at=NOW)
    own = declare_own(
        they.desk,
        relation="household",
        name="相田 もも",
        birth="H29.12.1",
        school="第九小学校",
        school_class="3年2組",
        at=NOW,
    )
    body = text(client_of(auditor).get(reverse("records:own_people")))
    assert body.count("自分の子と同じ学校の同じ学年") == 1
    assert f'class="number">{same.pk}<' in body
    for word in ("第九", "3年2組", "相田", "谷口"):
        assert word not in body
    withdraw_own(they.desk, own.pk, at=NOW)
    assert (
        "自分の子と同じ学校"
        not in text(client_of(auditor).get(reverse("records:own_people"))).split("<table")[-1]
    )


@pytest.mark.visits("records:papers", "records:paper")
def test_papers_say_what_is_missing_and_where(
    they: Secretaries, three_people: Any, client_of: Client
) -> None:
    body = text(three_people(reverse("records:papers"), allowed=they.one, stranger=they.desk))
    assert "未設定" in body
    assert "/codes/settings/papers.purpose/" in body
    for paper in PAPERS:
        for ending in ("pdf", "xlsx"):
            three_people(
                reverse("records:paper", args=[paper.code, ending]), allowed=they.manager, stranger=they.desk
            )
    assert client_of(they.one).get(reverse("records:paper", args=["nothing", "pdf"])).status_code == 404


def test_the_first_page_asks_as_much_with_twenty_as_with_two(
    they: Secretaries, client_of: Client, queries: Any
) -> None:
    client = client_of(they.one)
    for _ in range(2):
        a_demand(they), an_incident(they), a_voice(they)
    client.get(reverse("records:index"))
    with queries() as few:
        client.get(reverse("records:index"))
    for _ in range(9):
        a_demand(they), an_incident(they), a_voice(they)
    with queries() as many:
        client.get(reverse("records:index"))
    assert few.shape == many.shape


def test_a_hold_is_seen_by_no_desk(they: Secretaries, client_of: Client) -> None:
    person = a_person()
    hold = keeping.set_hold(person.pk, reason="other", words="わけ", by=they.one, at=NOW)
    assert client_of(they.manager).get(reverse("records:release", args=[hold.pk])).status_code == 404
