"""The answers in force: of every question and view the newest row; and what they were at an earlier save."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tsunagi.assessment.models import Answer
from tsunagi.assessment.rules import Given, View


@dataclass(frozen=True)
class Row:
    """One answer in force: of which sheet, question and view, what, when, by whom."""

    id: int
    sheet_id: int
    question: str
    view: View
    given: Given
    at: datetime
    by: str
    revision: int


def in_force(sheet_id: int, view: View) -> dict[str, Given]:
    """question → the answer of one view now."""
    return _given(Answer.objects.filter(sheet_id=sheet_id, view=view))


def in_force_at(sheet_id: int, view: View, revision: int) -> dict[str, Given]:
    """question → the answer of one view as it was after that save; nothing at 0."""
    return _given(Answer.objects.filter(sheet_id=sheet_id, view=view, revision__lte=revision))


def rows_of(sheet_ids: Iterable[int]) -> dict[int, dict[tuple[str, View], Row]]:
    """sheet → (question, view) → the answer in force, of many sheets in one question."""
    found: dict[int, dict[tuple[str, View], Row]] = {}
    rows = (
        Answer.objects.filter(sheet_id__in=list(sheet_ids))
        .order_by("sheet_id", "question", "view", "-id")
        .distinct("sheet_id", "question", "view")
        .select_related("by")
    )
    for row in rows:
        card = _row(row)
        found.setdefault(row.sheet_id, {})[(row.question, card.view)] = card
    return found


def versions_of(sheet_id: int) -> list[Row]:
    """Every answer ever given in a sheet, newest first."""
    return [
        _row(row) for row in Answer.objects.filter(sheet_id=sheet_id).select_related("by").order_by("-id")
    ]


def _given(rows: QuerySet[Answer]) -> dict[str, Given]:
    newest: Any = (
        rows.order_by("question", "-id").distinct("question").values_list("question", "values", "words")
    )
    return {question: Given(tuple(values), words) for question, values, words in newest}


def _row(row: Answer) -> Row:
    return Row(
        row.pk, row.sheet_id, row.question, View(row.view), Given(tuple(row.values), row.words), row.at, row.by.name,
        row.revision,
    )  # fmt: skip
