"""Referrals (つなぎ) from one office to another, the concerns they carry, and the thread between them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.holding.rules import DeclineReason
from tsunagi.shared.rows import Open, Rule, either, of_office, of_party, of_worker, through

from .rules import PersonTold, ReferralResult, ReferralState, RowState
from .rules.package import PackageKind

WORKER = settings.AUTH_USER_MODEL


class Referral(models.Model):
    """One つなぐシート sent. Every timestamp is kept: sent, seen, answered, first contact, result."""

    number = models.CharField("つなぎ番号", max_length=20, unique=True, null=True, blank=True)
    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    from_office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    from_worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    to_office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    state = models.CharField(
        "状態", max_length=12, choices=ReferralState.choices(), default=ReferralState.SENT
    )
    # つなぐシート
    reason = models.TextField("紹介する理由", blank=True)
    wishes = models.TextField("相談したいこと・配慮してほしいこと", blank=True)
    troubles = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="お困りごと"
    )
    household_words = models.TextField("世帯構成", blank=True)
    how_introduced = models.CharField("つなぎ方", max_length=24, blank=True)
    person_told = models.CharField("本人への説明", max_length=10, choices=PersonTold.choices(), blank=True)
    person_told_words = models.CharField("説明のようす", max_length=300, blank=True)
    ground = models.CharField("根拠", max_length=4)
    facets = ArrayField(models.CharField(max_length=24), default=list, verbose_name="渡す範囲")
    urgency = models.CharField("緊急度", max_length=8, blank=True)
    sent_at = models.DateTimeField("送った")
    answer_due_on = models.DateField("返事の期限")
    seen_at = models.DateTimeField("開いた", null=True, blank=True)
    seen_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    considering_until = models.DateField("検討の期限", null=True, blank=True)
    oral_yes_at = models.DateTimeField("口頭受諾", null=True, blank=True)
    oral_yes_who = models.CharField("口頭で受けた人", max_length=100, blank=True)
    answered_at = models.DateTimeField("返事", null=True, blank=True)
    answered_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_who = models.CharField("先方の担当", max_length=100, blank=True)
    answer_words = models.TextField("返事のことば", blank=True)
    decline_reason = models.CharField(
        "受けられないわけ", max_length=24, choices=DeclineReason.choices(), blank=True
    )
    first_contact_at = models.DateTimeField("はじめて会えた", null=True, blank=True)
    result = models.CharField("結果", max_length=16, choices=ReferralResult.choices(), blank=True)
    result_at = models.DateTimeField("結果の日", null=True, blank=True)
    result_words = models.TextField("結果のことば", blank=True)
    withdrawn_at = models.DateTimeField("取り下げ", null=True, blank=True)
    withdrawn_words = models.CharField("取り下げたわけ", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="referral_goes_to_another_office",
                condition=~Q(from_office=F("to_office")),
                violation_error_message="つなぎ先には、ほかの機関を選んでください。同じ機関の人に替わるときは「担当を替える」を使います。",
            ),
            models.CheckConstraint(
                name="referral_declined_with_a_reason",
                condition=~Q(state="declined") | ~Q(decline_reason=""),
                violation_error_message="受けられないわけを選んでください。",
            ),
            models.CheckConstraint(
                name="referral_answered_when_not_open",
                condition=Q(state__in=["sent", "considering", "withdrawn"]) | Q(answered_at__isnull=False),
                violation_error_message="返事の時刻が抜けています。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_office", "-sent_at", "-id"], name="referral_inbox"),
            models.Index(fields=["from_office", "-sent_at", "-id"], name="referral_outbox"),
            models.Index(
                fields=["answer_due_on"],
                condition=Q(state__in=["sent", "considering"]),
                name="referral_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"つなぎ #{self.pk}"


class ReferralConcern(models.Model):
    """One concern a referral carries, and what became of it. Some may be taken and others not (H4)."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="rows")
    concern = models.ForeignKey("holding.Concern", models.PROTECT, related_name="+")
    state = models.CharField("状態", max_length=10, choices=RowState.choices(), default=RowState.OFFERED)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(state="offered"),
                name="concern_offered_once",
                violation_error_message="この課題は、いま別のつなぎの返事待ちです。",
            )
        ]

    def __str__(self) -> str:
        return f"つなぎの課題 #{self.pk}"


class ReferralMessage(models.Model):
    """A word in the thread between the two offices (やりとり)."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="messages")
    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    words = models.TextField("ことば")
    at = models.DateTimeField("いつ")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"やりとり #{self.pk}"


class AnswerLink(models.Model):
    """A link by which an office without an account reads one sheet and answers it: once, eight days, with a PIN.

    Token and PIN are kept as hashes only. What came is kept beside the referral until a worker of the sending office
    records it (docs/decisions/0019).
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="links")
    token_hash = models.CharField("リンクのハッシュ", max_length=64, unique=True)
    pin_hash = models.CharField("PINのハッシュ", max_length=200)
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("作った")
    until_at = models.DateTimeField("期限")
    wrong_pins = models.PositiveSmallIntegerField("違ったPIN", default=0)
    locked_at = models.DateTimeField("止めた", null=True, blank=True)
    opened_at = models.DateTimeField("開かれた", null=True, blank=True)
    browser_hash = models.CharField("はじめに開いた端末", max_length=64, blank=True)
    ended_at = models.DateTimeField("終わり", null=True, blank=True)
    answered_at = models.DateTimeField("返事が届いた", null=True, blank=True)
    accepted = models.BooleanField("受けると言った", null=True)
    who = models.CharField("先方の担当", max_length=100, blank=True)
    decline_reason = models.CharField(
        "受けられないわけ", max_length=24, choices=DeclineReason.choices(), blank=True
    )
    met_on = models.DateField("会えた日", null=True, blank=True)
    next_on = models.DateField("次の予定", null=True, blank=True)
    words = models.TextField("ことば", blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(ended_at__isnull=True),
                name="one_living_link_of_a_referral",
                violation_error_message="このつなぎには、使えるリンクがすでにあります。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="link_answer_is_yes_or_no",
                condition=Q(answered_at__isnull=True) | Q(accepted__isnull=False),
                violation_error_message="受けるか受けないかを選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"返事のリンク #{self.pk}"


class LinkTry(models.Model):
    """A wrong PIN, so that all links together can be slowed down. No address, no number that was typed."""

    link = models.ForeignKey(AnswerLink, models.CASCADE, related_name="+")
    at = models.DateTimeField("いつ", db_index=True)

    def __str__(self) -> str:
        return f"違ったPIN #{self.pk}"


class ReferralReminder(models.Model):
    """That both offices were reminded of an unanswered referral at this step: once per step."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="+")
    step = models.CharField("段階", max_length=12)
    at = models.DateTimeField("いつ")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "step"],
                name="reminded_once_per_step",
                violation_error_message="この段階の催促は、すでに知らせました。",
            )
        ]

    def __str__(self) -> str:
        return f"催促 #{self.pk}"


class OwnKey(models.Model):
    """A pair of keys of this installation (鍵). The secret half is sealed with a word that does not lie in the database.

    One is current. A replaced one still opens what was on its way (`opens_until`); a revoked one opens nothing.
    """

    name = models.CharField("鍵の名", max_length=32, unique=True)
    card = models.CharField("公開の鍵", max_length=200)
    sealed = models.BinaryField("封をした秘密の鍵")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("作った")
    replaced_at = models.DateTimeField("替えた", null=True, blank=True)
    replaced_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    opens_until = models.DateTimeField("ここまで開ける", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["replaced_at"],
                condition=Q(replaced_at__isnull=True),
                nulls_distinct=False,
                name="one_current_own_key",
                violation_error_message="鍵は、ほかの人がいま作りました。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="own_key_replaced_as_a_whole",
                condition=Q(replaced_at__isnull=True, replaced_by__isnull=True, opens_until__isnull=True)
                | Q(replaced_at__isnull=False, replaced_by__isnull=False, opens_until__isnull=False),
                violation_error_message="替えた鍵には、だれがいつ替えたかと、いつまで開けるかが要ります。",
            ),
        ]

    def __str__(self) -> str:
        return f"鍵 #{self.pk}"


class PartnerKey(models.Model):
    """The public keys of a partner that runs Tsunagi too. Two people: one enters it, another compares it by telephone."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+")
    name = models.CharField("鍵の名", max_length=32, unique=True)
    card = models.CharField("公開の鍵", max_length=200)
    entered_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("登録した")
    compared_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    compared_at = models.DateTimeField("読み合わせた", null=True, blank=True)
    compared_with = models.CharField("読み合わせた相手", max_length=100, blank=True)
    ended_at = models.DateTimeField("使うのをやめた", null=True, blank=True)
    ended_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField("やめたわけ", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="partner_key_compared_by_another",
                condition=Q(compared_at__isnull=True)
                | Q(compared_by__isnull=False) & ~Q(compared_with="") & ~Q(compared_by=F("entered_by")),
                violation_error_message="指紋の読み合わせは、登録した人とは別の人がしてください。",
            ),
            models.CheckConstraint(
                name="partner_key_ended_with_a_reason",
                condition=Q(ended_at__isnull=True) | Q(ended_by__isnull=False) & ~Q(ended_reason=""),
                violation_error_message="使うのをやめるわけを書いてください。",
            ),
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(compared_at__isnull=False, ended_at__isnull=True),
                name="one_living_key_of_a_partner",
                violation_error_message="この機関には、使える鍵がすでにあります。先に前の鍵を止めてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"相手の鍵 #{self.pk}"


class Package(models.Model):
    """A `.tsunagi` package that left or came in: that it did, never what it says. What came in once is not read again."""

    incoming = models.BooleanField("届いたもの")
    kind = models.CharField("種類", max_length=10, choices=PackageKind.choices())
    number = models.UUIDField("包みの番号")
    partner = models.ForeignKey(PartnerKey, models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="packages")
    # What an incoming referral became at our desk.
    consultation = models.ForeignKey(
        "intake.Consultation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    their_number = models.CharField("先方のつなぎ番号", max_length=20, blank=True)
    answers = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="answered_by")
    issued_at = models.DateTimeField("作られた")
    until_at = models.DateTimeField("期限")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    at = models.DateTimeField("作った・読んだ")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incoming", "number"],
                name="package_read_once",
                violation_error_message="この包みは、すでに読み込んであります。",
            ),
        ]

    def __str__(self) -> str:
        return f"包み #{self.pk}"


GRANTS = {
    "referrals_ownkey": ["SELECT", "INSERT", "UPDATE (replaced_at, replaced_by_id, opens_until)"],
    "referrals_partnerkey": [
        "SELECT",
        "INSERT",
        "UPDATE (compared_by_id, compared_at, compared_with, ended_at, ended_by_id, ended_reason)",
    ],
    "referrals_package": ["SELECT", "INSERT"],
    "referrals_referralmessage": ["SELECT", "INSERT"],
    "referrals_referralreminder": ["SELECT", "INSERT"],
}

ROWS: dict[str, Rule] = {
    "referrals_referral": either(of_office("from_office_id", "to_office_id"), of_party("party_id")),
    "referrals_referralconcern": through("referral_id", "referrals_referral"),
    "referrals_referralmessage": through("referral_id", "referrals_referral"),
    "referrals_answerlink": through("referral_id", "referrals_referral"),
    "referrals_linktry": through("link_id", "referrals_answerlink"),
    "referrals_referralreminder": through("referral_id", "referrals_referral"),
    "referrals_ownkey": Open("the secret half is sealed with a word that does not lie here"),
    "referrals_partnerkey": Open("public keys"),
    "referrals_package": either(
        of_worker("worker_id"),
        through("referral_id", "referrals_referral"),
        through("consultation_id", "intake_consultation"),
    ),
}
