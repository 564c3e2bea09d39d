"""Who may consent in a person's place: asked of the module that knows the powers, which lies above this one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tsunagi.sharing.rules import Powers

Ask = Callable[[int, date], Powers]
_ask: list[Ask] = []


def ask_of_powers(ask: Ask) -> None:
    """Say who knows the powers: person, day → what is on file. `config.wiring` calls it once."""
    _ask[:] = [ask]


def powers_over(person_id: int, on: date) -> Powers:
    """What is on file of who may act for this person on a day; nothing where nobody was said to know."""
    return _ask[0](person_id, on) if _ask else Powers.NOT_WRITTEN
