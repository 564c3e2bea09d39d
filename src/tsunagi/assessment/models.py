"""Assessments, their answers with every earlier one, strengths, life events, and what workers said of a pattern.

Answers are never overwritten: a changed answer is one more row, the newest counts. The migration's constraints say the
rest in sentences.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.shared.rows import Rule, either, of_party, through

from .rules import LifeKind, Outcome, Pattern, Section, Source, Verdict, View, Whose

WORKER = settings.AUTH_USER_MODEL


class Assessment(models.Model):
    """One assessment of the whole household (アセスメント): the first, and one more at each re-plan. The former stay."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField("回")
    begun_on = models.DateField("始めた日")
    begun_at = models.DateTimeField("始めた時刻")
    begun_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    finished_on = models.DateField("まとめた日", null=True, blank=True)
    finished_at = models.DateTimeField("まとめた時刻", null=True, blank=True)
    finished_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["case_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "number"],
                name="assessment_numbered_once",
                violation_error_message="このアセスメントは、ほかの人が先に始めました。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(finished_on__isnull=True),
                name="assessment_one_open",
                violation_error_message="この支援には、まだまとめていないアセスメントがあります。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="assessment_finished_by_somebody",
                condition=Q(finished_on__isnull=True, finished_at__isnull=True, finished_by__isnull=True)
                | Q(finished_on__isnull=False, finished_at__isnull=False, finished_by__isnull=False),
                violation_error_message="まとめた日を、もう一度入れてください。",
            ),
            models.CheckConstraint(
                name="assessment_finished_after_it_begun",
                condition=Q(finished_on__isnull=True) | Q(finished_on__gte=F("begun_on")),
                violation_error_message="まとめた日が、始めた日より前です。日を確かめてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"アセスメント #{self.pk}"


class Sheet(models.Model):
    """One section of an assessment, of the household (`person` null) or of one person in it."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="sheets")
    section = models.CharField("項目", max_length=12, choices=Section.choices())
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    is_complete = models.BooleanField("ひととおり聞けた", default=False)
    touched_at = models.DateTimeField("最後に書いた時刻")
    touched_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "section", "person"],
                name="sheet_once",
                nulls_distinct=False,
                violation_error_message="この項目は、ほかの人が先に書き始めました。画面を開き直してください。",
            )
        ]

    def __str__(self) -> str:
        return f"アセスメントの項目 #{self.pk}"


class Answer(models.Model):
    """One answer in one view, as it was given. Never changed: a later answer is another row."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="answers")
    question = models.CharField("問い", max_length=24)
    view = models.CharField("だれの見方", max_length=10, choices=View.choices())
    values = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    words = models.TextField("ことば", blank=True)
    revision = models.PositiveIntegerField("何回目の保存か")
    at = models.DateTimeField("いつ")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "question", "view", "revision"],
                name="answer_once_a_revision",
                violation_error_message="ほかの人が先に書き直しました。画面を開き直してください。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["sheet", "question", "view", "-id"], name="answer_newest")]

    def __str__(self) -> str:
        return f"アセスメントの答え #{self.pk}"


class Unknown(models.Model):
    """Something nobody knows yet, and who finds it out (まだ分からないこと). With a day it is also a promise."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="unknowns")
    words = models.CharField("まだ分からないこと", max_length=300)
    finder = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    by_on = models.DateField("いつまでに", null=True, blank=True)
    promise = models.ForeignKey("holding.Promise", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("書いた時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("分かった時刻", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    settled_words = models.CharField("分かったこと", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="unknown_promised_by_a_finder",
                condition=Q(by_on__isnull=True) | Q(finder__isnull=False),
                violation_error_message="いつまでにを入れるときは、だれが確かめるかも選んでください。",
            ),
            models.CheckConstraint(
                name="unknown_settled_by_somebody",
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                violation_error_message="分かったことを、もう一度書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sheet"], condition=Q(settled_at__isnull=True), name="unknown_open")
        ]

    def __str__(self) -> str:
        return f"まだ分からないこと #{self.pk}"


class Screening(models.Model):
    """スクリーニング: the result with its day and reason. A later one is another row; the newest counts."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="screenings")
    on = models.DateField("した日")
    outcome = models.CharField("対応結果・方針", max_length=24, choices=Outcome.choices())
    elsewhere = models.CharField("他機関へのつなぎ先", max_length=200, blank=True)
    reasons = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="支援決定の理由"
    )
    reason_words = models.TextField("支援決定の理由(ことば)", blank=True)
    urgent = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="緊急的支援")
    urgent_words = models.CharField("緊急的支援(ことば)", max_length=300, blank=True)
    at = models.DateTimeField("書いた時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["assessment", "-id"], name="screening_newest")]

    def __str__(self) -> str:
        return f"スクリーニング #{self.pk}"


class Strength(models.Model):
    """A strength (強み) of a person, a family or their surroundings; what it is seen by; since when; until when."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+", verbose_name="だれの")
    whose = models.CharField("どこにある強みか", max_length=8, choices=Whose.choices())
    words = models.CharField("強み", max_length=200)
    evidence = models.TextField("そう思う場面", blank=True)
    told_by = models.CharField("だれの見方", max_length=10, choices=View.choices())
    since_text = models.CharField("いつから", max_length=40, blank=True)
    ended_on = models.DateField("終わった日", null=True, blank=True)
    ended_words = models.CharField("終わったわけ", max_length=200, blank=True)
    at = models.DateTimeField("書いた時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["party"], name="strength_of_party")]

    def __str__(self) -> str:
        return f"強み #{self.pk}"


class StrengthVersion(models.Model):
    """What a strength said before it was put right. Never changed, never deleted."""

    strength = models.ForeignKey(Strength, models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    body = models.JSONField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-revision"]

    def __str__(self) -> str:
        return f"直す前の強み #{self.pk}"


class LifeEvent(models.Model):
    """One thing of a person's life (生育歴). When it was is kept as it was said; `rules.when` reads it."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    kind = models.CharField("種類", max_length=14, choices=LifeKind.choices())
    words = models.CharField("できごと", max_length=200)
    detail = models.TextField("くわしく", blank=True)
    since_text = models.CharField("いつ(から)", max_length=40, blank=True)
    until_text = models.CharField("いつまで", max_length=40, blank=True)
    goes_on = models.BooleanField("いまも続いている", default=False)
    source = models.CharField("出どころ", max_length=8, choices=Source.choices(), blank=True)
    source_words = models.CharField("出どころ(ことば)", max_length=120, blank=True)
    said_on = models.DateField("聞いた日")
    at = models.DateTimeField("書いた時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField("取り消した時刻", null=True, blank=True)
    removed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    removed_why = models.CharField("取り消したわけ", max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="life_event_ends_or_goes_on",
                condition=~Q(goes_on=True) | Q(until_text=""),
                violation_error_message="「いまも続いている」ときは、いつまでを空けてください。",
            ),
            models.CheckConstraint(
                name="life_event_removed_with_a_reason",
                condition=Q(removed_at__isnull=True) | Q(removed_by__isnull=False) & ~Q(removed_why=""),
                violation_error_message="取り消すわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(removed_at__isnull=True), name="life_of_person")
        ]

    def __str__(self) -> str:
        return f"できごと #{self.pk}"


class LifeEventVersion(models.Model):
    """What a life event said before it was put right. Never changed, never deleted."""

    event = models.ForeignKey(LifeEvent, models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    body = models.JSONField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-revision"]

    def __str__(self) -> str:
        return f"直す前のできごと #{self.pk}"


class PatternWord(models.Model):
    """What a worker said of a pattern the household shows. The newest word for the same people counts, until the
    records it rests on change (`fingerprint`)."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    pattern = models.CharField("形", max_length=24, choices=Pattern.choices())
    persons = models.CharField("だれの", max_length=200, blank=True)
    fingerprint = models.CharField(max_length=32)
    verdict = models.CharField("答え", max_length=10, choices=Verdict.choices())
    reason = models.CharField("わけ", max_length=300, blank=True)
    until_on = models.DateField("いつ見直すか", null=True, blank=True)
    at = models.DateTimeField("答えた時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="pattern_rejected_with_a_reason",
                condition=~Q(verdict="rejected") | ~Q(reason=""),
                violation_error_message="ちがうと考えるわけを書いてください。",
            ),
            models.CheckConstraint(
                name="pattern_postponed_until_a_day",
                condition=~Q(verdict="postponed") | Q(until_on__isnull=False),
                violation_error_message="いつ見直すか、日を入れてください。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "-id"], name="pattern_word_of_case")]

    def __str__(self) -> str:
        return f"世帯の形への答え #{self.pk}"


_ADDED = ["SELECT", "INSERT"]
GRANTS = {
    "assessment_assessment": ["SELECT", "INSERT", "UPDATE (finished_on, finished_at, finished_by_id)"],
    "assessment_sheet": ["SELECT", "INSERT", "UPDATE (is_complete, touched_at, touched_by_id, revision)"],
    "assessment_answer": _ADDED,
    "assessment_unknown": [
        "SELECT",
        "INSERT",
        "UPDATE (promise_id, settled_at, settled_by_id, settled_words)",
    ],
    "assessment_screening": _ADDED,
    "assessment_strength": ["SELECT", "INSERT", "UPDATE"],
    "assessment_strengthversion": _ADDED,
    "assessment_lifeevent": ["SELECT", "INSERT", "UPDATE"],
    "assessment_lifeeventversion": _ADDED,
    "assessment_patternword": _ADDED,
}

ROWS: dict[str, Rule] = {
    "assessment_assessment": through("case_id", "cases_case"),
    "assessment_sheet": through("assessment_id", "assessment_assessment"),
    "assessment_answer": through("sheet_id", "assessment_sheet"),
    "assessment_unknown": through("sheet_id", "assessment_sheet"),
    "assessment_screening": through("assessment_id", "assessment_assessment"),
    "assessment_strength": either(through("case_id", "cases_case"), of_party("party_id")),
    "assessment_strengthversion": through("strength_id", "assessment_strength"),
    "assessment_lifeevent": either(through("case_id", "cases_case"), of_party("person_id")),
    "assessment_lifeeventversion": through("event_id", "assessment_lifeevent"),
    "assessment_patternword": through("case_id", "cases_case"),
}
