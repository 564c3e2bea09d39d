"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_PARTY = "party_id = ANY(%(parties)s)"
_OF_SHEET = f"referral_id IN (SELECT id FROM referrals_referral WHERE {_PARTY})"

HELD = (
    Held(
        "referrals_referral", _PARTY,
        blank=("reason", "wishes", "household_words", "person_told_words", "oral_yes_who", "answered_who", "answer_words",
               "result_words", "withdrawn_words"),
        keeps=("number", "urgency", "troubles", "how_introduced", "person_told", "ground", "facets", "decline_reason", "result"),
    ),
    Held("referrals_referralmessage", _OF_SHEET, blank=("words",)),
    Held(
        "referrals_answerlink", _OF_SHEET, blank=("who", "words"),
        keeps=("token_hash", "pin_hash", "browser_hash", "decline_reason"),
    ),
    Held("referrals_package", _OF_SHEET, keeps=("their_number",)),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "referrals_referralconcern": "numbers",
    "referrals_linktry": "numbers",
    "referrals_referralreminder": "numbers",
    "referrals_ownkey": "this city's own keys",
    "referrals_partnerkey": "keys of offices",
}

MOMENTS = (
    Moment(
        "referral",
        "SELECT party_id, GREATEST(sent_at, answered_at, result_at, withdrawn_at)::date, answered_at IS NULL AND withdrawn_at IS NULL"
        " FROM referrals_referral",
    ),
)
