"""Facts under a special secret, as far as their door lets this worker see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import office_ids
from tsunagi.sharing.models import GuardedText
from tsunagi.sharing.rules import Door, SecretKind

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class GuardedCard:
    """One fact. `is_mine`: this worker wrote it; `is_open`: its door is still to be chosen."""

    id: int
    secret: str
    words: str
    door: str
    detail: str
    writer: str
    written_at: datetime
    is_mine: bool
    is_open: bool


def guarded_of(worker: Worker, subject_kind: str, subject_id: int) -> list[GuardedCard]:
    """What of a record's secrets this worker may read, in the order written. Ask inside the record's open door.

    Without a door: its writer alone. By consent: whoever may see the record. What was noticed: the words without the
    secret, and the writer both. For a 支援会議: the writer's own office.
    """
    rows = (
        GuardedText.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
        .select_related("writer")
        .order_by("id")
    )
    mine = office_ids(worker)
    cards = []
    for row in rows:
        own = row.writer_id == worker.pk
        if not row.door and not own:
            continue
        if row.door == Door.MEETING and not own and row.office_id not in mine:
            continue
        cards.append(_card(row, own))
    return cards


def guarded_page(worker: Worker, text: GuardedText) -> GuardedCard:
    """One fact for its writer (`access.guarded_for`)."""
    return _card(text, text.writer_id == worker.pk)


def _card(row: GuardedText, own: bool) -> GuardedCard:
    detail = {
        Door.CONSENT: f"連絡票 {row.slip_number}",
        Door.MEETING: row.meeting_words,
        Door.NOTICED: "秘密の中身は、書いた人だけが読めます"
        if not own
        else "もとの文は、あなただけが読めます",
    }
    words = row.words
    if row.door == Door.NOTICED:
        words = f"{row.shown_words}\n\n(もとの文)\n{row.words}" if own else row.shown_words
    return GuardedCard(
        id=row.pk,
        secret=SecretKind.label_of(row.secret),
        words=words,
        door=Door.label_of(row.door) if row.door else "",
        detail=detail.get(Door(row.door), "") if row.door else "",
        writer=row.writer.name,
        written_at=row.written_at,
        is_mine=own,
        is_open=not row.door,
    )
