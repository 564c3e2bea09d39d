"""心当たり照会 as the asker and as a holder see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.sharing.models import Enquiry, EnquiryAnswer
from tsunagi.sharing.rules import CallerRelation, EnquiryReply

from .grounds import ground_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class EnquiryReplyCard:
    """One answer the asker may see: only what the holder chose to say."""

    reply: str
    words: str
    office: str
    worker: str
    at: datetime


@dataclass(frozen=True)
class EnquiryCard:
    """An enquiry. `waits`: its day has not passed; afterwards the page says that no answer came, whoever was meant."""

    id: int
    told_words: str
    reason: str
    relation: str
    ground: str
    office: str
    worker: str
    asked_at: datetime
    due_on: date
    waits: bool
    replies: tuple[EnquiryReplyCard, ...]


def enquiry_page(enquiry: Enquiry, *, on: date) -> EnquiryCard:
    """For the asker (`access.enquiry_for`). Who was asked, and how many, is never told: only the answers are."""
    answers = EnquiryAnswer.objects.filter(enquiry=enquiry).exclude(reply="")
    return _card(enquiry, answers.select_related("office", "answered_by").order_by("answered_at", "id"), on)


def enquiries_of(worker: Worker, *, on: date, limit: int = 30) -> list[EnquiryCard]:
    """What this worker asked, newest first."""
    rows = Enquiry.objects.filter(worker=worker).select_related("office", "worker").order_by("-id")[:limit]
    found = list(rows)
    answers: dict[int, list[EnquiryAnswer]] = {row.pk: [] for row in found}
    for answer in (
        EnquiryAnswer.objects.filter(enquiry__in=found)
        .exclude(reply="")
        .select_related("office", "answered_by")
        .order_by("answered_at", "id")
    ):
        answers[answer.enquiry_id].append(answer)
    return [_card(row, answers[row.pk], on) for row in found]


def answer_page(answer: EnquiryAnswer) -> EnquiryCard:
    """For the holder (`access.answer_for`): who asks, why, on what ground."""
    return _card(answer.enquiry, (), answer.enquiry.due_on)


def _card(row: Enquiry, answers: Iterable[EnquiryAnswer], on: date) -> EnquiryCard:
    ground = ground_of(row.ground)
    replies = []
    for answer in answers:
        open_hand = answer.reply == EnquiryReply.INVOLVED
        replies.append(
            EnquiryReplyCard(
                reply=EnquiryReply.label_of(answer.reply),
                words=answer.words,
                # Only who says 「連絡ください」 says who they are.
                office=answer.office.label if open_hand else "",
                worker=answer.answered_by.name if open_hand and answer.answered_by else "",
                at=answer.answered_at or row.asked_at,
            )
        )
    return EnquiryCard(
        id=row.pk,
        told_words=row.told_words,
        reason=row.reason,
        relation=CallerRelation.label_of(row.relation) if row.relation else "",
        ground=ground.label if ground else row.ground,
        office=row.office.label,
        worker=row.worker.name,
        asked_at=row.asked_at,
        due_on=row.due_on,
        waits=on <= row.due_on,
        replies=tuple(replies),
    )
