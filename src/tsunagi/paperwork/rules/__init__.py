"""The forms as the city signs them, and how much of whom a paper says. Plain Python."""

from __future__ import annotations

from .catalogue import BY_CODE, FORMS, form_of
from .forms import (
    UNSEEN,
    WIDTH,
    Block,
    Choice,
    Chosen,
    Column,
    Drawn,
    Field,
    Filling,
    Form,
    Head,
    Picture,
    Row,
    Sheet,
    Sign,
    Statement,
    Table,
    Value,
    missing,
)
from .masks import BLACKED, NOT_SAID, Known, Mask, Veil, band, blacked_words, initials
from .prints import OTHER, Format, HowBack, check_leaving, check_many, check_of_one, check_print, copy_number

__all__ = [
    "BLACKED", "BY_CODE", "FORMS", "NOT_SAID", "OTHER", "UNSEEN", "WIDTH", "Block", "Choice", "Chosen", "Column", "Drawn", "Field",
    "Filling", "Form", "Format", "Head", "HowBack", "Known", "Mask", "Picture", "Row", "Sheet", "Sign", "Statement", "Table",
    "Value", "Veil", "band", "blacked_words", "check_leaving", "check_many", "check_of_one", "check_print", "copy_number", "form_of", "initials", "missing",
]  # fmt: skip
