"""What the picture needs beside relations and households: kinds of parenthood, twins, feelings, ties to the world."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tsunagi.shared.rows import Rule, of_party

from .rules.kinds import Flow, TieKind

WORKER = settings.AUTH_USER_MODEL


class Tie(models.Model):
    """Something between a party and another person, an office or a place, as a worker wrote it on a day.

    Never changed: what turns out otherwise is ended and written anew, so that a picture of any day shows what was
    written by then. `party` is the person it is about (of ties to the world also a household):

    * parent: `party` is a parent of `other` in this `manner` (rules.Nature); `custody`: the child is in their care.
    * union, twin: of both alike (rules.Bond, rules.Twinship).
    * birth: a pregnancy of `party`, with `other` if known, and how it went (rules.Form).
    * emotion: from `party` to `other` (rules.Emotion).
    * key: `party` is the key person of `other`.
    * support: with a person (`other`), an `office` or a `place`; `manner` is its strength, `flow` which way help goes.

    `untold`: 本人・子に未告知, never on paper. `since` is a day as far as it was told (2019, 2019-04, 2019-04-01).
    """

    kind = models.CharField("種類", max_length=10, choices=TieKind.choices())
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Party", models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField("場所・人・集まり", max_length=60, blank=True)
    manner = models.CharField("どのような", max_length=16, blank=True)
    custody = models.BooleanField("この親が育てている", default=False)
    stress = models.BooleanField("負担・緊張がある", default=False)
    flow = models.CharField("向き", max_length=12, choices=Flow.choices(), blank=True)
    untold = models.BooleanField("本人・子に未告知", default=False)
    words = models.CharField("ことばで", max_length=120, blank=True)
    since = models.CharField("いつから", max_length=10, blank=True)
    written_at = models.DateTimeField("記録")
    written_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("終わり", null=True, blank=True)
    ended_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tie_is_between_two",
                condition=Q(other__isnull=True) | ~Q(party=F("other")),
                violation_error_message="つながりは、ふたりの間に入れてください。別の方を選んでください。",
            ),
            models.CheckConstraint(
                name="tie_has_its_other_end",
                condition=Q(kind="birth", office__isnull=True, place="")
                | Q(kind="support", other__isnull=False, office__isnull=True, place="")
                | Q(kind="support", other__isnull=True, office__isnull=False, place="")
                | Q(kind="support", other__isnull=True, office__isnull=True) & ~Q(place="")
                | Q(
                    kind__in=["parent", "union", "twin", "emotion", "key"],
                    other__isnull=False, office__isnull=True, place="",
                ),
                violation_error_message="つながる相手を、ひとつだけ選ぶか書いてください。",
            ),
            models.UniqueConstraint(
                fields=["kind", "party", "other"],
                condition=Q(ended_at__isnull=True, other__isnull=False) & ~Q(kind__in=["birth", "emotion"]),
                name="tie_once_at_a_time",
                violation_error_message="このつながりは、すでに書かれています。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="tie_ends_after_it_is_written",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("written_at")),
                violation_error_message="つながりの終わりが、書いた時より前です。画面を開き直してください。",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["party"], name="tie_of_party"),
            models.Index(fields=["other"], condition=Q(other__isnull=False), name="tie_of_other"),
        ]

    def __str__(self) -> str:
        return f"つながり #{self.pk}"


GRANTS = {"genogram_tie": ["SELECT", "INSERT", "UPDATE (ended_at, ended_by_id)"]}

ROWS: dict[str, Rule] = {"genogram_tie": of_party("party_id", "other_id")}
