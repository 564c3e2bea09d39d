"""緊急に開いたあと: holder and manager are told, somebody else looks within three open days whether it was right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of, is_away_for_long, may_hold_in
from tsunagi.codes import queries as codes
from tsunagi.holding.rules import PromiseKind
from tsunagi.notices.actions import tell
from tsunagi.people.queries import overseers_of
from tsunagi.shared.days import day_of
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.events import GlassBroken
from tsunagi.sharing.models import BrokenGlass

from .promises import keep_promises_of, promise
from .seconds import may_know, somebody_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "break_glass"


def tell_of_glass(event: GlassBroken) -> None:
    """The manager promises to look at it, found or not. The person's holders are told by the silent word, after the commit."""
    link = f"/concerns/glass/{event.glass_id}/"
    on = day_of(event.at)
    who = _reviewer(event)
    if who is not None:
        worker_id, office_id = who
        promise(
            PromiseKind.BREAK_GLASS,
            "緊急に開いたことが必要だったかを確かめる",
            subject_kind=SUBJECT,
            subject_id=event.glass_id,
            office_id=office_id,
            worker_id=worker_id,
            due_on=calendar_of(office_id).add(on, codes.span("break_glass.review").n),
            by=None,
            at=event.at,
        )
    told = {*overseers_of(event.office_id, event.person_id), *([who[0]] if who else [])} - {event.worker_id}
    tell(
        sorted(told),
        "記録が緊急に開かれました。必要だったかを確かめてください。",
        link,
        kind=SUBJECT,
        at=event.at,
    )


def review_glass(glass: BrokenGlass, *, answer: str, words: str, by: Worker, at: datetime) -> BrokenGlass:
    """Right, or not: the promise is kept."""
    done = sharing.review_glass(glass, answer=answer, words=words, by=by, at=at)
    keep_promises_of(SUBJECT, done.pk, (PromiseKind.BREAK_GLASS,), by=by, at=at)
    return done


def _reviewer(event: GlassBroken) -> tuple[int, int] | None:
    """A manager of the office, else くらし連携担当: never who opened, nobody to whom the record is closed, or who may
    not watch over it."""
    on = day_of(event.at)
    for worker_id in overseers_of(event.office_id, event.person_id):
        if (
            worker_id != event.worker_id
            and may_hold_in(worker_id, event.office_id)
            and not is_away_for_long(worker_id, on)
            and may_know(worker_id, event.person_id)
        ):
            return worker_id, event.office_id
    return somebody_for(event.office_id, besides=event.worker_id, party_id=event.person_id, on=on)
