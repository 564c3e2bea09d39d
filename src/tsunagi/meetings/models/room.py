"""The room of a sitting: what is before it, what was typed, which copies were made, and the minutes.

What is typed keeps the number its browser gave it (`Line.key`, `LineWord.write`): what arrives twice is stored once. Minutes
that were agreed are frozen by a trigger; a correction is a new version beside them.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.meetings.rules.kinds import Recall
from tsunagi.meetings.rules.minutes import MinutesState
from tsunagi.meetings.rules.papers import HowBack, Level
from tsunagi.meetings.rules.room import EndedWhy, LineKind

from .bodies import BodyMember
from .items import DecisionRole, Item
from .sittings import Sitting

WORKER = settings.AUTH_USER_MODEL


class Room(models.Model):
    """What is before the room of a sitting now. `revision` goes up with everything that changes the screen."""

    sitting = models.OneToOneField(Sitting, models.PROTECT, related_name="room")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField("会議室を開いた時刻")
    opened_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"会議室 #{self.pk}"


class Showing(models.Model):
    """One time an item was before the room. `outside`: members the secretary said had left; null: nobody had to be asked."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="showings")
    begun_at = models.DateTimeField("始めた時刻")
    begun_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    # The clock of the item runs from here: from the confirmation where somebody had to leave.
    shown_at = models.DateTimeField("映した時刻", null=True, blank=True)
    outside = ArrayField(models.BigIntegerField(), null=True, blank=True, verbose_name="席を外した構成員")
    circle = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name="聞いていた構成員")
    confirmed_at = models.DateTimeField("退室を確かめた時刻", null=True, blank=True)
    confirmed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    ended_why = models.CharField(max_length=8, choices=EndedWhy.choices(), blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(ended_at__isnull=True),
                name="meeting_item_before_the_room_once",
                violation_error_message="この件は、もう会議室に出ています。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="meeting_showing_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at")),
                violation_error_message="終えた時刻が、始めた時刻より前です。時計を確かめてください。",
            ),
            models.CheckConstraint(
                name="meeting_showing_ended_somehow",
                condition=Q(ended_at__isnull=True, ended_why="")
                | Q(ended_at__isnull=False) & ~Q(ended_why=""),
                violation_error_message="件をどう終えたかが要ります。",
            ),
        ]

    def __str__(self) -> str:
        return f"会議室に出した件 #{self.pk}"


class ReadOut(models.Model):
    """That it was read out before an item that what is heard serves no other end. Append-only."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="read_out")
    at = models.DateTimeField("読み上げた時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"読み上げ #{self.pk}"


class Line(models.Model):
    """A row typed while the room talks: what, by whom, until when. It becomes a role when the item is decided."""

    key = models.UUIDField("入力した端末が付けた番号", unique=True)
    item = models.ForeignKey(Item, models.PROTECT, related_name="lines")
    kind = models.CharField("種類", max_length=8, choices=LineKind.choices(), default=LineKind.ROLE)
    what = models.CharField("決まったこと", max_length=300)
    owner = models.ForeignKey(
        BodyMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="だれが"
    )
    owner_words = models.CharField("だれが（構成員のほか）", max_length=100, blank=True)
    due_on = models.DateField("いつまで", null=True, blank=True)
    made_at = models.DateTimeField("入力した時刻")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField("取り消した時刻", null=True, blank=True)
    role = models.ForeignKey(DecisionRole, models.PROTECT, null=True, blank=True, related_name="lines")
    settled_at = models.DateTimeField("確かめた時刻", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["item_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_line_says_what",
                condition=~Q(what=""),
                violation_error_message="決まったことを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"会議で書いた行 #{self.pk}"


class LineWord(models.Model):
    """One writing of a row, as it arrived; `values` is the whole row after it. Append-only: later ones are merged over it."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="words")
    write = models.UUIDField("入力した端末が付けた番号", unique=True)
    revision = models.PositiveIntegerField()
    values = models.JSONField("行のことば")
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["line_id", "revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line", "revision"],
                name="meeting_line_word_once",
                violation_error_message="ほかの端末が先に書きました。もう一度保存してください。",
            )
        ]

    def __str__(self) -> str:
        return f"会議で書いたことば #{self.pk}"


class Copy(models.Model):
    """A numbered copy of a sitting's papers for one member; their name lies across its pages."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="copies")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("部の番号")
    handing = models.CharField("配り方", max_length=12, choices=Recall.choices())
    made_at = models.DateTimeField("作った時刻")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    run_id = models.BigIntegerField("まとめて作った作業", null=True, blank=True)
    asked_back_at = models.DateTimeField("返却を頼んだ時刻", null=True, blank=True)
    asked_back_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    recalled_at = models.DateTimeField("閉じた時刻", null=True, blank=True)
    recalled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("どうなったかを書いた時刻", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField("どうなったか", max_length=10, choices=HowBack.choices(), blank=True)

    class Meta:
        ordering: ClassVar = ["sitting_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sitting", "number"],
                name="meeting_copy_number_once",
                violation_error_message="この番号の資料は、もうあります。もう一度作ってください。",
            ),
            models.CheckConstraint(
                name="meeting_copy_is_handed_out",
                condition=Q(handing__in=["collect", "electronic"]),
                violation_error_message="配らない会議体の資料は作れません。",
            ),
            models.CheckConstraint(
                name="meeting_copy_settled_somehow",
                condition=Q(settled_at__isnull=True, how="") | Q(settled_at__isnull=False) & ~Q(how=""),
                violation_error_message="資料がどうなったかを選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"会議の資料 #{self.pk}"


class CopyItem(models.Model):
    """An item on a copy, and how people stand on it. Append-only."""

    copy = models.ForeignKey(Copy, models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    level = models.CharField("秘匿の程度", max_length=10, choices=Level.choices())
    facets = ArrayField(models.CharField(max_length=24), default=list, blank=True, verbose_name="載せた範囲")

    class Meta:
        ordering: ClassVar = ["copy_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["copy", "item"],
                name="meeting_copy_item_once",
                violation_error_message="この件は、もうこの資料に入っています。",
            )
        ]

    def __str__(self) -> str:
        return f"資料の件 #{self.pk}"


class Minutes(models.Model):
    """The minutes of a sitting: one version. Agreed ones never change; `digest` is over everything they say."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="minutes")
    number = models.PositiveSmallIntegerField("版")
    state = models.CharField("状態", max_length=8, choices=MinutesState.choices(), default=MinutesState.DRAFT)
    reason = models.CharField("訂正のわけ", max_length=200, blank=True)
    made_at = models.DateTimeField("作成")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("確定した時刻", null=True, blank=True)
    agreed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    digest = models.CharField("ハッシュ（SHA-256）", max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["sitting_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sitting", "number"],
                name="meeting_minutes_number_once",
                violation_error_message="この版は、もうあります。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["sitting"],
                condition=Q(state="draft"),
                name="meeting_minutes_one_draft",
                violation_error_message="下書きが、もうあります。そちらを開いてください。",
            ),
            models.CheckConstraint(
                name="meeting_minutes_agreed_are_hashed",
                condition=Q(state="draft", agreed_at__isnull=True, digest="")
                | Q(state="agreed", agreed_at__isnull=False) & ~Q(digest=""),
                violation_error_message="確定した議事録には、確定した時刻とハッシュが入ります。",
            ),
            models.CheckConstraint(
                name="meeting_minutes_corrected_with_a_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message="訂正するわけを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"議事録 #{self.pk}"


class MinutesPart(models.Model):
    """A part of minutes: the head (`item` null) or one item. `lines` come from the records, `words` are the secretary's."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="parts")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField("順")
    heading = models.CharField("見出し", max_length=120)
    lines = models.JSONField("記録から書いた行", default=list)
    words = models.TextField("補足", blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["minutes_id", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["minutes", "position"],
                name="meeting_minutes_part_once",
                violation_error_message="議事録の順が重なりました。画面を開き直してください。",
            )
        ]

    def __str__(self) -> str:
        return f"議事録の部分 #{self.pk}"


class MinutesGiven(models.Model):
    """That a member was told of agreed minutes; whoever was absent is told the results by it. Append-only."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="given")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+")
    was_absent = models.BooleanField("欠席だった", default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["minutes", "member"],
                name="meeting_minutes_given_once",
                violation_error_message="この方には、もうお知らせしました。",
            )
        ]

    def __str__(self) -> str:
        return f"議事録のお知らせ #{self.pk}"


GRANTS = {
    "meetings_room": ["SELECT", "INSERT", "UPDATE (item_id, revision)"],
    "meetings_showing": [
        "SELECT",
        "INSERT",
        "UPDATE (shown_at, outside, circle, confirmed_at, confirmed_by_id, ended_at, ended_why)",
    ],
    "meetings_readout": ["SELECT", "INSERT"],
    "meetings_line": [
        "SELECT",
        "INSERT",
        "UPDATE (kind, what, owner_id, owner_words, due_on, removed_at, role_id, settled_at, revision)",
    ],
    "meetings_lineword": ["SELECT", "INSERT"],
    "meetings_copy": [
        "SELECT",
        "INSERT",
        "UPDATE (asked_back_at, asked_back_by_id, recalled_at, recalled_by_id, settled_at, settled_by_id, how)",
    ],
    "meetings_copyitem": ["SELECT", "INSERT"],
    "meetings_minutes": ["SELECT", "INSERT", "UPDATE (state, agreed_at, agreed_by_id, digest)"],
    "meetings_minutespart": [
        "SELECT",
        "INSERT",
        "UPDATE (lines, words, heading, position, revision)",
        "DELETE",
    ],
    "meetings_minutesgiven": ["SELECT", "INSERT"],
}
