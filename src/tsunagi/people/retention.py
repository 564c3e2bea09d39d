"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_PERSON = "person_id = ANY(%(parties)s)"
_PARTY = "party_id = ANY(%(parties)s)"

HELD = (
    Held("people_searchkey", _PERSON, delete=True),
    Held("people_alias", _PERSON, delete=True),
    Held("people_phone", _PERSON, delete=True),
    Held("people_address", _PERSON, delete=True),
    Held("people_safecontact", _PERSON, delete=True),
    Held("people_personchange", _PERSON, delete=True),
    Held(
        "people_person", _PARTY,
        blank=("name", "kana", "birth_on", "birth_year", "birth_month", "birth_text", "note", "languages"),
        keeps=("sex", "interpreter"),
    ),
    Held("people_household", _PARTY, blank=("label", "note"), keeps=("household_type",)),
    Held("people_unknownperson", _PARTY, blank=("place", "looks", "words")),
    Held("people_membership", _PERSON, keeps=("relation",)),
    Held("people_relation", f"{_PERSON} OR other_id = ANY(%(parties)s)", blank=("words",)),
    Held("people_merge", "kept_id = ANY(%(parties)s) OR joined_id = ANY(%(parties)s)", blank=("reason", "parted_reason"), keeps=("evidence", "opened")),
    Held(
        "people_protection", _PERSON, blank=("reason", "municipality", "other_party_name", "other_party_relation"),
        keeps=("other_party_workers",),
    ),
    Held("people_measurenotice", "matched && %(parties)s::bigint[]", delete=True),
    Held("people_addressgrant", _PERSON, blank=("reason",)),
    Held("people_involvement", _PARTY, keeps=("facets", "ground")),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "people_party": "a number",
    "people_notsame": "two numbers",
    "people_ownperson": "what a worker declared of their own family; withdrawn by the worker",
}

MOMENTS = (
    Moment("person", "SELECT p.id, COALESCE(n.died_on, p.created_at::date), false FROM people_party p LEFT JOIN people_person n ON n.party_id = p.id"),
    Moment("protection", "SELECT person_id, ended_at::date, ended_at IS NULL FROM people_protection"),
)  # fmt: skip
