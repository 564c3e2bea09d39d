"""Grounds (根拠) as data: article, who may give, who may receive, what else it needs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


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


GRANTS = {"sharing_ground": ["SELECT"]}
