"""Items of a sitting: one legal mode each, who sees them, what was decided, who does what by when."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tsunagi.meetings.rules import DecisionKind, ItemKind, ItemState, Mode, RoleDeed, RoleState, Source

from .bodies import Acknowledgement, BodyMember
from .sittings import Sitting

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"


class Item(models.Model):
    """One item of a sitting (議題). Its mode is exactly one legal basis.

    `party` is the person (or the household: 支援会議 only) it is about; an item without persons has a title instead.
    Withdrawn and deferred ones stay; what goes on at the next sitting is a new item with `previous`.
    """

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField("順", default=0)
    kind = models.CharField("種類", max_length=10, choices=ItemKind.choices())
    mode = models.CharField("根拠", max_length=14, choices=Mode.choices())
    state = models.CharField("状態", max_length=10, choices=ItemState.choices(), default=ItemState.PROPOSED)
    source = models.CharField("もと", max_length=8, choices=Source.choices(), default=Source.HAND)
    title = models.CharField("題（個人を扱わない議題）", max_length=120, blank=True)
    party = models.ForeignKey("people.Party", models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, null=True, blank=True, related_name="+")
    concern = models.ForeignKey("holding.Concern", models.PROTECT, null=True, blank=True, related_name="+")
    gap = models.ForeignKey("holding.Gap", models.PROTECT, null=True, blank=True, related_name="+")
    asked = models.TextField("論点（何を決めてほしいか）", blank=True)
    # The most a member may be shown of the person: what the proposer saw, and chose to bring.
    facets = ArrayField(
        models.CharField(max_length=24), default=list, blank=True, verbose_name="見せてよい範囲"
    )
    minutes = models.PositiveSmallIntegerField("予定の分数", default=15)
    # What is typed while the item is spoken of; its own revision, so that typing never makes the agenda stale.
    heard = models.TextField("出た情報・意見", blank=True)
    live_decision = models.TextField("決まりそうなこと", blank=True)
    live_revision = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField("始めた時刻", null=True, blank=True)
    proposed_at = models.DateTimeField("提案")
    proposed_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    proposed_office = models.ForeignKey(OFFICE, models.PROTECT, null=True, blank=True, related_name="+")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    settled_words = models.CharField("わけ", max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["sitting_id", "position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_item_persons_by_mode",
                condition=Q(
                    mode="no_persons",
                    party__isnull=True,
                    case__isnull=True,
                    plan__isnull=True,
                    concern__isnull=True,
                )
                | ~Q(mode="no_persons") & Q(party__isnull=False),
                violation_error_message="個人を扱わない議題には方を、個人の議題には「個人を扱わない」を入れられません。",
            ),
            models.CheckConstraint(
                name="meeting_item_without_persons_has_a_title",
                condition=~Q(mode="no_persons") | ~Q(title=""),
                violation_error_message="議題の題を書いてください。",
            ),
            models.CheckConstraint(
                name="meeting_item_title_names_nobody",
                condition=Q(mode="no_persons") | Q(title=""),
                violation_error_message="個人の議題には題を付けません。論点に書いてください。",
            ),
            models.CheckConstraint(
                name="meeting_item_settled_iff_over",
                condition=Q(state__in=["proposed", "taken"], settled_at__isnull=True)
                | Q(state__in=["done", "deferred", "withdrawn"], settled_at__isnull=False),
                violation_error_message="終えた議題にだけ、終えた時刻が入ります。",
            ),
            models.CheckConstraint(
                name="meeting_item_put_off_with_a_reason",
                condition=~Q(state__in=["deferred", "withdrawn"]) | ~Q(settled_words=""),
                violation_error_message="見送る・取り下げるわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["party"],
                condition=Q(state__in=["proposed", "taken"]),
                name="meeting_item_of_party",
            ),
        ]

    def __str__(self) -> str:
        return f"議題 #{self.pk}"


class ItemMove(models.Model):
    """That an item came to another sitting or another mode, with the reason. Append-only."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="moves")
    was_mode = models.CharField(max_length=14, choices=Mode.choices())
    was_sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="+")
    reason = models.CharField("わけ", max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"議題の移し替え #{self.pk}"


class ItemMember(models.Model):
    """A member chosen for this item, and how much of the person they see. It opens with their acknowledgement alone."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="members")
    member = models.ForeignKey(BodyMember, models.PROTECT, related_name="+")
    facets = ArrayField(models.CharField(max_length=24), default=list, blank=True, verbose_name="見える範囲")
    chosen_at = models.DateTimeField("選んだ時刻")
    chosen_by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")
    acknowledgement = models.ForeignKey(
        Acknowledgement, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField("開いた時刻", null=True, blank=True)
    closed_at = models.DateTimeField("閉じた時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["item_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "member"],
                name="meeting_item_member_once",
                violation_error_message="この方は、もうこの議題に選ばれています。",
            ),
            models.CheckConstraint(
                name="meeting_item_opens_with_an_acknowledgement",
                condition=Q(opened_at__isnull=True, acknowledgement__isnull=True)
                | Q(opened_at__isnull=False, acknowledgement__isnull=False),
                violation_error_message="議題は、守秘義務を確かめた方にだけ開きます。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["member"], condition=Q(closed_at__isnull=True), name="meeting_item_member"),
        ]

    def __str__(self) -> str:
        return f"議題の構成員 #{self.pk}"


class Decision(models.Model):
    """What was decided of an item (決定事項). Never rewritten: taken back with a reason, and decided anew."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="decisions")
    kind = models.CharField("決定", max_length=14, choices=DecisionKind.choices())
    words = models.TextField("決定のことば", blank=True)
    decided_at = models.DateTimeField("決めた時刻")
    decided_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+", verbose_name="記録した職員")
    # The plan's own record of the same (plans.Conference), where there is one.
    conference = models.ForeignKey(
        "plans.Conference", models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField("取り消した時刻", null=True, blank=True)
    taken_back_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    taken_back_reason = models.CharField("取り消したわけ", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_decision_taken_back_with_a_reason",
                condition=Q(taken_back_at__isnull=True) | ~Q(taken_back_reason=""),
                violation_error_message="取り消すわけを書いてください。",
            )
        ]

    def __str__(self) -> str:
        return f"決定 #{self.pk}"


class DecisionRole(models.Model):
    """A row of the role table of a decision: office × worker × what × by when. Its promise answers for it.

    `office`/`worker` as agreed; who answers now is its open promise, `promise` the one it began with. While another office
    is asked (`asked_*`), who asked goes on answering (H4).
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="roles")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+", verbose_name="答える職員")
    what = models.CharField("何を", max_length=300)
    due_on = models.DateField("いつまでに")
    facets = ArrayField(models.CharField(max_length=24), default=list, blank=True, verbose_name="見える範囲")
    state = models.CharField("状態", max_length=10, choices=RoleState.choices(), default=RoleState.OPEN)
    asked_office = models.ForeignKey(OFFICE, models.PROTECT, null=True, blank=True, related_name="+")
    asked_worker = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("頼んだ時刻", null=True, blank=True)
    promise = models.ForeignKey("holding.Promise", models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField("終えた時刻", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    settled_words = models.CharField("どうなったか", max_length=300, blank=True)
    reviewed_at = models.DateTimeField("見直した時刻", null=True, blank=True)
    reviewed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="meeting_role_says_what",
                condition=~Q(what=""),
                violation_error_message="役割には「何を」を書いてください。",
            ),
            models.CheckConstraint(
                name="meeting_role_asked_of_somebody",
                condition=~Q(state="asked") | Q(asked_office__isnull=False, asked_worker__isnull=False),
                violation_error_message="だれに頼むかを選んでください。",
            ),
            models.CheckConstraint(
                name="meeting_role_settled_somehow",
                condition=Q(state__in=["asked", "open"], settled_at__isnull=True)
                | Q(state__in=["done", "reviewed", "stopped"], settled_at__isnull=False),
                violation_error_message="役割がどうなったかを、もう一度選んでください。",
            ),
            models.CheckConstraint(
                name="meeting_role_reviewed_iff_reviewed",
                condition=Q(state="reviewed", reviewed_at__isnull=False)
                | ~Q(state="reviewed") & Q(reviewed_at__isnull=True),
                violation_error_message="見直した役割にだけ、見直した時刻が入ります。",
            ),
            models.CheckConstraint(
                name="meeting_role_stopped_with_a_reason",
                condition=~Q(state="stopped") | ~Q(settled_words=""),
                violation_error_message="取りやめるわけを書いてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"会議の役割 #{self.pk}"


class RoleNote(models.Model):
    """What was said of a role (役割の動き). Append-only."""

    role = models.ForeignKey(DecisionRole, models.PROTECT, related_name="notes")
    deed = models.CharField(max_length=8, choices=RoleDeed.choices())
    words = models.CharField("ようす", max_length=500, blank=True)
    due_on = models.DateField("次の日", null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"会議の役割の動き #{self.pk}"
