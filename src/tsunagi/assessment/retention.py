"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_OF_CASE = "case_id IN (SELECT id FROM cases_case WHERE party_id = ANY(%(parties)s))"
_ASSESSMENTS = f"SELECT id FROM assessment_assessment WHERE {_OF_CASE}"
_SHEETS = (
    f"SELECT id FROM assessment_sheet WHERE assessment_id IN ({_ASSESSMENTS}) OR person_id = ANY(%(parties)s)"
)
_STRENGTHS = f"{_OF_CASE} OR party_id = ANY(%(parties)s)"
_EVENTS = f"{_OF_CASE} OR person_id = ANY(%(parties)s)"

HELD = (
    # What somebody can do, has or suffers are codes that only tell of them: the answers go altogether.
    Held("assessment_answer", f"sheet_id IN ({_SHEETS})", blank=("values", "words"), keeps=("question",)),
    Held("assessment_unknown", f"sheet_id IN ({_SHEETS})", blank=("words", "settled_words")),
    Held(
        "assessment_screening", f"assessment_id IN ({_ASSESSMENTS})", blank=("elsewhere", "reason_words", "urgent_words"),
        keeps=("reasons", "urgent"),
    ),
    Held("assessment_strengthversion", f"strength_id IN (SELECT id FROM assessment_strength WHERE {_STRENGTHS})", delete=True),
    Held("assessment_strength", _STRENGTHS, blank=("words", "evidence", "since_text", "ended_words"), keeps=("told_by",)),
    Held("assessment_lifeeventversion", f"event_id IN (SELECT id FROM assessment_lifeevent WHERE {_EVENTS})", delete=True),
    Held(
        "assessment_lifeevent", _EVENTS, blank=("words", "detail", "since_text", "until_text", "source_words", "removed_why"),
        keeps=("kind", "source"),
    ),
    Held("assessment_patternword", _OF_CASE, blank=("persons", "reason"), keeps=("pattern", "fingerprint")),
)  # fmt: skip

NOT_OF_A_PARTY = {"assessment_assessment": "numbers and days", "assessment_sheet": "numbers and codes"}

MOMENTS = (
    Moment(
        "assessment",
        "SELECT c.party_id, COALESCE(a.finished_on, a.begun_on), c.closed_on IS NULL"
        " FROM assessment_assessment a JOIN cases_case c ON c.id = a.case_id",
    ),
)
