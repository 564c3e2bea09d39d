"""開設の点検: what the city still lacks, and "we looked at it and keep it as it is"."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.permissions.access import require_administrator
from tsunagi.setup.actions import note_look
from tsunagi.setup.forms import LookForm
from tsunagi.setup.queries import readiness, reviews_summary
from tsunagi.setup.rules.readiness import Looked
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.ui.pages import bound, page


@reads
def checklist(request: Request) -> HttpResponse:
    """Every line of the checklist with the page that mends it."""
    require_administrator(request.worker)
    return page(
        request,
        "setup/ready.html",
        checklist=readiness(on=request.today),
        reviews=reviews_summary(on=request.today),
    )


@writes
def looked(request: Request) -> HttpResponse:
    """Remember that the shipped code lists, settings or calendar will do."""
    require_administrator(request.worker)
    form = LookForm(bound(request))
    if form.is_valid():
        what = form.cleaned_data["what"]
        note_look(what, by=request.worker, at=request.now)
        messages.success(request, f"{Looked.label_of(what)}は、標準のまま使うと記録しました。")
    return redirect("setup:ready")
