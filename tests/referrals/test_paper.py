"""Beyond the system on paper: what is printed, whose number comes back, and what an answer does (H4, H5)."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import (
    NOW,
    TODAY,
    a_concern,
    a_household,
    a_person,
    a_worker,
    an_office,
    an_outside_agency,
)
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Field, Role
from tsunagi.holding.models import Concern, Contact, Hold
from tsunagi.intake.models import Consultation, Informant
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.people.models import Address, Phone, Protection, SafeContact
from tsunagi.press.pdf import text_of
from tsunagi.referrals import actions
from tsunagi.referrals.actions.reminders import remind
from tsunagi.referrals.actions.replies import Reply, take_in_reply
from tsunagi.referrals.models import Referral
from tsunagi.referrals.rules import check_digit, referral_number, reply_number
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any) -> None:
    set_clock(NOW)


@pytest.fixture
def sender() -> Worker:
    coordination = an_office("くらし連携担当", field=Field.COORDINATION)
    a_worker(coordination, role=Role.COORDINATOR)
    return a_worker(an_office("福祉なんでも相談室", phone="075-955-0000", fax="075-955-0001"))


@pytest.fixture
def hospital() -> Office:
    return an_outside_agency("ひがし病院")


def sent(by: Worker, to: Office, of: Any = None, **fields: Any) -> Referral:
    with opened_trail(None, "test"):
        referral = actions.send_referral(
            [a_concern(held_by=by, of=of).pk], to_office=to,
            **({"reason": "眠れない日が続く", "person_told": "agreed", "by": by, "at": NOW} | fields),
        )  # fmt: skip
        connection.check_constraints()
    return referral


def url(name: str, referral: Referral | None = None) -> str:
    return reverse(f"referrals:{name}", args=[referral.pk] if referral else [])


def typed(**fields: Any) -> dict[str, Any]:
    return {"draft": str(uuid.uuid4())} | fields


def held(referral: Referral) -> Hold:
    return Hold.objects.get(concern__in=referral.rows.values("concern_id"), closed_at__isnull=True)


# -- the number ----------------------------------------------------------------------------------------


def test_a_number_read_wrongly_is_caught_whatever_the_digit_and_whichever_two_are_swapped() -> None:
    said = reply_number("つ8-00127").replace("-", "")
    assert check_digit(said) == "0"
    for place in range(len(said)):
        for digit in "0123456789":
            wrong = said[:place] + digit + said[place + 1 :]
            if wrong != said:
                with pytest.raises(Refused, match="読み違"):
                    referral_number(wrong)
        swapped = said[:place] + said[place : place + 2][::-1] + said[place + 2 :]
        if swapped != said:
            with pytest.raises(Refused, match="読み違"):
                referral_number(swapped)


@pytest.mark.parametrize("written", ["{0}", " {0} ", "No.{0}", "{1}", "{2}"])
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    number = reply_number("つ8-00127")
    wide = number.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    assert referral_number(written.format(number, number.replace("-", ""), wide)) == "つ8-00127"


@pytest.mark.parametrize("nonsense", ["", "つなぎ", "0812", "1" * 40])
def test_what_is_no_number_is_refused_in_words(nonsense: str) -> None:
    with pytest.raises(Refused, match="番号"):
        referral_number(nonsense)


# -- the sheet -----------------------------------------------------------------------------------------


@pytest.mark.visits("referrals:sheet_pdf", "referrals:reminder_pdf")
def test_the_sheet_carries_its_number_on_both_halves_and_who_printed_it_is_known(
    three_people: Any, sender: Worker, hospital: Office
) -> None:
    referral = sent(sender, hospital)
    answer = three_people(url("sheet_pdf", referral), allowed=sender, stranger=a_worker())
    pages = text_of(answer.content)
    number = reply_number(referral.number or "")
    assert pages.count(number) == 3
    for words in (
        "受けます",
        "受けません",
        "会えました",
        "担当の方",
        "次の予定",
        "075-955-0001",
        "ひがし病院",
        "眠れない",
    ):
        assert words in pages
    entry = Entry.objects.filter(action="referral.printed").get()
    assert (entry.worker_id, entry.subject_id) == (sender.pk, referral.pk)
    asked = three_people(url("reminder_pdf", referral), allowed=sender, stranger=a_worker())
    reminder = text_of(asked.content)
    assert number in reminder
    assert "お返事のお願い" in reminder
    assert referral.party.person.name not in reminder


def printed(client_of: Any, by: Worker, referral: Referral) -> Any:
    return client_of(by).get(url("sheet_pdf", referral))


def words_of(answer: Any) -> str:
    """The text without the gaps typesetting puts between kanji and figures."""
    return "".join(text_of(answer.content).split())


def test_the_paper_obeys_protection_and_the_way_to_reach_somebody(
    client_of: Any, sender: Worker, hospital: Office
) -> None:
    person, son = a_person("架空 花"), a_person("架空 太郎", birth_year=1990)
    hidden = a_person("架空 隠れ")
    a_household(person, son, hidden)
    for one, number in ((person, "075-111-2222"), (hidden, "075-333-4444")):
        Address.objects.create(person=one, kind="living", text=f"架空町{number[4:7]}番地")
        Phone.objects.create(person=one, number=number)
    SafeContact.objects.create(person=person, way="mobile", when="平日の昼", plain_envelope="yes")
    referral = sent(sender, hospital, of=person)
    open_text = words_of(printed(client_of, sender, referral))
    assert "架空町111番地" in open_text
    assert "平日の昼" in open_text
    assert "架空太郎" not in open_text  # relation and age only
    for one in (person, hidden):
        Protection.objects.create(person=one, category="dv", from_on=TODAY, set_by=sender, set_at=NOW)
    closed = words_of(printed(client_of, sender, referral))
    assert "非開示" in closed
    for secret in ("架空町111番地", "075-111-2222", "架空隠れ", "架空町333番地"):
        assert secret not in closed


def test_a_sheet_that_gives_a_protected_place_away_is_not_printed(
    client_of: Any, sender: Worker, hospital: Office
) -> None:
    person = a_person()
    Address.objects.create(person=person, kind="living", text="架空町 5-6 みどり荘")
    referral = sent(sender, hospital, of=person, reason="いまは架空町5ー6みどり荘にいる")
    assert printed(client_of, sender, referral).status_code == 200
    Protection.objects.create(person=person, category="dv", from_on=TODAY, set_by=sender, set_at=NOW)
    refused = printed(client_of, sender, referral)
    assert refused.status_code == 409
    assert "取り下げて" in refused.content.decode()


def test_who_told_us_never_stands_on_paper(client_of: Any, sender: Worker, hospital: Office) -> None:
    person = a_person()
    told = Consultation.objects.create(
        office=Office.objects.get(name="福祉なんでも相談室"),
        written_by=sender,
        outcome="withdrawn",
        outcome_at=NOW,
        outcome_words="本人が取り下げた",
        came_at=NOW,
        written_at=NOW,
        party=person.party,
    )
    Informant.objects.create(consultation=told, name="隣野 見守")
    referral = sent(sender, hospital, of=person, reason="隣野見守さんが夜の声を聞いた")
    refused = printed(client_of, sender, referral)
    assert refused.status_code == 409
    assert "隣野" not in refused.content.decode()


def test_only_what_the_referral_carries_is_printed(client_of: Any, sender: Worker, hospital: Office) -> None:
    referral = sent(sender, hospital)
    Referral.objects.filter(pk=referral.pk).update(facets=["basic"])
    assert "眠れない" not in text_of(printed(client_of, sender, referral).content)


# -- the answer typed back in --------------------------------------------------------------------------


@pytest.mark.visits("referrals:reply_find", "referrals:reply")
def test_the_number_finds_the_sheet_among_those_of_ones_office(
    three_people: Any, client_of: Any, sender: Worker, hospital: Office
) -> None:
    referral = sent(sender, hospital)
    three_people(url("reply_find"), allowed=sender, stranger=a_worker(role=Role.SYSTEM_ADMINISTRATOR))
    three_people(url("reply", referral), allowed=sender, stranger=a_worker())
    number = reply_number(referral.number or "")
    found = client_of(sender).post(url("reply_find"), {"number": number})
    assert found.headers["Location"] == url("reply", referral)
    strange = client_of(a_worker()).post(url("reply_find"), {"number": number})
    assert strange.status_code == 422
    assert "送られていません" in strange.content.decode()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert "読み違" in client_of(sender).post(url("reply_find"), {"number": wrong}).content.decode()


def test_a_yes_becomes_following_through_and_a_meeting_is_news_of_the_person(
    client_of: Any, sender: Worker, hospital: Office
) -> None:
    referral = sent(sender, hospital)
    client = client_of(sender)
    body = typed(answer="yes", who="相談員 架空")
    client.post(url("reply", referral), body)
    assert client.post(url("reply", referral), body).status_code == 302  # a double click
    assert held(referral).kind == "following_through"
    again = client.post(url("reply", referral), typed(answer="yes", who="相談員"))
    assert again.status_code == 422
    assert "すでに記録" in again.content.decode()
    client.post(url("reply", referral), typed(met_on=TODAY.isoformat(), who="相談員 架空"))
    now = Referral.objects.get(pk=referral.pk)
    assert now.first_contact_at is not None
    assert Concern.objects.get(pk=held(referral).concern_id).last_seen_on == TODAY
    assert Contact.objects.get().kind == "seen"


def test_a_no_gives_it_back_with_its_reason(client_of: Any, sender: Worker, hospital: Office) -> None:
    referral = sent(sender, hospital)
    client = client_of(sender)
    bare = client.post(url("reply", referral), typed(answer="no"))
    assert bare.status_code == 422
    assert "わけ" in bare.content.decode()
    client.post(url("reply", referral), typed(answer="no", reason="no_resource"))
    assert Referral.objects.get(pk=referral.pk).state == "declined"
    assert held(referral).kind != "handing_over"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "印を選んで"),
        ({"answer": "yes"}, "どなたが"),
        ({"answer": "no", "reason": "age", "met_on": TODAY.isoformat()}, "両方に印"),
        ({"answer": "yes", "who": "a", "met_on": (TODAY + timedelta(days=1)).isoformat()}, "まだ来ていない"),
        ({"answer": "yes", "who": "a", "met_on": "2020-01-01"}, "送る前の日"),
        ({"answer": "yes", "who": "a", "words": "123456789018"}, "個人番号"),
    ],
    ids=[
        "nothing ticked",
        "nobody named",
        "no and met",
        "met tomorrow",
        "met before",
        "a number that may not be kept",
    ],
)
def test_a_paper_that_contradicts_itself_is_refused_and_stores_nothing(
    client_of: Any, sender: Worker, hospital: Office, body: dict[str, str], words: str
) -> None:
    referral = sent(sender, hospital)
    refused = client_of(sender).post(url("reply", referral), typed(**body))
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert Referral.objects.get(pk=referral.pk).state == "sent"


def test_a_paper_that_comes_after_the_sheet_moved_on_changes_nothing(
    sender: Worker, hospital: Office
) -> None:
    referral = sent(sender, hospital)
    with opened_trail(None, "test"):
        actions.withdraw(referral, reason="別の病院に入院した", by=sender, at=NOW)
        with pytest.raises(Refused, match="取り下げ"):
            take_in_reply(referral, Reply(accepted=True, who="a"), channel="paper", by=sender, at=NOW)


# -- reminders -----------------------------------------------------------------------------------------


def test_both_offices_are_reminded_once_per_step(sender: Worker, hospital: Office) -> None:
    inside = a_worker(an_office("障がい福祉課"))
    outside = sent(sender, hospital)
    within = sent(sender, Office.objects.get(name="障がい福祉課"))
    Notice.objects.all().delete()
    for days, count in ((0, 0), (7, 2), (7, 0), (30, 2), (30, 0)):
        assert remind(NOW + timedelta(days=days)) == count
    told = list(Notice.objects.filter(worker=sender).order_by("id").values_list("sentence", flat=True))
    assert len([words for words in told if str(outside.number) in words]) == 2
    duty = Office.objects.get(name="障がい福祉課").duty_worker_id
    assert Notice.objects.filter(worker_id=duty, sentence__contains=str(within.number)).count() == 2
    assert inside.pk != duty
