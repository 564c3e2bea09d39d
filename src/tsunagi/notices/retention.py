"""What this module holds of people (`tsunagi dispose`, decision 0050): messages name callers, and belong to no party."""

from __future__ import annotations

from tsunagi.shared.held import Held, Loose

HELD = ()
NOT_OF_A_PARTY = {
    "notices_notice": "sentences without names",
    "notices_message": "by its own kind (伝言)",
    "notices_mailaddress": "workers",
    "notices_letter": "numbers",
}
MOMENTS = ()
LOOSE = (
    Loose(
        "message", "message", "伝言",
        "SELECT m.id, m.written_at::date, EXISTS (SELECT 1 FROM holding_promise p WHERE p.is_open AND p.subject_kind = 'message'"
        " AND p.subject_id = m.id) FROM notices_message m",
        (Held("notices_message", "id = ANY(%(ids)s)", blank=("caller", "number", "words")),),
    ),
)  # fmt: skip
