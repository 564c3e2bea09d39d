"""What a view answers with: a whole page, a piece of one, and the input of a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from tsunagi.shared.refusal import Refused, Stale


def bound(request: HttpRequest) -> QueryDict | None:
    """The posted fields on POST, else None: `forms.Closing(bound(request))` is bound only when sent."""
    return request.POST if request.method == "POST" else None


def number_in_address(request: HttpRequest, name: str) -> int | None:
    """A number the address carries along (the file whose tabs led here). It says where to go back to and opens nothing."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isdecimal() else None


def page(request: HttpRequest, template: str, *, status: int | None = None, **context: Any) -> HttpResponse:
    """Render a whole page now, inside the view's transaction.

    The status is 422 when `form` or `formset` in the context is bound and has errors, so that htmx swaps the
    form in and nobody mistakes it for done; otherwise 200. `status=` overrides.
    """
    return render(request, template, context, status=status or _status(context))


def answer(
    request: HttpRequest, form: Any, deed: Callable[[], tuple[str, str]], template: str, **context: Any
) -> HttpResponse:
    """Do the deed of a valid form (it returns the sentence to show and where to go on), or show the form again.

    A refusal stands at its field; a record that somebody else changed meanwhile is answered 409 with both texts.
    For forms without a draft of their own.
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
    status = 409 if differences else None
    return page(request, template, form=form, differences=differences, status=status, **context)


def download(name: str, content: bytes, content_type: str, *, inline: bool = False) -> HttpResponse:
    """A file to take away. Nothing in it may run in our pages: sandboxed, never sniffed, never kept in a cache."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "no-store"
    return answer


def fragment(
    request: HttpRequest, template: str, *, status: int | None = None, **context: Any
) -> HttpResponse:
    """Render a piece for htmx: `"cases/list.html#rows"` (a partial) or `"cases/_row.html"`. Status as `page`."""
    return render(request, template, context, status=status or _status(context))


def _status(context: dict[str, Any]) -> int:
    for name in ("form", "formset"):
        form = context.get(name)
        if isinstance(form, BaseForm | BaseFormSet) and form.is_bound and not form.is_valid():
            return 422
    return 200
