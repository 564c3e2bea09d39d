"""The way in, the table for everybody, the journal for auditors."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.permissions import queries
from tsunagi.permissions.access import require_auditor
from tsunagi.permissions.forms import JournalFilter
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import Request, reads
from tsunagi.ui.pages import page

from ._more import next_page


@reads
def index(request: Request) -> HttpResponse:
    """The first page of 管理 that this worker may open."""
    if queries.reach_of(request.worker, Purpose.ADMINISTER) is Reach.CITY:
        return redirect("setup:ready")
    if queries.reach_of(request.worker, Purpose.JOURNAL) > Reach.NONE:
        return redirect("permissions:journal")
    return redirect("permissions:table")


@reads
def table(request: Request) -> HttpResponse:
    """The permission table, as docs/permissions.md prints it."""
    return page(
        request, "permissions/table.html", table=queries.table_for(request.worker), reaches=list(Reach)
    )


@reads
def journal(request: Request) -> HttpResponse:
    """Who looked at a thing, or what a worker did: by number only."""
    form = JournalFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    require_auditor(
        request.worker,
        subject_kind=asked.get("subject_kind", ""),
        subject_id=asked.get("subject_id"),
        about=asked.get("worker_id"),
    )
    lines, found = queries.journal_lines(**asked)
    return page(
        request,
        "permissions/journal.html",
        form=form,
        asked=bool(asked.get("subject_id") or asked.get("worker_id")),
        lines=lines,
        head=queries.journal_head(),
        **next_page(request, "before", found.next_before, found.total),
    )
