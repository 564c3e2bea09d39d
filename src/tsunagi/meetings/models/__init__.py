"""Bodies and members, sittings and attendance, items with one legal mode, decisions and the roles they give.

Who answers for a role is its promise in holding (`subject_kind = "meeting_role"`), as for a role of a plan (0033). What an
item opens is written down in `people.Involvement` (reasons "meeting" and "role"); `laws.py` says which of them are alive.
"""

from tsunagi.holding.models import promised
from tsunagi.meetings.rules import SEES_AGENDA
from tsunagi.shared.rows import (
    ME,
    OFFICES,
    Guard,
    Open,
    Rule,
    either,
    of_office,
    of_party,
    of_worker,
    through,
)

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

_NO_PERSON = Open("who sits where and when; no person is named")
ROWS: dict[str, Rule] = {
    **dict.fromkeys(
        (
            "meetings_body",
            "meetings_bodymember",
            "meetings_acknowledgement",
            "meetings_feedaddress",
            "meetings_sitting",
            "meetings_jointbody",
            "meetings_attendance",
            "meetings_room",
            "meetings_minutes",
            "meetings_minutesgiven",
        ),
        _NO_PERSON,
    ),
    # As `access.visible_items` and `agenda_item_for`, without acknowledgements, terms and what stands against the asker.
    "meetings_item": either(
        of_worker("proposed_by_id"),
        of_office("proposed_office_id"),
        Guard("{t}.mode = 'no_persons'"),
        Guard(
            "(SELECT true FROM public.meetings_itemmember m JOIN public.meetings_bodymember b ON b.id = m.member_id"
            f" WHERE m.item_id = {{t}}.id AND b.worker_id = {ME} LIMIT 1)"
        ),
        Guard(
            "(SELECT true FROM public.meetings_sitting s JOIN public.meetings_body b ON b.id = s.body_id OR b.id IN"
            " (SELECT j.body_id FROM public.meetings_jointbody j WHERE j.sitting_id = s.id)"
            f" WHERE s.id = {{t}}.sitting_id AND (b.office_id = ANY({OFFICES}) OR s.secretary_id = {ME} OR"
            " (SELECT true FROM public.meetings_bodymember l WHERE l.body_id = b.id AND l.ended_at IS NULL"
            f" AND l.worker_id = {ME} AND l.role = ANY(ARRAY[{', '.join(repr(role.value) for role in sorted(SEES_AGENDA))}])"
            " LIMIT 1)) LIMIT 1)"
        ),
        of_party("party_id"),
    ),
    **{
        f"meetings_{table}": through("item_id", "meetings_item")
        for table in ("itemmove", "itemmember", "decision", "showing", "readout", "line")
    },
    "meetings_lineword": through("line_id", "meetings_line"),
    "meetings_decisionrole": either(
        of_office("office_id", "asked_office_id"),
        of_worker("worker_id", "asked_worker_id"),
        through("decision_id", "meetings_decision"),
        promised("meeting_role"),
    ),
    "meetings_rolenote": through("role_id", "meetings_decisionrole"),
    "meetings_copy": Open("which member has which numbered copy; what is on it is guarded"),
    "meetings_copyitem": either(
        through("item_id", "meetings_item"),
        Guard(
            "(SELECT true FROM public.meetings_copy c JOIN public.meetings_bodymember b ON b.id = c.member_id"
            f" WHERE c.id = {{t}}.copy_id AND b.worker_id = {ME} LIMIT 1)"
        ),
    ),
    "meetings_minutespart": either(Guard("{t}.item_id IS NULL"), through("item_id", "meetings_item")),
}
