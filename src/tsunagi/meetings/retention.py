"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050).

Minutes and papers are the body's own: of an item about a party its words go, who sat there and what kind of thing was
decided stay.
"""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_PARTY = "party_id = ANY(%(parties)s)"
_ITEMS = f"SELECT id FROM meetings_item WHERE {_PARTY}"
_OF_ITEM = f"item_id IN ({_ITEMS})"
_DECISIONS = f"SELECT id FROM meetings_decision WHERE {_OF_ITEM}"
_ROLES = f"SELECT id FROM meetings_decisionrole WHERE decision_id IN ({_DECISIONS})"

HELD = (
    Held(
        "meetings_item", _PARTY, blank=("asked", "heard", "live_decision", "settled_words"), keeps=("facets", "title"),
    ),
    Held("meetings_itemmove", _OF_ITEM, blank=("reason",)),
    Held("meetings_itemmember", _OF_ITEM, keeps=("facets",)),
    Held("meetings_decision", _OF_ITEM, blank=("words", "taken_back_reason")),
    Held(
        "meetings_decisionrole", f"decision_id IN ({_DECISIONS})", blank=("what", "settled_words"), keeps=("facets",),
    ),
    Held("meetings_rolenote", f"role_id IN ({_ROLES})", blank=("words",)),
    Held("meetings_line", _OF_ITEM, blank=("what", "owner_words")),
    Held(
        "meetings_lineword", f"line_id IN (SELECT id FROM meetings_line WHERE {_OF_ITEM})", blank=("values",),
        frozen_by=("line_word_is_kept",),
    ),
    Held("meetings_copyitem", _OF_ITEM, keeps=("facets",)),
    Held(
        "meetings_minutespart", _OF_ITEM, blank=("lines", "words"), keeps=("heading",),
        frozen_by=("minutes_parts_are_frozen",),
    ),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "meetings_body": "the city's own rules",
    "meetings_bodymember": "who sits in a body, by office",
    "meetings_acknowledgement": "that a member was told of the duty of silence",
    "meetings_feedaddress": "a digest",
    "meetings_sitting": "when and where; the reason of an emergency names nobody",
    "meetings_jointbody": "numbers",
    "meetings_attendance": "which members came",
    "meetings_room": "numbers",
    "meetings_showing": "numbers of members",
    "meetings_readout": "numbers",
    "meetings_copy": "numbers of copies",
    "meetings_minutes": "a digest, and why it was corrected",
    "meetings_minutesgiven": "numbers",
}

MOMENTS = (
    Moment(
        "meeting",
        "SELECT i.party_id, COALESCE(i.settled_at, i.proposed_at)::date, i.settled_at IS NULL OR EXISTS ("
        " SELECT 1 FROM meetings_decision d JOIN meetings_decisionrole r ON r.decision_id = d.id"
        " WHERE d.item_id = i.id AND r.state IN ('asked', 'open', 'done'))"
        " FROM meetings_item i WHERE i.party_id IS NOT NULL",
    ),
)
