"""Opening a city from its file, marks that stay, what was looked at, the yearly review."""

from .marks import mark_demo, note_look
from .opening import Opened, open_city
from .reviewing import answer, begin_reviews, close_review, hand_review

__all__ = [
    "Opened",
    "answer",
    "begin_reviews",
    "close_review",
    "hand_review",
    "mark_demo",
    "note_look",
    "open_city",
]
