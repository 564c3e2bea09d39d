"""The door to an office's board: one's own, or any for those who watch over the whole city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.accounts.models import Office
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def office_for(worker: Worker, office_id: int) -> Office:
    """An office whose board this worker may see, or Http404."""
    reach = require(worker, Purpose.NET)
    found = Office.objects.filter(pk=office_id, is_active=True, signs_in=True).first()
    if found is None or (reach < Reach.CITY and office_id not in offices_for(worker, Purpose.NET)):
        raise Http404
    leave_trail("net.seen", subject_kind="office", subject_id=office_id, purpose=Purpose.NET)
    return found
