"""The exceptions for "this may not be done", and for "somebody was quicker"."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):
    """A deed that may not be done. The sentence says what happened and what to do next.

    `field` names the form's field it belongs to, None for the whole form.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Stale(Refused):
    """Somebody else changed the record meanwhile. `differences` are (label, stored text, own text)."""

    def __init__(self, differences: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(
            "開いている間に、ほかの人がこの記録を変えました。違いを見比べて、残したいほうを入れ直してから保存してください。"
        )
        self.differences = tuple(differences)
