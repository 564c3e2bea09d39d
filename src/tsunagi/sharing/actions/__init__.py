"""The deeds of this module; nothing else writes its tables."""

from __future__ import annotations

from .consents import (
    add_office,
    answer_paper,
    end_consents_past_their_day,
    end_of_the_dead,
    look_again,
    note_told,
    record_consent,
    silence_after_joining,
    withdraw_consent,
    withdraw_everything,
    write_explanation,
)
from .enquiries import ask_holder, close_matching, send_enquiry, write_reply
from .glass import break_glass, close_glass, review_glass
from .glass_of_two import (
    answer_pair,
    ask_for_two,
    call_off_pair,
    end_pairs_past_their_time,
    find_pair,
)
from .grounds import load_shipped
from .guarded import choose_door, write_guarded
from .ledger import decide_flow, end_flow, write_disclosure
from .words import keep_lookup, knock, leave_word, pass_on, tell_holder

__all__ = [
    "add_office",
    "answer_pair",
    "answer_paper",
    "ask_for_two",
    "ask_holder",
    "break_glass",
    "call_off_pair",
    "choose_door",
    "close_glass",
    "close_matching",
    "decide_flow",
    "end_consents_past_their_day",
    "end_flow",
    "end_of_the_dead",
    "end_pairs_past_their_time",
    "find_pair",
    "keep_lookup",
    "knock",
    "leave_word",
    "load_shipped",
    "look_again",
    "note_told",
    "pass_on",
    "record_consent",
    "review_glass",
    "send_enquiry",
    "silence_after_joining",
    "tell_holder",
    "withdraw_consent",
    "withdraw_everything",
    "write_disclosure",
    "write_explanation",
    "write_guarded",
    "write_reply",
]
