"""A word about what the household shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.assessment.models import (
    PatternWord,
)
from tsunagi.assessment.rules import (
    Found,
    Verdict,
    check_verdict,
)
from tsunagi.cases.models import Case
from tsunagi.journal.actions import record
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
from ._file import SUBJECT, open_file


def answer_pattern(
    case: Case,
    found: Found,
    verdict: Verdict,
    *,
    reason: str = "",
    until_on: date | None = None,
    by: Worker,
    at: datetime,
) -> PatternWord:
    """Say of a pattern: そのとおり, ちがう (with a reason), あとで見る (until a day). Nothing is written on a person."""
    refuse_my_number(reason, "わけ", "reason")
    check_verdict(verdict, reason=reason, until_on=until_on, today=day_of(at))
    open_file(case.pk)
    made = PatternWord.objects.create(
        case=case, pattern=found.pattern, persons=found.key, fingerprint=found.fingerprint, verdict=verdict,
        reason=reason.strip()[:300], until_on=until_on if verdict is Verdict.POSTPONED else None, at=at, by=by,
    )  # fmt: skip
    record(
        "pattern.answered", subject_kind=SUBJECT, subject_id=case.pk, by=by.pk, at=at,
        detail={"pattern": found.pattern.value, "verdict": verdict.value},
    )  # fmt: skip
    return made
