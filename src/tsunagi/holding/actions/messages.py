"""伝言: anybody may leave a message for anybody without seeing any case; it stands on their 今日 until done."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import absence_on, calendar_of, main_office_id, may_hold_in, someone_in
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
    """Leave a message (who called, number, words, when it came). It is red on the addressee's next open day.

    While the addressee is away, also for a day, it stands with whoever acts for them. Raises Refused for an hour that has
    not come, an empty message, a 個人番号, or somebody who takes no messages any more.
    """
    for text, label, field in (
        (caller, "だれから", "caller"),
        (number, "かけ直す番号", "number"),
        (words, "用件", "words"),
    ):
        refuse_my_number(text, label, field)
    if came_at is not None and came_at > at:
        raise Refused("来た時刻が、まだ来ていない時刻になっています。日時を直してください。", field="clock")
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
    # Due on the day it came (the next open one, where that was closed), so that the day after it is red.
    due_on = calendar_of(office_id, for_worker.pk).on_or_after(day_of(message.came_at))
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
    _stand_in(made, office_id, on=day_of(at))
    tell([for_worker.pk, made.acting_id], "伝言が届いています。", "/", kind="message", at=at)
    return made


def _stand_in(made: Promise, office_id: int, *, on: date) -> None:
    """A short absence: who was named for it, else the duty worker, sees it too; a long one is known to `promise` (H14)."""
    away = absence_on(made.worker_id, on)
    if made.acting_id or away is None:
        return
    acting = away.acting_id
    if acting is None or not may_hold_in(acting, office_id):
        acting = someone_in(office_id, besides=[made.worker_id], on=on)
    if acting is None:
        return
    Promise.objects.filter(pk=made.pk).update(
        acting_id=acting, acting_from=away.from_on, acting_until=away.until_on
    )
    made.refresh_from_db()
