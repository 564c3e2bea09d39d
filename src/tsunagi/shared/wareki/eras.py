"""The eras, and where one ends and the next begins."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple


class Era(NamedTuple):
    """An era: its name, its letter and its first day."""

    name: str
    letter: str
    first: date


# 元号を改める政令 and 一世一元の詔: each era begins on the day the decree took effect.
ERAS = (
    Era("明治", "M", date(1868, 1, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("令和", "R", date(2019, 5, 1)),
)
REIWA = ERAS[-1]
# Until 明治5年12月2日 Japan counted days by the moon: such dates are shown in 西暦 only.
SOLAR_SINCE = date(1873, 1, 1)


def era_of(day: date) -> Era | None:
    """The era of a day, None before 明治."""
    return next((era for era in reversed(ERAS) if day >= era.first), None)


def last_day(era: Era) -> date:
    """The last day of an era; of the present one, the last day there is."""
    place = ERAS.index(era) + 1
    if place == len(ERAS):
        return date.max
    # 明治 and 大正 ended on the day the next era began: 明治45年7月30日 and 大正元年7月30日 are one day.
    return ERAS[place].first - timedelta(days=0 if era.letter in "MT" else 1)


def gannen(year: int) -> str:
    """A year of an era as written: the first is 元年."""
    return "元" if year == 1 else str(year)
