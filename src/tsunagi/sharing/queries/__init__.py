"""Grounds in force, what a word or an enquiry tells whom, and facts under a special secret as this worker sees them."""

from __future__ import annotations

from .consents import (
    ConsentBrief,
    ConsentCard,
    ConsentOfficeCard,
    ExplanationCard,
    consent_and_offices,
    consent_briefs,
    consent_card,
    consent_state,
    consent_states,
    consents_of,
    explanations,
    look_again_day,
    may_be_told,
    named_on_papers,
    offices_within_consent,
    records_of_one,
)
from .enquiries import EnquiryCard, EnquiryReplyCard, answer_page, enquiries_of, enquiry_page
from .grounds import ground_of, grounds, grounds_between, grounds_between_offices
from .guarded import GuardedCard, guarded_of, guarded_page
from .ledger import FlowCard, LedgerPage, LedgerRow, flow_between, flows, ledger
from .who import DraftRow, LookRow, WhoRow, disclosure_draft, looks_at, who_and_why
from .words import ToldPage, read_question, stored_question, told_page

__all__ = [
    "ConsentBrief",
    "ConsentCard",
    "ConsentOfficeCard",
    "DraftRow",
    "EnquiryCard",
    "EnquiryReplyCard",
    "ExplanationCard",
    "FlowCard",
    "GuardedCard",
    "LedgerPage",
    "LedgerRow",
    "LookRow",
    "ToldPage",
    "WhoRow",
    "answer_page",
    "consent_and_offices",
    "consent_briefs",
    "consent_card",
    "consent_state",
    "consent_states",
    "consents_of",
    "disclosure_draft",
    "enquiries_of",
    "enquiry_page",
    "explanations",
    "flow_between",
    "flows",
    "ground_of",
    "grounds",
    "grounds_between",
    "grounds_between_offices",
    "guarded_of",
    "guarded_page",
    "ledger",
    "look_again_day",
    "looks_at",
    "may_be_told",
    "named_on_papers",
    "offices_within_consent",
    "read_question",
    "records_of_one",
    "stored_question",
    "told_page",
    "who_and_why",
]
