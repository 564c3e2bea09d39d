"""Disposal: by two people, by the owner's job, whole or not at all; nothing of the person is left, everything else is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, models, transaction

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, office_of
from tests.records.conftest import (
    KANA,
    LONG_AGO,
    NAME,
    PHONE,
    long_gone,
    people_who_decide,
    written_articles,
)
from tsunagi.cases.actions import open_case, write_note
from tsunagi.cases.models import Case, Note
from tsunagi.holding.models import Concern
from tsunagi.intake.actions import end_consultation, take_consultation
from tsunagi.intake.models import Consultation
from tsunagi.journal import verify
from tsunagi.journal.actions import seal
from tsunagi.journal.models import Entry
from tsunagi.people.models import Membership, Merge, Party, Person
from tsunagi.records.actions import disposing, keeping
from tsunagi.records.models import Disposal, DisposalItem, LegalHold
from tsunagi.records.queries.holdings import held, of_no_party
from tsunagi.records.queries.keeping import due_now
from tsunagi.safety_net import net
from tsunagi.shared.held import GONE
from tsunagi.shared.refusal import Refused
from tsunagi.workbench.files import sealing

CONFIDENTIAL = (
    "people", "sharing", "holding", "intake", "cases", "assessment", "plans", "genogram", "guardianship", "referrals", "diary",
    "paperwork", "workbench", "search", "notices", "records", "meetings",
)  # fmt: skip


# -- every table is spoken for --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", CONFIDENTIAL)
def test_every_table_says_what_it_holds_of_a_person(label: str) -> None:
    """A new table, or a new text in one, must be declared in its module's retention.py before anybody ships it."""
    said = {one.table for one in held()} | set(of_no_party())
    spoken: dict[str, set[str]] = {}
    for one in held():
        spoken.setdefault(one.table, set()).update(one.blank, one.keeps)
    deleted = {one.table for one in held() if one.delete}
    wrong = []
    for model in apps.get_app_config(label).get_models(include_auto_created=True):
        table = model._meta.db_table
        if table not in said:
            wrong.append(f"{table}: not in retention.py")
        if table in of_no_party() or table in deleted:
            continue
        for field in model._meta.concrete_fields:
            words = isinstance(
                field, models.CharField | models.TextField | models.JSONField | models.BinaryField
            ) or (field.get_internal_type() == "ArrayField")
            if words and not field.choices and not field.is_relation and field.column not in spoken[table]:
                wrong.append(f"{table}.{field.column}: emptied or kept?")
    assert not wrong


def test_what_is_declared_exists() -> None:
    there = {
        model._meta.db_table: {field.column for field in model._meta.concrete_fields}
        for model in apps.get_models(include_auto_created=True)
    }
    wrong = [
        f"{one.table}.{name}"
        for one in held()
        for name in (*one.blank, *one.keeps)
        if name not in there.get(one.table, {name})
    ]
    assert not wrong


# -- the story ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def decided(they: Any, *, only: int | None = None) -> Disposal:
    """Two people decided that what is due goes."""
    keys = [one.key for one in due_now(TODAY) if only is None or one.subject_id == only]
    made = keeping.propose(keys, words="", document_number="福第12号", by=they.one, at=NOW)
    keeping.agree(made, by=they.two, at=NOW)
    return made


def test_after_a_disposal_nothing_of_the_person_is_in_the_database(
    as_owner: None, dump: Callable[[], str], settings: Any
) -> None:
    they = people_who_decide()
    written_articles(they.one)
    haru = long_gone(they.desk)
    with transaction.atomic():
        a_concern(held_by=they.desk, of=a_person("山本 はな"))
    totals = (
        Consultation.objects.count(),
        Concern.objects.count(),
        Case.objects.count(),
        Note.objects.count(),
    )
    before = dump()
    for words in (NAME, KANA, PHONE, "神足二丁目12-34", "田島"):
        assert words in before
    assert list(sealing.lying_there(settings.ATTACHMENTS))
    made = decided(they, only=haru.pk)
    said = disposing.carry_out(NOW + timedelta(hours=12))
    assert (said.done, said.held, said.not_due, said.finished) == (1, 0, 0, 1)
    after = dump()
    for words in (NAME, KANA, "森田ハルヱ", PHONE, "0750004321", "神足二丁目12-34", "田島"):
        assert words not in after, words
    assert not list(sealing.lying_there(settings.ATTACHMENTS))
    assert "山本 はな" in after
    assert totals == (
        Consultation.objects.count(),
        Concern.objects.count(),
        Case.objects.count(),
        Note.objects.count(),
    )
    made.refresh_from_db()
    entry = Entry.objects.get(action="disposal.certified")
    assert entry.detail["digest"] == made.digest
    assert entry.detail["counts"]["cases_note"] == 1
    assert entry.detail["proposed_by"] == they.one.pk
    assert entry.worker_id == they.two.pk
    seal()
    assert verify.verify(connection).whole
    assert all(not law.violations for law in net.check(connection, today=TODAY).laws)
    assert Case.objects.get(party_id=haru.pk).title == GONE
    assert not [one for one in due_now(TODAY) if one.subject_id == haru.pk]


def test_the_application_itself_cannot_delete(they: Any) -> None:
    haru = long_gone(they.desk)
    for statement in (
        "DELETE FROM holding_hold",
        "UPDATE records_disposal SET done_at = proposed_at",
        "UPDATE records_disposalitem SET counts = '{}'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert haru.pk


# -- what stops it --------------------------------------------------------------------------------------------------------


def test_a_disposal_needs_two_people_and_the_articles(they: Any) -> None:
    long_gone(they.desk)
    keys = [one.key for one in due_now(TODAY)]
    with pytest.raises(Refused, match="文書番号"):
        keeping.propose(keys, words="", document_number="", by=they.one, at=NOW)
    made = keeping.propose(keys, words="", document_number="福第1号", by=they.one, at=NOW)
    with pytest.raises(Refused, match="別の人"):
        keeping.agree(made, by=they.one, at=NOW)
    with pytest.raises(Refused, match="条が書かれていない"):
        keeping.agree(made, by=they.two, at=NOW)
    written_articles(they.one)
    keeping.agree(made, by=they.two, at=NOW)
    with pytest.raises(Refused, match="もう二人目"):
        keeping.agree(made, by=they.two, at=NOW)
    assert not due_now(TODAY)


def test_what_still_goes_on_is_not_due(they: Any) -> None:
    haru = long_gone(they.desk)
    assert [one.subject_id for one in due_now(TODAY)] == [haru.pk]
    a_concern(held_by=they.desk, of=haru)
    assert not due_now(TODAY)


def test_a_hold_stops_it_also_after_two_agreed(as_owner: None, dump: Callable[[], str]) -> None:
    they = people_who_decide()
    written_articles(they.one)
    haru = long_gone(they.desk)
    decided(they)
    with transaction.atomic():
        hold = keeping.set_hold(haru.pk, reason="court", words="地裁に係属", by=they.one, at=NOW)
    assert disposing.carry_out(NOW).held == 1
    assert NAME in dump()
    keeping.release_hold(hold, words="取り下げられた", by=they.one, at=NOW)
    with pytest.raises(Refused, match="もう解かれて"):
        keeping.release_hold(hold, words="もう一度", by=they.one, at=NOW)
    decided(they)
    assert disposing.carry_out(NOW).done == 1
    with pytest.raises(Refused, match="廃棄されています"), transaction.atomic():
        keeping.set_hold(haru.pk, reason="court", words="遅すぎた", by=they.one, at=NOW)


def test_a_merged_record_goes_with_the_one_it_was_joined_to_and_its_hold_holds_both(
    as_owner: None, dump: Callable[[], str]
) -> None:
    they = people_who_decide()
    written_articles(they.one)
    haru = long_gone(they.desk)
    other = long_gone(they.desk, name="盛田 春枝", kana="モリタ ハルエダ")
    with transaction.atomic():
        Party.objects.filter(pk=other.pk).update(same_as=haru.pk)
        Merge.objects.create(
            kept_id=haru.pk, joined_id=other.pk, reason="同じ方だった", at=LONG_AGO, by=they.desk
        )
    assert [one.subject_id for one in due_now(TODAY)] == [haru.pk]
    with transaction.atomic():
        hold = keeping.set_hold(other.pk, reason="audit", words="監査中", by=they.one, at=NOW)
    assert due_now(TODAY)[0].held == ("hold",)
    keeping.release_hold(hold, words="済んだ", by=they.one, at=NOW)
    decided(they)
    assert disposing.carry_out(NOW).done == 1
    assert "盛田 春枝" not in dump()
    assert NAME not in dump()


def test_what_a_household_says_of_the_living_stays_theirs(as_owner: None, dump: Callable[[], str]) -> None:
    they = people_who_decide()
    written_articles(they.one)
    haru = long_gone(they.desk)
    Person.objects.filter(pk=haru.pk).update(died_on=LONG_AGO.date())
    with transaction.atomic():
        home = a_household(haru, a_person("森田 一郎"), label="森田家")
        concern = a_concern(
            held_by=they.desk, of=home, description="母・森田ハルヱさんの死後、息子の一郎さんは眠れない"
        )
        file = open_case(home.pk, by=they.desk, at=NOW, title="森田家", concern_ids=[concern.pk])
        note = write_note(
            file,
            by=they.desk,
            at=NOW,
            kind="visit",
            happened_at=NOW,
            facts="森田 ハルヱさんの仏壇の前で、一郎さんは泣いた。",
        )
    assert [one.subject_id for one in due_now(TODAY)] == [haru.pk]
    decided(they)
    assert disposing.carry_out(NOW).done == 1
    note.refresh_from_db()
    assert note.facts == "■■■さんの仏壇の前で、一郎さんは泣いた。"
    concern.refresh_from_db()
    assert "一郎さんは眠れない" in concern.description
    assert "森田ハルヱ" not in dump()
    assert "森田 一郎" in dump()
    assert Membership.objects.filter(household=home, person=haru).exists()


def test_the_living_of_a_household_keep_each_other(they: Any) -> None:
    haru = long_gone(they.desk)
    son = a_person("森田 一郎")
    a_household(haru, son)
    a_concern(held_by=they.desk, of=son)
    assert not due_now(TODAY), "she lives with somebody whose time has not come"


# -- a job that is killed ---------------------------------------------------------------------------------------------------


def test_a_killed_job_leaves_whole_items_only_and_the_next_run_finishes(
    as_owner: None, dump: Callable[[], str], settings: Any
) -> None:
    they = people_who_decide()
    written_articles(they.one)
    haru = long_gone(they.desk)
    decided(they)

    class Killed(Exception):
        pass

    for nth in (3, 12, 25, 40):
        seen = 0

        def kill(execute: Any, query: str, params: Any, many: bool, context: Any, nth: int = nth) -> Any:
            nonlocal seen
            if not isinstance(query, str) or query.startswith(('UPDATE "', 'DELETE FROM "')):
                seen += 1
                if seen == nth:
                    raise Killed
            return execute(query, params, many, context)

        with pytest.raises(Killed), connection.execute_wrapper(kill):
            disposing.carry_out(NOW)
        assert NAME in dump(), "nothing of a broken item is kept"
        assert DisposalItem.objects.get().state == "waiting"
    assert list(sealing.lying_there(settings.ATTACHMENTS))
    assert disposing.carry_out(NOW).done == 1
    assert NAME not in dump()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)
    assert haru.pk


def test_files_left_by_a_kill_after_the_commit_are_taken_by_the_next_run(
    as_owner: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    they = people_who_decide()
    written_articles(they.one)
    long_gone(they.desk)
    decided(they)

    def killed(blobs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(disposing, "forget_blobs", killed)
        with pytest.raises(KeyboardInterrupt):
            disposing.carry_out(NOW)
    assert list(sealing.lying_there(settings.ATTACHMENTS))
    assert disposing.carry_out(NOW).finished == 1
    assert not list(sealing.lying_there(settings.ATTACHMENTS))


def test_a_hold_and_a_disposal_at_the_same_moment(as_owner: None) -> None:
    """Whoever comes second sees what the first did: here the hold waits for the disposal, and is told that it is too late."""
    they = people_who_decide()
    written_articles(they.one)
    haru = long_gone(they.desk)
    decided(they)
    locked, told = threading.Event(), []

    def hold() -> None:
        try:
            locked.wait(10)
            with transaction.atomic():
                keeping.set_hold(haru.pk, reason="court", words="地裁", by=they.one, at=NOW)
        except Refused as refusal:
            told.append(str(refusal))
        finally:
            connections.close_all()

    other = threading.Thread(target=hold)
    other.start()

    def signal(execute: Any, query: str, params: Any, many: bool, context: Any) -> Any:
        if not isinstance(query, str):  # the first trigger is passed by: the party's rows are locked by now
            locked.set()
        return execute(query, params, many, context)

    with connection.execute_wrapper(signal):
        assert disposing.carry_out(NOW).done == 1
    other.join(20)
    assert told
    assert "廃棄されています" in told[0]
    assert not LegalHold.objects.exists()


def test_taken_back_before_the_night_nothing_goes(as_owner: None, dump: Callable[[], str]) -> None:
    they = people_who_decide()
    written_articles(they.one)
    long_gone(they.desk)
    made = decided(they)
    keeping.take_back(made, by=they.one, at=NOW)
    assert disposing.carry_out(NOW).done == 0
    assert NAME in dump()
    with pytest.raises(Refused, match="もう終わったか"):
        keeping.take_back(made, by=they.one, at=NOW)


def test_messages_and_consultations_of_nobody_go_by_their_own_kind(
    as_owner: None, dump: Callable[[], str]
) -> None:
    they = people_who_decide()
    written_articles(they.one)
    with transaction.atomic():
        taken = take_consultation(
            by=they.desk,
            at=LONG_AGO,
            office_id=office_of(they.desk).pk,
            came_at=LONG_AGO,
            words="匿名のカワカミさんが心配",
        )
        end_consultation(
            taken, outcome="information_given", words="カワカミさんに窓口を伝えた", by=they.desk, at=LONG_AGO
        )
    assert [(one.what, one.subject_id) for one in due_now(TODAY)] == [("consultation", taken.pk)]
    decided(they)
    assert disposing.carry_out(NOW).done == 1
    assert "カワカミ" not in dump()
    assert not due_now(TODAY)
