"""心当たり照会: asked, matched by a job, answered by whoever holds; meanwhile the desk goes on (sharing.md)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.people.rules import Asked
from tsunagi.shared.events import announce
from tsunagi.shared.jobs import enqueue
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.events import EnquirySent
from tsunagi.sharing.models import Enquiry, EnquiryAnswer
from tsunagi.sharing.queries import stored_question
from tsunagi.sharing.rules import EnquiryReply, WordKind

from .words import leave_word

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def send_enquiry(
    asked: Asked,
    *,
    told_words: str,
    reason: str,
    relation: str,
    ground: str,
    office_id: int,
    due_on: date,
    by: Worker,
    at: datetime,
) -> Enquiry:
    """Ask whoever may know this person. The answer to the asker is the same whether anybody does. Raises Refused for
    an empty question or reason, and for a 個人番号."""
    for label, text in (("だれのこと", told_words), ("わけ", reason)):
        refuse_my_number(text, label)
    if asked.empty:
        raise Refused("お名前・よみ・生年月日・電話のどれかを入れてください。", field="name")
    if not reason.strip():
        raise Refused("問い合わせるわけを書いてください。相手の機関に伝わります。", field="reason")
    enquiry = Enquiry.objects.create(
        office_id=office_id,
        worker=by,
        asked_at=at,
        due_on=due_on,
        reason=reason.strip()[:300],
        relation=relation,
        ground=ground,
        told_words=told_words.strip()[:300],
        asked=stored_question(asked),
    )
    record(
        "enquiry.sent",
        subject_kind="enquiry",
        subject_id=enquiry.pk,
        by=by.pk,
        at=at,
        ground=ground,
        detail={"by": asked.by, "office": office_id},
    )
    leave_word(
        WordKind.ENQUIRY,
        by_id=by.pk,
        office_id=office_id,
        at=at,
        asked=asked,
        relation=relation,
        subject_id=enquiry.pk,
    )
    enqueue("sharing.match_enquiry", enquiry_id=enquiry.pk)
    return enquiry


def close_matching(enquiry_id: int, *, at: datetime) -> None:
    """Ask the holders (in a job), once; what was asked is kept as words for the asker alone."""
    enquiry = Enquiry.objects.select_for_update().filter(pk=enquiry_id, done_at__isnull=True).first()
    if enquiry is None:
        return
    announce(EnquirySent(enquiry.pk, at))
    Enquiry.objects.filter(pk=enquiry.pk).update(asked={}, done_at=at)


def ask_holder(enquiry: Enquiry, person_id: int, office_id: int) -> EnquiryAnswer | None:
    """Open the question to one holding office; None when it was asked already."""
    answer, made = EnquiryAnswer.objects.get_or_create(
        enquiry=enquiry, person_id=person_id, office_id=office_id
    )
    return answer if made else None


def write_reply(answer: EnquiryAnswer, *, reply: str, words: str, by: Worker, at: datetime) -> None:
    """Write down what the holder answered. Raises Refused when somebody answered already."""
    refuse_my_number(words, "ひとこと", "words")
    changed = EnquiryAnswer.objects.filter(pk=answer.pk, reply="").update(
        reply=EnquiryReply(reply), words=words.strip()[:300], answered_by=by, answered_at=at
    )
    if not changed:
        raise Refused("この照会には、すでに返事をしてあります。")
    record(
        "enquiry.answered",
        subject_kind="enquiry",
        subject_id=answer.enquiry_id,
        by=by.pk,
        at=at,
        detail={"answer": answer.pk, "reply": str(reply)},
    )
