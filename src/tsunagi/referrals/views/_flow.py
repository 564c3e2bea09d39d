"""How every answer's page runs: a form, one action, one answer; a double click leads to the first result."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page
from tsunagi.workbench.actions import AlreadyDone, claim, consume, take_in
from tsunagi.workbench.queries import Sheet, files_field, sheet

RULES_CALL_IT = {"oral_by": "who", "oral_on": "said_on", "met_at": "day"}


def new_draft() -> str:
    """A fresh number for a form that was not typed in yet."""
    return str(uuid.uuid4())


def opened_draft(request: HttpRequest, kind: str, title: str, link: str, subject: str) -> Sheet:
    """The draft of the form on this page: a fresh one, the one asked for, or the one that was sent."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(request.worker, number, kind=kind, title=title, link=link, subject=subject)  # type: ignore[attr-defined]


def home(referral_id: int) -> str:
    """The page of a referral."""
    return reverse("referrals:detail", args=[referral_id])


def run(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], tuple[str, str]],
    *,
    back: str,
    template: str = "referrals/deed.html",
    at: dict[str, str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Answer a deed's form. `act` does the one deed and returns the sentence to show and where to go.

    A refusal is shown at its field; `at` says which field of this form a rule means by its own name.
    """
    if form.is_bound:
        claim(request.worker, form.data.get("draft"))  # type: ignore[attr-defined]
        sent, unwanted = request.FILES.getlist("files"), request.POST.getlist("drop_file")
        for told in take_in(request.worker, sent, form.data.get("draft"), at=request.now, without=unwanted):  # type: ignore[attr-defined]
            form.add_error(None, told)
    if form.is_bound and form.is_valid():
        draft = form.cleaned_data.get("draft")
        try:
            sentence, link = act(form.cleaned_data)
            consume(request.worker, draft, link, request.now)  # type: ignore[attr-defined]
            messages.success(request, sentence)
            return redirect(link)
        except AlreadyDone as done:
            return redirect(done.result_link or back)
        except Refused as refusal:
            field = {**RULES_CALL_IT, **(at or {})}.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
    if "draft" in context:
        context["files"] = files_field(request.worker, context["draft"].id)  # type: ignore[attr-defined]
    return page(request, template, form=form, back=back, **context)
