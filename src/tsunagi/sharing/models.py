"""Grounds (根拠) as data; what was asked about somebody and who was told; 心当たり照会; facts under a special secret;
consent (同意), the ledger 情報提供・目的外利用台帳, usual flows, and what was opened in an emergency (緊急の閲覧)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.permissions.rules import Purpose, Reach, roles_with
from tsunagi.shared.rows import (
    ME,
    OFFICES,
    Guard,
    Open,
    Rule,
    either,
    of_office,
    of_party,
    of_role,
    of_worker,
    through,
)

from .rules import (
    CallerRelation,
    ConsentBy,
    ConsentState,
    ConsentWay,
    DisclosureSource,
    Door,
    EndKind,
    EnquiryReply,
    GlassReview,
    PaperBack,
    Preset,
    SecretKind,
    WordKind,
)

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"


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


class SilentWord(models.Model):
    """Something was asked, looked up or opened that may concern somebody (声かけ): those who answer are told by a job.

    Written whoever was meant, or nobody, so that nothing tells the one who asked. `asked` holds folded keys and is
    emptied by the job.
    """

    kind = models.CharField("なにが", max_length=16, choices=WordKind.choices())
    office = models.ForeignKey(OFFICE, models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    at = models.DateTimeField("いつ")
    relation = models.CharField("尋ねた方", max_length=60, blank=True)
    asked = models.JSONField("だれのこと(照合が済むと消える)", default=dict, blank=True)
    party = models.ForeignKey("people.Party", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.CharField("開こうとした画面", max_length=200, blank=True)
    subject_id = models.BigIntegerField("相談・照会の番号", null=True, blank=True)
    done_at = models.DateTimeField("照合が済んだ", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="silent_word_keeps_nothing_when_done",
                condition=Q(done_at__isnull=True) | Q(asked={}),
                violation_error_message="照合が済んだら、だれのことかは残しません。",
            )
        ]

    def __str__(self) -> str:
        return f"声かけ #{self.pk}"


class ToldHolder(models.Model):
    """Who was told of a word, about which of their persons. Only they and their office ever see it."""

    word = models.ForeignKey(SilentWord, models.PROTECT, related_name="told")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    told_at = models.DateTimeField("いつ")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["word", "person", "worker"],
                name="told_once",
                violation_error_message="この職員には、すでに知らせてあります。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person", "told_at"], name="told_about_person")]

    def __str__(self) -> str:
        return f"知らせ #{self.pk}"


class Enquiry(models.Model):
    """心当たり照会: does anybody know this person already? Goes to the holders; meanwhile the desk goes on."""

    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("いつ")
    due_on = models.DateField("返事の目安")
    reason = models.CharField("わけ", max_length=300)
    relation = models.CharField("相談に来た方", max_length=16, choices=CallerRelation.choices(), blank=True)
    ground = models.CharField("根拠", max_length=4)
    told_words = models.CharField("だれのこと(書いたまま)", max_length=300)
    asked = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["worker", "-id"], name="enquiry_of_worker")]

    def __str__(self) -> str:
        return f"心当たり照会 #{self.pk}"


class EnquiryAnswer(models.Model):
    """What one holder is asked and answers; while it is open a promise of theirs stands (holding.Promise)."""

    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="answers")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    reply = models.CharField("返事", max_length=16, choices=EnquiryReply.choices(), blank=True)
    words = models.CharField("ひとこと", max_length=300, blank=True)
    answered_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("いつ", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enquiry", "person", "office"],
                name="enquiry_asked_once",
                violation_error_message="この機関には、すでに問い合わせています。",
            ),
            models.CheckConstraint(
                name="enquiry_answered_by_somebody",
                condition=Q(reply="", answered_at__isnull=True, answered_by__isnull=True)
                | ~Q(reply="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                violation_error_message="返事には、だれがいつ答えたかが要ります。",
            ),
        ]

    def __str__(self) -> str:
        return f"照会への返事 #{self.pk}"


class GuardedText(models.Model):
    """A fact under a special secret (税・水道・生保・医療・要対協・住基). Its writer's alone until a door is chosen."""

    subject_kind = models.CharField("何の", max_length=16)
    subject_id = models.BigIntegerField("何番の")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    writer = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("いつ")
    secret = models.CharField("どの秘密", max_length=12, choices=SecretKind.choices())
    words = models.TextField("書いたこと")
    door = models.CharField("入れ方", max_length=12, choices=Door.choices(), blank=True)
    slip_number = models.CharField("連絡票の番号", max_length=20, blank=True)
    shown_words = models.TextField("気づき", blank=True)
    meeting_words = models.CharField("どの会議のだれの求めか", max_length=200, blank=True)
    chosen_at = models.DateTimeField("入れ方を選んだ", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="guarded_text_opens_by_a_door",
                condition=Q(door="", chosen_at__isnull=True) | ~Q(door="") & Q(chosen_at__isnull=False),
                violation_error_message="入れ方を選んだ時刻が要ります。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id"], name="guarded_text_subject")]

    def __str__(self) -> str:
        return f"特別な秘密 #{self.pk}"


class Explanation(models.Model):
    """One version of the 説明文書 a consent is explained with. A new text is a new version; never changed, never deleted."""

    number = models.PositiveIntegerField("版", unique=True)
    title = models.CharField("題", max_length=120)
    words = models.TextField("文")
    plain_words = models.TextField("やさしい日本語", blank=True)
    from_on = models.DateField("いつから")
    written_at = models.DateTimeField("書いた時刻", null=True, blank=True)
    written_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"説明文書 第{self.number}版"


class Consent(models.Model):
    """What one person was told and answered about passing information on (同意). Only its end is written later.

    A change (fewer facets, another answer) is a new row with `previous`; to whom it opens are `ConsentOffice` rows.
    An end day is the person's own wish; without one a consent lasts until the support ends.
    """

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="consents")
    state = models.CharField("状態", max_length=16, choices=ConsentState.choices())
    preset = models.CharField("しかた", max_length=12, choices=Preset.choices(), blank=True)
    facets = ArrayField(models.CharField(max_length=24), default=list, blank=True, verbose_name="項目")
    purpose = models.CharField("何のために", max_length=300, blank=True)
    way = models.CharField("方法", max_length=8, choices=ConsentWay.choices(), blank=True)
    given_by = models.CharField("だれの同意", max_length=20, choices=ConsentBy.choices(), default="person")
    given_by_name = models.CharField("お名前・続柄", max_length=120, blank=True)
    child_word = models.CharField("子ども本人のことば", max_length=500, blank=True)
    parent_harm = models.CharField("親権者に聞かないわけ", max_length=500, blank=True)
    instead = models.CharField("そのかわりにしたこと", max_length=300, blank=True)
    second = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    explanation = models.ForeignKey(Explanation, models.PROTECT, null=True, blank=True, related_name="+")
    explained_on = models.DateField("説明した日", null=True, blank=True)
    present = models.CharField("その場にいた人", max_length=200, blank=True)
    kept_where = models.CharField("紙の保管場所", max_length=200, blank=True)
    words = models.TextField("本人のことば", blank=True)
    judged_by = models.CharField("だれが判断したか", max_length=120, blank=True)
    judged_on = models.CharField("何を見て", max_length=300, blank=True)
    ask_again_on = models.DateField("もう一度聞く日", null=True, blank=True)
    until_on = models.DateField("本人が決めた終わりの日", null=True, blank=True)
    # At eighteen a parent's word ends; written down so that the job and the net need no birthday.
    of_age_on = models.DateField("18歳になる日", null=True, blank=True)
    looked_at_on = models.DateField("見直した日")
    asked_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+", verbose_name="聞いた機関")
    recorded_at = models.DateTimeField("記録")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("終わり", null=True, blank=True)
    ended_how = models.CharField("終わり方", max_length=16, choices=EndKind.choices(), blank=True)
    ended_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_words = models.CharField("終わりのことば", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="consent_given_names_what",
                condition=~Q(state__in=["given_all", "given_part"])
                | (~Q(facets=[]) & ~Q(way="") & ~Q(preset="") & Q(explained_on__isnull=False)),
                violation_error_message="同意には、しかた・項目・方法・説明した日が要ります。",
            ),
            models.CheckConstraint(
                name="consent_opens_only_when_given",
                condition=Q(state__in=["given_all", "given_part"]) | Q(facets=[]),
                violation_error_message="同意のない記録に、伝えてよい項目は入れられません。",
            ),
            models.CheckConstraint(
                name="consent_unable_says_who_judged",
                condition=~Q(state="unable")
                | (~Q(judged_by="") & ~Q(judged_on="") & Q(ask_again_on__isnull=False)),
                violation_error_message="同意困難には、だれが、何を見て判断したか、もう一度聞く日が要ります。",
            ),
            models.CheckConstraint(
                name="consent_is_never_stored_withdrawn",
                condition=~Q(state="withdrawn"),
                violation_error_message="撤回は、同意の終わりとして記録します。",
            ),
            models.CheckConstraint(
                name="consent_ended_says_how",
                condition=Q(ended_at__isnull=True, ended_how="")
                | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
                violation_error_message="同意の終わりには、終わり方が要ります。",
            ),
            models.CheckConstraint(
                name="consent_of_a_child_has_its_word",
                condition=~Q(given_by__in=["child_and_parent", "child_alone"])
                | ~Q(state__in=["given_all", "given_part"])
                | ~Q(child_word=""),
                violation_error_message="子ども本人がどう言っているかを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="consent_of_person"),
            models.Index(fields=["until_on"], condition=Q(ended_at__isnull=True), name="consent_until"),
            models.Index(fields=["of_age_on"], condition=Q(ended_at__isnull=True), name="consent_of_age"),
        ]

    def __str__(self) -> str:
        return f"同意 #{self.pk}"


class ConsentOffice(models.Model):
    """An office a consent opens to. While it stands, and where the office signs in, an involvement (02/30) rests on it."""

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="offices")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    ground = models.CharField("根拠", max_length=4)
    added_at = models.DateTimeField("加えた")
    added_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    why = models.CharField("加えたわけ", max_length=300, blank=True)
    # Under the standard preset a new office is told to the person; a promise of the holder until it is.
    told_on = models.DateField("本人に伝えた日", null=True, blank=True)
    told_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("終わり", null=True, blank=True)
    ended_how = models.CharField("終わり方", max_length=16, choices=EndKind.choices(), blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["consent", "office"],
                condition=Q(ended_at__isnull=True),
                name="consent_office_once",
                violation_error_message="この機関は、もうこの同意に入っています。",
            ),
            models.CheckConstraint(
                name="consent_office_ended_says_how",
                condition=Q(ended_at__isnull=True, ended_how="")
                | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
                violation_error_message="終わりには、終わり方が要ります。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["office"], condition=Q(ended_at__isnull=True), name="consent_office_living")
        ]

    def __str__(self) -> str:
        return f"同意の機関 #{self.pk}"


class PaperAskedBack(models.Model):
    """After a withdrawal: paper an office was given is asked back, and the answer recorded."""

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="papers_back")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("頼んだ")
    asked_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    answer = models.CharField("返事", max_length=12, choices=PaperBack.choices(), blank=True)
    words = models.CharField("ひとこと", max_length=300, blank=True)
    answered_at = models.DateTimeField("返事の時刻", null=True, blank=True)
    answered_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="paper_back_answered_by_somebody",
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                violation_error_message="返事には、いつ聞いたかが要ります。",
            )
        ]

    def __str__(self) -> str:
        return f"返してもらう紙 #{self.pk}"


class UsualFlow(models.Model):
    """A usual flow decided once (協議番号, 期間): between these offices, these items, on this ground, without a click."""

    number = models.CharField("協議番号", max_length=20)
    giver = models.ForeignKey(OFFICE, models.PROTECT, related_name="+", verbose_name="渡す機関")
    receiver = models.ForeignKey(OFFICE, models.PROTECT, related_name="+", verbose_name="受ける機関")
    ground = models.CharField("根拠", max_length=4)
    facets = ArrayField(models.CharField(max_length=24), verbose_name="項目")
    purpose = models.CharField("目的", max_length=300)
    conditions = models.CharField("受け手への条件(70条)", max_length=300, blank=True)
    from_on = models.DateField("から")
    until_on = models.DateField("まで")
    decided_words = models.CharField("決裁", max_length=120)
    decided_on = models.DateField("決裁の日")
    written_at = models.DateTimeField("記録")
    written_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField("取りやめ", null=True, blank=True)
    ended_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="usual_flow_days_in_order",
                condition=Q(until_on__gte=F("from_on")),
                violation_error_message="期間の終わりが、始まりより前です。日を確かめてください。",
            )
        ]

    def __str__(self) -> str:
        return f"協議 #{self.pk}"


class Disclosure(models.Model):
    """One row of the ledger 情報提供・目的外利用台帳. Written with the deed that gave; append-only."""

    number = models.CharField("協議番号", max_length=20, blank=True)
    on = models.DateField("日付")
    giver = models.ForeignKey(OFFICE, models.PROTECT, related_name="+", verbose_name="提供元課")
    receiver = models.ForeignKey(OFFICE, models.PROTECT, null=True, blank=True, related_name="+")
    receiver_words = models.CharField("提供先", max_length=120, blank=True)
    person = models.ForeignKey("people.Party", models.PROTECT, null=True, blank=True, related_name="+")
    facets = ArrayField(models.CharField(max_length=24), default=list, blank=True, verbose_name="項目")
    items = models.CharField("項目(ことば)", max_length=300, blank=True)
    reason = models.CharField("目的外利用の理由", max_length=300)
    ground = models.CharField("根拠号", max_length=4)
    ground_why = models.CharField("根拠を替えたわけ", max_length=300, blank=True)
    from_on = models.DateField("期間(から)", null=True, blank=True)
    until_on = models.DateField("期間(まで)", null=True, blank=True)
    decision = models.CharField("決裁", max_length=120, blank=True)
    conditions = models.CharField("受け手への条件(70条)", max_length=300, blank=True)
    source = models.CharField("何から", max_length=12, choices=DisclosureSource.choices())
    source_id = models.BigIntegerField("番号", null=True, blank=True)
    flow = models.ForeignKey(UsualFlow, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("記録")
    recorded_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="disclosure_has_a_receiver",
                condition=Q(receiver__isnull=False) | ~Q(receiver_words=""),
                violation_error_message="だれに渡したかを入れてください。",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["on", "id"], name="disclosure_by_day"),
            models.Index(fields=["person"], name="disclosure_of_person"),
        ]

    def __str__(self) -> str:
        return f"情報提供 #{self.pk}"


class BrokenGlass(models.Model):
    """緊急に開いた: who, why, whom, until when, and what somebody else said of it afterwards.

    Written before anything is shown, found or not. The typed reason lives here, never in the journal.
    """

    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    asked_name = models.CharField("氏名", max_length=120)
    asked_birth = models.CharField("生年月日", max_length=40, blank=True)
    asked_phone = models.CharField("電話", max_length=40, blank=True)
    reason = models.TextField("わけ")
    ground = models.CharField("根拠", max_length=4)
    at = models.DateTimeField("いつ")
    until_on = models.DateField("いつまで")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    second = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("終わり", null=True, blank=True)
    review = models.CharField("確かめ", max_length=12, choices=GlassReview.choices(), blank=True)
    review_words = models.CharField("確かめのことば", max_length=500, blank=True)
    reviewed_at = models.DateTimeField("確かめた時刻", null=True, blank=True)
    reviewed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="broken_glass_reviewed_by_somebody_else",
                condition=Q(review="", reviewed_at__isnull=True, reviewed_by__isnull=True)
                | (~Q(review="") & Q(reviewed_at__isnull=False) & ~Q(reviewed_by=F("worker"))),
                violation_error_message="緊急に開いた本人ではない人が確かめてください。",
            ),
            models.CheckConstraint(
                name="broken_glass_second_is_somebody_else",
                condition=Q(second__isnull=True) | ~Q(second=F("worker")),
                violation_error_message="二人目は、開いた本人ではない職員にしてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["worker", "-id"], name="broken_glass_of_worker"),
            models.Index(fields=["until_on"], condition=Q(ended_at__isnull=True), name="broken_glass_open"),
        ]

    def __str__(self) -> str:
        return f"緊急の閲覧 #{self.pk}"


GRANTS = {
    "sharing_ground": ["SELECT"],
    # A word nobody had to be told of is not kept.
    "sharing_silentword": ["SELECT", "INSERT", "UPDATE (asked, done_at)", "DELETE"],
    "sharing_toldholder": ["SELECT", "INSERT"],
    "sharing_enquiry": ["SELECT", "INSERT", "UPDATE (asked, done_at)"],
    "sharing_enquiryanswer": [
        "SELECT",
        "INSERT",
        "UPDATE (reply, words, answered_by_id, answered_at)",
    ],
    "sharing_guardedtext": [
        "SELECT",
        "INSERT",
        "UPDATE (door, slip_number, shown_words, meeting_words, chosen_at)",
    ],
    "sharing_explanation": ["SELECT", "INSERT"],
    "sharing_consent": [
        "SELECT",
        "INSERT",
        "UPDATE (ended_at, ended_how, ended_by_id, ended_words, looked_at_on, revision)",
    ],
    "sharing_consentoffice": ["SELECT", "INSERT", "UPDATE (told_on, told_by_id, ended_at, ended_how)"],
    "sharing_paperaskedback": ["SELECT", "INSERT", "UPDATE (answer, words, answered_at, answered_by_id)"],
    "sharing_usualflow": ["SELECT", "INSERT", "UPDATE (ended_at, ended_by_id)"],
    "sharing_disclosure": ["SELECT", "INSERT"],
    "sharing_brokenglass": [
        "SELECT",
        "INSERT",
        "UPDATE (ended_at, review, review_words, reviewed_at, reviewed_by_id)",
    ],
}

ROWS: dict[str, Rule] = {
    "sharing_ground": Open("the law's grounds; no person"),
    "sharing_silentword": either(
        of_office("office_id"),
        of_worker("worker_id"),
        Guard(
            "(SELECT true FROM public.sharing_toldholder h WHERE h.word_id = {t}.id"
            f" AND (h.worker_id = {ME} OR h.office_id = ANY({OFFICES})) LIMIT 1)"
        ),
    ),
    "sharing_toldholder": either(of_office("office_id"), of_worker("worker_id")),
    "sharing_enquiry": either(
        of_office("office_id"),
        Guard(
            "(SELECT true FROM public.sharing_enquiryanswer a WHERE a.enquiry_id = {t}.id"
            f" AND a.office_id = ANY({OFFICES}) LIMIT 1)"
        ),
    ),
    "sharing_enquiryanswer": either(
        of_office("office_id"),
        Guard(
            "(SELECT true FROM public.sharing_enquiry e WHERE e.id = {t}.enquiry_id"
            f" AND e.office_id = ANY({OFFICES}) LIMIT 1)"
        ),
    ),
    "sharing_explanation": Open("what is read out before consent is asked; no person"),
    # An office it opens to reads what it rests on, also when the person has gone out of its sight since.
    "sharing_consent": either(
        of_office("office_id"),
        of_party("person_id"),
        Guard(
            "(SELECT true FROM public.sharing_consentoffice o WHERE o.consent_id = {t}.id"
            f" AND o.office_id = ANY({OFFICES}) LIMIT 1)"
        ),
    ),
    "sharing_consentoffice": either(of_office("office_id"), through("consent_id", "sharing_consent")),
    "sharing_paperaskedback": either(of_office("office_id"), through("consent_id", "sharing_consent")),
    "sharing_usualflow": Open("what goes regularly between offices on which ground; no person"),
    "sharing_disclosure": either(
        of_role(*roles_with(Purpose.DISCLOSURE, Reach.NUMBERS)),
        of_office("giver_id", "receiver_id"),
        of_party("person_id"),
    ),
    "sharing_brokenglass": either(of_worker("worker_id", "second_id"), of_office("office_id")),
    # And, once a door is chosen, whoever sees the record it stands beside (config/rows.py).
    "sharing_guardedtext": of_worker("writer_id"),
}
