"""Dates in both calendars, as people read them."""

from __future__ import annotations

from datetime import date

from .eras import SOLAR_SINCE, era_of, gannen
from .partial import PARTS_OF_DECADE, PartialDate


def show(day: date) -> str:
    """Both calendars: 令和5年4月1日（2023-04-01）. Days before 1873 (the lunar calendar) in 西暦 only."""
    era = era_of(day)
    if era is None or day < SOLAR_SINCE:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{era.name}{gannen(day.year - era.first.year + 1)}年{day.month}月{day.day}日（{day.isoformat()}）"


def show_short(day: date) -> str:
    """For narrow columns: R5.4.1. Days before 1873 in 西暦."""
    era = era_of(day)
    if era is None or day < SOLAR_SINCE:
        return f"{day.year}.{day.month}.{day.day}"
    return f"{era.letter}{day.year - era.first.year + 1}.{day.month}.{day.day}"


def show_partial(partial: PartialDate) -> str:
    """What is known, in both calendars: 昭和23年頃（1948年頃）, 53歳くらい（1968〜1969年生まれ）, 不詳.

    A year or month of two eras is shown in the one it was told in, else in 西暦. `parse` reads back what this
    shows.
    """
    if partial.ages is not None:
        return _show_ages(partial)
    if partial.year is None or partial.latest is None:
        return "不詳"
    about = "頃" if partial.about else ""
    if partial.span and partial.span[0].year != partial.span[1].year:
        return _show_decade(partial.year) if partial.about else show_fiscal_year(partial.year)
    if partial.month is not None and partial.day is not None:
        return f"{show(date(partial.year, partial.month, partial.day))}{about}"
    month = f"{partial.month}月" if partial.month else ""
    western = f"{partial.year}-{partial.month:02}" if partial.month else f"{partial.year}年"
    era = era_of(partial.latest)
    if era is None or partial.latest < SOLAR_SINCE or era is not era_of(partial.earliest or partial.latest):
        return f"{partial.year}年{month}{about}"
    return f"{era.name}{gannen(partial.year - era.first.year + 1)}年{month}{about}（{western}{about}）"


def show_fiscal_year(year: int) -> str:
    """令和5年度 for 2023; the era is that of its first day (平成31年度 for 2019)."""
    era = era_of(date(year, 4, 1))
    return f"{year}年度" if era is None else f"{era.name}{gannen(year - era.first.year + 1)}年度"


def _show_decade(year: int) -> str:
    era = era_of(date(year, 1, 1))
    if era is None or year % 10 == 0:
        return f"{year}年代"
    return f"{era.name}{year - era.first.year + 1}年代（{year}〜{year + 9}年）"


def _show_ages(partial: PartialDate) -> str:
    assert partial.ages is not None
    youngest, oldest = partial.ages
    if youngest == oldest:
        told = f"{youngest}歳くらい" if partial.about else f"{youngest}歳"
    else:
        decade = youngest // 10 * 10
        told = f"{decade}代{PARTS_OF_DECADE.get((youngest - decade, oldest - decade), '')}"
    if not partial.span:
        return told
    first, last = partial.span[0].year, partial.span[1].year
    return f"{told}（{first}年生まれ）" if first == last else f"{told}（{first}〜{last}年生まれ）"
