"""Two people act on one concern, or leave while a hold is opened for them: one of the two is told, the laws hold."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.holding import actions
from tsunagi.holding.actions import Served
from tsunagi.holding.models import Concern, Contact, Hold
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.usefixtures("fresh_database")


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Carry out the deeds in threads that start together; what each was told ("" = it was done)."""
    start = threading.Barrier(len(deeds))
    told = ["nothing"] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            with opened_trail(None, "test"):
                start.wait(10)
                with transaction.atomic():
                    deed()
            told[place] = ""
        except (Refused, DatabaseError) as refusal:
            told[place] = str(refusal) or type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, deed)) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told


def _until_it_waits(pid: int) -> bool:
    """Hold this transaction open until that connection waits for it, as the server itself says."""
    with connection.cursor() as cursor:
        for _ in range(100_000):
            cursor.execute("SELECT %s = ANY(ARRAY(SELECT unnest(pg_blocking_pids(%s))))", [_own_pid(), pid])
            if cursor.fetchone()[0]:
                return True
    return False


def _own_pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.fixture
def holder() -> Worker:
    with transaction.atomic():
        return a_worker(an_office())


def held(by: Worker) -> Concern:
    with opened_trail(None, "test"), transaction.atomic():
        return a_concern(held_by=by)


def open_holds(concern: Concern) -> list[Hold]:
    return list(Hold.objects.filter(concern=concern, closed_at__isnull=True))


def test_two_deeds_on_one_concern_come_one_after_the_other(holder: Worker) -> None:
    concern = held(holder)
    told = at_once(
        lambda: actions.record_contact("met", [Served(concern.pk)], by=holder, at=NOW),
        lambda: actions.hold_as("supporting", concern.pk, by=holder, at=NOW),
        lambda: actions.record_contact("seen", [Served(concern.pk)], by=holder, at=NOW),
    )
    assert told == ["", "", ""]
    assert len(open_holds(concern)) == 1
    assert Contact.objects.filter(concerns=concern).count() == 2
    assert open_holds(concern)[0].kind == "supporting"


def test_one_closes_while_another_records_a_visit(holder: Worker) -> None:
    from tsunagi.holding.rules import ClosingOutcome, ClosingWish, PersonSays, WordOf

    concern = held(holder)
    with opened_trail(None, "test"), transaction.atomic():
        actions.record_contact("met", [Served(concern.pk)], by=holder, at=NOW)
    wish = ClosingWish(
        ClosingOutcome.RESOLVED, word_of=WordOf.PERSON, person_says=PersonSays.YES, told_return="いつでも"
    )
    told = at_once(
        lambda: actions.close_concern(concern.pk, wish, by=holder, at=NOW),
        lambda: actions.record_contact("met", [Served(concern.pk)], by=holder, at=NOW),
    )
    assert told[0] == ""
    assert told[1] == "" or "再開する" in told[1]
    assert open_holds(concern) == []


def test_h1_h2_a_worker_is_deactivated_while_a_hold_is_opened_for_them(
    holder: Worker, owner: psycopg.Connection
) -> None:
    """The trigger reads the worker FOR SHARE: whoever comes second waits, and is refused."""
    colleague = a_worker(office_of(holder))
    party, office = a_person().pk, office_of(holder).pk
    opened, told = threading.Event(), []
    us = owner.execute("SELECT pg_backend_pid()").fetchone()
    assert us is not None

    waited: list[bool] = []

    def open_slowly() -> None:
        try:
            with opened_trail(None, "test"), transaction.atomic():
                actions.open_concern(party, office_id=office, worker_id=colleague.pk, by=holder, at=NOW)
                connection.check_constraints()  # the laws are read here, and hold until the end
                opened.set()
                waited.append(_until_it_waits(us[0]))
        finally:
            connection.close()

    thread = threading.Thread(target=open_slowly)
    thread.start()
    assert opened.wait(10)
    try:
        owner.execute("UPDATE accounts_worker SET is_active = false WHERE id = %s", [colleague.pk])
    except psycopg.errors.CheckViolation as refusal:
        told.append(str(refusal))
    thread.join(30)
    assert waited == [True]
    assert told
    assert "受け持" in told[0]
    assert Worker.objects.get(pk=colleague.pk).is_active
    assert Hold.objects.filter(worker=colleague, closed_at__isnull=True).count() == 1


def test_h2_a_hold_for_somebody_who_just_left_is_refused(holder: Worker) -> None:
    colleague = a_worker(office_of(holder))
    party, office = a_person().pk, office_of(holder).pk
    told = at_once(
        lambda: actions.leave(colleague, by=holder, at=NOW),
        lambda: actions.open_concern(party, office_id=office, worker_id=colleague.pk, by=holder, at=NOW),
    )
    left = not Worker.objects.get(pk=colleague.pk).is_active
    assert sum(map(bool, told)) <= 1
    assert Hold.objects.filter(worker=colleague, closed_at__isnull=True, worker__is_active=False).count() == 0
    assert left == (told[0] == "")


def test_somebody_leaves_while_a_colleague_moves_their_row(holder: Worker) -> None:
    concern = held(holder)
    colleague = a_worker(office_of(holder))
    told = at_once(
        lambda: actions.leave(holder, by=colleague, at=NOW),
        lambda: actions.record_contact(
            "met", [Served(concern.pk, TODAY + timedelta(days=3))], by=colleague, at=NOW
        ),
    )
    assert told.count("") >= 1
    (hold,) = open_holds(concern)
    assert Worker.objects.get(pk=hold.worker_id).is_active


def test_a_double_click_is_one_contact(holder: Worker, client_of: Any) -> None:
    """Two posts of one form at the same moment: one is done, the other is led to its result."""
    from tests.strictness import StrictClient
    from tsunagi.workbench.actions import new_draft_id

    concern = held(holder)
    client: StrictClient = client_of(holder)
    url = f"{reverse('holding:contact')}?concern={concern.pk}"
    typed = {"kind": "met", "concerns": [concern.pk], "words": "会えた", "draft": str(new_draft_id())}
    twin: StrictClient = client_of(holder)
    client.get(url), twin.get(url)
    answers: list[int] = []
    start = threading.Barrier(2)

    def post(by: StrictClient) -> None:
        try:
            start.wait(10)
            answers.append(by.post(url, typed).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(c,)) for c in (client, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [302, 302]
    assert Contact.objects.count() == 1
