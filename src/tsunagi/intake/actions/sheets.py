"""Blank 相談受付票: printed with the number the consultation will have."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.intake.models import BlankSheet
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .consultations import next_number

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

MOST = 20


def issue_blank_sheets(*, office_id: int, count: int, by: Worker, at: datetime) -> list[BlankSheet]:
    """Take `count` (1 to 20) numbers out of the row and note that they are on paper. Raises Refused for another count.

    A number that comes back on no paper is never given to anybody else.
    """
    if not 1 <= count <= MOST:
        raise Refused(f"一度に印刷できるのは1枚から{MOST}枚までです。枚数を直してください。", field="count")
    sheets = [
        BlankSheet.objects.create(
            number=next_number(day_of(at)), office_id=office_id, printed_at=at, printed_by=by
        )
        for _ in range(count)
    ]
    record(
        "blank_sheets.issued",
        subject_kind="blank_sheet",
        subject_id=sheets[0].pk,
        by=by.pk,
        at=at,
        detail={"office": office_id, "count": count, "first": sheets[0].number, "last": sheets[-1].number},
    )
    return sheets
