"""所内会議: many rows at one sitting, each its own refusal; what was not reached stays and is first next week."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office
from tests.intake.factories import a_consultation
from tests.intake.test_import import YAMADA, a_ledger, take
from tsunagi.accounts.models import Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.holding import actions as holding
from tsunagi.holding.models import Concern, Hold, Promise, SecondWord
from tsunagi.intake import actions
from tsunagi.intake.actions import RowAnswer
from tsunagi.intake.models import Consultation, MeetingDecision, OfficeMeeting
from tsunagi.intake.queries import meeting as shown
from tsunagi.intake.rules import MeetingKind, check_answer, check_conclusion, week_of
from tsunagi.journal.models import Entry
from tsunagi.people.actions import protect, register_person
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

WEEK = week_of(TODAY)
MY_NUMBER = "123456789018"


# -- rules ----------------------------------------------------------------------------------------------


def test_a_week_begins_on_monday() -> None:
    assert week_of(date(2026, 6, 14)) == week_of(date(2026, 6, 8)) == date(2026, 6, 8)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"concluded": True}, "もう終えています"),
        ({"held_on": TODAY + timedelta(days=1)}, "先の日付"),
        ({"held_on": WEEK - timedelta(days=1)}, "週より前"),
        ({"sat": []}, "出席した職員"),
    ],
)
def test_a_meeting_is_not_concluded_when(changed: dict[str, Any], words: str) -> None:
    ready: dict[str, Any] = {"concluded": False, "week_on": WEEK, "held_on": TODAY, "sat": [1], "on": TODAY}
    check_conclusion(**ready)
    with pytest.raises(Refused, match=words):
        check_conclusion(**(ready | changed))


def test_a_row_is_answered_only_as_its_kind_allows() -> None:
    assert check_answer(MeetingKind.SECOND, "agree") == "agree"
    with pytest.raises(Refused, match="選べない答え"):
        check_answer(MeetingKind.SECOND, "concern")


# -- deeds ----------------------------------------------------------------------------------------------


@pytest.fixture
def desk(db: None) -> Office:
    return an_office("総合相談窓口", is_front_desk=True)


@pytest.fixture
def clerk(desk: Office) -> Worker:
    return a_worker(desk, name="中村 健")


@pytest.fixture
def colleague(desk: Office) -> Worker:
    return a_worker(desk, name="田中 みのり")


def decide(desk: Office, by: Worker, *answers: RowAnswer, **more: Any) -> actions.Decided:
    with opened_trail(by.pk, "test", NOW):
        found = actions.decide_rows(desk.pk, WEEK, answers, by=by, at=NOW, **more)
        connection.check_constraints()
    return found


def conclude(desk: Office, by: Worker, **said: Any) -> OfficeMeeting:
    return actions.conclude_meeting(
        desk.pk, WEEK, **({"held_on": TODAY, "sat": [by.pk]} | said), by=by, at=NOW
    )


def an_extension(holder: Worker, *, of: Any = None) -> SecondWord:
    """The third extension without a meeting: it asks another person (H3)."""
    concern = a_concern(held_by=holder, of=of)
    holding.hold_as("supporting", concern.pk, by=holder, at=NOW)
    word = holding.extend(
        concern.pk,
        due_on=TODAY + timedelta(days=60),
        reason="入院中",
        by=holder,
        at=NOW,
        second=Worker.objects.get(name="田中 みのり").pk,
    )
    assert isinstance(word, SecondWord)
    connection.check_constraints()
    return word


def rows_of(worker: Worker, desk: Office, week: date = WEEK) -> dict[str, Any]:
    return {row.key: row for section in shown.sections_of(worker, desk.pk, week, NOW) for row in section.rows}


def test_one_press_decides_many_rows_and_a_refused_one_keeps_its_refusal_to_itself(
    desk: Office, clerk: Worker, colleague: Worker
) -> None:
    becomes, given, told, bare = (
        a_consultation(clerk, words=words)
        for words in ("家賃が払えない", "眠れない", "窓口の場所", "よく分からない")
    )
    word = an_extension(clerk)
    before = Hold.objects.get(concern_id=word.subject_id, closed_at__isnull=True).due_on
    found = decide(
        desk,
        colleague,
        RowAnswer(f"c{becomes.pk}", "concern", worker_id=clerk.pk),
        RowAnswer(f"c{given.pk}", "give", worker_id=colleague.pk),
        RowAnswer(f"c{told.pk}", "information_given", "市の案内図を渡した"),
        RowAnswer(f"c{bare.pk}", "information_given"),
        RowAnswer(f"s{word.pk}", "agree"),
    )
    assert (found.done, list(found.refused)) == (4, [f"c{bare.pk}"])
    assert "何を伝えたか" in found.refused[f"c{bare.pk}"]
    concern = Concern.objects.get(source_kind="consultation", source_id=becomes.pk)
    assert Hold.objects.get(concern=concern).worker_id == clerk.pk
    assert Hold.objects.get(concern=concern).kind == "assessing"
    assert (
        Promise.objects.get(subject_kind="consultation", subject_id=given.pk, is_open=True).worker
        == colleague
    )
    told.refresh_from_db()
    bare.refresh_from_db()
    assert (told.outcome, bare.outcome) == ("information_given", "")
    assert Hold.objects.get(concern_id=word.subject_id, closed_at__isnull=True).due_on > before
    kept = OfficeMeeting.objects.get()
    assert kept.decisions.count() == 4
    detail = Entry.objects.get(action="meeting.decided").detail
    assert set(detail["rows"]) == {f"c{becomes.pk}", f"c{given.pk}", f"c{told.pk}", f"s{word.pk}"}


def test_who_asked_does_not_answer_their_own_question(desk: Office, clerk: Worker, colleague: Worker) -> None:
    word = an_extension(clerk)
    assert rows_of(clerk, desk)[f"s{word.pk}"].mine
    found = decide(desk, clerk, RowAnswer(f"s{word.pk}", "agree"))
    assert "別の職員" in found.refused[f"s{word.pk}"]
    assert not decide(desk, colleague, RowAnswer(f"s{word.pk}", "back", "まだ早い")).refused


def test_a_row_of_another_office_and_a_row_decided_meanwhile_are_refused(
    desk: Office, clerk: Worker, colleague: Worker
) -> None:
    elsewhere = a_consultation(a_worker(an_office("別の窓口")), words="遠い")
    word = an_extension(clerk)
    mine = a_consultation(clerk, words="こちら")
    assert not decide(desk, colleague, RowAnswer(f"s{word.pk}", "agree")).refused
    actions.end_consultation(mine, outcome="withdrawn", words="本人から", by=clerk, at=NOW)
    answers = [
        RowAnswer(f"c{elsewhere.pk}", "information_given", "x"),
        RowAnswer(f"s{word.pk}", "agree"),
        RowAnswer(f"c{mine.pk}", "information_given", "x"),
        RowAnswer("c999999", "information_given", "x"),
        RowAnswer("b999999", "agree"),
    ]
    found = decide(desk, colleague, *answers)
    assert found.done == 0
    assert set(found.refused.values()) == {actions.GONE_WORDS}


def test_a_consultation_rewritten_after_the_sheet_was_opened_is_read_again(
    desk: Office, clerk: Worker
) -> None:
    row = a_consultation(clerk, words="家賃")
    seen = rows_of(clerk, desk)[f"c{row.pk}"].mark
    actions.correct_consultation(row, revision=row.revision, by=clerk, at=NOW, words="家賃と、食べる物がない")
    found = decide(desk, clerk, RowAnswer(f"c{row.pk}", "information_given", "渡した", mark=seen))
    assert "書き直されています" in found.refused[f"c{row.pk}"]


def test_a_my_number_is_refused_at_its_row(desk: Office, clerk: Worker) -> None:
    row = a_consultation(clerk, words="家賃")
    found = decide(desk, clerk, RowAnswer(f"c{row.pk}", "information_given", f"番号 {MY_NUMBER}"))
    assert "個人番号" in found.refused[f"c{row.pk}"]
    assert not MeetingDecision.objects.exists()


def test_old_rows_are_settled_in_the_same_press(
    desk: Office, clerk: Worker, colleague: Worker, tmp_path: Path
) -> None:
    take(
        a_ledger(
            tmp_path,
            YAMADA + "中村",
            "R5.4.9,,,,,,匿名,ごみ屋敷になっている,継続,",
            "R5.4.9,,,,,,匿名,夜に声,継続,",
        )
    )
    rows = list(Consultation.objects.order_by("id"))
    assert {f"t{row.pk}" for row in rows} <= set(rows_of(clerk, desk))
    found = decide(
        desk, clerk,
        RowAnswer(f"t{rows[0].pk}", "going_on", hold_kind="supporting"),
        RowAnswer(f"t{rows[1].pk}", "over", "備考に転居とある"),
        second=colleague.pk,
    )  # fmt: skip
    assert found.refused == {}
    assert Hold.objects.get().kind == "supporting"
    bundle = next(key for key in rows_of(colleague, desk) if key[0] == "b")
    assert not decide(desk, colleague, RowAnswer(bundle, "agree")).refused
    rows[1].refresh_from_db()
    assert rows[1].outcome == "checked_on_import"


def test_what_was_not_reached_is_first_next_week(desk: Office, clerk: Worker) -> None:
    late = a_consultation(clerk, words="きのう", at=NOW)
    meeting = conclude(desk, clerk, document_number="長福第12号")
    assert meeting.left == [f"c{late.pk}"]
    later = NOW + timedelta(days=7)
    early = a_consultation(clerk, words="急ぐ", at=later, urgency="high")
    sections = shown.sections_of(clerk, desk.pk, WEEK + timedelta(days=7), later)
    rows = [(row.key, row.carried, row.is_new) for row in sections[0].rows]
    assert rows == [(f"c{late.pk}", True, False), (f"c{early.pk}", False, True)]
    assert Promise.objects.filter(subject_id=late.pk, subject_kind="consultation", is_open=True).exists()


def test_a_concluded_week_decides_no_more_until_it_is_opened_again(desk: Office, clerk: Worker) -> None:
    row = a_consultation(clerk, words="家賃")
    meeting = conclude(desk, clerk)
    with pytest.raises(Refused, match="もう終えています"):
        decide(desk, clerk, RowAnswer(f"c{row.pk}", "information_given", "渡した"))
    with pytest.raises(Refused, match="もう終えています"):
        conclude(desk, clerk)
    actions.go_on_with(meeting, by=clerk, at=NOW)
    assert not decide(desk, clerk, RowAnswer(f"c{row.pk}", "information_given", "渡した")).refused
    assert conclude(desk, clerk).left == []


def test_the_number_of_the_document_is_not_written_over_another_hand(desk: Office, clerk: Worker) -> None:
    meeting = conclude(desk, clerk)
    actions.number_meeting(meeting, document_number="第1号", revision=meeting.revision, by=clerk, at=NOW)
    with pytest.raises(Refused, match="第1号"):
        actions.number_meeting(meeting, document_number="第2号", revision=meeting.revision, by=clerk, at=NOW)


def test_protection_questions_never_lie_on_the_table(desk: Office, clerk: Worker, colleague: Worker) -> None:
    person = register_person(by=clerk, at=NOW, name="保護 まもる", office=desk.pk)
    with opened_trail(clerk.pk, "test", NOW):
        protect(person.party, by=clerk, at=NOW, reason="相手方から逃げている")
    assert not any("保護" in row.title for row in rows_of(colleague, desk).values())


def test_the_paper_names_nobody_who_is_protected(desk: Office, clerk: Worker, colleague: Worker) -> None:
    person = register_person(by=clerk, at=NOW, name="保護 まもる", office=desk.pk)
    word = an_extension(clerk, of=person)
    with opened_trail(clerk.pk, "test", NOW):
        protect(person.party, by=clerk, at=NOW, reason="相手方から逃げている")
    sections = shown.sections_of(clerk, desk.pk, WEEK, NOW)
    assert rows_of(clerk, desk)[f"s{word.pk}"].who == "保護 まもる", (
        "the office that holds may read the name on screen"
    )
    assert "まもる" not in str(shown.paper_values(clerk, "窓口", WEEK, None, sections))
    decide(desk, colleague, RowAnswer(f"s{word.pk}", "agree"))
    meeting = shown.meeting_of(desk.pk, WEEK)
    assert meeting is not None
    assert "まもる" not in str(shown.paper_values(clerk, "窓口", WEEK, meeting, ()))


# -- pages ----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _hours(set_clock: Any) -> None:
    set_clock(NOW)


def post(client: Any, url: str, **fields: Any) -> Any:
    return client.post(url, fields)


@pytest.mark.visits("intake:meeting")
def test_the_sheet_is_for_the_office_and_asks_a_fixed_number_of_questions(
    three_people: Any,
    queries: Any,
    client_of: Any,
    desk: Office,
    clerk: Worker,
    colleague: Worker,
) -> None:
    for number in range(2):
        a_consultation(clerk, words=f"相談{number}")
        an_extension(clerk, of=a_person())
    url = reverse("intake:meeting")
    answer = three_people(url, allowed=clerk, stranger=a_worker(role=Role.SYSTEM_ADMINISTRATOR))
    assert "相談0" in answer.content.decode()
    here = client_of(clerk)
    here.get(url)  # what is kept by the process is known from here on
    with queries() as few:
        here.get(url)
    for number in range(8):
        a_consultation(clerk, words=f"また{number}")
        an_extension(clerk, of=a_person())
    with queries() as many:
        here.get(url)
    assert few.shape == many.shape


def test_a_press_shows_each_refusal_at_its_row_and_keeps_the_words(
    client_of: Any, desk: Office, clerk: Worker
) -> None:
    fine, bare = a_consultation(clerk, words="道案内"), a_consultation(clerk, words="よく分からない")
    here, url = client_of(clerk), f"{reverse('intake:meeting')}?office={desk.pk}"
    number = re.search(r'name="draft" value="([^"]+)"', here.get(url).content.decode())
    assert number
    fields = {
        "draft": number[1],
        f"c{fine.pk}-answer": "information_given",
        f"c{fine.pk}-words": "地図を渡した",
        f"c{bare.pk}-answer": "give",
        f"c{bare.pk}-words": "つづきはだれかに",
    }
    answer = here.post(url, fields)
    assert answer.status_code == 302
    shown_again = here.get(answer["Location"]).content.decode()
    assert "だれに替えるかを選んでください" in shown_again
    assert "つづきはだれかに" in shown_again
    assert f"row-c{fine.pk}" not in shown_again
    # A second press of the same sheet leads to the first result.
    assert here.post(url, fields)["Location"] == answer["Location"]
    assert MeetingDecision.objects.count() == 1


def test_two_at_once_are_told_what_the_other_decided(
    client_of: Any, desk: Office, clerk: Worker, colleague: Worker
) -> None:
    row = a_consultation(clerk, words="道案内")
    url = f"{reverse('intake:meeting')}?office={desk.pk}"
    fields = {f"c{row.pk}-answer": "information_given", f"c{row.pk}-words": "地図を渡した"}
    client_of(clerk).post(url, fields)
    there = client_of(colleague)
    answer = there.post(url, fields | {f"c{row.pk}-words": "わたしも渡した"})
    text = there.get(answer["Location"]).content.decode()
    assert "中村 健さんが「情報提供で終了」と決めました" in text
    assert "わたしも渡した" in text


@pytest.mark.visits("intake:meeting_conclude")
def test_the_sitting_is_ended_with_who_sat(
    three_people: Any, client_of: Any, desk: Office, clerk: Worker
) -> None:
    url = f"{reverse('intake:meeting_conclude')}?office={desk.pk}"
    three_people(url, allowed=clerk, stranger=a_worker(role=Role.SYSTEM_ADMINISTRATOR))
    here = client_of(clerk)
    assert here.post(url, {"held_on": "R8.6.9"}).status_code == 422
    answer = here.post(url, {"held_on": "R8.6.9", "sat": [clerk.pk], "document_number": "第3号"})
    text = here.get(answer["Location"]).content.decode()
    assert "第3号" in text
    assert "中村 健" in text
    assert here.get(reverse("intake:meeting")).status_code == 302, "this week's sheet is the record now"


@pytest.mark.visits("intake:meeting_detail", "intake:meeting_paper_of", "intake:meeting_go_on")
def test_a_record_opens_to_its_office_alone(
    three_people: Any, client_of: Any, client: Any, desk: Office, clerk: Worker
) -> None:
    meeting = conclude(desk, clerk)
    stranger = a_worker()
    three_people(reverse("intake:meeting_detail", args=[meeting.pk]), allowed=clerk, stranger=stranger)
    paper = three_people(
        reverse("intake:meeting_paper_of", args=[meeting.pk]), allowed=clerk, stranger=stranger
    )
    assert paper.content.startswith(b"%PDF")
    url = reverse("intake:meeting_go_on", args=[meeting.pk])
    assert client_of(stranger).post(url).status_code == 404
    assert client.post(url).status_code == 401
    here = client_of(clerk)
    number = here.post(
        reverse("intake:meeting_detail", args=[meeting.pk]),
        {"document_number": "長福第9号", "revision": meeting.revision},
    )
    assert number.status_code == 302
    assert here.post(url)["Location"].startswith(reverse("intake:meeting"))
    meeting.refresh_from_db()
    assert (meeting.concluded_at, meeting.document_number) == (None, "長福第9号")


@pytest.mark.visits("intake:meeting_paper")
def test_the_sheet_is_printed_for_the_table(
    three_people: Any, desk: Office, clerk: Worker, colleague: Worker
) -> None:
    a_consultation(clerk, words="道案内")
    an_extension(clerk)
    paper = three_people(
        reverse("intake:meeting_paper"), allowed=clerk, stranger=a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    )
    assert paper.content.startswith(b"%PDF")
    assert Entry.objects.filter(action="meeting.printed").exists()
