"""Japanese text as normalised tokens with positions (Sudachi), for an index that finds what was meant.

Both the text and the question go through here, so what is written one way is found when asked another way: width,
old characters, okurigana (引きこもり・引籠り), kana or kanji (ひきこもり・ヒキコモリ), verbs in any form (滞納した).
A compound is indexed whole and in its parts, at the place of its first part.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tsunagi.shared.old_forms import GROUPS

from .texts import LONGEST

MOST_PLACES = 250
LAST_POSITION = 16_383  # PostgreSQL keeps no position beyond
LONGEST_LEXEME = 120
_PIECE = 8_000  # letters given to Sudachi at once (it takes 49,149 bytes)
_OPEN_CLASSES = {"名詞", "代名詞", "動詞", "形容詞", "形状詞", "副詞", "感動詞", "接頭辞", "接尾辞"}
# 非自立可能: いる, ある, する, なる …: they stand in every sentence.
_EMPTY = {
    "為る",
    "居る",
    "有る",
    "成る",
    "来る",
    "行く",
    "事",
    "物",
    "為",
    "様",
    "御",
    "さん",
    "等",
    "達",
    "者",
    "の",
    "無い",
}
_DROPPED = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u180b-\u180d\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef\ud800-\udfff\u00ad]"
)
_TO_NEW = str.maketrans({old: group[0] for group in GROUPS.split() for old in group[1:]})
_KANJI = re.compile("[々〆〇㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_TAIL = re.compile("[ぁ-ん]+$")
_KATAKANA = re.compile("[ァ-ヺー]{3,}")
_BREAK = re.compile("(?<=[。\n])")

_local = threading.local()


@dataclass(frozen=True)
class Token:
    """A stretch of the folded text (begin, end), its first and last place among the words, its lexemes.

    `lexemes` are what the index holds for it: the normalised form, and the stem of a word with okurigana.
    """

    begin: int
    end: int
    first: int
    last: int
    lexemes: tuple[str, ...]

    @property
    def asked(self) -> str:
        """The lexeme that finds most of what is meant: the stem where there is one."""
        return self.lexemes[-1]


@dataclass(frozen=True)
class Word:
    """A word with its parts; one that has no parts is its own only part."""

    whole: Token
    parts: tuple[Token, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Everything the index holds of it."""
        return self.parts if len(self.parts) == 1 else (self.whole, *self.parts)


def folded(text: str) -> str:
    """The text as it is tokenised: NFKC, old characters as new ones, without what has no shape."""
    return unicodedata.normalize("NFKC", _DROPPED.sub("", text)).translate(_TO_NEW)


def words_of(text: str) -> list[Word]:
    """The words of `text` (folded first, cut at `LONGEST` letters), in order; particles and empty words left out."""
    found: list[Word] = []
    place = 0
    for begin, piece in _pieces(folded(text[:LONGEST])):
        for morpheme in _cut(piece):
            if not _counts(morpheme):
                continue
            cut = _parts(morpheme)
            parts = tuple(
                Token(
                    begin + part.begin(), begin + part.end(), place + number, place + number, _lexemes(part)
                )
                for number, part in enumerate(cut, start=1)
            )
            # A compound stands at its first and at its last part: beside what goes before and what follows.
            whole = Token(
                begin + morpheme.begin(),
                begin + morpheme.end(),
                place + 1,
                place + len(cut),
                _lexemes(morpheme),
            )
            place += len(cut)
            found.append(Word(whole, parts))
    return found


def tokens_of(text: str) -> list[Token]:
    """Everything of `text` the index holds, compounds before their parts."""
    return [token for word in words_of(text) for token in word.tokens]


def vector_of(text: str) -> str:
    """`text` as PostgreSQL reads a tsvector: `'家賃':1 '滞納':2`. "" when there is nothing to find."""
    places: dict[str, dict[int, None]] = {}
    for token in tokens_of(text):
        for lexeme in token.lexemes:
            known = places.setdefault(lexeme, {})
            if len(known) < MOST_PLACES:
                known[min(token.first, LAST_POSITION)] = known[min(token.last, LAST_POSITION)] = None
    return " ".join(f"{quoted(lexeme)}:{','.join(map(str, known))}" for lexeme, known in places.items())


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL's tsvector and tsquery take it, whatever letters it has."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces Sudachi can take, cut after a sentence where there is one."""
    begin = 0
    piece = ""
    for sentence in _BREAK.split(text):
        if piece and len(piece) + len(sentence) > _PIECE:
            yield begin, piece
            begin, piece = begin + len(piece), ""
        piece += sentence
        while len(piece) > _PIECE:
            yield begin, piece[:_PIECE]
            begin, piece = begin + _PIECE, piece[_PIECE:]
    if piece:
        yield begin, piece


def _cut(piece: str) -> Any:
    return _tokenizer().tokenize(piece)


def _parts(morpheme: Any) -> list[Any]:
    from sudachipy import SplitMode

    # (add_single=True gives morphemes that do not know their place in sudachipy 0.7.0)
    return list(morpheme.split(SplitMode.A, add_single=False)) or [morpheme]


def _counts(morpheme: Any) -> bool:
    kind = morpheme.part_of_speech()
    return kind[0] in _OPEN_CLASSES and morpheme.normalized_form() not in _EMPTY and kind[1] != "助動詞語幹"


def _lexemes(morpheme: Any) -> tuple[str, ...]:
    form = morpheme.normalized_form().lower()
    if morpheme.is_oov() and _KATAKANA.fullmatch(form):
        form = _known_as(form) or form
    stem = _TAIL.sub("", form)
    # 引き籠もる and 引き籠もり share 引き籠; 上がる and 上げる must not share 上.
    several = len(_KANJI.findall(stem)) >= 2
    chosen = (form, stem) if several and stem != form else (form,)
    return tuple(lexeme[:LONGEST_LEXEME] for lexeme in chosen)


@lru_cache(maxsize=4_096)
def _known_as(katakana: str) -> str:
    """ヒキコモリ is in no dictionary, ひきこもり is."""
    hiragana = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in katakana)
    found = list(_cut(hiragana))
    return found[0].normalized_form() if len(found) == 1 and not found[0].is_oov() else ""


def _tokenizer() -> Any:
    """One tokenizer per thread over one dictionary per process (its file is mapped, not copied)."""
    found = getattr(_local, "tokenizer", None)
    if found is None:
        from sudachipy import SplitMode

        found = _local.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return found


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="core")
