"""Days as the screens say them. Pure: every answer depends on its arguments alone, `on` is the page's day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tsunagi.shared import wareki

_TOKYO = ZoneInfo("Asia/Tokyo")
_WEEKDAYS = "月火水木金土日"


def city_day(value: date | datetime) -> date:
    """The day in the city; an aware moment is turned to Asia/Tokyo first."""
    if isinstance(value, datetime):
        return (value.astimezone(_TOKYO) if value.tzinfo else value).date()
    return value


def show_day(value: date | datetime, on: date | None = None) -> str:
    """12月3日（木）; with the year in front when it is not the year of `on`: 2027年1月4日（月）."""
    day = city_day(value)
    year = "" if on is not None and day.year == on.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def show_moment(value: datetime, on: date | None = None) -> str:
    """12月3日（木）14:05."""
    local = value.astimezone(_TOKYO) if value.tzinfo else value
    return f"{show_day(local, on)}{local:%H:%M}"


def show_short(value: date | datetime) -> str:
    """R5.4.1: the short 和暦 of tables; before 1873 the common calendar."""
    return wareki.show_short(city_day(value))


def distance(value: date | datetime, on: date) -> str:
    """きょう · あした · きのう · 5日後 · 12日前, by days of the calendar."""
    days = (city_day(value) - on).days
    near = {0: "きょう", 1: "あした", -1: "きのう"}
    if days in near:
        return near[days]
    return f"{days}日後" if days > 0 else f"{-days}日前"


def days_since(value: date | datetime, on: date) -> int:
    """Whole days of the calendar from `value` to `on`; negative when it lies ahead."""
    return (on - city_day(value)).days


def show_wareki(value: date | datetime | wareki.PartialDate) -> str:
    """令和5年4月1日（2023-04-01）; of a day known only in part what is known: 昭和23年頃（1948年頃）."""
    if isinstance(value, wareki.PartialDate):
        return wareki.show_partial(value)
    return wareki.show(city_day(value))


def show_birth(value: date | wareki.PartialDate, on: date) -> str:
    """A day of birth in both calendars with age and school grade on `on`: … 12歳・小学6年生."""
    return " ".join(part for part in (show_wareki(value), show_age(value, on)) if part)


def show_age(value: date | wareki.PartialDate, on: date) -> str:
    """12歳・小学6年生; of a day known only in part the ages that fit: 78〜79歳. Empty when nothing follows."""
    if isinstance(value, wareki.PartialDate):
        if value.exact is None:
            return _ages_between(value, on)
        value = value.exact
    if value > on:
        return "出生予定日"
    grade = wareki.school_grade(value, on)
    return f"{wareki.age_on(value, on)}歳{'・' if grade else ''}{grade}"


def _ages_between(value: wareki.PartialDate, on: date) -> str:
    if value.ages is not None or value.earliest is None or value.latest is None:
        return ""
    youngest, oldest = wareki.age_on(min(value.latest, on), on), wareki.age_on(value.earliest, on)
    return f"{oldest}歳" if youngest == oldest else f"{youngest}〜{oldest}歳"
