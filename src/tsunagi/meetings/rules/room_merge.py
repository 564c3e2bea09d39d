"""Two people type the same row: what fits together is put together, what does not stands side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LABELS = {
    "kind": "種類",
    "what": "決まったこと",
    "owner_id": "だれが",
    "owner_words": "だれが（構成員のほか）",
    "due": "いつまで",
    "removed": "取り消し",
}
"""The parts of a row, in the order in which a difference is shown."""


@dataclass(frozen=True)
class Merged:
    """What comes of two texts over the same beginning."""

    values: dict[str, str]
    clashes: tuple[tuple[str, str, str], ...] = ()
    """(part, what is stored, what came): both were changed, and differently."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing stands against anything."""
        return not self.clashes


def merged(base: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]) -> Merged:
    """Merge part by part (three-way). `base` is what `mine` began from; where both changed a part alike, it is one change.

    On a clash `values` holds what is stored. Spaces at the ends change nothing.
    """
    values: dict[str, str] = {}
    clashes = []
    for part in LABELS:
        before, stored, typed = (_plain(side.get(part, "")) for side in (base, theirs, mine))
        if typed in (before, stored):
            values[part] = stored
        elif stored == before:
            values[part] = typed
        else:
            values[part] = stored
            clashes.append((part, stored, typed))
    return Merged(values, tuple(clashes))


def _plain(words: str) -> str:
    return words.strip().replace("\r\n", "\n")
