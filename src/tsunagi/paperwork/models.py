"""That a form of a file was printed: which, masked how, by whom, for whom; so that copies can be called back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsunagi.shared.rows import Rule, through

from .rules import Format, HowBack, Mask

WORKER = settings.AUTH_USER_MODEL


class Printed(models.Model):
    """One copy (印刷した帳票). What it said is not kept: it is made anew from the file, and only on its day."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    form = models.CharField("帳票", max_length=24)
    mask = models.CharField("秘匿の程度", max_length=10, choices=Mask.choices())
    format = models.CharField("形式", max_length=5, choices=Format.choices())
    for_whom = models.CharField("渡す先・使いみち", max_length=120, blank=True)
    document_number = models.CharField("文書番号", max_length=60, blank=True)
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("印刷")
    missing = models.PositiveSmallIntegerField("空欄の国報告事項", default=0)
    blacked = models.PositiveSmallIntegerField("消した言葉", default=0)
    run_id = models.BigIntegerField("まとめて印刷", null=True, blank=True)
    asked_back_at = models.DateTimeField("返却を頼んだ", null=True, blank=True)
    asked_back_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("行き先を記録した", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField("どうなったか", max_length=10, choices=HowBack.choices(), blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="printed_settled_somehow",
                condition=Q(settled_at__isnull=True, how="") | Q(settled_at__isnull=False) & ~Q(how=""),
                violation_error_message="紙がどうなったかを選んでください。",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "-id"], name="printed_of_case"),
            models.Index(fields=["worker"], condition=Q(settled_at__isnull=True), name="printed_open"),
        ]

    def __str__(self) -> str:
        return f"印刷した帳票 #{self.pk}"


GRANTS = {
    "paperwork_printed": [
        "SELECT",
        "INSERT",
        "UPDATE (missing, blacked, asked_back_at, asked_back_by_id, settled_at, settled_by_id, how)",
    ],
}

ROWS: dict[str, Rule] = {"paperwork_printed": through("case_id", "cases_case")}
