"""The one button for a number that does not open, and the page of a word for the one who was told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.sharing import actions
from tsunagi.sharing.access import told_for
from tsunagi.sharing.queries import told_page
from tsunagi.sharing.rules import SAME_ANSWER
from tsunagi.ui.pages import page


@writes
def knock(request: HttpRequest) -> HttpResponse:
    """「担当がいれば声をかけます」: the same answer, in the same time, whether anybody is there or not."""
    require(request.worker, Purpose.MESSAGE)
    if request.method == "POST":
        actions.knock(request.worker, request.POST.get("page", ""), at=request.now)
        messages.success(request, SAME_ANSWER)
        return redirect("/")
    return page(request, "sharing/knock.html")


@reads
def told(request: HttpRequest, told_id: int) -> HttpResponse:
    """What was asked about one of our persons: when, at which desk, by whom. Never what was said there."""
    found = told_for(request.worker, told_id)
    return page(request, "sharing/told.html", told=told_page(found))
