"""The deeds of intake."""

from .consultations import (
    ConcernWish,
    InformantWish,
    correct_consultation,
    end_agreed,
    end_consultation,
    give_consultation,
    give_word_back,
    make_concerns,
    say_who,
    take_consultation,
)

__all__ = [
    "ConcernWish",
    "InformantWish",
    "correct_consultation",
    "end_agreed",
    "end_consultation",
    "give_consultation",
    "give_word_back",
    "make_concerns",
    "say_who",
    "take_consultation",
]
