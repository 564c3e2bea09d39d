"""Facts one module announces and others react to, inside the deed's own transaction.

A module below cannot call a module above it: it announces. `config/wiring.py` lists who reacts, on one page,
and registers that page here. A reaction that refuses refuses the whole deed, because it runs inside its
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from typing import Any

Reaction = Callable[[Any], None]
Wiring = Mapping[type, Sequence[Reaction]]

_wiring: dict[type, tuple[Reaction, ...]] = {}
_strict = False


class NotWired(LookupError):
    """An event was announced that the page of reactions does not know (only with `require_wired`)."""


def wire(mapping: Wiring) -> None:
    """Replace the whole page of reactions: `{EventClass: [callable, …]}`, called in this order.

    An event nobody reacts to is listed with an empty list, so that forgetting one can be told from not
    needing one. Raises TypeError for a class that is not a frozen dataclass: a reaction must not change what
    the next reads.
    """
    for event_class in mapping:
        _check_event_class(event_class)
    page = {event_class: tuple(reactions) for event_class, reactions in mapping.items()}
    _wiring.clear()
    _wiring.update(page)


def announce(event: object) -> None:
    """Run the reactions to this event, in order, at once; what one raises passes through and stops the rest.

    An event that announces others is finished first (depth first). Raises TypeError when the event is not an
    instance of a frozen dataclass, NotWired for an unknown event class after `require_wired()`.
    """
    event_class = type(event)
    if event_class not in _wiring:
        _check_event_class(event_class)
        if _strict:
            raise NotWired(
                f"{event_class.__module__}.{event_class.__qualname__} is not on the page of reactions "
                "(config/wiring.py). List it there, with an empty list if nobody reacts."
            )
        return
    for reaction in _wiring[event_class]:
        reaction(event)


def require_wired(required: bool = True) -> None:
    """From now on an unknown event class is an error: for tests, never for a city at work."""
    global _strict
    _strict = required


@contextmanager
def wired(mapping: Wiring) -> Iterator[None]:
    """For the length of the block, this page of reactions instead of the registered one."""
    before = dict(_wiring)
    wire(mapping)
    try:
        yield
    finally:
        _wiring.clear()
        _wiring.update(before)


def _check_event_class(event_class: type) -> None:
    parameters = getattr(event_class, "__dataclass_params__", None)
    if not is_dataclass(event_class) or parameters is None or not parameters.frozen:
        raise TypeError(f"{event_class!r} is not an event: events are frozen dataclasses.")
