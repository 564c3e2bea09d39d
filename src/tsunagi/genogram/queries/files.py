"""A picture as a file: SVG as drawn, PNG and PDF through the press."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Protocol

from tsunagi.press.pdf import PDF, drawn, typeset
from tsunagi.shared import wareki

# Ending → words on the button, content type.
FILES = {
    "pdf": ("PDF（A4）", PDF),
    "png": ("PNG（画像）", "image/png"),
    "svg": ("SVG（図）", "image/svg+xml"),
}


class Drawn(Protocol):
    """What is taken along: a picture with its list."""

    @property
    def svg(self) -> str:
        """The picture."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def sections(self) -> Collection[tuple[str, tuple[str, ...]]]:
        """The same in words."""


def file_of(kind: str, picture: Drawn, *, on: date, at: datetime, by: str) -> bytes:
    """The bytes of a picture as `kind` (svg, png, pdf)."""
    if kind == "svg":
        return picture.svg.encode()
    values = {
        "title": picture.title,
        "svg": picture.svg,
        "day": f"{wareki.show(on)}現在",
        "footer": f"取扱注意　印刷 {at:%Y-%m-%d %H:%M}　{by}",
        "sections": [{"heading": heading, "lines": list(lines)} for heading, lines in picture.sections],
    }
    if kind == "png":
        return drawn("genogram/papers/image.typ", values, at=at)
    return typeset("genogram/papers/picture.typ", values, at=at)
