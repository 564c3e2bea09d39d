"""Bringing the shipped grounds, and a first 説明文書, into the database. A change of law is a new version; nothing is rewritten."""

from __future__ import annotations

from typing import Any

from tsunagi.sharing.models import Explanation, Ground
from tsunagi.sharing.rules import SHIPPED, SHIPPED_EXPLANATION, GroundCard


def load_shipped() -> int:
    """Add what the shipped grounds have and the database has not; returns how many rows were added. May be repeated.

    A shipped ground that differs from the newest stored version becomes the next version.
    """
    added = 0
    for card in SHIPPED:
        newest = Ground.objects.filter(code=card.code).order_by("-version").first()
        said = _columns(card)
        if newest is not None and all(getattr(newest, column) == value for column, value in said.items()):
            continue
        Ground.objects.create(code=card.code, version=newest.version + 1 if newest else 1, **said)
        added += 1
    if not Explanation.objects.exists():
        Explanation.objects.create(number=1, **SHIPPED_EXPLANATION)
        added += 1
    return added


def _columns(card: GroundCard) -> dict[str, Any]:
    return {
        "name": card.name,
        "law": card.law,
        "article": card.article,
        "givers": sorted(card.givers),
        "receivers": sorted(card.receivers),
        "needs_consent": card.needs_consent,
        "needs_second_person": card.needs_second_person,
        "puts_conditions": card.puts_conditions,
        "for_private_bodies": card.for_private_bodies,
        "to_be_checked": card.to_be_checked,
    }
