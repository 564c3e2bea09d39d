"""Enums with a Japanese label: what logic branches on."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A small enum whose members are `NAME = "value", "ラベル"`."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(value, label) pairs, as Django's fields and forms take them."""
        return [(member.value, member.label) for member in cls]
