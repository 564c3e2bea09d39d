"""The grounds in force, and which of them can be right between two offices."""

from __future__ import annotations

from datetime import date

from tsunagi.accounts.models import Office
from tsunagi.sharing.models import Ground
from tsunagi.sharing.rules import GroundCard, Offer
from tsunagi.sharing.rules import grounds_between as between


def grounds(*, on: date | None = None) -> list[GroundCard]:
    """The grounds in force on a day (today's, when none is given), by number."""
    rows = Ground.objects.order_by("code", "version")
    cards: dict[str, GroundCard] = {}
    for row in rows:
        begun = row.valid_from is None or on is None or row.valid_from <= on
        over = row.retired_on is not None and (on is None or row.retired_on <= on)
        if begun and not over:
            cards[row.code] = _card(row)
    return list(cards.values())


def ground_of(code: str) -> GroundCard | None:
    """The newest version of one ground, also of a retired one: an old record still has its words."""
    row = Ground.objects.filter(code=code).order_by("-version").first()
    return _card(row) if row else None


def grounds_between(
    giver_kind: str,
    receiver_kind: str,
    *,
    consent: bool,
    meeting: str = "",
    source: str = "",
    on: date | None = None,
) -> list[Offer]:
    """The grounds that can be right between two legal kinds, the proposed one first (`rules.grounds_between`)."""
    return between(
        giver_kind, receiver_kind, consent=consent, meeting=meeting, source=source, cards=grounds(on=on)
    )


def grounds_between_offices(
    giver: Office,
    receiver: Office,
    *,
    consent: bool,
    meeting: str = "",
    source: str = "",
    on: date | None = None,
) -> list[Offer]:
    """The same between two offices, by what they are before the law."""
    return grounds_between(
        giver.legal_kind, receiver.legal_kind, consent=consent, meeting=meeting, source=source, on=on
    )


def _card(row: Ground) -> GroundCard:
    return GroundCard(
        code=row.code,
        name=row.name,
        law=row.law,
        article=row.article,
        givers=frozenset(row.givers),
        receivers=frozenset(row.receivers),
        needs_consent=row.needs_consent,
        needs_second_person=row.needs_second_person,
        puts_conditions=row.puts_conditions,
        for_private_bodies=row.for_private_bodies,
        to_be_checked=row.to_be_checked,
        version=row.version,
    )
