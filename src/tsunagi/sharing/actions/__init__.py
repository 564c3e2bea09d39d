"""The deeds of this module; nothing else writes its tables."""

from __future__ import annotations

from .enquiries import ask_holder, close_matching, send_enquiry, write_reply
from .grounds import load_shipped
from .guarded import choose_door, write_guarded
from .words import keep_lookup, knock, leave_word, pass_on, tell_holder

__all__ = [
    "ask_holder",
    "choose_door",
    "close_matching",
    "keep_lookup",
    "knock",
    "leave_word",
    "load_shipped",
    "pass_on",
    "send_enquiry",
    "tell_holder",
    "write_guarded",
    "write_reply",
]
