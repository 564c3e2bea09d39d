"""What somebody typed, as a question to the index (tsquery)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import variants
from .tokens import Word, folded, quoted, words_of

MOST_WORDS = 10
LONGEST_QUESTION = 200
SHORTEST = 2
_GAP = re.compile(r"[\s、，,]+")


@dataclass(frozen=True)
class Question:
    """`tsquery` for the database; `lexemes` are what to mark in a text, `last` may be the beginning of one.

    `tsquery` is "" when nothing that was typed can be found (only particles or signs).
    """

    typed: str
    tsquery: str
    lexemes: frozenset[str]
    last: str


def question_of(typed: str) -> Question:
    """Every word must stand in the text; words typed together stand together; the last may be unfinished.

    At most `MOST_WORDS` words and `LONGEST_QUESTION` letters are read.
    """
    chunks = [chunk for chunk in _GAP.split(folded(typed[:LONGEST_QUESTION])) if chunk][:MOST_WORDS]
    asked: list[str] = []
    lexemes: set[str] = set()
    last = ""
    for number, chunk in enumerate(chunks):
        words = words_of(chunk)
        if not words:
            continue
        is_last = number == len(chunks) - 1
        ways = [_together(words, open_end=is_last)]
        lexemes |= _marks(words)
        last = words[-1].parts[-1].asked if is_last else ""
        for other in _variants().get(_key(words), ()):
            ways.append(_together(other, open_end=False))
            lexemes |= _marks(other)
        asked.append(ways[0] if len(ways) == 1 else f"({' | '.join(dict.fromkeys(ways))})")
    return Question(
        typed.strip(), " & ".join(asked), frozenset(lexemes), last if len(last) >= SHORTEST else ""
    )


def _together(words: Sequence[Word], *, open_end: bool) -> str:
    """Words of one chunk stand side by side in the text; a compound also when it is written as its parts."""
    parts = [_ways(word, open_end=open_end and word is words[-1]) for word in words]
    whole = " <-> ".join(parts)
    return f"({whole})" if len(parts) > 1 else whole


def _ways(word: Word, *, open_end: bool) -> str:
    parts = [quoted(part.asked) for part in word.parts]
    # One letter would begin half of all words.
    if open_end and len(word.parts[-1].asked) >= SHORTEST:
        parts[-1] += ":*"
    if len(parts) == 1:
        return parts[0]
    return f"({quoted(word.whole.asked)} | ({' <-> '.join(parts)}))"


def _marks(words: Sequence[Word]) -> set[str]:
    """The stem says enough; a part of a compound is marked only with the whole of it."""
    return {word.whole.asked for word in words} | {part.asked for word in words for part in word.parts}


def _key(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.whole.asked for word in words)


@lru_cache(maxsize=1)
def _variants() -> dict[tuple[str, ...], tuple[tuple[Word, ...], ...]]:
    """The same word in other words of the field (生保 → 生活保護)."""
    known: dict[tuple[str, ...], list[tuple[Word, ...]]] = {}
    for group in variants.groups():
        cut = {_key(words): tuple(words) for word in group if (words := words_of(word))}
        for key in cut:
            known.setdefault(key, []).extend(words for other, words in cut.items() if other != key)
    return {key: tuple(found) for key, found in known.items()}
