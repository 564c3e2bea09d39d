"""How a deed's page runs: a form, one action, one answer; a second sending leads to the first result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from tsunagi.accounts.queries import workers_of
from tsunagi.holding.actions import Stale
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page
from tsunagi.workbench.actions import AlreadyDone, claim, consume, take_in
from tsunagi.workbench.queries import Sheet, sheet

# What a deed below calls a field, and what the form calls it.
FIELDS = {
    "came_at": "came_day",
    "name": "about_name",
    "kana": "about_kana",
    "birth": "about_birth",
    "number": "about_phone",
    "text": "about_address",
    "place": "about_place",
    "looks": "about_looks",
    "about_words": "about_heard",
    "worker_id": "worker",
}


def home(consultation_id: int) -> str:
    """The consultation's own page."""
    return reverse("intake:detail", args=[consultation_id])


def elsewhere(name: str, *args: Any, query: str = "") -> str:
    """The address of another module's page; empty while that page does not exist."""
    try:
        return reverse(name, args=args) + query
    except NoReverseMatch:
        return ""


def opened_sheet(kind: str, title: str, link: str, subject: str = "", *, request: HttpRequest) -> Sheet:
    """The draft of the form on this page: a fresh one, the one asked for, or the one that was sent."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(request.worker, number, kind=kind, title=title, link=link, subject=subject)


def colleagues(office_id: int, *, besides: int | None = None) -> list[tuple[int, str]]:
    """Who may hold at this desk, by name."""
    return [(card.id, card.name) for card in workers_of([office_id]) if card.id != besides]


def put(form: Any, refusal: Refused) -> None:
    """Show a refusal at its field where the form has it, else above the form."""
    field = refusal.field or ""
    known = next((name for name in (field, FIELDS.get(field, "")) if name in form.fields), None)
    form.add_error(known, str(refusal))


def taken_in(request: HttpRequest) -> list[str]:
    """Keep the files that came with this form; sentences for those that cannot be kept."""
    sent, unwanted = request.FILES.getlist("files"), request.POST.getlist("drop_file")
    return take_in(request.worker, sent, request.POST.get("draft"), at=request.now, without=unwanted)


def done(
    form: Any, act: Callable[[], tuple[str, str]], *, request: HttpRequest, back: str
) -> HttpResponse | None:
    """Do a form's deed once. `act` returns (where to go, what to say). None when the form is to be shown again.

    Raises Stale: two people edited the same thing, and the page shows both texts.
    """
    if form.is_bound:
        for sentence in taken_in(request):
            form.add_error(None, sentence)
    if not (form.is_bound and form.is_valid()):
        return None
    number = form.cleaned_data.get("draft")
    try:
        claim(request.worker, number)
        link, sentence = act()
        consume(request.worker, number, link, request.now)
    except AlreadyDone as before:
        return redirect(before.result_link or back)
    except Stale:
        raise
    except Refused as refusal:
        put(form, refusal)
        return None
    messages.success(request, sentence)
    return redirect(link)


def run(
    form: Any,
    act: Callable[[], tuple[str, str]],
    *,
    request: HttpRequest,
    back: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    """The answer to a deed's form: what came of it, or the form again with what stands in the way."""
    return done(form, act, request=request, back=back) or page(
        request, template, form=form, back=back, **context
    )
