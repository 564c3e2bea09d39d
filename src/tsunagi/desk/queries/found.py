"""Words found in the records: who may find what, and what is shown of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tsunagi.people.access import closed_to, visible_parties
from tsunagi.people.rules import Facet
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.search.queries import Held
from tsunagi.search.rules import Key

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def keys_of(worker: Worker, on: date) -> Held:
    """The keys this worker holds today: the same sight that opens the records themselves (`visible_parties`).

    相談 opens to its own desk and to whoever may see the 相談内容 of that party, 支援・連絡・課題 to whoever may see
    its 支援経過, つなぎ to the two offices.
    """
    desks = [Key.DESK.of(number) for number in offices_for(worker, Purpose.CONSULT)]
    ends = [Key.END.of(number) for number in offices_for(worker, Purpose.REFER)]
    told, told_params = _seen(worker, Purpose.READ_PERSON, Facet.CONSULTATION, on, Key.TOLD.value)
    filed, filed_params = _seen(worker, Purpose.READ_CASE, Facet.PROGRESS, on, Key.FILE.value)
    return Held(
        (*desks, *ends),
        {Key.TOLD: told, Key.FILE: filed},
        told_params | filed_params,
        tuple(sorted(closed_to(worker))),
    )


def _seen(worker: Worker, purpose: Purpose, facet: Facet, on: date, name: str) -> tuple[str, dict[str, Any]]:
    """The parties whose facet this worker sees, as SQL with named parameters."""
    sql, values = visible_parties(worker, purpose, on=on, facet=facet).query.sql_with_params()
    named = {f"{name}_{number}": value for number, value in enumerate(values)}
    return sql % tuple(f"%({key})s" for key in named), named
