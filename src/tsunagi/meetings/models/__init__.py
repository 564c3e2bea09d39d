"""Bodies and members, sittings and attendance, items with one legal mode, decisions and the roles they give.

Who answers for a role is its promise in holding (`subject_kind = "meeting_role"`), as for a role of a plan (0033). What an
item opens is written down in `people.Involvement` (reasons "meeting" and "role"); `laws.py` says which of them are alive.
"""

from .bodies import Acknowledgement, Body, BodyMember, FeedAddress
from .items import Decision, DecisionRole, Item, ItemMember, ItemMove, RoleNote
from .room import GRANTS as ROOM_GRANTS
from .room import (
    Copy,
    CopyItem,
    Line,
    LineWord,
    Minutes,
    MinutesGiven,
    MinutesPart,
    ReadOut,
    Room,
    Showing,
)
from .sittings import Attendance, JointBody, Sitting

__all__ = [
    "Acknowledgement",
    "Attendance",
    "Body",
    "BodyMember",
    "Copy",
    "CopyItem",
    "Decision",
    "DecisionRole",
    "FeedAddress",
    "Item",
    "ItemMember",
    "ItemMove",
    "JointBody",
    "Line",
    "LineWord",
    "Minutes",
    "MinutesGiven",
    "MinutesPart",
    "ReadOut",
    "RoleNote",
    "Room",
    "Showing",
    "Sitting",
]

GRANTS = {
    "meetings_body": ["SELECT", "INSERT", "UPDATE"],
    "meetings_bodymember": ["SELECT", "INSERT", "UPDATE (role, office_id, until_on, is_part_time, ended_at)"],
    "meetings_acknowledgement": ["SELECT", "INSERT"],
    "meetings_feedaddress": ["SELECT", "INSERT", "UPDATE (revoked_at, last_read_at)"],
    "meetings_sitting": ["SELECT", "INSERT", "UPDATE"],
    "meetings_jointbody": ["SELECT", "INSERT", "DELETE"],
    "meetings_attendance": [
        "SELECT",
        "INSERT",
        "UPDATE (presence, came_at, left_at, told_at, told_by_id)",
    ],
    "meetings_item": ["SELECT", "INSERT", "UPDATE"],
    "meetings_itemmove": ["SELECT", "INSERT"],
    "meetings_itemmember": [
        "SELECT",
        "INSERT",
        "UPDATE (facets, chosen_at, chosen_by_id, opened_at, acknowledgement_id, closed_at)",
    ],
    "meetings_decision": ["SELECT", "INSERT", "UPDATE (taken_back_at, taken_back_by_id, taken_back_reason)"],
    "meetings_decisionrole": [
        "SELECT",
        "INSERT",
        "UPDATE (office_id, worker_id, due_on, state, asked_office_id, asked_worker_id, asked_at, promise_id,"
        " settled_at, settled_by_id, settled_words, reviewed_at, reviewed_by_id)",
    ],
    "meetings_rolenote": ["SELECT", "INSERT"],
}
GRANTS |= ROOM_GRANTS
