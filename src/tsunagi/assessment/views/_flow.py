"""How the pages of this module answer: a form, one deed, one sentence."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.assessment import queries
from tsunagi.holding.actions import Stale
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page
from tsunagi.workbench.actions import AlreadyDone, claim, consume

HERE = "cases"


def draft_id() -> str:
    """A new draft's number."""
    return str(uuid.uuid4())


def home(case_id: int) -> str:
    """The assessment's page."""
    return reverse("assessment:index", args=[case_id])


def history_page(case_id: int) -> str:
    """The page of strengths and lives."""
    return reverse("assessment:history", args=[case_id])


def run(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], tuple[str, str]],
    *,
    case: Any,
    title: str,
    template: str = "assessment/deed.html",
    back: str = "",
    **context: Any,
) -> HttpResponse:
    """A door's form, one action, one answer: done once, told when somebody was first or when it may not be."""
    status, back = None, back or home(case.pk)
    if form.is_bound and form.is_valid():
        draft = form.cleaned_data.get("draft")
        try:
            claim(request.worker, draft)  # type: ignore[attr-defined]
            sentence, link = act(form.cleaned_data)
            consume(request.worker, draft, link, request.now)  # type: ignore[attr-defined]
            messages.success(request, sentence)
            return redirect(link)
        except AlreadyDone as done:
            return redirect(done.result_link or back)
        except Stale as stale:
            status, context["stale"] = 409, str(stale)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    for name in ("stale", "lead", "theirs", "sheet", "both"):
        context.setdefault(name, None)
    both = [(label, theirs, form[name].value()) for label, theirs, name in context["both"] or ()]
    context["both"] = both if context["stale"] else ()
    return page(
        request, template, status=status, form=form, title=title, back=back,
        head=queries.head_of(request.worker, case), here=HERE, **context,  # type: ignore[attr-defined]
    )  # fmt: skip
