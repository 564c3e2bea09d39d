"""`tsunagi net` over plans: zero on healthy data, and every law that is broken behind the database's back is named."""

from __future__ import annotations

import psycopg
import pytest
from django.db import transaction

from tests.factories import a_worker, an_office
from tests.plans.factories import a_case, a_plan_in_force
from tests.plans.test_actions import broken


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        ("UPDATE plans_role SET state = 'done', settled_at = now() WHERE id = {role}", "取り組み中の役割"),
        ("UPDATE holding_promise SET done_at = now() WHERE subject_kind = 'plan_role'", "取り組み中の役割"),
        ("UPDATE holding_promise SET done_at = now() WHERE subject_kind = 'plan'", "実施中のプラン"),
        ("UPDATE cases_case SET state = 'closed' WHERE id = {case}", "実施中のプラン"),
        ("INSERT INTO plans_followup (case_id, due_on, what, made_at, made_by_id, result, words)"
         " VALUES ({case}, now(), '', now(), {worker}, '', '')", "フォローアップ"),
    ],
    ids=["a row that is over", "a row without a promise", "no next look", "a closed file", "a look nobody promised"],
)  # fmt: skip
def test_the_net_names_what_was_broken_behind_the_databases_back(
    fresh_database: None, owner: psycopg.Connection, behind: str, words: str
) -> None:
    with transaction.atomic():
        worker = a_worker(an_office("福祉なんでも相談室"))
        case = a_case(worker)
        plan = a_plan_in_force(case, worker)
    assert broken() == []
    for table in ("plans_plan", "plans_role", "plans_followup", "holding_promise", "cases_case"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name in ("case_closed_iff_closing_date", "case_closed_names_who_stays", "case_stage_fits_its_state"):
        owner.execute(f"ALTER TABLE cases_case DROP CONSTRAINT {name}")
    values = {"role": plan.roles.all()[0].pk, "case": case.pk, "worker": worker.pk}
    owner.execute(behind.format(**values).encode())
    assert any(words in title for title in broken())
