"""困りごと相談連絡票 and the three doors of a special secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from tests.factories import NOW, TODAY, a_worker, an_office
from tests.intake.factories import a_consultation
from tsunagi.holding.models import Promise
from tsunagi.intake.models import Consultation, Slip
from tsunagi.journal.models import Entry
from tsunagi.press.pdf import text_of
from tsunagi.safety_net import net
from tsunagi.sharing.models import GuardedText

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hours(set_clock):
    set_clock(NOW)


@pytest.fixture
def tax():
    return a_worker(an_office("税務課"), role="section_clerk", name="税務 さとし")


@pytest.fixture
def desk():
    return a_worker(an_office("福祉なんでも相談室", is_front_desk=True), name="受付 はるか")


@pytest.fixture
def statistician():
    return a_worker(role="statistician")


FILLED = {
    "name": "谷口 正", "kana": "タニグチ タダシ", "birth": "S40.5.6", "phone": "075-333-4444", "address": "長岡京市神足1-1-1",
    "words": "仕事がなくなって困っている",
}  # fmt: skip


def made(client_of, tax, **typed):
    answer = client_of(tax).post(reverse("intake:slip_new"), FILLED | typed)
    assert answer.status_code == 302
    return Slip.objects.get()


@pytest.mark.visits("intake:slips", "intake:slip_new", "intake:slip", "intake:slip_paper", "intake:slip_take")
def test_its_pages(three_people, client_of, tax, desk, statistician):
    three_people(reverse("intake:slips"), allowed=tax, stranger=statistician)
    three_people(reverse("intake:slip_new"), allowed=tax, stranger=statistician)
    slip = made(client_of, tax)
    # Until the person agreed, no other office opens what was typed, whatever number it tries.
    three_people(reverse("intake:slip", args=[slip.pk]), allowed=tax, stranger=desk)
    three_people(reverse("intake:slip_paper", args=[slip.pk]), allowed=tax, stranger=desk)
    assert client_of(desk).get(reverse("intake:slip_take", args=[slip.pk])).status_code == 404
    client_of(desk).post(reverse("intake:slips"), {"number": slip.number, "consent": "yes"})
    three_people(reverse("intake:slip_take", args=[slip.pk]), allowed=desk, stranger=a_worker())


def test_the_paper_holds_number_words_and_the_consent(client_of, tax):
    slip = made(client_of, tax)
    answer = client_of(tax).get(reverse("intake:slip_paper", args=[slip.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    paper = text_of(answer.content).replace(" ", "")
    for words in (slip.number, "谷口正", "仕事がなくなって", "同意", "署名", "税務課"):
        assert words in paper, words


def test_a_blank_one_has_its_number_and_room(client_of, tax):
    client_of(tax).post(reverse("intake:slip_new"), {})
    slip = Slip.objects.get()
    paper = text_of(client_of(tax).get(reverse("intake:slip_paper", args=[slip.pk])).content)
    assert slip.number in paper.replace(" ", "")
    assert "お名前" in paper
    assert slip.number.startswith("連8-")


def test_it_comes_in_by_its_number_with_consent(client_of, tax, desk):
    slip = made(client_of, tax)
    number = slip.number.replace("8-", "８－")
    answer = client_of(desk).post(
        reverse("intake:slips"), {"number": f" {number} ", "consent": "yes", "consent_on": "R8.6.8"}
    )
    assert answer.status_code == 302, answer.content.decode()
    page = client_of(desk).get(answer.headers["Location"]).content.decode()
    assert "谷口 正" in page
    done = client_of(desk).post(answer.headers["Location"], FILLED | {"way_back_words": "夕方"})
    taken = Consultation.objects.get()
    assert done.headers["Location"] == reverse("intake:detail", args=[taken.pk])
    assert "税務課" in taken.caller_words
    assert taken.caller_kind == "section"
    assert taken.way_back_words == "075-333-4444 夕方"
    assert "谷口 正" in taken.about_words
    slip.refresh_from_db()
    assert slip.consultation_id == taken.pk
    assert Promise.objects.get(subject_id=taken.pk, kind="triage").worker_id == desk.pk
    assert Entry.objects.filter(action="slip.agreed", ground="02").exists()
    again = client_of(desk).post(reverse("intake:slips"), {"number": slip.number, "consent": "yes"})
    assert "すでに受け付けて" in again.content.decode()
    assert "届いた" in client_of(tax).get(reverse("intake:slips")).content.decode()
    connection.check_constraints()
    assert not net.check(connection, today=TODAY).broken


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "連8-99999", "consent": "yes"}, "見つかりません"),
        ({"number": "", "consent": "yes"}, "見つかりません"),
        ({"consent": "no"}, "署名がないとき"),
        ({"consent": ""}, "署名がないとき"),
        ({"consent": "yes", "consent_on": "2099-1-1"}, "今日より後"),
    ],
)
def test_what_is_missing_is_said(client_of, tax, desk, typed, words):
    slip = made(client_of, tax)
    answer = client_of(desk).post(reverse("intake:slips"), {"number": slip.number} | typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Consultation.objects.exists()


def test_the_database_takes_none_without_consent(tax, desk, client_of):
    slip = made(client_of, tax)
    taken = a_consultation(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slip.objects.filter(pk=slip.pk).update(consultation=taken, taken_at=NOW)


def test_a_my_number_is_kept_out(client_of, tax):
    answer = client_of(tax).post(reverse("intake:slip_new"), {"words": "番号は123456789018です"})
    assert answer.status_code == 422
    assert not Slip.objects.exists()


# -- the three doors ------------------------------------------------------------------------------------

SECRET = {"secret": "tax", "words": "固定資産税を3期滞納している"}


@pytest.fixture
def consultation(tax):
    return a_consultation(tax, words="窓口で泣いておられた")


def written(client_of, by, consultation, **typed):
    return client_of(by).post(reverse("intake:secret", args=[consultation.pk]), SECRET | typed)


@pytest.mark.visits("intake:secret", "intake:secret_door")
def test_its_pages_are_for_the_record_and_for_the_writer(three_people, client_of, tax, consultation, desk):
    three_people(reverse("intake:secret", args=[consultation.pk]), allowed=tax, stranger=desk)
    written(client_of, tax, consultation)
    colleague = a_worker(consultation.office)
    three_people(
        reverse("intake:secret_door", args=[GuardedText.objects.get().pk]), allowed=tax, stranger=colleague
    )


def test_without_a_door_it_is_its_writer_s_alone_and_a_promise_for_the_next_day(client_of, tax, consultation):
    assert written(client_of, tax, consultation).status_code == 302
    url = reverse("intake:detail", args=[consultation.pk])
    colleague = a_worker(consultation.office)
    assert "3期滞納" in client_of(tax).get(url).content.decode()
    assert "3期滞納" not in client_of(colleague).get(url).content.decode()
    promise = Promise.objects.get(kind="secret_door")
    assert (promise.worker_id, promise.due_on) == (tax.pk, TODAY + timedelta(days=1))
    assert "特別な秘密の入れ方" in client_of(tax).get("/").content.decode()
    assert not net.check(connection, today=TODAY).broken


DOORS = [
    ({"door": "consent"}, "連絡票の番号"),
    ({"door": "noticed"}, "秘密の中身を書かずに"),
    ({"door": "noticed", "shown_words": SECRET["words"]}, "秘密を含む文と同じ"),
    ({"door": "meeting"}, "どの支援会議の"),
]


@pytest.mark.parametrize(("typed", "words"), DOORS)
def test_a_door_says_what_it_still_needs(client_of, tax, consultation, typed, words):
    answer = written(client_of, tax, consultation, **typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "3期滞納" in answer.content.decode()
    assert not GuardedText.objects.exists()


@pytest.mark.parametrize(
    ("typed", "colleague_reads", "other_reads"),
    [
        ({"door": "consent", "slip_number": "連8-00001"}, True, True),
        ({"door": "noticed", "shown_words": "家計に困っておられるようす"}, False, False),
        ({"door": "meeting", "meeting_words": "6月の支援会議、事務局から"}, True, False),
    ],
)
def test_who_reads_by_which_door(client_of, tax, consultation, typed, colleague_reads, other_reads):
    from tests.factories import a_person
    from tsunagi.intake.actions import say_who

    person = a_person("谷口 正")
    say_who(consultation, person.pk, by=tax, at=NOW)
    other = a_worker(an_office("くらし連携"))
    a_consultation(other, party_id=person.pk)
    written(client_of, tax, consultation, **typed)
    url = reverse("intake:detail", args=[consultation.pk])
    for reader, reads in (
        (tax, True),
        (a_worker(consultation.office), colleague_reads),
        (other, other_reads),
    ):
        page = client_of(reader).get(url).content.decode()
        assert ("3期滞納" in page) == reads
        if typed["door"] == "noticed":
            assert "家計に困って" in page


def test_the_door_is_chosen_later_and_the_promise_is_kept(client_of, tax, consultation):
    written(client_of, tax, consultation)
    text = GuardedText.objects.get()
    url = reverse("intake:secret_door", args=[text.pk])
    assert client_of(tax).post(url, {}).status_code == 422
    answer = client_of(tax).post(url, {"door": "noticed", "shown_words": "家計に困っておられるようす"})
    assert answer.status_code == 302
    assert not Promise.objects.filter(kind="secret_door", is_open=True).exists()
    text.refresh_from_db()
    assert text.door == "noticed"
    assert text.words == SECRET["words"]
    entry = Entry.objects.get(action="guarded.opened")
    assert "滞納" not in str(entry.detail)
