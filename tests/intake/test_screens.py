"""The desk's screens: allowed, stranger, anonymous; what is typed is kept; what is re-sent is done once."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, a_concern, a_person, a_post, a_worker, an_office, office_of
from tests.intake.factories import a_consultation
from tsunagi.accounts.rules import Role
from tsunagi.holding.actions import answer_second
from tsunagi.holding.models import Concern, Hold, NightHandover, Promise, SecondWord
from tsunagi.intake.access import offer
from tsunagi.intake.actions import InformantWish
from tsunagi.intake.models import Consultation, Informant
from tsunagi.journal.models import Entry
from tsunagi.people.actions import protect, register_person

pytestmark = pytest.mark.django_db

MY_NUMBER = "123456789018"


@pytest.fixture(autouse=True)
def _office_hours(set_clock):
    set_clock(NOW)


@pytest.fixture
def clerk():
    return a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="受付 はるか")


@pytest.fixture
def stranger():
    return a_worker()


@pytest.fixture
def administrator():
    return a_worker(role=Role.SYSTEM_ADMINISTRATOR)


def taken(by, **fields):
    return a_consultation(by, **({"words": "隣の家から、夜中に子どもの泣き声がする。"} | fields))


def told(by, **fields):
    wish = InformantWish(name="隣人 その", contact="075-000-0000", wants_word_back=True, **fields)
    return taken(by, caller_kind="neighbour", informant=wish)


@pytest.mark.visits("intake:index")
def test_the_list_is_for_those_who_take_consultations(three_people, clerk, administrator):
    taken(clerk)
    answer = three_people(reverse("intake:index"), allowed=clerk, stranger=administrator)
    assert "泣き声" in answer.content.decode()


def test_a_colleague_of_another_desk_sees_nothing_of_ours_on_the_list(client_of, clerk, stranger):
    taken(clerk)
    assert "泣き声" not in client_of(stranger).get(reverse("intake:index")).content.decode()


@pytest.mark.visits("intake:new")
def test_the_page_of_thirty_seconds_opens(three_people, clerk, administrator):
    three_people(reverse("intake:new"), allowed=clerk, stranger=administrator)


@pytest.mark.visits("intake:lookup")
def test_the_lookup_answers_while_typing(three_people, clerk, administrator, client_of):
    register_person(by=clerk, at=NOW, name="山田　花子", kana="ヤマダ ハナコ", office=office_of(clerk).pk)
    three_people(reverse("intake:lookup"), allowed=clerk, stranger=administrator)
    answer = client_of(clerk).post(reverse("intake:lookup"), {"about_kana": "やまだ"})
    assert "山田　花子" in answer.content.decode()


OPENS = ["detail", "edit", "who", "give", "night", "concerns", "end"]


@pytest.mark.visits(
    "intake:detail",
    "intake:edit",
    "intake:who",
    "intake:give",
    "intake:night",
    "intake:concerns",
    "intake:end",
)
def test_a_consultation_opens_for_its_desk_alone(three_people, clerk, stranger):
    consultation = taken(clerk)
    for name in OPENS:
        three_people(reverse(f"intake:{name}", args=[consultation.pk]), allowed=clerk, stranger=stranger)


@pytest.mark.visits("intake:informant", "intake:word_back")
def test_who_told_us_opens_through_a_door_of_its_own(three_people, clerk, stranger):
    consultation = told(clerk)
    page = three_people(reverse("intake:detail", args=[consultation.pk]), allowed=clerk, stranger=stranger)
    assert "隣人 その" not in page.content.decode()
    page = three_people(reverse("intake:informant", args=[consultation.pk]), allowed=clerk, stranger=stranger)
    assert "隣人 その" in page.content.decode()
    three_people(reverse("intake:word_back", args=[consultation.pk]), allowed=clerk, stranger=stranger)


def test_an_anonymous_caller_cut_off_after_forty_seconds_is_stored(client_of, clerk):
    answer = client_of(clerk).post(
        reverse("intake:new"),
        {"words": "子どもが…（切れた）", "caller_kind": "anonymous", "way_back": "none", "cut_off": "on"},
    )
    consultation = Consultation.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("intake:detail", args=[consultation.pk])
    assert (consultation.caller_kind, consultation.way_back, consultation.cut_off) == (
        "anonymous",
        "none",
        True,
    )
    assert (
        Promise.objects.filter(subject_kind="consultation", subject_id=consultation.pk, is_open=True).count()
        == 1
    )


def test_nothing_at_all_is_a_consultation_too(client_of, clerk):
    assert client_of(clerk).post(reverse("intake:new"), {}).status_code == 302
    assert Consultation.objects.get().words == ""


def test_a_double_click_leads_to_the_first_result(client_of, clerk):
    sent = {"draft": str(uuid.uuid4()), "words": "家賃が払えない"}
    browser = client_of(clerk)
    first = browser.post(reverse("intake:new"), sent)
    second = browser.post(reverse("intake:new"), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Consultation.objects.count() == 1


@pytest.mark.parametrize(
    "field", ["words", "wishes", "caller_words", "way_back_words", "informant_name", "about_address"]
)
def test_a_my_number_is_refused_at_its_field_and_the_text_is_kept(client_of, clerk, field):
    typed = f"番号は {MY_NUMBER} です"
    answer = client_of(clerk).post(reverse("intake:new"), {field: typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "個人番号" in text
    assert typed in text
    assert Consultation.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"came_day": "2026-06-10"}, "まだ来ていない時刻"),
        ({"came_day": "2026-06-09", "came_clock": "10:01"}, "まだ来ていない時刻"),
        ({"came_day": "R8.2.30"}, "came_day"),
        ({"came_clock": "25:00"}, "時刻を読み取れません"),
        ({"about_birth": "S23.13.45", "about": "new"}, "about_birth"),
        ({"about": "new", "about_name": "山田", "about_birth": "2030-01-01"}, "生年月日"),
    ],
)
def test_a_time_that_cannot_be_is_said_at_its_field(client_of, clerk, typed, words):
    answer = client_of(clerk).post(reverse("intake:new"), {"words": "ことば"} | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Consultation.objects.count() == 0


def test_a_night_slip_keeps_the_hour_it_came(client_of, clerk):
    client_of(clerk).post(
        reverse("intake:new"),
        {"came_day": "R8.6.6", "came_clock": "２１時４０分", "means": "night_slip", "words": "票より"},
    )
    consultation = Consultation.objects.get()
    assert f"{consultation.came_at.astimezone(NOW.tzinfo):%m-%d %H:%M}" == "06-06 21:40"
    assert consultation.written_at == NOW


def test_whoever_the_lookup_showed_can_be_chosen(client_of, clerk):
    person = register_person(by=clerk, at=NOW, name="山田　花子", office=office_of(clerk).pk)
    client_of(clerk).post(reverse("intake:new"), {"about_name": "山田", "about": offer(clerk, person.pk)})
    assert Consultation.objects.get().party_id == person.pk


def test_whom_no_lookup_showed_cannot_be_chosen(client_of, clerk, stranger):
    person = register_person(by=stranger, at=NOW, name="山田　花子", office=office_of(stranger).pk)
    for mark in (str(person.pk), f"{clerk.pk}.{person.pk}:forged", offer(stranger, person.pk)):
        answer = client_of(clerk).post(reverse("intake:new"), {"about": mark})
        assert answer.status_code == 422
        assert "見つかりません" in answer.content.decode()


def test_somebody_protected_meanwhile_is_not_there(client_of, clerk, stranger):
    person = register_person(by=stranger, at=NOW, name="山田　花子", office=office_of(stranger).pk)
    mark = offer(clerk, person.pk)
    protect(person, category="provisional", by=stranger, at=NOW)
    assert client_of(clerk).post(reverse("intake:new"), {"about": mark}).status_code == 422


def test_somebody_new_is_written_down_with_what_was_typed(client_of, clerk):
    client_of(clerk).post(
        reverse("intake:new"),
        {
            "about": "new",
            "about_name": "髙橋　真",
            "about_kana": "たかはし",
            "about_birth": "78歳くらい",
            "about_phone": "075-1",
        },
    )
    person = Consultation.objects.get().party.person
    assert (person.name, person.phones.get().number) == ("髙橋　真", "075-1")


def test_someone_not_yet_known_keeps_place_and_looks(client_of, clerk):
    client_of(clerk).post(
        reverse("intake:new"),
        {"about": "unknown", "about_place": "中央公園のベンチ", "about_looks": "赤い帽子"},
    )
    unknown = Consultation.objects.get().party.unknown
    assert (unknown.place, unknown.looks) == ("中央公園のベンチ", "赤い帽子")


def test_what_was_typed_of_a_person_is_kept_when_nobody_is_chosen(client_of, clerk):
    client_of(clerk).post(
        reverse("intake:new"), {"about_name": "やまださん？", "about_phone": "075-955-0000"}
    )
    assert Consultation.objects.get().about_words == "やまださん？ 075-955-0000"


def test_without_javascript_the_search_button_looks_and_stores_nothing(client_of, clerk):
    register_person(by=clerk, at=NOW, name="山田　花子", office=office_of(clerk).pk)
    answer = client_of(clerk).post(
        reverse("intake:new"), {"search": "1", "about_name": "山田", "words": "書きかけの文"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "山田　花子" in text
    assert "書きかけの文" in text
    assert Consultation.objects.count() == 0


def test_the_sheet_is_stored_in_the_words_of_the_record(client_of, clerk):
    client_of(clerk).post(reverse("intake:new"), {"worries-04": "o", "worries-15": "oo"})
    assert Consultation.objects.get().worries == {"04": "circle", "15": "double"}


def test_a_neighbour_who_wants_a_word_back_is_promised_one(client_of, clerk):
    client_of(clerk).post(
        reverse("intake:new"),
        {
            "caller_kind": "neighbour",
            "informant_name": "隣人 その",
            "informant_word_back": "on",
            "informant_reach": "desk_only",
        },
    )
    consultation = Consultation.objects.get()
    assert Informant.objects.get(pk=consultation.pk).name == "隣人 その"
    assert Promise.objects.filter(kind="word_back", subject_id=consultation.pk, is_open=True).count() == 1
    client_of(clerk).post(reverse("intake:word_back", args=[consultation.pk]), {"draft": str(uuid.uuid4())})
    assert not Promise.objects.filter(kind="word_back", subject_id=consultation.pk, is_open=True).exists()


def correction(consultation, **typed):
    return {"revision": consultation.revision, "came_day": "2026-06-09", "came_clock": "10:00"} | typed


def test_two_people_correct_the_same_words_and_neither_loses_any(client_of, clerk):
    consultation = taken(clerk)
    other = a_worker(office_of(clerk))
    url = reverse("intake:edit", args=[consultation.pk])
    assert client_of(other).post(url, correction(consultation, words="先に直した文")).status_code == 302
    answer = client_of(clerk).post(url, correction(consultation, words="あとから直した文"))
    text = re.sub(r"</?(del|ins)>", "", answer.content.decode())
    assert answer.status_code == 409
    assert "先に直した文" in text
    assert "あとから直した文" in text
    consultation.refresh_from_db()
    assert consultation.words == "先に直した文"
    answer = client_of(clerk).post(url, correction(consultation, words="あとから直した文"))
    assert answer.status_code == 302
    page = client_of(clerk).get(reverse("intake:detail", args=[consultation.pk])).content.decode()
    assert "先に直した文" in page  # the history
    assert "泣き声" in page


def test_a_consultation_is_given_to_a_colleague_with_its_day(client_of, clerk):
    consultation = taken(clerk)
    colleague = a_worker(office_of(clerk))
    before = Promise.objects.get(subject_id=consultation.pk, subject_kind="consultation", is_open=True)
    client_of(clerk).post(reverse("intake:give", args=[consultation.pk]), {"worker": colleague.pk})
    after = Promise.objects.get(subject_id=consultation.pk, subject_kind="consultation", is_open=True)
    assert (after.worker_id, after.due_on) == (colleague.pk, before.due_on)


def test_several_rows_become_several_concerns_at_once(client_of, clerk):
    person = a_person("山田　花子")
    consultation = taken(clerk, party_id=person.pk, caller_kind="self", urgency="middle")
    browser = client_of(clerk)
    url = reverse("intake:concerns", args=[consultation.pk])
    more = browser.post(url, {"rows": "1", "row0-description": "家賃が払えない", "more": "1"})
    assert more.status_code == 200
    assert "2つ目の課題" in more.content.decode()
    assert "家賃が払えない" in more.content.decode()
    answer = browser.post(
        url,
        {
            "rows": "2",
            "row0-description": "家賃が払えない",
            "row0-whose": offer(clerk, person.pk),
            "row1-description": "大家さんが困っている",
            "row1-whose": "around",
            "row1-around": "大家",
        },
    )
    assert answer.status_code == 302
    assert list(Concern.objects.order_by("id").values_list("whose", "party_id")) == [
        ("person", person.pk),
        ("around", person.pk),
    ]
    assert Hold.objects.filter(closed_at__isnull=True, worker=clerk).count() == 2
    page = browser.get(reverse("intake:detail", args=[consultation.pk])).content.decode()
    assert "新しい課題にした" in page
    assert "大家さんが困っている" in page


def test_a_concern_may_be_somebody_elses_found_by_a_lookup(client_of, clerk):
    consultation = taken(clerk, party_id=a_person("山田　花子").pk)
    other = register_person(by=clerk, at=NOW, name="山田　太郎", office=office_of(clerk).pk)
    browser, url = client_of(clerk), reverse("intake:concerns", args=[consultation.pk])
    sent = {"rows": "1", "row0-description": "部屋から出ない", "other": "山田太郎"}
    answer = browser.post(url, sent | {"search": "1"})
    assert answer.status_code == 200
    assert "山田　太郎" in answer.content.decode()
    assert browser.post(url, sent | {"row0-whose": offer(clerk, other.pk)}).status_code == 302
    assert Concern.objects.get().party_id == other.pk


def test_a_concern_goes_straight_on_to_the_referral_form(client_of, clerk):
    consultation = taken(clerk, party_id=a_person().pk)
    browser = client_of(clerk)
    sent = {"rows": "1", "row0-description": "介護の相談", "then": "refer"}
    answer = browser.post(reverse("intake:concerns", args=[consultation.pk]), sent)
    assert answer.headers["Location"] == f"{reverse('referrals:new')}?concern={Concern.objects.get().pk}"
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_a_suspicion_stands_on_the_page_until_somebody_is_told(client_of, clerk):
    consultation = taken(clerk, party_id=a_person().pk)
    browser = client_of(clerk)
    browser.post(
        reverse("intake:concerns", args=[consultation.pk]),
        {"rows": "1", "row0-description": "あざがある", "row0-danger": "child"},
    )
    page = browser.get(reverse("intake:detail", args=[consultation.pk])).content.decode()
    assert "通告・通報・相談先が、まだ記録されていません" in page
    assert "こぼれそう" in page


def test_every_look_is_in_the_journal_by_number(client_of, clerk):
    consultation = told(clerk)
    client_of(clerk).get(reverse("intake:detail", args=[consultation.pk]))
    client_of(clerk).get(reverse("intake:informant", args=[consultation.pk]))
    seen = Entry.objects.filter(subject_kind="consultation", subject_id=consultation.pk, worker_id=clerk.pk)
    assert {"consultation.taken", "consultation.seen", "informant.seen"} <= set(
        seen.values_list("action", flat=True)
    )
    assert "隣人" not in str(list(seen.values_list("detail", flat=True)))


def test_whoever_is_involved_reads_it_and_changes_nothing(client_of, clerk):
    person, other = a_person(), a_worker()
    a_concern(held_by=other, of=person)
    consultation = told(clerk, reach="desk_only")
    Consultation.objects.filter(pk=consultation.pk).update(party_id=person.pk)
    browser = client_of(other)
    page = browser.get(reverse("intake:detail", args=[consultation.pk]))
    assert page.status_code == 200
    assert "書き直す" not in page.content.decode()
    for name in ("edit", "who", "give", "night", "concerns", "end", "word_back", "informant"):
        assert browser.get(reverse(f"intake:{name}", args=[consultation.pk])).status_code == 404
    Informant.objects.filter(pk=consultation.pk).update(reach="successors")
    assert browser.get(reverse("intake:informant", args=[consultation.pk])).status_code == 200


def test_an_empty_row_is_said_so_and_nothing_is_stored(client_of, clerk):
    consultation = taken(clerk, party_id=a_person().pk)
    answer = client_of(clerk).post(
        reverse("intake:concerns", args=[consultation.pk]), {"rows": "1", "row0-description": ""}
    )
    assert answer.status_code == 422
    assert "ひとつ以上" in answer.content.decode()
    assert Concern.objects.count() == 0


def test_a_my_number_in_a_row_is_refused_at_the_row(client_of, clerk):
    consultation = taken(clerk, party_id=a_person().pk)
    answer = client_of(clerk).post(
        reverse("intake:concerns", args=[consultation.pk]), {"rows": "1", "row0-description": MY_NUMBER}
    )
    assert answer.status_code == 422
    assert "個人番号" in answer.content.decode()


def test_a_concern_begins_with_someone_not_yet_known(client_of, clerk):
    consultation = taken(clerk, about_words="駅前の男性")
    client_of(clerk).post(
        reverse("intake:concerns", args=[consultation.pk]),
        {"rows": "1", "row0-description": "毎晩、駅で寝ている", "row0-whose": "unknown"},
    )
    concern = Concern.objects.get()
    assert concern.whose == "unknown"
    assert concern.party.unknown.words == "駅前の男性"


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({}, 422, "どうなったか"),
        ({"outcome": "information_given"}, 422, "何を伝えたか"),
        ({"outcome": "information_given", "words": "住居確保給付金の案内を渡した"}, 302, ""),
        ({"outcome": "existing_concern"}, 422, "課題"),
        ({"outcome": "withdrawn", "words": f"{MY_NUMBER}"}, 422, "個人番号"),
        ({"outcome": "withdrawn", "words": "本人が、もうよいと"}, 302, ""),
    ],
)
def test_an_end_asks_for_what_it_needs(client_of, clerk, typed, status, words):
    consultation = taken(clerk)
    answer = client_of(clerk).post(reverse("intake:end", args=[consultation.pk]), typed)
    assert answer.status_code == status
    assert words in answer.content.decode()
    consultation.refresh_from_db()
    assert bool(consultation.outcome) == (status == 302)


def test_an_end_that_needs_two_waits_for_the_other(client_of, clerk):
    consultation = taken(clerk)
    colleague = a_worker(office_of(clerk))
    answer = client_of(clerk).post(
        reverse("intake:end", args=[consultation.pk]),
        {"outcome": "could_not_reach", "words": "3回電話。6/1, 6/4, 6/8", "second": colleague.pk},
    )
    assert answer.status_code == 302
    consultation.refresh_from_db()
    assert consultation.outcome == ""
    page = client_of(clerk).get(reverse("intake:detail", args=[consultation.pk])).content.decode()
    assert "もうひとりの確認を待っています" in page


@pytest.mark.visits("intake:batch")
def test_what_was_none_ends_in_one_sheet_that_another_agrees_to(
    three_people, client_of, clerk, administrator
):
    three_people(reverse("intake:batch"), allowed=clerk, stranger=administrator)
    colleague, three = (
        a_worker(office_of(clerk)),
        [taken(clerk, words=f"営業 {number}") for number in range(3)],
    )
    browser, url = client_of(clerk), reverse("intake:batch")
    chosen = [one.pk for one in three[:2]]
    assert browser.post(url, {"words": "営業の電話"}).status_code == 422
    assert browser.post(url, {"consultations": chosen}).status_code == 422
    sent = {"consultations": chosen, "words": "営業の電話", "second": colleague.pk}
    assert browser.post(url, sent).status_code == 302
    assert not Consultation.objects.exclude(outcome="").exists()
    page = browser.get(reverse("intake:detail", args=[chosen[1]])).content.decode()
    assert "もうひとりの確認を待っています" in page
    answer_second(SecondWord.objects.get(), agreed=True, by=colleague, at=NOW)
    connection.check_constraints()
    ended = Consultation.objects.filter(outcome="not_a_consultation", outcome_second_by=colleague)
    assert sorted(ended.values_list("pk", flat=True)) == chosen


def test_a_consultation_of_another_desk_cannot_be_in_the_sheet(client_of, clerk, stranger):
    answer = client_of(clerk).post(
        reverse("intake:batch"), {"consultations": [taken(stranger).pk], "words": "営業"}
    )
    assert answer.status_code == 422


def test_a_high_after_closing_is_handed_over_for_the_night(client_of, clerk, set_clock):
    set_clock("2026-06-09 18:00")
    consultation = taken(clerk, urgency="high", at=NOW.replace(hour=18))
    browser = client_of(clerk)
    assert (
        "夜間・休日の引き継ぎが要ります"
        in browser.get(reverse("intake:detail", args=[consultation.pk])).content.decode()
    )
    assert "夜間・休日の引き継ぎがまだです" in browser.get(reverse("intake:index")).content.decode()
    url = reverse("intake:night", args=[consultation.pk])
    assert browser.post(url, {"to_kind": "night_duty"}).status_code == 422
    assert (
        browser.post(url, {"to_kind": "night_duty", "to_name": "宿直 太郎", "clock": "23:00"}).status_code
        == 422
    )
    assert browser.post(url, {"to_kind": "night_duty", "to_name": "宿直 太郎"}).status_code == 302
    assert NightHandover.objects.get().to_name == "宿直 太郎"
    assert (
        "夜間・休日の引き継ぎが要ります"
        not in browser.get(reverse("intake:detail", args=[consultation.pk])).content.decode()
    )


def test_a_consultation_may_turn_out_to_be_about_somebody_else(client_of, clerk):
    first = register_person(by=clerk, at=NOW, name="山田　花子", office=office_of(clerk).pk)
    second = register_person(by=clerk, at=NOW, name="山田　華子", office=office_of(clerk).pk)
    consultation = taken(clerk, party_id=first.pk)
    url = reverse("intake:who", args=[consultation.pk])
    assert client_of(clerk).post(url, {"about": offer(clerk, second.pk)}).status_code == 302
    consultation.refresh_from_db()
    assert consultation.party_id == second.pk
    assert client_of(clerk).post(url, {"about": ""}).status_code == 422
    assert client_of(clerk).post(url, {"nobody": "1"}).status_code == 302
    consultation.refresh_from_db()
    assert consultation.party_id is None


def test_a_worker_of_two_desks_says_which(client_of, clerk):
    other = an_office("子ども家庭センター")
    a_post(clerk, other)
    client_of(clerk).post(reverse("intake:new"), {"office": other.pk})
    assert Consultation.objects.get().office_id == other.pk


def test_an_expired_session_shows_the_text_back(client, clerk):
    answer = client.post(reverse("intake:new"), {"words": "消えては困る長い文"})
    assert answer.status_code == 401
    assert "消えては困る長い文" in answer.content.decode()


# -- lists ------------------------------------------------------------------------------------------------


def many(clerk, count):
    for number in range(count):
        taken(
            clerk,
            party_id=a_person(f"仮名 その{number}").pk,
            urgency="middle",
            means="phone",
            caller_kind="family",
        )


def test_the_list_asks_the_same_for_two_and_for_twenty_rows(client_of, clerk, queries):
    url, browser = reverse("intake:index"), client_of(clerk)
    for scope in ("open", "mine", "ended", "imported"):
        browser.get(url, {"scope": scope})
    many(clerk, 2)
    with queries() as two:
        browser.get(url)
    many(clerk, 18)
    with queries() as twenty:
        browser.get(url)
    assert twenty.shape == two.shape
    assert two.count <= 22, two.statements


def test_a_consultations_page_asks_the_same_for_two_and_for_twenty_concerns(client_of, clerk, queries):
    shapes, browser = [], client_of(clerk)
    for count in (2, 12):
        consultation = taken(clerk, party_id=a_person("山田　花子").pk)
        rows = {f"row{number}-description": f"困りごと{number}" for number in range(count)}
        browser.post(reverse("intake:concerns", args=[consultation.pk]), rows | {"rows": count})
        with queries() as seen:
            browser.get(reverse("intake:detail", args=[consultation.pk]))
        shapes.append(seen.shape)
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("sort", ["due", "came"])
def test_every_row_is_on_exactly_one_page(client_of, clerk, sort, monkeypatch):
    monkeypatch.setattr("tsunagi.intake.queries.triage.PER_PAGE", 3)
    many(clerk, 8)
    browser, url, seen = client_of(clerk), reverse("intake:index") + f"?sort={sort}", []
    while url:
        answer = browser.get(url)
        found = answer.context["found"]
        assert found.total == 8
        seen += [row.id for row in found.rows]
        url = answer.context["next_url"]
    assert sorted(seen) == sorted(Consultation.objects.values_list("pk", flat=True))


def test_the_filters_say_what_they_show(client_of, clerk):
    colleague = a_worker(office_of(clerk))
    taken(clerk, words="自分の件", urgency="high")
    taken(colleague, words="同僚の件")
    browser = client_of(clerk)
    assert "同僚の件" not in browser.get(reverse("intake:index"), {"scope": "mine"}).content.decode()
    assert "同僚の件" not in browser.get(reverse("intake:index"), {"urgency": "high"}).content.decode()
    assert (
        "終わった相談はまだありません"
        in browser.get(reverse("intake:index"), {"scope": "ended"}).content.decode()
    )
    assert (
        "取り込んだ相談はありません"
        in browser.get(reverse("intake:index"), {"scope": "imported"}).content.decode()
    )
    assert (
        browser.get(reverse("intake:index"), {"after": "nonsense", "sort": "'", "scope": "?"}).status_code
        == 200
    )
