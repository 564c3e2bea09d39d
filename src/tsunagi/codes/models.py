"""Versioned code lists and the city's settings, as data.

A code is never deleted and never rewritten: a change retires the version in force and adds the next one, so
that a record of three years ago still reads as it read then. Triggers in `migrations/0002_laws.py` keep this
even against raw SQL.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from .rules import Origin


class CodeList(models.Model):
    """One list people choose from (お困りごと, 続柄 …)."""

    key = models.CharField("キー", max_length=40, unique=True)
    label = models.CharField("名前", max_length=60)
    national_report = models.BooleanField("国への報告事項", default=False)
    source = models.CharField("出典", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["key"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="code_list_key_is_plain",
                condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"),
                violation_error_message="キーは半角の英小文字・数字・_で付けてください。",
            )
        ]

    def __str__(self) -> str:
        return f"コード表 #{self.pk}"


class Code(models.Model):
    """One version of one choice. `retired_on` is the first day on which it is no longer offered."""

    list = models.ForeignKey(CodeList, models.PROTECT, related_name="codes")
    value = models.CharField("値", max_length=40)
    label = models.CharField("表示", max_length=120)
    position = models.PositiveIntegerField("並び", default=0)
    version = models.PositiveSmallIntegerField("版", default=1)
    valid_from = models.DateField("使い始め", null=True, blank=True)
    retired_on = models.DateField("使い終わり", null=True, blank=True)
    national_report = models.BooleanField("国への報告事項", default=False)
    attributes = models.JSONField("属性", default=dict, blank=True)
    origin = models.CharField("決めたところ", max_length=8, choices=Origin.choices(), default=Origin.CITY)

    class Meta:
        ordering: ClassVar = ["list_id", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["list", "value", "version"],
                name="code_version_once",
                violation_error_message="この値のこの版は、すでにあります。",
            ),
            models.UniqueConstraint(
                fields=["list", "value"],
                condition=Q(retired_on__isnull=True),
                name="code_one_version_in_force",
                violation_error_message="この値は、すでに使われています。変えるときは新しい版を作ってください。",
            ),
            models.CheckConstraint(
                name="code_value_is_plain",
                condition=Q(value__regex=r"^[a-z0-9_]+$"),
                violation_error_message="値は半角の英小文字・数字・_で付けてください。",
            ),
            models.CheckConstraint(
                name="code_days_in_order",
                condition=Q(retired_on__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(retired_on__gte=F("valid_from")),
                violation_error_message="使い終わりの日が、使い始めの日より前になっています。",
            ),
            models.CheckConstraint(
                name="code_version_from_one",
                condition=Q(version__gte=1),
                violation_error_message="版は1から数えます。",
            ),
        ]

    def __str__(self) -> str:
        return f"コード #{self.pk}"


class Setting(models.Model):
    """One thing a city decides for itself. What may stand in `value` says `rules.SETTINGS`."""

    key = models.CharField("キー", max_length=60, unique=True)
    value = models.JSONField("値")
    label = models.CharField("名前", max_length=80)
    hint = models.CharField("説明", max_length=300, blank=True)
    is_own = models.BooleanField("市が決めた値", default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return f"設定 #{self.pk}"


class Stamp(models.Model):
    """A mark that changes with every change of what processes keep in memory. Only triggers write it."""

    name = models.CharField(max_length=20, primary_key=True)
    stamp = models.UUIDField()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return f"印 {self.name}"


GRANTS = {
    "codes_codelist": ["SELECT"],
    "codes_code": ["SELECT", "INSERT", "UPDATE (retired_on)"],
    "codes_setting": ["SELECT", "INSERT", "UPDATE (value, is_own, revision)"],
    "codes_stamp": ["SELECT"],
}
