"""Sittings, the bodies that sit together, who was there."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tsunagi.meetings.rules import HowHeld, Presence, SittingState

from .bodies import Body, BodyMember

WORKER = settings.AUTH_USER_MODEL


class Sitting(models.Model):
    """One sitting of a body, or of several at once (合同: `joint`); its items carry their own mode.

    `secretary` prepares it, and answers for what nobody has accepted yet.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="sittings")
    day = models.DateField("日")
    begins = models.TimeField("始まり", null=True, blank=True)
    place = models.CharField("場所", max_length=120, blank=True)
    how = models.CharField("開き方", max_length=8, choices=HowHeld.choices(), default=HowHeld.TOGETHER)
    state = models.CharField(
        "状態", max_length=10, choices=SittingState.choices(), default=SittingState.PLANNED
    )
    is_ad_hoc = models.BooleanField("随時", default=False)
    reason = models.CharField("随時に開くわけ・取りやめたわけ", max_length=300, blank=True)
    secretary = models.ForeignKey(WORKER, models.PROTECT, related_name="+", verbose_name="事務局の担当")
    call_until_on = models.DateField("議題の募集の締切", null=True, blank=True)
    made_at = models.DateTimeField("作成")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    called_at = models.DateTimeField("召集した時刻", null=True, blank=True)
    opened_at = models.DateTimeField("始めた時刻", null=True, blank=True)
    ended_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    # Goes up when the order of the items is moved or what the sitting says of itself is written.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["day", "begins", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_sitting_ad_hoc_with_a_reason",
                condition=Q(is_ad_hoc=False) & ~Q(state="cancelled") | ~Q(reason=""),
                violation_error_message="随時に開くわけ、取りやめるわけを書いてください。",
            ),
            models.CheckConstraint(
                name="meeting_sitting_ended_iff_over",
                condition=Q(state__in=["planned", "called", "open"], ended_at__isnull=True)
                | Q(state__in=["ended", "cancelled"], ended_at__isnull=False),
                violation_error_message="終わった会議にだけ、終えた時刻が入ります。",
            ),
            models.CheckConstraint(
                name="meeting_sitting_open_has_begun",
                condition=~Q(state="open") | Q(opened_at__isnull=False),
                violation_error_message="始めた会議には、始めた時刻が入ります。",
            ),
            models.UniqueConstraint(
                fields=["body", "day"],
                condition=Q(is_ad_hoc=False) & ~Q(state="cancelled"),
                name="meeting_sitting_once_a_day",
                violation_error_message="この会議は、この日にもう予定があります。急ぐときは「随時に開く」を選んでください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["day"], name="meeting_sitting_day"),
        ]

    def __str__(self) -> str:
        return f"会議 #{self.pk}"


class JointBody(models.Model):
    """Another body that sits at the same sitting (合同)."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="joint")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sitting", "body"],
                name="meeting_joint_once",
                violation_error_message="この会議は、もう合同に入っています。",
            )
        ]

    def __str__(self) -> str:
        return f"合同 #{self.pk}"


class Attendance(models.Model):
    """Whether a member was at a sitting, when they came and left, and when the absent were told what came of it."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attendances")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+")
    presence = models.CharField("出欠", max_length=10, choices=Presence.choices(), default=Presence.EXPECTED)
    came_at = models.DateTimeField("来た時刻", null=True, blank=True)
    left_at = models.DateTimeField("帰った時刻", null=True, blank=True)
    told_at = models.DateTimeField("結果を伝えた時刻", null=True, blank=True)
    told_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["sitting_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sitting", "member"],
                name="meeting_attendance_once",
                violation_error_message="この方の出欠は、もう記録されています。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="meeting_attendance_came_before_leaving",
                condition=Q(left_at__isnull=True) | Q(came_at__isnull=False, left_at__gte=F("came_at")),
                violation_error_message="帰った時刻が、来た時刻より前です。時刻を確かめてください。",
            ),
            models.CheckConstraint(
                name="meeting_attendance_present_came",
                condition=~Q(presence="present") | Q(came_at__isnull=False),
                violation_error_message="出席には、来た時刻が入ります。",
            ),
        ]

    def __str__(self) -> str:
        return f"出欠 #{self.pk}"
