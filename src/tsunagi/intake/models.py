"""Consultations at any desk, and the ledgers they are imported from."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagi.holding.rules import ConsultationOutcome, Urgency
from tsunagi.shared.rows import Rule, either, of_office, of_party, of_worker, through

from .rules import (
    CallerKind,
    ImportState,
    InformantReach,
    MeetingAnswer,
    MeetingKind,
    ProposalState,
    SlipConsent,
    WayBack,
)

WORKER = settings.AUTH_USER_MODEL


class Consultation(models.Model):
    """One time somebody came, called or wrote (相談). No field is required; it is held by a promise of its desk (H10)."""

    number = models.CharField("受付番号", max_length=20, unique=True, null=True, blank=True)
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    came_at = models.DateTimeField("来た時刻")
    came_about = models.BooleanField("時刻・日はおよそ", default=False)
    written_at = models.DateTimeField("書いた時刻")
    written_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    means = models.CharField("方法", max_length=24, blank=True)
    caller_kind = models.CharField("だれから", max_length=16, choices=CallerKind.choices(), blank=True)
    caller_words = models.CharField("続柄・名乗り", max_length=120, blank=True)
    way_back = models.CharField("戻り先", max_length=12, choices=WayBack.choices(), blank=True)
    way_back_words = models.CharField("連絡先", max_length=200, blank=True)
    cut_off = models.BooleanField("途中で切れた", default=False)
    words = models.TextField("相談の内容", blank=True)
    worries = models.JSONField("困りごと", default=dict, blank=True)  # {code: "circle" | "double"}
    urgency = models.CharField("緊急度", max_length=8, choices=Urgency.choices(), blank=True)
    language = models.CharField("ことば", max_length=20, blank=True)
    interpreter = models.CharField("通訳", max_length=12, blank=True)
    wishes = models.TextField("希望", blank=True)
    party = models.ForeignKey(
        "people.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="だれのこと"
    )
    about_words = models.CharField("だれのこと(書かれたまま)", max_length=200, blank=True)
    outcome = models.CharField(
        "どうなったか", max_length=24, choices=ConsultationOutcome.choices(), blank=True
    )
    outcome_at = models.DateTimeField("決めた時刻", null=True, blank=True)
    outcome_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    outcome_second_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    outcome_words = models.TextField("伝えたこと・わけ", blank=True)
    # What only an imported row has.
    run = models.ForeignKey("intake.LedgerImport", models.PROTECT, null=True, blank=True, related_name="rows")
    row_hash = models.CharField(max_length=64, null=True, blank=True)
    line = models.PositiveIntegerField("元の行", null=True, blank=True)
    as_written = models.JSONField("元の行のまま", default=dict, blank=True)
    worker_as_written = models.CharField("元の担当", max_length=60, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-came_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "row_hash"],
                condition=Q(row_hash__isnull=False),
                name="consultation_imported_once",
                violation_error_message="この行は、すでに取り込まれています。",
            ),
            models.CheckConstraint(
                name="consultation_ends_with_an_outcome",
                condition=Q(outcome="", outcome_at__isnull=True)
                | ~Q(outcome="") & Q(outcome_at__isnull=False),
                violation_error_message="相談を終えるときは、どうなったかを選んでください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "-came_at", "-id"], name="consultation_of_office"),
            models.Index(fields=["office", "-came_at"], condition=Q(outcome=""), name="consultation_open"),
            models.Index(fields=["party"], name="consultation_of_party"),
        ]

    def __str__(self) -> str:
        return f"相談 #{self.pk}"


class Informant(models.Model):
    """Who told us of someone else (情報提供者), in a box of their own: never in free text, narrowest sight."""

    consultation = models.OneToOneField(
        Consultation, models.PROTECT, primary_key=True, related_name="informant"
    )
    name = models.CharField("お名前", max_length=120, blank=True)
    contact = models.CharField("連絡先", max_length=200, blank=True)
    relation = models.CharField("本人との関係", max_length=120, blank=True)
    source_kind = models.CharField("情報源", max_length=24, blank=True)
    reach = models.CharField(
        "だれまで知ってよいか", max_length=12, choices=InformantReach.choices(), blank=True
    )
    wants_word_back = models.BooleanField("返事がほしい", default=False)

    def __str__(self) -> str:
        return f"情報提供者 #{self.pk}"


class ConsultationChange(models.Model):
    """What a consultation said before it was corrected (訂正履歴)."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    before = models.JSONField()
    revision = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"訂正 #{self.pk}"


class LedgerImport(models.Model):
    """One file of an office's ledger (台帳) and what became of its rows. All of it is stored, or nothing (H11)."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField("ファイル名", max_length=200)
    file_digest = models.CharField(max_length=64)
    file = models.BinaryField("ファイル", null=True)
    state = models.CharField(
        "状態", max_length=12, choices=ImportState.choices(), default=ImportState.PREVIEW
    )
    columns = models.JSONField("列の読み方", default=dict, blank=True)
    summary = models.JSONField("まとめ", default=dict, blank=True)
    rows_read = models.PositiveIntegerField("行", default=0)
    rows_stored = models.PositiveIntegerField("取り込んだ", default=0)
    rows_known = models.PositiveIntegerField("すでにあった", default=0)
    rows_rejected = models.PositiveIntegerField("取り込めなかった", default=0)
    asked_at = models.DateTimeField("依頼")
    ended_at = models.DateTimeField("終了", null=True, blank=True)
    long_run_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"取り込み #{self.pk}"


class RejectedRow(models.Model):
    """A row that could not be stored: line, column, reason, and the cells to fix."""

    run = models.ForeignKey(LedgerImport, models.CASCADE, related_name="rejected")
    sheet = models.CharField(max_length=60, blank=True)
    line = models.PositiveIntegerField("行")
    column = models.CharField("列", max_length=60, blank=True)
    reason = models.CharField("わけ", max_length=300)
    cells = models.JSONField("元の行")

    class Meta:
        ordering: ClassVar = ["line", "id"]

    def __str__(self) -> str:
        return f"取り込めない行 #{self.pk}"


class Repair(models.Model):
    """What the reading changed in a cell (直したところ)."""

    run = models.ForeignKey(LedgerImport, models.CASCADE, related_name="repairs")
    line = models.PositiveIntegerField("行")
    column = models.CharField("列", max_length=60, blank=True)
    kind = models.CharField("種類", max_length=40)
    words = models.CharField("何をしたか", max_length=300)

    class Meta:
        ordering: ClassVar = ["line", "id"]

    def __str__(self) -> str:
        return f"直したところ #{self.pk}"


class LinkProposal(models.Model):
    """ "This row may be about this person": likely, never certain; a worker decides."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="proposals")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    points = models.SmallIntegerField("点")
    reasons = models.CharField("わけ", max_length=200)
    told = models.JSONField(
        "台帳に書かれた方", default=dict, blank=True
    )  # what a new record would be made of
    state = models.CharField(
        "どうしたか", max_length=10, choices=ProposalState.choices(), default=ProposalState.OPEN
    )
    decided_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-points", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["consultation", "person"],
                name="proposal_once",
                violation_error_message="すでに候補にあります。",
            )
        ]

    def __str__(self) -> str:
        return f"同じ方の候補 #{self.pk}"


class Slip(models.Model):
    """困りごと相談連絡票: printed blank or filled, signed by the person, and taken back in as a consultation.

    Other sections (税・水道・住宅・学校 …) hand it over with the person's consent; its number finds it again.
    """

    number = models.CharField("連絡票の番号", max_length=20, unique=True)
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("作った時刻")
    name = models.CharField("お名前", max_length=120, blank=True)
    kana = models.CharField("よみ", max_length=120, blank=True)
    birth = models.CharField("生年月日", max_length=40, blank=True)
    phone = models.CharField("電話", max_length=60, blank=True)
    address = models.CharField("住所", max_length=200, blank=True)
    words = models.TextField("困りごと", blank=True)
    consent = models.CharField("本人の同意", max_length=8, choices=SlipConsent.choices(), blank=True)
    consent_on = models.DateField("同意した日", null=True, blank=True)
    agreed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    consultation = models.OneToOneField(
        Consultation, models.PROTECT, null=True, blank=True, related_name="slip"
    )
    taken_at = models.DateTimeField("受け付けた時刻", null=True, blank=True)
    taken_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="slip_taken_in_as_a_consultation",
                condition=Q(consultation__isnull=True, taken_at__isnull=True)
                | Q(consultation__isnull=False, taken_at__isnull=False, consent="yes"),
                violation_error_message="連絡票は、本人の同意を確かめてから相談として受け付けてください。",
            )
        ]

    def __str__(self) -> str:
        return f"連絡票 #{self.pk}"


class BlankSheet(models.Model):
    """A blank 相談受付票, printed with the number its consultation will have (for the night, a door, a day without power)."""

    number = models.CharField("受付番号", max_length=20, unique=True)
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    printed_at = models.DateTimeField("印刷")
    printed_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    consultation = models.OneToOneField(
        Consultation, models.PROTECT, null=True, blank=True, related_name="blank_sheet"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["office", "-printed_at"], name="blank_sheet_of_office")]

    def __str__(self) -> str:
        return f"受付票 #{self.pk}"


class StocktakingSheet(models.Model):
    """Up to fifty imported rows that one settled and another agreed to (棚卸しの束, H11)."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answers = models.JSONField("答え", default=list)  # [{consultation, answer, words, worker, due_on}]
    agreed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    sent_back_at = models.DateTimeField(null=True, blank=True)
    sent_back_words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="stocktaking_agreed_by_another",
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=models.F("asked_by")),
                violation_error_message="棚卸しの確認は、答えた人とは別の職員がしてください。",
            )
        ]

    def __str__(self) -> str:
        return f"棚卸しの束 #{self.pk}"


class OfficeMeeting(models.Model):
    """The weekly 所内会議 of an office: who sat, the day, 文書番号, and what was not reached. One sheet a week."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    week_on = models.DateField("週(月曜日)")
    opened_at = models.DateTimeField("開いた時刻")
    opened_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    held_on = models.DateField("会議の日", null=True, blank=True)
    sat = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name="出席")
    sat_words = models.CharField("ほかの出席者", max_length=200, blank=True)
    words = models.TextField("覚え", blank=True)
    document_number = models.CharField("文書番号", max_length=60, blank=True)
    left = models.JSONField("見なかった行", default=list)  # ["c12", "s34", …]
    concluded_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    concluded_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-week_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "week_on"],
                name="office_meeting_one_a_week",
                violation_error_message="この週の所内会議は、ほかの職員が開いています。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="office_meeting_concluded_with_its_day",
                condition=Q(concluded_at__isnull=True)
                | Q(held_on__isnull=False, concluded_by__isnull=False, sat__len__gt=0),
                violation_error_message="会議を終えるには、会議の日と出席した職員を入れてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"所内会議 #{self.pk}"


class MeetingDecision(models.Model):
    """One row a 所内会議 decided: what about, which answer, by whose hand. The deed itself is in its own place."""

    meeting = models.ForeignKey(OfficeMeeting, models.PROTECT, related_name="decisions")
    kind = models.CharField("何の", max_length=12, choices=MeetingKind.choices())
    subject_id = models.BigIntegerField("何番の")
    answer = models.CharField("答え", max_length=24, choices=MeetingAnswer.choices())
    words = models.CharField("ことば", max_length=500, blank=True)
    at = models.DateTimeField("いつ")
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["meeting", "kind", "subject_id"], name="decision_of_row")]

    def __str__(self) -> str:
        return f"所内会議の決定 #{self.pk}"


GRANTS = {
    "intake_officemeeting": [
        "SELECT",
        "INSERT",
        'UPDATE (held_on, sat, sat_words, words, document_number, "left", concluded_at, concluded_by_id, revision)',
    ],
    "intake_meetingdecision": ["SELECT", "INSERT"],
    "intake_consultationchange": ["SELECT", "INSERT"],
    "intake_blanksheet": ["SELECT", "INSERT", "UPDATE (consultation_id)"],
    "intake_slip": [
        "SELECT",
        "INSERT",
        "UPDATE (number, consent, consent_on, agreed_by_id, consultation_id, taken_at, taken_by_id)",
    ],
}

ROWS: dict[str, Rule] = {
    "intake_consultation": either(of_office("office_id"), of_party("party_id")),
    "intake_informant": through("consultation_id", "intake_consultation"),
    "intake_consultationchange": through("consultation_id", "intake_consultation"),
    "intake_ledgerimport": of_office("office_id"),
    "intake_rejectedrow": through("run_id", "intake_ledgerimport"),
    "intake_repair": through("run_id", "intake_ledgerimport"),
    "intake_linkproposal": through("consultation_id", "intake_consultation"),
    "intake_slip": either(
        of_office("office_id"),
        of_worker("made_by_id", "agreed_by_id", "taken_by_id"),
        through("consultation_id", "intake_consultation"),
    ),
    "intake_blanksheet": of_office("office_id"),
    "intake_stocktakingsheet": of_office("office_id"),
    "intake_officemeeting": of_office("office_id"),
    "intake_meetingdecision": through("meeting_id", "intake_officemeeting"),
}
