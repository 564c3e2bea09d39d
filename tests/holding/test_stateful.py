"""Nobody can be dropped, whatever happens in whatever order: random workers, offices, deeds, days and crashes.

The machine drives the real deeds on the real database. After every deed (done, refused, or broken off at its n-th
statement) each open concern has one open hold, and nothing half-done is left; after each run the net finds nothing.
`TSUNAGI_STATEFUL=500 pytest tests/holding/test_stateful.py` runs longer than the short run of every day.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.factories import NOW, a_household, a_person, a_worker, an_office, an_outside_agency, office_of
from tsunagi.accounts.models import Office, Posting, Worker
from tsunagi.accounts.rules import Field, Role
from tsunagi.holding import actions
from tsunagi.holding.actions import Served
from tsunagi.holding.models import Concern, Hold, Promise, SecondWord
from tsunagi.holding.rules import (
    ClosingOutcome,
    ClosingWish,
    ContactKind,
    DeclineReason,
    GapKind,
    HoldKind,
    PersonSays,
    PromiseKind,
    RethinkChoice,
    Urgency,
    WaitingFor,
    WordOf,
)
from tsunagi.people.models import Person
from tsunagi.referrals import actions as referrals
from tsunagi.referrals.models import Referral
from tsunagi.referrals.rules import OPEN_STATES
from tsunagi.safety_net import net
from tsunagi.shared.edges import opened_trail
from tsunagi.shared.refusal import Refused

EXAMPLES = int(os.environ.get("TSUNAGI_STATEFUL", "4"))
STEPS = 25

some = st.integers(0, 10_000)
days = st.integers(-3, 45)
# Most deeds are let through; one in six is broken off at one of its first sixty statements.
crash = st.one_of(*[st.none()] * 5, st.integers(1, 60))
short = st.booleans()


class Crash(BaseException):
    """The process died here (not an Exception: no deed can catch it)."""


class DiesAt:
    """An execute_wrapper that raises at the n-th statement."""

    def __init__(self, statement: int) -> None:
        self.left = statement

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left <= 0:
            raise Crash
        return execute(sql, params, many, context)


TABLES = (
    "holding_concern",
    "holding_hold",
    "holding_promise",
    "holding_contact",
    "holding_closing",
    "holding_gap",
    "holding_secondword",
    "people_involvement",
    "referrals_referral",
    "referrals_referralconcern",
    "accounts_worker",
    "accounts_posting",
)


def stored() -> list[tuple[Any, ...]]:
    """A digest of what is stored: any row written or changed shows in it."""
    parts = [
        f"SELECT '{t}', count(*), COALESCE(md5(string_agg(x::text, '' ORDER BY x.id)), '') FROM {t} x"
        for t in TABLES
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())


class City(RuleBasedStateMachine):
    """Three offices, くらし連携担当, a hospital; a household of two and people who come in."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.at = NOW
        self.done = self.refused = self.crashed = 0
        self.offices = [an_office() for _ in range(3)]
        for office in self.offices:
            a_worker(office), a_worker(office)
        self.coordination = an_office(field=Field.COORDINATION)
        a_worker(self.coordination, role=Role.COORDINATOR)
        a_worker(self.coordination, role=Role.COORDINATOR)
        self.hospital = an_outside_agency()
        mother, son = a_person(), a_person()
        self.parties = [mother.pk, son.pk, a_household(mother, son).pk, a_person().pk]
        for party in self.parties[:2]:
            self.open_one(party, self.worker(party))
        connection.check_constraints()

    def teardown(self) -> None:
        try:
            connection.check_constraints()
            report = net.check(connection, today=self.at.date())
            assert report.as_dict()["violations"] == dict.fromkeys(report.as_dict()["violations"], 0)
            assert not report.broken
        finally:
            transaction.savepoint_rollback(self.savepoint)

    # -- pieces ------------------------------------------------------------------------------------------------------

    def worker(self, pick: int) -> Worker:
        """Some active worker of some open office."""
        rows = (
            Worker.objects.filter(is_active=True, postings__ended_at__isnull=True).order_by("id").distinct()
        )
        return rows[pick % rows.count()]

    def concern(self, pick: int, **of: Any) -> Concern | None:
        rows = Concern.objects.filter(**({"closed_at__isnull": True} | of)).order_by("id")
        count = rows.count()
        return rows[pick % count] if count else None

    def holder_of(self, concern: Concern) -> Worker:
        return Hold.objects.get(concern=concern, closed_at__isnull=True).worker

    def day(self, count: int) -> date:
        return (self.at + timedelta(days=count)).date()

    def open_one(self, party: int, by: Worker, **fields: Any) -> None:
        actions.open_concern(party, office_id=office_of(by).pk, worker_id=by.pk, by=by, at=self.at, **fields)

    def do(self, deed: Callable[[], Any], dies_at: int | None) -> None:
        """The deed as a request does it: all of it with the laws kept, or nothing."""
        before = stored() if dies_at else None
        try:
            with opened_trail(None, "test"), transaction.atomic():
                if dies_at is None:
                    deed()
                else:
                    with connection.execute_wrapper(DiesAt(dies_at)):
                        deed()
                connection.check_constraints()
            self.done += 1
        except Refused:
            self.refused += 1
        except Crash:
            self.crashed += 1
            assert stored() == before

    # -- deeds -------------------------------------------------------------------------------------------------------

    @rule(n=st.integers(1, 30))
    def days_pass(self, n: int) -> None:
        """Nothing is decided by the passing of days."""
        self.at += timedelta(days=n)

    @rule(who=some, by=some, urgency=st.sampled_from(list(Urgency)), suspected=some, c=crash)
    def open_concern(self, who: int, by: int, urgency: Urgency, suspected: int, c: int | None) -> None:
        worker = self.worker(by)
        danger = "child" if suspected % 9 == 0 else ""
        party = self.parties[who % len(self.parties)]
        self.do(lambda: self.open_one(party, worker, urgency=urgency, danger=danger), c)

    @rule(
        pick=some, kind=st.sampled_from(list(ContactKind)), n=st.one_of(st.none(), days), other=short, c=crash
    )
    def contact(self, pick: int, kind: ContactKind, n: int | None, other: bool, c: int | None) -> None:
        concern = self.concern(pick)
        if concern is None:
            return
        by = self.worker(pick) if other and pick % 4 == 0 else self.holder_of(concern)
        mine = Concern.objects.filter(
            closed_at__isnull=True, holds__closed_at__isnull=True, holds__worker=by
        ).order_by("id")
        chosen = {concern.pk, *(mine.values_list("pk", flat=True) if other else [])}
        served = [Served(pk, self.day(n) if n is not None else None) for pk in chosen]
        self.do(lambda: actions.record_contact(kind, served, by=by, at=self.at, words="ようす"), c)

    @rule(pick=some, kind=st.sampled_from(list(actions.ways.WAYS)), n=st.one_of(st.none(), days), c=crash)
    def another_way(self, pick: int, kind: HoldKind, n: int | None, c: int | None) -> None:
        if concern := self.concern(pick):
            by, due = self.holder_of(concern), self.day(n) if n is not None else None
            self.do(
                lambda: actions.hold_as(kind, concern.pk, due_on=due, reason="わけ", by=by, at=self.at), c
            )

    @rule(pick=some, what=st.sampled_from(["could_not", "extend", "wait", "take_back"]), n=days, c=crash)
    def keep_honest(self, pick: int, what: str, n: int, c: int | None) -> None:
        concern = self.concern(pick)
        if concern is None:
            return
        by = self.holder_of(concern)
        how: dict[str, Any] = {"by": by, "at": self.at}
        deeds: dict[str, Callable[[], Any]] = {
            "could_not": lambda: actions.could_not(concern.pk, **how),
            "extend": lambda: actions.extend(concern.pk, due_on=self.day(n), reason="入院中", **how),
            "wait": lambda: actions.wait(
                concern.pk, waiting_for=WaitingFor.DECISION, due_on=self.day(n), **how
            ),
            "take_back": lambda: actions.take_back(concern.pk, reason="つながらなかった", **how),
        }
        self.do(deeds[what], c)

    @rule(pick=some, choice=st.sampled_from(list(RethinkChoice)), n=days, c=crash)
    def ask_rethink(self, pick: int, choice: RethinkChoice, n: int, c: int | None) -> None:
        if concern := self.concern(pick):
            by = self.holder_of(concern)
            self.do(
                lambda: actions.ask_rethink(
                    concern.pk, choice=choice, due_on=self.day(n), reason="見立て", next_kind=HoldKind.WATCHING,
                    by=by, at=self.at,
                ),
                c,
            )  # fmt: skip

    @rule(pick=some, to=some, c=crash)
    def ask_colleague(self, pick: int, to: int, c: int | None) -> None:
        if concern := self.concern(pick):
            by, colleague = self.holder_of(concern), self.worker(to)
            self.do(lambda: actions.ask_reassign(concern.pk, to_worker=colleague.pk, by=by, at=self.at), c)

    @rule(pick=some, outcome=st.sampled_from(list(ClosingOutcome)), c=crash)
    def close(self, pick: int, outcome: ClosingOutcome, c: int | None) -> None:
        concern = self.concern(pick)
        if concern is None:
            return
        by = self.holder_of(concern)
        wish = ClosingWish(
            outcome, word_of=WordOf.PERSON, person_says=PersonSays.YES, told_return="いつでも", reason="わけ",
            card="渡した", heard_from="課長", heard_on=self.at.date(), key_office="障がい福祉課",
            capacity_and_danger="判断できる", offer_on=self.day(60), tries="電話3回", gap=GapKind.NO_RESOURCE,
            next_municipality="引き継いだ", persons_own_word=True,
        )  # fmt: skip
        self.do(lambda: actions.close_concern(concern.pk, wish, by=by, at=self.at), c)

    @rule(pick=some, agreed=short, c=crash)
    def answer(self, pick: int, agreed: bool, c: int | None) -> None:
        """Whoever was asked as the second person answers."""
        rows = Promise.objects.filter(kind=PromiseKind.SECOND_PERSON, is_open=True).order_by("id")
        if not (count := rows.count()):
            return
        asked = rows[pick % count]
        word = SecondWord.objects.get(pk=asked.subject_id)
        self.do(
            lambda: actions.answer_second(word, agreed=agreed, words="わけ", by=asked.worker, at=self.at), c
        )

    @rule(pick=some, by=some, c=crash)
    def reopen(self, pick: int, by: int, c: int | None) -> None:
        if concern := self.concern(pick, closed_at__isnull=False):
            worker = self.worker(by)
            self.do(
                lambda: actions.reopen(
                    concern.pk, reason="また", office_id=office_of(worker).pk, worker_id=worker.pk, by=worker,
                    at=self.at,
                ),
                c,
            )  # fmt: skip

    @rule(pick=some, reported=short, c=crash)
    def safety(self, pick: int, reported: bool, c: int | None) -> None:
        if concern := self.concern(pick):
            by = self.holder_of(concern)
            if reported:
                deed: Callable[[], Any] = lambda: actions.report_abuse(  # noqa: E731
                    concern, to_whom="児童相談所", reported_at=self.at, by=by, at=self.at
                )
            else:
                deed = lambda: actions.suspect_abuse(concern, danger="child", by=by, at=self.at)  # noqa: E731
            self.do(deed, c)

    @rule(pick=some, more=short, to=some, c=crash)
    def refer(self, pick: int, more: bool, to: int, c: int | None) -> None:
        concern = self.concern(pick)
        if concern is None:
            return
        by = self.holder_of(concern)
        offices = [*self.offices, self.coordination, self.hospital]
        ids = {concern.pk}
        if more:
            ids |= set(
                Concern.objects.filter(
                    party=concern.party,
                    closed_at__isnull=True,
                    holds__closed_at__isnull=True,
                    holds__worker=by,
                ).values_list("pk", flat=True)
            )
        self.do(
            lambda: referrals.send_referral(
                sorted(ids), to_office=offices[to % len(offices)], person_told="agreed", by=by, at=self.at
            ),
            c,
        )

    @rule(
        pick=some,
        what=st.sampled_from(
            ["accept", "accept", "some", "duty", "decline", "withdraw", "consider", "oral", "yes", "no"]
        ),
        reason=st.sampled_from(list(DeclineReason)),
        c=crash,
    )
    def answer_referral(self, pick: int, what: str, reason: DeclineReason, c: int | None) -> None:
        rows = Referral.objects.filter(state__in=OPEN_STATES).order_by("id")
        if not (count := rows.count()):
            return
        r = rows[pick % count]
        receivers = Worker.objects.filter(
            is_active=True, postings__office_id=r.to_office_id, postings__ended_at__isnull=True
        ).order_by("id")
        by = receivers[pick % receivers.count()] if receivers else r.from_worker
        offered = list(r.rows.filter(state="offered").order_by("id").values_list("concern_id", flat=True))
        sender = self.holder_of(Concern.objects.get(pk=offered[0])) if offered else r.from_worker
        at = self.at
        deeds: dict[str, Callable[[], Any]] = {
            "accept": lambda: referrals.accept(r, worker_id=by.pk, by=by, at=at),
            "some": lambda: referrals.accept(r, concern_ids=offered[:1], worker_id=by.pk, by=by, at=at),
            "duty": lambda: referrals.accept(r, by=by, at=at),
            "decline": lambda: referrals.decline(r, reason=reason, words="わけ", by=by, at=at),
            "withdraw": lambda: referrals.withdraw(r, reason="わけ", by=sender, at=at),
            "consider": lambda: referrals.consider(r, until=self.day(5), by=by, at=at),
            "oral": lambda: referrals.confirm_oral(r, who="係長", by=sender, at=at),
            "yes": lambda: referrals.record_outside_answer(r, accepted=True, who="南さん", by=sender, at=at),
            "no": lambda: referrals.record_outside_answer(
                r, accepted=False, reason=reason, words="わけ", by=sender, at=at
            ),
        }
        self.do(deeds[what], c)

    @rule(pick=some, met=short, c=crash)
    def after_the_answer(self, pick: int, met: bool, c: int | None) -> None:
        rows = Referral.objects.filter(state__in=["accepted", "partly"]).order_by("id")
        if not (count := rows.count()):
            return
        r = rows[pick % count]
        by = r.answered_by or r.from_worker
        if met:
            self.do(lambda: referrals.note_first_contact(r, met_at=self.at, by=by, at=self.at), c)
        else:
            self.do(lambda: referrals.report_result(r, result="connected", by=by, at=self.at), c)

    @rule(pick=some, c=crash)
    def take_coordination(self, pick: int, c: int | None) -> None:
        rows = Promise.objects.filter(kind=PromiseKind.COORDINATION_REQUEST, is_open=True).order_by("id")
        if count := rows.count():
            asked = rows[pick % count]
            by = asked.worker
            coordinator = Worker.objects.filter(
                is_active=True, postings__office_id=asked.office_id, postings__role=Role.COORDINATOR,
                postings__ended_at__isnull=True,
            ).first()  # fmt: skip
            by = coordinator or by
            self.do(lambda: actions.take_coordination(asked, worker_id=by.pk, by=by, at=self.at), c)

    @rule(pick=some, c=crash)
    def somebody_leaves(self, pick: int, c: int | None) -> None:
        """A worker leaves, unless the office would be empty; a new colleague comes."""
        leaver = self.worker(pick)
        office = office_of(leaver)
        manager = Worker.objects.get(pk=office.duty_worker_id)
        if leaver == manager:
            return
        self.do(lambda: actions.leave(leaver, by=manager, at=self.at), c)
        if Posting.objects.filter(office=office, ended_at__isnull=True).count() < 3:
            a_worker(office)

    @rule(pick=some, n=st.integers(1, 40), back=short, c=crash)
    def somebody_is_away(self, pick: int, n: int, back: bool, c: int | None) -> None:
        worker = self.worker(pick)
        colleagues = Worker.objects.filter(
            is_active=True, postings__office=office_of(worker), postings__ended_at__isnull=True
        ).exclude(pk=worker.pk)
        acting = colleagues.order_by("id").first()
        if back:
            self.do(lambda: actions.come_back(worker, by=worker, at=self.at), c)
        else:
            self.do(
                lambda: actions.record_absence(
                    worker, from_on=self.at.date(), until_on=self.day(n), acting_id=acting.pk if acting else None,
                    by=worker, at=self.at,
                ),
                c,
            )  # fmt: skip

    @rule(pick=some, c=crash)
    def somebody_dies_or_moves(self, pick: int, c: int | None) -> None:
        """Rare: the file of a person ends, and somebody new comes to the desk."""
        if pick % 5:
            return
        people = Person.objects.filter(party_id__in=self.parties).order_by("party_id")
        person = people[pick % people.count()]
        by = self.worker(pick)
        if concern := self.concern(pick, party_id=person.pk):
            by = self.holder_of(concern)
        if pick % 2:
            self.do(
                lambda: actions.die(person.pk, died_on=self.at.date(), left_behind="なし", by=by, at=self.at),
                c,
            )
        else:
            self.do(
                lambda: actions.move_away(
                    person.pk, moved_on=self.at.date(), next_municipality="引き継いだ", persons_own_word=True,
                    told_return="いつでも", by=by, at=self.at,
                ),
                c,
            )  # fmt: skip
        self.parties.append(a_person().pk)

    @rule(pick=some, c=crash)
    def an_office_closes(self, pick: int, c: int | None) -> None:
        """Rare: an office closes into another, and one opens."""
        if pick % 8:
            return
        closing, successor = self.offices[pick % 3], self.offices[(pick + 1) % 3]
        successor.refresh_from_db()
        by = Worker.objects.get(pk=successor.duty_worker_id)
        self.do(lambda: actions.close_office(closing, to_office=successor, by=by, at=self.at), c)
        if not Office.objects.get(pk=closing.pk).is_active:
            self.offices[pick % 3] = fresh = an_office()
            a_worker(fresh), a_worker(fresh)

    # -- what is always true -----------------------------------------------------------------------------------------

    @invariant()
    def h1_every_open_concern_has_one_hold(self) -> None:
        """H1, and H3: one open hold, with a day; none on a closed concern."""
        opened = list(Concern.objects.filter(closed_at__isnull=True).values_list("pk", flat=True))
        held = list(
            Hold.objects.filter(closed_at__isnull=True, due_on__isnull=False).values_list(
                "concern_id", flat=True
            )
        )
        assert sorted(opened) == sorted(held)

    @invariant()
    def h2_nobody_holds_who_is_gone(self) -> None:
        """H2: every holder works in the office they hold for."""
        gone = Hold.objects.filter(closed_at__isnull=True).exclude(
            worker__is_active=True,
            worker__postings__office_id=F("office_id"),
            worker__postings__ended_at__isnull=True,
        )
        assert not gone.exists()


@pytest.mark.django_db
def test_nobody_is_dropped_whatever_happens() -> None:
    run_state_machine_as_test(
        City,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
