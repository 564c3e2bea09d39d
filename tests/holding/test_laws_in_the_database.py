"""The database itself refuses what may not be (holding.md), whoever asks: raw SQL as the application's role."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.factories import NOW, TODAY, a_concern, a_post, a_worker, an_office, an_outside_agency, office_of
from tsunagi.accounts.models import Absence, Office, Posting, Worker
from tsunagi.holding.models import Concern, Hold
from tsunagi.holding.rules import HoldKind, calendar_bound_days
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db


def sql(statement: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def refused(law: str, statement: str, *values: object) -> None:
    """The statement, or the commit after it, breaks this law."""
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        sql(statement, *values)
        connection.check_constraints()
    assert trouble.value.__cause__ is not None
    assert trouble.value.__cause__.diag.constraint_name == law  # type: ignore[attr-defined]


def forbidden(statement: str, *values: object) -> None:
    """The application's role may not even try."""
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sql(statement, *values)


@pytest.fixture
def holder() -> Worker:
    return a_worker()


@pytest.fixture
def concern(holder: Worker) -> Concern:
    return a_concern(held_by=holder)


@pytest.fixture
def hold(concern: Concern) -> Hold:
    return concern.holds.get()


def test_H1_an_open_concern_cannot_lose_its_hold(hold: Hold) -> None:
    refused("law_h1_open_concern_is_held", "UPDATE holding_hold SET closed_at = now() WHERE id = %s", hold.pk)


def test_H1_a_concern_cannot_be_stored_unheld(concern: Concern) -> None:
    refused(
        "law_h1_open_concern_is_held",
        "INSERT INTO holding_concern (party_id, whose, around, codes, description, urgency, urgency_judged_at,"
        " noticed_by, person_sees_it, family_support, danger, no_service_fits, came_at, opened_at, source_kind,"
        " imported, revision) SELECT party_id, whose, '', '{}', 'x', 'low', now(), '', '', false, '', false, now(),"
        " now(), 'worker', false, 1 FROM holding_concern WHERE id = %s",
        concern.pk,
    )


def test_H1_a_concern_has_one_open_hold(hold: Hold) -> None:
    refused(
        "hold_one_open_per_concern",
        "INSERT INTO holding_hold (concern_id, kind, office_id, worker_id, due_on, opened_at, opened_on, deed, reason,"
        " look_back, handed_note, handed_told, introduced_how, together_with, waiting_for, waiting_from,"
        " closing_reason) SELECT concern_id, kind, office_id, worker_id, due_on, opened_at, opened_on, deed, '', false,"
        " '', '', '', '{}', '', '', '' FROM holding_hold WHERE id = %s",
        hold.pk,
    )


def test_H1_a_concern_cannot_be_closed_while_it_is_held(concern: Concern) -> None:
    refused(
        "law_h1_closed_concern_is_free",
        "UPDATE holding_concern SET closed_at = now() WHERE id = %s",
        concern.pk,
    )


def test_H8_a_concern_cannot_be_closed_without_an_outcome(concern: Concern) -> None:
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        sql("UPDATE holding_hold SET closed_at = now() WHERE concern_id = %s", concern.pk)
        sql("UPDATE holding_concern SET closed_at = now() WHERE id = %s", concern.pk)
        connection.check_constraints()
    assert trouble.value.__cause__.diag.constraint_name == "law_h8_closed_concern_has_an_outcome"  # type: ignore[union-attr]


def test_H2_a_holder_cannot_be_deactivated(holder: Worker, concern: Concern) -> None:
    refused(
        "law_h2_leaver_has_handed_over",
        "UPDATE accounts_worker SET is_active = false WHERE id = %s",
        holder.pk,
    )


def test_H2_the_posting_of_a_holder_cannot_end(holder: Worker, concern: Concern) -> None:
    posting = Posting.objects.get(worker=holder)
    refused(
        "law_h2_leaver_has_handed_over",
        "UPDATE accounts_posting SET ended_at = now() WHERE id = %s",
        posting.pk,
    )


def test_H2_an_office_cannot_close_while_it_holds(concern: Concern, hold: Hold) -> None:
    refused(
        "law_h2_closed_office_has_handed_over",
        "UPDATE accounts_office SET is_active = false WHERE id = %s",
        hold.office_id,
    )


def test_H2_an_office_keeps_a_duty_worker(hold: Hold) -> None:
    other = a_worker()
    refused(
        "law_h2_office_keeps_a_duty_worker",
        "UPDATE accounts_office SET duty_worker_id = %s WHERE id = %s",
        other.pk,
        hold.office_id,
    )
    refused(
        "office_active_has_duty_worker",
        "UPDATE accounts_office SET duty_worker_id = NULL WHERE id = %s",
        hold.office_id,
    )


@pytest.mark.parametrize("case", ["not posted there", "not active", "does not sign in", "sees no households"])
def test_H2_only_an_active_worker_posted_in_an_active_office_holds(hold: Hold, case: str) -> None:
    office = office_of(hold.worker)
    if case == "not posted there":
        worker = a_worker()
    elif case == "not active":
        worker = a_worker(is_active=False)
        a_post(worker, office)
    elif case == "does not sign in":
        office = an_outside_agency()
        worker = a_worker()
        a_post(worker, office)
    else:
        worker = a_worker(role="statistician")
        a_post(worker, office, role="auditor")
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        sql("UPDATE holding_hold SET closed_at = now() WHERE id = %s", hold.pk)
        Hold.objects.create(
            concern_id=hold.concern_id,
            kind=hold.kind,
            office=office,
            worker=worker,
            due_on=TODAY,
            opened_at=NOW,
            opened_on=TODAY,
            deed="receive",
            previous=hold,
        )
        connection.check_constraints()
    assert "law_h2" in trouble.value.__cause__.diag.constraint_name  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", list(HoldKind))
def test_H3_the_bound_in_the_database_is_the_bound_of_the_rules(hold: Hold, kind: HoldKind) -> None:
    bound = calendar_bound_days(kind)

    def open_with(days: int) -> None:
        with transaction.atomic():
            sql(
                "UPDATE holding_hold SET closed_at = now() WHERE concern_id = %s AND closed_at IS NULL",
                hold.concern_id,
            )
            Hold.objects.create(
                concern_id=hold.concern_id,
                kind=kind,
                office_id=hold.office_id,
                worker_id=hold.worker_id,
                due_on=TODAY + timedelta(days=days),
                opened_at=NOW,
                opened_on=TODAY,
                deed="receive",
            )
            connection.check_constraints()

    open_with(bound)
    with pytest.raises(IntegrityError) as trouble:
        open_with(bound + 1)
    assert trouble.value.__cause__.diag.constraint_name == "law_h3_due_within_horizon"  # type: ignore[union-attr]


def test_H3_the_due_day_is_moved_by_deeds_alone(hold: Hold) -> None:
    forbidden("UPDATE holding_hold SET due_on = due_on + 30 WHERE id = %s", hold.pk)
    forbidden("UPDATE holding_hold SET worker_id = worker_id WHERE id = %s", hold.pk)
    forbidden("UPDATE holding_hold SET kind = 'watching' WHERE id = %s", hold.pk)


def test_H13_nothing_of_the_chain_is_deleted(hold: Hold) -> None:
    forbidden("DELETE FROM holding_hold WHERE id = %s", hold.pk)
    forbidden("DELETE FROM holding_promise")
    forbidden("TRUNCATE public.holding_hold CASCADE")


def test_H14_a_long_absence_names_who_acts(holder: Worker, concern: Concern) -> None:
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        Absence.objects.create(
            worker=holder,
            from_on=TODAY,
            until_on=TODAY + timedelta(days=20),
            business_days=14,
            recorded_at=NOW,
            recorded_by=holder,
        )
        connection.check_constraints()
    assert trouble.value.__cause__.diag.constraint_name == "law_h14_nobody_holds_while_away"  # type: ignore[union-attr]


def test_H14_nobody_is_given_a_concern_while_away() -> None:
    worker = a_worker()
    Absence.objects.create(
        worker=worker,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=20),
        business_days=14,
        recorded_at=NOW,
        recorded_by=worker,
    )
    # The deed names who acts; raw SQL that takes them away again is refused.
    concern = a_concern(held_by=worker)
    assert concern.holds.get().acting_id == office_of(worker).duty_worker_id
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        sql("UPDATE holding_hold SET acting_id = NULL WHERE concern_id = %s", concern.pk)
        connection.check_constraints()
    assert trouble.value.__cause__.diag.constraint_name == "law_h14_nobody_holds_while_away"  # type: ignore[union-attr]


def test_H14_where_nobody_can_act_it_is_refused_in_words() -> None:
    office = an_office()
    alone = office.duty_worker
    assert alone is not None
    Absence.objects.create(
        worker=alone,
        from_on=TODAY,
        until_on=TODAY + timedelta(days=20),
        business_days=14,
        recorded_at=NOW,
        recorded_by=alone,
    )
    with pytest.raises(Refused, match="代行できる職員が機関にいません"), transaction.atomic():
        a_concern(held_by=alone)


def test_H15_an_unreported_suspicion_is_not_handed_over(concern: Concern, hold: Hold) -> None:
    sql("UPDATE holding_concern SET danger = 'child' WHERE id = %s", concern.pk)
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        sql("UPDATE holding_hold SET closed_at = now() WHERE id = %s", hold.pk)
        Hold.objects.create(
            concern=concern,
            kind=HoldKind.HANDING_OVER,
            office_id=hold.office_id,
            worker_id=hold.worker_id,
            due_on=TODAY,
            opened_at=NOW,
            opened_on=TODAY,
            deed="refer",
            previous=hold,
        )
        connection.check_constraints()
    assert trouble.value.__cause__.diag.constraint_name == "law_h15_report_before_handing_over"  # type: ignore[union-attr]


def test_H16_a_promise_has_an_active_worker(concern: Concern) -> None:
    from tsunagi.holding.actions import promise

    office = an_office()
    stranger = a_worker()
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        promise(
            "other",
            "電話する",
            subject_kind="concern",
            subject_id=concern.pk,
            office_id=office.pk,
            worker_id=stranger.pk,
            due_on=TODAY,
            by=stranger,
            at=NOW,
        )
        connection.check_constraints()
    assert "law_h2" in trouble.value.__cause__.diag.constraint_name  # type: ignore[union-attr]


def test_H17_whoever_holds_can_see(concern: Concern, hold: Hold) -> None:
    refused(
        "law_h17_holder_can_see",
        "UPDATE people_involvement SET ended_at = now() WHERE reason_kind = 'concern' AND reason_id = %s",
        concern.pk,
    )


def test_a_sentence_of_a_law_carries_no_row(hold: Hold) -> None:
    with pytest.raises(IntegrityError) as trouble, transaction.atomic():
        sql("UPDATE holding_hold SET closed_at = now() WHERE id = %s", hold.pk)
        connection.check_constraints()
    said = trouble.value.__cause__.diag  # type: ignore[union-attr]
    assert said.message_detail is None
    assert said.message_primary.endswith("。")
    assert Office.objects.get(pk=hold.office_id).name not in str(trouble.value)
