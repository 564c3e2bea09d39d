"""Sending a つなぐシート, the lists, one referral."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import office_by_id
from tsunagi.holding.access import held_concern_for
from tsunagi.holding.actions import ConsentBeside
from tsunagi.holding.queries import holds_of_parties, parties_together, party_label
from tsunagi.holding.queries.consents import StateRow, consent_states_for
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.referrals import actions, forms
from tsunagi.referrals.access import referral_for
from tsunagi.referrals.queries import (
    cards,
    destinations,
    filtered,
    inbox,
    outbox,
    page_of,
    persons_in,
    referral_page,
)
from tsunagi.referrals.rules import PersonTold
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.fields import ADD
from tsunagi.sharing.queries import grounds
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import attach
from tsunagi.workbench.queries import default_link, files_card
from tsunagi.workbench.rules import ListPlace

from ._flow import home, new_draft, opened_draft, run


@reads
def index(request: HttpRequest) -> HttpResponse:
    """Received and sent, with what waits for an answer first."""
    require(request.worker, Purpose.REFER)
    if not request.GET and (first := default_link(request.worker, ListPlace.REFERRALS)):
        return redirect(first)
    box, show = request.GET.get("box", "in"), request.GET.get("show", "open")
    rows = filtered(outbox(request.worker) if box == "out" else inbox(request.worker), show, on=request.today)
    show = show if show in dict(SHOWS) else "open"
    shown, after = page_of(rows, request.GET.get("after", ""), PAGE)
    return page(
        request, "referrals/index.html", box=box, show=show, chosen={"box": box, "show": show}, shows=SHOWS, total=rows.count(),
        next_url=f"?box={box}&show={show}&after={after}" if after else "", rows=cards(shown, on=request.today),
    )  # fmt: skip


PAGE = 50
SHOWS = (
    ("open", "返事待ち"),
    ("late", "返事の期限切れ"),
    ("unmet", "まだ会えていない"),
    ("answered", "返事ずみ"),
    ("all", "すべて"),
)


@reads
def detail(request: HttpRequest, referral_id: int) -> HttpResponse:
    """The sheet, every timestamp, the thread, and what may be done from this side."""
    referral = referral_for(request.worker, referral_id)
    sheet = referral_page(request.worker, referral, on=request.today)
    tells = sheet.is_receiver if sheet.card.to_signs_in else sheet.is_sender
    return page(
        request, "referrals/detail.html", sheet=sheet, seen_form=forms.Form(),
        words_form=forms.WordsForm(initial={"draft": new_draft()}),
        files=files_card("referral", referral_id, may_add=sheet.is_sender),
        answer_files=files_card("answer", referral_id, may_add=tells),
    )  # fmt: skip


@writes
def new(request: HttpRequest) -> HttpResponse:
    """A つなぐシート for the concerns of a household that my office holds."""
    asked = request.GET.get("concern") or next(iter(request.POST.getlist("concerns")), "0")
    concern, hold = held_concern_for(request.worker, int(asked) if asked.isdigit() else 0)
    held = [
        row
        for row in holds_of_parties(parties_together(concern.party_id))
        if row.office_id == hold.office_id and row.kind != "handing_over"
    ]
    rows = [
        (row.concern_id, f"{party_label(row.concern.party)}: {row.concern.description[:50]}") for row in held
    ]
    link = f"{request.path}?concern={concern.pk}"
    draft = opened_draft(request, "referrals.sheet", "つなぐシート", link, str(concern.pk))
    consents = consent_states_for(
        request.worker, persons_in(row.concern.party for row in held), on=request.today
    )
    form = forms.SheetForm(
        bound(request), concerns=rows, grounds=[(card.code, card.label) for card in grounds(on=request.today)],
        offices=destinations(request.worker, giver=hold.office, consents=consents),
        initial={"draft": draft.id, "concerns": request.GET.getlist("concern") or [str(concern.pk)]},
    )  # fmt: skip
    form.offer_consent(
        on=request.today, persons=[(row.person_id, row.name) for row in consents],
        may_add=any(row.standard_id for row in consents),
    )  # fmt: skip
    draft.fill(form)
    return run(
        request, form, lambda typed: _send(request, form, consents), back=reverse("holding:concern", args=[concern.pk]),
        template="referrals/new.html", title="つなぐ", concern=concern, label=party_label(concern.party),
        draft=draft, consents=consents,
    )  # fmt: skip


def _consent(request: HttpRequest, form: forms.SheetForm, consents: list[StateRow]) -> ConsentBeside | None:
    """What was ticked beside the sheet: an answer for the office it goes to, or that office added to the standard consent."""
    typed = form.cleaned_data
    office_id, answer = typed["to_office"], typed["consent"]
    if not consents or not answer:
        return None
    whose = form.consent_person_id
    row = next((row for row in consents if row.person_id == whose), None)
    if row is None:
        raise Refused("だれの同意かを選んでください。", field="consent_person")
    if answer != ADD:
        return ConsentBeside(row.person_id, form.consent_wish(office_ids=[office_id]))
    if row.standard_id is None:
        raise Refused(
            f"{row.name}さんには、いま有効な「標準」の同意がありません。答えを選び直してください。",
            field="consent",
        )
    told = typed["person_told"] in (PersonTold.AGREED, PersonTold.TOLD)
    return ConsentBeside(row.person_id, None, row.standard_id, office_id, request.today if told else None)


def _send(request: HttpRequest, form: forms.SheetForm, consents: list[StateRow]) -> tuple[str, str]:
    typed = form.cleaned_data
    values = {
        name: value
        for name, value in typed.items()
        if name not in ("draft", "concerns", "to_office") and not name.startswith("consent")
    }
    to_office = office_by_id(typed["to_office"])
    if to_office is None:
        raise Http404
    sent = actions.send_referral(
        typed["concerns"], to_office=to_office, by=request.worker, at=request.now, checks_consent=True,
        consent=_consent(request, form, consents), **values,
    )  # fmt: skip
    attach(request.worker, typed["draft"], "referral", sent.pk, at=request.now)
    return (
        f"{to_office.label}へつなぎ {sent.number} を送りました。受けてもらうまでは、こちらが受け持ちます。",
        home(sent.pk),
    )
