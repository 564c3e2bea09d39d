"""How a page of this module runs: a form, one deed, one answer; two people who edit the same see both texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from tsunagi.people.queries import LookupCard, lookup
from tsunagi.people.rules import Stale, Tier
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet


def home(party_id: int) -> str:
    """The page of a person, a household or someone not yet known."""
    return reverse("desk:person", args=[party_id])


def take_url() -> str:
    """Where a consultation is taken: it opens an index card. Empty while there is no such page."""
    try:
        return reverse("intake:new")
    except NoReverseMatch:
        return ""


def opened_sheet(kind: str, title: str, link: str, *, request: HttpRequest) -> Sheet:
    """The draft of the form on this page."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(request.worker, number, kind=f"people.{kind}", title=title, link=link)


def found(request: HttpRequest) -> list[LookupCard]:
    """Who is meant by what was typed, as far as this worker may see; nothing while nothing is asked."""
    text = asked(request)
    return lookup(request.worker, text, on=request.today) if text else []


def asked(request: HttpRequest) -> str:
    """What was typed to be looked for. It comes in the body: a name in an address would stay in the browser's history."""
    return str(request.POST.get("q", "")).strip()


def sent(request: HttpRequest) -> QueryDict | None:
    """The fields of a form that was sent; None when only 「さがす」 beside it was pressed."""
    return None if "search" in request.POST else bound(request)


def choosable(cards: list[LookupCard], *, besides: int | None = None) -> list[tuple[int, str]]:
    """Of what a search showed, the persons this worker may do something with: only those they are involved with."""
    return [
        (card.person_id, f"{card.name}({card.birth})" if card.birth else card.name)
        for card in cards
        if card.tier is Tier.INVOLVED and card.person_id is not None and card.person_id != besides
    ]


def run(
    form: Any,
    act: Callable[[], tuple[str, str]],
    *,
    request: HttpRequest,
    template: str,
    sheet: Sheet,
    **context: Any,
) -> HttpResponse:
    """Do a form's deed once, or show the form again. `act` returns (where to go, what to say)."""
    if not (form.is_bound and form.is_valid()):
        return page(request, template, form=form, sheet=sheet, conflicts=(), **context)
    number = form.cleaned_data["draft"]
    try:
        claim(request.worker, number)
        link, sentence = act()
        consume(request.worker, number, link, request.now)
    except AlreadyDone as before:
        return redirect(before.result_link or context["back"])
    except Stale as stale:
        conflicts = [(label, stale.theirs[label], yours) for label, yours in stale.yours.items()]
        differing = [row for row in conflicts if row[1] != row[2]]
        context["revision"] = stale.revision
        return page(request, template, form=form, sheet=sheet, conflicts=differing, status=409, **context)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return page(request, template, form=form, sheet=sheet, conflicts=(), **context)
    messages.success(request, sentence)
    return redirect(link)
