"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_CASES = "SELECT id FROM cases_case WHERE party_id = ANY(%(parties)s)"
_OF_CASE = f"case_id IN ({_CASES})"
_NOTES = f"SELECT id FROM cases_note WHERE {_OF_CASE}"
_WORDS = ("partner", "place", "facts", "judgement", "policy", "next_step")

HELD = (
    Held("cases_noteversion", f"note_id IN ({_NOTES})", delete=True),
    Held("cases_note", _OF_CASE, blank=_WORDS, keeps=("kind",)),
    Held("cases_supervision", _OF_CASE, blank=("about", "next_try"), keeps=("supervisor",)),
    Held("cases_jotting", _OF_CASE, blank=("words",)),
    Held("cases_ownwords", f"{_OF_CASE} OR person_id = ANY(%(parties)s)", blank=("on_words", "words"), keeps=("how",)),
    Held("cases_case", "party_id = ANY(%(parties)s)", blank=("title", "closing_words"), keeps=("number", "main_office", "no_main_reason")),
)  # fmt: skip

NOT_OF_A_PARTY = {"cases_caseconcern": "numbers", "cases_notetemplate": "words to begin with, of nobody"}

MOMENTS = (Moment("case", "SELECT party_id, closed_on, closed_on IS NULL FROM cases_case"),)
