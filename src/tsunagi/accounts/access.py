"""The door to what is a worker's own."""

from __future__ import annotations

from django.http import Http404

from tsunagi.shared.edges import leave_trail

from .models import SecondFactor, SignIn, Worker, WorkerDay


def own_day_for(worker: Worker, day_id: int) -> WorkerDay:
    """A day of the worker's own calendar, or Http404."""
    found = WorkerDay.objects.filter(pk=day_id, worker_id=worker.pk).first()
    if found is None:
        raise Http404
    leave_trail("worker_day.seen", subject_kind="worker", subject_id=worker.pk, purpose="today")
    return found


def own_factor_for(worker: Worker, factor_id: int) -> SecondFactor:
    """A second factor of the worker's own, or Http404."""
    found = SecondFactor.objects.filter(pk=factor_id, worker_id=worker.pk, confirmed_at__isnull=False).first()
    if found is None:
        raise Http404
    leave_trail("worker.factor_seen", subject_kind="worker", subject_id=worker.pk, purpose="today")
    return found


def own_session_for(worker: Worker, sign_in_id: int) -> SignIn:
    """A session of the worker's own, or Http404."""
    found = SignIn.objects.filter(pk=sign_in_id, worker_id=worker.pk).first()
    if found is None:
        raise Http404
    leave_trail("worker.session_seen", subject_kind="worker", subject_id=worker.pk, purpose="today")
    return found
