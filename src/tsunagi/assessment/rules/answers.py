"""What may be answered, what changed, and where the views differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .sections import UNKNOWN, Ask, Question, View

LONGEST = {Ask.LINE: 200, Ask.WORDS: 20_000, Ask.NUMBER: 20}
"""Letters an answer may have. What is longer belongs into an attachment."""


@dataclass(frozen=True)
class Given:
    """One answer as typed: the chosen codes, and words (a number is kept as its digits)."""

    values: tuple[str, ...] = ()
    words: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said."""
        return not self.values and not self.words

    @property
    def is_unknown(self) -> bool:
        """Whether it was said that nobody knows yet."""
        return self.values == (UNKNOWN,)


def check_answer(question: Question, given: Given, codes: Iterable[str], *, label: str = "") -> Given:
    """The answer as it is kept. Raises Refused with a sentence for what is too long, no code, or a 個人番号."""
    label = label or question.label
    words = given.words.strip()
    # The length first: looking for a number in ten million letters would hurt.
    check_length(words, label, LONGEST.get(question.ask, LONGEST[Ask.LINE]), field=question.key)
    if question.ask is Ask.NUMBER and words:
        words = _number(words, label, question.key)
    else:
        refuse_my_number(words, label, question.key)
    known = {*codes, UNKNOWN}
    values = tuple(dict.fromkeys(given.values)) if question.has_codes else ()
    if any(value not in known for value in values):
        raise Refused(
            f"「{label}」に、いまは選べない項目があります。選び直してください。", field=question.key
        )
    if question.ask is Ask.ONE and len(values) > 1:
        raise Refused(f"「{label}」は、ひとつだけ選んでください。", field=question.key)
    if UNKNOWN in values and len(values) > 1:
        # Something was found out after all: what is known counts.
        values = tuple(value for value in values if value != UNKNOWN)
    return Given(values, words)


def check_length(words: str, label: str, at_most: int, *, field: str | None = None) -> None:
    """Raise Refused for a text that is too long, with what to do."""
    if len(words) > at_most:
        raise Refused(
            f"「{label}」が長すぎます（{len(words):,}字）。{at_most:,}字までにして、残りは支援の記録か添付ファイルに入れてください。",
            field=field,
        )


def _number(words: str, label: str, key: str) -> str:
    plain = unicodedata.normalize("NFKC", words).replace(",", "")
    plain = re.sub(r"(円|人|時間|歳)$", "", plain.strip()).strip()
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", plain):
        raise Refused(
            f"「{label}」は数字で入れてください。例：85000。分からないときは空けておきます。", field=key
        )
    return plain


def merged(before: Given, after: Given, hidden: Iterable[str]) -> Given:
    """What is stored when somebody answers who does not see some of the chosen codes: those stay chosen."""
    kept = tuple(value for value in before.values if value in set(hidden))
    if not kept:
        return after
    return Given((*(value for value in after.values if value != UNKNOWN), *kept), after.words)


def differs(one: Given, other: Given) -> bool:
    """Whether two answers say different things; the order of ticks does not count."""
    return (set(one.values), one.words.strip()) != (set(other.values), other.words.strip())


def views_differ(question: Question, by_view: Mapping[View, Given]) -> bool:
    """Whether those who were heard see it differently. A blank or 「まだ分からない」 is no view; texts are not compared."""
    if not question.has_codes:
        return False
    heard = [given for given in by_view.values() if not given.is_blank and not given.is_unknown]
    return any(set(given.values) != set(heard[0].values) for given in heard[1:])


def chief(by_view: Mapping[View, Given]) -> View | None:
    """The view that stands where there is room for one (papers, figures): the supporter's, else the person's, else the
    family's; something known before 「まだ分からない」."""
    for view in View:
        given = by_view.get(view)
        if given is not None and not given.is_blank and not given.is_unknown:
            return view
    return next((view for view in View if view in by_view and not by_view[view].is_blank), None)
