"""Words found in the records: who may find what, and what is shown of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tsunagi.people.access import closed_to, parties_seen_by
from tsunagi.people.rules import Facet
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.search.queries import Held
from tsunagi.search.rules import Key
from tsunagi.shared.kept import Kept

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def keys_of(worker: Worker, on: date) -> Held:
    """The keys this worker holds today: the same sight that opens the records themselves (`people.access.visible_parties`).

    相談 opens to its own desk and to whoever may see the 相談内容 of that party, 支援・連絡・課題 to whoever may see
    its 支援経過, つなぎ to the two offices.
    """
    desks = [Key.DESK.of(number) for number in offices_for(worker, Purpose.CONSULT)]
    ends = [Key.END.of(number) for number in offices_for(worker, Purpose.REFER)]
    told, told_params = _seen(worker, Purpose.READ_PERSON, Facet.CONSULTATION, on)
    filed, filed_params = _seen(worker, Purpose.READ_CASE, Facet.PROGRESS, on)
    return Held(
        (*desks, *ends),
        {Key.TOLD: told, Key.FILE: filed},
        told_params | filed_params,
        tuple(sorted(closed_to(worker))),
    )


def _sight(facet: Facet) -> Kept:
    """The parties of whom this facet is seen, written down once: Django takes longer for it than the database."""
    return Kept(
        lambda worker_id, offices, closed, on: parties_seen_by(worker_id, offices, closed, on=on, facet=facet)
    )


_SEEN = {facet: _sight(facet) for facet in (Facet.CONSULTATION, Facet.PROGRESS)}


def _seen(worker: Worker, purpose: Purpose, facet: Facet, on: date) -> tuple[str, dict[str, Any]]:
    """The parties whose facet this worker sees, as SQL with named parameters."""
    sql, values = _SEEN[facet].part(
        worker.pk, list(offices_for(worker, purpose)), sorted(closed_to(worker)), on
    )
    named = {f"{facet.value}_{number}": value for number, value in enumerate(values)}
    return sql % tuple(f"%({key})s" for key in named), named
