"""What is remembered of an installation's beginning, and the yearly review of who may what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .rules.reviews import Verdict


class Mark(models.Model):
    """Something that once was true of this database and stays so (印): it held the demo city. Never taken away."""

    name = models.CharField("印", max_length=20, primary_key=True)
    at = models.DateTimeField("いつ")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return f"印 {self.name}"


class Look(models.Model):
    """Somebody looked at a part of the set-up and left it as it is (見たという記録): the shipped code lists will do."""

    what = models.CharField("なにを", max_length=30)
    at = models.DateTimeField("いつ")
    by = models.ForeignKey("accounts.Worker", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"見た記録 #{self.pk}"


class Review(models.Model):
    """The yearly review of who may what in one office (権限の見直し): by a named worker, until a day."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="reviews")
    year = models.PositiveSmallIntegerField("年度")
    reviewer = models.ForeignKey("accounts.Worker", models.PROTECT, related_name="+", verbose_name="見直す人")
    due_on = models.DateField("期限")
    opened_at = models.DateTimeField("始めた")
    opened_by = models.ForeignKey("accounts.Worker", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("終えた", null=True, blank=True)
    closed_by = models.ForeignKey("accounts.Worker", models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-year", "office_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "year"],
                name="review_once_a_year",
                violation_error_message="この機関のこの年度の見直しは、すでに始まっています。",
            ),
            models.CheckConstraint(
                name="review_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                violation_error_message="終えた見直しには、終えた人が要ります。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reviewer"], condition=Q(closed_at__isnull=True), name="review_open")
        ]

    def __str__(self) -> str:
        return f"見直し #{self.pk}"


class ReviewLine(models.Model):
    """What a review says of one posting (見直しの行): it stays as it is, or it is to end, and why."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="lines")
    posting = models.ForeignKey("accounts.Posting", models.PROTECT, related_name="+")
    verdict = models.CharField("答え", max_length=12, choices=Verdict.choices())
    reason = models.CharField("わけ", max_length=200, blank=True)
    at = models.DateTimeField("いつ")
    by = models.ForeignKey("accounts.Worker", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["review_id", "posting_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["review", "posting"],
                name="review_line_once",
                violation_error_message="この配属には、すでに答えがあります。",
            ),
            models.CheckConstraint(
                name="review_end_has_reason",
                condition=~Q(verdict="to_end") | ~Q(reason=""),
                violation_error_message="「終える」には、わけを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"見直しの行 #{self.pk}"


GRANTS = {
    "setup_mark": ["SELECT", "INSERT"],
    "setup_look": ["SELECT", "INSERT"],
    "setup_review": ["SELECT", "INSERT", "UPDATE (reviewer_id, due_on, closed_at, closed_by_id, revision)"],
    "setup_reviewline": ["SELECT", "INSERT", "UPDATE (verdict, reason, at, by_id)"],
}
