"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_PERSON = "person_id = ANY(%(parties)s)"

HELD = (
    Held("guardianship_powerversion", f"power_id IN (SELECT id FROM guardianship_power WHERE {_PERSON})", delete=True),
    Held(
        "guardianship_power", _PERSON,
        blank=("holder_name", "reach_words", "agency_words", "consent_words", "case_number", "aid_words", "note", "settled_words", "ended_words"),
        keeps=("kind", "holder_kind", "court", "aid", "source", "how_ended"),
    ),
    Held("guardianship_power", "holder_id = ANY(%(parties)s)", blank=("holder_name", "reach_words")),
    Held(
        "guardianship_petition", _PERSON, blank=("why", "fee_words", "aid_words", "case_number", "stopped_words"),
        keeps=("aimed", "asked_by", "aid", "court"),
    ),
    Held("guardianship_petitionstep", f"petition_id IN (SELECT id FROM guardianship_petition WHERE {_PERSON})", blank=("words",), keeps=("step",)),
)  # fmt: skip

NOT_OF_A_PARTY: dict[str, str] = {}

MOMENTS = (
    Moment("guardianship", "SELECT person_id, COALESCE(ended_on, until_on, stated_at::date), ended_on IS NULL AND settled_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM people_person n WHERE n.party_id = person_id AND n.died_on IS NOT NULL) FROM guardianship_power"),
    Moment("guardianship", "SELECT person_id, ended_at::date, state = 'open' FROM guardianship_petition"),
)  # fmt: skip
