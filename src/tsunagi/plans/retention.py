"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_OF_CASE = "case_id IN (SELECT id FROM cases_case WHERE party_id = ANY(%(parties)s))"
_PLANS = f"SELECT id FROM plans_plan WHERE {_OF_CASE}"
_OF_PLAN = f"plan_id IN ({_PLANS})"
_ROLES = f"SELECT id FROM plans_role WHERE {_OF_PLAN}"
_MONITORINGS = f"SELECT id FROM plans_monitoring WHERE {_OF_PLAN}"

HELD = (
    Held(
        "plans_plan", _OF_CASE,
        blank=("wish_person", "wish_family", "situation", "direction", "services_words", "emergency", "sharing", "ending_sign",
               "no_meeting", "decided_by_words", "decision_words"),
        keeps=("services", "end_reason"), frozen_by=("plan_is_frozen",),
    ),
    Held("plans_goal", _OF_PLAN, blank=("text", "plain"), frozen_by=("plan_goal_is_frozen",)),
    Held(
        "plans_role", _OF_PLAN, blank=("owner_words", "what", "often", "how_known", "plain", "settled_words"),
        frozen_by=("plan_role_is_frozen",),
    ),
    Held("plans_rolenote", f"role_id IN ({_ROLES})", blank=("words",), keeps=("deed",)),
    Held("plans_consent", _OF_PLAN, blank=("name", "scope", "kept_where", "words"), keeps=("agreed_by", "way")),
    Held("plans_conference", _OF_PLAN, blank=("words",)),
    Held("plans_monitoring", _OF_PLAN, blank=("persons_words", "opinion", "left_over", "decision_words"), keeps=("persons_view", "changes")),
    Held("plans_goalresult", f"monitoring_id IN ({_MONITORINGS})", blank=("reason",)),
    Held("plans_roleresult", f"monitoring_id IN ({_MONITORINGS})", blank=("words",)),
    Held("plans_workevent", f"{_OF_CASE} OR person_id = ANY(%(parties)s)", blank=("words", "taken_back_reason"), keeps=("kind",)),
    Held("plans_followup", _OF_CASE, blank=("what", "words")),
)  # fmt: skip

NOT_OF_A_PARTY: dict[str, str] = {}

MOMENTS = (
    Moment(
        "plan",
        "SELECT c.party_id, COALESCE(p.ended_at, p.made_at)::date, c.closed_on IS NULL OR p.state IN ('running')"
        " FROM plans_plan p JOIN cases_case c ON c.id = p.case_id",
    ),
    Moment(
        "plan",
        "SELECT c.party_id, COALESCE(f.done_on, f.due_on), f.done_on IS NULL FROM plans_followup f JOIN cases_case c ON c.id = f.case_id",
    ),
)
