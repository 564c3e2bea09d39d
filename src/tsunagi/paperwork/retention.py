"""What this module holds of a party (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

HELD = (
    Held(
        "paperwork_printed", "case_id IN (SELECT id FROM cases_case WHERE party_id = ANY(%(parties)s))", blank=("for_whom",),
        keeps=("form", "document_number", "ground"),
    ),
)  # fmt: skip

NOT_OF_A_PARTY: dict[str, str] = {}

MOMENTS = (
    Moment(
        "case",
        "SELECT c.party_id, p.at::date, false FROM paperwork_printed p JOIN cases_case c ON c.id = p.case_id",
    ),
)
