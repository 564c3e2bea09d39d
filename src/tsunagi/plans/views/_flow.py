"""How a page of a plan runs: a form that keeps itself, one deed, one answer; two people who write see both texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.cases.access import may_open_case
from tsunagi.holding.queries import party_label
from tsunagi.holding.queries.consents import StateRow, consent_states_for
from tsunagi.people.queries import members_of
from tsunagi.plans.actions import StalePlan
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet

Act = Callable[[], tuple[str, str]]


def index_of(case_id: int) -> str:
    """The plans of a file."""
    return reverse("plans:index", args=[case_id])


def home(plan_id: int) -> str:
    """The page of a plan."""
    return reverse("plans:detail", args=[plan_id])


def opened(request: HttpRequest, kind: str, title: str, subject: int) -> Sheet:
    """The draft of the form on this page."""
    number = request.POST.get("draft") or request.GET.get("draft")
    return sheet(
        request.worker, number, kind=f"plans.{kind}", title=title, link=request.path, subject=str(subject)
    )


def asks_more(request: HttpRequest) -> bool:
    """Whether only 「行を足す」 was pressed: the page comes back with two more rows, and nothing is done."""
    return any(name.startswith("more-") for name in request.POST)


def typed(request: HttpRequest, draft: Sheet) -> QueryDict | None:
    """What stands in the rows of a table: what was sent, else what the draft kept."""
    if request.method == "POST":
        return request.POST
    return draft.data if draft.saved_at is not None else None


def tabs(request: HttpRequest, case: Any) -> dict[str, Any]:
    """What every page of a file needs for its head."""
    return {
        "case": case,
        "opens_file": may_open_case(request.worker, case.pk),
        "whose": party_label(case.party),
    }


def consents_in(request: HttpRequest, case: Any) -> list[StateRow]:
    """How it stands with the consent of the persons of a file: the person it is about, or the household's members."""
    party = case.party
    ids = [party.pk] if party.kind == "person" else members_of(party.pk) if party.kind == "household" else []
    return consent_states_for(request.worker, ids, on=request.today)  # type: ignore[attr-defined]


def run(
    request: HttpRequest,
    form: Any,
    act: Act,
    *,
    template: str,
    draft: Sheet,
    back: str,
    rows: Sequence[Any] = (),
    **context: Any,
) -> HttpResponse:
    """Do a form's deed once, or show the form again with what was typed. `act` returns (where to go, what to say)."""
    shown = {"form": form, "sheet": draft, "back": back, "rows": rows, "conflicts": (), "stale": ""} | context
    if asks_more(request):
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
    except StalePlan as stale:
        shown |= {"conflicts": stale.rows, "stale": str(stale), "stale_revision": stale.revision}
        return page(request, template, status=409, **shown)
    except Refused as refusal:
        _place(form, rows, refusal)
        return page(request, template, status=422, **shown)
    messages.success(request, sentence)
    return redirect(link)


def _place(form: Any, rows: Sequence[Any], refusal: Refused) -> None:
    """Put a refusal beside the field it is about, in the form or in one of its rows."""
    field = refusal.field or ""
    for row in rows:
        name = field.removeprefix(f"{row.prefix}-")
        if name != field and name in row.fields:
            row.add_error(name, str(refusal))
            form.add_error(None, str(refusal))
            return
    form.add_error(field if field in form.fields else None, str(refusal))


def step(
    request: HttpRequest,
    act: Act,
    *,
    title: str,
    lead: str,
    key: str,
    back: str,
    lines: Sequence[Any] = (),
    **context: Any,
) -> HttpResponse:
    """A page that says what will happen and does it on one key."""
    from tsunagi.plans.forms import Form

    draft = opened(request, "step", title, 0)
    form = Form(bound(request), initial={"draft": draft.id})
    return run(
        request, form, act, template="plans/step.html", draft=draft, back=back, title=title, lead=lead, key=key,
        lines=lines, **context,
    )  # fmt: skip
