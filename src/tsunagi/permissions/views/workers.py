"""Workers and their postings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts import actions
from tsunagi.accounts.queries import own_days_of, postings_of, weekday_words, worker_rows
from tsunagi.accounts.queries.proposals import proposal_cards
from tsunagi.accounts.queries.sign_in import factors_of, sessions_of, sign_on_name_of
from tsunagi.permissions.access import require_administrator, worker_for
from tsunagi.permissions.forms import NewWorkerForm, WorkerFilter, WorkerForm
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import answer, bound, page

from ._more import next_page


@reads
def workers(request: Request) -> HttpResponse:
    """All workers."""
    require_administrator(request.worker)
    form = WorkerFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = worker_rows(
        words=asked.get("words", ""),
        office_id=asked.get("office"),
        left=asked.get("left", False),
        after=asked.get("after"),
    )
    more = next_page(request, "after", found.next_after, found.total)
    return page(request, "permissions/workers.html", filter=form, workers=found.workers, **more)


@writes
def new_worker(request: Request) -> HttpResponse:
    """Register a worker. The password is shown once."""
    require_administrator(request.worker)
    form = NewWorkerForm(bound(request))
    if form.is_valid():
        name = form.cleaned_data["sign_in_name"]
        try:
            made = actions.register_worker(name, form.values(), by=request.worker, at=request.now)
            return _shown_once(request, *made)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(request, "permissions/worker_form.html", form=form, worker=None, differences=())


@reads
def worker(request: Request, worker_id: int) -> HttpResponse:
    """One worker: data and posts."""
    found = worker_for(request.worker, worker_id)
    return page(
        request,
        "permissions/worker.html",
        worker=found,
        weekdays=weekday_words(found.weekdays),
        professions="、".join(found.professions),
        postings=postings_of(worker_id=found.pk),
        ended=postings_of(worker_id=found.pk, ended=True),
        own_days=own_days_of(found.pk, from_on=request.today),
        is_me=found.pk == request.worker.pk,
        factors=factors_of(found.pk),
        sessions=sessions_of(found.pk, at=request.now),
        sign_on_name=sign_on_name_of(found.pk),
        has_sign_on=bool(settings.SIGN_ON["issuer"]),
        waiting=proposal_cards(waiting=True, worker_id=found.pk),
    )


@writes
def edit_worker(request: Request, worker_id: int) -> HttpResponse:
    """Change a worker's data."""
    found = worker_for(request.worker, worker_id)
    form = WorkerForm(bound(request), worker=found)

    def deed() -> tuple[str, str]:
        revision = form.cleaned_data["revision"] or 0
        actions.change_worker(found, form.values(), revision=revision, by=request.worker, at=request.now)
        return f"{found.name}さんの登録を変えました。", reverse("permissions:worker", args=[found.pk])

    return answer(request, form, deed, "permissions/worker_form.html", worker=found)


@writes
def give_password(request: Request, worker_id: int) -> HttpResponse:
    """Give a worker a new password, shown once."""
    found = worker_for(request.worker, worker_id)
    if request.method == "POST":
        try:
            return _shown_once(
                request, found, actions.give_password(found, by=request.worker, at=request.now)
            )
        except Refused as refusal:
            messages.warning(request, str(refusal))
    return redirect("permissions:worker", found.pk)


def _shown_once(request: Request, worker: Any, password: str) -> HttpResponse:
    """The answer itself shows it: a redirect would have to keep it somewhere."""
    return page(request, "permissions/password.html", worker=worker, password=password)
