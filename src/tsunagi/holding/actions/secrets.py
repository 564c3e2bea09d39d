"""A fact under a special secret is written beside a record; without a door it falls on its writer's 今日."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of, main_office_id
from tsunagi.holding.rules import PromiseKind
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.models import GuardedText
from tsunagi.sharing.rules import DoorWish

from .promises import keep_promises_of, promise

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

GUARDED = "guarded"


def write_secret(
    subject_kind: str, subject_id: int, *, secret: str, words: str, wish: DoorWish, by: Worker, at: datetime
) -> GuardedText:
    """Write it beside a consultation or a file the writer may see. Without a door it is the writer's alone, and a
    promise of theirs for the next business day. Raises Refused with what the door still needs."""
    office_id = main_office_id(by)
    if office_id is None:
        raise Refused("所属する機関がないため、書けません。管理者に相談してください。")
    text = sharing.write_guarded(
        subject_kind=subject_kind,
        subject_id=subject_id,
        office_id=office_id,
        secret=secret,
        words=words,
        wish=wish,
        by=by,
        at=at,
    )
    if not wish.door:
        promise(
            PromiseKind.SECRET_DOOR,
            "特別な秘密の入れ方を、3つから選ぶ",
            subject_kind=GUARDED,
            subject_id=text.pk,
            office_id=office_id,
            worker_id=by.pk,
            due_on=calendar_of(office_id, by.pk).add(day_of(at), 1),
            by=by,
            at=at,
        )
    return text


def choose_secret_door(text: GuardedText, wish: DoorWish, *, by: Worker, at: datetime) -> None:
    """Its writer chooses a door; the promise is kept."""
    sharing.choose_door(text, wish, by=by, at=at)
    keep_promises_of(GUARDED, text.pk, (PromiseKind.SECRET_DOOR,), by=by, at=at)
