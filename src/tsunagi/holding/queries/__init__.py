"""What screens and others may ask of holding."""

from .beside import (
    BY_OWN_DEED,
    GapRow,
    PromisePage,
    SecondPage,
    gaps_by_kind,
    gaps_of,
    open_promises_of,
    promise_page,
    second_page,
)
from .concern import ConcernPage, Happened, concern_page, history_of
from .rows import (
    RowCard,
    RowMaker,
    beside_me,
    held_by_me_for,
    holds,
    holds_of_parties,
    my_holds,
    my_promises,
    parties_together,
    party_label,
    promises,
)
from .settings import city_settings

__all__ = [
    "BY_OWN_DEED",
    "ConcernPage",
    "GapRow",
    "Happened",
    "PromisePage",
    "RowCard",
    "RowMaker",
    "SecondPage",
    "beside_me",
    "city_settings",
    "concern_page",
    "gaps_by_kind",
    "gaps_of",
    "held_by_me_for",
    "history_of",
    "holds",
    "holds_of_parties",
    "my_holds",
    "my_promises",
    "open_promises_of",
    "parties_together",
    "party_label",
    "promise_page",
    "promises",
    "second_page",
]
