"""緊急に開いたあと: holder and manager are told, somebody else looks within three open days whether it was right."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of, is_away_for_long, may_hold_in
from tsunagi.codes import queries as codes
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.notices.actions import tell
from tsunagi.people.queries import is_protected, overseers_of
from tsunagi.shared.days import day_of
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.events import GlassBroken, GlassOpenedByTwo
from tsunagi.sharing.models import BrokenGlass

from .promises import keep_promises_of, pass_promise, promise
from .seconds import may_know, somebody_for
from .words import answering_for

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


def tell_of_two(event: GlassOpenedByTwo) -> None:
    """Two people opened it: those who guard the person and the managers are told, and neither of the two reviews it."""
    link = f"/concerns/glass/{event.glass_id}/"
    on = day_of(event.at)
    both = {event.worker_id, event.second_id}
    for kept in Promise.objects.filter(
        subject_kind=SUBJECT, subject_id=event.glass_id, is_open=True, worker_id__in=both
    ).order_by("pk"):
        who = _reviewer(event, besides=both)
        if who is not None:
            pass_promise(
                kept, worker_id=who[0], office_id=who[1], by=None, at=event.at, due_on=max(kept.due_on, on),
                reason="いっしょに開いた職員は確かめない",
            )  # fmt: skip
    reviewing = Promise.objects.filter(subject_kind=SUBJECT, subject_id=event.glass_id, is_open=True)
    told = {
        *overseers_of(event.office_id, event.person_id),
        *reviewing.order_by().values_list("worker_id", flat=True),
    } - both
    tell(
        sorted(told), "緊急の記録が、ふたりで開かれました。必要だったかを確かめてください。", link, kind=SUBJECT, at=event.at
    )  # fmt: skip
    if event.person_id is None:
        return
    holders = {one.worker_id for one in answering_for(event.person_id, guarded=is_protected(event.person_id))}
    tell(
        sorted(holders - both - told),
        "担当している方の記録が、緊急に、ふたりの職員で開かれました。居場所も見えています。本人の安全を確かめてください。",
        f"/sharing/who/{event.person_id}/",
        kind=SUBJECT,
        at=event.at,
    )


def review_glass(glass: BrokenGlass, *, answer: str, words: str, by: Worker, at: datetime) -> BrokenGlass:
    """Right, or not: the promise is kept."""
    done = sharing.review_glass(glass, answer=answer, words=words, by=by, at=at)
    keep_promises_of(SUBJECT, done.pk, (PromiseKind.BREAK_GLASS,), by=by, at=at)
    return done


def _reviewer(
    event: GlassBroken | GlassOpenedByTwo, besides: set[int] | None = None
) -> tuple[int, int] | None:
    """A manager of the office, else くらし連携担当: never who opened, nobody to whom the record is closed, or who may
    not watch over it."""
    on = day_of(event.at)
    two = besides or {event.worker_id}
    for worker_id in overseers_of(event.office_id, event.person_id):
        if (
            worker_id not in two
            and may_hold_in(worker_id, event.office_id)
            and not is_away_for_long(worker_id, on)
            and may_know(worker_id, event.person_id)
        ):
            return worker_id, event.office_id
    return somebody_for(event.office_id, besides=two, party_id=event.person_id, on=on)
