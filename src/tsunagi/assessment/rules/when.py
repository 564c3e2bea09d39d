"""When something was, as far as people can say: 1998年, 昭和55年ごろ, 小学校のころ, 中学2年, 20代, 10歳のとき.

What was said is kept as it was said; from it and from the day of birth the days that fit are worked out each time, so
that a birth date put right later moves 「小学校のころ」 along with it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import NotADate, PartialDate, age_on, parse, show, show_partial

HOW_TO_SAY = "「1998年」「S55.4」「昭和55年ごろ」「小学校のころ」「中学2年」「20代」「10歳のころ」のように書いてください。"
LONGEST = 40

# First and last school year of age: the years that pass between the 1st of April after the n-th birthday and the next.
_SCHOOLS = {
    "就学前": (None, 6),
    "乳幼児": (None, 6),
    "幼稚園": (3, 6),
    "保育園": (None, 6),
    "保育所": (None, 6),
    "こども園": (None, 6),
    "小学校": (6, 12),
    "小学生": (6, 12),
    "中学校": (12, 15),
    "中学生": (12, 15),
    "高校": (15, 18),
    "高校生": (15, 18),
    "大学": (18, 22),
    "大学生": (18, 22),
}
_GRADES = {"小学": 6, "小": 6, "中学": 12, "中": 12, "高校": 15, "高": 15, "大学": 18, "大": 18}
_MOST_GRADE = {6: 6, 12: 3, 15: 4, 18: 6}
_LOOSE = re.compile(r"(の)?(頃|ころ|ごろ|時代|とき|時|くらい|ぐらい)$")
_GRADE = re.compile(r"(小学校?|中学校?|高校|大学|小|中|高|大)(\d)年?生?")
_PART = re.compile(r"(小学校?|中学校?|高校|大学)(?:の)?(低学年|中学年|高学年)")
_SPELLS = {"低学年": (6, 8), "中学年": (8, 10), "高学年": (10, 12)}


@dataclass(frozen=True)
class When:
    """A time as it was said, and the first and last day that fit it (both None when no day follows from it)."""

    text: str
    first: date | None = None
    last: date | None = None
    about: bool = False
    told: PartialDate | None = None

    @property
    def known(self) -> bool:
        """Whether days follow from what was said."""
        return self.first is not None and self.last is not None

    @property
    def is_a_day(self) -> bool:
        """Whether it is one single day."""
        return self.known and self.first == self.last and not self.about

    @property
    def shown(self) -> str:
        """In both calendars where that is possible; else as it was said, with the years that fit."""
        if self.told is not None and self.told.ages is None and not self.told.unknown:
            return show_partial(self.told)
        if self.first is None or self.last is None:
            return self.text
        if self.is_a_day:
            return show(self.first)
        years = (
            f"{self.first.year}年"
            if self.first.year == self.last.year
            else f"{self.first.year}〜{self.last.year}年"
        )
        return f"{self.text}（{years}ごろ）"


def read_when(text: str, *, born: date | None, on: date) -> When:
    """Read a time as people say it. `born` is the (earliest) day of birth, `on` the day on which it was said.

    Raises Refused with how to say it for what is no time at all; a time that hangs on an unknown day of birth is kept
    without days.
    """
    said = text.strip()[:LONGEST]
    plain = unicodedata.normalize("NFKC", said).replace(" ", "")
    if not plain:
        return When("")
    bare = _LOOSE.sub("", plain)
    if (ages := _school_ages(bare)) is not None:
        return _in_school_years(said, ages, born)
    try:
        told = parse(said, on=on, default_era=None)
    except NotADate as refusal:
        if bare != plain:
            try:
                told = parse(bare, on=on, default_era=None)
            except NotADate:
                raise _refused(said, refusal) from None
        else:
            raise _refused(said, refusal) from None
    if told.ages is not None:
        return _at_age(said, told.ages, born)
    if told.unknown:
        return When(said)
    first, last = told.earliest, told.latest
    if told.about and told.span is None and first is not None and last is not None:
        # 「頃」: a year either way.
        return When(said, _years(first, -1), _years(last, 1), True, told)
    return When(said, first, last, told.about, told)


def check_when(when: When, *, born_first: date | None, today: date, label: str, field: str) -> None:
    """Raise Refused for a time that lies wholly before the birth or after today."""
    if when.first is not None and when.first > today:
        raise Refused(
            f"「{label}」は、まだ来ていない日です。これからのことはプランか予定に書いてください。",
            field=field,
        )
    if when.last is not None and born_first is not None and when.last < born_first:
        raise Refused(
            f"「{label}」が生年月日（{born_first.year}年）より前です。どちらかを確かめてください。家族のことなら、その方の生育歴に書いてください。",
            field=field,
        )


def check_order(since: When, until: When, *, field: str) -> None:
    """Raise Refused when the end lies wholly before the beginning."""
    if since.first is not None and until.last is not None and until.last < since.first:
        raise Refused("終わりが始まりより前です。時期を確かめてください。", field=field)


def ages_at(when: When, *, born: tuple[date, date] | None) -> str:
    """The age then: 7歳, 6〜7歳, 6〜12歳; "" when it cannot be said."""
    if born is None or when.first is None or when.last is None:
        return ""
    youngest = max(0, age_on(born[1], max(when.first, born[1])))
    oldest = max(0, age_on(born[0], max(when.last, born[0])))
    return f"{youngest}歳" if youngest == oldest else f"{youngest}〜{oldest}歳"


def _refused(said: str, refusal: NotADate) -> Refused:
    sentence = str(refusal)
    if sentence.endswith("省けます。") or "日付として読めません" in sentence:
        return Refused(f"「{said}」がいつのことか読めません。{HOW_TO_SAY}")
    return Refused(sentence)


def _school_ages(bare: str) -> tuple[int | None, int] | None:
    """The ages (on the 1st of April) between which somebody is in that school or grade."""
    if bare in _SCHOOLS:
        return _SCHOOLS[bare]
    if match := _GRADE.fullmatch(bare):
        begin = _GRADES[match[1].removesuffix("校") if match[1] in ("小学校", "中学校") else match[1]]
        grade = int(match[2])
        if not 1 <= grade <= _MOST_GRADE[begin]:
            raise Refused(f"「{bare}」という学年はありません。学年を確かめてください。")
        return (begin + grade - 1, begin + grade)
    if (match := _PART.fullmatch(bare)) and match[1].startswith("小"):
        return _SPELLS[match[2]]
    return None


def _in_school_years(said: str, ages: tuple[int | None, int], born: date | None) -> When:
    if born is None:
        return When(said, about=True)
    # Who is born by the 1st of April goes to school with those of the year before (学校教育法17条).
    cohort = born.year if (born.month, born.day) > (4, 1) else born.year - 1
    begin = born if ages[0] is None else date(cohort + ages[0] + 1, 4, 1)
    return When(said, max(begin, born), date(cohort + ages[1] + 1, 3, 31), True)


def _at_age(said: str, ages: tuple[int, int], born: date | None) -> When:
    if born is None:
        return When(said, about=True)
    return When(said, _years(born, ages[0]), _years(born, ages[1] + 1) - timedelta(days=1), True)


def _years(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
