"""Doors: a draft and a run open to whoever made them, and to nobody else."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.shared.edges import leave_trail

from .models import Draft, LongRun, SavedFilter

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


def filter_for(worker: Worker, filter_id: int) -> SavedFilter:
    """The worker's own filter; 404 otherwise (a shared one is used, never changed)."""
    found = SavedFilter.objects.filter(pk=filter_id, worker=worker).first()
    if found is None:
        raise Http404
    return found
