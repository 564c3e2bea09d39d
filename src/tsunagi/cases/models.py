"""The family's file: its concerns, its notes in 事実・見立て・方針, with every correction kept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tsunagi.holding.rules import NoKeyPerson
from tsunagi.shared.rows import Open, Rule, either, of_office, of_party, of_worker, through

from .rules import CLOSED_STAGES, CaseState, Consent, HowGiven, NoteKind, Stage, TemplateOf, WordsOn

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
    # What the file says of the person's consent, for lists and papers; whoever gets it writes it down (the plan, a worker).
    consent = models.CharField("同意", max_length=12, choices=Consent.choices(), blank=True)
    consent_on = models.DateField("同意の日", null=True, blank=True)
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


class Supervision(models.Model):
    """What a worker talked over with a supervisor (スーパービジョン): for the file's office, on no paper. Append-only.

    Apart from notes on purpose: it is not in the record of the work with the family, not in search, not on papers.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="supervisions")
    held_on = models.DateField("日")
    supervisor = models.CharField("だれと", max_length=120)
    about = models.TextField("何について")
    next_try = models.TextField("次に試すこと", blank=True)
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    written_at = models.DateTimeField("書いた時刻")

    class Meta:
        ordering: ClassVar = ["-held_on", "-id"]
        indexes: ClassVar = [models.Index(fields=["case", "-held_on", "-id"], name="supervision_of_case")]

    def __str__(self) -> str:
        return f"スーパービジョン #{self.pk}"


class Jotting(models.Model):
    """A worker's own scribble on a file (覚え書き): nobody else sees it, and it is gone after `gone_on`."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    worker = models.ForeignKey(WORKER, models.CASCADE, related_name="+")
    words = models.TextField("覚え書き")
    written_at = models.DateTimeField("書いた時刻")
    gone_on = models.DateField("消える日")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["worker", "case"], name="jotting_of_worker"),
            models.Index(fields=["gone_on"], name="jotting_gone"),
        ]

    def __str__(self) -> str:
        return f"覚え書き #{self.pk}"


class OwnWords(models.Model):
    """The person's own words beside the record (本人の付記). Never changed: a correction is a new one."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="own_words")
    on = models.CharField("何について", max_length=12, choices=WordsOn.choices())
    note = models.ForeignKey(Note, models.PROTECT, null=True, blank=True, related_name="own_words")
    on_words = models.CharField("どの記録か", max_length=120, blank=True)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name="だれの言葉")
    words = models.TextField("本人の言葉")
    said_on = models.DateField("いつ")
    how = models.CharField("どうやって", max_length=12, choices=HowGiven.choices())
    written_at = models.DateTimeField("書きとめた時刻")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+", verbose_name="書きとめた人")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering: ClassVar = ["said_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="own_words_on_a_note_name_it",
                condition=Q(on="note", note__isnull=False) | ~Q(on="note") & Q(note__isnull=True),
                violation_error_message="どの記録への付記かを選んでください。",
            ),
            models.CheckConstraint(
                name="own_words_say_something",
                condition=~Q(words=""),
                violation_error_message="本人の言葉を書いてください。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "said_on"], name="own_words_of_case")]

    def __str__(self) -> str:
        return f"本人の付記 #{self.pk}"


class NoteTemplate(models.Model):
    """Words to begin a note with (定型): the city's, an office's, or one worker's own."""

    of = models.CharField("だれの", max_length=8, choices=TemplateOf.choices())
    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, blank=True, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("名前", max_length=60)
    kind = models.CharField("対応方法", max_length=14, choices=NoteKind.choices(), blank=True)
    facts = models.TextField("事実", blank=True)
    judgement = models.TextField("見立て", blank=True)
    policy = models.TextField("方針", blank=True)
    next_step = models.CharField("次の予定", max_length=300, blank=True)
    written_at = models.DateTimeField("書いた時刻")
    written_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField("使わなくした時刻", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="note_template_is_somebodys",
                condition=Q(of="city", office__isnull=True, worker__isnull=True)
                | Q(of="office", office__isnull=False, worker__isnull=True)
                | Q(of="own", office__isnull=True, worker__isnull=False),
                violation_error_message="だれの定型かを選んでください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["of", "office"], condition=Q(retired_at__isnull=True), name="note_template_in_use"
            ),
            models.Index(
                fields=["worker"], condition=Q(retired_at__isnull=True, of="own"), name="note_template_own"
            ),
        ]

    def __str__(self) -> str:
        return f"定型 #{self.pk}"


GRANTS = {
    "cases_noteversion": ["SELECT", "INSERT"],
    "cases_supervision": ["SELECT", "INSERT"],
    "cases_jotting": ["SELECT", "INSERT", "UPDATE (words)", "DELETE"],
    "cases_ownwords": ["SELECT", "INSERT"],
}

ROWS: dict[str, Rule] = {
    "cases_case": either(of_office("office_id"), of_party("party_id")),
    "cases_caseconcern": through("case_id", "cases_case"),
    "cases_note": through("case_id", "cases_case"),
    "cases_noteversion": through("note_id", "cases_note"),
    "cases_supervision": through("case_id", "cases_case"),
    "cases_jotting": of_worker("worker_id"),
    "cases_ownwords": through("case_id", "cases_case"),
    "cases_notetemplate": Open("a form to write with; no person"),
}
