"""What this module holds of a party (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held

_CONSULTATIONS = "SELECT id FROM intake_consultation WHERE party_id = ANY(%(parties)s)"
_CONCERNS = "SELECT id FROM holding_concern WHERE party_id = ANY(%(parties)s)"
_CASES = "SELECT id FROM cases_case WHERE party_id = ANY(%(parties)s)"
_REFERRALS = "SELECT id FROM referrals_referral WHERE party_id = ANY(%(parties)s)"
_ON = (
    ("consultation", _CONSULTATIONS),
    ("contact", f"SELECT contact_id FROM holding_contacton WHERE concern_id IN ({_CONCERNS})"),
    ("note", f"SELECT id FROM cases_note WHERE case_id IN ({_CASES})"),
    ("referral", _REFERRALS),
    ("answer", _REFERRALS),
    ("concern", _CONCERNS),
    ("case", _CASES),
)
_HANGS_ON = " OR ".join(f"(subject_kind = '{kind}' AND subject_id IN ({ids}))" for kind, ids in _ON)
_SHOWN = " OR ".join(
    f"(kind = '{kind}' AND subject_id IN ({ids}))"
    for kind, ids in _ON
    if kind in ("consultation", "concern", "case")
)

# An attachment loses its name and the key of its bytes: no copy in a backup opens any more. Its file goes after the commit.
HELD = (
    Held(
        "workbench_attachment", _HANGS_ON, blank=("name", "digest", "wrapped_key", "key_id", "removed_reason"),
        keeps=("subject_kind", "media_type", "marks"), frozen_by=("workbench_attachment_stays",),
    ),
    Held("workbench_circulation", _SHOWN, blank=("words",), keeps=("document_number",)),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "workbench_draft": "gone thirty days after the last touch",
    "workbench_longrun": "its file is emptied after thirty days",
    "workbench_savedfilter": "what was chosen, nothing typed",
    "workbench_takenaway": "how many, never who",
    "workbench_reader": "workers",
}
MOMENTS = ()
