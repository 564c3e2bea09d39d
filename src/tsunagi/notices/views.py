"""What I was told."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.shared.edges import Request, reads, writes
from tsunagi.ui.pages import page

from . import actions, queries
from .access import notice_for
from .forms import Filter, Seen


@reads
def index(request: Request) -> HttpResponse:
    """The list, newest first."""
    form = Filter(request.GET or {"show": "all"})
    asked = form.cleaned_data if form.is_valid() else {}
    show, before = asked.get("show") or "all", asked.get("before")
    found = queries.notices_of(request.worker, only_unread=show == "unread", before=before)
    first = f"{reverse('notices:index')}?{urlencode({'show': show})}"
    next_url = f"{first}&before={found.next_before}" if found.next_before else ""
    return page(
        request,
        "notices/index.html",
        found=found,
        filter=form,
        first_url=first if before else "",
        next_url=next_url,
    )


@writes
def open_notice(request: Request, notice_id: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice = notice_for(request.worker, notice_id)
    if request.method == "POST":
        actions.read(notice, request.now)
        return redirect(notice.link or "notices:index")
    return redirect("notices:index")


@writes
def read_all(request: Request) -> HttpResponse:
    """Mark everything on the screen as read."""
    form = Seen(request.POST)
    if request.method == "POST" and form.is_valid():
        count = actions.read_all(request.worker, request.now, up_to=form.cleaned_data["up_to"])
        messages.success(request, f"お知らせ{count}件を読んだことにしました。")
    return redirect("notices:index")
