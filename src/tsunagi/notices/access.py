"""A notice opens to the worker it was told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from .models import Notice

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def notice_for(worker: Worker, notice_id: int) -> Notice:
    """The worker's own notice; 404 otherwise. A notice holds nobody's data, so no trail is left."""
    notice = Notice.objects.filter(pk=notice_id, worker=worker).first()
    if notice is None:
        raise Http404
    return notice
