"""The deeds: begin, write a section, screen, finish; strengths; life events; a word about what the household shows."""

from ._file import BOTH_WROTE
from .lives import (
    LifeWish,
    StrengthWish,
    add_life_event,
    add_strength,
    correct_life_event,
    correct_strength,
    remove_life_event,
)
from .patterns import answer_pattern
from .sheets import (
    BothWrote,
    NotKnown,
    ScreeningWish,
    begin_assessment,
    finish_assessment,
    screen,
    settle_unknown,
    write_section,
)

__all__ = [
    "BOTH_WROTE",
    "BothWrote",
    "LifeWish",
    "NotKnown",
    "ScreeningWish",
    "StrengthWish",
    "add_life_event",
    "add_strength",
    "answer_pattern",
    "begin_assessment",
    "correct_life_event",
    "correct_strength",
    "finish_assessment",
    "remove_life_event",
    "screen",
    "settle_unknown",
    "write_section",
]
