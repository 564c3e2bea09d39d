"""Powers to act for a person, and 市長申立て with its steps.

Who answers for the end of a power, and for the open step of an application, is a promise in holding (`subject_kind`
"power" and "petition"): coloured, handed over with a leaver and acted for like everything that was agreed (H2, H6, H14,
H16). The database refuses a power with an end and no promise, and an open application without one.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tsunagi.holding.models import promised
from tsunagi.shared.rows import Rule, either, of_office, of_party, through

from .rules import Aid, Aimed, HowEnded, PetitionState, PowerKind, Step, StepState

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"
PERSON = "people.Person"


class Power(models.Model):
    """That somebody may act for a person: who, by what right, in what, from when until when."""

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    kind = models.CharField("種類", max_length=16, choices=PowerKind.choices())
    # Exactly one of the three: somebody on file, an office on file, or a name in words.
    holder = models.ForeignKey(PERSON, models.PROTECT, null=True, blank=True, related_name="+")
    holder_office = models.ForeignKey(OFFICE, models.PROTECT, null=True, blank=True, related_name="+")
    holder_name = models.CharField("後見人等の名前・法人", max_length=120, blank=True)
    holder_kind = models.CharField("どういう立場の人か", max_length=24, blank=True)
    reach_words = models.CharField("連絡先", max_length=200, blank=True)
    cares = models.BooleanField("身上保護", default=False)
    keeps_money = models.BooleanField("財産管理", default=False)
    agency_words = models.TextField("代理権の範囲", blank=True)
    consent_words = models.TextField("同意権・取消権", blank=True)
    from_on = models.DateField("始まり", null=True, blank=True)
    until_on = models.DateField("終わり", null=True, blank=True)
    court = models.CharField("裁判所・契約の相手", max_length=120, blank=True)
    case_number = models.CharField("事件番号・契約の番号", max_length=60, blank=True)
    aid = models.CharField("報酬助成", max_length=12, choices=Aid.choices(), blank=True)
    aid_words = models.CharField("報酬・助成のひとこと", max_length=200, blank=True)
    source = models.CharField("何で確かめたか", max_length=24, blank=True)
    source_on = models.DateField("その書類の日", null=True, blank=True)
    note = models.TextField("ひとこと", blank=True)
    stated_at = models.DateTimeField("書いた時刻")
    stated_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    stated_for = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    # What comes after its end was said: a successor, or that none is needed and why.
    settled_at = models.DateTimeField("あとが決まった時刻", null=True, blank=True)
    settled_words = models.CharField("あとのこと", max_length=300, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed")
    ended_on = models.DateField("終わった日", null=True, blank=True)
    how_ended = models.CharField("終わったわけ", max_length=16, choices=HowEnded.choices(), blank=True)
    ended_words = models.CharField("終わったときのひとこと", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="power_has_one_holder",
                condition=Q(holder__isnull=False, holder_office__isnull=True, holder_name="")
                | Q(holder__isnull=True, holder_office__isnull=False, holder_name="")
                | Q(holder__isnull=True, holder_office__isnull=True) & ~Q(holder_name=""),
                violation_error_message="後見人等は、登録のある方・機関・名前のどれかひとつで書いてください。",
            ),
            models.CheckConstraint(
                name="power_is_over_another",
                condition=Q(holder__isnull=True) | ~Q(holder=F("person")),
                violation_error_message="本人を、本人の後見人等にはできません。別の方を選んでください。",
            ),
            models.CheckConstraint(
                name="power_ends_after_it_begins",
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                violation_error_message="終わりの日が、始まりの日より前です。",
            ),
            models.CheckConstraint(
                name="power_ended_with_a_reason",
                condition=Q(ended_on__isnull=True, how_ended="")
                | Q(ended_on__isnull=False) & ~Q(how_ended=""),
                violation_error_message="終わったわけを選んでください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], name="power_of_person"),
            models.Index(fields=["holder"], condition=Q(holder__isnull=False), name="power_of_holder"),
        ]

    def __str__(self) -> str:
        return f"権限 #{self.pk}"


class PowerVersion(models.Model):
    """What was written of a power before it was corrected. Never changed, never deleted."""

    power = models.ForeignKey(Power, models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    body = models.JSONField()
    why = models.CharField("訂正のわけ", max_length=300, blank=True)
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-revision"]

    def __str__(self) -> str:
        return f"訂正前の権限 #{self.pk}"


class Petition(models.Model):
    """An application of the mayor for a guardian (市長申立て), from the request until the guardian has taken over."""

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    aimed = models.CharField("類型", max_length=16, choices=Aimed.choices(), blank=True)
    asked_by = models.CharField("申出をした人・機関", max_length=120, blank=True)
    asked_on = models.DateField("申出の日")
    why = models.TextField("申出のわけ")
    fee_words = models.CharField("申立費用", max_length=200, blank=True)
    aid = models.CharField("報酬助成", max_length=12, choices=Aid.choices(), blank=True)
    aid_words = models.CharField("報酬助成のひとこと", max_length=200, blank=True)
    court = models.CharField("裁判所", max_length=120, blank=True)
    case_number = models.CharField("事件番号", max_length=60, blank=True)
    state = models.CharField(
        "状態", max_length=8, choices=PetitionState.choices(), default=PetitionState.OPEN.value
    )
    stopped_words = models.CharField("取りやめたわけ", max_length=300, blank=True)
    ended_at = models.DateTimeField("終わった時刻", null=True, blank=True)
    ended_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    power = models.ForeignKey(Power, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField("始めた時刻")
    opened_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="open"),
                name="petition_one_open_per_person",
                violation_error_message="この方の市長申立ては、すでに進んでいます。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="petition_ends_somehow",
                condition=Q(state="open", ended_at__isnull=True)
                | ~Q(state="open") & Q(ended_at__isnull=False),
                violation_error_message="申立てがどうなったかを、もう一度選んでください。",
            ),
            models.CheckConstraint(
                name="petition_stopped_with_a_reason",
                condition=~Q(state="stopped") | ~Q(stopped_words=""),
                violation_error_message="取りやめるわけを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"市長申立て #{self.pk}"


class PetitionStep(models.Model):
    """One step of an application: who answers for the open one, and by when, is the application's promise."""

    petition = models.ForeignKey(Petition, models.PROTECT, related_name="steps")
    step = models.CharField("段階", max_length=12, choices=Step.choices())
    state = models.CharField(
        "状態", max_length=8, choices=StepState.choices(), default=StepState.WAITING.value
    )
    done_on = models.DateField("済んだ日", null=True, blank=True)
    words = models.TextField("わかったこと・省いたわけ", blank=True)
    settled_at = models.DateTimeField("書いた時刻", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["petition", "step"],
                name="petition_step_once",
                violation_error_message="この段階は、すでに書かれています。",
            ),
            models.UniqueConstraint(
                fields=["petition"],
                condition=Q(state="open"),
                name="petition_one_open_step",
                violation_error_message="進めている段階が、すでにあります。画面を開き直してください。",
            ),
            models.CheckConstraint(
                name="petition_step_done_on_a_day",
                condition=~Q(state="done") | Q(done_on__isnull=False),
                violation_error_message="済んだ日を入れてください。",
            ),
            models.CheckConstraint(
                name="petition_step_skipped_with_a_reason",
                condition=~Q(state="skipped") | ~Q(words=""),
                violation_error_message="省くわけを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"申立ての段階 #{self.pk}"


GRANTS = {
    "guardianship_power": [
        "SELECT",
        "INSERT",
        "UPDATE (kind, holder_id, holder_office_id, holder_name, holder_kind, reach_words, cares, keeps_money,"
        " agency_words, consent_words, from_on, until_on, court, case_number, aid, aid_words, source, source_on, note,"
        " settled_at, settled_words, successor_id, ended_on, how_ended, ended_words, revision)",
    ],
    "guardianship_powerversion": ["SELECT", "INSERT"],
    "guardianship_petition": [
        "SELECT",
        "INSERT",
        "UPDATE (aimed, fee_words, aid, aid_words, court, case_number, state, stopped_words, ended_at, ended_by_id,"
        " power_id, revision)",
    ],
    "guardianship_petitionstep": [
        "SELECT",
        "INSERT",
        "UPDATE (state, done_on, words, settled_at, settled_by_id)",
    ],
}

ROWS: dict[str, Rule] = {
    "guardianship_power": either(of_party("person_id"), promised("power")),
    "guardianship_powerversion": through("power_id", "guardianship_power"),
    "guardianship_petition": either(of_office("office_id"), of_party("person_id"), promised("petition")),
    "guardianship_petitionstep": through("petition_id", "guardianship_petition"),
}
