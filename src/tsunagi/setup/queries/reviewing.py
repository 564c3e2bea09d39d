"""The yearly review as its pages, 今日, 網 and its sheet show it. What is unanswered is derived, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from tsunagi.accounts.models import Office, Posting
from tsunagi.accounts.rules import LegalKind, Role
from tsunagi.permissions.rules import Purpose, Reach, reach_for
from tsunagi.setup.access import reviews_within_reach
from tsunagi.setup.models import Review, ReviewLine
from tsunagi.setup.rules.reviews import Verdict
from tsunagi.setup.rules.sight import in_full, in_short
from tsunagi.shared.kept import Kept
from tsunagi.shared.wareki import fiscal_year, show_fiscal_year

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker as WorkerType


@dataclass(frozen=True)
class ReviewCard:
    """A review on a list."""

    id: int
    office_id: int
    office: str
    year: str
    reviewer_id: int
    reviewer: str
    due_on: date
    closed_at: datetime | None
    total: int
    answered: int
    to_end: int
    late: bool
    reviewer_left: bool

    @property
    def unanswered(self) -> int:
        """How many postings nobody has looked at."""
        return max(0, self.total - self.answered)


@dataclass(frozen=True)
class PostingLine:
    """One posting on the page of a review."""

    posting_id: int
    worker_id: int
    worker: str
    kana: str
    sign_in_name: str
    employer: str
    role: str
    is_main: bool
    is_secondment: bool
    is_duty: bool
    since: date
    planned_until: date | None
    last_seen_at: datetime | None
    elsewhere: tuple[str, ...]
    sees: str
    reaches: tuple[tuple[str, str], ...]
    verdict: str
    verdict_label: str
    reason: str
    answered_by: str
    answered_at: datetime | None
    is_own: bool
    has_ended: bool


@dataclass(frozen=True)
class Summary:
    """How this fiscal year's review goes in the whole city."""

    year: str
    offices: int
    begun: int
    open: int
    late: int

    @property
    def not_begun(self) -> int:
        """Offices whose review of this year nobody began."""
        return max(0, self.offices - self.begun)


def _living() -> QuerySet[Posting]:
    return Posting.objects.filter(ended_at__isnull=True, worker__is_active=True)


def _cards(rows: QuerySet[Review], on: date) -> list[ReviewCard]:
    found = list(
        rows.select_related("office", "reviewer")
        .annotate(
            said=Count("lines", filter=Q(lines__posting__ended_at__isnull=True), distinct=True),
            ends=Count(
                "lines",
                filter=Q(lines__verdict=Verdict.TO_END, lines__posting__ended_at__isnull=True),
                distinct=True,
            ),
        )
        .order_by("-year", F("closed_at").desc(nulls_first=True), "due_on", "office__code", "id")
    )
    if not found:
        return []
    totals = dict(
        _living()
        .filter(office__in=[row.office_id for row in found])
        .order_by()
        .values("office_id")
        .annotate(count=Count("id"))
        .values_list("office_id", "count")
    )
    own = _whose_own_is_left(found)
    return [
        ReviewCard(
            row.pk,
            row.office_id,
            row.office.label,
            show_fiscal_year(row.year),
            row.reviewer_id,
            row.reviewer.name,
            row.due_on,
            row.closed_at,
            totals.get(row.office_id, 0) if row.closed_at is None else row.said,
            row.said,
            row.ends,
            row.closed_at is None and row.due_on < on,
            row.pk in own,
        )
        for row in found
    ]


def _whose_own_is_left(reviews: Sequence[Review]) -> set[int]:
    """The open reviews in which the reviewer's own posting has no answer: an administrator gives it."""
    said = ReviewLine.objects.filter(review=OuterRef("pk"), posting=OuterRef("office__postings"))
    rows = Review.objects.filter(
        pk__in=[row.pk for row in reviews],
        closed_at__isnull=True,
        office__postings__worker=F("reviewer"),
        office__postings__ended_at__isnull=True,
    )
    return set(rows.filter(~Exists(said)).order_by("id").values_list("id", flat=True))


def unanswered_workers(review: Review) -> set[int]:
    """Whose living postings of the office have no answer yet."""
    rows = _living().filter(office_id=review.office_id)
    said = ReviewLine.objects.filter(review=review, posting=OuterRef("pk"))
    return set(rows.filter(~Exists(said)).order_by("id").values_list("worker_id", flat=True))


def administrators() -> set[int]:
    """Whoever administers the whole city now."""
    rows = _living().filter(role=Role.SYSTEM_ADMINISTRATOR, office__is_active=True)
    return set(rows.order_by("id").values_list("worker_id", flat=True))


def review_cards(worker: WorkerType, *, on: date) -> list[ReviewCard]:
    """The reviews this worker may see, open ones first, the newest year first."""
    return _cards(reviews_within_reach(worker), on)


def review_card(review: Review, *, on: date) -> ReviewCard:
    """One review as its page heads it."""
    return _cards(Review.objects.filter(pk=review.pk), on)[0]


def reviews_waiting(worker: WorkerType, *, on: date) -> list[ReviewCard]:
    """The open reviews that wait for this worker, for 今日."""
    waiting = [pk for (pk,) in _WAITING.rows(worker.pk)]
    return _cards(Review.objects.filter(pk__in=waiting), on) if waiting else []


_WAITING = Kept(
    lambda who: (
        Review.objects.filter(reviewer_id=who, closed_at__isnull=True).order_by("id").values_list("id")
    )
)


def overdue_reviews(office_ids: Iterable[int], *, on: date) -> tuple[tuple[str, int], ...]:
    """Office and days late of the reviews nobody finished in time, for 網: the latest first."""
    rows = Review.objects.filter(closed_at__isnull=True, due_on__lt=on, office_id__in=list(office_ids))
    return tuple(
        (row.office.label, (on - row.due_on).days)
        for row in rows.select_related("office").order_by("due_on", "id")
    )


def reviews_summary(*, on: date) -> Summary:
    """How this fiscal year's review goes in the whole city."""
    year = fiscal_year(on)
    rows = Review.objects.filter(year=year, office__is_active=True)
    return Summary(
        show_fiscal_year(year),
        _reviewable().count(),
        rows.count(),
        rows.filter(closed_at__isnull=True).count(),
        rows.filter(closed_at__isnull=True, due_on__lt=on).count(),
    )


def _reviewable() -> QuerySet[Office]:
    return Office.objects.filter(is_active=True, signs_in=True).filter(
        Exists(_living().filter(office=OuterRef("pk")))
    )


def offices_to_review(year: int) -> list[Office]:
    """The offices whose review of this fiscal year has not begun."""
    begun = Review.objects.filter(year=year, office=OuterRef("pk"))
    return list(_reviewable().filter(~Exists(begun)).order_by("code"))


def posting_lines(review: Review, worker: WorkerType) -> list[PostingLine]:
    """Every posting the review is about, those without an answer first, in a fixed number of queries."""
    answers = {row.posting_id: row for row in review.lines.select_related("by")}
    rows = Posting.objects.filter(office_id=review.office_id).select_related("worker", "office")
    if review.closed_at is None:
        rows = rows.filter(Q(ended_at__isnull=True, worker__is_active=True) | Q(pk__in=list(answers)))
    else:
        rows = rows.filter(pk__in=list(answers))
    found = list(rows.order_by("worker__kana", "worker_id", "id"))
    elsewhere = _elsewhere([row.worker_id for row in found], review.office_id)
    lines = [_line(row, answers.get(row.pk), elsewhere.get(row.worker_id, ()), worker) for row in found]
    return sorted(lines, key=lambda line: bool(line.verdict))


def _line(
    row: Posting, answer: ReviewLine | None, elsewhere: tuple[str, ...], worker: WorkerType
) -> PostingLine:
    return PostingLine(
        posting_id=row.pk,
        worker_id=row.worker_id,
        worker=row.worker.name,
        kana=row.worker.kana,
        sign_in_name=row.worker.sign_in_name,
        employer=row.worker.employer,
        role=Role.label_of(row.role),
        is_main=row.is_main,
        is_secondment=row.is_secondment,
        is_duty=row.office.duty_worker_id == row.worker_id,
        since=row.since,
        planned_until=row.planned_until,
        last_seen_at=row.worker.last_seen_at,
        elsewhere=elsewhere,
        sees=in_short(row.role, row.office.legal_kind),
        reaches=in_full(row.role, row.office.legal_kind),
        verdict=answer.verdict if answer else "",
        verdict_label=Verdict.label_of(answer.verdict) if answer else "",
        reason=answer.reason if answer else "",
        answered_by=answer.by.name if answer else "",
        answered_at=answer.at if answer else None,
        is_own=row.worker_id == worker.pk,
        has_ended=row.ended_at is not None,
    )


def _elsewhere(worker_ids: list[int], office_id: int) -> dict[int, tuple[str, ...]]:
    rows = _living().filter(worker_id__in=worker_ids).exclude(office_id=office_id).select_related("office")
    found: dict[int, tuple[str, ...]] = {}
    for row in rows.order_by("id"):
        words = f"{row.office.label}({Role.label_of(row.role)})"
        found[row.worker_id] = (*found.get(row.worker_id, ()), words)
    return found


def unanswered_in(review: Review) -> int:
    """How many living postings of the office nobody has looked at."""
    return (
        _living()
        .filter(office_id=review.office_id)
        .exclude(Exists(ReviewLine.objects.filter(review=review, posting=OuterRef("pk"))))
        .count()
    )


def reviewer_choices(office_id: int) -> list[tuple[int, str]]:
    """Who may review an office: its managers, and whoever administers the city."""
    found: dict[int, str] = {}
    rows = _living().filter(office__is_active=True).select_related("worker", "office")
    for row in rows.order_by("worker__kana", "worker_id", "id"):
        reach = reach_for([(row.role, row.office.legal_kind)], Purpose.REVIEW)
        if reach is Reach.CITY or (reach is Reach.OFFICE and row.office_id == office_id):
            found.setdefault(row.worker_id, f"{row.worker.name}({Role.label_of(row.role)})")
    return list(found.items())


def manager_to_review(office_id: int) -> int | None:
    """The first manager of an office, who reviews it unless an administrator says otherwise."""
    return (
        _living()
        .filter(office_id=office_id, role=Role.MANAGER)
        .order_by("-is_main", "id")
        .values_list("worker_id", flat=True)
        .first()
    )


def name_of_legal_kind(office: Office) -> str:
    """The legal kind of an office in words, for the sheet."""
    return LegalKind.label_of(office.legal_kind)
