"""The one exception for "this may not be done"."""

from __future__ import annotations


class Refused(Exception):
    """A deed that may not be done. The sentence says what happened and what to do next.

    `field` names the form's field it belongs to, None for the whole form.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
