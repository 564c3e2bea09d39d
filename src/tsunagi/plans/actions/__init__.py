"""The deeds of a plan, from the first draft to the look after the end."""

from .agreeing import begin, confer, decide, record_conference, record_consent
from .drafting import (
    LABELS,
    GoalWish,
    PlanWish,
    RoleWish,
    correct_plan,
    new_plan,
    offered_plain,
    withdraw_plan,
    write_plain,
    write_plan,
    write_roles,
)
from .ending import Look, end_case, end_with_case, go_with_the_file, write_follow_up
from .monitoring import MonitoringWish, record_event, record_monitoring, take_back_event
from .pieces import StalePlan
from .roles import say_of_role, stop_roles

__all__ = [
    "LABELS",
    "GoalWish",
    "Look",
    "MonitoringWish",
    "PlanWish",
    "RoleWish",
    "StalePlan",
    "begin",
    "confer",
    "correct_plan",
    "decide",
    "end_case",
    "end_with_case",
    "go_with_the_file",
    "new_plan",
    "offered_plain",
    "record_conference",
    "record_consent",
    "record_event",
    "record_monitoring",
    "say_of_role",
    "stop_roles",
    "take_back_event",
    "withdraw_plan",
    "write_follow_up",
    "write_plain",
    "write_plan",
    "write_roles",
]
