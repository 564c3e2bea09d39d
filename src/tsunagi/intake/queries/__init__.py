"""What the screens of the desk ask; the first argument is the worker."""

from tsunagi.intake.ledger.files import read_tables

from .record import (
    ConcernLine,
    ConsultationRecord,
    choices_of_whose,
    latest_consultations,
    open_concerns_of,
    record_of,
)
from .slips import SlipRow, paper_of, slips_of
from .triage import TriageList, TriageRow, triage_counts, triage_list
from .who import Found, Offer, found_for, others_for

__all__ = [
    "ConcernLine",
    "ConsultationRecord",
    "Found",
    "Offer",
    "SlipRow",
    "TriageList",
    "TriageRow",
    "choices_of_whose",
    "found_for",
    "latest_consultations",
    "open_concerns_of",
    "others_for",
    "paper_of",
    "read_tables",
    "record_of",
    "slips_of",
    "triage_counts",
    "triage_list",
]
