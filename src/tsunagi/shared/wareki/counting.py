"""Years counted from a day of birth or from April: ages, school grades, 年度."""

from __future__ import annotations

from datetime import date, timedelta


def fiscal_year(day: date) -> int:
    """年度: the year in which its 4/1 lies (2024-03-31 is 2023)."""
    return day.year if day.month >= 4 else day.year - 1


def age_on(birth: date, on: date) -> int:
    """Whole years of age during the day `on`; negative before birth (an expected day of birth).

    年齢計算ニ関スル法律 and 民法143条: a year of age is complete at the end of the day before the birthday,
    so the new age holds through the whole of the birthday. Screens and age limits that read 「○歳の人」 ask
    for the age somebody has all day long: this. Laws that count from 「○歳に達した日」 (介護保険 65歳,
    学齢) begin one day earlier: `reached_on`. Somebody born on 2/29 is a year older on 3/1 of an ordinary
    year.
    """
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def reached_on(birth: date, age: int) -> date:
    """The day an age is reached in law (達した日): the day before the birthday; 2/28 for 2/29."""
    if (birth.month, birth.day) == (2, 29):
        return date(birth.year + age, 2, 28)
    return birth.replace(year=birth.year + age) - timedelta(days=1)


def school_year(birth: date, on: date) -> int:
    """Years of school by age: 1–6 小学校, 7–9 中学校, 10–12 高校, 0 and less before school.

    学校教育法17条: school begins with the school year after the day on which six is reached. Who is born on
    4/1 reaches it on 3/31 and belongs to the upper grade (早生まれ).
    """
    born_in = birth.year if (birth.month, birth.day) >= (4, 2) else birth.year - 1
    return fiscal_year(on) - born_in - 6


def school_grade(birth: date, on: date) -> str:
    """The grade by age: 小学3年生, 中学1年生, 高校2年生相当, 年長児相当 …; "" for adults and before 年少.

    By age only: who repeats a year, or is not enrolled, is not known here.
    """
    year = school_year(birth, on)
    if 1 <= year <= 6:
        return f"小学{year}年生"
    if 7 <= year <= 9:
        return f"中学{year - 6}年生"
    if 10 <= year <= 12:
        return f"高校{year - 9}年生相当"
    return {0: "年長児相当", -1: "年中児相当", -2: "年少児相当"}.get(year, "")
