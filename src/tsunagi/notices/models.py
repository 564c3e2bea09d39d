"""What a worker must be told (お知らせ), and messages left for a worker (伝言)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One sentence for one worker with a place to go to. It tells; it never decides."""

    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField("種類", max_length=40, blank=True)
    sentence = models.CharField("文", max_length=300)
    link = models.CharField("行き先", max_length=200, blank=True)
    told_at = models.DateTimeField("いつ")
    read_at = models.DateTimeField("読んだ", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["worker", "-id"], condition=Q(read_at__isnull=True), name="notice_unread")
        ]

    def __str__(self) -> str:
        return f"お知らせ #{self.pk}"


class Message(models.Model):
    """A message left for a worker without seeing any case (伝言). Its promise lives in holding."""

    for_worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    for_office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    caller = models.CharField("だれから", max_length=100, blank=True)
    number = models.CharField("かけ直す番号", max_length=60, blank=True)
    words = models.TextField("用件", blank=True)
    came_at = models.DateTimeField("来た時刻")
    written_at = models.DateTimeField("書いた時刻")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"伝言 #{self.pk}"
