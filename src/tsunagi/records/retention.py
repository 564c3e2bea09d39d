"""What this module holds of a party, and from when it is counted (`tsunagi dispose`, decision 0050)."""

from __future__ import annotations

from tsunagi.shared.held import Held, Moment

_PARTY = "party_id = ANY(%(parties)s)"
_INCIDENTS = "SELECT incident_id FROM records_incidentparty WHERE party_id = ANY(%(parties)s)"

HELD = (
    Held("records_demandmask", f"demand_id IN (SELECT id FROM records_demand WHERE {_PARTY})", delete=True),
    Held(
        "records_demand", _PARTY,
        blank=("requester", "requester_contact", "agent", "about_name", "about_kana", "about_birth", "wanted", "answer_words",
               "answered_how", "extended_words", "withdrawn_words", "their_number"),
        keeps=("asks_as", "document_number", "candidates"),
    ),
    Held("records_legalhold", _PARTY, blank=("words", "released_words")),
    # An incident of several people goes when the last of them does; until then only the name in it is taken out.
    Held(
        "records_incident",
        f"id IN ({_INCIDENTS}) AND NOT EXISTS (SELECT 1 FROM records_incidentparty o WHERE o.incident_id = records_incident.id"
        " AND NOT o.party_id = ANY(%(parties)s))",
        blank=("words", "items", "who_saw", "cause", "spread", "told_words", "public_words", "measures", "look_back_words"),
    ),
    Held("records_voice", _PARTY, blank=("name", "contact", "words", "answer", "changed"), keeps=("topic",)),
)  # fmt: skip

NOT_OF_A_PARTY = {
    "records_keepingrule": "the city's rules",
    "records_disposal": "numbers, kinds, counts",
    "records_disposalitem": "numbers, kinds, counts",
    "records_demandpackage": "counts and digests",
    "records_demandpage": "counts and reasons",
    "records_incidentparty": "numbers",
    "records_incidentstop": "codes",
    "records_overseer": "workers",
}

MOMENTS = (
    Moment(
        "demand",
        "SELECT party_id, COALESCE(answered_on, decided_at::date, came_on), state IN ('open', 'decided') FROM records_demand"
        " WHERE party_id IS NOT NULL",
    ),
    Moment(
        "incident",
        "SELECT p.party_id, COALESCE(i.looked_back_at, i.reported_at)::date, i.state <> 'closed'"
        " FROM records_incidentparty p JOIN records_incident i ON i.id = p.incident_id",
    ),
    Moment(
        "complaint",
        "SELECT party_id, COALESCE(answered_at::date, came_on), state = 'open' FROM records_voice WHERE party_id IS NOT NULL",
    ),
)
