"""伝言: anybody may leave a message for anybody without seeing any case; it stands on their 今日 until done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of, main_office_id
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.notices.actions import tell, write_message
from tsunagi.notices.models import Message
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .promises import promise

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def leave_message(
    for_worker: Worker,
    *,
    by: Worker,
    at: datetime,
    caller: str = "",
    number: str = "",
    words: str = "",
    came_at: datetime | None = None,
) -> Promise:
    """Leave a message (who called, number, words, when it came). It is due on the next open day of the addressee."""
    for text, label in ((caller, "だれから"), (words, "用件")):
        refuse_my_number(text, label)
    office_id = main_office_id(for_worker)
    if office_id is None or not for_worker.is_active:
        raise Refused(
            "この職員には、いま伝言を残せません。同じ機関のほかの職員を選んでください。", field="for_worker"
        )
    if not (caller.strip() or number.strip() or words.strip()):
        raise Refused("だれから、番号、用件のどれかを書いてください。", field="words")
    message: Message = write_message(
        for_worker_id=for_worker.pk,
        for_office_id=office_id,
        caller=caller,
        number=number,
        words=words,
        came_at=came_at or at,
        by=by,
        at=at,
    )
    due_on = calendar_of(office_id, for_worker.pk).add(day_of(message.came_at), 1)
    made = promise(
        PromiseKind.MESSAGE,
        "伝言に応える",
        subject_kind="message",
        subject_id=message.pk,
        office_id=office_id,
        worker_id=for_worker.pk,
        due_on=due_on,
        by=by,
        at=at,
    )
    tell([for_worker.pk], "伝言が届いています。", "/", kind="message", at=at)
    return made
