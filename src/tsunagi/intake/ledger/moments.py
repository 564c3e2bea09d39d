"""Days, hours and births as ledgers write them, on top of `shared.wareki`, which knows the calendars.

Here is only what a ledger adds: days without a year under a title that has one, hours behind days, days that Excel
misread, and the rule that nothing unreadable stops a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isfinite

from tsunagi.shared import wareki
from tsunagi.shared.wareki import NotADate, PartialDate

from .frames import Frame
from .repairs import RepairKind
from .sheets import Cell
from .words import as_text, folded, spaced

FIRST_YEAR, LAST_YEAR = 1950, 2100  # no ledger of consultations is older, none is from the future
OLDEST = 125  # years of age
_WEEKDAY = re.compile(
    r"\((?:[日月火水木金土](?:曜日?)?|祝|[日月火水木金土]・祝|sun|mon|tue|wed|thu|fri|sat)\)|[日月火水木金土]曜日?"
)
_CLOCK = re.compile(
    r"(?P<half>午前|午後|am|pm)?\s?(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?|時(?:(?P<minute2>\d{1,2})分?|(?P<thirty>半))?)"
    r"\s?(?P<half2>am|pm)?(?:頃|ごろ)?"
)
_CLOCK_AFTER_DAY = re.compile(r"(?<=[日)\st])" + _CLOCK.pattern + "$")
_NO_YEAR = re.compile(r"(?P<month>\d{1,2})(?:/|月|-|\.)(?P<day>\d{1,2})日?")
_DAY_ONLY = re.compile(r"(?P<day>\d{1,2})日?")
_LIKE_A_DAY = re.compile(r"\d.*[年月日./-].*\d|\d{6,8}|[rhst令平昭大]\.?\d")
_ISO = re.compile(r"(\d{4})[/\-.年](\d{1,2})[/\-.月](\d{1,2})日?")
_AGE_TOLD = re.compile(r"(?<!\d)(?P<years>\d{1,3})[歳才](?!代)")
_NOTHING = frozenset(
    {
        "",
        "不明",
        "不詳",
        "-",
        "?",
        "未聴取",
        "未確認",
        "記載なし",
        "記入なし",
        "なし",
        "無",
        "無し",
        "わからない",
        "分からない",
        "/",
        "ー",
        "未",
        "*",
    }
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day (whole, partial or none) with its hour, and what had to be repaired to read it."""

    day: date | None = None
    partial: PartialDate | None = None
    at: time | None = None
    repaired: RepairKind | None = None

    @property
    def unread(self) -> bool:
        """Something stood there and no day came of it."""
        return self.repaired in (RepairKind.IMPOSSIBLE_DATE, RepairKind.VAGUE_DATE)


def is_nothing(text: str) -> bool:
    """「不明」「－」 and their like: somebody wrote that it is not known."""
    return folded(text) in _NOTHING


def moment_in(cell: Cell, frame: Frame, *, epoch_1904: bool = False) -> Moment:
    """When it was. Never raises: what cannot be read comes back as IMPOSSIBLE_DATE or VAGUE_DATE."""
    if isinstance(cell, datetime):
        at = cell.time().replace(microsecond=0, tzinfo=None) if (cell.hour or cell.minute) else None
        return _in_frame(_whole(cell.date(), at), frame, typed=True)
    if isinstance(cell, date):
        return _in_frame(_whole(cell, None), frame, typed=True)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not isfinite(cell):
            return Moment(repaired=RepairKind.IMPOSSIBLE_DATE)
        return _in_frame(_of_number(cell, frame, epoch_1904), frame)
    if not isinstance(cell, str) or is_nothing(cell):
        return Moment()
    return _in_frame(_of_words(cell, frame, epoch_1904), frame)


def _whole(day: date, at: time | None, repaired: RepairKind | None = None) -> Moment:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Moment(at=at, repaired=RepairKind.IMPOSSIBLE_DATE)
    return Moment(day, PartialDate(day.year, day.month, day.day), at, repaired)


def _in_frame(moment: Moment, frame: Frame, *, typed: bool = False) -> Moment:
    """Held against the ledger's own year: Excel takes 「5/4/1」 for 2005, a clerk for 令和5年."""
    if moment.day is None or frame.fiscal_year is None or moment.repaired:
        return moment
    if wareki.fiscal_year(moment.day) == frame.fiscal_year:
        return moment
    if typed and 2001 <= moment.day.year <= 2029:
        meant = _moved(moment.day, moment.day.year - 2000 + wareki.REIWA.first.year - 1)
        if meant and wareki.fiscal_year(meant) == frame.fiscal_year:
            return _whole(meant, moment.at, RepairKind.MISREAD_ERA)
    return Moment(moment.day, moment.partial, moment.at, RepairKind.OUTSIDE_YEAR)


def _moved(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def _of_number(number: float, frame: Frame, epoch_1904: bool) -> Moment:
    is_whole = float(number).is_integer()
    if is_whole and 1 <= number <= 31 and frame.month:
        return _of_month_day(frame.month, int(number), None, frame)
    if is_whole and 19_000_000 < number < 21_010_000:
        return _parsed(str(int(number)), None, frame, RepairKind.DATE_NUMBER)
    try:
        partial = wareki.from_excel_serial(number, date1904=epoch_1904)
    except NotADate:
        return Moment(repaired=RepairKind.IMPOSSIBLE_DATE)
    minutes = round(number % 1 * 24 * 60)
    at = None if is_whole else time(minutes // 60 % 24, minutes % 60)
    return (
        _whole(partial.exact, at, RepairKind.DATE_NUMBER)
        if partial.exact
        else Moment(repaired=RepairKind.VAGUE_DATE)
    )


def _of_words(words: str, frame: Frame, epoch_1904: bool) -> Moment:
    line = re.split(r"[~〜→]", _WEEKDAY.sub(" ", spaced(words)))[0].strip()
    at = None
    if found := _CLOCK_AFTER_DAY.search(line):
        at, line = _time(found), line[: found.start()]
    text = "".join(line.split()).rstrip("t")
    if found := _ISO.fullmatch(text):  # by far the commonest
        try:
            return _whole(date(int(found[1]), int(found[2]), int(found[3])), at)
        except ValueError:
            return Moment(at=at, repaired=RepairKind.IMPOSSIBLE_DATE)
    if text.isdigit() and len(text) == 5:
        return _of_number(int(text), frame, epoch_1904)
    if found := _NO_YEAR.fullmatch(text):
        return _of_month_day(int(found["month"]), int(found["day"]), at, frame)
    if (found := _DAY_ONLY.fullmatch(text)) and frame.month:
        return _of_month_day(frame.month, int(found["day"]), at, frame)
    return _parsed(text, at, frame)


def _parsed(text: str, at: time | None, frame: Frame, repaired: RepairKind | None = None) -> Moment:
    in_heisei = frame.fiscal_year is not None and frame.fiscal_year < wareki.REIWA.first.year - 1
    try:
        partial = wareki.parse(text, default_era="平成" if in_heisei else "令和")
    except NotADate:
        return Moment(
            at=at, repaired=RepairKind.IMPOSSIBLE_DATE if _LIKE_A_DAY.search(text) else RepairKind.VAGUE_DATE
        )
    if partial.unknown or partial.ages or partial.year is None:
        return Moment(at=at, repaired=RepairKind.VAGUE_DATE)
    repaired = RepairKind.OTHER_ERA if partial.repaired else repaired
    if partial.exact:
        return _whole(partial.exact, at, repaired)
    return Moment(None, partial, at, repaired)


def _time(found: re.Match[str]) -> time | None:
    hour = int(found["hour"])
    minute = int(found["minute"] or found["minute2"] or (30 if found["thirty"] else 0))
    if (found["half"] or found["half2"]) in ("午後", "pm") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _of_month_day(month: int, day: int, at: time | None, frame: Frame) -> Moment:
    if not 1 <= month <= 12:
        return Moment(at=at, repaired=RepairKind.IMPOSSIBLE_DATE)
    year = frame.year_of(month)
    if year is None:
        return Moment(at=at, repaired=RepairKind.VAGUE_DATE)
    try:
        return _whole(date(year, month, day), at, RepairKind.FILLED_DATE)
    except ValueError:
        return Moment(at=at, repaired=RepairKind.IMPOSSIBLE_DATE)


def clock_in(cell: Cell) -> time | None:
    """An hour in a cell of its own; None when there is none."""
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return time(minutes // 60, minutes % 60) if 0 <= minutes < 24 * 60 else None
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    found = _CLOCK.match(spaced(as_text(cell)))
    return _time(found) if found else None


def birth_in(
    cell: Cell, *, said_on: date | None, epoch_1904: bool = False
) -> tuple[PartialDate | None, RepairKind | None]:
    """(birth, repair) of a cell that may hold a day of birth, an age, both, or words.

    An age comes back as a PartialDate with `ages`, and with `said_on` with the `span` of days of birth that fit it.
    Never raises.
    """
    if isinstance(cell, (datetime, date)):
        day = cell.date() if isinstance(cell, datetime) else cell
        return _plausible(PartialDate(day.year, day.month, day.day), said_on, None)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not isfinite(cell):
            return None, RepairKind.IMPOSSIBLE_DATE
        if 0 <= cell <= OLDEST:
            return _aged(f"{int(cell)}歳", said_on)
        try:
            return (
                _plausible(wareki.from_cell(cell), said_on, RepairKind.DATE_NUMBER)
                if not epoch_1904
                else _plausible(
                    wareki.from_excel_serial(cell, date1904=True), said_on, RepairKind.DATE_NUMBER
                )
            )
        except NotADate:
            return None, RepairKind.IMPOSSIBLE_DATE
    words = as_text(cell)
    text = folded(words)
    if is_nothing(words):
        return None, None
    if text.isdigit() and len(text) <= 3:
        return _aged(f"{text}歳", said_on)
    try:
        # A bare 「49/12/24」 is 昭和, 平成 or 1949: nobody knows, so nobody guesses.
        found = wareki.parse(" ".join(words.split()), on=said_on, default_era=None)
    except NotADate:
        return None, RepairKind.IMPOSSIBLE_DATE if _LIKE_A_DAY.search(text) else RepairKind.VAGUE_DATE
    if found.unknown:
        return None, None
    if found.ages:
        return found, RepairKind.AGE_ONLY
    told = _AGE_TOLD.search(text)
    if told and found.exact and said_on and abs(wareki.age_on(found.exact, said_on) - int(told["years"])) > 1:
        return found, RepairKind.AGE_DISAGREES
    return _plausible(found, said_on, RepairKind.OTHER_ERA if found.repaired else None)


def _aged(text: str, said_on: date | None) -> tuple[PartialDate | None, RepairKind]:
    try:
        return wareki.parse(text, on=said_on), RepairKind.AGE_ONLY
    except NotADate:
        return None, RepairKind.VAGUE_DATE


def _plausible(
    birth: PartialDate, said_on: date | None, repaired: RepairKind | None
) -> tuple[PartialDate | None, RepairKind | None]:
    first = birth.earliest
    if first is None or (said_on and (first > said_on or first.year < said_on.year - OLDEST)):
        return None, RepairKind.IMPOSSIBLE_DATE
    return birth, repaired


def age_in(cell: Cell, said_on: date | None) -> PartialDate | None:
    """An age in a column of ages: 53, 「53歳位」, 「70代」; None when it is none."""
    text = as_text(cell)
    if folded(text).isdigit():
        text = f"{folded(text)}歳"
    try:
        found = wareki.parse(text, on=said_on)
    except NotADate:
        return None
    return found if found.ages else None
