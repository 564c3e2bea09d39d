"""A question as a row keeps it until it is matched, and a word as the one who was told reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tsunagi.people.queries import is_protected
from tsunagi.people.rules import Asked, Birth
from tsunagi.sharing.models import ToldHolder
from tsunagi.sharing.rules import CallerRelation, WordKind


@dataclass(frozen=True)
class ToldPage:
    """What the one who was told reads: which of their persons, when, which desk, who asked there, on whose behalf."""

    person_id: int
    what: str
    at: datetime
    desk: str
    asked_by: str
    relation: str
    guarded: bool
    kind: str


def stored_question(asked: Asked) -> dict[str, Any]:
    """What was asked, for the job; the job forgets it."""
    return {
        "words": list(asked.words),
        "kana": list(asked.kana),
        "birth": [
            asked.birth.on.isoformat() if asked.birth.on else None,
            asked.birth.year,
            asked.birth.month,
            asked.birth.about,
        ],
        "phone": asked.phone,
        "address": asked.address,
    }


def read_question(stored: dict[str, Any]) -> Asked:
    """The question again."""
    on, year, month, about = stored.get("birth", (None, None, None, False))
    return Asked(
        words=tuple(stored.get("words", ())),
        kana=tuple(stored.get("kana", ())),
        birth=Birth(date.fromisoformat(on) if on else None, year, month, about),
        phone=stored.get("phone", ""),
        address=stored.get("address", ""),
    )


def told_page(told: ToldHolder) -> ToldPage:
    """Ask through an open door (`access.told_for`)."""
    word = told.word
    return ToldPage(
        person_id=told.person_id,
        what=WordKind.label_of(word.kind),
        at=word.at,
        desk=word.office.label if word.office else "",
        asked_by=word.worker.name,
        relation=CallerRelation.label_of(word.relation) if word.relation else "",
        guarded=is_protected(told.person_id),
        kind=word.kind,
    )
