"""The gallery's pictures, drawn from the rules alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from ..rules import ecomap as eco
from ..rules.drawing import Words, draw
from ..rules.gallery import hard_families, world_of
from ..rules.kinship import listed
from ..rules.place import lay_out


@dataclass(frozen=True)
class Shown:
    """One family of the gallery."""

    key: str
    title: str
    why: str
    people: int
    crossings: int
    svg: SafeString
    eco: SafeString
    sections: list[tuple[str, tuple[str, ...]]]


def gallery_pictures() -> list[Shown]:
    """All ten, with their ecomaps."""
    return [
        Shown(
            one.key, one.title, one.why, len(one.family.members), one.crossings,
            SafeString(draw(lay_out(one.family), one.family, Words(one.title, one.why))),
            SafeString(eco.draw(world_of(one), Words(f"{one.title}のエコマップ", one.why))),
            listed(one.family),
        )
        for one in hard_families()
    ]  # fmt: skip
