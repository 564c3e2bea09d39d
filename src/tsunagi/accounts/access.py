"""The door to what is a worker's own."""

from __future__ import annotations

from django.http import Http404

from tsunagi.shared.edges import leave_trail

from .models import Worker, WorkerDay


def own_day_for(worker: Worker, day_id: int) -> WorkerDay:
    """A day of the worker's own calendar, or Http404."""
    found = WorkerDay.objects.filter(pk=day_id, worker_id=worker.pk).first()
    if found is None:
        raise Http404
    leave_trail("worker_day.seen", subject_kind="worker", subject_id=worker.pk, purpose="today")
    return found
