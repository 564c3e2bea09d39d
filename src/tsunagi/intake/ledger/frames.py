"""The year and month that titles, sheet names and file names give to days written short (「4/1」「1日」)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from .words import folded

_ERAS = {"令和": 2018, "令": 2018, "r": 2018, "平成": 1988, "平": 1988, "h": 1988, "昭和": 1925, "s": 1925}
_ERA_YEAR = r"(?P<era>令和|平成|昭和|令|平|[rhs])(?P<n>\d{1,2}|元)"
_FISCAL = re.compile(rf"(?:{_ERA_YEAR}|(?P<west>20\d{{2}}|19\d{{2}}))年度")
_YEAR_MONTH = re.compile(
    rf"(?:{_ERA_YEAR}|(?P<west>20\d{{2}}|19\d{{2}}))[年./-](?P<month>0?[1-9]|1[0-2])(?:月|分|$|[^\d./-])"
)
_YEAR = re.compile(rf"(?:{_ERA_YEAR}|(?P<west>20\d{{2}}|19\d{{2}}))年(?!度)")
_SHORT = re.compile(rf"(?<![a-z]){_ERA_YEAR}(?!\d|[./年月])")
_WEST_FISCAL = re.compile(r"(?<!\d)(?P<west>20\d{2})(?!\d|[./年月-])")
_MONTH = re.compile(r"(?<!\d)(?P<month>0?[1-9]|1[0-2])月")
# Days that tell when the paper was made, not what it is about.
_OF_THE_PAPER = re.compile(r"作成|更新|印刷|出力|現在|改訂|version|ver", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frame:
    """年度 (April to March) and month, as far as anything above the rows tells them; None where nothing does."""

    fiscal_year: int | None = None
    month: int | None = None
    calendar_year: int | None = None  # 「2023年 相談記録」: January to December

    @property
    def first_day(self) -> date | None:
        """The first day of the year the ledger is of; None when nothing tells it."""
        if self.fiscal_year is not None:
            return date(self.fiscal_year, 4, 1)
        return date(self.calendar_year, 1, 1) if self.calendar_year is not None else None

    def year_of(self, month: int) -> int | None:
        """The calendar year of a month in this 年度: January to March belong to the next one."""
        if self.fiscal_year is None:
            return self.calendar_year
        return self.fiscal_year + (1 if month <= 3 else 0)

    def under(self, banner: str) -> Frame:
        """The frame below a banner such as 「【5月】」 or 「令和6年1月分」."""
        told = _told(folded(banner))
        if told.fiscal_year is None and told.calendar_year is None:
            return replace(self, month=told.month)
        return told


def frame_of(titles: Sequence[str], sheet_name: str, file_name: str) -> Frame:
    """What the titles above the heading say, else the sheet's name, else the file's."""
    frame = Frame()
    for text in (*titles, sheet_name, file_name.rpartition(".")[0]):
        told = _told(folded(text)) if not _OF_THE_PAPER.search(text) else Frame()
        knows_year = frame.fiscal_year is not None or frame.calendar_year is not None
        frame = Frame(
            frame.fiscal_year if knows_year else told.fiscal_year,
            told.month if frame.month is None else frame.month,
            frame.calendar_year if knows_year else told.calendar_year,
        )
    return frame


def _told(text: str) -> Frame:
    month = _MONTH.search(text)
    if found := _FISCAL.search(text):
        return Frame(_year(found), int(month["month"]) if month else None)
    if found := _YEAR_MONTH.search(text):
        year, number = _year(found), int(found["month"])
        return Frame(year - (1 if number <= 3 else 0), number)
    number_or_none = int(month["month"]) if month else None
    if found := _YEAR.search(text):
        return Frame(None, number_or_none, _year(found))
    found = _SHORT.search(text) or _WEST_FISCAL.search(text)
    return Frame(_year(found) if found else None, number_or_none)


def _year(found: re.Match[str]) -> int:
    parts = found.groupdict()
    if parts.get("west"):
        return int(parts["west"])
    return _ERAS[parts["era"]] + (1 if parts["n"] == "元" else int(parts["n"]))
