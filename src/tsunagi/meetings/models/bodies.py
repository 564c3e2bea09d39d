"""Bodies, who belongs to them, who acknowledged 守秘義務, secret calendar addresses."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.meetings.rules import AcknowledgedHow, BodyType, HolidayRule, MemberRole, Recall

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"


class Body(models.Model):
    """A body that meets (会議体): its legal type is fixed, its name and its rules are the city's.

    `modes` are the bases its items may rest on (`rules.Mode`). What goes beyond meeting in a room stands here with the
    article of the local 要綱 that allows it; without the article it is not allowed.
    """

    body_type = models.CharField("法上の種類", max_length=14, choices=BodyType.choices())
    name = models.CharField("名前", max_length=80)
    modes = ArrayField(models.CharField(max_length=14), verbose_name="議題の根拠")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+", verbose_name="庶務の機関")
    # The rule of the calendar: the n-th weekday of each month (week -1 = the last); null = no fixed day.
    week = models.SmallIntegerField("第何", null=True, blank=True)
    weekday = models.SmallIntegerField("曜日", null=True, blank=True)
    begins = models.TimeField("始まり", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("長さ（分）", default=120)
    place = models.CharField("場所", max_length=120, blank=True)
    holiday_rule = models.CharField(
        "閉庁日のとき", max_length=8, choices=HolidayRule.choices(), default=HolidayRule.AFTER
    )
    call_days = models.PositiveSmallIntegerField("募集の締切（開催の何開庁日前）", default=5)
    by_phone = models.BooleanField("電話・持ち回りで開ける", default=False)
    by_phone_article = models.CharField("その条文", max_length=120, blank=True)
    outside_sittings = models.BooleanField("会議の外で構成員どうしが共有できる", default=False)
    outside_article = models.CharField("その条文", max_length=120, blank=True)
    recall = models.CharField("資料", max_length=12, choices=Recall.choices(), default=Recall.COLLECT)
    recall_article = models.CharField("その条文", max_length=120, blank=True)
    keeps_who_said = models.BooleanField("だれの発言かを残す", default=False)
    made_at = models.DateTimeField("作成")
    made_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("廃止", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["ended_at", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(ended_at__isnull=True),
                name="meeting_body_name_once",
                violation_error_message="同じ名前の会議が、もうあります。別の名前にしてください。",
            ),
            models.CheckConstraint(
                name="meeting_body_has_a_basis",
                condition=Q(modes__len__gt=0),
                violation_error_message="議題の根拠を、ひとつは選んでください。",
            ),
            models.CheckConstraint(
                name="meeting_body_by_phone_names_its_article",
                condition=Q(by_phone=False) | ~Q(by_phone_article=""),
                violation_error_message="電話・持ち回りで開けるのは、要綱に定めがあるときです。条文を書いてください。",
            ),
            models.CheckConstraint(
                name="meeting_body_outside_names_its_article",
                condition=Q(outside_sittings=False) | ~Q(outside_article=""),
                violation_error_message="会議の外で共有できるのは、要綱に定めがあるときです。条文を書いてください。",
            ),
            models.CheckConstraint(
                name="meeting_body_day_is_whole",
                condition=Q(week__isnull=True, weekday__isnull=True)
                | Q(week__in=[-1, 1, 2, 3, 4], weekday__gte=0, weekday__lte=6),
                violation_error_message="「第何」と曜日は、両方選ぶか、両方空けてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"会議体 #{self.pk}"


class BodyMember(models.Model):
    """Somebody who belongs to a body for a term: a worker, or a named outside person for whom an office answers."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="members")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+", verbose_name="機関")
    worker = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("お名前（システムを使わない方）", max_length=100, blank=True)
    role = models.CharField("役", max_length=10, choices=MemberRole.choices(), default=MemberRole.MEMBER)
    from_on = models.DateField("任期の始まり")
    until_on = models.DateField("任期の終わり", null=True, blank=True)
    is_part_time = models.BooleanField("出番のときだけ来る", default=False)
    added_at = models.DateTimeField("加えた時刻")
    added_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("外れた時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["body_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_member_is_a_worker_or_named",
                condition=Q(worker__isnull=False, name="") | Q(worker__isnull=True) & ~Q(name=""),
                violation_error_message="職員を選ぶか、システムを使わない方のお名前を書いてください（どちらかひとつ）。",
            ),
            models.UniqueConstraint(
                fields=["body", "worker"],
                condition=Q(ended_at__isnull=True, worker__isnull=False),
                name="meeting_member_once",
                violation_error_message="この職員は、すでにこの会議の構成員です。",
            ),
            models.CheckConstraint(
                name="meeting_member_term_in_order",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                violation_error_message="任期の終わりが、始まりより前です。日を確かめてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["worker"], condition=Q(ended_at__isnull=True), name="meeting_member_of_worker"
            ),
        ]

    def __str__(self) -> str:
        return f"構成員 #{self.pk}"


class Acknowledgement(models.Model):
    """That a member acknowledged 守秘義務 for a 年度. Append-only. `year`: the calendar year in which the 年度 begins."""

    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="acknowledgements")
    year = models.PositiveSmallIntegerField("年度")
    on = models.DateField("日")
    how = models.CharField("方法", max_length=8, choices=AcknowledgedHow.choices())
    kept_where = models.CharField("紙の保管場所", max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member", "year"],
                name="meeting_acknowledged_once_a_year",
                violation_error_message="この年度の守秘義務の確認は、もう済んでいます。",
            ),
            models.CheckConstraint(
                name="meeting_acknowledgement_paper_is_somewhere",
                condition=Q(how="screen") | ~Q(kept_where=""),
                violation_error_message="署名した紙をどこに保管したかを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"守秘義務の確認 #{self.pk}"


class FeedAddress(models.Model):
    """A worker's secret address under which their calendar program reads when bodies sit. Only its digest is kept."""

    worker = models.ForeignKey(WORKER, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("作った時刻")
    last_read_at = models.DateTimeField("最後に読まれた時刻", null=True, blank=True)
    revoked_at = models.DateTimeField("止めた時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker"],
                condition=Q(revoked_at__isnull=True),
                name="meeting_feed_one_per_worker",
                violation_error_message="カレンダーのアドレスは、もうあります。先に止めてください。",
            )
        ]

    def __str__(self) -> str:
        return f"カレンダーのアドレス #{self.pk}"
