"""`tsunagi net`: zero on healthy data; every law that is broken behind the database's back is named."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from tests.factories import NOW, TODAY, a_concern, a_household, a_person, a_worker, an_office
from tsunagi.cases.actions import close_case, open_case
from tsunagi.holding.actions import close_concern, leave_message
from tsunagi.holding.rules import ClosingOutcome, ClosingWish, WordOf
from tsunagi.intake.actions import take_consultation
from tsunagi.intake.models import LedgerImport
from tsunagi.referrals.actions import send_referral
from tsunagi.safety_net import net

NUMBERS = [f"H{number}" for number in range(1, 18)]


@pytest.fixture
def world(fresh_database: None) -> dict[str, Any]:
    """A healthy desk: something for every law to look at, committed."""
    with transaction.atomic():
        desk, other = an_office("福祉なんでも相談室"), an_office("障がい福祉課")
        worker, colleague = a_worker(desk), a_worker(desk)
        mother, son = a_person("森田 ハル"), a_person("森田 健一")
        a_household(mother, son)
        held = a_concern(held_by=worker, of=mother)
        sent = a_concern(held_by=worker, of=son)
        referral = send_referral([sent.pk], to_office=other, by=worker, at=NOW, reason="手帳の相談")
        ended = a_concern(held_by=worker, of=mother)
        pause = ClosingWish(
            ClosingOutcome.AGREED_PAUSE, word_of=WordOf.PERSON, told_return="いつでも", card="名前と電話"
        )
        close_concern(ended.pk, pause, by=worker, at=NOW)
        connection.check_constraints()
        case = open_case(mother.pk, by=worker, at=NOW, concern_ids=[held.pk])
        finished = open_case(mother.pk, by=worker, at=NOW, concern_ids=[ended.pk])
        close_case(finished, by=worker, at=NOW, main_office="福祉なんでも相談室")
        message = leave_message(colleague, by=worker, at=NOW, words="折り返しお願いします")
        consultation = take_consultation(by=worker, at=NOW, office_id=desk.pk, words="家賃のこと")
        connection.check_constraints()
    return {
        "worker": worker.pk, "desk": desk.pk, "other": other.pk, "mother": mother.pk, "son": son.pk,
        "held": held.pk, "sent": sent.pk, "ended": ended.pk, "referral": referral.pk, "case": case.pk,
        "message": message.pk, "consultation": consultation.pk,
    }  # fmt: skip


@pytest.fixture
def unguarded(owner: psycopg.Connection) -> Callable[..., None]:
    """Take every guard off these tables: triggers, checks, the indexes that say "one"."""

    def off(*tables: str) -> None:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            checks = owner.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table]
            ).fetchall()
            for (name,) in checks:
                owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')

    return off


BREAKS: dict[str, tuple[tuple[str, ...], str]] = {
    "H1": (("holding_hold",), "UPDATE holding_hold SET closed_at = now() WHERE concern_id = %(held)s"),
    "H2": (("accounts_worker",), "UPDATE accounts_worker SET is_active = false WHERE id = %(worker)s"),
    "H3": (("holding_hold",), "UPDATE holding_hold SET due_on = due_on + 500 WHERE concern_id = %(held)s"),
    "H4": (
        ("holding_hold",),
        "UPDATE holding_hold SET office_id = %(other)s WHERE concern_id = %(sent)s AND closed_at IS NULL",
    ),
    "H5": (
        ("referrals_referral", "referrals_referralconcern"),
        "UPDATE referrals_referral SET state = 'declined', decline_reason = '' WHERE id = %(referral)s",
    ),
    "H6": ((), "ALTER TABLE holding_hold ADD COLUMN lateness text"),
    "H7": (
        ("accounts_office", "accounts_posting"),
        "WITH gone AS (UPDATE accounts_posting SET ended_at = now() WHERE office_id = %(desk)s AND role = 'manager')"
        " UPDATE accounts_office SET duty_worker_id = NULL WHERE id = %(desk)s",
    ),
    "H8": (
        ("holding_closing",),
        "UPDATE holding_closing SET outcome = 'contact_lost', second_by_id = NULL WHERE concern_id = %(ended)s",
    ),
    "H9": (
        ("cases_case",),
        "UPDATE cases_case SET state = 'closed', closed_on = opened_at::date, main_office = 'x' WHERE id = %(case)s",
    ),
    "H10": (
        ("holding_promise",),
        "UPDATE holding_promise SET done_at = now() WHERE subject_kind = 'consultation'",
    ),
    "H11": ((), "UPDATE intake_ledgerimport SET rows_read = rows_read + 1"),
    "H12": (
        ("people_party",),
        "UPDATE people_party SET same_as_id = CASE id WHEN %(son)s THEN %(mother)s::bigint ELSE %(son)s END"
        " WHERE id IN (%(son)s, %(mother)s)",
    ),
    "H13": (
        ("journal_entry",),
        "DELETE FROM journal_entry WHERE action = 'hold.opened' AND subject_id ="
        " (SELECT id FROM holding_hold WHERE concern_id = %(held)s)",
    ),
    "H14": (
        ("accounts_absence",),
        "INSERT INTO accounts_absence (worker_id, from_on, until_on, business_days, reason, recorded_at, recorded_by_id)"
        " VALUES (%(worker)s, '2026-06-10', '2026-07-10', 20, '', now(), %(worker)s)",
    ),
    "H15": (
        ("holding_concern",),
        "UPDATE holding_concern SET danger = 'child_abuse' WHERE id = %(sent)s",
    ),
    "H16": (
        ("holding_promise",),
        "UPDATE holding_promise SET office_id = %(other)s WHERE id = %(message)s",
    ),
    "H17": (
        ("people_involvement",),
        "UPDATE people_involvement SET ended_at = now() WHERE office_id = %(desk)s",
    ),
}  # fmt: skip


def run(owner: psycopg.Connection, *, as_json: bool) -> tuple[int, str]:
    out = io.StringIO()
    answer = net.main(owner, today=TODAY, as_json=as_json, out=out)  # type: ignore[arg-type]
    return answer, out.getvalue()


def test_a_healthy_desk_breaks_no_law(owner: psycopg.Connection, world: dict[str, Any]) -> None:
    answer, text = run(owner, as_json=True)
    told = json.loads(text)
    assert answer == 0, told
    assert told["open_concerns"] == 2
    assert list(told["violations"]) == NUMBERS
    assert told["violations"] == dict.fromkeys(NUMBERS, 0)
    assert told["findings"]
    assert all(isinstance(count, int) for count in told["findings"].values())
    answer, text = run(owner, as_json=False)
    assert answer == 0
    assert all(f"○ {number}" in text for number in NUMBERS)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_broken_law_is_named(
    number: str, owner: psycopg.Connection, world: dict[str, Any], unguarded: Callable[..., None]
) -> None:
    if number == "H11":
        with transaction.atomic():
            LedgerImport.objects.create(
                office_id=world["desk"], file_name="台帳.xlsx", file_digest="0", state="done", asked_at=NOW
            )
        assert run(owner, as_json=True)[0] == 0
    tables, statement = BREAKS[number]
    unguarded(*tables)
    owner.execute(statement, world)
    answer, text = run(owner, as_json=True)
    told = json.loads(text)
    assert answer == 1
    assert told["violations"][number] >= 1, told
    assert told["rows"][number]
    answer, text = run(owner, as_json=False)
    assert answer == 1
    assert f"× {number}" in text


def test_the_report_never_says_a_name(
    owner: psycopg.Connection, world: dict[str, Any], unguarded: Callable[..., None]
) -> None:
    unguarded("holding_hold")
    owner.execute("UPDATE holding_hold SET closed_at = now()")
    for as_json in (True, False):
        _, text = run(owner, as_json=as_json)
        assert "森田" not in text
        assert "家賃" not in text


def test_a_day_that_passes_breaks_no_law(owner: psycopg.Connection, world: dict[str, Any]) -> None:
    later = net.check(owner, today=TODAY + timedelta(days=400))  # type: ignore[arg-type]
    assert not later.broken
    assert later.findings["unseen_90"] == 2
