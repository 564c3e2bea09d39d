"""What every form of a file goes through: its draft, its files, one deed, one answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.holding.actions import Stale
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page
from tsunagi.workbench.actions import AlreadyDone, claim, consume, take_in
from tsunagi.workbench.queries import Sheet, files_field, sheet


def draft_id() -> str:
    """The number of a form that is sent once, without saving itself."""
    return str(uuid.uuid4())


def home(case_id: int) -> str:
    """The page of a file."""
    return reverse("cases:detail", args=[case_id])


def opened(request: HttpRequest, kind: str, title: str, subject: str = "") -> Sheet:
    """The draft of the form on this page, in which it saves itself."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(
        request.worker, number, kind=f"cases.{kind}", title=title, link=request.get_full_path(), subject=subject
    )  # fmt: skip


def run(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], tuple[str, str]],
    *,
    back: str,
    template: str = "cases/deed.html",
    **context: Any,
) -> HttpResponse:
    """Do a form's deed once, or show the form (again)."""
    status = None
    for told in context.pop("told", ()):
        messages.error(request, told)
    if form.is_bound:
        sent, unwanted = request.FILES.getlist("files"), request.POST.getlist("drop_file")
        for told in take_in(request.worker, sent, form.data.get("draft"), at=request.now, without=unwanted):
            form.add_error(None, told)
    if form.is_bound and form.is_valid():
        draft = form.cleaned_data.get("draft")
        try:
            claim(request.worker, draft)
            sentence, link = act(form.cleaned_data)
            consume(request.worker, draft, link, request.now)
            messages.success(request, sentence)
            return redirect(link)
        except AlreadyDone as done:
            return redirect(done.result_link or back)
        except Stale as stale:
            status, context["stale"] = 409, str(stale)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context.setdefault("stale", "")
    context.setdefault("theirs", None)
    context.setdefault("sheet", None)
    brings = context["sheet"] is not None and not context.pop("no_files", False)
    context["files"] = files_field(request.worker, context["sheet"].id) if brings else None
    context.setdefault("label", "支援")
    return page(request, template, status=status, form=form, back=back, **context)
