"""Unanswered referrals: both offices are told once per step. It tells; lateness itself is derived (H6)."""

from __future__ import annotations

from datetime import datetime

from tsunagi.accounts.queries import CalendarBook
from tsunagi.holding.rules import Lateness, Urgency, board_dates
from tsunagi.referrals.models import Referral, ReferralReminder
from tsunagi.referrals.rules import OPEN_STATES
from tsunagi.shared.days import day_of

from . import _tell_receiver, _tell_sender

STEPS = {Lateness.AMBER: "soon", Lateness.RED: "late", Lateness.FALLING: "falling"}
WORDS = {
    "soon": "の返事の期限が近づいています。",
    "late": "の返事の期限が過ぎました。",
    "falling": "の返事がないまま日がたっています。このままではこぼれます。",
}


def remind(at: datetime) -> int:
    """Tell the sender, and inside the system the receiving office, of every step newly reached; how many."""
    on, book, told = day_of(at), CalendarBook(), 0
    rows = Referral.objects.filter(state__in=OPEN_STATES).select_related("to_office").order_by("id")
    done = set(
        ReferralReminder.objects.filter(referral__state__in=OPEN_STATES).values_list("referral_id", "step")
    )
    for row in rows:
        due = max(row.answer_due_on, row.considering_until or row.answer_due_on)
        colour = board_dates(on, book.of(row.from_office_id)).colour(due, Urgency(row.urgency or Urgency.LOW))
        step = STEPS.get(colour)
        if step is None or (row.pk, step) in done:
            continue
        ReferralReminder.objects.create(referral=row, step=step, at=at)
        outside = "" if row.to_office.signs_in else "電話か催促の紙で確かめてください。"
        _tell_sender(row, f"つなぎ {row.number} {WORDS[step]}{outside}", at=at)
        _tell_receiver(row, f"つなぎ {row.number} {WORDS[step]}返事をお願いします。", at=at)
        told += 1
    return told
