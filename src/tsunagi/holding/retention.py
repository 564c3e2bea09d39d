"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_PARTY = "party_id = ANY(%(parties)s)"
_CONCERNS = "SELECT id FROM holding_concern WHERE party_id = ANY(%(parties)s)"
_OF_CONCERN = f"concern_id IN ({_CONCERNS})"
_HOLDS = f"SELECT id FROM holding_hold WHERE {_OF_CONCERN}"
_PROMISES = "SELECT id FROM holding_promise WHERE party_id = ANY(%(parties)s)"

HELD = (
    Held(
        "holding_concern", _PARTY, blank=("around", "description", "noticed_by"),
        keeps=("codes", "danger", "person_sees_it", "source_kind"),
    ),
    Held(
        "holding_hold", _OF_CONCERN, blank=("reason", "handed_note", "waiting_from", "closing_reason"),
        keeps=("deed", "handed_told", "waiting_for", "together_with"),
    ),
    Held("holding_promise", _PARTY, blank=("what", "withdrawn_reason"), keeps=("subject_kind",)),
    # A call about several families is emptied when all of them go; until then only the name in it is.
    Held(
        "holding_contact",
        f"id IN (SELECT contact_id FROM holding_contacton WHERE {_OF_CONCERN}) AND NOT EXISTS ("
        " SELECT 1 FROM holding_contacton o JOIN holding_concern c ON c.id = o.concern_id"
        " WHERE o.contact_id = holding_contact.id AND NOT c.party_id = ANY(%(parties)s))",
        blank=("with_whom", "words"), keeps=("means",),
    ),
    Held("holding_safetyreport", _OF_CONCERN, blank=("to_whom", "reason")),
    Held("holding_nighthandover", _OF_CONCERN, blank=("to_name",), keeps=("subject_kind", "to_kind")),
    Held("holding_readiness", _OF_CONCERN, blank=("words",)),
    Held("holding_gap", _OF_CONCERN, blank=("needed", "words", "solved_words")),
    Held(
        "holding_closing", _OF_CONCERN,
        blank=("words", "tries", "told_return", "heard_from", "capacity_and_danger", "next_municipality", "left_behind", "died_on"),
        keeps=("key_office", "card", "word_of", "person_says"),
    ),
    Held(
        "holding_secondword",
        f"(subject_kind = 'concern' AND subject_id IN ({_CONCERNS})) OR (subject_kind = 'person' AND subject_id = ANY(%(parties)s))",
        blank=("wish", "words", "answer_words"), keeps=("deed", "subject_kind"),
    ),
    Held(
        "holding_leavingrow",
        f"(row_kind = 'hold' AND row_id IN ({_HOLDS})) OR (row_kind = 'promise' AND row_id IN ({_PROMISES}))",
        blank=("handed_note",), keeps=("row_kind", "handed_told"),
    ),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "holding_contacton": "numbers",
    "holding_rest": "numbers",
    "holding_officeending": "about an office",
}

MOMENTS = (
    Moment("concern", "SELECT party_id, closed_at::date, closed_at IS NULL FROM holding_concern"),
    Moment("concern", "SELECT party_id, COALESCE(done_at, withdrawn_at)::date, is_open FROM holding_promise WHERE party_id IS NOT NULL"),
)  # fmt: skip
