"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Loose, Moment

_CONSULTATIONS = "SELECT id FROM intake_consultation WHERE party_id = ANY(%(parties)s)"
_CONCERNS = "SELECT id FROM holding_concern WHERE party_id = ANY(%(parties)s)"
_WORDS = ("caller_words", "way_back_words", "words", "about_words", "outcome_words", "wishes", "as_written")
_CODES = (
    "number",
    "means",
    "worries",
    "language",
    "interpreter",
    "worker_as_written",
    "row_hash",
    "way_back",
)


def _consultations(which: str) -> tuple[Held, ...]:
    """All that hangs on these consultations; `which` selects their numbers."""
    return (
        Held("intake_informant", f"consultation_id IN ({which})", delete=True),
        Held("intake_consultationchange", f"consultation_id IN ({which})", delete=True),
        Held("intake_linkproposal", f"consultation_id IN ({which})", blank=("told", "reasons")),
        Held(
            "intake_slip", f"consultation_id IN ({which})", blank=("name", "kana", "birth", "phone", "address", "words"),
            keeps=("number",),
        ),
        Held("intake_meetingdecision", f"kind LIKE 'consultation%%' AND subject_id IN ({which})", blank=("words",), keeps=("kind", "answer")),
        Held("intake_consultation", f"id IN ({which})", blank=_WORDS, keeps=_CODES),
    )  # fmt: skip


HELD = (
    *_consultations(_CONSULTATIONS),
    Held("intake_linkproposal", "person_id = ANY(%(parties)s)", blank=("told", "reasons")),
    Held("intake_meetingdecision", f"kind NOT LIKE 'consultation%%' AND subject_id IN ({_CONCERNS})", blank=("words",), keeps=("kind", "answer")),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "intake_ledgerimport": "by its own kind (台帳)",
    "intake_rejectedrow": "goes with its file",
    "intake_repair": "goes with its file",
    "intake_blanksheet": "numbers",
    "intake_stocktakingsheet": "numbers",
    "intake_officemeeting": "numbers and what an office said of its own sitting",
}

MOMENTS = (
    Moment("consultation", "SELECT party_id, COALESCE(outcome_at, came_at)::date, outcome = '' FROM intake_consultation WHERE party_id IS NOT NULL"),
)  # fmt: skip

_IDS = "SELECT unnest(%(ids)s::bigint[])"
_RUNS = "run_id = ANY(%(ids)s)"
LOOSE = (
    Loose(
        "consultation", "consultation", "だれのことか分からない相談",
        "SELECT id, COALESCE(outcome_at, came_at)::date, outcome = '' FROM intake_consultation WHERE party_id IS NULL",
        _consultations(_IDS),
    ),
    Loose(
        "ledger", "ledger", "取り込んだ台帳のファイル", "SELECT id, ended_at::date, ended_at IS NULL FROM intake_ledgerimport",
        (
            Held("intake_ledgerimport", "id = ANY(%(ids)s)", blank=("file", "file_name"), keeps=("columns", "summary", "file_digest")),
            Held("intake_rejectedrow", _RUNS, blank=("cells", "reason"), keeps=("sheet", "column")),
            Held("intake_repair", _RUNS, blank=("words",), keeps=("column",)),
        ),
    ),
)  # fmt: skip
