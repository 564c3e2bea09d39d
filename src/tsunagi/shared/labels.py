"""Words that logic branches on, each with the Japanese words people read."""

from __future__ import annotations

from enum import StrEnum, nonmember
from typing import Self


class Labelled(StrEnum):
    """A closed list: `MET = "met", "会えた・話せた"`. The value is stored, `.label` is shown.

    Usable wherever Django wants choices: `ChoiceField(choices=Kind.choices())`,
    `TypedChoiceField(coerce=Kind)`. A member without a label is shown as its value.
    """

    # Templates call what can be called; calling an enum class is looking a member up.
    do_not_call_in_templates = nonmember(True)

    label: str

    def __new__(cls, value: str, label: str | None = None) -> Self:
        """Make a member from its stored value and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = value if label is None else label
        return member

    @classmethod
    def choices(cls, blank: str | None = None) -> list[tuple[str, str]]:
        """(value, label) in the order written, as plain text; `blank` labels an empty first choice."""
        first = [] if blank is None else [("", blank)]
        return first + [(str(member.value), member.label) for member in cls]

    @classmethod
    def values(cls) -> list[str]:
        """The stored values in the order written."""
        return [str(member.value) for member in cls]

    @classmethod
    def label_of(cls, value: str | None) -> str:
        """The label of a stored value; a value this list no longer knows is shown as it is, None as 「」."""
        if value is None:
            return ""
        try:
            return cls(value).label
        except ValueError:
            return value
