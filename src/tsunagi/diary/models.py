"""Appointments (予定), papers carried outside (持ち出し簿), and the papers of the night.

Who answers for an appointment is its promise in holding (`subject_kind = "appointment"`): so it is handed over with a
leaver, acted for in an absence and coloured like everything else that was agreed (H2, H6, H14, H16, H17).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tsunagi.holding.models import promised
from tsunagi.shared.rows import Rule, either, of_office, of_party, of_worker, through

from .rules import AppointmentKind, AppointmentState, HowReturned, PaperKind

WORKER = settings.AUTH_USER_MODEL
OFFICE = "accounts.Office"


class Appointment(models.Model):
    """Something agreed for a day, with hours and a place (予定), for concerns of one party."""

    party = models.ForeignKey("people.Party", models.PROTECT, related_name="+")
    kind = models.CharField("種類", max_length=10, choices=AppointmentKind.choices())
    day = models.DateField("日")
    begins = models.TimeField("始まり", null=True, blank=True)
    ends = models.TimeField("終わり", null=True, blank=True)
    # 自宅 is a mark, never a copy of the address: protection of the address holds here too.
    at_home = models.BooleanField("自宅", default=False)
    place = models.CharField("場所", max_length=120, blank=True)
    note = models.CharField("ひとこと", max_length=200, blank=True)
    second = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        "状態", max_length=10, choices=AppointmentState.choices(), default=AppointmentState.PLANNED
    )
    contact = models.ForeignKey("holding.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField("入れた時刻")
    made_by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("済んだ時刻", null=True, blank=True)
    settled_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("取りやめたわけ", max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["day", "begins", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(ends__isnull=True) | Q(begins__isnull=False, ends__gt=F("begins")),
                violation_error_message="終わりが始まりより前です。時刻を確かめてください。",
            ),
            models.CheckConstraint(
                name="appointment_settled_by_somebody",
                condition=Q(state="planned", settled_at__isnull=True)
                | ~Q(state="planned") & Q(settled_at__isnull=False, settled_by__isnull=False),
                violation_error_message="予定がどうなったかを、もう一度選んでください。",
            ),
            models.CheckConstraint(
                name="appointment_cancelled_with_a_reason",
                condition=~Q(state="cancelled") | ~Q(reason=""),
                violation_error_message="取りやめるわけを書いてください。",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["day"], condition=Q(state="planned"), name="appointment_planned"),
            models.Index(fields=["second", "day"], condition=Q(state="planned"), name="appointment_second"),
            models.Index(fields=["party", "day"], name="appointment_of_party"),
        ]

    def __str__(self) -> str:
        return f"予定 #{self.pk}"


class AppointmentOn(models.Model):
    """That an appointment is about a concern."""

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="on")
    concern = models.ForeignKey("holding.Concern", models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["appointment", "concern"],
                name="appointment_once_per_concern",
                violation_error_message="同じ課題が二度選ばれています。",
            )
        ]

    def __str__(self) -> str:
        return f"予定 #{self.appointment_id} - 課題 #{self.concern_id}"


class AppointmentMove(models.Model):
    """What an appointment said before it was moved (動かした記録). Append-only."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="moves")
    day = models.DateField()
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    at_home = models.BooleanField(default=False)
    place = models.CharField(max_length=120, blank=True)
    reason = models.CharField("わけ", max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(WORKER, models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"予定の変更 #{self.pk}"


class TakenOut(models.Model):
    """A paper that was printed to be carried outside (持ち出し簿): it stays a row until somebody says it is back."""

    kind = models.CharField("紙", max_length=10, choices=PaperKind.choices())
    worker = models.ForeignKey(WORKER, models.PROTECT, related_name="+")
    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField("印刷")
    printed_on = models.DateField("印刷した日")
    persons = models.PositiveIntegerField("人数", default=0)
    by_number = models.BooleanField("名前のかわりに番号", default=False)
    returned_at = models.DateTimeField("戻った", null=True, blank=True)
    returned_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")
    how = models.CharField("どうしたか", max_length=10, choices=HowReturned.choices(), blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="taken_out_returned_somehow",
                condition=Q(returned_at__isnull=True, how="") | Q(returned_at__isnull=False) & ~Q(how=""),
                violation_error_message="紙をどうしたかを選んでください。",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["worker"], condition=Q(returned_at__isnull=True), name="taken_out_open"),
            models.Index(fields=["office", "-id"], name="taken_out_of_office"),
        ]

    def __str__(self) -> str:
        return f"持ち出し #{self.pk}"


class NightKey(models.Model):
    """The password an office's night papers are locked with, sealed by the installation's own secret."""

    office = models.OneToOneField(OFFICE, models.PROTECT, related_name="+")
    sealed = models.TextField()
    changed_at = models.DateTimeField("決めた時刻")
    changed_by = models.ForeignKey(WORKER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["office_id"]

    def __str__(self) -> str:
        return f"夜の紙の鍵 #{self.pk}"


class NightPaper(models.Model):
    """That the papers of a night were written for an office, or why not (停電の日の紙)."""

    office = models.ForeignKey(OFFICE, models.PROTECT, related_name="+")
    night_on = models.DateField("夜")
    made_at = models.DateTimeField("作った時刻")
    size = models.PositiveIntegerField("大きさ", default=0)
    trouble = models.CharField("作れなかったわけ", max_length=40, blank=True)
    removed_at = models.DateTimeField("消した時刻", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-night_on", "office_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "night_on"],
                name="night_paper_once_a_night",
                violation_error_message="この夜の紙は、いま作っているところです。少し待って開き直してください。",
            )
        ]

    def __str__(self) -> str:
        return f"夜の紙 #{self.pk}"


GRANTS = {
    "diary_appointment": [
        "SELECT",
        "INSERT",
        "UPDATE (day, begins, ends, at_home, place, note, second_id, state, contact_id, settled_at, settled_by_id,"
        " reason, revision)",
    ],
    "diary_appointmenton": ["SELECT", "INSERT"],
    "diary_appointmentmove": ["SELECT", "INSERT"],
    "diary_takenout": ["SELECT", "INSERT", "UPDATE (returned_at, returned_by_id, how)"],
    "diary_nightkey": ["SELECT", "INSERT", "UPDATE (sealed, changed_at, changed_by_id)"],
    "diary_nightpaper": ["SELECT", "INSERT", "UPDATE (made_at, size, trouble, removed_at)"],
}

ROWS: dict[str, Rule] = {
    "diary_appointment": either(
        of_worker("second_id", "made_by_id"), of_party("party_id"), promised("appointment")
    ),
    "diary_appointmenton": through("appointment_id", "diary_appointment"),
    "diary_appointmentmove": through("appointment_id", "diary_appointment"),
    "diary_takenout": either(of_office("office_id"), of_worker("worker_id")),
    "diary_nightkey": of_office("office_id"),
    "diary_nightpaper": of_office("office_id"),
}
