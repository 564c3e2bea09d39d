"""My own page. The pages of 管理 are in permissions, the floor above."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.shared.edges import Request, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from . import actions, queries
from .forms import MyWeekdays


@writes
def me(request: Request) -> HttpResponse:
    """Who I am here: posts, weekdays, password."""
    form = MyWeekdays(bound(request), initial={"weekdays": request.worker.weekdays})
    if form.is_valid():
        try:
            actions.change_my_weekdays(request.worker, form.cleaned_data["weekdays"], at=request.now)
            messages.success(request, "勤務の曜日を変えました。")
            return redirect("accounts:me")
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
    mine = queries.postings_of(worker_id=request.worker.pk)
    return page(request, "accounts/me.html", form=form, me=request.worker, postings=mine)
