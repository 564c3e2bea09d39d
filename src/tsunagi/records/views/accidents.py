"""事故: reported by anybody, filled, stopped, told, looked back at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.records import access, forms
from tsunagi.records.actions import accidents as deeds
from tsunagi.records.queries import accidents
from tsunagi.shared.edges import Request, leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page

from ._flow import opened, run

WRITTEN = (
    "words", "items", "persons", "sensitive", "money", "wilful", "from_on", "until_on", "who_saw", "cause", "spread", "told_on", "told_words",
    "public_words", "measures", "quick_on", "full_on", "revision",
)  # fmt: skip


def _home(incident_id: int) -> str:
    return reverse("records:incident", args=[incident_id])


@reads
def incidents(request: Request) -> HttpResponse:
    """Incidents in reach."""
    access.require_report(request.worker)
    closed = request.GET.get("which") == "closed"
    return page(
        request,
        "records/incidents.html",
        here="manage",
        rows=accidents.incident_rows(request.worker, is_open=not closed),
        closed=closed,
    )


@writes
def report(request: Request) -> HttpResponse:
    """Report an accident: one line is enough."""
    access.require_report(request.worker)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        party = typed.pop("party")
        made = deeds.report(
            str(typed.pop("kind")),
            words=str(typed.pop("words")),
            by=request.worker,
            at=request.now,
            party_ids=[int(str(party))] if party else (),
            **typed,
        )
        return (
            "届け出ました。知らせてくれてありがとうございます。まず「いま止めること」を見てください。",
            _home(made.pk),
        )

    return run(
        request, forms.ReportForm(bound(request)), act, back=reverse("records:index"), draft=opened(request, "report", "事故を届け出る"),
        title="事故を届け出る", label="事故・苦情", lead="気づいたことを、そのまま書いてください。責める欄ではありません。早く分かるほど、守れる方が増えます。", inline="kind",
    )  # fmt: skip


@reads
def incident(request: Request, incident_id: int) -> HttpResponse:
    """One incident."""
    found = access.incident_for(request.worker, incident_id)
    return page(
        request,
        "records/incident.html",
        here="manage",
        incident=accidents.incident_page(found, request.worker, request.now),
    )


@writes
def write(request: Request, incident_id: int) -> HttpResponse:
    """Write what 個情委 asks."""
    found = access.incident_for(request.worker, incident_id)
    form = forms.IncidentForm(bound(request), initial={name: getattr(found, name) for name in WRITTEN})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.write(
            found, revision=form.cleaned_data["revision"] or 0, by=request.worker, at=request.now, **typed
        )
        return "書きました。", _home(found.pk)

    return run(
        request,
        form,
        act,
        back=_home(found.pk),
        draft=opened(request, "incident", "事故のことを書く", str(found.pk)),
        title="事故のことを書く",
        label="事故",
    )


@writes
def add_party(request: Request, incident_id: int) -> HttpResponse:
    """One more whose data it was."""
    found = access.led_incident_for(request.worker, incident_id)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.add_party(found, int(str(typed["party"] or 0)), by=request.worker, at=request.now)
        return "加えました。だれが見たかを、記録から並べます。", _home(found.pk)

    return run(
        request,
        forms.PartyForm(bound(request)),
        act,
        back=_home(found.pk),
        title="だれの情報かを加える",
        label="事故",
    )


@writes
def stop(request: Request, incident_id: int) -> HttpResponse:
    """Tick one thing of 「いま止めること」."""
    found = access.incident_for(request.worker, incident_id)
    if request.method == "POST":
        deeds.stop(
            found,
            request.POST.get("code", ""),
            applies="applies" in request.POST,
            by=request.worker,
            at=request.now,
        )
        messages.success(request, "付けました。")
        return redirect(_home(found.pk))
    return page(
        request,
        "records/stops.html",
        here="manage",
        incident=accidents.incident_page(found, request.worker, request.now),
    )


@reads
def letter(request: Request, incident_id: int) -> HttpResponse:
    """The draft of the letter to the person."""
    found = access.led_incident_for(request.worker, incident_id)
    leave_trail("incident.letter", subject_kind="incident", subject_id=found.pk, purpose="incident")
    return download(f"oshirase-{found.pk}.pdf", accidents.letter_pdf(found, request.now), "application/pdf")


@writes
def finish(request: Request, incident_id: int) -> HttpResponse:
    """Everything was done."""
    found = access.led_incident_for(request.worker, incident_id)
    if request.method == "POST":
        try:
            deeds.finish(found, by=request.worker, at=request.now)
            messages.success(request, "まとめました。別の人が、日を置いてふりかえります。")
            return redirect(_home(found.pk))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return page(
        request,
        "records/finish.html",
        here="manage",
        back=_home(found.pk),
        incident=accidents.incident_page(found, request.worker, request.now),
    )


@writes
def look_back(request: Request, incident_id: int) -> HttpResponse:
    """A second person looks back."""
    found = access.led_incident_for(request.worker, incident_id)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.look_back(found, str(typed["words"]), by=request.worker, at=request.now)
        return "ふりかえりを書きました。この事故は終わりました。", _home(found.pk)

    return run(
        request, forms.LookBackForm(bound(request)), act, back=_home(found.pk), draft=opened(request, "look_back", "事故のふりかえり", str(found.pk)),
        title="ふりかえりを書く", label="事故",
    )  # fmt: skip
