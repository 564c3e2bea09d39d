"""心当たり照会 answered; the silent word to those who answer for somebody who is not protected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_household, a_worker, an_office, office_of
from tests.sharing.conftest import told
from tsunagi.holding.models import Promise
from tsunagi.journal.models import Entry
from tsunagi.people.actions import count_as_shared, register_person
from tsunagi.people.models import Phone
from tsunagi.safety_net import net
from tsunagi.sharing.models import Enquiry, EnquiryAnswer, SilentWord, ToldHolder

pytestmark = pytest.mark.django_db

KNOWN = {"name": "南野 空", "kana": "ミナミノ ソラ", "birth": "H1.2.3", "phones": ["075-111-2222"]}
ASKED = {"name": "南野 空", "kana": "ミナミノ ソラ", "birth": "H1.2.3", "phone": "075-111-2222"}
WORDS = {"reason": "同じ方の支援がすでにあるか知りたい", "relation": "", "ground": "01"}


@pytest.fixture(autouse=True)
def _hours(set_clock):
    set_clock(NOW)


@pytest.fixture
def holder():
    return a_worker(an_office("高齢福祉課"), name="担当 まさみ")


@pytest.fixture
def section():
    return a_worker(an_office("子育て支援課"), name="課員 みな")


@pytest.fixture
def known(holder):
    person = register_person(by=holder, at=NOW, office=office_of(holder).pk, **KNOWN)
    a_concern(held_by=holder, of=person)
    return person


@pytest.fixture
def asked(client_of, section, known, run_jobs):
    answer = client_of(section).post(reverse("holding:enquiry_new"), WORDS | ASKED)
    assert answer.status_code == 302
    run_jobs()
    return Enquiry.objects.get()


@pytest.mark.visits("holding:enquiry_new", "holding:enquiries")
def test_only_who_takes_consultations_asks(three_people, section):
    stranger = a_worker(role="statistician")
    three_people(reverse("holding:enquiry_new"), allowed=section, stranger=stranger)
    three_people(reverse("holding:enquiries"), allowed=section, stranger=stranger)


def test_the_holder_has_a_promise_of_two_business_days(asked, holder, known):
    answer = EnquiryAnswer.objects.get()
    assert answer.person_id == known.pk
    promise = Promise.objects.get(kind="enquiry")
    assert (promise.worker_id, promise.subject_id, promise.party_id) == (holder.pk, answer.pk, known.pk)
    assert promise.due_on == TODAY + timedelta(days=2)
    assert Enquiry.objects.get().asked == {}
    assert any("心当たり照会" in sentence for sentence in told(holder))
    connection.check_constraints()
    assert not net.check(connection, today=TODAY).broken


@pytest.mark.visits("holding:enquiry", "holding:enquiry_answer")
def test_the_asker_sees_only_what_the_holder_chose_to_say(three_people, client_of, asked, holder, section):
    page = reverse("holding:enquiry", args=[asked.pk])
    stranger = a_worker()
    waiting = three_people(page, allowed=section, stranger=stranger).content.decode()
    assert "返事を待っています" in waiting
    assert "高齢福祉課" not in waiting
    url = reverse("holding:enquiry_answer", args=[EnquiryAnswer.objects.get().pk])
    question = three_people(url, allowed=holder, stranger=section).content.decode()
    assert "子育て支援課" in question
    assert "同じ方の支援がすでにあるか" in question
    client_of(holder).post(url, {"reply": "involved", "words": "午前中に電話ください"})
    shown = client_of(section).get(page).content.decode()
    for words in ("高齢福祉課", "担当 まさみ", "午前中に電話ください", "関わっています・連絡ください"):
        assert words in shown
    assert not Promise.objects.filter(kind="enquiry", is_open=True).exists()
    assert any("返事がありました" in sentence for sentence in told(section))
    again = client_of(holder).post(url, {"reply": "cannot_say"})
    assert again.status_code == 422
    assert EnquiryAnswer.objects.get().reply == "involved"


@pytest.mark.parametrize("reply", ["cannot_say", "somebody_else"])
def test_an_answer_that_says_nothing_names_nobody(client_of, asked, holder, section, reply):
    url = reverse("holding:enquiry_answer", args=[EnquiryAnswer.objects.get().pk])
    client_of(holder).post(url, {"reply": reply})
    shown = client_of(section).get(reverse("holding:enquiry", args=[asked.pk])).content.decode()
    assert "高齢福祉課" not in shown
    assert "担当 まさみ" not in shown


def test_without_an_answer_the_page_says_so_after_its_day(client_of, asked, section, set_clock):
    set_clock(NOW + timedelta(days=10))
    shown = client_of(section).get(reverse("holding:enquiry", args=[asked.pk])).content.decode()
    assert "返事はありませんでした" in shown


def test_one_item_asks_nobody(client_of, section, known, run_jobs):
    client_of(section).post(reverse("holding:enquiry_new"), WORDS | {"kana": ASKED["kana"]})
    run_jobs()
    assert not EnquiryAnswer.objects.exists()


def test_what_many_share_never_counts(client_of, section, known, holder, run_jobs):
    count_as_shared("phone", Phone.objects.get(person=known).pk, by=holder, at=NOW)
    client_of(section).post(
        reverse("holding:enquiry_new"), WORDS | {"kana": ASKED["kana"], "phone": ASKED["phone"]}
    )
    run_jobs()
    assert not EnquiryAnswer.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "お名前・よみ・生年月日・電話のどれか"),
        ({"name": "南野 空", "reason": ""}, "わけを書いてください"),
        ({"name": "123456789018"}, "個人番号"),
        ({"birth": "昭和999年"}, ""),
    ],
)
def test_what_is_missing_is_said(client_of, section, typed, words):
    answer = client_of(section).post(reverse("holding:enquiry_new"), WORDS | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Enquiry.objects.exists()


def test_an_enquiry_sent_twice_is_one(client_of, section, known):
    import uuid

    draft = str(uuid.uuid4())
    for _ in range(2):
        client_of(section).post(reverse("holding:enquiry_new"), WORDS | ASKED | {"draft": draft})
    assert Enquiry.objects.count() == 1


def about(**typed):
    return {f"about_{name}": value for name, value in (ASKED | typed).items()}


def test_a_consultation_elsewhere_is_told_to_the_holder_at_once(client_of, section, known, holder, run_jobs):
    client_of(section).post(
        reverse("intake:new"), {"words": "近所の方のこと", "caller_kind": "neighbour"} | about()
    )
    assert told(holder) == []
    run_jobs()
    assert len(told(holder)) == 1
    assert "子育て支援課" in told(holder)[0]
    assert "近所・知人" in told(holder)[0]
    assert "相手方かもしれません" not in told(holder)[0]
    assert "南野" not in told(holder)[0]
    entry = Entry.objects.get(action="person.asked_about")
    assert (entry.subject_id, entry.detail["told"]) == (known.pk, holder.pk)


def test_one_chosen_from_the_card_is_told_too(client_of, known, holder, run_jobs):
    from tsunagi.intake.access import offer

    desk = a_worker(an_office("なんでも相談", is_front_desk=True))
    client_of(desk).post(reverse("intake:new"), {"words": "この方の相談", "about": offer(desk, known.pk)})
    run_jobs()
    assert len(told(holder)) == 1


def test_the_card_names_the_office_and_who_answers_there(client_of, known, holder):
    desk = a_worker(an_office("なんでも相談", is_front_desk=True))
    answer = client_of(desk).post(reverse("intake:lookup"), {"about_kana": "みなみの そら"})
    assert "高齢福祉課 担当 まさみ" in answer.content.decode()


def test_an_office_whose_name_tells_is_not_named(client_of, known, holder):
    desk = a_worker(an_office("なんでも相談", is_front_desk=True))
    a_concern(held_by=a_worker(an_office("生活支援課", field="poverty"), name="保護 係"), of=known)
    answer = client_of(desk).post(reverse("intake:lookup"), {"about_kana": "みなみの そら"})
    page = answer.content.decode()
    assert "生活支援課" not in page
    assert "保護 係" not in page
    assert "ほか" in page


def test_colleagues_of_the_same_desk_are_not_told_of_their_own(client_of, known, holder, run_jobs):
    colleague = a_worker(office_of(holder))
    client_of(colleague).post(reverse("intake:new"), {"words": "電話があった"} | about())
    run_jobs()
    assert told(holder) == []
    assert not SilentWord.objects.exists()


def test_the_household_s_holder_answers_for_its_members(client_of, section, run_jobs):
    keeper = a_worker(an_office("住宅課"))
    person = register_person(by=keeper, at=NOW, office=office_of(keeper).pk, **KNOWN)
    a_concern(held_by=keeper, of=a_household(person))
    client_of(section).post(
        reverse("intake:asked_about"), {"relation": "child", "words": "母のこと"} | about()
    )
    run_jobs()
    assert ToldHolder.objects.get().worker_id == keeper.pk


def test_a_common_name_tells_nobody(client_of, section, holder, run_jobs):
    for place in range(4):
        person = register_person(
            by=holder, at=NOW, name="佐藤 健", office=office_of(holder).pk, phones=[f"075-900-000{place}"]
        )
        a_concern(held_by=holder, of=person)
    client_of(section).post(reverse("intake:asked_about"), {"words": "?", "about_name": "佐藤 健"})
    run_jobs()
    assert told(holder) == []


def test_without_a_holder_the_manager_of_the_office_that_knows_them_is_told(
    client_of, section, holder, run_jobs
):
    register_person(by=holder, at=NOW, office=office_of(holder).pk, **KNOWN)
    client_of(section).post(reverse("intake:asked_about"), {"words": "?"} | about())
    run_jobs()
    manager = office_of(holder).duty_worker_id
    assert [row.worker_id for row in ToldHolder.objects.all().order_by("id")] == [manager]


def test_a_job_that_runs_twice_tells_once(client_of, section, known, holder, run_jobs):
    client_of(section).post(reverse("intake:asked_about"), {"words": "?"} | about())
    word = SilentWord.objects.get().pk
    run_jobs()
    from tsunagi.sharing import tasks

    tasks.pass_on(word)
    assert len(told(holder)) == 1


def test_an_office_with_a_name_like_a_person_s_does_not_stop_the_word(client_of, known, holder, run_jobs):
    desk = a_worker(an_office("ひまわりさんの家"))
    client_of(desk).post(reverse("intake:asked_about"), {"words": "?"} | about())
    run_jobs()
    assert "ある窓口" in told(holder)[0]
