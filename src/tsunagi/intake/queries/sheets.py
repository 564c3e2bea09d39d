"""Blank 相談受付票 as their list and their paper show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tsunagi.codes import queries as codes
from tsunagi.intake.models import BlankSheet
from tsunagi.intake.rules import CallerKind


@dataclass(frozen=True)
class Batch:
    """Blanks that were printed together: the first one's number opens them."""

    first_id: int
    first: str
    last: str
    office: str
    printed_at: datetime
    printed_by: str
    count: int
    used: int

    @property
    def left(self) -> int:
        """How many did not come back yet."""
        return self.count - self.used


def sheets_of(office_ids: Iterable[int], *, limit: int = 400) -> list[Batch]:
    """What these desks printed, newest first."""
    rows = (
        BlankSheet.objects.filter(office_id__in=list(office_ids))
        .select_related("office", "printed_by")
        .order_by("-id")
    )
    together: dict[tuple[int, datetime], list[BlankSheet]] = {}
    for row in rows[:limit]:
        together.setdefault((row.office_id, row.printed_at), []).insert(0, row)
    return [
        Batch(
            rows[0].pk, rows[0].number, rows[-1].number, rows[0].office.label, rows[0].printed_at, rows[0].printed_by.name,
            len(rows), sum(row.consultation_id is not None for row in rows),
        )
        for rows in together.values()
    ]  # fmt: skip


def blank_values(sheets: Sequence[BlankSheet]) -> dict[str, Any]:
    """The values of the printed blanks."""
    return {
        "numbers": [row.number for row in sheets],
        "city": codes.city_name(),
        "office": sheets[0].office.label,
        "phone": sheets[0].office.phone or codes.text("city.phone"),
        "worries": [label for _value, label in codes.choices("worries")],
        "callers": [label for _value, label in CallerKind.choices()],
        "means": [label for _value, label in codes.choices("contact_means")][:8],
    }
