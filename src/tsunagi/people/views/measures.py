"""支援措置の連絡を入れる: the one office that the setting names enters what 市民課 lets us know."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.people import actions, forms
from tsunagi.people.access import measure_office_for
from tsunagi.people.queries import days_to_enter, measure_rows
from tsunagi.shared.edges import writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound

from ._flow import opened_sheet, run


@writes
def measures(request: HttpRequest) -> HttpResponse:
    """Enter one; below, what was entered, by number. Known or not, the answer is the same."""
    office_id = measure_office_for(request.worker)
    if "withdraw" in request.POST:
        return _withdraw(request, office_id)
    sheet = opened_sheet("measure", "支援措置の連絡", reverse("people:measures"), request=request)
    form = forms.MeasureForm(bound(request), initial={"came_on": request.today})
    sheet.fill(form)

    def act() -> tuple[str, str]:
        wish = actions.MeasureWish(**form.wish(request.today))
        notice = actions.enter_measure(wish, office_id=office_id, by=request.worker, at=request.now)
        return (
            reverse("people:measures"),
            f"{notice.pk}番として受け取りました。記録があってもなくても、この画面に出ることは同じです。",
        )

    return run(
        form, act, request=request, template="people/measures.html", sheet=sheet, title="支援措置の連絡を入れる",
        rows=measure_rows(office_id), days=days_to_enter(), back=reverse("people:index"),
    )  # fmt: skip


def _withdraw(request: HttpRequest, office_id: int) -> HttpResponse:
    number = request.POST["withdraw"]
    try:
        if number.isdigit():
            actions.withdraw_measure(int(number), office_id=office_id, by=request.worker, at=request.now)
            messages.success(
                request,
                f"{number}番を取り下げました。もう保護されている方の保護は、ふたりで終えるまで続きます。",
            )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people:measures")
