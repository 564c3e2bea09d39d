"""Doors: a draft and a run open to whoever made them, and to nobody else; an attachment as the record it hangs on.

Records lie above: `hang_on` (called by config/wiring.py) says who opens which kind. The record's own door decides who
may see and who may add, so an attachment is never wider, narrower, earlier or later visible than its record.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.shared.edges import leave_trail

from .models import Attachment, Draft, LongRun, SavedFilter

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def draft_for(worker: Worker, draft_id: uuid.UUID) -> Draft:
    """The worker's own unfinished draft; 404 for anybody else's, for a finished one and for none."""
    draft = Draft.objects.filter(pk=draft_id, worker=worker, consumed_at__isnull=True).first()
    if draft is None:
        raise Http404
    leave_trail("draft.seen", subject_kind="draft", subject_id=None, detail={"draft": str(draft.pk)})
    return draft


def run_for(worker: Worker, run_id: int) -> LongRun:
    """A run the worker asked for, without its file; 404 otherwise."""
    run = LongRun.objects.filter(pk=run_id, worker=worker).defer("file").first()
    if run is None:
        raise Http404
    leave_trail("run.seen", subject_kind="run", subject_id=run.pk)
    return run


def file_of_run(worker: Worker, run_id: int) -> tuple[str, bytes]:
    """Name and content of what a run made; 404 when it is not the worker's or made nothing (any more)."""
    run = LongRun.objects.filter(pk=run_id, worker=worker, file__isnull=False).first()
    if run is None or run.file is None:
        raise Http404
    leave_trail("run.file_taken", subject_kind="run", subject_id=run.pk, detail={"bytes": len(run.file)})
    return run.file_name, bytes(run.file)


# -- attachments ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The record an attachment hangs on: how its page calls it, and where that page is."""

    label: str
    link: str


Opener = Callable[["Worker", int, bool], Place]
"""`opener(worker, number, add)`: the record's own door. Raises Http404; with `add`, also for who may only look."""

_openers: dict[str, Opener] = {}


def hang_on(openers: Mapping[str, Opener]) -> None:
    """Register the kinds of records attachments hang on, each with its door (config/wiring.py does)."""
    _openers.update(openers)


def place_for(worker: Worker, kind: str, subject_id: int, *, add: bool = False) -> Place:
    """The record, through its own door; 404 for absent, for not-yours and for a kind nobody knows."""
    opener = _openers.get(kind)
    if opener is None:
        raise Http404
    return opener(worker, subject_id, add)


def may_add(worker: Worker, kind: str, subject_id: int) -> bool:
    """Whether this worker may bring a file to the record, or take one away."""
    try:
        place_for(worker, kind, subject_id, add=True)
    except Http404:
        return False
    return True


def attachment_for(worker: Worker, attachment_id: int, *, add: bool = False) -> tuple[Attachment, Place]:
    """An attachment that hangs on a record this worker sees (with `add`: may write in), and that record; or Http404.

    One that was taken off is gone for everybody.
    """
    found = (
        Attachment.objects.filter(pk=attachment_id, attached_at__isnull=False, removed_at__isnull=True)
        .select_related("worker", "office")
        .first()
    )
    if found is None or found.subject_id is None:
        raise Http404
    place = place_for(worker, found.subject_kind, found.subject_id, add=add)
    return found, place


def note_opened(found: Attachment) -> None:
    """Leave the trail of a file that is being given out: which, of what, how large; never its name."""
    leave_trail(
        "attachment.opened",
        subject_kind="attachment",
        subject_id=found.pk,
        detail={"kind": found.subject_kind, "subject": found.subject_id, "bytes": found.size},
    )


def pending_for(worker: Worker, draft_id: uuid.UUID, attachment_id: int) -> Attachment:
    """A file the worker brought to a form of theirs that was not sent yet; 404 otherwise."""
    found = Attachment.objects.filter(
        pk=attachment_id, worker=worker, draft=draft_id, attached_at__isnull=True
    ).first()
    if found is None:
        raise Http404
    return found


def filter_for(worker: Worker, filter_id: int) -> SavedFilter:
    """The worker's own filter; 404 otherwise (a shared one is used, never changed)."""
    found = SavedFilter.objects.filter(pk=filter_id, worker=worker).first()
    if found is None:
        raise Http404
    return found
