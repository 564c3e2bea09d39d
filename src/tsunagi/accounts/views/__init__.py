"""My own page. The pages of 管理 are in permissions, the floor above."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts import actions, queries
from tsunagi.accounts.access import own_day_for
from tsunagi.accounts.forms import MyDay, MyWeekdays
from tsunagi.accounts.rules import HOLDING_ROLES
from tsunagi.shared.edges import Request, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page


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
    return _my_page(request, form, MyDay())


def _my_page(request: Request, form: MyWeekdays, day_form: MyDay) -> HttpResponse:
    return page(
        request,
        "accounts/me.html",
        status=422 if form.errors or day_form.errors else None,
        form=form,
        day_form=day_form,
        me=request.worker,
        postings=queries.postings_of(worker_id=request.worker.pk),
        days=queries.own_days_of(request.worker.pk, from_on=request.today),
        holds=any(post.role in HOLDING_ROLES for post in queries.posts_of(request.worker)),
    )


@writes
def my_days(request: Request) -> HttpResponse:
    """A day off of my own, or a day I work besides: due days are shown on the last working day before."""
    form = MyDay(bound(request))
    if form.is_valid():
        typed = form.cleaned_data
        try:
            count = actions.set_my_days(
                request.worker,
                typed["day"],
                typed["until"],
                works=typed["works"],
                label=typed["label"],
                at=request.now,
            )
            messages.success(request, f"{count}日を入れました。")
            return redirect("accounts:me")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return _my_page(request, MyWeekdays(initial={"weekdays": request.worker.weekdays}), form)


@writes
def remove_my_day(request: Request, day_id: int) -> HttpResponse:
    """The day is an ordinary day of mine again."""
    row = own_day_for(request.worker, day_id)
    if request.method == "POST":
        actions.remove_my_day(row, by=request.worker, at=request.now)
        messages.success(request, f"{row.day:%Y-%m-%d}をふだんの日に戻しました。")
    return redirect("accounts:me")
