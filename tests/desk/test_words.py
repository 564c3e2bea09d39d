"""記録のことばをさがす: what is written is read into the index by the tables themselves; each finds what they may see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import NOW, a_concern, a_person, a_worker, an_office, office_of
from tests.intake.factories import a_consultation
from tests.sharing.conftest import shape
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import open_case, write_note
from tsunagi.desk.actions import read_everything_anew, read_words
from tsunagi.desk.tasks import read_new_words
from tsunagi.holding.actions import Served, record_contact, say_whose
from tsunagi.intake.actions import say_who
from tsunagi.intake.models import Consultation
from tsunagi.journal.models import Entry
from tsunagi.people.actions import declare_own, merge_persons, protect, register_person
from tsunagi.search.models import Due, Passage
from tsunagi.search.queries import due_count

pytestmark = pytest.mark.django_db
WORDS = reverse("desk:words")


@pytest.fixture
def desk():
    return a_worker(an_office("総合相談", is_front_desk=True))


def asked(client_of, worker, words, **more):
    """The page that answers, as text."""
    answer = client_of(Worker.objects.get(pk=worker.pk)).post(WORDS, {"q": words, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_text_is_read_once_it_is_written(client_of, desk):
    concern = a_concern(held_by=desk, description="家賃をためている")
    case = open_case(concern.party_id, by=desk, at=NOW, title="片づけ")
    write_note(case, by=desk, at=NOW, kind="visit", happened_at=NOW, facts="新聞が積まれて歩けない")
    record_contact(
        "met", [Served(concern.pk)], by=desk, at=NOW, happened_at=NOW, words="玄関で猫にえさをやっていた"
    )
    a_consultation(desk, words="息子が部屋から出ない", party_id=concern.party_id)
    assert read_words() > 0
    for words, kind in (
        ("家賃", "課題"), ("新聞", "支援の記録"), ("猫", "連絡の記録"), ("息子 部屋", "相談")
    ):  # fmt: skip
        page = asked(client_of, desk, words)
        assert f"{kind}：" in page, words
        assert "<mark>" in page


def test_no_text_waits_after_the_job(desk):
    a_concern(held_by=desk)
    assert due_count() > 0
    read_new_words()
    assert due_count() == 0
    assert Passage.objects.filter(kind="concern").count() == 1


def test_a_variant_is_found_and_nothing_found_says_what_to_do(client_of, desk):
    a_concern(held_by=desk, description="引きこもりが長い。生活保護のことも聞きたい")
    read_words()
    for words in ("ひきこもり", "引き籠もり", "生保", "ヒキコモリ"):
        assert "<mark>" in asked(client_of, desk, words), words
    assert "言いかえてみてください" in asked(client_of, desk, "相続")


def test_a_stranger_finds_nothing_and_the_answer_tells_nothing(client_of, desk):
    a_concern(held_by=desk, description="家賃をためている")
    read_words()
    stranger = a_worker()
    one, nothing = (client_of(stranger).post(WORDS, {"q": words}) for words in ("家賃", "屋根"))
    assert "見つかりませんでした" in one.content.decode()
    assert shape(one, "家賃", "屋根") == shape(nothing, "家賃", "屋根")


def test_a_protected_person_is_found_by_their_own_office_only(client_of, desk):
    other = a_worker()
    her = register_person(by=desk, at=NOW, name="北山 美月", office=office_of(desk).pk)
    a_concern(held_by=desk, of=her, description="夫の暴力から逃げている")
    read_words()
    protect(her, by=desk, at=NOW)
    assert "<mark>" in asked(client_of, desk, "暴力")
    assert "見つかりませんでした" in asked(client_of, other, "暴力")


def test_what_is_corrected_is_found_by_what_it_says_now(client_of, desk):
    concern = a_concern(held_by=desk, description="家賃をためている")
    read_words()
    type(concern).objects.filter(pk=concern.pk).update(description="電気が止まった")
    assert Passage.objects.filter(kind="concern").count() == 0
    read_words()
    assert "見つかりませんでした" in asked(client_of, desk, "家賃")
    assert "<mark>" in asked(client_of, desk, "電気")


def test_a_text_that_is_about_somebody_else_is_found_by_their_office_at_once_no_more_by_the_first(
    client_of, desk
):
    school, elder = a_worker(), a_worker()
    one, other = (a_concern(held_by=who).party_id for who in (school, elder))
    told = a_consultation(desk, words="雨もりがひどい", party_id=one)
    read_words()
    assert "<mark>" in asked(client_of, school, "雨もり")
    say_who(Consultation.objects.get(pk=told.pk), other, by=desk, at=NOW)
    assert "見つかりませんでした" in asked(client_of, school, "雨もり")
    read_words()
    assert "<mark>" in asked(client_of, elder, "雨もり")
    assert "見つかりませんでした" in asked(client_of, school, "雨もり")


def test_a_concern_that_goes_over_takes_its_contacts_along(client_of, desk):
    one, other = a_person(), a_person()
    concern = a_concern(held_by=desk, of=one)
    a_concern(held_by=desk, of=other)
    record_contact("met", [Served(concern.pk)], by=desk, at=NOW, happened_at=NOW, words="猫にえさ")
    read_words()
    say_whose(concern, other.pk, by=desk, at=NOW)
    assert Passage.objects.filter(kind="contact").count() == 0
    read_words()
    assert Passage.objects.get(kind="contact").party == other.pk


def test_of_two_records_that_are_one_each_finds_their_own(client_of, desk):
    school = a_worker()
    one = register_person(by=desk, at=NOW, name="山田 花子", office=office_of(desk).pk)
    other = register_person(by=school, at=NOW, name="山田 はな子", office=office_of(school).pk)
    a_concern(held_by=desk, of=one, description="屋根がこわれている")
    a_concern(held_by=school, of=other, description="遅刻がつづく")
    merge_persons(one, other, reason="本人に確かめた", by=desk, at=NOW)
    read_words()
    assert "<mark>" in asked(client_of, school, "遅刻")
    assert "見つかりませんでした" in asked(client_of, school, "屋根")


def test_somebodys_own_mother_is_found_by_no_key(client_of, desk, run_jobs):
    mother = register_person(
        by=desk, at=NOW, name="東 きよ", kana="ヒガシ キヨ", birth="S20.1.1", office=office_of(desk).pk
    )
    a_consultation(desk, words="鍋をこがした", party_id=mother.pk)
    read_words()
    colleague = a_worker(office_of(desk))
    assert "<mark>" in asked(client_of, colleague, "鍋")
    declare_own(colleague, relation="household", name="東 きよ", kana="ヒガシ キヨ", birth="S20.1.1", at=NOW)
    run_jobs()
    page = asked(client_of, colleague, "鍋")
    assert "見つかりませんでした" in page
    assert "1件" not in page


def test_pages_kinds_and_days_narrow(client_of, desk):
    for day in range(25):
        a_consultation(desk, words=f"家賃の相談 {day}", came_at=NOW - timedelta(days=day), at=NOW)
    read_words()
    first = asked(client_of, desk, "家賃")
    assert "25件" in first
    mark = (
        first.split('name="after"')[1].split('value="')[1].split('"')[0]
        if 'name="after" value' not in first
        else first.split('name="after" value="')[1].split('"')[0]
    )
    second = asked(client_of, desk, "家賃", after=mark)
    assert second.count("<mark>") == 5
    assert "見つかりませんでした" in asked(client_of, desk, "家賃", kind="note")
    assert "3件" in asked(client_of, desk, "家賃", since="2026-06-07")
    assert "25件" in asked(client_of, desk, "家賃", after="壊れた目印")


def test_a_number_of_the_card_is_no_question(client_of, desk):
    answer = client_of(desk).post(WORDS, {"q": "1234 5678 9018"})
    assert answer.status_code == 422
    assert "個人番号" in answer.content.decode()


def test_the_journal_knows_what_was_shown_and_no_word_of_what_was_asked(client_of, desk):
    concern = a_concern(held_by=desk, description="家賃をためている")
    read_words()
    asked(client_of, desk, "家賃")
    entry = Entry.objects.get(action="records.searched")
    assert entry.detail == {"shown": [f"concern:{concern.pk}"]}


def test_everything_is_read_anew(client_of, desk):
    a_concern(held_by=desk, description="家賃をためている")
    Due.objects.all().delete()
    assert read_everything_anew() >= 1
    read_words()
    assert "<mark>" in asked(client_of, desk, "家賃")


@pytest.mark.visits("desk:words")
def test_the_page_opens_for_whoever_sees_persons(three_people, desk):
    three_people(WORDS, allowed=desk, stranger=a_worker(role="statistician"))
