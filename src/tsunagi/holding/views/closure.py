"""休み前の点検: settled by a contact or by 「備えあり」, one key each or many at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.queries import main_office_id
from tsunagi.holding import actions, forms
from tsunagi.holding.queries import RowMaker, closure_ahead, unsettled_in, unsettled_of
from tsunagi.people.queries import not_overseen
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import sheet

from ._flow import put


@writes
def before_closure(request: HttpRequest) -> HttpResponse:
    """What I must settle before the closed days; for a manager, what is left in their offices."""
    require(request.worker, Purpose.HOLD)
    maker = RowMaker(request.now)
    led = offices_for(request.worker, Purpose.HAND_OVER)
    whole_office = request.GET.get("of") == "office"
    if whole_office and not led:
        raise Http404
    rows = (
        unsettled_in(led, maker, today_only=False, hidden=not_overseen(request.worker))
        if whole_office
        else unsettled_of(request.worker, maker, today_only=False)
    )
    office_id = main_office_id(request.worker)
    closure = closure_ahead(office_id, request.worker.pk, maker) if office_id else None
    draft = sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="holding.before_closure",
        title="休み前の点検", link=request.get_full_path(),
    )  # fmt: skip
    form = draft.fill(
        forms.ReadyForm(
            bound(request),
            rows=[(one.row.concern_id, one.row.party_label or one.row.kind_label) for one in rows],
            initial={"draft": draft.id},
        )
    )
    return _settled(request, form, rows) or page(
        request, "holding/before_closure.html", here="today", form=form, rows=_with_fields(rows, form), closure=closure, sheet=draft,
        whole_office=whole_office, leads=bool(led), is_eve=closure is not None and closure.eve == maker.on,
    )  # fmt: skip


def _with_fields(rows: Any, form: Any) -> list[Any]:
    ticked = {str(value) for value in (form["rows"].value() or [])}
    return [(one, form[f"words-{one.row.concern_id}"], str(one.row.concern_id) in ticked) for one in rows]


def _settled(request: HttpRequest, form: Any, rows: Any) -> HttpResponse | None:
    """Store what was settled, or put the refusal on the form."""
    if not form.is_bound:
        return None
    claim(request.worker, form.data.get("draft"))
    if not form.is_valid():
        return None
    first = {one.row.concern_id: one.closed_from for one in rows}
    try:
        said = form.settled()
        if not said:
            raise Refused("備えのある方を、ひとり以上選んでください。", field="rows")
        consume(request.worker, form.cleaned_data["draft"], request.get_full_path(), request.now)
        count = actions.make_ready_for_many(
            {pk: (words, first[pk]) for pk, words in said.items()}, by=request.worker, at=request.now
        )
    except AlreadyDone as done:
        return redirect(done.result_link or request.get_full_path())
    except Refused as refusal:
        put(form, refusal)
        return None
    messages.success(request, f"{count}件の備えを記録しました。")
    return redirect(request.get_full_path())
