"""The small demo: loaded once and whole, lawful, with something true on every board."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.contrib.auth import authenticate
from django.db import connection

from tests import harness
from tests.factories import TOKYO
from tsunagi.accounts.models import Absence, Office, Worker
from tsunagi.accounts.rules import Role
from tsunagi.assessment.queries import history_of, sheet_of, strengths_of
from tsunagi.cases.models import Case
from tsunagi.demo import loading
from tsunagi.demo.cast import PASSWORD, WORKERS
from tsunagi.demo.words import TOPICS
from tsunagi.holding.models import (
    Closing,
    Concern,
    Contact,
    Gap,
    Hold,
    NightHandover,
    Promise,
    SafetyReport,
    SecondWord,
)
from tsunagi.holding.queries import RowMaker
from tsunagi.holding.queries.rows import holds
from tsunagi.holding.rules import ContactKind, HoldKind, Lateness, Urgency, Whose
from tsunagi.intake.models import Consultation, Informant
from tsunagi.journal.models import Entry, Seal
from tsunagi.people.models import Party, Person, Protection
from tsunagi.referrals.models import Referral
from tsunagi.shared.my_number import find
from tsunagi.workbench.models import Draft

# A Tuesday morning.
AT = datetime(2026, 6, 9, 10, 30, tzinfo=TOKYO)


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The small demo, loaded once for this file; what was printed."""
    with django_db_blocker.unblock():
        yield loading.load(size="small", at=AT)
        harness.reclone()


@pytest.fixture
def demo(told: str, django_db_blocker: Any) -> Iterator[str]:
    """The loaded demo, open to the test."""
    with django_db_blocker.unblock():
        yield told


def test_the_sign_ins_are_told_and_open(demo: str, settings: Any) -> None:
    assert PASSWORD in demo
    for name in ("soudan", "renkei", "kanri", "houkatsu", "toukei", "kansa", "koukai", "system"):
        assert f"  {name} " in demo
    assert authenticate(sign_in_name="soudan", username="soudan", password=PASSWORD) is None
    settings.DEMO = True  # only where the demo is served for practice
    assert authenticate(sign_in_name="soudan", username="soudan", password=PASSWORD) is not None


def test_every_role_works_somewhere(demo: str) -> None:
    roles = {role for row in WORKERS for _, role in row.posts}
    assert roles == set(Role)
    assert Worker.objects.filter(weekdays=[1, 3]).exists()
    assert Absence.objects.filter(returned_at__isnull=True, business_days__gt=5).exists()
    assert Office.objects.filter(signs_in=False).count() >= 8


def test_loading_again_adds_nothing(demo: str) -> None:
    before = (Person.objects.count(), Hold.objects.count(), Entry.objects.count())
    assert loading.load(size="city", at=AT) == demo
    assert (Person.objects.count(), Hold.objects.count(), Entry.objects.count()) == before


def test_the_laws_hold(demo: str, owner: psycopg.Connection) -> None:
    from tsunagi.safety_net import net

    report = net.check(owner, today=AT.date())
    assert not report.broken, report.as_dict()
    assert report.open_concerns >= 15


def test_the_journal_is_whole_and_sealed(demo: str) -> None:
    from tsunagi.journal import verify

    assert Seal.objects.count() == Entry.objects.count() > 0
    assert verify.main(connection, as_json=True) == 0


def test_concerns_are_held_in_every_way(demo: str) -> None:
    open_holds = Hold.objects.filter(closed_at__isnull=True)
    assert set(open_holds.values_list("kind", flat=True).distinct().order_by()) == set(HoldKind)
    assert set(Concern.objects.values_list("urgency", flat=True).distinct().order_by()) == set(Urgency)
    assert set(Concern.objects.values_list("whose", flat=True).distinct().order_by()) == set(Whose)
    assert set(Contact.objects.values_list("kind", flat=True).distinct().order_by()) == set(ContactKind)
    assert open_holds.exclude(waiting_for="").exists()
    assert open_holds.filter(look_back=True).exists()
    assert open_holds.exclude(together_with=[]).exists()
    assert open_holds.filter(acting__isnull=False).exists()


def test_rows_have_every_colour(demo: str) -> None:
    maker = RowMaker(AT)
    colours = {maker.of_hold(row).lateness for row in holds().filter(closed_at__isnull=True)}
    assert colours == set(Lateness)


def test_every_board_has_something_to_show(demo: str) -> None:
    states = set(Referral.objects.values_list("state", flat=True).distinct().order_by())
    assert {"sent", "considering", "accepted", "declined"} <= states
    assert Referral.objects.filter(state="accepted", first_contact_at__isnull=True).exists()
    assert Referral.objects.filter(state="sent", answer_due_on__lt=AT.date()).exists()
    kinds = set(Promise.objects.filter(is_open=True).values_list("kind", flat=True).distinct().order_by())
    assert {
        "triage",
        "message",
        "second_person",
        "coordination_request",
        "first_contact",
        "word_back",
    } <= kinds
    assert SecondWord.objects.filter(answered_at__isnull=True).exists()
    assert Gap.objects.exists()
    assert NightHandover.objects.exists()
    assert SafetyReport.objects.exists()
    assert Concern.objects.exclude(danger="").filter(safety_reports__isnull=True).exists()
    assert {"provisional", "dv"} <= set(
        Protection.objects.values_list("category", flat=True).distinct().order_by()
    )
    assert Informant.objects.exists()
    assert Party.objects.filter(kind="unknown").exists()
    assert Person.objects.exclude(languages=["ja"]).exists()
    assert Draft.objects.filter(consumed_at__isnull=True).exists()
    assert Consultation.objects.filter(outcome="").exists()
    assert Closing.objects.exists()


def test_the_first_file_holds_what_papers_print(demo: str) -> None:
    case = Case.objects.select_related(
        "worker", "party__person", "party__household", "party__unknown"
    ).order_by("id")[0]
    sheet = sheet_of(case.worker, case, on=AT.date(), number=1)
    assert sheet.finished_on is not None
    assert sheet.screening is not None
    assert all(question.shown for question in sheet.summary.questions)
    assert strengths_of(case.worker, case, on=AT.date())
    assert any(life.gaps for life in history_of(case.worker, case, on=AT.date()))


def test_nothing_lies_in_the_future(demo: str) -> None:
    for model, name in (
        (Consultation, "came_at"), (Consultation, "outcome_at"), (Concern, "opened_at"), (Concern, "closed_at"), (Hold, "opened_at"),
        (Hold, "closed_at"), (Contact, "at"), (Entry, "at"), (Referral, "sent_at"), (Referral, "answered_at"), (Referral, "first_contact_at"),
        (Closing, "at"),
    ):  # fmt: skip
        assert not model.objects.filter(**{f"{name}__gt": AT}).exists(), (model, name)


# Digests and hashes are letters drawn by lot: twelve digits in a row, with a check digit that fits, turn up in them.
DRAWN_BY_LOT = {
    "row_hash",
    "password",
    "token_hash",
    "pin_hash",
    "browser_hash",
    "code_hash",
    "file_digest",
    "digest",
}


def test_no_my_number_stands_anywhere(demo: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
            " AND split_part(table_name, '_', 1) IN"
            " ('people', 'holding', 'intake', 'cases', 'referrals', 'accounts', 'notices')"
        )
        columns = cursor.fetchall()
        for table, column in columns:
            if column in DRAWN_BY_LOT:
                continue
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" ~ \'[0-9０-９]\'')
            assert not [text for (text,) in cursor.fetchall() if find(text)], (table, column)


def test_the_words_of_a_topic_are_many() -> None:
    for topic in TOPICS:
        heard = (len(topic.says) + len(topic.others)) * len(topic.more) * len(topic.asks)
        assert heard >= 40, topic.key
        assert topic.needs
        assert topic.notes
