"""Which letters the papers' font has, so that a name never prints as a blank."""

from __future__ import annotations

import functools
import importlib.util
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

GETA = "〓"
"""What printers set where a letter is missing (ゲタ)."""

_FONT_ENDINGS = {".ttf", ".otf", ".ttc"}


def font_folders() -> list[Path]:
    """Where the fonts lie: the wheel's, then the city's own (`TSUNAGI_FONTS`)."""
    found = importlib.util.find_spec("matplotlib_fontja")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("和文フォントが見つかりません。make setup をやり直してください。")
    folders = [Path(found.submodule_search_locations[0]) / "fonts"]
    own = os.environ.get("TSUNAGI_FONTS")
    return [*folders, Path(own)] if own else folders


@functools.cache
def letters_we_have() -> frozenset[int]:
    """The code points some font of ours can show."""
    from fontTools.ttLib import TTCollection, TTFont

    have: set[int] = set()
    for folder in font_folders():
        for path in sorted(folder.iterdir()):
            ending = path.suffix.lower()
            if ending not in _FONT_ENDINGS:
                continue
            with (TTCollection if ending == ".ttc" else TTFont)(path, lazy=True) as file:
                for face in file.fonts if ending == ".ttc" else [file]:
                    have |= set(face.getBestCmap() or {})
    return frozenset(have)


def missing(text: str) -> list[str]:
    """The letters of `text` that would print as a blank, each once, in order."""
    # Nearly every text has only letters we have, and a paper has thousands of texts.
    strange = set(text) - _letters()
    if not strange:
        return []
    return list(dict.fromkeys(letter for letter in text if letter in strange and _shows(letter)))


@functools.cache
def _letters() -> frozenset[str]:
    return frozenset(map(chr, letters_we_have()))


def shown(value: Any) -> Any:
    """`value` (texts, lists, dicts, numbers) with 〓 for every letter that no font has."""
    if isinstance(value, str):
        lost = set(missing(value))
        return "".join(GETA if letter in lost else letter for letter in value) if lost else value
    if isinstance(value, dict):
        return {key: shown(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [shown(inner) for inner in value]
    return value


def all_missing(value: Any) -> list[str]:
    """The missing letters of everything in `value`, each once."""
    return list(dict.fromkeys(letter for text in _texts(value) for letter in missing(text)))


def named(letters: Iterable[str]) -> str:
    """Letters by their code, for the foot of a paper: `U+20BB7`."""
    return "・".join(f"U+{ord(letter):04X}" for letter in letters)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _shows(letter: str) -> bool:
    """Whether a letter has a shape of its own (no space, control, format or variation selector)."""
    if unicodedata.category(letter) in {"Cc", "Cf", "Zs", "Zl", "Zp"}:
        return False
    return not (0xFE00 <= ord(letter) <= 0xFE0F or 0xE0100 <= ord(letter) <= 0xE01EF)
