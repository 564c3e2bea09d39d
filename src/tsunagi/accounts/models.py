"""Workers, offices and the postings that join them; calendars and absences."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from .rules import AbsenceReason, Field, LegalKind, Role, RunBy
from .rules.proposals import ProposalAnswer, ProposalKind
from .rules.second_factor import FactorKind, Proof


def _monday_to_friday() -> list[int]:
    return [0, 1, 2, 3, 4]


class Office(models.Model):
    """A place that answers for people (機関・係). One that does not sign in never holds."""

    code = models.CharField("機関コード", max_length=30, unique=True)
    name = models.CharField("機関名", max_length=100)
    short_name = models.CharField("略称", max_length=30, blank=True)
    run_by = models.CharField("運営", max_length=12, choices=RunBy.choices())
    legal_kind = models.CharField("法上の種類", max_length=24, choices=LegalKind.choices())
    field = models.CharField("分野", max_length=16, choices=Field.choices())
    is_front_desk = models.BooleanField("総合相談の窓口", default=False)
    signs_in = models.BooleanField("このシステムを使う", default=True)
    is_active = models.BooleanField("開いている", default=True)
    duty_worker = models.ForeignKey(
        "accounts.Worker", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="当番"
    )
    stand_in_office = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代わりの機関"
    )
    # Who watches over and answers what the office's own managers may not (sharing.md "Our own people"); a fact written
    # down by `records`, where the naming is a deed of its own.
    overseer = models.ForeignKey(
        "accounts.Worker",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代わりに見る人",
    )
    phone = models.CharField("電話", max_length=40, blank=True)
    fax = models.CharField("FAX", max_length=40, blank=True)
    address = models.CharField("所在地", max_length=200, blank=True)
    opening_hours = models.CharField("受付時間", max_length=100, blank=True)
    closing_time = models.TimeField("閉庁時刻", null=True, blank=True)
    open_weekdays = ArrayField(
        models.SmallIntegerField(), default=_monday_to_friday, verbose_name="開庁の曜日"
    )
    contract_until = models.DateField("委託の終わり", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="office_active_has_duty_worker",
                condition=Q(is_active=False) | Q(signs_in=False) | Q(duty_worker__isnull=False),
                violation_error_message="開いている機関には当番が必要です。当番を選んでください。",
            ),
            models.CheckConstraint(
                name="office_stand_in_is_another",
                condition=Q(stand_in_office__isnull=True) | ~Q(stand_in_office=F("id")),
                violation_error_message="代わりの機関には、別の機関を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"機関 #{self.pk}"

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class WorkerManager(BaseUserManager["Worker"]):
    """Sign-in names are compared exactly."""

    def get_by_natural_key(self, username: str | None) -> Worker:
        return self.get(sign_in_name=username)


class Worker(AbstractBaseUser):
    """A person who works here (職員). Whom they may see follows from their postings alone."""

    sign_in_name = models.CharField("サインイン名", max_length=60, unique=True)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("カナ", max_length=100, blank=True)
    email = models.EmailField("メール", blank=True)
    phone = models.CharField("電話", max_length=40, blank=True)
    professions = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="資格・職種"
    )
    employer = models.CharField("雇用元", max_length=100, blank=True)
    weekdays = ArrayField(models.SmallIntegerField(), default=_monday_to_friday, verbose_name="勤務の曜日")
    is_active = models.BooleanField("在籍", default=True)
    left_on = models.DateField("離任日", null=True, blank=True)
    leaving_on = models.DateField("離任予定日", null=True, blank=True)
    joined_on = models.DateField("着任日", null=True, blank=True)
    last_seen_at = models.DateTimeField("最後に使った時刻", null=True, blank=True)
    # Handed over on paper by somebody else: it opens only the page on which the worker chooses their own.
    password_is_temporary = models.BooleanField("仮のパスワード", default=False, db_default=False)
    revision = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = WorkerManager()

    class Meta:
        ordering: ClassVar = ["kana", "id"]

    def __str__(self) -> str:
        return f"職員 #{self.pk}"

    def set_password(self, raw_password: str | None) -> None:
        """A password that its worker chose; the deeds that hand one over say that it is temporary."""
        super().set_password(raw_password)
        self.password_is_temporary = False

    def get_full_name(self) -> str:
        """The name as colleagues read it."""
        return self.name


class Posting(models.Model):
    """A worker in an office in a role since a day (配属). Only a deed ends it, never a date passing."""

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="postings")
    office = models.ForeignKey(Office, models.PROTECT, related_name="postings")
    role = models.CharField("役割", max_length=24, choices=Role.choices())
    since = models.DateField("開始")
    is_main = models.BooleanField("主な所属", default=True)
    is_secondment = models.BooleanField("派遣・出向", default=False)
    planned_until = models.DateField("終了予定", null=True, blank=True)
    ended_at = models.DateTimeField("終了", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-is_main", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker", "office", "role"],
                condition=Q(ended_at__isnull=True),
                name="posting_once_at_a_time",
                violation_error_message="この職員は、すでに同じ役割でこの機関にいます。",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["office", "worker"], condition=Q(ended_at__isnull=True), name="posting_open")
        ]

    def __str__(self) -> str:
        return f"配属 #{self.pk}"


class CalendarDay(models.Model):
    """A day that differs from the ordinary week (開庁・閉庁の例外); office null = the whole city."""

    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="calendar_days")
    day = models.DateField("日")
    is_open = models.BooleanField("開く")
    label = models.CharField("わけ", max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "day"],
                name="calendar_day_once",
                nulls_distinct=False,
                violation_error_message="その日はすでに登録されています。",
            )
        ]

    def __str__(self) -> str:
        return f"開閉日 #{self.pk}"


class WorkerDay(models.Model):
    """A day on which a worker's own week differs (自分の休み・出勤日): a day off, or a day they work in addition."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="own_days")
    day = models.DateField("日")
    works = models.BooleanField("勤務する", default=False)
    label = models.CharField("わけ", max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker", "day"],
                name="worker_day_once",
                violation_error_message="その日はすでに登録されています。",
            )
        ]

    def __str__(self) -> str:
        return f"勤務日 #{self.pk}"


class Absence(models.Model):
    """Days on which a worker is away (不在). A long one names who acts for each hold (H14).

    `is_open_ended`: nobody knows yet when they come back; `until_on` is then the day to look again. An absence ends by
    a deed (`returned_at`), never by its last day passing: until then who acts goes on acting. `acting` is who acts
    for what is given to the worker meanwhile.
    """

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="absences")
    from_on = models.DateField("から")
    until_on = models.DateField("まで")
    business_days = models.PositiveSmallIntegerField("開庁日数")
    reason = models.CharField(
        "種類", max_length=12, choices=AbsenceReason.choices(), default=AbsenceReason.LEAVE
    )
    is_open_ended = models.BooleanField("戻る日がまだ分からない", default=False, db_default=False)
    acting = models.ForeignKey(
        Worker, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="代行"
    )
    recorded_at = models.DateTimeField("記録")
    recorded_by = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField("復帰・取消", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["from_on"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="absence_in_order",
                condition=Q(until_on__gte=F("from_on")),
                violation_error_message="不在の終わりの日が、始まりの日より前になっています。",
            ),
            models.CheckConstraint(
                name="absence_acting_is_another",
                condition=Q(acting__isnull=True) | ~Q(acting=F("worker")),
                violation_error_message="代行には、不在になる本人とは別の職員を選んでください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["worker"], condition=Q(returned_at__isnull=True), name="absence_open")
        ]

    def __str__(self) -> str:
        return f"不在 #{self.pk}"


# -- sign-in ------------------------------------------------------------------------------------------------


class SecondFactor(models.Model):
    """What a worker proves themselves with besides the password (二つ目の確認): an app's secret or a key.

    `sealed` is the app's secret, encrypted under a key that is not in the database and bound to this worker;
    `public` is a key's public half. `counter` only rises: the last period of a code used, or the key's own count.
    """

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="second_factors")
    kind = models.CharField("種類", max_length=8, choices=FactorKind.choices())
    name = models.CharField("呼び名", max_length=60, blank=True)
    sealed = models.BinaryField("封をした秘密", default=bytes, blank=True)
    credential_id = models.CharField("キーの番号", max_length=1400, blank=True)
    public = models.BinaryField("キーの公開部分", default=bytes, blank=True)
    counter = models.BigIntegerField("最後の回数", default=0)
    made_at = models.DateTimeField("登録を始めた時刻")
    confirmed_at = models.DateTimeField("使い始めた時刻", null=True, blank=True)
    last_used_at = models.DateTimeField("最後に使った時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["worker"],
                condition=Q(kind="app", confirmed_at__isnull=False),
                name="second_factor_one_app",
                violation_error_message="確認アプリは、ひとつだけ登録できます。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["credential_id"],
                condition=~Q(credential_id=""),
                name="second_factor_key_once",
                violation_error_message="このキーは、すでに登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"二つ目の確認 #{self.pk}"


class SpareCode(models.Model):
    """A code for the day the device is lost (予備コード). Only its keyed digest is kept; it works once."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="spare_codes")
    digest = models.CharField("符号", max_length=64)
    used_at = models.DateTimeField("使った時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["worker", "digest"], name="spare_code_once"),
        ]

    def __str__(self) -> str:
        return f"予備コード #{self.pk}"


class CodeTries(models.Model):
    """How many wrong codes a worker typed in a row, and when last: in the database, so that a restart forgets nothing."""

    worker = models.OneToOneField(Worker, models.CASCADE, primary_key=True, related_name="code_tries")
    failed = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"コードの失敗 #{self.pk}"


class SignIn(models.Model):
    """A session of a worker as they recognise it (サインインしている端末): no address, no full browser string."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField("端末", max_length=40)
    proof = models.CharField("確かめ方", max_length=8, choices=Proof.choices(), blank=True)
    began_at = models.DateTimeField("サインイン")
    last_seen_at = models.DateTimeField("最後の操作")

    class Meta:
        ordering: ClassVar = ["-last_seen_at", "-id"]

    def __str__(self) -> str:
        return f"サインイン #{self.pk}"


class SignOnName(models.Model):
    """A worker's name at the city's own sign-on (市の共通サインイン): bound by a deed, never made by signing in."""

    worker = models.OneToOneField(Worker, models.CASCADE, related_name="sign_on_name")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    bound_at = models.DateTimeField()
    bound_by = models.ForeignKey(Worker, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="sign_on_name_is_one_worker",
                violation_error_message="この共通サインインの名前は、別の職員と結ばれています。先にそちらを外してください。",
            )
        ]

    def __str__(self) -> str:
        return f"共通サインインの名前 #{self.pk}"


class Proposal(models.Model):
    """What one administrator proposes and another must agree to (申し出). Never deleted; answered once."""

    kind = models.CharField("種類", max_length=16, choices=ProposalKind.choices())
    worker = models.ForeignKey(Worker, models.PROTECT, related_name="proposals")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField("役割", max_length=24, choices=Role.choices(), blank=True)
    since = models.DateField("開始", null=True, blank=True)
    planned_until = models.DateField("終了予定", null=True, blank=True)
    is_main = models.BooleanField("主な所属", default=False)
    is_secondment = models.BooleanField("派遣・出向", default=False)
    subject = models.CharField("共通サインインの名前", max_length=255, blank=True)
    reason = models.CharField("わけ", max_length=500)
    asked_by = models.ForeignKey(Worker, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申し出")
    answer = models.CharField("返事", max_length=12, choices=ProposalAnswer.choices(), blank=True)
    answered_by = models.ForeignKey(Worker, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("返事の時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="proposal_answered_as_a_whole",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                violation_error_message="申し出の返事には、だれがいつ返したかが要ります。",
            ),
            models.CheckConstraint(
                name="proposal_agreed_by_another",
                condition=~Q(answer="agreed") | ~Q(answered_by=F("asked_by")),
                violation_error_message="申し出た本人は認められません。別のシステム管理者に頼んでください。",
            ),
            models.CheckConstraint(
                name="proposal_not_for_oneself",
                condition=~Q(asked_by=F("worker")),
                violation_error_message="自分のことは自分では申し出られません。",
            ),
            models.CheckConstraint(
                name="proposal_not_agreed_for_oneself",
                condition=~Q(answer__in=["agreed", "alone"])
                | Q(kind="end_role")
                | ~Q(answered_by=F("worker")),
                violation_error_message="自分に関わる申し出は認められません。別のシステム管理者に頼んでください。",
            ),
            models.UniqueConstraint(
                fields=["worker", "kind", "office", "role"],
                condition=Q(answer=""),
                name="proposal_open_once",
                nulls_distinct=False,
                violation_error_message="同じ申し出が、もう返事を待っています。",
            ),
        ]

    def __str__(self) -> str:
        return f"申し出 #{self.pk}"


GRANTS = {
    "accounts_proposal": ["SELECT", "INSERT", "UPDATE (answer, answered_by_id, answered_at)"],
    "accounts_signonname": ["SELECT", "INSERT", "DELETE"],
}
