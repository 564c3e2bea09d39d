"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_ASKED = "id IN (SELECT enquiry_id FROM sharing_enquiryanswer WHERE person_id = ANY(%(parties)s))"
_CONSULTATIONS = "SELECT id FROM intake_consultation WHERE party_id = ANY(%(parties)s)"
_CONCERNS = "SELECT id FROM holding_concern WHERE party_id = ANY(%(parties)s)"
_NOTES = (
    "SELECT n.id FROM cases_note n JOIN cases_case c ON c.id = n.case_id WHERE c.party_id = ANY(%(parties)s)"
)
_CONTACTS = (
    "SELECT o.contact_id FROM holding_contacton o JOIN holding_concern c ON c.id = o.concern_id"
    " WHERE c.party_id = ANY(%(parties)s)"
)
_OF_CONSENT = "consent_id IN (SELECT id FROM sharing_consent WHERE person_id = ANY(%(parties)s))"

HELD = (
    Held("sharing_enquiry", _ASKED, blank=("reason", "told_words", "asked"), keeps=("relation", "ground")),
    Held("sharing_enquiryanswer", "person_id = ANY(%(parties)s)", blank=("words",), keeps=("reply",)),
    Held(
        "sharing_silentword",
        "party_id = ANY(%(parties)s) OR id IN (SELECT word_id FROM sharing_toldholder WHERE person_id = ANY(%(parties)s))",
        blank=("asked",), keeps=("relation", "link"),
    ),
    Held(
        "sharing_guardedtext",
        f"(subject_kind = 'consultation' AND subject_id IN ({_CONSULTATIONS}))"
        f" OR (subject_kind = 'concern' AND subject_id IN ({_CONCERNS}))"
        f" OR (subject_kind = 'note' AND subject_id IN ({_NOTES}))"
        f" OR (subject_kind = 'contact' AND subject_id IN ({_CONTACTS}))",
        blank=("words", "shown_words", "meeting_words", "slip_number"), keeps=("subject_kind", "secret", "door"),
    ),
    Held(
        "sharing_consent", "person_id = ANY(%(parties)s)",
        blank=("given_by_name", "child_word", "parent_harm", "instead", "present", "kept_where", "words", "judged_by",
               "judged_on", "ended_words"),
        keeps=("facets", "purpose"),
    ),
    Held("sharing_consentoffice", _OF_CONSENT, blank=("why",), keeps=("ground",)),
    Held("sharing_paperaskedback", _OF_CONSENT, blank=("words",)),
    # The ledger stays as the law wants it: which office gave what kind of thing to whom, and on what ground.
    Held(
        "sharing_disclosure", "person_id = ANY(%(parties)s)", blank=("reason", "ground_why"),
        keeps=("number", "receiver_words", "facets", "items", "ground", "decision", "conditions"),
    ),
    Held(
        "sharing_brokenglass", "person_id = ANY(%(parties)s)",
        blank=("asked_name", "asked_birth", "asked_phone", "reason", "review_words"), keeps=("ground",),
    ),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "sharing_toldholder": "numbers",
    "sharing_glasspair": "who asked whom, when; what it was about stands in the opening itself",
    "sharing_glasstry": "who typed a wrong number; gone after a day",
    "sharing_ground": "the law's own words",
    "sharing_explanation": "what everybody is told",
    "sharing_usualflow": "decided once, for nobody in particular",
}

MOMENTS = (
    Moment(
        "sharing",
        "SELECT a.person_id, GREATEST(e.asked_at, COALESCE(a.answered_at, e.asked_at))::date, e.done_at IS NULL"
        " FROM sharing_enquiryanswer a JOIN sharing_enquiry e ON e.id = a.enquiry_id",
    ),
    Moment(
        "sharing",
        "SELECT person_id, COALESCE(ended_at, recorded_at)::date, ended_at IS NULL AND state IN ('given_all', 'given_part') FROM sharing_consent",
    ),
)
