"""The one button for a number that does not open, the page of a word; who can see a person and why; the ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import offices
from tsunagi.people.queries import name_of
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.sharing import actions, forms
from tsunagi.sharing.access import (
    explanation_writer,
    explanations_for,
    flow_for,
    ledger_for,
    ledger_office_for,
    may_write_explanation,
    party_to_explain,
    person_to_explain,
    told_for,
)
from tsunagi.sharing.queries import (
    disclosure_draft,
    explanations,
    flows,
    grounds,
    ledger,
    looks_at,
    told_page,
    who_and_why,
)
from tsunagi.sharing.rules import COLUMNS, SAME_ANSWER
from tsunagi.ui.pages import bound, download, page
from tsunagi.workbench.actions import XLSX, AlreadyDone, claim, consume, table_to_take_away
from tsunagi.workbench.queries import sheet


@writes
def knock(request: HttpRequest) -> HttpResponse:
    """「担当がいれば声をかけます」: the same answer, in the same time, whether anybody is there or not."""
    require(request.worker, Purpose.MESSAGE)
    if request.method == "POST":
        actions.knock(request.worker, request.POST.get("page", ""), at=request.now)
        messages.success(request, SAME_ANSWER)
        return redirect("/")
    return page(request, "sharing/knock.html")


@reads
def told(request: HttpRequest, told_id: int) -> HttpResponse:
    """What was asked about one of our persons: when, at which desk, by whom. Never what was said there."""
    found = told_for(request.worker, told_id)
    return page(request, "sharing/told.html", told=told_page(found))


@reads
def who(request: HttpRequest, party_id: int) -> HttpResponse:
    """Who can see this person or household, on what ground, since when, and who looked. For workers."""
    party = party_to_explain(request.worker, party_id, on=request.today)
    return page(
        request, "sharing/who.html", here="people", person=name_of(party), person_id=party.pk,
        is_person=party.kind == "person",
        rows=who_and_why(request.worker, party), looks=looks_at(party, at=request.now),
    )  # fmt: skip


@reads
def who_draft(request: HttpRequest, person_id: int) -> HttpResponse:
    """The draft of the same for the 開示 desk, which decides. Nothing goes to anybody by itself."""
    party = person_to_explain(request.worker, person_id, on=request.today)
    return page(
        request, "sharing/who_draft.html", here="people", person=name_of(party), person_id=party.pk,
        rows=disclosure_draft(party), on=request.today,
    )  # fmt: skip


def _asked(request: HttpRequest) -> tuple[forms.LedgerFilter, dict[str, Any]]:
    form = forms.LedgerFilter(
        request.GET or None,
        grounds=[(card.code, card.label) for card in grounds()],
        offices=[(row.pk, row.label) for row in offices()],
    )
    if not form.is_bound or not form.is_valid():
        return form, {}
    return form, {name: value for name, value in form.cleaned_data.items() if value}


@reads
def ledger_page(request: HttpRequest) -> HttpResponse:
    """情報提供・目的外利用台帳: without names where the role sees none."""
    ledger_for(request.worker)
    form, asked = _asked(request)
    before = request.GET.get("before", "")
    found = ledger(request.worker, **asked, before=int(before) if before.isdigit() else None)
    query = request.GET.copy()
    query["before"] = str(found.next_before or "")
    return page(
        request, "sharing/ledger.html", here="ledger", form=form, found=found, more=query.urlencode() if found.next_before else "",
        asked=request.GET.urlencode(),
    )  # fmt: skip


@reads
def ledger_file(request: HttpRequest) -> HttpResponse:
    """The ledger as Excel, in the city's own columns, without names."""
    ledger_for(request.worker)
    form, asked = _asked(request)
    rows = [
        [
            row.number, row.on.isoformat(), row.giver, row.receiver, row.items, row.reason, f"{row.ground} {row.article}",
            " 〜 ".join(day.isoformat() if day else "" for day in (row.from_on, row.until_on)), row.decision,
        ]
        for row in reversed(ledger(request.worker, **asked, limit=None).rows)
    ]  # fmt: skip
    made = table_to_take_away(
        COLUMNS, rows, kind="ledger", title="情報提供・目的外利用台帳",
        filter_words=form.in_words(asked),
        widths=(12, 12, 20, 20, 34, 34, 26, 26, 20), by=request.worker, at=request.now,
    )  # fmt: skip
    return download(f"情報提供・目的外利用台帳-{request.now:%Y%m%d}.xlsx", made, XLSX)


@reads
def explanations_page(request: HttpRequest) -> HttpResponse:
    """The versions of the 説明文書: what is said now, what was said before, what is said from a day to come."""
    explanations_for(request.worker)
    rows = explanations()
    now = next((row for row in rows if row.from_on <= request.today), None)
    return page(
        request, "sharing/explanations.html", here="ledger", rows=rows, now=now, today=request.today,
        may_write=may_write_explanation(request.worker),
    )  # fmt: skip


@writes
def explanation_new(request: HttpRequest) -> HttpResponse:
    """The next version, from a day; first looked at as the person will read it. Old consents keep the version they had."""
    explanation_writer(request.worker)
    back = reverse("sharing:explanations")
    newest = next(iter(explanations()), None)
    draft = sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="sharing.explanation",
        title="説明文書の次の版", link=request.path,
    )  # fmt: skip
    start = {"draft": draft.id, "revision": newest.number if newest else 0, "from_on": request.today}
    start |= {name: getattr(newest, name) for name in ("title", "words", "plain_words")} if newest else {}
    form = forms.ExplanationForm(bound(request), initial=start)
    draft.fill(form)
    shown: dict[str, Any] = {"form": form, "sheet": draft, "back": back, "newest": newest, "here": "ledger"}
    if not (form.is_bound and form.is_valid()):
        return page(request, "sharing/explanation_new.html", **shown)
    typed = {name: form.cleaned_data[name] for name in ("title", "words", "plain_words", "from_on")}
    if "preview" in request.POST:
        return page(request, "sharing/explanation_new.html", status=200, preview=typed, **shown)
    try:
        claim(request.worker, form.cleaned_data["draft"])
        row = actions.write_explanation(
            **typed, after=form.cleaned_data["revision"], by=request.worker, at=request.now
        )
        consume(request.worker, form.cleaned_data["draft"], back, request.now)
    except AlreadyDone as before:
        return redirect(before.result_link or back)
    except Stale:
        return page(request, "sharing/explanation_new.html", status=409, stale=True, **shown)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return page(request, "sharing/explanation_new.html", **shown)
    messages.success(request, f"第{row.number}版を載せました。前の同意は、そのときの版のまま残ります。")
    return redirect(back)


@writes
def flows_page(request: HttpRequest) -> HttpResponse:
    """Usual flows: decided once, and taken back. Managers of the giving office, and 情報公開担当."""
    mine = ledger_office_for(request.worker)
    form = forms.FlowForm(
        bound(request),
        offices=[(row.pk, row.label) for row in offices()],
        grounds=[(card.code, card.label) for card in grounds()],
    )
    ends = request.POST.get("end", "")
    if ends.isdigit():
        actions.end_flow(flow_for(request.worker, int(ends)), by=request.worker, at=request.now)
        messages.success(request, "取りやめました。これからは、そのつど根拠を確かめます。")
        return redirect("sharing:flows")
    if form.is_bound and form.is_valid():
        typed = {name: value for name, value in form.cleaned_data.items() if name != "draft"}
        giver, receiver = typed.pop("giver"), typed.pop("receiver")
        try:
            if mine is not None and giver not in mine:
                raise Refused("渡す機関には、ご自分の機関を選んでください。", field="giver")
            actions.decide_flow(
                giver_id=giver, receiver_id=receiver, **typed, by=request.worker, at=request.now
            )
            messages.success(request, "登録しました。この範囲では、もう確かめる手間は要りません。")
            return redirect("sharing:flows")
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(request, "sharing/flows.html", here="ledger", form=form, rows=flows(on=request.today))
