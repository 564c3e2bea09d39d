"""Two workers at the same moment, on two real connections: one wins, the other is told, and nothing is held twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, a_concern, a_worker, an_office, office_of
from tsunagi.accounts.models import Worker
from tsunagi.holding.models import Concern, Hold
from tsunagi.referrals import actions, laws
from tsunagi.referrals.models import Referral
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


@pytest.fixture
def sender() -> Worker:
    with transaction.atomic():
        return a_worker(an_office())


@pytest.fixture
def receivers() -> tuple[Worker, Worker]:
    with transaction.atomic():
        office = an_office()
        return a_worker(office), a_worker(office)


def sent(by: Worker, to: Worker) -> tuple[Referral, list[Concern]]:
    with opened_trail(None, "test"), transaction.atomic():
        first = a_concern(held_by=by)
        concerns = [first, a_concern(held_by=by, of=first.party.person)]
        referral = actions.send_referral(
            [c.pk for c in concerns], to_office=office_of(to), person_told="agreed", by=by, at=NOW
        )
    return referral, concerns


def broken_laws() -> list[Any]:
    found: list[Any] = []
    with connection.cursor() as cursor:
        for law in laws.LAWS:
            cursor.execute(law.violations, {"today": NOW.date()})
            found += cursor.fetchall()
    return found


def holders(concerns: list[Concern]) -> set[int]:
    rows = Hold.objects.filter(concern__in=concerns, closed_at__isnull=True)
    assert rows.count() == len(concerns)
    return set(rows.values_list("worker_id", flat=True))


@pytest.mark.parametrize("turn", range(3))
def test_two_workers_accept_one_referral(sender: Worker, receivers: tuple[Worker, Worker], turn: int) -> None:
    referral, concerns = sent(sender, receivers[0])
    told = at_once(
        *(lambda w=w: actions.accept(referral, worker_id=w.pk, by=w, at=NOW) for w in receivers)  # type: ignore[misc]
    )
    assert sorted(map(bool, told)) == [False, True]
    assert "すでに受けられています" in max(told)
    assert holders(concerns) == {receivers[told.index("")].pk}
    assert broken_laws() == []


@pytest.mark.parametrize("turn", range(3))
def test_the_receiver_accepts_while_the_sender_takes_it_back(
    sender: Worker, receivers: tuple[Worker, Worker], turn: int
) -> None:
    referral, concerns = sent(sender, receivers[0])
    told = at_once(
        lambda: actions.accept(referral, worker_id=receivers[0].pk, by=receivers[0], at=NOW),
        lambda: actions.withdraw(referral, reason="本人が望まない", by=sender, at=NOW),
    )
    assert sorted(map(bool, told)) == [False, True]
    assert "つなぎは" in max(told)
    assert holders(concerns) == {receivers[0].pk if told[0] == "" else sender.pk}
    assert broken_laws() == []


@pytest.mark.parametrize("turn", range(3))
def test_one_accepts_while_a_colleague_declines(
    sender: Worker, receivers: tuple[Worker, Worker], turn: int
) -> None:
    referral, concerns = sent(sender, receivers[0])
    told = at_once(
        lambda: actions.accept(referral, worker_id=receivers[0].pk, by=receivers[0], at=NOW),
        lambda: actions.decline(referral, reason="jurisdiction", by=receivers[1], at=NOW),
    )
    assert sorted(map(bool, told)) == [False, True]
    assert holders(concerns) == {receivers[0].pk if told[0] == "" else sender.pk}
    state = Referral.objects.get(pk=referral.pk).state
    assert state == ("accepted" if told[0] == "" else "declined")
    assert broken_laws() == []


def test_one_concern_is_not_sent_to_two_offices_at_once(
    sender: Worker, receivers: tuple[Worker, Worker]
) -> None:
    with opened_trail(None, "test"), transaction.atomic():
        concern = a_concern(held_by=sender)
    with transaction.atomic():
        other = a_worker()
    told = at_once(
        *(
            lambda to=to: actions.send_referral(  # type: ignore[misc]
                [concern.pk], to_office=office_of(to), person_told="agreed", by=sender, at=NOW
            )
            for to in (receivers[0], other)
        )
    )
    assert sorted(map(bool, told)) == [False, True]
    assert Referral.objects.count() == 1
    assert holders([concern]) == {sender.pk}
