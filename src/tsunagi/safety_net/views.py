"""網: who is about to be dropped."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail, reads
from tsunagi.ui.pages import page
from tsunagi.workbench.queries import default_link
from tsunagi.workbench.rules import ListPlace

from .access import office_for
from .queries import board_of


@reads
def index(request: HttpRequest) -> HttpResponse:
    """The whole board for the worker's reach."""
    require(request.worker, Purpose.NET)
    if not request.GET and (first := default_link(request.worker, ListPlace.NET)):
        return redirect(first)
    leave_trail("net.seen", subject_kind="net", subject_id=None, purpose=Purpose.NET)
    return page(
        request, "safety_net/index.html", board=board_of(request.worker, request.now), office=None, chosen={}
    )


@reads
def office(request: HttpRequest, office_id: int) -> HttpResponse:
    """One office's rows."""
    found = office_for(request.worker, office_id)
    board = board_of(request.worker, request.now, office_id=found.pk)
    return page(request, "safety_net/index.html", board=board, office=found, chosen={"office": found.pk})
