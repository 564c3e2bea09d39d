"""What every form of this module goes through: its draft, one deed, one answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.shared.refusal import Refused, Stale
from tsunagi.ui.pages import page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet

CALLED = {"party_id": "party", "office_id": "office"}


def opened(request: HttpRequest, kind: str, title: str, subject: str = "") -> Sheet:
    """The draft of the form on this page, in which it saves itself."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(
        request.worker,
        number,
        kind=f"records.{kind}",
        title=title,
        link=request.get_full_path(),
        subject=subject,
    )


def run(
    request: HttpRequest, form: Any, act: Callable[[dict[str, Any]], tuple[str, str]], *, back: str, template: str = "records/form.html",
    draft: Sheet | None = None, **context: Any,
) -> HttpResponse:  # fmt: skip
    """Do a form's deed once, or show the form (again); what somebody else wrote meanwhile is answered 409 with both texts."""
    differences: tuple[tuple[str, str, str], ...] = ()
    if draft is not None:
        draft.fill(form)
    if form.is_bound and form.is_valid():
        number = form.cleaned_data.get("draft")
        try:
            claim(request.worker, number)
            sentence, link = act(form.typed())
            consume(request.worker, number, link, request.now)
            messages.success(request, sentence)
            return redirect(link)
        except AlreadyDone as before:
            return redirect(before.result_link or back)
        except Stale as stale:
            differences = tuple(stale.differences)
            form.add_error(None, str(stale))
        except Refused as refusal:
            name = CALLED.get(refusal.field or "", refusal.field or "")
            form.add_error(name if name in form.fields else None, str(refusal))
    status = 409 if differences else None
    return page(
        request,
        template,
        status=status,
        form=form,
        sheet=draft,
        back=back,
        differences=differences,
        here="manage",
        **context,
    )
