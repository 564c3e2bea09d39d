"""Grounds in force, what a word or an enquiry tells whom, and facts under a special secret as this worker sees them."""

from __future__ import annotations

from .enquiries import EnquiryCard, EnquiryReplyCard, answer_page, enquiries_of, enquiry_page
from .grounds import ground_of, grounds, grounds_between, grounds_between_offices
from .guarded import GuardedCard, guarded_of, guarded_page
from .words import ToldPage, read_question, stored_question, told_page

__all__ = [
    "EnquiryCard",
    "EnquiryReplyCard",
    "GuardedCard",
    "ToldPage",
    "answer_page",
    "enquiries_of",
    "enquiry_page",
    "ground_of",
    "grounds",
    "grounds_between",
    "grounds_between_offices",
    "guarded_of",
    "guarded_page",
    "read_question",
    "stored_question",
    "told_page",
]
