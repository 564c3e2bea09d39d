"""The family's file: opened, written in, corrected, closed and reopened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import (
    choose_concerns,
    close_case,
    correct_note,
    open_case,
    reopen_case,
    set_stage,
    write_note,
)
from tsunagi.cases.models import Case, NoteVersion
from tsunagi.cases.queries import chosen_concerns
from tsunagi.cases.rules import Stage
from tsunagi.holding.actions import Stale, answer_second, close_concern
from tsunagi.holding.models import Concern, Contact, Hold, SecondWord
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, WordOf
from tsunagi.people.models import Household, Involvement
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
PAUSE = ClosingWish(
    ClosingOutcome.AGREED_PAUSE, word_of=WordOf.PERSON, told_return="いつでも", card="名前と電話"
)


@pytest.fixture
def worker() -> Worker:
    return a_worker(an_office("福祉なんでも相談室"))


@pytest.fixture
def household() -> Household:
    return a_household(a_person("森田 ハル"), a_person("森田 健一"), label="森田さんの世帯")


@pytest.fixture
def concern(worker: Worker, household: Household) -> Concern:
    return a_concern(held_by=worker, of=household)


@pytest.fixture
def case(worker: Worker, household: Household, concern: Concern) -> Case:
    opened = open_case(household.pk, by=worker, at=NOW, title="8050の世帯", concern_ids=[concern.pk])
    connection.check_constraints()
    return opened


def test_a_file_opened_leaves_the_holds_where_they_are(case: Case, worker: Worker, concern: Concern) -> None:
    assert case.number
    assert chosen_concerns(case) == [concern.pk]
    assert Hold.objects.get(concern=concern, closed_at=None).worker_id == worker.pk
    assert Involvement.objects.filter(reason_kind="case", reason_id=case.pk, ended_at=None).count() == 1


def test_only_a_colleague_of_the_office_carries_a_file(worker: Worker, household: Household) -> None:
    with pytest.raises(Refused, match="この機関に今いる職員"):
        open_case(household.pk, by=worker, at=NOW, worker_id=a_worker().pk)


def test_numbers_run_within_the_fiscal_year(worker: Worker) -> None:
    first = open_case(a_person().pk, by=worker, at=NOW)
    second = open_case(a_person().pk, by=worker, at=NOW)
    assert first.number != second.number
    assert str(first.number).startswith("支8-")


def test_concerns_can_be_chosen_anew_and_stay_held(case: Case, worker: Worker, concern: Concern) -> None:
    other = a_concern(held_by=worker, of=case.party.household)
    choose_concerns(case, [other.pk], by=worker, at=NOW)
    assert chosen_concerns(case) == [other.pk]
    assert Hold.objects.filter(concern=concern, closed_at=None).exists()


def test_a_note_that_is_a_contact_is_recorded_once(case: Case, worker: Worker, concern: Concern) -> None:
    later = NOW + timedelta(days=2)
    note = write_note(
        case, by=worker, at=later, facts="母と話せた", contact_kind="met", contact_concerns=[concern.pk]
    )
    connection.check_constraints()
    contact = Contact.objects.get()
    assert note.contact_id == contact.pk
    assert contact.words == "母と話せた"
    concern.refresh_from_db()
    assert concern.last_seen_on == later.date()
    case.refresh_from_db()
    assert case.last_note_at == later


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({}, "ひとことでも"),
        ({"facts": "  "}, "ひとことでも"),
        ({"facts": "個人番号 123456789018"}, "個人番号"),
        ({"facts": "あす訪問", "happened_at": NOW + timedelta(days=1)}, "まだ来ていない"),
    ],
    ids=["nothing", "blanks", "an individual number", "tomorrow"],
)
def test_a_note_is_refused_when(case: Case, worker: Worker, written: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        write_note(case, by=worker, at=NOW, **written)


def test_a_correction_keeps_what_was_said_before(case: Case, worker: Worker) -> None:
    note = write_note(case, by=worker, at=NOW, facts="年金は月13万円")
    fixed = correct_note(
        note,
        revision=1,
        why="聞き違い",
        by=worker,
        at=NOW,
        facts="年金は2か月で13万円",
        happened_at=note.happened_at,
    )
    assert (fixed.facts, fixed.revision) == ("年金は2か月で13万円", 2)
    version = NoteVersion.objects.get()
    assert (version.body["facts"], version.why, version.revision) == ("年金は月13万円", "聞き違い", 1)


def test_two_who_correct_at_once_are_told(case: Case, worker: Worker) -> None:
    note = write_note(case, by=worker, at=NOW, facts="ひとつめ")
    correct_note(note, revision=1, by=worker, at=NOW, facts="先に直した")
    with pytest.raises(Stale):
        correct_note(note, revision=1, by=worker, at=NOW, facts="あとから直した")
    note.refresh_from_db()
    assert note.facts == "先に直した"


def test_H9_a_file_with_a_held_concern_does_not_close(case: Case, worker: Worker) -> None:
    with pytest.raises(Refused, match="まだ終わっていない課題が1件"):
        close_case(case, by=worker, at=NOW, main_office="福祉なんでも相談室")


def test_H9_a_file_closes_with_who_stays_reachable(case: Case, worker: Worker, concern: Concern) -> None:
    close_concern(concern.pk, PAUSE, by=worker, at=NOW)
    with pytest.raises(Refused, match="主担当"):
        close_case(case, by=worker, at=NOW)
    closed = close_case(case, by=worker, at=NOW, main_office="福祉なんでも相談室 相田")
    connection.check_constraints()
    assert (closed.state, closed.closed_on) == ("closed", TODAY)
    assert not Involvement.objects.filter(reason_kind="case", ended_at=None).exists()
    with pytest.raises(Refused, match="終結しています"):
        write_note(closed, by=worker, at=NOW, facts="そのあと")


def test_H9_a_look_back_does_not_hold_a_file_open(case: Case, worker: Worker, concern: Concern) -> None:
    lost = ClosingWish(
        ClosingOutcome.CONTACT_LOST, word_of=WordOf.SUPPORTER, told_return="手紙", tries="訪問3回、手紙2通"
    )
    word = close_concern(concern.pk, lost, by=worker, at=NOW)
    assert isinstance(word, SecondWord)
    with pytest.raises(Refused, match="まだ終わっていない課題"):
        close_case(case, by=worker, at=NOW, main_office="福祉なんでも相談室")
    answer_second(word, agreed=True, by=a_worker(case.office), at=NOW)
    connection.check_constraints()
    assert Hold.objects.get(concern=concern, closed_at=None).look_back
    assert close_case(case, by=worker, at=NOW, main_office="福祉なんでも相談室").state == "closed"


def test_a_closed_file_is_opened_again_with_a_reason(case: Case, worker: Worker, concern: Concern) -> None:
    close_concern(concern.pk, PAUSE, by=worker, at=NOW)
    close_case(case, by=worker, at=NOW, main_office="福祉なんでも相談室")
    with pytest.raises(Refused, match="再開するわけ"):
        reopen_case(case, why=" ", by=worker, at=NOW)
    again = reopen_case(case, why="また来られた", by=worker, at=NOW)
    connection.check_constraints()
    assert (again.state, again.closed_on, again.main_office) == ("open", None, "")
    assert Involvement.objects.filter(reason_kind="case", reason_id=case.pk, ended_at=None).exists()
    with pytest.raises(Refused, match="支援中"):
        reopen_case(again, why="もう一度", by=worker, at=NOW)


def test_the_office_is_the_workers(case: Case, worker: Worker) -> None:
    assert case.office_id == office_of(worker).pk


def test_a_file_goes_its_way_and_no_other(case: Case, worker: Worker) -> None:
    for stage in (Stage.ASSESSING, Stage.PLANNING, Stage.SUPPORTING, Stage.MONITORING, Stage.ENDING):
        case = set_stage(case, stage, by=worker, at=NOW)
    with pytest.raises(Refused, match="「終結協議」から「終結」"):
        set_stage(case, Stage.CLOSED, by=worker, at=NOW)
    assert Case.objects.get(pk=case.pk).stage == Stage.ENDING


def test_a_plan_does_not_run_before_there_is_one(case: Case, worker: Worker) -> None:
    with pytest.raises(Refused):
        set_stage(case, Stage.SUPPORTING, by=worker, at=NOW)


def test_the_database_keeps_the_end_apart(case: Case) -> None:
    with pytest.raises(IntegrityError, match="case_stage_fits_its_state"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(stage=Stage.DONE)
