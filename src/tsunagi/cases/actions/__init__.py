"""The deeds: `files` (opened, written in, corrected, closed), `beside` (supervision, jottings, own words, templates)."""

from __future__ import annotations

from .beside import (
    TemplateWish,
    change_jotting,
    change_template,
    forget_jottings,
    jot,
    retire_template,
    state_own_words,
    throw_away,
    write_supervision,
    write_template,
)
from .files import (
    LABELS,
    STALE,
    SUBJECT,
    WRITTEN,
    choose_concerns,
    close_case,
    correct_note,
    open_case,
    reopen_case,
    say_whose_file,
    set_consent,
    set_plan_days,
    set_stage,
    write_note,
)

__all__ = [
    "LABELS",
    "STALE",
    "SUBJECT",
    "WRITTEN",
    "TemplateWish",
    "change_jotting",
    "change_template",
    "choose_concerns",
    "close_case",
    "correct_note",
    "forget_jottings",
    "jot",
    "open_case",
    "reopen_case",
    "retire_template",
    "say_whose_file",
    "set_consent",
    "set_plan_days",
    "set_stage",
    "state_own_words",
    "throw_away",
    "write_note",
    "write_supervision",
    "write_template",
]
