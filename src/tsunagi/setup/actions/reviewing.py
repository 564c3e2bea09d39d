"""The yearly review of who may what: begun for every office at once, answered posting by posting, closed when all are."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from tsunagi.accounts.models import Posting, Worker
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.setup.models import Review, ReviewLine
from tsunagi.setup.queries.reviewing import (
    manager_to_review,
    offices_to_review,
    reviewer_choices,
    unanswered_in,
)
from tsunagi.setup.rules.reviews import Verdict, check_answer, check_beginning, check_closing
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import fiscal_year


@transaction.atomic
def begin_reviews(*, due_on: date, by: Worker, at: datetime) -> list[Review]:
    """Begin this fiscal year's review in every office where it has not begun. Its manager reviews; else who begins it.

    Raises Refused for a day that has passed, or when every office has its review.
    """
    on = day_of(at)
    check_beginning(due_on=due_on, on=on)
    year = fiscal_year(on)
    offices = offices_to_review(year)
    if not offices:
        raise Refused("どの機関の見直しも、もう始まっています。下の一覧から続けてください。")
    reviews = [
        Review(
            office=office,
            year=year,
            reviewer_id=manager_to_review(office.pk) or by.pk,
            due_on=due_on,
            opened_at=at,
            opened_by=by,
        )
        for office in offices
    ]
    Review.objects.bulk_create(reviews)
    for review in reviews:
        record(
            "review.begun",
            subject_kind="review",
            subject_id=review.pk,
            by=by.pk,
            at=at,
            detail={"office": review.office_id},
        )
    tell(
        {review.reviewer_id for review in reviews} - {by.pk},
        "権限の見直しが始まりました。機関の職員の配属を、ひとりずつ確かめてください。",
        reverse("setup:reviews"),
        kind="review",
        at=at,
    )
    return reviews


@transaction.atomic
def answer(
    review: Review, posting_id: int, verdict: str, reason: str, *, by: Worker, at: datetime
) -> ReviewLine:
    """Say of one posting of the office that it stays, or that it is to end and why. Said again, replaced.

    Nothing ends by this: ending is done by the deeds of postings and of leaving, which hand rows on.
    """
    locked = Review.objects.select_for_update().get(pk=review.pk)
    posting = Posting.objects.filter(pk=posting_id, office_id=locked.office_id).first()
    if posting is None:
        raise Refused("この配属は、この機関のものではありません。画面を開き直してください。")
    check_answer(
        own=posting.worker_id == by.pk,
        ended=posting.ended_at is not None,
        closed=locked.closed_at is not None,
        verdict=verdict,
        reason=reason,
    )
    words = reason.strip() if verdict == Verdict.TO_END else ""
    line, _ = ReviewLine.objects.update_or_create(
        review=locked,
        posting=posting,
        defaults={"verdict": Verdict(verdict), "reason": words, "at": at, "by": by},
    )
    record(
        "review.answered",
        subject_kind="posting",
        subject_id=posting.pk,
        by=by.pk,
        at=at,
        detail={"review": locked.pk, "verdict": str(verdict)},
    )
    return line


@transaction.atomic
def hand_review(review: Review, reviewer_id: int, due_on: date, *, by: Worker, at: datetime) -> None:
    """Another worker reviews, or until another day. Raises Refused for somebody who may not, or a review that is over."""
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.closed_at is not None:
        raise Refused("この見直しは終わっています。")
    check_beginning(due_on=due_on, on=day_of(at))
    if reviewer_id not in dict(reviewer_choices(locked.office_id)):
        raise Refused("見直す人には、この機関の管理職かシステム管理者を選んでください。", field="reviewer")
    locked.reviewer_id, locked.due_on, locked.revision = reviewer_id, due_on, locked.revision + 1
    locked.save(update_fields=["reviewer", "due_on", "revision"])
    record(
        "review.handed",
        subject_kind="review",
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"worker": reviewer_id},
    )
    tell(
        {reviewer_id} - {by.pk},
        "権限の見直しをお願いします。機関の職員の配属を、ひとりずつ確かめてください。",
        reverse("setup:review", args=[locked.pk]),
        kind="review",
        at=at,
    )


@transaction.atomic
def close_review(review: Review, *, by: Worker, at: datetime) -> None:
    """The review is over. Only its reviewer or an administrator closes it, and only when every posting has an answer."""
    locked = Review.objects.select_for_update().get(pk=review.pk)
    if locked.closed_at is not None:
        raise Refused("この見直しは、もう終わっています。")
    if locked.reviewer_id != by.pk and reach_of(by, Purpose.REVIEW) is not Reach.CITY:
        raise Refused("見直しを終えるのは、見直す人かシステム管理者です。")
    check_closing(unanswered=unanswered_in(locked))
    locked.closed_at, locked.closed_by = at, by
    locked.save(update_fields=["closed_at", "closed_by"])
    record("review.closed", subject_kind="review", subject_id=locked.pk, by=by.pk, at=at)
