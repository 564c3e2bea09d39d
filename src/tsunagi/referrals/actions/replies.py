"""What an office without an account answered on paper, in an Excel or by a link: recorded by the sender (H4, H5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import office_ids
from tsunagi.holding.actions import Served, record_contact
from tsunagi.holding.models import Hold
from tsunagi.holding.rules import ContactKind, HoldKind
from tsunagi.journal.actions import record
from tsunagi.referrals.models import AnswerLink, Referral
from tsunagi.referrals.queries.beyond import why_no_answer_is_taken
from tsunagi.referrals.rules import OPEN_STATES, RowState
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from . import SUBJECT, note_first_contact, record_outside_answer

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class Reply:
    """A filled-in 返信票. `accepted` is None when it only tells that they met."""

    accepted: bool | None = None
    reason: str = ""
    who: str = ""
    met_on: date | None = None
    next_on: date | None = None
    words: str = ""


def take_in_reply(referral: Referral, reply: Reply, *, channel: str, by: Worker, at: datetime) -> Referral:
    """Do what the 返信票 says: a yes turns the hold into 見届け, a no is a decline, 「会えました」 is the first contact.

    `channel`: "paper", "excel" or "link". Raises Refused when it was answered or withdrawn meanwhile.
    """
    refuse_my_number(reply.words, "ことば")
    refuse_my_number(reply.who, "担当")
    now = Referral.objects.select_related("to_office").get(pk=referral.pk)
    told = why_no_answer_is_taken(now)
    if told:
        raise Refused(told)
    is_open = now.state in OPEN_STATES
    if is_open and reply.accepted is None:
        raise Refused("受けますか、受けませんかの印を選んでください。", field="answer")
    if reply.accepted is False and not is_open:
        raise Refused(
            "受けるとの返事がすでに記録されています。受けられなくなったときは「結果を知らせる」に書き、課題の画面で見届けから受け持ちに戻してください。",
            field="answer",
        )
    if reply.met_on is not None:
        if reply.accepted is False:
            raise Refused(
                "「受けません」と「会えました」の両方に印があります。先方に確かめてください。", field="met_on"
            )
        if reply.met_on > day_of(at):
            raise Refused("まだ来ていない日です。会えた日を直してください。", field="met_on")
        if reply.met_on < day_of(now.sent_at):
            raise Refused("つなぎを送る前の日です。会えた日を直してください。", field="met_on")
    if is_open:
        now = record_outside_answer(
            now,
            accepted=bool(reply.accepted),
            by=by,
            at=at,
            who=reply.who,
            words=_words(reply),
            reason=reply.reason,
            due_on=reply.next_on if reply.accepted and reply.next_on else None,
        )
    if reply.met_on is not None:
        _they_met(now, reply, by=by, at=at)
    elif not is_open:
        raise Refused("返事はすでに記録されています。会えた日があれば入れてください。", field="met_on")
    AnswerLink.objects.filter(referral_id=now.pk, ended_at__isnull=True).update(ended_at=at)
    record(
        "referral.reply_taken_in",
        subject_kind=SUBJECT,
        subject_id=now.pk,
        by=by.pk,
        at=at,
        detail={"channel": channel},
    )
    return now


def _they_met(referral: Referral, reply: Reply, *, by: Worker, at: datetime) -> None:
    """The agency met the person: the loop's first contact, and for us news of how the person is (B: by whom, when)."""
    met_at = (
        at
        if reply.met_on == day_of(at)
        else datetime.combine(reply.met_on or day_of(at), time(12), tzinfo=at.tzinfo)
    )
    note_first_contact(referral, met_at=met_at, by=by, at=at)
    concerns = list(
        Hold.objects.filter(
            concern__in=referral.rows.filter(state=RowState.ACCEPTED).values("concern_id"),
            kind=HoldKind.FOLLOWING_THROUGH,
            office_id__in=office_ids(by),
            closed_at__isnull=True,
        )
        .order_by("concern_id")
        .values_list("concern_id", flat=True)
    )
    if concerns:
        record_contact(
            ContactKind.SEEN,
            [Served(concern_id, due_on=reply.next_on) for concern_id in concerns],
            by=by,
            at=at,
            happened_at=met_at,
            means="letter",
            with_whom=f"{referral.to_office.label} {reply.who}".strip(),
            words=f"つなぎ {referral.number} の返信票: 会えました。",
        )


def _words(reply: Reply) -> str:
    if reply.next_on is None:
        return reply.words
    return f"{reply.words}\n次の予定: {reply.next_on:%Y-%m-%d}".strip()
