"""Drafts and long runs: whose, of what key; not what is in them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .rules import ListPlace, RunState, ShownKind


class Draft(models.Model):
    """What somebody is typing (下書き). A deed consumes it, so a re-sent form shows the first result."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField("様式", max_length=60)
    subject = models.CharField("対象", max_length=60, blank=True)
    title = models.CharField("見出し", max_length=80, blank=True)
    link = models.CharField("続きを書く場所", max_length=200, blank=True)
    body = models.JSONField("中身", default=dict)
    seq = models.PositiveIntegerField("順番", default=0)
    created_at = models.DateTimeField("作成")
    touched_at = models.DateTimeField("最後に書いた時刻")
    consumed_at = models.DateTimeField("確定", null=True, blank=True)
    result_link = models.CharField("できたもの", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-touched_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["worker", "-touched_at"],
                condition=Q(consumed_at__isnull=True),
                name="draft_open_of_worker",
            )
        ]

    def __str__(self) -> str:
        return f"下書き {self.pk}"


class LongRun(models.Model):
    """Work that takes longer than a page (import, export): how far it is, and what it did."""

    kind = models.CharField("種類", max_length=40)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    title = models.CharField("見出し", max_length=120)
    state = models.CharField("状態", max_length=12, choices=RunState.choices(), default=RunState.WAITING)
    total = models.PositiveIntegerField("全体", default=0)
    done = models.PositiveIntegerField("済み", default=0)
    sentence = models.CharField("いま・結果", max_length=300, blank=True)
    result = models.JSONField("結果", default=dict)
    file = models.BinaryField("できたファイル", null=True)
    file_name = models.CharField("ファイル名", max_length=200, blank=True)
    asked_at = models.DateTimeField("依頼")
    started_at = models.DateTimeField("開始", null=True, blank=True)
    ended_at = models.DateTimeField("終了", null=True, blank=True)
    cancel_asked_at = models.DateTimeField("中止の依頼", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["worker", "-id"], name="long_run_of_worker")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="long_run_ended_iff_it_says_so",
                condition=Q(state__in=RunState.ended(), ended_at__isnull=False)
                | (~Q(state__in=RunState.ended()) & Q(ended_at__isnull=True)),
                violation_error_message="作業の状態と終わった時刻が合いません。画面を開き直してください。",
            )
        ]

    def __str__(self) -> str:
        return f"作業 #{self.pk}"


class SavedFilter(models.Model):
    """A filter a worker named and keeps for one list. What was chosen, never what was typed: no personal data."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    place = models.CharField("どの一覧の", max_length=16, choices=ListPlace.choices())
    name = models.CharField("名前", max_length=30)
    asked = models.JSONField("条件", default=dict)  # {parameter: code}
    is_default = models.BooleanField("最初に使う", default=False)
    office = models.ForeignKey(
        "accounts.Office", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="分ける機関"
    )
    kept_at = models.DateTimeField("残した時刻")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker", "place", "name"],
                name="saved_filter_name_once",
                violation_error_message="同じ名前の条件があります。別の名前を付けてください。",
            ),
            models.UniqueConstraint(
                fields=["worker", "place"],
                condition=Q(is_default=True),
                name="saved_filter_one_default",
                violation_error_message="最初に使う条件は、一覧ごとにひとつです。画面を開き直してください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["office", "place"], condition=Q(office__isnull=False), name="saved_filter_shared"
            )
        ]

    def __str__(self) -> str:
        return f"条件 #{self.pk}"


class TakenAway(models.Model):
    """A list that was taken away as Excel (書き出し): who, which, how many, with what reason. Never the list itself."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, related_name="+")
    place = models.CharField("どの一覧の", max_length=16, choices=ListPlace.choices())
    filter_words = models.CharField("条件", max_length=200, blank=True)
    rows = models.PositiveIntegerField("行")
    persons = models.PositiveIntegerField("人数")
    others_rows = models.BooleanField("ほかの職員の行を含む", default=False)
    reason = models.CharField("わけ", max_length=300, blank=True)
    at = models.DateTimeField("いつ")
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_at = models.DateTimeField("管理職が見た時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["office", "-id"], name="taken_away_of_office")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="taken_away_with_a_reason",
                condition=Q(persons__lte=50, others_rows=False) | ~Q(reason=""),
                violation_error_message="50人を超える書き出しと、ほかの職員の行の書き出しには、わけを書いてください。",
            )
        ]

    def __str__(self) -> str:
        return f"書き出し #{self.pk}"


class Circulation(models.Model):
    """A record shown round (供覧) to named workers, and decided (決裁). It knows a number and a link, no person."""

    kind = models.CharField("何の", max_length=12, choices=ShownKind.choices())
    subject_id = models.BigIntegerField("何番の")
    words = models.CharField("ひとこと", max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("回した時刻")
    decided_on = models.DateField("決裁の日", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    document_number = models.CharField("文書番号", max_length=60, blank=True)
    ended_at = models.DateTimeField("終えた時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "subject_id"], name="circulation_of_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="circulation_decided_with_day_and_name",
                condition=Q(decided_on__isnull=True, decided_by__isnull=True)
                | Q(decided_on__isnull=False, decided_by__isnull=False),
                violation_error_message="決裁には、決めた人と日を入れてください。",
            )
        ]

    def __str__(self) -> str:
        return f"供覧 #{self.pk}"


class Reader(models.Model):
    """One worker a record is shown to: read on a day, or not yet, or not any more (the record closed for them)."""

    circulation = models.ForeignKey(Circulation, models.CASCADE, related_name="readers")
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField("名を挙げた時刻")
    read_at = models.DateTimeField("読んだ時刻", null=True, blank=True)
    lapsed_at = models.DateTimeField("見られなくなった時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["circulation", "worker"],
                name="reader_once",
                violation_error_message="この職員には、もう回っています。",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["worker"],
                condition=Q(read_at__isnull=True, lapsed_at__isnull=True),
                name="reader_unread",
            )
        ]

    def __str__(self) -> str:
        return f"供覧の読み手 #{self.pk}"


# What was shown to whom, and what was taken away, stays: only the marks are written later.
GRANTS = {
    "workbench_takenaway": ["SELECT", "INSERT", "UPDATE (seen_by_id, seen_at)"],
    "workbench_circulation": [
        "SELECT",
        "INSERT",
        "UPDATE (decided_on, decided_by_id, document_number, ended_at)",
    ],
    "workbench_reader": ["SELECT", "INSERT", "UPDATE (read_at, lapsed_at)"],
}
