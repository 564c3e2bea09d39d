"""Plans of a file: goals, who does what until when, who agreed, what the meeting said, how it went.

Who answers for a row of the role table, for the next monitoring and for a look after the end is an open promise in
holding (`subject_kind` "plan_role", "plan", "follow_up"): coloured, handed on, acted for as everything that was promised
(H2, H6, H14, H16, H17). The triggers in `migrations/0002_laws.py` keep both sides together, and what was agreed as it is.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tsunagi.holding.models import promised
from tsunagi.shared.rows import OFFICES, Guard, Rule, either, of_office, through

from .rules import (
    AgreedBy,
    Attainment,
    ConsentWay,
    FollowUpResult,
    MeetingKind,
    MeetingResult,
    MonitorDecision,
    NoMeeting,
    PersonsView,
    PlanState,
    RoleDeed,
    RoleOwner,
    RoleState,
    Term,
)

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"
_PREPARED = ["draft", "conferring", "decided"]


class Plan(models.Model):
    """One version of one plan of a file (プラン兼利用申込書). Frozen from the first consent on."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("何回目")
    version = models.PositiveSmallIntegerField("版", default=1)
    state = models.CharField("状態", max_length=12, choices=PlanState.choices(), default="draft")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+", verbose_name="作成した職員")
    made_at = models.DateTimeField("作成")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    wish_person = models.TextField("本人の意向", blank=True)
    wish_family = models.TextField("家族の意向", blank=True)
    situation = models.TextField("状況と課題（要約）", blank=True)
    direction = models.TextField("支援の方向性", blank=True)
    services = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="利用する事業"
    )
    services_words = models.CharField("事業についてのひとこと", max_length=300, blank=True)
    emergency = models.TextField("緊急時の対応", blank=True)
    sharing = models.TextField("情報共有の範囲", blank=True)
    ending_sign = models.TextField("終結の目安", blank=True)
    from_on = models.DateField("期間の始まり", null=True, blank=True)
    until_on = models.DateField("期間の終わり", null=True, blank=True)
    monitor_on = models.DateField("次のモニタリング", null=True, blank=True)
    plain_confirmed_at = models.DateTimeField("やさしい日本語を確かめた時刻", null=True, blank=True)
    plain_confirmed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField("同意をもらった時刻", null=True, blank=True)
    no_meeting = models.CharField(
        "会議にかけないわけ", max_length=12, choices=NoMeeting.choices(), blank=True
    )
    decided_on = models.DateField("決定の日", null=True, blank=True)
    decided_by_words = models.CharField("決定した人", max_length=120, blank=True)
    decision_words = models.CharField("決定についてのひとこと", max_length=500, blank=True)
    began_at = models.DateTimeField("始めた時刻", null=True, blank=True)
    ended_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    ended_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField("終えたわけ", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["case_id", "-number", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "number", "version"],
                name="plan_version_once",
                violation_error_message="同じ回の同じ版のプランが、もうあります。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state="running"),
                name="plan_one_running_per_case",
                violation_error_message="この支援には、実施中のプランがもうあります。画面を開き直してください。",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=_PREPARED),
                name="plan_one_prepared_per_case",
                violation_error_message="この支援には、つくりかけのプランがもうあります。続きを書いてください。",
            ),
            models.CheckConstraint(
                name="plan_days_in_order",
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
                violation_error_message="期間の終わりが、始まりより前です。日を確かめてください。",
            ),
            models.CheckConstraint(
                name="plan_running_is_agreed_and_dated",
                condition=~Q(state="running")
                | Q(
                    frozen_at__isnull=False,
                    from_on__isnull=False,
                    until_on__isnull=False,
                    monitor_on__isnull=False,
                    decided_on__isnull=False,
                    began_at__isnull=False,
                ),
                violation_error_message="実施中のプランには、同意・決定・期間・次のモニタリングの日が必要です。",
            ),
            models.CheckConstraint(
                name="plan_ended_iff_over",
                condition=Q(state__in=["draft", "conferring", "decided", "running"], ended_at__isnull=True)
                | Q(state__in=["evaluated", "withdrawn", "replaced"], ended_at__isnull=False),
                violation_error_message="終えたプランにだけ、終えた時刻が入ります。",
            ),
            models.CheckConstraint(
                name="plan_withdrawn_with_a_reason",
                condition=~Q(state="withdrawn") | ~Q(end_reason=""),
                violation_error_message="取り下げるわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["until_on"], condition=Q(state="running"), name="plan_running_until"),
        ]

    def __str__(self) -> str:
        return f"プラン #{self.pk}"


class Goal(models.Model):
    """One goal, in order (目標)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="goals")
    term = models.CharField("期間", max_length=6, choices=Term.choices(), default="short")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField("目標")
    plain = models.TextField("やさしい日本語", blank=True)
    # A strength of `assessment`, by its number.
    strength_id = models.BigIntegerField("生かす強み", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["term", "position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_goal_says_something",
                condition=~Q(text=""),
                violation_error_message="目標のことばを書いてください。",
            )
        ]

    def __str__(self) -> str:
        return f"目標 #{self.pk}"


class Role(models.Model):
    """One row of the role table (役割分担): who does what, how often, by when, how we know. Never without owner and day.

    `worker` of `office` answers for it, as agreed; who answers now is its promise. `due_on` is the day as agreed.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="roles")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, related_name="roles")
    position = models.PositiveSmallIntegerField(default=0)
    owner_kind = models.CharField("だれが", max_length=8, choices=RoleOwner.choices(), default="worker")
    owner_words = models.CharField("その人の名前・続柄・機関", max_length=120, blank=True)
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+", verbose_name="答える職員")
    what = models.CharField("何を", max_length=300)
    often = models.CharField("どのくらい", max_length=80, blank=True)
    due_on = models.DateField("いつまでに")
    how_known = models.CharField("どう分かるか", max_length=200, blank=True)
    plain = models.TextField("やさしい日本語", blank=True)
    state = models.CharField("状態", max_length=8, choices=RoleState.choices(), default="prepared")
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    settled_words = models.CharField("どうなったか", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_role_says_what",
                condition=~Q(what=""),
                violation_error_message="役割には「何を」を書いてください。",
            ),
            models.CheckConstraint(
                name="plan_role_names_its_owner",
                condition=Q(owner_kind__in=["worker", "person"]) | ~Q(owner_words=""),
                violation_error_message="だれがするのか、名前か続柄か機関を書いてください。",
            ),
            models.CheckConstraint(
                name="plan_role_settled_somehow",
                condition=Q(state__in=["prepared", "open"], settled_at__isnull=True)
                | Q(state__in=["done", "stopped", "carried"], settled_at__isnull=False),
                violation_error_message="役割がどうなったかを、もう一度選んでください。",
            ),
            models.CheckConstraint(
                name="plan_role_stopped_with_a_reason",
                condition=~Q(state="stopped") | ~Q(settled_words=""),
                violation_error_message="取りやめるわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan"], condition=Q(state="open"), name="plan_role_open"),
        ]

    def __str__(self) -> str:
        return f"役割 #{self.pk}"


class RoleNote(models.Model):
    """What was said of a row while it ran (役割の動き). Append-only."""

    role = models.ForeignKey(Role, models.PROTECT, related_name="notes")
    deed = models.CharField(max_length=8, choices=RoleDeed.choices())
    words = models.CharField("ようす", max_length=500, blank=True)
    due_on = models.DateField("次の日", null=True, blank=True)
    worker = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"役割の動き #{self.pk}"


class Consent(models.Model):
    """Who agreed to a plan, when it was explained, how, and where the signed paper is kept. Append-only."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="consents")
    explained_on = models.DateField("説明した日")
    agreed_by = models.CharField("同意した人", max_length=10, choices=AgreedBy.choices())
    name = models.CharField("お名前・続柄", max_length=120, blank=True)
    way = models.CharField("方法", max_length=8, choices=ConsentWay.choices())
    scope = models.CharField("同意の範囲", max_length=300, blank=True)
    kept_where = models.CharField("紙の保管場所", max_length=200, blank=True)
    words = models.CharField("本人のことば・ようす", max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_consent_names_who",
                condition=Q(agreed_by="person") | ~Q(name=""),
                violation_error_message="本人以外が同意したときは、お名前と続柄を書いてください。",
            ),
            models.CheckConstraint(
                name="plan_consent_paper_is_somewhere",
                condition=~Q(way="signed") | ~Q(kept_where=""),
                violation_error_message="署名した紙をどこに保管したかを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"プランの同意 #{self.pk}"


class Conference(models.Model):
    """What a meeting said of a plan (協議結果). Append-only."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="conferences")
    held_on = models.DateField("開催日")
    kind = models.CharField("会議", max_length=8, choices=MeetingKind.choices())
    result = models.CharField("協議結果", max_length=12, choices=MeetingResult.choices())
    words = models.TextField("出た意見・直すところ", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_conference_says_what_to_change",
                condition=Q(result="fit") | ~Q(words=""),
                violation_error_message="どこを直すか、なぜ再検討かを書いてください。",
            )
        ]

    def __str__(self) -> str:
        return f"プランの協議 #{self.pk}"


class Monitoring(models.Model):
    """One look at how the plan goes (モニタリング), or its evaluation (評価). Append-only."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="monitorings")
    on = models.DateField("日")
    is_evaluation = models.BooleanField("評価", default=False)
    persons_view = models.CharField("本人の評価", max_length=8, choices=PersonsView.choices())
    persons_words = models.TextField("本人のことば", blank=True)
    opinion = models.TextField("支援員の意見", blank=True)
    left_over = models.TextField("残された課題", blank=True)
    changes = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="見られた変化"
    )
    decision = models.CharField("判断", max_length=10, choices=MonitorDecision.choices())
    decision_words = models.TextField("判断のわけ", blank=True)
    next_on = models.DateField("次の日")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    # Written instead of an entry that was wrong; the wrong one stays (訂正履歴).
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_monitoring_looks_ahead",
                condition=Q(next_on__gt=F("on")),
                violation_error_message="次の日は、モニタリングの日より後にしてください。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "-on", "-id"], name="plan_monitoring_of")]

    def __str__(self) -> str:
        return f"モニタリング #{self.pk}"


class GoalResult(models.Model):
    """How far a goal was reached when it was looked at, and why. Append-only."""

    monitoring = models.ForeignKey(Monitoring, models.PROTECT, related_name="goal_results")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="results")
    attainment = models.CharField("達成状況", max_length=8, choices=Attainment.choices())
    reason = models.TextField("わけ", blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["monitoring", "goal"],
                name="plan_goal_judged_once",
                violation_error_message="同じ目標の達成状況が二度入っています。",
            )
        ]

    def __str__(self) -> str:
        return f"達成状況 #{self.pk}"


class RoleResult(models.Model):
    """How a row of the role table stood when it was looked at. Append-only."""

    monitoring = models.ForeignKey(Monitoring, models.PROTECT, related_name="role_results")
    role = models.ForeignKey(Role, models.PROTECT, related_name="results")
    state = models.CharField("そのときの状態", max_length=8, choices=RoleState.choices())
    due_on = models.DateField("そのときの期日", null=True, blank=True)
    words = models.CharField("ようす", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["monitoring", "role"],
                name="plan_role_looked_at_once",
                violation_error_message="同じ役割のようすが二度入っています。",
            )
        ]

    def __str__(self) -> str:
        return f"役割のようす #{self.pk}"


class WorkEvent(models.Model):
    """就労 or 増収 as an event: who, when, of which kind. Counted by the country; never overwritten, only taken back."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Party", models.PROTECT, null=True, blank=True, related_name="+")
    on = models.DateField("日")
    kind = models.CharField("できごと", max_length=40)
    is_target = models.BooleanField("就労支援の対象", default=False)
    income_up = models.BooleanField("収入が増えた", default=False)
    amount = models.PositiveIntegerField("増えた額（月・円）", null=True, blank=True)
    words = models.CharField("ひとこと", max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField("取り消した時刻", null=True, blank=True)
    taken_back_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_reason = models.CharField("取り消したわけ", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_event_amount_needs_more_income",
                condition=Q(amount__isnull=True) | Q(income_up=True),
                violation_error_message="増えた額は、「収入が増えた」ときに入れます。",
            ),
            models.CheckConstraint(
                name="plan_event_taken_back_with_a_reason",
                condition=Q(taken_back_at__isnull=True) | ~Q(taken_back_reason=""),
                violation_error_message="取り消すわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "-on"], name="plan_event_of_case")]

    def __str__(self) -> str:
        return f"就労・増収 #{self.pk}"


class FollowUp(models.Model):
    """A look some time after the end (フォローアップ): promised when the file was closed, written about when it came."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    due_on = models.DateField("いつごろ")
    what = models.CharField("何を見るか", max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    done_on = models.DateField("見た日", null=True, blank=True)
    result = models.CharField("ようす", max_length=8, choices=FollowUpResult.choices(), blank=True)
    words = models.TextField("ようす（ことば）", blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="plan_follow_up_done_with_a_result",
                condition=Q(done_at__isnull=True, done_on__isnull=True, result="")
                | Q(done_at__isnull=False, done_on__isnull=False, done_by__isnull=False) & ~Q(result=""),
                violation_error_message="どんなようすだったかを選んでください。",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["case", "due_on"], name="plan_follow_up_of_case")]

    def __str__(self) -> str:
        return f"フォローアップ #{self.pk}"


GRANTS = {
    "plans_rolenote": ["SELECT", "INSERT"],
    "plans_consent": ["SELECT", "INSERT"],
    "plans_conference": ["SELECT", "INSERT"],
    "plans_monitoring": ["SELECT", "INSERT"],
    "plans_goalresult": ["SELECT", "INSERT"],
    "plans_roleresult": ["SELECT", "INSERT"],
    "plans_workevent": [
        "SELECT",
        "INSERT",
        "UPDATE (taken_back_at, taken_back_by_id, taken_back_reason)",
    ],
    "plans_followup": ["SELECT", "INSERT", "UPDATE (done_on, result, words, done_at, done_by_id)"],
    "plans_plan": ["SELECT", "INSERT", "UPDATE"],
    "plans_goal": ["SELECT", "INSERT", "UPDATE", "DELETE"],
    "plans_role": ["SELECT", "INSERT", "UPDATE", "DELETE"],
}

ROWS: dict[str, Rule] = {
    "plans_plan": either(
        through("case_id", "cases_case"),
        # Whoever answers for a row of its table reads which plan it is of.
        Guard(
            "(SELECT true FROM public.plans_role r WHERE r.plan_id = {t}.id"
            f" AND r.office_id = ANY({OFFICES}) LIMIT 1)"
        ),
    ),
    "plans_goal": through("plan_id", "plans_plan"),
    "plans_role": either(of_office("office_id"), through("plan_id", "plans_plan"), promised("plan_role")),
    "plans_rolenote": through("role_id", "plans_role"),
    "plans_consent": through("plan_id", "plans_plan"),
    "plans_conference": through("plan_id", "plans_plan"),
    "plans_monitoring": through("plan_id", "plans_plan"),
    "plans_goalresult": through("monitoring_id", "plans_monitoring"),
    "plans_roleresult": through("monitoring_id", "plans_monitoring"),
    "plans_workevent": through("case_id", "cases_case"),
    "plans_followup": either(through("case_id", "cases_case"), promised("follow_up")),
}
