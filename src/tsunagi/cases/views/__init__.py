"""The family's file on the screen."""

from __future__ import annotations

from .beside import jotting_edit, jotting_new, own_words_new, quick, quick_help, supervision_new
from .files import close, concerns, detail, index, new, note_edit, note_new, paper, reopen, secret, stage
from .templates import template_edit, template_new, templates

__all__ = [
    "close",
    "concerns",
    "detail",
    "index",
    "jotting_edit",
    "jotting_new",
    "new",
    "note_edit",
    "note_new",
    "own_words_new",
    "paper",
    "quick",
    "quick_help",
    "reopen",
    "secret",
    "stage",
    "supervision_new",
    "template_edit",
    "template_new",
    "templates",
]
