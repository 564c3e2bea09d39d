"""Facts under a special secret: kept for their writer alone until one of the three doors is chosen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.models import GuardedText
from tsunagi.sharing.rules import DoorWish, SecretKind, check_door

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def write_guarded(
    *,
    subject_kind: str,
    subject_id: int,
    office_id: int,
    secret: str,
    words: str,
    wish: DoorWish,
    by: Worker,
    at: datetime,
) -> GuardedText:
    """Write such a fact down. Without a door it is stored all the same, for its writer alone: nothing is lost."""
    if not words.strip():
        raise Refused("書くことを入れてください。", field="words")
    _refuse_my_numbers(words, wish)
    if wish.door:
        check_door(wish, secret_words=words)
    text = GuardedText.objects.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        office_id=office_id,
        writer=by,
        written_at=at,
        secret=SecretKind(secret),
        words=words.strip(),
        **_columns(wish, at),
    )
    record(
        "guarded.written",
        subject_kind=subject_kind,
        subject_id=subject_id,
        by=by.pk,
        at=at,
        detail={"text": text.pk, "secret": str(secret), "door": wish.door},
    )
    return text


def choose_door(text: GuardedText, wish: DoorWish, *, by: Worker, at: datetime) -> None:
    """Its writer chooses a door; from then on it is seen as that door lets it. Raises Refused with what is missing."""
    locked = GuardedText.objects.select_for_update().get(pk=text.pk)
    if locked.door:
        raise Refused("入れ方は、すでに選んであります。")
    if locked.writer_id != by.pk:
        raise Refused("入れ方は、書いた人が選びます。")
    if not wish.door:
        raise Refused("3つの入れ方から、ひとつを選んでください。", field="door")
    _refuse_my_numbers("", wish)
    check_door(wish, secret_words=locked.words)
    GuardedText.objects.filter(pk=locked.pk).update(**_columns(wish, at))
    record(
        "guarded.opened",
        subject_kind=locked.subject_kind,
        subject_id=locked.subject_id,
        by=by.pk,
        at=at,
        detail={"text": locked.pk, "door": wish.door},
    )


def _columns(wish: DoorWish, at: datetime) -> dict[str, object]:
    return {
        "door": wish.door,
        "slip_number": wish.slip_number.strip()[:20],
        "shown_words": wish.shown_words.strip(),
        "meeting_words": wish.meeting_words.strip()[:200],
        "chosen_at": at if wish.door else None,
    }


def _refuse_my_numbers(words: str, wish: DoorWish) -> None:
    for name, label, text in (
        ("words", "書くこと", words),
        ("shown_words", "気づき", wish.shown_words),
        ("meeting_words", "だれの求めか", wish.meeting_words),
    ):
        refuse_my_number(text, label, name)
