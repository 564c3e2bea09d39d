"""支援措置の連絡 as the office that enters them sees it: numbers and days. Whom it names, and who is known, is on no page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tsunagi.codes import queries as codes
from tsunagi.people.models import MeasureNotice


@dataclass(frozen=True)
class MeasureRow:
    """An entry by its number."""

    id: int
    came_on: date
    due_on: date
    entered_by: str
    late_days: int
    withdrawn: bool


def measure_rows(office_id: int, *, limit: int = 50) -> list[MeasureRow]:
    """What this office entered, newest first."""
    rows = MeasureNotice.objects.filter(office_id=office_id).select_related("entered_by").order_by("-id")
    return [
        MeasureRow(
            row.pk, row.came_on, row.due_on, row.entered_by.name, row.late_days, row.withdrawn_at is not None
        )
        for row in rows[:limit]
    ]


def days_to_enter() -> int:
    """Open days from the letter to the entry (setting)."""
    return codes.span("protection.list_days").n
