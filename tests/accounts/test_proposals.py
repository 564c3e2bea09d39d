"""Two administrators for what opens people's data; and the last administrator, who stays whatever anybody does."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_post, a_worker, an_office, office_of
from tests.harness import CLONE, CLUSTER
from tsunagi.accounts.actions import end_posting, found_installation, proposals, second_factor
from tsunagi.accounts.models import Office, Posting, Proposal, SecondFactor, SignIn, Worker
from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.accounts.rules.proposals import ProposalKind, acts_alone, check_answering, check_reason
from tsunagi.config import embedded
from tsunagi.journal.models import Entry
from tsunagi.notices.models import Notice
from tsunagi.shared.refusal import Refused

LAST = "最後のシステム管理者は外せません"


# -- rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "there", "ever", "alone"),
    [
        (False, {1}, 1, True),
        (False, {1}, 2, False),
        (False, {1, 2}, 2, False),
        (True, {1}, 2, True),
        (True, {1, 2}, 2, False),
    ],
    ids=[
        "who founds the installation", "who is left of two", "one of two", "the one of a small city",
        "a small city that has two just now",
    ],
)  # fmt: skip
def test_an_administrator_acts_alone_only_when(one: bool, there: set[int], ever: int, alone: bool) -> None:
    assert acts_alone(one_is_enough=one, administrators=there, by=1, ever=ever) is alone


@pytest.mark.parametrize(
    ("by", "kind", "words"),
    [
        (1, ProposalKind.GIVE_ROLE, "申し出た本人"),
        (3, ProposalKind.GIVE_ROLE, "自分に関わる"),
        (3, ProposalKind.RESET_FACTOR, "自分に関わる"),
        (3, ProposalKind.BIND_SIGN_ON, "自分に関わる"),
        (3, ProposalKind.END_ROLE, None),
        (2, ProposalKind.GIVE_ROLE, None),
    ],
)
def test_who_may_say_yes(by: int, kind: str, words: str | None) -> None:
    if words is None:
        check_answering(by=by, asked_by=1, worker=3, kind=kind)
        return
    with pytest.raises(Refused, match=words):
        check_answering(by=by, asked_by=1, worker=3, kind=kind)


def test_a_reason_says_something() -> None:
    assert check_reason("  4月の異動  ") == "4月の異動"
    with pytest.raises(Refused, match="わけを一言"):
        check_reason(" ok ")


# -- deeds -----------------------------------------------------------------------------------------------------


@pytest.fixture
def two(db: None) -> tuple[Worker, Worker]:
    """Two administrators, in offices of their own."""
    return a_worker(role=Role.SYSTEM_ADMINISTRATOR), a_worker(role=Role.SYSTEM_ADMINISTRATOR)


def give(worker: Worker, by: Worker, role: str = Role.MANAGER, office: Office | None = None) -> Proposal:
    return proposals.propose_role(
        worker, office or an_office(), role, since=TODAY, reason="4月の異動", by=by, at=NOW
    )


def test_a_role_works_from_the_second_yes_on(two: tuple[Worker, Worker]) -> None:
    first, second = two
    worker, office = a_worker(), an_office()
    row = give(worker, first, office=office)
    roles = Posting.objects.filter(worker=worker, office=office, role=Role.MANAGER)
    assert row.answer == ""
    assert not roles.exists()
    assert list(Notice.objects.values_list("worker_id", flat=True)) == [second.pk]
    with pytest.raises(Refused, match="申し出た本人"):
        proposals.agree(row, by=first, at=NOW)
    assert not roles.exists()
    proposals.agree(row, by=second, at=NOW)
    assert roles.get().since == TODAY
    assert Notice.objects.filter(worker=worker).count() == 1
    assert Notice.objects.filter(worker=first).count() == 1
    lines = Entry.objects.filter(subject_kind="proposal").order_by("id")
    assert [(line.action, line.worker_id) for line in lines] == [
        ("proposal.made", first.pk), ("proposal.agreed", second.pk),
    ]  # fmt: skip
    assert "異動" not in str([line.detail for line in lines])
    with pytest.raises(Refused, match="もう返事が出ています"):
        proposals.agree(row, by=second, at=NOW)


def test_a_role_ends_by_two_and_the_one_concerned_may_be_the_second(two: tuple[Worker, Worker]) -> None:
    first, second = two
    third = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    row = proposals.propose_ending(Posting.objects.get(worker=third), reason="退職のため", by=first, at=NOW)
    proposals.agree(row, by=third, at=NOW)
    assert Posting.objects.get(worker=third).ended_at == NOW
    mine = Posting.objects.get(worker=first)
    with pytest.raises(Refused, match="自分のことは"):
        proposals.propose_ending(mine, reason="退職のため", by=first, at=NOW)
    assert second.is_active


def test_what_is_declined_or_taken_back_is_not_done(two: tuple[Worker, Worker]) -> None:
    first, second = two
    worker = a_worker()
    no = give(worker, first)
    with pytest.raises(Refused, match="取り下げる"):
        proposals.decline(no, by=first, at=NOW)
    proposals.decline(no, by=second, at=NOW)
    back = give(worker, first)
    with pytest.raises(Refused, match="申し出た本人だけ"):
        proposals.withdraw(back, by=second, at=NOW)
    proposals.withdraw(back, by=first, at=NOW)
    assert Posting.objects.filter(worker=worker).count() == 1
    assert set(Proposal.objects.values_list("answer", flat=True)) == {"declined", "withdrawn"}


def test_the_same_is_not_proposed_twice(two: tuple[Worker, Worker]) -> None:
    worker, office = a_worker(), an_office()
    give(worker, two[0], office=office)
    with pytest.raises(Refused, match="もう返事を待っています"):
        give(worker, two[1], office=office)


def test_what_changed_meanwhile_is_checked_at_the_second_yes(two: tuple[Worker, Worker]) -> None:
    worker, office = a_worker(), an_office()
    row = give(worker, two[0], office=office)
    Office.objects.filter(pk=office.pk).update(is_active=False)
    with pytest.raises(Refused, match="開いていて"):
        proposals.agree(row, by=two[1], at=NOW)
    assert Proposal.objects.get(pk=row.pk).answer == ""


@pytest.mark.django_db
def test_who_founds_the_installation_acts_alone_until_there_is_a_second() -> None:
    me, _ = found_installation("kanri", "架空 管理", "情報システム担当", at=NOW)
    office = office_of(me)
    second = a_worker(an_office())
    row = give(second, me, Role.SYSTEM_ADMINISTRATOR, office)
    assert row.answer == "alone"
    assert Posting.objects.filter(worker=second, role=Role.SYSTEM_ADMINISTRATOR).exists()
    assert give(a_worker(), me).answer == ""


def test_a_city_with_one_administrator_says_so(two: tuple[Worker, Worker], settings: Any) -> None:
    first, second = two
    end_posting(Posting.objects.get(worker=second, role=Role.SYSTEM_ADMINISTRATOR), by=first, at=NOW)
    assert give(a_worker(), first).answer == ""
    settings.ONE_ADMINISTRATOR = True
    assert give(a_worker(), first).answer == "alone"


def test_a_reset_takes_everything_and_every_session(
    two: tuple[Worker, Worker], client: Any, settings: Any
) -> None:
    from tests.accounts.test_second_factor import with_an_app

    first, second = two
    worker, codes = with_an_app()
    client.force_login(worker, settings.AUTHENTICATION_BACKENDS[0])
    client.get("/accounts/me/")
    assert SignIn.objects.filter(worker=worker).exists()
    row = proposals.propose_reset(worker, reason="スマートフォンの紛失", by=first, at=NOW)
    assert SecondFactor.objects.filter(worker=worker).exists()
    proposals.agree(row, by=second, at=NOW)
    assert not SecondFactor.objects.filter(worker=worker).exists()
    assert client.get("/accounts/me/").status_code == 302
    with pytest.raises(Refused):
        second_factor.prove_by_code(worker, codes[0], at=NOW)
    assert "登録し直せるように" in Notice.objects.get(worker=worker).sentence
    with pytest.raises(Refused, match="まだ登録していません"):
        proposals.propose_reset(worker, reason="スマートフォンの紛失", by=first, at=NOW)


def test_an_office_is_no_way_round_to_a_manager_s_role(two: tuple[Worker, Worker]) -> None:
    plain = a_worker()
    with pytest.raises(Refused, match="管理職にある職員"):
        proposals.check_opening(plain.pk, by=two[0])
    with pytest.raises(Refused, match="管理職にある職員"):
        proposals.check_opening(two[0].pk, by=two[0])
    proposals.check_opening(a_worker(role=Role.MANAGER).pk, by=two[0])


# -- what the database says -----------------------------------------------------------------------------------


def refused_by(law: str, sql: str, *values: Any) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
        connection.check_constraints()
    assert caught.value.__cause__.diag.constraint_name == law  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("proposal_agreed_by_another", "answer = 'agreed', answered_by_id = asked_by_id, answered_at = asked_at"),
        ("proposal_not_agreed_for_oneself", "answer = 'agreed', answered_by_id = worker_id, answered_at = asked_at"),
        ("proposal_answered_as_a_whole", "answer = 'agreed'"),
    ],
)  # fmt: skip
def test_raw_sql_does_not_agree_for_anybody(two: tuple[Worker, Worker], law: str, change: str) -> None:
    give(a_worker(), two[0])
    refused_by(law, f"UPDATE accounts_proposal SET {change}")


def test_the_last_administrator_stays_whatever_the_way(two: tuple[Worker, Worker]) -> None:
    first, second = two
    end_posting(Posting.objects.get(worker=second), by=first, at=NOW)
    connection.check_constraints()
    last, law = Posting.objects.get(worker=first), "law_last_administrator"
    ways = [
        ("UPDATE accounts_posting SET ended_at = %s WHERE id = %s", NOW, last.pk),
        ("UPDATE accounts_posting SET role = 'auditor' WHERE id = %s", last.pk),
        ("DELETE FROM accounts_posting WHERE id = %s", last.pk),
        ("UPDATE accounts_worker SET is_active = false WHERE id = %s", first.pk),
        ("UPDATE accounts_office SET signs_in = false WHERE id = %s", last.office_id),
        ("UPDATE accounts_office SET is_active = false WHERE id = %s", last.office_id),
        ("UPDATE accounts_office SET legal_kind = %s WHERE id = %s", str(LegalKind.PRIVATE), last.office_id),
        ("UPDATE accounts_posting SET office_id = %s WHERE id = %s", an_office(duty=False).pk, last.pk),
    ]
    for sql, *values in ways:
        refused_by(law, sql, *values)
    assert Posting.objects.get(pk=last.pk).ended_at is None


def test_the_last_administrator_cannot_leave(two: tuple[Worker, Worker]) -> None:
    from tsunagi.holding.actions.leaving import end_post

    end_posting(Posting.objects.get(worker=two[1]), by=two[0], at=NOW)
    with pytest.raises(IntegrityError, match=LAST), transaction.atomic():
        end_post(Posting.objects.get(worker=two[0]), by=two[1], at=NOW)
        connection.check_constraints()


def test_a_holder_s_role_does_not_end_before_the_rows_are_handed_on(two: tuple[Worker, Worker]) -> None:
    first, second = two
    holder = a_worker()
    a_concern(held_by=holder)
    row = proposals.propose_ending(Posting.objects.get(worker=holder), reason="4月の異動", by=first, at=NOW)
    with pytest.raises(IntegrityError, match="受け持ちか約束が残っています"), transaction.atomic():
        proposals.agree(row, by=second, at=NOW)
        connection.check_constraints()
    assert Posting.objects.get(worker=holder).ended_at is None


# -- at the same moment ---------------------------------------------------------------------------------------


@pytest.fixture
def two_of_a_city(fresh_database: None) -> tuple[int, int]:
    """The administrator posts of two workers in two offices, committed."""
    with transaction.atomic():
        first, second = (a_worker(role=Role.SYSTEM_ADMINISTRATOR) for _ in range(2))
        return Posting.objects.get(worker=first).pk, Posting.objects.get(worker=second).pk


def test_two_who_end_each_other_s_posts_at_once_are_not_both_obeyed(two_of_a_city: tuple[int, int]) -> None:
    """Raw SQL on two connections: the first has been checked but not committed when the second is checked."""
    end = "UPDATE accounts_posting SET ended_at = %s WHERE id = %s"
    told: list[str] = []
    with CLUSTER.connect(embedded.APP, CLONE) as one, CLUSTER.connect(embedded.APP, CLONE) as other:
        one.autocommit = other.autocommit = False
        one.execute(end, (NOW, two_of_a_city[1]))
        one.execute("SET CONSTRAINTS ALL IMMEDIATE")  # sees the other still there, and holds the lock
        other.execute(end, (NOW, two_of_a_city[0]))

        def check() -> None:
            try:
                other.execute("SET CONSTRAINTS ALL IMMEDIATE")
                other.commit()
            except psycopg.errors.CheckViolation as refusal:
                told.append(str(refusal.diag.message_primary))
                other.rollback()

        waiting = threading.Thread(target=check)
        waiting.start()
        with CLUSTER.connect(embedded.OWNER, CLONE) as watch:
            for _ in range(500):
                row = watch.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                ).fetchone()
                if row and row[0]:
                    break
                waiting.join(0.01)
            else:
                pytest.fail("the second check did not wait for the first")
        one.commit()
        waiting.join(10)
    assert len(told) == 1
    assert LAST in told[0]
    assert Posting.objects.filter(role=Role.SYSTEM_ADMINISTRATOR, ended_at__isnull=True).count() == 1


def test_two_yeses_at_once_leave_one_administrator(two_of_a_city: tuple[int, int]) -> None:
    """The same by the deeds: each agrees to their own going, which the other proposed."""
    from tests.referrals.test_concurrency import at_once

    with transaction.atomic():
        posts = [Posting.objects.select_related("worker").get(pk=pk) for pk in two_of_a_city]
        workers = [post.worker for post in posts]
        rows = [
            proposals.propose_ending(posts[1], reason="退職のため", by=workers[0], at=NOW),
            proposals.propose_ending(posts[0], reason="退職のため", by=workers[1], at=NOW),
        ]
    told = at_once(
        lambda: proposals.agree(rows[0], by=workers[1], at=NOW),
        lambda: proposals.agree(rows[1], by=workers[0], at=NOW),
    )
    assert sorted(LAST in words for words in told) == [False, True], told
    assert told.count("") == 1, told
    assert Posting.objects.filter(role=Role.SYSTEM_ADMINISTRATOR, ended_at__isnull=True).count() == 1


# -- screens ---------------------------------------------------------------------------------------------------


@pytest.mark.visits("permissions:proposals", "permissions:proposal")
def test_proposals_are_read_and_answered_by_administrators(
    two: tuple[Worker, Worker], three_people: Any, client_of: Any, client: Any
) -> None:
    first, second = two
    stranger = a_worker()
    worker = a_worker(name="架空 花子")
    row = give(worker, first)
    listed, one = reverse("permissions:proposals"), reverse("permissions:proposal", args=[row.pk])
    for url in (listed, one):
        page = three_people(url, allowed=second, stranger=stranger)
        assert "架空 花子" in page.content.decode()
        assert "4月の異動" in page.content.decode()
    assert "申し出た本人は認められません" in client_of(first).get(one).content.decode()
    own = client_of(first).post(one, {"answer": "agree"})
    assert own.status_code == 409
    assert client_of(stranger).post(one, {"answer": "agree"}).status_code == 404
    assert client.post(one, {"answer": "agree"}).status_code == 401
    assert not Posting.objects.filter(worker=worker, role=Role.MANAGER).exists()
    assert client_of(second).post(one, {"answer": "agree"}).headers["Location"] == listed
    assert Posting.objects.filter(worker=worker, role=Role.MANAGER).exists()
    assert "二人目" not in client_of(second).get(one).content.decode()
    assert client_of(second).post(one, {"answer": "decline"}).status_code == 409


@pytest.mark.visits("permissions:reset_factor", "permissions:end_sessions", "permissions:bind_sign_on")
def test_a_lost_device_and_sessions_are_an_administrator_s_matter(
    two: tuple[Worker, Worker], three_people: Any, client_of: Any, client: Any, settings: Any
) -> None:
    from tests.accounts.test_second_factor import with_an_app

    first, _ = two
    stranger, (worker, _) = a_worker(), with_an_app()
    settings.SIGN_ON = settings.SIGN_ON | {"issuer": "https://sign-on.example.lg.jp"}
    reset = reverse("permissions:reset_factor", args=[worker.pk])
    bind = reverse("permissions:bind_sign_on", args=[worker.pk])
    for url in (reset, bind):
        three_people(url, allowed=first, stranger=stranger)
    me = client_of(first)
    assert me.post(reset, {"reason": "端末の紛失"}).status_code == 302
    assert me.post(bind, {"subject": "a-0001", "reason": "4月の着任"}).status_code == 302
    page = me.get(reverse("permissions:worker", args=[worker.pk])).content.decode()
    assert "返事を待っている申し出" in page
    assert Proposal.objects.filter(worker=worker, answer="").count() == 2

    theirs = client_of(worker)
    assert theirs.get("/accounts/me/").status_code == 200
    end = reverse("permissions:end_sessions", args=[worker.pk])
    assert client_of(stranger).post(end).status_code == 404
    assert client.post(end).status_code == 401
    assert me.post(end).status_code == 302
    assert theirs.get("/accounts/me/").status_code == 302
    own = me.post(reverse("permissions:end_sessions", args=[first.pk]), follow=True)
    assert "マイページの" in own.content.decode()
    settings.SIGN_ON = settings.SIGN_ON | {"issuer": ""}
    assert me.get(bind).status_code == 404


def test_giving_a_role_on_screen_waits_for_the_second(two: tuple[Worker, Worker], client_of: Any) -> None:
    worker, office = a_worker(), an_office()
    me = client_of(two[0])
    fields = {"office": office.pk, "role": Role.COUNSELLOR, "since": "R8.4.1", "reason": "4月の異動"}
    answer = me.post(reverse("permissions:post", args=[worker.pk]), fields, follow=True)
    assert "別のシステム管理者が認めると行われます" in answer.content.decode()
    assert not Posting.objects.filter(worker=worker, office=office).exists()
    numbered = me.post(
        reverse("permissions:post", args=[worker.pk]), fields | {"reason": "123456789018 の件"}
    )
    assert numbered.status_code == 422
    assert a_post(worker, office).pk
