"""Marks that stay, and what somebody looked at."""

from __future__ import annotations

from datetime import datetime

from tsunagi.accounts.models import Worker
from tsunagi.journal.actions import record
from tsunagi.setup.models import Look, Mark
from tsunagi.setup.queries.guard import DEMO, what_forbids_demo
from tsunagi.shared.refusal import Refused


def mark_demo(*, at: datetime) -> None:
    """Mark this database for ever as the demo's. Raises Refused where a real city stands."""
    forbidden = what_forbids_demo()
    if forbidden:
        raise Refused(forbidden)
    _, is_new = Mark.objects.get_or_create(name=DEMO, defaults={"at": at})
    if is_new:
        record("demo.marked", subject_kind="setup", subject_id=None, by=None, at=at)


def note_look(what: str, *, by: Worker, at: datetime) -> Look:
    """Remember that somebody looked at a part of the set-up and left it as it is."""
    look = Look.objects.create(what=what, by=by, at=at)
    record("setup.looked", subject_kind="setup", subject_id=look.pk, by=by.pk, at=at, detail={"what": what})
    return look
