"""What screens and others may ask of holding."""

from .rows import (
    RowCard,
    RowMaker,
    beside_me,
    held_by_me_for,
    holds,
    holds_of_parties,
    my_holds,
    my_promises,
    party_label,
    promises,
)

__all__ = [
    "RowCard",
    "RowMaker",
    "beside_me",
    "held_by_me_for",
    "holds",
    "holds_of_parties",
    "my_holds",
    "my_promises",
    "party_label",
    "promises",
]
