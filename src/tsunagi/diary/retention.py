"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_PARTY = "party_id = ANY(%(parties)s)"

HELD = (
    Held("diary_appointmentmove", f"appointment_id IN (SELECT id FROM diary_appointment WHERE {_PARTY})", blank=("place", "reason")),
    Held("diary_appointment", _PARTY, blank=("place", "note", "reason")),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "diary_appointmenton": "numbers",
    "diary_takenout": "how many persons, never who",
    "diary_nightkey": "of an office",
    "diary_nightpaper": "of an office",
}

MOMENTS = (Moment("concern", "SELECT party_id, day, state = 'planned' FROM diary_appointment"),)
