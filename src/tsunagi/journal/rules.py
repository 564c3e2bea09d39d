"""What may stand in the journal: numbers and codes, never a name, never typed text (個情法 23条; sharing.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tsunagi.shared.my_number import find

_CODE = re.compile(r"[A-Za-z0-9_.:+/\-]{0,64}")
_TELEPHONE = re.compile(r"0[0-9]{9,10}|0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")
# A SHA-256 is drawn by lot: twelve digits with a fitting check digit turn up in it now and then, and mean nobody.
_DIGEST = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{64}")
_DEEPEST = 4


class NotACode(ValueError):
    """Something that is no number and no code was about to be written into the journal. Never repeats it."""


def check_line(
    action: str, *, subject_kind: str, purpose: str, ground: str, detail: Mapping[str, Any] | None
) -> None:
    """Raise NotACode unless every part of a line is a number or a code."""
    for name, word in (
        ("action", action),
        ("subject_kind", subject_kind),
        ("purpose", purpose),
        ("ground", ground),
    ):
        _check_word(word, name)
    if not action:
        raise NotACode("action: 空の操作名は記録できません。")
    for path, value in _leaves(detail or {}, "detail", 0):
        _check_value(value, path)


def _leaves(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        raise NotACode(f"{path}: 記録の内容が深すぎます。")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # A key that is typed text must not be repeated either, so it is checked before it becomes a path.
            _check_word(key if isinstance(key, str) else "", f"{path} の見出し")
            yield from _leaves(inner, f"{path}.{key}", depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _leaves(inner, path, depth + 1)
    else:
        yield path, value


def _check_value(value: Any, path: str) -> None:
    if value is None or isinstance(value, bool | float):
        return
    if isinstance(value, int):
        if find(str(value)) is not None:
            raise NotACode(f"{path}: 個人番号と思われる番号は記録できません。")
        return
    if not isinstance(value, str):
        raise NotACode(f"{path}: 番号と符号のほかは記録できません({type(value).__name__})。")
    _check_word(value, path)


def _check_word(word: str, path: str) -> None:
    if not _CODE.fullmatch(word):
        raise NotACode(
            f"{path}: 符号ではない文字が入っています。名前や文ではなく、番号か符号を記録してください。"
        )
    if _DIGEST.fullmatch(word):
        return
    if _TELEPHONE.fullmatch(word) or find(word) is not None:
        raise NotACode(f"{path}: 電話番号や個人番号は記録できません。")
