"""What screens and other modules ask about people; the first argument is the worker where it is about seeing."""

from __future__ import annotations

from .cards import (
    NOT_ASKED,
    AddressCard,
    AliasCard,
    HouseholdCard,
    InvolvementCard,
    MemberCard,
    PersonCard,
    PhoneCard,
    ProtectionCard,
    RelationCard,
    SafeContactCard,
    UnknownCard,
)
from .families import household_card, household_of, households_of, relations_of
from .guarded import (
    EndingMeasure,
    ProtectionPage,
    lived_with,
    measures_ending,
    own_people_of,
    protection_page,
)
from .involved import involvements_of, who_can_see
from .lists import ListPage, PersonRow, people_of
from .lookup import LookupCard, evidence_from_keys, lookup, match, match_many
from .parties import (
    district_id_of,
    household_ids_of,
    is_protected,
    members_of,
    name_of,
    party_names,
    root_of,
    unknown_card,
)
from .persons import (
    birth_facts_of,
    birth_of,
    changes_of,
    contact_values,
    person_card,
    safe_contact_of,
    shown_name,
)
from .silent import SilentMatch, hinted_matches, silent_matches

__all__ = [
    "NOT_ASKED",
    "AddressCard",
    "AliasCard",
    "EndingMeasure",
    "HouseholdCard",
    "InvolvementCard",
    "ListPage",
    "LookupCard",
    "MemberCard",
    "PersonCard",
    "PersonRow",
    "PhoneCard",
    "ProtectionCard",
    "ProtectionPage",
    "RelationCard",
    "SafeContactCard",
    "SilentMatch",
    "UnknownCard",
    "birth_facts_of",
    "birth_of",
    "changes_of",
    "contact_values",
    "district_id_of",
    "evidence_from_keys",
    "hinted_matches",
    "household_card",
    "household_ids_of",
    "household_of",
    "households_of",
    "involvements_of",
    "is_protected",
    "lived_with",
    "lookup",
    "match",
    "match_many",
    "measures_ending",
    "members_of",
    "name_of",
    "own_people_of",
    "party_names",
    "people_of",
    "person_card",
    "protection_page",
    "relations_of",
    "root_of",
    "safe_contact_of",
    "shown_name",
    "silent_matches",
    "unknown_card",
    "who_can_see",
]
