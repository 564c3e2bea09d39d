"""The page of thirty seconds: a consultation is taken with whatever there is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.accounts.queries import offices
from tsunagi.intake import actions
from tsunagi.intake.access import desks_for, offered
from tsunagi.intake.forms import CaptureForm
from tsunagi.intake.queries import found_for
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import asks, writes
from tsunagi.ui.pages import bound, fragment, page
from tsunagi.workbench.actions import attach
from tsunagi.workbench.queries import files_field

from ._flow import done, home, opened_sheet, taken_in


@writes
def new(request: HttpRequest) -> HttpResponse:
    """Take a consultation. Nothing is required; 「さがす」 only looks and shows the page again."""
    desks, sheet = (
        desks_for(request.worker),
        opened_sheet("consultation", "相談の受付", reverse("intake:new"), request=request),
    )
    initial = {"came_day": request.today, "came_clock": f"{request.now:%H:%M}", "office": desks[0][0]}
    asked: Any = {"desks": desks, "whose": lambda mark: offered(request.worker, mark)}
    form = CaptureForm(None if "search" in request.POST else bound(request), initial=initial, **asked)
    asks_consent = reach_of(request.worker, Purpose.CONSENT) > Reach.NONE
    mine = [pk for pk, _ in desks]
    form.offer_consent(
        on=request.today, offices=[(row.pk, row.label) for row in offices() if row.pk not in mine]
    )
    sheet.fill(form)
    if "search" in request.POST:
        form.refill(request.POST)
        taken_in(request)
    answer = done(
        form, lambda: _take(request, form, asks_consent), request=request, back=reverse("intake:index")
    )
    if answer is not None:
        return answer
    typed = {name: str(form[name].value() or "") for name in form.fields if name.startswith("about")}
    found = found_for(request.worker, typed, on=request.today)
    files = files_field(request.worker, sheet.id)
    return page(
        request, "intake/new.html", form=form, sheet=sheet, found=found, chosen=typed["about"], files=files,
        asks_consent=asks_consent,
    )  # fmt: skip


def _take(request: HttpRequest, form: CaptureForm, asks_consent: bool) -> tuple[str, str]:
    taken = actions.take_consultation(
        by=request.worker, at=request.now, office_id=form.cleaned_data["office"] or form.first_desk,
        came_at=form.came_at(request.now), about=form.about_wish(), informant=form.informant(), **form.written(),
        sheet_number=form.cleaned_data["sheet_number"], consent=form.consent_wish() if asks_consent else None,
    )  # fmt: skip
    attach(request.worker, form.cleaned_data.get("draft"), "consultation", taken.pk, at=request.now)
    return home(taken.pk), f"受け付けました。受付番号は {taken.number} です。"


@asks
def lookup(request: HttpRequest) -> HttpResponse:
    """Who may be meant by what is being typed; the answer goes under the fields."""
    desks_for(request.worker)
    found = found_for(request.worker, request.POST.dict(), on=request.today)
    return fragment(request, "intake/_found.html", found=found)
