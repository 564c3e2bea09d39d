"""How every deed's page runs: a form, one action, one answer; a double click leads to the first result."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.queries import workers_of
from tsunagi.holding.access import held_concern_for
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page
from tsunagi.workbench.actions import AlreadyDone, claim, consume, take_in
from tsunagi.workbench.queries import Sheet, files_field, sheet

SECOND_ASKED = "もうひとりの確認を頼みました。答えがあると、すぐに反映されます。"


def new_draft() -> str:
    """A fresh number for a form that was not typed in yet."""
    return str(uuid.uuid4())


def opened_draft(request: HttpRequest, kind: str, title: str, link: str, subject: str) -> Sheet:
    """The draft of the form on this page: a fresh one, the one asked for, or the one that was sent."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(request.worker, number, kind=kind, title=title, link=link, subject=subject)  # type: ignore[attr-defined]


def colleagues(office_id: int, *, besides: int | None = None) -> list[tuple[int, str]]:
    """Who may hold in this office, by name."""
    return [(card.id, card.name) for card in workers_of([office_id]) if card.id != besides]


# What a rule calls a field, and what forms call it.
RULES_CALL_IT = {
    "reason": ("words",),
    "words": ("reason",),
    "handed_to": ("to_name",),
    "name": ("to_name",),
    "to": ("to_kind",),
    "at": ("day", "clock"),
    "handed_at": ("clock",),
    "reported_at": ("day",),
    "reported_to": ("to_whom",),
    "next_kind": ("kind",),
    "rethink": ("choice",),
    "agreed_by": ("second",),
    "worker": ("to_worker", "second"),
}


def held(request: HttpRequest, concern_id: int) -> tuple[Any, Any]:
    """The door to a concern this worker may act on. A form sent twice is led to its first result, even when the deed
    closed this door behind it (a concern that was closed or passed on)."""
    if request.method == "POST":
        claim(request.worker, request.POST.get("draft"))  # type: ignore[attr-defined]
    return held_concern_for(request.worker, concern_id)  # type: ignore[attr-defined]


def put(form: Any, refusal: Refused) -> None:
    """Show a refusal at its field where the form has it (by its own name or the rule's), else above the form."""
    names = (refusal.field or "", *RULES_CALL_IT.get(refusal.field or "", ()))
    form.add_error(next((name for name in names if name in form.fields), None), str(refusal))


def run(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], str],
    *,
    back: str,
    template: str = "holding/deed.html",
    **context: Any,
) -> HttpResponse:
    """Answer a deed's form. `act` does the one deed and returns the sentence to show; `back` is where it ends."""
    if form.is_bound:
        claim(request.worker, form.data.get("draft"))  # type: ignore[attr-defined]
        sent, unwanted = request.FILES.getlist("files"), request.POST.getlist("drop_file")
        for told in take_in(request.worker, sent, form.data.get("draft"), at=request.now, without=unwanted):  # type: ignore[attr-defined]
            form.add_error(None, told)
    if form.is_bound and form.is_valid():
        try:
            consume(
                request.worker,  # type: ignore[attr-defined]
                form.cleaned_data.get("draft"),
                back,
                request.now,  # type: ignore[attr-defined]
            )
            messages.success(request, act(form.cleaned_data))
            return redirect(back)
        except AlreadyDone as done:
            return redirect(done.result_link or back)
        except Refused as refusal:
            put(form, refusal)
    if "sheet" in context:
        context["files"] = files_field(request.worker, context["sheet"].id)  # type: ignore[attr-defined]
    return page(request, template, form=form, back=back, **context)
