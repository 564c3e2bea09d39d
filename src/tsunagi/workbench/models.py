"""Drafts and long runs: whose, of what key; not what is in them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from .rules import RunState


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
