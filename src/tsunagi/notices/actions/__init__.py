"""Telling workers something, taking a message for them, and letters that say only that something waits."""

from .letters import digest, purge_letters, send_due, want_letters
from .mail_choices import ask_address, choose, confirm, forget_address, look_again
from .telling import KEPT_DAYS, purge, read, read_all, tell, write_message

__all__ = [
    "KEPT_DAYS",
    "ask_address",
    "choose",
    "confirm",
    "digest",
    "forget_address",
    "look_again",
    "purge",
    "purge_letters",
    "read",
    "read_all",
    "send_due",
    "tell",
    "want_letters",
    "write_message",
]
