"""網: who is about to be dropped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail, reads
from tsunagi.ui.pages import page

from .access import office_for
from .queries import board_of


@reads
def index(request: HttpRequest) -> HttpResponse:
    """The whole board for the worker's reach."""
    require(request.worker, Purpose.NET)
    leave_trail("net.seen", subject_kind="net", subject_id=None, purpose=Purpose.NET)
    return page(request, "safety_net/index.html", board=board_of(request.worker, request.now), office=None)


@reads
def office(request: HttpRequest, office_id: int) -> HttpResponse:
    """One office's rows."""
    found = office_for(request.worker, office_id)
    board = board_of(request.worker, request.now, office_id=found.pk)
    return page(request, "safety_net/index.html", board=board, office=found)
