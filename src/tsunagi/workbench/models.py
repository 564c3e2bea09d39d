"""Drafts, attachments and long runs: whose, of what key; not what is in them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsunagi.shared.rows import ME, Guard, Rule, either, of_office, of_worker, through

from .files.scanner import ScanState
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


class Attachment(models.Model):
    """A file brought to a record (添付). Pending with a form's draft until its deed is done; then it stays, also removed.

    What it says lies sealed on the disk under `blob`; its key lies here, wrapped by the installation's key.
    """

    blob = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, related_name="+")
    draft = models.UUIDField("下書き", null=True, blank=True)
    subject_kind = models.CharField("何に", max_length=24, blank=True)
    subject_id = models.BigIntegerField("どれに", null=True, blank=True)
    name = models.CharField("名前", max_length=255)
    media_type = models.CharField("形", max_length=100)
    size = models.BigIntegerField("大きさ(バイト)")
    digest = models.CharField("sha256", max_length=64)
    marks = models.JSONField("気をつけること", default=list)
    key_id = models.CharField("包んだ鍵", max_length=16)
    wrapped_key = models.BinaryField("包まれた鍵")
    scan = models.CharField("検査", max_length=10, choices=ScanState.choices())
    scanned_at = models.DateTimeField("検査した時刻", null=True, blank=True)
    brought_at = models.DateTimeField("預かった時刻")
    attached_at = models.DateTimeField("添付した時刻", null=True, blank=True)
    removed_at = models.DateTimeField("外した時刻", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_reason = models.CharField("外したわけ", max_length=300, blank=True)
    erased_at = models.DateTimeField("中身を消した時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=Q(attached_at__isnull=False),
                name="attachment_of_record",
            ),
            models.Index(fields=["draft"], condition=Q(attached_at__isnull=True), name="attachment_of_draft"),
            models.Index(fields=["id"], condition=Q(scan="waiting"), name="attachment_to_scan"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="attachment_hangs_on_a_draft_or_a_record",
                condition=Q(
                    attached_at__isnull=True, subject_kind="", subject_id__isnull=True, draft__isnull=False
                )
                | Q(attached_at__isnull=False, subject_id__isnull=False) & ~Q(subject_kind=""),
                violation_error_message="添付は、下書きか記録のどちらかに付きます。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="attachment_removed_says_by_whom_and_why",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removed_reason="")
                | Q(removed_at__isnull=False, removed_by__isnull=False, attached_at__isnull=False)
                & ~Q(removed_reason=""),
                violation_error_message="添付を外すときは、わけを書いてください。",
            ),
            models.CheckConstraint(
                name="attachment_erased_only_when_removed",
                condition=Q(erased_at__isnull=True) | Q(removed_at__isnull=False) | Q(scan="infected"),
                violation_error_message="中身を消せるのは、外した添付だけです。",
            ),
        ]

    def __str__(self) -> str:
        return f"添付 #{self.pk}"


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
    # Only pending files may be deleted (a trigger says so); what was brought never changes.
    "workbench_attachment": [
        "SELECT",
        "INSERT",
        "DELETE",
        "UPDATE (subject_kind, subject_id, attached_at, scan, scanned_at, key_id, wrapped_key, removed_at, removed_by_id,"
        " removed_reason, erased_at)",
    ],
    "workbench_takenaway": ["SELECT", "INSERT", "UPDATE (seen_by_id, seen_at)"],
    "workbench_circulation": [
        "SELECT",
        "INSERT",
        "UPDATE (decided_on, decided_by_id, document_number, ended_at)",
    ],
    "workbench_reader": ["SELECT", "INSERT", "UPDATE (read_at, lapsed_at)"],
}

ROWS: dict[str, Rule] = {
    "workbench_draft": of_worker("worker_id"),
    "workbench_longrun": of_worker("worker_id"),
    # And as the record it hangs on, which lies above: config/rows.py says where.
    "workbench_attachment": either(of_worker("worker_id"), of_office("office_id")),
    "workbench_savedfilter": either(of_worker("worker_id"), of_office("office_id")),
    "workbench_takenaway": either(of_worker("worker_id"), of_office("office_id")),
    # And as the record that is shown round.
    "workbench_circulation": either(
        of_worker("asked_by_id", "decided_by_id"),
        Guard(
            "(SELECT true FROM public.workbench_reader r WHERE r.circulation_id = {t}.id"
            f" AND r.worker_id = {ME} LIMIT 1)"
        ),
    ),
    "workbench_reader": either(of_worker("worker_id"), through("circulation_id", "workbench_circulation")),
}
