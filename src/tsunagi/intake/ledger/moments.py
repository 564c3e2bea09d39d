"""Days, hours, births and ages as ledgers write them, on top of `shared.wareki`, which knows the calendars."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tsunagi.shared import wareki
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import PartialDate

from .frames import Frame
from .repairs import RepairKind
from .sheets import Cell
from .words import as_text, folded, spaced

FIRST_YEAR, LAST_YEAR = 1900, 2100
OLDEST = 125  # years
_WEEKDAY = re.compile(r"\((?:[日月火水木金土](?:曜日?)?|祝|[日月火水木金土]・祝|sun|mon|tue|wed|thu|fri|sat)\)|[日月火水木金土]曜日?")
_CLOCK = re.compile(
    r"(?P<half>午前|午後|am|pm)?(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?|時(?:(?P<minute2>\d{1,2})分?|(?P<thirty>半))?)"
    r"(?P<half2>am|pm)?(?:頃|ごろ)?"
)
_CLOCK_AFTER_DAY = re.compile(r"(?<=[日)\st])" + _CLOCK.pattern + "$")
_NO_YEAR = re.compile(r"(?P<month>\d{1,2})(?:/|月|-|\.)(?P<day>\d{1,2})日?")
_DAY_ONLY = re.compile(r"(?P<day>\d{1,2})日?")
_LIKE_A_DAY = re.compile(r"\d.*[年月日./-].*\d|\d{6,8}|[rhst令平昭大]\.?\d")
_FIGURES = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_ISO = re.compile(r"(\d{4})[/\-.年](\d{1,2})[/\-.月](\d{1,2})日?")
_AGE = re.compile(
    r"(?P<about>約|推定|およそ|満)?(?P<years>\d{1,3})(?P<unit>歳|才|代|歳代)(?P<more>位|くらい|ぐらい|頃|ごろ|前後|半ば|前半|後半|代|以上|程度)*(?:\d{1,2}(?:か|ヶ|ヵ|カ|ケ)月)?"
)
_BABY = re.compile(r"(?:生後)?\d{1,2}(?:か|ヶ|ヵ|カ|ケ)月(?:児)?")
_NOTHING = frozenset({"", "不明", "不詳", "-", "?", "未聴取", "未確認", "記載なし", "記入なし", "なし", "無", "無し", "わからない", "分からない", "/", "―", "ー", "未"})


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


@dataclass(frozen=True, slots=True)
class Age:
    """How old somebody was said to be. `span` is 1 for a year of age, 10 for 「70代」; `on` is the day it was said."""

    years: int
    about: bool
    span: int = 1
    on: date | None = None


def is_nothing(text: str) -> bool:
    """「不明」「－」 and their like: somebody wrote that it is not known."""
    return folded(text) in _NOTHING


def moment_in(cell: Cell, frame: Frame, *, epoch_1904: bool = False) -> Moment:
    """When it came. Never raises: what cannot be read comes back as IMPOSSIBLE_DATE or VAGUE_DATE."""
    if isinstance(cell, datetime):
        at = cell.time().replace(microsecond=0, tzinfo=None) if (cell.hour or cell.minute) else None
        return _in_frame(_whole(cell.date(), at), frame, typed=True)
    if isinstance(cell, date):
        return _in_frame(_whole(cell, None), frame, typed=True)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _in_frame(_of_number(cell, frame, epoch_1904), frame)
    if not isinstance(cell, str) or is_nothing(cell):
        return Moment()
    return _in_frame(_of_words(cell, frame, epoch_1904), frame)


def _whole(day: date, at: time | None, repaired: RepairKind | None = None) -> Moment:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return Moment(repaired=RepairKind.IMPOSSIBLE_DATE)
    return Moment(day, PartialDate(day.year, day.month, day.day), at, repaired)


def _in_frame(moment: Moment, frame: Frame, *, typed: bool = False) -> Moment:
    """Held against the ledger's own year: Excel takes 「5/4/1」 for 2005, a clerk for 令和5年."""
    if moment.day is None or frame.fiscal_year is None or moment.repaired:
        return moment
    if _belongs(moment.day, frame):
        return moment
    if typed and 2001 <= moment.day.year <= 2029:
        try:
            meant = moment.day.replace(year=moment.day.year + 18)
        except ValueError:
            meant = moment.day
        if _belongs(meant, frame):
            return _whole(meant, moment.at, RepairKind.MISREAD_ERA)
    return Moment(moment.day, moment.partial, moment.at, RepairKind.OUTSIDE_YEAR)


def _belongs(day: date, frame: Frame) -> bool:
    return frame.fiscal_year is not None and day.year - (day.month <= 3) == frame.fiscal_year


def _of_number(number: float, frame: Frame, epoch_1904: bool) -> Moment:
    if float(number).is_integer() and (found := _FIGURES.fullmatch(str(int(number)))):
        return _of_parts(int(found["year"]), int(found["month"]), int(found["day"]), None, RepairKind.DATE_NUMBER)
    if 1 <= number <= 31 and float(number).is_integer() and frame.month:
        return _of_month_day(frame.month, int(number), None, frame)
    if 15_000 <= number <= 73_000:
        base = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 — a day in a cell has no zone
        at = base + timedelta(days=float(number))
        clock = at.time().replace(second=0, microsecond=0) if not float(number).is_integer() else None
        return _whole(at.date(), clock, RepairKind.DATE_NUMBER)
    return Moment(repaired=RepairKind.IMPOSSIBLE_DATE)


def _of_words(words: str, frame: Frame, epoch_1904: bool) -> Moment:
    line = re.split(r"[~〜→]", _WEEKDAY.sub(" ", spaced(words)))[0].strip()
    at = None
    if found := _CLOCK_AFTER_DAY.search(line):
        at, line = _time(found), line[: found.start()]
    text = "".join(line.split()).rstrip("t")
    if found := _ISO.fullmatch(text) or _FIGURES.fullmatch(text):
        return _of_parts(int(found[1]), int(found[2]), int(found[3]), at)
    if text.isdigit() and len(text) == 5:
        return _of_number(int(text), frame, epoch_1904)
    if found := _NO_YEAR.fullmatch(text):
        return _of_month_day(int(found["month"]), int(found["day"]), at, frame)
    if (found := _DAY_ONLY.fullmatch(text)) and frame.month:
        return _of_month_day(frame.month, int(found["day"]), at, frame)
    try:
        partial = wareki.parse(text)
    except (Refused, ValueError):
        return Moment(at=at, repaired=RepairKind.IMPOSSIBLE_DATE if _LIKE_A_DAY.search(text) else RepairKind.VAGUE_DATE)
    return _of_partial(partial, at)


def _time(found: re.Match[str]) -> time | None:
    hour = int(found["hour"])
    minute = int(found["minute"] or found["minute2"] or (30 if found["thirty"] else 0))
    if (found["half"] or found["half2"]) in ("午後", "pm") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _of_parts(year: int, month: int, day: int, at: time | None, repaired: RepairKind | None = None) -> Moment:
    try:
        return _whole(date(year, month, day), at, repaired)
    except ValueError:
        return Moment(at=at, repaired=RepairKind.IMPOSSIBLE_DATE)


def _of_month_day(month: int, day: int, at: time | None, frame: Frame) -> Moment:
    year = frame.year_of(month)
    if year is None or not 1 <= month <= 12:
        return Moment(at=at, repaired=RepairKind.IMPOSSIBLE_DATE if not 1 <= month <= 12 else RepairKind.VAGUE_DATE)
    return _of_parts(year, month, day, at, RepairKind.FILLED_DATE)


def _of_partial(partial: PartialDate, at: time | None) -> Moment:
    if partial.year is None:
        return Moment(at=at, repaired=RepairKind.VAGUE_DATE)
    if partial.month and partial.day:
        return _of_parts(partial.year, partial.month, partial.day, at)
    return Moment(None, partial, at)


def clock_in(cell: Cell) -> time | None:
    """An hour in a cell of its own; None when there is none."""
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, time):
        return cell.replace(microsecond=0)
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    found = _CLOCK.match(folded(as_text(cell)))
    return _time(found) if found else None


def birth_in(cell: Cell, *, said_on: date | None, epoch_1904: bool = False) -> tuple[PartialDate | None, Age | None, RepairKind | None]:
    """(birth, age, repair) of a cell that may hold a birth date, an age, both, or words."""
    if isinstance(cell, (datetime, date)):
        moment = moment_in(cell, Frame())
        return _born(moment, None, said_on)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if 0 <= cell <= OLDEST and float(cell).is_integer():
            return None, Age(int(cell), about=False, on=said_on), RepairKind.AGE_ONLY
        if 1 <= cell <= 73_000:
            base = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
            day = base + timedelta(days=int(cell))
            return _born(Moment(day, PartialDate(day.year, day.month, day.day), None, RepairKind.DATE_NUMBER), None, said_on)
        return _born(_of_number(cell, Frame(), epoch_1904), None, said_on)
    words = as_text(cell)
    if is_nothing(words):
        return None, None, None
    text = folded(words)
    age = _age_in(text, said_on)
    rest = _AGE.sub("", _BABY.sub("", text) if not re.search(r"年", text) else text)
    rest = re.sub(r"\(\)|\[\]|生まれ|生$|[()\[\]、,]", "", rest)
    if text.isdigit() and len(text) <= 3 and int(text) <= OLDEST:
        return None, Age(int(text), about=False, on=said_on), RepairKind.AGE_ONLY
    if not rest or is_nothing(rest):
        return None, age, RepairKind.AGE_ONLY if age else None
    return _born(_of_words(rest, Frame(), epoch_1904), age, said_on)


def _born(moment: Moment, age: Age | None, said_on: date | None) -> tuple[PartialDate | None, Age | None, RepairKind | None]:
    if moment.partial is None:
        return None, age, moment.repaired or RepairKind.VAGUE_DATE
    year = moment.partial.year
    if year is None or (said_on and not said_on.year - OLDEST <= year <= said_on.year) or (
        said_on and moment.day and moment.day > said_on
    ):
        return None, age, RepairKind.IMPOSSIBLE_DATE
    if age and said_on and moment.day and not age.about and age.span == 1:
        real = wareki.age_on(moment.day, said_on)
        if abs(real - age.years) > 1:
            return moment.partial, age, RepairKind.AGE_DISAGREES
    return moment.partial, age, moment.repaired


def age_in(cell: Cell, said_on: date | None) -> Age | None:
    """An age in a cell of its own: 53, 「53歳位」, 「70代」."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Age(int(cell), about=False, on=said_on) if 0 <= cell <= OLDEST else None
    text = folded(as_text(cell))
    if text.isdigit() and int(text) <= OLDEST:
        return Age(int(text), about=False, on=said_on)
    return _age_in(text, said_on)


def _age_in(text: str, said_on: date | None) -> Age | None:
    found = _AGE.search(text)
    if not found:
        return Age(0, about=False, on=said_on) if _BABY.fullmatch(text) else None
    years = int(found["years"])
    decade = "代" in found["unit"]
    about = decade or bool(found["about"] and found["about"] != "満") or bool(found["more"])
    return Age(years, about, 10 if decade else 1, said_on) if years <= OLDEST else None
