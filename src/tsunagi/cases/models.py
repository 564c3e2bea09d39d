"""The family's file: its concerns, its notes in 事実・見立て・方針, with every correction kept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsunagi.holding.rules import NoKeyPerson

from .rules import CLOSED_STAGES, CaseState, NoteKind, Stage

WORKER = settings.AUTH_USER_MODEL
_CLOSED = sorted(stage.value for stage in CLOSED_STAGES)


class Case(models.Model):
    """A file on a person or household that an office supports (支援)."""

    number = models.CharField("支援番号", max_length=20, unique=True, null=True, blank=True)
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+", verbose_name="主に担う職員")
    title = models.CharField("見出し", max_length=120, blank=True)
    state = models.CharField("状態", max_length=8, choices=CaseState.choices(), default=CaseState.OPEN)
    stage = models.CharField("段階", max_length=12, choices=Stage.choices(), default=Stage.RECEIVED.value)
    # Written down by the plan (a higher module): until when it runs, when it is looked at next.
    plan_until = models.DateField("プランの期限", null=True, blank=True)
    review_on = models.DateField("次のモニタリング", null=True, blank=True)
    opened_at = models.DateTimeField("開始")
    opened_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    last_note_at = models.DateTimeField("最後の記録", null=True, blank=True)
    closed_on = models.DateField("終結日", null=True, blank=True)
    main_office = models.CharField("主担当", max_length=120, blank=True)
    no_main_reason = models.CharField(
        "主担当がいないわけ", max_length=24, choices=NoKeyPerson.choices(), blank=True
    )
    closing_words = models.TextField("終結のまとめ", blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_closed_iff_closing_date",
                condition=Q(state="closed", closed_on__isnull=False) | ~Q(state="closed") & Q(closed_on=None),
                violation_error_message="終結日は、終結した支援にだけ入れられます。",
            ),
            models.CheckConstraint(
                name="case_closed_names_who_stays",
                condition=~Q(state="closed") | ~Q(main_office="") | ~Q(no_main_reason=""),
                violation_error_message="終結のあとも連絡のとれる主担当を書くか、いないわけを選んでください。",
            ),
            models.CheckConstraint(
                name="case_stage_fits_its_state",
                condition=Q(state="closed", stage__in=_CLOSED) | ~Q(state="closed") & ~Q(stage__in=_CLOSED),
                violation_error_message="終わりの段階は、終結した支援にだけ付けられます。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "-id"], name="case_of_office"),
            models.Index(fields=["party"], name="case_of_party"),
            models.Index(fields=["worker", "-id"], condition=Q(state="open"), name="case_open_of_worker"),
        ]

    def __str__(self) -> str:
        return f"支援 #{self.pk}"


class CaseConcern(models.Model):
    """That a file works on a concern. The hold stays where it is (coordinating is not taking over)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="case_concerns")
    concern = models.ForeignKey("holding.Concern", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "concern"],
                name="case_concern_once",
                violation_error_message="すでに入っている課題です。",
            )
        ]

    def __str__(self) -> str:
        return f"支援の課題 #{self.pk}"


class Note(models.Model):
    """One entry of the file (支援経過): 事実 / 見立て / 方針 in separate boxes."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    kind = models.CharField("対応方法", max_length=14, choices=NoteKind.choices(), blank=True)
    happened_at = models.DateTimeField("いつ")
    minutes = models.PositiveSmallIntegerField("所要(分)", null=True, blank=True)
    partner = models.CharField("相手", max_length=120, blank=True)
    place = models.CharField("場所", max_length=120, blank=True)
    facts = models.TextField("事実", blank=True)
    judgement = models.TextField("見立て", blank=True)
    policy = models.TextField("方針", blank=True)
    next_step = models.CharField("次の予定", max_length=300, blank=True)
    contact_id = models.BigIntegerField("接触", null=True, blank=True)
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    written_at = models.DateTimeField("書いた時刻")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["case", "-happened_at", "-id"], name="note_of_case")]

    def __str__(self) -> str:
        return f"記録 #{self.pk}"


class NoteVersion(models.Model):
    """What a note said before it was corrected (訂正履歴). Never changed, never deleted."""

    note = models.ForeignKey(Note, models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    body = models.JSONField()
    why = models.CharField("訂正のわけ", max_length=300, blank=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-revision"]

    def __str__(self) -> str:
        return f"訂正前の記録 #{self.pk}"


GRANTS = {"cases_noteversion": ["SELECT", "INSERT"]}
