"""Doors to printed copies: through the door of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.cases.access import case_for
from tsunagi.cases.models import Case
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose

from .models import Printed

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def printed_for(worker: Worker, case_id: int, printed_id: int) -> tuple[Case, Printed]:
    """A file the worker may see and one of its copies, or Http404."""
    case = case_for(worker, case_id)
    found = Printed.objects.filter(pk=printed_id, case=case).select_related("worker", "office").first()
    if found is None:
        raise Http404
    return case, found


def own_copy_for(worker: Worker, case_id: int, printed_id: int) -> tuple[Case, Printed]:
    """A copy this worker printed themselves, or Http404: a copy of another one is printed anew, under a number of its own."""
    case, found = printed_for(worker, case_id, printed_id)
    if found.worker_id != worker.pk:
        raise Http404
    return case, found


def require_forms(worker: Worker) -> None:
    """Whoever reads files may take blanks."""
    require(worker, Purpose.READ_CASE)
