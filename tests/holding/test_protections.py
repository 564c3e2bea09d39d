"""A protection is decided by two within five business days, ended by two, and its address shown by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.intake.factories import a_consultation
from tsunagi.accounts.models import Worker
from tsunagi.codes.actions import decide
from tsunagi.holding.models import Promise, SecondWord
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.actions import end_those_agreed, protect, register_person, start_household
from tsunagi.people.models import Address, AddressGrant, Protection, SearchKey
from tsunagi.people.queries import is_protected, lookup, person_card
from tsunagi.safety_net import net

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hours(set_clock):
    set_clock(NOW)


@pytest.fixture
def office():
    return an_office("福祉なんでも相談室")


@pytest.fixture
def worker(office):
    return a_worker(office, name="相田 ゆき")


@pytest.fixture
def manager(office):
    return Worker.objects.get(pk=office.duty_worker_id)


@pytest.fixture
def person(worker, office):
    found = register_person(
        by=worker, at=NOW, office=office.pk, name="北山 美月", kana="キタヤマ ミツキ", phones=["090-5555-6666"],
        addresses=["京都府長岡京市開田2-25-14"],
    )  # fmt: skip
    a_concern(held_by=worker, of=found)
    return found


@pytest.fixture
def protection(person, worker):
    return protect(person, by=worker, at=NOW, reason="夫が探している")


def agree(client_of, manager, *, agreed="yes", words=""):
    word = SecondWord.objects.get(answered_at__isnull=True)
    answer = client_of(manager).post(
        reverse("holding:second", args=[word.pk]), {"agreed": agreed, "words": words}
    )
    assert answer.status_code == 302, answer.content.decode()
    connection.check_constraints()


def test_one_click_promises_that_two_decide_within_five_business_days(client_of, person, worker, manager):
    answer = client_of(worker).post(reverse("people:protect", args=[person.pk]), {"reason": "夫が探している"})
    assert answer.status_code == 302
    promise = Promise.objects.get(kind="protection")
    assert (promise.worker_id, promise.due_on) == (manager.pk, TODAY + timedelta(days=7))
    assert Notice.objects.filter(worker=manager, sentence__contains="仮保護").exists()
    today = client_of(manager).get("/").content.decode()
    assert "保護を続けるか" in today
    page = client_of(manager).get(reverse("holding:promise", args=[promise.pk])).content.decode()
    assert reverse("holding:protection", args=[Protection.objects.get().pk]) in page
    assert not net.check(connection, today=TODAY).broken
    # 「果たした」 alone does not end it.
    refused = client_of(manager).post(reverse("holding:promise", args=[promise.pk]), {})
    assert refused.status_code == 422
    assert Promise.objects.get(kind="protection").is_open


PAGES = [
    "holding:protection",
    "holding:protection_decide",
    "holding:protection_end",
    "holding:protection_show",
]


@pytest.mark.visits(
    "holding:protection", "holding:protection_decide", "holding:protection_end", "holding:protection_show"
)
def test_its_pages_open_to_those_who_are_with_her(three_people, protection, worker):
    for name in PAGES:
        three_people(reverse(name, args=[protection.pk]), allowed=worker, stranger=a_worker())


def decided(client_of, worker, protection, **more):
    typed = {
        "category": "dv", "reason": "配偶者からの暴力", "municipality": "長岡京市", "from_on": "2026-06-09",
        "measure_until_on": "2027-06-08", "other_party_name": "北山 剛", "other_party_relation": "夫",
    } | more  # fmt: skip
    return client_of(worker).post(reverse("holding:protection_decide", args=[protection.pk]), typed)


def test_two_people_decide_that_it_goes_on(client_of, protection, worker, manager, person):
    assert decided(client_of, worker, protection).status_code == 302
    # Nothing changed yet, and she is protected all the while.
    assert Protection.objects.get(pk=protection.pk).category == "provisional"
    assert is_protected(person.pk)
    word = SecondWord.objects.get()
    asked = client_of(manager).get(reverse("holding:second", args=[word.pk])).content.decode()
    for words in ("保護を続ける", "DV等支援措置", "長岡京市", "北山 剛", "2027-06-08"):
        assert words in asked, words
    agree(client_of, manager)
    now = Protection.objects.get(pk=protection.pk)
    assert (now.category, now.municipality, now.other_party_relation) == ("dv", "長岡京市", "夫")
    assert {now.decided_by_id, now.decided_with_id} == {worker.pk, manager.pk}
    assert not Promise.objects.filter(kind="protection", is_open=True).exists()
    assert Entry.objects.filter(action="person.protection_decided", subject_id=person.pk).exists()
    assert not net.check(connection, today=TODAY).broken


def test_one_person_cannot_answer_their_own_question(client_of, protection, worker):
    decided(client_of, worker, protection)
    word = SecondWord.objects.get()
    answer = client_of(worker).post(reverse("holding:second", args=[word.pk]), {"agreed": "yes"})
    assert answer.status_code == 422
    assert Protection.objects.get(pk=protection.pk).decided_at is None


def test_the_second_person_may_say_no_and_the_protection_stands(
    client_of, protection, worker, manager, person
):
    decided(client_of, worker, protection)
    agree(client_of, manager, agreed="no", words="本人にもう一度聞いてほしい")
    assert Protection.objects.get(pk=protection.pk).decided_at is None
    assert is_protected(person.pk)
    assert Promise.objects.filter(kind="protection", is_open=True).exists()


def test_it_ends_only_after_asking_her_and_by_two(client_of, protection, worker, manager, person):
    url = reverse("holding:protection_end", args=[protection.pk])
    for typed, words in (
        ({"words": "もう大丈夫と言っている"}, "本人に確かめた日"),
        ({"person_asked_on": "2026-06-08"}, "本人がどう言っているか"),
        ({"person_asked_on": "2099-01-01", "words": "x"}, "今日より後"),
    ):
        answer = client_of(worker).post(url, typed)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    client_of(worker).post(url, {"person_asked_on": "2026-06-08", "words": "もう大丈夫と言っている"})
    assert is_protected(person.pk)
    agree(client_of, manager)
    # The cooling period: nothing opens yet, and nobody finds her.
    assert is_protected(person.pk) and lookup(worker, "北山 美月", on=TODAY, trail=False) == []
    page = reverse("holding:protection", args=[protection.pk])
    assert "終えることになっています" in client_of(worker).get(page).content.decode()
    assert end_those_agreed(TODAY + timedelta(days=13), at=NOW) == 0
    assert end_those_agreed(TODAY + timedelta(days=14), at=NOW + timedelta(days=14)) == 1
    assert not is_protected(person.pk)
    assert [card.person_id for card in lookup(worker, "北山 美月", on=TODAY, trail=False)] == [person.pk]
    assert not Promise.objects.filter(kind="protection", is_open=True).exists()
    assert client_of(worker).get(reverse("holding:protection", args=[protection.pk])).status_code == 200


def test_those_she_lives_with_are_covered_together_and_end_together(client_of, person, worker, manager):
    child = register_person(by=worker, at=NOW, name="北山 ひなた", office=office_of(worker).pk)
    he = register_person(by=worker, at=NOW, name="北山 剛", office=office_of(worker).pk)
    start_household(by=worker, at=NOW, members=[(he, "self"), (person, "spouse"), (child, "child")])
    client_of(worker).post(
        reverse("people:protect", args=[person.pk]),
        {"reason": "夫", "covering": [child.pk, he.pk], "other_party_id": he.pk},
    )
    assert is_protected(child.pk)
    assert not is_protected(he.pk)
    main = Protection.objects.get(person=person)
    assert Protection.objects.get(person=child).main_id == main.pk
    assert Promise.objects.filter(kind="protection").count() == 1
    client_of(worker).post(
        reverse("holding:protection_end", args=[main.pk]),
        {"person_asked_on": "2026-06-08", "words": "大丈夫"},
    )
    agree(client_of, manager)
    assert is_protected(person.pk) and is_protected(child.pk)
    end_those_agreed(TODAY + timedelta(days=14), at=NOW + timedelta(days=14))
    assert not is_protected(person.pk)
    assert not is_protected(child.pk)


def asked_to_end(client_of, worker, protection):
    url = reverse("holding:protection_end", args=[protection.pk])
    client_of(worker).post(url, {"person_asked_on": "2026-06-08", "words": "もう大丈夫と言っている"})


def test_one_person_takes_the_end_back_and_two_decide_again(client_of, protection, worker, manager, person):
    asked_to_end(client_of, worker, protection)
    agree(client_of, manager)
    page = reverse("holding:protection", args=[protection.pk])
    assert client_of(a_worker()).post(page, {"keep": "1"}).status_code == 404
    client_of(worker).post(page, {"keep": "1"})
    protection.refresh_from_db()
    assert protection.ends_on is None and protection.person_asked_on is None
    assert end_those_agreed(TODAY + timedelta(days=30), at=NOW) == 0
    assert is_protected(person.pk)
    assert Promise.objects.filter(kind="protection", is_open=True).count() == 1
    assert Entry.objects.filter(action="person.protection_kept", subject_id=person.pk).exists()
    assert not net.check(connection, today=TODAY).broken


def test_protecting_her_again_takes_the_end_back(client_of, protection, worker, manager, person):
    asked_to_end(client_of, worker, protection)
    agree(client_of, manager)
    assert protect(person, by=worker, at=NOW, reason="また来た").pk == protection.pk
    assert end_those_agreed(TODAY + timedelta(days=30), at=NOW) == 0


def test_her_old_address_comes_back_by_nobody_but_who_asked_her(
    client_of, protection, worker, manager, person
):
    other = register_person(
        by=worker,
        at=NOW,
        office=office_of(worker).pk,
        name="北山 剛",
        addresses=["京都府長岡京市開田2-25-14"],
    )
    asked_to_end(client_of, worker, protection)
    agree(client_of, manager)
    end_those_agreed(TODAY + timedelta(days=14), at=NOW + timedelta(days=14))
    assert not SearchKey.objects.filter(person_id=person.pk, kind="address").exists()
    assert SearchKey.objects.filter(person_id=other.pk, kind="address").exists()
    card = person_card(worker, person, on=TODAY)
    assert card.addresses == () and card.district == "" and not card.withheld
    url = reverse("people:reach", args=[person.pk])
    assert "保護していた間の住所" in client_of(worker).get(url).content.decode()
    client_of(worker).post(url, {"again": Address.objects.get(person=person).pk})
    assert [one.text for one in person_card(worker, person, on=TODAY).addresses] == [
        "京都府長岡京市開田2-25-14"
    ]
    assert SearchKey.objects.filter(person_id=person.pk, kind="address").exists()


def test_a_city_may_end_at_once(client_of, protection, worker, manager, person):
    decide("protection.cooling", {"n": 0, "unit": "days"})
    asked_to_end(client_of, worker, protection)
    agree(client_of, manager)
    assert not is_protected(person.pk)


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (60, ""),
        (45, "期限まであと45日"),
        (30, "期限まであと30日"),
        (0, "今日が期限"),
        (-1, "期限切れ・要確認"),
        (-400, "期限切れ・要確認"),
    ],
)
def test_the_end_of_a_measure_is_a_row_and_never_an_end(client_of, person, worker, days, stage):
    protect(person, by=worker, at=NOW, category="dv", measure_until_on=TODAY + timedelta(days=days))
    page = client_of(worker).get("/").content.decode()
    assert ("支援措置の期限が近い方" in page) == bool(stage)
    if stage:
        assert stage in page
    assert is_protected(person.pk)
    # Who is not with her sees no list of protected persons.
    assert "支援措置" not in client_of(a_worker()).get("/").content.decode()


@pytest.fixture
def colleague():
    """Of an office that is with her, but holds nothing of hers."""
    return a_worker(an_office("子育て支援課"), name="課員 みな")


def asked_to_show(client_of, worker, protection, colleague, **more):
    typed = {"worker": colleague.pk, "reason": "いっしょに訪問する", "until_on": "2026-06-11"} | more
    return client_of(worker).post(reverse("holding:protection_show", args=[protection.pk]), typed)


def test_an_address_is_shown_to_one_named_worker_for_days_by_two(
    client_of, protection, worker, manager, person, colleague
):
    refused = asked_to_show(client_of, worker, protection, colleague)
    assert "記録を開けません" in refused.content.decode()
    a_consultation(colleague, party_id=person.pk)
    url = reverse("desk:person", args=[person.pk])
    assert "開田" not in client_of(colleague).get(url).content.decode()
    assert "非開示" in client_of(colleague).get(url).content.decode()
    assert asked_to_show(client_of, worker, protection, colleague).status_code == 302
    assert "開田" not in client_of(colleague).get(url).content.decode()
    agree(client_of, manager)
    assert "開田" in client_of(Worker.objects.get(pk=colleague.pk)).get(url).content.decode()
    other = a_worker(office_of(colleague))
    assert "開田" not in client_of(other).get(url).content.decode()
    assert person_card(colleague, person, on=TODAY + timedelta(days=3)).withheld
    entry = Entry.objects.get(action="person.address_shown")
    assert (entry.detail["to"], entry.detail["second"]) == (colleague.pk, manager.pk)
    page = reverse("holding:protection", args=[protection.pk])
    assert "課員 みな" in client_of(worker).get(page).content.decode()
    client_of(worker).post(page, {"hide": AddressGrant.objects.get().pk})
    assert "開田" not in client_of(colleague).get(url).content.decode()


@pytest.mark.parametrize("until", ["2026-06-08", "2026-06-30"])
def test_not_longer_than_a_week(client_of, protection, worker, manager, person, colleague, until):
    a_consultation(colleague, party_id=person.pk)
    asked_to_show(client_of, worker, protection, colleague, until_on=until)
    word = SecondWord.objects.get()
    answer = client_of(manager).post(reverse("holding:second", args=[word.pk]), {"agreed": "yes"})
    assert "7日まで" in answer.content.decode()
    assert not AddressGrant.objects.exists()


def test_the_database_itself_wants_two(person, worker):
    with pytest.raises(IntegrityError), transaction.atomic():
        AddressGrant.objects.create(
            person=person, worker=worker, reason="x", from_on=TODAY, until_on=TODAY, asked_by=worker, agreed_by=worker,
            given_at=NOW,
        )  # fmt: skip


def test_a_protected_address_prints_as_withheld(client_of, protection, worker, person):
    page = client_of(worker).get(reverse("desk:person", args=[person.pk])).content.decode()
    assert "開田" in page
    assert 'class="no-print"' in page.split("開田")[0][-900:]
    assert "非開示" in page


def test_the_manager_who_is_the_other_party_is_not_asked(client_of, person, worker, office):
    manager = Worker.objects.get(pk=office.duty_worker_id)
    other = a_worker(office, name="同僚 ひとみ")
    Worker.objects.filter(pk=manager.pk).update(name="北山 剛")
    made = protect(person, by=worker, at=NOW, other_party_name="北山剛")
    promise = Promise.objects.get(kind="protection", is_open=True)
    assert promise.worker_id != manager.pk
    decided(client_of, worker, made)
    word = SecondWord.objects.get()
    asked = Promise.objects.get(kind="second_person", is_open=True)
    assert asked.worker_id == other.pk
    assert (
        client_of(Worker.objects.get(pk=manager.pk))
        .get(reverse("holding:second", args=[word.pk]))
        .status_code
        == 404
    )
    assert not net.check(connection, today=TODAY).broken


@pytest.mark.visits("desk:places_named")
def test_texts_that_name_the_place_are_found_and_their_writers_mend_them(
    client_of, three_people, protection, worker, person, office
):
    writer = a_worker(office, name="書いた 人")
    named = a_consultation(writer, party_id=person.pk, words="今は開田２－２５－１４の実家にいる")
    other = a_consultation(writer, party_id=person.pk, words="ひまわり寮に移った")
    a_consultation(writer, party_id=person.pk, words="電話で話した")
    url = reverse("desk:places_named", args=[person.pk])
    page = three_people(url, allowed=worker, stranger=a_worker()).content.decode()
    assert f"/uketsuke/{named.pk}/" in page
    assert f"/uketsuke/{other.pk}/" not in page
    more = client_of(worker).post(url, {"more": "ひまわり寮"}).content.decode()
    assert f"/uketsuke/{other.pk}/" in more
    for _ in range(2):
        client_of(worker).post(url, {"more": "ひまわり寮", "mend": "1"})
    promises = Promise.objects.filter(kind="mend_place")
    assert {(row.worker_id, row.subject_id) for row in promises} == {
        (writer.pk, named.pk),
        (writer.pk, other.pk),
    }
    assert not net.check(connection, today=TODAY).broken


def test_nobody_searches_the_place_of_who_is_not_protected(client_of, worker):
    somebody = a_person("南野 空")
    a_concern(held_by=worker, of=somebody)
    assert client_of(worker).get(reverse("desk:places_named", args=[somebody.pk])).status_code == 404


def test_her_consultation_tells_other_offices_no_way_to_her(client_of, protection, worker, person, colleague):
    hers = a_consultation(
        worker, party_id=person.pk, words="相談した", way_back="phone", way_back_words="090-5555-6666 夜だけ",
        about_words="開田2-25-14の人",
    )  # fmt: skip
    a_consultation(colleague, party_id=person.pk)
    url = reverse("intake:detail", args=[hers.pk])
    ours = client_of(worker).get(url).content.decode()
    assert "090-5555-6666" in ours
    theirs = client_of(colleague).get(url).content.decode()
    assert "相談した" in theirs
    assert "090-5555-6666" not in theirs
    assert "開田" not in theirs
    assert "非開示" in theirs


@pytest.mark.visits("people:own")
def test_own_people_are_declared_and_taken_back(client_of, three_people, worker):
    three_people(
        reverse("people:own"), allowed=worker, stranger=Worker.objects.create(sign_in_name="y", name="無所属")
    )
    client = client_of(worker)
    client.post(reverse("people:own"), {"relation": "kin", "name": "相田 太郎", "birth": "S30.1.1"})
    page = client.get(reverse("people:own")).content.decode()
    assert "相田 太郎" in page
    from tsunagi.people.models import OwnPerson

    client.post(reverse("people:own"), {"withdraw": OwnPerson.objects.get().pk})
    assert "相田 太郎" not in client.get(reverse("people:own")).content.decode()
    assert client.post(reverse("people:own"), {"relation": "kin"}).status_code == 422


def test_an_office_that_is_not_shown_her_address_is_not_told_which_agencies_are_near(
    client_of, protection, worker, person, colleague
):
    near = a_worker(an_office("東地域包括支援センター"), name="近くの 職員")
    a_concern(held_by=near, of=person, description="買い物に行けない")
    a_consultation(colleague, party_id=person.pk)
    for name in ("desk:person", "sharing:who"):
        page = client_of(colleague).get(reverse(name, args=[person.pk])).content.decode()
        for hidden in ("東地域包括", "近くの 職員", "福祉なんでも相談室", "相田 ゆき"):
            assert hidden not in page, (name, hidden)
        assert "子育て支援課" in page
    page = client_of(worker).get(reverse("desk:person", args=[person.pk])).content.decode()
    assert "東地域包括支援センター" in page


def test_protecting_never_waits_for_a_manager_who_is_away(client_of, person, worker, manager, office):
    from tsunagi.accounts.models import Absence

    colleague = a_worker(office, name="同僚 ひとみ")
    Absence.objects.create(
        worker=manager,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=30),
        business_days=20,
        recorded_at=NOW,
        recorded_by=worker,
    )
    connection.check_constraints()
    answer = client_of(worker).post(reverse("people:protect", args=[person.pk]), {"reason": "夫が探している"})
    assert answer.status_code == 302
    assert is_protected(person.pk)
    assert Promise.objects.get(kind="protection").worker_id == colleague.pk
    decided(client_of, worker, Protection.objects.get())
    assert Promise.objects.get(kind="second_person").worker_id == colleague.pk
    assert not net.check(connection, today=TODAY).broken


def test_in_an_office_of_one_the_other_party_s_rows_go_to_the_coordinators(client_of, worker):
    from tsunagi.holding.models import Hold

    coordination = an_office("くらし連携担当")
    coordinator = a_worker(coordination, role="coordinator")
    he = a_worker(an_office("小さな出張所", duty=True), name="東 大樹")
    alone = office_of(he)
    Worker.objects.filter(pk=alone.duty_worker_id).update(name="東 大樹")
    woman = a_person("東 しおり")
    concern = a_concern(held_by=he, of=woman)
    protect(woman, by=worker, at=NOW, other_party_name="東 大樹")
    hold = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert hold.worker_id in {coordinator.pk, coordination.duty_worker_id}
    connection.check_constraints()
    assert not net.check(connection, today=TODAY).broken
