"""The pages of plans."""

from .making import correct, detail, edit, index, new, plain, read, roles, withdraw
from .steps import agree, begin, confer, decide
from .working import end, event_back, events, follow_up, monitor, monitoring_correct, role, stop_roles

__all__ = [
    "agree",
    "begin",
    "confer",
    "correct",
    "decide",
    "detail",
    "edit",
    "end",
    "event_back",
    "events",
    "follow_up",
    "index",
    "monitor",
    "monitoring_correct",
    "new",
    "plain",
    "read",
    "role",
    "roles",
    "stop_roles",
    "withdraw",
]
