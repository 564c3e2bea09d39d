"""A birth date as people tell it, and what of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tsunagi.shared import wareki
from tsunagi.shared.wareki import NotADate, PartialDate


@dataclass(frozen=True)
class Birth:
    """A birth date as far as it is known. `about`: the year is an estimate (29歳位)."""

    on: date | None = None
    year: int | None = None
    month: int | None = None
    about: bool = False

    @property
    def known(self) -> bool:
        """Whether anything is known at all."""
        return self.on is not None or self.year is not None


@dataclass(frozen=True)
class BirthFacts:
    """What a person's row keeps of a birth date: the day, else year and month, whether about, and the words."""

    birth_on: date | None = None
    birth_year: int | None = None
    birth_month: int | None = None
    birth_about: bool = False
    birth_text: str = ""

    def as_birth(self) -> Birth:
        """As matching compares it."""
        return Birth(self.birth_on, self.birth_year, self.birth_month, self.birth_about)


def read_birth(text: str, *, on: date | None = None) -> PartialDate:
    """A birth date as typed: 和暦, 西暦, partial, about, or an age on the day `on`.

    A bare 5/4/1 is refused: a birth may lie in any of five eras. Raises NotADate with a sentence.
    """
    return wareki.parse(text, on=on, default_era=None)


def birth_facts(told: str | date | PartialDate | None, *, on: date | None = None) -> BirthFacts:
    """What is kept of what was told. Text that cannot be read is kept as it was written, and nothing is guessed."""
    if told is None or told == "":
        return BirthFacts()
    if isinstance(told, date):
        return BirthFacts(told, told.year, told.month, False, "")
    if isinstance(told, str):
        words = told.strip()[:40]
        try:
            told = read_birth(told, on=on)
        except NotADate:
            return BirthFacts(birth_text=words)
    words = told.text.strip()[:40]
    if told.exact:
        return BirthFacts(told.exact, told.exact.year, told.exact.month, False, words)
    if told.ages is not None:
        if told.span is None:
            return BirthFacts(birth_text=words)
        first, last = told.span
        return BirthFacts(None, (first.year + last.year + 1) // 2, None, True, words)
    return BirthFacts(None, told.year, told.month, told.about or told.span is not None, words)


def show_birth(facts: BirthFacts) -> str:
    """In both calendars as far as it is known; what could not be read as it was written; empty when nothing is."""
    if facts.birth_on:
        return wareki.show(facts.birth_on)
    if facts.birth_year:
        return wareki.show_partial(PartialDate(facts.birth_year, facts.birth_month, None, facts.birth_about))
    return facts.birth_text


def show_age(facts: BirthFacts, on: date) -> str:
    """78歳, 12歳・小学6年生, 78歳くらい; empty when nothing is known."""
    if facts.birth_on:
        age, grade = wareki.age_on(facts.birth_on, on), wareki.school_grade(facts.birth_on, on)
        if age < 0:
            return ""
        return f"{age}歳・{grade}" if grade else f"{age}歳"
    if facts.birth_year:
        return f"{max(0, on.year - facts.birth_year)}歳くらい"
    return ""
