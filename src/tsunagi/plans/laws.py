"""What must hold between plans and their promises, for `tsunagi net`."""

from __future__ import annotations

from tsunagi.shared.laws import Finding, Law


def _promised(kind: str, row: str) -> str:
    """How many open promises stand for this row."""
    return (
        f"(SELECT count(*) FROM holding_promise q"
        f" WHERE q.is_open AND q.subject_kind = '{kind}' AND q.subject_id = {row}.id)"
    )


def _nothing_open(kind: str, table: str, is_open: str) -> str:
    """Open promises whose row is over, or is not there."""
    return f"""
        SELECT 'promise', q.id FROM holding_promise q
         WHERE q.is_open AND q.subject_kind = '{kind}'
           AND NOT EXISTS (SELECT 1 FROM {table} x WHERE x.id = q.subject_id AND x.{is_open})
    """


LAWS = [
    Law(
        "H16",
        "取り組み中の役割には、答える人の約束がひとつだけ開いている",
        "SELECT count(*) FROM plans_role WHERE state = 'open'",
        f"""
        SELECT 'role', r.id FROM plans_role r WHERE r.state = 'open' AND {_promised("plan_role", "r")} <> 1
        UNION ALL {_nothing_open("plan_role", "plans_role", "state = 'open'")}
        UNION ALL
        SELECT 'role', r.id FROM plans_role r JOIN plans_plan p ON p.id = r.plan_id
         WHERE (r.state = 'open' AND p.state <> 'running') OR (r.state = 'prepared' AND p.state = 'running')
        """,
    ),
    Law(
        "H16",
        "実施中のプランには、次のモニタリングの約束がひとつだけ開いている",
        "SELECT count(*) FROM plans_plan WHERE state = 'running'",
        f"""
        SELECT 'plan', p.id FROM plans_plan p WHERE p.state = 'running' AND {_promised("plan", "p")} <> 1
        UNION ALL {_nothing_open("plan", "plans_plan", "state = 'running'")}
        UNION ALL
        SELECT 'plan', p.id FROM plans_plan p JOIN cases_case k ON k.id = p.case_id
         WHERE k.state = 'closed' AND p.ended_at IS NULL
        UNION ALL
        SELECT 'plan', p.id FROM plans_plan p
         WHERE p.state = 'running' AND (p.frozen_at IS NULL OR NOT EXISTS (SELECT 1 FROM plans_role r WHERE r.plan_id = p.id))
        """,
    ),
    Law(
        "H16",
        "終結のあとのフォローアップには、答える人の約束がひとつだけ開いている",
        "SELECT count(*) FROM plans_followup WHERE done_at IS NULL",
        f"""
        SELECT 'follow_up', f.id FROM plans_followup f WHERE f.done_at IS NULL AND {_promised("follow_up", "f")} <> 1
        UNION ALL {_nothing_open("follow_up", "plans_followup", "done_at IS NULL")}
        """,
    ),
]

FINDINGS = [
    Finding(
        "plans_past_their_period",
        "期間を過ぎた、実施中のプラン",
        "SELECT count(*) FROM plans_plan WHERE state = 'running' AND until_on < %(today)s",
    ),
    Finding(
        "plans_waiting_a_month",
        "1か月以上つくりかけのプラン",
        """
        SELECT count(*) FROM plans_plan
         WHERE state IN ('draft', 'conferring', 'decided') AND (made_at AT TIME ZONE 'Asia/Tokyo')::date < %(today)s - 30
        """,
    ),
    Finding(
        "running_without_open_role",
        "取り組み中の役割がひとつもない、実施中のプラン",
        """
        SELECT count(*) FROM plans_plan p
         WHERE p.state = 'running' AND NOT EXISTS (SELECT 1 FROM plans_role r WHERE r.plan_id = p.id AND r.state = 'open')
        """,
    ),
]
