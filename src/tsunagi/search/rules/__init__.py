"""What words are found: tokens of a text, questions to the index, marks in what is shown. Plain Python."""

from __future__ import annotations

from .asking import Question, question_of
from .marking import Piece, excerpt
from .texts import LONGEST, PARTY_KEYS, Key, Text, TextKind, joined
from .tokens import Token, tokens_of, vector_of, words_of

__all__ = [
    "LONGEST",
    "PARTY_KEYS",
    "Key",
    "Piece",
    "Question",
    "Text",
    "TextKind",
    "Token",
    "excerpt",
    "joined",
    "question_of",
    "tokens_of",
    "vector_of",
    "words_of",
]
