"""What a worker must be told (お知らせ), and messages left for a worker (伝言)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsunagi.shared.rows import Rule, either, of_office, of_worker


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


class MailAddress(models.Model):
    """Where a worker wants to hear by letter that something waits, and how (メールでの知らせ). Used once confirmed by a code."""

    worker = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    address = models.EmailField("メールアドレス", max_length=254)
    choices = models.JSONField("受け取り方", default=dict)
    asked_at = models.DateTimeField("登録")
    confirmed_at = models.DateTimeField("確認", null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField("続けて断られた回数", default=0)
    switched_off_at = models.DateTimeField("止めた", null=True, blank=True)
    last_sent_at = models.DateTimeField("最後に送った", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["worker_id"]

    def __str__(self) -> str:
        return f"メール #{self.pk}"


class Letter(models.Model):
    """One e-mail to one worker, until it is sent or given up. It has no text: all letters of a kind say the same."""

    number = models.UUIDField(default=uuid.uuid4, unique=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    purpose = models.CharField("何の", max_length=8, choices=[("code", "確認の番号"), ("waits", "お知らせ")])
    state = models.CharField(
        "状態",
        max_length=8,
        choices=[
            ("waiting", "送る前"),
            ("sent", "送った"),
            ("given_up", "送れなかった"),
            ("needless", "要らなくなった"),
        ],
        default="waiting",
    )
    asked_at = models.DateTimeField("頼んだ時刻")
    next_at = models.DateTimeField("次に送る時刻")
    tries = models.PositiveSmallIntegerField("試した回数", default=0)
    answer = models.CharField("サーバーの答え", max_length=20, blank=True)
    ended_at = models.DateTimeField("終わった時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="letter_to_send"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="letter_ended_iff_not_waiting",
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                violation_error_message="メールの状態と終わった時刻が合いません。画面を開き直してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"メール送信 #{self.pk}"


ROWS: dict[str, Rule] = {
    "notices_notice": of_worker("worker_id"),
    "notices_message": either(of_worker("for_worker_id", "left_by_id"), of_office("for_office_id")),
    "notices_mailaddress": of_worker("worker_id"),
    "notices_letter": of_worker("worker_id"),
}
