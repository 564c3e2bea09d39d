"""Grounds (根拠) as data; what was asked about somebody and who was told; 心当たり照会; facts under a special secret."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagi.shared.rows import ME, OFFICES, Guard, Open, Rule, either, of_office, of_worker

from .rules import CallerRelation, Door, EnquiryReply, SecretKind, WordKind

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"


class Ground(models.Model):
    """A legal ground for seeing or giving (sharing.md 「根拠」). A change of law is a new version; never deleted."""

    code = models.CharField("番号", max_length=4)
    version = models.PositiveSmallIntegerField("版", default=1)
    name = models.CharField("名称", max_length=120)
    law = models.CharField("法", max_length=60, blank=True)
    article = models.CharField("条項", max_length=60, blank=True)
    givers = ArrayField(models.CharField(max_length=24), default=list, verbose_name="渡せる側")
    receivers = ArrayField(models.CharField(max_length=24), default=list, verbose_name="受けられる側")
    needs_consent = models.BooleanField("本人の同意", default=False)
    needs_second_person = models.BooleanField("二人目・決裁", default=False)
    puts_conditions = models.BooleanField("受け手への条件(70条)", default=False)
    for_private_bodies = models.BooleanField("民間の根拠(27条)", default=False)
    to_be_checked = models.BooleanField("条文の確認が必要", default=False)
    valid_from = models.DateField("施行", null=True, blank=True)
    retired_on = models.DateField("廃止", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="ground_once",
                violation_error_message="その版はすでにあります。",
            )
        ]

    def __str__(self) -> str:
        return f"根拠 {self.code}"


class SilentWord(models.Model):
    """Something was asked, looked up or opened that may concern somebody (声かけ): those who answer are told by a job.

    Written whoever was meant, or nobody, so that nothing tells the one who asked. `asked` holds folded keys and is
    emptied by the job.
    """

    kind = models.CharField("なにが", max_length=16, choices=WordKind.choices())
    office = models.ForeignKey(OFFICE, models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    at = models.DateTimeField("いつ")
    relation = models.CharField("尋ねた方", max_length=60, blank=True)
    asked = models.JSONField("だれのこと(照合が済むと消える)", default=dict, blank=True)
    party = models.ForeignKey("people.Party", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.CharField("開こうとした画面", max_length=200, blank=True)
    subject_id = models.BigIntegerField("相談・照会の番号", null=True, blank=True)
    done_at = models.DateTimeField("照合が済んだ", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="silent_word_keeps_nothing_when_done",
                condition=Q(done_at__isnull=True) | Q(asked={}),
                violation_error_message="照合が済んだら、だれのことかは残しません。",
            )
        ]

    def __str__(self) -> str:
        return f"声かけ #{self.pk}"


class ToldHolder(models.Model):
    """Who was told of a word, about which of their persons. Only they and their office ever see it."""

    word = models.ForeignKey(SilentWord, models.PROTECT, related_name="told")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    told_at = models.DateTimeField("いつ")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["word", "person", "worker"],
                name="told_once",
                violation_error_message="この職員には、すでに知らせてあります。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person", "told_at"], name="told_about_person")]

    def __str__(self) -> str:
        return f"知らせ #{self.pk}"


class Enquiry(models.Model):
    """心当たり照会: does anybody know this person already? Goes to the holders; meanwhile the desk goes on."""

    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("いつ")
    due_on = models.DateField("返事の目安")
    reason = models.CharField("わけ", max_length=300)
    relation = models.CharField("相談に来た方", max_length=16, choices=CallerRelation.choices(), blank=True)
    ground = models.CharField("根拠", max_length=4)
    told_words = models.CharField("だれのこと(書いたまま)", max_length=300)
    asked = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["worker", "-id"], name="enquiry_of_worker")]

    def __str__(self) -> str:
        return f"心当たり照会 #{self.pk}"


class EnquiryAnswer(models.Model):
    """What one holder is asked and answers; while it is open a promise of theirs stands (holding.Promise)."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="answers")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    reply = models.CharField("返事", max_length=16, choices=EnquiryReply.choices(), blank=True)
    words = models.CharField("ひとこと", max_length=300, blank=True)
    answered_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("いつ", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enquiry", "person", "office"],
                name="enquiry_asked_once",
                violation_error_message="この機関には、すでに問い合わせています。",
            ),
            models.CheckConstraint(
                name="enquiry_answered_by_somebody",
                condition=Q(reply="", answered_at__isnull=True, answered_by__isnull=True)
                | ~Q(reply="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                violation_error_message="返事には、だれがいつ答えたかが要ります。",
            ),
        ]

    def __str__(self) -> str:
        return f"照会への返事 #{self.pk}"


class GuardedText(models.Model):
    """A fact under a special secret (税・水道・生保・医療・要対協・住基). Its writer's alone until a door is chosen."""

    subject_kind = models.CharField("何の", max_length=16)
    subject_id = models.BigIntegerField("何番の")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    writer = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("いつ")
    secret = models.CharField("どの秘密", max_length=12, choices=SecretKind.choices())
    words = models.TextField("書いたこと")
    door = models.CharField("入れ方", max_length=12, choices=Door.choices(), blank=True)
    slip_number = models.CharField("連絡票の番号", max_length=20, blank=True)
    shown_words = models.TextField("気づき", blank=True)
    meeting_words = models.CharField("どの会議のだれの求めか", max_length=200, blank=True)
    chosen_at = models.DateTimeField("入れ方を選んだ", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="guarded_text_opens_by_a_door",
                condition=Q(door="", chosen_at__isnull=True) | ~Q(door="") & Q(chosen_at__isnull=False),
                violation_error_message="入れ方を選んだ時刻が要ります。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="guarded_text_subject")]

    def __str__(self) -> str:
        return f"特別な秘密 #{self.pk}"


GRANTS = {
    "sharing_ground": ["SELECT"],
    # A word nobody had to be told of is not kept.
    "sharing_silentword": ["SELECT", "INSERT", "UPDATE (asked, done_at)", "DELETE"],
    "sharing_toldholder": ["SELECT", "INSERT"],
    "sharing_enquiry": ["SELECT", "INSERT", "UPDATE (asked, done_at)"],
    "sharing_enquiryanswer": [
        "SELECT",
        "INSERT",
        "UPDATE (reply, words, answered_by_id, answered_at)",
    ],
    "sharing_guardedtext": [
        "SELECT",
        "INSERT",
        "UPDATE (door, slip_number, shown_words, meeting_words, chosen_at)",
    ],
}

ROWS: dict[str, Rule] = {
    "sharing_ground": Open("the law's grounds; no person"),
    "sharing_silentword": either(
        of_office("office_id"),
        of_worker("worker_id"),
        Guard(
            "(SELECT true FROM public.sharing_toldholder h WHERE h.word_id = {t}.id"
            f" AND (h.worker_id = {ME} OR h.office_id = ANY({OFFICES})) LIMIT 1)"
        ),
    ),
    "sharing_toldholder": either(of_office("office_id"), of_worker("worker_id")),
    "sharing_enquiry": either(
        of_office("office_id"),
        Guard(
            "(SELECT true FROM public.sharing_enquiryanswer a WHERE a.enquiry_id = {t}.id"
            f" AND a.office_id = ANY({OFFICES}) LIMIT 1)"
        ),
    ),
    "sharing_enquiryanswer": either(
        of_office("office_id"),
        Guard(
            "(SELECT true FROM public.sharing_enquiry e WHERE e.id = {t}.enquiry_id"
            f" AND e.office_id = ANY({OFFICES}) LIMIT 1)"
        ),
    ),
    # And, once a door is chosen, whoever sees the record it stands beside (config/rows.py).
    "sharing_guardedtext": of_worker("writer_id"),
}
