"""Days as the screens say them. Pure: every answer depends on its arguments alone, `on` is the page's day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

_TOKYO = ZoneInfo("Asia/Tokyo")
_WEEKDAYS = "月火水木金土日"
_ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 1, 25), "明治", "M"),
)


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
    """R5.4.1: the short 和暦 of tables; before 明治 the year of the common calendar."""
    day = city_day(value)
    for start, _, letter in _ERAS:
        if day >= start:
            return f"{letter}{day.year - start.year + 1}.{day.month}.{day.day}"
    return f"{day.year}.{day.month}.{day.day}"


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


def show_wareki(value: Any) -> str:
    """令和5年4月1日（2023-04-01), of a day or of a day known only in part."""
    from tsunagi.shared import wareki

    return wareki.show(city_day(value) if isinstance(value, datetime) else value)


def show_birth(value: Any, on: date) -> str:
    """The birth date in both calendars with age and school grade: …（12歳・小学6年）."""
    from tsunagi.shared import wareki

    age, grade = wareki.age_on(value, on), wareki.school_grade(value, on)
    beside = "・".join(str(part) for part in (f"{age}歳" if age is not None else "", grade) if part)
    return show_wareki(value) + (f" {beside}" if beside else "")
