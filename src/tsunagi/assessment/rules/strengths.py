"""強み: what carries somebody, with what it is seen by."""

from __future__ import annotations

from datetime import date

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class Whose(Labelled):
    """Where a strength lies."""

    PERSON = "person", "本人の強み"
    FAMILY = "family", "家族の強み"
    AROUND = "around", "周りの強み"


def check_strength(words: str, *, ended_on: date | None, today: date) -> None:
    """Raise Refused for a strength without words, or one that ended on a day to come."""
    if not words.strip():
        raise Refused(
            "どんな強みか、ひとことで書いてください。例：朝早く起きて畑の世話ができる", field="words"
        )
    if ended_on is not None and ended_on > today:
        raise Refused("まだ来ていない日です。終わった日を確かめてください。", field="ended_on")
