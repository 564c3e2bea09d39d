"""One deed and its answer, for the forms of this module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.rules import Stale
from tsunagi.shared.edges import Request
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page


def answer(
    request: Request, form: Any, deed: Callable[[], tuple[str, str]], template: str, **context: Any
) -> HttpResponse:
    """Do the deed of a valid form (it returns the sentence to show and where to go on), or show the form again.

    A refusal stands at its field; a record that somebody else changed meanwhile is answered 409 with both texts.
    """
    differences: tuple[tuple[str, str, str], ...] = ()
    if form.is_bound and form.is_valid():
        try:
            sentence, link = deed()
            messages.success(request, sentence)
            return redirect(link)
        except Stale as stale:
            differences = stale.differences
            form.add_error(None, str(stale))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(
        request, template, form=form, differences=differences, status=409 if differences else None, **context
    )
