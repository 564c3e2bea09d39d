"""Jobs of this module."""

from __future__ import annotations

from datetime import datetime

from tsunagi.shared.edges import opened_trail

from .actions.disposing import CarriedOut, carry_out


def dispose(at: datetime) -> CarriedOut:
    """Carry out what two people decided; signed in as the database's owner (`tsunagi dispose`)."""
    with opened_trail(None, "cli", at):
        return carry_out(at)
