"""Concerns, holds, promises, contacts, closings, gaps: the heart (holding.md).

The laws H1, H2, H3, H14, H16, H17 are triggers in `migrations/0002_laws.py`; what one row can say is a constraint here.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.shared.rows import (
    ME,
    OFFICES,
    Guard,
    Open,
    Rule,
    either,
    of_office,
    of_party,
    of_worker,
    through,
)

from .rules import (
    ClosingOutcome,
    ContactKind,
    GapKind,
    HandoverIntroduction,
    HoldKind,
    PromiseKind,
    Urgency,
    WaitingFor,
    Whose,
)

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"


class Concern(models.Model):
    """One difficulty that one worker can carry in the same contacts (課題). Open: exactly one open hold (H1)."""

    party = models.ForeignKey("people.Party", models.PROTECT, related_name="concerns")
    whose = models.CharField("だれの", max_length=10, choices=Whose.choices())
    around = models.CharField("周りのだれ", max_length=120, blank=True)
    codes = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="種類")
    description = models.TextField("内容", blank=True)
    urgency = models.CharField("緊急度", max_length=8, choices=Urgency.choices(), default=Urgency.LOW)
    urgency_judged_at = models.DateTimeField("緊急度を見た時刻")
    noticed_by = models.CharField("気づいた人", max_length=24, blank=True)
    person_sees_it = models.CharField("本人の困り感", max_length=8, blank=True)
    family_support = models.BooleanField("家族支援", default=False)
    danger = models.CharField("虐待・自傷の疑い", max_length=24, blank=True)
    no_service_fits = models.BooleanField("合う機関がない", default=False)
    came_at = models.DateTimeField("分かった時刻")
    opened_at = models.DateTimeField("記録")
    opened_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    source_kind = models.CharField("もと", max_length=16)
    source_id = models.BigIntegerField("もとの番号", null=True)
    imported = models.BooleanField("移行分", default=False)
    last_seen_on = models.DateField("最後に様子が分かった日", null=True, blank=True)
    managers_word_at = models.DateTimeField("高が続くときの管理職の判断", null=True, blank=True)
    closed_at = models.DateTimeField("終わり", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["party"], condition=Q(closed_at__isnull=True), name="concern_open_of_party"),
            models.Index(fields=["source_kind", "source_id"], name="concern_source"),
        ]

    def __str__(self) -> str:
        return f"課題 #{self.pk}"


class Hold(models.Model):
    """This worker of this office answers for this concern, in this way, until this day (受け持ち). Append-only."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="holds")
    kind = models.CharField("受け持ち方", max_length=18, choices=HoldKind.choices())
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="holds")
    due_on = models.DateField("次に動く日")
    opened_at = models.DateTimeField("開始")
    opened_on = models.DateField("開始日")
    opened_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    deed = models.CharField("どの行いで", max_length=24)
    reason = models.CharField("わけ", max_length=500, blank=True)
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    look_back = models.BooleanField("ふりかえり", default=False)
    # 引き継ぎのことば: written when the holder changes.
    handed_note = models.TextField("引き継ぎ", blank=True)
    handed_told = models.CharField("本人に伝えたか", max_length=40, blank=True)
    introduced_how = models.CharField(
        "紹介", max_length=10, choices=HandoverIntroduction.choices(), blank=True
    )
    # What stands beside the answer: may change while the hold stands, each change journalled.
    together_with = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name="いっしょに")
    acting = models.ForeignKey(
        WORKER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代行"
    )
    acting_from = models.DateField("代行の始まり", null=True, blank=True)
    acting_until = models.DateField("代行の終わり", null=True, blank=True)
    waiting_for = models.CharField("待っていること", max_length=24, choices=WaitingFor.choices(), blank=True)
    waiting_from = models.CharField("だれから", max_length=120, blank=True)
    waiting_until = models.DateField("いつごろ", null=True, blank=True)
    oral_yes_until = models.DateField("口頭受諾の期限", null=True, blank=True)
    closed_at = models.DateTimeField("終わり", null=True, blank=True)
    closed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    closing_reason = models.CharField("終えたわけ", max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(closed_at__isnull=True),
                name="hold_one_open_per_concern",
                violation_error_message="この課題は、いま別の人が受け持っています。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="hold_acting_is_another",
                condition=Q(acting__isnull=True) | ~Q(acting=F("worker")),
                violation_error_message="代行には、受け持っている人とは別の職員を選んでください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["worker", "due_on"], condition=Q(closed_at__isnull=True), name="hold_open_of_worker"
            ),
            models.Index(
                fields=["office", "due_on"], condition=Q(closed_at__isnull=True), name="hold_open_of_office"
            ),
            models.Index(fields=["due_on"], condition=Q(closed_at__isnull=True), name="hold_open_due"),
            models.Index(
                fields=["acting"],
                condition=Q(closed_at__isnull=True, acting__isnull=False),
                name="hold_open_acting",
            ),
            models.Index(fields=["concern", "-id"], name="hold_chain"),
            # 手が回らなかった is counted per office; a change of hands per family.
            models.Index(
                fields=["office", "opened_on"], condition=Q(deed="could_not"), name="hold_could_not"
            ),
        ]

    def __str__(self) -> str:
        return f"受け持ち #{self.pk}"


class Promise(models.Model):
    """This worker will do this by this day (約束), for a concern, a case, a consultation, a message … Never deleted."""

    kind = models.CharField("種類", max_length=24, choices=PromiseKind.choices())
    what = models.CharField("すること", max_length=300)
    subject_kind = models.CharField("何の", max_length=16)
    subject_id = models.BigIntegerField("何番の")
    party = models.ForeignKey("people.Party", models.PROTECT, null=True, blank=True, related_name="promises")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="promises")
    due_on = models.DateField("いつまでに")
    urgency = models.CharField("緊急度", max_length=8, choices=Urgency.choices(), default=Urgency.LOW)
    opened_at = models.DateTimeField("約束した時刻")
    opened_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    previous = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="next")
    weight = models.SmallIntegerField("重さ", default=0)
    acting = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    acting_from = models.DateField(null=True, blank=True)
    acting_until = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField("果たした", null=True, blank=True)
    done_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField("取り下げた", null=True, blank=True)
    withdrawn_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_reason = models.CharField("取り下げたわけ", max_length=300, blank=True)
    is_open = models.GeneratedField(
        expression=Q(done_at__isnull=True, withdrawn_at__isnull=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="promise_withdrawn_with_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                violation_error_message="約束を取り下げるわけを書いてください。",
            ),
            models.CheckConstraint(
                name="promise_done_or_withdrawn",
                condition=Q(done_at__isnull=True) | Q(withdrawn_at__isnull=True),
                violation_error_message="果たした約束は取り下げられません。",
            ),
            models.UniqueConstraint(
                fields=["subject_id"],
                condition=Q(
                    subject_kind="consultation",
                    kind__in=["triage", "stocktaking"],
                    done_at__isnull=True,
                    withdrawn_at__isnull=True,
                ),
                name="promise_one_open_per_consultation",
                violation_error_message="この相談は、いま別の人が受け持っています。画面を開き直してください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["worker", "due_on"], condition=Q(is_open=True), name="promise_open_of_worker"
            ),
            models.Index(
                fields=["office", "due_on"], condition=Q(is_open=True), name="promise_open_of_office"
            ),
            models.Index(fields=["due_on"], condition=Q(is_open=True), name="promise_open_due"),
            models.Index(fields=["subject_kind", "subject_id"], name="promise_subject"),
        ]

    def __str__(self) -> str:
        return f"約束 #{self.pk}"


class Contact(models.Model):
    """One contact, recorded once, for every concern it served (接触). Five kinds."""

    kind = models.CharField("種類", max_length=8, choices=ContactKind.choices())
    at = models.DateTimeField("いつ")
    written_at = models.DateTimeField("書いた時刻")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    means = models.CharField("方法", max_length=24, blank=True)
    with_whom = models.CharField("だれと", max_length=120, blank=True)
    words = models.TextField("ようす", blank=True)
    concerns = models.ManyToManyField(Concern, through="ContactOn", related_name="contacts")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"接触 #{self.pk}"


class ContactOn(models.Model):
    """That a contact served a concern, and whether it moved the day."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="on")
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="contact_rows")
    kind = models.CharField(max_length=8, choices=ContactKind.choices())
    at = models.DateTimeField()
    moved_due = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contact", "concern"],
                name="contact_once_per_concern",
                violation_error_message="この接触は、すでに記録されています。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["concern", "-at", "-id"], name="contact_run")]

    def __str__(self) -> str:
        return f"接触 #{self.contact_id} - 課題 #{self.concern_id}"


class SafetyReport(models.Model):
    """H15: 通告・通報・相談先, to whom, when, by whom; or a reasoned "not" by two people."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="safety_reports")
    reported = models.BooleanField("通告・通報した")
    to_whom = models.CharField("どこへ", max_length=120, blank=True)
    reason = models.CharField("しないわけ", max_length=500, blank=True)
    at = models.DateTimeField("いつ")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    second_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="safety_not_reporting_needs_two",
                condition=Q(reported=True) & ~Q(to_whom="")
                | Q(reported=False) & ~Q(reason="") & Q(second_by__isnull=False) & ~Q(second_by=F("by")),
                violation_error_message="通告・通報先を書くか、しないわけと、もうひとりの職員を入れてください。",
            )
        ]

    def __str__(self) -> str:
        return f"通告・通報 #{self.pk}"


class NightHandover(models.Model):
    """To whom a 高 that came after hours was handed for the night or the closed days."""

    concern = models.ForeignKey(
        Concern, models.PROTECT, null=True, blank=True, related_name="night_handovers"
    )
    subject_kind = models.CharField(max_length=16, default="concern")
    subject_id = models.BigIntegerField()
    to_kind = models.CharField("どこへ", max_length=16)
    to_name = models.CharField("お名前", max_length=100, blank=True)
    handed_at = models.DateTimeField("渡した時刻")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"夜間の引き継ぎ #{self.pk}"


class Readiness(models.Model):
    """備えあり: settled before closed days (休み前の点検): whom they can call, what is in the house."""

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="readiness")
    for_closed_from = models.DateField("休みの始まり")
    words = models.CharField("備え", max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"備え #{self.pk}"


class SecondWord(models.Model):
    """A deed that needs a second person (二人目の確認): asked by one, answered by another. The promise to answer is a
    Promise of kind second_word."""

    deed = models.CharField("何について", max_length=24)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    wish = models.JSONField("中身", default=dict)
    words = models.CharField("わけ", max_length=500, blank=True)
    asked_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("頼んだ時刻")
    answered_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("答えた時刻", null=True, blank=True)
    agreed = models.BooleanField("同意", null=True, blank=True)
    answer_words = models.CharField("ことば", max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="second_word_is_anothers",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                violation_error_message="二人目の確認は、頼んだ人とは別の職員がしてください。",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=Q(answered_at__isnull=True),
                name="second_word_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"二人目の確認 #{self.pk}"


class Gap(models.Model):
    """What no service fitted (はざま): kind, what was needed, where. When solved, the concerns closed on it return."""

    kind = models.CharField("種類", max_length=24, choices=GapKind.choices())
    needed = models.CharField("あればよかったもの", max_length=300, blank=True)
    district = models.ForeignKey(
        "places.SchoolDistrict", models.PROTECT, null=True, blank=True, related_name="+"
    )
    concern = models.ForeignKey(Concern, models.PROTECT, null=True, blank=True, related_name="gaps")
    words = models.CharField("ようす", max_length=500, blank=True)
    found_at = models.DateTimeField("気づいた時刻")
    found_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    solved_at = models.DateTimeField("できた時刻", null=True, blank=True)
    solved_words = models.CharField("できたもの", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"はざま #{self.pk}"


class Closing(models.Model):
    """How a concern ended (終わり方, H8): the outcome, whose word it is, what was said about coming back.

    With a look-back the concern stays open, WATCHING, until somebody has looked (ふりかえり); `decided_on` is the end
    for statistics either way.
    """

    concern = models.ForeignKey(Concern, models.PROTECT, related_name="closings")
    outcome = models.CharField("終わり方", max_length=24, choices=ClosingOutcome.choices())
    decided_on = models.DateField("決めた日")
    word_of = models.CharField("だれの判断", max_length=12, blank=True)
    person_says = models.CharField("本人はどう言っているか", max_length=12, blank=True)
    told_return = models.CharField("また来てよいことを、どう伝えたか", max_length=300, blank=True)
    words = models.TextField("わけ・ようす", blank=True)
    tries = models.TextField("試みたこと", blank=True)
    card = models.CharField("渡したカード", max_length=200, blank=True)
    heard_from = models.CharField("つながったと、だれから聞いたか", max_length=120, blank=True)
    heard_on = models.DateField("聞いた日", null=True, blank=True)
    capacity_and_danger = models.CharField("判断する力と危険", max_length=300, blank=True)
    next_municipality = models.CharField("転出先への引き継ぎ", max_length=300, blank=True)
    left_behind = models.CharField("世帯に残された方", max_length=200, blank=True)
    died_on = models.DateField("亡くなった日", null=True, blank=True)
    into = models.ForeignKey(Concern, models.PROTECT, null=True, blank=True, related_name="absorbed")
    gap = models.ForeignKey(Gap, models.PROTECT, null=True, blank=True, related_name="closings")
    look_back_on = models.DateField("ふりかえりの月", null=True, blank=True)
    offer_on = models.DateField("もう一度声をかける日", null=True, blank=True)
    key_office = models.CharField("主担当", max_length=120, blank=True)
    short_retention = models.BooleanField("短く保存", default=False)
    by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    second_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("記録")
    reopened_at = models.DateTimeField("再開", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(reopened_at__isnull=True),
                name="closing_one_per_concern",
                violation_error_message="この課題は、すでに終えています。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="closing_two_are_two",
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("by")),
                violation_error_message="二人目の確認は、別の職員がしてください。",
            ),
            models.CheckConstraint(
                name="closing_without_service_has_gap",
                condition=~Q(outcome="no_service") | Q(gap__isnull=False),
                violation_error_message="「対象外・資源なし」で終えるときは、何があればよかったか(はざま)を書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"終結 #{self.pk}"


class Rest(models.Model):
    """声をかけた: a falling row rests three open days on one worker's board, never in the counts (H7)."""

    worker = models.ForeignKey(WORKER, models.CASCADE, related_name="+")
    row_kind = models.CharField(max_length=8)  # hold | promise
    row_id = models.BigIntegerField()
    until_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["worker", "until_on"], name="rest_of_worker")]

    def __str__(self) -> str:
        return f"声かけ #{self.pk}"


class LeavingRow(models.Model):
    """A line of the hand-over list of somebody who leaves (引き継ぎ表): who follows, and what they must know (H2)."""

    leaver = models.ForeignKey(WORKER, models.CASCADE, related_name="+")
    row_kind = models.CharField(max_length=8)  # hold | promise
    row_id = models.BigIntegerField()
    successor = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    handed_note = models.TextField(blank=True)
    handed_told = models.CharField(max_length=40, blank=True)
    introduced_how = models.CharField(max_length=10, choices=HandoverIntroduction.choices(), blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["leaver", "row_kind", "row_id"],
                name="leaving_row_once",
                violation_error_message="この行の引き継ぎ先は、すでに決まっています。",
            )
        ]

    def __str__(self) -> str:
        return f"引き継ぎ #{self.pk}"


class OfficeEnding(models.Model):
    """An office that ends, or whose entrusting contract ends (委託の終わり): who follows, decided months ahead (H2)."""

    office = models.OneToOneField(OFFICE, models.PROTECT, related_name="ending")
    to_office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+", verbose_name="引き継ぐ機関")
    ends_on = models.DateField("終わる日")
    words = models.TextField("引き継ぎのことば", blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["ends_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="office_ending_to_another",
                condition=~Q(to_office=F("office")),
                violation_error_message="引き継ぐ機関には、別の機関を選んでください。",
            )
        ]

    def __str__(self) -> str:
        return f"機関の終わり #{self.pk}"


# The chain is append-only: the application may close a hold and change what stands beside the answer, nothing else.
GRANTS = {
    "holding_hold": [
        "SELECT",
        "INSERT",
        "UPDATE (closed_at, closed_by_id, closing_reason, together_with, acting_id, acting_from, acting_until,"
        " waiting_for, waiting_from, waiting_until, oral_yes_until)",
    ],
    "holding_promise": [
        "SELECT",
        "INSERT",
        "UPDATE (done_at, done_by_id, withdrawn_at, withdrawn_by_id, withdrawn_reason, acting_id, acting_from,"
        " acting_until)",
    ],
    "holding_concern": [
        "SELECT",
        "INSERT",
        "UPDATE (party_id, whose, around, codes, description, urgency, urgency_judged_at, noticed_by, person_sees_it,"
        " family_support, danger, no_service_fits, last_seen_on, managers_word_at, closed_at, revision)",
    ],
    "holding_contact": ["SELECT", "INSERT"],
    "holding_contacton": ["SELECT", "INSERT"],
    "holding_safetyreport": ["SELECT", "INSERT"],
    "holding_closing": ["SELECT", "INSERT", "UPDATE (reopened_at, look_back_on)"],
}


def promised(kind: str) -> Guard:
    """The rows of this kind for which a promise stands, or stood, in the worker's hands or in their office."""
    return Guard(
        f"(SELECT true FROM public.holding_promise p WHERE p.subject_kind = '{kind}' AND p.subject_id = {{t}}.id"
        f" AND (p.office_id = ANY({OFFICES}) OR p.worker_id = {ME} OR p.acting_id = {ME}) LIMIT 1)"
    )


_OF_HOLDERS = either(
    of_office("office_id"), of_worker("worker_id", "acting_id"), Guard(f"{ME} = ANY({{t}}.together_with)")
)
ROWS: dict[str, Rule] = {
    # Held here now, or to its end: an office's own record.
    "holding_concern": either(
        of_party("party_id"),
        Guard(
            "(SELECT true FROM public.holding_hold h WHERE h.concern_id = {t}.id"
            " AND (h.closed_at IS NULL OR {t}.closed_at IS NOT NULL)"
            f" AND (h.office_id = ANY({OFFICES}) OR h.worker_id = {ME} OR h.acting_id = {ME}"
            f" OR {ME} = ANY(h.together_with)) LIMIT 1)"
        ),
    ),
    "holding_hold": either(_OF_HOLDERS, through("concern_id", "holding_concern")),
    "holding_promise": either(
        of_office("office_id"), of_worker("worker_id", "acting_id"), of_party("party_id")
    ),
    "holding_contact": either(
        of_office("office_id"),
        of_worker("worker_id"),
        Guard(
            "(SELECT true FROM public.holding_contacton c WHERE c.contact_id = {t}.id"
            " AND seen.sees_holding_concern(c.concern_id) LIMIT 1)"
        ),
    ),
    "holding_contacton": either(
        through("concern_id", "holding_concern"), through("contact_id", "holding_contact")
    ),
    "holding_safetyreport": through("concern_id", "holding_concern"),
    "holding_nighthandover": either(
        of_worker("by_id"), through("concern_id", "holding_concern"), Guard("{t}.concern_id IS NULL")
    ),
    "holding_readiness": through("concern_id", "holding_concern"),
    "holding_secondword": either(
        of_worker("asked_by_id", "answered_by_id"),
        promised("second_word"),
        Guard("{t}.subject_kind = 'concern' AND seen.sees_holding_concern({t}.subject_id)"),
    ),
    "holding_gap": Open(
        "a gap is a kind, a district and a number of people; whoever builds resources reads all"
    ),
    "holding_closing": either(
        through("concern_id", "holding_concern"), through("into_id", "holding_concern")
    ),
    "holding_rest": Open("that a worker may be asked to look again, by number; of nobody else"),
    "holding_leavingrow": either(
        of_worker("leaver_id", "successor_id", "written_by_id"),
        Guard(
            "(SELECT true FROM public.accounts_posting w WHERE w.worker_id IN ({t}.leaver_id, {t}.successor_id)"
            f" AND w.office_id = ANY({OFFICES}) LIMIT 1)"
        ),
    ),
    "holding_officeending": Open("of offices, not of people"),
}
