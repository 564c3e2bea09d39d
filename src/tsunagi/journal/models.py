"""The append-only journal and the seals that chain it. Workers and subjects are plain numbers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One thing that happened: a look or a deed. Numbers and codes only, never names or typed text.

    `digest` is filled in by the database: sha256 over a canonical form of the row, with the moment in UTC.
    """

    at = models.DateTimeField("いつ")
    worker_id = models.BigIntegerField("だれが", null=True)
    channel = models.CharField("どこから", max_length=12, default="web")
    action = models.CharField("なにを", max_length=60)
    subject_kind = models.CharField("対象の種類", max_length=30)
    subject_id = models.BigIntegerField("対象", null=True)
    purpose = models.CharField("目的", max_length=40, blank=True)
    ground = models.CharField("根拠", max_length=8, blank=True)
    detail = models.JSONField("内容", default=dict)
    digest = models.BinaryField("要約値", editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "at"], name="journal_of_subject"),
            models.Index(fields=["worker_id", "at"], name="journal_of_worker"),
        ]

    def __str__(self) -> str:
        return f"記録 #{self.pk}"


class Seal(models.Model):
    """The place of an entry in the chain: sha256 of (previous chain value, the entry's digest)."""

    seq = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    chain = models.BinaryField(editable=False)

    class Meta:
        ordering: ClassVar = ["seq"]

    def __str__(self) -> str:
        return f"封 #{self.pk}"


# The application writes lines and reads; it seals only through the owner's function journal_seal_waiting. The list of
# rows that wait for their seal is the database's own.
GRANTS = {
    "journal_entry": ["SELECT", "INSERT"],
    "journal_seal": ["SELECT"],
    "journal_waiting": ["SELECT"],
}
