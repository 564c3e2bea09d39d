"""Who a consultation may be about: the people lookup, with a mark for each person it showed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tsunagi.holding.queries import who_answers
from tsunagi.intake.access import offer, offered
from tsunagi.people.queries import LookupCard, lookup, party_names
from tsunagi.people.rules import read_fields
from tsunagi.shared.wareki import NotADate

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class Offer:
    """Somebody the lookup showed, to be chosen by `mark`; `card` is None for the one chosen before.

    `answering`: the offices that are with them and who answers there; never one whose very name tells why.
    """

    mark: str
    name: str
    card: LookupCard | None
    chosen: bool
    answering: tuple[str, ...] = ()


def others_for(worker: Worker, text: str, *, on: date) -> list[tuple[str, str]]:
    """Persons found by one line of text, as choices: (mark, name and what tells them apart)."""
    cards = (
        [card for card in lookup(worker, text, on=on) if card.person_id is not None] if text.strip() else []
    )
    return [
        (
            offer(worker, card.person_id or 0),
            " ".join(part for part in (card.name, card.birth, card.town) if part),
        )
        for card in cards
    ]


@dataclass(frozen=True)
class Found:
    """What a lookup at the desk answered."""

    asked: bool
    offers: tuple[Offer, ...]
    hint: bool


def found_for(worker: Worker, typed: Mapping[str, str], *, on: date) -> Found:
    """Look for whoever was typed into the five fields; whoever was chosen before stays on the list."""
    fields = {
        name: (typed.get(f"about_{name}") or "").strip()
        for name in ("name", "kana", "birth", "phone", "address")
    }
    try:
        asked = read_fields(**fields, on=on)  # type: ignore[arg-type]
    except NotADate:
        asked = read_fields(**fields | {"birth": ""}, on=on)  # type: ignore[arg-type]
    cards = [] if asked.empty else lookup(worker, asked, on=on)
    chosen = typed.get("about") or ""
    party_id = offered(worker, chosen) if ":" in chosen else None
    answering = who_answers([card.person_id for card in cards if card.person_id is not None])
    offers = [
        Offer(
            offer(worker, card.person_id),
            card.name,
            card,
            card.person_id == party_id,
            tuple(words for office, words in answering.get(card.person_id, ()) if office in card.offices),
        )
        for card in cards
        if card.person_id is not None
    ]
    if party_id is not None and not any(one.chosen for one in offers):
        name = party_names(worker, [party_id]).get(party_id, "")
        offers.insert(0, Offer(chosen, name, None, True))
    return Found(not asked.empty, tuple(offers), any(card.person_id is None for card in cards))
