"""Dates as people write them: 和暦 and 西暦, whole, partial, about, or as an age; ages and school grades.

Nothing here reads the clock: what depends on a day takes it as `on`.
"""

from .counting import age_on, fiscal_year, reached_on, school_grade, school_year
from .eras import ERAS, REIWA, Era, era_of
from .partial import NotADate, PartialDate
from .reading import HOW_TO_WRITE, from_cell, from_excel_serial, parse
from .showing import show, show_fiscal_year, show_partial, show_short

__all__ = [
    "ERAS",
    "HOW_TO_WRITE",
    "REIWA",
    "Era",
    "NotADate",
    "PartialDate",
    "age_on",
    "era_of",
    "fiscal_year",
    "from_cell",
    "from_excel_serial",
    "parse",
    "reached_on",
    "school_grade",
    "school_year",
    "show",
    "show_fiscal_year",
    "show_partial",
    "show_short",
]
