"""The place in a text where the words stand, cut to a few lines, as pieces to mark. No markup: a template makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .asking import Question
from .tokens import folded, tokens_of

AROUND = 40
SHOWN = 160


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `marked` where it is what was asked for."""

    words: str
    marked: bool


def excerpt(text: str, question: Question) -> tuple[Piece, ...]:
    """About `SHOWN` letters around the first word found, as pieces; "…" where something is left out.

    The text is shown folded (width and old characters as they are searched): the record itself shows it as written.
    """
    plain = folded(text)
    found = _merged(
        (token.begin, token.end) for token in tokens_of(text) if _is_asked(token.lexemes, question)
    )
    begin = max(0, (found[0][0] if found else 0) - AROUND)
    end = min(len(plain), begin + SHOWN)
    pieces: list[Piece] = [Piece("…", False)] if begin else []
    at = begin
    for first, last in found:
        if last > end:
            break
        if first > at:
            pieces.append(Piece(plain[at:first], False))
        pieces.append(Piece(plain[first:last], True))
        at = last
    if at < end:
        pieces.append(Piece(plain[at:end], False))
    if end < len(plain):
        pieces.append(Piece("…", False))
    return tuple(pieces)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that touch or overlap as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _is_asked(lexemes: tuple[str, ...], question: Question) -> bool:
    if question.lexemes & set(lexemes):
        return True
    return bool(question.last) and any(lexeme.startswith(question.last) for lexeme in lexemes)
