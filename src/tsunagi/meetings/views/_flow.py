"""How a page of meetings runs: a form that keeps itself, one deed, one answer; two people who write see both texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.meetings.rules import NoConsent
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.ui.pages import page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet

Act = Callable[[], tuple[str, str]]


def opened(request: HttpRequest, kind: str, title: str, subject: object) -> Sheet:
    """The draft of the form on this page."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(
        request.worker,
        number,
        kind=f"meetings.{kind}",
        title=title,
        link=request.get_full_path(),
        subject=str(subject),
    )


def run(
    request: HttpRequest,
    form: Any,
    act: Act,
    *,
    draft: Sheet,
    title: str,
    back: str,
    key: str = "保存する",
    template: str = "meetings/form.html",
    rows: Sequence[Any] = (),
    **context: Any,
) -> HttpResponse:
    """Do a form's deed once, or show the form again with what was typed. `act` returns (where to go, what to say)."""
    shown: dict[str, Any] = {
        "form": form, "sheet": draft, "title": title, "back": back, "key": key, "rows": rows, "differences": (),
        "no_consent": False, "lead": "", "inline": False, "way_out": None,
        "end_url": "", "end_words": "", "body_name": "", "stored_revision": 0,
    } | context  # fmt: skip
    if any(name.startswith("more-") for name in request.POST):
        return page(request, template, status=200, **shown)
    if not (form.is_bound and form.is_valid() and all(row.is_valid() for row in rows)):
        wrong = form.is_bound and any(row.errors for row in rows)
        return page(request, template, status=422 if wrong else None, **shown)
    number = form.cleaned_data.get("draft")
    try:
        claim(request.worker, number)
        link, sentence = act()
        consume(request.worker, number, link, request.now)
    except AlreadyDone as before:
        return redirect(before.result_link or back)
    except Stale as stale:
        form.add_error(None, str(stale))
        return page(request, template, status=409, **(shown | {"differences": _differing(stale)}))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return page(request, template, status=422, **(shown | {"no_consent": isinstance(refusal, NoConsent)}))
    messages.success(request, sentence)
    return redirect(link)


def _differing(stale: Stale) -> tuple[tuple[str, str, str], ...]:
    return tuple(row for row in stale.differences if row[1] != row[2]) or (("", "", ""),)
